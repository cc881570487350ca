"""Check the order of the log: each entry waits for its place or has one, once, and the places have no hole."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from accountability.audit.pairing import Pairing
from accountability.audit.rows import LeafRow
from accountability.audit.verdict import Tally, shown

WAITS: Literal["waits"] = "waits"

_BITS_MAX = 62
"""Larger numbers are no place: more entries than that have never been written by anybody."""

_NEIGHBOURS = 2


class _Entry(NamedTuple):
    """An entry as far as its place is concerned; `seq` is the cell of its row."""

    case: str
    seq: Any


class _Link:
    """The place of a link of a chain, and with how many of its two neighbours it was compared."""

    __slots__ = ("compared", "place")

    def __init__(self, place: float, compared: int) -> None:
        self.place = place
        self.compared = compared


class Places:
    """Pair entries with the rows of those that wait and of those that have a place.

    Attributes:
        tally: What was found.
    """

    def __init__(self, pending: Iterable[Any], leaves: Iterable[LeafRow]) -> None:
        """Stand before the first row; little is held when they come in about the order of the entries."""
        self.tally = Tally("log")
        self._rows: Pairing[Any, _Entry, LeafRow | Literal["waits"]] = Pairing(_merged(pending, leaves), self._judge)
        self._taken = array("q")
        self._links: dict[tuple[str, int], _Link] = {}

    def note(self, id_: Any, case: str, seq: Any) -> None:
        """Take an entry's row.

        Args:
            id_: The cell that numbers it.
            case: The name of its case.
            seq: The cell that holds its place in the chain; None for a refusal.
        """
        self._rows.push(id_, _Entry(case, seq))

    def judge(self) -> None:
        """Judge what met no partner, then the places as a whole."""
        self._rows.finish()
        count = len(self._taken)
        seen = bytearray(count)
        for place in self._taken:
            if place >= count:
                self.tally.violated(None, None, f"place {place} is given, though only {count} are")
            elif seen[place]:
                self.tally.violated(None, None, f"place {place} is given twice")
            else:
                seen[place] = 1
        hole = seen.find(0)
        while hole >= 0:
            self.tally.violated(None, None, f"no entry has place {hole}, though {count} have one")
            hole = seen.find(0, hole + 1)

    def _judge(self, id_: Any, entry: _Entry | None, row: LeafRow | Literal["waits"] | None) -> None:
        self.tally.count += 1
        if entry is None:
            self.tally.violated(None, None, f"entry id {shown(id_)} {_said(row)}, but is not there, or twice")
        elif row is None:
            self.tally.violated(*entry, f"the entry, id {shown(id_)}, neither waits for a place in the log nor has one")
        if isinstance(row, LeafRow):
            self._take(entry or _Entry("", None), row.position)
        elif row is not None and entry is not None:
            self._compare(entry, float("inf"))

    def _take(self, entry: _Entry, place: Any) -> None:
        if type(place) is not int or place < 0 or place.bit_length() > _BITS_MAX:
            self.tally.violated(*entry, f"{shown(place)} is no place in the log")
        else:
            self._taken.append(place)
            self._compare(entry, place)

    def _compare(self, entry: _Entry, place: float) -> None:
        """Compare a link's place with those of the links before and behind it, as soon as both are known."""
        case, seq = entry
        if type(seq) is not int:
            return
        link = self._links[case, seq] = _Link(place, int(seq == 1))
        for one, other, last in ((seq - 1, seq, seq), (seq, seq + 1, seq + 1)):
            before, behind = self._links.get((case, one)), self._links.get((case, other))
            if before is None or behind is None:
                continue
            if before.place > behind.place:
                self.tally.violated(case, last, "its place in the log is before that of the entry before")
            for number, compared in ((one, before), (other, behind)):
                compared.compared += 1
                if compared.compared == _NEIGHBOURS and compared is not link:
                    del self._links[case, number]
        if link.compared == _NEIGHBOURS:
            del self._links[case, seq]


def _merged(pending: Iterable[Any], leaves: Iterable[LeafRow]) -> Iterator[tuple[Any, LeafRow | Literal["waits"]]]:
    for id_ in pending:
        yield id_, WAITS
    for row in leaves:
        yield row.entry_id, row


def _said(row: LeafRow | Literal["waits"] | None) -> str:
    return f"has place {shown(row.position)}" if isinstance(row, LeafRow) else "waits for its place"
