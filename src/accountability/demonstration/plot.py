"""What is known of a clue before it is played: where it comes from, how it ends, and what happens on the way."""

from __future__ import annotations

from dataclasses import dataclass

from accountability.demonstration.leaders import Leaders

SANCTIONED, CIRCULAR = 6, 4
SLOW_TRIAL, LATE_EXECUTION, MORE_TIME_TO_EXECUTE = 26, 35, 39
"""Numbers of the clues whose trial takes too long, or whose decision is executed too late, or later with leave."""

APPEALS = {
    "upheld twice": ("warning", "uphold", 0, "", True),
    "varied": ("serious_demerit", "vary", 3, "", False),
    "revoked": ("warning", "revoke", 0, "", False),
    "remanded": ("party_warning", "revoke_remand", 0, "", False),
    "upheld": ("party_serious_warning", "uphold", 0, "", False),
    "too late": ("demerit", "uphold", 0, "refused", False),
    "late but excused": ("warning", "uphold", 0, "excused", False),
}
"""Stories of appeals: the sanction, the outcome, the lighter level, whether it is late, whether it goes on."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue, and how it goes on.

    Attributes:
        number: Which one it is in its year.
        source: Where it comes from.
        end: What becomes of it: `file`, or another end of the petition's workflow.
        levels: For a filed case: what is decided for each person, a graded form (6 being party or administrative
            discipline) or another end of a person's track.
        until: How far the case comes within the period: `close`, `withdraw`, or where it still is.
        stalls: Days for which the investigation is suspended.
        leaders: Whose liability is pursued, for a dual investigation.
        unit: Code of the unit that it is about.
        story: What else happens; see `protect`, `cases` and `tracks`.
    """

    number: int
    source: str
    end: str
    levels: tuple[int | str, ...] = ()
    until: str = "close"
    stalls: int = 0
    leaders: Leaders | None = None
    unit: str = ""
    story: str = ""

    @property
    def late(self) -> bool:
        """Whether an office that has much to do is late with this one."""
        return self.number % 19 == 0

    @property
    def extended(self) -> bool:
        """Whether more time is given for its check."""
        return self.number % 17 == 0

    @property
    def real_name(self) -> bool:
        """Whether the reporter gave a name."""
        return self.source == "petition" and self.number % 4 == 0

    @property
    def heads_committee(self) -> bool:
        """Whether it is about somebody who heads a lower party committee."""
        return self.number % 20 == 7
