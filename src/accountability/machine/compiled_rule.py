"""One rule of the law, compiled: everything that a firing asks of it, looked up beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from accountability.definition.model import Act, DataField, Extend, Opens, Rule, Text, Workflow
from accountability.guards import BOOL, Guard, Type, compile_guard
from accountability.machine.compiled_deadline import CompiledDeadline
from accountability.machine.scope import field_type, guard_scope

EXTENSION = "extension"
"""What may be given with an extension: by how much."""


@dataclass(frozen=True, slots=True)
class CompiledOpens:
    """An `opens`, its expressions compiled."""

    declared: Opens
    when: Guard | None
    each: Guard | None
    fields: tuple[tuple[str, Guard], ...]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule, or the start, with everything that a firing asks of it looked up beforehand.

    Attributes:
        trigger, index: Which rule this is; the start has index None.
        roles: Who may do it.
        fields: What may be given: the fields of `needs` and `accepts`.
        guards: Guards, each with the text to show when it does not hold.
        sets: Field, its declaration, and the expression that computes it.
        reads: What its expressions read, dotted: `data.amount`, `children.parcels`.
        links: Links whose children the rule looks at.
        looks: Names under `reads` that the rule looks at.
        moves: Whether it leads to a state, be it the same one.
        extends: The deadline that it extends, where that is what it does.
    """

    trigger: str
    index: int | None
    declared: Act
    roles: frozenset[str]
    fields: Mapping[str, DataField]
    needs: tuple[str, ...]
    guards: tuple[tuple[Guard, Text | None], ...]
    sets: tuple[tuple[str, DataField, Guard], ...]
    opens: tuple[CompiledOpens, ...]
    signatures: int | Mapping[str, int] | None
    not_by: tuple[str, ...]
    same_as: tuple[str, ...]
    awaits: tuple[str, ...]
    reads: frozenset[str]
    links: frozenset[str]
    looks: frozenset[str]
    moves: bool
    extends: CompiledDeadline | None = None

    @property
    def asks_people(self) -> bool:
        """Whether the rule asks who did something before."""
        return bool(self.not_by or self.same_as)

    @property
    def bare(self) -> bool:
        """Whether the rule computes nothing."""
        return not (self.guards or self.sets or self.opens)


def compile_rule(workflow: Workflow, trigger: str, index: int | None, declared: Act) -> CompiledRule:
    """Compile a rule of a checked workflow, or its start.

    Raises:
        GuardError: A guard is wrong.
    """
    given = (*declared.needs, *declared.accepts)

    def compiled(text: str, expects: Type | None, item: Type | None = None) -> Guard:
        return compile_guard(text, guard_scope(workflow, inputs=given, definite=None, item=item), expects)

    guards = tuple((compiled(check.check, BOOL), check.else_) for check in declared.when)
    sets = tuple(
        (name, workflow.data[name], compiled(text, field_type(workflow.data[name])))
        for name, text in sorted(declared.sets.items())
    )
    opens = tuple(_opens(opened, compiled) for opened in declared.opens)
    rule = declared if isinstance(declared, Rule) else None
    awaits = rule.awaits if rule else ()
    reads = frozenset(name for guard in _guards(guards, sets, opens) for name in guard.reads)
    return CompiledRule(
        trigger=trigger,
        index=index,
        declared=declared,
        roles=frozenset(declared.by),
        fields={name: workflow.data[name] for name in given},
        needs=declared.needs,
        guards=guards,
        sets=sets,
        opens=opens,
        signatures=rule.signatures if rule else None,
        not_by=rule.not_by if rule else (),
        same_as=rule.same_as if rule else (),
        awaits=awaits,
        reads=reads,
        links=frozenset((*awaits, *_below("children", reads))),
        looks=frozenset(_below("reads", reads)),
        moves=rule is None or rule.to is not None,
    )


def extension_rule(deadline: CompiledDeadline, extend: Extend, every_leaf: tuple[str, ...]) -> CompiledRule:
    """Make the rule by which a deadline is extended: in any state, as long as the deadline runs."""
    declared = Rule(
        from_=every_leaf,
        by=extend.by,
        accepts=(EXTENSION,),
        reason=extend.reason,
        title=extend.title,
        basis=extend.basis,
    )
    return CompiledRule(
        trigger=extend.trigger,
        index=0,
        declared=declared,
        roles=frozenset(extend.by),
        fields={EXTENSION: DataField(type="string")},
        needs=(),
        guards=(),
        sets=(),
        opens=(),
        signatures=None,
        not_by=(),
        same_as=(),
        awaits=(),
        reads=frozenset(),
        links=frozenset(),
        looks=frozenset(),
        moves=False,
        extends=deadline,
    )


def _opens(opened: Opens, compiled: Callable[..., Guard]) -> CompiledOpens:
    each = None if opened.each is None else compiled(opened.each, None)
    item = None if each is None else each.type.item
    return CompiledOpens(
        declared=opened,
        when=None if opened.when is None else compiled(opened.when, BOOL),
        each=each,
        fields=tuple((name, compiled(text, None, item)) for name, text in sorted(opened.with_.items())),
    )


def _guards(
    guards: tuple[tuple[Guard, Text | None], ...],
    sets: tuple[tuple[str, DataField, Guard], ...],
    opens: tuple[CompiledOpens, ...],
) -> Iterator[Guard]:
    """List every expression of a rule."""
    yield from (guard for guard, _ in guards)
    yield from (guard for _, _, guard in sets)
    for opened in opens:
        yield from (guard for guard in (opened.when, opened.each) if guard is not None)
        yield from (guard for _, guard in opened.fields)


def _below(root: str, reads: frozenset[str]) -> Iterator[str]:
    """Give what is read of a root: the links of `children`, the names of `reads`."""
    return (name.removeprefix(f"{root}.") for name in reads if name.startswith(f"{root}."))
