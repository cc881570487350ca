"""One office for all walks: the cases in it do not touch each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability import Engine, ManualClock
from accountability.definition import shipped
from tests.workflows.office import Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open an office in which every shipped workflow is registered."""
    clock = ManualClock("2015-02-09T09:00+08:00")
    folder: Path = tmp_path_factory.mktemp("office")
    with Engine(folder / "office.db", clock=clock) as engine:
        engine.migrate()
        engine.register(shipped.folder())
        yield Office(engine, clock)
