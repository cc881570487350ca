"""The pure step: what follows when somebody tries something, decided from values alone.

`step` and `start` touch nothing. Everything they need is an argument, `now` included, so the engine, a replay years
later and any explorer of runs reach the same answer from the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accountability.definition.nearest import nearest
from accountability.machine.attempt import Attempt
from accountability.machine.case import Case, Facts, Firing, Reason, Refusal, Step
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.deadlines import with_deadlines
from accountability.machine.standing import STANDING, standing

NOBODY = Facts()


def start(workflow: CompiledWorkflow, firing: Firing, now: datetime, facts: Facts = NOBODY) -> Step | Refusal:
    """Decide whether a case may be opened.

    Args:
        workflow: The law.
        firing: The attempt; its trigger is the start's.
        now: The moment of the attempt, UTC.
        facts: `parent` names the case that opens this one, if one does.

    Returns:
        The step that opens the case, or the refusal with every reason.
    """
    attempt = Attempt(workflow, None, firing, now, facts, workflow.initial)
    if attempt.fits(workflow.start):
        return with_deadlines(workflow, None, firing, attempt.step(workflow.start), now, facts)
    return attempt.refusal()


def step(
    workflow: CompiledWorkflow, case: Case, firing: Firing, now: datetime, facts: Facts = NOBODY, *, terse: bool = False
) -> Step | Refusal:
    """Decide what a firing does to a case.

    Args:
        workflow: The law the case follows.
        case: The case as it is, withheld fields included in its data.
        firing: The attempt.
        now: The moment of the attempt, UTC.
        facts: What other cases say, as far as `workflow` asks for it.
        terse: Whether nobody will read why it was refused, so that guards need not be explained.

    Returns:
        The step, or the refusal with every reason of every rule that holds in the case's state, nearest miss first.
    """
    if firing.trigger in STANDING:
        return standing(workflow, case, firing, facts)
    by_leaf = workflow.rules_at.get(firing.trigger)
    attempt = Attempt(workflow, case, firing, now, facts, case.state, terse=terse)
    if by_leaf is None or case.state not in by_leaf:
        return attempt.refusal((_impossible(workflow, case, firing.trigger, by_leaf),))
    if workflow.fire(firing.trigger, attempt) and attempt.taken is not None:
        return with_deadlines(workflow, case, firing, attempt.step(attempt.taken), now, facts)
    return attempt.refusal()


def _impossible(
    workflow: CompiledWorkflow, case: Case, trigger: str, by_leaf: Mapping[str, tuple[int, ...]] | None
) -> Reason:
    if by_leaf is None:
        meant = nearest(trigger, (*workflow.rules, *STANDING))
        hint = f"; did you mean `{meant}`?" if meant else ""
        return Reason("unknown", f"`{case.workflow}` has no trigger `{trigger}`{hint}", {"trigger": trigger})
    detail = {"state": case.state, "possible_in": sorted(by_leaf)}
    closed = " (the case is closed)" if case.closed else ""
    where = ", ".join(sorted(by_leaf))
    return Reason("state", f"`{trigger}` is not possible in {case.state}{closed}, only in {where}", detail)
