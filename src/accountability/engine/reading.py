"""Reading back: one case as it stands or stood, as its viewer may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from accountability.audit.entry import Actor, Entry, decode
from accountability.calendars.calendar import Calendar
from accountability.engine.registry import Registry
from accountability.errors import InputError, RecordError, UnknownCaseError
from accountability.machine.case import Case, Child, Facts, Memory, child_of
from accountability.machine.compiler import CompiledWorkflow
from accountability.replay import fold, retrace
from accountability.store.transaction import Transaction

CHAINS_KEPT = 1000
"""How many chains of cases that others looked at are kept while the past is retraced."""


def read_case(transaction: Transaction, case_id: str, *, lock: bool = False) -> Case:
    """Return a stored case without its withheld fields.

    Raises:
        UnknownCaseError: No case has this id.
    """
    case = transaction.case(case_id, lock=lock)
    if case is None:
        raise UnknownCaseError(f"no case {case_id!r}", cure="run `accountability list` to see the cases there are")
    return case


def presented(
    case: Case,
    kept: Mapping[str, Any],
    law: CompiledWorkflow | None = None,
    viewer: Actor | None = None,
    children: tuple[Child, ...] = (),
) -> Case:
    """Return a case with the withheld fields that a viewer may read; with all of them where no law restricts it."""
    if kept:
        names = kept.keys() if law is None else law.readable(viewer.roles if viewer else frozenset())
        shown = {name: kept[name] for name in names & kept.keys()}
        case = replace(case, data={**case.data, **shown})
    return replace(case, children=children) if children else case


def all_entries(transaction: Transaction) -> Iterator[Entry]:
    """List every entry, refusals too, in the order of writing."""
    return (decode(stored.text, stored.leaf) for stored in transaction.entries())


def chain(transaction: Transaction, case_id: str) -> list[Entry]:
    """List the entries of one case's chain."""
    return [decode(stored.text, stored.leaf) for stored in transaction.entries(case_id, refusals=False)]


def case_then(
    transaction: Transaction,
    registry: Registry,
    case_id: str,
    *,
    at: datetime | None = None,
    seq: int | None = None,
    by: Actor | None = None,
) -> Case:
    """Recompute a case from its record up to a moment or an entry; see `Engine.replay`."""
    if at is not None and seq is not None:
        raise InputError("both a time and a seq are given", cure="give one of them")
    stored = read_case(transaction, case_id)
    entries = [
        entry
        for entry in chain(transaction, case_id)
        if (at is None or entry.at <= at) and (seq is None or entry.seq <= seq)
    ]
    if not entries or (seq is not None and entries[-1].seq != seq):
        last = f"entries 1 to {stored.seq}" if seq is not None else f"opened at {stored.opened_at}"
        raise InputError(f"the case {case_id} was not there then", cure=f"it has {last}")
    law = registry.by_digest(transaction, entries[0].definition)
    past = Past(transaction, registry, case_id)
    retraced = list(retrace(law, entries, past.values, past.facts))
    differences = [f"entry {one.entry.seq}: {difference}" for one in retraced for difference in one.differences]
    case = retraced[-1].case
    if case.seq == stored.seq and case != stored:
        differences.append("the stored case is not what its entries say")
    if differences:
        raise RecordError(f"{case_id} cannot be replayed: {'; '.join(differences)}", differences=differences)
    then = case.updated_at if seq is not None else at
    children = past.children(entries, then)
    return presented(case, past.kept(case.seq) if by is not None else {}, law, by, children)


class Chains:
    """The chains of cases that others have looked at, those looked at last kept: many look at the same few."""

    def __init__(self, transaction: Transaction) -> None:
        """Begin with nothing read."""
        self._transaction = transaction
        self._read: dict[str, list[Entry]] = {}
        self._stood: dict[tuple[str, int], Case | None] = {}

    def of(self, case_id: str) -> list[Entry]:
        """List the entries of a case's chain."""
        if case_id not in self._read:
            if len(self._read) >= CHAINS_KEPT:
                self._read.clear()
                self._stood.clear()
            self._read[case_id] = chain(self._transaction, case_id)
        return self._read[case_id]

    def stood(self, case_id: str, seq: int) -> Case | None:
        """Give a case as it was after an entry, without withheld fields."""
        entries = self.of(case_id)
        if (case_id, seq) not in self._stood:
            self._stood[case_id, seq] = fold(entries[:seq])
        return self._stood[case_id, seq]


class Past:
    """What a case's entries need besides themselves: withheld values, what other cases said at the time, calendars."""

    def __init__(
        self, transaction: Transaction, registry: Registry, case_id: str, chains: Chains | None = None
    ) -> None:
        """Read the withheld values of the case that are still kept; `chains` serves several cases."""
        self._transaction = transaction
        self._registry = registry
        self._values: dict[int, dict[str, Any]] = {}
        self._chains = chains or Chains(transaction)
        for opening in transaction.openings(case_id):
            self._values.setdefault(opening.seq, {})[opening.field] = opening.value

    def values(self, entry: Entry) -> Mapping[str, Any]:
        """Return the withheld values of one entry that are still kept."""
        return self._values.get(entry.seq, {})

    def kept(self, seq: int) -> dict[str, Any]:
        """Return the withheld values as they stood after an entry."""
        return {
            name: value for place in sorted(self._values) if place <= seq for name, value in self._values[place].items()
        }

    def facts(self, entry: Entry, parent: str | None) -> Facts:
        """Rebuild what the entry says it saw of other cases; `parent` is the case that opened its own."""
        stood = {case_id: case for case_id, seq in entry.saw.items() if (case := self._chains.stood(case_id, seq))}
        seen = {case_id: self._read(case) for case_id, case in stood.items()}
        memory = seen[parent].memory if parent in seen else Memory()
        # Rules see children oldest first, as the store gives them; what the entry saw is in the order of its text.
        children = sorted(
            (case for case in seen.values() if case.parent == entry.case), key=lambda child: (child.opened_at, child.id)
        )
        return Facts(tuple(map(child_of, children)), parent, memory, self._calendar(entry), seen=tuple(seen.values()))

    def _read(self, case: Case) -> Case:
        """Give a case with its data as its own law reads them."""
        law = self._registry.by_digest(self._transaction, case.definition)
        return replace(case, data=law.read_by_law(case.data)) if law.written else case

    def _calendar(self, entry: Entry) -> Calendar | None:
        """Return the edition of the calendar by which the entry's deadlines were worked out.

        Where it worked out none, although the law may ask for it, any edition shows that.
        """
        digests = (change["derivation"].get("digest") for change in entry.deadlines if "derivation" in change)
        digest = next(digests, None)
        if digest is not None:
            return self._registry.calendar_by_digest(self._transaction, str(digest))
        law = self._registry.by_digest(self._transaction, entry.definition)
        return self._registry.calendar(self._transaction, law) if entry.trigger in law.working_out else None

    def children(self, entries: Iterable[Entry], at: datetime | None) -> tuple[Child, ...]:
        """List the cases that some entries opened, oldest first, as they were at a moment; now where None."""
        opened = (self._as_of(child["case"], at) for entry in entries for child in entry.children)
        known = sorted((case for case in opened if case), key=lambda child: (child.opened_at, child.id))
        return tuple(map(child_of, known))

    def _as_of(self, case_id: str, at: datetime | None) -> Case | None:
        return fold(link for link in self._chains.of(case_id) if at is None or link.at <= at)
