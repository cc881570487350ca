"""Names for new cases: unique without asking anybody, and sorted by time."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime


def new_case_id(now: datetime) -> str:
    """Make a UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    value = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
