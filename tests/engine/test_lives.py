"""Random lives of a case with five deadlines that cross each other: whatever happens, the record proves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability import Actor, Refused
from accountability.testing.rehearsal import Rehearsal, prepared
from tests.engine.desk import ANN, BOB

LAW = """\
workflow: life
version: 1
calendar: cn
roles: {clerk: Clerk, head: Head}
data: {number: {type: integer, default: 0}}
start: {by: clerk}
initial: new
states:
  new:
  work: {initial: one, states: {one: , two: }}
  still:
  escalated:
  done: {final: true}
transitions:
  take: {from: new, to: work, by: clerk}
  forward: {from: work.one, to: work.two, by: clerk}
  back: {from: work.two, to: work.one, by: clerk}
  again: {from: work, to: work.one, by: clerk}
  hold: {from: [new, work], to: still, by: clerk}
  go_on: {from: still, to: {history: work}, by: clerk}
  escalate: {from: [new, work], to: escalated, by: system}
  rest: {from: work, to: still, by: system}
  mark: {from: any, by: system}
  finish: {from: [work, escalated], to: done, by: clerk, signatures: 2}
  reopen: {from: done, to: work, by: head}
  remark: {from: [any, done], by: clerk, accepts: number}
deadlines:
  answer:
    starts: start
    within: 5 working days
    warn: [2 days, 1 working day]
    paused_in: still
    extend: {trigger: longer_answer, by: head, times: 2, up_to: 5 working days}
    on_breach: escalate
    ends: [escalated, done]
  work:
    starts: work
    within: 1 month
    paused_in: [still, work.two]
    extend: {trigger: longer_work, by: head, up_to: 10 days}
    on_breach: rest
    ends: done
  report:
    starts: take
    fallback: {starts: start, plus: 7 days}
    within: 10 days
    roll: none
    paused_in: still
    ends: done
  stay: {starts: still, within: 48 hours, window: true, ends: go_on, on_breach: mark}
  remarks: {starts: remark, within: 36 hours, warn: 6 hours, paused_in: work.two, ends: done}
"""
CAT = Actor("cat", {"clerk"})
ACTS = (
    *("take", "forward", "back", "again", "hold", "go_on", "finish", "reopen", "remark", "note"),
    *("longer_answer", "longer_work"),
)
HEADS_ACTS = ("reopen", "longer_answer", "longer_work")

hours = st.sampled_from((1, 5, 24, 60, 24 * 7, 24 * 30))
moments = st.tuples(hours, st.sampled_from((0, 7)), st.booleans(), st.sampled_from(ACTS), st.sampled_from((ANN, CAT)))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Prepare the law once; each life has a record of its own."""
    folder: Path = tmp_path_factory.mktemp("life")
    (folder / "life.yaml").write_text(LAW)
    with prepared([folder]) as like, Rehearsal(like) as office:
        yield office


@given(life=st.lists(moments, max_size=14))
def test_every_life_verifies_and_replays(office: Rehearsal, life: list[tuple[int, int, bool, str, Actor]]):
    """People act, or are refused; somebody ticks, or nobody does: law and calendar agree with every entry."""
    office.begin(datetime.fromisoformat("2015-02-09T09:00+08:00"))
    case = office.start("life", by=ANN)
    for later, seconds, ticked, trigger, actor in life:
        office.clock.advance(timedelta(hours=later, seconds=seconds))
        if ticked:
            office.tick()
        try:
            office.fire(case.id, trigger, by=BOB if trigger in HEADS_ACTS else actor, reason="because")
        except Refused:
            continue
    office.tick()
    assert [check.problems for check in office.verify().checks if check.problems] == []
    assert office.replay(case.id).deadlines == office.case(case.id).deadlines
    assert not [
        one for one in office.case(case.id).deadlines if one.wake is not None and one.wake <= office.clock.now()
    ]
