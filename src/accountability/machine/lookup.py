"""Which cases of other workflows a rule looks at: worked out before an act, and checked in it.

The engine asks `wanted` what to look up, finds the cases, and hands them over as `Facts.looked`. The step then asks
again, with the data of the very act it judges: only where both ask for the same, the cases may be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accountability.definition.fields import FieldError, accept
from accountability.errors import EvaluationError
from accountability.guards import json_value
from accountability.machine.case import Actor, Case, Firing, Looked
from accountability.machine.compiled_rule import CompiledRule
from accountability.machine.compiler import CompiledRead, CompiledWorkflow
from accountability.machine.permission import pending

LOOKED_MAX = 500
"""How many cases one name under `reads` may find: each stands in the entry that saw it."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question to the store: the cases of a workflow whose clear data hold these values.

    Attributes:
        name: The name under `reads`.
        workflow: Whose cases.
        where: Field -> the value it must hold, as JSON; the first is the one to search by.
    """

    name: str
    workflow: str
    where: Mapping[str, Any]

    def finds(self, case: Case) -> bool:
        """Whether a case, as far as its data are in clear, is one of those that are asked for."""
        data = case.data
        return case.workflow == self.workflow and all(
            name in data and _same(json_value(data[name]), value) for name, value in self.where.items()
        )


def wanted(
    law: CompiledWorkflow, case: Case | None, firing: Firing, now: datetime, parent: str | None = None
) -> tuple[Lookup, ...]:
    """Say what to look up before somebody tries something.

    Args:
        law: The law.
        case: The case as it is, withheld fields included; None where one is to be opened.
        firing: The attempt.
        now: The moment of the attempt, UTC.
        parent: The case that is about to open one, if one does.

    Returns:
        One lookup for each name under `reads` that the rules of this trigger ask for in this state. What cannot be
        worked out is left out: the rule that needs it cannot be decided then.
    """
    if not law.reads:
        return ()
    rules = _rules(law, case, firing.trigger)
    names = frozenset[str]().union(*(rule.looks for rule in rules))
    if not names:
        return ()
    about = about_new(law, now, parent) if case is None else about_case(case)
    context = {"data": _data(law, case, firing, rules), "actor": about_actor(firing.actor), "case": about, "now": now}
    return _lookups(law, names, context)


def looked(lookups: Iterable[Lookup], cases: Collection[Case], own: str | None) -> dict[str, Looked]:
    """Divide cases among the lookups that find them, oldest first; a case never finds itself."""
    return {
        lookup.name: Looked(
            lookup.where,
            tuple(
                sorted(
                    (case for case in cases if case.id != own and lookup.finds(case)),
                    key=lambda found: (found.opened_at, found.id),
                )
            ),
        )
        for lookup in lookups
    }


def seen(
    law: CompiledWorkflow, rule: CompiledRule, context: Mapping[str, Any], given: Mapping[str, Looked]
) -> dict[str, list[dict[str, Any]]]:
    """Give the cases under `reads` as one rule may see them, without those that were looked up for other values."""
    shown = {}
    for lookup in _lookups(law, rule.looks, context):
        found = given.get(lookup.name)
        if found is not None and _same(found.where, lookup.where):
            shown[lookup.name] = [
                {"id": case.id, "state": case.state, "closed": case.closed, "data": case.data} for case in found.cases
            ]
    return shown


def too_many(rule: CompiledRule, given: Mapping[str, Looked]) -> str | None:
    """Name what a rule asks for that finds more cases than can be recorded; None where nothing does."""
    return next((name for name in sorted(rule.looks) if name in given and len(given[name].cases) > LOOKED_MAX), None)


def about_actor(actor: Actor) -> dict[str, Any]:
    """Give a person as guards see them."""
    return {"id": actor.id, "roles": sorted(actor.roles), **({"unit": actor.unit} if actor.unit else {})}


def about_case(case: Case) -> dict[str, Any]:
    """Give a case as guards see it."""
    about = {"id": case.id, "state": case.state, "opened_at": case.opened_at, "seq": case.seq}
    return about if case.parent is None else {**about, "parent": case.parent}


def about_new(law: CompiledWorkflow, now: datetime, parent: str | None) -> dict[str, Any]:
    """Give a case that is to be opened as guards see it."""
    about = {"id": "", "state": law.initial, "opened_at": now, "seq": 0}
    return about if parent is None else {**about, "parent": parent}


def _rules(law: CompiledWorkflow, case: Case | None, trigger: str) -> tuple[CompiledRule, ...]:
    if case is None:
        return (law.start,)
    return tuple(law.rules[trigger][index] for index in law.rules_at.get(trigger, {}).get(case.state, ()))


def _data(law: CompiledWorkflow, case: Case | None, firing: Firing, rules: Iterable[CompiledRule]) -> dict[str, Any]:
    """Give the case's data with the input merged, as far as it can be read; what does not fit is refused anyhow."""
    given: Mapping[str, Any] = firing.data
    if case is not None and not firing.data and not firing.documents:
        signed = (pending(rule, case.memory) for rule in rules if rule.signatures is not None)
        given = next((signatures[0].data for signatures in signed if signatures), given)
    data = dict(law.defaults if case is None else case.data)
    for name, value in given.items():
        if (declared := law.definition.data.get(name)) is not None:
            try:
                data[name] = accept(declared, value, name)
            except FieldError:
                continue
    return data


def _lookups(law: CompiledWorkflow, names: Iterable[str], context: Mapping[str, Any]) -> tuple[Lookup, ...]:
    return tuple(
        Lookup(name, law.reads[name].workflow, where)
        for name in sorted(names)
        if (where := _where(law.reads[name], context)) is not None
    )


def _where(read: CompiledRead, context: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return {name: json_value(guard.value(context)) for name, guard in read.where}
    except EvaluationError:
        return None


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; `1` and `true` are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return type(one) is type(other) and bool(one == other)
