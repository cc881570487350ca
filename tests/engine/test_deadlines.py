"""Deadlines through the engine: armed, paused, resumed, extended, met, breached, each recorded and provable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from accountability import Actor, Case, Deadline, Engine, ManualClock, RecordError
from tests.engine.desk import ANN, BOB, Desk, opened_desk

LETTER = """\
workflow: letter
version: 1
calendar: weekdays
zone: Asia/Shanghai
roles: {clerk: Clerk, head: Head}
data: {urgent: {type: boolean, default: false}}
start: {by: clerk, accepts: urgent}
initial: received
states:
  received:
  waiting:
  suspended:
  escalated:
  answered: {final: true}
transitions:
  take: {from: received, to: waiting, by: clerk}
  hold: {from: waiting, to: suspended, by: clerk}
  go_on: {from: suspended, to: waiting, by: clerk}
  escalate: {from: [received, waiting], to: escalated, by: system}
  answer: {from: [received, waiting, escalated], to: answered, by: clerk}
  reopen: {from: answered, to: received, by: head}
  tell: {from: answered, by: clerk}
deadlines:
  reply:
    starts: received
    within: 5 working days
    warn: 2 working days
    paused_in: suspended
    extend: {trigger: extend_reply, by: head, times: 1, up_to: 3 working days, reason: required}
    on_breach: escalate
    ends: answered
  telling: {starts: answered, within: 36 hours, ends: [tell, reopen]}
  objection: {starts: answered, within: 3 days, ends: [tell, reopen], window: true, roll: none}
"""

FEEDBACK = """\
workflow: feedback
version: 1
roles: {clerk: Clerk, head: Head}
start: {by: clerk}
initial: received
states: {received: , acknowledged: , done: {final: true}}
transitions:
  acknowledge: {from: received, to: acknowledged, by: clerk}
  finish: {from: [received, acknowledged], to: done, by: clerk}
deadlines:
  answer: {starts: acknowledge, fallback: {starts: start, plus: 7 days}, within: 3 months, roll: none}
"""


def of(case: Case, name: str) -> Deadline:
    return next(deadline for deadline in case.deadlines if deadline.id == name)


def events(desk: Desk, case: Case) -> list[tuple[str, str, str]]:
    """List what the record says of deadlines: trigger of the entry, deadline, event."""
    history = desk.engine.history(case.id)
    return [(entry.trigger, one["deadline"], one["event"]) for entry in history for one in entry.deadlines]


def test_a_deadline_lives_its_life_in_the_record(database_url: str, tmp_path: Path):
    """Every change of a deadline stands in an entry, from which alone the case can be told again."""
    (tmp_path / "letter.yaml").write_text(LETTER)
    clock = ManualClock("2015-02-09T09:00+08:00")
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        engine.register(tmp_path)
        case = engine.start("letter", by=ANN)
        assert of(case, "reply").due == date(2015, 2, 16)
        assert of(case, "reply").until == datetime(2015, 2, 16, 16, tzinfo=UTC)
        engine.fire(case.id, "take", by=ANN)
        clock.advance(days=2)
        assert of(engine.fire(case.id, "hold", by=ANN), "reply").status == "paused"
        clock.advance(days=7)
        assert of(engine.fire(case.id, "go_on", by=ANN), "reply").due == date(2015, 2, 23)
        case = engine.fire(case.id, "extend_reply", by=BOB, reason="many files")
        assert of(case, "reply").due == date(2015, 2, 26)
        clock.set("2015-02-24T00:00+08:00")
        assert engine.tick().deadlines == 1  # warned, two working days before
        clock.set("2015-02-26T23:59:59.999999+08:00")
        assert engine.tick().deadlines == 0
        clock.set("2015-02-27T00:00+08:00")
        assert engine.tick().deadlines == 2  # breached, and escalated
        assert engine.tick().deadlines == 0
        case = engine.case(case.id)
        assert (case.state, of(case, "reply").status) == ("escalated", "breached")
        case = engine.fire(case.id, "answer", by=ANN)
        assert (of(case, "reply").status, of(case, "reply").late) == ("met", True)
        told = [(entry.trigger, one["event"]) for entry in engine.history(case.id) for one in entry.deadlines]
        assert told == [
            ("start", "armed"), ("hold", "paused"), ("go_on", "resumed"), ("extend_reply", "extended"),
            ("warn", "warned"), ("breach", "breached"),
            ("answer", "armed"), ("answer", "met"), ("answer", "armed"),
        ]  # fmt: skip
        assert engine.verify().ok
        assert engine.replay(case.id) == engine.case(case.id)


def test_what_time_did_is_recorded_before_the_next_act(tmp_path: Path):
    """Without any tick, an act first finds the breach recorded, with what the law lets the engine do then."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.clock.advance(days=30)
        case = desk.engine.fire(case.id, "answer", by=ANN)
        assert [entry.trigger for entry in desk.engine.history(case.id)] == ["start", "breach", "escalate", "answer"]
        assert of(case, "reply").late
        assert desk.problems() == {}


def test_a_refused_act_leaves_what_time_did(tmp_path: Path):
    """The breach stands even where the act that found it was refused; the refusal met the case after it."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.clock.advance(days=30)
        assert desk.refused(case, "take").reasons[0].code == "state"
        assert desk.engine.case(case.id).state == "escalated"
        refusal = [entry for entry in desk.engine.history(case.id, refusals=True) if entry.kind == "refusal"]
        assert [entry.seq for entry in refusal] == [3]
        assert desk.problems() == {}


def test_on_breach_is_refused_where_its_rule_does_not_allow_it(tmp_path: Path):
    """The breach is recorded in any case; what the engine could not do then is recorded as refused."""
    text = LETTER.replace("escalate: {from: [received, waiting]", "escalate: {from: waiting")
    with opened_desk(tmp_path, text) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.clock.advance(days=30)
        desk.engine.tick()
        assert desk.engine.case(case.id).state == "received"
        refused = [entry for entry in desk.engine.history(case.id, refusals=True) if entry.kind == "refusal"]
        assert [(entry.trigger, entry.actor.id) for entry in refused] == [("escalate", "system")]
        assert desk.problems() == {}


def test_an_extension_is_bounded(tmp_path: Path):
    """Only while the deadline runs, by the role, with a reason, as often and as long as the law says."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)

        def codes(by: Actor = BOB, reason: str | None = "many files", **data: str) -> list[str]:
            return [one.code for one in desk.refused(case, "extend_reply", by, reason=reason, data=data).reasons]

        assert codes(by=ANN) == ["role"]
        assert codes(reason=None) == ["reason"]
        assert codes(extension="4 working days") == ["data"]
        assert codes(extension="soon") == ["data"]
        longer = desk.engine.fire(
            case.id, "extend_reply", by=BOB, reason="many files", data={"extension": "1 working day"}
        )
        assert of(longer, "reply").due == date(2015, 2, 17)
        assert longer.data == {"urgent": False}
        assert codes() == ["state"]
        desk.clock.advance(days=30)
        assert codes() == ["state"]
        assert desk.problems() == {}


def test_an_extension_while_it_stands_still_keeps_it_still(tmp_path: Path):
    """The pause goes on, and both count once it ends."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.engine.fire(case.id, "take", by=ANN)
        desk.engine.fire(case.id, "hold", by=ANN)
        desk.clock.advance(days=1)
        paused = desk.engine.fire(case.id, "extend_reply", by=BOB, reason="ill")
        assert of(paused, "reply").status == "paused"
        desk.clock.advance(days=400)
        assert desk.engine.tick().deadlines == 0
        resumed = desk.engine.fire(case.id, "go_on", by=ANN)
        assert of(resumed, "reply").due == date(2016, 3, 28)
        assert desk.problems() == {}


def test_a_window_lapses_without_a_breach(tmp_path: Path):
    """Time in which something may be done ends, and nobody is late."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        case = desk.engine.fire(case.id, "answer", by=ANN)
        assert isinstance(of(case, "telling").due, datetime)
        assert of(case, "telling").due == desk.clock.now() + timedelta(hours=36, microseconds=1)
        desk.clock.advance(days=5)
        desk.engine.tick()
        case = desk.engine.case(case.id)
        assert (of(case, "objection").status, of(case, "telling").status) == ("lapsed", "breached")
        late = of(desk.engine.fire(case.id, "tell", by=ANN), "objection")
        assert (late.status, late.late) == ("met", True)  # what there had been time for is valid, and recorded as late
        assert desk.problems() == {}


def test_a_finished_deadline_is_armed_anew(tmp_path: Path):
    """What begins it again gives it its whole time, and its extensions, again."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.engine.fire(case.id, "extend_reply", by=BOB, reason="many files")
        desk.engine.fire(case.id, "answer", by=ANN)
        desk.clock.set("2015-03-02T09:00+08:00")
        again = desk.engine.fire(case.id, "reopen", by=BOB)
        assert (of(again, "reply").status, of(again, "reply").due) == ("running", date(2015, 3, 9))
        assert of(again, "telling").status == "met"
        desk.engine.fire(case.id, "extend_reply", by=BOB, reason="once more")
        assert desk.problems() == {}


@pytest.mark.parametrize(
    ("day", "due"), [(3, date(2015, 5, 12)), (7, date(2015, 5, 16)), (8, date(2015, 5, 16)), (20, date(2015, 5, 16))]
)
def test_a_fallback_holds_where_the_start_comes_too_late(tmp_path: Path, day: int, due: date):
    """Three months from the acknowledgement or, where none came within seven days, from the end of these."""
    with opened_desk(tmp_path, FEEDBACK) as desk:
        case = desk.engine.start("feedback", by=ANN)
        assert of(case, "answer").due == date(2015, 5, 16)
        desk.clock.advance(days=day)
        assert of(desk.engine.fire(case.id, "acknowledge", by=ANN), "answer").due == due
        assert desk.problems() == {}


def test_an_act_in_the_callers_transaction_brings_its_breach_along(tmp_path: Path):
    """A breach that an act finds is committed, or rolled back, with the act."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.clock.advance(days=30)
        database = create_engine(f"sqlite:///{desk.database}")
        with Session(database) as session:
            desk.engine.fire(case.id, "answer", by=ANN, session=session)
            session.rollback()
        assert desk.engine.case(case.id).seq == 1
        with Session(database) as session:
            assert desk.engine.tick(session=session).deadlines == 2
            session.commit()
        assert desk.engine.case(case.id).state == "escalated"
        database.dispose()


def test_a_clock_that_is_set_back_breaches_nothing_twice(tmp_path: Path):
    """What happened stays happened, and the record's times go on ascending."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.clock.advance(days=30)
        desk.engine.tick()
        desk.clock.advance(days=-29)
        assert desk.engine.tick().deadlines == 0
        desk.engine.fire(case.id, "answer", by=ANN)
        desk.clock.advance(days=31)
        desk.engine.tick()
        assert [event for _, _, event in events(desk, case)].count("breached") == 2  # reply, then telling
        assert desk.problems() == {}


def test_an_extension_is_compared_before_the_end_is_rolled(tmp_path: Path):
    """A day more than may be given is refused also where both would end on the same working day."""
    text = LETTER.replace("within: 5 working days", "within: 10 days").replace("up_to: 3 working days", "up_to: 2 days")
    with opened_desk(tmp_path, text) as desk:
        case = desk.engine.start("letter", by=ANN)
        assert of(case, "reply").due == date(2015, 2, 19)
        reasons = desk.refused(case, "extend_reply", BOB, reason="ill", data={"extension": "3 days"}).reasons
        assert [one.code for one in reasons] == ["data"]  # to Sunday the 22nd; two days would lead to the 21st
        longer = desk.engine.fire(case.id, "extend_reply", by=BOB, reason="ill", data={"extension": "2 days"})
        assert of(longer, "reply").due == date(2015, 2, 23)


def test_a_window_that_is_over_makes_nothing_overdue(tmp_path: Path):
    """Overdue is what must be done and was not, whether or not the breach is recorded yet."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.engine.fire(case.id, "answer", by=ANN)
        desk.engine.fire(case.id, "tell", by=ANN)
        windowed = desk.engine.start("letter", by=ANN)
        desk.engine.fire(windowed.id, "answer", by=ANN)
        desk.clock.advance(hours=20)
        assert list(desk.engine.cases(overdue=True)) == []
        desk.clock.advance(days=30)
        assert [one.id for one in desk.engine.cases(overdue=True)] == [windowed.id]
        desk.engine.tick()
        desk.engine.fire(windowed.id, "tell", by=ANN)
        assert list(desk.engine.cases(overdue=True)) == []


RIVALS = """\
workflow: rivals
version: 1
roles: {clerk: Clerk}
start: {by: clerk}
initial: a
states: {a: , b: , c: , still: , done: {final: true}}
transitions:
  short: {from: a, to: b, by: system}
  long: {from: a, to: c, by: system}
  stop: {from: [a, b, c], to: still, by: clerk}
  go_on: {from: still, to: a, by: clerk}
  finish: {from: [a, b, c, still], to: done, by: clerk}
deadlines:
  near: {starts: start, within: 5 days, roll: none, on_breach: short}
  far: {starts: start, within: 10 days, warn: 8 days, roll: none, on_breach: long, paused_in: still}
"""


@pytest.mark.parametrize("hours", [24, 24 * 30])
def test_what_was_over_first_is_recorded_first(tmp_path: Path, hours: int):
    """Whoever looks, and however late: the first end has its consequence, and the record is proved."""
    with opened_desk(tmp_path, RIVALS) as desk:
        case = desk.engine.start("rivals", by=ANN)
        for _ in range(0, 24 * 30, hours):
            desk.clock.advance(hours=hours, seconds=7)
            desk.engine.tick()
        assert desk.engine.case(case.id).state == "b"
        assert [name for _, name, event in events(desk, case) if event == "breached"] == ["near", "far"]
        assert desk.problems() == {}
        assert desk.engine.replay(case.id).state == "b"


def test_what_is_over_does_not_begin_to_stand_still(tmp_path: Path):
    """An act that a breach causes cannot pause a deadline whose own end had come before it."""
    text = (
        RIVALS.replace("short: {from: a, to: b", "short: {from: a, to: still").replace("b: , ", "").replace("b, ", "")
    )
    with opened_desk(tmp_path, text) as desk:
        case = desk.engine.start("rivals", by=ANN)
        desk.clock.advance(days=30)
        desk.engine.tick()
        assert of(desk.engine.case(case.id), "far").status == "breached"
        assert desk.problems() == {}


CIRCLE = """\
  left: {from: [b, x], to: y, by: system, when: 'times("left") < 1000'}
  right: {from: y, to: x, by: system, when: 'times("right") < 1000'}
"""

WAITING = """\
workflow: waiting
version: 1
roles: {clerk: Clerk, head: Head}
start: {by: clerk}
initial: received
states: {received: , acknowledged: , still: , done: {final: true}}
transitions:
  acknowledge:
    - {from: received, to: acknowledged, by: clerk}
    - {from: received, to: still, by: head}
    - {from: still, to: acknowledged, by: clerk}
  hold: {from: received, to: still, by: clerk}
  finish: {from: [received, acknowledged, still], to: done, by: clerk}
deadlines:
  answer:
    starts: acknowledge
    fallback: {starts: start, plus: 7 days}
    within: 30 days
    roll: none
    paused_in: still
    extend: {trigger: longer, by: head, up_to: 20 days}
"""


def test_an_extension_outlives_the_fallback(tmp_path: Path):
    """What was given while the fallback waited is given once, and stays given when the real start comes."""
    with opened_desk(tmp_path, WAITING) as desk:
        case = desk.engine.start("waiting", by=ANN)
        desk.engine.fire(case.id, "longer", by=BOB)
        desk.clock.advance(days=2)
        begun = desk.engine.fire(case.id, "acknowledge", by=ANN)
        assert of(begun, "answer").due == date(2015, 4, 2)  # 30 and 20 days from the 11th of February
        assert desk.refused(case, "longer", BOB).reasons[0].code == "state"
        assert desk.problems() == {}


def test_a_real_start_may_lead_into_a_pause_or_out_of_one(tmp_path: Path):
    """Either way it counts from the real start, and stands still only where the case does."""
    with opened_desk(tmp_path, WAITING) as desk:
        into = desk.engine.start("waiting", by=ANN)
        assert of(desk.engine.fire(into.id, "acknowledge", by=BOB), "answer").status == "paused"
        out = desk.engine.start("waiting", by=ANN)
        desk.engine.fire(out.id, "hold", by=ANN)
        desk.clock.advance(days=3)
        begun = desk.engine.fire(out.id, "acknowledge", by=ANN)
        assert (of(begun, "answer").status, of(begun, "answer").due) == ("running", date(2015, 3, 14))
        assert desk.problems() == {}


def test_a_window_that_nobody_used_was_not_used_late(tmp_path: Path):
    """Only the act that there had been time for is late after it: neither the engine's own, nor a state entered."""
    text = LETTER.replace("ends: [tell, reopen], window: true", "ends: [tell, received], window: true")
    with opened_desk(tmp_path, text) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.engine.fire(case.id, "answer", by=ANN)
        desk.clock.advance(days=10)
        reopened = desk.engine.fire(case.id, "reopen", by=BOB)
        assert (of(reopened, "objection").status, of(reopened, "objection").late) == ("lapsed", False)
        assert desk.problems() == {}


def test_a_date_is_warned_of_once(tmp_path: Path):
    """Standing still and going on within a day changes no date, and brings no warning back."""
    with opened_desk(tmp_path, LETTER) as desk:
        case = desk.engine.start("letter", by=ANN)
        desk.engine.fire(case.id, "take", by=ANN)
        desk.clock.advance(days=4)
        for _ in range(2):
            desk.engine.tick()
            desk.engine.fire(case.id, "hold", by=ANN)
            desk.engine.fire(case.id, "go_on", by=ANN)
        assert [event for _, _, event in events(desk, case)].count("warned") == 1
        assert (
            "pauses" not in of(desk.engine.case(case.id), "reply").derivation
        )  # pauses within a day leave nothing out
        assert desk.problems() == {}


def test_an_expectation_is_held_against_what_time_did(tmp_path: Path):
    """Who saw the case before its deadline was over is told that it has moved on, and sees it when looking again."""
    with opened_desk(tmp_path, LETTER) as desk:
        seen = desk.engine.start("letter", by=ANN)
        desk.clock.advance(days=30)
        assert desk.refused(seen, "answer", expect=seen.seq).reasons[0].code == "conflict"
        now = desk.engine.case(seen.id)
        assert now.state == "escalated"
        assert desk.engine.fire(seen.id, "answer", by=ANN, expect=now.seq).closed


def test_follow_ups_of_time_that_do_not_come_to_rest_are_refused_in_the_record(tmp_path: Path):
    """The breach and what it causes stand; what goes round in circles after it is recorded as refused."""
    text = RIVALS.replace("states: {a: , b: , c: ,", "states: {a: , b: , c: , x: , y: ,")
    text = text.replace("[a, b, c, still]", "[a, c, still, x, y]").replace("  stop:", CIRCLE + "  stop:")
    with opened_desk(tmp_path, text) as desk:
        case = desk.engine.start("rivals", by=ANN)
        desk.clock.advance(days=6)
        desk.engine.tick()
        assert desk.engine.case(case.id).state == "b"
        refused = [one for one in desk.engine.history(case.id, refusals=True) if one.kind == "refusal"]
        assert "do not come to rest" in refused[0].reasons[0]["message"]
        assert desk.problems() == {}


def forge_longer(desk: Desk, case: Case) -> None:
    change = {**desk.last(case).deadlines[0], "due": "2015-03-16", "until": "2015-03-16T16:00:00.000000Z"}
    desk.forge(case, lambda entry: replace(entry, deadlines=(change,)))


def forge_early_breach(desk: Desk, case: Case) -> None:
    desk.clock.advance(days=30)
    desk.engine.tick()
    desk.forge(case, lambda entry: replace(entry, at=datetime(2015, 2, 10, tzinfo=UTC)))


def forge_escalation(desk: Desk, case: Case) -> None:
    desk.engine.fire(case.id, "take", by=ANN)
    system = Actor("system", {"system"})
    desk.forge(case, lambda entry: replace(entry, trigger="escalate", target="escalated", actor=system))


def forge_late_act(desk: Desk, case: Case) -> None:
    desk.engine.fire(case.id, "take", by=ANN)
    desk.forge(case, lambda entry: replace(entry, at=datetime(2015, 4, 1, tzinfo=UTC)))


def forge_silence(desk: Desk, case: Case) -> None:
    desk.forge(case, lambda entry: replace(entry, deadlines=()))


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (forge_longer, "`deadlines` does not follow from the law"),
        (forge_silence, "`deadlines` does not follow from the law"),
        (forge_escalation, "no deadline was over that lets the engine do `escalate`"),
        (forge_late_act, "what time had done to the deadline `reply`"),
        (forge_early_breach, "the law refuses `breach` here: time had done nothing"),
    ],
)
def test_forged_time_is_found_by_asking_the_law_again(tmp_path: Path, forge: Callable[[Desk, Case], None], found: str):
    """Whoever rewrites an entry with right hashes still has to answer to the law and the calendar."""
    quiet = LETTER.replace("    on_breach: escalate\n", "").replace("by: system}", "by: head}")
    text = quiet if forge is forge_early_breach else LETTER
    with opened_desk(tmp_path, text) as desk:
        case = desk.engine.start("letter", by=ANN)
        forge(desk, case)
        verdict = desk.engine.verify()
        assert found in " ".join(problem.message for check in verdict.checks for problem in check.problems)
        with pytest.raises(RecordError):
            desk.engine.replay(case.id)
