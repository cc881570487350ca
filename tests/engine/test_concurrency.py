"""Many writers at one case, and writers that die: nothing lost, nothing twice, everything in order."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest

from accountability import Actor, Case, Engine, Refused
from accountability.engine.call import TRIES_MAX
from accountability.store.failures import StaleCase
from accountability.store.transaction import Transaction
from tests.engine.conftest import CARRIER, HEAD, REVIEWER

KILLS = int(os.environ.get("ACCOUNTABILITY_KILLS", "50"))
SECONDS_MAX = 60

# Processes of their own, forked from one that has loaded the engine and nothing else: a writer is there at once.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["accountability.engine.engine"])


def rate(url: str, case: str, name: str, count: int, told: Connection) -> None:
    """Act on a case again and again; tell the number of each entry, or the code of each refusal, once it is known."""
    engine, actor = Engine(url), Actor(name, {"reviewer"})
    for number in range(count):
        try:
            told.send(engine.fire(case, "rate", by=actor, data={"level": number % 7}).seq)
        except Refused as refused:
            told.send(refused.reasons[0].code)


def writer(url: str, case: str, name: str, count: int) -> tuple[BaseProcess, Connection]:
    """Let a process begin to act; give it, and where to hear what it tells."""
    heard, told = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=rate, args=(url, case, name, count, told))
    process.start()
    told.close()
    return process, heard


def everything(heard: Connection) -> Iterator[int | str]:
    """Give what a process tells, until it ends or has been killed."""
    try:
        while heard.poll(SECONDS_MAX):
            yield heard.recv()
    except EOFError:
        heard.close()


def test_two_processes_at_one_case_are_applied_once_and_in_order(
    engine: Engine, grant: Case, database_url: str
) -> None:
    """Every act that was acknowledged is in the chain exactly once; the rest was refused as a conflict."""
    writers = [writer(database_url, grant.id, name, 40) for name in ("wang", "zhou")]
    told = [one for _, heard in writers for one in everything(heard)]
    for process, _ in writers:
        process.join(SECONDS_MAX)
        assert process.exitcode == 0
    acknowledged = sorted(one for one in told if isinstance(one, int))
    assert {one for one in told if isinstance(one, str)} <= {"conflict"}
    assert len(told) == 80
    assert acknowledged == list(range(2, 2 + len(acknowledged)))
    assert engine.case(grant.id).seq == 1 + len(acknowledged)
    assert engine.verify().ok


def test_a_call_begins_again_within_bounds_when_somebody_else_was_faster(engine: Engine) -> None:
    """So often and no more; in the caller's own transaction, which only the caller can begin again, not at all."""
    tried: list[int] = []

    def loses(times: int) -> Callable[[Transaction], int]:
        def work(_: Transaction) -> int:
            tried.append(len(tried))
            if len(tried) <= times:
                raise StaleCase("somebody was faster")
            return len(tried)

        return work

    assert engine._calls.transact(None, loses(TRIES_MAX - 1)) == TRIES_MAX
    tried.clear()
    with pytest.raises(StaleCase):
        engine._calls.transact(None, loses(TRIES_MAX))
    assert len(tried) == TRIES_MAX


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_writers_under_serializable_isolation_are_retried_inside(
    engine: Engine, grant: Case, bundle: Case, database_url: str
) -> None:
    """What PostgreSQL calls a serialisation failure (40001), or a deadlock (40P01), begins again without the caller."""
    name = database_url.rpartition("/")[2]
    server = database_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    children = [child.id for child in engine.case(bundle.id).children]

    def act(number: int) -> str:
        with Engine(database_url) as own:
            try:
                # Each child's act looks at, and may move, the parent they have in common.
                if number < len(children):
                    own.fire(children[number], "deliver", by=CARRIER)
                else:
                    own.fire(grant.id, "rate", by=REVIEWER, data={"level": number % 7})
            except Refused as refused:
                return refused.reasons[0].code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(act, range(12)))
    assert set(told[: len(children)]) == {"done"}
    assert set(told) <= {"done", "conflict"}
    assert engine.case(bundle.id).state == "counted"
    assert engine.case(grant.id).seq == 1 + told[len(children) :].count("done")
    assert engine.verify().ok


def test_threads_share_one_engine(engine: Engine, grant: Case) -> None:
    """One engine serves many threads; the acts on one case are ordered."""

    def act(level: int) -> int:
        return engine.fire(grant.id, "rate", by=REVIEWER, data={"level": level % 7}).seq

    with ThreadPoolExecutor(4) as pool:
        places = sorted(pool.map(act, range(40)))
    assert places == list(range(2, 42))
    assert engine.verify().ok


def test_opposite_acts_leave_one_winner(engine: Engine, grant: Case) -> None:
    """Of two acts that exclude each other exactly one is applied; the other is refused for the state it finds."""

    def act(name: str) -> str:
        try:
            return engine.fire(grant.id, "deny", by=Actor(name, {"head"})).state
        except Refused as refused:
            return refused.reasons[0].code

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(act, ("li", "zhou")))
    assert outcomes == ["denied", "state"]
    assert engine.case(grant.id).seq == 2
    assert engine.verify().ok


def settled(url: str, name: str) -> None:
    """Wait until PostgreSQL has noticed that a client is gone: what it had sent may still be committed."""
    if url.startswith("sqlite"):
        return
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        until = time.monotonic() + SECONDS_MAX
        while connection.execute(query, [name]).fetchone() != (0,):
            assert time.monotonic() < until, "the server still serves a client that was killed"
            time.sleep(0.005)


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_the_whole_act_or_nothing(
    engine: Engine, grant: Case, database_url: str
) -> None:
    """SIGKILL at random moments: what was acknowledged is there, at most one act more, and the record verifies."""
    chance = random.Random(2015)
    name = "killed" if database_url.startswith("sqlite") else f"killed-{grant.id}"
    url = database_url if database_url.startswith("sqlite") else f"{database_url}?application_name={name}"
    seq = grant.seq
    for _ in range(KILLS):
        process, heard = writer(url, grant.id, "wang", 100_000)
        assert heard.poll(SECONDS_MAX), "no act was acknowledged"
        time.sleep(chance.random() * 0.05)
        process.kill()
        process.join()
        told = list(everything(heard))
        assert told == list(range(seq + 1, seq + 1 + len(told)))
        settled(database_url, name)
        found = engine.case(grant.id).seq
        assert seq + len(told) <= found <= seq + len(told) + 1
        seq = found
    assert seq >= grant.seq + KILLS
    assert len(list(engine.history(grant.id))) == seq
    assert engine.verify().ok
    assert engine.fire(grant.id, "deny", by=HEAD).closed


def test_reading_goes_on_while_others_write(engine: Engine, grant: Case, tmp_path: Path) -> None:
    """A history that is being read is one snapshot: what is written meanwhile is not in it."""
    entries = engine.history(grant.id)
    first = next(entries)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(engine.fire, grant.id, "take", by=REVIEWER).result()
    assert [first, *entries] == [first]
    assert len(list(engine.history(grant.id))) == 2
