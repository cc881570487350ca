"""What the store hands out beside cases and children: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """A published version of a workflow.

    Attributes:
        digest: SHA-256 of the content, lower-case hex.
        workflow, version: Its name and number.
        content: The canonical JSON text of the definition.
        registered_at: When it was published, UTC.
    """

    digest: str
    workflow: str
    version: int
    content: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it lies in the table.

    Attributes:
        id: Place in the order of writing, over all cases; gaps are possible.
        case_id: The case it belongs to, or `workflow:NAME`.
        seq: Place in the case's chain; None for a refusal, which has none.
        text: The exact text that was hashed.
        leaf: The hash that was computed when it was written, lower-case hex.
    """

    id: int
    case_id: str
    seq: int | None
    text: str
    leaf: str


@dataclass(frozen=True, slots=True)
class StoredOpening:
    """The value of a withheld field, kept apart from the record behind a salted commitment.

    Attributes:
        case_id, seq: The entry that carries the commitment.
        field: Name of the data field.
        salt: Lower-case hex.
        value: The JSON value.
    """

    case_id: str
    seq: int
    field: str
    salt: str
    value: Any


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What a caller's key was used for.

    Attributes:
        key: The caller's key.
        digest: Digest of the request it came with, lower-case hex.
        case_id, seq: The entry that the request produced.
    """

    key: str
    digest: str
    case_id: str
    seq: int


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry that has its place in the log.

    Attributes:
        position: The place, from 0.
        text: The exact text that was hashed.
        leaf: The hash that was computed when it was written, lower-case hex.
    """

    position: int
    text: str
    leaf: str
