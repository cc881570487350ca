"""PostgreSQL as the record's home, through psycopg 3."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from accountability.errors import InputError

WAIT_SECONDS = 10
"""How long to wait for the server to answer a new connection."""

_NO_TURN = nullcontext()


class Postgresql:
    """Open and begin on PostgreSQL.

    Attributes:
        name: The URL without its password, for messages.
        briefly: Whether a brief transaction saves anything here.
        engine: SQLAlchemy's engine; opens nothing before it is asked.
    """

    driver_name = "psycopg"
    briefly = True

    def __init__(self, url: URL) -> None:
        """Name the database.

        Raises:
            InputError: psycopg is not installed.
        """
        try:
            import_module("psycopg")
        except ImportError as error:
            raise InputError(
                "PostgreSQL needs psycopg, which is not installed", cure="pip install accountability[postgres]"
            ) from error
        self.name = url.render_as_string(hide_password=True)
        timeout = {} if "connect_timeout" in url.query else {"connect_timeout": WAIT_SECONDS}
        self.engine = create_engine(url, connect_args=timeout, poolclass=NullPool)

    def connect(self) -> Any:
        """Open a connection as SQLAlchemy configures it, and keep it."""
        pooled = self.engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        return connection

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
