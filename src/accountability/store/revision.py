"""Which revision the tables are at, and whether this program can work with it."""

from __future__ import annotations

from accountability.errors import DatabaseVersionError

VERSION_TABLE = "acc_alembic_version"
REVISION_QUERY = "SELECT version_num FROM acc_alembic_version"
REVISIONS = ("0001", "0002", "0003")
"""Every revision of the tables, oldest first; the last one is what this program works with."""


def is_current(revision: str | None, name: str) -> bool:
    """Tell whether the tables are at the last revision; False when `migrate` can bring them there.

    Args:
        revision: The revision of the tables; None when there are none.
        name: The database, for the message.

    Raises:
        DatabaseVersionError: The tables are of a newer version than this program.
    """
    if revision is not None and revision not in REVISIONS:
        raise DatabaseVersionError(
            f"{name}: the tables are newer than the program (revision {revision})",
            cure="upgrade the program: pip install --upgrade accountability",
        )
    return revision == REVISIONS[-1]


def require(revision: str | None, name: str) -> None:
    """Insist that the tables are at the last revision.

    Raises:
        DatabaseVersionError: The tables are missing, too old or too new.
    """
    if not is_current(revision, name):
        found = "there are no tables of accountability" if revision is None else "the tables are older than the program"
        raise DatabaseVersionError(f"{name}: {found}")
