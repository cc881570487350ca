"""The clock: moments always carry their zone, and a manual clock moves only when told."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from accountability.clock import ManualClock, SystemClock
from accountability.errors import InputError

EIGHT = timezone(timedelta(hours=8))


def test_the_system_clock_tells_the_present_in_utc():
    """It lies between two readings of the computer's clock."""
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_manual_clock_stands_still():
    """Asking does not move it."""
    clock = ManualClock("2015-02-09T09:00+08:00")
    assert clock.now() == clock.now() == datetime(2015, 2, 9, 1, tzinfo=UTC)


def test_a_manual_clock_takes_a_datetime_or_text():
    """Both spellings of a moment are the same moment."""
    assert ManualClock(datetime(2015, 2, 9, 9, tzinfo=EIGHT)).now() == ManualClock("2015-02-09T01:00:00Z").now()


def test_a_manual_clock_moves_on_by_a_timedelta_or_by_its_parts():
    """`advance` adds to the moment the clock stood at."""
    clock = ManualClock("2015-02-09T09:00+08:00")
    clock.advance(timedelta(days=1))
    clock.advance(hours=2, minutes=30)
    assert clock.now() == datetime(2015, 2, 10, 11, 30, tzinfo=EIGHT)


def test_a_manual_clock_can_be_set_back():
    """Tests of a clock that jumps need one that does."""
    clock = ManualClock("2015-02-09T09:00+08:00")
    clock.set("2014-01-01T00:00Z")
    assert clock.now() == datetime(2014, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "start", ["2015-02-09T09:00", "yesterday", "", datetime(2015, 2, 9, 9), date(2015, 2, 9), 1423443600, None]
)
def test_a_time_without_zone_or_sense_is_refused_with_a_cure(start):
    """No zone is ever guessed, on setting as on starting."""
    for take in (ManualClock, ManualClock("2015-02-09T09:00+08:00").set):
        with pytest.raises(InputError) as refused:
            take(start)
        assert "2015-02-09T09:00+08:00" in (refused.value.cure or "")
