"""What one firing costs when there is much: in a long case, and among very many cases.

Each comparison is a ratio of two firings that take turns within one run: in a case with ten entries and in one with
thousands; in a database with a thousand cases and in one with a million. In the second the firing is also measured on a
case that nobody has touched before, chosen by chance, so that its rows and index pages are not at hand already.

Run it with `python -m benchmarks growth`. It also prints how each database finds the rows of each statement. The
flush to the disk costs the same everywhere and would hide what grows: PostgreSQL runs without it, and SQLite's files
lie in memory where the computer offers that.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from accountability import Engine
from benchmarks.firing import DATA, DEADLINE, HEAD, OFFICER, WORKFLOW
from tests.postgres import fresh_database, postgres_server
from tests.store.crowd import copied_id, crowd, take_stock
from tests.store.plans import plans

ENTRIES_FEW, CASES_FEW = 10, 1_000
ENTRIES_EACH = 3
"""How many entries a copied case has: it was opened, and went there and back."""

WARM_UP = 50
RATIO_MAX = 1.3
MEMORY = Path("/dev/shm")
KINDS = ("sqlite", "postgresql")

Firing = Callable[[], object]


def turns(engine: Engine, case: str) -> Iterator[Firing]:
    """Give one firing after the other on a case, there and back."""
    while True:
        yield lambda: engine.fire(case, "ask", by=OFFICER, data={"amount": 120})
        yield lambda: engine.fire(case, "answer", by=HEAD)


def untouched(engine: Engine, case: str, count: int) -> Iterator[Firing]:
    """Give one firing on each copy of a case, in an order of chance."""
    numbers = list(range(count))
    random.Random(2015).shuffle(numbers)
    for number in numbers:
        yield next(turns(engine, copied_id(case, number)))


def compare(name: str, little: Iterator[Firing], much: Iterator[Firing], rounds: int) -> float:
    """Let both take turns, print their lower quartiles, which neighbours disturb least, and return the ratio."""
    few, many = (little, []), (much, [])
    for number in range(WARM_UP + rounds):
        for firings, times in (few, many) if number // 2 % 2 else (many, few):
            fire = next(firings)
            began = time.perf_counter()
            fire()
            times.append(time.perf_counter() - began)
    low, high = (statistics.quantiles(times[WARM_UP:])[0] * 1e6 for _, times in (few, many))
    print(f"  {name:<58}{low:>7.0f} us{high:>8.0f} us{high / low:>7.2f} x")
    return high / low


@contextmanager
def ready(url: str, workflow: Path) -> Iterator[Engine]:
    """Give an engine with tables and the procedure."""
    with Engine(url) as engine:
        engine.migrate()
        engine.register(workflow)
        yield engine


def opened(engine: Engine, entries: int) -> tuple[str, Iterator[Firing]]:
    """Open a case and fire until it has so many entries; give it, and how it goes on."""
    case = engine.start("bench", by=OFFICER, data=DATA).id
    firings = turns(engine, case)
    for fire in islice(firings, entries - 1):
        fire()
    return case, firings


def by_length(url: str, workflow: Path, entries: int, rounds: int) -> float:
    """Compare a short case with a long one, in one database. The short one is replaced before it grows long."""
    with ready(url, workflow) as engine:
        _, long = opened(engine, entries)

        def short() -> Iterator[Firing]:
            while True:
                yield from islice(opened(engine, ENTRIES_FEW)[1], ENTRIES_FEW)

        return compare(f"{ENTRIES_FEW} and {entries:,} entries in the case", short(), long, rounds)


def by_number(urls: tuple[str, str], workflow: Path, cases: int, rounds: int) -> list[float]:
    """Compare a small database with a large one."""
    with ready(urls[0], workflow) as little, ready(urls[1], workflow) as much:
        (few, here), (many, there) = opened(little, ENTRIES_EACH), opened(much, ENTRIES_EACH)
        for url, case, count in ((urls[0], few, CASES_FEW), (urls[1], many, cases)):
            crowd(url, case, count)
            take_stock(url)
        name = f"{CASES_FEW:,} and {cases:,} cases"
        return [
            compare(f"{name}, the same case", here, there, rounds),
            compare(
                f"{name}, each time another",
                untouched(little, few, CASES_FEW),
                untouched(much, many, cases),
                min(rounds, CASES_FEW - WARM_UP),
            ),
        ]


def show_plans(url: str, workflow: Path) -> None:
    """Print how the database finds the rows of each statement."""
    with ready(url, workflow) as engine:
        case, _ = opened(engine, ENTRIES_EACH)
    crowd(url, case, CASES_FEW * 10, whole=True)
    take_stock(url)
    for what, plan in plans(url, copied_id(case, CASES_FEW)).items():
        print(f"  {what}")
        for line in plan.text.splitlines() or ["(reads nothing)"]:
            print(f"      {line}")


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Give a maker of empty databases of a kind."""
    if kind == "sqlite":
        yield lambda: f"sqlite:///{folder / f'{len(list(folder.iterdir()))}.db'}"
        return
    with postgres_server(settings=("fsync=off", "autovacuum=off", "max_wal_size=4GB")) as admin:
        yield lambda: fresh_database(admin)


def main(given: list[str] | None = None) -> None:
    """Measure what was asked for; fail where a firing grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks growth", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=900)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--plans", action="store_true", help="print the plans alone")
    arguments = parser.parse_args(given)
    ratios: list[float] = []
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else ".") as name:
        folder = Path(name)
        workflow = folder / "bench.yaml"
        workflow.write_text(WORKFLOW + DEADLINE, encoding="utf-8")
        for kind in KINDS if arguments.only is None else (arguments.only,):
            with databases(kind, folder) as new:
                print(f"\n{kind}")
                if not arguments.plans:
                    ratios.append(by_length(new(), workflow, arguments.entries, arguments.rounds))
                    ratios += by_number((new(), new()), workflow, arguments.cases, arguments.rounds)
                show_plans(new(), workflow)
    if ratios and max(ratios) > RATIO_MAX:
        raise SystemExit(f"a firing grows: {max(ratios):.2f} x, at most {RATIO_MAX} x are allowed")
