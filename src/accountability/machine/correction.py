"""Correcting an act: what was wrong, and whether its own rule would have allowed it with the right values.

A correction is judged as if the corrected act were done by the corrector at the time and in the place of the wrong one:
the same role, four eyes and guards. So nothing can be reached by correcting that could not have been done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountability.errors import Reason
from accountability.machine.attempt import Attempt
from accountability.machine.case import Case, Firing, Superseded
from accountability.machine.compiled_rule import CompiledRule
from accountability.machine.compiler import CompiledWorkflow


def objections_to_correction(workflow: CompiledWorkflow, case: Case, firing: Firing) -> Iterator[Reason]:
    """Give every reason why this correction may not be made."""
    if set(firing.data) != {"seq", "data"} or not isinstance(firing.data["data"], Mapping) or not firing.data["data"]:
        cure = 'give {"seq": N, "data": {FIELD: VALUE}}'
        yield Reason("data", f"`correct` names an entry and its right values; {cure}", {"given": sorted(firing.data)})
        return
    wrong = firing.superseded
    rule = None if wrong is None else rule_of(workflow, wrong)
    if wrong is None or rule is None:
        yield Reason("data", f"no entry {firing.data['seq']} that carries data on this case", {"field": "seq"})
        return
    if rule.signatures is not None:
        message = f"`{rule.trigger}` was signed by several people, so one cannot correct it; do it again, or add a note"
        yield Reason("signature", message, {"trigger": rule.trigger})
        return
    known, values = wrong.data.keys() & rule.fields.keys(), firing.data["data"]
    for name in values:
        if name not in known and name not in wrong.entry.withheld:
            given = ", ".join(sorted(known)) or "none"
            yield Reason("data", f"that act gave no field `{name}`; it gave: {given}", {"field": name})
        elif name in wrong.relied and values[name] != wrong.data.get(name):
            message = f"{wrong.relied[name]} rests on `{name}`; do anew what has to be done, or add a note"
            yield Reason("data", message, {"field": name, "rests": wrong.relied[name]})
        elif _changed_since(name, wrong, case):
            yield Reason("data", f"a later act changed `{name}`; correct that one", {"field": name})
    if values.keys() <= known | wrong.entry.withheld.keys():
        yield from _judged(workflow, firing, wrong, rule)


def corrected(workflow: CompiledWorkflow, case: Case, firing: Firing) -> dict[str, Any]:
    """Work out what a correction that may be made puts right: the given values, and what the rule computes from them.

    A computed value that a later act has changed since stays as it is.
    """
    wrong = firing.superseded
    rule = None if wrong is None else rule_of(workflow, wrong)
    if wrong is None or rule is None:
        return {}
    right, before = _attempt(workflow, firing, wrong, rule), _attempt(workflow, firing, wrong, rule, as_it_was=True)
    values = {name: right.given[name] for name in firing.data["data"]}
    computed = {
        name: value
        for name, value in right.sets.items()
        if value != before.sets.get(name) and case.data.get(name) == before.sets.get(name)
    }
    return {**computed, **values}


def rule_of(workflow: CompiledWorkflow, wrong: Superseded) -> CompiledRule | None:
    """Find the rule under which an act was done; None for acts that no rule of the workflow allowed."""
    if wrong.before is None:
        return workflow.start
    rules = workflow.rules.get(wrong.entry.trigger, ())
    index = wrong.entry.rule
    return rules[index] if index is not None and index < len(rules) else None


def _judged(workflow: CompiledWorkflow, firing: Firing, wrong: Superseded, rule: CompiledRule) -> Iterator[Reason]:
    """Ask the act's own rule about the corrected act."""
    attempt = _attempt(workflow, firing, wrong, rule)
    gone = wrong.entry.withheld.keys() - wrong.data.keys()
    for reason in (reason for miss in attempt.misses for reason in miss):
        # What was given then and erased since need not be given again.
        if not (reason.code == "data" and reason.detail.get("field") in gone - firing.data["data"].keys()):
            yield reason
    if not attempt.misses and attempt.opens != _attempt(workflow, firing, wrong, rule, as_it_was=True).opens:
        message = f"`{rule.trigger}` opened cases with these values; correct them there"
        yield Reason("data", message, {"opened": [child["case"] for child in wrong.entry.children][:10]})


def _attempt(
    workflow: CompiledWorkflow, firing: Firing, wrong: Superseded, rule: CompiledRule, *, as_it_was: bool = False
) -> Attempt:
    """Try the act again in its own place and time, by whoever corrects it, with the right values or as it was."""
    entry = wrong.entry
    given = {name: value for name, value in wrong.data.items() if name in rule.fields}
    again = Firing(
        trigger=rule.trigger,
        actor=firing.actor,
        data=given if as_it_was else {**given, **firing.data["data"]},
        documents=entry.documents,
        reason=entry.reason,
        occurred=entry.occurred,
    )
    state = entry.target or workflow.initial
    attempt = Attempt(workflow, wrong.before, again, entry.at, wrong.facts, state)
    attempt.fits(rule)
    return attempt


def _changed_since(name: str, wrong: Superseded, case: Case) -> bool:
    """Whether another act than the wrong one gave the field its present value; an erased field has none."""
    return name in case.data and case.data[name] != wrong.data.get(name)
