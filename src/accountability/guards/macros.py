"""The macros: `all`, `exists`, `exists_one`, `filter`, `map`.

As in CEL, `all` and `exists` make up for the failures of some items by the answer of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from accountability.errors import EvaluationError
from accountability.guards.code import Context, Frame, Loop, Run, charge, settling


def each_item(loop: Loop, context: Context, frame: Frame) -> Iterator[Any]:
    """Put one item after the other into the variable's place; reading an item may fail."""
    slot, take, steps = loop.slot, loop.take, loop.steps
    for item in loop.items.run(context, frame):
        charge(frame, steps)
        frame[slot] = take(item)
        yield item


def _quantifier(loop: Loop, *, decides: bool) -> Run:
    """Make `all`, which one false decides, or `exists`, which one true decides."""
    items, slot, take, steps, body = loop.items.run, loop.slot, loop.take, loop.steps, loop.body.run
    rest = not decides

    def run(context: Context, frame: Frame) -> bool:
        failed: EvaluationError | None = None
        for item in items(context, frame):
            charge(frame, steps)
            try:
                frame[slot] = take(item)
                if body(context, frame) is not rest:
                    return decides
            except EvaluationError as error:
                failed = failed or error
        if failed is not None:
            raise failed
        return rest

    return run


def _all(loop: Loop) -> Run:
    return _quantifier(loop, decides=False)


def _exists(loop: Loop) -> Run:
    return _quantifier(loop, decides=True)


def _exists_one(loop: Loop) -> Run:
    body = loop.body.run

    def run(context: Context, frame: Frame) -> bool:
        # Every item is asked, since a failure after the second is still a failure.
        return [body(context, frame) for _ in each_item(loop, context, frame)].count(True) == 1

    return run


def _filter(loop: Loop) -> Run:
    body = loop.body.run

    def run(context: Context, frame: Frame) -> list[Any]:
        return [item for item in each_item(loop, context, frame) if body(context, frame)]

    return run


def _map(loop: Loop) -> Run:
    body = settling(loop.body)
    keep = loop.keep.run if loop.keep is not None else None

    def run(context: Context, frame: Frame) -> list[Any]:
        turns = each_item(loop, context, frame)
        if keep is None:
            return [body(context, frame) for _ in turns]
        return [body(context, frame) for _ in turns if keep(context, frame)]

    return run


MAKERS: dict[str, Callable[[Loop], Run]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _map,
}
"""Macro -> how to make what it runs; conditions in the loop give nothing but a bool."""
