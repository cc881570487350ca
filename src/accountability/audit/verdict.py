"""What a verification found: one named check a promise, and for each problem the case and the entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["ok", "violated", "unverifiable", "erased"]

PROBLEMS_MAX = 1000
"""Problems listed for one check; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Name one thing that does not fit.

    Attributes:
        case: Id of the case, or `workflow:NAME`; empty where a row belongs to none.
        seq: The entry; None where the problem is not one entry's.
        message: One sentence.
    """

    case: str
    seq: int | None
    message: str

    def as_json(self) -> dict[str, Any]:
        """Give the problem in the shape that the command line prints."""
        return {"case": self.case, "seq": self.seq, "message": self.message}


@dataclass(frozen=True, slots=True)
class Check:
    """Hold the outcome of one check.

    Attributes:
        name: What was checked.
        verdict: `violated` when something contradicts the record; else `unverifiable` when something could not be
            checked; else `erased` when values are gone with a warrant; else `ok`.
        count: How many things were checked.
        problems: What led to the verdict, at most `PROBLEMS_MAX`, then one that counts the others.
    """

    name: str
    verdict: Outcome
    count: int
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the check in the shape that the command line prints."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            "count": self.count,
            "problems": [problem.as_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold the outcome of a verification.

    Attributes:
        ok: Every check is `ok` or `erased`.
        entries: How many entries were read.
        checks: Every check, always the same ones in the same order.
    """

    ok: bool
    entries: int
    checks: tuple[Check, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the verdict in the shape that the command line prints."""
        return {"ok": self.ok, "entries": self.entries, "checks": [check.as_json() for check in self.checks]}


class Tally:
    """Count what one check looks at, and keep what it finds."""

    __slots__ = ("_found", "_more", "count", "name")

    def __init__(self, name: str) -> None:
        """Start with nothing looked at."""
        self.name = name
        self.count = 0
        self._found: dict[Outcome, list[Problem]] = {}
        self._more: dict[Outcome, int] = {}

    def violated(self, case: object, seq: object, message: str) -> None:
        """Keep what contradicts the record; arguments as for `add`."""
        self.add("violated", case, seq, message)

    def add(self, outcome: Outcome, case: object, seq: object, message: str) -> None:
        """Keep one finding, unless there are too many already.

        Args:
            outcome: What it means for the verdict; not `ok`.
            case: The cell that names the case, whatever it holds.
            seq: The cell that holds the place, whatever it holds.
            message: One sentence; may quote cells.
        """
        found = self._found.setdefault(outcome, [])
        if len(found) < PROBLEMS_MAX:
            place = seq if type(seq) is int and seq.bit_length() < 64 else None
            found.append(Problem(case_name(case), place, _printable(message)))
        else:
            self._more[outcome] = self._more.get(outcome, 0) + 1

    def check(self) -> Check:
        """Give the outcome."""
        order: tuple[Outcome, ...] = ("violated", "unverifiable", "erased")
        verdict = next((outcome for outcome in order if outcome in self._found), None)
        if verdict is None:
            return Check(self.name, "ok", self.count)
        problems, more = self._found[verdict], self._more.get(verdict, 0)
        if more:
            problems = [*problems, Problem("", None, f"and {more} more")]
        return Check(self.name, verdict, self.count, tuple(problems))


def case_name(cell: object) -> str:
    """Name a case from a cell that should hold its id, whatever the cell holds."""
    return _printable(cell) if isinstance(cell, str) else "" if cell is None else shown(cell)


QUOTED_MAX = 60
"""How many characters of a cell a message quotes."""


def shown(cell: object) -> str:
    """Quote a cell for a message, however long or strange it is."""
    if isinstance(cell, (str, bytes)):
        return repr(cell[:QUOTED_MAX]) + ("..." if len(cell) > QUOTED_MAX else "")
    if isinstance(cell, int) and cell.bit_length() > 200:
        return f"a number of {cell.bit_length()} bits"
    return _printable(repr(cell))


def apart(cell: object, other: object) -> tuple[str, str]:
    """Quote two cells for a message; of long texts the part in which they begin to differ."""
    if type(cell) is not str or not isinstance(other, str) or max(len(cell), len(other)) <= QUOTED_MAX:
        return shown(cell), shown(other)
    same = next(
        (i for i, (one, two) in enumerate(zip(cell, other, strict=False)) if one != two), min(len(cell), len(other))
    )
    start = max(0, same - QUOTED_MAX // 2)
    before = "..." if start else ""
    first, second = (f"{before}{text[start:]}" for text in (cell, other))
    return shown(first), shown(second)


def _printable(text: str) -> str:
    """Keep text short and printable on any terminal: no control characters, no lone surrogates."""
    text = text[:300]
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
