"""What rules look at besides their own case: believed only where it is what they ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.entry import Actor
from accountability.definition.loader import load
from accountability.machine.case import Case, Facts, Firing, Looked, Memory, Refusal
from accountability.machine.compiler import CompiledWorkflow, compile_workflow
from accountability.machine.lookup import LOOKED_MAX, Lookup, looked, wanted
from accountability.machine.step import step

AWARD = """\
workflow: award
version: 1
roles: {committee: Committee}
data: {candidate: {type: string}, year: {type: integer, default: 2015}}
start: {trigger: nominate, by: committee, needs: candidate}
initial: nominated
states: {nominated: , conferred: {final: true}}
reads:
  vetoes: {workflow: veto, where: {target: data.candidate, year: data.year}}
transitions:
  confer: {from: nominated, to: conferred, by: committee, accepts: candidate, when: size(reads.vetoes) == 0}
  hold: {from: nominated, by: committee}
"""
NOW = datetime(2015, 2, 9, 1, tzinfo=UTC)
HUI = Actor("hui", {"committee"})


@pytest.fixture(scope="module")
def law() -> CompiledWorkflow:
    loaded = load(AWARD, "award.yaml")
    assert loaded.workflow is not None, loaded.findings
    return compile_workflow(loaded.workflow)


def a_case(name: str, workflow: str, **data: Any) -> Case:
    return Case(
        id=name,
        workflow=workflow,
        version=1,
        definition="d",
        state="nominated",
        seq=1,
        head="h",
        closed=False,
        data=data,
        memory=Memory(),
        opened_at=NOW,
        updated_at=NOW,
    )


AWARDED = a_case("award-1", "award", candidate="clinic", year=2015)


def confer(law: CompiledWorkflow, facts: Facts, **data: Any) -> Any:
    return step(law, AWARDED, Firing(trigger="confer", actor=HUI, data=data), NOW, facts)


def test_a_trigger_asks_for_what_its_rules_look_at_and_no_other_does(law: CompiledWorkflow) -> None:
    """The store is asked once for each name that matters, with the values of the case and of the act."""
    asked = wanted(law, AWARDED, Firing(trigger="confer", actor=HUI, data={"candidate": "school"}), NOW)

    assert asked == (Lookup("vetoes", "veto", {"target": "school", "year": 2015}),)
    assert wanted(law, AWARDED, Firing(trigger="hold", actor=HUI), NOW) == ()
    assert wanted(law, None, Firing(trigger="nominate", actor=HUI, data={"candidate": "school"}), NOW) == ()


def test_nothing_found_is_not_the_same_as_not_looked(law: CompiledWorkflow) -> None:
    """An act whose lookup nobody carried out cannot be decided, and what cannot be decided is refused."""
    where = {"target": "clinic", "year": 2015}

    assert not isinstance(confer(law, Facts(looked={"vetoes": Looked(where, ())})), Refusal)
    assert isinstance(confer(law, Facts()), Refusal)


def test_what_was_looked_up_for_other_values_is_not_believed(law: CompiledWorkflow) -> None:
    """No veto on the school says nothing about the clinic, even where a caller of the step mixes them up."""
    for where in ({"target": "school", "year": 2015}, {"target": "clinic", "year": 2014}, {"target": "clinic"}):
        assert isinstance(confer(law, Facts(looked={"vetoes": Looked(where, ())})), Refusal)


def test_a_number_is_not_found_as_a_truth_value() -> None:
    """`1` and `true` are equal in Python and different in the record."""
    assert not Lookup("x", "veto", {"year": 1}).finds(a_case("a", "veto", year=True))
    assert Lookup("x", "veto", {"year": 1}).finds(a_case("a", "veto", year=1))


def test_more_than_can_be_recorded_refuses_with_the_name(law: CompiledWorkflow) -> None:
    """The entry names every case that was seen, so the reason names the lookup that finds too many."""
    cases = tuple(a_case(f"veto-{number}", "veto") for number in range(LOOKED_MAX + 1))
    refusal = confer(law, Facts(looked={"vetoes": Looked({"target": "clinic", "year": 2015}, cases)}))

    assert "`reads.vetoes` finds more than 500 cases" in [reason.message for reason in refusal.reasons]


@given(
    st.lists(st.tuples(st.sampled_from(["clinic", "school"]), st.sampled_from(["veto", "award"])), max_size=8),
    st.integers(0, 8),
)
def test_a_lookup_divides_cases_by_what_they_hold(held: list[tuple[str, str]], own: int) -> None:
    """Exactly the cases of that workflow with these values, oldest first, and never the case itself."""
    cases = [
        replace(a_case(f"case-{number}", workflow, target=target), opened_at=NOW.replace(minute=59 - number))
        for number, (target, workflow) in enumerate(held)
    ]
    found = looked([Lookup("vetoes", "veto", {"target": "clinic"})], cases, f"case-{own}")["vetoes"].cases

    expected = [
        case
        for case in cases
        if case.workflow == "veto" and case.data["target"] == "clinic" and case.id != f"case-{own}"
    ]
    assert list(found) == sorted(expected, key=lambda case: case.opened_at)
