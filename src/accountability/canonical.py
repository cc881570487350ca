"""One value, one sequence of bytes: RFC 8785 over a domain without floats.

Everything that is hashed passes through here once; what was hashed is stored, and never written again to be compared.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

import orjson

from accountability.errors import CanonicalError

INTEGER_MAX = 2**53 - 1
"""Largest integer that every JSON reader keeps exact (RFC 7493)."""

NESTING_MAX = 100
"""Deepest nesting that has a canonical form: fixed, so that no value depends on how much stack happens to be left."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[0-2]\d:\d\d:\d\d\.\d{6}Z", re.ASCII).fullmatch


def canonical(value: Any) -> bytes:
    """Write a value as canonical JSON.

    Args:
        value: Text, whole number within ±(2^53-1), boolean, None, or a list, tuple or text-keyed mapping of these.

    Returns:
        The UTF-8 bytes that RFC 8785 (JSON Canonicalization Scheme) prescribes.

    Raises:
        CanonicalError: The value holds a float, a larger integer, a lone surrogate, a key beyond U+FFFF, another type,
            or is nested deeper than `NESTING_MAX`.
    """
    _admit(value, NESTING_MAX)
    return written(value)


def written(value: Any) -> bytes:
    """Write a value that is known to lie in the domain, without looking through it once more.

    Raises:
        CanonicalError: It holds a lone surrogate, or does not lie in the domain.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=dict)
    except TypeError as error:
        raise CanonicalError(
            f"text holds a lone surrogate, or {error}", cure="send well-formed Unicode text"
        ) from error


def json_of(text: str) -> Any:
    """Read a value from JSON text that we wrote ourselves.

    Raises:
        ValueError: The text is not JSON.
    """
    return orjson.loads(text)


def read(text: str) -> Any:
    """Read a value from its canonical text, and from no other text.

    Raises:
        CanonicalError: The text is not JSON, or is not what `canonical` writes for the value it holds.
    """
    try:
        value = _parse(text)
        # What was read holds no float and no large number. Text of as many UTF-16 units as characters holds no key that
        # Python would misplace; and encoding it refuses lone surrogates.
        plain = len(text.encode("utf-16-le")) == 2 * len(text) and text.count("[") + text.count("{") <= NESTING_MAX
        same = (written(value) if plain else canonical(value)) == text.encode()
    except CanonicalError:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise CanonicalError(f"the text is not JSON: {error}") from error
    except RecursionError as error:
        raise _too_deep() from error
    if not same:
        raise CanonicalError("the text is JSON, but not in its canonical form")
    return value


def digest(value: Any) -> str:
    """Return the lower-case hex SHA-256 of a value's canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()


def instant(moment: datetime) -> str:
    """Write an aware moment as RFC 3339 in UTC with microseconds, the only form in which times are stored.

    Raises:
        CanonicalError: The moment carries no time zone, or lies outside the years 1 to 9999 in UTC.
    """
    if moment.tzinfo is not UTC:
        if moment.utcoffset() is None:
            raise CanonicalError(
                f"{moment.isoformat()} carries no time zone", cure="give a time with its zone or offset"
            )
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as error:
            raise CanonicalError(f"{moment.isoformat()} has no UTC form", cure="give a year from 1 to 9999") from error
    return moment.isoformat("T", "microseconds")[:-6] + "Z"


def moment(text: str) -> datetime:
    """Read back what `instant` wrote, as an aware datetime in UTC.

    Raises:
        ValueError: The text is not such a time.
    """
    if not _INSTANT(text):
        raise ValueError(f"{text!r} is not a time like 2015-02-09T01:00:00.000000Z")
    return datetime.fromisoformat(text)


def _admit(value: Any, depth: int) -> None:
    """Refuse a value outside the domain."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise _too_large(value)
    elif not depth:
        raise _too_deep()
    elif kind is dict or isinstance(value, Mapping):
        _admit_keys(value)
        for item in value.values():
            if type(item) is not str and item is not None:
                _admit(item, depth - 1)
    elif kind is list or kind is tuple:
        for item in value:
            _admit(item, depth - 1)
    else:
        raise CanonicalError(f"{kind.__name__} has no canonical form", cure="send money as text, times in RFC 3339")


def _admit_keys(value: Mapping[Any, Any]) -> None:
    for key in value:
        if type(key) is not str:
            raise CanonicalError(f"the key {key!r} is not text", cure="use text as keys")
        if not key.isascii() and max(key) > "\uffff":
            # Python sorts by code point, RFC 8785 by UTF-16 unit; they agree on every key but these.
            raise CanonicalError(f"the key {key!r} holds a character beyond U+FFFF", cure="use plain text as keys")


def _whole(digits: str) -> int:
    """Read a JSON integer; a number with too many digits is never computed."""
    if len(digits) > 20:
        raise CanonicalError(f"a number of {len(digits)} digits is outside ±(2^53-1)", cure="send it as text")
    value = int(digits)
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise _too_large(value)
    return value


def _no_float(digits: str) -> NoReturn:
    raise CanonicalError(f"{digits[:40]} is not a whole number", cure="send money as text")


def _too_large(value: int) -> CanonicalError:
    shown = str(value) if value.bit_length() < 100 else f"a number of {value.bit_length()} bits"
    return CanonicalError(f"{shown} is outside ±(2^53-1)", cure="send larger numbers as text")


def _too_deep() -> CanonicalError:
    return CanonicalError(f"the value is nested deeper than {NESTING_MAX} levels", cure="nest less deeply")


_parse = json.JSONDecoder(parse_int=_whole, parse_float=_no_float, parse_constant=_no_float).decode
