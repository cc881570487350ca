"""Bring two streams together by key, holding only what has not met its partner."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Left = TypeVar("Left")
Right = TypeVar("Right")

Judge = Callable[[Key, Left | None, Right | None], None]
"""Takes a key and what stood under it on either side; None where nothing did. Never None twice."""


class Pairing(Generic[Key, Left, Right]):
    """Pair what is pushed in with the rows of a stream.

    When both sides come in about the same order, little is held; any order gives the same result. A key that comes
    twice on one side is judged once more, without a partner.
    """

    __slots__ = ("_judge", "_lefts", "_rights", "_rows")

    def __init__(self, rows: Iterable[tuple[Key, Right]], judge: Judge[Key, Left, Right]) -> None:
        """Stand before the first row."""
        self._rows = iter(rows)
        self._judge = judge
        self._lefts: dict[Key, Left] = {}
        self._rights: dict[Key, Right] = {}

    def push(self, key: Key, left: Left) -> None:
        """Bring the next of the one side, and read the next row of the other."""
        if key in self._lefts:
            self._judge(key, left, None)
        elif key in self._rights:
            self._judge(key, left, self._rights.pop(key))
        else:
            self._lefts[key] = left
        self._pull()

    def finish(self) -> None:
        """Read the remaining rows and judge everything that met no partner."""
        while self._pull():
            pass
        for key, left in self._lefts.items():
            self._judge(key, left, None)
        for key, right in self._rights.items():
            self._judge(key, None, right)

    def _pull(self) -> bool:
        row = next(self._rows, None)
        if row is None:
            return False
        key, right = row
        if key in self._rights:
            self._judge(key, None, right)
        elif key in self._lefts:
            self._judge(key, self._lefts.pop(key), right)
        else:
            self._rights[key] = right
        return True
