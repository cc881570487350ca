"""What a person may do now, and why not the rest."""

from __future__ import annotations

from accountability.audit.entry import Actor
from accountability.machine.case import Child, Facts
from accountability.machine.options import Option, options
from tests.machine.walk import ANN, BOB, EVE, Walk, done, opened, paper

LAW = """\
data: {metres: {type: integer}, paid: {type: boolean, default: false}, name: {type: string, personal: true}}
start: {by: clerk, accepts: [metres, name]}
states: {a: , b: , z: {final: true}}
initial: a
transitions:
  pay: {title: Pay the fee, from: a, by: clerk, sets: {paid: 'true'}}
  rate: {from: a, by: clerk, needs: metres, when: data.metres < 5}
  check: {from: a, to: b, by: clerk, when: [{check: data.paid, else: {en: The fee is not paid, zh: 未缴费}}]}
  sign: {from: a, to: z, by: [clerk, head], signatures: 2, documents: plan, reason: required}
  judge: {from: a, to: z, by: head, when: 'data.name == "Wang"'}
  wait: {from: [a, b], to: z, by: clerk, awaits: parts}
  split: {from: a, by: head, not_by: [start], opens: {workflow: part, as: parts}}
  either:
    - {from: a, to: b, by: head, when: data.paid}
    - {from: a, to: z, by: [clerk, head], accepts: metres}
  back: {from: b, to: {history: a}, by: clerk}
"""


def seen(walk: Walk, actor: Actor, facts: Facts | None = None) -> dict[str, Option]:
    """Give the options of a person by trigger."""
    return {one.trigger: one for one in options(walk.law, walk.standing, actor, walk.now, facts or Facts())}


def codes(option: Option) -> list[str]:
    return [reason.code for reason in option.reasons]


def test_every_trigger_is_listed_then_the_acts_of_every_workflow():
    """In the order of the alphabet, so that a screen does not jump about."""
    listed = list(seen(opened(LAW), ANN))

    assert listed == [
        "back", "check", "either", "judge", "pay", "rate", "sign", "split", "wait", "recuse", "note", "correct",
    ]  # fmt: skip


def test_an_option_says_what_it_takes():
    """Data, documents, a reason, where it leads, and what it is called."""
    found = seen(opened(LAW), ANN)

    assert (found["pay"].title, found["pay"].target) == ("Pay the fee", None)
    assert (found["rate"].needs, found["either"].accepts) == (("metres",), ("metres",))
    assert (found["sign"].documents, found["sign"].reason_required, found["sign"].target) == (("plan",), True, "z")
    assert found["back"].target is None
    assert found["sign"].as_json() == {
        "trigger": "sign", "title": None, "allowed": True, "reasons": [], "to": "z", "needs": [], "accepts": [],
        "documents": ["plan"], "reason_required": True,
    }  # fmt: skip


def test_a_guard_on_what_will_be_given_is_left_open():
    """Only the act itself can answer it; a guard on what stands is answered now, in the author's words."""
    found = seen(opened(LAW, {"metres": 90}), ANN)

    assert found["rate"].allowed
    assert not found["check"].allowed
    assert found["check"].reasons[0].message == "The fee is not paid"


def test_the_nearest_rule_speaks_for_its_trigger():
    """Of several rules the one with the fewest objections is shown."""
    walk = opened(LAW)

    assert seen(walk, ANN)["either"].target == "z"
    assert seen(walk, EVE)["either"].reasons[0].detail["needs"] == ["clerk", "head"]


def test_a_trigger_of_another_state_says_where_it_is_possible():
    """With the states, as detail."""
    option = seen(opened(LAW), ANN)["back"]

    assert codes(option) == ["state"]
    assert option.reasons[0].detail == {"state": "a", "possible_in": ["b"]}


def test_withheld_values_do_not_show_in_options():
    """Whoever looks at what could be done learns nothing about a person."""
    walk = opened(LAW, {"name": "Zhao Liu"})

    assert codes(seen(walk, BOB)["judge"]) == ["guard"]
    assert "Zhao" not in repr(seen(walk, BOB))


def test_open_children_hold_back_what_awaits_them():
    """How many are still open, and which."""
    children = Facts(children=(Child("parts", "one", "part", "s", False), Child("parts", "two", "part", "z", True)))

    option = seen(opened(LAW), ANN, children)["wait"]
    assert codes(option) == ["awaits"]
    assert option.reasons[0].detail == {"link": "parts", "open": ["one"], "count": 1}
    assert seen(opened(LAW), ANN)["wait"].allowed


def test_who_signed_sees_that_another_must_sign():
    """And the other sees that they can."""
    walk = opened(LAW)
    done(walk.fire("pay"))
    done(walk.fire("sign", ANN, documents=(paper("plan"),), reason="yes"))

    assert codes(seen(walk, ANN)["sign"]) == ["signature"]
    assert seen(walk, BOB)["sign"].allowed


def test_four_eyes_and_recusals_hold_in_options():
    """Who is kept off may do nothing at all, not even remark."""
    walk = opened(LAW)
    assert codes(seen(walk, Actor("ann", {"head"}))["split"]) == ["four_eyes"]

    done(walk.fire("recuse", BOB, {"actor": "ann"}, reason="brothers"))
    assert not [option for option in seen(walk, ANN).values() if option.allowed]


def test_strangers_have_no_options():
    """Without a role of the workflow even a remark is refused."""
    found = seen(opened(LAW), Actor("sam", {"mayor"}))

    assert not [option for option in found.values() if option.allowed]
    assert codes(found["note"]) == ["role"]


def test_nobody_is_recused_from_a_closed_case():
    """Remarks and corrections stay possible."""
    walk = opened(LAW)
    done(walk.fire("either"))
    found = seen(walk, ANN)

    assert (found["recuse"].allowed, found["note"].allowed, found["correct"].allowed) == (False, True, True)
