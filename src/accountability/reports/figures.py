"""Figures of a period: each with the entries it counts, so that every published number can be followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accountability.audit.entry import Entry
from accountability.calendars.period import Period
from accountability.canonical import instant
from accountability.definition.model import Text
from accountability.errors import InputError
from accountability.reports.report_file import ReportFile

PREVIOUS_YEAR = "previous_year"

Comparison = str | tuple[date, date] | None
"""`previous_year`, the first and last day of an earlier period, or None for no comparison."""


@dataclass(frozen=True, slots=True)
class Group:
    """The part of a figure that has one value in the field by which the figure is split.

    Attributes:
        group: The value, as text; None for the acts after which the field had none.
        title: What people call it, if the report file says so.
        value, previous, growth: As of a figure.
    """

    group: str | None
    title: Text | None
    value: int
    previous: int | None
    growth: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """Give the group as JSON."""
        numbers = _numbers(self.value, self.previous, self.growth)
        return {"group": self.group, "title": self.title, **numbers}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report.

    Attributes:
        title, description, unit: As the report file says.
        value: The number.
        previous: The number of the earlier period; None where nothing was compared, or that number is not known.
        growth: In per cent, to one decimal; None for n/a.
        groups: Its parts, which add up to it; None where it is not split.
    """

    title: Text
    description: Text | None
    unit: str | None
    value: int
    previous: int | None
    growth: Decimal | None
    groups: tuple[Group, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the figure as JSON; its growth, which has one decimal, as a number."""
        shown = {
            "title": self.title,
            "unit": self.unit,
            **_numbers(self.value, self.previous, self.growth),
        }
        if self.description is not None:
            shown["description"] = self.description
        if self.groups is not None:
            shown["groups"] = [group.as_json() for group in self.groups]
        return shown


@dataclass(frozen=True, slots=True, order=True)
class Law:
    """One version of a workflow under which something was recorded.

    Attributes:
        workflow, version: Which.
        definition: Its digest.
    """

    workflow: str
    version: int
    definition: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read to count reports.

    Attributes:
        log: Id of the record; empty where nothing was read.
        entries: How many entries there were up to the moment of the report, refusals left aside.
        refusals: How many attempts had been refused by then; they stand in the record too, and no figure counts them.
        laws: The versions under which the acts of the counted workflows were recorded.
    """

    log: str
    entries: int
    refusals: int
    laws: tuple[Law, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period.

    Attributes:
        file: What was to be counted.
        period: What is counted.
        compare: The earlier period it is compared with, if any.
        as_of: What was recorded later is not counted.
        figures: Name -> figure, in the order of the file.
        trace: Name -> the entries that the figure counts, in the order of the record: one for each unit of its value.
        earlier: The same for the earlier figure; no entries where nothing was compared.
        reading: What was read for it.
    """

    file: ReportFile
    period: Period
    compare: Period | None
    as_of: datetime
    figures: Mapping[str, Figure]
    trace: Mapping[str, tuple[Entry, ...]] = field(repr=False)
    earlier: Mapping[str, tuple[Entry, ...]] = field(repr=False)
    reading: Reading = field(repr=False)

    @property
    def report(self) -> str:
        """Its name."""
        return self.file.report

    @property
    def title(self) -> Text:
        """What people call it."""
        return self.file.title

    def as_json(self) -> dict[str, Any]:
        """Give the report in the shape that the command line prints."""
        told = {} if self.file.description is None else {"description": self.file.description}
        return {
            "report": self.report,
            "title": self.title,
            **told,
            "period": self.period.as_json(),
            "compare": None if self.compare is None else self.compare.as_json(),
            "as_of": instant(self.as_of),
            "figures": {name: figure.as_json() for name, figure in self.figures.items()},
        }


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


def _numbers(value: int, previous: int | None, growth: Decimal | None) -> dict[str, Any]:
    return {"value": value, "previous": previous, "growth": None if growth is None else float(growth)}
