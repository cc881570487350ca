"""The shipped calendar of China says what the notices say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accountability.definition.calendar_file import SHIPPED, load
from tests.calendars.counted import CN, DAY

NOTICES = {
    # 国办发明电〔2005〕35号
    "2006": (
        "01-01..01-03 01-29..02-04 05-01..05-07 10-01..10-07",
        "2005-12-31 01-28 02-05 04-29 04-30 09-30 10-08",
    ),
    # 国办发明电〔2006〕49号
    "2007": (
        "01-01..01-03 02-18..02-24 05-01..05-07 10-01..10-07",
        "2006-12-30 2006-12-31 02-17 02-25 04-28 04-29 09-29 09-30",
    ),
    # 国办发明电〔2009〕27号
    "2010": (
        "01-01..01-03 02-13..02-19 04-03..04-05 05-01..05-03 06-14..06-16 09-22..09-24 10-01..10-07",
        "02-20 02-21 06-12 06-13 09-19 09-25 09-26 10-09",
    ),
    # 国办发明电〔2011〕45号
    "2012": (
        "01-01..01-03 01-22..01-28 04-02..04-04 04-29..05-01 06-22..06-24 09-30..10-07",
        "2011-12-31 01-21 01-29 03-31 04-01 04-28 09-29",
    ),
    # 国办发明电〔2014〕28号 and 国发明电〔2015〕1号
    "2015": (
        "01-01..01-03 02-18..02-24 04-05..04-06 05-01..05-01 06-20..06-22 09-03..09-05 09-27..09-27 10-01..10-07",
        "01-04 02-15 02-28 09-06 10-10",
    ),
    # 国办发明电〔2018〕15号, changed by 国办发明电〔2019〕3号
    "2019": (
        "2018-12-30..01-01 02-04..02-10 04-05..04-05 05-01..05-04 06-07..06-07 09-13..09-13 10-01..10-07",
        "2018-12-29 02-02 02-03 04-28 05-05 09-29 10-12",
    ),
    # 国办发明电〔2019〕16号, changed by 国办发明电〔2020〕1号
    "2020": (
        "01-01..01-01 01-24..02-02 04-04..04-06 05-01..05-05 06-25..06-27 10-01..10-08",
        "01-19 04-26 05-09 06-28 09-27 10-10",
    ),
    # 国办发明电〔2023〕7号
    "2024": (
        "01-01..01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10..06-10 09-15..09-17 10-01..10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    # 国办发明电〔2024〕12号
    "2025": (
        "01-01..01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    # 国办发明电〔2025〕7号
    "2026": (
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}
"""Year -> days off, and weekend days that are worked, as printed; days without a year are of that year."""


def day(year: str, text: str) -> date:
    """Read a day of a notice."""
    return date.fromisoformat(text if len(text) > len("01-01") else f"{year}-{text}")


@pytest.mark.parametrize("year", NOTICES)
def test_a_year_has_the_days_of_its_notice(year: str):
    """Every day that the notice names, and around it no other weekday off and no other weekend day worked."""
    off, worked = NOTICES[year]
    ranges = [[day(year, end) for end in run.split("..")] for run in off.split()]
    days_off = {first + DAY * index for first, last in ranges for index in range((last - first).days + 1)}
    days_worked = {day(year, text) for text in worked.split()}

    assert not [one for one in days_off if CN.is_workday(one)]
    assert all(CN.is_workday(one) for one in days_worked)
    for index in range(-31, 365):
        one = date(int(year), 1, 1) + DAY * index
        if one not in days_off | days_worked and one < date(int(year), 12, 24) and one > date(int(year) - 1, 12, 15):
            assert CN.is_workday(one) == (one.weekday() < 5), one


def test_no_day_differs_from_an_independent_list_but_one():
    """From 2004 to 2026; the other list lacks one make-up working day that the notice for 2006 names."""
    import chinese_calendar

    days = (date(2004, 1, 1) + timedelta(days=index) for index in range((date(2027, 1, 1) - date(2004, 1, 1)).days))
    different = [one for one in days if CN.is_workday(one) != chinese_calendar.is_workday(one)]

    assert different == [date(2005, 12, 31)]
    assert CN.is_workday(date(2005, 12, 31))


def test_the_announced_years_are_covered_and_no_other():
    """What is only expected, or not known at all, is never taken for certain."""
    assert [year for year in range(1990, 2100) if CN.covers(year)] == list(range(2004, 2027))


def test_every_announced_day_can_be_looked_up():
    """Each day off and each make-up day of an announced year names its notice."""
    for one, special in CN.specials.items():
        if CN.covers(one.year):
            assert special.notice is not None
            assert special.notice.endswith("号")


def test_every_make_up_day_is_of_a_weekend():
    """Nobody makes up on a day that is worked anyway."""
    assert not [one for one, special in CN.specials.items() if not special.off and one.weekday() < 5]


@pytest.mark.parametrize(
    ("one", "en", "zh"),
    [
        ("2015-02-20", "Spring Festival (国办发明电〔2014〕28号)", "春节（国办发明电〔2014〕28号）"),
        (
            "2015-02-28",
            "make-up working day (国办发明电〔2014〕28号)",
            "调休上班（国办发明电〔2014〕28号）",
        ),
        (
            "2015-09-03",
            "70th anniversary of the victory in the War of Resistance (国发明电〔2015〕1号)",
            "抗战胜利70周年纪念日（国发明电〔2015〕1号）",
        ),
        ("2020-01-31", "Spring Festival (国办发明电〔2020〕1号)", "春节（国办发明电〔2020〕1号）"),
        ("2020-02-01", "Spring Festival (国办发明电〔2020〕1号)", "春节（国办发明电〔2020〕1号）"),
        ("2019-05-02", "Labour Day (国办发明电〔2019〕3号)", "劳动节（国办发明电〔2019〕3号）"),
        (
            "2027-02-09",
            "Spring Festival, day in lieu (expected, not yet announced)",
            "春节补假（预计，尚未公布）",
        ),
        ("2015-03-01", "weekend", "周末"),
        ("2060-01-03", "weekend", "周末"),
    ],
)
def test_a_day_tells_why_it_is_off_or_worked(one: str, en: str, zh: str):
    """With the notice that says so; the latest notice counts."""
    assert CN.why(date.fromisoformat(one)) == en
    assert CN.why(date.fromisoformat(one), "zh") == zh


def test_an_ordinary_day_has_no_reason():
    """A Monday that is worked needs none."""
    assert CN.why(date(2015, 3, 2)) is None
    assert CN.is_workday(date(2015, 3, 2))


@pytest.mark.parametrize("year", range(2027, 2051))
def test_an_expected_year_has_the_days_that_the_law_fixes(year: int):
    """Thirteen days off, each that falls on a weekend made up for once; no weekend day is worked."""
    expected = {one for one, special in CN.specials.items() if one.year == year and special.off}
    substitutes = {one for one in expected if "day in lieu" in (CN.why(one) or "")}
    fixed = expected - substitutes
    always = {date(year, month, first) for month, first in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}

    assert always <= fixed
    # In three years the Mid-Autumn Festival falls on a day of National Day.
    assert len(fixed) == (12 if year in (2028, 2031, 2039) else 13)
    assert len(substitutes) == sum(one.weekday() > 4 for one in fixed)
    assert not [one for one in substitutes if one.weekday() > 4]
    assert all("expected" in (CN.why(one) or "") for one in expected)
    assert not [one for one, special in CN.specials.items() if one.year == year and not special.off]


@pytest.mark.parametrize(
    ("festival", "days"),
    [
        ("Spring Festival", "2027-02-06 2028-01-26 2033-01-31 2034-02-19 2050-01-23"),
        ("Qingming Festival", "2027-04-05 2028-04-04 2050-04-04"),
        ("Dragon Boat Festival", "2027-06-09 2028-05-28 2050-06-23"),
        ("Mid-Autumn Festival", "2027-09-15 2033-09-08 2050-09-30"),
    ],
)
def test_festivals_of_the_moon_are_expected_on_their_days(festival: str, days: str):
    """Known days of years to come, among them those around the leap month of 2033."""
    for text in days.split():
        assert CN.why(date.fromisoformat(text)) == f"{festival} (expected, not yet announced)"


def test_the_file_has_no_finding():
    """What is shipped passes the check that authors' files pass."""
    loaded = load(SHIPPED["cn"].read_bytes(), "cn.yaml")
    assert loaded.findings == ()
    assert loaded.calendar == CN
    assert (CN.name, CN.version, CN.zone) == ("cn", 1, "Asia/Shanghai")
