"""Running prepared texts on the driver's own cursor, at once or held back, with every failure in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from accountability.store.failures import StaleCase, translate
from accountability.store.queries import Statements

BATCH = 1000
"""Rows that are fetched together while streaming."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What a driver raises.

    Attributes:
        errors: All of it, and what it lets through for values that it cannot write.
        duplicate: What it raises where a unique key is taken.
    """

    errors: tuple[type[Exception], ...]
    duplicate: type[Exception]


class Running:
    """Run the texts of one dialect on one connection."""

    def __init__(self, connection: Any, statements: Statements, driver: Driver, *, brief: bool = False) -> None:
        """Work on a driver's connection; opened by `Database.transaction` alone.

        Args:
            connection: The driver's connection, in a transaction unless `brief`.
            statements: The texts of its dialect.
            driver: What it raises.
            brief: Whether to hold back what is written until `finish`, and to lock nothing: where it comes to a single
                statement, that alone is the transaction, and saves two round trips. `seq` guards what was read.
        """
        self._brief = brief
        self._guarded = False
        self._committing = False
        self._held_back: list[Callable[[], None]] = []
        self._connection = connection
        self._cursor = connection.cursor()
        self._sql = statements
        self._errors = driver.errors
        self._duplicate = driver.duplicate
        self._streams = 0

    @property
    def connection(self) -> Any:
        """The driver's connection, to remember by what was read through it."""
        return self._connection

    @property
    def committing(self) -> bool:
        """Whether the commit was sent: from then on only its answer tells whether there is something in the record."""
        return self._committing

    def finish(self) -> None:
        """Commit; when this is brief, write what was held back: one statement as it is, several in a transaction.

        Raises:
            StaleCase: A case has moved on since it was read; nothing was written.
        """
        if not self._brief:
            self._committing = True
            self._connection.commit()
            return
        if len(self._held_back) < 2:
            for write in self._held_back:
                self._committing = True
                write()
            return
        self._run("BEGIN")
        try:
            for write in self._held_back:
                write()
            self._committing = True
            self._run("COMMIT")
        except BaseException:
            with suppress(*self._errors):
                self._cursor.execute("ROLLBACK")
            raise

    def _lock_briefly(self) -> bool:
        """Do without a lock for the first case, which its `seq` guards; a second one needs a real transaction.

        Raises:
            StaleCase: This is the second; begin again, not briefly.
        """
        if self._guarded:
            raise StaleCase("a second case must be locked")
        self._guarded = True
        return False

    def _run(self, text: str, values: Mapping[str, Any] | tuple[()] = ()) -> Any:
        try:
            return self._cursor.execute(text, values)
        except self._errors as error:
            raise translate(error) from error

    def _do(self, write: Callable[[], Any]) -> None:
        """Write now, or with the rest when this is brief."""
        if self._brief:
            self._held_back.append(write)
        else:
            write()

    def _write(self, texts: tuple[str, ...], values: dict[str, Any], case_id: str) -> None:
        """Write an entry with what belongs to it."""
        self._do(partial(self._write_now, texts, values, case_id))

    def _write_now(self, texts: tuple[str, ...], values: dict[str, Any], case_id: str) -> None:
        """Write an entry with what belongs to it; each text must touch one row."""
        execute = self._cursor.execute
        try:
            for text in texts:
                if execute(text, values).rowcount != 1:
                    raise StaleCase(f"{case_id} has moved on since it was read")
        except self._duplicate as error:
            raise StaleCase(f"{case_id} has moved on since it was read") from error
        except self._errors as error:
            raise translate(error) from error

    def _added(self, text: str, values: Mapping[str, Any]) -> bool:
        """Insert a row unless one of its keys is taken; the transaction can go on either way."""
        try:
            return bool(self._cursor.execute(text, values).rowcount == 1)
        except self._duplicate:
            return False  # On SQLite the trigger of an append-only table speaks up before ON CONFLICT does.
        except self._errors as error:
            raise translate(error) from error

    def _one(self, text: str, values: Mapping[str, Any]) -> Any:
        try:
            return self._cursor.execute(text, values).fetchone()
        except self._errors as error:
            raise translate(error) from error

    def _all(self, text: str, values: Mapping[str, Any] | tuple[()] = ()) -> list[Any]:
        try:
            return list(self._cursor.execute(text, values).fetchall())
        except self._errors as error:
            raise translate(error) from error

    def _stream(self, text: str, values: Mapping[str, Any] | tuple[()] = ()) -> Iterator[Any]:
        """Read rows through a cursor of their own; on PostgreSQL one that the server keeps, or it would send all."""
        try:
            self._streams += 1
            # A cursor that the server keeps lives in a transaction only.
            plain = self._brief or self._sql.dialect == "sqlite"
            name = {} if plain else {"name": f"acc_{self._streams}"}
            cursor = self._connection.cursor(**name)
            try:
                cursor.execute(text, values)
                while rows := cursor.fetchmany(BATCH):
                    yield from rows
            finally:
                # A reading that was broken off may outlive its transaction; there is nothing left to close then. Where
                # the connection was lost, the first call finds that out and the second one closes.
                for _ in range(2):
                    with suppress(*self._errors):
                        cursor.close()
        except self._errors as error:
            raise translate(error) from error

    def _rows(self, text: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        return (dict(zip(names, row, strict=True)) for row in self._stream(text))
