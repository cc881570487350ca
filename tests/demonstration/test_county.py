"""The county's two years: played once, then counted, traced, verified, and looked at with other eyes."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from accountability import Engine
from accountability.audit.entry import Entry, decode
from accountability.cli.demonstration import draw
from accountability.cli.main import run as main
from accountability.cli.page import show
from accountability.clock import ManualClock
from accountability.definition.calendar_file import shipped
from accountability.definition.shipped import folder
from accountability.demonstration.county import Demonstration, run
from accountability.demonstration.people import COMMITTEE, PRINCIPAL
from accountability.demonstration.stage import BEIJING
from accountability.reports.figures import Report
from tests.demonstration.record import ACTS, changes, people, same_person_twice, separations

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
    with Engine(county.database, clock=ManualClock("2016-01-04T09:00+08:00")) as engine:
        yield engine


@pytest.fixture(scope="session")
def record(engine: Engine) -> list[Entry]:
    """Read the whole record, refusals included."""
    return list(engine.history(refusals=True))


PRINTED = {
    "discipline_year": {
        "petitions": (62, None, None),
        "checks": (80, 70, "14.3"),
        "filed": (54, 33, "63.6"),
        "closed": (49, 32, "53.1"),
        "sanctioned": (59, 45, "31.1"),
    },
    "responsibility_year": {
        "letters": (77, 77, "0.0"),
        "promises": (77, 0, None),
        "televised": (46, 0, None),
        "reviewed": (505, 505, "0.0"),
        "published": (505, 505, "0.0"),
    },
    "measure_1_define": {"letters": 77, "promises": 77, "televised": 46, "reviewed": 505, "published": 505},
    "measure_3_supervise": {"inspections/leaders": 9},
    "measure_4_appraise": {
        "statements": 30,
        "statements/unit_head": 18,
        "statements/discipline_secretary": 12,
        "statement_problems": 119,
        "members": 315,
    },
    "measure_5_assess": {
        "fed_back/year": 77,
        "fed_back/h1": 77,
        "results_published/year": 77,
        "results_published/h1": 77,
        "vetted": 248,
        "awards_cancelled": 4,
        "awards_cancelled/township_committee": 1,
        "awards_cancelled/enterprise": 1,
        "awards_cancelled/village_secretary": 2,
        "circulars": 6,
        "reminders": 2,
    },
    "measure_6_hold_accountable": {
        "petitions": (62, None, None),
        "checks": (80, 70, "14.3"),
        "filed": (54, 33, "63.6"),
        "closed": (49, 32, "53.1"),
        "sanctioned": (59, 45, "31.1"),
        "decisions/4": 6,
    },
}
"""What the county published for 2015: value, or value, that of the same period of 2014, and growth in per cent.

In 2014 no petitions were registered here, so their growth is not applicable.
"""


@pytest.mark.parametrize(("report", "figure"), [(report, name) for report, some in PRINTED.items() for name in some])
def test_the_figures_are_those_that_the_county_published(county: Demonstration, report: str, figure: str):
    """Each was counted from the record, and is the printed one; so are growth and parts, where they are printed."""
    printed = PRINTED[report][figure]
    name, _, part = figure.partition("/")
    found = county.counted.reports[report].figures[name]
    if part:
        (found,) = (one for one in found.groups if str(one.group) == part)
    if isinstance(printed, int):
        assert found.value == printed
    else:
        value, previous, growth = printed
        assert (found.value, found.previous) == (value, previous)
        assert found.growth == (None if growth is None else Decimal(growth))


def test_more_than_six_hundred_manuals_are_handed_out_and_kept(county: Demonstration, record: list[Entry]):
    """The county says: more than 600. Each is written in, and made public."""
    figures = county.counted.reports["measure_2_perform"].figures
    assert figures["manuals"].value > 600
    written, published = people(record, "logbook", "record"), people(record, "logbook", "publish")
    assert len(written) == len(published) == figures["manuals"].value


def test_there_are_505_organisations_with_their_leaders(engine: Engine):
    """9 townships, 68 departments and 428 branches; every one of them has a head."""
    found = [case for case in engine.cases(workflow="organisation") if case.data["code"][0] in "TDB"]
    assert Counter(case.data["kind"] for case in found) == {"township": 9, "department": 68, "branch": 428}
    heads = {
        case.data["unit"]
        for case in engine.cases(workflow="tenure", closed=False)
        if case.data["post"] == "principal_leader"
    }
    assert heads == {case.data["code"] for case in found}


def test_the_reports_cover_the_year_and_the_one_before(county: Demonstration):
    """The whole of 2015, and of 2014."""
    for report in county.counted.reports.values():
        assert report.period.as_json() == {"from": "2015-01-01", "to": "2015-12-31"}
        assert report.compare is not None
        assert report.compare.as_json() == {"from": "2014-01-01", "to": "2014-12-31"}


def reported(county: Demonstration) -> Iterator[tuple[Report, str]]:
    """Give every figure of every report."""
    for report in county.counted.reports.values():
        yield from ((report, name) for name in report.figures)


def test_every_figure_can_be_traced_to_the_entries_it_counts(county: Demonstration, record: list[Entry]):
    """As many entries as its value, each in the record with that hash, each one once."""
    leaves = {entry.leaf: entry for entry in record}

    for report, name in reported(county):
        trace = report.trace[name]
        assert len(trace) == report.figures[name].value
        assert len({entry.leaf for entry in trace}) == len(trace)
        assert all(leaves[entry.leaf] == entry for entry in trace)
        assert len({entry.trigger for entry in trace}) <= 1


def test_every_figure_of_the_six_measures_counts_something(county: Demonstration):
    """No mechanism is only on paper."""
    assert not [(report.report, name) for report, name in reported(county) if report.figures[name].value == 0]


def test_every_workflow_that_is_shipped_has_cases(county: Demonstration):
    """All of them, and none besides."""
    shipped_here = {path.stem for path in folder("cn-2015").glob("*.yaml")}
    assert {name for name, (cases, _) in county.counted.workflows.items() if cases} == shipped_here


def test_the_figures_can_be_counted_by_hand(county: Demonstration, record: list[Entry]):
    """Straight from the entries, without the report's own way of counting."""
    year = [one for one in record if one.kind == "transition" and one.at.astimezone(BEIJING).year == 2015]

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
    assert counted == {name: figure.value for name, figure in county.counted.reports["discipline_year"].figures.items()}


def test_the_same_record_gives_the_same_report(county: Demonstration, engine: Engine):
    """A report can be made again from the record alone, later."""
    again = engine.report(
        REPORTS / "discipline_year.yaml", since=date(2015, 1, 1), until=date(2015, 12, 31), compare="previous_year"
    )

    assert again.figures == county.counted.reports["discipline_year"].figures
    assert again.trace == county.counted.reports["discipline_year"].trace


def test_the_progress_is_told_to_the_end(county: Demonstration, told: list[tuple[str, int, int]]):
    """For each part of the work up to the last of so many."""
    last = {what: (done, total) for what, done, total in told}

    assert len(last) == 4
    assert all(done == total > 0 for done, total in last.values())
    assert last["verifying the record"] == (county.counted.entries, county.counted.entries)


def test_the_record_verifies(county: Demonstration, record: list[Entry]):
    """Every check is ok, and every entry was looked at."""
    assert county.verdict.ok
    assert {check.verdict for check in county.verdict.checks} == {"ok"}
    assert county.verdict.entries == county.counted.entries == len(record)


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


CODES = {
    "state", "role", "guard", "four_eyes", "recused", "signature", "data", "document", "reason", "awaits", "unknown",
}  # fmt: skip
"""Every reason for which the record knows refusals; a `conflict` is nobody's fault and not recorded."""


def test_refusals_are_in_the_record(county: Demonstration, record: list[Entry]):
    """What people tried and the rules forbade, each with its reasons; every kind of them."""
    refusals = [entry for entry in record if entry.kind == "refusal"]

    assert len(refusals) == county.refusals > 300
    assert all(entry.reasons for entry in refusals)
    codes = {reason["code"] for entry in refusals for reason in entry.reasons}
    assert codes == CODES
    assert set(county.counted.refused) == CODES
    assert len({(entry.workflow, entry.trigger) for entry in refusals}) > 60


def pursued(engine: Engine, record: list[Entry]) -> dict[str, Any]:
    """Give the liabilities that were opened from cases, by their unit."""
    found = [one for one in record if one.trigger == "decide_dual" and one.data.get("dual_decision") == "open"]
    opened = [child["case"] for one in found for child in one.children]
    return {case.data["unit"]: case for case in (engine.case(one, by=COMMITTEE) for one in opened)}


def test_the_dual_investigation_ends_with_reminders_to_the_leaders(engine: Engine, record: list[Entry]):
    """Six village doctors, decided at level 4; behind them two leaders of the health bureau, reminded: level 0."""
    liability = pursued(engine, record)["D45"]
    case = engine.case(liability.parent)
    subjects = [engine.case(child.id) for child in case.children if child.link == "subjects"]

    assert [subject.data["level"] for subject in subjects] == [4] * 6
    assert (liability.workflow, liability.closed) == ("leadership_liability", True)
    assert [(one["outcome"], one["level"]) for one in liability.data["decisions"]] == [("measure", 0)] * 2
    reminded = [entry for entry in record if entry.case == liability.id and entry.trigger == "remind"]
    assert len(reminded) == 2


def test_who_led_the_unit_on_the_day_answers_and_not_the_successor(engine: Engine, record: list[Entry]):
    """The head of a township moved before the case was filed; the register says who was in office on the day."""
    liability = pursued(engine, record)["T06"]
    now = [
        case.data["holder"]
        for case in engine.cases(workflow="tenure", closed=False)
        if (case.data["unit"], case.data["post"]) == ("T06", "principal_leader")
    ]
    assert now == ["T06-head-2"]
    assert "T06-head" in liability.data["leaders"]
    assert "T06-head-2" not in liability.data["leaders"]
    assert [found["person"] for found in liability.data["findings"]] == ["T06-head"]
    tried = [one for one in record if (one.case, one.trigger) == (liability.id, "record_findings")]
    assert [one.kind for one in tried] == ["refusal", "act"] or [one.kind for one in tried] == ["refusal", "transition"]
    assert "in office on the day of the act" in tried[0].reasons[0]["message"]


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
    kept = county.counted.timeliness
    assert kept.kept > 50 * (kept.late + kept.overdue)
    assert min(kept.late, kept.overdue, kept.running, kept.extended, kept.paused) > 0


def test_what_was_late_was_recorded_as_over_before_it_was_met(record: list[Entry]):
    """And it was met all the same: a late act is valid, and late for ever."""
    over: set[tuple[str, str]] = set()
    late = 0
    for entry in record:
        for change in entry.deadlines:
            one = (entry.case, change["deadline"])
            if change["event"] in ("breached", "lapsed"):
                over.add(one)
            elif change["event"] == "met" and change.get("late"):
                late += 1
                assert one in over
    assert late > 100


def test_more_time_was_given_before_the_time_was_over_and_then_it_was_enough(record: list[Entry]):
    """By whoever may give it, with a reason; nothing that had more time was late."""
    extended = [(entry, change["deadline"]) for entry, change in changes(record, "extended")]
    assert len({deadline for _, deadline in extended}) >= 5
    assert {entry.actor.id for entry, _ in extended} == {PRINCIPAL.id, "D37-deputy"}
    assert all(entry.reason for entry, _ in extended)
    over = {(entry.case, change["deadline"]) for entry, change in changes(record, "breached")}
    assert not [entry for entry, deadline in extended if (entry.case, deadline) in over]
    met = {(entry.case, change["deadline"]) for entry, change in changes(record, "met")}
    assert len([entry for entry, deadline in extended if (entry.case, deadline) in met]) > 10


def test_the_clock_stood_still_while_the_case_was_suspended(engine: Engine, record: list[Entry]):
    """Two months of waiting for an expert opinion are added to the day on which it would have been over."""
    (suspended,) = [entry for entry in record if entry.trigger == "suspend"]
    (resumed,) = [entry for entry in record if (entry.workflow, entry.trigger) == ("case", "resume")]
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


def names(county: Demonstration, *fields: str) -> set[str]:
    """Give the names that are kept apart in some fields, none of which stands in an entry."""
    with closing(sqlite3.connect(county.database)) as database:
        rows = database.execute("SELECT field, value FROM acc_opening").fetchall()
        clear = "".join(text for (text,) in database.execute("SELECT bytes FROM acc_entry"))
    values = [json.loads(value) for field, value in rows if field in fields]
    kept = {name for value in values for name in ([value] if isinstance(value, str) else value)}
    assert not [name for name in kept if f'"{name}"' in clear]
    return kept


def test_names_of_reporters_are_nowhere_in_the_record(county: Demonstration, record: list[Entry], engine: Engine):
    """The register keeps a commitment; only who may read the name is shown it."""
    assert len(names(county, "petitioner")) > 10
    (named, *_) = [entry for entry in record if "petitioner" in entry.withheld]
    assert "petitioner" not in engine.case(named.case).data


def test_names_of_those_who_are_accused_are_nowhere_in_the_record(county: Demonstration):
    """Neither in the petition, nor in the case, nor on a person's own track."""
    assert len(names(county, "name", "subjects")) > 100


def test_what_was_published_is_told_with_its_channel(record: list[Entry]):
    """Every publication names where it was published; each duty was."""
    published = [entry for entry in record if entry.trigger == "publish" and entry.workflow == "duty"]

    assert len(published) == 505 + 505
    assert all(entry.published and entry.published["data"]["duty_channels"] for entry in published)


def test_nobody_did_what_another_had_to_do(record: list[Entry]):
    """Read from the workflow files, and held against the entries by themselves: every separation, on every case."""
    assert list(same_person_twice(record)) == []
    used = {(entry.workflow, entry.trigger, entry.rule or 0) for entry in record if entry.kind in ACTS}
    held = {place for place, others in separations().items() if others}
    assert len(used & held) > 60


APART = (
    ("petition", "distribute", "propose_file"),
    ("petition", "propose_file", "approve_filing"),
    ("case", "hand_over", "submit"),
    ("subject", "notify", "hear"),
    ("subject", "hear", "decide"),
    ("subject", "decide", "serve"),
    ("leadership_liability", "propose", "decide"),
    ("appeal", "propose", "uphold"),
    ("identity_request", "request", "authorise"),
    ("protection_request", "assess", "grant"),
    ("duty", "submit_review", "verdict"),
    ("duty", "assess_h1", "settle"),
    ("duty", "assess_h1", "publish_results"),
    ("obligation", "submit", "accept"),
    ("logbook", "record", "publish"),
    ("rectification", "submit_evidence", "verify"),
    ("vetting", "check", "clear"),
    ("award", "nominate", "confer"),
    ("veto", "lay", "lift"),
)


@pytest.mark.parametrize(("workflow", "one", "another"), APART)
def test_these_two_were_never_the_same_person(record: list[Entry], workflow: str, one: str, another: str):
    """Four eyes, said here by hand: on every case where both were done, different people did them."""
    first, second = people(record, workflow, one), people(record, workflow, another)
    both = first.keys() & second.keys()
    assert both
    assert not [case for case in both if first[case] & second[case]]


def test_what_several_sign_was_signed_by_different_people(record: list[Entry]):
    """Whoever signs completes nothing alone: the signatures before an act are of others, and of each other's."""
    signed: dict[tuple[str, str], list[str]] = {}
    completed = 0
    for entry in record:
        if entry.kind == "signature":
            signed.setdefault((entry.case, entry.trigger), []).append(entry.actor.id)
        elif entry.kind in ACTS and (before := signed.pop((entry.case, entry.trigger), None)):
            assert len({*before, entry.actor.id}) == len(before) + 1
            completed += 1
    assert completed > 1000


def test_people_work_on_working_days_in_the_hours_of_the_office(record: list[Entry]):
    """As the calendar has them, make-up days included: only the engine works at other times."""
    calendar = shipped("cn")
    acts = [entry.at.astimezone(BEIJING) for entry in record if entry.actor.id != "system"]
    assert not [at for at in acts if not calendar.is_workday(at.date())]
    assert not [at for at in acts if not 8 <= at.hour < 18]
    assert date(2015, 2, 28) in {at.date() for at in acts}, "a Saturday that was worked for Spring Festival"


def test_what_is_printed_says_where_to_look_further(county: Demonstration, capsys: pytest.CaptureFixture[str]):
    """The six measures, the deadlines, both verdicts, the fingerprint, the page."""
    show(draw(county))
    printed = capsys.readouterr().out
    for said in ("细化定责", "强化履责", "常化督责", "活化评责", "实化考责", "硬化追责", "nothing contradicts itself"):
        assert said in printed
    assert "still running" in printed
    assert f"{county.counted.entries:,} entries" in printed
    assert county.fingerprint in printed
    assert str(county.page) in printed
    assert county.page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_command_prints_the_yearly_report_as_json(
    county: Demonstration, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """One object, that of the report of discipline work; the county is not played once more for it."""
    monkeypatch.setattr("accountability.demonstration.county.run", lambda folder, progress: county)
    assert main(["demo", "-o", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == county.counted.reports["discipline_year"].as_json()
    assert printed["figures"]["filed"]["growth"] == 63.6
