"""From the law to a table: what is worked out once per version, so that a firing only has to look.

The only module that knows the library `transitions`. It is used as a flat table: nested states are dotted leaves,
history is one arrow for each state that may be returned to, and what the library gets are callables, never a string
out of a YAML file (it would import and call one that has dots).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol, cast

from transitions import EventData, Machine, Transition

from accountability.calendars.calendar import Calendar
from accountability.definition.fields import accept
from accountability.definition.model import SYSTEM, History, Reads, Rule, Workflow
from accountability.definition.states import entered, final_leaves, leaves, rules_at, start_leaf, within
from accountability.guards import Guard, Type, compile_guard
from accountability.guards.values import UnfitError, is_written, settled
from accountability.machine.compiled_deadline import CompiledDeadline, compile_deadlines, working_out
from accountability.machine.compiled_rule import CompiledRule, compile_rule, extension_rule
from accountability.machine.scope import anchor_scope, field_type, where_scope


class Token(Protocol):
    """What passes through the table: a state, and the judge of each rule it meets."""

    state: str

    def fits(self, rule: CompiledRule) -> bool:
        """Say whether the rule allows this firing; remember the rule that does, and why the others do not."""
        ...

    def left_last(self, compound: str) -> str | None:
        """Name the inner state of a compound state that the case left last, if it left any."""
        ...


_DATA_OF_ANOTHER = re.compile(r"\.data\.([a-z][a-z0-9_]*)")
"""A field of another case in an expression: `veto.data.scope`, where `data.scope` alone is the case's own."""


@dataclass(frozen=True, slots=True)
class CompiledRead:
    """A name under `reads`, its expressions compiled.

    Attributes:
        fields: The fields of those cases that this law looks for, or looks at; perhaps some that they do not have.
    """

    workflow: str
    where: tuple[tuple[str, Guard], ...]
    fields: frozenset[str]


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
        written: Clear field whose value travels as text, such as a date -> the type by which to read it.
        hidden: The names of these fields in guards, `data.` and `input.` before them.
        links_at: Trigger -> leaf -> links whose children the rules that hold there look at; only where there are some.
        reads: Name -> which cases of other workflows it finds.
        opens: Whether any of its acts opens other cases.
        automatic: Leaf -> triggers that the engine itself may fire there.
        deadlines: Its deadlines, in the order of the file.
        anchors: Deadline -> the expression for the day it counts from, where that is given.
        working_out: Triggers whose acts may need the calendar: for deadlines, or to know which day it is.
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
    written: Mapping[str, Type]
    hidden: frozenset[str]
    links_at: Mapping[str, Mapping[str, frozenset[str]]]
    reads: Mapping[str, CompiledRead]
    opens: bool
    automatic: Mapping[str, tuple[str, ...]]
    deadlines: tuple[CompiledDeadline, ...]
    anchors: Mapping[str, Guard]
    working_out: frozenset[str]
    _table: Table = field(repr=False)

    @property
    def calendar(self) -> str:
        """The name of the calendar by which its deadlines are worked out."""
        return self.definition.calendar

    def zone(self, calendar: Calendar | None) -> str | None:
        """Name the time zone in which days begin and end: the workflow's own, or its calendar's."""
        return self.definition.zone or (None if calendar is None else calendar.zone)

    @property
    def strict(self) -> bool:
        """Whether a date that rests on a year not announced yet is refused."""
        return self.definition.unannounced == "strict"

    @property
    def on_breach(self) -> frozenset[str]:
        """The triggers that the engine fires when a deadline is over."""
        return frozenset(deadline.on_breach for deadline in self.deadlines if deadline.on_breach)

    @property
    def windows(self) -> frozenset[str]:
        """The deadlines that are times in which something may be done, not must."""
        return frozenset(deadline.id for deadline in self.deadlines if deadline.declared.window)

    def deadline(self, name: str) -> CompiledDeadline:
        """Return the deadline of a name.

        Raises:
            KeyError: There is none.
        """
        for deadline in self.deadlines:
            if deadline.id == name:
                return deadline
        raise KeyError(name)

    def readable(self, roles: frozenset[str]) -> frozenset[str]:
        """Name the withheld fields that may be read in some roles.

        `readers` decides; a personal field without `readers` may be read in any role of the workflow.
        """
        fields, everyone = self.definition.data, self.definition.roles.keys()
        return frozenset(name for name in self.withheld if roles & set(fields[name].readers or everyone))

    def read_by_law(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read the data of a case that follows this law as the rules of another see them.

        The other law does not say which of the texts are decimals, dates, moments or spans of time; this one does. What
        does not fit its type stays as it is, and is no such value to anybody.
        """
        texts = self.written.keys() & data.keys()
        return {**data, **{name: _read(data[name], self.written[name]) for name in texts}} if texts else data

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
        trigger: tuple(compile_rule(workflow, trigger, index, rule) for index, rule in enumerate(declared))
        for trigger, declared in workflow.transitions.items()
    }
    deadlines = compile_deadlines(workflow)
    every_leaf = leaves(workflow)
    extensions = {
        deadline.declared.extend.trigger: extension_rule(deadline, deadline.declared.extend, every_leaf)
        for deadline in deadlines
        if deadline.declared.extend is not None
    }
    rules |= {trigger: (rule,) for trigger, rule in extensions.items()}
    start = compile_rule(workflow, workflow.start.trigger, None, workflow.start)
    holding: dict[str, Mapping[str, tuple[int, ...]]] = dict(rules_at(workflow))
    holding |= {trigger: dict.fromkeys(every_leaf, (0,)) for trigger in extensions}
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
        written={
            name: field_type(declared)
            for name, declared in workflow.data.items()
            if not declared.withheld and is_written(field_type(declared))
        },
        hidden=frozenset(f"{place}.{name}" for name in withheld for place in ("data", "input")),
        links_at=_links_at(rules, holding),
        reads={name: _compiled_read(workflow, name, declared) for name, declared in workflow.reads.items()},
        opens=bool(start.opens) or any(rule.opens for declared in rules.values() for rule in declared),
        automatic=_automatic(rules, holding, {deadline.on_breach for deadline in deadlines}),
        deadlines=deadlines,
        anchors={
            deadline.id: compile_guard(deadline.declared.anchor, anchor_scope(workflow), None)
            for deadline in deadlines
            if deadline.declared.anchor is not None
        },
        working_out=working_out(workflow, deadlines) | _asking_for_the_day((start, *chain(*rules.values()))),
        _table=_table(workflow, rules, holding),
    )


def _read(value: Any, type_: Type) -> Any:
    try:
        return settled(value, type_, lambda _: None)
    except UnfitError:
        return value


def _compiled_read(workflow: Workflow, name: str, declared: Reads) -> CompiledRead:
    scope = where_scope(workflow)
    where = tuple((field, compile_guard(text, scope, None)) for field, text in declared.where.items())
    looking = (text for text in _texts(workflow.content) if f"reads.{name}" in text)
    seen = frozenset(field for text in looking for field in _DATA_OF_ANOTHER.findall(text))
    return CompiledRead(declared.workflow, where, seen | declared.where.keys())


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, (Mapping, list)):
        for part in content.values() if isinstance(content, Mapping) else content:
            yield from _texts(part)


def _asking_for_the_day(rules: Iterable[CompiledRule]) -> frozenset[str]:
    """Name the triggers whose rules ask for the day, which begins and ends in the calendar's zone."""
    return frozenset(rule.trigger for rule in rules if "today" in rule.reads)


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
    rules: Mapping[str, tuple[CompiledRule, ...]],
    holding: Mapping[str, Mapping[str, tuple[int, ...]]],
    on_breach: Collection[str | None],
) -> dict[str, tuple[str, ...]]:
    """Find the triggers the engine fires by itself: those with a rule by `system` that awaits or asks something.

    What it fires when a deadline is over waits for that, whatever else it asks.
    """
    found: dict[str, tuple[str, ...]] = {}
    for trigger, by_leaf in sorted(holding.items()):
        if trigger in on_breach:
            continue
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
