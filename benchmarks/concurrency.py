"""What an event loop feels while many firings run: called in the loop, in threads, and against an awaited driver.

A ticker asks to be woken after a millisecond, again and again, and notes how much later it was: that is what every
other request of an asynchronous program would wait. The floor is a raw driver that sends the statements of a firing
and decides nothing, once in threads and once awaited: what lies between these two is all that an asynchronous engine
could win. All ways take turns within one run, so ratios hold on a noisy machine.

Run it with `python -m benchmarks.concurrency`. PostgreSQL is measured on a server of its own with fsync on.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from accountability import Engine
from benchmarks.firing import DATA, ENTRY, HEAD, OFFICER, WORKFLOW
from tests.postgres import fresh_database, postgres_server

CLIENTS = 32
"""Requests that are under way at the same time, each on a case of its own."""

THREADS = (4, 32)
TICK_SECONDS = 0.001

Fire = Callable[[int], Awaitable[None]]
"""Fire once, for one of the clients."""

FLOOR_READ = "SELECT state, seq, head, data FROM floor_c WHERE id = %s"
FLOOR_WRITE = """
    WITH moved AS (
        UPDATE floor_c SET seq = seq + 1, head = %(leaf)s WHERE id = %(id)s AND seq = %(seq)s RETURNING id, seq
    )
    INSERT INTO floor_e (c, seq, bytes, leaf) SELECT id, seq, %(bytes)s, %(leaf)s FROM moved
"""


@dataclass
class Felt:
    """What was measured of one way: how many firings a second, and how late the ticker was, in seconds."""

    rates: list[float] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Write one line of the table."""
        late = sorted(self.lateness)
        median, high, most = (1000 * late[int((len(late) - 1) * part)] for part in (0.5, 0.99, 1.0))
        rate = statistics.median(self.rates)
        return f"{name:<38}{rate:>9.0f}/s{median:>9.2f} ms{high:>9.2f} ms{most:>9.2f} ms"


async def tick(lateness: list[float], stop: asyncio.Event) -> None:
    """Ask to be woken soon, again and again, and note how much later it was."""
    while not stop.is_set():
        began = time.perf_counter()
        await asyncio.sleep(TICK_SECONDS)
        lateness.append(time.perf_counter() - began - TICK_SECONDS)


async def measure(fire: Fire, each: int, felt: Felt) -> None:
    """Let all clients fire, each so many times, while the ticker runs."""

    async def client(number: int) -> None:
        for _ in range(each):
            await asyncio.sleep(0)  # as any request does: it came through the loop
            await fire(number)

    stop = asyncio.Event()
    ticker = asyncio.create_task(tick(felt.lateness, stop))
    began = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    felt.rates.append(CLIENTS * each / (time.perf_counter() - began))
    stop.set()
    await ticker


def engine_firing(engine: Engine, workflow: Path) -> Callable[[int], None]:
    """Prepare a function that fires once for a client, everything on."""
    engine.migrate()
    engine.register(workflow)
    cases = [engine.start("bench", by=OFFICER, data=DATA).id for _ in range(CLIENTS)]
    turn = [False] * CLIENTS

    def fire(client: int) -> None:
        turn[client] = not turn[client]
        if turn[client]:
            engine.fire(cases[client], "ask", by=OFFICER, data={"amount": 120})
        else:
            engine.fire(cases[client], "answer", by=HEAD)

    return fire


@contextmanager
def floor(url: str) -> Iterator[Callable[[int], None]]:
    """Prepare the tables of the floor, and connections for all clients; give a function that fires once."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE floor_c (id INT PRIMARY KEY, state TEXT, seq INT, head TEXT, data TEXT)")
        connection.execute("CREATE TABLE floor_e (id BIGSERIAL PRIMARY KEY, c INT, seq INT, bytes TEXT, leaf TEXT)")
        connection.execute("CREATE UNIQUE INDEX floor_e_seq ON floor_e (c, seq)")
        for client in range(CLIENTS):
            connection.execute("INSERT INTO floor_c VALUES (%s, 'open', 0, '', '{}')", [client])
    connections = [psycopg.connect(url, autocommit=True) for _ in range(CLIENTS)]

    def fire(client: int) -> None:
        found = connections[client].execute(FLOOR_READ, [client]).fetchone()
        written = connections[client].execute(FLOOR_WRITE, floor_values(client, found))
        assert written.rowcount == 1

    yield fire
    for connection in connections:
        connection.close()


@asynccontextmanager
async def awaited_floor(url: str) -> AsyncIterator[Fire]:
    """Prepare awaited connections for all clients, on the tables of `floor`; give a function that fires once."""
    async with AsyncExitStack() as stack:
        connections = [
            await stack.enter_async_context(await psycopg.AsyncConnection.connect(url, autocommit=True))
            for _ in range(CLIENTS)
        ]

        async def fire(client: int) -> None:
            found = await (await connections[client].execute(FLOOR_READ, [client])).fetchone()
            written = await connections[client].execute(FLOOR_WRITE, floor_values(client, found))
            assert written.rowcount == 1

        yield fire


def floor_values(client: int, found: Any) -> dict[str, Any]:
    """Give what the floor writes after it has read."""
    return {"id": client, "seq": found[1], "bytes": ENTRY, "leaf": "0" * 64}


def in_loop(fire: Callable[[int], None]) -> Fire:
    """Call it in the loop, which stands still meanwhile."""

    async def fire_here(client: int) -> None:
        fire(client)

    return fire_here


def in_threads(fire: Callable[[int], None], threads: int, stack: AsyncExitStack) -> Fire:
    """Call it in one of so many threads, as `asyncio.to_thread` does."""
    pool = stack.enter_context(ThreadPoolExecutor(threads))

    async def fire_there(client: int) -> None:
        await asyncio.get_running_loop().run_in_executor(pool, fire, client)

    return fire_there


async def compare(ways: dict[str, Fire], rounds: int, each: int) -> None:
    """Let all ways take turns, and print what was felt of each."""
    felt = {name: Felt() for name in ways}
    for turn in range(rounds + 1):
        for name, fire in ways.items():
            await measure(fire, each, felt[name] if turn else Felt())  # the first round warms up
    for name in ways:
        print(felt[name].line(name))


async def run(url: str, workflow: Path, rounds: int, each: int) -> None:
    """Measure every way on one database."""
    async with AsyncExitStack() as stack:
        fire = engine_firing(stack.enter_context(Engine(url)), workflow)
        ways = {"nothing at all": in_loop(lambda _: None), "engine, called in the loop": in_loop(fire)}
        ways |= {f"engine, in {threads} threads": in_threads(fire, threads, stack) for threads in THREADS}
        if url.startswith("postgresql"):
            plain = url.replace("+psycopg", "")
            bare = stack.enter_context(floor(plain))
            ways |= {f"raw driver, in {threads} threads": in_threads(bare, threads, stack) for threads in THREADS}
            ways["raw driver, awaited"] = await stack.enter_async_context(awaited_floor(plain))
        await compare(ways, rounds, each)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="What an event loop feels while many firings run.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=20, help="firings of each client in a round")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    arguments = parser.parse_args()
    print(f"{CLIENTS} clients{'':<28}{'firings':>11}{'late: median':>12}{'p99':>12}{'most':>12}")
    with tempfile.TemporaryDirectory(dir=".") as folder:
        workflow = Path(folder, "bench.yaml")
        workflow.write_text(WORKFLOW, encoding="utf-8")
        if arguments.only in (None, "sqlite"):
            print("SQLite, WAL, synchronous FULL")
            url = f"sqlite:///{Path(folder).absolute() / 'ours.db'}"
            asyncio.run(run(url, workflow, arguments.rounds, arguments.each))
        if arguments.only in (None, "postgresql"):
            print("PostgreSQL, fsync on")
            with postgres_server(settings=()) as admin:
                asyncio.run(run(fresh_database(admin), workflow, arguments.rounds, arguments.each))


if __name__ == "__main__":
    main()
