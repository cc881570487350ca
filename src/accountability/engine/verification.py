"""Checking everything: the rows against each other, and every act against its law.

The verifier proper is `audit.verify`; it knows rows and hashes alone. Here the store's rows are handed to it, and what
only the law can answer is added: whether each recorded act is what the pinned definition gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from accountability.audit.entry import Entry, decode
from accountability.audit.verdict import Check, Tally, Verdict
from accountability.audit.verify import CaseRow, DefinitionRow, EntryRow, OpeningRow
from accountability.audit.verify import verify as verify_rows
from accountability.engine.reading import Past
from accountability.engine.registry import Registry
from accountability.machine.case import Case, advance
from accountability.replay import retrace
from accountability.store.columns import case_columns
from accountability.store.transaction import Transaction

SEPARATE = ("id", "seq", "head")
"""Columns of a case that the verifier compares by name."""


def verify(transaction: Transaction, registry: Registry, progress: Callable[[int], None] | None) -> Verdict:
    """Check the whole record in one transaction; see `Engine.verify`."""
    rows = verify_rows(
        entries=(_entry_row(row) for row in transaction.entry_rows()),
        cases=(_case_row(row) for row in transaction.case_rows()),
        definitions=(DefinitionRow(**row) for row in transaction.definition_rows()),
        openings=(OpeningRow(**row) for row in transaction.opening_rows()),
        pending=transaction.pending_ids(),
        fold=_columns,
        progress=progress,
    )
    law = _law(transaction, registry)
    return Verdict(rows.ok and law.verdict in ("ok", "erased"), rows.entries, (*rows.checks, law))


def _entry_row(row: Mapping[str, Any]) -> EntryRow:
    return EntryRow(row["id"], row["case_id"], row["seq"], row["bytes"], row["leaf"])


def _case_row(row: Mapping[str, Any]) -> CaseRow:
    rest = {name: value for name, value in row.items() if name not in SEPARATE}
    return CaseRow(row["id"], row["seq"], row["head"], rest)


def _columns(entries: Iterable[Entry]) -> Mapping[str, Any]:
    """Compute from its entries what a case's row must hold."""
    case: Case | None = None
    for entry in entries:
        case = advance(case, entry)
    if case is None:
        return {}
    return {name: value for name, value in case_columns(case).items() if name not in SEPARATE}


def _law(transaction: Transaction, registry: Registry) -> Check:
    """Ask the law of each case again about every entry."""
    tally = Tally("law")
    for case_id, rows in groupby(transaction.entry_rows(), key=lambda row: row["case_id"]):
        links = [row for row in rows if row["seq"] is not None]
        if not str(case_id).startswith("workflow:") and links:
            _judge(transaction, registry, str(case_id), links, tally)
    return tally.check()


def _judge(
    transaction: Transaction, registry: Registry, case_id: str, rows: Sequence[Mapping[str, Any]], tally: Tally
) -> None:
    try:
        entries = [decode(row["bytes"], row["leaf"]) for row in rows]
        law = registry.by_digest(transaction, entries[0].definition)
        past = Past(transaction, case_id)
        for one in retrace(law, entries, past.values, past.facts):
            tally.count += 1
            for difference in one.differences:
                tally.add("erased" if one.erased else "violated", case_id, one.entry.seq, difference)
    except Exception as error:  # noqa: BLE001 -- see below
        # Forged rows may hold anything; whatever they make the law stumble over is a finding of this case.
        tally.add("unverifiable", case_id, None, f"cannot be replayed: {type(error).__name__}: {error}")
