"""Run a real public event log through the engine, and compare the deadlines it keeps with what really happened.

The log holds what an Italian municipal police did with 150,370 traffic fines, in 561,470 acts:

    M. de Leoni and F. Mannhardt, Road Traffic Fine Management Process, 4TU.ResearchData, 2015,
    https://doi.org/10.4121/uuid:270fd440-1057-4fb9-89a9-b699b47990f5

It does not come with this program. Name a gzipped CSV of it in the environment variable `ROAD_TRAFFIC_FINES`: with the
columns `case_id, activity, timestamp, resource, extra` (the other attributes, as JSON), and the rows of a case
together, in their order.

Every act is fired on a clock that is set to its time, and many cases share one transaction. What is counted afterwards
stands in the cases: which deadlines were met, and which of them late.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from accountability import Actor, Case, Engine, ManualClock

VARIABLE = "ROAD_TRAFFIC_FINES"
WORKFLOW = Path(__file__).with_name("fines.yaml")
BEFORE_ALL = "1999-12-01T00:00+01:00"
"""When the office publishes its workflow: before the first fine."""

CASES_A_TRANSACTION = 500

OFFICE = Actor("office", roles={"office"})
TRIGGERS = {
    "Create Fine": ("create", "officer"),
    "Send Fine": ("send", "office"),
    "Insert Fine Notification": ("notify", "office"),
    "Add penalty": ("add_penalty", "office"),
    "Payment": ("pay", "office"),
    "Insert Date Appeal to Prefecture": ("appeal", "office"),
    "Send Appeal to Prefecture": ("send_appeal", "office"),
    "Receive Result Appeal from Prefecture": ("receive_result", "office"),
    "Notify Result Appeal to Offender": ("notify_result", "office"),
    "Appeal to Judge": ("appeal_to_judge", "judge"),
    "Send for Credit Collection": ("collect", "office"),
}
"""Activity of the log -> trigger of the workflow, and the role of whoever did it."""

FIELDS = {
    "amount": "amount",
    "article": "article",
    "dismissal": "dismissal",
    "expense": "expense",
    "lastSent": "last_sent",
    "matricola": "matricola",
    "notificationType": "notification_type",
    "paymentAmount": "payment",
    "points": "points",
    "totalPaymentAmount": "paid",
    "vehicleClass": "vehicle_class",
}
"""Attribute of the log -> field of the workflow."""

DECIMALS = {"amount", "expense", "paymentAmount", "totalPaymentAmount"}


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the log."""

    trigger: str
    at: datetime
    by: Actor
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """What the cases say, in cases, but for `acts`.

    Attributes:
        penalties: Fines that were increased; `punctual`, how many of them on the very day on which that fell due.
        sent: Fines that were sent; `sent_late`, how many of them after their time.
        appeals: Notified fines with an appeal to the prefecture; `appeals_late`, how many of them after the window.
    """

    cases: int = 0
    acts: int = 0
    penalties: int = 0
    punctual: int = 0
    sent: int = 0
    sent_late: int = 0
    appeals: int = 0
    appeals_late: int = 0

    def with_case(self, case: Case, acts: list[Done]) -> Counts:
        """Count one more case, as its last act left it."""
        days = first_days(acts)
        deadlines = {deadline.id: deadline for deadline in case.deadlines}
        penalty, sending, appeal = (deadlines.get(name) for name in ("penalty", "sending", "appeal"))
        return replace(
            self,
            cases=self.cases + 1,
            acts=self.acts + len(acts),
            penalties=self.penalties + ("add_penalty" in days),
            punctual=self.punctual + (penalty is not None and penalty.due == days.get("add_penalty")),
            sent=self.sent + ("send" in days),
            sent_late=self.sent_late + (sending is not None and sending.late),
            appeals=self.appeals + (appeal is not None and "appeal" in days),
            appeals_late=self.appeals_late + (appeal is not None and days.get("appeal", date.min) > appeal.due),
        )

    def __str__(self) -> str:
        return (
            f"{self.cases:,} cases, {self.acts:,} acts, none refused\n"
            f"increased on the very day it fell due: {self.punctual:,} of {self.penalties:,}\n"
            f"sent later than 90 days: {self.sent_late:,} of {self.sent:,}\n"
            f"appeals to the prefecture later than 60 days: {self.appeals_late:,} of {self.appeals:,}"
        )


def first_days(acts: list[Done]) -> dict[str, date]:
    """Say on which local day each thing was done first."""
    days: dict[str, date] = {}
    for act in acts:
        days.setdefault(act.trigger, act.at.date())
    return days


def read(path: Path) -> Iterator[list[Done]]:
    """Read the log, one case after the other, each with its acts in their order."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for _, rows in groupby(csv.DictReader(file), key=lambda row: row["case_id"]):
            yield [act_of(row) for row in rows]


def act_of(row: dict[str, str]) -> Done:
    """Read one row of the log."""
    trigger, role = TRIGGERS[row["activity"]]
    extra = json.loads(row["extra"] or "{}", parse_float=Decimal)
    data = {FIELDS[name]: Decimal(value) if name in DECIMALS else value for name, value in extra.items()}
    by = Actor(row["resource"], {role}) if row["resource"] else OFFICE
    return Done(trigger, datetime.fromisoformat(row["timestamp"]), by, data)


def play(engine: Engine, clock: ManualClock, acts: list[Done], session: Session) -> Case:
    """Do again what was done to one case; return it as its last act left it."""
    first, *others = acts
    clock.set(first.at)
    case = engine.start("fines", by=first.by, data=first.data, session=session)
    for act in others:
        clock.set(act.at)
        case = engine.fire(case.id, act.trigger, by=act.by, data=act.data, session=session)
    return case


def play_all(log: Iterator[list[Done]], url: str, told: Progress, total: int) -> Counts:
    """Run a log into an empty database, and count."""
    clock, counts = ManualClock(BEFORE_ALL), Counts()
    task = told.add_task("firing", total=total)
    host = create_engine(url)
    with Engine(url, clock=clock) as engine:
        engine.migrate()
        engine.register(WORKFLOW)
        while batch := list(islice(log, CASES_A_TRANSACTION)):
            with Session(host) as session:
                for acts in batch:
                    counts = counts.with_case(play(engine, clock, acts, session), acts)
                session.commit()
            told.update(task, completed=counts.acts)
    host.dispose()
    return counts


def verify(url: str, told: Progress, total: int) -> str:
    """Check the whole record, and say how it stands."""
    task = told.add_task("verifying", total=total)
    with Engine(url) as engine:
        verdict = engine.verify(lambda done: told.update(task, completed=done, total=max(done, total)))
    told.update(task, completed=verdict.entries, total=verdict.entries)
    return f"{verdict.entries:,} entries; verified: {verdict.ok}"


def main() -> None:
    """Run the log that the environment names."""
    parser = argparse.ArgumentParser(description="Run the log of road traffic fines through the engine.")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N cases")
    parser.add_argument("--db", metavar="URL", help="an empty database that is kept; default: a file that is not")
    arguments = parser.parse_args()
    path = os.environ.get(VARIABLE, "")
    if not Path(path).is_file():
        sys.exit(f"Set {VARIABLE} to the gzipped CSV of the log: it does not come with this program. See README.md.")
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    times = TimeElapsedColumn(), TimeRemainingColumn()
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(*columns, *times, console=Console(stderr=True)) as told,
    ):
        url = arguments.db or f"sqlite:///{Path(folder, 'fines.db')}"
        total = sum(len(acts) for acts in islice(read(Path(path)), arguments.limit))
        print(play_all(islice(read(Path(path)), arguments.limit), url, told, total))
        print(verify(url, told, total))


if __name__ == "__main__":
    main()
