"""Cases and entries as the store's tests need them: plausible, small, and the same on every run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from accountability.audit.entry import leaf_hash
from accountability.machine.case import Case, Memory
from accountability.store.stored import StoredDefinition
from accountability.store.transaction import Transaction

NOW = datetime(2015, 2, 9, 1, 0, 0, 250, tzinfo=UTC)


def a_case(case_id: str = "case-1", **changes: Any) -> Case:
    """Give a case that was just opened."""
    case = Case(
        id=case_id,
        workflow="petition",
        version=1,
        definition="d" * 64,
        state="received",
        seq=1,
        head=leaf(case_id, 1),
        closed=False,
        data={"source": "信访", "real_name": True, "amount": "12.50"},
        memory=Memory(visited=frozenset({"received"}), times={"start": 1}, people={"start": ("zhang",)}),
        opened_at=NOW,
        updated_at=NOW,
    )
    return replace(case, **changes)


def moved(case: Case, state: str = "registered", **changes: Any) -> Case:
    """Give the case after one more entry."""
    later = case.updated_at + timedelta(hours=1)
    changed = replace(case, state=state, seq=case.seq + 1, head=leaf(case.id, case.seq + 1), updated_at=later)
    return replace(changed, **changes)


def text(case_id: str, seq: int) -> str:
    """Give the text of an entry."""
    return f'{{"case":"{case_id}","seq":{seq}}}'


def leaf(case_id: str, seq: int) -> str:
    """Give the leaf of an entry."""
    return leaf_hash(text(case_id, seq).encode())


def record(transaction: Transaction, case: Case, **more: Any) -> Case:
    """Write the case and its latest entry."""
    before = case.seq - 1 or None
    transaction.record(case, text(case.id, case.seq), leaf(case.id, case.seq), **{"before": before, **more})
    return case


def a_definition(workflow: str = "petition", version: int = 1) -> StoredDefinition:
    """Give a published version."""
    return StoredDefinition(f"{workflow}-{version}".ljust(64, "0"), workflow, version, '{"版":1}', NOW)
