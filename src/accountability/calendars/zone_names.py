"""Names of time zones.

This module imports no library, so that definitions may be checked without the time that loading pendulum takes.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def known_zone(name: str) -> bool:
    """Say whether there is a time zone of this IANA name, such as `Asia/Shanghai`."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_names() -> tuple[str, ...]:
    """List the names of all time zones in alphabetical order."""
    return tuple(sorted(available_timezones()))
