"""The rows a verifier reads: each cell as the database gives it, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


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
