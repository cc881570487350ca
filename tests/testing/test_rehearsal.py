"""Engines for scenarios: copies of a prepared record, each as if nobody had touched it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from accountability import Actor, Engine
from accountability.errors import InputError
from accountability.store.database import Database
from accountability.testing.rehearsal import BEFORE_EVERYTHING, Rehearsal, prepared
from tests.testing.town import write_town

ANN = Actor("ann", {"clerk"})
BEGIN = datetime(2015, 2, 9, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Prepare an engine."""
    return prepared([write_town(tmp_path_factory.mktemp("town") / "workflows")])


def test_workflows_are_registered_before_any_scenario_begins(engine: Engine):
    """A case may begin in any year that people write about."""
    assert {workflow.workflow for workflow in engine.workflows()} == {"part", "request"}
    assert {entry.at for entry in engine.history()} == {BEFORE_EVERYTHING}


def test_what_is_done_on_a_copy_is_forgotten(engine: Engine):
    """The prepared engine stays empty, and so does the next beginning."""
    with Rehearsal(engine) as rehearsal:
        rehearsal.begin(BEGIN)
        case = rehearsal.start("part", by=ANN, data={"what": "a stone"})
        assert case.opened_at == BEGIN
        assert rehearsal.verify().ok
        rehearsal.begin(BEGIN)
        assert list(rehearsal.cases()) == []
        assert list(engine.cases()) == []


def test_later_is_counted_by_the_calendar_of_the_workflow(engine: Engine):
    """The request counts by the Chinese calendar in its zone, the part by every day in UTC."""
    with Rehearsal(engine) as rehearsal:
        rehearsal.begin(BEGIN)
        late = datetime(2015, 2, 17, 1, 0, tzinfo=UTC)
        assert rehearsal.later(late, "1 working day", "request") == datetime(2015, 2, 25, 1, 0, tzinfo=UTC)
        assert rehearsal.later(late, "1 working day", "part") == datetime(2015, 2, 18, 1, 0, tzinfo=UTC)
        assert rehearsal.later(late, "36 hours", "request") == datetime(2015, 2, 18, 13, 0, tzinfo=UTC)
        assert rehearsal.beginning(BEGIN.date(), "request") == datetime(2015, 2, 8, 16, 0, tzinfo=UTC)
        assert rehearsal.beginning(BEGIN.date(), "part") == datetime(2015, 2, 9, 0, 0, tzinfo=UTC)


def test_the_next_wake_is_that_of_the_earliest_deadline(engine: Engine):
    """A warning comes before the end; without deadlines nothing wakes."""
    with Rehearsal(engine) as rehearsal:
        rehearsal.begin(BEGIN)
        assert rehearsal.next_wake() is None
        rehearsal.start("request", by=ANN, data={"what": "a tree"})
        assert rehearsal.next_wake() == datetime(2015, 3, 1, 16, 0, tzinfo=UTC)


def test_only_records_in_memory_are_copied(tmp_path: Path):
    """A file is somebody's record; nothing is ever copied over it."""
    memory, file = Database("sqlite://"), Database(str(tmp_path / "town.db"))
    memory.migrate()
    file.migrate()
    for source, target in ((memory, file), (file, memory)):
        with pytest.raises(InputError, match="in memory"):
            source.copy_into(target)
    copy = Database("sqlite://")
    memory.copy_into(copy)
    for database in (memory, file, copy):
        database.require_version()
        database.close()
