"""Deadlines for people: until when, how much is left, and how the date was worked out, as a clerk would explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from accountability.calendars.clockwork import explained
from accountability.calendars.zones import zone_of
from accountability.cli.page import heading, in_language, indented, join, say, table
from accountability.machine.deadline import read_day_or_moment

if TYPE_CHECKING:
    from accountability.definition.model import Workflow
    from accountability.machine.case import Case
    from accountability.machine.deadline import Deadline

HOURS_MAX = 48
"""Below so many hours a deadline of hours is told in hours."""

STYLES = {"running": "green", "paused": "cyan", "breached": "bold red", "met": "blue", "lapsed": "blue"}
"""Colours of the statuses; what is over and not met catches the eye."""


def draw_deadlines(case: Case, law: Workflow, now: datetime, language: str = "en") -> Iterator[RenderableType]:
    """Draw the deadlines of a case: open ones first, each with its derivation.

    Args:
        case: The case.
        law: The workflow it follows.
        now: Until when it is counted what is left.
        language: Language of titles and explanations.
    """
    if not case.deadlines:
        return
    yield heading("Deadlines")
    for deadline in sorted(case.deadlines, key=lambda one: (not one.open, one.until)):
        declared = law.deadlines.get(deadline.id)
        title = in_language(declared.title, language) if declared else ""
        row = (say(deadline.id), _due(deadline), _status(deadline, now), say(title, "dim"))
        yield indented(table(("", "", "", ""), [row], tight=(0, 1)))
        for sentence in explained(deadline.derivation, language) if deadline.derivation else ():
            yield indented(indented(say(sentence, "dim")))


def next_due(case: Case) -> Text:
    """Write the earliest due date that is still open; nothing where there is none."""
    waiting = [deadline for deadline in case.deadlines if deadline.open]
    first = min(waiting, key=lambda one: one.until, default=None)
    if first is None:
        return Text("")
    return join((_day(first), "bold red" if first.status == "breached" else ""))


def told(change: Mapping[str, Any]) -> Text:
    """Write what an entry says of a deadline, in one line."""
    until = f", until {_told_due(change)}" if "until" in change else ""
    late = ", late" if change.get("late") else ""
    provisional = ", provisional" if change.get("provisional") else ""
    return say(f"{change['deadline']} {change['event']}{until}{provisional}{late}", "yellow")


def _told_due(change: Mapping[str, Any]) -> str:
    due = read_day_or_moment(change["due"])
    return _written(due, str(change["derivation"]["zone"]))


def _written(due: date | datetime, zone: str) -> str:
    """Write a last day, or a moment to the minute with its offset in the zone."""
    if isinstance(due, datetime):
        return due.astimezone(zone_of(zone)).isoformat(" ", "minutes")
    return due.isoformat()


def _due(deadline: Deadline) -> Text:
    return say(_day(deadline) + (" (provisional)" if deadline.provisional and deadline.open else ""))


def _day(deadline: Deadline) -> str:
    return _written(deadline.due, deadline.zone)


def _status(deadline: Deadline, now: datetime) -> Text:
    status = Text(deadline.status + (", late" if deadline.late else ""), style=STYLES[deadline.status])
    if deadline.status not in ("running", "breached"):
        return status
    if now < deadline.until:
        return join(status, say(f"  {_apart(now, deadline)} left"))
    if deadline.status == "running":
        return join(status, say(f"  over for {_apart(now, deadline)}, not recorded yet: accountability tick", "red"))
    return join(status, say(f"  {_apart(now, deadline)} over", "red"))


def _apart(now: datetime, deadline: Deadline) -> str:
    """Say how far the end is away: in days of the zone, or in hours where those decide."""
    hours = int(abs(deadline.until - now).total_seconds() // 3600)
    if isinstance(deadline.due, datetime) and hours < HOURS_MAX:
        return f"{hours} hour{'s' * (hours != 1)}"
    zone = zone_of(deadline.zone)
    due = deadline.until.astimezone(zone).date() if isinstance(deadline.due, datetime) else deadline.due
    days = abs((due - now.astimezone(zone).date()).days)
    return f"{days} day{'s' * (days != 1)}"
