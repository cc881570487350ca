"""The county's plan for two years, and the demonstration that runs, reports, verifies and tampers.

What happened is written here as a plan of clues and organisations. No figure of the report is: every one of them is
counted from the entries that the plan leads to.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import create_engine

from accountability.audit.verdict import Verdict
from accountability.clock import ManualClock
from accountability.definition.shipped import folder
from accountability.demonstration.cases import Clue, clue
from accountability.demonstration.duties import Organisation, duty
from accountability.demonstration.stage import Stage
from accountability.demonstration.timeliness import Timeliness, count
from accountability.engine.engine import Engine
from accountability.errors import InputError
from accountability.reports.figures import Report

SEED = 2015
BEGIN = datetime.fromisoformat("2014-01-06T08:30+08:00")
PERIOD = (date(2015, 1, 1), date(2015, 10, 31))
REPORTED = datetime.fromisoformat("2015-11-02T09:00+08:00")

DATABASE, TAMPERED = DATABASES = ("county.db", "tampered.db")

MARK = ".made-by-accountability-demo"
"""File beside the databases without which the demonstration removes none."""

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, of how much."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration showed.

    Attributes:
        database, tampered_database: The file with the record, and the copy that was tampered with.
        period: First and last day of the reports.
        report, duties: The yearly figures, and those of the two responsibilities.
        verdict: What `verify` says of the record.
        tampered: What it says of a copy in which one cell was changed.
        changed: The cell that was changed, in words.
        cases, entries, refusals: How many there are.
        timeliness: How the deadlines were kept.
    """

    database: Path
    tampered_database: Path
    period: tuple[date, date]
    report: Report
    duties: Report
    verdict: Verdict
    tampered: Verdict
    changed: str
    cases: int
    entries: int
    refusals: int
    timeliness: Timeliness


def run(folder_of_record: Path, progress: Progress) -> Demonstration:
    """Run the county of 2014 and 2015 on an embedded database.

    Args:
        folder_of_record: Where the database is made; one of an earlier demonstration is replaced.
        progress: Told how far things are.

    Raises:
        InputError: The folder holds a database that this demonstration did not make, or cannot be written.
    """
    database = prepare(folder_of_record)
    clock = ManualClock(BEGIN)
    with Engine(database, clock=clock) as engine:
        engine.migrate()
        engine.register(folder("cn-2015"))
        stage = Stage(engine, clock, SEED, ends=REPORTED)
        plan(stage)
        office = create_engine(f"sqlite:///{database}")
        stage.run(office, lambda done, total: progress("the county's two years", done, total))
        office.dispose()
        clock.set(REPORTED)
        engine.tick()
        since, until = PERIOD
        reports = folder() / "reports"
        report = engine.report(reports / "discipline_year.yaml", since=since, until=until, compare="previous_year")
        duties = engine.report(reports / "responsibility_year.yaml", since=since, until=until, compare="previous_year")
        counted = count(engine)
        entries = counted.entries
        verdict = engine.verify(lambda done: progress("verifying the record", done, entries))
    copy, changed = tamper(database)
    with Engine(copy) as engine:
        tampered = engine.verify(lambda done: progress("verifying a copy that was tampered with", done, entries))
    return Demonstration(
        database,
        copy,
        PERIOD,
        report,
        duties,
        verdict,
        tampered,
        changed,
        counted.cases,
        entries,
        stage.refusals,
        counted.timeliness,
    )


def prepare(folder_of_record: Path) -> Path:
    """Make the folder, and remove what an earlier demonstration left there; a marker file says that it did.

    Returns:
        Where the database is to be made.

    Raises:
        InputError: The folder holds a database without the marker, which is somebody's record, or cannot be written.
    """
    mark = folder_of_record / MARK
    try:
        folder_of_record.mkdir(parents=True, exist_ok=True)
        if not mark.exists():
            foreign = [name for name in DATABASES if os.path.lexists(folder_of_record / name)]
            if foreign:
                message = f"{folder_of_record / foreign[0]} was not made by the demonstration, and is left as it is"
                raise InputError(message, cure="name another folder: accountability demo --dir DIR; or move it away")
            mark.write_text("The databases in this folder are made, and replaced, by `accountability demo`.\n")
        for name in DATABASES:
            for suffix in ("", "-wal", "-shm", "-journal"):
                (folder_of_record / f"{name}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        message = f"the demonstration cannot write to {folder_of_record}: {error.strerror}"
        raise InputError(message, cure="name a folder of your own: accountability demo --dir DIR") from error
    return folder_of_record / DATABASE


def plan(stage: Stage) -> None:
    """Write what will happen in the two years onto the stage."""
    chance = Random(SEED)
    for year, clues in ((2014, clues_of_2014()), (2015, clues_of_2015())):
        for one in clues:
            stage.add(clue(stage, one), _day(chance, year, one))
    for organisation in organisations():
        first = datetime.fromisoformat("2015-01-12T09:00+08:00")
        stage.add(duty(stage, 2015, organisation), first + timedelta(days=chance.random() * 45))


def clues_of_2014() -> Iterator[Clue]:
    """Give the clues of the year before; petitions of the public were not yet registered here."""
    sources = ("inspection", "audit", "transfer", "interview", "media")
    ends: list[Clue] = []
    for number in range(33):
        levels = (6, 6) if number < 13 else (6,)
        last = number == 32
        ends.append(Clue(number + 1, sources[number % 5], "file", levels, stalls=60 if last else 0))
    for number, end in enumerate(("drop",) * 20 + ("remind",) * 10 + ("keep",) * 4 + ("pass",) * 3):
        ends.append(Clue(number + 34, sources[number % 5], end))
    yield from ends


def clues_of_2015() -> Iterator[Clue]:
    """Give the petitions of the public and the clues from elsewhere, the village doctors among them."""
    doctors = Clue(
        1, "inspection", "file", (4,) * 6,
        leaders=("县卫生局主要领导", "县卫生局分管领导"), unit="高台县卫生局",
    )  # fmt: skip
    yield doctors
    away = ("repeat",) * 3 + ("send_up",) + ("elsewhere",) * 2 + ("reject",) * 2
    otherwise = ("talk",) * 3 + ("hold",) * 2 + ("close",)
    checked = ("drop",) * 12 + ("remind",) * 7 + ("keep",) * 4 + ("pass",) * 3
    for number, end in enumerate(away + otherwise + checked[:16]):
        yield Clue(number + 2, "petition", end)
    for number in range(32):
        yield Clue(number + 32, "petition", "file", (6, 6) if number < 11 else (6,))
    for number, end in enumerate(checked[16:]):
        yield Clue(number + 64, ("audit", "transfer")[number % 2], end)
    for number in range(21):
        source = ("audit", "transfer", "interview", "media", "dual")[number % 5]
        yield Clue(number + 74, source, "file", (6,), closes=number < 15)


def organisations() -> Iterator[Organisation]:
    """Give the party organisations: townships and departments, and the branches below them."""
    for number in range(1, 506):
        kind = "township" if number <= 9 else "department" if number <= 77 else "branch"
        lists = "never" if number % 101 == 0 else "late" if number % 50 == 0 else "in time"
        yield Organisation(
            number,
            kind,
            televised=number <= 46,
            returned=number % 25 == 0,
            hasty=number % 125 == 0,
            lists=lists,
        )


def _day(chance: Random, year: int, one: Clue) -> datetime:
    """Choose when a clue arrives: early enough in the year for what becomes of it."""
    if one.stalls:
        first, days = f"{year}-08-25", 5.0
    elif not one.closes:
        first, days = f"{year}-07-20", 20.0
    else:
        first, days = f"{year}-01-07", 120.0
    return datetime.fromisoformat(f"{first}T09:00+08:00") + timedelta(days=chance.random() * days)


def tamper(database: Path) -> tuple[Path, str]:
    """Copy the record and change one cell of the copy, as somebody who owns the database could.

    Returns:
        The copy, and what was changed.
    """
    copy = database.with_name(TAMPERED)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f"DROP TRIGGER {name}")
        row = target.execute(
            "SELECT id, case_id, seq, bytes FROM acc_entry WHERE bytes LIKE '%\"level\":6%' ORDER BY id LIMIT 1"
        ).fetchone()
        number, case, seq, stored = row
        target.execute(
            "UPDATE acc_entry SET bytes = ? WHERE id = ?", (stored.replace('"level":6', '"level":4', 1), number)
        )
        target.commit()
    return copy, f"case {case}, entry {seq}: the decided level 6 became 4"
