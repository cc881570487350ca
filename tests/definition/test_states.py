"""The tree of states means one thing to everybody who reads it."""

from __future__ import annotations

from typing import Any

import pytest

from accountability.definition import states
from accountability.definition.model import Workflow


def workflow(**changes: Any) -> Workflow:
    """Build a workflow with nested states, groups and two final states."""
    content: dict[str, Any] = {
        "workflow": "inquiry",
        "version": 1,
        "roles": {"officer": "Officer"},
        "start": {"by": "officer"},
        "states": {
            "received": None,
            "investigating": {
                "initial": "interviews",
                "states": {
                    "interviews": None,
                    "records": {"initial": "bank", "states": {"bank": None, "letters": None}},
                    "dropped": {"final": True},
                },
            },
            "closed": {"final": True},
        },
        "initial": "received",
        "groups": {"open": ["received", "investigating", "closed"], "deep": ["investigating.records"]},
        "transitions": {},
    }
    return Workflow.from_content(content | changes)


def test_leaves_are_the_states_without_inner_ones_in_file_order() -> None:
    """A case is in one of these and nowhere else."""
    assert states.leaves(workflow()) == (
        "received",
        "investigating.interviews",
        "investigating.records.bank",
        "investigating.records.letters",
        "investigating.dropped",
        "closed",
    )


def test_every_state_is_listed_with_compound_states_before_inner_ones() -> None:
    """Paths are dotted and follow the file."""
    assert list(states.states(workflow()))[:4] == [
        "received",
        "investigating",
        "investigating.interviews",
        "investigating.records",
    ]


def test_ancestors_are_given_outermost_first() -> None:
    """A state is not its own ancestor."""
    assert states.ancestors("a.b.c") == ("a", "a.b")
    assert states.ancestors("a") == ()


@pytest.mark.parametrize(
    ("target", "leaf"),
    [
        ("received", "received"),
        ("investigating", "investigating.interviews"),
        ("investigating.records", "investigating.records.bank"),
        ("investigating.records.letters", "investigating.records.letters"),
    ],
)
def test_entering_a_compound_state_enters_its_initial(target: str, leaf: str) -> None:
    """`initial` is followed to the bottom."""
    assert states.entered(workflow(), target) == leaf


def test_entering_an_unknown_state_is_an_error() -> None:
    """Nobody silently lands nowhere."""
    with pytest.raises(ValueError, match="no state `nowhere`"):
        states.entered(workflow(), "nowhere")


def test_final_leaves_include_those_inside_a_final_state() -> None:
    """A final compound state closes the case wherever inside it the case is."""
    assert states.final_leaves(workflow()) == {"investigating.dropped", "closed"}
    nested = {"done": {"final": True, "initial": "a", "states": {"a": None, "b": None}}, "open": None}
    assert states.final_leaves(workflow(states=nested, initial="open", groups={})) == {"done.a", "done.b"}


def test_any_is_every_leaf_that_is_not_final() -> None:
    """Closed cases stay closed under `any`."""
    assert list(states.resolve(workflow(), ["any"])) == [
        "received",
        "investigating.interviews",
        "investigating.records.bank",
        "investigating.records.letters",
    ]


def test_a_final_state_is_meant_only_where_it_is_named_itself() -> None:
    """Groups and compound states never contain a final state silently."""
    assert "closed" not in states.resolve(workflow(), ["open"])
    assert "investigating.dropped" not in states.resolve(workflow(), ["investigating"])
    assert states.resolve(workflow(), ["closed"]) == {"closed": 1}
    assert states.resolve(workflow(), ["investigating.dropped"]) == {"investigating.dropped": 2}


def test_a_group_stands_for_its_states_at_their_own_depth() -> None:
    """A group is a spelling, not a level of its own."""
    assert states.resolve(workflow(), ["deep"]) == {
        "investigating.records.bank": 2,
        "investigating.records.letters": 2,
    }


def test_the_deepest_of_several_names_counts() -> None:
    """Naming a state twice does not weaken it."""
    assert states.resolve(workflow(), ["any", "investigating.interviews"])["investigating.interviews"] == 2


def test_an_unknown_name_resolves_to_nothing() -> None:
    """The checks report it; the tree ignores it."""
    assert states.resolve(workflow(), ["nowhere"]) == {}


def rules(*sources: Any) -> dict[str, tuple[int, ...]]:
    """Find where the rules of one trigger hold."""
    transitions = {"act": [{"from": source, "by": "officer"} for source in sources]}
    return states.rules_at(workflow(transitions=transitions))["act"]


def test_a_rule_of_a_compound_state_holds_in_its_inner_states() -> None:
    """Inner states inherit what is allowed around them."""
    assert rules("investigating") == {
        "investigating.interviews": (0,),
        "investigating.records.bank": (0,),
        "investigating.records.letters": (0,),
    }


def test_the_innermost_rule_wins() -> None:
    """A rule of an inner state replaces those of the states around it, whatever their order."""
    holding = rules("investigating", "investigating.records", "investigating.records.bank")
    assert holding["investigating.interviews"] == (0,)
    assert holding["investigating.records.letters"] == (1,)
    assert holding["investigating.records.bank"] == (2,)


def test_rules_of_the_same_depth_all_hold_in_file_order() -> None:
    """The first that fits is taken, so the order of the file is kept."""
    assert rules("received", ["received", "closed"], "any") == {
        "received": (0, 1, 2),
        "investigating.interviews": (2,),
        "investigating.records.bank": (2,),
        "investigating.records.letters": (2,),
        "closed": (1,),
    }


def target(to: Any) -> tuple[str, ...]:
    """List where a rule from `received` can lead."""
    built = workflow(transitions={"act": {"from": "received", "by": "officer", "to": to}})
    return states.targets(built, built.transitions["act"][0], "received")


def test_targets_of_a_rule() -> None:
    """One leaf, the same leaf without `to`, any inner leaf for a history."""
    assert target("investigating") == ("investigating.interviews",)
    assert target(None) == ("received",)
    assert target({"history": "investigating.records"}) == (
        "investigating.records.bank",
        "investigating.records.letters",
    )
    with pytest.raises(ValueError, match="no state `nowhere`"):
        target({"history": "nowhere"})


def test_a_case_begins_in_the_leaf_of_initial() -> None:
    """The start follows `initial` like every other entry."""
    assert states.start_leaf(workflow(initial="investigating")) == "investigating.interviews"
