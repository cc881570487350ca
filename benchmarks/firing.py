"""What one durable firing costs, as a ratio to the least work that keeps the same promise.

The floor is a raw driver doing the same rows with the same durability and no library: select the case, update it
guarded by its version, insert a chained entry of 400 bytes, commit. Floor and firing take turns within one run, so the
ratio holds on a noisy machine; the absolute figures move with it.

Run it with `make bench`. PostgreSQL is measured on a server of its own with fsync on.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from accountability import Actor, Engine
from accountability.definition.loader import load
from accountability.machine.case import Case, Firing, Memory
from accountability.machine.compiler import compile_workflow
from accountability.machine.step import step
from tests.postgres import fresh_database, postgres_server

WORKFLOW = """\
workflow: bench
version: 1
calendar: weekdays
roles: {officer: Officer, head: Head}
data:
  amount: {type: integer, minimum: 0}
  subject: {type: string, max_length: 200}
start: {by: officer, needs: [amount, subject]}
states:
  open:
  review:
  closed: {final: true}
initial: open
transitions:
  ask: {from: open, to: review, by: officer, needs: [amount], when: 'data.amount >= 10 && actor.id != "nobody"'}
  answer: {from: review, to: open, by: head, not_by: [close], when: 'data.amount >= 10'}
  close: {from: open, to: closed, by: head}
"""
DEADLINE = """\
deadlines:
  answer: {starts: review, ends: open, within: 15 working days, warn: 3 working days}
"""
DATA = {"amount": 120, "subject": "x" * 120}
ENTRY = "e" * 400
OFFICER, HEAD = Actor("zhang", {"officer"}), Actor("li", {"head"})


def engine_firing(engine: Engine, workflow: Path) -> Callable[[], None]:
    """Prepare a function that fires once, everything on: permission, guard, deadline, entry, chain, case."""
    engine.migrate()
    engine.register(workflow)
    case = engine.start("bench", by=OFFICER, data=DATA)
    turn = [False]

    def fire() -> None:
        turn[0] = not turn[0]
        if turn[0]:
            engine.fire(case.id, "ask", by=OFFICER, data={"amount": 120})
        else:
            engine.fire(case.id, "answer", by=HEAD)

    return fire


def sqlite_floor(path: Path) -> Callable[[], None]:
    """Prepare the floor on SQLite: WAL, synchronous FULL, one connection."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE c (id TEXT PRIMARY KEY, state TEXT, seq INTEGER, head TEXT, data TEXT)")
    connection.execute(
        "CREATE TABLE e (id INTEGER PRIMARY KEY, c TEXT, seq INTEGER, bytes TEXT, leaf TEXT, UNIQUE (c, seq))"
    )
    connection.execute("INSERT INTO c VALUES ('1', 'open', 0, '', '{}')")

    def fire() -> None:
        connection.execute("BEGIN IMMEDIATE")
        state, seq, head, data = connection.execute("SELECT state, seq, head, data FROM c WHERE id = '1'").fetchone()
        leaf = hashlib.sha256((head + ENTRY).encode()).hexdigest()
        changed = connection.execute(
            "UPDATE c SET state = ?, seq = ?, head = ?, data = ? WHERE id = '1' AND seq = ?",
            (state, seq + 1, leaf, data, seq),
        )
        assert changed.rowcount == 1
        connection.execute("INSERT INTO e (c, seq, bytes, leaf) VALUES ('1', ?, ?, ?)", (seq + 1, ENTRY, leaf))
        connection.execute("COMMIT")

    return fire


def postgres_floor(url: str) -> Callable[[], None]:
    """Prepare the floor on PostgreSQL: psycopg, five round trips, prepared statements, one connection."""
    connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
    connection.prepare_threshold = 1
    connection.execute("CREATE TABLE floor_c (id TEXT PRIMARY KEY, state TEXT, seq INTEGER, head TEXT, data TEXT)")
    connection.execute(
        "CREATE TABLE floor_e (id BIGSERIAL PRIMARY KEY, c TEXT, seq INTEGER, bytes TEXT, leaf TEXT, UNIQUE (c, seq))"
    )
    connection.execute("INSERT INTO floor_c VALUES ('1', 'open', 0, '', '{}')")

    def fire() -> None:
        connection.execute("BEGIN")
        found = connection.execute("SELECT state, seq, head, data FROM floor_c WHERE id = %s", ("1",)).fetchone()
        assert found is not None
        state, seq, head, data = found
        leaf = hashlib.sha256((head + ENTRY).encode()).hexdigest()
        changed = connection.execute(
            "UPDATE floor_c SET state = %s, seq = %s, head = %s, data = %s WHERE id = %s AND seq = %s",
            (state, seq + 1, leaf, data, "1", seq),
        )
        assert changed.rowcount == 1
        connection.execute(
            "INSERT INTO floor_e (c, seq, bytes, leaf) VALUES (%s, %s, %s, %s)", ("1", seq + 1, ENTRY, leaf)
        )
        connection.execute("COMMIT")

    return fire


def compare(name: str, floor: Callable[[], None], ours: Callable[[], None], rounds: int) -> float:
    """Let both take turns, print their medians, and return the ratio."""
    for _ in range(50):
        floor()
        ours()
    floors, firings = [], []
    for _ in range(rounds):
        for function, times in ((floor, floors), (ours, firings)):
            began = time.perf_counter()
            function()
            times.append(time.perf_counter() - began)
    low, high = statistics.median(floors) * 1e6, statistics.median(firings) * 1e6
    print(f"{name:<34}{low:>9.0f} us floor{high:>9.0f} us firing{high / low:>7.2f} x")
    return high / low


def pure_step(rounds: int) -> float:
    """Time the pure step, permission and guard included."""
    loaded = load(WORKFLOW, "bench.yaml")
    assert loaded.workflow is not None
    law = compile_workflow(loaded.workflow)
    now = datetime.now(UTC)
    case = Case(
        id="1", workflow="bench", version=1, definition=law.definition.digest, state="open", seq=1, head="",
        closed=False, data=DATA, memory=Memory(), opened_at=now, updated_at=now,
    )  # fmt: skip
    firing = Firing(trigger="ask", actor=OFFICER, data={"amount": 120})
    times = []
    for _ in range(rounds * 5):
        began = time.perf_counter()
        step(law, case, firing, now)
        times.append(time.perf_counter() - began)
    median = statistics.median(times) * 1e6
    print(f"{'pure step, permission and guard':<34}{median:>9.1f} us")
    return median


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--only", choices=("sqlite", "postgresql", "step"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        workflow = Path(folder, "bench.yaml")
        workflow.write_text(WORKFLOW + DEADLINE, encoding="utf-8")
        if arguments.only in (None, "step"):
            pure_step(arguments.rounds)
        if arguments.only in (None, "sqlite"):
            ours = engine_firing(Engine(Path(folder, "ours.db")), workflow)
            compare("SQLite, WAL, synchronous FULL", sqlite_floor(Path(folder, "floor.db")), ours, arguments.rounds)
        if arguments.only in (None, "postgresql"):
            with postgres_server(settings=()) as admin:
                url = fresh_database(admin)
                with Engine(url) as engine:
                    ours = engine_firing(engine, workflow)
                    compare("PostgreSQL, fsync on, one client", postgres_floor(url), ours, arguments.rounds)
