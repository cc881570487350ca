"""The day on which somebody acts, in guards: that of the workflow's zone, and the same on replay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability import Actor, Engine, ManualClock, Refused

CLERK = Actor("ann", {"clerk"})
BAR = """\
workflow: bar
version: 1
{head}
roles: {{clerk: Clerk}}
data: {{until: {{type: date}}, laid: {{type: date}}}}
start: {{trigger: lay, by: clerk, needs: until, when: input.until >= today, sets: {{laid: today}}}}
initial: active
states: {{active: , ended: {{final: true}}}}
transitions:
  end: {{from: active, to: ended, by: clerk, when: today > data.until}}
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock("2015-03-01T16:30Z")


@pytest.fixture
def engine(database_url: str, clock: ManualClock) -> Iterator[Engine]:
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        yield engine


def registered(engine: Engine, folder: Path, head: str) -> None:
    (folder / "bar.yaml").write_text(BAR.format(head=head))
    engine.register(folder)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("zone: Asia/Shanghai", "2015-03-02"),
        ("calendar: cn", "2015-03-02"),
        ("zone: America/New_York", "2015-03-01"),
        ("calendar: every_day", "2015-03-01"),
    ],
)
def test_the_day_is_that_of_the_zone(engine: Engine, tmp_path: Path, clock: ManualClock, head: str, day: str):
    """Half past four in the afternoon in Greenwich is already the next day in Gaotai, and not yet in New York."""
    registered(engine, tmp_path, head)
    case = engine.start("bar", by=CLERK, data={"until": day})

    assert case.data["laid"] == day
    with pytest.raises(Refused):
        engine.fire(case.id, "end", by=CLERK)
    clock.advance(days=1)
    assert engine.fire(case.id, "end", by=CLERK).closed
    assert engine.replay(case.id) == engine.case(case.id)
    assert engine.verify().ok


def test_what_ended_yesterday_is_not_laid_today(engine: Engine, tmp_path: Path):
    """A restraint that is over before it begins is a slip of the pen, and refused with the values that show it."""
    registered(engine, tmp_path, "calendar: cn")
    with pytest.raises(Refused) as refused:
        engine.start("bar", by=CLERK, data={"until": "2015-03-01"})

    assert refused.value.reasons[0].message == (
        "input.until >= today: false (input.until is 2015-03-01, today is 2015-03-02)"
    )


def test_options_know_the_day(engine: Engine, tmp_path: Path, clock: ManualClock):
    """Who asks what may be done is told that the day has not come, and then that it has."""
    registered(engine, tmp_path, "calendar: cn")
    case = engine.start("bar", by=CLERK, data={"until": "2015-03-02"})

    assert not {option.trigger: option.allowed for option in engine.options(case.id, by=CLERK)}["end"]
    clock.advance(days=1)
    assert {option.trigger: option.allowed for option in engine.options(case.id, by=CLERK)}["end"]
