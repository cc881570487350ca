"""SQLite as the record's home: one file, or the memory of one process."""

from __future__ import annotations

import os
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

OLDEST = (3, 38)
"""The oldest SQLite that can read a field of JSON as the triggers of `acc_value` do."""


class Sqlite:
    """Open and begin on SQLite.

    Attributes:
        name: The file, for messages.
        briefly: Whether a brief transaction saves anything here; there are no round trips to save.
        in_memory: Whether the record is gone when its connection is closed.
        engine: SQLAlchemy's engine; opens nothing before it is asked.
    """

    driver_name = "pysqlite"
    briefly = False

    def __init__(self, url: URL) -> None:
        """Name the file; a URL without one means memory.

        Raises:
            InputError: Python came with an SQLite that is too old.
        """
        if sqlite3.sqlite_version_info < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise InputError(
                f"this Python came with SQLite {sqlite3.sqlite_version}",
                cure=f"use one with SQLite {oldest} or newer, such as that of python.org, or PostgreSQL",
            )
        self._file = Path(url.database).absolute() if url.database and url.database != ":memory:" else None
        self.name = "SQLite in memory" if self._file is None else str(self._file)
        self._memory = _configured(_Connection(":memory:", **_OURS)) if self._file is None else None
        self.in_memory = self._memory is not None
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
        # Following links on the disk would cost each act of a caller's session a fifth of its time.
        self._joined = ""

    def connect(self) -> sqlite3.Connection:
        """Open the file if it is there; only `make` makes files. In memory there is but one connection.

        Raises:
            DatabaseVersionError: There is no such file.
        """
        if self._file is None or self._memory is not None:
            return cast(sqlite3.Connection, self._memory)
        try:
            identity = _identity(self.name)
        except OSError as error:
            raise DatabaseVersionError(
                f"there is no database at {self._file}",
                cure="name the right file with --db or ACCOUNTABILITY_DB, or make one with `accountability migrate`",
            ) from error
        connection = _Connection(f"{self._file.as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS, **_OURS)
        connection.identity = identity
        return _configured(connection)

    def is_alive(self, connection: Any) -> bool:
        """Tell whether an idle connection still leads to the file of this name.

        A file that was moved or replaced, as by somebody who brings back a copy, can still be written by who has it
        open, and what is written goes with it.
        """
        if self.in_memory:
            return True
        try:
            return bool(connection.identity == _identity(self.name))
        except OSError:
            return False

    def begin_anew(self) -> None:
        """Wait for no thread of the process that this one was forked from."""
        self._turn = RLock()

    def copy_into(self, other: Sqlite) -> None:
        """Copy everything into another database; both are in memory.

        Raises:
            InputError: One of them is a file.
        """
        if self._memory is None or other._memory is None:
            raise InputError("only databases in memory are copied", cure="name both `sqlite://`")
        self._memory.backup(other._memory)

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
        if self._file is not None and place != self._joined:
            if Path(place) != self._file.resolve():
                raise InputError(
                    f"the session works on {place or 'SQLite in memory'}, the record is in {self._file}",
                    cure="bind the session to the record's database",
                )
            self._joined = place
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


class _Connection(sqlite3.Connection):
    """A connection that knows which file it has open."""

    identity: tuple[int, int] | None = None


def _identity(file: str) -> tuple[int, int]:
    """Tell one file from another of the same name."""
    found = os.stat(file)  # noqa: PTH116 -- every act passes here, and `Path.stat` takes twice the time
    return found.st_dev, found.st_ino


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
