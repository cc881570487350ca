"""Running scenarios: every step does on the engine what it says, and fails where the engine answers otherwise."""

from __future__ import annotations

import pytest

from accountability.testing.rehearsal import Rehearsal, prepared
from accountability.testing.runner import Outcome, run
from accountability.testing.suite import Suite
from tests.testing.conftest import Play
from tests.testing.town import ACCEPT, HEAD, SUBMIT, scenario, write_town

CORRECT = "correct: {by: ann, data: {seq: 1, data: {what: a bush}}, reason: misread}"
RULE = "refused: {trigger: answer, by: ben, because: guard, documents: letter"


def passed(outcome: Outcome) -> bool:
    """Whether a scenario passed; what it shows where not."""
    assert outcome.failure is None, "\n".join(outcome.failure.lines())
    return True


def failed(outcome: Outcome) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what was expected where a scenario failed, and what came."""
    assert outcome.failure is not None
    return outcome.failure.expected, outcome.failure.actual


@pytest.mark.parametrize(
    "steps",
    [
        ["start: {by: ann, data: {what: a tree}}", "expect: {state: received}"],
        ["submit: {by: ann, data: {what: a tree}}", "expect: {state: received, closed: false}"],
        ["fire: {trigger: submit, by: ann, data: {what: a tree}}", "expect: {state: received}"],
        [SUBMIT, "note: {by: ann, reason: seen}"],
        [SUBMIT, "recuse: {by: ann, data: {actor: ben}, reason: his brother}"],
        [SUBMIT, CORRECT, "expect: {data: {what: a bush}}"],
        [SUBMIT, ACCEPT, "fire: {trigger: wait, by: ann}", "expect: {state: waiting}"],
        [SUBMIT, ACCEPT, "extend_answering: {by: ben, reason: difficult}", "expect: {running: answering}"],
        [SUBMIT, ACCEPT, "hear: {by: both, roles: head}", "expect: {state: examining.hearing}"],
    ],
)  # fmt: skip
def test_every_kind_of_act_can_be_done(play: Play, steps: list[str]):
    """The start, the start's own trigger, the workflow's triggers, what every workflow has, and extensions."""
    assert passed(play(*steps))


def test_several_people_do_the_same_one_after_the_other(play: Play):
    """As signatures are given, each with the same content."""
    steps = ["submit: {by: ann, data: {what: a tree}}", ACCEPT]
    answer = "answer: {by: [ann, ben], documents: [letter], data: {decided_at: 2015-02-09T08:00+08:00}}"
    assert passed(play(*steps, answer, "expect: {state: answered, closed: true}"))


def test_an_act_that_is_refused_fails_with_every_reason(play: Play):
    """The codes and the words, as the engine gave them."""
    expected, actual = failed(play(SUBMIT, "accept: {by: ben}"))
    assert expected == ("it is done",)
    assert actual == ("ben is refused", "  role: `accept` needs the role clerk; ben has head")


@pytest.mark.parametrize(
    "step",
    [
        "refused: {trigger: accept, by: ben, because: role}",
        "refused: {trigger: accept, by: [ben, eve], because: role}",
        "refused: {trigger: answer, by: ben, because: state, documents: letter}",
        "refused: {trigger: accept, by: ann, because: data, data: {colour: red}}",
        "refused: {trigger: start, by: ben, because: [role], data: {what: a tree}}",
        "refused: {trigger: note, by: ann, because: reason}",
        "refused: {trigger: accept, by: both, roles: head, because: role, says: needs the role clerk}",
        "refused: {trigger: accept, by: ann, because: data, occurred: 2015-02-10T09:00+08:00}",
    ],
)
def test_what_must_be_refused_is_refused_for_the_reason_named(play: Play, step: str):
    """Other reasons may stand beside it."""
    assert passed(play(SUBMIT, step, "expect: {state: received}"))


def test_a_start_that_is_refused_opens_no_case(play: Play):
    """Before any case is open, the start's own trigger is tried."""
    refused = "refused: {trigger: submit, by: ben, because: role, data: {what: a tree}}"
    assert passed(play(refused, SUBMIT, "expect: {state: received}"))


def test_a_refusal_that_does_not_come_fails(play: Play):
    """Nothing was refused; the act is done."""
    expected, actual = failed(play(SUBMIT, "refused: {trigger: accept, by: ann, because: role}"))
    assert expected == ("ann is refused, because: role",)
    assert actual == ("nothing is refused, it is done",)


def test_a_refusal_for_another_reason_fails(play: Play):
    """It says for which."""
    expected, actual = failed(play(SUBMIT, "refused: {trigger: accept, by: ben, because: [role, guard]}"))
    assert expected == ("ben is refused, because: role, guard",)
    assert actual == ("ben is refused", "  role: `accept` needs the role clerk; ben has head")


@pytest.mark.parametrize("words", ["The fee is too high", "费用过高"])
def test_the_words_of_a_refusal_are_those_of_the_workflow_in_any_language(play: Play, words: str):
    """What a reason says to the reader is a promise too."""
    steps = ['submit: {by: ann, data: {what: a tree, fee: "120.50"}}', ACCEPT]
    assert passed(play(*steps, f"{RULE}, says: {words}}}"))
    expected, _ = failed(play(*steps, f"{RULE}, says: The fee is too low}}"))
    assert expected[-1] == "a reason says: The fee is too low"


def test_every_mismatch_of_an_expectation_is_shown(play: Play):
    """Not only the first."""
    step = "expect: {state: answered, closed: true, data: {what: a bush, fee: null}, children: {parts: 3}"
    expected, actual = failed(play(SUBMIT, f"{step}, met: acceptance}}"))
    assert expected == (
        "state: answered",
        "closed: true",
        'data.what: "a bush"',
        "met: [acceptance]",
        "children.parts: 3",
    )
    assert actual == ("state: received", "closed: false", 'data.what: "a tree"', "met: []", "children.parts: 0")


def test_values_are_compared_as_their_fields_keep_them(play: Play):
    """A moment in another offset is the same moment, and a personal value is seen."""
    start = 'submit: {by: ann, data: {what: a tree, fee: "12.50", name: Eve}}'
    answer = "answer: {by: [ann, ben], documents: letter, data: {decided_at: 2015-02-09T08:00+08:00}}"
    seen = 'expect: {data: {fee: "12.50", name: Eve, decided_at: 2015-02-09T00:00:00Z, parts: []}}'
    assert passed(play(start, ACCEPT, answer, seen))


@pytest.mark.parametrize("state", ["examining", "examining.reading"])
def test_a_state_is_expected_by_its_own_name_or_by_one_around_it(play: Play, state: str):
    """A compound state holds while the case is inside it."""
    assert passed(play(SUBMIT, ACCEPT, f"expect: {{state: {state}}}"))


def test_children_are_named_by_link_and_number(play: Play):
    """Nested ones by their way; a step may say so, or all steps from there on are about one."""
    steps = [
        SUBMIT,
        ACCEPT,
        "expect: {children: {parts: 2}}",
        "split: {case: parts.2, by: ann}",
        "finish: {case: parts.2/pieces, by: ann}",
        "expect: {case: parts.2/pieces.1, state: done, closed: true, data: {what: elm}}",
        "case: parts.1",
        "finish: {by: ann}",
        "expect: {state: done, data: {what: oak}}",
        "expect: {case: /, state: examining}",
        "finish: {case: /parts.2, by: ann}",
        "case: /",
        "expect: {state: examining}",
        "answer: {by: [ann, ben], documents: letter}",
    ]
    assert passed(play(*steps))


@pytest.mark.parametrize(
    ("path", "actual"),
    [
        ("parts", "there are 2 cases under `parts`; say which, such as `parts.1`"),
        ("parts.3", "there are 2 cases under `parts`"),
        ("parts.1/pieces", "there is no case under `pieces`"),
    ],
)
def test_a_path_that_leads_to_no_single_case_fails(play: Play, path: str, actual: str):
    """It says how many there are."""
    assert failed(play(SUBMIT, ACCEPT, f"case: {path}")) == ((f"`{path}` is one case",), (actual,))


def test_a_second_case_has_a_name(play: Play):
    """Steps are about the first unless they name another; a case of another workflow may be opened too."""
    steps = [
        SUBMIT,
        "start: {by: ann, as: second, data: {what: a bush}}",
        "start: {by: ann, as: alone, workflow: part, data: {what: a stone}}",
        "accept: {case: second, by: ann}",
        "finish: {case: alone, by: ann}",
        "expect: {state: received}",
        "expect: {case: second, state: examining}",
        "case: alone",
        "expect: {state: done}",
    ]
    assert passed(play(*steps))


def test_time_is_counted_by_the_calendar_of_the_workflow(play: Play):
    """Fifteen working days over the Spring Festival end on the last day that is still in time."""
    assert passed(
        play(
            SUBMIT,
            "expect: {running: acceptance, due: {acceptance: 2015-03-05, answering: null}}",
            "wait: 15 working days",
            "expect: {breached: []}",
            "wait: 1 working day",
            "expect: {breached: [acceptance]}",
        )
    )


def test_waiting_lets_deadlines_pass(play: Play):
    """The breach comes at midnight after the last day, with what the engine does then; a late act is late."""
    outcome = play(
        SUBMIT,
        "wait_until: 2015-03-05",
        "expect: {running: acceptance, breached: []}",
        "wait_until: 2015-03-06",
        "expect: {running: [], breached: acceptance}",
        "accept: {by: ann, after: 2 working days}",
        "expect: {met: acceptance, late: acceptance, breached: []}",
    )
    assert passed(outcome)
    told = {entry.trigger: entry.at.isoformat() for entry in outcome.entries}
    assert told["warn"] == "2015-03-01T16:00:00+00:00"
    assert told["breach"] == "2015-03-05T16:00:00+00:00"
    assert told["remind"][:16] == "2015-03-05T16:00"
    assert told["accept"] == "2015-03-09T16:00:00+00:00"


def test_deadlines_of_hours_are_due_at_a_moment(play: Play):
    """And moments are compared, whatever their offset."""
    steps = [SUBMIT, ACCEPT, "hear: {by: ben, after: 1 hour}"]
    assert passed(play(*steps, "expect: {due: {call_back: 2015-02-10T14:00:00Z}}"))
    expected, actual = failed(play(*steps, "expect: {due: {call_back: 2015-02-10}}"))
    assert (expected, actual) == (("due.call_back: 2015-02-10",), ("due.call_back: 2015-02-10 22:00+08:00",))
    # Acts of one moment follow each other by microseconds, which nobody can write.
    assert passed(play(SUBMIT, ACCEPT, "hear: {by: ben}", "expect: {due: {call_back: 2015-02-10T21:00:00+08:00}}"))


def test_a_deadline_that_was_never_armed_is_due_on_no_day(play: Play):
    """`null` asks for that, and a date fails."""
    assert passed(play(SUBMIT, "expect: {due: {answering: null}}"))
    expected, actual = failed(play(SUBMIT, "expect: {due: {answering: 2015-04-09, acceptance: null}}"))
    assert expected == ("due.answering: 2015-04-09", "due.acceptance: never armed")
    assert actual == ("due.answering: never armed", "due.acceptance: 2015-03-05")


def test_deadlines_that_are_not_named_may_have_the_same_status(play: Play):
    """A workflow may have more of them than a scenario is about; an empty list asks that none has it."""
    steps = [SUBMIT, ACCEPT, "hear: {by: ann}"]
    assert passed(
        play(*steps, "expect: {running: answering}", "expect: {running: [call_back, answering], breached: []}")
    )
    expected, actual = failed(play(*steps, "expect: {running: []}"))
    assert (expected, actual) == (("running: []",), ("running: [answering, call_back]",))
    expected, actual = failed(play(*steps, "expect: {running: [answering, acceptance]}"))
    assert (expected, actual) == (("running: [acceptance, answering]",), ("running: [answering, call_back]",))


def test_every_status_of_a_deadline_can_be_expected(play: Play):
    """Paused, extended, met, lapsed; `at` and `wait_until` say when."""
    assert passed(
        play(
            "submit: {by: ann, data: {what: a tree}}",
            "accept: {by: ann, at: 2015-02-10T09:00+08:00}",
            "expect: {met: acceptance, late: [], running: answering, due: {answering: 2015-04-10}}",
            "extend_answering: {by: ben, reason: difficult}",
            "expect: {due: {answering: 2015-05-11}}",
            "fire: {trigger: wait, by: ann}",
            "expect: {paused: answering, running: []}",
            "go_on: {by: ann, after: 10 days}",
            "expect: {running: answering, due: {answering: 2015-05-20}}",
            "answer: {by: [ann, ben], documents: {letter: dear Eve}}",
            "expect: {met: [acceptance, answering], running: objection}",
            "wait_until: 2015-03-02T23:59:59+08:00",
            "expect: {running: objection}",
            "wait: 1 hour",
            "expect: {lapsed: objection}",
        )
    )


def test_time_that_has_passed_already_fails(play: Play):
    """What can only be seen while it runs is a failure of its step."""
    expected, actual = failed(play(SUBMIT, "wait: 2 days", "accept: {by: ann, at: 2015-02-10T09:00+08:00}"))
    assert expected == ("it becomes 2015-02-10 09:00+08:00",)
    assert actual == ("it is 2015-02-11 09:00+08:00 already",)


def test_each_scenario_has_a_record_of_its_own(play: Play):
    """Nothing of one is left for the next, not even where it failed."""
    first = play(SUBMIT, ACCEPT, "expect: {state: answered}")
    second = play(SUBMIT)
    assert first.failure is not None
    assert [entry.trigger for entry in second.entries if entry.kind != "definition"] == ["submit"]
    assert {entry.case for entry in first.entries} & {entry.case for entry in second.entries} == {
        "workflow:part",
        "workflow:request",
        "workflow:calendar:cn",
    }


def test_what_the_engine_cannot_take_in_fails_with_its_cure(play: Play):
    """An error of the input is shown like any other answer."""
    expected, actual = failed(play(SUBMIT, "refused: {trigger: accept, by: ann, because: data, data: {😀: 1}}"))
    assert expected == ("the step can be taken",)
    assert actual[0].startswith("the data cannot be recorded")
    assert actual[1] == "help: use plain text as keys"


def test_a_record_that_does_not_verify_fails(tmp_path, suite: Suite):
    """Every scenario proves the engine too: what it leaves must verify."""
    folder = write_town(tmp_path / "workflows")
    file = folder / "tests" / "it.yaml"
    file.write_text(scenario(SUBMIT, head=HEAD), encoding="utf-8")
    content = suite.load(file).content
    assert content is not None
    with prepared([folder]) as engine, Rehearsal(engine) as rehearsal:
        memory = engine._database._backend._memory
        triggers = memory.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            memory.execute(f"DROP TRIGGER {name}")
        memory.execute("UPDATE acc_definition SET registered_at = '1999-01-01T00:00:00.000000Z'")
        outcome = run(content.scenarios[0], content, rehearsal)
    assert outcome.failure is not None
    assert outcome.failure.expected == ("the record verifies",)
    assert outcome.failure.taken is None
    assert outcome.failure.actual
