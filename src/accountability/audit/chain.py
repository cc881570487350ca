"""One case's chain: every entry names the hash of the one before, takes the next place, and starts where it ended."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.audit.entry import Entry

PUBLISHED = "workflow:"
"""Chains of this prefix hold the publications of a workflow; all others are cases."""


Law = tuple[str, int, str]
"""Workflow, version and definition."""


class Chain:
    """Walk one chain, oldest link first.

    Attributes:
        case: Id of the case, or `workflow:NAME`.
        length: The place of the last link seen.
        head: Hash of the last link's bytes; None before the first.
        broken: Whether a link was missing, unreadable or out of its place.
    """

    __slots__ = ("_last", "_laws", "broken", "case", "head", "length")

    def __init__(self, case: str) -> None:
        """Stand before the first link."""
        self.case = case
        self.length = 0
        self.head: str | None = None
        self.broken = False
        self._last: Entry | None = None
        self._laws: list[tuple[int, Law]] = []

    def add(self, entry: Entry) -> tuple[str, ...]:
        """Take the next link, whose `leaf` was computed from its bytes, and tell what does not fit.

        A refusal is no link: it takes no place.
        """
        problems = (*self._place(entry), *self._content(entry))
        if entry.seq <= self.length:
            return problems
        self.length, self.head, self._last = entry.seq, entry.leaf, entry
        law = (entry.workflow, entry.version, entry.definition)
        if not self._laws or self._laws[-1][1] != law:
            self._laws.append((entry.seq, law))
        return problems

    def skip(self, leaf: str | None) -> None:
        """Take a link that cannot be read; only the hash of its bytes is known, if that."""
        self.length += 1
        self.head, self._last, self.broken = leaf, None, True

    def law_at(self, seq: int) -> Law | None:
        """Give the workflow, version and definition that held after a link; None where no link stands."""
        return next((law for since, law in reversed(self._laws) if since <= seq), None)

    def _place(self, entry: Entry) -> Iterator[str]:
        expected = self.length + 1
        if entry.seq != expected:
            self.broken, self._last = True, None
            if entry.seq > expected:
                gap = f"{expected}" if entry.seq == expected + 1 else f"{expected} to {entry.seq - 1}"
                yield f"missing before this entry: {gap}"
            else:
                yield f"this place is taken: entry {expected} was expected here"
        elif entry.prev != self.head and not (self.broken and self.head is None):
            yield "`prev` is not the hash of the entry before" if self.length else "a first entry has no `prev`"

    def _content(self, entry: Entry) -> Iterator[str]:
        if (entry.kind == "definition") != self.case.startswith(PUBLISHED):
            yield f"an entry of kind {entry.kind} does not belong in this chain"
        elif entry.kind != "definition" and entry.target is None:
            yield "the entry leads to no state"
        if entry.seq > 1 and (entry.parent is not None or entry.link is not None):
            yield "only a first entry names a parent"
        elif (entry.parent is None) != (entry.link is None):
            yield "`parent` and `link` are given together"
        if self._last is not None:
            yield from self._continuity(self._last, entry)
        elif entry.seq == 1 and entry.source is not None:
            yield "a first entry comes from no state"

    def _continuity(self, last: Entry, entry: Entry) -> Iterator[str]:
        if entry.source != last.target:
            yield f"it starts from {entry.source!r}, but the entry before led to {last.target!r}"
        same = entry.workflow == last.workflow
        if entry.kind == "definition":
            # Several versions may be published in one call, at one time.
            late = entry.at >= last.at
        else:
            late = entry.at > last.at
            same = same and (entry.version, entry.definition) == (last.version, last.definition)
        if not late:
            yield "its time is not after that of the entry before"
        if not same and entry.kind != "migration":
            yield "it follows another law than the entry before, without a migration"
