"""The cases as one call sees them: as they are stored, then as its own acts leave them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from accountability.engine.reading import Past, chain, presented
from accountability.engine.registry import Registry
from accountability.errors import UnknownCaseError
from accountability.machine.case import Actor, Case, Child, Facts, Firing, Looked, Superseded, child_of
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.lookup import LOOKED_MAX, Lookup, looked, wanted
from accountability.replay import superseded
from accountability.store.stored import StoredOpening
from accountability.store.transaction import Transaction

Other = TypeVar("Other", Case, Child)


class View:
    """Read cases within one transaction, and remember what the call has decided about them."""

    def __init__(self, transaction: Transaction, registry: Registry) -> None:
        """Begin with what is stored."""
        self._transaction = transaction
        self._registry = registry
        self._cases: dict[str, Case] = {}
        self._looked_at: dict[str, Case] = {}
        self._born: dict[str, list[Case]] = {}
        self._withheld: dict[str, dict[str, Any]] = {}

    def put(self, case: Case, openings: Iterable[StoredOpening] = (), *, born: bool = False) -> None:
        """Remember a case as the call leaves it: locked, moved, or newly opened (`born`)."""
        if born and case.parent is not None:
            self._born.setdefault(case.parent, []).append(case)
        self._cases[case.id] = case
        for opening in openings:
            self._withheld.setdefault(case.id, {})[opening.field] = opening.value

    def case(self, case_id: str, *, lock: bool = False) -> Case:
        """Return a case as the call leaves it so far.

        Args:
            case_id: Which case; it is known to exist.
            lock: Whether nobody else may move it until the transaction ends.

        Raises:
            UnknownCaseError: The case is missing from the database.
        """
        case = self._cases.get(case_id) or (None if lock else self._looked_at.get(case_id))
        if case is None:
            case = self._transaction.case(case_id, lock=lock)
            if case is None:
                raise UnknownCaseError(f"no case {case_id}", cure="run `accountability verify`: a parent is missing")
            (self._cases if lock else self._looked_at)[case_id] = case
        return case

    def withheld(self, law: CompiledWorkflow, case_id: str) -> dict[str, Any]:
        """Return the values of a case's withheld fields."""
        if not law.withheld:
            return {}
        if case_id not in self._withheld:
            self._withheld[case_id] = dict(self._transaction.withheld(case_id))
        return self._withheld[case_id]

    def shown(self, case: Case, viewer: Actor) -> Case:
        """Give a case as a viewer may see it, with its children."""
        law = self._registry.by_digest(self._transaction, case.definition)
        children = self.children(case.id) if law.opens else ()
        return presented(case, self.withheld(law, case.id), law, viewer, children)

    def facts_of_start(
        self, law: CompiledWorkflow, firing: Firing, now: datetime, parent: str | None = None
    ) -> tuple[Facts, dict[str, int]]:
        """Gather what the opening of a case may need: the calendar, where it arms deadlines, and cases it looks at.

        Args:
            law: The law of the case.
            firing: The attempt.
            now: The moment of the attempt, UTC.
            parent: The case that opens it, if one does.
        """
        needed = law.start.trigger in law.working_out
        calendar = self._registry.calendar(self._transaction, law) if needed else None
        found, saw = self._looked(wanted(law, None, firing, now, parent), None, hold=True)
        return Facts(parent=parent, calendar=calendar, looked=found), saw

    def facts_of_options(self, law: CompiledWorkflow, case: Case, actor: Actor, now: datetime) -> Facts:
        """Gather what all rules that hold in a case's state may ask of other cases, when somebody may do any of them.

        Args:
            law: The law of the case.
            case: The case, withheld fields included.
            actor: Who asks.
            now: The moment, UTC.
        """
        facts, _ = self.facts(law, case, None)
        firings = (Firing(trigger=trigger, actor=actor) for trigger in law.rules if law.reads)
        lookups = {one.name: one for firing in firings for one in wanted(law, case, firing, now)}
        return replace(facts, looked=self._looked(lookups.values(), case.id)[0])

    def facts_of_act(
        self, law: CompiledWorkflow, case: Case, firing: Firing, now: datetime
    ) -> tuple[Facts, dict[str, int]]:
        """Gather what an act may ask of other cases, and note at which seq each was.

        Args:
            law: The law of the case.
            case: The case, withheld fields included.
            firing: The attempt.
            now: The moment of the attempt, UTC.
        """
        facts, saw = self.facts(law, case, firing.trigger)
        lookups = wanted(law, case, firing, now)
        if not lookups:
            return facts, saw
        found, also = self._looked(lookups, case.id, hold=True)
        return replace(facts, looked=found), {**saw, **also}

    def looked_at(self, law: CompiledWorkflow, case: Case | None, firing: Firing, now: datetime) -> tuple[Case, ...]:
        """List the cases that an act will look at, and hold what it looks for."""
        if not law.reads:
            return ()
        if case is not None and (withheld := self.withheld(law, case.id)):
            case = replace(case, data={**case.data, **withheld})
        found, _ = self._looked(wanted(law, case, firing, now), None if case is None else case.id, hold=True)
        return tuple({one.id: one for looked in found.values() for one in looked.cases}.values())

    def _looked(
        self, lookups: Collection[Lookup], own: str | None, *, hold: bool = False
    ) -> tuple[dict[str, Looked], dict[str, int]]:
        """Find the cases that somebody looks at, whether they are written already or not.

        Args:
            lookups: What to look for.
            own: The case of whoever looks, which never finds itself.
            hold: Whether nobody may add to what is found until the transaction ends.
        """
        if not lookups:
            return {}, {}
        for lookup in lookups if hold else ():
            self._transaction.hold(lookup.workflow, lookup.where)
        known: dict[str, Case] = {}
        for lookup in lookups:
            known |= {case.id: case for case in self._transaction.found(lookup.workflow, lookup.where, LOOKED_MAX + 2)}
        found = looked(lookups, (known | self._cases).values(), own)
        saw = {case.id: case.seq for one in found.values() for case in one.cases}
        return {name: replace(one, cases=tuple(map(self._read, one.cases))) for name, one in found.items()}, saw

    def _read(self, other: Other) -> Other:
        """Give a case, or a child, with its data as its own law reads them."""
        law = self._registry.by_digest(self._transaction, other.definition)
        return replace(other, data=law.read_by_law(other.data)) if law.written else other

    def facts(self, law: CompiledWorkflow, case: Case, trigger: str | None) -> tuple[Facts, dict[str, int]]:
        """Gather what the rules of a trigger may ask of parent and children, and note at which seq each was.

        Args:
            law: The law of the case.
            case: The case.
            trigger: What is tried; None gathers for all triggers of the case's state.
        """
        looking = law.links_at if trigger is None else law.links_at.keys() & {trigger}
        links = {link for name in looking for link in law.links_at[name].get(case.state, ())}
        children = self.children(case.id) if links else ()
        children = tuple(self._read(child) for child in children if child.link in links)
        saw = {child.id: child.seq for child in children}
        needed = bool(law.working_out) if trigger is None else trigger in law.working_out
        calendar = self._registry.calendar(self._transaction, law) if needed else None
        if case.parent is None:
            return Facts(children, calendar=calendar), saw
        parent = self.case(case.parent)
        return Facts(children, parent.id, parent.memory, calendar), {**saw, parent.id: parent.seq}

    def superseded(self, case: Case, seq: object) -> Superseded | None:
        """Find the act that a correction of an entry mends."""
        past = Past(self._transaction, self._registry, case.id)
        law = self._registry.by_digest(self._transaction, case.definition)
        wrong = superseded(law, chain(self._transaction, case.id), seq, past.values, past.facts)
        if wrong is None:
            return None
        # What others look at rests on the act like a later one.
        others = dict.fromkeys(self._transaction.looked_for(case.workflow), "what another procedure decides")
        return replace(wrong, relied={**others, **wrong.relied})

    def children(self, case_id: str) -> tuple[Child, ...]:
        """List the children of a case, oldest first, whether they are written already or not."""
        known = {child.id: child for child in self._transaction.children(case_id)}
        for born in sorted(self._born.get(case_id, ()), key=lambda child: (child.opened_at, child.id)):
            known.setdefault(born.id, child_of(born))
        return tuple(child_of(self._cases[id_]) if id_ in self._cases else child for id_, child in known.items())
