"""Names for new cases: unique without asking anybody, and sorted by time."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

Draw = Callable[[int], bytes]
"""Gives so many random bytes."""


class CaseIds:
    """Name the cases that one call opens: UUIDs of version 7 (RFC 9562), in the order of their opening.

    After 48 bits of milliseconds follow 74 random bits, drawn once a call and counted up from one case to the next, so
    that cases of the same moment sort as they were opened (section 6.2, method 2).
    """

    def __init__(self, draw: Draw = secrets.token_bytes) -> None:
        """Begin with nothing drawn: most calls open no case."""
        self._draw = draw
        self._random: int | None = None

    def new(self, now: datetime) -> str:
        """Make the id of a case that is opened now."""
        # The highest of the 74 bits is left free to count into.
        self._random = int.from_bytes(self._draw(10)) >> 7 if self._random is None else self._random + 1
        milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
        upper, lower = self._random >> 62, self._random & (2**62 - 1)
        return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | upper << 64 | 2 << 62 | lower))
