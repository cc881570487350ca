"""The rows a verifier reads: each cell as the database gives it, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from accountability.canonical import moment


class EntryRow(NamedTuple):
    """A stored entry."""

    id: Any
    case_id: Any
    seq: Any
    text: Any
    leaf: Any


class CaseRow(NamedTuple):
    """A stored case; `columns` holds every other column by its name."""

    id: Any
    seq: Any
    head: Any
    columns: Mapping[str, Any]


class NotLater(str):
    """A time that a cell should hold; an earlier one does no harm there, since it only makes somebody look sooner."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        try:
            return type(other) is str and moment(other) <= moment(str(self))
        except ValueError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class DefinitionRow(NamedTuple):
    """A stored version of a workflow."""

    digest: Any
    workflow: Any
    version: Any
    content: Any
    registered_at: Any


class OpeningRow(NamedTuple):
    """A value kept apart: the salt in lower-case hex, the value as canonical text."""

    case_id: Any
    seq: Any
    field: Any
    salt: Any
    value: Any


class LeafRow(NamedTuple):
    """The place of an entry in the log."""

    position: Any
    entry_id: Any
