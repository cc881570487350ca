"""What acts and time do to deadlines, decided from values alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accountability.audit.entry import Actor, Entry
from accountability.calendars.calendar import BUILT_IN, Calendar
from accountability.definition.calendar_file import shipped
from accountability.definition.loader import load
from accountability.machine.case import Case, Facts, Firing, Refusal, Step, advance
from accountability.machine.compiler import CompiledWorkflow, compile_workflow
from accountability.machine.deadline import Deadline, from_stored
from accountability.machine.deadlines import passed
from accountability.machine.step import start, step

LAW = """\
workflow: letter
version: 1
calendar: {calendar}
unannounced: {unannounced}
roles: {{clerk: Clerk}}
start: {{by: clerk}}
initial: received
states: {{received: {{initial: new, states: {{new: , read: }}}}, suspended: , answered: {{final: true}}}}
transitions:
  read: {{from: received.new, to: received.read, by: clerk}}
  again: {{from: received.read, to: received.read, by: clerk}}
  hold: {{from: received, to: suspended, by: clerk}}
  go_on: {{from: suspended, to: {{history: received}}, by: clerk}}
  answer: {{from: [received, suspended], to: answered, by: clerk}}
deadlines:
{deadlines}
"""
REPLY = (
    "  reply: {starts: received, within: 15 working days, warn: [1 working day, 5 working days], paused_in: suspended}"
)
CLERK = Actor("zhang", {"clerk"})
MONDAY = datetime(2015, 2, 9, 1, tzinfo=UTC)


def law(deadlines: str = REPLY, calendar: str = "cn", unannounced: str = "provisional") -> CompiledWorkflow:
    """Compile the letter with these deadlines."""
    text = LAW.format(deadlines=deadlines, calendar=calendar, unannounced=unannounced)
    loaded = load(text, "letter.yaml")
    assert loaded.workflow is not None, loaded.findings
    return compile_workflow(loaded.workflow)


def calendar_of(compiled: CompiledWorkflow) -> Calendar:
    return BUILT_IN.get(compiled.calendar) or shipped(compiled.calendar)


def entry(compiled: CompiledWorkflow, case: Case | None, done: Step, at: datetime) -> Entry:
    """Write a step down, without hashes."""
    parts: dict[str, Any] = {"source": done.source, "target": done.target, "closed": done.closed, "rule": done.rule}
    return Entry(
        case="1", seq=1 if case is None else case.seq + 1, workflow="letter", version=1, definition=compiled.digest,
        kind=done.kind, trigger=done.trigger, actor=CLERK, at=at, deadlines=done.deadlines, **parts,
    )  # fmt: skip


def acted(compiled: CompiledWorkflow, case: Case | None, trigger: str, at: datetime) -> Case:
    """Do something to a case, and give the case after it."""
    firing, facts = Firing(trigger=trigger, actor=CLERK), Facts(calendar=calendar_of(compiled))
    done = start(compiled, firing, at, facts) if case is None else step(compiled, case, firing, at, facts)
    assert isinstance(done, Step), done
    return advance(case, entry(compiled, case, done, at))


def only(case: Case) -> Deadline:
    (deadline,) = case.deadlines
    return deadline


def test_a_deadline_begins_with_the_state_that_is_entered():
    """Entering an inner state enters the states around it; a move within them enters those no more."""
    compiled = law()
    opened = acted(compiled, None, "start", MONDAY)
    assert only(opened).due == date(2015, 3, 5)
    read = acted(compiled, opened, "read", MONDAY + timedelta(days=1))
    assert read.deadlines is opened.deadlines


def test_a_move_back_to_the_same_state_enters_it_again():
    """What begins with a state begins again when a rule leads there from itself, once it is finished."""
    compiled = law("  reading: {starts: received.read, ends: again, within: 2 days, roll: none}", "every_day")
    case = acted(compiled, acted(compiled, None, "start", MONDAY), "read", MONDAY)
    again = acted(compiled, case, "again", MONDAY + timedelta(days=2))
    assert (only(again).status, only(again).due) == ("running", date(2015, 2, 13))


def test_a_deadline_that_stands_still_is_not_woken():
    """Neither warned nor breached while it is paused; afterwards it has what it had left."""
    compiled = law()
    held = acted(compiled, acted(compiled, None, "start", MONDAY), "hold", MONDAY + timedelta(days=2))
    assert (only(held).status, held.wake) == ("paused", None)
    assert passed(compiled, held, MONDAY + timedelta(days=999)) is None
    went_on = acted(compiled, held, "go_on", datetime(2015, 3, 9, 1, tzinfo=UTC))
    assert only(went_on).due == date(2015, 3, 26)  # two of fifteen days were used, thirteen were left
    assert only(went_on).derivation["pauses"] == [["2015-02-11T01:00:00.000000Z", "2015-03-09T01:00:00.000000Z"]]


def test_time_does_one_thing_after_the_other():
    """Each warning that is still of use, in its order; then the breach, from which on nothing is warned of."""
    compiled = law()
    case = acted(compiled, None, "start", MONDAY)
    days = [day.astimezone(UTC).isoformat()[:13] for day in only(case).warnings]
    assert days == ["2015-02-26T16", "2015-03-03T16"]
    now = MONDAY
    seen = []
    while (wake := case.wake) is not None:
        now = max(wake, now + timedelta(microseconds=1))
        assert passed(compiled, case, wake - timedelta(microseconds=1)) is None
        done = passed(compiled, case, now)
        assert done is not None
        seen.append((done.trigger, now.isoformat()[:13]))
        case = advance(case, entry(compiled, case, done, now))
    assert seen == [("warn", "2015-02-26T16"), ("warn", "2015-03-03T16"), ("breach", "2015-03-05T16")]
    late = acted(compiled, case, "answer", now + timedelta(days=1))
    assert (only(late).status, only(late).late, only(late).derivation) == ("met", True, {})


@pytest.mark.parametrize(("unannounced", "allowed"), [("provisional", True), ("strict", False)])
def test_a_year_that_nobody_announced_gives_a_provisional_date_or_none(unannounced: str, allowed: bool):
    """The workflow says which; the refusal names the calendar and the year."""
    compiled = law(unannounced=unannounced)
    firing = Firing(trigger="start", actor=CLERK)
    outcome = start(compiled, firing, datetime(2026, 12, 28, tzinfo=UTC), Facts(calendar=shipped("cn")))
    if allowed:
        assert isinstance(outcome, Step)
        assert outcome.deadlines[0]["provisional"] is True
    else:
        assert isinstance(outcome, Refusal)
        assert [(reason.code, "2027" in reason.message) for reason in outcome.reasons] == [("unknown", True)]


def test_a_deadline_is_read_back_as_it_was_stored():
    """Whatever its status, nothing of it is lost in the case's row."""
    compiled = law()
    opened = acted(compiled, None, "start", MONDAY)
    held = acted(compiled, opened, "hold", MONDAY)
    answered = acted(compiled, held, "answer", MONDAY)
    for case in (opened, held, answered):
        assert from_stored(only(case).as_stored()) == only(case)


def test_an_act_that_needs_a_calendar_is_refused_without_one():
    """A law whose calendar was never published arms nothing by guessing."""
    outcome = start(law(), Firing(trigger="start", actor=CLERK), MONDAY, Facts())
    assert isinstance(outcome, Refusal)
    assert "no calendar `cn`" in outcome.reasons[0].message
