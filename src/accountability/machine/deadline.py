"""A deadline as a value: how long there is time, and how a recorded entry changes that.

What an entry says of a deadline is complete: neither the law nor a calendar is needed to read it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from accountability.canonical import instant, moment

Status = Literal["running", "paused", "met", "breached", "lapsed"]

Change = Mapping[str, Any]
"""What an entry says of a deadline: `deadline`, `event`, and what it is now where that is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline of a case, as it stands.

    Attributes:
        id: Its name in the workflow.
        status: `running`; `paused`: it stands still; `breached`: over, and not met yet; `met`; `lapsed`: a window in
            which something might have been done is over.
        due: The last day, included; for hours the moment.
        until: The moment from which it is over, UTC.
        zone: IANA name of the zone in which its days begin and end.
        provisional: Whether a year on the way is not announced yet.
        late: Whether it was met after its time.
        warnings: Moments of the warnings that are still to come, UTC, ascending.
        paused_at: Since when it stands still, UTC.
        derivation: How `due` was worked out; empty once it is over.
    """

    id: str
    status: Status
    due: date | datetime
    until: datetime
    zone: str
    provisional: bool = False
    late: bool = False
    warnings: tuple[datetime, ...] = ()
    paused_at: datetime | None = None
    derivation: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether it is still to be met."""
        return self.status in ("running", "paused", "breached")

    @property
    def wake(self) -> datetime | None:
        """The moment at which time alone changes it, if there is one."""
        if self.status != "running":
            return None
        return min(self.warnings[0], self.until) if self.warnings else self.until

    def as_json(self) -> dict[str, Any]:
        """Give the deadline as it is listed with its case."""
        listed: dict[str, Any] = {
            "id": self.id,
            "due": day_or_moment(self.due),
            "status": self.status,
            "provisional": self.provisional,
            "until": instant(self.until),
            "zone": self.zone,
            "late": self.late,
        }
        if self.paused_at is not None:
            listed["paused_at"] = instant(self.paused_at)
        if self.derivation:
            listed["derivation"] = self.derivation
        return listed

    def as_stored(self) -> dict[str, Any]:
        """Give the deadline as it lies in its case's row; parts that are empty are left out."""
        stored = self.as_json()
        if self.warnings:
            stored["warnings"] = [instant(warning) for warning in self.warnings]
        return {name: value for name, value in stored.items() if value is not False}


def from_stored(stored: Mapping[str, Any]) -> Deadline:
    """Read back what `as_stored` gave.

    Raises:
        KeyError, ValueError, TypeError: It is something else.
    """
    return Deadline(
        id=stored["id"],
        status=stored["status"],
        due=read_day_or_moment(stored["due"]),
        until=moment(stored["until"]),
        zone=stored["zone"],
        provisional=stored.get("provisional", False),
        late=stored.get("late", False),
        warnings=tuple(map(moment, stored.get("warnings", ()))),
        paused_at=moment(stored["paused_at"]) if "paused_at" in stored else None,
        derivation=stored.get("derivation", {}),
    )


def changed(deadlines: tuple[Deadline, ...], changes: Iterable[Change], at: datetime) -> tuple[Deadline, ...]:
    """Apply what an entry says of a case's deadlines.

    Args:
        deadlines: The deadlines before, in the order in which they were first armed.
        changes: What the entry says, in its order.
        at: When the entry was recorded, UTC.
    """
    known = {deadline.id: deadline for deadline in deadlines}
    for change in changes:
        known[change["deadline"]] = _changed(known.get(change["deadline"]), change, at)
    return tuple(known.values())


def day_or_moment(due: date | datetime) -> str:
    """Write a last day as a date, a last moment in RFC 3339."""
    return instant(due) if isinstance(due, datetime) else due.isoformat()


def read_day_or_moment(text: str) -> date | datetime:
    """Read back what `day_or_moment` wrote.

    Raises:
        ValueError: The text is neither.
    """
    return moment(text) if "T" in text else date.fromisoformat(text)


def _changed(deadline: Deadline | None, change: Change, at: datetime) -> Deadline:
    event = change["event"]
    if "until" in change:
        # What stands still keeps doing so while it is extended.
        stays = deadline if deadline is not None and event in ("extended", "recomputed") else None
        return Deadline(
            id=change["deadline"],
            status="running" if stays is None else stays.status,
            paused_at=None if stays is None else stays.paused_at,
            due=read_day_or_moment(change["due"]),
            until=moment(change["until"]),
            zone=change["derivation"]["zone"],
            provisional=change.get("provisional", False),
            warnings=tuple(map(moment, change.get("warnings", ()))),
            derivation=change["derivation"],
        )
    if deadline is None:
        raise ValueError(f"the deadline {change['deadline']} was never armed")
    if event == "paused":
        return replace(deadline, status="paused", paused_at=at)
    if event == "warned":
        return replace(deadline, warnings=tuple(warning for warning in deadline.warnings if warning > at))
    if event == "breached":
        return replace(deadline, status="breached", warnings=())
    if event not in ("met", "lapsed"):
        raise ValueError(f"nothing becomes of a deadline by {event!r}")
    return Deadline(
        id=deadline.id,
        status="met" if event == "met" else "lapsed",
        due=deadline.due,
        until=deadline.until,
        zone=deadline.zone,
        provisional=deadline.provisional,
        late=change.get("late", False),
    )
