"""What the operators do: one table for the checker, which looks at types, and for values that only the data types."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from accountability.guards import arithmetic

Apply = Callable[[Any, Any], Any]

_NUMBERS = (("int", "decimal"), ("decimal", "int"), ("decimal", "decimal"))
_ORDERED = (*_NUMBERS, *((kind, kind) for kind in ("int", "string", "bool", "date", "timestamp", "duration")))
ORDERS: dict[str, Apply] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
"""Operators that ask which comes first."""

ARITHMETIC: dict[tuple[str, str, str], tuple[str, Apply]] = {
    ("+", "int", "int"): ("int", arithmetic.add_int),
    ("-", "int", "int"): ("int", arithmetic.subtract_int),
    ("*", "int", "int"): ("int", arithmetic.multiply_int),
    ("/", "int", "int"): ("int", arithmetic.divide_int),
    ("%", "int", "int"): ("int", arithmetic.remainder_int),
    ("+", "string", "string"): ("string", arithmetic.join_text),
    ("+", "list", "list"): ("list", arithmetic.join_lists),
    ("+", "duration", "duration"): ("duration", arithmetic.add_span),
    ("-", "duration", "duration"): ("duration", arithmetic.subtract_span),
    ("+", "timestamp", "duration"): ("timestamp", arithmetic.later_moment),
    ("+", "duration", "timestamp"): ("timestamp", lambda span, moment: arithmetic.later_moment(moment, span)),
    ("-", "timestamp", "duration"): ("timestamp", arithmetic.earlier_moment),
    ("-", "timestamp", "timestamp"): ("duration", arithmetic.between_moments),
    ("+", "date", "duration"): ("date", arithmetic.later_date),
    ("+", "duration", "date"): ("date", lambda span, day: arithmetic.later_date(day, span)),
    ("-", "date", "duration"): ("date", arithmetic.earlier_date),
    ("-", "date", "date"): ("duration", arithmetic.between_dates),
}
"""Operator, kind on the left, kind on the right -> kind of the result, and how to compute it."""

ARITHMETIC |= {
    (sign, *kinds): ("decimal", apply)
    for sign, apply in {
        "+": arithmetic.add_decimal,
        "-": arithmetic.subtract_decimal,
        "*": arithmetic.multiply_decimal,
        "/": arithmetic.divide_decimal,
    }.items()
    for kinds in _NUMBERS
}

COMPARISONS: dict[tuple[str, str, str], Apply] = {
    (sign, *kinds): apply for sign, apply in ORDERS.items() for kinds in _ORDERED
}
"""Operator, kind on the left, kind on the right -> how to compare."""

NEGATIONS: dict[str, Callable[[Any], Any]] = {"int": arithmetic.negate_int, "decimal": arithmetic.negate_decimal}
"""Kind -> how to change the sign."""


def outcomes(sign: str, left: str, right: str) -> frozenset[str]:
    """List the kinds of result that an operator can have between kinds, of which either may be `dyn`."""
    if sign in ORDERS:
        found = any(_matches(key, sign, left, right) for key in COMPARISONS)
        return frozenset({"bool"}) if found else frozenset()
    return frozenset(kind for key, (kind, _) in ARITHMETIC.items() if _matches(key, sign, left, right))


def _matches(key: tuple[str, str, str], sign: str, left: str, right: str) -> bool:
    return key[0] == sign and left in (key[1], "dyn") and right in (key[2], "dyn")
