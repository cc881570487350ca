"""The past recomputed: from the entries alone, and against the law."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accountability.audit.disclosure import warrant
from accountability.audit.entry import Actor, Entry
from accountability.machine.case import Child, Facts, Firing
from accountability.replay import Retraced, fold, retrace
from tests.machine.walk import ANN, BOB, EVE, MONDAY, Walk, done, opened, paper

LAW = """\
data:
  metres: {type: integer}
  fee: {type: integer}
  street: {type: string, default: unknown}
  name: {type: string, personal: true}
  mark: {type: string, readers: [head]}
start: {trigger: apply, by: clerk, needs: metres, accepts: name, sets: {fee: data.metres * 2}}
states: {a: , b: {initial: x, states: {x: , y: }}, c: , z: {final: true}}
initial: a
transitions:
  take:
    - {from: a, to: b, by: head, when: data.metres < 5}
    - {from: a, to: b.y, by: head, documents: plan}
  look: {from: b, by: [clerk, head], not_by: [file], accepts: street}
  rest: {from: b, to: c, by: clerk, when: 'now < timestamp("2015-02-09T01:30:00Z")', reason: required}
  back: {from: c, to: {history: b}, by: clerk}
  ask: {from: b, by: expert, when: 'data.name == "Zhao"'}
  rate: {from: b, by: expert, needs: mark, sets: {name: 'data.name + "!"'}}
  grant:
    from: b
    to: z
    by: [clerk, head]
    signatures: {clerk: 1, head: 1}
    sets: {street: '"Mill Lane"'}
    publishes: {channels: board, fields: [street, metres]}
"""


@pytest.fixture
def walk() -> Walk:
    """Walk a case through nearly everything that can happen."""
    walk = opened(LAW, {"metres": 12})
    done(walk.fire("take", BOB, documents=(paper("plan"),)))
    done(walk.fire("rest", ANN, reason="papers are missing"))
    done(walk.fire("back", ANN))
    done(walk.fire("look", BOB, {"street": "High Street"}))
    done(walk.fire("recuse", BOB, {"actor": "eve"}, reason="brothers"))
    done(walk.fire("correct", ANN, {"seq": 1, "data": {"metres": 11}}, reason="slip"))
    done(walk.fire("note", ANN, reason="called"))
    done(walk.fire("grant", ANN))
    done(walk.fire("grant", BOB))
    return walk


def retraced(walk: Walk, entries: list[Entry], kept: dict[int, dict[str, Any]] | None = None) -> list[Retraced]:
    """Ask the law again, with the withheld values that are kept by seq."""
    return list(retrace(walk.law, entries, lambda entry: (kept or {}).get(entry.seq, {}), lambda *_: Facts()))


def changed(walk: Walk, seq: int, **parts: Any) -> Retraced:
    """Change one entry, and ask the law about it again."""
    entries = [replace(entry, **parts) if entry.seq == seq else entry for entry in walk.entries[:seq]]
    return retraced(walk, entries)[-1]


def test_entries_alone_give_the_case(walk: Walk):
    """`fold` needs no law; refusals change nothing, and without entries there is no case."""
    refusal = replace(walk.entries[0], kind="refusal", prev=None, reasons=({"code": "role"},))

    assert fold(walk.entries) == walk.case
    assert fold([walk.entries[0], refusal, *walk.entries[1:]]) == walk.case
    assert fold([]) is None


def test_the_law_gives_every_entry_of_an_honest_record(walk: Walk):
    """Each entry comes with the case after it, and differs in nothing."""
    found = retraced(walk, walk.entries)

    assert [one.entry for one in found] == walk.entries
    assert [one.differences for one in found] == [()] * 10
    assert not any(one.undecided for one in found)
    assert found[-1].case == walk.case


def test_refusals_are_passed_over(walk: Walk):
    """They are no links of the chain."""
    refusal = replace(walk.entries[0], kind="refusal", prev=None, reasons=({"code": "role"},))

    assert len(retraced(walk, [walk.entries[0], refusal, walk.entries[1]])) == 2


@pytest.mark.parametrize(
    ("seq", "parts"),
    [
        (1, {"actor": BOB}),
        (1, {"data": {"metres": 13}}),
        (1, {"data": {}}),
        (1, {"sets": {"fee": 25, "street": "unknown"}}),
        (1, {"sets": {"fee": 24}}),
        (1, {"target": "c"}),
        (1, {"closed": True}),
        (1, {"kind": "act"}),
        (2, {"actor": ANN}),
        (2, {"rule": 0}),
        (2, {"rule": 7}),
        (2, {"target": "b.x"}),
        (2, {"source": "c"}),
        (2, {"documents": ()}),
        (2, {"trigger": "grant"}),
        (2, {"trigger": "unheard_of"}),
        (3, {"at": MONDAY.replace(hour=2)}),
        (3, {"reason": None}),
        (4, {"target": "b.x"}),
        (4, {"closed": True}),
        (5, {"kind": "transition"}),
        (5, {"data": {"metres": 1}}),
        (5, {"children": ({"link": "parts", "case": "x", "workflow": "part", "leaf": "0" * 64},)}),
        (5, {"target": "z", "closed": True}),
        (6, {"actor": Actor("sam", {"mayor"})}),
        (6, {"reason": None}),
        (6, {"data": {"actor": "eve", "ruling": "admitted"}}),
        (7, {"data": {"seq": 2}}),
        (7, {"sets": {"metres": 11, "street": "x"}}),
        (7, {"sets": {}}),
        (7, {"actor": EVE}),
        (8, {"data": {"metres": 1}}),
        (8, {"target": "z"}),
        (9, {"role": "head"}),
        (9, {"kind": "transition"}),
        (10, {"actor": ANN}),
        (10, {"published": None}),
        (10, {"published": {"channels": ["board"], "data": {"street": "Mill Lane", "metres": 12}}}),
        (10, {"sets": {}}),
        (10, {"closed": None}),
    ],
)
def test_an_entry_that_the_law_does_not_give_is_found(walk: Walk, seq: int, parts: dict[str, Any]):
    """Whoever forges an act, with whatever hashes: the law would not have allowed it so, and each part tells."""
    found = changed(walk, seq, **parts)

    assert found.entry.seq == seq
    assert found.differences
    assert not found.undecided


@pytest.mark.parametrize("kind", ["migration", "deadline", "definition"])
def test_no_kind_of_entry_is_believed_without_a_law(walk: Walk, kind: str):
    """What no rule gives moves no case, whatever it calls itself."""
    assert changed(walk, 5, kind=kind, target="z", closed=True).differences
    assert changed(walk, 5, kind=kind).differences


def test_an_act_that_was_left_out_is_missed_by_those_that_rest_on_it(walk: Walk):
    """Without the first signature the second one makes no move."""
    without = [entry for entry in walk.entries if entry.seq != 9]

    assert retraced(walk, without)[-1].differences


def erased(walk: Walk, approver: Actor = BOB, by: Actor = ANN, **parts: Any) -> Entry:
    """Make the entry of an erasure at the end of a walk."""
    case = walk.standing
    entry = replace(
        walk.entries[0],
        seq=case.seq + 1, kind="erasure", trigger="erase", actor=by, data=warrant(["name"], approver), sets={},
        source=case.state, target=case.state, closed=None, reason="asked for", withheld={},
    )  # fmt: skip
    return replace(entry, **parts)


def test_an_erasure_is_judged_like_every_other_act(walk: Walk):
    """Two people of the workflow, personal fields, a reason; and it moves nothing."""
    assert retraced(walk, [*walk.entries, erased(walk)])[-1].differences == ()

    for forged in (
        erased(walk, target="a"),
        erased(walk, closed=False),
        erased(walk, approver=ANN),
        erased(walk, approver=Actor("sam", {"mayor"})),
        erased(walk, by=EVE),
        erased(walk, reason=" "),
        erased(walk, data=warrant(["street"], BOB)),
        erased(walk, sets={"metres": 1}),
    ):
        assert retraced(walk, [*walk.entries, forged])[-1].differences


NAMED = {"name": "c" * 64}


@pytest.fixture
def named() -> tuple[Walk, dict[int, dict[str, Any]]]:
    """Walk a case with withheld values, as they are recorded and as they are kept apart."""
    walk = opened(LAW, {"metres": 3, "name": "Zhao"})
    done(walk.fire("take", BOB))
    done(walk.fire("ask", EVE))
    done(walk.fire("look", ANN, {"street": "High Street"}))
    done(walk.fire("rate", EVE, {"mark": "good"}))
    walk.entries[0] = replace(walk.entries[0], data={"metres": 3}, withheld=NAMED)
    walk.entries[4] = replace(walk.entries[4], data={}, sets={}, withheld={**NAMED, "mark": "d" * 64})
    return walk, {1: {"name": "Zhao"}, 5: {"name": "Zhao!", "mark": "good"}}


def test_withheld_values_are_asked_about_while_they_are_kept(named: tuple[Walk, dict[int, dict[str, Any]]]):
    """Given or computed, they are compared like clear ones; the case after holds none of them."""
    walk, kept = named
    found = retraced(walk, walk.entries, kept)

    assert [one.differences for one in found] == [()] * 5
    assert "name" not in found[-1].case.data
    assert retraced(walk, walk.entries, kept | {1: {"name": "Wang"}})[2].differences
    assert retraced(walk, walk.entries, kept | {5: {"name": "Zhao", "mark": "good"}})[4].differences


def test_what_rests_on_an_erased_value_cannot_be_judged_any_more(named: tuple[Walk, dict[int, dict[str, Any]]]):
    """The entries that gave it or whose rules read it say so; the others are judged as before."""
    walk, _ = named
    found = retraced(walk, walk.entries, {5: {"mark": "good"}})

    assert [bool(one.undecided) for one in found] == [False, False, True, False, True]
    assert not any(one.differences for one in found)


def test_an_erasure_is_no_cloak_for_a_forgery(named: tuple[Walk, dict[int, dict[str, Any]]]):
    """An act that has nothing to do with the erased value is still judged; so is, of one that has, who acted."""
    walk, _ = named
    walk.entries[3] = replace(walk.entries[3], actor=EVE)
    walk.entries[2] = replace(walk.entries[2], actor=ANN)
    found = retraced(walk, walk.entries, {5: {"mark": "good"}})

    assert found[3].differences
    assert found[2].differences


def test_a_child_that_was_not_looked_at_is_named():
    """A rule that awaits its children must have seen each of them."""
    walk = opened(
        "start: {by: clerk}\nstates: {a: , z: {final: true}}\ninitial: a\ntransitions:\n"
        "  split: {from: a, by: clerk, opens: [{workflow: part, as: parts}, {workflow: log, as: logs}]}\n"
        "  end: {from: a, to: z, by: clerk, awaits: parts}\n"
    )
    done(walk.fire("split"))
    done(walk.fire("end"))
    children = [{"link": link, "case": name, "workflow": of, "leaf": "0" * 64} for link, name, of in (
        ("parts", "one", "part"), ("logs", "two", "log"))]  # fmt: skip
    entries = [walk.entries[0], replace(walk.entries[1], children=tuple(children)), walk.entries[2]]
    seen = Facts((Child("parts", "one", "part", "z", True),))

    honest = [entries[0], entries[1], replace(entries[2], saw={"one": 4})]
    assert not any(one.differences for one in retrace(walk.law, honest, lambda _: {}, lambda *_: seen))
    assert retraced(walk, entries)[-1].differences == ("the child case one was not looked at",)


def test_a_parent_that_was_not_looked_at_is_named():
    """A rule that asks who did something must have looked at the case that opened this one, too."""
    walk = opened(LAW, {"metres": 3})
    walk.entries[0] = replace(walk.entries[0], parent={"case": "case-0", "seq": 2}, link="parts")
    done(walk.fire("take", BOB))
    done(walk.attempt(Firing(trigger="look", actor=ANN), Facts(parent="case-0")))

    assert retraced(walk, walk.entries)[-1].differences == ("the case case-0 that opened this one was not looked at",)
    walk.entries[2] = replace(walk.entries[2], saw={"case-0": 2})
    assert retraced(walk, walk.entries)[-1].differences == ()
