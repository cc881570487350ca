"""Checking everything: the rows against each other, and every act against its law.

The verifier proper is `audit.verify`; it knows rows and hashes alone. Here the store's rows are handed to it, and what
only the law can answer is added in the same pass: whether each recorded act is what the pinned definition gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from accountability.audit.chain import PUBLISHED
from accountability.audit.entry import Entry
from accountability.audit.rows import CaseRow, DefinitionRow, EntryRow, LeafRow, NotLater, OpeningRow
from accountability.audit.verdict import Tally, Verdict
from accountability.audit.verify import verify as verify_rows
from accountability.canonical import canonical
from accountability.engine.reading import Chains, Past
from accountability.engine.registry import Registry
from accountability.errors import RecordError
from accountability.machine.case import Case
from accountability.machine.compiler import CompiledWorkflow
from accountability.replay import Retraced, fold, retrace
from accountability.store.columns import case_columns
from accountability.store.lookup import kept
from accountability.store.transaction import Transaction

SEPARATE = ("id", "seq", "head")
"""Columns of a case that the verifier compares by name."""


def verify(transaction: Transaction, registry: Registry, progress: Callable[[int], None] | None) -> Verdict:
    """Check the whole record in one transaction; see `Engine.verify`."""
    lawfulness = Lawfulness(transaction, registry)
    with transaction.any_text():
        rows = verify_rows(
            entries=(_entry_row(row) for row in transaction.entry_rows()),
            cases=(_case_row(row) for row in transaction.case_rows()),
            definitions=(DefinitionRow(**row) for row in transaction.definition_rows()),
            openings=(OpeningRow(**row) for row in transaction.opening_rows()),
            pending=transaction.pending_ids(),
            leaves=(LeafRow(**row) for row in transaction.leaf_rows()),
            log=transaction.log(),
            fold=lawfulness.columns,
            progress=progress,
        )
        lawfulness.found.judge(transaction.values())
    more = (lawfulness.tally.check(), lawfulness.found.tally.check())
    ok = rows.ok and all(check.verdict in ("ok", "erased") for check in more)
    return Verdict(ok, rows.entries, (*rows.checks, *more))


class Lawfulness:
    """Fold the entries of one case after the other, asking the law of each about every act on the way."""

    def __init__(self, transaction: Transaction, registry: Registry) -> None:
        """Begin with nothing asked."""
        self.tally = Tally("law")
        self.found = Found(transaction, registry)
        self._transaction = transaction
        self._registry = registry
        self._chains = Chains(transaction)

    def columns(self, entries: Iterable[Entry]) -> Mapping[str, Any]:
        """Compute from its entries what a case's row must hold."""
        chain = list(entries)
        self._judge(chain)
        case = fold(chain)
        if case is None:
            raise RecordError("there are no entries")
        self.found.note(case)
        columns = {name: value for name, value in case_columns(case).items() if name not in SEPARATE}
        return columns if columns["wake"] is None else {**columns, "wake": NotLater(columns["wake"])}

    def _judge(self, chain: list[Entry]) -> None:
        try:
            for one in self._retraced(chain):
                self.tally.count += 1
                for difference in one.differences:
                    self.tally.violated(one.case.id, one.entry.seq, difference)
                for difference in one.undecided:
                    self.tally.add("erased", one.case.id, one.entry.seq, difference)
        except Exception as error:  # noqa: BLE001 -- forged entries may hold anything; what the law stumbles over is a finding
            message = f"cannot be replayed: {type(error).__name__}: {error}"
            self.tally.add("unverifiable", chain[0].case if chain else "", None, message)

    def _retraced(self, chain: list[Entry]) -> Iterator[Retraced]:
        if not chain:
            return
        law = self._registry.by_digest(self._transaction, chain[0].definition)
        past = Past(self._transaction, self._registry, chain[0].case, self._chains)
        yield from retrace(law, chain, past.values, past.facts)


def _readable(registry: Registry, transaction: Transaction, digest: str) -> CompiledWorkflow | None:
    """Give a published law; None where it cannot be read, as the check of definitions says."""
    try:
        return registry.by_digest(transaction, digest)
    except Exception:  # noqa: BLE001 -- a forged definition may hold anything
        return None


class Found:
    """Check that every case is found by what it holds: who hides one from those who look, hides it from the law."""

    def __init__(self, transaction: Transaction, registry: Registry) -> None:
        """Find out which fields the published laws look for."""
        self.tally = Tally("lookups")
        self._expected: set[tuple[Any, ...]] = set()
        self._fields: dict[str, set[str]] = {}
        known = set(transaction.lookups())
        for digest in transaction.digests():
            law = _readable(registry, transaction, digest)
            if law is None:
                continue
            for read in law.reads.values():
                for field in sorted(read.fields):
                    self._fields.setdefault(read.workflow, set()).add(field)
                    if (read.workflow, field) not in known:
                        message = (
                            f"`{law.name}` looks for cases of `{read.workflow}` by `{field}`, and none can be found"
                        )
                        self.tally.violated(f"{PUBLISHED}{law.name}", None, message)

    def note(self, case: Case) -> None:
        """Take a case as its entries give it."""
        for field in self._fields.get(case.workflow, ()):
            if field in case.data:
                self._expected.add((case.workflow, field, kept(canonical(case.data[field]).decode()), case.id))

    def judge(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Compare with what is kept."""
        for row in map(tuple, rows):
            self.tally.count += 1
            if row in self._expected:
                self._expected.remove(row)
            else:
                workflow, field, value, case = row
                self.tally.violated(
                    str(case), None, f"it is found as {workflow} by `{field}` {value}, which it has not"
                )
        for workflow, field, value, case in sorted(self._expected):
            self.tally.violated(case, None, f"it is not found as {workflow} by `{field}`, though it holds {value}")


def _entry_row(row: Mapping[str, Any]) -> EntryRow:
    return EntryRow(row["id"], row["case_id"], row["seq"], row["bytes"], row["leaf"])


def _case_row(row: Mapping[str, Any]) -> CaseRow:
    rest = {name: value for name, value in row.items() if name not in SEPARATE}
    return CaseRow(row["id"], row["seq"], row["head"], rest)
