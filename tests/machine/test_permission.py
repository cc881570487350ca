"""Who may do what: roles, recusal, four eyes, one hand, several signatures."""

from __future__ import annotations

import pytest

from accountability.audit.entry import Actor
from accountability.machine.case import Facts, Firing, Memory, Refusal
from accountability.machine.permission import missing_signatures, pending, signing_role
from tests.machine.walk import ANN, BOB, EVE, Walk, done, messages, opened, paper, refused

BOTH = Actor("pat", {"clerk", "head"})
STATES = "start: {by: [clerk, head]}\nstates: {a: , b: , z: {final: true}}\ninitial: a\n"


def able(rule: str, *, rest: str = "", data: str = "") -> Walk:
    """Open a case whose trigger `go` has one rule."""
    return opened(f"{data}{STATES}transitions:\n  go: {{from: a, {rule}}}\n{rest}")


def test_one_of_the_roles_is_enough():
    """The refusal names the roles that are asked for and those there are."""
    walk = able("to: z, by: [head, expert]")
    outcome = walk.fire("go", ANN)

    assert isinstance(outcome, Refusal)
    assert [reason.code for reason in outcome.reasons] == ["role"]
    assert outcome.reasons[0].detail == {"needs": ["expert", "head"], "has": ["clerk"]}
    assert done(walk.fire("go", EVE)).target == "z"


def test_what_the_engine_does_nobody_else_does():
    """The reason says so."""
    walk = able("to: z, by: system, when: 'case.seq > 0'")

    assert "only the engine itself does `go`" in messages(walk.fire("go", BOTH))
    assert done(walk.fire("go", Actor("system", {"system"}))).target == "z"


def test_four_eyes_ask_for_the_person_and_not_for_the_role():
    """Whoever did it is refused, whatever the role; whoever did something else is not."""
    walk = able("to: z, by: [clerk, head], not_by: [look]", rest="  look: {from: a, by: [clerk, head]}\n")
    done(walk.fire("look", BOTH))

    assert refused(walk.fire("go", BOTH)) == ["four_eyes"]
    assert refused(walk.fire("go", Actor("pat", {"head"}))) == ["four_eyes"]
    assert done(walk.fire("go", ANN)).target == "z"


def test_one_hand_asks_for_the_person_who_did_it():
    """`same_as` refuses everybody else, and everybody where nobody did it."""
    walk = able("to: z, by: [clerk, head], same_as: [look]", rest="  look: {from: a, by: [clerk, head]}\n")

    assert refused(walk.fire("go", BOTH)) == ["four_eyes"]
    done(walk.fire("look", BOTH))
    assert refused(walk.fire("go", ANN)) == ["four_eyes"]
    assert done(walk.fire("go", Actor("pat", {"clerk"}))).target == "z"


def test_separation_reaches_to_the_case_that_opened_this_one():
    """The facts say who did what there; `same_as` looks there only where nobody did it here."""
    rest = "  look: {from: a, by: [clerk, head]}\n  own: {from: a, to: b, by: [clerk, head], same_as: [look]}\n"
    walk = able("to: z, by: [clerk, head], not_by: [file]", rest=rest)
    above = Facts(parent="case-0", parent_memory=Memory(people={"file": ("ann",), "look": ("ann",)}))

    assert refused(walk.attempt(Firing(trigger="go", actor=ANN), above)) == ["four_eyes"]
    assert refused(walk.attempt(Firing(trigger="own", actor=BOTH), above)) == ["four_eyes"]
    done(walk.fire("look", BOTH))
    assert refused(walk.attempt(Firing(trigger="own", actor=ANN), above)) == ["four_eyes"]
    assert done(walk.attempt(Firing(trigger="own", actor=BOTH), above)).target == "b"


def test_who_signed_counts_as_who_did_it():
    """Also while the others have not signed yet."""
    rest = "  take: {from: a, by: [clerk, head], not_by: [go]}\n"
    walk = able("to: z, by: [clerk, head], signatures: 2", rest=rest)
    done(walk.fire("go", ANN))

    assert refused(walk.fire("take", ANN)) == ["four_eyes"]


def test_signatures_of_any_role_count_people():
    """The move is made by the last of so many different people."""
    walk = able("to: z, by: [clerk, head], signatures: 3")
    kinds = [done(walk.fire("go", actor)).kind for actor in (ANN, BOTH, BOB)]

    assert kinds == ["signature", "signature", "transition"]
    assert walk.standing.closed
    assert walk.standing.memory.times["go"] == 1


def test_signatures_by_role_count_each_role():
    """Two clerks and a head: a third clerk is one too many, and the reason says who is missing."""
    walk = able("to: z, by: [clerk, head], signatures: {clerk: 2, head: 1}")
    for name in ("ann", "abe"):
        assert done(walk.fire("go", Actor(name, {"clerk"}))).role == "clerk"

    outcome = walk.fire("go", Actor("amy", {"clerk"}))
    assert refused(outcome) == ["signature"]
    assert "missing: head" in messages(outcome)
    assert done(walk.fire("go", BOB)).kind == "transition"


def test_nobody_signs_twice_in_whatever_role():
    """One person is one signature."""
    walk = able("to: z, by: [clerk, head], signatures: {clerk: 1, head: 1}")
    done(walk.fire("go", ANN))

    assert refused(walk.fire("go", Actor("ann", {"head"}))) == ["signature"]


def test_who_has_two_roles_signs_in_the_one_that_is_still_needed():
    """The first by the alphabet, or what the others left."""
    walk = able("to: z, by: [clerk, head], signatures: {clerk: 1, head: 1}")
    other = able("to: z, by: [clerk, head], signatures: {clerk: 1, head: 1}")
    done(other.fire("go", ANN))
    rule = walk.law.rules["go"][0]

    assert done(walk.fire("go", BOTH)).role == "clerk"
    assert signing_role(rule, pending(rule, other.standing.memory), BOTH) == "head"
    assert missing_signatures(rule, pending(rule, other.standing.memory)) == {"head": 1}
    assert done(other.fire("go", BOTH)).kind == "transition"


def test_who_is_kept_from_the_act_does_not_sign_for_it():
    """Four eyes hold for every signature, the first and the last."""
    rest = "  look: {from: a, by: [clerk, head]}\n"
    walk = able("to: z, by: [clerk, head], signatures: 2, not_by: [look]", rest=rest)
    done(walk.fire("look", ANN))

    assert refused(walk.fire("go", ANN)) == ["four_eyes"]
    done(walk.fire("go", BOTH))
    assert refused(walk.fire("go", ANN)) == ["four_eyes"]
    assert done(walk.fire("go", BOB)).kind == "transition"


@pytest.mark.parametrize("second", [{}, {"data": {"metres": 3}, "documents": (paper("plan"),)}])
def test_the_others_sign_what_the_first_one_gave(second: dict[str, object]):
    """They give nothing, or exactly the same; the content becomes the case's with the last signature."""
    data = "data: {metres: {type: integer}}\n"
    walk = able("to: z, by: [clerk, head], signatures: 2, needs: metres, documents: plan", data=data)
    first = done(walk.fire("go", ANN, {"metres": 3}, documents=(paper("plan"),)))
    assert (first.kind, "metres" in walk.standing.data) == ("signature", False)

    last = done(walk.fire("go", BOB, **second))
    assert (dict(last.data), last.documents) == ({"metres": 3}, (paper("plan"),))
    assert walk.standing.data == {"metres": 3}


@pytest.mark.parametrize(
    "second",
    [
        {"data": {"metres": 4}, "documents": (paper("plan"),)},
        {"data": {"metres": 3}},
        {"data": {"metres": 3}, "documents": (paper("plan", "1"),)},
    ],
)
def test_nobody_signs_something_else(second: dict[str, object]):
    """Other data, or another document of the same name, is not what the first one signed."""
    data = "data: {metres: {type: integer}}\n"
    walk = able("to: z, by: [clerk, head], signatures: 2, needs: metres, documents: plan", data=data)
    done(walk.fire("go", ANN, {"metres": 3}, documents=(paper("plan"),)))

    outcome = walk.fire("go", BOB, **second)
    assert "signature" in refused(outcome)
    assert "signed by ann with other content" in messages(outcome)


def test_each_rule_has_signatures_of_its_own():
    """Two rules of one trigger do not share them."""
    walk = opened(
        STATES + "transitions:\n  go:\n"
        "    - {from: a, to: b, by: clerk, signatures: 2}\n    - {from: a, to: z, by: head, signatures: 2}\n"
    )
    for actor in (ANN, BOB):
        assert done(walk.fire("go", actor)).kind == "signature"
    last = done(walk.fire("go", Actor("amy", {"head"})))

    assert (last.rule, last.target) == (1, "z")


def test_a_change_of_state_takes_signatures_back():
    """Everybody signs anew, the same person too."""
    rest = "  leave: {from: a, to: b, by: clerk}\n  back: {from: b, to: a, by: clerk}\n"
    walk = able("to: z, by: [clerk, head], signatures: 2", rest=rest)
    for trigger in ("go", "leave", "back"):
        done(walk.fire(trigger, ANN))

    assert done(walk.fire("go", ANN)).kind == "signature"
    assert done(walk.fire("go", BOB)).kind == "transition"


def test_an_act_can_be_signed_again_and_again():
    """Where the state stays, the last signature does the act, and the next round begins at nought."""
    walk = able("by: [clerk, head], signatures: 2", rest="  end: {from: a, to: z, by: clerk}\n")
    kinds = [done(walk.fire("go", actor)).kind for actor in (ANN, BOB, BOB, ANN)]

    assert kinds == ["signature", "act", "signature", "act"]
    assert walk.standing.memory.times["go"] == 2


def test_other_acts_leave_signatures_as_they_are():
    """Only a change of state takes them back."""
    walk = able("to: z, by: [clerk, head], signatures: 2", rest="  look: {from: a, by: [clerk, head]}\n")
    done(walk.fire("go", ANN))
    done(walk.fire("look", ANN))
    done(walk.fire("note", ANN, reason="called"))

    assert done(walk.fire("go", BOB)).kind == "transition"


def test_a_guard_is_asked_for_every_signature():
    """What does not hold for the last signature stops the act."""
    data = "data: {ready: {type: boolean, default: true}}\n"
    rest = "  unready: {from: a, by: clerk, sets: {ready: 'false'}}\n"
    walk = able("to: z, by: [clerk, head], signatures: 2, when: data.ready", rest=rest, data=data)
    done(walk.fire("go", ANN))
    done(walk.fire("unready", ANN))

    assert refused(walk.fire("go", BOB)) == ["guard"]
