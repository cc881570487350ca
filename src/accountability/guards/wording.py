"""How problems are worded: types, names that are near, and what to do about a value of the wrong type."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from accountability.guards.tree import Field, Index, Literal, Name, Node
from accountability.guards.types import Type

_NUMBERS = ("int", "decimal")
_WRITTEN = {
    "date": 'write a date like date("2015-02-09")',
    "timestamp": 'write a moment like timestamp("2015-02-09T09:00:00+08:00")',
    "duration": 'write a duration like duration("36h")',
}


def cure_for(given: Type, wanted: Type, sign: str = "") -> str:
    """Tell the cure, for a value of one type where another is wanted."""
    kinds = {given.kind, wanted.kind}
    if "null" in kinds:
        return "ask whether a field has a value with `has()`"
    if sign == "%" and "decimal" in kinds:
        return "remainders are for integers"
    if kinds == {"date", "timestamp"}:
        return "compare dates with dates, and moments such as `now` with moments"
    for kind in ("date", "timestamp", "duration"):
        if kind in kinds and kinds & {"string", *_NUMBERS}:
            return _WRITTEN[kind]
    if kinds & set(_NUMBERS) and "string" in kinds:
        return "write numbers without quotation marks, and text with them"
    if wanted.kind == "bool":
        return "write a condition, such as a comparison"
    if "list" in kinds and sign in ("==", "!="):
        return "ask whether a list holds a value with `value in list`"
    return "use values of the same type on both sides" if sign else f"give a value of type {wanted}"


def a(type_: Type) -> str:
    """Write a type with its article."""
    return f"an {type_}" if str(type_)[0] in "aeiou" else f"a {type_}"


def nearest(word: str, known: Collection[str], otherwise: str, form: str = "{}") -> str:
    """Ask whether a known word was meant, or give another cure."""
    near = difflib.get_close_matches(word, sorted(known), 1)
    return f"did you mean `{form.format(near[0])}`?" if near else otherwise


def listed(known: Collection[str]) -> str:
    """List what is known."""
    return ", ".join(sorted(known)[:12]) or "none"


def written(node: Node) -> str | None:
    """Write a path as an author would; None when it is not made of names."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Field) and (above := written(node.operand)):
        return f"{above}.{node.name}"
    if isinstance(node, Index) and isinstance(node.index, Literal) and isinstance(node.index.value, str):
        return f"{above}.{node.index.value}" if (above := written(node.operand)) else None
    return None
