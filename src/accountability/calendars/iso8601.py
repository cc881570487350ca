"""ISO 8601 durations as text, strictly: `P3Y6M4DT12H30M5S` or `P2W`, whole numbers, no sign.

This module imports no library, so that guards may read durations without the time that loading pendulum takes.
"""

from __future__ import annotations

import re
from datetime import timedelta

from accountability.errors import InputError

LENGTH_MAX = 64
"""How long the text of a duration may be."""

_DURATION = re.compile(
    r"P(?!T?\Z)(?:(?P<weeks>[0-9]+)W|"
    r"(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?!\Z)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)S)?)?)"
)
_CURE = "write it like P15D, P2W or PT36H: whole numbers, no sign, weeks alone"


def parts(text: str) -> dict[str, int]:
    """Read the parts of a duration.

    Args:
        text: An ISO 8601 duration.

    Returns:
        Those of `years, months, weeks, days, hours, minutes, seconds` that are written, in this order.

    Raises:
        InputError: The text is no duration, has a sign or a fraction, or mixes weeks with other parts.
    """
    match = _DURATION.fullmatch(text) if len(text) <= LENGTH_MAX else None
    if match is None:
        raise InputError("the text is not an ISO 8601 duration", cure=_CURE)
    return {unit: int(digits) for unit, digits in match.groupdict().items() if digits is not None}


def exact(text: str) -> timedelta:
    """Read a duration that is always the same length of time.

    Raises:
        InputError: The text is no duration, is too long a time, or holds years or months, whose length depends on
            where they are counted from.
    """
    read = parts(text)
    if read.get("years") or read.get("months"):
        raise InputError("years and months have no fixed length", cure="write weeks, days, hours, minutes or seconds")
    try:
        return timedelta(**{unit: number for unit, number in read.items() if unit not in ("years", "months")})
    except OverflowError:
        raise InputError("the duration is too long", cure="write less than 2,700,000 years") from None


def written(span: timedelta) -> str:
    """Write a span as an ISO 8601 duration of days, hours, minutes and seconds.

    What ISO 8601 strictly has no place for is written as it is usually written: a minus before a span that goes back,
    a decimal fraction for parts of a second.
    """
    sign = "-" if span < timedelta(0) else ""
    size = abs(span)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06}".rstrip("0") if size.microseconds else ""
    days = f"{size.days}D" if size.days else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if seconds or fraction or not (days or time):
        time += f"{seconds}{fraction}S"
    return f"{sign}P{days}" + (f"T{time}" if time else "")
