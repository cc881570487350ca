"""One look through the whole record: the figures of the reports, the deadlines, and what there is of each workflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accountability.audit.entry import Entry
from accountability.definition.shipped import folder
from accountability.engine.engine import Engine
from accountability.reports.count import reports_on
from accountability.reports.figures import Report

TOLD_EACH = 500


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
        workflows: Name -> how many cases and how many entries of this workflow.
        refused: Code -> how many attempts were refused for it.
        reports: Name -> report.
        timeliness: How the deadlines were kept.
    """

    cases: int
    entries: int
    workflows: Mapping[str, tuple[int, int]]
    refused: Mapping[str, int]
    reports: Mapping[str, Report]
    timeliness: Timeliness


def count(
    engine: Engine, since: date, until: date, as_of: datetime, progress: Callable[[int], None] | None = None
) -> Counted:
    """Look through the record once, and at every case as it stands.

    Args:
        engine: Opens the record.
        since, until: The period of the reports, which are compared with the year before.
        as_of: The moment of the reports.
        progress: Told now and then how many entries were read.
    """
    laws = {workflow.workflow: workflow for workflow in engine.workflows()}
    windows = {(name, one) for name, law in laws.items() for one, rule in law.deadlines.items() if rule.window}
    record: list[Entry] = []
    happened: Counter[str] = Counter()
    for entry in engine.history(refusals=True):
        record.append(entry)
        for change in entry.deadlines:
            if (entry.workflow, change["deadline"]) not in windows:
                happened["late" if change.get("late") else change["event"]] += 1
        if progress is not None and len(record) % TOLD_EACH == 0:
            progress(len(record))
    stands: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for case in engine.cases():
        cases[case.workflow] += 1
        stands.update(one.status for one in case.deadlines if (case.workflow, one.id) not in windows)
    files = sorted((folder() / "reports").glob("*.yaml"))
    reports = reports_on(files, record, laws, since=since, until=until, compare="previous_year", as_of=as_of)
    entries = Counter(entry.workflow for entry in record)
    return Counted(
        cases=cases.total(),
        entries=len(record),
        workflows={name: (cases[name], entries[name]) for name in sorted(laws)},
        refused=Counter(code for entry in record for code in {reason["code"] for reason in entry.reasons}),
        reports={report.report: report for report in reports},
        timeliness=Timeliness(
            kept=happened["met"],
            late=happened["late"],
            overdue=stands["breached"],
            running=stands["running"] + stands["paused"],
            extended=happened["extended"],
            paused=happened["paused"],
        ),
    )
