"""One walk through the record counts many reports as if each were counted alone, and splits what is to be split."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.entry import Entry
from accountability.calendars.period import Period
from accountability.errors import InputError
from accountability.reports.count import count, reports_on
from accountability.reports.months import by_month
from accountability.reports.report_file import ReportFile, load
from tests.reports.pages import WEIGHTS, YEAR, record, reports
from tests.reports.record import LATER, WORKFLOWS, Record, daily, on

WHOLE = Period(date(2015, 1, 1), date(2015, 12, 31))


def file(text: str) -> ReportFile:
    """Load a report."""
    loaded = load(text, "report.yaml", WORKFLOWS)
    assert loaded.report is not None, loaded.findings
    return loaded.report


def test_many_reports_are_counted_as_each_alone():
    """The same figures, the same entries behind them, whatever else is counted beside them."""
    files, entries = [file(YEAR), file(WEIGHTS)], record().entries
    given_ = {"period": WHOLE, "compare": WHOLE.year_earlier(), "as_of": LATER}
    together = count(files, entries, **given_)
    assert together == tuple(count([one], entries, **given_)[0] for one in files)
    assert [one.report for one in together] == ["year", "weights"]
    assert all(figure.value for one in together for figure in one.figures.values())


def test_the_record_is_walked_through_once():
    """Entries may come from a stream that cannot be read again."""
    stream: Iterator[Entry] = iter(record().entries)
    counted = count([file(YEAR), file(WEIGHTS)], stream, period=WHOLE, compare=None, as_of=LATER)
    assert [one.as_json()["figures"] for one in counted] == [
        one.as_json()["figures"] for one in reports(YEAR, WEIGHTS, compare=None)
    ]


def test_two_reports_of_one_name_are_refused(tmp_path):
    """Nobody could say which of them a figure belongs to."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(YEAR, encoding="utf-8")
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    with pytest.raises(InputError, match="year"):
        reports_on(paths, [], WORKFLOWS, since=WHOLE.since, until=WHOLE.until, as_of=LATER)


def test_a_figure_is_split_by_the_value_of_a_field():
    """First what the report names, in its order and though nothing was counted, then other values; they add up."""
    text = YEAR.replace("source, titles: {audit:", "source, titles: {visit: Visit, audit:").replace(
        'where: data.source != "media"', "where: 'true'"
    )
    [report] = reports(text)
    figure = report.figures["received"]
    assert figure.groups is not None
    assert [group.group for group in figure.groups] == ["visit", "audit", "petition", "media"]
    assert [group.title for group in figure.groups][::3] == ["Visit", None]
    assert figure.groups[0].value == 0
    assert sum(group.value for group in figure.groups) == figure.value
    assert sum(group.previous or 0 for group in figure.groups) == figure.previous
    shown = report.as_json()["figures"]["received"]["groups"]
    assert shown[0] == {"group": "visit", "title": "Visit", "value": 0, "previous": 0, "growth": None}


def test_acts_without_the_value_are_a_part_of_their_own():
    """Nothing is lost where a field has no value; whole numbers are written as they are."""
    written = Record()
    for case, given_ in (("a", {"level": 4}), ("b", {"level": 4, "amount": "3"}), ("c", {"level": 6})):
        written.act(case, "submit", on("2015-02-01"), {"source": "audit"})
        written.act(case, "weigh", on("2015-02-02"), given_)
    rule = "title: It, count: entries, of: {workflow: petition, trigger: %s}, group_by: %s"
    [report] = reports(
        f"report: r\nfigures:\n  a: {{{rule % ('weigh', 'level')}}}\n  b: {{{rule % ('weigh', 'due')}}}\n", of=written
    )
    assert [(group.group, group.value) for group in report.figures["a"].groups or ()] == [("4", 2), ("6", 1)]
    assert [(group.group, group.value) for group in report.figures["b"].groups or ()] == [(None, 3)]


def test_a_report_says_what_was_read_for_it():
    """How many entries up to its moment, refusals aside, and the versions under which its workflows were acted on."""
    written = record()
    written.act("case-01", "close", on("2015-12-30"), kind="refusal")
    written.act("late", "submit", LATER.replace(year=2031), {"source": "audit"})
    [report] = reports(YEAR, of=written)
    assert report.reading.entries == len(written.entries) - 2
    assert [(law.workflow, law.version, law.definition) for law in report.reading.laws] == [("petition", 1, "d")]


MOMENTS = st.lists(st.datetimes(datetime(2013, 12, 1), datetime(2016, 2, 1), timezones=st.just(UTC)), max_size=40)


@given(MOMENTS, st.dates(date(2015, 1, 1), date(2015, 12, 31)), st.dates(date(2015, 1, 1), date(2015, 12, 31)))
def test_the_months_of_a_figure_add_up_to_it(moments: list[datetime], one: date, other: date):
    """Whatever the period; and each month is what a report of those days alone would count."""
    period = Period(min(one, other), max(one, other))
    china = file(YEAR.replace('    where: data.source != "media"\n', ""))
    entries = daily(moments).entries
    [report] = count([china], entries, period=period, compare=period.year_earlier(), as_of=LATER)
    months = by_month(report, "received")
    assert sum(month.value for month in months) == report.figures["received"].value
    assert sum(month.previous or 0 for month in months) == report.figures["received"].previous
    for month in months[1:-1]:
        assert month.name is not None
        year, number = month.name
        last = (date(year + number // 12, number % 12 + 1, 1) - date.resolution).day
        alone = Period(date(year, number, 1), date(year, number, last))
        [part] = count([china], entries, period=alone, compare=None, as_of=LATER)
        assert part.figures["received"].value == month.value


def test_months_of_periods_of_different_length_stand_side_by_side():
    """The first beside the first; where one period has no more months, nothing stands."""
    earlier = Period(date(2014, 1, 1), date(2014, 3, 31))
    now = Period(date(2015, 2, 1), date(2015, 3, 31))
    entries = daily([on("2014-03-05"), on("2015-02-05"), on("2015-02-06")]).entries
    [report] = count(
        [file(YEAR.replace("petition, trigger: close", "petition, trigger: submit"))],
        entries, period=now, compare=earlier, as_of=LATER,
    )  # fmt: skip
    found = [(month.name, month.value, month.earlier, month.previous) for month in by_month(report, "closed")]
    assert found == [((2015, 2), 2, (2014, 1), 0), ((2015, 3), 0, (2014, 2), 0), (None, 0, (2014, 3), 1)]
