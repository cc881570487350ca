"""A due date is explained so that people can count it again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.calendars.allowance import Allowance, allowance
from accountability.calendars.calendar import WEEKDAYS, Calendar, days_of
from accountability.calendars.clockwork import explained, reckon
from tests.calendars.counted import CN, SHANGHAI, allowances, calendars, moments, pauses, rolls, zones


def shanghai(text: str) -> datetime:
    """Read a time of day in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def told(language: str, anchor: str, within: str, **given_too: Any) -> tuple[str, ...]:
    """Explain a due date in China."""
    rest = {"calendar": CN, "zone": SHANGHAI, "roll": "next_working_day", **given_too}
    return explained(reckon(shanghai(anchor), allowance(within), **rest).derivation, language)


def test_working_days_are_explained_in_english():
    """From where, how many, what was passed over and on whose word, and the last day."""
    assert told("en", "2015-02-09T09:00", "15 working days") == (
        "The time runs from Monday 9 February 2015; that day is not counted.",
        "The rule gives 15 working days, counted by version 1 of the calendar `cn`.",
        "Off, and not counted: 18 to 24 February 2015, Spring Festival (国办发明电〔2014〕28号); 2 days of weekends.",
        (
            "Make-up working days, and counted: Sunday 15 February 2015 and Saturday 28 February 2015 "
            "(国办发明电〔2014〕28号)."
        ),
        "The last day is Thursday 5 March 2015; it ends at 24:00 (Asia/Shanghai).",
    )


def test_working_days_are_explained_in_chinese():
    """As an office would write it."""
    assert told("zh", "2015-02-09T09:00", "15 working days") == (
        "期限自2015年2月9日（星期一）起算，当日不计算在内。",
        "规定期限为15个工作日，按工作日历“cn”第1版计算。",
        "其间不计入的休息日：2015年2月18日至24日，春节（国办发明电〔2014〕28号）；周末2天。",
        "其间因调休上班、计入工作日：2015年2月15日（星期日）和2015年2月28日（星期六）（国办发明电〔2014〕28号）。",
        "期限最后一日为2015年3月5日（星期四），至当日24时（Asia/Shanghai）届满。",
    )


def test_a_rolled_month_is_explained():
    """With the day it would have ended on, and what it was moved over."""
    assert told("en", "2015-09-03T09:00", "1 month")[1:] == (
        "The rule gives 1 month.",
        (
            "It would end on Saturday 3 October 2015, which is off, so the last day moves to the next working day, "
            "Thursday 8 October 2015. Passed over: 3 to 7 October 2015, National Day (国办发明电〔2014〕28号)."
        ),
        "The last day is Thursday 8 October 2015; it ends at 24:00 (Asia/Shanghai).",
    )
    assert told("zh", "2015-09-03T09:00", "1 month")[1:3] == (
        "规定期限为1个月。",
        (
            "原届满日2015年10月3日（星期六）为休息日，顺延至其后第一个工作日，即2015年10月8日（星期四）。"
            "顺延所经休息日：2015年10月3日至7日，国庆节（国办发明电〔2014〕28号）。"
        ),
    )


def test_pauses_extensions_and_a_late_beginning_are_explained():
    """Each in a sentence of its own, in the order of the counting."""
    rest = {
        "plus": allowance("7 days"),
        "pauses": [(shanghai("2015-03-04T09:00"), shanghai("2015-03-09T10:00"))],
        "extensions": [allowance("10 working days")],
    }
    english = told("en", "2015-02-09T09:00", "15 working days", **rest)
    assert english[:3] == (
        "It starts 7 days after Monday 9 February 2015.",
        "The time runs from Monday 16 February 2015; that day is not counted.",
        "The rule gives 15 working days, counted by version 1 of the calendar `cn`.",
    )
    assert english[5:] == (
        "The clock stood still from Wednesday 4 March 2015 to Monday 9 March 2015; 3 working days are left out.",
        "The time was extended by 10 working days, to Wednesday 1 April 2015.",
        "The last day is Wednesday 1 April 2015; it ends at 24:00 (Asia/Shanghai).",
    )
    chinese = told("zh", "2015-02-09T09:00", "15 working days", **rest)
    assert chinese[0] == "起算日为2015年2月9日（星期一）之后7日。"
    assert chinese[5:7] == (
        "2015年3月4日（星期三）至2015年3月9日（星期一）期间中止计算，扣除3个工作日。",
        "期限延长10个工作日，至2015年4月1日（星期三）。",
    )


def test_hours_are_explained_by_the_clock():
    """With the time that a pause took."""
    rest = {"roll": "none", "pauses": [(shanghai("2015-02-09T10:00"), shanghai("2015-02-10T13:30"))]}
    assert told("en", "2015-02-09T09:00", "24 hours", **rest) == (
        "The time runs from Monday 9 February 2015 at 09:00.",
        "The rule gives 24 hours.",
        (
            "The clock stood still from Monday 9 February 2015 at 10:00 to Tuesday 10 February 2015 at 13:30; "
            "1 day, 3 hours and 30 minutes are left out."
        ),
        "It ends on Wednesday 11 February 2015 at 12:30 (Asia/Shanghai).",
    )
    assert told("zh", "2015-02-09T09:00", "24 hours", **rest) == (
        "期限自2015年2月9日（星期一）09:00起算。",
        "规定期限为24小时。",
        "2015年2月9日（星期一）10:00至2015年2月10日（星期二）13:30期间中止计算，扣除1天3小时30分钟。",
        "期限于2015年2月11日（星期三）12:30（Asia/Shanghai）届满。",
    )


def test_hours_that_roll_and_start_late_are_explained():
    """With the make-up working day on which they end."""
    assert told("en", "2015-02-12T22:00", "24 hours", plus=allowance("12 hours")) == (
        "It starts 12 hours after Thursday 12 February 2015 at 22:00.",
        "The rule gives 24 hours.",
        (
            "It would end on Saturday 14 February 2015 at 10:00, which is off, so the last day moves to the next "
            "working day, Sunday 15 February 2015 at 10:00. Passed over: 1 day of weekends."
        ),
        "Make-up working days, and counted: Sunday 15 February 2015 (国办发明电〔2014〕28号).",
        "It ends on Sunday 15 February 2015 at 10:00 (Asia/Shanghai).",
    )


def test_a_provisional_date_says_what_is_not_known_yet():
    """And that it may become later, never earlier."""
    *_, skipped, _, english = told("en", "2026-12-25T09:00", "15 working days")
    assert skipped == (
        "Off, and not counted: Friday 1 January 2027, New Year's Day (expected, not announced yet); 8 days of weekends."
    )
    assert english == (
        "The date is provisional: the calendar holds no notice of the days off of 2027, which were counted as the law "
        "lets expect. With the notice the date may become later, but not earlier."
    )
    assert told("zh", "2026-12-25T09:00", "15 working days")[-1] == (
        "该日期为暂定日期：日历尚未载入2027年的放假安排，目前按法定节假日和周末推算；载入后日期可能推后，不会提前。"
    )
    assert "2027, 2028 and 2029" in told("en", "2026-12-25T09:00", "600 working days")[-1]
    assert "2027年、2028年和2029年" in told("zh", "2026-12-25T09:00", "600 working days")[-1]


def test_a_date_that_stays_because_it_was_told_says_so():
    """A newer calendar gave an earlier day; people may rely on what they were told."""
    derivation = reckon(
        shanghai("2015-02-09T09:00"), allowance("1 day"), calendar=CN, zone=SHANGHAI, roll="none"
    ).derivation
    assert explained({**derivation, "told": "2015-02-12"}, "en")[-1] == (
        "Since Thursday 12 February 2015 was told before, that date stays: no date becomes earlier than was told."
    )
    assert "2015年2月12日（星期四）" in explained({**derivation, "told": "2015-02-12"}, "zh")[-1]


def test_weekends_alone_are_counted_not_listed():
    """Everybody knows when weekends are."""
    english = told("en", "2015-02-09T09:00", "5 working days", calendar=WEEKDAYS)
    assert english[2] == "Off, and not counted: 2 days of weekends."
    assert told("zh", "2015-02-13T09:00", "1 day", calendar=WEEKDAYS)[2] == (
        "原届满日2015年2月14日（星期六）为休息日，顺延至其后第一个工作日，即2015年2月16日（星期一）。"
        "顺延所经休息日：周末2天。"
    )


def test_a_notice_without_number_is_named_by_its_day():
    """Not every office numbers its notices."""
    content = {
        "calendar": "office",
        "version": 1,
        "zone": "UTC",
        "weekend": [],
        "festivals": {"founding": "Founding Day"},
        "notices": [{"announces": 2015, "date": "2014-12-01", "holidays": {"founding": "2015-12-31 to 2016-01-02"}}],
    }
    office = Calendar.from_content(content)
    rest = {"calendar": office, "zone": "UTC"}
    english = told("en", "2015-12-30T09:00", "1 working day", **rest)
    assert "31 December 2015 to 2 January 2016, Founding Day (notice of 1 December 2014)" in english[2]
    chinese = told("zh", "2015-12-30T09:00", "1 working day", **rest)
    assert "2015年12月31日至2016年1月2日，Founding Day（2014年12月1日通知）" in chinese[2]


@pytest.mark.parametrize("language", ["en", "zh"])
@given(
    anchor=moments,
    within=allowances,
    calendar=calendars,
    zone=zones,
    roll=rolls,
    spans=pauses(),
    more=st.lists(allowances, max_size=2),
)
def test_an_explanation_mentions_every_run_of_days_that_was_skipped(
    language: str,
    anchor: datetime,
    within: Allowance,
    calendar: Calendar,
    zone: str,
    roll: str,
    spans: list[tuple[datetime, datetime]],
    more: list[Allowance],
):
    """With the ends of the run, the festival and the notice; each make-up day, each extension, and the last day too."""
    derivation = reckon(
        anchor,
        within,
        calendar=calendar,
        zone=zone,
        roll=roll,
        pauses=spans,
        extensions=more,  # type: ignore[arg-type]
    ).derivation
    sentences = explained(derivation, language)
    whole = "\n".join(sentences)
    for part in ("skipped", "rolled"):
        for notice in derivation.get(part, {}).get("notices", ()):
            for days, title in notice.get("off", {}).items():
                assert title[language] in whole
                assert all(said(end, language) in whole for end in ends(days))
            for days in notice.get("worked", ()):
                assert all(said(end, language) in whole for end in ends(days))
            assert notice.get("notice", "") in whole
    for end in (*derivation.get("extended", ()), derivation["end"], derivation["last"]):
        assert said(date.fromisoformat(end), language) in whole or not derivation.get("rolled")
    assert said(date.fromisoformat(derivation["last"]), language) in whole
    assert len(spans) == sum("stood still" in one or "中止计算" in one for one in sentences)
    assert "{" not in whole


def ends(days: str) -> tuple[date, date]:
    """Give the first and the last day of a run."""
    run = list(days_of(days))
    return run[0], run[-1]


def said(day: date, language: str) -> str:
    """Say the part of a day that every way of saying it holds."""
    return f"{day.day} " if language == "en" else f"{day.day}日"


def test_other_languages_are_answered_in_english():
    """A language with a region is that language."""
    english = told("en", "2015-02-09T09:00", "15 working days")
    assert told("fr", "2015-02-09T09:00", "15 working days") == english
    assert told("en-GB", "2015-02-09T09:00", "15 working days") == english
    assert told("zh-CN", "2015-02-09T09:00", "1 day") == told("zh", "2015-02-09T09:00", "1 day")
