"""Keep what cases hold in the fields by which other workflows look them up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# Values are kept by their first 200 characters, since PostgreSQL's indexes hold no long ones.
_SQLITE_KEPT = """
INSERT INTO acc_value (workflow, field, value, case_id)
SELECT NEW.workflow, looked.field, substr(NEW.data -> ('$.' || looked.field), 1, 200), NEW.id FROM acc_lookup AS looked
WHERE looked.workflow = NEW.workflow AND NEW.data -> ('$.' || looked.field) IS NOT NULL;
"""
_SQLITE_LOOKED_UP = "EXISTS (SELECT 1 FROM acc_lookup WHERE workflow = NEW.workflow)"

# Whoever writes a value waits for those who are looking for it: 1633907571 is our class among the advisory locks.
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION acc_keep_values() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM acc_lookup WHERE workflow = NEW.workflow) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM acc_value WHERE case_id = NEW.id;
    END IF;
    FOR held IN
        SELECT looked.field, left((NEW.data::json -> looked.field)::text, 200) AS value FROM acc_lookup AS looked
        WHERE looked.workflow = NEW.workflow AND NEW.data::json -> looked.field IS NOT NULL ORDER BY looked.field
    LOOP
        PERFORM pg_advisory_xact_lock(
            1633907571, hashtext(NEW.workflow || '.' || held.field || '=' || held.value) % 1024
        );
        INSERT INTO acc_value (workflow, field, value, case_id)
        VALUES (NEW.workflow, held.field, held.value, NEW.id);
    END LOOP;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Make the tables and the triggers that fill them; nothing is looked up yet."""
    op.create_table(
        "acc_lookup",
        sa.Column("workflow", _key, nullable=False),
        sa.Column("field", _key, nullable=False),
        sa.PrimaryKeyConstraint("workflow", "field", name="pk_acc_lookup"),
    )
    op.create_table(
        "acc_value",
        sa.Column("workflow", _key, nullable=False),
        sa.Column("field", _key, nullable=False),
        sa.Column("value", _key, nullable=False),
        sa.Column("case_id", _key, nullable=False),
        sa.PrimaryKeyConstraint("workflow", "field", "value", "case_id", name="pk_acc_value"),
    )
    op.create_index("ix_acc_value_case_id", "acc_value", ["case_id"])
    keep = _keep_postgresql if op.get_bind().dialect.name == "postgresql" else _keep_sqlite
    keep()


def _keep_sqlite() -> None:
    op.execute(
        f"CREATE TRIGGER acc_case_opened_values AFTER INSERT ON acc_case WHEN {_SQLITE_LOOKED_UP} "
        f"BEGIN {_SQLITE_KEPT} END"
    )
    op.execute(
        f"CREATE TRIGGER acc_case_moved_values AFTER UPDATE OF data ON acc_case "
        f"WHEN NEW.data IS NOT OLD.data AND {_SQLITE_LOOKED_UP} "
        f"BEGIN DELETE FROM acc_value WHERE case_id = NEW.id; {_SQLITE_KEPT} END"
    )


def _keep_postgresql() -> None:
    op.execute(_POSTGRESQL_FUNCTION)
    kept = "FOR EACH ROW {} EXECUTE FUNCTION acc_keep_values()"
    op.execute(f"CREATE TRIGGER acc_case_opened_values AFTER INSERT ON acc_case {kept.format('')}")
    changed = kept.format("WHEN (NEW.data IS DISTINCT FROM OLD.data)")
    op.execute(f"CREATE TRIGGER acc_case_moved_values AFTER UPDATE OF data ON acc_case {changed}")
