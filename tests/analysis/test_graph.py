"""The rules as a flat graph."""

from __future__ import annotations

from accountability.analysis.graph import build
from tests.analysis.examined import workflow

NESTED = """
states:
  received:
  investigating: {initial: interviews, states: {interviews: , records: }}
  suspended:
  lost:
  closed: {final: true}
transitions:
  investigate: {from: received, to: investigating, by: officer}
  move: {from: investigating.interviews, to: investigating.records, by: officer}
  suspend: {from: investigating, to: suspended, by: officer}
  resume: {from: suspended, to: {history: investigating}, by: officer}
  note_down: {from: any, by: officer}
  close: {from: investigating, to: closed, by: officer}
"""


def test_a_history_leads_to_every_inner_leaf() -> None:
    """Which inner state was left last is not known beforehand, so all are possible."""
    ends = [edge.target for edge in build(workflow(NESTED)).edges if edge.trigger == "resume"]
    assert ends == ["investigating.interviews", "investigating.records"]


def test_an_act_without_to_stays_where_it_is() -> None:
    """Acts that change no state lead nowhere else."""
    edges = [edge for edge in build(workflow(NESTED)).edges if edge.trigger == "note_down"]
    assert edges
    assert all(edge.source == edge.target for edge in edges)


def test_reachable_and_closing_leaves() -> None:
    """What nothing leads to is not reachable; what leads nowhere does not close."""
    graph = build(workflow(NESTED))
    assert graph.reachable == set(graph.leaves) - {"lost"}
    assert graph.closing == set(graph.leaves) - {"lost"}
    assert graph.final == {"closed"}


def test_the_way_to_a_leaf_is_a_shortest_one() -> None:
    """An example should not wander."""
    graph = build(workflow(NESTED))
    assert [edge.trigger for edge in graph.way("suspended")] == ["investigate", "suspend"]
    assert graph.way("received") == ()
    assert graph.way("lost") == ()


def test_unknown_names_are_left_out() -> None:
    """The graph of a workflow with misspelt names is what is left of it."""
    graph = build(
        workflow(
            "transitions:\n  close: {from: recieved, to: closed, by: officer}\n  go: {from: received, to: x, by: a}\n"
        )
    )
    assert graph.edges == ()
    assert build(workflow("initial: recieved\n")).reachable == frozenset()


def test_held_and_live_leaves_of_a_rule() -> None:
    """A rule may hold where no case comes; the start holds nowhere."""
    graph = build(workflow(NESTED))
    assert "lost" in graph.held("note_down", 0)
    assert "lost" not in graph.live("note_down", 0)
    assert graph.live("note_down", None) == ()
