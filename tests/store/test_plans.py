"""No statement of a firing, a worker or a reader of one case becomes slower because there is more in the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountability.store.database import Database
from tests.store.crowd import copied_id, crowd, take_stock
from tests.store.given import a_case, moved, record
from tests.store.plans import plans

CASE = "014b6d91-1680-74b3-a89f-c9bd193c1e88"
CASES = 3000

OF_CASES = {"postgresql": "pk_acc_case", "sqlite": "sqlite_autoindex_acc_case_1"}
OF_ENTRIES = {"postgresql": "uq_acc_entry_case_id", "sqlite": "sqlite_autoindex_acc_entry_1"}
IN_ORDER = {"postgresql": "ix_acc_case_wake", "sqlite": "ix_acc_case_wake"}
OF_VALUES = {"postgresql": "pk_acc_value", "sqlite": "sqlite_autoindex_acc_value_1"}
OF_PARENTS = {"postgresql": "ix_acc_case_parent", "sqlite": "ix_acc_case_parent"}

USED = {
    "read a case": OF_CASES,
    "read and lock a case": OF_CASES,
    "read the children": OF_PARENTS,
    "move a case and write its entry": OF_CASES,
    "move a case with its deadlines": OF_CASES,
    "find cases by what they hold": OF_VALUES,
    "read an entry by its place": OF_ENTRIES,
    "read the last entry of a chain": OF_ENTRIES,
    "read a history": OF_ENTRIES,
    "read a history with refusals": OF_ENTRIES,
    "claim cases that are due": IN_ORDER,
    "set when to look again": OF_CASES,
}
"""The index by which each statement must find its rows; the others touch the large tables' ends, or nothing."""

FROM_THE_FRONT = ("look whether somebody waits", "give places")
"""They take the first rows of the queue and stop there, which both databases call a scan."""


@pytest.fixture
def case(database: Database) -> str:
    """Record a case with two entries, to be copied."""
    with database.transaction() as transaction:
        for field in ("source", "real_name"):
            transaction.keep_lookup("petition", field)
        opened = record(transaction, replace(a_case(CASE), deadlines=()))
        record(transaction, moved(opened))
    return opened.id


@pytest.mark.parametrize("stock", [False, True], ids=["counted never", "counted"])
def test_every_statement_finds_its_rows_by_an_index(database: Database, database_url: str, case: str, stock: bool):
    """In tables of thousands of rows none is read as a whole; on SQLite also where nobody has ever counted them."""
    crowd(database_url, case, CASES, whole=True)
    if stock or database.dialect == "postgresql":
        take_stock(database_url)

    explained = plans(database_url, copied_id(case, CASES // 2))

    scanned = {what: plan.scanned for what, plan in explained.items() if plan.scanned and what not in FROM_THE_FRONT}
    assert not scanned, "\n".join(explained[what].text for what in scanned)
    missed = {what for what, names in USED.items() if names[database.dialect] not in explained[what].indexes}
    assert not missed, "\n".join(explained[what].text for what in missed)


def test_children_are_found_where_hardly_any_case_has_a_parent(database: Database, database_url: str, case: str):
    """Thousands of cases without a parent do not lead either database to look through them for children."""
    crowd(database_url, case, CASES)
    take_stock(database_url)

    plan = plans(database_url, case)["read the children"]

    assert not plan.scanned, plan.text
    assert plan.indexes == {"ix_acc_case_parent"}
