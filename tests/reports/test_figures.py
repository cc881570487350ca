"""Figures are counted from entries, each can be traced to them, and a whole is the sum of its parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.entry import Actor
from accountability.calendars.period import Period
from accountability.errors import DefinitionError, InputError
from accountability.reports.count import count, reports_on
from accountability.reports.figures import Report, earlier_period
from accountability.reports.report_file import load
from tests.reports.record import LATER, WORKFLOWS, Record, daily, on

YEAR = Period(date(2015, 1, 1), date(2015, 12, 31))


def figure(rule: str) -> str:
    """Write a report of one figure."""
    return f"report: year\nfigures:\n  it: {{title: It, {rule}}}\n"


def counted(
    record: Record, rule: str, *, period: Period = YEAR, compare: Period | None = None, as_of: datetime = LATER
) -> Report:
    """Count one figure of a record."""
    loaded = load(figure(rule), "year.yaml", WORKFLOWS)
    assert loaded.report is not None, loaded.findings
    [report] = count([loaded.report], record.entries, period=period, compare=compare, as_of=as_of)
    return report


def value(record: Record, rule: str, **options: Period | datetime) -> int:
    """Count one figure of a record; give its value, after holding it against its trace."""
    report = counted(record, rule, **options)  # type: ignore[arg-type]
    assert len(report.trace["it"]) == report.figures["it"].value
    return report.figures["it"].value


SUBMITTED = "count: entries, of: {workflow: petition, trigger: submit}"
WEIGHED = "count: entries, of: {workflow: petition, trigger: weigh}"


def test_entries_cases_and_different_values_are_three_counts():
    """One case weighed twice, another once, with two different levels."""
    record = Record()
    for case, level in (("a", 1), ("a", 2), ("b", 2)):
        if case not in {entry.case for entry in record.entries}:
            record.act(case, "submit", on("2015-02-01"), {"source": "audit"})
        record.act(case, "weigh", on("2015-03-01"), {"level": level})
    of = "of: {workflow: petition, trigger: weigh}"
    assert value(record, f"count: entries, {of}") == 3
    assert value(record, f"count: cases, {of}") == 2
    assert value(record, f"count: distinct, field: level, {of}") == 2


def test_acts_without_the_field_are_no_different_value():
    """What is not there is not counted as one more."""
    record = Record()
    record.act("a", "submit", on("2015-02-01"), {"source": "audit"})
    record.act("b", "submit", on("2015-02-01"), {"source": "audit", "tags": ["x", "y"]})
    record.act("c", "submit", on("2015-02-01"), {"source": "audit", "tags": ["x", "y"]})
    assert value(record, "count: distinct, field: tags, of: {workflow: petition, trigger: submit}") == 1


def test_only_acts_are_counted():
    """A signature that waits for others, a refusal and a correction are none."""
    record = Record()
    record.act("a", "submit", on("2015-02-01"), {"source": "audit"})
    record.act("a", "weigh", on("2015-02-02"), {"level": 1}, kind="signature")
    record.act("a", "weigh", on("2015-02-02"), {"level": 1}, kind="refusal")
    record.act("a", "weigh", on("2015-02-02"), {"level": 1})
    record.correct("a", 3, {"level": 2}, on("2015-02-03"))
    assert value(record, WEIGHED) == 1


def test_the_days_of_a_period_are_those_of_the_reports_zone():
    """A petition of New Year's Eve in Greenwich is one of New Year's Day in China."""
    record = daily([datetime(2014, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2014, 12, 31, 16, tzinfo=UTC)])
    assert value(record, SUBMITTED) == 0
    china = load("zone: Asia/Shanghai\n" + figure(SUBMITTED), "year.yaml", WORKFLOWS).report
    assert china is not None
    [report] = count([china], record.entries, period=YEAR, compare=None, as_of=LATER)
    assert [entry.case for entry in report.trace["it"]] == ["c1"]


def test_both_ends_of_a_period_are_included():
    """From the first moment of its first day to the last of its last."""
    first = datetime(2015, 1, 1, tzinfo=UTC)
    record = daily([first, datetime(2015, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), first - timedelta(microseconds=1)])
    assert value(record, SUBMITTED) == 2


def test_what_was_recorded_after_the_moment_of_the_report_is_not_counted():
    """A report can be made again as it was."""
    record = daily([on("2015-02-01"), on("2015-06-01")])
    assert value(record, SUBMITTED, as_of=on("2015-03-01")) == 1


def test_where_sees_the_case_as_the_act_left_it():
    """Its data, what was given, who did it, the state, and when; exact, with the declared types."""
    record = Record()
    parts = {"actor": Actor("li", {"leader"}, "county"), "parent": {"case": "p", "seq": 1}}
    given = {"source": "audit", "amount": "10.10", "due": "2015-03-01"}
    record.act("a", "submit", on("2015-02-01"), given, **parts)
    record.act("a", "weigh", on("2015-02-05"), {"level": 3})
    record.act("a", "hold", on("2015-02-06"))
    for where in (
        'data.source == "audit"',
        "has(data.amount) && data.amount + 0.2 == 10.3",
        'has(input.due) && input.due == date("2015-03-01")',
        '"leader" in actor.roles && actor.id == "li" && has(actor.unit) && actor.unit == "county"',
        'case.state == "received" && case.seq == 1 && has(case.parent) && case.parent == "p"',
        'now == timestamp("2015-02-01T12:00:00Z") && case.opened_at == now',
        "data.level == 0 || !has(data.amount) || data.amount > 1",
    ):
        assert value(record, f"{SUBMITTED}, where: '{where}'") == 1, where
    assert value(record, f"{SUBMITTED}, where: 'data.source == \"petition\"'") == 0
    assert value(record, f"{WEIGHED}, where: 'data.level == 3 && data.source == \"audit\"'") == 1
    assert value(record, "count: cases, of: {workflow: petition, trigger: hold}, where: 'data.level == 3'") == 1


def test_a_value_computed_by_a_rule_counts_as_one_given():
    """Fields that the rule sets are part of the case's data."""
    record = Record()
    record.act("a", "submit", on("2015-02-01"), {"source": "audit"}, sets={"level": 6})
    assert value(record, f"{SUBMITTED}, where: 'data.level == 6'") == 1


def test_a_correction_puts_the_figure_right_from_the_entry_it_corrects():
    """Also what was counted before it was corrected; and a correction that is corrected counts as the last says."""
    record = Record()
    record.act("a", "submit", on("2015-02-01"), {"source": "petition"})
    record.act("a", "weigh", on("2015-02-02"), {"level": 5})
    where = ", where: 'data.source == \"audit\"'"
    given = ", where: 'input.source == \"audit\"'"
    record.correct("a", 1, {"source": "audit"}, on("2015-03-01"))
    assert value(record, SUBMITTED + where) == value(record, SUBMITTED + given) == value(record, WEIGHED + where) == 1
    assert value(record, SUBMITTED + where, as_of=on("2015-02-15")) == 0
    record.correct("a", 3, {"source": "media"}, on("2015-04-01"))
    assert value(record, SUBMITTED + where) == value(record, WEIGHED + where) == 0
    assert value(record, SUBMITTED + where, as_of=on("2015-03-15")) == 1


def test_a_correction_leaves_alone_what_a_later_act_said():
    """Each act is counted by its own words."""
    record = Record()
    record.act("a", "submit", on("2015-02-01"), {"source": "audit"})
    record.act("a", "weigh", on("2015-02-02"), {"level": 5})
    record.act("a", "weigh", on("2015-02-03"), {"level": 6})
    record.correct("a", 3, {"level": 4}, on("2015-02-04"))
    assert value(record, WEIGHED + ", where: 'data.level == 5'") == 1
    assert value(record, WEIGHED + ", where: 'data.level == 4'") == 1
    assert value(record, WEIGHED + ", where: 'data.level == 6'") == 0


def test_a_guard_that_cannot_be_decided_stops_the_report():
    """No number is printed that somebody could not have counted; the entry is named."""
    record = Record()
    record.act("old", "submit", on("2015-02-01"), {})
    with pytest.raises(InputError, match="entry 1 of old"):
        value(record, f"{SUBMITTED}, where: 'data.source == \"audit\"'")


def test_growth_compares_with_the_same_dates_a_year_earlier():
    """With a growth, without one for want of an earlier figure, and none where nothing is compared."""
    record = daily([on("2014-05-01"), on("2015-05-01"), on("2015-05-02")])
    compare = earlier_period(YEAR, "previous_year")
    shown = counted(record, SUBMITTED, compare=compare).as_json()
    assert shown["figures"]["it"] == {"title": "It", "unit": None, "value": 2, "previous": 1, "growth": 100.0}
    assert shown["compare"] == {"from": "2014-01-01", "to": "2014-12-31"}
    nothing = counted(daily([on("2015-05-01")]), SUBMITTED, compare=compare).figures["it"]
    assert (nothing.value, nothing.previous, nothing.growth) == (1, 0, None)
    alone = counted(record, SUBMITTED).as_json()
    assert (alone["compare"], alone["figures"]["it"]["previous"], alone["figures"]["it"]["growth"]) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "compare", ["last_year", (date(2015, 1, 1), date(2015, 6, 30)), (date(2014, 6, 30), date(2014, 1, 1))]
)
def test_a_comparison_that_makes_no_sense_is_refused(compare):
    """An unknown word, a period that is not earlier, one that runs backwards."""
    with pytest.raises(InputError) as error:
        earlier_period(YEAR, compare)
    assert error.value.cure


def test_a_report_says_what_it_is(tmp_path: Path):
    """Its JSON has the parts that the command line prints, in the order of the file."""
    file = tmp_path / "year.yaml"
    text = "report: year\ntitle: {en: Year, zh: 年度}\nfigures:\n  b: {title: B, unit: 件, "
    file.write_text(f"{text}{SUBMITTED}}}\n  a: {{title: A, {SUBMITTED}}}\n", encoding="utf-8")
    record = daily([on("2015-05-01")])
    day, as_of = date(2015, 5, 1), datetime(2016, 1, 2, 3, 4, 5, tzinfo=UTC)
    [report] = reports_on(
        [file], record.entries, WORKFLOWS, since=day, until=day, compare=(date(2014, 1, 1), day), as_of=as_of
    )
    assert report.as_json() == {
        "report": "year",
        "title": {"en": "Year", "zh": "年度"},
        "period": {"from": "2015-05-01", "to": "2015-05-01"},
        "compare": {"from": "2014-01-01", "to": "2015-05-01"},
        "as_of": "2016-01-02T03:04:05.000000Z",
        "figures": {
            "b": {"title": "B", "unit": "件", "value": 1, "previous": 1, "growth": 0.0},
            "a": {"title": "A", "unit": None, "value": 1, "previous": 1, "growth": 0.0},
        },
    }
    assert list(report.figures) == ["b", "a"]


def test_a_wrong_report_file_is_not_counted(tmp_path: Path):
    """Its findings come with the error; a missing file is named."""
    file = tmp_path / "year.yaml"
    file.write_text(figure("count: entries, of: {workflow: petition, trigger: submitt}"), encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        reports_on([file], [], WORKFLOWS, since=YEAR.since, until=YEAR.until, as_of=LATER)
    assert [finding["code"] for finding in error.value.findings] == ["ACC602"]
    with pytest.raises(InputError, match="nowhere"):
        reports_on([tmp_path / "nowhere.yaml"], [], WORKFLOWS, since=YEAR.since, until=YEAR.until, as_of=LATER)


MOMENTS = st.lists(st.datetimes(datetime(2014, 12, 1), datetime(2016, 2, 1), timezones=st.just(UTC)), max_size=30)


@given(MOMENTS, st.lists(st.dates(date(2015, 1, 1), date(2015, 12, 30)), max_size=5, unique=True))
def test_the_parts_of_a_period_add_up_to_the_whole(moments: list[datetime], cuts: list[date]):
    """However a year is cut, each act is counted in exactly one part."""
    record = daily(moments)
    ends = [*sorted(cuts), YEAR.until]
    starts = [YEAR.since, *(end + timedelta(days=1) for end in ends[:-1])]
    parts = [value(record, SUBMITTED, period=Period(*part)) for part in zip(starts, ends, strict=True)]
    assert sum(parts) == value(record, SUBMITTED)


@given(MOMENTS)
def test_a_figure_and_the_earlier_one_are_counted_alike(moments: list[datetime]):
    """What a period's figure is, is what it is compared with a year later."""
    record = daily(moments)
    later = Period(date(2016, 1, 1), date(2016, 12, 31))
    report = counted(record, SUBMITTED, period=later, compare=earlier_period(later, "previous_year"))
    assert report.figures["it"].previous == value(record, SUBMITTED)


@pytest.mark.parametrize(("known_from", "previous"), [("2014-01-01", 0), ("2014-01-02", None), ("2015-01-01", None)])
def test_how_many_there_were_before_anybody_counted_is_not_known_and_not_none(known_from: str, previous: int | None):
    """Of a period that begins before the record knows, there is no number, and no growth over it."""
    record = daily([datetime(2015, 2, 1, tzinfo=UTC)])
    compare = earlier_period(YEAR, "previous_year")
    found = counted(record, f"known_from: {known_from}, {SUBMITTED}", compare=compare).figures["it"]

    assert (found.value, found.previous, found.growth) == (1, previous, None)
