"""The three acts that every workflow has without writing them: recuse, note, correct."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from accountability.audit.entry import Entry
from accountability.definition.fields import FieldError, accept
from accountability.errors import Reason
from accountability.machine.case import Case, Firing, Refusal, Step
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.permission import kept_off

ADMITTED, KEPT_OFF = "admitted", "kept_off"


def standing(workflow: CompiledWorkflow, case: Case, firing: Firing) -> Step | Refusal:
    """Decide a recusal, a remark or a correction.

    - `recuse` with `actor` declares or requests that a person is kept off the case; their acts are refused from then
      on. With a `ruling`, `kept_off` or `admitted`, it decides the question, or orders it unasked. Neither the person
      concerned nor the one who asked can rule.
    - `note` appends the written reason as a remark.
    - `correct` with `seq` and `data` supersedes wrong values of an earlier entry; that entry stays as it is.
    """
    reasons = [*_anyone(workflow, case, firing), *STANDING[firing.trigger](workflow, case, firing)]
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
        sets=_right_values(workflow, case, firing, []) if corrects else {},
        documents=firing.documents,
    )


def _anyone(workflow: CompiledWorkflow, case: Case, firing: Firing) -> Iterator[Reason]:
    """Give the reasons that hold for all three: a role of the workflow, no recusal, a written reason."""
    actor, known = firing.actor, workflow.definition.roles
    if not actor.roles & known.keys():
        detail = {"needs": sorted(known), "has": sorted(actor.roles)}
        yield Reason("role", f"`{firing.trigger}` needs any role of `{case.workflow}`; {actor.id} has none", detail)
    if actor.id in case.memory.kept_off:
        yield kept_off(case.memory, actor)
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
    if case.closed:
        yield Reason("state", "`recuse` is not possible: the case is closed", {"state": case.state})
    asked = case.memory.kept_off.get(person)
    if ruling is None:
        if asked is not None:
            yield Reason("state", f"{person} is kept off this case already", {"actor": person, "since": asked})
    elif ruling not in (ADMITTED, KEPT_OFF):
        yield Reason("data", f"a ruling is `{KEPT_OFF}` or `{ADMITTED}`", {"ruling": str(ruling)})
    elif firing.actor.id in (person, asked):
        yield Reason("four_eyes", f"a different person than {firing.actor.id} must rule on this", {"actor": person})
    elif ruling == ADMITTED and asked is None:
        yield Reason("state", f"{person} is not kept off this case", {"actor": person})


def _correct(workflow: CompiledWorkflow, case: Case, firing: Firing) -> Iterator[Reason]:
    if set(firing.data) != {"seq", "data"} or not isinstance(firing.data["data"], Mapping) or not firing.data["data"]:
        cure = 'give {"seq": N, "data": {FIELD: VALUE}}'
        yield Reason("data", f"`correct` names an entry and its right values; {cure}", {"given": sorted(firing.data)})
        return
    wrong = firing.superseded
    if wrong is None or wrong.kind not in ("transition", "act", "correction"):
        yield Reason("data", f"no entry {firing.data['seq']} that carries data on this case", {"field": "seq"})
        return
    roles = _roles_of(workflow, wrong)
    if roles and not roles & firing.actor.roles:
        message = f"correcting `{wrong.trigger}` needs a role that may do it: {', '.join(sorted(roles))}"
        yield Reason("role", message, {"needs": sorted(roles), "has": sorted(firing.actor.roles)})
    reasons: list[Reason] = []
    _right_values(workflow, case, firing, reasons)
    yield from reasons


STANDING: Mapping[str, Callable[[CompiledWorkflow, Case, Firing], Iterator[Reason]]] = {
    "recuse": _recuse,
    "note": _note,
    "correct": _correct,
}


def _roles_of(workflow: CompiledWorkflow, wrong: Entry) -> frozenset[str]:
    """Find the roles that may do what the wrong entry did; none for a correction, which anybody's role may mend."""
    if wrong.seq == 1:
        return workflow.start.roles
    rules = workflow.rules.get(wrong.trigger, ())
    return frozenset(role for rule in rules for role in rule.roles)


def _right_values(workflow: CompiledWorkflow, case: Case, firing: Firing, reasons: list[Reason]) -> dict[str, Any]:
    """Check the right values against the fields that the wrong entry carried and that still stand."""
    wrong, values = firing.superseded, {}
    carried = {} if wrong is None else {**wrong.withheld, **wrong.data, **wrong.sets}
    for name, value in firing.data["data"].items():
        declared = workflow.definition.data.get(name)
        if wrong is None or declared is None or name not in carried:
            known = ", ".join(sorted(carried.keys() & workflow.definition.data.keys())) or "none"
            reasons.append(Reason("data", f"that entry gave no field `{name}`; it gave: {known}", {"field": name}))
            continue
        if carried[name] != case.data.get(name) and not _erased(name, wrong, case):
            reasons.append(Reason("data", f"a later act changed `{name}`; correct that entry", {"field": name}))
            continue
        try:
            values[name] = accept(declared, value, name)
        except FieldError as error:
            reasons.append(Reason("data", str(error), {"field": name}))
    return values


def _erased(name: str, wrong: Entry, case: Case) -> bool:
    """Whether a withheld value was erased and none was given since."""
    return name in wrong.withheld and name not in wrong.data and name not in case.data
