"""Values: from the JSON of a case to what guards compute with, and back.

Case data is JSON, where a decimal, a date, a moment and a span of time are text. A value is made native when a guard
reads it as what its type says; a value that does not fit its type is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accountability.calendars import iso8601
from accountability.canonical import instant
from accountability.errors import InputError
from accountability.guards.arithmetic import INT_MAX, INT_MIN
from accountability.guards.types import DYN, Type

NESTING_MAX = 64
"""How deep the data that a guard reads may be nested."""

NUMBER_LENGTH_MAX = 400
"""How long the text of a decimal in the data may be."""

Count = Callable[[int], None]
"""Told how many items are looked at; raises when a guard has looked at too many."""

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}(:[0-9]{2}(?:\.[0-9]{1,6})?)?)([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_KINDS: dict[type, str] = {
    bool: "bool",
    int: "int",
    Decimal: "decimal",
    str: "string",
    date: "date",
    datetime: "timestamp",
    timedelta: "duration",
    list: "list",
    tuple: "list",
    dict: "object",
    type(None): "null",
}
NATIVE: dict[str, type] = {
    "bool": bool,
    "string": str,
    "date": date,
    "duration": timedelta,
}
"""Kinds whose values need no look inside once they are of this class."""


class UnfitError(ValueError):
    """A value is not what its type says; the message does not hold the value."""


def kind_of(value: object) -> str:
    """Name the kind of a value; `unknown` for what guards cannot compute with."""
    kind = _KINDS.get(type(value))
    if kind is None:
        return "object" if isinstance(value, Mapping) else "unknown"
    return kind


def read_date(text: str) -> date:
    """Read `YYYY-MM-DD`.

    Raises:
        UnfitError: The text is no date.
    """
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UnfitError("the text is not a date, such as 2015-02-09")


def read_moment(text: str, *, seconds: bool = False) -> datetime:
    """Read an RFC 3339 moment, in UTC.

    Args:
        text: The moment, with an offset, at most six digits of a second's fraction.
        seconds: Whether the seconds must be written, as RFC 3339 and CEL want it.

    Raises:
        UnfitError: The text is no such moment, or lies outside the years 1 to 9999 in UTC.
    """
    match = _MOMENT.fullmatch(text)
    try:
        if match is not None and (match[3] or not seconds):
            offset = "+00:00" if match[4] in "Zz" else match[4]
            return datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UnfitError("the text is not a moment, such as 2015-02-09T09:00:00+08:00")


def _read_int(value: Any) -> int:
    if type(value) is not int:
        raise _mismatch(value, "int")
    if INT_MIN <= value <= INT_MAX:
        return value
    raise UnfitError("the integer does not fit into 64 bits")


def _read_decimal(value: Any) -> Decimal:
    if type(value) is int:
        return Decimal(_read_int(value))
    if type(value) is Decimal:
        if value.is_finite():
            return value
        raise UnfitError("the decimal is not a number")
    if type(value) is not str:
        raise _mismatch(value, "decimal")
    if len(value) <= NUMBER_LENGTH_MAX and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise UnfitError("the text is not a decimal, such as 12.50")


def _read_date(value: Any) -> date:
    if type(value) is date:
        return value
    if type(value) is str:
        return read_date(value)
    raise _mismatch(value, "date")


def _read_moment(value: Any) -> datetime:
    if type(value) is str:
        return read_moment(value)
    if not isinstance(value, datetime):
        raise _mismatch(value, "timestamp")
    if value.tzinfo is UTC and type(value) is datetime:
        return value
    if value.utcoffset() is None:
        raise UnfitError("the moment carries no time zone")
    try:
        moved = value.astimezone(UTC)
    except OverflowError:
        raise UnfitError("the moment lies outside the years 1 to 9999") from None
    # Other libraries' moments compute in their own way, so only the standard library's goes on.
    return datetime.combine(date(moved.year, moved.month, moved.day), moved.time(), UTC)


def _read_span(value: Any) -> timedelta:
    if type(value) is timedelta:
        return value
    if type(value) is not str:
        raise _mismatch(value, "duration")
    try:
        return iso8601.exact(value)
    except InputError as error:
        raise UnfitError(str(error)) from None


def _read_list(value: Any) -> list[Any]:
    if type(value) is list:
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, (set, frozenset)):
        try:
            return sorted(value)
        except TypeError:
            pass
    raise _mismatch(value, "list")


def _read_object(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise _mismatch(value, "object")


def _read_any(value: Any) -> Any:
    kind = kind_of(value)
    if kind in _READERS:
        return _READERS[kind](value)
    raise UnfitError("the value is of a kind that guards cannot compute with")


def _reader_of(kind: str, native: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is native:
            return value
        raise _mismatch(value, kind)

    return read


def _mismatch(value: object, kind: str) -> UnfitError:
    return UnfitError(f"the value is of kind {kind_of(value)}, not {kind}")


_READERS: dict[str, Callable[[Any], Any]] = {
    "bool": _reader_of("bool", bool),
    "string": _reader_of("string", str),
    "null": _reader_of("null", type(None)),
    "int": _read_int,
    "decimal": _read_decimal,
    "date": _read_date,
    "timestamp": _read_moment,
    "duration": _read_span,
    "list": _read_list,
    "object": _read_object,
}


def reader(type_: Type) -> Callable[[Any], Any]:
    """Give the function that reads a value as its type says.

    Texts become decimals, dates, moments and spans. What a list or an object holds is read when it is reached.
    The function raises `UnfitError` when the value is not what the type says.
    """
    return _READERS.get(type_.kind, _read_any)


def is_written(type_: Type) -> bool:
    """Whether values of a type, or something in them, travel as text and are something else."""
    inside = [] if type_.item is None else [type_.item]
    inside += [slot.type for slot in (type_.fields or {}).values()]
    return type_.kind in ("decimal", "date", "timestamp", "duration") or any(map(is_written, inside))


def settled(value: Any, type_: Type, count: Count, depth: int = NESTING_MAX) -> Any:
    """Read a value as its type says, with all that it holds.

    Args:
        value: JSON or native.
        type_: What it should be.
        count: Told how much is looked at.
        depth: How deep it may be nested still.

    Raises:
        UnfitError: The value, or something in it, is not what the type says, or is nested too deep.
    """
    value = reader(type_)(value)
    if isinstance(value, list):
        count(len(value))
        item = type_.item or DYN
        _deeper(depth)
        return [settled(each, item, count, depth - 1) for each in value]
    if isinstance(value, Mapping):
        count(len(value))
        _deeper(depth)
        if type_.fields is None:
            return {str(name): settled(each, DYN, count, depth - 1) for name, each in value.items()}
        return {
            name: settled(value[name], slot.type, count, depth - 1)
            for name, slot in type_.fields.items()
            if value.get(name) is not None
        }
    return value


def _deeper(depth: int) -> None:
    if depth <= 0:
        raise UnfitError(f"the data is nested deeper than {NESTING_MAX}")


def equal(left: Any, right: Any, count: Count) -> bool:
    """Compare two settled values as CEL does: numbers by value, other kinds never equal to one another.

    Args:
        left: A settled value.
        right: A settled value.
        count: Told how much is looked at.
    """
    one, other = kind_of(left), kind_of(right)
    if one != other:
        return {one, other} == {"int", "decimal"} and bool(left == right)
    if one == "list":
        if len(left) != len(right):
            return False
        count(len(left))
        return all(equal(a, b, count) for a, b in zip(left, right, strict=True))
    if one == "object":
        if left.keys() != right.keys():
            return False
        count(len(left))
        return all(equal(value, right[name], count) for name, value in left.items())
    return bool(left == right)


def json_value(value: Any) -> Any:
    """Write a value of a guard as JSON.

    Args:
        value: What `Guard.value` gives.

    Returns:
        Decimals, dates, moments (UTC, microseconds) and spans (ISO 8601) as text; the rest as it is.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f") if -50 < value.adjusted() < 50 else str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso8601.written(value)
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, Mapping):
        return {name: json_value(item) for name, item in value.items()}
    return value
