"""The county's two years: played once, then counted, traced, verified and tampered with."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from accountability import Actor, Engine, Refused
from accountability.audit.entry import Entry, decode
from accountability.audit.verdict import Verdict
from accountability.clock import ManualClock
from accountability.definition.shipped import folder
from accountability.demonstration.county import Demonstration, run
from accountability.demonstration.people import COMMITTEE, PRINCIPAL
from accountability.reports.figures import Report

# One worker plays the county for all tests of this file: `--dist=loadfile` keeps them together.
pytestmark = pytest.mark.slow

REPORTS = folder() / "reports"


@pytest.fixture(scope="session")
def told() -> list[tuple[str, int, int]]:
    """Hold what the demonstration tells of its progress."""
    return []


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, int, int]]) -> Demonstration:
    """Play the county's two years."""
    return run(tmp_path_factory.mktemp("county"), lambda *progress: told.append(progress))


@pytest.fixture(scope="session")
def engine(county: Demonstration) -> Iterator[Engine]:
    """Open the county's record."""
    with Engine(county.database, clock=ManualClock("2015-11-02T09:00+08:00")) as engine:
        yield engine


@pytest.fixture(scope="session")
def record(engine: Engine) -> list[Entry]:
    """Read the whole record, refusals included."""
    return list(engine.history(refusals=True))


@pytest.mark.parametrize(
    ("figure", "value", "previous", "growth"),
    [
        ("petitions", 62, 0, None),
        ("checks", 80, 70, "14.3"),
        ("filed", 54, 33, "63.6"),
        ("closed", 49, 32, "53.1"),
        ("sanctioned", 59, 45, "31.1"),
    ],
)
def test_the_yearly_figures_are_those_that_the_county_published(
    county: Demonstration, figure: str, value: int, previous: int, growth: str | None
):
    """62 petitions, 80 checks (+14.3 %), 54 cases filed (+63.6 %), 49 closed (+53.1 %), 59 sanctioned (+31.1 %).

    Source: Gaotai county, January to October 2015, compared with the same months of 2014. In 2014 no petitions were
    registered here, so their growth is not applicable.
    """
    found = county.report.figures[figure]

    assert (found.value, found.previous) == (value, previous)
    assert found.growth == (None if growth is None else Decimal(growth))


@pytest.mark.parametrize(
    ("figure", "value"),
    [("letters", 77), ("promises", 77), ("televised", 46), ("reviewed", 505), ("published", 505)],
)
def test_the_two_responsibilities_are_those_that_the_county_published(county: Demonstration, figure: str, value: int):
    """77 letters with the county committee, 77 heads' promises, 46 on television, 505 reviewed and published."""
    assert county.duties.figures[figure].value == value


def test_the_reports_cover_ten_months_and_the_same_of_the_year_before(county: Demonstration):
    """January to October, and everything recorded until the day of the report."""
    for report in (county.report, county.duties):
        assert report.period.as_json() == {"from": "2015-01-01", "to": "2015-10-31"}
        assert report.compare is not None
        assert report.compare.as_json() == {"from": "2014-01-01", "to": "2014-10-31"}


def reported(county: Demonstration) -> Iterator[tuple[Report, str]]:
    """Give every figure of both reports."""
    for report in (county.report, county.duties):
        yield from ((report, name) for name in report.figures)


def test_every_figure_can_be_traced_to_the_entries_it_counts(county: Demonstration, record: list[Entry]):
    """As many entries as its value, each in the record with that hash, each one once."""
    leaves = {entry.leaf: entry for entry in record}

    for report, name in reported(county):
        trace = report.trace[name]
        assert len(trace) == report.figures[name].value
        assert len({entry.leaf for entry in trace}) == len(trace)
        assert all(leaves[entry.leaf] == entry for entry in trace)
        assert {entry.trigger for entry in trace} == {trace[0].trigger}


def test_the_figures_can_be_counted_by_hand(county: Demonstration, record: list[Entry]):
    """Straight from the entries, without the report's own way of counting."""
    year = [one for one in record if one.kind == "transition" and one.at.year == 2015 and one.at.month <= 10]

    def cases(workflow: str, trigger: str, **data: Any) -> int:
        return len(
            {
                entry.case
                for entry in year
                if (entry.workflow, entry.trigger) == (workflow, trigger)
                and all(entry.data.get(name) == value for name, value in data.items())
            }
        )

    counted = {
        "petitions": cases("petition", "submit", source="petition"),
        "checks": cases("petition", "dispose_verify"),
        "filed": cases("petition", "approve_filing"),
        "closed": cases("case", "close"),
        "sanctioned": cases("subject", "decide", level=6),
    }
    assert counted == {name: figure.value for name, figure in county.report.figures.items()}


def test_the_same_record_gives_the_same_report(county: Demonstration, engine: Engine):
    """A report can be made again from the record alone, later."""
    again = engine.report(
        REPORTS / "discipline_year.yaml", since=date(2015, 1, 1), until=date(2015, 10, 31), compare="previous_year"
    )

    assert again.figures == county.report.figures
    assert again.trace == county.report.trace


def test_the_progress_is_told_to_the_end(county: Demonstration, told: list[tuple[str, int, int]]):
    """For each part of the work up to the last of so many."""
    last = {what: (done, total) for what, done, total in told}

    assert len(last) == 3
    assert all(done == total > 0 for done, total in last.values())
    assert last["verifying the record"] == (county.entries, county.entries)


def test_the_record_verifies(county: Demonstration, record: list[Entry]):
    """Every check is ok, and every entry was looked at."""
    assert county.verdict.ok
    assert {check.verdict for check in county.verdict.checks} == {"ok"}
    assert county.verdict.entries == county.entries == len(record)


def test_a_tampered_copy_does_not_verify_and_names_the_case(county: Demonstration, record: list[Entry]):
    """Somebody made a lighter sanction of a heavy one in the database: the case and the entry are named."""
    leaves = {entry.leaf: entry for entry in record}
    with closing(sqlite3.connect(county.tampered_database)) as copy:
        rows = copy.execute("SELECT case_id, seq, bytes, leaf FROM acc_entry").fetchall()
    (changed,) = [(case, seq) for case, seq, text, leaf in rows if decode(text, leaf) != leaves[leaf]]

    assert not county.tampered.ok
    problems = [problem for check in county.tampered.checks for problem in check.problems]
    assert changed in [(problem.case, problem.seq) for problem in problems]
    assert {problem.case for problem in problems} == {changed[0]}
    assert changed[0] in county.changed


def test_refusals_are_in_the_record(county: Demonstration, record: list[Entry]):
    """What people tried and the rules forbade, each with its reasons; several kinds of them."""
    refusals = [entry for entry in record if entry.kind == "refusal"]

    assert len(refusals) == county.refusals > 30
    assert all(entry.reasons for entry in refusals)
    codes = {reason["code"] for entry in refusals for reason in entry.reasons}
    assert {"state", "role", "guard", "four_eyes"} <= codes


def test_the_dual_investigation_ends_with_reminders_to_the_leaders(engine: Engine, record: list[Entry]):
    """Six village doctors, decided at level 4; behind them two leaders of the health bureau, reminded: level 0."""
    (decided,) = [one for one in record if one.trigger == "decide_dual" and one.data.get("dual_decision") == "open"]
    case = engine.case(decided.case)
    subjects = [engine.case(child.id) for child in case.children if child.link == "subjects"]
    (pursued,) = [child.id for child in case.children if child.link == "liability"]
    liability = engine.case(pursued, by=COMMITTEE)

    assert [subject.data["level"] for subject in subjects] == [4] * 6
    assert (liability.workflow, liability.closed, liability.parent) == ("leadership_liability", True, case.id)
    assert [(one["outcome"], one["level"]) for one in liability.data["decisions"]] == [("measure", 0)] * 2
    (opened,) = decided.children
    assert opened["case"] == liability.id


def test_no_case_is_closed_without_a_decision_about_the_leaders(engine: Engine, record: list[Entry]):
    """Whether one pursues the leaders is decided before the case closes; who tries to close it earlier is refused."""
    closed = {entry.case: entry.seq for entry in record if (entry.workflow, entry.trigger) == ("case", "close")
              and entry.kind == "transition"}  # fmt: skip
    decided = {entry.case: entry.seq for entry in record if entry.trigger == "decide_dual" and entry.kind == "act"}
    tried = [one for one in record if one.kind == "refusal" and (one.workflow, one.trigger) == ("case", "close")]

    assert len(closed) == 49 + 32
    assert all(decided[case] < seq for case, seq in closed.items())
    assert tried
    for entry in tried:
        assert any("decided whether the leaders are pursued" in reason["message"] for reason in entry.reasons)
    some = next(iter(closed))
    assert "dual_decision" not in engine.replay(some, seq=decided[some] - 1).data


def test_most_deadlines_were_kept_and_the_others_are_told(county: Demonstration):
    """A few late or overdue, as in any office; some are still running on the day of the report."""
    kept = county.timeliness
    assert kept.kept > 100 * (kept.late + kept.overdue)
    assert min(kept.late, kept.overdue, kept.running, kept.extended, kept.paused) > 0


def test_what_was_late_was_recorded_as_over_before_it_was_met(county: Demonstration, record: list[Entry]):
    """And it was met all the same: a late act is valid, and late for ever."""
    over = {(entry.case, change["deadline"]): entry.at for entry, change in changes(record, "breached")}
    late = [(entry, change["deadline"]) for entry, change in changes(record, "met") if change.get("late")]
    assert len(late) == county.timeliness.late
    assert all(over[entry.case, deadline] < entry.at for entry, deadline in late)


def test_more_time_was_given_before_the_time_was_over_and_then_it_was_kept(record: list[Entry]):
    """By the principal, with a reason; none of the checks that had more time was late."""
    extended = [(entry, change["deadline"]) for entry, change in changes(record, "extended")]
    assert extended
    assert {(entry.actor.id, deadline) for entry, deadline in extended} == {(PRINCIPAL.id, "verification")}
    assert all(entry.reason for entry, _ in extended)
    met = {(entry.case, change["deadline"]) for entry, change in changes(record, "met") if not change.get("late")}
    assert all((entry.case, deadline) in met for entry, deadline in extended)


def test_the_clock_stood_still_while_the_case_was_suspended(engine: Engine, record: list[Entry]):
    """Two months of waiting for an expert opinion are added to the day on which it would have been over."""
    (suspended,) = [entry for entry in record if entry.trigger == "suspend"]
    (resumed,) = [entry for entry in record if entry.trigger == "resume"]
    before, after = (
        {deadline.id: deadline for deadline in engine.replay(suspended.case, seq=seq).deadlines}
        for seq in (suspended.seq, resumed.seq)
    )
    assert {deadline.status for deadline in before.values()} == {"paused"}
    assert {deadline.status for deadline in after.values()} == {"running"}
    for name, deadline in before.items():
        added = after[name].until - deadline.until
        # Either last day may be a day off, which moves it to the next working day.
        assert abs(added - (resumed.at - suspended.at)) < timedelta(days=9)


def changes(record: list[Entry], event: str) -> Iterator[tuple[Entry, Mapping[str, Any]]]:
    """Give each change of a deadline of one kind with its entry."""
    return ((entry, change) for entry in record for change in entry.deadlines if change["event"] == event)


def test_a_case_of_the_county_can_be_replayed_to_any_moment(engine: Engine, record: list[Entry]):
    """From its record alone: every state it was ever in, at the time it was in it."""
    chance = Random(2015)
    cases = sorted({entry.case for entry in record if not entry.case.startswith("workflow:")})

    for case_id in chance.sample(cases, 12):
        chain = [entry for entry in record if entry.case == case_id and entry.kind != "refusal"]
        some = chance.choice(chain)
        assert engine.replay(case_id, seq=some.seq).state == some.target
        assert engine.replay(case_id, at=some.at).seq == some.seq
        assert engine.replay(case_id) == engine.case(case_id)


def test_names_of_reporters_are_nowhere_in_the_record(county: Demonstration, record: list[Entry], engine: Engine):
    """The register keeps a commitment; only who may read the name is shown it."""
    named = [entry for entry in record if "petitioner" in entry.withheld]
    with closing(sqlite3.connect(county.database)) as database:
        stored = [value for (value,) in database.execute("SELECT value FROM acc_opening WHERE field = 'petitioner'")]
        clear = "".join(text for (text,) in database.execute("SELECT bytes FROM acc_entry"))

    assert len(named) == len(stored) > 3
    assert not [value for value in stored if value.strip('"') in clear]
    assert "petitioner" not in engine.case(named[0].case).data


def test_what_was_published_is_told_with_its_channel(record: list[Entry]):
    """Every publication names where it was published; each duty was."""
    published = [entry for entry in record if entry.trigger == "publish" and entry.workflow == "duty"]

    assert len(published) == 505
    assert all(entry.published and entry.published["data"]["duty_channels"] for entry in published)


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "acc_entry": ("id", "case_id", "seq", "bytes", "leaf"),
    "acc_case": (
        "id", "workflow", "version", "definition", "state", "seq", "head", "closed", "data", "memory", "opened_at",
        "updated_at", "parent", "link",
    ),
    "acc_opening": ("case_id", "seq", "field", "salt", "value"),
}  # fmt: skip
OWNER = {"acc_entry": "case_id", "acc_case": "id", "acc_opening": "case_id", "acc_definition": "workflow"}


@pytest.fixture
def copied(county: Demonstration, tmp_path: Path) -> Path:
    """Copy the record, and take away what protects its tables."""
    copy = tmp_path / "copy.db"
    shutil.copy(county.database, copy)
    with closing(sqlite3.connect(copy)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.commit()
    return copy


def other(value: Any, chance: Random) -> Any:
    """Think of another value for a cell."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return 1 - value if value in (0, 1) else value + 10**6
    place = chance.randrange(len(value))
    return f"{value[:place]}{'0' if value[place] != '0' else '1'}{value[place + 1 :]}"


def tampered(copy: Path) -> tuple[Verdict, set[str | None]]:
    """Verify a copy in an engine of its own; give the verdict and the cases that it names."""
    with Engine(copy) as engine:
        verdict = engine.verify()
    return verdict, {problem.case for check in verdict.checks for problem in check.problems}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_changed_cell_names_its_case(copied: Path, table: str):
    """One cell of every column, each in a row of another case that is nobody's kin: each of these cases is named.

    A case that is nobody's kin is named for its own sake only, so many cells are tried with one verification.
    """
    chance = Random(table)
    with closing(sqlite3.connect(copied)) as database:
        parents = "SELECT parent FROM acc_case WHERE parent IS NOT NULL"
        alone = f"SELECT id FROM acc_case WHERE parent IS NULL AND id NOT IN ({parents})"
        of = OWNER[table]
        rows = database.execute(
            f"SELECT {of}, min(rowid) FROM {table} WHERE {of} IN ({alone}) GROUP BY {of}"
        ).fetchall()
        cases = set()
        for column, (case, rowid) in zip(COLUMNS[table], chance.sample(rows, len(COLUMNS[table])), strict=True):
            (value,) = database.execute(f"SELECT {column} FROM {table} WHERE rowid = {rowid}").fetchone()
            changed = database.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid = {rowid}", (other(value, chance),)
            )
            assert changed.rowcount == 1
            cases.add(case)
        database.commit()

    verdict, named = tampered(copied)
    assert not verdict.ok
    assert cases <= named


def test_a_changed_cell_of_a_law_names_the_workflow(copied: Path):
    """One column of each law, and of the calendar they count by, columns taking turns: each of them is named."""
    chance = Random("acc_definition")
    columns = ("content", "digest", "workflow", "version", "content", "registered_at")
    with closing(sqlite3.connect(copied)) as database:
        rows = database.execute("SELECT workflow, rowid FROM acc_definition ORDER BY workflow").fetchall()
        for column, (_, rowid) in zip(cycle(columns), rows, strict=False):
            (value,) = database.execute(f"SELECT {column} FROM acc_definition WHERE rowid = {rowid}").fetchone()
            database.execute(f"UPDATE acc_definition SET {column} = ? WHERE rowid = {rowid}", (other(value, chance),))
        database.commit()

    verdict, named = tampered(copied)
    assert not verdict.ok
    assert {f"workflow:{name}" for name, _ in rows} <= named


def test_an_outsider_can_do_nothing_in_the_county(copied: Path, record: list[Entry]):
    """On a copy: without a role of the procedure every attempt is refused and recorded."""
    case = next(entry.case for entry in record if entry.workflow == "petition" and entry.kind == "transition")
    with Engine(copied, clock=ManualClock("2015-11-03T09:00+08:00")) as engine:
        for trigger in ("register", "approve_filing", "note", "unheard_of"):
            with pytest.raises(Refused):
                engine.fire(case, trigger, by=Actor("eve", {"visitor"}), reason="because")
        assert len(list(engine.history(refusals=True))) == len(record) + 4
