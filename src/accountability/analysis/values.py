"""Small worlds: a few telling values for everything that guards read, to try them on.

For a field the tried values are all that matter where the type is small (booleans, `enum`), and otherwise the literals
of the guards with their neighbours, where a comparison can change its mind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from math import gcd, prod
from typing import Any

from accountability.definition.fields import FieldError, accept
from accountability.definition.model import DataField

ABSENT = object()
"""In a domain: the field has no value."""

SOMEBODY, SOMEBODY_ELSE = "zhang", "li"
OPENED = datetime(2015, 1, 5, 1, 0, tzinfo=UTC)

_NUMBER = re.compile(r"(?<![\w.\"'])\d+(?:\.\d+)?")
_STRING = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
_TEXT = r"""(?:"[^"\\]*"|'[^'\\]*')"""
_LITERAL = rf"(?:-?\d+(?:\.\d+)?|{_TEXT}|true|false|(?:date|timestamp|duration)\s*\(\s*{_TEXT}\s*\))"
_SMALL_RANGE = 50


@dataclass(frozen=True, slots=True)
class Literals:
    """The constants that stand in some guards."""

    numbers: tuple[Decimal, ...]
    strings: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Literals:
        """Collect the constants of guards."""
        numbers: set[Decimal] = set()
        strings: dict[str, None] = {}
        for text in texts:
            strings.update((one or other, None) for one, other in _STRING.findall(text))
            numbers.update(map(Decimal, _NUMBER.findall(_STRING.sub("", text))))
        return cls(tuple(sorted({*numbers, *(-number for number in numbers)})), tuple(strings))


def domain(field: DataField, literals: Literals) -> tuple[Any, ...]:
    """List telling values of a field, in JSON form, each one that the field accepts."""
    if field.enum is not None:
        return tuple(field.enum)
    return tuple(value for value in _candidates(field, literals) if _accepted(field, value))


def _accepted(field: DataField, value: Any) -> bool:
    try:
        accept(field, value, "value")
    except FieldError:
        return False
    return True


def _candidates(field: DataField, literals: Literals) -> Iterable[Any]:
    match field.type:
        case "boolean":
            return (True, False)
        case "integer":
            return _integers(field, literals)
        case "decimal":
            return _decimals(field, literals)
        case "string":
            return (*literals.strings, SOMEBODY, "x" * (field.min_length or 1))
        case "date":
            return [day.isoformat() for day in _dates(literals)]
        case "datetime":
            return [moment.isoformat() for moment in moments(literals)]
        case "duration":
            return (*literals.strings, "P1D")
        case "list":
            inner = domain(field.items, literals) if field.items else ("x",)
            return ([], *([value] for value in inner[:6]), list(inner[:3]))
        case "object":
            return _objects(field, literals)


def is_small(field: DataField) -> bool:
    """Whether `domain` lists every value there is."""
    if field.enum is not None or field.type == "boolean":
        return True
    return field.type == "integer" and _range(field) is not None


def only_compared(name: str, field: DataField, texts: Iterable[str]) -> bool:
    """Whether a field is only ever compared with constants, so that the values of `domain` decide every case.

    Args:
        name: The field as guards write it: `data.amount`.
        field: Its declaration.
        texts: The guards.
    """
    if field.type not in ("integer", "decimal", "string", "date", "datetime"):
        return False
    dotted, order = re.escape(name), "(?:==|!=)" if field.type == "string" else "(?:==|!=|<=|>=|<|>)"
    word = rf"(?<![\w.]){dotted}(?![\w.\[(])"
    forms = (
        rf"has\s*\(\s*{dotted}\s*\)",
        rf"(?<![-+*/%.\w]){word}\s*{order}\s*{_LITERAL}(?!\s*[-+*/%.\w])",
        rf"(?<![-+*/%.\w]){_LITERAL}\s*{order}\s*{word}(?!\s*[-+*/%])",
        rf"{word}\s+in\s+\[[^\[\]().]*\]",
    )
    pattern = re.compile("|".join(forms))
    mixed = re.compile(rf"[-+*/%]\s*{word}|{word}\s*[-+*/%]")
    named = re.compile(rf"(?<![\w.]){dotted}(?!\w)")
    return not any(mixed.search(text) or named.search(pattern.sub(" ", text)) for text in texts)


def moments(literals: Literals) -> Iterator[datetime]:
    """List telling moments: the constants with their neighbours, and some after a case was opened."""
    for text in literals.strings:
        moment = _moment(text)
        if moment is not None:
            yield from (moment - timedelta(seconds=1), moment, moment + timedelta(seconds=1))
    yield from (OPENED + timedelta(days=days) for days in (0, 1, 10, 40, 400))


def worlds(domains: Sequence[tuple[str, Sequence[Any]]], most: int) -> Iterator[dict[str, Any]]:
    """Give every combination of values; where there are more than `most`, so many, spread over all of them."""
    names = [name for name, _ in domains]
    total = prod(len(values) for _, values in domains)
    if total <= most:
        for values in product(*(values for _, values in domains)):
            yield dict(zip(names, values, strict=True))
        return
    stride = next(step for step in range(total * 5 // 8, total) if gcd(step, total) == 1)
    for count in range(most):
        rest, world = count * stride % total, {}
        for name, values in reversed(domains):
            rest, index = divmod(rest, len(values))
            world[name] = values[index]
        yield world


def _range(field: DataField) -> range | None:
    low, high = field.minimum, field.maximum
    if isinstance(low, int) and isinstance(high, int) and 0 <= high - low <= _SMALL_RANGE:
        return range(low, high + 1)
    return None


def _integers(field: DataField, literals: Literals) -> list[int]:
    small = _range(field)
    if small is not None:
        return list(small)
    near = {int(number) + step for number in literals.numbers for step in (-1, 0, 1)}
    edges = {int(edge) for edge in (field.minimum, field.maximum) if edge is not None}
    return sorted({0, 1} | near | edges)


def _decimals(field: DataField, literals: Literals) -> list[str]:
    edges = (Decimal(edge) for edge in (field.minimum, field.maximum) if edge is not None)
    points = sorted({*literals.numbers, *edges, Decimal(0)})
    between = ((low + high) / 2 for low, high in pairwise(points))
    return [format(value, "f") for value in sorted({*points, *between, points[0] - 1, points[-1] + 1})]


def _dates(literals: Literals) -> Iterator[date]:
    for text in literals.strings:
        moment = _moment(text)
        if moment is not None:
            yield from (moment.date() + timedelta(days=step) for step in (-1, 0, 1))
    yield OPENED.date()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _objects(field: DataField, literals: Literals) -> Iterator[dict[str, Any]]:
    yield {}
    inner = [(name, domain(declared, literals)[:4]) for name, declared in (field.fields or {}).items()]
    yield from worlds(inner, 16) if inner else ()
