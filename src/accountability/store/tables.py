"""The tables, each named and typed once. Rows never travel above this package.

Times are text in the form of `canonical.instant`, so that they sort as text and are the same on both databases. JSON
is canonical text: what was hashed is what is stored. `migrations/` makes these tables and their triggers; a test holds
the two equal.
"""

from __future__ import annotations

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from accountability.store.columns import KEY, NUMBER, TEXT

PREFIX = "acc_"
KEPT_CHARACTERS = 200
"""How much of a value is kept to find cases by; the whole is compared with the case itself."""
WAKING = "wake IS NOT NULL"
FOLLOWING = "parent IS NOT NULL"
"""Most cases have no parent. A whole index would hold them all under one key, and SQLite, once it has counted that,
would read the table instead."""

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Base of our tables, in a registry of its own, so that nothing mixes with the tables of a host application."""


class DefinitionRow(Row, table=True):
    """One published version of a workflow. Append-only by triggers."""

    __tablename__ = "acc_definition"
    __table_args__ = (UniqueConstraint("workflow", "version"),)

    digest: str = Field(sa_type=KEY, primary_key=True)
    workflow: str = Field(sa_type=KEY)
    version: int
    content: str = Field(sa_type=TEXT)
    registered_at: str = Field(sa_type=TEXT)


class CaseRow(Row, table=True):
    """A case as it stands; `seq` guards every write.

    No index holds a column that every act changes, so that moving a case touches its row alone. `wake` is the earliest
    moment at which time alone changes something about the case: the row is its own timer.
    """

    __tablename__ = "acc_case"
    __table_args__ = (
        Index(None, "parent", postgresql_where=text(FOLLOWING), sqlite_where=text(FOLLOWING)),
        Index(None, "workflow", "id"),
        Index(None, "wake", "id", postgresql_where=text(WAKING), sqlite_where=text(WAKING)),
    )

    id: str = Field(sa_type=KEY, primary_key=True)
    workflow: str = Field(sa_type=KEY)
    version: int
    definition: str = Field(sa_type=KEY)
    state: str = Field(sa_type=KEY)
    seq: int
    head: str = Field(sa_type=TEXT)
    closed: bool
    data: str = Field(sa_type=TEXT)
    memory: str = Field(sa_type=TEXT)
    opened_at: str = Field(sa_type=TEXT)
    updated_at: str = Field(sa_type=TEXT)
    parent: str | None = Field(sa_type=KEY)
    link: str | None = Field(sa_type=TEXT)
    deadlines: str | None = Field(sa_type=TEXT)
    wake: str | None = Field(sa_type=KEY)


class EntryRow(Row, table=True):
    """One recorded act, as the exact bytes that were hashed. Append-only by triggers.

    `seq` is null for a refusal, which is an entry of the log but not a link of its case's chain.
    """

    __tablename__ = "acc_entry"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: int | None = Field(sa_type=NUMBER, primary_key=True)
    case_id: str = Field(sa_type=KEY)
    seq: int | None
    bytes: str = Field(sa_type=TEXT)
    leaf: str = Field(sa_type=TEXT)


class PendingRow(Row, table=True):
    """An entry that has no place in the log yet. Entries stay, so no foreign key watches over it."""

    __tablename__ = "acc_pending"

    entry_id: int = Field(
        sa_type=NUMBER,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
    )


class LeafRow(Row, table=True):
    """An entry's place in the log, counted from 0 without a gap: the order in which everybody hears of the entries.

    Append-only by triggers.
    """

    __tablename__ = "acc_leaf"
    __table_args__ = (UniqueConstraint("entry_id"),)

    position: int = Field(sa_type=NUMBER, primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: int = Field(sa_type=NUMBER)


class SubscriptionRow(Row, table=True):
    """How far somebody who listens has come: the position of the next leaf to deliver, and who delivers it now."""

    __tablename__ = "acc_subscription"

    name: str = Field(sa_type=KEY, primary_key=True)
    position: int = Field(sa_type=NUMBER)
    holder: str | None = Field(sa_type=TEXT)
    held_until: str | None = Field(sa_type=TEXT)


class LogRow(Row, table=True):
    """The one row that names this database's log. Append-only by triggers."""

    __tablename__ = "acc_log"

    id: str = Field(sa_type=KEY, primary_key=True)


class OpeningRow(Row, table=True):
    """The value behind a salted commitment: the one thing about a case that can be erased."""

    __tablename__ = "acc_opening"

    case_id: str = Field(sa_type=KEY, primary_key=True)
    seq: int = Field(primary_key=True)
    field: str = Field(sa_type=KEY, primary_key=True)
    salt: str = Field(sa_type=TEXT)
    value: str = Field(sa_type=TEXT)


class LookupRow(Row, table=True):
    """A field by which some published workflow looks up the cases of another: `reads`."""

    __tablename__ = "acc_lookup"

    workflow: str = Field(sa_type=KEY, primary_key=True)
    field: str = Field(sa_type=KEY, primary_key=True)


class ValueRow(Row, table=True):
    """What a case holds in a field by which it is looked up, as JSON. Kept by triggers, from `acc_case` alone."""

    __tablename__ = "acc_value"
    __table_args__ = (Index(None, "case_id"),)

    workflow: str = Field(sa_type=KEY, primary_key=True)
    field: str = Field(sa_type=KEY, primary_key=True)
    value: str = Field(sa_type=KEY, primary_key=True)
    case_id: str = Field(sa_type=KEY, primary_key=True)


class KeyRow(Row, table=True):
    """What a caller's key was used for, so that the same request is done once."""

    __tablename__ = "acc_key"

    key: str = Field(sa_type=KEY, primary_key=True)
    digest: str = Field(sa_type=TEXT)
    case_id: str = Field(sa_type=KEY)
    seq: int
