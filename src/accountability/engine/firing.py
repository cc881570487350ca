"""The deed: everything one call causes, decided in memory first, then written in one transaction.

A deed is more than one act when a rule opens child cases, when time has done something to the case that is not recorded
yet, or when what happened lets the engine go on by itself. All of it is decided before the first row is written, so a
refusal anywhere leaves nothing behind but its own record, and what time did before it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from accountability.audit.entry import Actor, Entry, encode
from accountability.engine.act import ENGINE, TICK, Act, Met, Written, entry_of, refused
from accountability.engine.identifiers import CaseIds, Draw
from accountability.engine.registry import Registry, chain_of
from accountability.engine.view import View
from accountability.errors import Reason, RecordError, UnknownWorkflowError
from accountability.machine.case import Case, Firing, Opening, Refusal, Step, advance, earliest
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.deadlines import passed
from accountability.machine.erasure import erasure
from accountability.machine.step import start, step
from accountability.store.stored import StoredKey
from accountability.store.transaction import Transaction

FOLLOW_UPS_MAX = 100
"""How many acts of its own the engine adds to one case in one call."""

CASES_MAX = 10_000
"""How many cases one call may open, children of children included."""

Waiting = deque[tuple[str, str]]
"""Case and trigger that the engine may fire by itself."""


class Deed:
    """Decide and write one call."""

    def __init__(
        self,
        transaction: Transaction,
        registry: Registry,
        now: datetime,
        draw: Draw,
        key: tuple[str, str] | None = None,
    ) -> None:
        """Begin with nothing decided.

        Args:
            transaction: Where it is written.
            registry: Hands out law.
            now: The moment of the call, UTC.
            draw: Draws new ids and salts.
            key: The caller's key and the digest of what was asked for, if there is one.
        """
        self._transaction = transaction
        self._registry = registry
        self._now = now
        self._key = key
        self.view = View(transaction, registry)
        self._written: list[Written] = []
        self._loose: list[Entry] = []
        self._log_id: str | None = None
        self._draw = draw
        self._ids = CaseIds(draw)

    def start(self, workflow: str, firing: Firing) -> Case | Refusal:
        """Open a case of its own; its id is new. A refusal is recorded in the workflow's chain.

        Raises:
            UnknownWorkflowError: No version of the workflow is published.
        """
        law = self._registry.latest(self._transaction, workflow)
        firing = replace(firing, trigger=law.start.trigger)
        now = self._registry.not_before(law, self._now)
        self._catch_up_with_others(law, None, firing, now)
        facts, saw = self.view.facts_of_start(law, firing, now)
        outcome = start(law, firing, now, facts)
        if not isinstance(outcome, Refusal):
            act = Act(law, firing, outcome, now, None, self._ids.new(now), saw=saw)
            result = self._carry_out(act)
            if not isinstance(result, Refusal):
                return result
            outcome = result
        self._record_refused_start(law, firing, outcome, now)
        return outcome

    def fire(self, case: Case, firing: Firing) -> Case | Refusal:
        """Apply an act to a case that will not move unnoticed. A refusal is recorded beside the case's chain."""
        case = self.catch_up(case)
        law = self._registry.by_digest(self._transaction, case.definition)
        if self._catch_up_with_others(law, case, firing, self._moment(case)):
            case = self.view.case(case.id, lock=True)
        return self._concluded(case, firing, self._decide(case, firing))

    def erase(self, case: Case, firing: Firing, fields: tuple[str, ...], approver: Actor) -> Case | Refusal:
        """Erase personal values of a locked case, with the warrant in its chain."""
        case = self.catch_up(case)
        law = self._registry.by_digest(self._transaction, case.definition)
        facts, saw = self.view.facts(law, case, firing.trigger)
        outcome = erasure(law, case, firing, fields, approver, facts)
        if isinstance(outcome, Refusal):
            return self._concluded(case, firing, outcome)
        now = self._moment(case)
        result = self._concluded(case, firing, Act(law, firing, outcome, now, case, case.id, saw=saw))
        if not isinstance(result, Refusal):
            self._transaction.erase_openings(case.id, fields)
            self._transaction.forget_keys(case.id)
        return result

    def catch_up(self, case: Case) -> Case:
        """Record what time alone has done to a case by now, and what follows from it.

        Returns:
            The case after it; nothing was written where nothing was due.
        """
        self.view.put(case)
        if not self._is_due(case):
            return case
        waiting: Waiting = deque()
        self._let_pass(case.id, waiting)
        self._write()
        if isinstance(refusal := self._follow(waiting), Refusal):
            # What time did stands; what the engine would add to it does not come to rest, and is recorded as refused.
            self._written, self._loose, self.view = [], [], View(self._transaction, self._registry)
            case = self.view.case(case.id, lock=True)
            self._record_refusal(case, Firing(trigger=refusal.trigger, actor=ENGINE), refusal)
            return case
        self._write()
        return self.view.case(case.id)

    def _catch_up_with_others(self, law: CompiledWorkflow, case: Case | None, firing: Firing, now: datetime) -> bool:
        """Record what time has done to the cases that an act will look at, and say whether there was anything.

        What a rule opens, and what the engine does by itself then, sees other cases as they were left.
        """
        due = [other.id for other in self.view.looked_at(law, case, firing, now) if self._is_due(other)]
        for other in sorted(due):
            self.catch_up(self.view.case(other, lock=True))
        return bool(due)

    def _concluded(self, case: Case, firing: Firing, act: Act | Refusal) -> Case | Refusal:
        """Carry out what was decided on a case, or record its refusal."""
        outcome = act if isinstance(act, Refusal) else self._carry_out(act)
        if isinstance(outcome, Refusal):
            self._record_refusal(case, firing, outcome)
        return outcome

    def _carry_out(self, act: Act) -> Case | Refusal:
        """Work out an act, the cases it opens and what the engine does by itself then; then write all of it."""
        waiting: Waiting = deque()
        outcome: Case | Refusal | None = self._apply(act, waiting)
        if not isinstance(outcome, Refusal):
            outcome = self._follow(waiting)
        if outcome is not None and isinstance(outcome, Refusal):
            return replace(outcome, trigger=act.firing.trigger)
        case = self.view.case(act.case_id)
        if self._key is not None:
            # The key comes first: when it is taken, nothing of the act has been written.
            self._transaction.remember_key(StoredKey(*self._key, case.id, case.seq))
        self._write()
        return case

    def _follow(self, waiting: Waiting) -> Refusal | None:
        """Do what the engine may do by itself, until nothing is left; refuse all of it where there is no end."""
        follow_ups: Counter[str] = Counter()
        while waiting:
            case_id, trigger = waiting.popleft()
            self._let_pass(case_id, waiting)
            act = self._decide(self.view.case(case_id), Firing(trigger=trigger, actor=ENGINE), terse=True)
            if isinstance(act, Refusal):
                continue
            follow_ups[case_id] += 1
            if follow_ups[case_id] > FOLLOW_UPS_MAX or len(self._written) > CASES_MAX:
                message = f"the engine's own acts do not come to rest after {follow_ups.total()} (`{trigger}`)"
                return Refusal(trigger, (Reason("guard", message, {"trigger": trigger}),))
            outcome = self._apply(act, waiting)
            if isinstance(outcome, Refusal):
                return outcome
        return None

    def _is_due(self, case: Case) -> bool:
        return case.wake is not None and case.wake <= max(self._now, case.updated_at + TICK)

    def _let_pass(self, case_id: str, waiting: Waiting) -> None:
        """Apply what time alone has done to a case, and what the law lets the engine do when a deadline is over."""
        case = self.view.case(case_id)
        if not self._is_due(case):
            return
        law = self._registry.by_digest(self._transaction, case.definition)
        calendar = self._registry.calendar(self._transaction, law)
        while (done := passed(law, case, self._moment(case), calendar)) is not None:
            firing = Firing(trigger=done.trigger, actor=ENGINE)
            self._apply(Act(law, firing, done, self._moment(case), case, case.id), waiting)
            self._escalate(law, case_id, done, waiting)
            case = self.view.case(case_id)
        if case.wake is not None and self._is_due(case):
            # Somebody was asked to look, and there was nothing to be done.
            self.view.put(replace(case, wake=earliest(case.deadlines)))
            self._transaction.set_wake(self.view.case(case_id))

    def _escalate(self, law: CompiledWorkflow, case_id: str, done: Step, waiting: Waiting) -> None:
        """Fire what the law provides for when a deadline is over; where its rule does not allow it, record why."""
        change = done.deadlines[0]
        trigger = law.deadline(change["deadline"]).on_breach if change["event"] in ("breached", "lapsed") else None
        if trigger is None:
            return
        case, firing = self.view.case(case_id), Firing(trigger=trigger, actor=ENGINE)
        act = self._decide(case, firing)
        outcome = act if isinstance(act, Refusal) else self._apply(act, waiting)
        if isinstance(outcome, Refusal):
            self._loose.append(refused(law, firing, outcome, _met(case), self._moment(case)))

    def _moment(self, case: Case) -> datetime:
        """Give the time of the next entry of a case: now, and always after the entry before."""
        return max(self._now, case.updated_at + TICK)

    def _write(self) -> None:
        """Write everything that was decided so far."""
        for written in self._written:
            self._transaction.record(
                written.case,
                written.text,
                written.leaf,
                before=written.before,
                openings=written.openings,
                timed=written.timed,
            )
        for entry in self._loose:
            self._record_loose(entry)
        self._written, self._loose = [], []

    def _decide(self, case: Case, firing: Firing, *, terse: bool = False) -> Act | Refusal:
        """Ask the law about one act on a case; a `terse` answer says no, but not why."""
        law = self._registry.by_digest(self._transaction, case.definition)
        now = self._moment(case)
        withheld = self.view.withheld(law, case.id)
        seen = replace(case, data={**case.data, **withheld}) if withheld else case
        facts, saw = self.view.facts_of_act(law, seen, firing, now)
        if firing.trigger == "correct":
            firing = replace(firing, superseded=self.view.superseded(case, firing.data.get("seq")))
        outcome = step(law, seen, firing, now, facts, terse=terse)
        if isinstance(outcome, Refusal):
            return outcome
        return Act(law, firing, outcome, now, case, case.id, saw=saw)

    def _apply(self, act: Act, waiting: Waiting) -> Case | Refusal:
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
        return self.view.case(act.case_id)

    def _open(self, act: Act, opening: Opening) -> Act | Refusal:
        """Decide the opening of one child case."""
        try:
            law = self._registry.latest(self._transaction, opening.workflow)
        except UnknownWorkflowError as error:
            unknown = Reason("unknown", str(error), {"workflow": opening.workflow})
            return _cannot_open(opening, act.firing.trigger, Refusal(act.firing.trigger, (unknown,)))
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
        facts, saw = self.view.facts_of_start(law, firing, now, act.case_id)
        outcome = start(law, firing, now, facts)
        if isinstance(outcome, Refusal):
            return _cannot_open(opening, act.firing.trigger, outcome)
        parent = (act.case_id, act.seq)
        return Act(law, firing, outcome, now, None, self._ids.new(now), parent, opening.link, saw)

    def _enter(self, act: Act, leaves: Mapping[str, str]) -> str:
        """Make the entry of an act, and the case after it."""
        entry, openings = entry_of(act, self._log(), leaves, self._draw)
        text, leaf = encode(entry)
        before, after = act.before, advance(act.before, entry, leaf)
        self.view.put(after, openings, born=before is None)
        timed = before is None or before.deadlines is not after.deadlines or before.wake != after.wake
        self._written.append(Written(after, None if before is None else before.seq, text, leaf, openings, timed))
        return leaf

    def _note_follow_ups(self, act: Act, waiting: Waiting) -> None:
        """Note what the engine may do by itself after an act, on the case and on the one that waits for it."""
        if act.step.kind == "erasure":
            return
        case = self.view.case(act.case_id)
        waiting.extend((case.id, trigger) for trigger in act.law.automatic.get(case.state, ()))
        if case.parent is None or act.step.kind == "signature":
            return
        parent = self.view.case(case.parent)
        law = self._registry.by_digest(self._transaction, parent.definition)
        if law.automatic:
            # The parent is locked before its state is trusted: it may be entering the awaiting state right now.
            parent = self.view.case(case.parent, lock=True)
            waiting.extend((parent.id, trigger) for trigger in law.automatic.get(parent.state, ()))

    def _record_refusal(self, case: Case, firing: Firing, refusal: Refusal) -> None:
        law = self._registry.by_digest(self._transaction, case.definition)
        self._record_loose(refused(law, firing, refusal, _met(case), self._moment(case)))

    def _record_refused_start(self, law: CompiledWorkflow, firing: Firing, refusal: Refusal, now: datetime) -> None:
        chain = chain_of(law.name)
        head = self._transaction.head(chain)
        if head is None:
            raise RecordError(f"the publication of `{law.name}` is not in the record")
        self._record_loose(refused(law, firing, refusal, (chain, head[0], None), now))

    def _record_loose(self, entry: Entry) -> None:
        self._transaction.record_loose(entry.case, *encode(replace(entry, log=self._log())))

    def _log(self) -> str:
        """Return the id of the database's log, asked for once."""
        self._log_id = self._log_id or self._registry.log(self._transaction)
        return self._log_id


def _met(case: Case) -> Met:
    return case.id, case.seq, case.state


def _cannot_open(opening: Opening, trigger: str, refusal: Refusal) -> Refusal:
    """Refuse an act because a case that it opens is refused."""
    reasons = (
        Reason(reason.code, f"cannot open {opening.link}: {reason.message}", reason.detail)
        for reason in refusal.reasons
    )
    return Refusal(trigger, tuple(reasons))
