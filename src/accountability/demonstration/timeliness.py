"""How the county kept its deadlines, counted from what the record says of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from accountability.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How many deadlines were kept, and how many not. A window, in which something may be done, is no deadline here.

    Attributes:
        kept: Met in time.
        late: Met after their time.
        overdue: Over, and not met yet.
        running: Still running, or standing still.
        extended: How often more time was given.
        paused: How often one stood still.
    """

    kept: int
    late: int
    overdue: int
    running: int
    extended: int
    paused: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a look through the whole record gives.

    Attributes:
        cases, entries: How many there are.
        timeliness: How the deadlines were kept.
    """

    cases: int
    entries: int
    timeliness: Timeliness


def count(engine: Engine) -> Counted:
    """Look through the record once, and at every case as it stands."""
    windows = {
        (workflow.workflow, name)
        for workflow in engine.workflows()
        for name, rule in workflow.deadlines.items()
        if rule.window
    }
    happened: Counter[str] = Counter()
    entries = 0
    for entry in engine.history(refusals=True):
        entries += 1
        for change in entry.deadlines:
            if (entry.workflow, change["deadline"]) not in windows:
                happened["late" if change.get("late") else change["event"]] += 1
    stands: Counter[str] = Counter()
    cases = 0
    for case in engine.cases():
        cases += 1
        stands.update(one.status for one in case.deadlines if (case.workflow, one.id) not in windows)
    timeliness = Timeliness(
        kept=happened["met"],
        late=happened["late"],
        overdue=stands["breached"],
        running=stands["running"] + stands["paused"],
        extended=happened["extended"],
        paused=happened["paused"],
    )
    return Counted(cases, entries, timeliness)
