"""What the engine does by itself: as soon as an act makes it possible, in the same transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability import Refused
from tests.engine.desk import ANN, BOB, Desk, opened_desk

STEPS = """\
workflow: steps
version: 1
roles: {clerk: Clerk, head: Head}
data: {height: {type: integer, default: 0}, top: {type: integer, default: 3}}
start: {by: clerk, accepts: [height, top]}
states: {low: , middle: , high: , peak: {final: true}}
initial: low
transitions:
  climb: {from: low, by: clerk, needs: height}
  rise: {from: low, to: middle, by: system, when: data.height > 0, sets: {height: data.height + 1}}
  ascend: {from: middle, to: high, by: system, when: data.height > 1}
  arrive: {from: high, to: peak, by: system, when: data.height >= data.top}
  push: {from: [middle, high], by: head, sets: {top: '0'}}
"""


def trail(desk: Desk, case_id: str) -> list[str]:
    return [entry.trigger for entry in desk.engine.history(case_id)]


def test_one_act_may_set_off_a_chain_of_others(tmp_path: Path):
    """Each of them is an entry of its own, by the engine, at a later moment; then everything is at rest."""
    with opened_desk(tmp_path, STEPS) as desk:
        case = desk.engine.start("steps", by=ANN)
        case = desk.engine.fire(case.id, "climb", by=ANN, data={"height": 5})

        assert (case.state, case.closed, case.seq, case.data["height"]) == ("peak", True, 5, 6)
        assert trail(desk, case.id) == ["start", "climb", "rise", "ascend", "arrive"]
        entries = list(desk.engine.history(case.id))
        assert [entry.actor.id for entry in entries] == ["ann", "ann", "system", "system", "system"]
        assert len({entry.at for entry in entries}) == 5
        assert desk.problems() == {}


def test_a_chain_stops_where_a_guard_does_not_hold(tmp_path: Path):
    """Nothing is refused and nothing recorded for what is not yet possible; a later act lets it go on."""
    with opened_desk(tmp_path, STEPS) as desk:
        case = desk.engine.start("steps", by=ANN, data={"top": 9})
        case = desk.engine.fire(case.id, "climb", by=ANN, data={"height": 1})
        assert case.state == "high"
        assert not [entry for entry in desk.engine.history(refusals=True) if entry.kind == "refusal"]

        assert desk.engine.fire(case.id, "push", by=BOB).state == "peak"
        assert desk.problems() == {}


def test_the_start_sets_off_what_it_makes_possible(tmp_path: Path):
    """The caller gets the case as it is afterwards; the same key gives it again."""
    with opened_desk(tmp_path, STEPS) as desk:
        case = desk.engine.start("steps", by=ANN, data={"height": 5}, key="k")

        assert (case.state, case.seq) == ("peak", 4)
        assert desk.engine.start("steps", by=ANN, data={"height": 5}, key="k") == case


WHEEL = """\
workflow: wheel
version: 1
roles: {clerk: Clerk}
data: {turns: {type: integer, default: 0}, most: {type: integer, default: 1000000}}
start: {by: clerk, accepts: most}
states: {up: , down: , off: {final: true}}
initial: up
transitions:
  go: {from: up, to: down, by: clerk}
  rise: {from: down, to: up, by: system, when: data.turns < data.most}
  sink:
    from: up
    to: down
    by: system
    when: data.turns < data.most && times("go") > 0
    sets: {turns: data.turns + 1}
  stop: {from: [up, down], to: off, by: clerk}
"""


def test_a_chain_without_end_is_refused_and_leaves_nothing(tmp_path: Path):
    """The act that would set it off is refused; its refusal is all that is written."""
    with opened_desk(tmp_path, WHEEL) as desk:
        case = desk.engine.start("wheel", by=ANN)
        refused = desk.refused(case, "go")

        assert refused.trigger == "go"
        assert "do not come to rest" in str(refused)
        assert desk.engine.case(case.id) == case
        assert [entry.kind for entry in desk.engine.history(case.id, refusals=True)] == ["transition", "refusal"]
        assert desk.problems() == {}


def test_a_long_chain_that_ends_is_carried_out(tmp_path: Path):
    """Forty turns are many, and all of them are recorded."""
    with opened_desk(tmp_path, WHEEL) as desk:
        case = desk.engine.start("wheel", by=ANN, data={"most": 40})
        case = desk.engine.fire(case.id, "go", by=ANN)

        assert case.data["turns"] == 40
        assert case.seq == len(trail(desk, case.id)) == 2 + 80
        assert desk.problems() == {}


QUEUE = """\
workflow: queue
version: 1
roles: {clerk: Clerk}
data: {names: {type: list, items: {type: string}}}
start: {by: clerk, needs: names}
states: {a: , z: {final: true}}
initial: a
transitions:
  call:
    from: a
    to: z
    by: clerk
    opens: {workflow: turn, as: turns, each: data.names, with: {name: item}, by: system}
"""
TURN = """\
workflow: turn
version: 1
roles: {clerk: Clerk}
data: {name: {type: string}}
start: {by: system, needs: name}
states: {a: , b: , z: {final: true}}
initial: a
transitions:
  greet: {from: a, to: b, by: system, when: size(data.name) > 0MORE}
  end: {from: b, to: z, by: clerk}
"""


def test_each_of_many_children_may_go_on_by_itself(tmp_path: Path):
    """What bounds the engine's own acts is one case that does not come to rest, not the number of cases."""
    with opened_desk(tmp_path, QUEUE, TURN.replace("MORE", "")) as desk:
        names = [f"name {number}" for number in range(150)]
        case = desk.engine.start("queue", by=ANN, data={"names": names})
        desk.engine.fire(case.id, "call", by=ANN)

        assert [child.data["name"] for child in desk.engine.case(case.id).children] == names
        assert {child.state for child in desk.engine.case(case.id).children} == {"b"}
        assert desk.problems() == {}


def test_a_family_that_grows_by_itself_without_end_is_refused(tmp_path: Path):
    """Each case rests after one act, yet each act opens another case: the call is bounded all the same."""
    more = ", opens: {workflow: turn, as: next, with: {name: data.name}, by: system}"
    with opened_desk(tmp_path, QUEUE, TURN.replace("MORE", more)) as desk:
        case = desk.engine.start("queue", by=ANN, data={"names": ["x"]})

        assert "do not come to rest" in str(desk.refused(case, "call"))
        assert [found.workflow for found in desk.engine.cases()] == ["queue"]
        assert desk.problems() == {}


NEST = """\
workflow: LEVEL
version: 1
roles: {clerk: Clerk, head: Head}
data: {done: {type: list, items: {type: string}}}
start: {by: clerk}
states: {new: , open: , shut: {final: true}}
initial: new
transitions:
  begin: {from: new, to: open, by: clerk, opens: {workflow: CHILD, as: CHILDs}}
  finish:
    from: open
    to: shut
    by: system
    awaits: CHILDs
    sets: {done: 'children("CHILDs").map(child, child.state)'}
"""
LEAF = """\
workflow: leaf
version: 1
roles: {clerk: Clerk, head: Head}
start: {by: clerk}
states: {new: , shut: {final: true}, lost: {final: true}}
initial: new
transitions:
  pluck: {from: new, to: shut, by: head}
  lose: {from: new, to: lost, by: head}
"""


def test_closing_the_last_leaf_closes_the_whole_tree(tmp_path: Path):
    """The parent goes on, then the parent's parent, each with what it saw below."""
    twig = NEST.replace("LEVEL", "twig").replace("CHILD", "leaf").replace("as: leafs}", "as: leafs}")
    tree = NEST.replace("LEVEL", "tree").replace("CHILD", "twig")
    with opened_desk(tmp_path, tree, twig, LEAF) as desk:
        root = desk.engine.start("tree", by=ANN)
        desk.engine.fire(root.id, "begin", by=ANN)
        (branch,) = desk.children(root, "twigs")
        desk.engine.fire(branch, "begin", by=ANN)
        (leaf,) = desk.children(desk.engine.case(branch), "leafs")
        desk.engine.fire(leaf, "lose", by=BOB)

        assert desk.engine.case(branch).data == {"done": ["lost"]}
        assert desk.engine.case(root.id).data == {"done": ["shut"]}
        assert desk.engine.case(root.id).closed
        assert desk.last(root).saw == {branch: 3}
        assert desk.problems() == {}


MOTHER = """\
workflow: mother
version: 1
roles: {clerk: Clerk, head: Head}
data: {seen: {type: list, items: {type: integer}}}
start: {by: clerk, opens: {workflow: child, as: young, with: {age: '1'}}}
states: {a: , b: , c: , z: {final: true}}
initial: a
transitions:
  second:
    from: a
    to: b
    by: system
    when: size(children("young")) > 0
    opens:
      - {workflow: child, as: young, with: {age: '2'}, by: system}
      - {workflow: child, as: young, with: {age: '3'}, by: system}
  third:
    from: b
    to: c
    by: system
    when: size(children("young")) > 2
    opens: {workflow: child, as: young, with: {age: '4'}, by: system}
  count:
    from: c
    to: z
    by: system
    when: size(children("young")) > 3
    sets: {seen: 'children("young").map(child, child.data.age)'}
"""
CHILD = """\
workflow: child
version: 1
roles: {clerk: Clerk}
data: {age: {type: integer}}
start: {by: [clerk, system], needs: age}
states: {a: , z: {final: true}}
initial: a
transitions: {end: {from: a, to: z, by: clerk}}
"""


def test_children_of_one_call_are_seen_in_the_order_of_their_opening(tmp_path: Path):
    """Whether they were opened by the act itself or by what the engine did after it; a replay sees the same."""
    with opened_desk(tmp_path, MOTHER, CHILD) as desk:
        case = desk.engine.start("mother", by=ANN)

        assert case.data["seen"] == [1, 2, 3, 4]
        assert [child.data["age"] for child in desk.engine.case(case.id).children] == [1, 2, 3, 4]
        assert desk.engine.replay(case.id).data == case.data
        assert desk.problems() == {}


def test_what_the_engine_cannot_finish_is_not_begun(tmp_path: Path):
    """A child that cannot be opened on the way refuses the act that set everything off."""
    broken = MOTHER.replace("with: {age: '4'}, by: system", 'with: {age: size(children("young")) / 0}, by: system')
    assert broken != MOTHER
    with opened_desk(tmp_path, broken, CHILD) as desk:
        case = desk.engine.start("mother", by=ANN)
        assert case.state == "b"

    wrong = MOTHER.replace("{age: '4'}", '{age: 99 + size(children("young"))}')
    strict = CHILD.replace("{type: integer}", "{type: integer, maximum: 9}")
    (tmp_path / "other").mkdir()
    with opened_desk(tmp_path / "other", wrong, strict) as desk:
        with pytest.raises(Refused, match="cannot open young") as refused:
            desk.engine.start("mother", by=ANN)
        assert [reason.code for reason in refused.value.reasons] == ["data"]
        assert list(desk.engine.cases()) == []
        assert desk.problems() == {}


def test_nobody_does_what_is_the_engines(tmp_path: Path):
    """Neither under a role of that name nor in any other; the options say so too."""
    with opened_desk(tmp_path, STEPS) as desk:
        case = desk.engine.start("steps", by=ANN)

        assert [reason.code for reason in desk.refused(case, "rise").reasons] == ["role", "guard"]
        options = {option.trigger: option for option in desk.engine.options(case.id, by=ANN)}
        assert not options["rise"].allowed
