"""Several threads and processes on one database: nothing is lost and nothing is done twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from accountability.store.database import Database
from accountability.store.failures import KeyTaken, StaleCase, VersionTaken
from accountability.store.stored import StoredKey
from tests.store.given import a_case, a_definition, moved, record

THREADS, ACTS = 6, 20

FIRE = f"""
import sys
from accountability.store.database import Database
from tests.store.given import moved, record
database = Database(sys.argv[1])
for _ in range({ACTS}):
    with database.transaction() as transaction:
        record(transaction, moved(transaction.case("case-1", lock=True)))
"""


def _seq(database: Database) -> int:
    with database.transaction(read_only=True) as transaction:
        case = transaction.case("case-1")
        assert case is not None
        assert [entry.seq for entry in transaction.entries("case-1")] == list(range(1, case.seq + 1))
        return case.seq


def test_threads_that_lock_the_case_follow_each_other(database: Database):
    """Every act of every thread becomes one entry, each against the state it finds; none fails."""
    with database.transaction() as transaction:
        record(transaction, a_case())

    def fire(_: int) -> None:
        for _ in range(ACTS):
            with database.transaction() as transaction:
                case = transaction.case("case-1", lock=True)
                assert case is not None
                record(transaction, moved(case))

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(fire, range(THREADS)))
    assert _seq(database) == 1 + THREADS * ACTS


def test_processes_follow_each_other_too(database: Database, database_url: str):
    """The order holds across processes."""
    with database.transaction() as transaction:
        record(transaction, a_case())
    command = [sys.executable, "-c", FIRE, database_url]
    paths = {"PYTHONPATH": ":".join(sys.path)}
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=paths) for _ in range(2)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0)] * 2
    assert _seq(database) == 1 + 2 * ACTS


def test_of_two_that_read_the_same_case_without_a_lock_one_writes(database: Database):
    """Optimistic acts are safe as well: the slower one is told that the case moved on."""
    with database.transaction() as transaction:
        case = record(transaction, a_case())
    barrier = Barrier(THREADS)

    def fire(_: int) -> bool:
        barrier.wait()
        try:
            with database.transaction() as transaction:
                record(transaction, moved(case))
        except StaleCase:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(fire, range(THREADS))).count(True) == 1
    assert _seq(database) == 2


@pytest.mark.parametrize("what", ["case", "key", "version", "chain"])
def test_of_two_that_write_the_same_new_thing_one_wins(database: Database, what: str):
    """The same id, key, version or place, written at the same moment, is written once; the other is told."""
    barrier = Barrier(THREADS)

    def write(_: int) -> bool:
        barrier.wait()
        try:
            with database.transaction() as transaction:
                if what == "case":
                    record(transaction, a_case())
                elif what == "key":
                    transaction.remember_key(StoredKey("key", "d" * 64, "case-1", 1))
                elif what == "version":
                    transaction.publish_definition(a_definition())
                else:
                    transaction.record_loose("workflow:petition", "{}", "a" * 64, seq=1)
        except (StaleCase, KeyTaken, VersionTaken):
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(write, range(THREADS))).count(True) == 1
