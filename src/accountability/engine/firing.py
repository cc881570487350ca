"""The deed: everything one call causes, decided in memory first, then written in one transaction.

A deed is more than one act when a rule opens child cases, or when what happened lets the engine go on by itself. All of
it is decided before the first row is written, so a refusal anywhere leaves nothing behind but its own record.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from accountability.audit.disclosure import commit, new_salt
from accountability.audit.entry import Actor, Entry, encode
from accountability.definition.model import SYSTEM
from accountability.engine.identifiers import CaseIds
from accountability.engine.reading import presented
from accountability.engine.registry import Registry, chain_of
from accountability.engine.view import View
from accountability.errors import Reason, RecordError, UnknownWorkflowError
from accountability.machine.case import Case, Facts, Firing, Opening, Refusal, Step, advance
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.erasure import erasure
from accountability.machine.step import start, step
from accountability.store.stored import StoredKey, StoredOpening
from accountability.store.transaction import Transaction

FOLLOW_UPS_MAX = 100
"""How many acts of its own the engine adds to one case in one call."""

CASES_MAX = 10_000
"""How many cases one call may open, children of children included."""

ENGINE = Actor(SYSTEM, {SYSTEM})
TICK = timedelta(microseconds=1)


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
    """One entry ready to be stored, the case as it is after it, and the withheld values behind its commitments."""

    case: Case
    before: int | None
    text: str
    leaf: str
    openings: tuple[StoredOpening, ...]


class Deed:
    """Decide and write one call."""

    def __init__(
        self, transaction: Transaction, registry: Registry, now: datetime, key: tuple[str, str] | None = None
    ) -> None:
        """Begin with nothing decided.

        Args:
            transaction: Where it is written.
            registry: Hands out law.
            now: The moment of the call, UTC.
            key: The caller's key and the digest of what was asked for, if there is one.
        """
        self._transaction = transaction
        self._registry = registry
        self._now = now
        self._key = key
        self._view = View(transaction)
        self._written: list[Written] = []
        self._ids = CaseIds()

    def start(self, workflow: str, firing: Firing) -> Case | Refusal:
        """Open a case of its own; its id is new. A refusal is recorded in the workflow's chain.

        Raises:
            UnknownWorkflowError: No version of the workflow is published.
        """
        law = self._registry.latest(self._transaction, workflow)
        firing = replace(firing, trigger=law.start.trigger)
        now = self._registry.not_before(law, self._now)
        outcome = start(law, firing, now)
        if not isinstance(outcome, Refusal):
            act = Act(law, firing, outcome, now, None, self._ids.new(now))
            result = self._carry_out(act)
            if not isinstance(result, Refusal):
                return result
            outcome = result
        self._record_refused_start(law, firing, outcome, now)
        return outcome

    def fire(self, case: Case, firing: Firing) -> Case | Refusal:
        """Apply an act to a case that will not move unnoticed. A refusal is recorded beside the case's chain."""
        self._view.put(case)
        return self._concluded(case, firing, self._decide(case, firing))

    def erase(self, case: Case, firing: Firing, fields: tuple[str, ...], approver: Actor) -> Case | Refusal:
        """Erase personal values of a locked case, with the warrant in its chain."""
        self._view.put(case)
        law = self._registry.by_digest(self._transaction, case.definition)
        facts, saw = self._view.facts(law, case, firing.trigger)
        outcome = erasure(law, case, firing, fields, approver, facts)
        if isinstance(outcome, Refusal):
            return self._concluded(case, firing, outcome)
        now = max(self._now, case.updated_at + TICK)
        result = self._concluded(case, firing, Act(law, firing, outcome, now, case, case.id, saw=saw))
        if not isinstance(result, Refusal):
            self._transaction.erase_openings(case.id, fields)
            self._transaction.forget_keys(case.id)
        return result

    def shown(self, case: Case, viewer: Actor) -> Case:
        """Give a case as a viewer may see it, with its children."""
        law = self._registry.by_digest(self._transaction, case.definition)
        children = self._view.children(case.id) if law.opens else ()
        return presented(case, self._view.withheld(law, case.id), law, viewer, children)

    def _concluded(self, case: Case, firing: Firing, act: Act | Refusal) -> Case | Refusal:
        """Carry out what was decided on a case, or record its refusal."""
        outcome = act if isinstance(act, Refusal) else self._carry_out(act)
        if isinstance(outcome, Refusal):
            self._record_refusal(case, firing, outcome)
        return outcome

    def _carry_out(self, act: Act) -> Case | Refusal:
        """Work out an act, the cases it opens and what the engine does by itself then; then write all of it."""
        waiting: deque[tuple[str, str]] = deque()
        outcome = self._apply(act, waiting)
        follow_ups: Counter[str] = Counter()
        while waiting and not isinstance(outcome, Refusal):
            case_id, trigger = waiting.popleft()
            follow_up = self._decide(self._view.case(case_id), Firing(trigger=trigger, actor=ENGINE))
            if isinstance(follow_up, Refusal):
                continue
            follow_ups[case_id] += 1
            if follow_ups[case_id] > FOLLOW_UPS_MAX or len(self._written) > CASES_MAX:
                message = f"the engine's own acts do not come to rest after {follow_ups.total()} (`{trigger}`)"
                return Refusal(act.firing.trigger, (Reason("guard", message, {"trigger": trigger}),))
            outcome = self._apply(follow_up, waiting)
        if isinstance(outcome, Refusal):
            return replace(outcome, trigger=act.firing.trigger)
        case = self._view.case(act.case_id)
        self._write(case)
        return case

    def _write(self, case: Case) -> None:
        """Write everything that was decided. The key comes first: when it is taken, nothing has been written."""
        if self._key is not None:
            self._transaction.remember_key(StoredKey(*self._key, case.id, case.seq))
        for written in self._written:
            self._transaction.record(
                written.case, written.text, written.leaf, before=written.before, openings=written.openings
            )

    def _decide(self, case: Case, firing: Firing) -> Act | Refusal:
        """Ask the law about one act on a case."""
        law = self._registry.by_digest(self._transaction, case.definition)
        now = max(self._now, case.updated_at + TICK)
        withheld = self._view.withheld(law, case.id)
        seen = replace(case, data={**case.data, **withheld}) if withheld else case
        facts, saw = self._view.facts(law, case, firing.trigger)
        if firing.trigger == "correct":
            firing = replace(firing, superseded=self._view.superseded(case, firing.data.get("seq")))
        outcome = step(law, seen, firing, now, facts)
        if isinstance(outcome, Refusal):
            return outcome
        return Act(law, firing, outcome, now, case, case.id, saw=saw)

    def _apply(self, act: Act, waiting: deque[tuple[str, str]]) -> Case | Refusal:
        """Open what an act opens, make the entries of all of it, and note what the engine may do next."""
        acts = [act]
        for grown in acts:
            for opening in grown.step.opens:
                opened = self._open(grown, opening)
                if isinstance(opened, Refusal):
                    return opened
                grown.opened.append(opened)
                acts.append(opened)
                if len(acts) > CASES_MAX:
                    message = f"`{act.firing.trigger}` opens more than {CASES_MAX} cases"
                    return Refusal(act.firing.trigger, (Reason("data", message, {}),))
        leaves: dict[str, str] = {}
        for grown in reversed(acts):
            # Children first: the entry that opens them carries the hash of their first entries.
            leaves[grown.case_id] = self._enter(grown, leaves)
        for grown in acts:
            self._note_follow_ups(grown, waiting)
        return self._view.case(act.case_id)

    def _open(self, act: Act, opening: Opening) -> Act | Refusal:
        """Decide the opening of one child case."""
        try:
            law = self._registry.latest(self._transaction, opening.workflow)
        except UnknownWorkflowError as error:
            reason = Reason("unknown", f"cannot open {opening.link}: {error}", {"workflow": opening.workflow})
            return Refusal(act.firing.trigger, (reason,))
        asked = law.start.declared.documents
        firing = Firing(
            trigger=law.start.trigger,
            actor=opening.actor,
            data=opening.data,
            documents=tuple(document for document in act.firing.documents if document.name in asked),
            reason=act.firing.reason,
            occurred=act.firing.occurred,
        )
        now = self._registry.not_before(law, act.now)
        outcome = start(law, firing, now, Facts(parent=act.case_id))
        if isinstance(outcome, Refusal):
            reasons = tuple(
                Reason(reason.code, f"cannot open {opening.link}: {reason.message}", reason.detail)
                for reason in outcome.reasons
            )
            return Refusal(act.firing.trigger, reasons)
        parent = (act.case_id, act.seq)
        return Act(law, firing, outcome, now, None, self._ids.new(now), parent, opening.link)

    def _enter(self, act: Act, leaves: Mapping[str, str]) -> str:
        """Make the entry of an act, and the case after it."""
        clear_data, clear_sets, openings, commitments = _divide(act)
        case, law, firing, done = act.before, act.law, act.firing, act.step
        entry = Entry(
            log=self._registry.log(self._transaction),
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
            prev=None if case is None else case.head,
        )
        text, leaf = encode(entry)
        after = advance(case, entry, leaf)
        self._view.put(after, openings, born=case is None)
        self._written.append(Written(after, None if case is None else case.seq, text, leaf, openings))
        return leaf

    def _note_follow_ups(self, act: Act, waiting: deque[tuple[str, str]]) -> None:
        """Note what the engine may do by itself after an act, on the case and on the one that waits for it."""
        if act.step.kind == "erasure":
            return
        case = self._view.case(act.case_id)
        waiting.extend((case.id, trigger) for trigger in act.law.automatic.get(case.state, ()))
        if case.parent is None or act.step.kind == "signature":
            return
        parent = self._view.case(case.parent)
        law = self._registry.by_digest(self._transaction, parent.definition)
        if law.automatic:
            # The parent is locked before its state is trusted: it may be entering the awaiting state right now.
            parent = self._view.case(case.parent, lock=True)
            waiting.extend((parent.id, trigger) for trigger in law.automatic.get(parent.state, ()))

    def _record_refusal(self, case: Case, firing: Firing, refusal: Refusal) -> None:
        law = self._registry.by_digest(self._transaction, case.definition)
        at = max(self._now, case.updated_at + TICK)
        self._record_loose(_refused(law, firing, refusal, case.id, case.seq, case.state, at))

    def _record_refused_start(self, law: CompiledWorkflow, firing: Firing, refusal: Refusal, now: datetime) -> None:
        chain = chain_of(law.name)
        head = self._transaction.head(chain)
        if head is None:
            raise RecordError(f"the publication of `{law.name}` is not in the record")
        self._record_loose(_refused(law, firing, refusal, chain, head[0], None, now))

    def _record_loose(self, entry: Entry) -> None:
        logged = replace(entry, log=self._registry.log(self._transaction))
        self._transaction.record_loose(entry.case, *encode(logged))


def _divide(
    act: Act,
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
            salt = new_salt()
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


def _refused(
    law: CompiledWorkflow, firing: Firing, refusal: Refusal, chain: str, seq: int, state: str | None, at: datetime
) -> Entry:
    """Write a refusal as an entry: a leaf of the log, no link of the chain."""
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
