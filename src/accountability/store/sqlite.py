"""SQLite as the record's home: one file, or the memory of one process."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any, cast

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

from accountability.errors import DatabaseError, DatabaseUnreachableError, DatabaseVersionError, InputError

WAIT_SECONDS = 10
"""How long to wait while another process writes."""

_OURS: dict[str, Any] = {"isolation_level": None, "check_same_thread": False}
"""The driver begins nothing by itself, and lets us take care of threads."""

_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON")


class Sqlite:
    """Open and begin on SQLite.

    Attributes:
        name: The file, for messages.
        briefly: Whether a brief transaction saves anything here; there are no round trips to save.
        engine: SQLAlchemy's engine; opens nothing before it is asked.
    """

    driver_name = "pysqlite"
    briefly = False

    def __init__(self, url: URL) -> None:
        """Name the file; a URL without one means memory."""
        self._file = Path(url.database).absolute() if url.database and url.database != ":memory:" else None
        self.name = "SQLite in memory" if self._file is None else str(self._file)
        self._memory = _configured(sqlite3.connect(":memory:", **_OURS)) if self._file is None else None
        self.engine = create_engine(
            "sqlite://",
            creator=self.connect,
            paramstyle="named",
            poolclass=NullPool if self._memory is None else StaticPool,
        )
        event.listen(self.engine, "begin", _begin_writing)
        # SQLite lets one transaction write at a time. Threads of this process queue here, shortly and fairly; waiting
        # in SQLite itself means sleeping and trying again. In memory there is one connection, so readings queue too.
        self._turn = RLock()

    def connect(self) -> sqlite3.Connection:
        """Open the file if it is there; only `make` makes files. In memory there is but one connection.

        Raises:
            DatabaseVersionError: There is no such file.
        """
        if self._file is None or self._memory is not None:
            return cast(sqlite3.Connection, self._memory)
        if not self._file.exists():
            raise DatabaseVersionError(
                f"there is no database at {self._file}",
                cure="name the right file with --db or ACCOUNTABILITY_DB, or make one with `accountability migrate`",
            )
        return _configured(sqlite3.connect(f"{self._file.as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS, **_OURS))

    def is_alive(self, _connection: object) -> bool:
        """Tell whether an idle connection can still be used: there is no server that could go away."""
        return True

    def make(self) -> None:
        """Make the file if there is none.

        Raises:
            DatabaseUnreachableError: It cannot be made.
        """
        if self._file is None:
            return
        try:
            self._file.touch()
        except OSError as error:
            cure = "name a file in a folder that exists and where you may write"
            raise DatabaseUnreachableError(f"cannot make {self._file}: {error.strerror}", cure=cure) from error

    def turn(self, *, read_only: bool) -> AbstractContextManager[object]:
        """Wait for this thread's turn."""
        return nullcontext() if read_only and self._file is not None else self._turn

    def begin(self, connection: Any, *, read_only: bool, brief: bool) -> None:
        """Begin a transaction; one that writes waits for its turn among the processes now, not in its middle."""
        if self._file is not None:
            connection.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
        elif connection.in_transaction:
            raise DatabaseError("this thread is writing already", cure="finish one act before you begin the next")
        elif not read_only:
            # Nobody else can write while this thread reads in memory. It may do so itself, as on a file.
            connection.execute("BEGIN")

    def join(self, connection: Any, *, read_only: bool) -> None:
        """Make sure that what is written on a caller's connection waits for the caller's commit.

        Raises:
            InputError: The connection works on another file.
        """
        place = next((file for _, name, file in connection.execute("PRAGMA database_list") if name == "main"), "")
        if self._file is not None and Path(place) != self._file.resolve():
            raise InputError(
                f"the session works on {place or 'SQLite in memory'}, the record is in {self._file}",
                cure="bind the session to the record's database",
            )
        if not (read_only or connection.in_transaction):
            connection.execute("BEGIN IMMEDIATE")

    def scrub(self) -> bool:
        """Copy the write-ahead log into the file and empty it; False when a reader still needs it."""
        with self._turn, self.engine.connect() as connection:
            pragma = cast(sqlite3.Connection, connection.connection.driver_connection)
            return not pragma.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def _begin_writing(connection: Connection) -> None:
    """Begin what SQLAlchemy begins itself: a migration."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
