"""An engine on each kind of database, the people of the tests, and two small procedures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability import Actor, Case, Engine, ManualClock

WORKFLOWS = Path(__file__).parent / "workflows"

CLERK = Actor("zhang", {"clerk"})
CARRIER = Actor("chen", {"carrier"})
REVIEWER = Actor("wang", {"reviewer"})
HEAD = Actor("li", {"head"})
MORNING = "2015-02-09T09:00+08:00"


@pytest.fixture
def clock() -> ManualClock:
    """Stand still on a Monday morning in 2015."""
    return ManualClock(MORNING)


@pytest.fixture
def engine(database_url: str, clock: ManualClock) -> Iterator[Engine]:
    """Give a migrated engine that knows the two procedures."""
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        engine.register(WORKFLOWS)
        yield engine


@pytest.fixture
def grant(engine: Engine) -> Case:
    """Open a grant of 400, with an applicant's name."""
    return engine.start("grant", by=CLERK, data={"purpose": "a bridge", "amount": "400", "applicant": "赵六"})


@pytest.fixture
def bundle(engine: Engine) -> Case:
    """Open a bundle and spread it into three parcels."""
    case = engine.start("bundle", by=CLERK, data={"names": ["a", "b", "c"]})
    return engine.fire(case.id, "spread", by=CLERK)
