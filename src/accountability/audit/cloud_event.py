"""The form in which an entry leaves: a CloudEvent, version 1.0 of the CNCF's specification.

The envelope adds nothing that the entry does not say, but its place in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accountability.audit.entry import Entry
from accountability.canonical import instant

SPECVERSION = "1.0"
MEDIA_TYPE = "application/cloudevents+json"
"""What `as_json` gives, written as JSON: the structured content mode."""

_DIGITS = 19
"""As many as the largest position can have: numbers padded with zeros sort as text."""

_LEAF_DIGITS = 16


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """Hold an entry on its way out. Attributes are named as in the specification and its documented extensions.

    Attributes:
        position: The entry's place in the log, from 0; it never changes.
        entry: The entry, with commitments in place of withheld values.
    """

    position: int
    entry: Entry

    @property
    def id(self) -> str:
        """The same each time the entry is delivered, and of no other entry of any log.

        Log and position alone would name two entries where a database was restored from an older copy and then went on;
        the beginning of the leaf tells them apart.
        """
        return f"{self.entry.log}-{self.position}-{self.entry.leaf[:_LEAF_DIGITS]}"

    @property
    def source(self) -> str:
        """The log, as a URI."""
        return f"urn:accountability:{self.entry.log}"

    @property
    def type(self) -> str:
        """What kind of entry it is: `accountability.transition`, `accountability.refusal`, and so on."""
        return f"accountability.{self.entry.kind}"

    @property
    def subject(self) -> str:
        """The case, or `workflow:NAME`."""
        return self.entry.case

    @property
    def time(self) -> datetime:
        """When the engine recorded it, UTC."""
        return self.entry.at

    @property
    def sequence(self) -> str:
        """The position as text that sorts in the order of the log."""
        return f"{self.position:0{_DIGITS}}"

    def as_json(self) -> dict[str, Any]:
        """Give the event in the shape of the JSON event format."""
        return {
            "specversion": SPECVERSION,
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": instant(self.time),
            "datacontenttype": "application/json",
            "sequence": self.sequence,
            "partitionkey": self.entry.case,
            "workflow": self.entry.workflow,
            "trigger": _printable(self.entry.trigger),
            "leaf": self.entry.leaf,
            "data": self.entry.as_json(),
        }


def _printable(text: str) -> str:
    """Escape what an attribute may not hold: a refusal's trigger is whatever somebody tried."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
