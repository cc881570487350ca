"""A report for people: its figures with their growth, titles in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from accountability.cli.page import in_language, join, say, table

NOTHING = "n/a"


def draw_reports(reports: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    """Draw reports below each other from their JSON."""
    for number, report in enumerate(reports):
        if number:
            yield Text("")
        yield from draw_report(report)


def draw_report(report: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Draw a report from its JSON."""
    period, compare = report["period"], report["compare"]
    yield join(say(_title(report["title"]) or report["report"], "bold"))
    yield say(f"{period['from']} to {period['to']}" + (f", compared with {_span(compare)}" if compare else ""), "dim")
    yield Text("")
    headers = ["", "title", "unit", "value", *(["before", "growth"] if compare else [])]
    rows = [row for name, figure in report["figures"].items() for row in _rows(name, figure, compared=bool(compare))]
    yield table(headers, rows, tight=(0, 3, 4, 5), right=(3, 4, 5))


def _span(period: Mapping[str, Any]) -> str:
    return f"{period['from']} to {period['to']}"


def _rows(name: str, figure: Mapping[str, Any], *, compared: bool) -> Iterator[list[Text]]:
    """Draw a figure, and its parts below it."""
    unit = figure["unit"] or ""
    yield _row([say(name), say(_title(figure["title"])), say(unit), say(figure["value"], "bold")], figure, compared)
    for part in figure.get("groups", ()):
        group = "(none)" if part["group"] is None else part["group"]
        title = "" if part["title"] is None else _title(part["title"])
        yield _row([say(f"  {group}", "dim"), say(f"  {title}", "dim"), say(""), say(part["value"])], part, compared)


def _row(row: list[Text], figure: Mapping[str, Any], compared: bool) -> list[Text]:
    if not compared:
        return row
    growth = figure["growth"]
    previous = NOTHING if figure["previous"] is None else figure["previous"]
    return [*row, say(previous, "dim"), say(NOTHING if growth is None else _growth(growth))]


def _growth(growth: Any) -> str:
    """Write a growth in per cent with its sign."""
    text = str(growth)
    return f"{text}%" if text.startswith("-") else f"+{text}%"


def _title(title: Any) -> str:
    """Write a title in Chinese and in English where it has both."""
    if not isinstance(title, dict):
        return in_language(title, "en")
    chosen = [title[language] for language in ("zh", "en") if language in title]
    return " ".join(chosen) if chosen else in_language(title, "en")
