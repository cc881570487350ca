"""A case as values: what it is, what is tried on it, what comes of it, and how an entry changes it.

`advance` is the only place where a recorded act changes a case. The engine uses it when an act is recorded, and a
replay uses it years later, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from accountability.audit.entry import Actor, Document, Entry
from accountability.errors import Reason

__all__ = ["Actor", "Case", "Child", "Document", "Firing", "Memory", "Opening", "Reason", "Refusal", "Signed", "Step"]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature that waits for the others.

    Attributes:
        trigger, rule: What is being signed.
        person, role: Who signed, and the role counted for.
        data, documents: What was signed: what the first signer gave. The last signature makes it the case's.
    """

    trigger: str
    rule: int
    person: str
    role: str
    data: Mapping[str, Any]
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What rules ask about the past of a case; all of it follows from the case's entries.

    Attributes:
        visited: States entered so far, compound ones included.
        times: Trigger -> how often it was done.
        people: Trigger -> ids of those who did it or signed for it, in alphabetical order.
        left: Compound state -> the inner state that was left last.
        signatures: Signatures that wait for others.
        kept_off: Actor -> id of the person who asked; until a different person admits the actor again.
    """

    visited: frozenset[str] = frozenset()
    times: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signed, ...] = ()
    kept_off: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Child:
    """A case that this case opened, as it stands.

    Attributes:
        data: Its data without withheld fields.
    """

    link: str
    id: str
    workflow: str
    state: str
    closed: bool
    data: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0

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
        deadlines: Its clocks; empty as long as the language has none.
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
    deadlines: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What other cases say that a rule may ask about.

    Attributes:
        children: The cases that this case opened, oldest first.
        parent: Id of the case that opened, or is about to open, this one.
        parent_memory: What that case remembers: who did what on it, and who is kept off it.
    """

    children: tuple[Child, ...] = ()
    parent: str | None = None
    parent_memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Superseded:
    """An act that is to be corrected, with what it was decided from.

    Attributes:
        entry: The act's entry; where a correction is corrected, the act behind it.
        data: What was given with it, withheld fields included, as corrected so far.
        before: The case before it, withheld fields included; None where it opened the case.
        facts: What the other cases it saw said then.
    """

    entry: Entry
    data: Mapping[str, Any]
    before: Case | None
    facts: Facts


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
    return Child(case.link or "", case.id, case.workflow, case.state, case.closed, case.data, case.seq)


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
            memory=_remember(Memory(), entry),
            opened_at=entry.at,
            updated_at=entry.at,
            parent=entry.parent["case"] if entry.parent else None,
            link=entry.link,
        )
    changes = changed_data(entry)
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
        memory=_remember(case.memory, entry),
        opened_at=case.opened_at,
        updated_at=entry.at,
        parent=case.parent,
        link=case.link,
    )


def changed_data(entry: Entry) -> Mapping[str, Any]:
    """Return the clear fields that an entry puts into its case's data.

    What is signed becomes the case's with the last signature only; a correction carries the right values under `sets`;
    recusals, remarks and erasures carry none.
    """
    if entry.kind == "correction":
        return entry.sets
    if entry.kind in ("transition", "act"):
        return {**entry.data, **entry.sets} if entry.sets else entry.data
    return {}


def _remember(memory: Memory, entry: Entry) -> Memory:
    """Return the memory after an entry."""
    trigger, person = entry.trigger, entry.actor.id
    if entry.kind == "erasure":
        return memory
    people = memory.people.get(trigger, ())
    if person not in people:
        people = tuple(sorted((*people, person)))
    people_all = {**memory.people, trigger: people}
    if entry.kind == "signature":
        return replace(memory, people=people_all, signatures=(*memory.signatures, _signed(entry)))
    moved = entry.kind == "transition"
    kept_off = _kept_off(memory.kept_off, entry) if entry.kind == "recusal" else memory.kept_off
    return Memory(
        visited=memory.visited | _path(entry.target) if moved else memory.visited,
        times={**memory.times, trigger: memory.times.get(trigger, 0) + 1},
        people=people_all,
        left=_left(memory.left, entry.source, entry.target) if moved else memory.left,
        signatures=_still_waiting(memory.signatures, entry, kept_off) if memory.signatures else (),
        kept_off=kept_off,
    )


def _still_waiting(signatures: tuple[Signed, ...], entry: Entry, kept_off: Mapping[str, str]) -> tuple[Signed, ...]:
    """Return the signatures that still wait for others after an entry.

    A move voids all of them, also one back to the same state, and so does a correction: what was signed may have
    changed. An act voids those of its own trigger, which it completes; a recusal those of the person kept off.
    """
    if entry.kind in ("transition", "correction"):
        return ()
    return tuple(one for one in signatures if one.trigger != entry.trigger and one.person not in kept_off)


def _signed(entry: Entry) -> Signed:
    return Signed(entry.trigger, entry.rule or 0, entry.actor.id, entry.role or "", entry.data, entry.documents)


def _kept_off(kept_off: Mapping[str, str], entry: Entry) -> Mapping[str, str]:
    actor = entry.data["actor"]
    if entry.data.get("ruling") == "admitted":
        return {name: by for name, by in kept_off.items() if name != actor}
    return {**kept_off, actor: entry.actor.id}


def _path(state: str | None) -> frozenset[str]:
    """Return a dotted state and the compound states around it."""
    if state is None or "." not in state:
        return frozenset((state or "",))
    parts = state.split(".")
    return frozenset(".".join(parts[: depth + 1]) for depth in range(len(parts)))


def _left(left: Mapping[str, str], source: str | None, target: str | None) -> Mapping[str, str]:
    """Remember, for each compound state that is left, its inner state."""
    if source is None or "." not in source:
        return left
    abandoned = _path(source) - _path(target) - {source}
    return {**left, **dict.fromkeys(abandoned, source)} if abandoned else left
