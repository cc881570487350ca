"""How a recorded entry changes a case, and what the case remembers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accountability.audit.entry import Actor, Entry
from accountability.machine.case import Case, Child, Memory, Signed, advance, changed_data, child_of
from tests.machine.walk import MONDAY, paper

FIRST = Entry(
    case="case-1",
    seq=1,
    workflow="permit",
    version=2,
    definition="d" * 64,
    kind="transition",
    trigger="apply",
    source=None,
    target="review.reading",
    actor=Actor("ann", {"clerk"}),
    at=MONDAY,
    data={"street": "Mill Lane", "metres": 12},
    sets={"fee": "24"},
    closed=False,
    leaf="1" * 64,
)


def after(case: Case, kind: str, trigger: str, **parts: Any) -> Case:
    """Apply one more entry, which stays in its state and is done by bob unless `parts` says otherwise."""
    usual = {
        "source": case.state, "target": case.state, "actor": Actor("bob", {"head"}), "data": {}, "sets": {},
        "closed": None, "seq": case.seq + 1, "prev": case.head, "leaf": f"{case.seq + 1:x}" * 64,
    }  # fmt: skip
    entry = replace(FIRST, kind=kind, trigger=trigger, **{**usual, **parts})
    return advance(case, entry)


@pytest.fixture
def case() -> Case:
    """Give a case as its first entry makes it."""
    return advance(None, FIRST)


def test_a_first_entry_makes_the_case(case: Case):
    """Everything of the case follows from the entry that opens it."""
    assert (case.id, case.workflow, case.version, case.definition) == ("case-1", "permit", 2, "d" * 64)
    assert (case.state, case.seq, case.head, case.closed) == ("review.reading", 1, "1" * 64, False)
    assert case.data == {"street": "Mill Lane", "metres": 12, "fee": "24"}
    assert case.opened_at == case.updated_at == MONDAY
    assert (case.parent, case.link) == (None, None)


def test_a_child_knows_its_parent_from_its_first_entry():
    """`parent` and `link` are the case's for good."""
    child = advance(None, replace(FIRST, parent={"case": "case-0", "seq": 3}, link="parts"))

    assert (child.parent, child.link) == ("case-0", "parts")
    later = after(child, "act", "look")
    assert (later.parent, later.link) == ("case-0", "parts")
    assert child_of(later) == Child(
        "parts", "case-1", "permit", "review.reading", False, later.data, 2, later.definition
    )


def test_a_transition_moves_and_an_act_stays(case: Case):
    """Both make their data and what the rule computed the case's; only the transition says whether it is closed."""
    moved = after(case, "transition", "grant", target="granted", closed=True, data={"metres": 3}, sets={"fee": "6"})
    looked = after(moved, "act", "look", data={"street": "High Street"})

    assert (moved.state, moved.closed, moved.data) == ("granted", True, {**case.data, "metres": 3, "fee": "6"})
    assert (looked.state, looked.closed, looked.data["street"]) == ("granted", True, "High Street")
    assert (looked.seq, looked.head) == (3, "3" * 64)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("transition", {"seq": 1, "metres": 3}),
        ("act", {"seq": 1, "metres": 3}),
        ("correction", {"metres": 3}),
        ("signature", {}),
        ("recusal", {}),
        ("erasure", {}),
    ],
)
def test_only_some_entries_carry_data_of_the_case(kind: str, changed: dict[str, int]):
    """What is signed waits; a correction carries only the right values; who is recused is no data of the case."""
    assert changed_data(replace(FIRST, kind=kind, data={"seq": 1}, sets={"metres": 3})) == changed


def test_a_case_remembers_every_state_with_those_around_it(case: Case):
    """Whoever enters an inner state has visited the compound one too; an act visits nothing."""
    case = after(case, "transition", "suspend", target="waiting")
    case = after(case, "act", "look", target="waiting")

    assert case.memory.visited == {"review", "review.reading", "waiting"}


def test_a_case_counts_what_was_done_and_by_whom(case: Case):
    """Each act counts, each person once, in alphabetical order; a signature names the person, yet does nothing."""
    case = after(case, "act", "look")
    case = after(case, "act", "look", actor=Actor("ann"))
    case = after(case, "act", "look")
    case = after(case, "signature", "grant", rule=0, role="head")

    assert case.memory.times == {"apply": 1, "look": 3}
    assert case.memory.people == {"apply": ("ann",), "look": ("ann", "bob"), "grant": ("bob",)}


def test_a_compound_state_remembers_the_inner_state_that_was_left(case: Case):
    """Also through several levels, and only once it is left."""
    case = after(case, "transition", "deepen", target="review.talks.second")
    assert case.memory.left == {}

    inside = after(case, "transition", "next", target="review.closing")
    assert inside.memory.left == {"review.talks": "review.talks.second"}

    outside = after(inside, "transition", "suspend", target="waiting")
    assert outside.memory.left == {"review.talks": "review.talks.second", "review": "review.closing"}


def test_a_signature_waits_with_its_content_until_the_state_changes(case: Case):
    """It holds who signed what in which role; an act of another trigger leaves it, a change of state voids it."""
    signed = after(case, "signature", "grant", rule=1, role="head", data={"metres": 3}, documents=(paper("plan"),))
    expected = (Signed("grant", 1, "bob", "head", {"metres": 3}, (paper("plan"),)),)

    assert signed.memory.signatures == expected
    assert signed.data == case.data
    assert after(signed, "act", "look").memory.signatures == expected
    assert after(signed, "transition", "suspend", target="waiting").memory.signatures == ()


def test_the_last_signature_of_an_act_takes_the_others_with_it(case: Case):
    """An act that moves nothing uses up its own signatures and leaves those of other acts."""
    case = after(case, "signature", "rate", rule=0, role="head")
    case = after(case, "signature", "file", rule=0, role="head")
    case = after(case, "act", "rate", actor=Actor("eve"), rule=0)

    assert [signed.trigger for signed in case.memory.signatures] == ["file"]


def test_a_recused_person_is_kept_off_until_admitted(case: Case):
    """The case remembers who asked; a ruling `kept_off` stands in the name of who ruled."""
    asked = after(case, "recusal", "recuse", data={"actor": "eve"})
    ruled = after(asked, "recusal", "recuse", data={"actor": "eve", "ruling": "kept_off"}, actor=Actor("zoe"))
    admitted = after(ruled, "recusal", "recuse", data={"actor": "eve", "ruling": "admitted"})

    assert asked.memory.kept_off == {"eve": "bob"}
    assert ruled.memory.kept_off == {"eve": "zoe"}
    assert admitted.memory.kept_off == {}
    assert admitted.data == case.data


def test_recusals_and_remarks_count_as_acts(case: Case):
    """Guards may count `recuse`, `note` and `correct`, and rules may ask who did them."""
    case = after(case, "recusal", "recuse", data={"actor": "eve"})
    case = after(case, "act", "note")
    case = after(case, "correction", "correct", data={"seq": 1}, sets={"metres": 3})

    assert case.memory.times == {"apply": 1, "recuse": 1, "note": 1, "correct": 1}
    assert case.memory.people["recuse"] == ("bob",)


def test_an_erasure_leaves_the_memory_as_it_was(case: Case):
    """It takes a place in the chain and nothing else of the case."""
    erased = after(case, "erasure", "erase", data={"fields": ["street"], "approved_by": {}})

    assert erased.memory == case.memory
    assert erased.data == case.data
    assert erased.seq == 2


def test_what_an_entry_changes_is_never_shared(case: Case):
    """The case before stays as it was, whatever comes after."""
    before = replace(case)
    after(case, "transition", "grant", target="granted", closed=True, data={"metres": 3})
    after(case, "recusal", "recuse", data={"actor": "eve"})

    assert case == before
    assert Memory() == Memory()
