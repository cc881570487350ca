"""What has surely, and what has perhaps, happened when a case is in a leaf.

A data-flow over the flat graph. *Facts* are written as guards read them: `data.amount` (the field has a value),
`times.register` (the trigger was done), `visited.review` (the state was entered). A fact is sure in a leaf when every
way there brings it, and possible when some way does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accountability.analysis.graph import Edge, Graph
from accountability.definition.model import Act, Workflow
from accountability.definition.states import ancestors

Facts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Flow:
    """Facts by leaf, for the leaves that a case can come to."""

    surely: Mapping[str, Facts]
    perhaps: Mapping[str, Facts]

    def fields(self, leaf: str) -> frozenset[str]:
        """Name the data fields that surely have a value in a leaf."""
        return _fields(self.surely.get(leaf, frozenset()))


def beginning(workflow: Workflow) -> frozenset[str]:
    """Name the data fields that have a value as soon as a case exists: defaults, and what the start gives."""
    return _fields(_given(workflow.start)) | {name for name, field in workflow.data.items() if field.has_default}


def follow(workflow: Workflow, graph: Graph) -> Flow:
    """Find the facts of every leaf that a case can come to."""
    if graph.start is None:
        return Flow({}, {})
    begun = frozenset(f"data.{name}" for name in beginning(workflow))
    begun |= {f"times.{workflow.start.trigger}"} | _visited(graph.start)

    def done(edge: Edge) -> Facts:
        rule = workflow.transitions[edge.trigger][edge.index]
        return _given(rule) | {f"times.{edge.trigger}"} | _visited(edge.target)

    def could_be_done(edge: Edge) -> Facts:
        return done(edge) | _accepted(workflow.transitions[edge.trigger][edge.index])

    return Flow(
        surely=_solve(graph, graph.start, begun, done, frozenset.intersection),
        perhaps=_solve(graph, graph.start, begun | _accepted(workflow.start), could_be_done, frozenset.union),
    )


def _given(act: Act) -> Facts:
    return frozenset(f"data.{name}" for name in (*act.needs, *act.sets))


def _accepted(act: Act) -> Facts:
    return frozenset(f"data.{name}" for name in act.accepts)


def _visited(leaf: str) -> Facts:
    return frozenset(f"visited.{state}" for state in (leaf, *ancestors(leaf)))


def _fields(facts: Facts) -> frozenset[str]:
    return frozenset(fact.removeprefix("data.") for fact in facts if fact.startswith("data."))


def _solve(
    graph: Graph, start: str, begun: Facts, gain: Callable[[Edge], Facts], meet: Callable[[Facts, Facts], Facts]
) -> dict[str, Facts]:
    """Carry facts along the edges until nothing changes; `meet` joins what several ways bring."""
    onward: dict[str, list[tuple[str, Facts]]] = {}
    for edge in graph.edges:
        onward.setdefault(edge.source, []).append((edge.target, gain(edge)))
    facts = {start: begun}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for target, gained in onward.get(here, ()):
            brought = facts[here] | gained
            joined = meet(facts[target], brought) if target in facts else brought
            if facts.get(target) != joined:
                facts[target] = joined
                queue.append(target)
    return facts
