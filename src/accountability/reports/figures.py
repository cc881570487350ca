"""Figures counted from the record: each with the entries it counts, so that every published number can be followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from accountability.audit.entry import Entry
from accountability.calendars.period import Period
from accountability.canonical import canonical, instant
from accountability.definition.model import Text, Workflow
from accountability.errors import InputError
from accountability.guards import EvaluationError
from accountability.reports.growth import growth
from accountability.reports.moments import Moment, moments
from accountability.reports.report_file import FigureRule, ReportFile, load_path

PREVIOUS_YEAR = "previous_year"

Comparison = str | tuple[date, date] | None
"""`previous_year`, the first and last day of an earlier period, or None for no comparison."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report.

    Attributes:
        title, unit: As the report file says.
        value: The number.
        previous: The number of the earlier period; None where nothing was compared.
        growth: In per cent, to one decimal; None for n/a.
    """

    title: Text
    unit: str | None
    value: int
    previous: int | None
    growth: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """Give the figure as JSON; its growth, which has one decimal, as a number."""
        return {
            "title": self.title,
            "unit": self.unit,
            "value": self.value,
            "previous": self.previous,
            "growth": None if self.growth is None else float(self.growth),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period.

    Attributes:
        report, title: As the report file says.
        period: What is counted.
        compare: The earlier period it is compared with, if any.
        as_of: What was recorded later is not counted.
        figures: Name -> figure, in the order of the file.
        trace: Name -> the entries that the figure counts, in the order of the record: one for each unit of its value.
    """

    report: str
    title: Text
    period: Period
    compare: Period | None
    as_of: datetime
    figures: Mapping[str, Figure]
    trace: Mapping[str, tuple[Entry, ...]] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """Give the report in the shape that the command line prints."""
        return {
            "report": self.report,
            "title": self.title,
            "period": self.period.as_json(),
            "compare": None if self.compare is None else self.compare.as_json(),
            "as_of": instant(self.as_of),
            "figures": {name: figure.as_json() for name, figure in self.figures.items()},
        }


def report_on(
    path: Path | str,
    entries: Iterable[Entry],
    workflows: Mapping[str, Workflow],
    *,
    since: date,
    until: date,
    compare: Comparison = None,
    as_of: datetime,
) -> Report:
    """Count the figures of a report file.

    Args:
        path: The report file.
        entries: The record; entries of one case in the order of their seq.
        workflows: Name -> the newest version of each workflow of the record.
        since: First day of the period, in the report's time zone.
        until: Its last day, included.
        compare: With which earlier period.
        as_of: The moment of the report; what was recorded later is not counted.

    Raises:
        DefinitionError: The report file is wrong; carries its findings.
        InputError: The file cannot be read, a period makes no sense, or a `where` cannot be decided for an entry.
    """
    period = Period(since, until)
    return count(
        load_path(path, workflows), entries, period=period, compare=earlier_period(period, compare), as_of=as_of
    )


def earlier_period(period: Period, compare: Comparison) -> Period | None:
    """Say with which period one is compared.

    Raises:
        InputError: The word is not `previous_year`, or the other period does not begin earlier.
    """
    if compare is None:
        return None
    if isinstance(compare, str):
        if compare != PREVIOUS_YEAR:
            raise InputError(f"nothing can be compared with `{compare}`", cure=f"write `{PREVIOUS_YEAR}` or two dates")
        return period.year_earlier()
    earlier = Period(*compare)
    if earlier.since >= period.since:
        message = f"the period of comparison begins on {earlier.since}, not before {period.since}"
        raise InputError(message, cure="compare with an earlier period")
    return earlier


def count(
    report: ReportFile, entries: Iterable[Entry], *, period: Period, compare: Period | None, as_of: datetime
) -> Report:
    """Count the figures of a report.

    An entry belongs to a period by the time it was recorded (`at`).

    Args:
        report: What to count.
        entries: The record; entries of one case in the order of their seq.
        period: The days that are counted.
        compare: An earlier period, for the growth.
        as_of: What was recorded later is not counted.

    Raises:
        InputError: A `where` cannot be decided for an entry.
    """
    wanted = defaultdict(list)
    for name, rule in report.figures.items():
        wanted[rule.workflow, rule.trigger].append(name)
    counters = {name: _Counter(rule, name) for name, rule in report.figures.items()}
    earlier = {name: _Counter(rule, name) for name, rule in report.figures.items()}
    now, before = period.bounds(report.zone), None if compare is None else compare.bounds(report.zone)
    for moment in moments(entries, {workflow for workflow, _ in wanted}, as_of):
        at = moment.entry.at
        for name in wanted.get((moment.entry.workflow, moment.entry.trigger), ()):
            if now[0] <= at < now[1]:
                counters[name].take(moment)
            if before is not None and before[0] <= at < before[1]:
                earlier[name].take(moment)
    return Report(
        report=report.report,
        title=report.title,
        period=period,
        compare=compare,
        as_of=as_of,
        figures={
            name: _figure(rule, len(counters[name].counted), None if compare is None else len(earlier[name].counted))
            for name, rule in report.figures.items()
        },
        trace={name: tuple(counter.counted) for name, counter in counters.items()},
    )


class _Counter:
    """Collect the entries of one figure in one period, one for each unit."""

    def __init__(self, rule: FigureRule, name: str) -> None:
        self.counted: list[Entry] = []
        self._rule = rule
        self._name = name
        self._seen: set[bytes | str] = set()

    def take(self, moment: Moment) -> None:
        """Count an act, if the figure counts it and has not counted its case or value yet."""
        if not self._fits(moment):
            return
        unit = self._unit(moment)
        if unit is None or unit in self._seen:
            return
        self._seen.add(unit)
        self.counted.append(moment.entry)

    def _unit(self, moment: Moment) -> bytes | str | None:
        """Name what an act counts for; None where the field to count by has no value."""
        entry, rule = moment.entry, self._rule
        if rule.count == "entries":
            return f"{entry.case} {entry.seq}"
        if rule.count == "cases":
            return entry.case
        value = moment.data.get(rule.field or "")
        return None if value is None else canonical(value)

    def _fits(self, moment: Moment) -> bool:
        if self._rule.where is None:
            return True
        try:
            return self._rule.where.holds(moment.context())
        except EvaluationError as error:
            entry = moment.entry
            raise InputError(
                f"`where` of {self._name} cannot be decided for entry {entry.seq} of {entry.case}: {error}",
                cure="a field that not every version of the workflow has is read only behind has()",
            ) from error


def _figure(rule: FigureRule, value: int, previous: int | None) -> Figure:
    return Figure(rule.title, rule.unit, value, previous, growth(value, previous))
