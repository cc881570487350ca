"""Whether a case is what a scenario expects, and where not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from accountability.definition.fields import FieldError, accept
from accountability.definition.model import DataField, Workflow
from accountability.machine.case import Case, Deadline
from accountability.testing.failure import clock_time
from accountability.testing.scenario import STATUSES, Expect


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not as expected.

    Attributes:
        expected, actual: What should be, and what is; a line each.
    """

    expected: str
    actual: str


def mismatches(expect: Expect, case: Case, law: Workflow, zone: tzinfo | None) -> Iterator[Mismatch]:
    """Find everything about a case that is not as expected.

    Args:
        expect: What is expected.
        case: The case, withheld fields included.
        law: Its workflow.
        zone: The zone in which moments are shown.
    """
    if expect.state is not None and not f"{case.state}.".startswith(f"{expect.state}."):
        yield Mismatch(f"state: {expect.state}", f"state: {case.state}")
    if expect.closed is not None and expect.closed != case.closed:
        yield Mismatch(f"closed: {_written(expect.closed)}", f"closed: {_written(case.closed)}")
    for name, wanted in expect.data.items():
        value = None if wanted is None else _accepted(law.data.get(name), wanted, name)
        if case.data.get(name) != value:
            yield Mismatch(f"data.{name}: {_written(value)}", f"data.{name}: {_written(case.data.get(name))}")
    yield from _deadlines(expect, case.deadlines, zone)
    for link, number in expect.children.items():
        found = sum(child.link == link for child in case.children)
        if found != number:
            yield Mismatch(f"children.{link}: {number}", f"children.{link}: {found}")


def _deadlines(expect: Expect, deadlines: tuple[Deadline, ...], zone: tzinfo | None) -> Iterator[Mismatch]:
    known = {deadline.id: deadline for deadline in deadlines}
    for name, wanted in expect.due.items():
        due = _to_the_second(known[name].due) if name in known else None
        if due != wanted:
            yield Mismatch(f"due.{name}: {_due(wanted, zone)}", f"due.{name}: {_due(due, zone)}")
    statuses = {status: [one.id for one in deadlines if one.status == status] for status in STATUSES}
    statuses["late"] = [one.id for one in deadlines if one.late]
    for status, names in expect.deadlines.items():
        # Names ask for those alone: a workflow may have more deadlines than a scenario is about. None asks for none.
        if not set(names) <= set(statuses[status]) or (statuses[status] and not names):
            yield Mismatch(f"{status}: {_listed(names)}", f"{status}: {_listed(statuses[status])}")


def _to_the_second(due: date | datetime) -> date | datetime:
    """Leave out the microseconds by which acts of the same moment follow each other; nobody can write them."""
    return due.replace(microsecond=0) if isinstance(due, datetime) else due


def _accepted(field: DataField | None, value: Any, name: str) -> Any:
    """Write a value as its field keeps it; as it is where no field would."""
    try:
        return value if field is None else accept(field, value, name)
    except FieldError:
        return value


def _written(value: Any) -> str:
    return "no value" if value is None else json.dumps(value, ensure_ascii=False)


def _due(due: date | datetime | None, zone: tzinfo | None) -> str:
    if due is None:
        return "never armed"
    return clock_time(due, zone) if isinstance(due, datetime) else due.isoformat()


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(sorted(names))}]"
