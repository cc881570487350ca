"""Whether the names in a question exist: an empty answer to a misspelt name would be taken for the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from accountability.errors import InputError

if TYPE_CHECKING:
    from accountability.engine.engine import Engine

Found = TypeVar("Found")


def unless_unknown(found: Iterable[Found], require: Callable[[], object]) -> Iterator[Found]:
    """Hand on what was found; where it is nothing, ask first whether the names in the question exist.

    Only then: what an earlier version of a workflow named is still found, though no newer version knows it.

    Args:
        found: What was found.
        require: Raises an error where a name does not exist.
    """
    empty = True
    for one in found:
        empty = False
        yield one
    if empty:
        require()


def require_names(engine: Engine, workflow: str | None, state: str | None) -> None:
    """Make sure that a workflow is registered, and that it, or without one any workflow, has a state.

    Raises:
        UnknownWorkflowError: No version of the workflow is registered.
        InputError: No state has this name; the nearest is suggested.
    """
    if workflow is None and state is None:
        return
    laws = engine.workflows() if workflow is None else (engine.workflow(workflow),)
    if state is None:
        return
    from accountability.definition.nearest import did_you_mean
    from accountability.definition.states import states

    known = list(dict.fromkeys(name for law in laws for name in states(law)))
    if state not in known:
        where = f"`{workflow}` has no state" if workflow else "no registered workflow has a state"
        raise InputError(f"{where} `{state}`", cure=did_you_mean(state, known))
