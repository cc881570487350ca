"""PostgreSQL as the record's home, through psycopg 3."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from accountability.errors import InputError

PATIENCE = {
    "connect_timeout": 10,
    # A computer that is gone says no farewell: without these, who waits for its answer waits for hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""How long to wait for a server that does not answer, in seconds, the last one in milliseconds; the URL may differ."""

PREPARING = "prepare_threshold"
"""Option of the URL: after how many runs a statement is prepared on the server, or `none`: never.

A pool between us and the server that lends connections for one transaction only may need `none`.
"""

_NO_TURN = nullcontext()


class Postgresql:
    """Open and begin on PostgreSQL.

    Attributes:
        name: The URL without its password, for messages.
        briefly: Whether a brief transaction saves anything here.
        in_memory: Whether the record is gone when its connection is closed.
        engine: SQLAlchemy's engine; opens nothing before it is asked.
    """

    driver_name = "psycopg"
    briefly = True
    in_memory = False

    def __init__(self, url: URL) -> None:
        """Name the database.

        Raises:
            InputError: psycopg is not installed, or an option of the URL makes no sense.
        """
        try:
            import_module("psycopg")
        except ImportError as error:
            raise InputError(
                "PostgreSQL needs psycopg, which is not installed", cure="pip install accountability[postgres]"
            ) from error
        self.name = url.render_as_string(hide_password=True)
        chosen: dict[str, Any] = {name: value for name, value in PATIENCE.items() if name not in url.query}
        if PREPARING in url.query:
            chosen[PREPARING] = _threshold(url.query[PREPARING])
            url = url.difference_update_query([PREPARING])
        self.engine = create_engine(url, connect_args=chosen, poolclass=NullPool)

    def connect(self) -> Any:
        """Open a connection as SQLAlchemy configures it, and keep it."""
        pooled = self.engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        return connection

    def begin_anew(self) -> None:
        """Do nothing: there is nothing to wait for."""

    def make(self) -> None:
        """Do nothing: who runs the server makes the database."""

    def turn(self, *, read_only: bool) -> AbstractContextManager[object]:
        """Wait for nobody: the server orders transactions."""
        return _NO_TURN

    def begin(self, connection: Any, *, read_only: bool, brief: bool) -> None:
        """Begin a transaction: psycopg begins with the first statement. A reading one sees one moment throughout.

        A brief one has no beginning: every statement is committed by itself.
        """
        connection.autocommit = brief
        if read_only:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def join(self, connection: Any, *, read_only: bool) -> None:
        """Make sure that what is written on a caller's connection waits for the caller's commit.

        Raises:
            InputError: The connection commits every statement by itself.
        """
        if connection.autocommit:
            raise InputError("the session commits every statement by itself", cure="use a session with transactions")

    def is_alive(self, connection: Any) -> bool:
        """Tell whether the server has closed an idle connection, from what it has sent already."""
        try:
            connection.pgconn.consume_input()  # its farewell, if it said one
            connection.pgconn.consume_input()  # the end of the stream behind it
        except connection.Error:
            return False
        return not connection.closed

    def scrub(self) -> bool:
        """Free the space of erased values for other rows."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM acc_opening")
        return True


def _threshold(given: object) -> int | None:
    """Read the option `prepare_threshold`."""
    if given == "none":
        return None
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    raise InputError(f"{PREPARING} is {given!r}", cure=f"write {PREPARING}=none, or a whole number")
