"""Where the days of a time zone begin."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import pendulum
from pendulum.tz.timezone import FixedTimezone, Timezone

from accountability.calendars.zone_names import known_zone
from accountability.errors import InputError


@cache
def zone_of(name: str) -> Timezone | FixedTimezone:
    """Give the time zone of an IANA name.

    Raises:
        InputError: There is none.
    """
    if not known_zone(name):
        raise InputError(f"there is no time zone {name!r}", cure="write an IANA name, such as Asia/Shanghai, or UTC")
    return pendulum.timezone(name)


def begins(day: date, zone: str) -> datetime:
    """Give the moment a day begins, in UTC; where clocks skip midnight, the moment after the gap.

    Where midnight comes twice, the day begins with the first.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)).astimezone(UTC)
