"""Acts, each with the data of its case as the act left it, mistakes put right that were corrected later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accountability.audit.entry import Entry
from accountability.machine.case import changed_data

ACTS = ("transition", "act")
"""Kinds of entries that are acts under a rule; a signature that waits for others, or a refusal, is none."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One act and what its case then was.

    Attributes:
        entry: The act.
        opened: The first entry of its case.
        data: The data after it, without withheld fields.
        given: What was given with it, without withheld fields.
    """

    entry: Entry
    opened: Entry
    data: Mapping[str, Any]
    given: Mapping[str, Any]

    def context(self) -> dict[str, Any]:
        """Give what a guard sees."""
        entry, opened = self.entry, self.opened
        unit = {} if entry.actor.unit is None else {"unit": entry.actor.unit}
        parent = {} if opened.parent is None else {"parent": opened.parent["case"]}
        return {
            "data": self.data,
            "input": self.given,
            "actor": {"id": entry.actor.id, "roles": sorted(entry.actor.roles), **unit},
            "case": {
                "id": entry.case,
                "state": entry.target or "",
                "opened_at": opened.at,
                "seq": entry.seq,
                **parent,
            },
            "now": entry.at,
        }


def moments(entries: Iterable[Entry], workflows: Collection[str], as_of: datetime) -> Iterator[Moment]:
    """Follow cases through their entries.

    A correction puts right what an entry said, so every moment since that entry shows the right value, also those
    before the correction: figures say what was, as far as it is known at `as_of`.

    Args:
        entries: Entries of any cases; those of one case in the order of their seq.
        workflows: Names of the workflows whose acts are wanted.
        as_of: What was recorded later is left out.

    Yields:
        The acts, in the order of the entries.
    """
    known = [entry for entry in entries if entry.workflow in workflows and entry.at <= as_of]
    right = _corrections(known)
    first: dict[str, Entry] = {}
    data: dict[str, dict[str, Any]] = {}
    for entry in known:
        if entry.kind in ("refusal", "definition"):
            continue
        opened = first.setdefault(entry.case, entry)
        amended = right.get((entry.case, entry.seq), {})
        if changes := {**changed_data(entry), **amended}:
            data[entry.case] = {**data.get(entry.case, {}), **changes}
        if entry.kind in ACTS:
            given = {name: amended.get(name, value) for name, value in entry.data.items()}
            yield Moment(entry, opened, data.get(entry.case, {}), given)


def _corrections(entries: Iterable[Entry]) -> dict[tuple[str, int], dict[str, Any]]:
    """Find the right values of what was corrected, corrections too: case and seq -> field -> value."""
    right: dict[tuple[str, int], dict[str, Any]] = {}
    corrects: dict[tuple[str, int], int] = {}
    for entry in entries:
        if entry.kind != "correction":
            continue
        corrects[entry.case, entry.seq] = seq = entry.data["seq"]
        while True:
            right.setdefault((entry.case, seq), {}).update(entry.sets)
            if (entry.case, seq) not in corrects:
                break
            seq = corrects[entry.case, seq]
    return right
