"""The tree of states, flattened: leaves, what enters where, and which rules hold in which leaf.

A case is always in a *leaf*, written as a dotted path (`investigating.interviews`). Checks, diagrams and the machine
read nesting, groups and `any` through these functions alone, so they cannot disagree about what a `from` means.

Names that the workflow does not declare resolve to nothing here; reporting them is the business of the checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accountability.definition.model import History, Rule, State, Workflow

ANY = "any"
"""In `from`: every state that is not final."""


@dataclass(frozen=True, slots=True)
class _Tree:
    """The tree worked out once.

    Attributes:
        states: Path -> state, in the order of the file, a compound state before its inner ones.
        inside: Path -> the leaves at or inside the state.
        final: Leaves in which a case is closed.
    """

    states: dict[str, State]
    inside: dict[str, tuple[str, ...]]
    final: frozenset[str]


_PLAIN = State()


def _tree(workflow: Workflow) -> _Tree:
    found = dict(_walk(workflow.states, ""))
    inside: dict[str, list[str]] = {path: [] for path in found}
    final = []
    for path, state in found.items():
        if not state.states:
            around = (path, *ancestors(path))
            for above in around:
                inside[above].append(path)
            if any(found[above].final for above in around):
                final.append(path)
    return _Tree(found, {path: tuple(held) for path, held in inside.items()}, frozenset(final))


def _walk(inner: Mapping[str, State | None], prefix: str) -> Iterator[tuple[str, State]]:
    for name, declared in inner.items():
        state = declared if declared is not None else _PLAIN
        path = f"{prefix}{name}"
        yield path, state
        if state.states:
            yield from _walk(state.states, f"{path}.")


def states(workflow: Workflow) -> dict[str, State]:
    """List every state by its path, in the order of the file, a compound state before its inner ones."""
    return dict(_walk(workflow.states, ""))


def leaves(workflow: Workflow) -> tuple[str, ...]:
    """List the states that a case can be in, in the order of the file."""
    return tuple(path for path, state in _walk(workflow.states, "") if not state.states)


def final_leaves(workflow: Workflow) -> frozenset[str]:
    """Name the leaves in which a case is closed: marked `final`, or inside a state marked so."""
    return _tree(workflow).final


def ancestors(path: str) -> tuple[str, ...]:
    """Name the compound states around a state, outermost first, without the state itself."""
    parts = path.split(".")
    return tuple(".".join(parts[:length]) for length in range(1, len(parts)))


def within(workflow: Workflow, path: str) -> tuple[str, ...]:
    """List the leaves at or inside a state; empty when there is no such state."""
    return _tree(workflow).inside.get(path, ())


def entered(workflow: Workflow, target: str) -> str:
    """Follow `initial` from a target to the leaf that a case enters.

    Raises:
        ValueError: There is no such state, or an `initial` on the way names none of its inner states.
    """
    known = states(workflow)
    path = target
    while True:
        state = known.get(path)
        if state is None:
            raise ValueError(f"there is no state `{path}`")
        if not state.states:
            return path
        path = f"{path}.{state.initial}"


def start_leaf(workflow: Workflow) -> str:
    """Give the leaf in which a case begins.

    Raises:
        ValueError: `initial` names no state.
    """
    return entered(workflow, workflow.initial)


def targets(workflow: Workflow, rule: Rule, leaf: str) -> tuple[str, ...]:
    """List the leaves that a rule can lead to from a leaf.

    One leaf, except for a history: that may be any leaf of the compound state. A rule without `to` stays.

    Raises:
        ValueError: `to` names no state.
    """
    if rule.to is None:
        return (leaf,)
    if isinstance(rule.to, History):
        inner = within(workflow, rule.to.history)
        if not inner:
            raise ValueError(f"there is no state `{rule.to.history}`")
        return inner
    return (entered(workflow, rule.to),)


def resolve(workflow: Workflow, names: Iterable[str]) -> dict[str, int]:
    """Find the leaves that the names of a `from` stand for, each with how deep the naming state lies.

    A name is a state, a group, or `any`. A final leaf is meant only where it is named itself: `any`, groups and
    compound states never contain it.

    Returns:
        Leaf -> depth of the state that names it (1 for a state of the top level, and for `any`), in the order of the
        file. Where several names cover a leaf, the deepest counts.
    """
    found = _resolve(workflow, _tree(workflow), names)
    return {leaf: found[leaf] for leaf in leaves(workflow) if leaf in found}


def _resolve(workflow: Workflow, tree: _Tree, names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        for state, direct in _named(workflow, tree.states, name):
            depth = state.count(".") + 1
            for leaf in tree.inside.get(state, ()):
                if leaf not in tree.final or (direct and leaf == state):
                    found[leaf] = max(depth, found.get(leaf, 0))
    return found


def _named(workflow: Workflow, known: Mapping[str, State], name: str) -> Iterator[tuple[str, bool]]:
    """List the states that one name of a `from` stands for, and whether it is the state's own name."""
    if name == ANY:
        yield from ((state, False) for state in workflow.states)
    elif name in known:
        yield name, True
    else:
        yield from ((member, False) for member in workflow.groups.get(name, ()))


def rules_at(workflow: Workflow) -> dict[str, dict[str, tuple[int, ...]]]:
    """Find which rules of each trigger hold in which leaf.

    The innermost wins: where one rule names an inner state and another a compound state around it, only the first
    holds in that inner state. Rules that name states of the same depth all hold, in the order of the file.

    Returns:
        Trigger -> leaf -> indexes into the trigger's rules. Leaves in which no rule holds are left out.
    """
    tree, order = _tree(workflow), leaves(workflow)
    return {trigger: _holding(workflow, tree, order, rules) for trigger, rules in workflow.transitions.items()}


def _holding(
    workflow: Workflow, tree: _Tree, order: Iterable[str], rules: Iterable[Rule]
) -> dict[str, tuple[int, ...]]:
    named = [_resolve(workflow, tree, rule.from_) for rule in rules]
    covered = frozenset[str]().union(*named)
    holding: dict[str, tuple[int, ...]] = {}
    for leaf in order:
        if leaf in covered:
            depth = max(depths.get(leaf, 0) for depths in named)
            holding[leaf] = tuple(index for index, depths in enumerate(named) if depths.get(leaf) == depth)
    return holding
