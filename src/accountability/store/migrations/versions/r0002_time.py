"""Give cases deadlines and a time to wake, entries a place in the log, subscriptions a place to go on from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_text = sa.Text()
_key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what time needs; nothing that is recorded changes."""
    op.add_column("acc_case", sa.Column("deadlines", _text, nullable=True))
    op.add_column("acc_case", sa.Column("wake", _key, nullable=True))
    waking = sa.text("wake IS NOT NULL")
    op.create_index("ix_acc_case_wake", "acc_case", ["wake", "id"], postgresql_where=waking, sqlite_where=waking)
    following = sa.text("parent IS NOT NULL")
    op.drop_index("ix_acc_case_parent", "acc_case")
    op.create_index("ix_acc_case_parent", "acc_case", ["parent"], postgresql_where=following, sqlite_where=following)
    op.create_table(
        "acc_leaf",
        sa.Column("position", _number, autoincrement=False, nullable=False),
        sa.Column("entry_id", _number, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_acc_leaf"),
        sa.UniqueConstraint("entry_id", name="uq_acc_leaf_entry_id"),
    )
    op.create_table(
        "acc_subscription",
        sa.Column("name", _key, nullable=False),
        sa.Column("position", _number, nullable=False),
        sa.Column("holder", _text, nullable=True),
        sa.Column("held_until", _text, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_acc_subscription"),
    )
    protect = _protect_postgresql if op.get_bind().dialect.name == "postgresql" else _protect_sqlite
    protect()


def _protect_sqlite() -> None:
    """Refuse what changes a place; REPLACE fires no delete trigger, so every unique key is named."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'acc_leaf is append-only'); END"
    taken = "SELECT 1 FROM acc_leaf WHERE position = NEW.position OR entry_id = NEW.entry_id"
    op.execute(f"CREATE TRIGGER acc_leaf_no_update BEFORE UPDATE ON acc_leaf {refuse}")
    op.execute(f"CREATE TRIGGER acc_leaf_no_delete BEFORE DELETE ON acc_leaf {refuse}")
    op.execute(f"CREATE TRIGGER acc_leaf_no_replace BEFORE INSERT ON acc_leaf WHEN EXISTS ({taken}) {refuse}")


def _protect_postgresql() -> None:
    refuse = "EXECUTE FUNCTION acc_append_only()"
    op.execute(f"CREATE TRIGGER acc_leaf_no_change BEFORE UPDATE OR DELETE ON acc_leaf FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER acc_leaf_no_truncate BEFORE TRUNCATE ON acc_leaf FOR EACH STATEMENT {refuse}")
