"""What a failed scenario shows: the step, what was expected, what came, and everything that had happened by then."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from accountability.audit.entry import Entry
from accountability.testing.scenario import Origin, Scenario, Taken

SHOWN_LINES_MAX = 8
"""How many lines of a step are shown."""

WIDTH = 96
"""How long a line of the history may be; it is shown indented by four."""

_INDENT = " " * 5
"""Before the deadlines that an entry changed, below what was done."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Say why a scenario failed.

    Attributes:
        scenario: The scenario.
        taken: The step that failed; None where the record it left does not verify.
        expected: What should have come, a line each.
        actual: What came instead, a line each.
        history: What had been recorded by then, an entry each; more lines of it are indented.
    """

    scenario: Scenario
    taken: Taken | None
    expected: tuple[str, ...]
    actual: tuple[str, ...]
    history: tuple[str, ...]

    @property
    def origin(self) -> Origin:
        """Where it failed."""
        return self.scenario.origin if self.taken is None else self.taken.step.origin

    def lines(self) -> Iterator[str]:
        """Write it for people, without the scenario's name."""
        yield f"{self.origin.place}: {'the record' if self.taken is None else self.origin.word}"
        if self.taken is not None:
            yield from (f"    {line}" for line in _source(self.origin))
            yield from (f"  in the prelude asked for at {origin.place}" for origin in reversed(self.taken.through))
        yield from _labelled("  expected: ", self.expected)
        yield from _labelled("  actual:   ", self.actual)
        if self.history:
            yield "  so far:"
            yield from (f"    {line}" for entry in self.history for line in entry.splitlines())

    def as_json(self) -> dict[str, Any]:
        """Give it in the shape that the command line prints."""
        return {
            "file": self.origin.file,
            "line": self.origin.line,
            "step": None if self.taken is None else " ".join(self.origin.text.split()),
            "through": [] if self.taken is None else [origin.place for origin in self.taken.through],
            "expected": list(self.expected),
            "actual": list(self.actual),
            "history": list(self.history),
        }


def told(entries: Iterable[Entry], names: Mapping[str, str], zone: tzinfo | None) -> tuple[str, ...]:
    """Write a history, one text an entry, of which each deadline has a line; publications are left out.

    Args:
        entries: The entries, in the order of writing.
        names: Id -> name of cases that have one.
        zone: The zone in which times are written.
    """
    labels = dict(names)
    numbers: dict[tuple[str, str], int] = {}
    found = []
    for entry in sorted((entry for entry in entries if entry.kind != "definition"), key=_order):
        if entry.case not in labels:
            labels[entry.case] = _label(entry, labels, numbers)
        found.append(_line(entry, labels[entry.case], zone))
    return tuple(found)


def clock_time(moment: datetime, zone: tzinfo | None) -> str:
    """Write a moment for people, to the minute; to the second where that is not a whole one."""
    local = moment.astimezone(zone)
    return local.isoformat(" ", "seconds" if local.second else "minutes")


def _order(entry: Entry) -> tuple[datetime, str]:
    """Put an entry before those of the cases that it opens, which are written first, the last before the others."""
    return (entry.at, entry.case if entry.parent else "")


def _label(entry: Entry, labels: Mapping[str, str], numbers: dict[tuple[str, str], int]) -> str:
    """Name a case as a path does; one of its own by its workflow."""
    if entry.parent is None or entry.link is None:
        return ""
    parent = entry.parent["case"]
    numbers[parent, entry.link] = number = numbers.get((parent, entry.link), 0) + 1
    above = labels.get(parent, "")
    return f"{above}/{entry.link}.{number}" if above else f"{entry.link}.{number}"


def _line(entry: Entry, label: str, zone: tzinfo | None) -> str:
    where = f"[{label}] " if label else ""
    moved = f" → {entry.target}" if entry.kind == "transition" else ""
    roles = ", ".join(sorted(entry.actor.roles - {entry.actor.id}))
    who = f"{entry.actor.id} ({roles})" if roles else entry.actor.id
    first = f"{entry.seq:>3}  {clock_time(entry.at, zone)}  {where}{_what(entry)} by {who}{moved}"
    lines = [first, *(f"{_INDENT}{_change(change, zone)}" for change in entry.deadlines)]
    return "\n".join(part for line in lines for part in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    """Break a line that is too long to be read; a word is never broken."""
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=f"{_INDENT}  ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _what(entry: Entry) -> str:
    if entry.kind == "refusal":
        return f"{entry.trigger} refused ({', '.join(dict.fromkeys(reason['code'] for reason in entry.reasons))})"
    return f"{entry.trigger} signed" if entry.kind == "signature" else entry.trigger


def _change(change: Mapping[str, Any], zone: tzinfo | None) -> str:
    told = change["event"] in ("armed", "resumed", "extended", "recomputed")
    due = f", due {_due(change['due'], zone)}" if told else ""
    return f"{change['deadline']} {change['event']}{due}"


def _due(due: str, zone: tzinfo | None) -> str:
    """Write the time at which a deadline is due; a date as it is."""
    return clock_time(datetime.fromisoformat(due), zone) if "T" in due else due


def _source(origin: Origin) -> list[str]:
    """Give a step as it is written, with its dash."""
    column = origin.document.span(origin.path).column
    lines = textwrap.dedent(" " * (column - 1) + origin.text).splitlines()
    more = [f"{' ' * 4}…"] if len(lines) > SHOWN_LINES_MAX else []
    return [f"{'- ' if not index else '  '}{line}" for index, line in enumerate(lines[:SHOWN_LINES_MAX])] + more


def _labelled(label: str, lines: tuple[str, ...]) -> Iterator[str]:
    for index, line in enumerate(lines):
        yield (label if not index else " " * len(label)) + line
