"""The three acts that every workflow has, decided from values alone."""

from __future__ import annotations

from typing import Any

import pytest

from accountability.audit.entry import Actor
from accountability.machine.case import Refusal
from tests.machine.walk import ANN, BOB, EVE, Walk, done, messages, opened, refused

LAW = """\
data:
  metres: {type: integer, minimum: 0}
  fee: {type: decimal}
  street: {type: string, default: unknown}
  seq: {type: integer}
start: {by: clerk, needs: metres, accepts: [street, seq], sets: {fee: data.metres * 1.5}}
states: {a: , z: {final: true}}
initial: a
transitions:
  rate: {from: a, by: [head, expert], accepts: [metres, street]}
  sign: {from: a, by: [clerk, head], signatures: 2, accepts: metres}
  end: {from: a, to: z, by: clerk}
"""
STRANGER = Actor("sam", {"mayor"})


@pytest.fixture
def walk() -> Walk:
    """Give an open case."""
    return opened(LAW, {"metres": 12})


@pytest.mark.parametrize(
    ("trigger", "data"),
    [("note", {}), ("recuse", {"actor": "bob"}), ("correct", {"seq": 1, "data": {"metres": 3}})],
)
def test_each_needs_a_role_of_the_workflow_and_words(walk: Walk, trigger: str, data: dict[str, Any]):
    """Strangers and silent people are refused, with both reasons at once."""
    outcome = walk.fire(trigger, STRANGER, data, reason=" ")

    assert {"role", "reason"} <= set(refused(outcome))
    assert isinstance(outcome, Refusal)
    assert outcome.data == {}


@pytest.mark.parametrize(
    ("trigger", "data"),
    [("note", {}), ("recuse", {"actor": "bob"}), ("correct", {"seq": 1, "data": {"metres": 3}})],
)
def test_who_is_kept_off_does_none_of_them(walk: Walk, trigger: str, data: dict[str, Any]):
    """Nobody remarks, recuses or corrects on a case they are kept off."""
    done(walk.fire("recuse", BOB, {"actor": "ann"}, reason="brothers"))

    assert "recused" in refused(walk.fire(trigger, ANN, data, reason="because"))


def test_a_remark_moves_nothing_and_takes_no_data(walk: Walk):
    """It is an act without a rule; data has no place in it."""
    remark = done(walk.fire("note", EVE, reason="called"))

    assert (remark.kind, remark.rule, remark.source, remark.target, remark.closed) == ("act", None, "a", "a", None)
    assert refused(walk.fire("note", EVE, {"metres": 3}, reason="called")) == ["data"]


def test_remarks_and_corrections_are_possible_on_a_closed_case(walk: Walk):
    """A recusal is not: there is nothing left to be kept off from."""
    done(walk.fire("end"))

    assert done(walk.fire("note", reason="late letter"))
    assert done(walk.fire("correct", data={"seq": 1, "data": {"metres": 3}}, reason="slip"))
    assert refused(walk.fire("recuse", data={"actor": "bob"}, reason="brothers")) == ["state"]


def test_somebody_may_keep_off_themselves(walk: Walk):
    """A declaration: from then on every act of theirs is refused."""
    done(walk.fire("recuse", ANN, {"actor": "ann"}, reason="my brother"))

    assert refused(walk.fire("end", ANN)) == ["recused"]


def test_nobody_is_asked_for_twice(walk: Walk):
    """The request that stands is named."""
    done(walk.fire("recuse", ANN, {"actor": "bob"}, reason="brothers"))
    outcome = walk.fire("recuse", EVE, {"actor": "bob"}, reason="brothers")

    assert refused(outcome) == ["state"]
    assert isinstance(outcome, Refusal)
    assert outcome.reasons[0].detail == {"actor": "bob", "asked_by": "ann"}


@pytest.mark.parametrize("ruling", ["admitted", "kept_off"])
def test_a_different_person_rules(walk: Walk, ruling: str):
    """Neither who is concerned nor who asked; whoever ruled `kept_off` is then the one who asked."""
    done(walk.fire("recuse", ANN, {"actor": "bob"}, reason="brothers"))
    decision = {"actor": "bob", "ruling": ruling}

    assert refused(walk.fire("recuse", ANN, decision, reason="no")) == ["four_eyes"]
    assert set(refused(walk.fire("recuse", BOB, decision, reason="no"))) == {"four_eyes", "recused"}
    done(walk.fire("recuse", EVE, decision, reason="looked into"))
    assert walk.standing.memory.kept_off == ({} if ruling == "admitted" else {"bob": "eve"})


def test_nobody_is_admitted_who_was_not_kept_off(walk: Walk):
    """There is nothing to rule on."""
    assert refused(walk.fire("recuse", ANN, {"actor": "bob", "ruling": "admitted"}, reason="?")) == ["state"]


@pytest.mark.parametrize(
    "data",
    [
        {}, {"seq": 1}, {"data": {"metres": 3}}, {"seq": 1, "data": {}}, {"seq": 1, "data": [1]},
        {"seq": 1, "data": {"metres": 3}, "why": "x"}, {"seq": 0, "data": {"metres": 3}},
        {"seq": 7, "data": {"metres": 3}}, {"seq": 1, "data": {"metres": -1}}, {"seq": 1, "data": {"metres": "3"}},
        {"seq": 1, "data": {"width": 3}},
    ],
)  # fmt: skip
def test_a_correction_names_an_entry_and_right_values(walk: Walk, data: dict[str, Any]):
    """Anything else is refused as `data`, and nothing is corrected."""
    assert set(refused(walk.fire("correct", data=data, reason="slip"))) == {"data"}
    assert walk.standing.data["metres"] == 12


def test_a_correction_carries_right_values_and_what_follows_from_them(walk: Walk):
    """What the rule computed from the wrong value is worked out anew, and cannot be set by hand."""
    corrected = done(walk.fire("correct", data={"seq": 1, "data": {"metres": 10}}, reason="slip"))

    assert (corrected.kind, corrected.data) == ("correction", {"seq": 1})
    assert corrected.sets == {"metres": 10, "fee": "15.0"}
    assert walk.standing.data == {"metres": 10, "fee": "15.0", "street": "unknown"}
    by_hand = {"seq": 1, "data": {"fee": "0.00"}}
    assert refused(walk.fire("correct", data=by_hand, reason="slip")) == ["data"]


def test_a_correction_is_judged_by_the_rule_of_the_act(walk: Walk):
    """What the guard, four eyes or the number of signatures forbid cannot be reached by correcting."""
    walk = opened(
        LAW + "  limit: {from: a, by: head, not_by: start, needs: metres, when: input.metres <= 20}\n", {"metres": 12}
    )
    done(walk.fire("limit", BOB, {"metres": 20}))
    done(walk.fire("sign", ANN, {"metres": 4}))
    done(walk.fire("sign", BOB))

    over = {"seq": 2, "data": {"metres": 21}}
    assert "guard" in refused(walk.fire("correct", BOB, over, reason="slip"))
    assert "four_eyes" in refused(walk.fire("correct", Actor("ann", {"head"}), over, reason="slip"))
    signed = {"seq": 4, "data": {"metres": 9}}
    assert refused(walk.fire("correct", BOB, signed, reason="slip")) == ["signature"]


def test_a_value_that_a_later_act_changed_is_corrected_there(walk: Walk):
    """What no longer stands cannot be corrected; the later entry can, and so can a correction."""
    done(walk.fire("rate", BOB, {"metres": 9}))
    assert walk.standing.data["metres"] == 9

    outcome = walk.fire("correct", data={"seq": 1, "data": {"metres": 3}}, reason="slip")
    assert "a later act changed `metres`" in messages(outcome)
    done(walk.fire("correct", BOB, {"seq": 2, "data": {"metres": 8}}, reason="slip"))
    done(walk.fire("correct", EVE, {"seq": 3, "data": {"metres": 7}}, reason="slip again"))
    assert walk.standing.data["metres"] == 7


def test_a_correction_needs_a_role_that_may_do_the_corrected_act(walk: Walk):
    """For the opening that is a role of the start, for an act a role of any of its rules."""
    done(walk.fire("rate", BOB, {"metres": 9}))

    assert refused(walk.fire("correct", ANN, {"seq": 2, "data": {"metres": 8}}, reason="slip")) == ["role"]
    assert "role" in refused(walk.fire("correct", BOB, {"seq": 1, "data": {"metres": 9}}, reason="slip"))
    assert done(walk.fire("correct", EVE, {"seq": 2, "data": {"metres": 8}}, reason="slip"))


def test_what_carries_no_data_of_the_case_cannot_be_corrected(walk: Walk):
    """A recusal and a pending signature are no data; a remark carries none."""
    done(walk.fire("recuse", ANN, {"actor": "zoe"}, reason="brothers"))
    done(walk.fire("sign", ANN, {"metres": 4}))
    done(walk.fire("note", ANN, reason="called"))

    for place in (2, 3, 4):
        assert "data" in refused(walk.fire("correct", data={"seq": place, "data": {"metres": 3}}, reason="slip"))


def test_a_field_may_have_the_name_of_what_a_correction_says():
    """A field called `seq` is corrected like any other."""
    walk = opened(LAW, {"metres": 12, "seq": 5})
    done(walk.fire("correct", data={"seq": 1, "data": {"seq": 6}}, reason="slip"))

    assert walk.standing.data["seq"] == 6
