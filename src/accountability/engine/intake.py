"""What callers hand in, made into values: actors, documents, data, times, keys."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

from accountability.audit.entry import Actor, Document
from accountability.audit.shape import is_hash
from accountability.canonical import canonical
from accountability.definition.model import SYSTEM
from accountability.errors import CanonicalError, InputError
from accountability.guards import json_value
from accountability.machine.case import Firing

Content = str | PathLike[str] | bytes | Document

KEY_CHARACTERS_MAX = 200
"""How long a caller's key may be."""

READ_BYTES = 1 << 20
"""How much of a document is read at a time."""


def firing_of(
    trigger: Any,
    by: Any,
    data: Any,
    documents: Any,
    reason: Any,
    occurred: Any,
) -> Firing:
    """Make the values of one attempt.

    Raises:
        InputError: One of the arguments makes no sense; the message says which.
    """
    if not isinstance(trigger, str) or not trigger:
        raise InputError("the trigger is empty", cure="name what should happen, such as `register`")
    return Firing(
        trigger=trigger,
        actor=admitted(by),
        data=_data(data),
        documents=_documents(documents),
        reason=_reason(reason),
        occurred=moment_of("occurred", occurred),
    )


def text_of(what: str, value: Any) -> str:
    """Return an argument that must be text, such as an id or a name.

    Raises:
        InputError: It is something else, or empty.
    """
    if not isinstance(value, str) or not value or "\0" in value:
        raise InputError(f"the {what} is {value!r}", cure=f"give the {what} as text")
    return value


def moment_of(what: str, value: Any) -> datetime | None:
    """Return an argument that may be an aware datetime, or text that says one.

    Raises:
        InputError: It cannot be read, or carries no zone.
    """
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise InputError(f"`{what}` {value!r} is not a time", cure="write it like 2015-02-09T09:00+08:00") from error
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InputError(f"`{what}` {value!r} is no time with a zone", cure="write it like 2015-02-09T09:00+08:00")
    return moment


def key_of(key: Any) -> str | None:
    """Return the caller's key, if there is one.

    Raises:
        InputError: It is empty, no text, too long, or cannot be stored.
    """
    if key is None:
        return None
    if not _is_text(key) or len(key) > KEY_CHARACTERS_MAX or not key.isprintable():
        cure = f"give printable text of 1 to {KEY_CHARACTERS_MAX} characters, or leave the key out"
        raise InputError("the key cannot be used", cure=cure)
    return str(key)


def admitted(actor: Any) -> Actor:
    """Return the actor when it may act from outside.

    Raises:
        InputError: It is no actor, has no id, or claims to be the engine.
    """
    if not isinstance(actor, Actor):
        raise InputError(f"`by` is {actor!r}", cure='give an actor: Actor("zhang", roles={"petition_officer"})')
    if not _is_text(actor.id):
        raise InputError("the actor has no id, or blanks around it", cure="give the office's identifier of the person")
    if not all(_is_text(role) for role in actor.roles) or not (actor.unit is None or _is_text(actor.unit)):
        raise InputError("roles and unit are text", cure='write roles={"petition_officer"}, unit="county"')
    if actor.id == SYSTEM or SYSTEM in actor.roles:
        raise InputError(f"`{SYSTEM}` is the engine itself", cure="act under a person's id and roles")
    return actor


def _is_text(value: object) -> bool:
    """Whether a value is a name: text, not empty, without blanks around it that would make two of one."""
    return isinstance(value, str) and bool(value) and value == value.strip()


def _data(data: Any) -> dict[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, (dict, Mapping)) or not all(isinstance(name, str) for name in data):
        raise InputError("the data is not an object", cure='give field names and values: {"number": "2015-017"}')
    try:
        given = {name: json_value(value) for name, value in data.items()}
        canonical(given)
    except CanonicalError as error:
        raise InputError(f"the data cannot be recorded: {error}", cure=error.cure) from error
    except RecursionError as error:
        raise InputError("the data is nested too deeply", cure="nest less deeply") from error
    return given


def _documents(given: Any) -> tuple[Document, ...]:
    if given is None:
        return ()
    if not isinstance(given, Mapping) or not all(_is_text(name) for name in given):
        raise InputError("documents are given by name", cure='write {"report": path_or_bytes}')
    return tuple(_document(name, content) for name, content in sorted(given.items()))


def _document(name: str, content: Any) -> Document:
    if isinstance(content, Document):
        if not (is_hash(content.sha256) and type(content.size) is int and content.size >= 0):
            cure = "give its bytes or its path, and the digest is worked out"
            raise InputError(f"the document `{name}` has no SHA-256 in lower-case hex, or no size", cure=cure)
        if not _is_text(content.media_type):
            raise InputError(f"the document `{name}` has no media type", cure="give one, such as application/pdf")
        return replace(content, name=name)
    if not isinstance(content, (str, bytes, PathLike)):
        raise InputError(f"the document `{name}` is {type(content).__name__}", cure="give its path or its bytes")
    if isinstance(content, bytes):
        return Document(name, hashlib.sha256(content).hexdigest(), len(content), "application/octet-stream")
    path, size, sha256 = Path(content), 0, hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(READ_BYTES):
                sha256.update(block)
                size += len(block)
    except (OSError, ValueError) as error:  # a path with a null character is a ValueError
        raise InputError(f"the document `{name}` cannot be read: {error}", cure="give the path of a file") from error
    return Document(name, sha256.hexdigest(), size, mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _reason(reason: Any) -> str | None:
    if reason is None:
        return None
    if not isinstance(reason, str):
        raise InputError("the reason is not text", cure="write the reason as a sentence")
    return reason
