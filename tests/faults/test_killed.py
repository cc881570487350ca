"""Writers and workers are killed at any moment: the whole act or nothing, every deadline once."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest

from accountability import Engine, ManualClock
from tests.faults.ledger import CLERK, VERBS, Ledger, perform, publish

ROUNDS = [pytest.param(2, id="few"), pytest.param(60, id="many", marks=pytest.mark.soak)]
PEOPLE = 3
SECONDS_MAX = 60
KILLED = "killed"
OPENED = "2015-02-09T09:00Z"

PROMISE = """\
workflow: promise
version: 1
calendar: every_day
zone: UTC
roles: {clerk: Clerk}
start: {by: clerk}
initial: open
states: {open: , late: , kept: {final: true}}
transitions:
  escalate: {from: open, to: late, by: system}
  keep: {from: [open, late], to: kept, by: clerk}
deadlines:
  answer: {starts: open, within: 3 days, warn: 1 day, on_breach: escalate}
"""

# Processes of their own, forked from one that has loaded the engine and nothing else: each is there at once.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["accountability.engine.engine"])


def begun(target: object, *arguments: object) -> tuple[BaseProcess, Connection]:
    """Begin a process, and give it with what it tells."""
    heard, told = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(*arguments, told))  # type: ignore[arg-type]
    process.start()
    told.close()
    return process, heard


def everything(heard: Connection) -> Iterator[str]:
    """Give what a process told before it was killed."""
    try:
        while heard.poll(SECONDS_MAX):
            yield heard.recv()
    except EOFError:
        heard.close()


def killable(url: str) -> str:
    """Name the sessions of those who will be killed, so that their end can be awaited."""
    return url if url.startswith("sqlite") else f"{url}?application_name={KILLED}"


def settle(url: str) -> None:
    """Wait until PostgreSQL has noticed that clients are gone: what they had sent may still be committed."""
    if url.startswith("sqlite"):
        return
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        until = time.monotonic() + SECONDS_MAX
        while connection.execute(query, [KILLED]).fetchone() != (0,):
            assert time.monotonic() < until, "the server still serves a client that was killed"
            time.sleep(0.005)


def kill_at_random(begun: list[tuple[BaseProcess, Connection]], chance: random.Random) -> list[list[str]]:
    """Kill processes, each at a moment of its own after it has told something; give what they told."""
    for _, heard in begun:
        assert heard.poll(SECONDS_MAX), "a process did nothing"
    for process, _ in begun:
        time.sleep(chance.random() * 0.03)
        process.kill()
    told = [list(everything(heard)) for _, heard in begun]
    for process, _ in begun:
        process.join()
    return told


def mark_of(name: str, number: int) -> str:
    """Name an act."""
    return f"{name}, {number}"


def write(url: str, case: str, name: str, told: Connection) -> None:
    """Act in turn in every way, and tell each act that was acknowledged."""
    with Engine(url) as engine:
        for number in range(1_000_000):
            perform(engine, case, VERBS[number % len(VERBS)], mark_of(name, number))
            told.send(mark_of(name, number))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_writers_killed_together_leave_whole_acts_only(database_url: str, tmp_path: Path, rounds: int):
    """Acts with keys, acts that open cases, new cases: what was acknowledged is there, the last one wholly or not at
    all, and whoever repeats it with its key does it once.
    """
    chance = random.Random(2015)
    ledger = Ledger()
    with Engine(database_url) as engine:
        publish(engine, tmp_path)
        for number in range(rounds):
            names = [f"{number}/{person}" for person in range(PEOPLE)]
            cases = [engine.start("book", by=CLERK, data={"mark": name}).id for name in names]
            ledger.done += names
            writers = [
                begun(write, killable(database_url), case, name) for case, name in zip(cases, names, strict=True)
            ]
            told = kill_at_random(writers, chance)
            settle(database_url)
            for name, case, marks in zip(names, cases, told, strict=True):
                assert marks == [mark_of(name, number) for number in range(len(marks))]
                ledger.done += marks
                last, verb = mark_of(name, len(marks)), VERBS[len(marks) % len(VERBS)]
                if "key" in verb:
                    assert ledger.act(engine, case, verb, last)
                else:
                    ledger.unknown.append(last)
        ledger.check(engine)


def tick(url: str, since: str, told: Connection) -> None:
    """Work as a worker whose clock goes on by a day with every tick."""
    clock = ManualClock(since)
    with Engine(url, clock=clock) as engine:
        for number in range(1_000_000):
            told.send(f"{number}")
            engine.tick()
            clock.advance(days=number < 5, microseconds=1)


def times(engine: Engine, trigger: str) -> Counter[str]:
    """Count how often something happened to each case."""
    return Counter(entry.case for entry in engine.history() if entry.trigger == trigger)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_workers_killed_together_let_no_deadline_pass_twice_or_never(database_url: str, tmp_path: Path, rounds: int):
    """However often workers are killed, each breach and what follows from it is recorded once, each warning at most
    once, and a case that was answered in time is left in peace.
    """
    chance = random.Random(1949)
    (tmp_path / "promise.yaml").write_text(PROMISE)
    clock = ManualClock(OPENED)
    kept, broken = [], []
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        engine.register(tmp_path / "promise.yaml")
        for _ in range(rounds):
            cases = [engine.start("promise", by=CLERK).id for _ in range(60)]
            kept += cases[:10]
            broken += cases[10:]
            for case in cases[:10]:
                engine.fire(case, "keep", by=CLERK)
            since = (clock.now() + timedelta(days=chance.randrange(2, 5))).isoformat()
            workers = [begun(tick, killable(database_url), since) for _ in range(PEOPLE)]
            kill_at_random(workers, chance)
            settle(database_url)
            clock.advance(days=10)
        engine.tick()
        assert engine.tick().deadlines == 0
        assert times(engine, "breach") == times(engine, "escalate") == Counter(broken)
        # A worker that comes too late for the warning records the breach alone.
        assert times(engine, "warn") <= Counter(broken)
        assert {case.state for case in engine.cases()} == {"late", "kept"}
        assert all(engine.case(case).seq == 2 for case in kept)
        assert engine.verify().ok
