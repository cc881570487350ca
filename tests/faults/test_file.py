"""The file of a SQLite record may not be written, is taken away, or is replaced while an engine has it open."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from accountability import DatabaseError, DatabaseUnreachableError, DatabaseVersionError, Engine
from tests.faults.ledger import CLERK, VERBS, Ledger, publish

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that an ordinary account owns; under pytest's own such an account may not look."""
    with tempfile.TemporaryDirectory() as made:
        if os.geteuid() == 0:
            os.chown(made, NOBODY, NOBODY)
        yield Path(made)


@contextmanager
def ordinary_account() -> Iterator[None]:
    """Be somebody for whom rights count, where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def office(folder: Path) -> Iterator[tuple[Engine, Ledger, str]]:
    """Give an engine on a file, what came of its acts, and a case."""
    with ordinary_account(), Engine(folder / "record.db") as engine:
        publish(engine, folder)
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
        yield engine, Ledger(["opened"]), case


@pytest.mark.parametrize("restarted", [False, True], ids=["open", "opened anew"])
@pytest.mark.parametrize("what", ["file", "folder", "everything"])
def test_what_may_not_be_written_is_said_so_until_it_may(
    folder: Path, office: tuple[Engine, Ledger, str], what: str, restarted: bool
):
    """Acts fail with the path and a cure, or are done where SQLite can do them; when the right is back, all work."""
    engine, ledger, case = office
    files = [path for path in folder.iterdir() if path.name.startswith("record.db")]
    if restarted:
        engine.close()
    if what != "folder":
        for path in files:
            if path.exists():
                path.chmod(0o444)
    if what != "file":
        folder.chmod(0o555)
    try:
        for verb in VERBS:
            ledger.act(engine, case, verb, f"{verb} without the right")
    finally:
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o644)
    if restarted and what != "folder":
        assert len(ledger.failed) == len(VERBS)
    assert all(isinstance(error, DatabaseUnreachableError) for error in ledger.errors)
    assert all("write" in (error.cure or "") for error in ledger.errors)
    for verb in VERBS:
        assert ledger.act(engine, case, verb, f"{verb} with the right")
    ledger.check(engine)


def test_a_file_that_was_taken_away_is_missed(folder: Path, office: tuple[Engine, Ledger, str]):
    """An engine that has the file open does not write into what nobody can find; brought back, it goes on."""
    engine, ledger, case = office
    (folder / "away").mkdir()
    names = [path.name for path in folder.iterdir() if path.name.startswith("record.db")]
    for name in names:
        (folder / name).rename(folder / "away" / name)
    assert not ledger.act(engine, case, "write", "while it is away")
    assert isinstance(ledger.errors[0], DatabaseVersionError)
    with pytest.raises(DatabaseVersionError):
        engine.case(case)
    for name in names:
        (folder / "away" / name).rename(folder / name)
    assert ledger.act(engine, case, "write", "when it is back")
    ledger.check(engine)


def test_a_copy_that_is_brought_back_is_what_counts(folder: Path, office: tuple[Engine, Ledger, str]):
    """After a restore over the file a running engine works on what was restored, not on what was replaced."""
    engine, ledger, case = office
    copy = folder / "copy.db"
    with closing(sqlite3.connect(folder / "record.db")) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    engine.fire(case, "write", by=CLERK, data={"mark": "after the copy"})
    for end in ("-wal", "-shm"):
        (folder / f"record.db{end}").unlink(missing_ok=True)
    copy.replace(folder / "record.db")
    assert engine.case(case).seq == 1
    assert ledger.act(engine, case, "write", "after the restore")
    ledger.check(engine)
    with Engine(folder / "record.db") as another:
        ledger.check(another)


def test_a_new_record_in_the_same_place_has_its_own_log(folder: Path, office: tuple[Engine, Ledger, str]):
    """An engine whose record was replaced by a new one writes into the new log, and the new record verifies."""
    engine, _, case = office
    for path in folder.glob("record.db*"):
        path.unlink()
    with pytest.raises(DatabaseError):
        engine.fire(case, "write", by=CLERK, data={"mark": "into nothing"})
    with Engine(folder / "record.db") as another:
        publish(another, folder)
    assert engine.start("book", by=CLERK, data={"mark": "anew"}).seq == 1
    Ledger(["anew"]).check(engine)


@pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="only root mounts file systems")
def test_a_file_system_that_only_reads_is_said_to_be_so(tmp_path: Path):
    """On a medium that cannot be written, reading works where SQLite allows it, and acts fail with a cure."""
    file = tmp_path / "record.db"
    with Engine(file) as engine:
        publish(engine, tmp_path)
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
    program = f"""
from accountability import DatabaseUnreachableError, Engine
from tests.faults.ledger import CLERK
engine = Engine({str(file)!r})
try:
    engine.fire({case!r}, "write", by=CLERK, data={{"mark": "never"}})
except DatabaseUnreachableError as error:
    assert "write" in error.cure, error.cure
else:
    raise AssertionError("it was written")
"""
    mounted = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path} && exec {sys.executable} -c "
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f'{mounted} "$0"', program],
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip("file systems cannot be mounted here")
    assert done.stderr == ""
