"""What has surely, and perhaps, happened in a leaf."""

from __future__ import annotations

from accountability.analysis.flow import Flow, beginning, follow
from accountability.analysis.graph import build
from tests.analysis.examined import workflow


def flow(fragment: str) -> Flow:
    """Follow the facts of a workflow."""
    built = workflow(fragment)
    return follow(built, build(built))


DIAMOND = """
data: {a: {type: integer}, b: {type: integer}, c: {type: integer}, d: {type: integer, default: 1}, e: {type: integer}}
start: {by: officer, needs: a, accepts: e}
states: {received: , left: , right: , joined: , closed: {final: true}}
transitions:
  go_left: {from: received, to: left, by: officer, needs: [b, c]}
  go_right: {from: received, to: right, by: officer, sets: {b: "1"}}
  join: {from: [left, right], to: joined, by: officer}
  back: {from: joined, to: received, by: officer}
  close: {from: joined, to: closed, by: officer}
"""


def test_what_every_way_brings_is_sure() -> None:
    """Needs, sets and defaults count; where ways join only what all bring remains."""
    facts = flow(DIAMOND)
    assert facts.fields("received") == {"a", "d"}
    assert facts.fields("left") == {"a", "b", "c", "d"}
    assert facts.fields("joined") == {"a", "b", "d"}
    assert facts.fields("closed") == {"a", "b", "d"}


def test_what_some_way_brings_is_possible() -> None:
    """A way back makes possible at the start what happens later; what may be given is possible too."""
    facts = flow(DIAMOND)
    assert {"data.c", "data.e", "times.join", "visited.right"} <= facts.perhaps["received"]
    assert "times.close" not in facts.perhaps["joined"]
    assert {"times.start", "times.join", "visited.joined"} <= facts.surely["joined"]


def test_a_history_brings_facts_to_every_inner_leaf() -> None:
    """Coming back to a leaf never makes sure there what was not before."""
    facts = flow(
        """
        data: {a: {type: integer}}
        states:
          work: {initial: one, states: {one: , two: }}
          held:
          closed: {final: true}
        initial: work
        transitions:
          go: {from: work.one, to: work.two, by: officer, needs: a}
          hold: {from: work, to: held, by: officer}
          resume: {from: held, to: {history: work}, by: officer}
          close: {from: work, to: closed, by: officer}
        """
    )
    assert facts.fields("work.two") == frozenset()
    assert "visited.work" in facts.surely["held"]


def test_a_case_begins_with_defaults_and_what_the_start_gives() -> None:
    """Optional input of the start is not sure."""
    assert beginning(workflow(DIAMOND)) == {"a", "d"}


def test_leaves_nothing_reaches_have_no_facts() -> None:
    """There is nothing to know about them."""
    facts = flow("states: {received: , lost: , closed: {final: true}}\n")
    assert facts.fields("lost") == frozenset()
