"""Erasing personal values: on whose word, and what of it stays in the record."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.audit.disclosure import warrant
from accountability.audit.entry import Actor
from accountability.definition.nearest import did_you_mean
from accountability.errors import Reason
from accountability.machine.case import Case, Facts, Firing, Refusal, Step
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.permission import recused


def erasure(
    law: CompiledWorkflow, case: Case, firing: Firing, fields: tuple[str, ...], approver: Actor, facts: Facts
) -> Step | Refusal:
    """Decide whether personal values may be erased: two people of the workflow, a written reason, personal fields.

    The entry names the fields and both people. The commitments stay, so a verifier can tell an erasure with a warrant
    from a value that went missing.
    """
    reasons = tuple(_objections(law, case, firing, fields, approver, facts))
    if reasons:
        return Refusal(firing.trigger, reasons)
    return Step(
        kind="erasure",
        trigger=firing.trigger,
        rule=None,
        source=case.state,
        target=case.state,
        data=warrant(fields, approver),
    )


def _objections(
    law: CompiledWorkflow, case: Case, firing: Firing, fields: tuple[str, ...], approver: Actor, facts: Facts
) -> Iterator[Reason]:
    declared = law.definition.data
    personal = sorted(name for name, field in declared.items() if field.personal)
    if not fields:
        yield Reason("data", "no field is named", {"personal": personal})
    for name in fields:
        if name not in personal:
            what = "is not personal" if name in declared else "is not declared"
            yield Reason("data", f"the field `{name}` {what}; {did_you_mean(name, personal)}", {"field": name})
    if firing.actor.id == approver.id:
        yield Reason("four_eyes", f"a different person than {approver.id} must approve", {"actor": approver.id})
    for actor in (firing.actor, approver):
        if not actor.roles & law.definition.roles.keys():
            yield Reason("role", f"{actor.id} has no role of `{case.workflow}`", {"has": sorted(actor.roles)})
        elif unread := sorted({*fields} & {*personal} - law.readable(actor.roles)):
            names = ", ".join(f"`{name}`" for name in unread)
            yield Reason("role", f"{actor.id} may not read {names}, so may not erase it", {"has": sorted(actor.roles)})
        yield from recused(case, actor, facts)
    if not (firing.reason or "").strip():
        yield Reason("reason", "an erasure needs its legal basis as a written reason", {"needs": "reason"})
