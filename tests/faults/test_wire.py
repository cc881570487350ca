"""The connection to PostgreSQL breaks: before a statement, within it, and before its answer."""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from accountability import DatabaseUnreachableError, Engine
from accountability.store.postgresql import Postgresql
from tests.faults.ledger import CLERK, VERBS, Ledger, Writers, publish
from tests.faults.proxy import CUTS, Proxy
from tests.postgres import Server

ROUNDS = [pytest.param(5, id="few"), pytest.param(200, id="many", marks=pytest.mark.soak)]


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    """Stand between the engine and the server."""
    with Proxy(make_url(url).port or 0) as made:
        yield made


@pytest.fixture
def distant(url: str, proxy: Proxy, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine that reaches its server through the proxy alone."""
    with Engine(proxy.url(url)) as made:
        publish(made, tmp_path)
        yield made


@pytest.fixture
def case(distant: Engine, ledger: Ledger) -> str:
    """Open a case."""
    ledger.done.append("opened")
    return distant.start("book", by=CLERK, data={"mark": "opened"}).id


@pytest.fixture
def ledger() -> Ledger:
    """Note what comes of every act."""
    return Ledger()


@contextmanager
def acquainted(url: str, proxy: Proxy, case: str) -> Iterator[Engine]:
    """Give a new engine with one open connection: what it sends then is the same each time, and is counted from 1."""
    with Engine(proxy.url(url)) as engine:
        engine.case(case)
        proxy.count()
        yield engine


@pytest.mark.parametrize("verb", VERBS)
def test_a_connection_may_break_at_every_message_of_an_act(
    distant: Engine, url: str, proxy: Proxy, case: str, ledger: Ledger, verb: str
):
    """Wherever it breaks, the act is in the record once, or not at all. As long as nothing was to be committed the
    engine begins again by itself, and nobody notices; with a key also after that.
    """
    with acquainted(url, proxy, case) as engine:
        assert ledger.act(engine, case, verb, "counted")
        length = proxy.messages
    assert length >= 2
    keyed = "key" in verb
    for message, cut in product(range(1, length + 1), CUTS):
        with acquainted(url, proxy, case) as engine:
            proxy.arm(message, cut)
            done = ledger.act(engine, case, verb, f"{message} {cut}")
            assert done == (keyed or message < length), f"message {message} of {length}, cut {cut}"
            assert ledger.act(engine, case, verb, f"after {message} {cut}")
    assert ledger.failed == []
    assert len(ledger.unknown) == (0 if keyed else len(CUTS))
    ledger.check(distant)


def test_a_connection_may_break_while_it_is_made(distant: Engine, url: str, proxy: Proxy, case: str, ledger: Ledger):
    """From the first contact on, an engine fails in our words or goes on; the next act works."""
    proxy.count()
    with Engine(proxy.url(url)) as engine:
        assert ledger.act(engine, case, "write", "counted")
        length = proxy.messages
    for message, cut in product(range(1, length + 1), CUTS):
        with Engine(proxy.url(url)) as engine:
            proxy.arm(message, cut)
            ledger.act(engine, case, "write", f"{message} {cut}")
            proxy.count()
            assert ledger.act(engine, case, "write", f"after {message} {cut}")
    assert len(ledger.unknown) == len(CUTS)
    ledger.check(distant)


def test_a_lost_answer_is_said_to_be_lost(distant: Engine, url: str, proxy: Proxy, case: str):
    """When the commit was sent and no answer came, the error says that nobody knows, and how to find out."""
    with acquainted(url, proxy, case) as engine:
        engine.fire(case, "write", by=CLERK, data={"mark": "counted"})
        last = proxy.messages
    for cut in CUTS:
        with acquainted(url, proxy, case) as engine:
            proxy.arm(last, cut)
            with pytest.raises(DatabaseUnreachableError) as caught:
                engine.fire(case, "write", by=CLERK, data={"mark": cut})
        assert caught.value.outcome_unknown
        assert "key" in (caught.value.cure or "")
    assert [entry.data["mark"] for entry in distant.history(case)] == ["opened", "counted", "after"]


def test_what_was_cut_while_nobody_used_it_is_found_again(distant: Engine, proxy: Proxy, case: str, ledger: Ledger):
    """An idle connection that was lost is not noticed by anybody, reader or writer."""
    for number in range(3):
        proxy.cut_all()
        assert distant.case(case).id == case
        proxy.cut_all()
        assert ledger.act(distant, case, "write", f"cut {number}")
    for cut in CUTS:
        proxy.arm(1, cut)
        assert distant.case(case).id == case
    ledger.check(distant)


def test_a_reading_that_is_cut_says_so(url: str, proxy: Proxy, case: str):
    """In the middle of a reading the error is ours, and the next reading works."""
    for message, cut in product((3, 4), CUTS):
        with acquainted(url, proxy, case) as engine:
            proxy.arm(message, cut)
            with pytest.raises(DatabaseUnreachableError) as caught:
                engine.case(case)
            assert caught.value.cure
            assert not caught.value.outcome_unknown
            assert engine.case(case).id == case


def test_the_operating_system_watches_over_silent_connections(url: str):
    """A computer that is gone says no farewell: unanswered data and idle waiting end within two minutes."""
    connection = Postgresql(make_url(url)).connect()
    options = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        known = {name: seconds for name, seconds in options.items() if hasattr(socket, name)}
        set_to = {name: wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in known}
    connection.close()
    assert set_to == known


@pytest.mark.parametrize("rounds", ROUNDS)
def test_wires_are_cut_at_random_under_load(distant: Engine, proxy: Proxy, rounds: int):
    """Writers of all kinds go on, and the record holds what they were told."""
    chance = random.Random(2015)
    writers = Writers(distant, 4)
    with writers:
        for number in range(rounds):
            writers.wait(3)
            if number % 3:
                proxy.arm(chance.randrange(1, 40), chance.choice(CUTS))
                time.sleep(chance.random() * 0.02)
            else:
                proxy.cut_all()
        proxy.count()
        writers.wait(20)
    writers.ledger.check(distant)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_server_ends_connections_at_random_under_load(engine: Engine, server: Server, rounds: int):
    """An administrator who ends every session costs an act at most, never the record."""
    chance = random.Random(1949)
    writers = Writers(engine, 4)
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as administrator, writers:
        for _ in range(rounds):
            writers.wait(3)
            time.sleep(chance.random() * 0.02)
            administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 't\\_%'")
        writers.wait(20)
    assert not [error for error in writers.ledger.errors if not error.outcome_unknown]
    writers.ledger.check(engine)
