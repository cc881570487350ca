"""How much time a rule gives: an amount of one unit, as the law counts it. Working days are days of a calendar.

This module imports no library, so that definitions may be checked without the time that loading pendulum takes.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal, get_args

from accountability.calendars import iso8601
from accountability.errors import InputError

Unit = Literal["hours", "days", "working days", "weeks", "months", "years"]
"""What an allowance counts."""

UNITS: tuple[Unit, ...] = get_args(Unit)
AMOUNT_MAX = 100_000
"""The largest amount of an allowance; every due date must lie within the years 1 to 9999."""

WORKING_DAYS_MAX = 999
"""The largest number of working days, four years: they are counted one by one, and each day off is told."""

_WORDS = re.compile(r"([0-9]{1,9}) ([a-z]+(?: [a-z]+)?)")
_TOO_SMALL = frozenset(("minute", "minutes", "min", "mins", "second", "seconds", "sec", "secs"))
_SMALLEST = "the smallest unit is hours; write it like `2 hours`, or PT2H"
_CURE = "write it like `5 working days`, `15 days`, `2 weeks`, `3 months`, `36 hours`, or ISO 8601 such as P1M"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much time a rule gives.

    Attributes:
        amount: How many; at least one.
        unit: Of what, in the plural.
    """

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """Write the allowance as an author would."""
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"


ON_THE_DAY = Allowance(0, "days")
"""No time beyond the day itself: for what is due on a day that is given."""


def allowance(text: str) -> Allowance:
    """Read how much time a rule gives.

    Args:
        text: `N hours | days | working days | weeks | months | years`, or an ISO 8601 duration that says one of these.

    Returns:
        The allowance. ISO 8601 years with months become months.

    Raises:
        InputError: The text says no amount of one unit, or an amount of zero, above `AMOUNT_MAX`, or above
            `WORKING_DAYS_MAX` working days.
    """
    return within_bounds(Allowance(*(_iso(text) if text.startswith("P") else _words(text))))


def within_bounds(given: Allowance) -> Allowance:
    """Give an allowance back that can be counted.

    Raises:
        InputError: Its amount is zero or too large.
    """
    most = WORKING_DAYS_MAX if given.unit == "working days" else AMOUNT_MAX
    if not 1 <= given.amount <= most:
        raise InputError(
            f"a period is from 1 to {most} {given.unit}",
            cure=_fitting(given, most),
        )
    return given


def _fitting(given: Allowance, most: int) -> str:
    """Say how to write an amount that is zero or too large."""
    if not given.amount:
        return "write 1 or more"
    return f"write {most} or less" if given.unit in ("months", "years") else "write so long a time in months or years"


def _words(text: str) -> tuple[int, Unit]:
    match = _WORDS.fullmatch(text)
    if match is None:
        raise InputError(f"{text[:40]!r} is no amount of time", cure=_CURE)
    word = match[2]
    for unit in UNITS:
        if word in (unit, unit[:-1]):
            return int(match[1]), unit
    raise InputError(f"{word!r} is no unit of time", cure=_meant(word))


def _meant(word: str) -> str:
    """Say which unit a word may stand for."""
    if word in _TOO_SMALL:
        return _SMALLEST
    # `workdays` is nearer to `days` by its letters, and means something else.
    if "work" in word or "business" in word:
        return "did you mean `working days`?"
    near = difflib.get_close_matches(word, UNITS, 1)
    return f"did you mean `{near[0]}`?" if near else _CURE


def _iso(text: str) -> tuple[int, Unit]:
    read = iso8601.parts(text)
    if set(read) == {"years", "months"}:
        return read["years"] * 12 + read["months"], "months"
    for unit in UNITS:
        if set(read) == {unit}:
            return read[unit], unit
    if set(read) & {"minutes", "seconds"}:
        raise InputError(f"{text} counts minutes or seconds", cure=_SMALLEST)
    raise InputError(f"{text} mixes units", cure=_CURE)
