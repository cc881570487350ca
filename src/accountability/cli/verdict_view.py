"""What verification and replay found, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from accountability.cli.page import heading, indented, join, say, table

MARKS = {
    "ok": ("✓", "green"),
    "violated": ("✗", "bold red"),
    "unverifiable": ("?", "yellow"),
    "erased": ("·", "magenta"),
}

SHOWN = 20
"""Problems shown under a check; JSON has them all."""


def draw_verdict(verdict: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Draw the outcome of a verification: each check with its mark, and what does not fit, named by case and entry."""
    rows = []
    for check in verdict["checks"]:
        mark, style = MARKS[check["verdict"]]
        outcome = "" if check["verdict"] == "ok" else check["verdict"]
        name = check["name"].replace("_", " ")
        rows.append((Text(mark, style), say(name), Text(f"{check['count']:,}", style="dim"), Text(outcome, style)))
    yield table(("", "", "", ""), rows, tight=(0, 1, 2), right=(2,))
    for check in verdict["checks"]:
        yield from _problems(check)
    yield Text("")
    entries = f"{verdict['entries']:,} {'entry' if verdict['entries'] == 1 else 'entries'}"
    if verdict["ok"]:
        yield join(("verified", "bold green"), f": {entries}, nothing contradicts itself")
    else:
        yield join(("not verified", "bold red"), f": the record of {entries} does not fit together")


def draw_match() -> Iterator[RenderableType]:
    """Say that nothing stored contradicts the recomputed case."""
    yield Text("")
    yield join(("matches", "bold green"), ": the law and the record alone give this case")


def _problems(check: Mapping[str, Any]) -> Iterator[RenderableType]:
    problems = check["problems"]
    if not problems:
        return
    yield heading(check["name"].replace("_", " "))
    rows = []
    for problem in problems[:SHOWN]:
        place = "" if problem["seq"] is None else f"entry {problem['seq']}"
        rows.append((say(problem["case"] or ""), say(place, "dim"), say(problem["message"])))
    yield indented(table(("", "", ""), rows, tight=(0, 1)))
    if len(problems) > SHOWN:
        yield indented(say(f"and {len(problems) - SHOWN} more: accountability verify -o json", "dim"))
