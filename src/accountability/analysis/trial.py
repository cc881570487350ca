"""Try guards of one state on small worlds: is there a firing on which they all hold?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from accountability.analysis.graph import build
from accountability.analysis.structure import Structure
from accountability.analysis.values import (
    ABSENT,
    OPENED,
    SOMEBODY,
    SOMEBODY_ELSE,
    Literals,
    domain,
    is_small,
    moments,
    only_compared,
    worlds,
)
from accountability.guards import EvaluationError, Guard
from accountability.machine.compiled_deadline import given_extensions
from accountability.machine.scope import BUILT_IN_TRIGGERS

MOST = 2000
"""Worlds that one trial tries at most; a check must answer while its author waits."""

_GIVEN, _STORED = "given", "stored"


@dataclass(frozen=True, slots=True)
class Example:
    """A firing on which guards hold.

    Attributes:
        role: The role of the person.
        given: What they give with the act, as far as it matters.
        stored: What stands in the case, as far as it matters.
        context: All that the guards were tried on.
    """

    role: str
    given: Mapping[str, Any]
    stored: Mapping[str, Any]
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """Guards to be tried in one leaf.

    Attributes:
        leaf: The state; None for the start of a case.
        guards: All must hold.
        role: The role of the person who acts.
        must, may: Fields that must, and that may, be given.
    """

    structure: Structure
    leaf: str | None
    guards: Sequence[Guard]
    role: str
    must: frozenset[str]
    may: frozenset[str]

    def example(self, most: int = MOST) -> Example | None:
        """Find a firing on which every guard holds; None when none of those tried, at most so many, is one."""
        for world in worlds(list(self._domains().items()), most):
            context = self._context(world)
            if self._hold(context):
                return Example(self.role, self._part(world, _GIVEN), self._part(world, _STORED), context)
        return None

    def is_exhaustive(self) -> bool:
        """Whether the worlds that are tried decide every case, so that no example means that there is none."""
        texts = [guard.text for guard in self.guards]
        decided = all(self._decided(read, texts) for read in self._reads())
        return decided and prod(len(values) for values in self._domains().values()) <= MOST

    def _reads(self) -> frozenset[str]:
        return frozenset[str]().union(*(guard.reads for guard in self.guards))

    def _hold(self, context: Mapping[str, Any]) -> bool:
        try:
            return all(guard.holds(context) for guard in self.guards)
        except EvaluationError:
            return False

    def _decided(self, read: str, texts: list[str]) -> bool:
        root, _, name = read.partition(".")
        if root in ("data", "input"):
            field = self.structure.workflow.data.get(name)
            return field is not None and (is_small(field) or only_compared(read, field, texts))
        return root == "visited" or (root == "times" and not self._happened(read)) or read == "case.state"

    def _domains(self) -> dict[str, Sequence[Any]]:
        """List what to try for everything that the guards read."""
        literals = Literals.of(guard.text for guard in self.guards)
        found: dict[str, Sequence[Any]] = {}
        for read in sorted(self._reads()):
            root, _, rest = read.partition(".")
            name = rest.split(".")[0]
            if root in ("data", "input"):
                for field in [name] if name else self.structure.workflow.data:
                    found[f"data.{field}"] = self._field(field, literals)
            elif root in ("times", "visited", "children"):
                found[f"{root}.{rest}"] = self._past(root, rest, literals)
            elif root == "reads" and name in self.structure.workflow.reads:
                found[f"{root}.{name}"] = list(self._family(self.structure.workflow.reads[name].workflow))
            else:
                found |= _around(root, name, self.role, literals, self.structure.workflow.roles)
        return found

    def _field(self, name: str, literals: Literals) -> list[tuple[str, Any]]:
        """List ways in which a field can have, or not have, a value."""
        declared = self.structure.workflow.data[name]
        values = domain(declared, literals)
        given = [(_GIVEN, value) for value in values]
        if name in self.must:
            return given
        flow = self.structure.flow
        fact = f"data.{name}"
        if self.leaf is None:
            surely = perhaps = declared.has_default
        else:
            surely, perhaps = fact in flow.surely[self.leaf], fact in flow.perhaps[self.leaf]
        stored = [(_STORED, value) for value in values] if perhaps else []
        absent = [] if surely else [(_STORED, ABSENT)]
        return [*(given if name in self.may else []), *stored, *absent]

    def _happened(self, fact: str) -> bool:
        # What no rule of `transitions` allows stands on no edge that the flow goes along.
        elsewhere = (*BUILT_IN_TRIGGERS, *given_extensions(self.structure.workflow))
        apart = fact.removeprefix("times.") in elsewhere
        return self.leaf is not None and (apart or fact in self.structure.flow.perhaps[self.leaf])

    def _past(self, root: str, name: str, literals: Literals) -> Sequence[Any]:
        fact = f"{root}.{name}"
        surely = self.leaf is not None and fact in self.structure.flow.surely[self.leaf]
        if root == "visited":
            return [True] if surely else [False, True] if self._happened(fact) else [False]
        if root == "times":
            counts = {int(number) + step for number in literals.numbers for step in (-1, 0, 1) if abs(number) < 20}
            least = 1 if surely else 0
            return (
                sorted({least, 1, 2, *(count for count in counts if count >= least)}) if self._happened(fact) else [0]
            )
        return list(self._children(name))

    def _children(self, link: str) -> Iterator[list[dict[str, Any]]]:
        workflow = next((opens.workflow for _, _, opens in self.structure.openings if opens.as_ == link), "")
        return self._family(workflow)

    def _family(self, workflow: str) -> Iterator[list[dict[str, Any]]]:
        """List a few families of cases: none, one open, one closed, one of each."""
        yield []
        child = self.structure.known(workflow)
        graph = build(child) if child is not None else None
        states = (
            [(leaf, leaf in graph.final) for leaf in graph.leaves] if graph else [("open", False), ("closed", True)]
        )
        open_, shut = (next((leaf for leaf, final in states if final is closed), "") for closed in (False, True))
        one = {"id": "case-3", "state": open_, "closed": False, "data": {}}
        other = {"id": "case-4", "state": shut, "closed": True, "data": {}}
        yield from ([one], [other], [one, other])

    def _context(self, world: Mapping[str, Any]) -> dict[str, Any]:
        """Lay out a world as guards see it."""
        actor: dict[str, Any] = {"id": SOMEBODY, "roles": [self.role]}
        case: dict[str, Any] = {"id": "case-2", "state": self.leaf or "", "opened_at": OPENED, "seq": 1}
        context: dict[str, Any] = {"data": {}, "input": {}, "actor": actor, "case": case, "now": OPENED}
        context |= {"times": {}, "visited": set(), "children": {}, "reads": {}}
        for key, value in world.items():
            root, _, name = key.partition(".")
            if root == "data":
                mode, held = value
                if held is not ABSENT:
                    context["data"][name] = held
                    if mode == _GIVEN:
                        context["input"][name] = held
            elif root == "visited":
                context["visited"] |= {name} if value else set()
            elif not name:
                context[root] = value
            elif value is not ABSENT:
                context[root][name] = value
        return context

    @staticmethod
    def _part(world: Mapping[str, Any], mode: str) -> dict[str, Any]:
        fields = {key.removeprefix("data."): value for key, value in world.items() if key.startswith("data.")}
        return {name: held for name, (how, held) in fields.items() if how == mode and held is not ABSENT}


def _around(root: str, name: str, role: str, literals: Literals, roles: Collection[str]) -> dict[str, Sequence[Any]]:
    """List what to try for the person, the case and the time."""
    known: dict[str, Sequence[Any]] = {
        "actor.id": [SOMEBODY, SOMEBODY_ELSE],
        "actor.roles": [[role], *([role, text] for text in literals.strings if text in roles and text != role)],
        "actor.unit": [ABSENT, "county", *literals.strings],
        "case.parent": [ABSENT, "case-1"],
        "case.seq": sorted({1, 2, *(int(number) for number in literals.numbers if 0 < number < 100)}),
        "now": list(moments(literals)),
        "today": [moment.date() for moment in moments(literals)],
    }
    wanted = root if root in ("now", "today") else f"{root}.{name}"
    if root == "actor" and not name:
        return {key: values for key, values in known.items() if key.startswith("actor.")}
    return {wanted: known[wanted]} if wanted in known else {}
