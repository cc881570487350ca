"""Making the tables, and noticing tables that do not fit."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from accountability.errors import DatabaseUnreachableError, DatabaseVersionError
from accountability.store.database import Database
from accountability.store.migrate import config
from accountability.store.revision import REVISIONS, VERSION_TABLE
from accountability.store.tables import PREFIX, Row
from tests.store.given import a_case, record

MIGRATE = "import sys; from accountability.store.database import Database; Database(sys.argv[1]).migrate()"


def migrate(url: str) -> None:
    """Migrate as a program of its own would, with no connection left."""
    with closing(Database(url)) as database:
        database.migrate()


def _ours(_item: object, name: str | None, kind: str, *_rest: object) -> bool:
    return kind != "table" or (name or "").startswith(PREFIX)


def test_the_migrations_make_exactly_the_tables_of_the_code(empty_url: str):
    """What `migrate` made and what `tables` says do not differ in a column, a key or an index."""
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE host (id INTEGER PRIMARY KEY)")
    migrate(empty_url)
    with engine.connect() as connection:
        options: dict[str, Any] = {"version_table": VERSION_TABLE, "include_object": _ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Row.metadata) == []
        assert set(inspect(connection).get_table_names()) == {"host", VERSION_TABLE, *Row.metadata.tables}
    engine.dispose()


def test_the_code_knows_every_revision():
    """The list that decides whether tables are too old or too new is alembic's own, oldest first."""
    script = ScriptDirectory.from_config(config())
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == REVISIONS


def test_no_revision_uses_the_tables_of_today():
    """A revision says itself what it makes; it does not change when the code does."""
    for path in Path(ScriptDirectory.from_config(config()).versions).glob("*.py"):
        assert "accountability" not in path.read_text().replace("import accountability", "accountability")


def test_migrating_twice_changes_nothing(empty_url: str):
    """The second run finds everything done and keeps what was recorded meanwhile."""
    database = Database(empty_url)
    database.migrate()
    with database.transaction() as transaction:
        record(transaction, a_case())
    database.migrate()
    migrate(empty_url)
    with database.transaction(read_only=True) as transaction:
        assert transaction.case("case-1") is not None
    database.close()


def test_processes_that_migrate_at_once_all_succeed(empty_url: str):
    """Two processes start together on an empty database: one makes the tables, the other waits."""
    command = [sys.executable, "-c", MIGRATE, empty_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0)] * 2
    with closing(Database(empty_url)) as database:
        database.require_version()


def test_a_failed_migration_leaves_nothing_behind(empty_url: str):
    """All of a migration is one transaction: where a table of ours is in the way, no other is made."""
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE acc_key (mine INTEGER)")
    with pytest.raises(Exception, match="acc_key"):
        migrate(empty_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["acc_key"]
    engine.dispose()


def test_a_database_without_tables_says_migrate(empty_url: str):
    """Work on an empty database stops at once, with the command that helps."""
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).touch()
    database = Database(empty_url)
    with pytest.raises(DatabaseVersionError) as caught, database.transaction():
        pass
    assert caught.value.cure == "run `accountability migrate`"
    database.close()


@pytest.mark.parametrize(("revision", "cure"), [("9999", "upgrade the program"), ("0000", "migrate")])
def test_tables_of_another_version_say_what_to_do(
    database_url: str, revision: str, cure: str, monkeypatch: pytest.MonkeyPatch
):
    """Newer tables ask for a newer program, also when migrating; older ones ask for `migrate`."""
    monkeypatch.setattr("accountability.store.revision.REVISIONS", ("0000", *REVISIONS))
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'")
    engine.dispose()
    database = Database(database_url)
    with pytest.raises(DatabaseVersionError) as caught:
        database.require_version()
    assert cure in (caught.value.cure or "")
    if revision == "9999":
        with pytest.raises(DatabaseVersionError):
            database.migrate()
    database.close()


@pytest.mark.parametrize("place", ["missing/record.db", "."])
def test_a_place_where_no_file_can_be_made_is_named(tmp_path: Path, place: str):
    """Migrating into a folder that is not there, or onto a folder, fails with the path."""
    with pytest.raises(DatabaseUnreachableError) as caught:
        migrate(str(tmp_path / place))
    assert str(tmp_path) in str(caught.value)
    assert caught.value.cure
