"""What the law says of its deadlines, looked up beforehand: what begins and ends each, where it stands still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from accountability.calendars.allowance import ON_THE_DAY, Allowance, allowance
from accountability.definition.model import DeadlineRule, Workflow
from accountability.definition.states import entered, states, targets, within


@dataclass(frozen=True, slots=True)
class Marks:
    """Triggers done and states entered that a deadline waits for."""

    triggers: frozenset[str]
    states: frozenset[str]

    def hit(self, trigger: str, entered: frozenset[str]) -> bool:
        """Whether an act of this trigger, which entered these states, is one of them."""
        return trigger in self.triggers or not self.states.isdisjoint(entered)


@dataclass(frozen=True, slots=True)
class CompiledDeadline:
    """A deadline with everything that an act asks of it looked up.

    Attributes:
        id: Its name.
        declared: What the file says.
        starts, fallback: What arms it, and what does so where the first may never happen.
        plus: How long the fallback waits for the first.
        ends: What meets it; None: the case is closed.
        paused_in: Leaves in which it stands still.
        within, warn: The time it gives, and how long before its end it warns.
        roll: What happens where it ends on a day off.
        times, up_to: How often it may be extended, and by how much each time.
    """

    id: str
    declared: DeadlineRule
    starts: Marks
    fallback: Marks | None
    plus: Allowance | None
    ends: Marks | None
    paused_in: frozenset[str]
    within: Allowance
    warn: tuple[Allowance, ...]
    roll: Literal["none", "next_working_day"]
    times: int
    up_to: Allowance | None

    @property
    def on_breach(self) -> str | None:
        """The trigger that the engine fires when it is over."""
        return self.declared.on_breach


def compile_deadlines(workflow: Workflow) -> tuple[CompiledDeadline, ...]:
    """Look up everything the deadlines of a checked workflow name, in the order of the file.

    Raises:
        InputError: A time cannot be read; that of a checked workflow can.
    """
    return tuple(_compiled(workflow, name, declared) for name, declared in workflow.deadlines.items())


def given_extensions(workflow: Workflow) -> dict[str, str]:
    """Give the triggers that extend a deadline, each with the deadline's name."""
    return {rule.extend.trigger: name for name, rule in workflow.deadlines.items() if rule.extend is not None}


def working_out(workflow: Workflow, deadlines: Iterable[CompiledDeadline]) -> frozenset[str]:
    """Name the triggers that may arm, resume or extend a deadline, so that an act of theirs needs the calendar."""
    compiled = tuple(deadlines)
    begin = [marks for one in compiled for marks in (one.starts, one.fallback) if marks is not None]
    still = frozenset(leaf for one in compiled for leaf in one.paused_in)
    found = {*given_extensions(workflow), *(trigger for marks in begin for trigger in marks.triggers)}
    beginning = frozenset(state for marks in begin for state in marks.states)
    for trigger, rules in workflow.transitions.items():
        for rule in rules:
            if rule.to is None:
                continue
            entered_there = {state for leaf in targets(workflow, rule, "") for state in _around(leaf)}
            if beginning & entered_there or still:
                found.add(trigger)
    if beginning & set(_around(entered(workflow, workflow.initial))):
        found.add(workflow.start.trigger)
    return frozenset(found)


def _compiled(workflow: Workflow, name: str, declared: DeadlineRule) -> CompiledDeadline:
    time = ON_THE_DAY if declared.within is None else allowance(declared.within)
    # A day that was given is meant as it is, and hours pass on every day.
    as_it_is = declared.within is None or time.unit == "hours"
    usual: Literal["none", "next_working_day"] = "none" if as_it_is else "next_working_day"
    fallback, extend = declared.fallback, declared.extend
    return CompiledDeadline(
        id=name,
        declared=declared,
        starts=marks(workflow, declared.starts),
        fallback=None if fallback is None else marks(workflow, fallback.starts),
        plus=None if fallback is None else allowance(fallback.plus),
        ends=marks(workflow, declared.ends) if declared.ends else None,
        paused_in=frozenset(_leaves(workflow, declared.paused_in)),
        within=time,
        warn=tuple(allowance(warning) for warning in declared.warn),
        roll=declared.roll or usual,
        times=0 if extend is None else extend.times,
        up_to=None if extend is None else allowance(extend.up_to),
    )


def marks(workflow: Workflow, names: Iterable[str]) -> Marks:
    """Tell triggers from states and groups; a name that is both means the trigger. Unknown names mean nothing."""
    triggers = {workflow.start.trigger, *workflow.transitions, *given_extensions(workflow)}
    known = states(workflow)
    given = frozenset(names)
    entered_there = _ungrouped(workflow, given - triggers)
    return Marks(given & triggers, frozenset(name for name in entered_there if name in known))


def _ungrouped(workflow: Workflow, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from workflow.groups.get(name, (name,))


def _leaves(workflow: Workflow, names: Iterable[str]) -> Iterator[str]:
    for name in _ungrouped(workflow, names):
        yield from within(workflow, name)


def _around(leaf: str) -> tuple[str, ...]:
    parts = leaf.split(".")
    return tuple(".".join(parts[: depth + 1]) for depth in range(len(parts)))
