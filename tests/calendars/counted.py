"""Calendars to count by, and a second way of counting: day by day, slowly, so that nothing in it can be clever."""

from __future__ import annotations

import calendar as months
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from accountability.calendars.allowance import Allowance, Unit
from accountability.calendars.calendar import EVERY_DAY, WEEKDAYS, Calendar, overlay
from accountability.definition.calendar_file import shipped

DAY = timedelta(days=1)
CN = shipped("cn")
SHANGHAI = "Asia/Shanghai"

LIANGSHAN = overlay(
    CN,
    {
        "calendar": "cn_liangshan",
        "version": 1,
        "festivals": {"torch": {"en": "Torch Festival", "zh": "火把节"}},
        "notices": [
            {
                "number": "凉府办发〔2010〕31号",
                "holidays": {"torch": "2011-07-24 to 2011-07-30"},
                "work": ["2011-07-31"],
            }
        ],
    },
)
"""A prefecture with a festival of its own."""

UNITS_OF_DAYS: tuple[Unit, ...] = ("days", "working days", "weeks", "months", "years")

calendars = st.sampled_from([CN, LIANGSHAN, WEEKDAYS, EVERY_DAY])
zones = st.sampled_from(
    [SHANGHAI, "UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "America/Havana", "Australia/Lord_Howe"]
)
moments = st.datetimes(datetime(2004, 1, 2), datetime(2035, 12, 30), timezones=st.just(UTC))
allowances = st.builds(Allowance, st.integers(1, 60), st.sampled_from(UNITS_OF_DAYS))
working_days = st.integers(1, 60).map(lambda amount: Allowance(amount, "working days"))
rolls = st.sampled_from(["none", "next_working_day"])


@st.composite
def pauses(draw: st.DrawFn, most: int = 3) -> list[tuple[datetime, datetime]]:
    """Draw stretches of time that follow each other."""
    ends = sorted(draw(st.lists(moments, min_size=0, max_size=2 * most, unique=True)))
    return list(zip(ends[0::2], ends[1::2], strict=False))


def local_day(moment: datetime, zone: str) -> date:
    """Say which day a moment belongs to."""
    return moment.astimezone(ZoneInfo(zone)).date()


def later(calendar: Calendar, day: date, amount: int, unit: str) -> date:
    """Count day by day, and months by the almanac."""
    if unit == "working days":
        while amount:
            day += DAY
            if calendar.is_workday(day):
                amount -= 1
        return day
    if unit in ("days", "weeks"):
        return day + DAY * amount * (7 if unit == "weeks" else 1)
    month = day.year * 12 + day.month - 1 + amount * (12 if unit == "years" else 1)
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def paused_days(calendar: Calendar, unit: str, spans: list[tuple[datetime, datetime]], zone: str) -> int:
    """Count what pauses leave out."""
    total = 0
    for since, until in spans:
        day = local_day(since, zone)
        while day < local_day(until, zone):
            day += DAY
            total += calendar.is_workday(day) if unit == "working days" else 1
    return total


def last_day(
    calendar: Calendar,
    start: date,
    within: Allowance,
    *,
    pause: int = 0,
    extensions: tuple[Allowance, ...] = (),
    roll: str = "none",
) -> date:
    """Give the last day, found the slow way."""
    if within.unit == "working days":
        end = later(calendar, start, within.amount + pause, "working days")
    else:
        end = later(calendar, start, within.amount, within.unit) + DAY * pause
    for extension in extensions:
        end = later(calendar, end, extension.amount, extension.unit)
    while roll == "next_working_day" and not calendar.is_workday(end):
        end += DAY
    return end
