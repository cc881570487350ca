"""Bring the tables to the revision this program needs, with alembic and a version table of our own."""

from __future__ import annotations

import time
from pathlib import Path
from sqlite3 import OperationalError

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from accountability.store.revision import VERSION_TABLE, is_current

_LOCK = 0x61636374
"""Our number among PostgreSQL's advisory locks: the letters "acct"."""


def upgrade(engine: Engine, name: str, log: str) -> None:
    """Upgrade the tables in one transaction; a second process that does the same waits and finds nothing to do.

    Args:
        engine: The database.
        name: How to call it in messages.
        log: The id that the log is given where the tables are new.

    Raises:
        DatabaseVersionError: The tables are of a newer version than this program.
    """
    if engine.dialect.name == "sqlite":
        _write_ahead(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if not is_current(_revision(connection), name):
            command.upgrade(config(connection, log), "head")


def config(connection: Connection | None = None, log: str = "") -> Config:
    """Configure alembic without a file, for work on an open connection."""
    made = Config(attributes={"connection": connection, "log": log})
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _write_ahead(engine: Engine) -> None:
    """Switch the file to a write-ahead log, for good: readers and the writer then never wait for each other."""
    attempts = 100
    while True:
        pooled = engine.raw_connection()
        try:
            pooled.driver_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]  # it is checked out
            return
        except OperationalError as error:
            # SQLite does not wait here as it does elsewhere, and another process may be doing the same.
            attempts -= 1
            if error.sqlite_errorname != "SQLITE_BUSY" or not attempts:
                raise
            time.sleep(0.1)
        finally:
            pooled.close()
