"""Every guard and expression of a workflow, each with what it may name at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accountability.analysis.flow import beginning
from accountability.analysis.structure import Path, Placed, Structure
from accountability.definition.model import DataField, Opens, Workflow
from accountability.guards import BOOL, DYN, Guard, GuardError, Scope, Slot, Type, compile_guard, list_of
from accountability.guards.presence import Fact, Facts, implied
from accountability.guards.syntax import parse
from accountability.machine.scope import field_type, guard_scope


@dataclass(frozen=True)
class Expression:
    """A guard or an expression at its place.

    Attributes:
        expects: The type its value must have; None where any will do.
        placed: The rule it belongs to.
        field: Where the value goes: the field, and the workflow that declares it; None for guards.
        opens: The `opens` it belongs to.
    """

    path: Path
    text: str
    scope: Scope
    expects: Type | None
    placed: Placed
    field: tuple[Workflow, str] | None = None
    opens: Opens | None = None

    @property
    def target(self) -> DataField | None:
        """The declaration of the field that the value goes to."""
        return self.field[0].data.get(self.field[1]) if self.field else None

    @property
    def is_guard(self) -> bool:
        """Whether it is a guard of the rule itself."""
        return self.field is None and self.opens is None

    @cached_property
    def compiled(self) -> Guard | None:
        """The compiled expression; None where it is wrong, which the checks of guards report."""
        try:
            return compile_guard(self.text, self.scope, self.expects)
        except GuardError:
            return None


def definite(structure: Structure, placed: Placed) -> frozenset[str]:
    """Name the data fields that surely have a value when a rule is judged, input merged.

    A rule that can never be used is judged as if all were there; that it is never used is reported.
    """
    workflow = structure.workflow
    if placed.index is None:
        defaults = {name for name, field in workflow.data.items() if field.has_default}
        return frozenset(defaults.union(placed.act.needs))
    live = structure.graph.live(placed.trigger, placed.index)
    if not live:
        return frozenset(workflow.data)
    return frozenset.intersection(*map(structure.flow.fields, live)).union(placed.act.needs)


def ensured(placed: Placed) -> Mapping[str, frozenset[str]]:
    """Name the fields of `data` and of `input` that have a value once the guards of a rule hold, since they ask so."""
    facts = frozenset[Fact]().union(*(_implied(check.check) for check in placed.act.when))
    return {
        root: frozenset(str(fact[2]) for fact in facts if len(fact) == 3 and fact[:2] == ("name", root))
        for root in ("data", "input")
    }


def _implied(text: str) -> Facts:
    try:
        return implied(parse(text), {})[0]
    except GuardError:
        return frozenset()


def _scope(
    structure: Structure,
    placed: Placed,
    links: Mapping[str, Type],
    *,
    after_guards: bool = False,
    after_sets: bool = False,
    item: Type | None = None,
) -> Scope:
    """Say what an expression of a rule may name."""
    there = definite(structure, placed)
    needed = frozenset(placed.act.needs)
    if after_guards:
        asked = ensured(placed)
        there, needed = there | asked["data"] | asked["input"], needed | asked["input"]
    return guard_scope(
        structure.workflow,
        inputs=placed.inputs,
        definite=there.union(placed.act.sets) if after_sets else there,
        needed=needed,
        item=item,
        links=links,
        reads=found_types(structure),
    )


def child_types(structure: Structure) -> Mapping[str, Type]:
    """Give the type of the data that is seen in the children of each link: what is not withheld there.

    A link under which several workflows are opened, or one that is not known, may hold anything.
    """
    opened: dict[str, set[str]] = {}
    for _, _, opens in structure.openings:
        opened.setdefault(opens.as_, set()).add(opens.workflow)
    return {link: _child_type(structure, names) for link, names in opened.items()}


def _child_type(structure: Structure, names: set[str]) -> Type:
    return _seen_from_outside(structure.known(next(iter(names))) if len(names) == 1 else None)


def found_types(structure: Structure) -> Mapping[str, Type]:
    """Give the type of the data that is seen in the cases under each name of `reads`."""
    reads = structure.workflow.reads
    return {name: _seen_from_outside(structure.known(read.workflow)) for name, read in reads.items()}


def _seen_from_outside(child: Workflow | None) -> Type:
    """Give the type of a case's data as others see it: what is not withheld."""
    if child is None:
        return DYN
    there = beginning(child)
    fields = {
        name: Slot(field_type(field), optional=name not in there)
        for name, field in child.data.items()
        if not field.withheld
    }
    return Type("object", fields=fields)


def expressions(structure: Structure) -> Iterator[Expression]:
    """Give every guard and expression, in the order of the file; those of unknown fields are left out."""
    workflow = structure.workflow
    links = child_types(structure)
    for placed in structure.acts:
        if not (placed.act.when or placed.act.sets or placed.act.opens):
            continue
        scope = _scope(structure, placed, links)
        for index, check in enumerate(placed.act.when):
            yield Expression((*placed.path, "when", index, "check"), check.check, scope, BOOL, placed)
        scope = _scope(structure, placed, links, after_guards=True)
        for name, text in placed.act.sets.items():
            if name in workflow.data:
                expects = field_type(workflow.data[name])
                yield Expression((*placed.path, "sets", name), text, scope, expects, placed, field=(workflow, name))
        for number, opens in enumerate(placed.act.opens):
            yield from _opening(structure, placed, (*placed.path, "opens", number), opens, links)


def _opening(
    structure: Structure, placed: Placed, path: Path, opens: Opens, links: Mapping[str, Type]
) -> Iterator[Expression]:
    """Give the expressions of an `opens`, which are computed after the rule's `sets`."""
    scope = _scope(structure, placed, links, after_guards=True, after_sets=True)
    if opens.when is not None:
        yield Expression((*path, "when"), opens.when, scope, BOOL, placed, opens=opens)
    if opens.each is not None:
        many = Expression((*path, "each"), opens.each, scope, list_of(DYN), placed, opens=opens)
        yield many
        item = many.compiled.type.item if many.compiled is not None else None
        scope = _scope(structure, placed, links, after_guards=True, after_sets=True, item=item or DYN)
    child = structure.known(opens.workflow)
    for name, text in opens.with_.items():
        declared = child.data.get(name) if child else None
        expects = field_type(declared) if declared else None
        field = (child, name) if child and declared else None
        yield Expression((*path, "with", name), text, scope, expects, placed, field=field, opens=opens)
