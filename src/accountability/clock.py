"""What time it is: the only source of `now`, asked once per call of the engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from accountability.errors import InputError

_CURE = "write it like 2015-02-09T09:00+08:00"


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in any zone."""
        ...


class SystemClock:
    """Tell the computer's time."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """Stand still until told to move: for tests, demonstrations and imports."""

    def __init__(self, start: datetime | str) -> None:
        """Set the clock.

        Args:
            start: An aware datetime, or RFC 3339 text with an offset.

        Raises:
            InputError: The time carries no zone, or cannot be read.
        """
        self._now = _aware(start)

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        return self._now

    def set(self, moment: datetime | str) -> None:
        """Set the clock to a moment, also backwards."""
        self._now = _aware(moment)

    def advance(self, by: timedelta | None = None, **parts: float) -> None:
        """Move the clock on by a timedelta, or by its parts: `advance(days=3, hours=2)`."""
        self._now += by if by is not None else timedelta(**parts)


def _aware(moment: datetime | str) -> datetime:
    try:
        value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    except ValueError as error:
        raise InputError(f"{moment!r} is not a time", cure=_CURE) from error
    if not isinstance(value, datetime):
        raise InputError(f"{moment!r} is not a time", cure=_CURE)
    if value.utcoffset() is None:
        raise InputError(f"{moment} carries no time zone", cure=_CURE)
    return value
