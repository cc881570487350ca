"""How much many processes do on one PostgreSQL together, and whether anything is lost or done twice.

Three parts, on a server with PostgreSQL's own settings, its flush to the disk included:

- scaling: 1, 2, 4 and 8 processes act, each on its own cases; in turn with as many that do the least work on the bare
  driver. The ratio to that floor holds on a noisy machine; the absolute figures move with it.
- workers: 1, 2 and 4 workers let a backlog of deadlines pass.
- the office: writers, some of them at the same cases, workers and a subscriber, all at once. Everything is counted
  afterwards and held against what the processes were told.

Run it with `make load`, or `python -m benchmarks throughput --seconds 60`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from accountability import Engine, ManualClock, Refused
from benchmarks.firing import DATA, DEADLINE, HEAD, OFFICER, WORKFLOW, postgres_floor
from tests.postgres import fresh_database, postgres_server
from tests.store.crowd import crowd, take_stock

LETTER = """\
workflow: letter
version: 1
calendar: every_day
zone: UTC
roles: {officer: Officer, head: Head}
data: {amount: {type: integer, minimum: 0}}
start: {by: officer}
initial: open
states: {open: , late: , answered: {final: true}}
transitions:
  write: {from: [open, late], by: officer, needs: amount}
  escalate: {from: open, to: late, by: system}
  answer: {from: [open, late], to: answered, by: head}
deadlines:
  reply: {starts: open, within: 2 days, on_breach: escalate}
"""

OPENED = datetime(2015, 2, 9, tzinfo=UTC)

NUMBERS = (1, 2, 4, 8)

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["accountability.engine.engine", "psycopg", "benchmarks.firing"])

ready: Any = None
"""Where the processes of one part wait for each other."""


@dataclass(frozen=True)
class FastClock:
    """Tell a time that runs a day in a second, the same in all processes.

    Attributes:
        began: When it was made, in seconds of the computer's clock.
    """

    began: float

    def now(self) -> datetime:
        """Return the moment."""
        return OPENED + timedelta(days=time.time() - self.began)


def together(target: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """Run a function in a process for each of the arguments; give what each returns."""
    barrier = PROCESSES.Barrier(len(arguments))
    with PROCESSES.Pool(len(arguments), initializer=remember, initargs=(barrier,)) as pool:
        return pool.starmap(target, arguments, chunksize=1)


def remember(barrier: Any) -> None:
    """Keep, in a process, where it waits for the others."""
    global ready  # noqa: PLW0603 -- a barrier reaches a process only when that begins
    ready = barrier


def rate(act: Callable[[], object], seconds: float, acts: int = 1) -> float:
    """Warm up, wait for the others, act until the time is over, and give the acts a second."""
    for _ in range(10):
        act()
    ready.wait()
    began, done = time.perf_counter(), 0
    while (taken := time.perf_counter() - began) < seconds:
        act()
        done += acts
    return done / taken


def fire_for(url: str, seconds: float) -> float:
    """Fire on a case of one's own."""
    with Engine(url) as engine:
        case = engine.start("bench", by=OFFICER, data=DATA).id

        def there_and_back() -> None:
            engine.fire(case, "ask", by=OFFICER, data={"amount": 120})
            engine.fire(case, "answer", by=HEAD)

        return rate(there_and_back, seconds, acts=2)


def floor_for(url: str, seconds: float) -> float:
    """Do the least work on the bare driver, in tables of one's own."""
    return rate(postgres_floor(url), seconds)


def scaling(admin: str, seconds: float) -> None:
    """Compare processes that fire with as many that do the least work."""
    url = with_workflow(fresh_database(admin), WORKFLOW + DEADLINE)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for number in range(sum(NUMBERS)):
            connection.execute(f"CREATE SCHEMA floor_{number}")
    print("\nprocesses   floor acts/s   firings/s   floor / firings   against one process")
    used, alone = 0, 0.0
    for count in NUMBERS:
        floors = [(f"{url}?options=-csearch_path%3Dfloor_{used + number}", seconds) for number in range(count)]
        used += count
        low = sum(together(floor_for, floors))
        fired = sum(together(fire_for, [(url, seconds)] * count))
        alone = alone or fired
        print(f"{count:>9}{low:>15.0f}{fired:>12.0f}{low / fired:>18.2f}{fired / alone:>22.2f}")


def one_writer(seconds: float) -> None:
    """Show what more processes bring on SQLite, which lets one write at a time."""
    print("\nprocesses on SQLite   firings/s   against one process")
    alone = 0.0
    with tempfile.TemporaryDirectory(dir=".") as folder:
        url = with_workflow(f"sqlite:///{folder}/record.db", WORKFLOW + DEADLINE)
        for count in NUMBERS:
            fired = sum(together(fire_for, [(url, seconds)] * count))
            alone = alone or fired
            print(f"{count:>19}{fired:>12.0f}{fired / alone:>22.2f}")


def with_workflow(url: str, text: str) -> str:
    """Make tables and publish a procedure; give the URL back."""
    with tempfile.TemporaryDirectory() as folder, Engine(url, clock=ManualClock(OPENED)) as engine:
        file = Path(folder, "workflow.yaml")
        file.write_text(text, encoding="utf-8")
        engine.migrate()
        engine.register(file)
    return url


def tick_once(url: str) -> tuple[int, float]:
    """Let pass what is due; give how many entries that took, and how long."""
    with Engine(url, clock=ManualClock("2015-03-09T09:00Z")) as engine:
        engine.case(next(engine.cases(limit=1)).id)
        ready.wait()
        began = time.perf_counter()
        return engine.tick().deadlines, time.perf_counter() - began


def workers(admin: str, backlog: int) -> None:
    """Measure how fast a backlog of deadlines is worked off by several workers."""
    print("\n  workers   deadlines/s   against one worker")
    alone = 0.0
    for count in NUMBERS[:-1]:
        url = with_workflow(fresh_database(admin), LETTER)
        with Engine(url, clock=ManualClock(OPENED)) as engine:
            case = engine.start("letter", by=OFFICER).id
        crowd(url, case, backlog - 1)
        take_stock(url)
        done = together(tick_once, [(url,)] * count)
        with Engine(url) as engine:
            breached = Counter(entry.case for entry in engine.history() if entry.trigger == "breach")
        assert len(breached) == backlog, f"{backlog - len(breached)} deadlines did not pass"
        assert set(breached.values()) == {1}, "a deadline passed twice"
        fast = backlog / max(taken for _, taken in done)
        alone = alone or fast
        print(f"{count:>9}{fast:>14.0f}{fast / alone:>21.2f}")


@dataclass
class Told:
    """What a process of the office knows.

    Attributes:
        acts: For each case, how many of its own acts were acknowledged.
        conflicts: How often somebody else was faster each time.
        done: What a worker's ticks did.
        heard: Entries that reached the subscriber in this process.
    """

    acts: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    done: Counter[str] = field(default_factory=Counter)
    heard: int = 0


def take_part(role: str, url: str, began: float, until: float, shared: list[str], seed: int) -> Told:
    """Be a writer or a worker of the office."""
    told = Told()
    with Engine(url, clock=FastClock(began)) as engine:
        if role == "worker":
            watch(engine, until, told)
        else:
            write(engine, until, shared, random.Random(seed), told)
    return told


def write(engine: Engine, until: float, shared: list[str], chance: random.Random, told: Told) -> None:
    """Open cases, write to them and to the shared ones, and answer about half of them."""
    own: list[str] = []
    while time.time() < until:
        draw = chance.random()
        if draw < 0.2 or not own:
            own.append(engine.start("letter", by=OFFICER).id)
            told.acts[own[-1]] += 1
            continue
        case = chance.choice(own[-20:] if draw < 0.9 else shared)
        try:
            if draw < 0.3:
                engine.fire(own[-1], "answer", by=HEAD)
                told.acts[own.pop()] += 1
            else:
                engine.fire(case, "write", by=OFFICER, data={"amount": 1})
                told.acts[case] += 1
        except Refused as refused:
            if refused.reasons[0].code != "conflict":
                raise
            told.conflicts += 1


def watch(engine: Engine, until: float, told: Told) -> None:
    """Tick, and count what the subscriber hears."""

    def hear(_event: object) -> None:
        told.heard += 1

    engine.subscribe(hear, name="count")
    while time.time() < until:
        told.done.update(engine.tick().as_json())
        time.sleep(0.05)


def office(admin: str, writing: int, working: int, seconds: float) -> None:
    """Let writers, workers and a subscriber work at once; then count everything."""
    url = with_workflow(fresh_database(admin), LETTER)
    began = time.time()
    with Engine(url, clock=FastClock(began)) as engine:
        shared = [engine.start("letter", by=OFFICER).id for _ in range(5)]
    until = time.time() + 3 + seconds
    roles = ["writer"] * writing + ["worker"] * working
    told = together(take_part, [(role, url, began, until, shared, seed) for seed, role in enumerate(roles)])
    acts = Counter(shared)
    for one in told:
        acts += one.acts
    rest = Told()
    with Engine(url, clock=ManualClock("2030-01-01T00:00Z")) as engine:
        watch_to_the_end(engine, rest)
        report(engine, url, acts, [*told, rest], time.time() - began)


def watch_to_the_end(engine: Engine, told: Told) -> None:
    """Tick until nothing is left."""
    watch(engine, 0, told)
    while sum((done := engine.tick().as_json()).values()):
        told.done.update(done)


def report(engine: Engine, url: str, acts: Counter[str], told: list[Told], seconds: float) -> None:
    """Hold the record against what the processes know, print it, and fail where it does not fit."""
    found, breached, escalated = Counter[str](), Counter[str](), Counter[str]()
    entries = 0
    for entry in engine.history(refusals=True):
        entries += 1
        for counter, right in (
            (found, "system" not in entry.actor.roles and entry.kind != "refusal"),
            (breached, entry.trigger == "breach"),
            (escalated, entry.trigger == "escalate"),
        ):
            counter[entry.case] += right
    lost, twice = sum((acts - found).values()), sum((found - acts).values())
    overdue = +escalated
    again = sum(count - 1 for count in (+breached).values()) + sum((breached - escalated).values())
    missed = sum(1 for case in engine.cases(closed=False) if not breached[case.id])
    heard = sum(one.heard for one in told)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        (places,) = connection.execute("SELECT count(*) FROM acc_leaf").fetchone() or (0,)
    verified = engine.verify().ok
    print(f"\n{acts.total():>9,} acts acknowledged, {acts.total() / seconds:,.0f} a second; {entries:,} entries")
    print(f"{lost:>9} lost, {twice} done twice; {sum(one.conflicts for one in told)} refused as conflicts")
    print(f"{len(overdue):>9,} deadlines passed; {again} twice, {missed} never")
    print(f"{places:>9,} places in the log; {heard:,} deliveries to the subscriber")
    print(f"  the record {'verifies' if verified else 'DOES NOT VERIFY'}")
    if lost or twice or again or missed or not verified or not entries == places == heard:
        raise SystemExit("the record does not hold what the processes were told")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks throughput", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the office works")
    parser.add_argument("--each", type=float, default=5, help="seconds for each number of processes")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--backlog", type=int, default=2000)
    parser.add_argument("--only", choices=("scaling", "workers", "office"))
    arguments = parser.parse_args()
    with postgres_server(settings=()) as admin:
        if arguments.only in (None, "scaling"):
            scaling(admin, arguments.each)
            one_writer(arguments.each)
        if arguments.only in (None, "workers"):
            workers(admin, arguments.backlog)
        if arguments.only in (None, "office"):
            office(admin, arguments.writers, arguments.workers, arguments.seconds)
