"""Figures month by month, counted from the entries that each figure counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from accountability.audit.entry import Entry
from accountability.calendars.period import Period
from accountability.calendars.zones import zone_of
from accountability.reports.figures import Report

Name = tuple[int, int]
"""A month: year, and number from 1."""


@dataclass(frozen=True, slots=True)
class Month:
    """What a figure counted in one month of the period, and in the month at the same place of the earlier period.

    Attributes:
        name: The month; None where the earlier period is longer and the period has no such month.
        value: What was counted in it.
        earlier: The month it is compared with; None where there is none.
        previous: What was counted in that; None where nothing was compared.
    """

    name: Name | None
    value: int
    earlier: Name | None
    previous: int | None


def by_month(report: Report, figure: str) -> tuple[Month, ...]:
    """Split a figure by the months in which its entries were recorded, in the report's time zone.

    A case, or a value, that is counted once stands in the month of the entry it is counted by, so the months add up to
    the figure.
    """
    now = _counted(report.trace[figure], report.file.zone)
    before = _counted(report.earlier[figure], report.file.zone)
    known = report.figures[figure].previous is not None
    compared = list(_months(report.compare)) if report.compare is not None and known else []
    return tuple(
        Month(name, now[name] if name else 0, earlier, before[earlier or (0, 0)] if known else None)
        for name, earlier in zip_longest(_months(report.period), compared)
    )


def _counted(entries: Iterable[Entry], zone: str) -> Counter[Name]:
    days = (entry.at.astimezone(zone_of(zone)) for entry in entries)
    return Counter((day.year, day.month) for day in days)


def _months(period: Period) -> Iterator[Name]:
    """List the months that a period touches."""
    year, month = period.since.year, period.since.month
    while (year, month) <= (period.until.year, period.until.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
