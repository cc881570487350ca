"""The three acts that every workflow has without writing them: recuse, note, correct."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from accountability.definition.model import SYSTEM
from accountability.errors import Reason
from accountability.machine.case import Case, Facts, Firing, Refusal, Step
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.correction import corrected, objections_to_correction
from accountability.machine.permission import recused

ADMITTED, KEPT_OFF = "admitted", "kept_off"


def standing(workflow: CompiledWorkflow, case: Case, firing: Firing, facts: Facts) -> Step | Refusal:
    """Decide a recusal, a remark or a correction.

    - `recuse` with `actor` declares or requests that a person is kept off the case; their acts are refused from then
      on. With a `ruling`, `kept_off` or `admitted`, it decides the question, or orders it unasked. Neither the person
      concerned nor the one who asked can rule.
    - `note` appends the written reason as a remark.
    - `correct` with `seq` and `data` supersedes wrong values of an earlier act, whose entry stays as it is.
    """
    reasons = [*_anyone(workflow, case, firing, facts), *STANDING[firing.trigger](workflow, case, firing)]
    if reasons:
        return Refusal(firing.trigger, tuple(reasons))
    kind = {"recuse": "recusal", "note": "act", "correct": "correction"}[firing.trigger]
    corrects = firing.trigger == "correct"
    return Step(
        kind=kind,
        trigger=firing.trigger,
        rule=None,
        source=case.state,
        target=case.state,
        data={"seq": firing.data["seq"]} if corrects else firing.data,
        sets=corrected(workflow, case, firing) if corrects else {},
        documents=firing.documents,
    )


def _anyone(workflow: CompiledWorkflow, case: Case, firing: Firing, facts: Facts) -> Iterator[Reason]:
    """Give the reasons that hold for all three: a role of the workflow, no recusal, a written reason."""
    actor, known = firing.actor, workflow.definition.roles
    if not actor.roles & known.keys():
        detail = {"needs": sorted(known), "has": sorted(actor.roles)}
        yield Reason("role", f"`{firing.trigger}` needs any role of `{case.workflow}`; {actor.id} has none", detail)
    yield from recused(case, actor, facts)
    if not (firing.reason or "").strip():
        yield Reason("reason", f"`{firing.trigger}` needs a written reason", {"needs": "reason"})


def _note(workflow: CompiledWorkflow, case: Case, firing: Firing) -> Iterator[Reason]:
    if firing.data:
        yield Reason("data", "`note` takes no data; write the remark as the reason", {"given": sorted(firing.data)})


def _recuse(workflow: CompiledWorkflow, case: Case, firing: Firing) -> Iterator[Reason]:
    person, ruling = firing.data.get("actor"), firing.data.get("ruling")
    if not isinstance(person, str) or not person or firing.data.keys() - {"actor", "ruling"}:
        cure = 'give {"actor": ID}, and {"ruling": "kept_off" or "admitted"} to decide'
        yield Reason("data", f"`recuse` names one person; {cure}", {"given": sorted(firing.data)})
        return
    if person == SYSTEM:
        yield Reason("data", "the engine itself cannot be kept off a case", {"actor": person})
    if case.closed:
        yield Reason("state", "`recuse` is not possible: the case is closed", {"state": case.state})
    asked = case.memory.kept_off.get(person)
    if ruling is None:
        if asked is not None:
            yield Reason("state", f"{person} is kept off this case already", {"actor": person, "asked_by": asked})
    elif ruling not in (ADMITTED, KEPT_OFF):
        yield Reason("data", f"a ruling is `{KEPT_OFF}` or `{ADMITTED}`", {"ruling": str(ruling)})
    elif firing.actor.id in (person, asked):
        yield Reason("four_eyes", f"a different person than {firing.actor.id} must rule on this", {"actor": person})
    elif ruling == ADMITTED and asked is None:
        yield Reason("state", f"{person} is not kept off this case", {"actor": person})


STANDING: Mapping[str, Callable[[CompiledWorkflow, Case, Firing], Iterable[Reason]]] = {
    "recuse": _recuse,
    "note": _note,
    "correct": objections_to_correction,
}
