"""Some months of the county: played twice with the same bytes, and tampered with, cell by cell."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from accountability import Actor, Engine, Refused
from accountability.clock import ManualClock
from accountability.demonstration.county import play
from accountability.demonstration.plan_of_clues import clues
from accountability.demonstration.proof import fingerprint, verified_beside
from accountability.demonstration.stage import BEIJING, Script, Stage
from tests.demonstration.record import other, unprotected, verified

ENDS = datetime(2014, 6, 2, 8, tzinfo=BEIJING)


def clues_of_2014(stage: Stage) -> None:
    """Write what came in during the first months onto the stage."""
    for day, script in clues(stage):
        if day < ENDS.date():
            stage.add(script, day)


def played(database: Path) -> Path:
    """Play these months."""
    play(database, clues_of_2014, ENDS, lambda done, total: None)
    return database


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play the months once for the tests of this file."""
    return played(tmp_path_factory.mktemp("slice") / "record.db")


@pytest.fixture
def copied(record: Path, tmp_path: Path) -> Path:
    """Copy the record, and take away what protects its tables."""
    return unprotected(record, tmp_path / "copy.db")


def test_playing_twice_gives_the_same_bytes(record: Path, tmp_path: Path):
    """Every entry with its ids, times, salted commitments and hashes; and another record has another fingerprint."""
    again = played(tmp_path / "again.db")

    with closing(sqlite3.connect(record)) as one, closing(sqlite3.connect(again)) as two:
        rows = "SELECT case_id, seq, bytes, leaf FROM acc_entry ORDER BY id"
        entries = one.execute(rows).fetchall()
        assert len(entries) > 500
        assert entries == two.execute(rows).fetchall()
    assert fingerprint(record) == fingerprint(again)
    assert fingerprint(record)[0] == len(entries)
    with closing(sqlite3.connect(unprotected(again, tmp_path / "other.db"))) as changed:
        changed.execute("UPDATE acc_entry SET bytes = bytes || ' ' WHERE id = 1")
        changed.commit()
    assert fingerprint(tmp_path / "other.db")[1] != fingerprint(record)[1]


def test_a_record_is_verified_in_a_process_of_its_own(record: Path):
    """With the verdict that this process comes to."""
    with verified_beside(record) as wait:
        verdict = wait()
    assert verdict.ok
    assert verdict == verified(record)[0]


def test_where_no_process_can_be_had_the_record_is_verified_all_the_same(record: Path, monkeypatch: pytest.MonkeyPatch):
    """As in a sandbox that forbids it."""

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError("no processes here")

    monkeypatch.setattr("accountability.demonstration.proof.ProcessPoolExecutor", forbidden)
    with verified_beside(record) as wait:
        assert wait().ok


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "acc_entry": ("id", "case_id", "seq", "bytes", "leaf"),
    "acc_case": (
        "id", "workflow", "version", "definition", "state", "seq", "head", "closed", "data", "memory", "opened_at",
        "updated_at", "parent", "link",
    ),
    "acc_opening": ("case_id", "seq", "field", "salt", "value"),
}  # fmt: skip
OWNER = {"acc_entry": "case_id", "acc_case": "id", "acc_opening": "case_id", "acc_definition": "workflow"}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_changed_cell_names_its_case(copied: Path, table: str):
    """One cell of every column, each in a row of another case that is nobody's kin: each of these cases is named.

    A case that is nobody's kin is named for its own sake only, so many cells are tried with one verification.
    """
    chance = Random(table)
    with closing(sqlite3.connect(copied)) as database:
        parents = "SELECT parent FROM acc_case WHERE parent IS NOT NULL"
        alone = f"SELECT id FROM acc_case WHERE parent IS NULL AND id NOT IN ({parents})"
        of = OWNER[table]
        rows = database.execute(
            f"SELECT {of}, min(rowid) FROM {table} WHERE {of} IN ({alone}) GROUP BY {of}"
        ).fetchall()
        cases = set()
        for column, (case, rowid) in zip(COLUMNS[table], chance.sample(rows, len(COLUMNS[table])), strict=True):
            (value,) = database.execute(f"SELECT {column} FROM {table} WHERE rowid = {rowid}").fetchone()
            changed = database.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid = {rowid}", (other(value, chance),)
            )
            assert changed.rowcount == 1
            cases.add(case)
        database.commit()

    verdict, named = verified(copied)
    assert not verdict.ok
    assert cases <= named


def test_a_changed_cell_of_a_law_names_the_workflow(copied: Path):
    """One column of each law, and of the calendar they count by, columns taking turns: each of them is named."""
    chance = Random("acc_definition")
    columns = ("content", "digest", "workflow", "version", "content", "registered_at")
    with closing(sqlite3.connect(copied)) as database:
        rows = database.execute("SELECT workflow, rowid FROM acc_definition ORDER BY workflow").fetchall()
        for column, (_, rowid) in zip(cycle(columns), rows, strict=False):
            (value,) = database.execute(f"SELECT {column} FROM acc_definition WHERE rowid = {rowid}").fetchone()
            database.execute(f"UPDATE acc_definition SET {column} = ? WHERE rowid = {rowid}", (other(value, chance),))
        database.commit()

    verdict, named = verified(copied)
    assert not verdict.ok
    assert {f"workflow:{name}" for name, _ in rows} <= named


def test_an_outsider_can_do_nothing(copied: Path):
    """On a copy: without a role of the procedure every attempt is refused and recorded."""
    with Engine(copied, clock=ManualClock("2014-06-03T09:00+08:00")) as engine:
        before = len(list(engine.history(refusals=True)))
        case = next(engine.cases(workflow="petition"))
        for trigger in ("register", "approve_filing", "note", "unheard_of"):
            with pytest.raises(Refused):
                engine.fire(case.id, trigger, by=Actor("eve", {"visitor"}), reason="because")
        assert len(list(engine.history(refusals=True))) == before + 4


def test_the_stage_says_what_went_otherwise_than_planned(tmp_path: Path):
    """An attempt that is allowed, or refused for another reason, is an error of the plan, not of the county."""

    def waits_for_the_end(stage: Stage) -> Script:
        officer = Actor("officer", {"petition_officer"})
        case = stage.start("petition", officer, {"source": "audit"})
        with pytest.raises(AssertionError, match="not four_eyes"):
            stage.refused("four_eyes", case, "accept", officer)
        with pytest.raises(AssertionError, match="should have been refused"):
            stage.refused("role", case, "register", officer, data={"number": "1"})
        yield ENDS.date()
        raise AssertionError("nobody acts when the play is over")

    def plan(stage: Stage) -> None:
        stage.add(waits_for_the_end(stage), date(2014, 2, 3))

    assert play(tmp_path / "record.db", plan, ENDS, lambda done, total: None) == 0
    with Engine(tmp_path / "record.db") as engine:
        (case,) = engine.cases()
    assert case.state == "registered"
    assert case.opened_at.astimezone(BEIJING).date() == date(2014, 2, 7), "the first working day after Spring Festival"
