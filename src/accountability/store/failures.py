"""What goes wrong in a database, in our words: no driver's exception leaves this package."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from accountability.errors import (
    AccountabilityError,
    DatabaseError,
    DatabaseUnreachableError,
    DatabaseVersionError,
    InputError,
    RecordError,
)


class Conflict(DatabaseError):  # noqa: N818 -- nobody's failure: somebody else was first
    """Somebody else was first."""

    cure = "look at what happened meanwhile, and try again"


class ConnectionLost(DatabaseUnreachableError):  # noqa: N818 -- what is lost may be found again
    """The connection was lost while it was used; another one may work."""


class OnlyReads(ConnectionLost):
    """The server at the other end only reads, and wrote nothing; another connection may lead to one that writes."""


class StaleCase(Conflict):
    """The case, or its chain, has moved on since it was read."""


class KeyTaken(Conflict):
    """The key was used meanwhile."""


class VersionTaken(Conflict):
    """This version of the workflow was published meanwhile."""


_BUSY = "somebody else works on the same data; try again"
_REACH = "check that the server runs, and the host, port, database, user and password of the URL"
_FILE = "name a database that `accountability migrate` made, in a folder where you may write"
_AGAIN = f"nothing of this act was written: try again; if that does not help, {_REACH}"
_PREPARED = "a pool stands between us and the server: write prepare_threshold=none in the URL"
_READS = "this server only reads, as a replica does: name the server that writes"
_GRANT = "give the database user the rights to read and write the tables acc_*"
_DOUBT = (
    "nobody knows whether the act was recorded: look at the case before you repeat it; "
    "an act with `key=` may be repeated as it is, and is recorded once"
)
_OPERATE = "let the person who runs the database look at it; nothing of this act was written"

_SQLITE: dict[str, tuple[type[DatabaseError], str]] = {
    "SQLITE_BUSY": (DatabaseError, _BUSY),
    "SQLITE_LOCKED": (DatabaseError, _BUSY),
    "SQLITE_CANTOPEN": (DatabaseUnreachableError, _FILE),
    "SQLITE_NOTADB": (DatabaseUnreachableError, _FILE),
    "SQLITE_READONLY": (DatabaseUnreachableError, _FILE),
    "SQLITE_PERM": (DatabaseUnreachableError, _FILE),
}
"""By the primary result code of SQLite, https://www.sqlite.org/rescode.html."""

_POSTGRESQL: dict[str, tuple[type[AccountabilityError], str]] = {
    "08": (DatabaseUnreachableError, _REACH),
    "25006": (OnlyReads, _READS),
    "28": (DatabaseUnreachableError, _REACH),
    "3D": (DatabaseUnreachableError, _REACH),
    "53": (DatabaseUnreachableError, _OPERATE),
    "57P": (DatabaseUnreachableError, _REACH),
    "42501": (DatabaseUnreachableError, _GRANT),
    "40": (Conflict, _BUSY),
    "55P03": (DatabaseError, _BUSY),
    "57014": (DatabaseError, _BUSY),
    "26000": (DatabaseError, _PREPARED),
    "42P05": (DatabaseError, _PREPARED),
    "42P01": (DatabaseVersionError, DatabaseVersionError.cure or ""),
    "42703": (DatabaseVersionError, DatabaseVersionError.cure or ""),
    "22": (InputError, "give text without NUL characters, and numbers of ordinary size"),
}
"""By the beginning of the SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def translate(error: BaseException, *, connecting: bool = False) -> AccountabilityError:
    """Say in our words what a driver or SQLAlchemy reported.

    Args:
        error: An exception of sqlite3, psycopg or SQLAlchemy, or what they raise for values they cannot write.
        connecting: Whether a connection was being opened; then none was lost.

    Returns:
        The error to raise, with a cure.
    """
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        error = error.orig
    message = " ".join(str(error).split()) or type(error).__name__
    if message.startswith("Could not decode to UTF-8"):
        return RecordError("a cell of the database holds bytes that are no text")  # the driver would quote them
    if isinstance(error, UnicodeEncodeError):
        return InputError("text holds a lone surrogate", cure="send well-formed Unicode text")
    if isinstance(error, OverflowError):
        return InputError(f"a number is too large: {message}", cure="give numbers of ordinary size")
    if isinstance(error, PoolTimeoutError):
        return DatabaseError(f"every connection is in use: {message}", cure=_BUSY)
    kind, cure = _sqlite(error, message) if hasattr(error, "sqlite_errorname") else _postgresql(error)
    if not connecting and kind is DatabaseUnreachableError and _is_lost(error):
        kind, cure = ConnectionLost, _AGAIN
    return kind(message, cure=cure)


def in_doubt(error: DatabaseError) -> DatabaseError:
    """Say of an error that nobody knows whether the act was recorded."""
    error.outcome_unknown = True
    error.cure = _DOUBT
    return error


def _is_lost(error: BaseException) -> bool:
    """Tell whether PostgreSQL has ended the connection, or went away without a word."""
    if getattr(error, "sqlstate", None) is None:
        return hasattr(error, "sqlstate")
    severity = getattr(getattr(error, "diag", None), "severity_nonlocalized", None)
    return severity in ("FATAL", "PANIC")


def _sqlite(error: BaseException, message: str) -> tuple[type[DatabaseError], str]:
    if message.startswith(("no such table: acc_", "no such column")) or " has no column " in message:
        return DatabaseVersionError, DatabaseVersionError.cure or ""
    primary = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    return _SQLITE.get(primary, (DatabaseError, _OPERATE))


def _postgresql(error: BaseException) -> tuple[type[AccountabilityError], str]:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # psycopg gives no state to what fails outside a statement: connecting, or a connection that broke.
        unreachable = type(error).__name__ in ("OperationalError", "ConnectionTimeout", "InterfaceError")
        return (DatabaseUnreachableError, _REACH) if unreachable else (DatabaseError, _OPERATE)
    for length in (5, 3, 2):
        if known := _POSTGRESQL.get(state[:length]):
            return known
    return DatabaseError, _OPERATE
