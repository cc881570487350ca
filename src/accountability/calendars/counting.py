"""Counting days: forward over the working days of a calendar, remembering what was passed over and why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pendulum

from accountability.calendars.allowance import Allowance, within_bounds
from accountability.calendars.calendar import ONE_DAY, Calendar, Special, as_range
from accountability.errors import InputError


class Count:
    """Count from day to day in a calendar, and remember what was passed over.

    Attributes:
        calendar: Whose days are counted.
        years: The years whose days decided.
    """

    __slots__ = ("_special", "_weekends", "calendar", "years")

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.years: set[int] = set()
        self._special: list[tuple[date, Special]] = []
        self._weekends = 0

    def add(self, day: date, allowance: Allowance, more: int = 0) -> date:
        """Give the last day of an allowance; the day it is counted from does not count.

        Args:
            day: The day it is counted from.
            allowance: Not of hours.
            more: What pauses add: working days to working days, days to all else.

        Raises:
            InputError: The day leaves the years 1 to 9999.
        """
        if allowance.unit == "working days":
            return self._forward(day, within_bounds(allowance).amount + more)
        return moved(moved_by(day, allowance), more)

    def roll(self, day: date) -> date:
        """Give the day itself when it is worked, else the next one that is."""
        self.years.add(day.year)
        return day if self.calendar.is_workday(day) else self._forward(day - ONE_DAY, 1)

    def _forward(self, day: date, amount: int) -> date:
        """Give the `amount`-th working day after a day."""
        specials, weekend, ordinal = self.calendar.specials, self.calendar.weekend, day.toordinal()
        first = ordinal + 1
        try:
            while amount:
                ordinal += 1
                day = date.fromordinal(ordinal)
                special = specials.get(day)
                if special is None:
                    if day.weekday() in weekend:
                        self._weekends += 1
                    else:
                        amount -= 1
                else:
                    self._special.append((day, special))
                    amount -= not special.off
        except ValueError:
            raise out_of_range() from None
        self.years.update(range(date.fromordinal(first).year, day.year + 1))
        return day

    def skipped(self) -> dict[str, Any]:
        """Tell what was passed over: how many weekend days, and by which notice other days were off, or worked.

        Returns:
            `{weekends, notices: [{notice, off: {DAYS: WHY}, worked: [DAYS]}]}` without what is empty, as JSON. Days
            that are only expected stand in an item without `notice`.
        """
        told: dict[str, Any] = {"weekends": self._weekends} if self._weekends else {}
        notices: dict[str | None, dict[str, Any]] = {}
        for first, last, special in _runs(self._special):
            notice = notices.get(special.notice)
            if notice is None:
                notice = notices[special.notice] = {"notice": special.notice} if special.notice is not None else {}
            if special.off:
                notice.setdefault("off", {})[as_range(first, last)] = special.title
            else:
                notice.setdefault("worked", []).append(as_range(first, last))
        if notices:
            told["notices"] = list(notices.values())
        return told


def moved(day: date, days: int) -> date:
    """Give the day so many days later, or earlier.

    Raises:
        InputError: It leaves the years 1 to 9999.
    """
    try:
        return day + timedelta(days=days) if days else day
    except OverflowError:
        raise out_of_range() from None


def moved_by(day: date, allowance: Allowance, sign: int = 1) -> date:
    """Give the day later, or with a `sign` of -1 earlier, by days, weeks, months or years.

    Months and years end on the corresponding day, or on the last day of a month that has no such day.

    Raises:
        InputError: It leaves the years 1 to 9999.
    """
    amount = sign * allowance.amount
    if allowance.unit in ("days", "weeks"):
        return moved(day, amount * (7 if allowance.unit == "weeks" else 1))
    try:
        found = pendulum.date(day.year, day.month, day.day).add(
            months=amount if allowance.unit == "months" else 0, years=amount if allowance.unit == "years" else 0
        )
    except (OverflowError, ValueError):
        raise out_of_range() from None
    return date(found.year, found.month, found.day)


def worked_between(calendar: Calendar, after: date, until: date) -> int:
    """Count the working days after one day, up to another, which is included."""
    days = map(date.fromordinal, range(after.toordinal() + 1, until.toordinal() + 1))
    return sum(map(calendar.is_workday, days))


def working_day_before(calendar: Calendar, day: date, amount: int) -> date:
    """Give the `amount`-th working day before a day.

    Raises:
        InputError: It leaves the years 1 to 9999.
    """
    while amount:
        day = moved(day, -1)
        amount -= calendar.is_workday(day)
    return day


def out_of_range(moment: datetime | None = None) -> InputError:
    """Say that a date cannot be counted."""
    shown = f" from {moment.isoformat()}" if moment else ""
    return InputError(f"counting{shown} leaves the years 1 to 9999", cure="give less time, or an earlier moment")


def _runs(days: list[tuple[date, Special]]) -> list[tuple[date, date, Special]]:
    """Join days that follow each other for the same reason."""
    runs: list[tuple[date, date, Special]] = []
    for day, special in days:
        if runs and runs[-1][2] is special and day - runs[-1][1] == ONE_DAY:
            runs[-1] = (runs[-1][0], day, special)
        else:
            runs.append((day, day, special))
    return runs
