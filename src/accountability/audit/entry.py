"""One recorded act: what happened, who did it, when, and the hash that ties it to what came before.

An entry is stored as its exact canonical bytes. Everything else about it is read from those bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accountability.audit.shape import FORMAT, KINDS, check_shape
from accountability.canonical import instant, moment, written
from accountability.errors import InputError, RecordError

__all__ = ["FORMAT", "KINDS", "Actor", "Document", "Entry", "decode", "encode", "from_body", "leaf_hash"]

ENTRY_BYTES_MAX = 65_535
"""Longest entry: what an entry bundle of a tiled log can hold (C2SP tlog-tiles)."""

_OPTIONAL = ("rule", "role", "closed", "parent", "link")


@dataclass(frozen=True, slots=True)
class Actor:
    """Name who acts.

    Attributes:
        id: The office's own identifier of the person; text, not empty.
        roles: The roles in which the person acts now.
        unit: The organisation the person belongs to, if it matters.
    """

    id: str
    roles: frozenset[str] = frozenset()
    unit: str | None = None

    def __init__(self, id: str, roles: Iterable[str] = (), unit: str | None = None) -> None:  # noqa: A002 -- the record's word
        object.__setattr__(self, "id", id)
        try:
            held = frozenset((roles,) if isinstance(roles, str) else roles)
        except TypeError as error:
            raise InputError(f"roles are {roles!r}", cure='write roles={"petition_officer"}') from error
        object.__setattr__(self, "roles", held)
        object.__setattr__(self, "unit", unit)

    def as_json(self) -> dict[str, Any]:
        """Give the actor in the shape of the record, roles in alphabetical order."""
        return {"id": self.id, "roles": sorted(self.roles), "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Document:
    """Identify a document by its content; the content itself stays with the office.

    Attributes:
        name: The name under which the rule asks for it.
        sha256: Lower-case hex digest of the content.
        size: Bytes.
        media_type: IANA media type, such as `application/pdf`.
    """

    name: str
    sha256: str
    size: int
    media_type: str

    def as_json(self) -> dict[str, Any]:
        """Give the document in the shape of the record."""
        return {"name": self.name, "sha256": self.sha256, "size": self.size, "media_type": self.media_type}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one recorded act.

    Attributes:
        log: Id of the database's log, drawn when its tables were made: an entry of one log is none of another.
        case: Id of the case; `workflow:NAME` for a definition's publication and for a refused start.
        seq: Place in the case's chain, from 1. A refusal carries the seq it met and takes no place.
        workflow, version, definition: The law it was judged by; `definition` is its digest.
        kind: One of `KINDS`.
        trigger: What came in.
        source, target: State before and after; `from` and `to` in JSON. Equal when the state stayed.
        actor: Who acted.
        at: When the engine recorded it, UTC.
        occurred: When the actor says it happened, UTC, if they said so.
        reason: The written reason, if one was given.
        data: What was given with the act, without withheld fields.
        sets: What the rule computed, defaults included, without withheld fields; for a correction, the right values.
        withheld: Salted commitments to the fields kept apart: field -> hex digest.
        documents: What came with it.
        rule: Number of the rule that allowed it, within its trigger, from 0.
        role: For a signature: the role it counts for.
        closed: Whether the case is closed after it; None where the act leaves that as it was.
        parent: For a first entry: `{case, seq}` of the entry that opened this case.
        link: For a first entry: the name of the link to the parent.
        children: Cases it opened: `[{link, case, workflow, leaf}]`, with the hash of each first entry.
        saw: Other cases that were consulted: id -> the seq each was at.
        reasons: For a refusal: why, nearest miss first.
        published: Channels and fields that went into the public register.
        deadlines: What became of the case's deadlines: `[{deadline, event}]`, with `due`, `until` and `derivation`
            where that was worked out.
        prev: Leaf of the entry before in the chain; None for the first, and for a refusal.
        leaf: SHA-256 of the bytes as an RFC 6962 leaf, lower-case hex. Not part of the bytes.
    """

    log: str = "unnamed"
    case: str
    seq: int
    workflow: str
    version: int
    definition: str
    kind: str
    trigger: str
    source: str | None
    target: str | None
    actor: Actor
    at: datetime
    occurred: datetime | None = None
    reason: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, Any] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    rule: int | None = None
    role: str | None = None
    closed: bool | None = None
    parent: Mapping[str, Any] | None = None
    link: str | None = None
    children: tuple[Mapping[str, Any], ...] = ()
    saw: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[Mapping[str, Any], ...] = ()
    published: Mapping[str, Any] | None = None
    deadlines: tuple[Mapping[str, Any], ...] = ()
    prev: str | None = None
    leaf: str = ""

    def body(self) -> dict[str, Any]:
        """Give what is hashed: everything but `leaf`, empty optional parts left out."""
        body: dict[str, Any] = {
            "v": FORMAT,
            "log": self.log,
            "case": self.case,
            "seq": self.seq,
            "workflow": self.workflow,
            "version": self.version,
            "definition": self.definition,
            "kind": self.kind,
            "trigger": self.trigger,
            "from": self.source,
            "to": self.target,
            "actor": self.actor.as_json(),
            "at": instant(self.at),
            "occurred": None if self.occurred is None else instant(self.occurred),
            "reason": self.reason,
            "data": self.data,
            "documents": [document.as_json() for document in self.documents],
            "prev": self.prev,
        }
        for name in _OPTIONAL:
            if (value := getattr(self, name)) is not None:
                body[name] = value
        for name in ("sets", "withheld", "children", "saw", "reasons", "published", "deadlines"):
            if value := getattr(self, name):
                body[name] = value
        return body

    def as_json(self) -> dict[str, Any]:
        """Give the entry in the shape that history and exports share."""
        return self.body() | {"leaf": self.leaf}


def encode(entry: Entry) -> tuple[str, str]:
    """Write an entry as its stored text and its leaf hash.

    Raises:
        InputError: It would hold more than `ENTRY_BYTES_MAX`.
        CanonicalError: Something in it has no canonical form.
    """
    # What it holds was admitted to the canonical domain when it was taken in or worked out.
    stored = written(entry.body())
    if len(stored) > ENTRY_BYTES_MAX:
        raise InputError(
            f"the entry of `{entry.trigger}` would hold {len(stored):,} bytes; at most {ENTRY_BYTES_MAX:,} are allowed",
            cure="give long texts as documents, and do to many cases in several acts what one act cannot hold",
        )
    return stored.decode(), leaf_hash(stored)


def decode(stored: str, leaf: str) -> Entry:
    """Read an entry from its stored text.

    Raises:
        RecordError: The text is not an entry of a format this version knows.
    """
    try:
        body = json.loads(stored)
    except (ValueError, TypeError, RecursionError) as error:
        raise RecordError(f"the entry is not JSON: {error}") from error
    return from_body(body, leaf)


def from_body(body: dict[str, Any], leaf: str) -> Entry:
    """Read an entry from its parsed text.

    Raises:
        RecordError: The body is not that of an entry of a format this version knows.
    """
    check_shape(body)
    parts = body.copy()
    del parts["v"]
    occurred, actor = parts["occurred"], parts["actor"]
    parts["actor"] = Actor(actor["id"], actor["roles"], actor["unit"])
    parts["at"] = moment(parts["at"])
    parts["occurred"] = None if occurred is None else moment(occurred)
    parts["documents"] = tuple([Document(**document) for document in parts["documents"]])
    for name in ("children", "reasons", "deadlines"):
        if name in parts:
            parts[name] = tuple(parts[name])
    return Entry(source=parts.pop("from"), target=parts.pop("to"), leaf=leaf, **parts)


def leaf_hash(stored: bytes) -> str:
    """Return the RFC 6962 leaf hash of an entry's bytes, lower-case hex."""
    return hashlib.sha256(b"\x00" + stored).hexdigest()
