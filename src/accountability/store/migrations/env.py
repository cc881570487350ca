"""Run by alembic: applies revisions inside the transaction that `migrate` opened."""

from __future__ import annotations

from alembic import context

from accountability.store.revision import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
