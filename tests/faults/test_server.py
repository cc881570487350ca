"""The PostgreSQL server goes away under load and comes back: stopped, crashed, overfull, or only reading."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from accountability import DatabaseError, DatabaseUnreachableError, Engine, ManualClock
from tests.faults.ledger import CLERK, Ledger, Writers, eventually, publish
from tests.faults.test_killed import OPENED, PROMISE, times
from tests.postgres import Server, drop_database, fresh_database

ROUNDS = [pytest.param(2, id="few"), pytest.param(25, id="many", marks=pytest.mark.soak)]


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_a_server_that_is_stopped_and_started_again_loses_nothing(
    engine: Engine, server: Server, how: signal.Signals, rounds: int
):
    """After a fast stop, or a crash and its recovery, writers go on by themselves; the record holds what they know."""
    writers = Writers(engine, 4)
    with writers:
        for _ in range(rounds):
            writers.wait(30)
            server.stop(how)
            failures = len(writers.ledger.errors)
            eventually_fails(writers, failures)
            server.start()
            writers.wait(10)
    assert all(isinstance(error, DatabaseUnreachableError) for error in writers.ledger.errors)
    writers.ledger.check(engine)


def eventually_fails(writers: Writers, failures: int) -> None:
    """Wait until every writer has noticed."""
    pause = threading.Event()
    for _ in range(2000):
        if len(writers.ledger.errors) >= failures + writers.count:
            return
        pause.wait(0.005)
    raise AssertionError("nobody noticed that the server is gone")


def test_workers_outlive_a_server_that_is_stopped(url: str, server: Server, tmp_path: Path):
    """Workers wait for a server that is gone, and let every deadline pass once when it is back."""
    (tmp_path / "promise.yaml").write_text(PROMISE)
    clock, stop = ManualClock(OPENED), threading.Event()
    with Engine(url, clock=clock) as engine:
        engine.migrate()
        engine.register(tmp_path)
        cases = []
        workers = [threading.Thread(target=engine.work, args=(stop, 0.01)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for how in (signal.SIGINT, signal.SIGQUIT):
            cases += [engine.start("promise", by=CLERK).id for _ in range(50)]
            clock.advance(days=10)
            stop.wait(0.02)
            server.stop(how)
            stop.wait(0.05)
            server.start()
        stop.wait(0.05)
        stop.set()
        for worker in workers:
            worker.join()
        engine.tick()
        assert times(engine, "breach") == times(engine, "escalate") == Counter(cases)
        assert engine.verify().ok


def test_a_backend_that_is_killed_takes_every_session_with_it_and_no_act(engine: Engine, server: Server):
    """When one of the server's own processes dies, the server drops all others and recovers; so do the writers."""
    writers = Writers(engine, 4)
    with writers:
        for _ in range(2):
            writers.wait(20)
            with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
                query = "SELECT pid FROM pg_stat_activity WHERE datname LIKE 't\\_%' LIMIT 1"
                found = connection.execute(query).fetchone()
            assert found
            (pid,) = found
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            writers.wait(20)
    writers.ledger.check(engine)


def test_a_server_with_too_many_sessions_says_so(engine: Engine, server: Server):
    """Where the server takes no more connections, the error names it; when others have gone, the act works."""
    ledger = Ledger()
    plain = server.url.replace("+psycopg", "")
    case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
    ledger.done.append("opened")
    engine.close()
    others = []
    try:
        while True:
            others.append(psycopg.connect(plain))
    except psycopg.OperationalError:
        pass
    try:
        assert not ledger.act(engine, case, "write", "too many")
        assert "too many" in str(ledger.errors[0])
    finally:
        for other in others:
            other.close()
    eventually(lambda: engine.case(case))
    assert ledger.act(engine, case, "write", "enough")
    ledger.check(engine)


def test_a_server_that_only_reads_says_so_until_it_writes_again(engine: Engine, server: Server, url: str):
    """After a failover to a replica, or while an administrator allows no writing, acts fail with a cure; then they work
    without a new engine, although the connections were opened while the server only read.
    """
    ledger = Ledger()
    case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
    ledger.done.append("opened")
    name = url.rpartition("/")[2]
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as administrator:
        administrator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        engine.close()
        for verb in ("write", "insert", "write with a key"):
            assert not ledger.act(engine, case, verb, f"{verb} while it only reads")
        assert engine.case(case).seq == 1
        administrator.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert all("only reads" in (error.cure or "") for error in ledger.errors)
    assert all(isinstance(error, DatabaseUnreachableError) for error in ledger.errors)
    assert ledger.act(engine, case, "write", "first")
    ledger.check(engine)


@pytest.mark.parametrize("setting", ["statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"])
def test_a_server_without_patience_costs_an_act_not_the_engine(engine: Engine, server: Server, url: str, setting: str):
    """Where the server ends what takes too long, nothing of it is recorded, and the error says to try again."""
    ledger = Ledger()
    case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
    ledger.done.append("opened")
    name = url.rpartition("/")[2]
    with (
        psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as administrator,
        psycopg.connect(url.replace("+psycopg", "")) as other,
    ):
        administrator.execute(f"ALTER DATABASE {name} SET {setting} = '100ms'")
        engine.close()
        other.execute("SELECT id FROM acc_case FOR UPDATE")
        done = setting == "idle_in_transaction_session_timeout"
        if done:
            threading.Timer(0.3, other.rollback).start()
        assert ledger.act(engine, case, "write with a key", "while it is locked") == done
        other.rollback()
        administrator.execute(f"ALTER DATABASE {name} RESET {setting}")
    assert all("again" in (error.cure or "") for error in ledger.errors)
    assert ledger.act(engine, case, "write", "later")
    ledger.check(engine)


def test_a_database_that_is_dropped_and_restored_is_found_again(server: Server, tmp_path: Path):
    """An engine that lost its database says so, and works when there is one again."""
    url = fresh_database(server.url)
    with Engine(url) as engine:
        publish(engine, tmp_path)
        case = engine.start("book", by=CLERK, data={"mark": "opened"}).id
        copy = fresh_database(server.url, migrated=True)
        drop_database(server.url, url)
        with pytest.raises(DatabaseError) as caught:
            engine.fire(case, "write", by=CLERK, data={"mark": "gone"})
        assert caught.value.cure
        with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as administrator:
            administrator.execute(f"ALTER DATABASE {copy.rpartition('/')[2]} RENAME TO {url.rpartition('/')[2]}")
        publish(engine, tmp_path)
        assert engine.start("book", by=CLERK, data={"mark": "anew"}).seq == 1
        assert engine.verify().ok
    drop_database(server.url, url)
