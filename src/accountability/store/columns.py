"""What the columns hold: their types on both databases, and a case as the values of its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import BigInteger, Integer, Text

from accountability.canonical import instant, json_of, moment, written
from accountability.errors import RecordError
from accountability.machine.case import Case, Document, Memory, Signed
from accountability.machine.deadline import from_stored

TEXT = Text()

KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and ordered byte by byte on both databases, as Python orders text: by code point."""

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""A number the database hands out; SQLite does so for INTEGER alone."""


def case_columns(case: Case) -> dict[str, Any]:
    """Give what a case's row holds, column by column."""
    return {
        "id": case.id,
        "workflow": case.workflow,
        "opened_at": instant(case.opened_at),
        "parent": case.parent,
        "link": case.link,
        **moving_columns(case),
        **timed_columns(case),
    }


def moving_columns(case: Case) -> dict[str, Any]:
    """Give the columns that every entry may change."""
    return {
        "version": case.version,
        "definition": case.definition,
        "state": case.state,
        "seq": case.seq,
        "head": case.head,
        "closed": case.closed,
        "data": written(case.data).decode(),
        "memory": written(memory_json(case.memory)).decode(),
        "updated_at": instant(case.updated_at),
    }


def timed_columns(case: Case) -> dict[str, Any]:
    """Give the columns that change with a case's deadlines alone; None in both where it never had any."""
    listed = [deadline.as_stored() for deadline in case.deadlines]
    return {
        "deadlines": written(listed).decode() if listed else None,
        "wake": None if case.wake is None else instant(case.wake),
    }


def case_from(row: Sequence[Any]) -> Case:
    """Read a case from its row, the columns in the order of the table.

    Raises:
        RecordError: A cell does not hold what we write there.
    """
    id_, workflow, version, definition, state, seq, head, closed, data, memory, opened_at, updated_at, *rest = row
    parent, link, deadlines, wake = rest
    try:
        kept, remembered = json_of(data), memory_from(json_of(memory))
        opened, updated = moment(opened_at), moment(updated_at)
        timed = () if deadlines is None else tuple(map(from_stored, json_of(deadlines)))
        woken = None if wake is None else moment(wake)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordError(f"the stored case {id_} cannot be read: {error}") from error
    return Case(
        id=id_,
        workflow=workflow,
        version=version,
        definition=definition,
        state=state,
        seq=seq,
        head=head,
        closed=bool(closed),
        data=kept,
        memory=remembered,
        opened_at=opened,
        updated_at=updated,
        parent=parent,
        link=link,
        deadlines=timed,
        wake=woken,
    )


def memory_json(memory: Memory) -> dict[str, Any]:
    """Give a case's memory as JSON values; parts that only few cases have are left out where empty."""
    parts: dict[str, Any] = {"visited": sorted(memory.visited), "times": memory.times, "people": memory.people}
    if memory.left:
        parts["left"] = memory.left
    if memory.signatures:
        parts["signatures"] = [asdict(signed) for signed in memory.signatures]
    if memory.kept_off:
        parts["kept_off"] = memory.kept_off
    return parts


def memory_from(parts: Mapping[str, Any]) -> Memory:
    """Read back what `memory_json` gave."""
    return Memory(
        visited=frozenset(parts.get("visited", ())),
        times=parts.get("times", {}),
        people={trigger: tuple(people) for trigger, people in parts.get("people", {}).items()},
        left=parts.get("left", {}),
        signatures=tuple(_signed(signed) for signed in parts.get("signatures", ())),
        kept_off=parts.get("kept_off", {}),
    )


def _signed(parts: Mapping[str, Any]) -> Signed:
    documents = tuple(Document(**document) for document in parts["documents"])
    return Signed(**{**parts, "documents": documents})
