"""The functions of guards: what each takes, gives and does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accountability.guards.types import BOOL, DATE, DURATION, INT, TIMESTAMP, Type
from accountability.guards.values import UnfitError, read_date, read_moment

SPAN_LENGTH_MAX = 64
"""How long the text of `duration()` may be."""

SPAN_LIMIT = timedelta(hours=87_660_000, seconds=1)
"""CEL's durations stay below this, some ten thousand years."""

_UNITS = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_SPAN = re.compile(r"([+-]?)((?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:h|ms|us|ns|m|s))+|0)")
_SPAN_PART = re.compile(r"([0-9]*)\.?([0-9]*)(h|ms|us|ns|m|s)")


@dataclass(frozen=True, slots=True)
class Function:
    """A function that looks at values only.

    Attributes:
        takes: Kinds that the argument, or the target of a method, may have.
        other: Kind of the one more argument that a method takes; None: there is none.
        gives: Type of the result.
        apply: What it does; may raise `UnfitError`.
        styles: `plain` for `name(x)`, `method` for `x.name()`.
    """

    takes: tuple[str, ...]
    other: str | None
    gives: Type
    apply: Callable[..., Any]
    styles: tuple[str, ...]


def read_span(text: str) -> timedelta:
    """Read a duration as CEL writes it: `1h30m`, `-1.5h`, `90s`.

    Raises:
        UnfitError: The text is no such duration, is finer than a microsecond, or too long a time.
    """
    match = _SPAN.fullmatch(text) if len(text) <= SPAN_LENGTH_MAX else None
    if match is None:
        raise UnfitError('the text is not a duration, such as "1h30m" (units h, m, s, ms, us)')
    total = 0
    for whole, fraction, unit in _SPAN_PART.findall(match[2]) if match[2] != "0" else ():
        scaled = int((whole + fraction) or "0") * _UNITS[unit]
        total, rest = total + scaled // 10 ** len(fraction), scaled % 10 ** len(fraction)
        if rest:
            raise UnfitError("a duration is not finer than a microsecond")
    if total % 1000:
        raise UnfitError("a duration is not finer than a microsecond")
    microseconds = total // 1000
    if microseconds >= SPAN_LIMIT // timedelta(microseconds=1):
        raise UnfitError("the duration is longer than 10,000 years")
    return timedelta(microseconds=-microseconds if match[1] == "-" else microseconds)


def _moment(text: str) -> Any:
    return read_moment(text, seconds=True)


FUNCTIONS: Mapping[str, Function] = {
    "size": Function(("string", "list", "object"), None, INT, len, ("plain", "method")),
    "contains": Function(("string",), "string", BOOL, str.__contains__, ("method",)),
    "startsWith": Function(("string",), "string", BOOL, str.startswith, ("method",)),
    "endsWith": Function(("string",), "string", BOOL, str.endswith, ("method",)),
    "date": Function(("string",), None, DATE, read_date, ("plain",)),
    "timestamp": Function(("string",), None, TIMESTAMP, _moment, ("plain",)),
    "duration": Function(("string",), None, DURATION, read_span, ("plain",)),
}
"""Functions of values."""

READS_TEXT = ("date", "timestamp", "duration")
"""Functions whose text is read while the guard is checked, when it is written there."""

HISTORY = ("times", "visited", "children")
"""Functions that look at the case's past and its children; each takes one name, written as a string."""

ABSENT: Mapping[str, str] = {
    "matches": "there are no regular expressions; use `startsWith`, `endsWith`, `contains` or `==`",
    "int": "there are no conversions; declare the field as `integer`",
    "uint": "there are no unsigned integers; declare the field as `integer`",
    "double": "there are no conversions; integers and decimals mix freely",
    "string": "there are no conversions; compare with a value of the same type",
    "bool": "there are no conversions; declare the field as `boolean`",
    "bytes": "there are no bytes; use strings",
    "dyn": "there are no conversions; types follow from the declared data",
    "type": "types follow from the declared data",
    "lowerAscii": 'compare with each spelling: `data.kind in ["a", "A"]`',
    "getFullYear": 'compare with `date("...")` or `timestamp("...")`',
    "getMonth": 'compare with `date("...")` or `timestamp("...")`',
    "getHours": 'compare with `duration("...")`',
    "existsOne": "write `exists_one`",
}
"""Functions that people look for and CEL has elsewhere -> what to do instead."""
