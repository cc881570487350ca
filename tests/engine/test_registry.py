"""Published law: once, for good, and never after its first use."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accountability import DefinitionError, Engine, InputError, Refused, UnknownWorkflowError
from accountability.clock import ManualClock
from accountability.engine.publication import Registered
from tests.engine.desk import ANN, BOB, Desk, opened_desk

PERMIT = """\
workflow: permit
version: 1
roles: {clerk: Clerk, head: Head}
start: {by: clerk}
states: {a: , z: {final: true}}
initial: a
transitions: {end: {from: a, to: z, by: head}}
"""
SECOND = PERMIT.replace("version: 1", "version: 2").replace("{from: a, to: z, by: head}", "{from: a, to: z, by: clerk}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open an office without any procedure."""
    with opened_desk(tmp_path) as desk:
        yield desk


def test_a_version_is_published_once(desk: Desk):
    """The second time it is recognised by its content, however the file is laid out."""
    desk.write(PERMIT)
    (first,) = desk.engine.register(desk.folder)
    desk.write(
        "workflow: permit\n# a remark\n" + PERMIT.partition("\n")[2].replace("{clerk: Clerk, ", "{clerk: 'Clerk', ")
    )
    (again,) = desk.engine.register(desk.folder)

    assert (first.workflow, first.version, first.new) == ("permit", 1, True)
    assert again == Registered("permit", 1, first.digest, new=False)
    (published,) = desk.engine.history("workflow:permit")
    assert (published.kind, published.definition, published.actor.id) == ("definition", first.digest, "system")
    assert again.as_json()["new"] is False


def test_a_published_version_never_changes(desk: Desk):
    """Other content under the same number is refused with the number to write, and nothing of the call is kept."""
    desk.publish(PERMIT)
    desk.write(PERMIT.replace("by: head", "by: clerk"), PERMIT.replace("permit", "other"))

    with pytest.raises(DefinitionError, match="published with other content") as error:
        desk.engine.register(desk.folder)
    assert error.value.cure == "a published version never changes: write `version: 2`"
    with pytest.raises(UnknownWorkflowError):
        desk.engine.workflow("other")


def test_a_case_follows_the_version_it_began_under(desk: Desk):
    """A new version is for new cases."""
    desk.publish(PERMIT)
    old = desk.engine.start("permit", by=ANN)
    desk.publish(SECOND)
    new = desk.engine.start("permit", by=ANN)

    assert (old.version, new.version) == (1, 2)
    assert [reason.code for reason in desk.refused(old, "end", ANN).reasons] == ["role"]
    assert desk.engine.fire(new.id, "end", by=ANN).closed
    assert desk.engine.fire(old.id, "end", by=BOB).closed
    assert desk.problems() == {}


def test_the_newest_version_counts_in_whatever_order_they_came(desk: Desk):
    """The highest number, also when a lower one is published later."""
    desk.publish(SECOND)
    desk.publish(PERMIT)

    assert desk.engine.start("permit", by=ANN).version == 2
    assert desk.engine.workflow("permit").version == 2
    assert desk.engine.workflow("permit", 1).version == 1
    with pytest.raises(UnknownWorkflowError, match="no version 3"):
        desk.engine.workflow("permit", 3)
    assert desk.problems() == {}


def test_an_unknown_workflow_is_met_with_what_may_have_been_meant(desk: Desk):
    """The nearest name, else those there are, else what to do first."""
    with pytest.raises(UnknownWorkflowError) as nothing:
        desk.engine.start("permit", by=ANN)
    desk.publish(PERMIT)
    with pytest.raises(UnknownWorkflowError) as near:
        desk.engine.start("permti", by=ANN)
    with pytest.raises(UnknownWorkflowError) as far:
        desk.engine.start("marriage", by=ANN)

    assert "accountability register" in str(nothing.value.cure)
    assert near.value.cure == "did you mean `permit`?"
    assert far.value.cure == "published: permit"


def test_a_file_with_an_error_publishes_nothing(desk: Desk):
    """All findings come with the error, each with its place."""
    desk.write(PERMIT, PERMIT.replace("permit", "broken").replace("by: head", "by: haed"))

    with pytest.raises(DefinitionError) as error:
        desk.engine.register(desk.folder)
    first = error.value.findings[0]
    assert (first["code"], first["line"]) == ("ACC201", 7)
    assert list(desk.engine.history()) == []


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_paths_without_a_workflow_are_refused(desk: Desk, path: str):
    """A path that does not exist, and a folder without any."""
    (desk.folder / "empty").mkdir()

    with pytest.raises(InputError) as error:
        desk.engine.register(desk.folder / path)
    assert error.value.cure


def test_nothing_happens_before_its_law_was_published(desk: Desk):
    """Clocks of two computers differ: a case that starts, or is refused, with an earlier clock still comes after."""
    desk.publish(PERMIT)
    (published,) = desk.engine.history("workflow:permit")
    desk.clock.advance(minutes=-5)

    case = desk.engine.start("permit", by=ANN)
    with pytest.raises(Refused):
        desk.engine.start("permit", by=BOB)

    assert case.opened_at == published.at
    assert all(entry.at >= published.at for entry in desk.engine.history(refusals=True))
    assert desk.problems() == {}


def test_versions_are_in_the_order_of_their_publication(desk: Desk):
    """Also when the clock was set back in between."""
    desk.publish(PERMIT)
    desk.clock.advance(hours=-1)
    desk.publish(SECOND)
    first, second = desk.engine.history("workflow:permit")

    assert (first.version, second.version, second.prev) == (1, 2, first.leaf)
    assert second.at >= first.at
    assert desk.engine.start("permit", by=ANN).opened_at >= second.at
    assert desk.problems() == {}


def test_a_child_never_begins_before_its_law(tmp_path: Path):
    """The law of the child may be younger than the clock of whoever opens it."""
    parent = PERMIT.replace("start: {by: clerk}", "start: {by: clerk, opens: {workflow: part, as: parts}}")
    parent = parent.replace("by: head}", "by: head, awaits: parts}")
    with opened_desk(tmp_path) as desk:
        desk.publish(parent, PERMIT.replace("permit", "part"))
        desk.clock.advance(minutes=5)
        desk.write(SECOND.replace("permit", "part"))
        desk.engine.register(desk.folder / "part.yaml")
        desk.clock.advance(minutes=-5)
        case = desk.engine.start("permit", by=ANN)

        (child,) = desk.children(case, "parts")
        assert desk.engine.case(child).version == 2
        assert desk.problems() == {}


def test_threads_publish_the_same_file_once(desk: Desk):
    """One of them publishes it; the others find it published."""
    desk.write(PERMIT)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: desk.engine.register(desk.folder)[0], range(8)))

    assert sorted(result.new for result in results) == [False] * 7 + [True]
    assert len(list(desk.engine.history("workflow:permit"))) == 1


def test_another_engine_on_the_same_record_knows_the_same_law(desk: Desk):
    """What is compiled in one process is read from the record in the other."""
    desk.publish(PERMIT)
    case = desk.engine.start("permit", by=ANN)
    with Engine(desk.database, clock=ManualClock("2015-02-10T09:00+08:00")) as other:
        assert other.fire(case.id, "end", by=BOB).closed
        desk.publish(SECOND)
        assert other.start("permit", by=ANN).version == 2
