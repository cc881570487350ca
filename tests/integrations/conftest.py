"""A NATS server, and an engine on each kind of database whose entries go there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accountability import Actor, Case, Engine
from tests.engine.conftest import CLERK, WORKFLOWS
from tests.nats_server import NatsServer, nats_server

REVIEWER = Actor("wang", {"reviewer"})


@pytest.fixture
def server() -> Iterator[NatsServer]:
    """Run a server of the test's own."""
    with nats_server() as server:
        yield server


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give a migrated engine with some procedures."""
    with Engine(database_url) as engine:
        engine.migrate()
        engine.register(WORKFLOWS)
        yield engine


@pytest.fixture
def case(engine: Engine) -> Case:
    """Open a case with a withheld value."""
    return engine.start("grant", by=CLERK, data={"purpose": "a bridge", "amount": "400", "applicant": "赵六"})
