"""Deadlines that count from a day the case gives, through the engine: told, kept, breached, replayed, explained."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from accountability import Actor, Case, Deadline, Engine, ManualClock, Refused
from accountability.calendars.explanation import explained

CLERK = Actor("ann", {"clerk"})
LIST = """\
workflow: quarterly_list
version: 1
calendar: cn
roles: {clerk: Clerk}
data: {period_end: {type: date}, review: {type: datetime}}
start: {trigger: owe, by: clerk, needs: period_end, accepts: review}
initial: owed
states: {owed: , overdue: , filed: {final: true}}
transitions:
  file: {from: [owed, overdue], to: filed, by: clerk}
  fall_overdue: {from: owed, to: overdue, by: system}
  look: {from: owed, by: clerk, when: has(data.review)}
deadlines:
  filing: {starts: owe, anchor: data.period_end, within: 10 working days, on_breach: fall_overdue}
  keeping: {starts: filed, anchor: data.period_end, within: 2 years, window: true}
  reviewing: {starts: look, anchor: data.review, within: 36 hours}
"""
BAR = """\
workflow: bar
version: 1
calendar: weekdays
zone: Asia/Shanghai
roles: {clerk: Clerk}
data: {until: {type: date}}
start: {trigger: lay, by: clerk, needs: until}
initial: active
states: {active: , expired: {final: true}}
transitions:
  expire: {from: active, to: expired, by: system}
deadlines:
  expiry: {starts: lay, anchor: data.until, window: true, on_breach: expire}
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock("2015-03-02T09:00+08:00")


@pytest.fixture
def engine(database_url: str, tmp_path: Path, clock: ManualClock):
    (tmp_path / "quarterly_list.yaml").write_text(LIST)
    (tmp_path / "bar.yaml").write_text(BAR)
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        engine.register(tmp_path)
        yield engine


def of(case: Case, name: str) -> Deadline:
    return next(deadline for deadline in case.deadlines if deadline.id == name)


def test_a_period_counts_from_the_day_that_the_case_gives(engine: Engine, clock: ManualClock):
    """The first quarter ends on 31 March 2015; ten working days later, without Qingming, it is 15 April."""
    case = engine.start("quarterly_list", by=CLERK, data={"period_end": "2015-03-31"})

    assert of(case, "filing").due == date(2015, 4, 15)
    clock.set("2015-04-16T00:00+08:00")
    engine.tick()
    assert engine.case(case.id).state == "overdue"
    assert engine.verify().ok


def test_the_derivation_names_what_gave_the_day_in_both_languages(engine: Engine):
    """Who asks why the list is due is told which day it was counted from, and who said so."""
    case = engine.start("quarterly_list", by=CLERK, data={"period_end": "2015-03-31"})

    derivation = of(case, "filing").derivation
    assert derivation["anchored"] == "data.period_end"
    assert derivation["start"] == "2015-03-31"
    assert "`data.period_end`" in explained(derivation, "en")[0]
    assert "`data.period_end`" in explained(derivation, "zh")[0]


def test_what_is_due_on_a_given_day_ends_with_that_day_though_it_is_a_day_off(engine: Engine, clock: ManualClock):
    """Without `within`, the day itself is the last one, and a restriction is not made longer by a weekend."""
    case = engine.start("bar", by=CLERK, data={"until": "2015-03-14"})  # a Saturday

    assert of(case, "expiry").due == date(2015, 3, 14)
    assert explained(of(case, "expiry").derivation, "en")[0] == "The day is given by the case: `data.until`."
    clock.set("2015-03-14T23:59+08:00")
    engine.tick()
    assert engine.case(case.id).state == "active"
    clock.set("2015-03-15T00:00+08:00")
    engine.tick()
    assert engine.case(case.id).state == "expired"
    assert engine.replay(case.id).state == "expired"
    assert engine.verify().ok


def test_a_day_that_has_passed_already_is_over_at_once(engine: Engine, clock: ManualClock):
    """Whoever enters a list too late sees at the next look that it is overdue; nothing is hidden by entering it."""
    case = engine.start("quarterly_list", by=CLERK, data={"period_end": "2014-12-31"})

    clock.advance(seconds=1)
    case = engine.fire(case.id, "file", by=CLERK)
    assert (of(case, "filing").status, of(case, "filing").late) == ("met", True)
    assert [entry.trigger for entry in engine.history(case.id)] == ["owe", "breach", "fall_overdue", "file"]
    assert engine.verify().ok


def test_hours_count_from_the_moment_that_the_case_gives(engine: Engine):
    """36 hours after the moment of the review, whenever somebody looks."""
    case = engine.start(
        "quarterly_list", by=CLERK, data={"period_end": "2015-03-31", "review": "2015-03-05T10:00:00+08:00"}
    )
    case = engine.fire(case.id, "look", by=CLERK)

    assert of(case, "reviewing").until == datetime(2015, 3, 6, 14, tzinfo=UTC)
    assert engine.verify().ok


def test_a_day_from_which_nothing_can_be_counted_is_refused(engine: Engine):
    """A date that leaves the calendar refuses the act, with its reason, instead of failing."""
    with pytest.raises(Refused, match="cannot be worked out"):
        engine.start("quarterly_list", by=CLERK, data={"period_end": "9999-12-31"})
