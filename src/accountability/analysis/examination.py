"""What a rule of `check` looks at, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from accountability.analysis.expressions import Expression, expressions
from accountability.analysis.structure import Path, Placed, Structure
from accountability.guards import Guard

__all__ = ["Examination", "Flaw", "Path", "Placed", "items", "state_place"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong, before it has a code and a line.

    Attributes:
        message: One sentence.
        path: Where it stands.
        help: The cure, as text that can be pasted where possible.
        key: Whether the key at `path` is meant, not its value.
        within: Offsets inside the text at `path`.
        steps: An example that shows it: each step with the place of the rule it uses.
    """

    message: str
    path: Path
    help: str
    key: bool = False
    within: tuple[int, int] | None = None
    steps: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class Examination(Structure):
    """One workflow under examination: its structure, and all its guards and expressions compiled once."""

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """Every guard and expression, in the order of the file."""
        return tuple(expressions(self))

    def guards(self, placed: Placed) -> list[Guard]:
        """Give the compiled guards of a rule; those that are wrong are left out."""
        return [one.compiled for one in self.expressions if one.placed is placed and one.is_guard and one.compiled]


def items(path: Path, names: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """Give every name of a list with its place."""
    return (((*path, index), name) for index, name in enumerate(names))


def state_place(path: str) -> Path:
    """Say where a state is declared: `investigating.interviews` at `states, investigating, states, interviews`."""
    return tuple(step for part in path.split(".") for step in ("states", part))
