"""Finding cases by what they hold, for `reads`: triggers keep the fields that some law looks for beside the cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountability.canonical import canonical
from accountability.machine.case import Case
from accountability.store.columns import case_from
from accountability.store.running import Running


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
            values |= {f"field_{number}": name, f"value_{number}": canonical(value).decode()}
        return tuple(map(case_from, self._all(self._sql.found(len(where)), values)))

    def keep_lookup(self, workflow: str, field: str) -> bool:
        """Let cases of a workflow be found by a field from now on, those that are there already included.

        Returns:
            Whether they could not before.
        """
        if not self._added(self._sql.add_lookup, {"workflow": workflow, "field": field}):
            return False
        if self._sql.keep_still:
            # Who opens a case right now does not see yet that the field is to be kept.
            self._run(self._sql.keep_still)
        self._run(self._sql.add_values, {"workflow": workflow, "field": field})
        return True

    def lookups(self) -> tuple[tuple[str, str], ...]:
        """Read by which fields cases can be found: workflow and field."""
        return tuple((workflow, field) for workflow, field in self._all(self._sql.lookups))

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Read what is kept for looking up: workflow, field, value as JSON, case; in any order, streaming."""
        return self._stream(self._sql.values)
