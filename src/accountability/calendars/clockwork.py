"""The clockwork: from an anchor to a due date, with the derivation that shows how it was found.

The day of the anchor is not counted. Working days are days of the calendar; months and years end on the corresponding
day, or on the last day of a month that has no such day. Pauses are left out, extensions are counted from the last day
before it is rolled, and a last day off moves to the next working day where the rule says so. The last day is included:
it ends at 24:00 in the zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Literal

from accountability.calendars import iso8601
from accountability.calendars.allowance import Allowance, within_bounds
from accountability.calendars.calendar import Calendar
from accountability.calendars.counting import (
    Count,
    moved,
    moved_by,
    out_of_range,
    worked_between,
    working_day_before,
)
from accountability.calendars.explanation import explained as explained
from accountability.calendars.zones import begins, zone_of
from accountability.canonical import instant
from accountability.errors import CalendarNotAnnouncedError, InputError

DAYS_KEPT = 1024
"""How many due dates are remembered, of one day's acts each."""

Roll = Literal["none", "next_working_day"]
"""Whether a last day off moves to the next working day."""

Pause = tuple[datetime, datetime]
"""From when until when a clock stood still."""


@dataclass(frozen=True, slots=True)
class Due:
    """Say until when something is to be done, and how that was found.

    Attributes:
        due: The last day, included; for hours the moment, aware.
        until: The moment from which it is over, in UTC: 24:00 of the last day in the zone.
        warnings: The moments before it at which to warn, in UTC, earliest first.
        provisional: Whether a day was counted in a year that is not announced.
        derivation: How it was found, as JSON; `explained` puts it into words.
    """

    due: date | datetime
    until: datetime
    warnings: tuple[datetime, ...]
    provisional: bool
    derivation: Mapping[str, Any]


def reckon(
    anchor: datetime,
    within: Allowance,
    *,
    calendar: Calendar,
    zone: str,
    roll: Roll,
    plus: Allowance | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Allowance] = (),
    warn: Sequence[Allowance] = (),
    strict: bool = False,
) -> Due:
    """Find the due date of a deadline.

    Args:
        anchor: The moment the deadline starts from, aware; its day in the zone is not counted.
        within: How much time is given. Hours are hours that pass; all else counts days.
        calendar: Whose working days count.
        zone: IANA name of the zone in which days begin and end.
        roll: Whether a last day off moves to the next working day.
        plus: What is added to the anchor first; the day it ends on is not counted.
        pauses: When the clock stood still, in order; whole days, or working days, or for hours the time that passed.
        extensions: What was added, each counted from the last day before it is rolled.
        warn: How long before the due date to warn: at 00:00 of a day, or for hours so many hours before the end.
        strict: Whether to refuse a year that is not announced, instead of calling the date provisional.

    Raises:
        CalendarNotAnnouncedError: `strict`, and a day was counted in a year that is not announced.
        InputError: The anchor or a pause makes no sense, the zone is unknown, or a date leaves the years 1 to 9999.
    """
    if within.unit == "hours" or plus is not None or pauses or extensions:
        return _worked_out(anchor, within, calendar, zone, roll, plus, pauses, extensions, tuple(warn), strict)
    moment = _aware(anchor)
    due = _of_day(_local(moment, zone).date(), within, calendar, zone, roll, tuple(warn), strict)
    return Due(due.due, due.until, due.warnings, due.provisional, {**due.derivation, "anchor": instant(moment)})


@lru_cache(maxsize=DAYS_KEPT)
def _of_day(
    day: date, within: Allowance, calendar: Calendar, zone: str, roll: Roll, warn: tuple[Allowance, ...], strict: bool
) -> Due:
    """Find a due date that a whole day's acts have in common: kept, since most acts arm what others armed that day."""
    return _worked_out(begins(day, zone), within, calendar, zone, roll, None, (), (), warn, strict)


def _worked_out(
    anchor: datetime,
    within: Allowance,
    calendar: Calendar,
    zone: str,
    roll: Roll,
    plus: Allowance | None,
    pauses: Sequence[Pause],
    extensions: Sequence[Allowance],
    warn: tuple[Allowance, ...],
    strict: bool,
) -> Due:
    """Find a due date; see `reckon`."""
    reckoning = _Reckoning(calendar, zone, roll)
    reckoning.begin(anchor, within, plus)
    due: date | datetime
    if within.unit == "hours":
        due, until = reckoning.hours(within, pauses, extensions)
    else:
        due, until = reckoning.days(within, pauses, extensions)
    unsettled = sorted(year for year in reckoning.years if not calendar.covers(year))
    if unsettled and strict:
        raise CalendarNotAnnouncedError(calendar.name, unsettled[0])
    if unsettled:
        reckoning.derivation["provisional"] = unsettled
    warnings = sorted({_warning(due, until, one, calendar, zone) for one in warn})
    return Due(due, until, tuple(warnings), bool(unsettled), reckoning.derivation)


def after(moment: datetime, allowance: Allowance, *, calendar: Calendar, zone: str) -> datetime:
    """Give the moment so much later: hours that pass, or the same time of day in the zone on a later day.

    A time that clocks skip on that day becomes the one after the gap.

    Returns:
        The moment in UTC.

    Raises:
        InputError: The moment carries no zone, the zone is unknown, or the moment leaves the years 1 to 9999.
    """
    return _moment_after(_aware(moment), allowance, Count(calendar), zone)


class _Reckoning:
    """One due date while it is found."""

    def __init__(self, calendar: Calendar, zone: str, roll: Roll) -> None:
        self.count, self.rolling = Count(calendar), Count(calendar)
        self.calendar, self.zone, self.roll = calendar, zone, roll
        self.derivation: dict[str, Any] = {}

    @property
    def years(self) -> set[int]:
        """The years whose days decided."""
        return self.count.years | self.rolling.years

    def begin(self, anchor: datetime, within: Allowance, plus: Allowance | None) -> None:
        """Note where it is counted from."""
        self.moment = _aware(anchor)
        self.derivation |= {
            "anchor": instant(self.moment),
            "within": str(within),
            "calendar": self.calendar.name,
            "version": self.calendar.version,
            "digest": self.calendar.digest,
            "zone": self.zone,
        }
        if plus is not None:
            self.moment = _moment_after(self.moment, plus, self.count, self.zone)
            self.derivation["plus"] = str(plus)

    def days(
        self, within: Allowance, pauses: Sequence[Pause], extensions: Sequence[Allowance]
    ) -> tuple[date, datetime]:
        """Count days: give the last one, and when it is over."""
        start = _local(self.moment, self.zone).date()
        self.derivation["start"] = str(start)
        working = within.unit == "working days"
        end = self.count.add(start, within, self._days_paused(pauses, working) if pauses else 0)
        for extension in extensions:
            if extension.unit == "hours":
                raise InputError("hours do not extend a deadline of days", cure="extend it by days")
            end = self.count.add(end, extension)
            self._extended(extension, str(end))
        last = end if self.roll == "none" else self.rolling.roll(end)
        self._end(str(end), str(last))
        return last, begins(moved(last, 1), self.zone)

    def hours(
        self, within: Allowance, pauses: Sequence[Pause], extensions: Sequence[Allowance]
    ) -> tuple[datetime, datetime]:
        """Count hours that pass: give the moment in the zone, and in UTC."""
        known = self._in_order(pauses)
        lengths = [resumed - paused for paused, resumed in known]
        if known:
            self._paused(known, [iso8601.written(length) for length in lengths])
        end = _later(self.moment, timedelta(hours=within.amount) + sum(lengths, timedelta()))
        for extension in extensions:
            end = _moment_after(end, extension, self.count, self.zone)
            self._extended(extension, _rfc3339(end, self.zone))
        until = end
        if self.roll != "none":
            local = _local(end, self.zone)
            until = _at(local, self.rolling.roll(local.date()), self.zone) if self._off(local.date()) else end
        self._end(_rfc3339(end, self.zone), _rfc3339(until, self.zone))
        local = _local(until, self.zone)
        return local.replace(tzinfo=timezone(local.utcoffset() or timedelta())), until

    def _off(self, day: date) -> bool:
        self.rolling.years.add(day.year)
        return not self.calendar.is_workday(day)

    def _extended(self, extension: Allowance, end: str) -> None:
        self.derivation.setdefault("extensions", []).append(str(extension))
        self.derivation.setdefault("extended", []).append(end)

    def _end(self, end: str, last: str) -> None:
        if skipped := self.count.skipped():
            self.derivation["skipped"] = skipped
        self.derivation |= {"end": end, "last": last}
        if end != last:
            self.derivation["rolled"] = self.rolling.skipped()

    def _days_paused(self, pauses: Sequence[Pause], working: bool) -> int:
        total, lengths, known = 0, [], self._in_order(pauses)
        for paused, resumed in known:
            since, until = _local(paused, self.zone).date(), _local(resumed, self.zone).date()
            number = worked_between(self.calendar, since, until) if working else (until - since).days
            if working and until > since:
                self.count.years.update(range(moved(since, 1).year, until.year + 1))
            lengths.append(str(Allowance(number, "working days" if working else "days")))
            total += number
        self._paused(known, lengths)
        return total

    def _paused(self, pauses: Sequence[Pause], lengths: list[str]) -> None:
        self.derivation["pauses"] = [[instant(paused), instant(resumed)] for paused, resumed in pauses]
        self.derivation["paused"] = lengths

    def _in_order(self, pauses: Sequence[Pause]) -> list[Pause]:
        known = [(_aware(paused), _aware(resumed)) for paused, resumed in pauses]
        moments = [moment for pause in known for moment in pause]
        if moments != sorted(moments):
            raise InputError("the pauses of a deadline overlap, or end before they begin", cure="give them in order")
        return known


def _warning(due: date | datetime, until: datetime, warn: Allowance, calendar: Calendar, zone: str) -> datetime:
    """Give the moment so long before the due date."""
    if warn.unit == "hours":
        return _later(until, timedelta(hours=-warn.amount))
    day = due.date() if isinstance(due, datetime) else due
    if warn.unit == "working days":
        day = working_day_before(calendar, day, within_bounds(warn).amount)
    else:
        day = moved_by(day, warn, -1)
    try:
        return _at(due, day, zone) if isinstance(due, datetime) else begins(day, zone)
    except OverflowError:
        raise out_of_range() from None


def _moment_after(moment: datetime, allowance: Allowance, count: Count, zone: str) -> datetime:
    if allowance.unit == "hours":
        return _later(moment, timedelta(hours=allowance.amount))
    local = _local(moment, zone)
    return _at(local, count.add(local.date(), allowance), zone)


def _at(local: datetime, day: date, zone: str) -> datetime:
    """Give the moment of a day at which clocks show the time that they show at another one."""
    try:
        return datetime.combine(day, local.time().replace(fold=0), zone_of(zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise out_of_range() from None


def _later(moment: datetime, span: timedelta) -> datetime:
    try:
        return moment + span
    except OverflowError:
        raise out_of_range() from None


def _local(moment: datetime, zone: str) -> datetime:
    try:
        return moment.astimezone(zone_of(zone))
    except (OverflowError, ValueError):
        raise out_of_range(moment) from None


def _rfc3339(moment: datetime, zone: str) -> str:
    return _local(moment, zone).isoformat()


def _aware(moment: datetime) -> datetime:
    """Give a moment in UTC."""
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise InputError(f"{moment} carries no time zone", cure="give a moment with its zone or offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise out_of_range(moment) from None
