"""Exact arithmetic: 64-bit integers, decimals of 34 digits, moments and spans of time.

What cannot be computed raises `ArithmeticError` with a message that holds no operand, since messages are recorded.
"""

from __future__ import annotations

import decimal
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NoReturn

INT_MAX = 2**63 - 1
INT_MIN = -(2**63)

DIGITS_MAX = 34
"""Digits of a computed decimal, as in IEEE 754 decimal128. Only a quotient is rounded, half to even."""

SPAN_MAX = timedelta(microseconds=INT_MAX // 1000)
"""Longest span that time arithmetic gives: CEL computes in 64-bit nanoseconds, about 292 years."""

TEXT_LENGTH_MAX = 1_000_000
"""Longest text that `+` may make, in code points."""

LIST_LENGTH_MAX = 100_000
"""Longest list that `+` may make."""

_FAILURES = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.Underflow]
_EXACT = decimal.Context(prec=DIGITS_MAX, Emin=-6143, Emax=6144, traps=[*_FAILURES, decimal.Inexact])
_ROUNDED = decimal.Context(prec=DIGITS_MAX, Emin=-6143, Emax=6144, traps=_FAILURES)

_OUTSIDE = "the result lies outside the years 1 to 9999"

Number = int | Decimal


def exact_decimal(text: str) -> Decimal | None:
    """Read a decimal without losing a digit; None when it has more than 34 or is out of range."""
    try:
        return _EXACT.create_decimal(text)
    except decimal.DecimalException:
        return None


def _whole(number: int) -> int:
    if INT_MIN <= number <= INT_MAX:
        return number
    raise ArithmeticError("the integer does not fit into 64 bits")


def _inexact() -> NoReturn:
    raise ArithmeticError(f"the decimal needs more than {DIGITS_MAX} digits") from None


def add_int(left: int, right: int) -> int:
    """Add integers."""
    return _whole(left + right)


def subtract_int(left: int, right: int) -> int:
    """Subtract integers."""
    return _whole(left - right)


def multiply_int(left: int, right: int) -> int:
    """Multiply integers."""
    return _whole(left * right)


def divide_int(left: int, right: int) -> int:
    """Divide integers, towards zero as CEL does."""
    if right == 0:
        raise ArithmeticError("it divides by zero")
    quotient = abs(left) // abs(right)
    return _whole(quotient if (left < 0) == (right < 0) else -quotient)


def remainder_int(left: int, right: int) -> int:
    """Give the remainder, with the sign of the dividend as CEL does."""
    if right == 0:
        raise ArithmeticError("it divides by zero")
    _whole(-left if right == -1 else left)
    remainder = abs(left) % abs(right)
    return -remainder if left < 0 else remainder


def negate_int(number: int) -> int:
    """Change an integer's sign."""
    return _whole(-number)


def add_decimal(left: Number, right: Number) -> Decimal:
    """Add numbers, one of them a decimal."""
    try:
        return _EXACT.add(left, right)
    except decimal.DecimalException:
        _inexact()


def subtract_decimal(left: Number, right: Number) -> Decimal:
    """Subtract numbers, one of them a decimal."""
    try:
        return _EXACT.subtract(left, right)
    except decimal.DecimalException:
        _inexact()


def multiply_decimal(left: Number, right: Number) -> Decimal:
    """Multiply numbers, one of them a decimal."""
    try:
        return _EXACT.multiply(left, right)
    except decimal.DecimalException:
        _inexact()


def divide_decimal(left: Number, right: Number) -> Decimal:
    """Divide numbers, one of them a decimal; rounded half to even at 34 digits."""
    if right == 0:
        raise ArithmeticError("it divides by zero")
    try:
        return _ROUNDED.divide(left, right)
    except decimal.DecimalException:
        _inexact()


def negate_decimal(number: Number) -> Decimal:
    """Change a decimal's sign."""
    return subtract_decimal(0, number)


def join_text(left: str, right: str) -> str:
    """Join texts."""
    if len(left) + len(right) > TEXT_LENGTH_MAX:
        raise ArithmeticError(f"the text would be longer than {TEXT_LENGTH_MAX} characters")
    return left + right


def join_lists(left: list[object], right: list[object]) -> list[object]:
    """Join lists."""
    if len(left) + len(right) > LIST_LENGTH_MAX:
        raise ArithmeticError(f"the list would be longer than {LIST_LENGTH_MAX} items")
    return [*left, *right]


def _span(span: timedelta) -> timedelta:
    if -SPAN_MAX <= span <= SPAN_MAX:
        return span
    raise ArithmeticError("the duration is longer than 292 years")


def add_span(left: timedelta, right: timedelta) -> timedelta:
    """Add durations."""
    return _span(left + right)


def subtract_span(left: timedelta, right: timedelta) -> timedelta:
    """Subtract durations."""
    return _span(left - right)


def between_moments(left: datetime, right: datetime) -> timedelta:
    """Give the time from the right moment to the left one."""
    return _span(left - right)


def between_dates(left: date, right: date) -> timedelta:
    """Give the whole days from the right date to the left one."""
    return left - right


def later_moment(moment: datetime, span: timedelta) -> datetime:
    """Move a moment on."""
    try:
        return moment + span
    except OverflowError:
        raise ArithmeticError(_OUTSIDE) from None


def earlier_moment(moment: datetime, span: timedelta) -> datetime:
    """Move a moment back."""
    try:
        return moment - span
    except OverflowError:
        raise ArithmeticError(_OUTSIDE) from None


def later_date(day: date, span: timedelta) -> date:
    """Move a date on by whole days."""
    if span.seconds or span.microseconds:
        raise ArithmeticError("a date moves by whole days only")
    try:
        return day + span
    except OverflowError:
        raise ArithmeticError(_OUTSIDE) from None


def earlier_date(day: date, span: timedelta) -> date:
    """Move a date back by whole days."""
    return later_date(day, timedelta(0) - span)
