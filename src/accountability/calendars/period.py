"""Stretches of days: from a first day to a last one, both included, in a named time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

import pendulum

from accountability.calendars.zones import begins
from accountability.errors import InputError

YEAR_MIN, YEAR_MAX = MINYEAR + 2, MAXYEAR - 1
"""Years in which a period may lie, so that the day after it and the year before it exist in every zone."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days.

    Attributes:
        since: Its first day.
        until: Its last day, included.
    """

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise InputError(f"the period begins on {self.since}, after its end on {self.until}", cure="swap its days")
        if self.since.year < YEAR_MIN or self.until.year > YEAR_MAX:
            raise InputError(f"the period leaves the years {YEAR_MIN} to {YEAR_MAX}", cure="give a shorter period")

    def year_earlier(self) -> Period:
        """Give the period of the same dates one year before; the 29th of February becomes the 28th."""
        return Period(_year_earlier(self.since), _year_earlier(self.until))

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Give the moments at which its first day and the day after its last one begin.

        Args:
            zone: IANA name of a time zone that `known_zone` accepts.

        Returns:
            Both in UTC.
        """
        return begins(self.since, zone), begins(self.until + timedelta(days=1), zone)

    def as_json(self) -> dict[str, str]:
        """Give the period in the shape that reports share."""
        return {"from": self.since.isoformat(), "to": self.until.isoformat()}


def _year_earlier(day: date) -> date:
    earlier = pendulum.date(day.year, day.month, day.day).subtract(years=1)
    return date(earlier.year, earlier.month, earlier.day)
