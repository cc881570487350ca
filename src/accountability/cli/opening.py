"""Opening the engine: the slow imports happen here, once a command needs the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accountability.engine.engine import Engine


@contextmanager
def opened(database: str) -> Iterator[Engine]:
    """Open the engine on a database for as long as the block runs.

    Args:
        database: A SQLAlchemy URL or the path of an SQLite file.

    Raises:
        InputError: The URL makes no sense.
        DatabaseError: The database cannot serve.
    """
    from accountability.engine.engine import Engine

    engine = Engine(database)
    try:
        yield engine
    finally:
        engine.close()
