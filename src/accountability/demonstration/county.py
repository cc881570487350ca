"""The demonstration: the county's two years, played, reported on, verified, and tampered with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from sqlalchemy import create_engine

from accountability.audit.verdict import Verdict
from accountability.clock import ManualClock
from accountability.definition.shipped import folder
from accountability.demonstration.counted import Counted, count
from accountability.demonstration.plan import plan
from accountability.demonstration.proof import fingerprint, tamper, verified_beside
from accountability.demonstration.stage import Stage
from accountability.engine.engine import Engine
from accountability.errors import InputError
from accountability.reports.page import Source, page

SEED = 2015
BEGIN = datetime.fromisoformat("2014-01-06T08:30+08:00")
PERIOD = (date(2015, 1, 1), date(2015, 12, 31))
REPORTED = datetime.fromisoformat("2016-01-04T08:00+08:00")

DATABASE, TAMPERED = DATABASES = ("county.db", "tampered.db")
PAGE = "county.html"
MADE = (*DATABASES, PAGE)
"""What the demonstration makes, and replaces."""

MARK = ".made-by-accountability-demo"
"""File beside the databases without which the demonstration removes none."""

TITLE = {"en": "Gaotai County: a demonstration", "zh": "高台县“两个责任”落实情况（示范）"}
NOTE = {
    "en": (
        "This is a demonstration. Its cases are invented, and its figures are counted from a record that was played; "
        "they are no statistics of the county. Of 2014, the duties of the organisations and the discipline work were "
        "played, and nothing else: where more was played in 2015, the growth says nothing. In both years only the "
        "duties of the units with a county letter are assessed."
    ),
    "zh": (
        "本页为示范：所列事项均属虚构，各项数字由示范程序办理形成的记录计数得出，不是该县的统计数据。"
        "2014年仅演示各党组织的责任落实和纪律审查工作，2015年演示范围较广的指标，增长率不反映实际变化；"
        "两个年度均只对与县委签订责任书的单位进行责任制考核。"
    ),
}
"""What the page is called, and what its readers should know first."""

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, of how much."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration showed.

    Attributes:
        database, tampered_database: The file with the record, and the copy that was tampered with.
        page: The figures for readers, as one HTML file.
        period: First and last day of the reports.
        counted: The figures of the six measures and of the year, how deadlines were kept, and how much there is.
        verdict: What `verify` says of the record.
        tampered: What it says of a copy in which one cell was changed.
        changed: The cell that was changed, in words.
        fingerprint: A digest of the bytes of all entries: the same each time.
        refusals: How many attempts were refused.
    """

    database: Path
    tampered_database: Path
    page: Path
    period: tuple[date, date]
    counted: Counted
    verdict: Verdict
    tampered: Verdict
    changed: str
    fingerprint: str
    refusals: int


def run(folder_of_record: Path, progress: Progress) -> Demonstration:
    """Run the county of 2014 and 2015 on an embedded database.

    Args:
        folder_of_record: Where the database is made; one of an earlier demonstration is replaced.
        progress: Told how far things are.

    Raises:
        InputError: The folder holds a database that this demonstration did not make, or cannot be written.
    """
    database = prepare(folder_of_record)
    refusals = play(database, plan, REPORTED, lambda *done: progress("the county's two years", *done))
    copy = database.with_name(TAMPERED)
    changed = tamper(database, copy)
    entries, digest = fingerprint(database)
    with verified_beside(copy) as wait, Engine(database, clock=ManualClock(REPORTED)) as engine:
        counted = count(engine, *PERIOD, REPORTED, lambda done: progress("counting", done, entries))
        progress("counting", entries, entries)
        verdict = engine.verify(lambda done: progress("verifying the record", done, entries))
        progress("verifying a copy that was tampered with", 0, entries)
        tampered = wait()
        progress("verifying a copy that was tampered with", entries, entries)
    written = database.with_name(PAGE)
    reports = counted.reports
    source = Source(database.name, list(reports), title=TITLE, note=NOTE)
    written.write_text("".join(page(list(reports.values()), source)), encoding="utf-8")
    return Demonstration(
        database=database,
        tampered_database=copy,
        page=written,
        period=PERIOD,
        counted=counted,
        verdict=verdict,
        tampered=tampered,
        changed=changed,
        fingerprint=digest,
        refusals=refusals,
    )


def play(database: Path, written: Callable[[Stage], None], ends: datetime, progress: Callable[[int, int], None]) -> int:
    """Play what was planned, from the first day until the stage is empty or the time is over.

    Args:
        database: Where the record is made.
        written: Writes the plan onto the stage.
        ends: When the play is over.
        progress: Told how many scripts have ended, of how many.

    Returns:
        How many attempts were refused.
    """
    clock = ManualClock(BEGIN)
    with Engine(database, clock=clock, entropy=Random(SEED).randbytes) as engine:
        engine.migrate()
        engine.register(folder("cn-2015"))
        stage = Stage(engine, clock, SEED, ends=ends)
        written(stage)
        office = create_engine(f"sqlite:///{database}")
        stage.run(office, progress)
        office.dispose()
        clock.set(ends)
        engine.tick()
    return stage.refusals


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
            foreign = [name for name in MADE if os.path.lexists(folder_of_record / name)]
            if foreign:
                message = f"{folder_of_record / foreign[0]} was not made by the demonstration, and is left as it is"
                raise InputError(message, cure="name another folder: accountability demo --dir DIR; or move it away")
            mark.write_text(
                "The databases and the page in this folder are made, and replaced, by `accountability demo`.\n"
            )
        for name in MADE:
            for suffix in ("", "-wal", "-shm", "-journal"):
                (folder_of_record / f"{name}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        message = f"the demonstration cannot write to {folder_of_record}: {error.strerror}"
        raise InputError(message, cure="name a folder of your own: accountability demo --dir DIR") from error
    return folder_of_record / DATABASE
