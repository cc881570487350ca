"""The engine's own acts: whether they come to rest.

The engine does a rule `by: system` as soon as its guard and `awaits` hold, and looks again after each act. A round of
such rules that changes nothing its guards ask about never ends, and no act that leads there could be recorded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from accountability.analysis.examination import Examination, Flaw, Placed
from accountability.analysis.graph import Edge
from accountability.analysis.logic import named, way
from accountability.analysis.trial import Trial
from accountability.definition.model import SYSTEM, Rule
from accountability.definition.states import ancestors

Round = tuple[Edge, ...]


def endless_engine(examination: Examination) -> Iterator[Flaw]:
    """Find rounds of the engine's rules that would be gone through for ever, each told once."""
    onward: dict[str, list[Edge]] = {}
    for edge in examination.graph.edges:
        of_its_own = edge.trigger not in examination.on_breach and _is_automatic(_rule(examination, edge))
        if edge.source in examination.graph.reachable and of_its_own:
            onward.setdefault(edge.source, []).append(edge)
    told: set[frozenset[tuple[str, int]]] = set()
    for leaf in onward:
        trip = _round_trip(onward, leaf)
        rules = frozenset((edge.trigger, edge.index) for edge in trip)
        # Where another rule of the engine holds as well, it may come first and lead out of the round.
        alone = all(len(onward[edge.source]) == 1 for edge in trip)
        if trip and alone and rules not in told and _stays_true(examination, trip):
            told.add(rules)
            first = _placed(examination, trip[0])
            yield Flaw(
                f"the engine would do {_told(examination, trip)} in `{leaf}` for ever: nothing that it does changes "
                "what it asks",
                (*first.path, "when") if first.act.when else first.path,
                f'let the guard end it, such as `times("{trip[0].trigger}") == 0`, or lead to another state with `to`',
                key=True,
                steps=way(examination, leaf),
            )


def _is_automatic(rule: Rule) -> bool:
    """Whether the engine does a rule of its own accord."""
    brings = rule.needs or rule.documents or rule.reason is not None or rule.signatures is not None
    return SYSTEM in rule.by and bool(rule.when or rule.awaits) and not brings


def _round_trip(onward: dict[str, list[Edge]], home: str) -> Round:
    """Give a shortest way from a leaf back to it; empty where there is none."""
    queue: deque[Round] = deque((edge,) for edge in onward[home])
    seen: set[str] = set()
    while queue:
        trip = queue.popleft()
        here = trip[-1].target
        if here == home:
            return trip
        if here not in seen:
            seen.add(here)
            queue.extend((*trip, edge) for edge in onward.get(here, ()))
    return ()


def _stays_true(examination: Examination, trip: Round) -> bool:
    """Whether all guards of a round can hold at once, and read nothing that the round changes."""
    guards = [guard for edge in trip for guard in examination.guards(_placed(examination, edge))]
    rules = [_rule(examination, edge) for edge in trip]
    if len(guards) < sum(len(rule.when) for rule in rules) or any(rule.opens for rule in rules):
        return False
    reads = frozenset[str]().union(*(guard.reads for guard in guards))
    if any(read in ("case", "case.seq", "data", "input") or read in _changed(trip, rules) for read in reads):
        return False
    if len({edge.source for edge in trip}) > 1 and "case.state" in reads:
        return False
    trial = Trial(examination, trip[0].source, guards, SYSTEM, frozenset(), frozenset())
    return trial.example() is not None


def _changed(trip: Round, rules: Sequence[Rule]) -> set[str]:
    """Name what a round changes, as guards read it."""
    fields = {f"data.{name}" for rule in rules for name in rule.sets}
    states = {f"visited.{state}" for edge in trip for state in (edge.target, *ancestors(edge.target))}
    return fields | states | {f"times.{edge.trigger}" for edge in trip}


def _told(examination: Examination, trip: Round) -> str:
    return " and ".join(dict.fromkeys(named(_placed(examination, edge), examination) for edge in trip))


def _placed(examination: Examination, edge: Edge) -> Placed:
    return next(one for one, _ in examination.rules if (one.trigger, one.index) == (edge.trigger, edge.index))


def _rule(examination: Examination, edge: Edge) -> Rule:
    return examination.workflow.transitions[edge.trigger][edge.index]
