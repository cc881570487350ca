"""Servers that may be broken, and an engine on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability import Engine
from tests.faults.ledger import publish
from tests.postgres import Server, drop_database, fresh_database, server_folder

DURABLE = ("fsync=off", "max_connections=60", "shared_buffers=16MB")
"""What is committed outlives a crash of the server; only a crash of the computer would lose it."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a server that the tests of one module may stop, crash and start."""
    with server_folder() as folder:
        made = Server(folder, DURABLE)
        made.make()
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """Give an empty database on that server."""
    made = fresh_database(server.url)
    yield made
    drop_database(server.url, made)


@pytest.fixture
def engine(url: str, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine that knows the procedures."""
    with Engine(url) as made:
        publish(made, tmp_path)
        yield made
