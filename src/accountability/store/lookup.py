"""Finding cases by what they hold, for `reads`: triggers keep the fields that some law looks for beside the cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountability.canonical import canonical
from accountability.machine.case import Case
from accountability.store.columns import case_from
from accountability.store.failures import StaleCase
from accountability.store.running import Running
from accountability.store.tables import KEPT_CHARACTERS


def kept(text: str) -> str:
    """Give the part of a value's JSON by which cases are found."""
    return text[:KEPT_CHARACTERS]


class Lookup(Running):
    """Find cases by their values, within a transaction."""

    def found(self, workflow: str, where: Mapping[str, Any], count: int) -> tuple[Case, ...]:
        """Read the cases of a workflow whose clear data hold some values; see `keep_lookup`.

        Args:
            workflow: Whose cases.
            where: Field -> value, as JSON; at least one.
            count: At most so many.
        """
        values: dict[str, Any] = {"workflow": workflow, "count": count}
        for number, (name, value) in enumerate(where.items()):
            text = canonical(value).decode()
            values |= {f"field_{number}": name, f"value_{number}": kept(text), f"whole_{number}": text}
        return tuple(map(case_from, self._all(self._sql.found(len(where)), values)))

    def hold(self, workflow: str, where: Mapping[str, Any]) -> None:
        """Let nobody write a case that these values would find, until this transaction ends; look only then.

        On SQLite one transaction writes at a time anyway.

        Raises:
            StaleCase: This transaction is brief, and holds nothing; begin again, not briefly.
        """
        if not self._sql.hold:
            return
        if self._brief:
            raise StaleCase("what is looked at must be held")
        field, value = next(iter(where.items()))
        self._run(self._sql.hold, {"text": f"{workflow}.{field}={kept(canonical(value).decode())}"})

    def keep_lookup(self, workflow: str, field: str) -> bool:
        """Let cases of a workflow be found by a field from now on, those that are there already included.

        What is kept already stays, so it may be done again: a session that began before the first time, and sees the
        database as it was then, may have written cases that are not found until it is.

        Returns:
            Whether they could not before.
        """
        new = self._added(self._sql.add_lookup, {"workflow": workflow, "field": field})
        if new:
            # Who opens a case right now does not see yet that the field is to be kept.
            for text in self._sql.keep_still:
                self._run(text)
        self._run(self._sql.add_values, {"workflow": workflow, "field": field})
        return new

    def looked_for(self, workflow: str) -> frozenset[str]:
        """Read the fields of a workflow's cases that others look for, or look at."""
        return frozenset(field for name, field in self.lookups() if name == workflow)

    def lookups(self) -> tuple[tuple[str, str], ...]:
        """Read by which fields cases can be found: workflow and field."""
        return tuple((workflow, field) for workflow, field in self._all(self._sql.lookups))

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Read what is kept for looking up: workflow, field, value as JSON, case; in any order, streaming."""
        return self._stream(self._sql.values)
