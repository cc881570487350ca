"""Where a deadline may run: the graph of leaves once more, each with and without the clock.

Guards, roles and time are left open, as they are in the graph. Extensions are acts that stay in their state; they are
possible wherever their deadline may run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accountability.analysis.graph import Edge, Graph
from accountability.definition.model import Workflow
from accountability.definition.states import ancestors
from accountability.machine.compiled_deadline import (
    CompiledDeadline,
    Marks,
    compile_deadlines,
    given_extensions,
    marks,
)

Node = tuple[str, bool]
"""A leaf, and whether the clock runs there."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act that a case can come to: an edge, or the start, and the states that it enters."""

    edge: Edge
    entered: frozenset[str]
    opens: bool = False


@dataclass(frozen=True, eq=False)
class Clock:
    """One deadline among everything that the rules allow.

    Attributes:
        deadline: What the law says of it.
        moves: Every act that a case can come to.
        final: Leaves in which a case is closed.
    """

    deadline: CompiledDeadline
    moves: tuple[Move, ...]
    final: frozenset[str]
    _came: dict[Node, tuple[Node | None, Move]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Go through every leaf with and without the clock, nearest first."""
        onward: dict[str, list[Move]] = {}
        queue: deque[Node] = deque()
        for move in self.moves:
            if move.opens:
                node = (move.edge.target, self.starts(move))
                self._came[node] = (None, move)
                queue.append(node)
            else:
                onward.setdefault(move.edge.source, []).append(move)
        while queue:
            leaf, runs = node = queue.popleft()
            for move in onward.get(leaf, ()):
                after = (move.edge.target, self.starts(move) or (runs and not self.ends(move)))
                if after not in self._came:
                    self._came[after] = (node, move)
                    queue.append(after)

    def starts(self, move: Move) -> bool:
        """Whether an act starts the clock, be it by way of its fallback."""
        fallback = self.deadline.fallback
        return hit(self.deadline.starts, move) or (fallback is not None and hit(fallback, move))

    def ends(self, move: Move) -> bool:
        """Whether an act meets the deadline."""
        if self.deadline.ends is None:
            return bool(move.entered) and move.edge.target in self.final
        return hit(self.deadline.ends, move)

    @cached_property
    def runs_in(self) -> frozenset[str]:
        """The leaves in which it may run; those in which it stands still are among them."""
        return frozenset(leaf for leaf, runs in self._came if runs)

    @cached_property
    def may_end_from(self) -> frozenset[str]:
        """The leaves in which it may run and from which an end of it can still come."""
        inside = [move for move in self.moves if not move.opens and move.edge.source in self.runs_in]
        found = {move.edge.source for move in inside if self.ends(move)}
        before: dict[str, set[str]] = {}
        for move in inside:
            before.setdefault(move.edge.target, set()).add(move.edge.source)
        queue = deque(found)
        while queue:
            for leaf in before.get(queue.popleft(), ()):
                if leaf not in found:
                    found.add(leaf)
                    queue.append(leaf)
        return frozenset(found)

    def while_running(self) -> Iterator[Move]:
        """Give every act that may happen while it runs."""
        return (move for move in self.moves if not move.opens and move.edge.source in self.runs_in)

    def way(self, leaf: str) -> tuple[Edge, ...]:
        """Give a shortest way from the start to a leaf in which the clock then runs; without the start itself."""
        steps: list[Edge] = []
        node: Node | None = (leaf, True)
        while node is not None and node in self._came:
            node, move = self._came[node]
            steps += [] if move.opens else [move.edge]
        return tuple(reversed(steps))


@dataclass(frozen=True, slots=True)
class Clocks:
    """Every deadline of a workflow, by name.

    Attributes:
        moves: Every act that a case can come to, extensions included.
    """

    by_name: Mapping[str, Clock]
    moves: tuple[Move, ...]

    def happens(self, workflow: Workflow, name: str, among: Iterable[Move] | None = None) -> bool:
        """Whether what a deadline waits for, a trigger, state or group, can come about."""
        wanted = marks(workflow, (name,))
        return any(hit(wanted, move) for move in (self.moves if among is None else among))


def hit(wanted: Marks, move: Move) -> bool:
    """Whether an act is one of those that are waited for."""
    return wanted.hit(move.edge.trigger, move.entered)


def follow(workflow: Workflow, graph: Graph) -> Clocks:
    """Find where each deadline of a workflow may run.

    One deadline may start by the extension of another, so they are followed until nothing is added any more.
    """
    deadlines, extensions = compile_deadlines(workflow), given_extensions(workflow)
    moves = tuple(_moves(workflow, graph))
    while True:
        clocks = {deadline.id: Clock(deadline, moves, graph.final) for deadline in deadlines}
        more = tuple(move for move in _extended(extensions, clocks, graph.leaves) if move not in moves)
        if not more:
            return Clocks(clocks, moves)
        moves += more


def _moves(workflow: Workflow, graph: Graph) -> Iterator[Move]:
    if graph.start is None:
        return
    yield Move(Edge(workflow.start.trigger, 0, "", graph.start), _path(graph.start), opens=True)
    for edge in graph.edges:
        if edge.source in graph.reachable:
            stays = workflow.transitions[edge.trigger][edge.index].to is None
            entered = frozenset[str]() if stays else _path(edge.target) - (_path(edge.source) - {edge.target})
            yield Move(edge, entered)


def _extended(extensions: Mapping[str, str], clocks: Mapping[str, Clock], leaves: Iterable[str]) -> Iterator[Move]:
    for trigger, name in extensions.items():
        for leaf in leaves:
            if leaf in clocks[name].runs_in:
                yield Move(Edge(trigger, 0, leaf, leaf), frozenset())


def _path(leaf: str) -> frozenset[str]:
    return frozenset((leaf, *ancestors(leaf)))
