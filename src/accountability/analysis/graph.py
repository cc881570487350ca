"""The rules as a flat graph of leaves: what leads where, guards left open."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accountability.definition.model import Rule, Workflow
from accountability.definition.states import final_leaves, leaves, rules_at, start_leaf, targets


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from leaf to leaf: a rule of a trigger, by its index. A rule without `to` is an edge to itself."""

    trigger: str
    index: int
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything that the rules allow, guards, roles and data left aside.

    Attributes:
        leaves: Every leaf, in the order of the file.
        start: The leaf a case begins in; None when `initial` names no state.
        final: Leaves in which a case is closed.
        holding: Trigger -> leaf -> indexes of the rules that hold there.
        edges: In the order of the file.
        reachable: Leaves that a case can come to.
        closing: Leaves from which a case can come to a final one; final ones included.
    """

    leaves: tuple[str, ...]
    start: str | None
    final: frozenset[str]
    holding: Mapping[str, Mapping[str, tuple[int, ...]]]
    edges: tuple[Edge, ...]
    reachable: frozenset[str]
    closing: frozenset[str]

    def held(self, trigger: str, index: int | None) -> tuple[str, ...]:
        """List the leaves in which a rule holds, reachable or not; none for the start, whose index is None."""
        return tuple(leaf for leaf, indexes in self.holding.get(trigger, {}).items() if index in indexes)

    def live(self, trigger: str, index: int | None) -> tuple[str, ...]:
        """List the leaves in which a rule holds and to which a case can come."""
        return tuple(leaf for leaf in self.held(trigger, index) if leaf in self.reachable)

    def way(self, leaf: str) -> tuple[Edge, ...]:
        """Give a shortest way from the start to a leaf; empty for the start itself and for what nothing reaches."""
        if self.start is None:
            return ()
        onward: dict[str, list[Edge]] = {}
        for edge in self.edges:
            onward.setdefault(edge.source, []).append(edge)
        came: dict[str, Edge | None] = {self.start: None}
        queue = deque([self.start])
        while queue:
            for edge in onward.get(queue.popleft(), ()):
                if edge.target not in came:
                    came[edge.target] = edge
                    queue.append(edge.target)
        steps: list[Edge] = []
        edge_in = came.get(leaf)
        while edge_in is not None:
            steps.append(edge_in)
            edge_in = came[edge_in.source]
        return tuple(reversed(steps))


def build(workflow: Workflow) -> Graph:
    """Build the graph of a workflow; names that resolve to nothing are left out, the checks report them."""
    start = _known_start(workflow)
    holding = rules_at(workflow)
    ends = {
        (trigger, index): _known_targets(workflow, rule)
        for trigger, rules in workflow.transitions.items()
        for index, rule in enumerate(rules)
    }
    edges = tuple(
        Edge(trigger, index, leaf, target or leaf)
        for trigger, by_leaf in holding.items()
        for leaf, indexes in by_leaf.items()
        for index in indexes
        for target in ends[trigger, index]
    )
    final = final_leaves(workflow)
    return Graph(
        leaves=leaves(workflow),
        start=start,
        final=final,
        holding=holding,
        edges=edges,
        reachable=_closure([start] if start else [], edges, lambda edge: (edge.source, edge.target)),
        closing=_closure(final, edges, lambda edge: (edge.target, edge.source)),
    )


def _known_start(workflow: Workflow) -> str | None:
    try:
        return start_leaf(workflow)
    except ValueError:
        return None


def _known_targets(workflow: Workflow, rule: Rule) -> tuple[str, ...]:
    """List where a rule leads; the empty name stands for the leaf it comes from."""
    try:
        return targets(workflow, rule, "")
    except ValueError:
        return ()


def _closure(seeds: Iterable[str], edges: tuple[Edge, ...], ends: Callable[[Edge], tuple[str, str]]) -> frozenset[str]:
    """Follow edges from the seeds; `ends` gives the end where an edge is entered and the one where it comes out."""
    onward: dict[str, list[str]] = {}
    for edge in edges:
        inward, outward = ends(edge)
        onward.setdefault(inward, []).append(outward)
    found = set(seeds)
    queue = deque(found)
    while queue:
        for leaf in onward.get(queue.popleft(), ()):
            if leaf not in found:
                found.add(leaf)
                queue.append(leaf)
    return frozenset(found)
