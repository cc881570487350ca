"""The shipped report on a record that was walked: each figure in its unit, each followed to its entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accountability import Engine, ManualClock
from accountability.definition import shipped
from accountability.reports.figures import Report
from tests.workflows.office import Office, person

REPORT = shipped.folder() / "reports" / "discipline_year.yaml"
YEAR = {"since": date(2015, 1, 1), "until": date(2015, 12, 31)}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Office]:
    """Open an office of its own, at the beginning of 2014."""
    clock = ManualClock("2014-02-09T09:00+08:00")
    with Engine(tmp_path / "office.db", clock=clock) as engine:
        engine.migrate()
        engine.register(shipped.folder())
        yield Office(engine, clock)


def finish(office: Office, case: str) -> None:
    """Execute every decision of a case and close it."""
    for subject in office.children(case, "subjects"):
        office.executed(subject)
    office.do(case, "decide_dual", "pan", "dual_decision", reason="no leader's part", dual_decision="not_open")
    office.do(case, "close", ["guan", "pan"], "closure_report")


def report(office: Office, **options: Any) -> Report:
    """Count the year, a minute after the last act."""
    office.clock.advance(minutes=1)
    return office.engine.report(REPORT, **YEAR, **options)


def test_a_year_is_counted_in_its_own_units(fresh: Office):
    """Repeats are petitions, checks of an audit are checks, a case has many persons, and is closed in its own year."""
    carried_over = fresh.decided("甲", source="inspection")
    fresh.checked(source="audit")
    fresh.clock.set("2015-03-01T09:00+08:00")
    finish(fresh, carried_over)
    finish(fresh, fresh.decided("乙", "丙", "丁"))
    fresh.decided("戊", level=4)
    fresh.checked(source="audit")
    fresh.do(fresh.registered(), "link_repeat", "wang", repeat_of="2015-001")
    fresh.do(fresh.proposed(), "approve_filing", "pan")

    counted = report(fresh, compare="previous_year").as_json()

    found = {name: (one["value"], one["previous"], one["growth"]) for name, one in counted["figures"].items()}
    assert found == {
        "petitions": (4, None, None),
        "checks": (4, 2, 100.0),
        "filed": (2, 1, 100.0),
        "closed": (2, 0, None),
        "sanctioned": (3, 1, 200.0),
    }


def test_each_figure_is_followed_to_the_entries_it_counts(fresh: Office):
    """The last signature of a check, the second approval of a filing, the decision on a person."""
    fresh.clock.set("2015-03-01T09:00+08:00")
    case = fresh.decided("乙", "丙")
    trace = report(fresh).trace
    [check], [filed] = trace["checks"], trace["filed"]
    assert (check.trigger, check.kind, check.actor.id) == ("dispose_verify", "transition", "deng")
    assert (filed.target, filed.actor.id) == ("filed", "shu")
    assert [entry.case for entry in trace["sanctioned"]] == fresh.children(case, "subjects")
    leaves = {entry.leaf for entry in fresh.engine.history()}
    assert all(entry.leaf in leaves for entries in trace.values() for entry in entries)


def test_a_year_in_china_begins_in_china(fresh: Office):
    """A petition of New Year's morning is one of the new year, though Greenwich still has the old one."""
    fresh.clock.set("2015-01-01T07:00+08:00")
    fresh.submitted()
    assert report(fresh).figures["petitions"].value == 1


def test_a_corrected_source_corrects_the_figure(fresh: Office):
    """A clue that was entered as a petition by mistake is none any more, in the year it was entered."""
    fresh.clock.set("2015-12-30T09:00+08:00")
    case = fresh.submitted()
    assert report(fresh).figures["petitions"].value == 1
    fresh.clock.set("2016-01-10T09:00+08:00")
    fresh.engine.fire(
        case.id, "correct", by=person("wang"), data={"seq": 1, "data": {"source": "audit"}}, reason="it came by audit"
    )
    assert report(fresh).figures["petitions"].value == 0


def test_the_sixth_measure_splits_what_the_year_counts(fresh: Office):
    """Decisions by their weight, clues by their source, dual investigation by its outcome; the sums are the year's."""
    fresh.clock.set("2015-03-01T09:00+08:00")
    finish(fresh, fresh.decided("乙", "丙", "丁"))
    fresh.decided("戊", level=4, source="audit")
    fresh.clock.advance(minutes=1)
    year, measure = fresh.engine.reports([REPORT, REPORT.with_name("measure_6_hold_accountable.yaml")], **YEAR)

    def parts(figure: str) -> dict[str | None, int]:
        return {one.group: one.value for one in measure.figures[figure].groups or () if one.value}

    assert parts("decisions") == {"4": 1, "6": 3}
    assert parts("clues") == {"petition": 1, "audit": 1}
    assert parts("dual") == {"not_open": 1}
    for figure, counted in year.figures.items():
        assert measure.figures[figure].value == counted.value
        assert measure.trace[figure] == year.trace[figure]
