"""Dates that were counted by hand: what the law gives, so does the clockwork."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from accountability.calendars.allowance import Allowance, allowance
from accountability.calendars.clockwork import reckon
from tests.calendars.counted import CN, SHANGHAI

WORKING_DAYS = [
    ("2015-02-09", 15, "2015-03-05"),
    ("2015-02-16", 5, "2015-02-28"),
    ("2015-02-27", 1, "2015-02-28"),
    ("2015-08-28", 15, "2015-09-21"),
    ("2015-09-25", 5, "2015-10-09"),
    ("2015-09-25", 15, "2015-10-22"),
    ("2015-10-09", 1, "2015-10-10"),
    ("2024-02-01", 15, "2024-02-27"),
    ("2024-09-13", 5, "2024-09-23"),
    ("2025-01-20", 15, "2025-02-14"),
    ("2025-09-26", 15, "2025-10-23"),
    ("2026-02-12", 15, "2026-03-11"),
    ("2026-09-18", 5, "2026-09-24"),
]

MONTHS = [
    ("2015-08-31", 1, "2015-09-30", "2015-09-30"),
    ("2015-09-03", 1, "2015-10-03", "2015-10-08"),
    ("2015-01-31", 1, "2015-02-28", "2015-02-28"),
    ("2014-12-24", 2, "2015-02-24", "2015-02-25"),
    ("2015-07-05", 3, "2015-10-05", "2015-10-08"),
    ("2026-01-15", 1, "2026-02-15", "2026-02-24"),
    ("2025-08-31", 6, "2026-02-28", "2026-02-28"),
]

DAYS = [("2015-08-04", 60, "2015-10-03", "2015-10-08"), ("2026-01-31", 15, "2026-02-15", "2026-02-24")]


def at_nine(day: str) -> datetime:
    """Give nine o'clock in Shanghai, the hour at which offices open."""
    return datetime.fromisoformat(f"{day}T09:00+08:00").astimezone(UTC)


def due(start: str, within: Allowance, roll: str = "next_working_day") -> date:
    """Count from a day in China."""
    found = reckon(at_nine(start), within, calendar=CN, zone=SHANGHAI, roll=roll)  # type: ignore[arg-type]
    assert not found.provisional
    assert type(found.due) is date
    return found.due


@pytest.mark.parametrize(("start", "amount", "deadline"), WORKING_DAYS)
def test_working_days_are_counted_as_by_hand(start: str, amount: int, deadline: str):
    """Around festivals, make-up working days, and the day of victory that was announced in the middle of the year."""
    assert due(start, Allowance(amount, "working days")) == date.fromisoformat(deadline)


@pytest.mark.parametrize(("start", "amount", "unrolled", "deadline"), MONTHS)
def test_months_are_counted_as_by_hand(start: str, amount: int, unrolled: str, deadline: str):
    """To the corresponding day or the month's last; and a last day off moves to the next working day."""
    assert due(start, Allowance(amount, "months"), "none") == date.fromisoformat(unrolled)
    assert due(start, Allowance(amount, "months")) == date.fromisoformat(deadline)


@pytest.mark.parametrize(("start", "amount", "unrolled", "deadline"), DAYS)
def test_days_are_counted_as_by_hand(start: str, amount: int, unrolled: str, deadline: str):
    """Calendar days run through festivals; only the last one moves."""
    assert due(start, Allowance(amount, "days"), "none") == date.fromisoformat(unrolled)
    assert due(start, Allowance(amount, "days")) == date.fromisoformat(deadline)


def test_the_seed_s_first_report_is_answered_by_the_fifth_of_march():
    """Real-name reporters are answered within fifteen working days: the day ends at midnight in China."""
    found = reckon(
        at_nine("2015-02-09"), allowance("15 working days"), calendar=CN, zone=SHANGHAI, roll="next_working_day"
    )
    assert found.until == datetime(2015, 3, 5, 16, tzinfo=UTC)
    assert found.derivation == {
        "anchor": "2015-02-09T01:00:00.000000Z",
        "calendar": "cn",
        "digest": CN.digest,
        "end": "2015-03-05",
        "last": "2015-03-05",
        "skipped": {
            "notices": [
                {
                    "notice": "国办发明电〔2014〕28号",
                    "off": {"2015-02-18 to 2015-02-24": {"en": "Spring Festival", "zh": "春节"}},
                    "worked": ["2015-02-15", "2015-02-28"],
                }
            ],
            "weekends": 2,
        },
        "start": "2015-02-09",
        "version": 1,
        "within": "15 working days",
        "zone": "Asia/Shanghai",
    }
