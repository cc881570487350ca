"""Calendars as data: content makes them, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.calendars.calendar import (
    BUILT_IN,
    EVERY_DAY,
    RUN_MAX,
    WEEKDAYS,
    Calendar,
    as_range,
    days_of,
    in_language,
    overlay,
)
from accountability.errors import InputError
from tests.calendars.counted import CN, LIANGSHAN, calendars

OFFICE: dict[str, Any] = {
    "calendar": "office",
    "version": 3,
    "zone": "Europe/Berlin",
    "weekend": ["sunday"],
    "festivals": {"founding": "Founding Day"},
    "notices": [{"announces": 2015, "basis": "house rules", "holidays": {"founding": ["2015-03-02", "2015-03-04"]}}],
}


def test_content_makes_a_calendar():
    """Name, version, zone and days; the digest is that of the content."""
    office = Calendar.from_content(OFFICE)
    assert (office.name, office.version, office.zone, office.content) == ("office", 3, "Europe/Berlin", OFFICE)
    assert [office.is_workday(date(2015, 3, day)) for day in (1, 2, 3, 4, 7)] == [False, False, True, False, True]
    assert office.why(date(2015, 3, 2)) == "Founding Day (house rules)"
    assert (office.covers(2015), office.covers(2016)) == (True, False)


@given(calendars)
def test_content_that_was_stored_makes_the_same_calendar(calendar: Calendar):
    """A replay years later counts with the very calendar that the entry names."""
    again = Calendar.from_content(json.loads(json.dumps(calendar.content)))
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.specials == calendar.specials


def test_calendars_of_other_content_are_others():
    """Even under the same name and version."""
    other = Calendar.from_content({**OFFICE, "zone": "UTC"})
    assert other != Calendar.from_content(OFFICE)
    assert other.digest != Calendar.from_content(OFFICE).digest


@given(st.dates())
def test_the_built_in_calendars_are_what_they_are_called(day: date):
    """Known for every year, in UTC."""
    assert EVERY_DAY.is_workday(day)
    assert WEEKDAYS.is_workday(day) == (day.weekday() < 5)
    assert EVERY_DAY.covers(day.year)
    assert WEEKDAYS.covers(day.year)
    assert {name: calendar.zone for name, calendar in BUILT_IN.items()} == {"every_day": "UTC", "weekdays": "UTC"}


def test_a_later_notice_speaks_over_an_earlier_one():
    """A day that was to be worked is off, and a day off is worked again."""
    calendar = Calendar.from_content(
        {
            **OFFICE,
            "notices": [
                {"basis": "first", "holidays": {"founding": "2015-03-02 to 2015-03-04"}, "work": ["2015-03-01"]},
                {"basis": "second", "holidays": {"founding": "2015-03-01"}, "work": "2015-03-03"},
            ],
        }
    )
    assert [calendar.is_workday(date(2015, 3, day)) for day in (1, 2, 3, 4)] == [False, False, True, False]
    assert calendar.why(date(2015, 3, 1)) == "Founding Day (second)"
    assert calendar.why(date(2015, 3, 3)) == "make-up working day (second)"


def test_what_was_expected_of_a_year_is_forgotten_once_it_is_announced():
    """The notice alone counts."""
    expected = {**OFFICE, "expected": [{"year": 2015, "holidays": {"founding": "2015-06-01"}}]}
    assert Calendar.from_content(expected).is_workday(date(2015, 6, 1))
    open_year = Calendar.from_content({**expected, "notices": []})
    assert not open_year.is_workday(date(2015, 6, 1))
    assert open_year.why(date(2015, 6, 1)) == "Founding Day (expected, not yet announced)"
    assert not open_year.covers(2015)


def test_an_overlay_adds_the_days_of_a_locality():
    """The days of the base stay; its own days come on top, and the content stands alone."""
    torch, make_up = date(2011, 7, 26), date(2011, 7, 31)
    assert (CN.is_workday(torch), LIANGSHAN.is_workday(torch)) == (True, False)
    assert (CN.is_workday(make_up), LIANGSHAN.is_workday(make_up)) == (False, True)
    assert LIANGSHAN.why(torch, "zh") == "火把节（凉府办发〔2010〕31号）"
    assert LIANGSHAN.why(date(2011, 2, 3)) == "Spring Festival (国办发明电〔2010〕40号)"
    assert LIANGSHAN.content["base"] == {"calendar": "cn", "version": 1, "digest": CN.digest}
    assert (LIANGSHAN.zone, LIANGSHAN.covers(2026), LIANGSHAN.covers(2027)) == ("Asia/Shanghai", True, False)
    assert Calendar.from_content(LIANGSHAN.content) == LIANGSHAN


def test_a_new_year_s_notice_lies_over_the_calendar_itself():
    """An office need not wait for a release: it adds the notice, under the next version."""
    notice = {
        "announces": 2027,
        "number": "a number",
        "holidays": {"spring_festival": "2027-02-05 to 2027-02-11"},
        "work": ["2027-01-31"],
    }
    newer = overlay(CN, {"calendar": "cn", "version": 2, "notices": [notice]})
    assert (newer.name, newer.version, newer.covers(2027)) == ("cn", 2, True)
    assert newer.is_workday(date(2027, 1, 31))
    assert not newer.is_workday(date(2027, 2, 11))
    # What had been expected of 2027 counts no more, on days that the notice does not name either.
    assert newer.is_workday(date(2027, 5, 3))
    assert not CN.is_workday(date(2027, 5, 3))
    with pytest.raises(InputError, match="version 1") as error:
        overlay(CN, {"calendar": "cn", "version": 1, "notices": [notice]})
    assert "version: 2" in (error.value.cure or "")


def test_an_overlay_may_have_a_zone_and_a_weekend_of_its_own():
    """What it does not say is the base's."""
    own = overlay(WEEKDAYS, {"calendar": "gulf", "version": 1, "zone": "Asia/Dubai", "weekend": ["friday", "saturday"]})
    assert (own.zone, own.is_workday(date(2015, 3, 6)), own.is_workday(date(2015, 3, 8))) == ("Asia/Dubai", False, True)
    assert own.covers(1999)


@pytest.mark.parametrize(
    "change",
    [
        {"calendar": None},
        {"version": "three"},
        {"zone": "Europe/Bonn"},
        {"zone": 7},
        {"weekend": ["sun"]},
        {"weekend": "sunday"},
        {"weekend": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]},
        {"festivals": {}},
        {"notices": [{"holidays": {"founding": "2015-02-29"}}]},
        {"notices": [{"holidays": {"founding": 20150228}}]},
        {"notices": [{"work": ["yesterday"]}]},
        {"notices": ["2015-02-28"]},
        {"expected": [{"holidays": {}}]},
        {"notices": 1.5},
    ],
)
def test_content_that_is_none_is_refused_with_a_cure(change: dict[str, Any]):
    """Whatever is wrong, it is an `InputError`."""
    content = {key: value for key, value in {**OFFICE, **change}.items() if value is not None}
    with pytest.raises(InputError) as error:
        Calendar.from_content(content)
    assert error.value.cure
    with pytest.raises(InputError):
        overlay(CN, {**content, "festivals": "none"})


@pytest.mark.parametrize(
    "written",
    [
        *("", "2015", "2015-02-30", "20150228", "2015-W09-6", "2015-02-28 to", "2015-03-01 to 2015-02-28", "2015-2-28"),
        *("2015-01-01 to 2016-01-02", "2015-01-01 to 2015-01-02 to 2015-01-03", "2015-02-28T00:00", "２０１５-02-28"),
    ],
)
def test_what_is_no_day_is_refused_with_a_cure(written: str):
    """Days are written in one way only, and a slip of the pen does not close an office for years."""
    with pytest.raises(InputError) as error:
        list(days_of(written))
    assert "2015-02-18 to 2015-02-24" in (error.value.cure or "")


@given(st.dates(), st.integers(0, RUN_MAX - 1))
def test_a_run_of_days_is_written_so_that_it_reads_the_same(first: date, more: int):
    """A single day is written alone."""
    last = date.fromordinal(min(first.toordinal() + more, date.max.toordinal()))
    days = list(days_of(as_range(first, last)))
    assert (days[0], days[-1], len(days)) == (first, last, (last - first).days + 1)


def test_a_text_is_given_in_the_language_asked_for():
    """Or in the first one that there is."""
    assert in_language({"zh": "春节", "en": "Spring Festival"}, "en") == "Spring Festival"
    assert in_language({"zh": "春节"}, "en") == "春节"
    assert in_language("Founding Day", "zh") == "Founding Day"


def test_the_built_in_calendars_never_change():
    """They are published nowhere, so a replay years later relies on their content being what it was."""
    digests = {name: calendar.digest for name, calendar in BUILT_IN.items()}
    assert digests == {
        "every_day": "d81e7cfc2f0a6e98ba09f06288595a6369c5f113fa5df08c4d2176607645171d",
        "weekdays": "37e22bad11c61590045a404a9350464d0aa3f153d8535e50478e1a42d5883583",
    }
