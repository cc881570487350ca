"""Values of declared fields: what a field accepts, and the one JSON form in which it is kept.

A value is accepted or refused, never bent: no text becomes a number, no number becomes a boolean, nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from accountability.calendars import iso8601
from accountability.canonical import INTEGER_MAX, instant
from accountability.definition.model import DataField
from accountability.definition.nearest import did_you_mean
from accountability.errors import CanonicalError, InputError

DIGITS_MAX = 34
"""Digits of a decimal, as in IEEE 754 decimal128, which is what guards compute with."""

DEPTH_MAX = 32
"""Deepest value in a field that does not declare what it holds."""

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
    re.ASCII,
)


class FieldError(InputError):
    """A field does not accept a value.

    Attributes:
        message: One sentence that names the field.
        where: The field, dotted, with positions in lists: `persons[0].name`.
    """

    def __init__(self, message: str, cure: str, where: str) -> None:
        super().__init__(message, cure=cure)
        self.message = message
        self.where = where


def accept(field: DataField, value: object, where: str) -> Any:
    """Check a value against a field's declaration and write it in its JSON form.

    Args:
        field: The declaration.
        value: What was given: JSON, or a Python value of the declared type (Decimal, date, aware datetime).
        where: How messages name the field.

    Returns:
        The value as JSON: decimals as plain text with every digit given, dates as `YYYY-MM-DD`, moments in UTC with
        microseconds, durations as ISO 8601 text. Inner fields that were left out get their default.

    Raises:
        FieldError: The value is not of the declared type, or breaks a bound.
    """
    try:
        kept = _ACCEPT[field.type](field, value, where)
        if field.enum is not None and (field.type not in _AS_WRITTEN or kept not in field.enum):
            _require_listed(field, kept, where)
    except FieldError as error:
        if field.withheld:
            raise _confidential(field, error.where) from None
        raise
    return kept


_AS_WRITTEN = ("string", "integer", "boolean", "date")
"""Types whose choices in an `enum` are in their JSON form already."""


def _confidential(field: DataField, where: str) -> FieldError:
    """Say that a value is wrong without a word of it: refusals are recorded, and withheld values never are."""
    name = where.partition(".")[0].partition("[")[0]
    message = f"`{name}` does not fit its declaration as {field.type}; the value is withheld"
    return FieldError(message, f"see what the workflow declares for `{name}`", name)


def _require_listed(field: DataField, kept: object, where: str) -> None:
    wanted = _comparable(field.type, kept)
    allowed = [_ACCEPT[field.type](_bare(field), choice, where) for choice in field.enum or ()]
    if not any(_comparable(field.type, choice) == wanted for choice in allowed):
        words = [str(choice) for choice in allowed]
        raise FieldError(f"`{where}` cannot be `{_short(kept)}`", did_you_mean(str(kept), words), where)


def _bare(field: DataField) -> DataField:
    """Return the declaration without its bounds, to read the choices of an `enum`."""
    return DataField(type=field.type, items=field.items, fields=field.fields)


def _comparable(kind: str, kept: Any) -> Any:
    if kind == "duration":
        return iso8601.exact(kept)
    return Decimal(kept) if kind == "decimal" else kept


def _string(field: DataField, value: object, where: str) -> str:
    if type(value) is not str:
        if not isinstance(value, str):
            raise _wrong(value, where, "text", "write it in quotes" if _is_number(value) else "give text")
        value = str.__str__(value)
    if not value.isascii():
        _require_well_formed(value, where)
    if field.min_length is not None or field.max_length is not None:
        _require_length(field, len(value), where, "character")
    return value


def _require_well_formed(value: str, where: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise FieldError(f"`{where}` holds a lone surrogate", "give well-formed Unicode text", where) from None


def _require_length(field: DataField, length: int, where: str, unit: str) -> None:
    low, high = field.min_length, field.max_length
    if low is not None and length < low:
        raise FieldError(f"`{where}` is too short: {_count(length, unit)}", f"give at least {_count(low, unit)}", where)
    if high is not None and length > high:
        raise FieldError(f"`{where}` is too long: {_count(length, unit)}", f"give at most {_count(high, unit)}", where)


def _integer(field: DataField, value: object, where: str) -> int:
    if type(value) is not int:
        cure = "write it without quotes" if isinstance(value, str) and value.lstrip("-").isdecimal() else ""
        raise _wrong(value, where, "a whole number", cure or "give a whole number, such as 3")
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise FieldError(f"`{where}` is outside ±{INTEGER_MAX:,}", "declare the field as text for such numbers", where)
    if field.minimum is not None or field.maximum is not None:
        _require_between(field, value, where)
    return value


def _decimal(field: DataField, value: object, where: str) -> str:
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= DIGITS_MAX:
        text = format(value, "f")
    elif type(value) is int and -INTEGER_MAX <= value <= INTEGER_MAX:
        text = str(value)
    elif isinstance(value, str):
        text = value
    else:
        cure = f'give it as text: "{value!r}"' if type(value) is float else 'give it as text, such as "12.50"'
        raise _wrong(value, where, "an exact number", cure)
    if sum(map(len, text.strip("-").split(".", 1))) > DIGITS_MAX:
        raise FieldError(f"`{where}` has more than {DIGITS_MAX} digits", "give fewer digits", where)
    if not _DECIMAL.fullmatch(text):
        raise FieldError(f"`{where}` is not a plain number: `{_short(text)}`", 'write it like "-12.50"', where)
    if text[0] == "-" and not text.strip("-0."):
        text = text[1:]
    if field.minimum is not None or field.maximum is not None:
        _require_between(field, text, where)
    return text


def _boolean(_: DataField, value: object, where: str) -> bool:
    if value is True or value is False:
        return value
    raise _wrong(value, where, "true or false", "give true or false, without quotes")


def _date(field: DataField, value: object, where: str) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        text = value.isoformat()
    elif isinstance(value, str):
        text = _read_date(value, where)
    else:
        raise _wrong(value, where, "a date", 'write it like "2015-02-09"')
    if field.minimum is not None or field.maximum is not None:
        _require_between(field, text, where)
    return text


def _read_date(text: str, where: str) -> str:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise FieldError(f"`{where}` is not a date: `{_short(text)}`", 'write it like "2015-02-09"', where)


def _datetime(field: DataField, value: object, where: str) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise FieldError(f"`{where}` carries no time zone", "give an aware datetime", where)
        text = _in_utc(value, where)
    elif isinstance(value, str):
        text = _read_datetime(value, where)
    else:
        raise _wrong(value, where, "a moment", 'write it like "2015-02-09T09:00+08:00"')
    if field.minimum is not None or field.maximum is not None:
        _require_between(field, text, where)
    return text


def _read_datetime(text: str, where: str) -> str:
    try:
        if _DATETIME.fullmatch(text):
            return _in_utc(datetime.fromisoformat(text), where)
    except ValueError:
        pass
    cure = 'write it like "2015-02-09T09:00+08:00", with its offset'
    raise FieldError(f"`{where}` is not a moment: `{_short(text)}`", cure, where)


def _in_utc(value: datetime, where: str) -> str:
    try:
        return instant(value)
    except CanonicalError:
        raise FieldError(f"`{where}` is outside the years 1 to 9999", "give another moment", where) from None


def _duration(_: DataField, value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, where, "a duration", 'write it like "P15D" or "PT36H"')
    try:
        iso8601.exact(value)
    except InputError as error:
        message = f"`{where}` is not a duration of a fixed length: `{_short(value)}`"
        raise FieldError(message, error.cure or 'write it like "P15D" or "PT36H"', where) from None
    return str.__str__(value)


def _list(field: DataField, value: object, where: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise _wrong(value, where, "a list", "give a list, also for a single value")
    if field.min_length is not None or field.max_length is not None:
        _require_length(field, len(value), where, "item")
    inner = field.items
    if inner is None:
        return [_anything(item, f"{where}[{index}]", 1) for index, item in enumerate(value)]
    return [accept(inner, item, f"{where}[{index}]") for index, item in enumerate(value)]


def _object(field: DataField, value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(value, where, "an object", "give an object of fields and values")
    if field.fields is None:
        return _any_object(value, where, 1)
    kept: dict[str, Any] = {}
    for name, item in value.items():
        declared = field.fields.get(name) if isinstance(name, str) else None
        if declared is None:
            cure = did_you_mean(str(name), field.fields)
            raise FieldError(f"`{where}` has no field `{_short(name)}`", cure, where)
        kept[name] = accept(declared, item, f"{where}.{name}")
    for name, declared in field.fields.items():
        if name not in kept and declared.has_default:
            kept[name] = accept(declared, declared.default, f"{where}.{name}")
    for name in field.needs:
        if name not in kept:
            raise FieldError(f"`{where}` lacks `{_short(name)}`", f"give its `{_short(name)}`", where)
    return kept


_ANY_STRING = DataField(type="string")
_ANY_INTEGER = DataField(type="integer")


def _anything(value: object, where: str, depth: int) -> Any:
    """Accept any JSON value that the record can hold."""
    if depth > DEPTH_MAX:
        raise FieldError(f"`{where}` is nested more than {DEPTH_MAX} levels deep", "nest less", where)
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _string(_ANY_STRING, value, where)
    if type(value) is int:
        return _integer(_ANY_INTEGER, value, where)
    if isinstance(value, Mapping):
        return _any_object(value, where, depth)
    if isinstance(value, (list, tuple)):
        return [_anything(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(value)]
    raise _wrong(value, where, "JSON without fractions", "give numbers with a fraction, dates and times as text")


def _any_object(value: Mapping[Any, Any], where: str, depth: int) -> dict[str, Any]:
    kept = {}
    for name, item in value.items():
        if not isinstance(name, str) or any("\ud800" <= letter <= "\udfff" or letter > "\uffff" for letter in name):
            raise FieldError(f"`{where}` has the key `{_short(name)}`", "use plain text as keys", where)
        kept[str.__str__(name)] = _anything(item, f"{where}.{name}", depth + 1)
    return kept


_ACCEPT: Mapping[str, Callable[[DataField, Any, str], Any]] = {
    "string": _string,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "list": _list,
    "object": _object,
}


def _require_between(field: DataField, kept: int | str, where: str) -> None:
    value = Decimal(kept) if field.type == "decimal" else kept
    low, high = _bound(field.type, field.minimum), _bound(field.type, field.maximum)
    if low is not None and value < low:
        raise FieldError(f"`{where}` is {kept}, less than {field.minimum}", f"give at least {field.minimum}", where)
    if high is not None and value > high:
        raise FieldError(f"`{where}` is {kept}, more than {field.maximum}", f"give at most {field.maximum}", where)


@lru_cache(maxsize=1024, typed=True)
def _bound(kind: str, bound: int | str | None) -> Any:
    """Read a bound in the form in which values of its type compare: numbers as such, dates and moments as text."""
    if bound is None:
        return None
    bare = DataField.model_validate({"type": kind})
    return _comparable(kind, _ACCEPT[kind](bare, bound, "the bound"))


def _wrong(value: object, where: str, wanted: str, cure: str) -> FieldError:
    if value is None:
        return FieldError(f"`{where}` must be {wanted}, not null", "leave the field out where there is no value", where)
    return FieldError(f"`{where}` must be {wanted}, not {_found(value)}", cure, where)


def _found(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_number(value):
        return f"the number {_short(value)}"
    if isinstance(value, str):
        return f"the text `{_short(value)}`"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "an object" if isinstance(value, Mapping) else type(value).__name__


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _short(value: object) -> str:
    try:
        text = str(value)
    except ValueError:  # Python does not write integers of more than 4,300 digits.
        return "(very large)"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
