"""Where the record lives: a SQLite file or a PostgreSQL database, equals behind one face."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from weakref import WeakSet, finalize

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, UnboundExecutionError
from sqlalchemy.orm import Session, scoped_session

from accountability.errors import AccountabilityError, DatabaseError, DatabaseVersionError, InputError
from accountability.store import failures
from accountability.store.connections import Connections
from accountability.store.failures import Conflict, ConnectionLost, OnlyReads, translate
from accountability.store.postgresql import Postgresql
from accountability.store.queries import Statements
from accountability.store.revision import REVISION_QUERY, require
from accountability.store.running import Driver
from accountability.store.sqlite import Sqlite
from accountability.store.transaction import Transaction

BEGINNINGS_MAX = 3
"""How often a transaction is begun when the connection turns out to be lost."""

_BACKENDS: dict[str, type[Sqlite | Postgresql]] = {"sqlite": Sqlite, "postgresql": Postgresql}
_OPEN: WeakSet[Database] = WeakSet()
_SESSIONS = (
    "give a synchronous SQLAlchemy or SQLModel Session, or a Connection; an asynchronous program makes one in the "
    "thread that calls the engine"
)
_SPELLINGS = "write sqlite:///FILE, postgresql+psycopg://USER:PASSWORD@HOST/DATABASE, or the path of a SQLite file"


class Database:
    """Open transactions on one database. Safe to share between threads; nothing is opened before it is needed.

    Attributes:
        dialect: `sqlite` or `postgresql`.
        name: The file, or the URL without its password, for messages.
    """

    def __init__(self, url: str) -> None:
        """Name the database.

        Args:
            url: A SQLAlchemy URL, or the path of a SQLite file. `sqlite://` keeps the record in memory.

        Raises:
            InputError: The URL cannot be read, names another kind of database, or its driver is not installed.
        """
        parsed = _parse(url)
        self.dialect = parsed.get_backend_name()
        self._backend = _BACKENDS[self.dialect](parsed)
        self.name = self._backend.name
        dialect = self._backend.engine.dialect
        self._statements = Statements(dialect)
        dbapi: Any = dialect.loaded_dbapi
        errors = (dbapi.Error, SQLAlchemyError, UnicodeEncodeError, OverflowError)
        self._driver = Driver(errors=errors, duplicate=dbapi.IntegrityError)
        self._connections = Connections(self._backend.connect, self._backend.is_alive)
        finalize(self, self._connections.close)  # whoever forgets `close` leaves no connection open
        self._current = False
        _OPEN.add(self)

    def close(self) -> None:
        """Close every idle connection."""
        self._connections.close()
        self._backend.engine.dispose()

    def begin_anew(self) -> None:
        """Leave connections and locks to the process that this one was forked from."""
        self._connections.begin_anew()
        self._backend.begin_anew()

    @contextmanager
    def transaction(
        self, session: Any = None, *, read_only: bool = False, brief: bool = False
    ) -> Iterator[Transaction]:
        """Do a unit of work: commit at the end of the block, roll back when it raises.

        Args:
            session: A SQLAlchemy or SQLModel session, or a connection, of the caller. The work joins its transaction,
                which stays the caller's to commit or to roll back.
            read_only: Whether nothing is written. What is read is then one snapshot, and nobody waits.
            brief: Whether the work reads a case, decides, and writes mostly one entry. PostgreSQL then needs two round
                trips instead of four; the block may end with `StaleCase`, and should then be begun again, not briefly.

        Raises:
            DatabaseVersionError: The tables are missing, too old or too new.
            DatabaseUnreachableError: The database cannot be reached.
            DatabaseError: It cannot serve now.
            InputError: The session belongs to another kind of database, or commits by itself.
        """
        if not self._current:
            self.require_version()
        if session is not None:
            yield Transaction(self._join(session, read_only=read_only), self._statements, self._driver)
            return
        with self._backend.turn(read_only=read_only):
            brief = brief and self._backend.briefly
            connection = self._begin(read_only=read_only, brief=brief)
            transaction = Transaction(connection, self._statements, self._driver, brief=brief)
            try:
                yield transaction
                transaction.finish()
            except BaseException as error:
                told = self._failed(error, in_doubt=transaction.committing and not read_only)
                self._end(connection, failed=isinstance(told, DatabaseError) and not isinstance(told, Conflict))
                if told is error:
                    raise
                raise told from error
            else:
                self._end(connection)

    def migrate(self, *, log: str | None = None) -> None:
        """Create the tables, or bring them up to date. Does nothing when they are; safe to run at the same time twice.

        Args:
            log: The id that the log is given where the tables are new.

        Raises:
            DatabaseVersionError: The tables are of a newer version than this program.
            DatabaseUnreachableError: The database cannot be reached, or the file cannot be made.
        """
        self._backend.make()
        try:
            with self._backend.turn(read_only=False):
                # alembic takes a tenth of a second to import, and nothing else needs it.
                import_module("accountability.store.migrate").upgrade(
                    self._backend.engine, self.name, log or secrets.token_hex(16)
                )
        except self._driver.errors as error:
            raise self._told(error) from error
        self._current = True

    def copy_into(self, other: Database) -> None:
        """Copy everything into another database. Both are kept in memory, and nobody works on either.

        Raises:
            InputError: One of them is not kept in memory.
        """
        if not (isinstance(self._backend, Sqlite) and isinstance(other._backend, Sqlite)):
            raise InputError("only databases in memory are copied", cure="name both `sqlite://`")
        self._backend.copy_into(other._backend)
        other._current = self._current

    def require_version(self) -> None:
        """Make sure that the tables are those this program works with. Asks the database once.

        Raises:
            DatabaseVersionError: They are missing, too old or too new.
            DatabaseUnreachableError: The database cannot be reached.
        """
        if self._current:
            return
        with self._backend.turn(read_only=True):
            connection = self._begin(read_only=True)
            try:
                require(self._revision(connection), self.name)
            finally:
                self._end(connection)
        self._current = True

    def scrub(self) -> bool:
        """Let erased bytes leave the files, after a transaction that erased withheld values.

        SQLite copies its write-ahead log into the file and empties the log. PostgreSQL frees the space for other rows;
        its own log and its backups keep the bytes as long as the people who run it keep those.

        Returns:
            Whether it was done; False when a reader held the log. Then do it again later.
        """
        try:
            return self._backend.scrub()
        except self._driver.errors as error:
            raise self._told(error) from error

    def _begin(self, *, read_only: bool, brief: bool = False) -> Any:
        """Take a connection and begin; where an idle one turns out to be lost, take another."""
        tries = BEGINNINGS_MAX
        while True:
            tries -= 1
            try:
                connection = self._connections.take()
            except self._driver.errors as error:
                raise self._told(error, connecting=True) from error
            try:
                self._backend.begin(connection, read_only=read_only, brief=brief)
            except self._driver.errors as error:
                told = self._failed(error)
                self._end(connection, failed=True)
                if not (tries and isinstance(told, ConnectionLost)):
                    raise told from error
            except BaseException:
                self._connections.give_back(connection)
                raise
            else:
                return connection

    def _failed(self, error: BaseException, *, in_doubt: bool = False) -> BaseException:
        """Say in our words what ended a transaction.

        Args:
            error: What was raised.
            in_doubt: Whether the commit was sent already.
        """
        told: BaseException = self._told(error) if isinstance(error, self._driver.errors) else error
        if isinstance(told, ConnectionLost):
            # What cut one connection has mostly cut them all.
            self._connections.close()
            if in_doubt and not isinstance(told, OnlyReads):
                failures.in_doubt(told)
        return told

    def _end(self, connection: Any, *, failed: bool = False) -> None:
        """Roll back what was not committed, and hand the connection back.

        One on which something failed is not used again: it may keep the cause after that is gone, as one to a server
        that only reads, or to a file that could not be written.
        """
        try:
            connection.rollback()
        except self._driver.errors:
            failed = True
        if failed and not self._backend.in_memory:
            self._connections.discard(connection)
        else:
            self._connections.give_back(connection)

    def _revision(self, connection: Any) -> str | None:
        try:
            row = connection.execute(REVISION_QUERY).fetchone()
        except self._driver.errors as error:
            told = self._told(error)
            if isinstance(told, DatabaseVersionError):
                return None
            raise told from error
        return None if row is None else str(row[0])

    def _told(self, error: BaseException, *, connecting: bool = False) -> AccountabilityError:
        told = translate(error, connecting=connecting)
        return type(told)(f"{self.name}: {told}", cure=told.cure)

    def _join(self, session: Any, *, read_only: bool) -> Any:
        """Give the driver's connection of a caller's session, inside the caller's transaction."""
        connection = _connection(session)
        wanted = f"{self.dialect}+{self._backend.driver_name}"
        given = f"{connection.dialect.name}+{connection.dialect.driver}"
        if given != wanted:
            raise InputError(
                f"the session works on {given}, the record on {wanted}",
                cure="bind the session to the record's database, with the record's driver",
            )
        if not connection.in_transaction():
            connection.begin()
        driven = connection.connection.driver_connection
        try:
            self._backend.join(driven, read_only=read_only)
        except self._driver.errors as error:
            raise self._told(error) from error
        return driven


def _begin_anew() -> None:
    """Part, in a process that was just forked, with what belongs to its parent."""
    for database in tuple(_OPEN):
        database.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)


def _connection(session: Any) -> Connection:
    """Give the connection of a caller's session, with everything written that the session holds back."""
    if isinstance(session, scoped_session):
        session = session()
    if isinstance(session, Connection):
        _require_waiting(session)
        return session
    if not isinstance(session, Session):
        raise InputError(f"session is a {type(session).__name__}", cure=_SESSIONS)
    try:
        _require_waiting(session.get_bind())
        session.flush()
        return session.connection()
    except UnboundExecutionError as error:
        raise InputError("the session is bound to no single engine", cure="bind it: Session(engine)") from error


def _require_waiting(bound: Connection | Engine) -> None:
    """Refuse what has to be awaited: there is nobody here who could."""
    if bound.dialect.is_async:
        raise InputError("the session belongs to an asynchronous engine", cure=_SESSIONS)


def _parse(text: str) -> URL:
    """Read a URL or a path; every spelling of PostgreSQL means psycopg 3."""
    if not text.strip():
        raise InputError("the database has no name", cure=_SPELLINGS)
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except (ArgumentError, ValueError) as error:
        raise InputError("the database's URL cannot be read", cure=_SPELLINGS) from error
    dialect, _, driver = url.drivername.partition("+")
    dialect = "postgresql" if dialect == "postgres" else dialect
    backend = _BACKENDS.get(dialect)
    if backend is None or driver not in ("", backend.driver_name):
        raise InputError(f"databases of kind {url.drivername} are not supported", cure=_SPELLINGS)
    if dialect == "sqlite" and url.query:
        raise InputError("a SQLite URL takes no options here", cure=_SPELLINGS)
    return url.set(drivername=f"{dialect}+{backend.driver_name}")
