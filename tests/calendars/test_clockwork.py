"""The clockwork counts as the law says, whatever the calendar, the zone and the moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accountability.calendars.allowance import WORKING_DAYS_MAX, Allowance, allowance
from accountability.calendars.calendar import EVERY_DAY, WEEKDAYS, Calendar, overlay
from accountability.calendars.clockwork import Due, after, reckon
from accountability.canonical import canonical, instant
from accountability.errors import CalendarNotAnnouncedError, InputError
from tests.calendars.counted import (
    CN,
    DAY,
    SHANGHAI,
    allowances,
    calendars,
    last_day,
    local_day,
    moments,
    paused_days,
    pauses,
    rolls,
    working_days,
    zones,
)

NINE = datetime(2015, 2, 9, 1, tzinfo=UTC)
"""Nine o'clock in Shanghai, on a Monday."""


def count(anchor: datetime, within: str | Allowance, **given_too: Any) -> Due:
    """Count by the calendar of China, rolling, unless told otherwise."""
    rest = {"calendar": CN, "zone": SHANGHAI, "roll": "next_working_day", **given_too}
    return reckon(anchor, allowance(within) if isinstance(within, str) else within, **rest)


def shanghai(text: str) -> datetime:
    """Read a time of day in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@given(moments, allowances, calendars, zones, rolls, pauses(), st.lists(allowances, max_size=2))
def test_a_due_date_is_the_one_that_counting_day_by_day_finds(
    anchor: datetime,
    within: Allowance,
    calendar: Calendar,
    zone: str,
    roll: str,
    spans: list[tuple[datetime, datetime]],
    more: list[Allowance],
):
    """Whatever is counted by which calendar, with pauses, extensions and rolling: the slow way agrees."""
    found = reckon(
        anchor,
        within,
        calendar=calendar,
        zone=zone,
        roll=roll,
        pauses=spans,
        extensions=more,  # type: ignore[arg-type]
    )
    expected = last_day(
        calendar,
        local_day(anchor, zone),
        within,
        pause=paused_days(calendar, within.unit, spans, zone),
        extensions=tuple(more),
        roll=roll,
    )
    assert found.due == expected


@given(moments, allowances, calendars, zones, rolls)
def test_the_last_day_is_included_and_ends_at_midnight(
    anchor: datetime, within: Allowance, calendar: Calendar, zone: str, roll: str
):
    """A moment before the end belongs to the last day at the latest; the end itself does not."""
    found = reckon(anchor, within, calendar=calendar, zone=zone, roll=roll)  # type: ignore[arg-type]
    assert found.until.tzinfo is UTC
    assert local_day(found.until - timedelta(microseconds=1), zone) <= found.due < local_day(found.until, zone)


@given(moments, moments, allowances, calendars, zones, rolls)
def test_who_starts_later_ends_no_earlier(
    one: datetime, other: datetime, within: Allowance, calendar: Calendar, zone: str, roll: str
):
    """Adding time never turns the order of two beginnings round."""
    first, second = (
        reckon(anchor, within, calendar=calendar, zone=zone, roll=roll)  # type: ignore[arg-type]
        for anchor in sorted((one, other))
    )
    assert first.until <= second.until


@given(moments, allowances, st.integers(1, 20), calendars, zones, rolls)
def test_more_time_never_ends_earlier(
    anchor: datetime, within: Allowance, more: int, calendar: Calendar, zone: str, roll: str
):
    """Nor does a longer allowance end on the same day, unless the last day is rolled."""
    longer = Allowance(within.amount + more, within.unit)
    short, long = (
        reckon(anchor, amount, calendar=calendar, zone=zone, roll=roll)  # type: ignore[arg-type]
        for amount in (within, longer)
    )
    assert short.until <= long.until
    assert roll != "none" or short.until < long.until


@given(moments, allowances, calendars, zones)
def test_a_rolled_deadline_never_ends_on_a_day_off(anchor: datetime, within: Allowance, calendar: Calendar, zone: str):
    """And it moves over days off only."""
    found = reckon(anchor, within, calendar=calendar, zone=zone, roll="next_working_day")
    assert calendar.is_workday(found.due)
    end = date.fromisoformat(found.derivation["end"])
    assert not [end + DAY * index for index in range((found.due - end).days) if calendar.is_workday(end + DAY * index)]
    assert ("rolled" in found.derivation) == (found.due != end)


@given(moments, working_days, calendars, zones)
def test_what_is_skipped_is_what_is_not_counted(anchor: datetime, within: Allowance, calendar: Calendar, zone: str):
    """Working days, days off and weekend days together are all the days there were."""
    found = reckon(anchor, within, calendar=calendar, zone=zone, roll="none")
    skipped = found.derivation.get("skipped", {})
    notices = skipped.get("notices", ())
    off = sum(length(days) for notice in notices for days in notice.get("off", {}))
    passed = (found.due - local_day(anchor, zone)).days
    assert passed == within.amount + off + skipped.get("weekends", 0)
    made_up = sum(length(days) for notice in notices for days in notice.get("worked", ()))
    days = [found.due - DAY * index for index in range(passed)]
    assert made_up == sum(one.weekday() > 4 and calendar.is_workday(one) and calendar is not EVERY_DAY for one in days)


def length(days: str) -> int:
    """Count the days of a run."""
    first, _, last = days.partition(" to ")
    return (date.fromisoformat(last or first) - date.fromisoformat(first)).days + 1


@given(moments, allowances, zones, st.lists(moments, max_size=3))
def test_a_pause_within_one_day_changes_nothing(anchor: datetime, within: Allowance, zone: str, begins: list[datetime]):
    """Whole days are left out, and there was none."""
    spans = [(moment, moment) for moment in sorted(begins)]
    with_pauses, without = (
        reckon(anchor, within, calendar=CN, zone=zone, roll="next_working_day", pauses=some) for some in (spans, ())
    )
    assert (with_pauses.due, with_pauses.until) == (without.due, without.until)


@given(moments, allowances, st.dates(date(2004, 1, 1), date(2036, 12, 31)))
def test_a_newer_calendar_with_one_more_day_off_never_ends_earlier(anchor: datetime, within: Allowance, day: date):
    """What people were told is safe: a day off that is added moves dates to later days, or not at all."""
    newer = overlay(
        CN,
        {
            "calendar": "cn",
            "version": 2,
            "festivals": {"added": "Added"},
            "notices": [{"basis": "added", "holidays": {"added": str(day)}}],
        },
    )
    old, new = (count(anchor, within, calendar=calendar) for calendar in (CN, newer))
    assert old.until <= new.until
    assert new.derivation["version"] == 2


@given(moments, allowances, calendars, zones, pauses(), st.lists(allowances, max_size=2), rolls)
def test_a_derivation_is_json_that_can_be_hashed(
    anchor: datetime,
    within: Allowance,
    calendar: Calendar,
    zone: str,
    spans: list[tuple[datetime, datetime]],
    more: list[Allowance],
    roll: str,
):
    """It says where it was counted from and by which edition of which calendar; what is empty is left out."""
    found = reckon(
        anchor,
        within,
        calendar=calendar,
        zone=zone,
        roll=roll,
        pauses=spans,
        extensions=more,  # type: ignore[arg-type]
    )
    told = found.derivation
    assert canonical(told)
    assert (told["calendar"], told["version"], told["digest"]) == (calendar.name, calendar.version, calendar.digest)
    assert (told["anchor"], told["within"], told["zone"]) == (instant(anchor), str(within), zone)
    assert (told["last"], told["start"]) == (str(found.due), str(local_day(anchor, zone)))
    assert told.get("extensions", []) == [str(one) for one in more]
    assert told.get("pauses", []) == [[instant(since), instant(until)] for since, until in spans]
    assert "plus" not in told


def test_the_derivation_of_a_usual_deadline_is_small():
    """It is written into an entry for each deadline that an act starts."""
    assert len(canonical(count(NINE, "15 working days").derivation)) < 450


@pytest.mark.parametrize(
    ("anchor", "day"),
    [("2015-02-09T00:00", "2015-02-10"), ("2015-02-09T23:59", "2015-02-10"), ("2015-02-10T00:00", "2015-02-11")],
)
def test_the_anchor_s_day_is_that_of_the_zone(anchor: str, day: str):
    """A report of half past midnight in China arrived on that day, although it is still the day before in Greenwich."""
    assert count(shanghai(anchor), "1 working day").due == date.fromisoformat(day)


@given(moments, st.integers(1, 5000), zones, calendars)
def test_hours_are_hours_that_pass(anchor: datetime, hours: int, zone: str, calendar: Calendar):
    """Whether clocks are changed meanwhile or not."""
    found = reckon(anchor, Allowance(hours, "hours"), calendar=calendar, zone=zone, roll="none")
    assert isinstance(found.due, datetime)
    assert found.until - anchor == timedelta(hours=hours)
    assert found.due == found.until == datetime.fromisoformat(found.derivation["last"])


def test_twenty_four_hours_over_a_change_of_clocks_end_an_hour_off():
    """In Berlin the night of 29 March 2015 had an hour less."""
    anchor = datetime(2015, 3, 28, 11, tzinfo=UTC)
    found = reckon(anchor, allowance("24 hours"), calendar=WEEKDAYS, zone="Europe/Berlin", roll="none")
    assert found.derivation["last"] == "2015-03-29T13:00:00+02:00"
    day = reckon(anchor, allowance("1 day"), calendar=WEEKDAYS, zone="Europe/Berlin", roll="none")
    assert day.until == datetime(2015, 3, 29, 22, tzinfo=UTC)


def test_a_day_without_midnight_ends_when_the_next_one_begins():
    """In São Paulo 4 November 2018 began at one o'clock."""
    anchor = datetime(2018, 11, 2, 12, tzinfo=UTC)
    found = reckon(anchor, allowance("1 day"), calendar=EVERY_DAY, zone="America/Sao_Paulo", roll="none")
    assert (found.due, found.until) == (date(2018, 11, 3), datetime(2018, 11, 4, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("spans", "days", "working", "hours"),
    [
        ([("2015-03-04T09:00", "2015-03-09T10:00")], 5, 3, 121),
        ([("2015-03-04T09:00", "2015-03-04T18:00")], 0, 0, 9),
        ([("2015-03-06T23:59", "2015-03-07T00:01")], 1, 0, 0),
        ([("2015-02-10T09:00", "2015-02-25T09:00")], 15, 7, 360),
        ([("2015-03-02T09:00", "2015-03-03T09:00"), ("2015-03-03T10:00", "2015-03-05T08:00")], 3, 3, 70),
    ],
)
def test_a_pause_leaves_out_what_the_unit_counts(spans: list[tuple[str, str]], days: int, working: int, hours: int):
    """Days for days, working days of the calendar for working days, and for hours the time that passed."""
    stood = [(shanghai(since), shanghai(until)) for since, until in spans]
    plain = count(NINE, "60 days", roll="none").due
    assert count(NINE, "60 days", roll="none", pauses=stood).due == plain + DAY * days
    assert count(NINE, "40 working days", pauses=stood).due == count(NINE, f"{40 + working} working days").due
    passed = count(NINE, "500 hours", roll="none", pauses=stood).until - count(NINE, "500 hours", roll="none").until
    assert passed // timedelta(hours=1) == hours


def test_an_extension_is_counted_from_the_last_day_before_it_rolled():
    """A month from 3 September would end on 3 October, and rolls to the 8th; a month more ends on 3 November."""
    extended = count(shanghai("2015-09-03T09:00"), "1 month", extensions=[allowance("1 month")])
    assert extended.due == date(2015, 11, 3)
    assert extended.derivation["extended"] == ["2015-11-03"]
    twice = count(shanghai("2015-09-03T09:00"), "1 month", extensions=[allowance("2 days"), allowance("1 working day")])
    assert twice.derivation["extended"] == ["2015-10-05", "2015-10-08"]
    assert twice.due == date(2015, 10, 8)


def test_hours_are_extended_by_hours_and_by_days():
    """A day more is the same time of day on the next day; days are not extended by hours."""
    extended = count(NINE, "24 hours", roll="none", extensions=[allowance("12 hours"), allowance("1 working day")])
    assert extended.derivation["extended"] == ["2015-02-10T21:00:00+08:00", "2015-02-11T21:00:00+08:00"]
    with pytest.raises(InputError, match="hours do not extend"):
        count(NINE, "15 days", extensions=[allowance("12 hours")])


def test_a_fallback_counts_from_so_much_after_its_anchor():
    """Three months, counted from seven days after the acknowledgement."""
    found = count(NINE, "3 months", plus=allowance("7 days"))
    assert (found.due, found.derivation["start"]) == (date(2015, 5, 18), "2015-02-16")
    assert found.derivation["plus"] == "7 days"
    assert found.derivation["anchor"] == instant(NINE)
    hours = count(NINE, "24 hours", plus=allowance("12 hours"), roll="none")
    assert hours.until == NINE + timedelta(hours=36)


def test_hours_may_roll_to_the_same_time_of_the_next_working_day():
    """Where a rule says so: by default hours do not roll."""
    friday = shanghai("2015-02-13T10:00")
    assert count(friday, "24 hours", roll="none").due == shanghai("2015-02-14T10:00")
    found = count(friday, "24 hours")
    assert found.due == shanghai("2015-02-15T10:00")
    assert found.derivation["rolled"] == {
        "weekends": 1,
        "notices": [{"notice": "国办发明电〔2014〕28号", "worked": ["2015-02-15"]}],
    }
    assert count(shanghai("2015-02-12T10:00"), "24 hours").due == shanghai("2015-02-13T10:00")


@pytest.mark.parametrize(
    ("within", "warn", "expected"),
    [
        ("15 working days", "3 working days", "2015-03-02T00:00"),
        ("15 working days", "5 working days", "2015-02-27T00:00"),
        ("15 working days", "3 days", "2015-03-02T00:00"),
        ("15 working days", "1 week", "2015-02-26T00:00"),
        ("15 working days", "12 hours", "2015-03-05T12:00"),
        ("3 months", "1 month", "2015-04-11T00:00"),
        ("3 months", "2 working days", "2015-05-07T00:00"),
        ("36 hours", "12 hours", "2015-02-10T09:00"),
        ("36 hours", "1 day", "2015-02-09T21:00"),
        ("72 hours", "1 working day", "2015-02-11T09:00"),
    ],
)
def test_a_warning_comes_so_long_before_the_due_date(within: str, warn: str, expected: str):
    """At midnight of a day, counted back from the rolled due date; hours before the end itself."""
    roll = "none" if "hours" in within else "next_working_day"
    assert count(NINE, within, roll=roll, warn=[allowance(warn)]).warnings == (shanghai(expected),)


def test_warnings_come_in_order_and_once():
    """However the author wrote them."""
    warn = [allowance(text) for text in ("1 day", "5 working days", "P1D", "24 hours")]
    found = count(NINE, "15 working days", warn=warn)
    assert found.warnings == tuple(
        shanghai(text) for text in ("2015-02-27T00:00", "2015-03-04T00:00", "2015-03-05T00:00")
    )


@pytest.mark.parametrize(
    ("anchor", "within", "roll", "provisional"),
    [
        ("2026-12-01T09:00", "15 working days", "none", False),
        ("2026-12-30T09:00", "1 working day", "none", False),
        ("2026-12-31T09:00", "1 working day", "none", True),
        ("2026-12-30T09:00", "1 day", "next_working_day", False),
        ("2026-12-31T09:00", "1 day", "next_working_day", True),
        ("2026-12-01T09:00", "2 months", "next_working_day", True),
        ("2026-12-01T09:00", "2 months", "none", False),
        ("2003-12-20T09:00", "15 working days", "none", True),
        ("2003-12-20T09:00", "1 month", "next_working_day", False),
        ("2051-06-01T09:00", "15 working days", "none", True),
        ("2026-12-31T09:00", "24 hours", "none", False),
    ],
)
def test_a_date_is_provisional_where_an_unknown_year_decided(anchor: str, within: str, roll: str, provisional: bool):
    """Not where the calendar was not asked: without rolling, two months end when they end."""
    found = count(shanghai(anchor), within, roll=roll)
    assert found.provisional == provisional
    assert ("provisional" in found.derivation) == provisional
    if not provisional:
        assert count(shanghai(anchor), within, roll=roll, strict=True).due == found.due
        return
    with pytest.raises(CalendarNotAnnouncedError) as error:
        count(shanghai(anchor), within, roll=roll, strict=True)
    assert error.value.calendar == "cn"
    assert error.value.year == found.derivation["provisional"][0]
    assert error.value.cure


def test_a_pause_in_an_unknown_year_makes_a_date_provisional():
    """Its working days are left out, and nobody knows yet which they are."""
    pause = (shanghai("2026-12-30T09:00"), shanghai("2027-01-06T09:00"))
    assert count(shanghai("2026-12-01T09:00"), "15 working days", pauses=[pause]).derivation["provisional"] == [2027]


def test_an_expected_year_is_counted_as_the_law_lets_expect():
    """Spring Festival of 2027, its eve and its two days in lieu."""
    found = count(shanghai("2027-02-04T09:00"), "1 working day")
    assert (found.due, found.provisional) == (date(2027, 2, 11), True)
    assert found.derivation["skipped"]["notices"] == [
        {
            "off": {
                "2027-02-05 to 2027-02-08": {"en": "Spring Festival", "zh": "春节"},
                "2027-02-09 to 2027-02-10": {"en": "Spring Festival, day in lieu", "zh": "春节补假"},
            }
        }
    ]


def test_calendars_that_wait_for_nobody_are_never_provisional():
    """Weekdays are weekdays in every year."""
    for calendar in (WEEKDAYS, EVERY_DAY):
        assert not count(datetime(2400, 1, 1, tzinfo=UTC), "15 working days", calendar=calendar).provisional


@given(moments, allowances | st.builds(Allowance, st.integers(1, 99), st.just("hours")), calendars, zones)
def test_after_is_the_same_time_of_a_later_day(moment: datetime, given_time: Allowance, calendar: Calendar, zone: str):
    """The day is the one that a deadline without rolling would end on; hours pass."""
    then = after(moment, given_time, calendar=calendar, zone=zone)
    assert then.tzinfo is UTC
    if given_time.unit == "hours":
        assert then - moment == timedelta(hours=given_time.amount)
        return
    due = reckon(moment, given_time, calendar=calendar, zone=zone, roll="none")
    gone = zone == "Pacific/Apia" and due.due == date(2011, 12, 30)  # a day that Samoa left out
    assert gone or local_day(then, zone) == due.due


def test_after_keeps_the_time_of_day_over_a_change_of_clocks():
    """And what clocks skip comes after the gap."""
    noon = datetime(2015, 3, 28, 11, tzinfo=UTC)
    assert after(noon, allowance("1 day"), calendar=WEEKDAYS, zone="Europe/Berlin") == datetime(
        2015, 3, 29, 10, tzinfo=UTC
    )
    night = datetime(2015, 3, 28, 1, 30, tzinfo=UTC)
    assert after(night, allowance("1 day"), calendar=WEEKDAYS, zone="Europe/Berlin") == datetime(
        2015, 3, 29, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("anchor", "within"),
    [
        (datetime(9999, 12, 30, tzinfo=UTC), "1 day"),
        (datetime(9999, 12, 20, tzinfo=UTC), "30 working days"),
        (datetime(9999, 12, 1, tzinfo=UTC), "1 month"),
        (datetime(2015, 1, 1, tzinfo=UTC), "99999 years"),
        (datetime(2015, 1, 1, tzinfo=UTC), "100000 months"),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), "1 hour"),
        (datetime.max.replace(tzinfo=UTC), "1 day"),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-8))), "1 day"),
    ],
)
def test_a_date_beyond_the_calendar_is_refused_with_a_cure(anchor: datetime, within: str):
    """The years end with 9999; nothing overflows."""
    with pytest.raises(InputError, match="years 1 to 9999") as error:
        count(anchor, within, calendar=EVERY_DAY)
    assert error.value.cure


def test_after_does_not_leave_the_calendar_either():
    """The last day of all is reached, and not passed."""
    last = datetime(9999, 12, 30, tzinfo=UTC)
    assert after(last, allowance("1 day"), calendar=EVERY_DAY, zone="UTC") == last + DAY
    for within in ("2 days", "1 month", "48 hours", "2 working days"):
        with pytest.raises(InputError, match="years 1 to 9999"):
            after(last, allowance(within), calendar=EVERY_DAY, zone="UTC")
    with pytest.raises(InputError, match="years 1 to 9999"):
        after(last + timedelta(hours=26), allowance("1 day"), calendar=EVERY_DAY, zone="America/Los_Angeles")


@pytest.mark.parametrize("warn", ["2 years", "20 months", "800 days", "154 days", "600 working days", "20000 hours"])
def test_a_warning_before_all_time_is_refused(warn: str):
    """The years begin with 1."""
    with pytest.raises(InputError, match="years 1 to 9999"):
        count(datetime(1, 6, 1, tzinfo=UTC), "1 day", warn=[allowance(warn)])


def test_too_many_working_days_are_refused_before_they_are_counted():
    """They are counted one by one, so there is an end to how many."""
    assert count(NINE, f"{WORKING_DAYS_MAX} working days").due > date(2019, 1, 1)
    for given_too in ({}, {"plus": Allowance(100_000, "working days")}, {"warn": [Allowance(100_000, "working days")]}):
        within = Allowance(100_000, "working days") if not given_too else Allowance(1, "days")
        with pytest.raises(InputError, match=f"1 to {WORKING_DAYS_MAX}"):
            count(NINE, within, **given_too)


@pytest.mark.parametrize(
    "spans",
    [
        [("2015-03-04T09:00", "2015-03-03T09:00")],
        [("2015-03-04T09:00", "2015-03-06T09:00"), ("2015-03-05T09:00", "2015-03-07T09:00")],
        [("2015-03-14T09:00", "2015-03-16T09:00"), ("2015-03-05T09:00", "2015-03-07T09:00")],
    ],
)
def test_pauses_that_make_no_sense_are_refused(spans: list[tuple[str, str]]):
    """They end after they begin, and follow each other."""
    for within in ("15 working days", "15 days", "15 hours"):
        with pytest.raises(InputError, match="pauses"):
            count(NINE, within, pauses=[(shanghai(since), shanghai(until)) for since, until in spans])


def test_a_moment_without_zone_and_an_unknown_zone_are_refused():
    """Nobody guesses where a moment is."""
    with pytest.raises(InputError, match="carries no time zone"):
        count(datetime(2015, 2, 9), "1 day")
    with pytest.raises(InputError, match="no time zone"):
        count(NINE, "1 day", zone="Asia/Beijing")


@given(moments, zones, zones)
def test_the_zone_an_anchor_is_written_in_does_not_matter(anchor: datetime, written: str, zone: str):
    """The same moment is the same moment."""
    from zoneinfo import ZoneInfo

    local = anchor.astimezone(ZoneInfo(written))
    assume(local.astimezone(UTC) == anchor)
    assert count(local, "15 working days", zone=zone) == count(anchor, "15 working days", zone=zone)
