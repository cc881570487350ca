"""Periods are days, both ends included, in a named zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.calendars.period import YEAR_MAX, YEAR_MIN, Period
from accountability.calendars.zone_names import known_zone
from accountability.errors import InputError

DAYS = st.dates(date(YEAR_MIN, 1, 1), date(YEAR_MAX, 12, 31))
ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia", "Africa/Monrovia", "Asia/Kathmandu"]
)


def test_a_period_begins_and_ends_with_the_days_of_its_zone():
    """The year 2015 of China begins eight hours before that of Greenwich."""
    year = Period(date(2015, 1, 1), date(2015, 12, 31))
    assert year.bounds("Asia/Shanghai") == (
        datetime(2014, 12, 31, 16, tzinfo=UTC),
        datetime(2015, 12, 31, 16, tzinfo=UTC),
    )
    assert year.bounds("UTC") == (datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC))


def test_a_day_with_two_midnights_begins_with_the_first():
    """In Havana the hour after midnight came twice on 4 November 2018, and both are of that day."""
    since, until = Period(date(2018, 11, 4), date(2018, 11, 4)).bounds("America/Havana")
    assert since == datetime(2018, 11, 4, 4, tzinfo=UTC)
    assert until - since == timedelta(hours=25)


def test_a_day_without_midnight_begins_after_the_gap():
    """In São Paulo 4 November 2018 began at one o'clock and had 23 hours."""
    day = Period(date(2018, 11, 4), date(2018, 11, 4))
    since, until = day.bounds("America/Sao_Paulo")
    assert since == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert until - since == timedelta(hours=23)


@given(DAYS, ZONES)
def test_one_day_follows_the_other_without_gap_or_overlap(day: date, zone: str):
    """A moment belongs to exactly one day of a zone."""
    if day == date(YEAR_MAX, 12, 31):
        return
    tomorrow = day + timedelta(days=1)
    assert Period(day, day).bounds(zone)[1] == Period(tomorrow, tomorrow).bounds(zone)[0]


@pytest.mark.parametrize(
    ("since", "until", "earlier"),
    [
        ((2015, 1, 1), (2015, 12, 31), ((2014, 1, 1), (2014, 12, 31))),
        ((2016, 2, 29), (2016, 3, 1), ((2015, 2, 28), (2015, 3, 1))),
        ((2017, 2, 1), (2017, 2, 28), ((2016, 2, 1), (2016, 2, 28))),
    ],
)
def test_a_year_earlier_has_the_same_dates(since, until, earlier):
    """29 February becomes 28 February."""
    before = Period(date(*since), date(*until)).year_earlier()
    assert (before.since, before.until) == (date(*earlier[0]), date(*earlier[1]))


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2015, 1, 2), date(2015, 1, 1)), (date.min, date(2015, 1, 1)), (date(2015, 1, 1), date.max)],
)
def test_a_period_that_makes_no_sense_is_refused_with_a_cure(since: date, until: date):
    """Backwards, or beyond what calendars can count."""
    with pytest.raises(InputError) as error:
        Period(since, until)
    assert error.value.cure


@pytest.mark.parametrize("name", ["Asia/Beijing", "", "../../etc/passwd", "Asia", "\0", "x" * 5000])
def test_an_unknown_zone_is_known_as_such(name: str):
    """Whatever the name looks like, nothing is raised."""
    assert not known_zone(name)
    assert known_zone("Asia/Shanghai")
