"""What the body of an entry looks like: which parts it has, and what each may hold.

Where this accepts a body, reading it as an `Entry` and writing it again gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
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

EVENTS: Mapping[str, bool] = {
    "armed": True,
    "resumed": True,
    "extended": True,
    "recomputed": True,
    "paused": False,
    "warned": False,
    "met": False,
    "breached": False,
    "lapsed": False,
}
"""What may become of a deadline, and whether its time is worked out then."""

_hash = re.compile(r"[0-9a-f]{64}").fullmatch

Check = Callable[[Any], Any]
"""Gives something true when a value, already of the right type, fits."""

Fit = tuple[frozenset[type], Check | None]
"""The types a part may have, and what else must hold. Types are exact: True is no number."""


def check_shape(body: Any) -> None:
    """Accept the parsed body of an entry, or say which part is not as it should be.

    Raises:
        RecordError: A part is missing, unknown, or of another shape; or the format is not known.
    """
    if type(body) is not dict:
        raise RecordError("an entry is a JSON object")
    if type(body.get("v")) is not int or body["v"] != FORMAT:
        raise RecordError(f"the entry's format `v` is not {FORMAT}")
    if not _REQUIRED.keys() <= body.keys():
        raise RecordError(
            "the entry lacks " + ", ".join(f"`{name}`" for name in sorted(_REQUIRED.keys() - body.keys()))
        )
    for name, value in body.items():
        if name not in _PARTS:
            raise RecordError(f"an entry has no part {name[:40]!r}")
        types, check = _PARTS[name]
        if type(value) not in types or (check is not None and not check(value)):
            raise RecordError(f"the entry's `{name}` is not of its shape")


def is_hash(value: object) -> bool:
    """Tell whether a value is a SHA-256 in lower-case hex."""
    return _fits(value, HASH)


def _fits(value: object, fit: Fit) -> bool:
    types, check = fit
    return type(value) in types and (check is None or bool(check(value)))


def _one(kind: type, check: Check | None = None) -> Fit:
    return frozenset((kind,)), check


def _or_none(fit: Fit) -> Fit:
    types, check = fit
    return types | {type(None)}, check and (lambda value: value is None or check(value))


def _time(value: str) -> bool:
    try:
        return moment(value) is not None
    except ValueError:
        return False


def _roles(value: list[Any]) -> bool:
    """Fit texts in order, each once."""
    return set(map(type, value)) <= {str} and value == sorted(set(value))


def _record(parts: Mapping[str, Fit]) -> Fit:
    """Fit an object of exactly these parts."""
    names = parts.keys()
    each = tuple(parts.items())

    def check(value: dict[str, Any]) -> bool:
        return value.keys() == names and all(_fits(value[name], fit) for name, fit in each)

    return _one(dict, check)


def _each(fit: Fit) -> Fit:
    return _one(list, lambda value: all(_fits(item, fit) for item in value))


def _some(fit: Fit) -> Fit:
    return _one(list, lambda value: value and all(_fits(item, fit) for item in value))


def _deadline() -> Fit:
    """Fit what an entry says of one deadline: which, what became of it, and what it is now where that is new."""
    told = {"due", "until", "derivation"}
    more: Mapping[str, Fit] = {
        "warnings": _some(TIME),
        "provisional": _one(bool, bool),
        "late": _one(bool, bool),
    }
    always = {"deadline": WORD, "event": _one(str, EVENTS.__contains__)}
    news: Mapping[str, Fit] = {"due": _one(str, _day_or_time), "until": TIME, "derivation": FILLED}
    parts = {**always, **news, **more}

    def check(value: dict[str, Any]) -> bool:
        known = always.keys() <= value.keys() <= parts.keys()
        if not known or not all(_fits(value[name], parts[name]) for name in value):
            return False
        # A deadline that is armed, resumed, extended or worked out anew says what it is now; no other change does.
        new = {"until", "derivation", "warnings", "provisional"}
        return told <= value.keys() if EVENTS[value["event"]] else not value.keys() & new

    return _one(dict, check)


def _day_or_time(value: str) -> bool:
    if "T" in value:
        return _time(value)
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _some_values(fit: Fit) -> Fit:
    return _one(dict, lambda value: value and all(_fits(item, fit) for item in value.values()))


WORD, TEXT = _one(str, bool), _one(str)
PLACE, COUNT = _one(int, (0).__lt__), _one(int, (-1).__lt__)
HASH, TIME = _one(str, _hash), _one(str, _time)
OBJECT, FILLED = _one(dict), _one(dict, bool)

_REQUIRED: Mapping[str, Fit] = {
    "v": PLACE,
    "log": WORD,
    "case": WORD,
    "seq": PLACE,
    "workflow": WORD,
    "version": PLACE,
    "definition": HASH,
    "kind": _one(str, KINDS.__contains__),
    "trigger": WORD,
    "from": _or_none(TEXT),
    "to": _or_none(TEXT),
    "actor": _record({"id": WORD, "roles": _one(list, _roles), "unit": _or_none(TEXT)}),
    "at": TIME,
    "occurred": _or_none(TIME),
    "reason": _or_none(TEXT),
    "data": OBJECT,
    "documents": _each(_record({"name": WORD, "sha256": HASH, "size": COUNT, "media_type": WORD})),
    "prev": _or_none(HASH),
}

_PARTS: Mapping[str, Fit] = {
    **_REQUIRED,
    "rule": COUNT,
    "role": WORD,
    "closed": _one(bool),
    "parent": _record({"case": WORD, "seq": PLACE}),
    "link": WORD,
    "sets": FILLED,
    "withheld": _some_values(HASH),
    "children": _some(_record({"link": WORD, "case": WORD, "workflow": WORD, "leaf": HASH})),
    "saw": _some_values(PLACE),
    "reasons": _some(_record({"code": WORD, "message": WORD, "detail": OBJECT})),
    "published": FILLED,
    "deadlines": _some(_deadline()),
}
