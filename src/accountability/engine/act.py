"""One decided act, and how it becomes an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accountability.audit.disclosure import commit, new_salt
from accountability.audit.entry import Actor, Entry
from accountability.definition.model import SYSTEM
from accountability.engine.identifiers import Draw
from accountability.machine.case import Case, Firing, Refusal, Step
from accountability.machine.compiler import CompiledWorkflow
from accountability.store.stored import StoredOpening

ENGINE = Actor(SYSTEM, {SYSTEM})
TICK = timedelta(microseconds=1)

Met = tuple[str, int, str | None]
"""What a refused act met: a chain, its length then, and the state of the case; None where it would have opened one."""


@dataclass(slots=True)
class Act:
    """One decided act on its way to becoming an entry.

    Attributes:
        law, firing, step, now: What was decided, about which attempt, by which law, and when.
        before: The case before; None where it is opened.
        case_id: The case; a new id where it is opened.
        parent, link: For a child case: the id and seq of what opens it, and the name of the link.
        saw: Other cases that were consulted, each with its seq.
        opened: The acts that open the children of this one.
    """

    law: CompiledWorkflow
    firing: Firing
    step: Step
    now: datetime
    before: Case | None
    case_id: str
    parent: tuple[str, int] | None = None
    link: str | None = None
    saw: dict[str, int] = field(default_factory=dict)
    opened: list[Act] = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The place of the act in its case's chain."""
        return 1 if self.before is None else self.before.seq + 1


@dataclass(frozen=True, slots=True)
class Written:
    """One entry ready to be stored, with what belongs to it.

    Attributes:
        case: The case as it is after it.
        before: The seq of the case before; None where it is opened.
        text, leaf: The entry's bytes and their hash.
        openings: The withheld values behind its commitments.
        timed: Whether the case's deadlines, or its time to wake, changed.
    """

    case: Case
    before: int | None
    text: str
    leaf: str
    openings: tuple[StoredOpening, ...]
    timed: bool


def entry_of(act: Act, log: str, leaves: Mapping[str, str], draw: Draw) -> tuple[Entry, tuple[StoredOpening, ...]]:
    """Make the entry of an act, and what is kept apart from it.

    Args:
        act: The act.
        log: The id of the database's log.
        leaves: Id of each case that the act opens -> hash of its first entry.
        draw: Draws the salts of what is kept apart.
    """
    clear_data, clear_sets, openings, commitments = _divide(act, draw)
    case, law, firing, done = act.before, act.law, act.firing, act.step
    entry = Entry(
        log=log,
        case=act.case_id,
        seq=act.seq,
        workflow=law.name,
        version=law.version,
        definition=law.digest,
        kind=done.kind,
        trigger=done.trigger,
        source=done.source,
        target=done.target,
        actor=firing.actor,
        at=act.now,
        occurred=firing.occurred,
        reason=firing.reason,
        data=clear_data,
        sets=clear_sets,
        withheld=commitments,
        documents=done.documents,
        rule=done.rule,
        role=done.role,
        closed=done.closed,
        parent=None if act.parent is None else {"case": act.parent[0], "seq": act.parent[1]},
        link=act.link,
        children=tuple(_named(child, leaves) for child in act.opened),
        saw=act.saw,
        published=done.published,
        deadlines=done.deadlines,
        prev=None if case is None else case.head,
    )
    return entry, openings


def refused(law: CompiledWorkflow, firing: Firing, refusal: Refusal, met: Met, at: datetime) -> Entry:
    """Write a refusal as an entry: a leaf of the log, no link of the chain.

    Args:
        law: The law that refused.
        firing: What was tried.
        refusal: Why not.
        met: The chain, the length it had, and the state of the case.
        at: When, UTC.
    """
    chain, seq, state = met
    return Entry(
        case=chain,
        seq=seq,
        workflow=law.name,
        version=law.version,
        definition=law.digest,
        kind="refusal",
        trigger=refusal.trigger,
        source=state,
        target=state,
        actor=firing.actor,
        at=at,
        occurred=firing.occurred,
        reason=firing.reason,
        data=refusal.data,
        documents=firing.documents,
        reasons=tuple(reason.as_json() for reason in refusal.reasons),
    )


def _divide(
    act: Act, draw: Draw
) -> tuple[Mapping[str, Any], Mapping[str, Any], tuple[StoredOpening, ...], dict[str, str]]:
    """Part what may stand in an entry from what is kept apart behind a salted commitment."""
    data, sets, kept = act.step.data, act.step.sets, act.law.withheld
    # What a correction, a recusal or an erasure is about are no fields, though a field may have the same name.
    fields = data if act.step.kind in ("transition", "act", "signature") else {}
    if not kept or not (kept & fields.keys() or kept & sets.keys()):
        return data, sets, (), {}
    openings, commitments = [], {}
    for name, value in sorted({**fields, **sets}.items()):
        if name in kept:
            salt = new_salt(draw)
            commitments[name] = commit(name, value, salt)
            openings.append(StoredOpening(act.case_id, act.seq, name, salt.hex(), value))
    clear_data = {name: value for name, value in data.items() if name not in kept or name not in fields}
    clear_sets = {name: value for name, value in sets.items() if name not in kept}
    return clear_data, clear_sets, tuple(openings), commitments


def _named(child: Act, leaves: Mapping[str, str]) -> dict[str, Any]:
    return {
        "link": child.link,
        "case": child.case_id,
        "workflow": child.law.name,
        "leaf": leaves[child.case_id],
    }
