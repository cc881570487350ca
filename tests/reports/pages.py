"""A record in two years, reports of it, and a reader for the page made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from accountability.calendars.period import Period
from accountability.reports.count import count
from accountability.reports.figures import Report, earlier_period
from accountability.reports.page import Source, page
from accountability.reports.report_file import load
from tests.reports.record import LATER, WORKFLOWS, Record, on

SOURCE = Source("county.db", ("reports/year.yaml", "reports/weights.yaml"))

YEAR = """\
report: year
title: {en: The year, zh: 年度数据}
description: {en: What came in., zh: 受理情况。}
zone: Asia/Shanghai
figures:
  received:
    title: {en: Received, zh: 受理}
    description: {en: Repeats count again., zh: 重复件分别计数。}
    unit: 件次
    count: entries
    of: {workflow: petition, trigger: submit}
    where: data.source != "media"
    group_by: {field: source, titles: {audit: {en: Audit, zh: 审计}, petition: {en: The public, zh: 群众}}}
  closed:
    title: {en: Closed, zh: 办结}
    unit: 件
    count: cases
    of: {workflow: petition, trigger: close}
"""

WEIGHTS = """\
report: weights
title: Weights
figures:
  levels: {title: Levels, count: distinct, field: level, of: {workflow: petition, trigger: weigh}, group_by: level}
"""


def record() -> Record:
    """Write petitions of two years, from audits and from the public; some are weighed, few are closed."""
    written = Record()
    for number in range(30):
        case, year = f"case-{number:02}", 2014 + (number % 3 > 0)
        day = f"{year}-{1 + number % 12:02}-{10 + number % 9}"
        written.act(case, "submit", on(day), {"source": ("audit", "petition", "media")[number % 5 % 3]})
        if number % 2:
            written.act(case, "weigh", on(day, 13), {"level": number % 4})
        if number % 7 == 0:
            written.act(case, "close", on(day, 14))
    return written


def reports(*texts: str, compare: str | None = "previous_year", of: Record | None = None) -> tuple[Report, ...]:
    """Count reports of the year 2015."""
    loaded = [load(text, "report.yaml", WORKFLOWS) for text in texts or (YEAR, WEIGHTS)]
    assert not [finding for one in loaded for finding in one.findings]
    period = Period(on("2015-01-01").date(), on("2015-12-31").date())
    files = [one.report for one in loaded if one.report is not None]
    entries = (of or record()).entries
    return count(files, entries, period=period, compare=earlier_period(period, compare), as_of=LATER)


def written(counted: tuple[Report, ...], **said: Any) -> str:
    """Write reports as a page; `said` is what it says of itself."""
    return "".join(page(counted, Source(SOURCE.database, SOURCE.files[: len(counted)], **said)))


@dataclass
class Table:
    """A table of the page: what marks it, and the text of its cells, row by row."""

    kind: str
    place: str
    rows: list[list[str]] = field(default_factory=list)


class PageReader(HTMLParser):
    """Read a page as a browser would: its tables, what it points to, its tags.

    Attributes:
        tables: All tables, in order; each stands in the article or the section of its `place`.
        tags: The name of every element.
        pointers: Everything that could be fetched or followed.
        text: The text outside the style sheet.
    """

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__()
        self.tables: list[Table] = []
        self.tags: list[str] = []
        self.pointers: list[str] = []
        self.titles: list[str] = []
        self.text = ""
        self._place = ""
        self._skip = self._cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = dict(attrs)
        self.tags.append(tag)
        self.pointers += [given[name] or "" for name in ("href", "src", "action", "data", "poster") if name in given]
        self._skip = tag == "style"
        if tag in ("section", "article"):
            self._place = given["id"] or ""
        elif tag == "table":
            self.tables.append(Table((given.get("class") or ""), self._place))
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            self.tables[-1].rows[-1].append("")
            self._cell = True
            if tag == "td" and "title" in given:
                self.titles.append(given["title"] or "")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a style sheet, and of a cell."""
        self._skip = self._skip and tag != "style"
        self._cell = self._cell and tag not in ("td", "th", "tbody", "thead", "table")

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self._skip:
            return
        self.text += data
        if self._cell:
            self.tables[-1].rows[-1][-1] += data

    def of(self, kind: str, place: str) -> list[list[str]]:
        """Give the rows of the one table of a kind at a place, without its head."""
        [found] = [table for table in self.tables if (table.kind, table.place) == (kind, place)]
        return [[cell.strip() for cell in row] for row in found.rows[1:]]


def same_figures(read: PageReader, counted: tuple[Report, ...]) -> None:
    """Hold every table of a page against the JSON of its reports, number by number."""
    for report in counted:
        shown = report.as_json()["figures"]
        overview = read.of("overview", report.report)
        assert [row[2:4] for row in overview] == [[_n(one["value"]), _n(one["previous"])] for one in shown.values()]
        for name, one in shown.items():
            place = f"{report.report}.{name}"
            if one.get("groups"):
                parts = read.of("parts", place)
                assert [row[1:3] for row in parts] == [[_n(g["value"]), _n(g["previous"])] for g in one["groups"]]
            if one["value"] or one["previous"]:
                months = read.of("parts monthly", place)
                assert sum(int(row[1].replace(",", "")) for row in months) == one["value"]
                if one["previous"] is not None:
                    assert sum(int(row[3].replace(",", "")) for row in months) == one["previous"]
            if one["value"]:
                trace = [row[:2] for row in read.of("trace", place)]
                assert trace == [[entry.case, str(entry.seq)] for entry in report.trace[name]]


def _n(value: int | None) -> str:
    return "n/a" if value is None else f"{value:,}"
