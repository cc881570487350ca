"""Connections that stay open between transactions.

SQLAlchemy's own pool costs a fifth of a firing, most of it for services that are not needed here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from accountability.errors import DatabaseError

CONNECTIONS_MAX = 15
WAIT_SECONDS = 30


class Connections:
    """Lend a driver's connections, the one used last first. Safe to share between threads."""

    def __init__(self, connect: Callable[[], Any], is_alive: Callable[[Any], bool]) -> None:
        """Lend what can be opened.

        Args:
            connect: Opens a connection.
            is_alive: Tells, without asking the server, whether an idle connection can still be used.
        """
        self._connect = connect
        self._is_alive = is_alive
        self._idle: deque[Any] = deque()
        self._permits = _permits()
        self._parents: list[Any] = []

    def take(self) -> Any:
        """Take a connection for this thread alone, an idle one or a new one.

        Raises:
            DatabaseError: All are in use, and stay so.
        """
        try:
            self._permits.get(timeout=WAIT_SECONDS)
        except Empty:
            raise DatabaseError(
                f"all {CONNECTIONS_MAX} connections are in use", cure="end readings that were begun, and try again"
            ) from None
        try:
            while self._idle:
                connection = self._idle.pop()
                if self._is_alive(connection):
                    return connection
                connection.close()
            return self._connect()
        except BaseException:
            self._permits.put(None)
            raise

    def give_back(self, connection: Any) -> None:
        """Hand back a connection on which no transaction is open."""
        self._idle.append(connection)
        self._permits.put(None)

    def discard(self, connection: Any) -> None:
        """Hand back a connection that must not be used again."""
        connection.close()
        self._permits.put(None)

    def begin_anew(self) -> None:
        """Leave every connection to the process that this one was forked from.

        They are kept, for closing one here would say farewell on a wire that the parent still uses.
        """
        self._parents += self._idle
        self._idle.clear()
        self._permits = _permits()

    def close(self) -> None:
        """Close every idle connection."""
        while self._idle:
            self._idle.pop().close()


def _permits() -> SimpleQueue[None]:
    """Make as many permits as connections may be lent; a queue costs a third of a semaphore, which is Python."""
    permits: SimpleQueue[None] = SimpleQueue()
    for _ in range(CONNECTIONS_MAX):
        permits.put(None)
    return permits
