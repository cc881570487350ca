"""From the law to a table: what is worked out once per version, so that a firing only has to look.

The only module that knows the library `transitions`. It is used as a flat table: nested states are dotted leaves,
history is one arrow for each state that may be returned to, and what the library gets are callables, never a string
out of a YAML file (it would import and call one that has dots).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from transitions import EventData, Machine, Transition

from accountability.definition.fields import accept
from accountability.definition.model import SYSTEM, Act, DataField, History, Opens, Rule, Text, Workflow
from accountability.definition.states import entered, final_leaves, leaves, rules_at, start_leaf, within
from accountability.guards import BOOL, Guard, Type, compile_guard
from accountability.machine.scope import field_type, guard_scope


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
        moves: Whether it leads to a state, be it the same one.
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
    moves: bool

    @property
    def asks_people(self) -> bool:
        """Whether the rule asks who did something before."""
        return bool(self.not_by or self.same_as)

    @property
    def bare(self) -> bool:
        """Whether the rule computes nothing."""
        return not (self.guards or self.sets or self.opens)


class Token(Protocol):
    """What passes through the table: a state, and the judge of each rule it meets."""

    state: str

    def fits(self, rule: CompiledRule) -> bool:
        """Say whether the rule allows this firing; remember the rule that does, and why the others do not."""
        ...

    def left_last(self, compound: str) -> str | None:
        """Name the inner state of a compound state that the case left last, if it left any."""
        ...


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """A workflow, ready to be fired at. Immutable, shared by all threads and cases.

    Attributes:
        definition: The workflow it was compiled from.
        name, version, digest: What pins it.
        start: The rule that opens a case.
        initial: The leaf a case begins in.
        final: Leaves in which a case is closed.
        rules: Trigger -> its rules, in the order of the file.
        rules_at: Trigger -> leaf -> indexes of the rules that hold there.
        defaults: Field -> the value a case starts with.
        withheld: Fields kept out of the log.
        hidden: The names of these fields in guards, `data.` and `input.` before them.
        links_at: Trigger -> leaf -> links whose children the rules that hold there look at; only where there are some.
        opens: Whether any of its acts opens other cases.
        automatic: Leaf -> triggers that the engine itself may fire there.
    """

    definition: Workflow
    name: str
    version: int
    digest: str
    start: CompiledRule
    initial: str
    final: frozenset[str]
    rules: Mapping[str, tuple[CompiledRule, ...]]
    rules_at: Mapping[str, Mapping[str, tuple[int, ...]]]
    defaults: Mapping[str, Any]
    withheld: frozenset[str]
    hidden: frozenset[str]
    links_at: Mapping[str, Mapping[str, frozenset[str]]]
    opens: bool
    automatic: Mapping[str, tuple[str, ...]]
    _table: Table = field(repr=False)

    def readable(self, roles: frozenset[str]) -> frozenset[str]:
        """Name the withheld fields that may be read in some roles.

        `readers` decides; a personal field without `readers` may be read in any role of the workflow.
        """
        fields, everyone = self.definition.data, self.definition.roles.keys()
        return frozenset(name for name in self.withheld if roles & set(fields[name].readers or everyone))

    def fire(self, trigger: str, token: Token) -> bool:
        """Send a token through the table.

        Returns:
            Whether a rule took it; `token.state` then says where it is now.
        """
        return bool(self._table.events[_arrow(trigger)].trigger(token))


def compile_workflow(workflow: Workflow) -> CompiledWorkflow:
    """Compile a workflow that `check` found to be right.

    Raises:
        GuardError: A guard is wrong; a checked workflow has none.
        ValueError: A name resolves to nothing; a checked workflow has none.
    """
    rules = {
        trigger: tuple(_rule(workflow, trigger, index, rule) for index, rule in enumerate(declared))
        for trigger, declared in workflow.transitions.items()
    }
    start = _rule(workflow, workflow.start.trigger, None, workflow.start)
    holding = rules_at(workflow)
    withheld = frozenset(name for name, declared in workflow.data.items() if declared.withheld)
    return CompiledWorkflow(
        definition=workflow,
        name=workflow.workflow,
        version=workflow.version,
        digest=workflow.digest,
        start=start,
        initial=start_leaf(workflow),
        final=final_leaves(workflow),
        rules=rules,
        rules_at=holding,
        defaults={
            name: accept(declared, declared.default, name)
            for name, declared in workflow.data.items()
            if declared.has_default
        },
        withheld=withheld,
        hidden=frozenset(f"{place}.{name}" for name in withheld for place in ("data", "input")),
        links_at=_links_at(rules, holding),
        opens=bool(start.opens) or any(rule.opens for declared in rules.values() for rule in declared),
        automatic=_automatic(rules, holding),
        _table=_table(workflow, rules, holding),
    )


def _rule(workflow: Workflow, trigger: str, index: int | None, declared: Act) -> CompiledRule:
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
        links=frozenset((*awaits, *_links(reads))),
        moves=rule is None or rule.to is not None,
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


def _links(reads: frozenset[str]) -> Iterator[str]:
    return (name.removeprefix("children.") for name in reads if name.startswith("children."))


def _links_at(
    rules: Mapping[str, tuple[CompiledRule, ...]], holding: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> dict[str, dict[str, frozenset[str]]]:
    """Find the links that each trigger's rules look at in each leaf."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for trigger, by_leaf in holding.items():
        for leaf, indexes in by_leaf.items():
            if links := frozenset(link for index in indexes for link in rules[trigger][index].links):
                found.setdefault(trigger, {})[leaf] = links
    return found


def _automatic(
    rules: Mapping[str, tuple[CompiledRule, ...]], holding: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> dict[str, tuple[str, ...]]:
    """Find the triggers the engine fires by itself: those with a rule by `system` that awaits or asks something."""
    found: dict[str, tuple[str, ...]] = {}
    for trigger, by_leaf in sorted(holding.items()):
        for leaf, indexes in by_leaf.items():
            held = (rules[trigger][index] for index in indexes)
            if any(SYSTEM in rule.roles and (rule.awaits or rule.guards) for rule in held):
                found[leaf] = (*found.get(leaf, ()), trigger)
    return found


class Arrow(Transition):
    """An arrow of the table that asks its conditions and moves: the table has no callbacks to run on the way."""

    def execute(self, event_data: EventData) -> bool:
        """Move the token when every condition holds; say whether it did."""
        for condition in self.conditions:
            if not condition.check(event_data):
                return False
        if self.dest is not None:
            _token(event_data).state = self.dest
        return True


class Table(Machine):
    """The library's flat machine, with arrows that do nothing but decide and move."""

    transition_cls = Arrow


def _table(
    workflow: Workflow,
    rules: Mapping[str, tuple[CompiledRule, ...]],
    holding: Mapping[str, Mapping[str, tuple[int, ...]]],
) -> Table:
    table = Table(
        model=None,
        states=list(leaves(workflow)),
        initial=start_leaf(workflow),
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for trigger, by_leaf in holding.items():
        for leaf, indexes in by_leaf.items():
            for index in indexes:
                _add(table, workflow, rules[trigger][index], leaf)
    return table


def _add(table: Table, workflow: Workflow, rule: CompiledRule, leaf: str) -> None:
    """Add the arrows of one rule from one leaf."""

    def fits(firing: EventData) -> bool:
        return _token(firing).fits(rule)

    to = rule.declared.to if isinstance(rule.declared, Rule) else None
    if not isinstance(to, History):
        target = None if to is None else entered(workflow, to)
        table.add_transition(_arrow(rule.trigger), leaf, target, conditions=[fits])
        return
    compound = to.history
    usual = entered(workflow, compound)
    for target in within(workflow, compound):

        def returns(firing: EventData, target: str = target) -> bool:
            return (_token(firing).left_last(compound) or usual) == target

        table.add_transition(_arrow(rule.trigger), leaf, target, conditions=[returns, fits])


def _arrow(trigger: str) -> str:
    """Name a trigger in the table as no author can: the library keeps the name `state` for itself."""
    return f"{trigger}!"


def _token(firing: EventData) -> Token:
    return cast(Token, firing.model)
