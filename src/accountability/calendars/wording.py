"""Days, lengths of time and sentences about them, in the languages of explanations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Language:
    """Say days and lengths of time, and the sentences that hold them.

    Attributes:
        code: Of the language, such as `en`.
        sentences: Name -> sentence with places for what is said below.
        off, worked: A run of days off with its title and notice; a run of worked days with its notice.
        day: A day with its weekday.
        days: Days from the first to the last, without weekdays.
        moment: A moment as the clocks of its zone show it.
        amount: An allowance, from the text that `Allowance` writes.
        span: Time that passed, to the minute.
        weekends: How many days of weekends.
        notice: On whose word a day is off: a number, a day, or None where there is none yet.
        joined: Words, the last of them after "and".
        listed: Parts that may hold commas themselves.
    """

    code: str
    sentences: Mapping[str, str]
    off: str
    worked: str
    day: Callable[[date], str]
    days: Callable[[date, date], str]
    moment: Callable[[datetime], str]
    amount: Callable[[str], str]
    span: Callable[[timedelta], str]
    weekends: Callable[[int], str]
    notice: Callable[[str | None], str]
    joined: Callable[[Sequence[str]], str]
    listed: Callable[[Sequence[str]], str]


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS_ZH = "一二三四五六日"
_UNITS_ZH = {"hour": "小时", "day": "日", "working day": "个工作日", "week": "周", "month": "个月", "year": "年"}


def _plain_en(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _day_en(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {_plain_en(day)}"


def _days_en(first: date, last: date) -> str:
    if first == last:
        return _day_en(first)
    if first.year != last.year:
        return f"{_plain_en(first)} to {_plain_en(last)}"
    month = "" if first.month == last.month else f" {_MONTHS[first.month - 1]}"
    return f"{first.day}{month} to {_plain_en(last)}"


def _span_en(span: timedelta) -> str:
    named = zip(_parts(span), ("day", "hour", "minute"), strict=True)
    return _joined_en([_counted(number, unit) for number, unit in named if number]) or "less than a minute"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' * (number != 1)}"


def _notice_en(notice: str | None) -> str:
    if notice is None:
        return "expected, not announced yet"
    day = _as_day(notice)
    return notice if day is None else f"notice of {_plain_en(day)}"


def _joined_en(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _plain_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day_zh(day: date) -> str:
    return f"{_plain_zh(day)}（星期{_WEEKDAYS_ZH[day.weekday()]}）"


def _days_zh(first: date, last: date) -> str:
    if first == last:
        return _day_zh(first)
    if first.year != last.year:
        return f"{_plain_zh(first)}至{_plain_zh(last)}"
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{_plain_zh(first)}至{month}{last.day}日"


def _amount_zh(text: str) -> str:
    number, _, unit = text.partition(" ")
    return number + _UNITS_ZH[unit.removesuffix("s")]


def _span_zh(span: timedelta) -> str:
    named = zip(_parts(span), ("天", "小时", "分钟"), strict=True)
    return "".join(f"{number}{unit}" for number, unit in named if number) or "不足1分钟"


def _notice_zh(notice: str | None) -> str:
    if notice is None:
        return "预计，尚未公布"
    day = _as_day(notice)
    return notice if day is None else f"{_plain_zh(day)}通知"


def _joined_zh(words: Sequence[str]) -> str:
    return "和".join(filter(None, ("、".join(words[:-1]), *words[-1:])))


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def _parts(span: timedelta) -> tuple[int, int, int]:
    minutes = span.seconds // 60
    return span.days, minutes // 60, minutes % 60


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ENGLISH = Language(
    code="en",
    sentences={
        "plus": "It starts {length} after {day}.",
        "anchored": "The day is given by the case: `{expression}`.",
        "start": "The time runs from {day}; that day is not counted.",
        "start_of_hours": "The time runs from {day}.",
        "given": "The rule gives {length}.",
        "given_by_calendar": "The rule gives {length}, counted by version {version} of the calendar `{calendar}`.",
        "skipped": "Off, and not counted: {days}.",
        "worked": "Make-up working days, and counted: {days}.",
        "paused": "The clock stood still from {since} to {until}; {length} are left out.",
        "extended": "The time was extended by {length}, to {end}.",
        "rolled": "It would end on {end}, which is off, so the last day moves to the next working day, {last}. "
        "Passed over: {days}.",
        "last": "The last day is {last}; it ends at 24:00 ({zone}).",
        "last_of_hours": "It ends on {last} ({zone}).",
        "provisional": "The date is provisional: the calendar holds no notice of the days off of {years}, which were "
        "counted as the law lets expect. With the notice the date may become later, but not earlier.",
        "told": "Since {day} was told before, that date stays: no date becomes earlier than was told.",
    },
    off="{days}, {title} ({notice})",
    worked="{days} ({notice})",
    day=_day_en,
    days=_days_en,
    moment=lambda moment: f"{_day_en(moment.date())} at {_clock(moment)}",
    amount=str,
    span=_span_en,
    weekends=lambda days: f"{_counted(days, 'day')} of weekends",
    notice=_notice_en,
    joined=_joined_en,
    listed="; ".join,
)

CHINESE = Language(
    code="zh",
    sentences={
        "plus": "起算日为{day}之后{length}。",
        "anchored": "日期由案件载明：`{expression}`。",
        "start": "期限自{day}起算，当日不计算在内。",
        "start_of_hours": "期限自{day}起算。",
        "given": "规定期限为{length}。",
        "given_by_calendar": "规定期限为{length}，按工作日历“{calendar}”第{version}版计算。",
        "skipped": "其间不计入的休息日：{days}。",
        "worked": "其间因调休上班、计入工作日：{days}。",
        "paused": "{since}至{until}期间中止计算，扣除{length}。",
        "extended": "期限延长{length}，至{end}。",
        "rolled": "原届满日{end}为休息日，顺延至其后第一个工作日，即{last}。顺延所经休息日：{days}。",
        "last": "期限最后一日为{last}，至当日24时（{zone}）届满。",
        "last_of_hours": "期限于{last}（{zone}）届满。",
        "provisional": "该日期为暂定日期：日历尚未载入{years}的放假安排，目前按法定节假日和周末推算；"
        "载入后日期可能推后，不会提前。",
        "told": "此前已告知的日期为{day}，已告知的日期不得提前，故仍以该日期为准。",
    },
    off="{days}，{title}（{notice}）",
    worked="{days}（{notice}）",
    day=_day_zh,
    days=_days_zh,
    moment=lambda moment: f"{_day_zh(moment.date())}{_clock(moment)}",
    amount=_amount_zh,
    span=_span_zh,
    weekends=lambda days: f"周末{days}天",
    notice=_notice_zh,
    joined=_joined_zh,
    listed="；".join,
)
