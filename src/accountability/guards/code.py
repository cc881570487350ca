"""A decided part of a guard: a node with the closure that computes it.

A guard is compiled once into closures; deciding walks no tree. `Run` takes the context and the frame of this one
decision, a list: the steps that are left, then one place for each macro variable that can be alive at once. So one
guard may be decided by many threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accountability.errors import EvaluationError
from accountability.guards.cost import STEPS_MAX
from accountability.guards.tree import Node
from accountability.guards.types import Type
from accountability.guards.values import Count, UnfitError, reader, settled

Context = Mapping[str, Any]
Frame = list[Any]
Run = Callable[[Context, Frame], Any]

CONTAINERS = ("list", "object", "dyn")
"""Kinds whose values may hold others, which are read only when they are reached."""


class TooManySteps(Exception):  # noqa: N818 -- a budget that is spent, not a wrong value
    """A decision takes too long. Unlike other failures no `||` can make up for it."""


@dataclass(frozen=True, slots=True)
class Loop:
    """How a macro goes through its list.

    Attributes:
        items: The list.
        slot: The variable's place in the frame.
        take: Reads one item as its type says.
        steps: What one turn costs.
        keep: The condition of a `map`.
        body: What is asked about each item.
    """

    items: Code
    slot: int
    take: Callable[[Any], Any]
    steps: int
    keep: Code | None
    body: Code


@dataclass(frozen=True, slots=True)
class Code:
    """A node, compiled.

    Attributes:
        node: The node.
        type: Its type.
        reads: What it reads, by dotted name.
        run: Computes it; raises `EvaluationError` or `TooManySteps`.
        raw: Whether a list or an object it gives may still hold JSON that nobody has looked at.
        parts: The nodes below it, compiled.
        loop: For a macro: how it goes through its list.
    """

    node: Node
    type: Type
    reads: frozenset[str]
    run: Run
    raw: bool = False
    parts: tuple[Code, ...] = ()
    loop: Loop | None = None


def failure(node: Node, message: str) -> EvaluationError:
    """Make the error of a node."""
    return EvaluationError(message, node.start, node.end)


def charge(frame: Frame, steps: int) -> None:
    """Count steps.

    Raises:
        TooManySteps: The decision has taken more than `STEPS_MAX`.
    """
    frame[0] -= steps
    if frame[0] < 0:
        raise TooManySteps(f"deciding takes more than {STEPS_MAX} steps")


def counter(frame: Frame) -> Count:
    """Give the function that counts the items a decision looks at."""
    return lambda steps: charge(frame, steps)


def reading(type_: Type, node: Node, what: str) -> Callable[[Any], Any]:
    """Give the function that reads a value as its type says, and fails at a node's place when it cannot."""
    read = reader(type_)
    may_be_null = type_.kind in ("dyn", "null")

    def take(value: Any) -> Any:
        if value is None and not may_be_null:
            raise failure(node, f"`{what}` has no value")
        try:
            return read(value)
        except UnfitError as error:
            raise failure(node, f"`{what}` cannot be read: {error}") from None

    return take


def settling(code: Code, wanted: Type | None = None) -> Run:
    """Give the run whose value holds nothing unread, and is of the wanted type.

    Args:
        code: What computes the value.
        wanted: A type that the code's own type fits; its own by default.
    """
    run, node = code.run, code.node
    passes = [code.type] if code.raw and code.type.kind in CONTAINERS else []
    if wanted is not None and wanted != code.type and wanted.kind != "dyn":
        passes.append(wanted)
    if not passes:
        return run

    def settle(context: Context, frame: Frame) -> Any:
        value = run(context, frame)
        try:
            for type_ in passes:
                value = settled(value, type_, counter(frame))
        except UnfitError as error:
            raise failure(node, f"the value cannot be read: {error}") from None
        return value

    return settle
