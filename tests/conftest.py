"""What every test may ask for: databases of both kinds, and how hard Hypothesis tries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadlines: the examples share their processors with other tests, so a slow one proves nothing.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=5000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "default")


# `tests.postgres` loads the store; tests of the pure rooms start without it, so the fixtures import it themselves.


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Run a PostgreSQL of this worker's own, and give its administrator's URL."""
    from tests.postgres import postgres_server

    with postgres_server() as admin_url:
        yield admin_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    from tests.postgres import drop_database, fresh_database

    admin_url = request.getfixturevalue("postgres_url")
    url = fresh_database(admin_url)
    yield url
    drop_database(admin_url, url)
