"""The types of guards, and what a guard may name.

A type says what a value is; a slot of an object type says whether the value may be missing. `dyn` is a value of which
only the data itself can tell; what is done with it is checked while deciding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Type:
    """Say what a value is.

    Attributes:
        kind: `bool`, `int`, `decimal`, `string`, `date`, `timestamp`, `duration`, `list`, `object`, `null` or `dyn`.
        item: What a list holds; None for a list that is surely empty.
        fields: What an object holds; None for an object that may hold anything.
    """

    kind: str
    item: Type | None = None
    fields: Mapping[str, Slot] | None = None

    def __str__(self) -> str:
        """Write the type as an author would say it."""
        return f"list of {self.item}" if self.kind == "list" and self.item else self.kind


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of an object type.

    Attributes:
        type: What the field holds.
        optional: Whether the field may have no value; then it may be read only behind `has()`.
    """

    type: Type
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a guard may name.

    Attributes:
        names: Name -> type.
        triggers: What `times()` may ask for; None: anything.
        states: What `visited()` may ask for; None: anything.
        links: Link -> type of the `data` of its children, for `children()`; None: any link, any data.
    """

    names: Mapping[str, Type] = field(default_factory=dict)
    triggers: Collection[str] | None = None
    states: Collection[str] | None = None
    links: Mapping[str, Type] | None = None


BOOL = Type("bool")
INT = Type("int")
DECIMAL = Type("decimal")
STRING = Type("string")
DATE = Type("date")
TIMESTAMP = Type("timestamp")
DURATION = Type("duration")
NULL = Type("null")
DYN = Type("dyn")
OBJECT = Type("object")
EMPTY = Type("list")


def list_of(item: Type) -> Type:
    """Give the type of a list."""
    return Type("list", item=item)


def child_type(data: Type) -> Type:
    """Give the type of what `children()` lists, for children with such data."""
    return Type("object", fields={"state": Slot(STRING), "closed": Slot(BOOL), "data": Slot(data)})


def fits(given: Type, wanted: Type) -> bool:
    """Tell whether a value of one type may stand where another is wanted: an integer for a decimal, `dyn` anywhere."""
    if "dyn" in (given.kind, wanted.kind):
        return True
    if given.kind != wanted.kind:
        return given.kind == "int" and wanted.kind == "decimal"
    if given.kind == "list":
        return given.item is None or wanted.item is None or fits(given.item, wanted.item)
    if given.fields is None or wanted.fields is None:
        return True
    return given.fields.keys() <= wanted.fields.keys() and all(
        slot.optional if (own := given.fields.get(name)) is None else fits(own.type, slot.type)
        for name, slot in wanted.fields.items()
    )


def joined(one: Type, other: Type) -> Type | None:
    """Give the type that holds the values of both types; None when there is none that means something."""
    if one == other or other.kind == "dyn":
        return other
    if one.kind == "dyn":
        return one
    if {one.kind, other.kind} == {"int", "decimal"}:
        return DECIMAL
    if one.kind != other.kind:
        return None
    if one.kind != "list":
        return OBJECT
    if one.item is None or other.item is None:
        return other if one.item is None else one
    item = joined(one.item, other.item)
    return None if item is None else list_of(item)


def comparable(one: Type, other: Type) -> bool:
    """Tell whether `==` between values of these types can mean something."""
    return joined(one, other) is not None
