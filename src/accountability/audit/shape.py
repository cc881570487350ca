"""What the body of an entry looks like: which parts it has, and what each may hold.

Where this accepts a body, reading it as an `Entry` and writing it again gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from accountability.canonical import moment
from accountability.errors import RecordError

FORMAT = 1
"""Version of the entry's bytes, kept in each entry as `v`."""

KINDS = (
    "transition",
    "act",
    "signature",
    "refusal",
    "deadline",
    "migration",
    "recusal",
    "correction",
    "erasure",
    "definition",
)

_HASH = re.compile(r"[0-9a-f]{64}").fullmatch


def check_shape(body: Any) -> None:
    """Accept the parsed body of an entry, or say which part is not as it should be.

    Raises:
        RecordError: A part is missing, unknown, or of another shape; or the format is not known.
    """
    if type(body) is not dict:
        raise RecordError("an entry is a JSON object")
    if type(body.get("v")) is not int or body["v"] != FORMAT:
        raise RecordError(f"the entry's format `v` is not {FORMAT}")
    names = body.keys()
    if not _REQUIRED.keys() <= names:
        raise RecordError("the entry lacks " + ", ".join(f"`{name}`" for name in sorted(_REQUIRED.keys() - names)))
    for name, value in body.items():
        fits = _PARTS.get(name)
        if fits is None:
            raise RecordError(f"an entry has no part {name[:40]!r}")
        if not fits(value):
            raise RecordError(f"the entry's `{name}` is not of its shape")


def is_hash(value: object) -> bool:
    """Tell whether a value is a SHA-256 in lower-case hex."""
    return type(value) is str and _HASH(value) is not None


def _text(value: object) -> bool:
    return type(value) is str and value != ""


def _maybe_text(value: object) -> bool:
    return value is None or type(value) is str


def _maybe_hash(value: object) -> bool:
    return value is None or is_hash(value)


def _count(value: object) -> bool:
    return type(value) is int and value >= 0


def _place(value: object) -> bool:
    return type(value) is int and value >= 1


def _time(value: object) -> bool:
    try:
        return type(value) is str and moment(value) is not None
    except ValueError:
        return False


def _object(value: object) -> bool:
    return type(value) is dict


def _filled(value: object) -> bool:
    return type(value) is dict and bool(value)


def _each_value(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: type(value) is dict and bool(value) and all(map(fits, value.values()))


def _record(parts: Mapping[str, Callable[[object], bool]]) -> Callable[[object], bool]:
    """Fit an object of exactly these parts."""
    each = tuple(parts.items())

    def fits(value: object) -> bool:
        if type(value) is not dict or value.keys() != parts.keys():
            return False
        for name, part in each:  # noqa: SIM110 -- twice as fast as `all` of a generator, and done for every entry
            if not part(value[name]):
                return False
        return True

    return fits


def _each(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: type(value) is list and all(map(fits, value))


def _some(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: type(value) is list and bool(value) and all(map(fits, value))


def _roles(value: object) -> bool:
    """Fit a list of texts in order, each once."""
    return type(value) is list and set(map(type, value)) <= {str} and value == sorted(set(value))


_REQUIRED: Mapping[str, Callable[[object], bool]] = {
    "v": _place,
    "case": _text,
    "seq": _place,
    "workflow": _text,
    "version": _place,
    "definition": is_hash,
    "kind": KINDS.__contains__,
    "trigger": _text,
    "from": _maybe_text,
    "to": _maybe_text,
    "actor": _record({"id": _text, "roles": _roles, "unit": _maybe_text}),
    "at": _time,
    "occurred": lambda value: value is None or _time(value),
    "reason": _maybe_text,
    "data": _object,
    "documents": _each(_record({"name": _text, "sha256": is_hash, "size": _count, "media_type": _text})),
    "prev": _maybe_hash,
}

_PARTS: Mapping[str, Callable[[object], bool]] = {
    **_REQUIRED,
    "rule": _count,
    "role": _text,
    "closed": lambda value: type(value) is bool,
    "parent": _record({"case": _text, "seq": _place}),
    "link": _text,
    "sets": _filled,
    "withheld": _each_value(is_hash),
    "children": _some(_record({"link": _text, "case": _text, "workflow": _text, "leaf": is_hash})),
    "saw": _each_value(_place),
    "reasons": _some(_record({"code": _text, "message": _text, "detail": _object})),
    "published": _filled,
}
