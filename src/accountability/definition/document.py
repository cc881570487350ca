"""What a file says, and the exact place of everything it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from accountability.definition.finding import Finding, Severity
from accountability.definition.scalar import offsets

Path = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top, such as `("transitions", "accept", 0, "when")`."""


class Span(NamedTuple):
    """Mark a piece of text: lines and columns from 1, in code points, the end just behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Document:
    """Hold what a file says, and where.

    Attributes:
        file: The file as it was named by the caller.
        text: Its text, without a byte order mark, with line feeds alone between its lines.
        data: Its content: mappings, lists, text, whole numbers, booleans and None; None when it cannot be read.
        findings: What is wrong with its YAML, in order.
        values, keys: Path -> place of the value, and of the key before it.
        broken: Paths whose value is not what the author wrote, because a finding refuses it.
        inherited: Outermost key -> the document it stands in, where that is another file that this one extends.
    """

    file: str
    text: str
    data: Any = None
    findings: tuple[Finding, ...] = ()
    values: Mapping[Path, Span] = field(default_factory=dict)
    keys: Mapping[Path, Span] = field(default_factory=dict)
    broken: frozenset[Path] = frozenset()
    inherited: Mapping[str, Document] = field(default_factory=dict)

    def owner(self, path: Sequence[str | int]) -> Document:
        """Give the document in which something stands: this one, or one that it extends."""
        return self.inherited.get(str(path[0]), self) if path else self

    def where(self, path: Sequence[str | int], *, key: bool = False) -> str:
        """Name the file and the line of something."""
        return f"{self.owner(path).file}:{self.span(path, key=key).line}"

    def span(self, path: Sequence[str | int], *, key: bool = False, within: tuple[int, int] | None = None) -> Span:
        """Say where something stands.

        Args:
            path: Keys and positions. Short spellings may be written out: the `0` of a single rule, or the `0, "check"`
                of a bare guard, lead to the value itself.
            key: Whether the place of the key is wanted instead of the place of its value.
            within: Start and end inside the value's text, in code points, for a part of a guard.

        Returns:
            The place, in the file of its `owner`; where nothing stands at the path, the place of the nearest thing
            around it that does.
        """
        if (owner := self.owner(path)) is not self:
            return owner.span(path, key=key, within=within)
        found, exact = self._resolve(path)
        if key or not exact:
            return self._head(found)
        span = self.values.get(found, _TOP)
        if within is None:
            return span
        start, end = self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)
        places = offsets(self.text[start:end], self._text_at(found))
        first, last = (min(max(index, 0), len(places) - 1) for index in within)
        stop = places[last - 1] + 1 if first < last else places[last]
        return Span(*self._place(start + places[first]), *self._place(start + stop))

    def source(self, path: Sequence[str | int]) -> str:
        """Return the text of a value as it was written, quotes included."""
        if (owner := self.owner(path)) is not self:
            return owner.source(path)
        span = self.span(path)
        return self.text[self._offset(span.line, span.column) : self._offset(span.end_line, span.end_column)]

    def finding(
        self,
        code: str,
        message: str,
        path: Sequence[str | int],
        *,
        help: str,  # noqa: A002 -- the record's word
        key: bool = False,
        within: tuple[int, int] | None = None,
        severity: Severity = "error",
        steps: Sequence[str] = (),
    ) -> Finding:
        """Make a finding about something in this file, or in the one it stands in.

        Args:
            code: One of the catalogue.
            message: One sentence.
            path: What it is about; `key` and `within` are those of `span`.
            help: The cure.
            key: Whether it is about the key.
            within: The part of the value's text it is about.
            severity: Whether the definition can still be used.
            steps: A counterexample, first step to last.
        """
        span = self.span(path, key=key, within=within)
        return Finding(code, severity, message, self.owner(path).file, *span, help, tuple(steps))

    def is_broken(self, path: Sequence[str | int]) -> bool:
        """Whether the value at a path, or one around it, was refused already, so that nothing follows from it."""
        return bool(self.broken) and any(tuple(path[:length]) in self.broken for length in range(len(path) + 1))

    def _resolve(self, path: Sequence[str | int]) -> tuple[Path, bool]:
        """Follow a path as far as it leads; say whether it led to its end."""
        found: Path = ()
        value = self.data
        for part in path:
            if isinstance(value, dict):
                if part in value:
                    found, value = (*found, part), value[part]
                elif not isinstance(part, int):
                    return found, False
            elif isinstance(value, list) and isinstance(part, int):
                if not 0 <= part < len(value):
                    return found, False
                found, value = (*found, part), value[part]
        return found, True

    def _text_at(self, path: Path) -> str:
        value = self._at(path)
        return value if isinstance(value, str) else ""

    def _at(self, path: Path) -> Any:
        value = self.data
        for part in path:
            value = value[part]
        return value

    def _head(self, path: Path) -> Span:
        """Return the place of a value's key, else of its first key, else of itself."""
        if path in self.keys:
            return self.keys[path]
        value = self._at(path)
        if isinstance(value, dict):
            first = next(((*path, key) for key in value if (*path, key) in self.keys), None)
            if first is not None:
                return self.keys[first]
        return self.values.get(path, _TOP)

    def _offset(self, line: int, column: int) -> int:
        return _line_starts(self.text)[line - 1] + column - 1

    def _place(self, offset: int) -> tuple[int, int]:
        line = self.text.count("\n", 0, offset)
        return line + 1, offset - _line_starts(self.text)[line] + 1


_TOP = Span(1, 1, 1, 1)


def _line_starts(text: str) -> list[int]:
    return list(
        accumulate((len(line) for line in text.split("\n")), lambda total, length: total + length + 1, initial=0)
    )
