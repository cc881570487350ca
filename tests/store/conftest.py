"""Databases for the store's tests: every promise is kept on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability.store.database import Database
from tests.postgres import drop_database, fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without any table, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    admin_url = request.getfixturevalue("postgres_url")
    url = fresh_database(admin_url)
    yield url
    drop_database(admin_url, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a migrated database without any row, once of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'record.db'}"
        database = Database(url)
        database.migrate()
        database.close()
        yield url
        return
    admin_url = request.getfixturevalue("postgres_url")
    url = fresh_database(admin_url, migrated=True)
    yield url
    drop_database(admin_url, url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a migrated database, once of each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()
