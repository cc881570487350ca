"""The disk is full: what cannot be written is not acknowledged, and when there is room again the work goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from accountability import DatabaseError, Engine
from tests.faults.ledger import CLERK, VERBS, Ledger, Writers, publish
from tests.postgres import Server, fresh_database, give_to_server, server_folder

ROUNDS = [pytest.param(1, id="few"), pytest.param(10, id="many", marks=pytest.mark.soak)]

WHOLE = 1 << 20


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount a disk of a few megabytes, where this may be done."""
    folder = Path(tempfile.mkdtemp(prefix="accountability-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
    try:
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("only who may mount a file system can fill one")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        folder.rmdir()


def fill(folder: Path, *, but: int = 0) -> Path:
    """Leave no room on a disk, but for a number of bytes; the file to remove is returned."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        size = WHOLE
        while size >= 512:
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                pass
            size //= 2
    if but:
        os.truncate(ballast, max(0, ballast.stat().st_size - but))
    return ballast


def act_until_it_fails(ledger: Ledger, engine: Engine, case: str, name: str) -> None:
    """Act in turn in every way, until each has failed once."""
    failed: set[str] = set()
    for number in range(100_000):
        verb = VERBS[number % len(VERBS)]
        if not ledger.act(engine, case, verb, f"{name}, {number}"):
            failed.add(verb)
        if len(failed) == len(VERBS):
            return
    raise AssertionError("the disk is never full")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_full_disk_stops_a_file_and_harms_nothing(tmp_path: Path, rounds: int):
    """SQLite: an act that finds no room is not in the record and says so; what is there can be read meanwhile."""
    ledger = Ledger(["opened"])
    with small_disk(8) as disk, Engine(disk / "record.db") as engine:
        publish(engine, tmp_path)
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
        for number in range(rounds):
            ballast = fill(disk, but=40_000 * number)
            act_until_it_fails(ledger, engine, case, f"round {number}")
            seq = engine.case(case).seq
            assert seq == len(list(engine.history(case)))
            ballast.unlink()
            assert ledger.act(engine, case, "write", f"after round {number}")
            assert engine.case(case).seq == seq + 1
        assert all("disk" in str(error) for error in ledger.errors)
        assert not any(error.outcome_unknown for error in ledger.errors)
        ledger.check(engine)
        with Engine(disk / "record.db") as another:
            ledger.check(another)


def test_a_record_cannot_be_made_on_a_full_disk(tmp_path: Path):
    """Making the tables fails with a cure, and succeeds when there is room."""
    with small_disk(1) as disk, Engine(disk / "record.db") as engine:
        ballast = fill(disk)
        with pytest.raises(DatabaseError) as caught:
            engine.migrate()
        assert caught.value.cure
        ballast.unlink()
        publish(engine, tmp_path)
        assert engine.start("book", by=CLERK, data={"mark": "opened"}).seq == 1


WRITE_UNTIL_IT_FAILS = """
import resource, sys
from tests.faults.ledger import CLERK, Ledger
from tests.faults.test_disk import act_until_it_fails
from accountability import Engine

file, case = sys.argv[1:]
ledger = Ledger()
with Engine(file) as engine:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    act_until_it_fails(ledger, engine, case, "limited")
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ledger.act(engine, case, "write", "after it")
    assert not ledger.unknown
print(*ledger.done, sep="\\n")
"""


def test_a_file_that_may_not_grow_stops_and_harms_nothing(tmp_path: Path):
    """SQLite under a limit of the operating system, as a quota sets one: the same, without a full disk."""
    file = tmp_path / "record.db"
    with Engine(file) as engine:
        publish(engine, tmp_path)
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
        done = subprocess.run(
            [sys.executable, "-c", WRITE_UNTIL_IT_FAILS, str(file), case],
            env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        Ledger(["opened", *done.stdout.splitlines()]).check(engine)


@contextmanager
def cramped_server(megabytes: int, *, log_apart: bool) -> Iterator[tuple[Server, Path]]:
    """Run a PostgreSQL whose data, or whose write-ahead log, lies on a small disk."""
    settings = ("fsync=off", "shared_buffers=4MB", "max_wal_size=4MB", "min_wal_size=2MB", "max_connections=20")
    with small_disk(megabytes) as disk, server_folder() as roomy:
        give_to_server(disk)
        (disk / "cramped").mkdir()
        give_to_server(disk / "cramped")
        if log_apart:
            server = Server(roomy, settings, ("--wal-segsize=1", "-X", str(disk / "cramped" / "log")))
        else:
            server = Server(disk / "cramped", settings, ("--wal-segsize=1", "-X", str(roomy / "log")))
        server.make()
        try:
            server.start()
            yield server, disk
        finally:
            server.stop()


def test_a_full_disk_stops_a_server_and_harms_nothing(tmp_path: Path):
    """PostgreSQL without room for its tables refuses what needs room; nothing of that is recorded."""
    with cramped_server(64, log_apart=False) as (server, disk), Engine(fresh_database(server.url)) as engine:
        publish(engine, tmp_path)
        ledger = Ledger(["opened"])
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
        ballast = fill(disk)
        act_until_it_fails(ledger, engine, case, "full")
        assert engine.case(case).seq == len(list(engine.history(case)))
        ballast.unlink()
        assert ledger.act(engine, case, "write", "after it")
        assert not any(error.outcome_unknown for error in ledger.errors)
        ledger.check(engine)


def test_a_server_that_cannot_write_its_log_crashes_and_comes_back(tmp_path: Path):
    """PostgreSQL without room for its write-ahead log falls over. Who was answered finds the act after the recovery;
    the others were told that nobody knew.
    """
    with cramped_server(20, log_apart=True) as (server, disk), Engine(fresh_database(server.url)) as engine:
        publish(engine, tmp_path)
        writers = Writers(engine, 2)
        with writers:
            writers.wait(20)
            ballast = fill(disk)
            write_log(server, megabytes=30)
            wait_for_failures(writers, 10)
            server.stop()
            ballast.unlink()
            server.start()
            writers.wait(20)
        writers.ledger.check(engine)


def write_log(server: Server, megabytes: int) -> None:
    """Write more into the server's log than there is room for."""
    query = "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, %s)"
    with pytest.raises(psycopg.OperationalError), psycopg.connect(server.url.replace("+psycopg", "")) as other:
        other.execute(query, [megabytes])


def wait_for_failures(writers: Writers, count: int) -> None:
    """Wait until so many acts have failed."""
    pause = threading.Event()
    for _ in range(12_000):
        if len(writers.ledger.errors) >= count:
            return
        pause.wait(0.005)
    raise AssertionError("the log is never full")
