"""The computer's clock is set back, runs ahead, or jumps: the record keeps its order, and deadlines pass once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from accountability import Engine, ManualClock
from tests.faults.ledger import CLERK, VERBS, Ledger, Writers, publish
from tests.faults.test_killed import OPENED, PROMISE, times


class JumpingClock:
    """Tell the computer's time, but up to a day wrong, and differently each time it is asked."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def now(self) -> datetime:
        """Return a moment near the present one."""
        return datetime.now(UTC) + timedelta(seconds=self._chance.uniform(-86_400, 86_400))


def assert_ordered(engine: Engine) -> None:
    """Hold that time goes on within every chain."""
    chains: dict[str, list[datetime]] = {}
    for entry in engine.history():
        chains.setdefault(entry.case, []).append(entry.at)
    assert all(before < after for chain in chains.values() for before, after in pairwise(chain))


def test_a_clock_that_is_set_back_does_not_turn_the_record_round(database_url: str, tmp_path: Path):
    """After a jump back by a year, acts are recorded just after the ones before them, and new cases at the clock."""
    clock = ManualClock(OPENED)
    with Engine(database_url, clock=clock) as engine:
        publish(engine, tmp_path)
        ledger = Ledger(["opened"])
        case = engine.start("book", by=CLERK, data={"mark": "opened"})
        clock.set("2014-02-09T09:00Z")
        for verb in VERBS:
            assert ledger.act(engine, case.id, verb, f"{verb} after the jump")
        assert engine.case(case.id).updated_at - case.opened_at < timedelta(seconds=1)
        assert_ordered(engine)
        ledger.check(engine)


def test_an_engine_beside_one_whose_clock_is_ahead_goes_on(database_url: str, tmp_path: Path):
    """Two computers a month apart act in turn on one case; the later moment counts, and nobody waits for the other."""
    early, late = ManualClock(OPENED), ManualClock("2015-03-09T09:00Z")
    with Engine(database_url, clock=early) as one, Engine(database_url, clock=late) as other:
        publish(one, tmp_path)
        ledger = Ledger(["opened"])
        case = other.start("book", by=CLERK, data={"mark": "opened"}).id
        for number, verb in enumerate(VERBS * 2):
            assert ledger.act((one, other)[number % 2], case, verb, f"{number}")
        assert_ordered(one)
        ledger.check(other)


def test_a_jumping_clock_under_load_leaves_an_ordered_record(database_url: str, tmp_path: Path):
    """Every reading of the clock is wrong by up to a day, for all writers; the record verifies all the same."""
    with Engine(database_url, clock=JumpingClock(2015)) as engine:
        publish(engine, tmp_path)
        writers = Writers(engine, 3)
        with writers:
            writers.wait(100)
        assert_ordered(engine)
        writers.ledger.check(engine)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=40)], ids=["an hour", "before the opening"])
def test_a_clock_that_is_set_back_lets_no_deadline_pass_twice(database_url: str, tmp_path: Path, back: timedelta):
    """What was breached stays breached once; what was not yet due is due when the clock gets there again."""
    (tmp_path / "promise.yaml").write_text(PROMISE)
    clock = ManualClock(OPENED)
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        engine.register(tmp_path)
        first = engine.start("promise", by=CLERK).id
        clock.advance(days=2)
        engine.tick()
        second = engine.start("promise", by=CLERK).id
        clock.advance(days=2)
        engine.tick()
        clock.advance(-back)
        engine.tick()
        engine.fire(first, "keep", by=CLERK)
        for _ in range(60):
            engine.tick()
            clock.advance(days=1)
        for trigger in ("warn", "breach", "escalate"):
            assert times(engine, trigger) == Counter([first, second])
        assert_ordered(engine)
        assert engine.verify().ok


def test_a_worker_whose_clock_is_ahead_breaches_once_for_all(database_url: str, tmp_path: Path):
    """A breach that was recorded too early, by a wrong clock, is in the record as it was told, and is not repeated."""
    (tmp_path / "promise.yaml").write_text(PROMISE)
    right, ahead = ManualClock(OPENED), ManualClock("2015-02-20T09:00Z")
    with Engine(database_url, clock=right) as engine, Engine(database_url, clock=ahead) as wrong:
        engine.migrate()
        engine.register(tmp_path)
        case = engine.start("promise", by=CLERK).id
        wrong.tick()
        for _ in range(20):
            right.advance(days=1)
            engine.tick()
        assert [entry.trigger for entry in engine.history(case)][1:] == ["breach", "escalate"]
        assert engine.verify().ok
