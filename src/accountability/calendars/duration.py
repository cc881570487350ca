"""Durations as the law counts them: `P1M` is a month, not thirty days, and working days are days of a calendar."""

from __future__ import annotations

import pendulum

from accountability.calendars import iso8601
from accountability.calendars.allowance import AMOUNT_MAX, UNITS, Allowance, Unit, allowance
from accountability.errors import InputError

__all__ = ["AMOUNT_MAX", "UNITS", "Allowance", "Unit", "allowance", "parse_duration"]


def parse_duration(text: str) -> pendulum.Duration:
    """Read an ISO 8601 duration.

    Args:
        text: Such as `P1Y6M`, `P2W`, `P1DT12H`; whole numbers, no sign, weeks alone.

    Returns:
        The duration; months and years stay months and years.

    Raises:
        InputError: The text is no such duration, or is too long a time.
    """
    read = iso8601.parts(text)
    try:
        return pendulum.duration(**read)
    except (OverflowError, ValueError):
        raise InputError("the duration is too long", cure="write less than 2,700,000 years") from None
