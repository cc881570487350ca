"""Values kept apart from the record: only a salted commitment is recorded, and the value can be erased with a warrant.

A commitment is `SHA256("acc/sd/v1" || salt || canonical([field, value]))` with 32 random bytes of salt for each field
of each entry. Without its salt it says nothing about the value and cannot be guessed; equal values do not look equal.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from accountability.audit.entry import Actor, Entry
from accountability.canonical import canonical
from accountability.errors import CanonicalError, InputError

SALT_BYTES = 32
"""Length of a salt."""

_DOMAIN = b"acc/sd/v1"


def new_salt(draw: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Draw the salt of one field of one entry, by what gives so many random bytes."""
    return draw(SALT_BYTES)


def commit(field: str, value: Any, salt: bytes) -> str:
    """Commit to the value of a field, as lower-case hex.

    Raises:
        InputError: The salt is not 32 bytes long.
        CanonicalError: The value has no canonical form.
    """
    if len(salt) != SALT_BYTES:
        raise InputError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}", cure="draw it with `new_salt`")
    return hashlib.sha256(_DOMAIN + salt + canonical([field, value])).hexdigest()


def opens(commitment: str, field: str, value: Any, salt: bytes) -> bool:
    """Tell whether a value and its salt open a commitment. What has no canonical form opens nothing."""
    try:
        expected = commit(field, value, salt)
    except (CanonicalError, InputError):
        return False
    return hmac.compare_digest(expected.encode(), commitment.encode(errors="replace"))


def warrant(fields: Iterable[str], approved_by: Actor) -> dict[str, Any]:
    """Give the `data` of an entry of kind `erasure`: what it erases, and who approved it beside the actor.

    It covers every value of these fields that the case kept apart in earlier entries.
    """
    return {"fields": sorted(set(fields)), "approved_by": approved_by.as_json()}


def erased_fields(entry: Entry) -> tuple[str, ...]:
    """Name the fields that an entry erases, if it is an erasure that two people stand for; none otherwise."""
    if entry.kind != "erasure":
        return ()
    fields, approval = entry.data.get("fields"), entry.data.get("approved_by")
    approver = approval.get("id") if isinstance(approval, dict) else None
    if not isinstance(approver, str) or not approver or approver == entry.actor.id or not isinstance(fields, list):
        return ()
    return tuple(field for field in fields if isinstance(field, str))
