"""What a case remembers of its past, as far as its rules ask: it follows from the entries alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accountability.audit.entry import Document, Entry


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


def remember(memory: Memory, entry: Entry) -> Memory:
    """Return the memory after an entry."""
    trigger, person = entry.trigger, entry.actor.id
    if entry.kind == "erasure" or (entry.kind == "deadline" and entry.rule is None):
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
        visited=memory.visited | state_path(entry.target) if moved else memory.visited,
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


def state_path(state: str | None) -> frozenset[str]:
    """Return a dotted state and the compound states around it."""
    if state is None or "." not in state:
        return frozenset((state or "",))
    parts = state.split(".")
    return frozenset(".".join(parts[: depth + 1]) for depth in range(len(parts)))


def _left(left: Mapping[str, str], source: str | None, target: str | None) -> Mapping[str, str]:
    """Remember, for each compound state that is left, its inner state."""
    if source is None or "." not in source:
        return left
    abandoned = state_path(source) - state_path(target) - {source}
    return {**left, **dict.fromkeys(abandoned, source)} if abandoned else left
