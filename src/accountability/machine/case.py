"""A case as values: what it is, what is tried on it, what comes of it, and how an entry changes it.

`advance` is the only place where a recorded act changes a case. The engine uses it when an act is recorded, and a
replay uses it years later, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accountability.audit.entry import Actor, Document, Entry
from accountability.calendars.calendar import Calendar
from accountability.errors import Reason
from accountability.machine.deadline import Change, Deadline, changed
from accountability.machine.memory import Memory, Signed, remember

__all__ = [
    "Actor",
    "Case",
    "Child",
    "Deadline",
    "Document",
    "Firing",
    "Looked",
    "Memory",
    "Opening",
    "Reason",
    "Refusal",
    "Signed",
    "Step",
]


@dataclass(frozen=True, slots=True)
class Child:
    """A case that this case opened, as it stands.

    Attributes:
        data: Its data without withheld fields.
        definition: The digest of the law it follows.
    """

    link: str
    id: str
    workflow: str
    state: str
    closed: bool
    data: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0
    definition: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give the child as it is listed under its parent."""
        return {
            "link": self.link,
            "id": self.id,
            "workflow": self.workflow,
            "state": self.state,
            "closed": self.closed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case at one moment. It holds no engine and does nothing.

    Attributes:
        id: Its identifier, text.
        workflow, version, definition: The law it follows; `definition` is the digest.
        state: The leaf state, dotted where states are nested.
        seq: Number of entries in its chain.
        head: Leaf hash of its last entry.
        closed: Whether the state is final.
        data: Its data; withheld fields only where the viewer may see them.
        memory: What rules ask about its past.
        opened_at, updated_at: First and last entry's time, UTC.
        parent, link: The case that opened it, and the name of the link; None for a case of its own.
        children: The cases it opened, oldest first; filled where a whole case is shown.
        deadlines: Its deadlines, in the order in which they were first armed.
        wake: The earliest moment at which time alone may change something about it, UTC. It follows from the deadlines,
            save that the store may set it earlier, so that somebody looks.
    """

    id: str
    workflow: str
    version: int
    definition: str
    state: str
    seq: int
    head: str
    closed: bool
    data: Mapping[str, Any]
    memory: Memory
    opened_at: datetime
    updated_at: datetime
    parent: str | None = None
    link: str | None = None
    children: tuple[Child, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    wake: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found under one name of `reads`.

    Attributes:
        where: The values that were looked for.
        cases: The cases that hold them, oldest first, without withheld fields; data as `read_by_law` gives them.
    """

    where: Mapping[str, Any]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step may need besides the case: what other cases say, and the calendar.

    Attributes:
        children: The cases that this case opened, oldest first; data as `read_by_law` gives them.
        parent: Id of the case that opened, or is about to open, this one.
        parent_memory: What that case remembers: who did what on it, and who is kept off it.
        calendar: The calendar by which deadlines are worked out; None where none is worked out.
        looked: Name under `reads` -> what was found.
        seen: While the past is retraced: every case that the entry says was seen, as it was then; data likewise.
    """

    children: tuple[Child, ...] = ()
    parent: str | None = None
    parent_memory: Memory = field(default_factory=Memory)
    calendar: Calendar | None = None
    looked: Mapping[str, Looked] = field(default_factory=dict)
    seen: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Superseded:
    """An act that is to be corrected, with what it was decided from.

    Attributes:
        entry: The act's entry; where a correction is corrected, the act behind it.
        data: What was given with it, withheld fields included, as corrected so far.
        before: The case before it, withheld fields included; None where it opened the case.
        facts: What the other cases it saw said then.
        relied: Field -> what rests on it by now: a later act, a deadline, another procedure.
    """

    entry: Entry
    data: Mapping[str, Any]
    before: Case | None
    facts: Facts
    relied: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """An attempt.

    Attributes:
        trigger: What is tried.
        actor: Who tries.
        data: What they give, as JSON values.
        documents: What comes with it.
        reason: Their written reason.
        occurred: When they say it happened.
        superseded: For `correct`: the act that was wrong, if there is one.
    """

    trigger: str
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    reason: str | None = None
    occurred: datetime | None = None
    superseded: Superseded | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A child case that a step opens.

    Attributes:
        workflow: Which law it follows.
        link: Name of the link.
        actor: Who opens it: the actor, in the role the rule gives.
        data: What it starts with.
    """

    workflow: str
    link: str
    actor: Actor
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The outcome of a firing that is allowed: what should happen. Nothing has happened yet.

    Attributes:
        kind: The kind of entry to write.
        trigger, rule: What was done, by which rule of the trigger.
        source, target: State before and after; equal when it stays.
        closed: Whether the case is closed in the target; None where the act moves nothing.
        data: What was given, checked and in JSON form; withheld fields included.
        sets: What the rule computed, defaults included; for a correction, the right values.
        documents: What came with it.
        role: For a signature: the role it counts for.
        opens: Child cases to open.
        published: What goes into the public register.
        deadlines: What becomes of the case's deadlines.
    """

    kind: str
    trigger: str
    rule: int | None
    source: str | None
    target: str
    closed: bool | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    role: str | None = None
    opens: tuple[Opening, ...] = ()
    published: Mapping[str, Any] | None = None
    deadlines: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """The outcome of a firing that is not allowed.

    Attributes:
        trigger: What was tried.
        reasons: Why not, nearest miss first; never empty.
        data: The part of the given data that may be recorded: declared, well typed, not withheld.
    """

    trigger: str
    reasons: tuple[Reason, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def child_of(case: Case) -> Child:
    """Give a case as its parent's rules and lists show it."""
    return Child(case.link or "", case.id, case.workflow, case.state, case.closed, case.data, case.seq, case.definition)


def advance(case: Case | None, entry: Entry, leaf: str | None = None) -> Case:
    """Apply a recorded entry to a case.

    Args:
        case: The case before; None for its first entry.
        entry: A link of the case's chain, not a refusal.
        leaf: The entry's hash, where the entry does not carry it yet.

    Returns:
        The case after. Withheld fields are in no entry, so the result holds none of their values.
    """
    if case is None:
        deadlines = changed((), entry.deadlines, entry.at) if entry.deadlines else ()
        return Case(
            id=entry.case,
            workflow=entry.workflow,
            version=entry.version,
            definition=entry.definition,
            state=entry.target or "",
            seq=entry.seq,
            head=leaf or entry.leaf,
            closed=bool(entry.closed),
            data={**entry.data, **entry.sets},
            memory=remember(Memory(), entry),
            opened_at=entry.at,
            updated_at=entry.at,
            parent=entry.parent["case"] if entry.parent else None,
            link=entry.link,
            deadlines=deadlines,
            wake=earliest(deadlines) if deadlines else None,
        )
    changes = changed_data(entry)
    deadlines = changed(case.deadlines, entry.deadlines, entry.at) if entry.deadlines else case.deadlines
    # Written out, because every firing passes here and `dataclasses.replace` takes three times as long.
    return Case(
        id=case.id,
        workflow=entry.workflow,
        version=entry.version,
        definition=entry.definition,
        state=entry.target or case.state,
        seq=entry.seq,
        head=leaf or entry.leaf,
        closed=case.closed if entry.closed is None else entry.closed,
        data={**case.data, **changes} if changes else case.data,
        memory=remember(case.memory, entry),
        opened_at=case.opened_at,
        updated_at=entry.at,
        parent=case.parent,
        link=case.link,
        deadlines=deadlines,
        wake=earliest(deadlines) if deadlines else None,
    )


def earliest(deadlines: tuple[Deadline, ...]) -> datetime | None:
    """Return the earliest moment at which time alone changes one of the deadlines."""
    return min((wake for deadline in deadlines if (wake := deadline.wake) is not None), default=None)


def is_overdue(case: Case, now: datetime, windows: Collection[str]) -> bool:
    """Whether a deadline of a case is over and not met, be that recorded yet or not; one of `windows` never is."""
    return any(
        deadline.status == "breached" or (deadline.status == "running" and deadline.until <= now)
        for deadline in case.deadlines
        if deadline.id not in windows
    )


def changed_data(entry: Entry) -> Mapping[str, Any]:
    """Return the clear fields that an entry puts into its case's data.

    What is signed becomes the case's with the last signature only; a correction carries the right values under `sets`;
    recusals, remarks, erasures and what concerns deadlines alone carry none.
    """
    if entry.kind == "correction":
        return entry.sets
    if entry.kind in ("transition", "act"):
        return {**entry.data, **entry.sets} if entry.sets else entry.data
    return {}
