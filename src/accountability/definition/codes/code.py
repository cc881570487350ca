"""The shape of a catalogue line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Explain one kind of finding.

    Attributes:
        code: `ACC` and three digits; never reused for something else.
        title: A few words.
        meaning: Why it is a mistake, and what follows from it.
        wrong: YAML that has this mistake and no other. Without a `workflow` key it is a fragment: the keys it does not
            write are those of any correct workflow.
        right: The same, cured.
    """

    code: str
    title: str
    meaning: str
    wrong: str
    right: str
