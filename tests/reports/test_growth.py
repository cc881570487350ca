"""Growth is exact, to one decimal, and n/a where there is nothing to grow from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.reports.growth import growth


@pytest.mark.parametrize(
    ("before", "now", "printed"),
    [(70, 80, "14.3"), (33, 54, "63.6"), (32, 49, "53.1"), (45, 59, "31.1"), (40, 40, "0.0"), (8, 1, "-87.5")],
)
def test_growth_gives_the_printed_rates(before: int, now: int, printed: str):
    """The county's report of 2015, and a fall."""
    assert growth(now, before) == Decimal(printed)
    assert str(growth(now, before)) == printed


def test_growth_from_nothing_is_not_a_number():
    """Neither from zero nor without a comparison, and never 0."""
    assert growth(62, 0) is None
    assert growth(0, 0) is None
    assert growth(62, None) is None


@pytest.mark.parametrize(("before", "now", "printed"), [(2000, 2001, "0.1"), (2000, 1999, "-0.1"), (2001, 2002, "0.0")])
def test_halves_are_rounded_away_from_zero(before: int, now: int, printed: str):
    """0.05 per cent becomes 0.1, and its negative -0.1; a little less does not."""
    assert str(growth(now, before)) == printed


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_growth_is_the_exact_quotient_rounded_half_up(now: int, before: int):
    """Whatever the figures: never an error of a binary fraction."""
    found = growth(now, before)
    assert found is not None
    exact = Fraction(100 * (now - before), before)
    distance = abs(Fraction(found) - exact)
    assert distance <= Fraction(1, 20)
    if distance == Fraction(1, 20):
        assert abs(Fraction(found)) > abs(exact)
    assert found == found.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert Decimal(str(float(found))) == found or abs(found) > 10**14
