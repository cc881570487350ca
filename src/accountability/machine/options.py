"""What a person may do now, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accountability.definition.model import Text
from accountability.errors import Reason
from accountability.machine.attempt import Attempt, awaited, verdict
from accountability.machine.case import Actor, Case, Facts, Firing
from accountability.machine.compiled_rule import CompiledRule
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.deadlines import objections_to_extension
from accountability.machine.permission import objections, recused
from accountability.machine.standing import STANDING


@dataclass(frozen=True, slots=True)
class Option:
    """One trigger, seen by one person at one moment.

    Attributes:
        trigger: What could be done.
        title: What the workflow calls it.
        allowed: Whether this person may do it now, provided that what it needs is given.
        reasons: Why not, nearest miss first; empty when allowed.
        target: The state it leads to, where the rule names one.
        needs, accepts, documents: What must, may, and must come with it.
        reason_required: Whether a written reason must be given.
    """

    trigger: str
    title: Text | None
    allowed: bool
    reasons: tuple[Reason, ...]
    target: str | None = None
    needs: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    reason_required: bool = False

    def as_json(self) -> dict[str, Any]:
        """Give the option in the shape that the command line prints."""
        return {
            "trigger": self.trigger,
            "title": self.title,
            "allowed": self.allowed,
            "reasons": [reason.as_json() for reason in self.reasons],
            "to": self.target,
            "needs": list(self.needs),
            "accepts": list(self.accepts),
            "documents": list(self.documents),
            "reason_required": self.reason_required,
        }


def options(workflow: CompiledWorkflow, case: Case, actor: Actor, now: datetime, facts: Facts) -> tuple[Option, ...]:
    """Say for every trigger whether a person may do it now.

    Guards that ask about what will be given are left open: only the act itself can answer them.

    Args:
        workflow: The law the case follows.
        case: The case as it is, withheld fields included in its data.
        actor: Who asks.
        now: The moment, UTC.
        facts: What other cases say.

    Returns:
        One option for each trigger, in the order of the alphabet, then the three acts every workflow has.
    """
    written = (_option(workflow, trigger, case, actor, now, facts) for trigger in sorted(workflow.rules))
    return (*written, *(_standing(workflow, name, case, actor, facts) for name in STANDING))


def _option(workflow: CompiledWorkflow, trigger: str, case: Case, actor: Actor, now: datetime, facts: Facts) -> Option:
    rules = workflow.rules[trigger]
    indexes = workflow.rules_at.get(trigger, {}).get(case.state, ())
    if not indexes:
        possible = sorted(workflow.rules_at.get(trigger, {}))
        message = f"not possible in {case.state}, only in {', '.join(possible)}"
        reason = Reason("state", message, {"state": case.state, "possible_in": possible})
        return _describe(rules[0], (reason,))
    judged = []
    for index in indexes:
        attempt = Attempt(workflow, case, Firing(trigger=trigger, actor=actor), now, facts, case.state)
        judged.append((tuple(_known_objections(rules[index], attempt)), rules[index]))
    reasons, rule = min(judged, key=lambda pair: len(pair[0]))
    return _describe(rule, reasons)


def _known_objections(rule: CompiledRule, attempt: Attempt) -> Iterator[Reason]:
    """Give the reasons that hold whatever is given with the act."""
    yield from objections(rule, attempt.case, attempt.firing.actor, attempt.facts)
    yield from awaited(rule, attempt.facts)
    yield from objections_to_extension(attempt.workflow, rule, attempt.case, attempt.firing, attempt.now, attempt.facts)
    open_names = {f"{place}.{name}" for name in rule.fields for place in ("data", "input")}
    # What is looked up by something that will be given is as open as that.
    open_names |= {
        f"reads.{name}"
        for name in rule.looks
        for _, where in attempt.workflow.reads[name].where
        if not where.reads.isdisjoint(open_names)
    }
    context = attempt.context(rule)
    for guard, otherwise in rule.guards:
        if not any(read == name or read.startswith(f"{name}.") for read in guard.reads for name in open_names):
            yield from verdict(guard, otherwise, context, attempt.workflow.hidden, well_given=True)


def _describe(rule: CompiledRule, reasons: tuple[Reason, ...]) -> Option:
    declared = rule.declared
    to = getattr(declared, "to", None)
    return Option(
        trigger=rule.trigger,
        title=declared.title,
        allowed=not reasons,
        reasons=reasons,
        target=to if isinstance(to, str) else None,
        needs=declared.needs,
        accepts=declared.accepts,
        documents=declared.documents,
        reason_required=declared.reason == "required",
    )


def _standing(workflow: CompiledWorkflow, name: str, case: Case, actor: Actor, facts: Facts) -> Option:
    reasons = []
    if not actor.roles & workflow.definition.roles.keys():
        reasons.append(Reason("role", f"{actor.id} has no role of `{case.workflow}`", {"has": sorted(actor.roles)}))
    reasons += recused(case, actor, facts)
    if name == "recuse" and case.closed:
        reasons.append(Reason("state", "not possible: the case is closed", {"state": case.state}))
    return Option(trigger=name, title=None, allowed=not reasons, reasons=tuple(reasons), reason_required=True)
