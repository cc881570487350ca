"""Durations: ISO 8601 strictly, and the words of the language."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.calendars import iso8601
from accountability.calendars.allowance import UNITS, WORKING_DAYS_MAX, Allowance, allowance
from accountability.calendars.duration import parse_duration
from accountability.errors import InputError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1M", pendulum.duration(months=1)),
        ("P1Y", pendulum.duration(years=1)),
        ("P2W", pendulum.duration(weeks=2)),
        ("P1Y6M", pendulum.duration(years=1, months=6)),
        ("P3Y6M4DT12H30M5S", pendulum.duration(years=3, months=6, days=4, hours=12, minutes=30, seconds=5)),
        ("PT36H", pendulum.duration(hours=36)),
        ("P0D", pendulum.duration()),
    ],
)
def test_a_duration_keeps_months_and_years(text: str, expected: pendulum.Duration) -> None:
    """A month stays a month and a year a year: neither becomes thirty days nor 365."""
    found = parse_duration(text)
    assert (found.years, found.months, found.weeks, found.remaining_days) == (
        expected.years,
        expected.months,
        expected.weeks,
        expected.remaining_days,
    )
    assert found.total_seconds() == expected.total_seconds()


REFUSED = [
    *(
        "",
        "P",
        "PT",
        "P1DT",
        "-P1D",
        "+P1D",
        "P-1D",
        "P1W2D",
        "P1.5D",
        "PT0.5S",
        "P1,5D",
        "1D",
        "p1d",
        "P1d",
        "P1D ",
        " P1D",
    ),
    *("P1D\n", "12:30", "2026-W05", "5 days", "PT1D", "P1H", "P1M1Y", "PT1S1M", "P١D", "P" + "9" * 100 + "D", "P1Y1W"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_strictly_iso_8601_is_refused_with_a_cure(text: str) -> None:
    """Signs, fractions, weeks among other parts, other digits, blanks and the empty `P` and `PT` are errors."""
    with pytest.raises(InputError) as caught:
        parse_duration(text)
    assert "P15D" in (caught.value.cure or "")
    with pytest.raises(InputError):
        iso8601.exact(text)


def test_a_duration_beyond_all_calendars_is_refused() -> None:
    """A number that is well formed and absurd is an error too, not an overflow."""
    for text in ("P" + "9" * 40 + "D", "P" + "9" * 40 + "W", "PT" + "9" * 40 + "S"):
        for read in (parse_duration, iso8601.exact):
            with pytest.raises(InputError, match="too long"):
                read(text)


def test_only_fixed_lengths_become_a_span() -> None:
    """Weeks, days, hours, minutes and seconds have one length; years and months depend on the date."""
    assert iso8601.exact("P2W") == timedelta(weeks=2)
    assert iso8601.exact("P1DT2H3M4S") == timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert iso8601.exact("P0Y1D") == timedelta(days=1)
    for text in ("P1M", "P1Y", "P1Y2D"):
        with pytest.raises(InputError, match="no fixed length"):
            iso8601.exact(text)


@given(
    st.timedeltas(timedelta(0), timedelta(days=999_999_999)).map(
        lambda span: span - timedelta(microseconds=span.microseconds)
    )
)
def test_a_span_of_seconds_is_written_so_that_it_reads_the_same(span: timedelta) -> None:
    """Writing and reading come back to the same span."""
    assert iso8601.exact(iso8601.written(span)) == span


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(days=1, hours=12), "P1DT12H"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(seconds=1, milliseconds=500), "PT1.5S"),
        (timedelta(hours=-1), "-PT1H"),
        (timedelta(days=-1, microseconds=1), "-PT23H59M59.999999S"),
    ],
)
def test_a_span_is_written_as_people_write_it(span: timedelta, text: str) -> None:
    """Days, hours, minutes and seconds, none that is zero; a minus before what goes back."""
    assert iso8601.written(span) == text


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5 working days", 5, "working days"),
        ("1 working day", 1, "working days"),
        ("15 days", 15, "days"),
        ("1 day", 1, "days"),
        ("36 hours", 36, "hours"),
        ("2 weeks", 2, "weeks"),
        ("3 months", 3, "months"),
        ("1 year", 1, "years"),
        ("P1M", 1, "months"),
        ("P15D", 15, "days"),
        ("P2W", 2, "weeks"),
        ("PT36H", 36, "hours"),
        ("P1Y6M", 18, "months"),
        ("P2Y", 2, "years"),
    ],
)
def test_an_allowance_is_an_amount_of_one_unit(text: str, amount: int, unit: str) -> None:
    """Words and ISO 8601 say the same."""
    assert allowance(text) == Allowance(amount, unit)  # type: ignore[arg-type]


@given(st.integers(1, WORKING_DAYS_MAX), st.sampled_from(UNITS))
def test_an_allowance_is_written_so_that_it_reads_the_same(amount: int, unit: str) -> None:
    """The text of an allowance is one of its spellings, singular where it should be."""
    given_time = Allowance(amount, unit)  # type: ignore[arg-type]
    assert allowance(str(given_time)) == given_time
    assert str(Allowance(1, "working days")) == "1 working day"


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("5 workingdays", "did you mean `working days`?"),
        ("5 monhts", "did you mean `months`?"),
        ("5 parsecs", "15 days"),
        ("five days", "15 days"),
        ("5", "15 days"),
        ("5  days", "15 days"),
        ("-5 days", "15 days"),
        ("1.5 days", "15 days"),
        ("0 days", "1 or more"),
        ("100001 days", "months or years"),
        ("100001 months", "100000 or less"),
        ("1000 working days", "months or years"),
        ("0 working days", "1 or more"),
        ("P0D", "1 or more"),
        ("P1DT12H", "15 days"),
        ("PT90M", "the smallest unit is hours"),
        ("90 minutes", "the smallest unit is hours"),
        ("1 second", "the smallest unit is hours"),
        ("5 workdays", "did you mean `working days`?"),
        ("5 business days", "did you mean `working days`?"),
        ("P1M15D", "15 days"),
        ("P", "P15D"),
        ("", "15 days"),
        ("5 Days", "15 days"),
        ("5 days ", "15 days"),
        ("٥ days", "15 days"),
    ],
)
def test_an_amount_of_time_that_is_none_is_refused_with_a_cure(text: str, cure: str) -> None:
    """No unit, an unknown one, zero, a mixture: an error that says how to write it."""
    with pytest.raises(InputError) as caught:
        allowance(text)
    assert cure in (caught.value.cure or "")


@given(st.text("P0123456789YMWDTHS -", max_size=12))
def test_any_text_is_a_duration_or_an_input_error(text: str) -> None:
    """Nothing but an `InputError` comes out."""
    for read in (parse_duration, iso8601.exact, allowance):
        try:
            read(text)
        except InputError as error:
            assert error.cure  # noqa: PT017 -- whether it fails is not what is asked


def test_guards_do_not_load_pendulum() -> None:
    """Checking a definition stays quick: importing guards loads no library."""
    program = "import sys, accountability.guards; print([name for name in sys.modules if 'pendulum' in name])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"
