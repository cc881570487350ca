"""The attacks of someone who can write SQL: published definitions, recorded entries and their places stay."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from accountability.store.database import Database
from tests.store.given import a_case, a_definition, record, text

ENTRY = "(id, case_id, seq, bytes, leaf)"
DEFINITION = "(digest, workflow, version, content, registered_at)"
DIGEST = a_definition().digest
INTO_DEFINITION = f"INTO acc_definition {DEFINITION} VALUES"

EVERYWHERE = {
    "update": "UPDATE acc_entry SET bytes = 'forged'",
    "update of the id": "UPDATE acc_entry SET id = 99",
    "update to what it was": "UPDATE acc_entry SET bytes = bytes",
    "delete": "DELETE FROM acc_entry",
    "upsert by case and seq": f"INSERT INTO acc_entry {ENTRY} VALUES (99, 'case-1', 1, 'forged', 'x') "
    "ON CONFLICT (case_id, seq) DO UPDATE SET bytes = 'forged'",
    "upsert by id": f"INSERT INTO acc_entry {ENTRY} VALUES (1, 'other', 1, 'forged', 'x') "
    "ON CONFLICT (id) DO UPDATE SET bytes = 'forged'",
    "definition: update": "UPDATE acc_definition SET content = 'forged'",
    "definition: delete": "DELETE FROM acc_definition",
    "definition: upsert by digest": f"INSERT {INTO_DEFINITION} ('{DIGEST}', 'x', 7, 'forged', '') "
    "ON CONFLICT (digest) DO UPDATE SET content = 'forged'",
    "definition: upsert by version": f"INSERT {INTO_DEFINITION} ('x', 'petition', 1, 'forged', '')"
    " ON CONFLICT (workflow, version) DO UPDATE SET content = 'forged'",
    "place: update": "UPDATE acc_leaf SET position = 9 WHERE position = 1",
    "place: update of its entry": "UPDATE acc_leaf SET entry_id = 3 WHERE position = 1",
    "place: delete": "DELETE FROM acc_leaf",
    "place: upsert": "INSERT INTO acc_leaf (position, entry_id) VALUES (0, 3) "
    "ON CONFLICT (position) DO UPDATE SET entry_id = 3",
    "place: upsert by entry": "INSERT INTO acc_leaf (position, entry_id) VALUES (9, 1) "
    "ON CONFLICT (entry_id) DO UPDATE SET position = 9",
}
ON_SQLITE = {
    "replace by id": f"INSERT OR REPLACE INTO acc_entry {ENTRY} VALUES (1, 'other', 7, 'forged', 'x')",
    "replace by case and seq": f"INSERT OR REPLACE INTO acc_entry {ENTRY} VALUES (99, 'case-1', 1, 'forged', 'x')",
    "replace into": f"REPLACE INTO acc_entry {ENTRY} VALUES (1, 'case-1', 1, 'forged', 'x')",
    "update or replace": "UPDATE OR REPLACE acc_entry SET id = 1 WHERE id = 2",
    "replace a refusal": f"INSERT OR REPLACE INTO acc_entry {ENTRY} VALUES (3, 'case-1', NULL, 'forged', 'x')",
    "definition: replace by digest": f"REPLACE {INTO_DEFINITION} ('{DIGEST}', 'x', 7, 'forged', '')",
    "definition: replace by version": f"REPLACE {INTO_DEFINITION} ('x', 'petition', 1, 'forged', '')",
    "definition: replace by rowid": "REPLACE INTO acc_definition (rowid, digest, workflow, version, content, "
    "registered_at) VALUES (1, 'x', 'x', 7, 'forged', '')",
    "place: replace": "REPLACE INTO acc_leaf (position, entry_id) VALUES (0, 3)",
    "place: replace by entry": "REPLACE INTO acc_leaf (position, entry_id) VALUES (9, 1)",
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE acc_entry CASCADE",
    "truncate with others": "TRUNCATE acc_pending, acc_entry",
    "definition: truncate": "TRUNCATE acc_definition",
    "place: truncate": "TRUNCATE acc_leaf",
    "merge": "MERGE INTO acc_entry USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET bytes = 'forged'",
}


def attack(database: Database, url: str, statement: str, settings: tuple[str, ...] = ()) -> None:
    """Run a statement on two entries with places, a refusal and a definition; expect that nothing has changed."""
    with database.transaction() as transaction:
        record(transaction, a_case())
        record(transaction, a_case("case-2"))
        transaction.record_loose("case-1", text("case-1", 0), "0" * 64)
        transaction.publish_definition(a_definition())
        assert transaction.give_places(2) == 2
    before = _rows(database)
    engine = create_engine(url)
    with engine.connect() as connection:
        for setting in settings:
            connection.exec_driver_sql(setting)
        with pytest.raises(DBAPIError, match="is append-only"):
            connection.exec_driver_sql(statement)
        connection.rollback()
    engine.dispose()
    assert _rows(database) == before


def _rows(database: Database) -> list[dict[str, Any]]:
    with database.transaction(read_only=True) as transaction:
        return [*transaction.entry_rows(), *transaction.definition_rows(), *transaction.leaf_rows()]


@pytest.mark.parametrize("name", EVERYWHERE)
def test_no_statement_changes_what_was_recorded(database: Database, database_url: str, name: str):
    """Neither database lets a recorded row be changed, removed or replaced."""
    attack(database, database_url, EVERYWHERE[name])


@pytest.mark.parametrize("name", ON_SQLITE)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_sqlite_replaces_nothing(database: Database, database_url: str, name: str, recursive: str):
    """REPLACE deletes silently, by any unique key of the table; here it fails, whatever the connection's settings."""
    attack(database, database_url, ON_SQLITE[name], (f"PRAGMA recursive_triggers={recursive}",))


@pytest.mark.parametrize("name", ON_POSTGRESQL)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_truncates_nothing(database: Database, database_url: str, name: str):
    """TRUNCATE fires no row trigger; here it fails all the same."""
    attack(database, database_url, ON_POSTGRESQL[name])
