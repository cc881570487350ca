"""One case walked through its law without an engine: decide, write the entry, advance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from accountability.audit.entry import Actor, Document, Entry, decode, encode
from accountability.definition.model import Workflow
from accountability.machine.case import Case, Facts, Firing, Refusal, Step, advance
from accountability.machine.compiler import CompiledWorkflow, compile_workflow
from accountability.machine.step import start, step
from accountability.replay import superseded

MONDAY = datetime(2015, 2, 9, 1, 0, tzinfo=UTC)
HEADER = "workflow: permit\nversion: 1\nroles: {clerk: Clerk, head: Head, expert: Expert}\n"

ANN = Actor("ann", {"clerk"})
BOB = Actor("bob", {"head"})
EVE = Actor("eve", {"expert"})


def law(text: str, *, header: str = HEADER) -> CompiledWorkflow:
    """Compile a workflow; what its text leaves out of the head is added."""
    return compile_workflow(Workflow.from_content(yaml.safe_load(header + text)))


def paper(name: str, content: str = "0") -> Document:
    """Make a document; its content is one hex digit."""
    return Document(name, content * 64, 1, "text/plain")


def entry_of(law: CompiledWorkflow, case: Case | None, firing: Firing, done: Step, now: datetime) -> Entry:
    """Write a step as the entry that the engine would write, without withheld fields apart."""
    entry = Entry(
        case="case-1" if case is None else case.id,
        seq=1 if case is None else case.seq + 1,
        workflow=law.definition.workflow,
        version=law.definition.version,
        definition=law.definition.digest,
        kind=done.kind,
        trigger=done.trigger,
        source=done.source,
        target=done.target,
        actor=firing.actor,
        at=now,
        reason=firing.reason,
        data=done.data,
        sets=done.sets,
        documents=done.documents,
        rule=done.rule,
        role=done.role,
        closed=done.closed,
        published=done.published,
        deadlines=done.deadlines,
        prev=None if case is None else case.head,
    )
    return decode(*encode(entry))


class Walk:
    """A case on its way, with everything that was recorded of it.

    Attributes:
        law, case, entries, now: What it follows, how it stands, its chain, and the time.
    """

    def __init__(self, law: CompiledWorkflow) -> None:
        self.law = law
        self.case: Case | None = None
        self.entries: list[Entry] = []
        self.now = MONDAY

    def start(self, by: Actor = ANN, data: Mapping[str, Any] | None = None, **parts: Any) -> Step | Refusal:
        """Open the case."""
        return self.attempt(Firing(trigger=self.law.start.trigger, actor=by, data=data or {}, **parts))

    def fire(
        self, trigger: str, by: Actor = ANN, data: Mapping[str, Any] | None = None, **parts: Any
    ) -> Step | Refusal:
        """Try something on the case."""
        return self.attempt(Firing(trigger=trigger, actor=by, data=data or {}, **parts))

    def attempt(self, firing: Firing, facts: Facts | None = None) -> Step | Refusal:
        """Decide an attempt, and go on where it is allowed."""
        self.now += timedelta(minutes=1)
        if firing.trigger == "correct":
            wrong = superseded(
                self.law, self.entries, firing.data.get("seq"), lambda _: {}, lambda *_: facts or Facts()
            )
            firing = replace(firing, superseded=wrong)
        seen = facts or Facts()
        if self.case is None:
            outcome = start(self.law, firing, self.now, seen)
        else:
            outcome = step(self.law, self.case, firing, self.now, seen)
        if isinstance(outcome, Step):
            entry = entry_of(self.law, self.case, firing, outcome, self.now)
            self.case = advance(self.case, entry)
            self.entries.append(entry)
        return outcome

    @property
    def state(self) -> str:
        """The state the case is in."""
        return self.standing.state

    @property
    def standing(self) -> Case:
        """The case, once it was opened."""
        assert self.case is not None
        return self.case


def opened(text: str, data: Mapping[str, Any] | None = None, by: Actor = ANN) -> Walk:
    """Open a case under a law."""
    walk = Walk(law(text))
    outcome = walk.start(by, data)
    assert isinstance(outcome, Step), outcome
    return walk


def done(outcome: Step | Refusal) -> Step:
    """Insist that an attempt was allowed."""
    assert isinstance(outcome, Step), outcome
    return outcome


def refused(outcome: Step | Refusal) -> list[str]:
    """Insist that an attempt was refused, and give the codes of its reasons in their order."""
    assert isinstance(outcome, Refusal), outcome
    return [reason.code for reason in outcome.reasons]


def messages(outcome: Step | Refusal) -> str:
    """Give the reasons of a refusal in words."""
    assert isinstance(outcome, Refusal), outcome
    return "; ".join(reason.message for reason in outcome.reasons)
