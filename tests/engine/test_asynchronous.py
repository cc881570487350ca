"""An asynchronous program calls the engine in threads: its loop goes on, and nothing is lost when it stops waiting."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from accountability import Case, Engine, InputError
from tests.engine.conftest import CLERK, REVIEWER

STEPS = 100


@pytest.fixture
def host(engine: Engine, database_url: str) -> Iterator[sa.Engine]:
    """Give the engine of a host application on the same database."""
    host = sa.create_engine(database_url)
    yield host
    host.dispose()


def rate(engine: Engine, case: Case, began: threading.Event, **options: Any) -> Case:
    """Act on a case, and tell that it begins."""
    began.set()
    return engine.fire(case.id, "rate", by=REVIEWER, data={"level": 3}, **options)


async def go_on(began: threading.Event) -> None:
    """Let the loop go on until something has begun in a thread, and then for many steps more."""
    await asyncio.to_thread(began.wait)
    for _ in range(STEPS):
        await asyncio.sleep(0.001)


def run_beside_a_lock(
    engine: Engine, host: sa.Engine, case: Case, waits: Callable[[Session], Coroutine[Any, Any, Case]]
) -> Case:
    """Run a program in a loop while a transaction, which it may commit, holds the case."""
    with Session(host) as session:
        engine.fire(case.id, "take", by=REVIEWER, session=session)
        return asyncio.run(waits(session))


def test_the_loop_goes_on_while_a_firing_waits(engine: Engine, host: sa.Engine, grant: Case) -> None:
    """As long as somebody else holds the case the firing cannot end; the loop takes all its steps meanwhile."""

    async def program(session: Session) -> Case:
        began = threading.Event()
        firing = asyncio.create_task(asyncio.to_thread(rate, engine, grant, began))
        await go_on(began)
        assert not firing.done()
        session.commit()
        return await firing

    assert run_beside_a_lock(engine, host, grant, program).seq == 3
    assert engine.verify().ok


def test_an_act_whose_waiter_was_cancelled_is_done_once(engine: Engine, host: sa.Engine, grant: Case) -> None:
    """The thread goes on when nobody waits for it any more; asking again with the same key gives that act's result."""

    async def program(session: Session) -> Case:
        began = threading.Event()
        firing = asyncio.create_task(asyncio.to_thread(rate, engine, grant, began, key="form-17"))
        await go_on(began)
        firing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await firing
        session.commit()
        return await asyncio.to_thread(rate, engine, grant, began, key="form-17")

    assert run_beside_a_lock(engine, host, grant, program).seq == 3
    assert [entry.trigger for entry in engine.history(grant.id)] == ["apply", "take", "rate"]


def test_many_acts_at_once_are_applied_once_and_in_order(engine: Engine, grant: Case) -> None:
    """A semaphore bounds how many threads work; every act finds its place in the chain."""

    async def program() -> list[Case]:
        at_once = asyncio.Semaphore(4)

        async def act() -> Case:
            async with at_once:
                return await asyncio.to_thread(rate, engine, grant, threading.Event())

        return await asyncio.gather(*(act() for _ in range(40)))

    assert sorted(case.seq for case in asyncio.run(program())) == list(range(2, 42))
    assert engine.verify().ok


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_session_that_has_to_be_awaited_is_refused(engine: Engine, database_url: str) -> None:
    """This is what `run_sync` hands over: it looks like a session, and would answer with coroutines."""
    awaited = sa.create_engine(database_url.replace("+psycopg:", "+psycopg_async:"))
    with Session(awaited) as session, pytest.raises(InputError, match="asynchronous") as wrong:
        engine.start("grant", by=CLERK, data={"purpose": "a bridge", "amount": "400"}, session=session)
    assert "thread" in str(wrong.value.cure)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_asynchronous_session_is_refused_however_it_is_given(engine: Engine, grant: Case, database_url: str) -> None:
    """As it is, its inner session, or from `run_sync`: each says what to do instead, and nothing is done."""
    pytest.importorskip("greenlet", reason="SQLAlchemy awaits only where greenlet is installed")
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    def fire(session: Any) -> Case:
        return engine.fire(grant.id, "take", by=REVIEWER, session=session)

    async def program() -> None:
        awaited = create_async_engine(database_url)
        async with AsyncSession(awaited) as session:
            for given in (session, session.sync_session, await session.connection()):
                with pytest.raises(InputError, match=r"Async(Session|Connection)|asynchronous"):
                    fire(given)
            with pytest.raises(InputError, match="asynchronous"):
                await session.run_sync(fire)
            await session.commit()
        await awaited.dispose()

    asyncio.run(program())
    assert engine.case(grant.id).seq == 1
