"""Single values: what plain text means under YAML 1.2 core rules, and where each character of a value was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NULL = ("", "~", "null", "Null", "NULL")
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_WHOLE = ((_INTEGER, 10, 0), (re.compile(r"0o[0-7]+"), 8, 2), (re.compile(r"0x[0-9a-fA-F]+"), 16, 2))
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
)
_DIGITS_MAX = 400
"""Longer digits are a number too large in any case; Python refuses to convert more than 4,300."""

NORWAY = frozenset(spelt for word in ("yes", "no", "on", "off") for spelt in (word, word.capitalize(), word.upper()))
"""Text here, booleans in YAML 1.1."""

_ESCAPED_LENGTH = {"x": 2, "u": 4, "U": 8}


def plain(text: str) -> str | int | float | bool | None:
    """Read text without quotes by the YAML 1.2 core schema; a float where the number has no exact form."""
    if not text or text[0] not in "~nNtTfF0123456789+-.":
        return text or None
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _FLOAT.fullmatch(text) and not _INTEGER.fullmatch(text):
        return _float(text)
    for pattern, base, prefix in _WHOLE:
        if pattern.fullmatch(text):
            digits = text[prefix:]
            return int(digits, base) if len(digits) <= _DIGITS_MAX else 10**_DIGITS_MAX
    return text


def _float(text: str) -> float:
    return float(text.replace(".inf", "inf").replace(".nan", "nan")) if text[-1] in "0123456789." else float("nan")


def offsets(written: str, value: str) -> list[int]:
    """Say where each character of a value stands in the text it was read from.

    Args:
        written: A scalar exactly as it stands in the file, quotes and block indicator included.
        value: What was read from it.

    Returns:
        For each character of the value, and for its end, its position in `written`. Exact for every character that is
        not white space; where lines are folded or indented, the white space that stands for it.
    """
    return [*_positions(written, value), _end(written)]


def _positions(written: str, value: str) -> Iterator[int]:
    if written.startswith(("|", ">")):
        return _block(written, value)
    if written.startswith('"'):
        return _folded(written, _double_quoted(written))
    return _folded(written, _single_quoted(written) if written.startswith("'") else iter(range(len(written))))


def _end(written: str) -> int:
    quoted = len(written) > 1 and written[0] in "\"'" and written[-1] == written[0]
    return len(written) - 1 if quoted else len(written)


def _single_quoted(written: str) -> Iterator[int]:
    index = 1
    while index < len(written) - 1:
        yield index
        index += 2 if written.startswith("''", index) else 1


def _double_quoted(written: str) -> Iterator[int]:
    index = 1
    while index < len(written) - 1:
        if written[index] != "\\":
            yield index
            index += 1
            continue
        escaped = written[index + 1]
        if escaped == "\n":
            index += 2
            while index < len(written) - 1 and written[index] in " \t":
                index += 1
            continue
        yield index
        index += 2 + _ESCAPED_LENGTH.get(escaped, 0)


def _folded(written: str, characters: Iterator[int]) -> Iterator[int]:
    """Drop what line folding drops: one break becomes a space, and of several the first disappears."""
    kept = list(characters)
    index = 0
    while index < len(kept):
        stop = index
        while stop < len(kept) and written[kept[stop]] in " \t\n":
            stop += 1
        if stop == index:
            yield kept[index]
            index += 1
            continue
        breaks = [place for place in kept[index:stop] if written[place] == "\n"]
        yield from (breaks[1:] or breaks) if breaks else kept[index:stop]
        index = stop


def _block(written: str, value: str) -> Iterator[int]:
    """Walk a `|` or `>` block behind its header line: visible characters follow each other as they were written."""
    at = written.find("\n") + 1
    for character in value:
        if not character.isspace():
            while at < len(written) - 1 and written[at].isspace():
                at += 1
        yield min(at, len(written))
        if at < len(written) and written[at].isspace() == character.isspace():
            at += 1
