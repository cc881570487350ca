"""A workflow laid out: its rules with their places, its graph, the workflows it is linked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accountability.analysis import clocks
from accountability.analysis.clocks import Clocks
from accountability.analysis.flow import Flow, follow
from accountability.analysis.graph import Graph, build
from accountability.definition.model import Act, Opens, Rule, Workflow

Path = tuple[str | int, ...]
"""Where something stands in a workflow, short spellings written out: `("transitions", "accept", 0, "when", 0)`."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule, or the start, with its place.

    Attributes:
        index: Which rule of the trigger; None for the start.
    """

    act: Act
    trigger: str
    index: int | None
    path: Path

    @property
    def inputs(self) -> frozenset[str]:
        """The fields that may be given."""
        return frozenset((*self.act.needs, *self.act.accepts))


@dataclass(frozen=True)
class Structure:
    """One workflow and those known beside it.

    Attributes:
        workflow: The workflow.
        others: Workflows known beside it, by name.
    """

    workflow: Workflow
    others: Mapping[str, Workflow]

    @cached_property
    def graph(self) -> Graph:
        """The flat graph of its rules."""
        return build(self.workflow)

    @cached_property
    def flow(self) -> Flow:
        """What has surely happened in each leaf."""
        return follow(self.workflow, self.graph)

    @cached_property
    def clocks(self) -> Clocks:
        """Where its deadlines may run."""
        return clocks.follow(self.workflow, self.graph)

    @cached_property
    def on_breach(self) -> frozenset[str]:
        """The triggers that the engine fires because a deadline is over, and then alone."""
        return frozenset(rule.on_breach for rule in self.workflow.deadlines.values() if rule.on_breach is not None)

    @cached_property
    def acts(self) -> tuple[Placed, ...]:
        """The start, then every rule, in the order of the file."""
        start = Placed(self.workflow.start, self.workflow.start.trigger, None, ("start",))
        return (start, *(placed for placed, _ in self.rules))

    @cached_property
    def rules(self) -> tuple[tuple[Placed, Rule], ...]:
        """Every rule with its place, in the order of the file."""
        return tuple(
            (Placed(rule, trigger, index, ("transitions", trigger, index)), rule)
            for trigger, rules in self.workflow.transitions.items()
            for index, rule in enumerate(rules)
        )

    @cached_property
    def openings(self) -> tuple[tuple[Placed, Path, Opens], ...]:
        """Every `opens`, with its rule and its place."""
        return tuple(
            (placed, (*placed.path, "opens", index), opens)
            for placed in self.acts
            for index, opens in enumerate(placed.act.opens)
        )

    def known(self, name: str) -> Workflow | None:
        """Find a workflow by name: this one, or one beside it."""
        return self.workflow if name == self.workflow.workflow else self.others.get(name)

    @cached_property
    def openers(self) -> tuple[Workflow, ...]:
        """The known workflows that open cases of this one."""
        name = self.workflow.workflow
        beside = (self.workflow, *(other for key, other in self.others.items() if key != name))
        return tuple(other for other in beside if any(opens.workflow == name for opens in openings(other)))


def linked(workflow: Workflow) -> Iterator[str]:
    """Name the workflows that a workflow names: those whose cases it opens, and those whose cases it looks at."""
    yield from (opens.workflow for opens in openings(workflow))
    yield from (read.workflow for read in workflow.reads.values())


def openings(workflow: Workflow) -> Iterator[Opens]:
    """Give every `opens` of a workflow."""
    yield from workflow.start.opens
    for rules in workflow.transitions.values():
        for rule in rules:
            yield from rule.opens
