"""One office for all walks: the cases in it do not touch each other; one engine for scenarios that pages name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from accountability import Engine, ManualClock
from accountability.definition import shipped
from accountability.testing.rehearsal import Rehearsal, prepared
from tests.workflows.office import Office
from tests.workflows.tables import LAWS


@pytest.fixture(scope="session", params=get_args(shipped.Profile))
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open an office in which every shipped workflow is registered, under today's law and under that of 2015."""
    clock = ManualClock("2015-02-09T09:00+08:00")
    folder: Path = tmp_path_factory.mktemp("office")
    with Engine(folder / "office.db", clock=clock) as engine:
        engine.migrate()
        engine.register(shipped.folder(request.param))
        yield Office(engine, clock)


@pytest.fixture(scope="package")
def rehearsal() -> Iterator[Rehearsal]:
    """One engine on which scenarios are run, each on a record of its own."""
    with Rehearsal(prepared(LAWS.paths)) as engine:
        yield engine
