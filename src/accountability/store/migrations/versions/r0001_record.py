"""Make the tables of the record, and the triggers that keep definitions and entries append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_text = sa.Text()
_key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SQLITE_KEYS = {
    # REPLACE deletes the row it collides with and fires no delete trigger, so every unique key must be named, also
    # the rowid that SQLite gives to a table whose key is text.
    "acc_definition": "rowid = NEW.rowid OR digest = NEW.digest OR (workflow = NEW.workflow AND version = NEW.version)",
    "acc_entry": "id = NEW.id OR (case_id = NEW.case_id AND seq = NEW.seq)",
    "acc_log": "true",
}

_POSTGRESQL_FUNCTION = """
CREATE FUNCTION acc_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    """Make tables, indexes and triggers."""
    _make_definitions_and_cases()
    _make_record()
    _make_log()
    protect = _protect_postgresql if op.get_bind().dialect.name == "postgresql" else _protect_sqlite
    protect()


def _make_definitions_and_cases() -> None:
    op.create_table(
        "acc_definition",
        sa.Column("digest", _key, nullable=False),
        sa.Column("workflow", _key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", _text, nullable=False),
        sa.Column("registered_at", _text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_acc_definition"),
        sa.UniqueConstraint("workflow", "version", name="uq_acc_definition_workflow"),
    )
    op.create_table(
        "acc_case",
        sa.Column("id", _key, nullable=False),
        sa.Column("workflow", _key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", _key, nullable=False),
        sa.Column("state", _key, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _text, nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("data", _text, nullable=False),
        sa.Column("memory", _text, nullable=False),
        sa.Column("opened_at", _text, nullable=False),
        sa.Column("updated_at", _text, nullable=False),
        sa.Column("parent", _key, nullable=True),
        sa.Column("link", _text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_acc_case"),
    )
    op.create_index("ix_acc_case_parent", "acc_case", ["parent"])
    op.create_index("ix_acc_case_workflow", "acc_case", ["workflow", "id"])


def _make_record() -> None:
    op.create_table(
        "acc_entry",
        sa.Column("id", _number, nullable=False),
        sa.Column("case_id", _key, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("bytes", _text, nullable=False),
        sa.Column("leaf", _text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acc_entry"),
        sa.UniqueConstraint("case_id", "seq", name="uq_acc_entry_case_id"),
    )
    op.create_table(
        "acc_pending",
        sa.Column("entry_id", _number, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_acc_pending"),
    )
    op.create_table(
        "acc_opening",
        sa.Column("case_id", _key, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", _key, nullable=False),
        sa.Column("salt", _text, nullable=False),
        sa.Column("value", _text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "field", name="pk_acc_opening"),
    )
    op.create_table(
        "acc_key",
        sa.Column("key", _key, nullable=False),
        sa.Column("digest", _text, nullable=False),
        sa.Column("case_id", _key, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_acc_key"),
    )


def _make_log() -> None:
    """Name this database's log, so that no entry of another can stand here unnoticed."""
    table = op.create_table(
        "acc_log",
        sa.Column("id", _key, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acc_log"),
    )
    op.bulk_insert(table, [{"id": context.config.attributes["log"]}])


def _protect_sqlite() -> None:
    for table, collides in _SQLITE_KEYS.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {collides}) {refuse}"
        )


def _protect_postgresql() -> None:
    op.execute(_POSTGRESQL_FUNCTION)
    for table in _SQLITE_KEYS:
        refuse = "EXECUTE FUNCTION acc_append_only()"
        op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
