"""Ticks and workers: everything due is done, once, however many work on it and whoever is stopped on the way."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accountability import DatabaseVersionError, Engine, ManualClock
from accountability.engine import ticking
from tests.engine.desk import ANN, opened_desk
from tests.engine.test_deadlines import LETTER


def office(url: str, folder: Path, cases: int) -> list[str]:
    """Open so many letters on the 9th of February 2015."""
    (folder / "letter.yaml").write_text(LETTER)
    with Engine(url, clock=ManualClock("2015-02-09T09:00+08:00")) as engine:
        engine.migrate()
        engine.register(folder)
        return [engine.start("letter", by=ANN).id for _ in range(cases)]


def breaches(engine: Engine) -> Counter[str]:
    """Count how often each case was breached."""
    return Counter(entry.case for entry in engine.history() if entry.trigger == "breach")


def test_a_tick_does_everything_that_is_due_in_bounded_batches(database_url: str, tmp_path: Path, monkeypatch):
    """More cases than one transaction takes are all brought up to date by one tick."""
    monkeypatch.setattr(ticking, "BATCH", 3)
    cases = office(database_url, tmp_path, 10)
    with Engine(database_url, clock=ManualClock("2015-03-09T09:00+08:00")) as engine:
        assert engine.tick().deadlines == 2 * len(cases)
        assert breaches(engine) == Counter(cases)
        assert {case.state for case in engine.cases()} == {"escalated"}
        assert engine.tick().deadlines == 0
        assert engine.verify().ok


def test_many_workers_share_the_work(database_url: str, tmp_path: Path):
    """Four workers on one database breach every deadline once, between them."""
    cases = office(database_url, tmp_path, 40)

    def tick(_: int) -> int:
        with Engine(database_url, clock=ManualClock("2015-03-09T09:00+08:00")) as engine:
            return engine.tick().deadlines

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(tick, range(4)))
    with Engine(database_url, clock=ManualClock("2015-03-09T09:00+08:00")) as engine:
        assert sum(done) + engine.tick().deadlines == 2 * len(cases)
        assert breaches(engine) == Counter(cases)
        assert engine.verify().ok


def test_a_case_that_cannot_be_read_hinders_no_other(tmp_path: Path):
    """It is left as it is, and the rest is brought up to date."""
    with opened_desk(tmp_path, LETTER) as desk:
        cases = [desk.engine.start("letter", by=ANN).id for _ in range(5)]
        with desk.owned() as connection:
            connection.execute("UPDATE acc_case SET data = '{' WHERE id = ?", (cases[2],))
        desk.clock.advance(days=30)
        ticked = desk.engine.tick()
        assert (ticked.deadlines, ticked.failed) == (8, 1)
        assert sorted(breaches(desk.engine)) == sorted(cases[:2] + cases[3:])


def test_a_worker_stops_when_it_is_told_to(database_url: str, tmp_path: Path):
    """It works until then, and ends what it has begun."""
    cases = office(database_url, tmp_path, 3)
    stop = threading.Event()
    with Engine(database_url, clock=ManualClock("2015-03-09T09:00+08:00")) as engine:
        worker = threading.Thread(target=engine.work, args=(stop, 0.01))
        worker.start()
        while len(breaches(engine)) < len(cases):
            stop.wait(0.01)
        stop.set()
        worker.join(30)
        assert not worker.is_alive()


def test_a_worker_whose_database_is_gone_ends_and_says_so(tmp_path: Path):
    """Neither of its threads goes on as if all were well, and none dies unheard."""
    with opened_desk(tmp_path, LETTER) as desk:
        ticked, stop = threading.Event(), threading.Event()
        desk.engine.subscribe(lambda _: ticked.set(), name="first")
        with ThreadPoolExecutor(1) as pool:
            worker = pool.submit(desk.engine.work, stop, 0.01)
            assert ticked.wait(60)
            for file in desk.database.parent.glob("record.db*"):
                file.unlink()
            with pytest.raises(DatabaseVersionError, match="there is no database"):
                worker.result(60)
        assert stop.is_set()


def test_a_slow_subscriber_keeps_no_deadline_waiting(tmp_path: Path):
    """While a handler is being called, a worker goes on with what is due."""
    with opened_desk(tmp_path, LETTER) as desk:
        called, go_on, stop = threading.Event(), threading.Event(), threading.Event()

        def hangs(_: object) -> None:
            called.set()
            go_on.wait(60)

        desk.engine.subscribe(hangs, name="hangs")
        worker = threading.Thread(target=desk.engine.work, args=(stop, 0.01))
        worker.start()
        assert called.wait(60)
        cases = [desk.engine.start("letter", by=ANN).id for _ in range(3)]
        desk.clock.advance(days=30)
        while len(breaches(desk.engine)) < len(cases):
            stop.wait(0.01)
        go_on.set()
        stop.set()
        worker.join(60)
        assert not worker.is_alive()


def test_a_case_that_is_woken_for_nothing_sleeps_again(tmp_path: Path):
    """Where somebody asked for a look and nothing is due, nothing is recorded, and the next look is due in time."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        with desk.owned() as connection:
            connection.execute("UPDATE acc_case SET wake = '2015-02-09T00:00:00.000000Z'")
        assert desk.problems() == {}
        assert desk.engine.tick().deadlines == 0
        with desk.owned() as connection:
            assert connection.execute("SELECT wake FROM acc_case").fetchone() == ("2015-02-11T16:00:00.000000Z",)
        with desk.owned() as connection:
            connection.execute("UPDATE acc_case SET wake = '2016-02-11T16:00:00.000000Z'")
        assert desk.problems() == {"cases": "violated"}
        assert desk.engine.case(case.id).seq == 1


TOWN = """\
calendar: town
version: {version}
base: cn
festivals: {{fair: Fair}}
notices:
  - announces: 2015
    number: "{version}"
    date: 2015-02-0{version}
    {days}
"""


@pytest.mark.parametrize(
    ("days", "moved"), [("holidays: {fair: 2015-02-12}", True), ("work: [2015-02-14]", False)], ids=["later", "earlier"]
)
def test_a_newer_calendar_reaches_running_deadlines_through_entries_alone(tmp_path: Path, days: str, moved: bool):
    """A published edition is worked in by the next tick, each change an entry; no date becomes earlier than told."""
    with opened_desk(tmp_path) as desk:
        town = desk.folder / "calendars" / "town.yaml"
        town.parent.mkdir()
        town.write_text(TOWN.format(version=1, days="holidays: {fair: 2015-06-01}"))
        desk.publish(LETTER.replace("calendar: weekdays", "calendar: town"))
        case = desk.engine.start("letter", by=ANN)
        before = case.deadlines[0].due
        town.write_text(TOWN.format(version=2, days=days))
        desk.clock.advance(hours=1)
        desk.engine.register(desk.folder)
        assert desk.engine.case(case.id).deadlines == case.deadlines
        desk.engine.tick()

        after = desk.engine.case(case.id).deadlines[0].due
        recomputed = [entry.actor.id for entry in desk.engine.history(case.id) if entry.trigger == "recompute"]
        assert (after > before, recomputed) == ((True, ["system"]) if moved else (False, []))
        assert desk.problems() == {}
        assert desk.engine.replay(case.id, seq=1).deadlines[0].due == before
        assert desk.engine.replay(case.id).deadlines[0].due == after
