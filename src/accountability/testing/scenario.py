"""A scenario as values: who acts, what they do, what is expected. Nothing here runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accountability.audit.entry import Actor
from accountability.definition.document import Document, Path

STATUSES = ("running", "paused", "met", "breached", "lapsed")
"""What a deadline can be, as an expectation names it; `late` is asked for beside them."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a step, or a scenario, stands in a file.

    Attributes:
        document: The file's content, with places.
        path: Where it stands in it.
        word: Its key: what kind of step it is.
    """

    document: Document
    path: Path
    word: str

    @property
    def file(self) -> str:
        """The file as it was named."""
        return self.document.file

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.document.span(self.path).line

    @property
    def place(self) -> str:
        """File and line, as editors and terminals follow them."""
        return f"{self.file}:{self.line}"

    @property
    def text(self) -> str:
        """What is written there."""
        return self.document.source(self.path)

    def inside(self, *parts: str | int) -> Path:
        """Give the path of something behind its key."""
        return (*self.path, self.word, *parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that somebody does, or is refused.

    Attributes:
        origin: Where it stands.
        trigger: What is tried; `start` opens a case.
        by: Who tries it, one after the other, each with the same content.
        data, documents, reason, occurred: What comes with it; documents by name, with their bytes.
        roles: The roles to act in; None: all that the actor has.
        case: Path of the case that is meant; None: the one the steps are about.
        after: Period that passes before, as text.
        at: Moment before which the rest of the time passes.
        workflow: For a start: the workflow, where it is not the file's.
        name: For a start: how later steps call the case.
        because: Codes of reasons for which it must be refused; empty: it must be done.
        says: What one of the reasons must say.
    """

    origin: Origin
    trigger: str
    by: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, bytes] = field(default_factory=dict)
    reason: str | None = None
    occurred: datetime | None = None
    roles: frozenset[str] | None = None
    case: str | None = None
    after: str | None = None
    at: datetime | None = None
    workflow: str | None = None
    name: str | None = None
    because: tuple[str, ...] = ()
    says: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a case must be.

    Attributes:
        origin: Where it stands.
        case: Path of the case; None: the one the steps are about.
        state: A state it is in, or inside of.
        closed: Whether it is closed.
        data: Field -> value; None: it has none. Other fields may hold anything.
        due: Deadline -> last day or moment; None: it was never armed.
        deadlines: Status, or `late` -> deadlines that have it, others may too; empty: none has.
        children: Link -> number of cases under it.
    """

    origin: Origin
    case: str | None = None
    state: str | None = None
    closed: bool | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    due: Mapping[str, date | datetime | None] = field(default_factory=dict)
    deadlines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Time that passes.

    Attributes:
        origin: Where it stands.
        period: How much, as text; or
        until: until when: a moment, or a day, whose beginning is meant.
    """

    origin: Origin
    period: str | None = None
    until: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The case that the steps from here on are about.

    Attributes:
        origin: Where it stands.
        case: Path of the case.
    """

    origin: Origin
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prelude:
    """Steps under a name that are done here.

    Attributes:
        origin: Where they are asked for.
        name: Their name.
    """

    origin: Origin
    name: str


Step = Act | Expect | Wait | About
"""What happens in a scenario."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step with the way to it.

    Attributes:
        step: The step.
        through: The places that ask for the prelude it stands in, outermost first; empty for a step of the scenario.
    """

    step: Step
    through: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One walk, and what must come of it.

    Attributes:
        name: What it shows.
        origin: Where it stands.
        at: When it begins.
        steps: What happens, preludes written out.
    """

    name: str
    origin: Origin
    at: datetime
    steps: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of a file.

    Attributes:
        file: The file as it was named.
        workflow: The workflow whose cases they open, and by whose calendar their time passes.
        actors: Name -> who acts under it.
        scenarios: What is run, in the order of the file.
    """

    file: str
    workflow: str
    actors: Mapping[str, Actor]
    scenarios: tuple[Scenario, ...]
