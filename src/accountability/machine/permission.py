"""May this person do this: roles, recusal, four eyes, separation of functions, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountability.audit.entry import Actor
from accountability.definition.model import SYSTEM
from accountability.errors import Reason
from accountability.machine.case import Case, Facts, Memory, Signed
from accountability.machine.compiled_rule import CompiledRule


def objections(rule: CompiledRule, case: Case | None, actor: Actor, facts: Facts) -> Iterator[Reason]:
    """Give every reason why this person may not do this, whatever else is right about the act."""
    if not rule.roles & actor.roles:
        yield _role(rule, actor)
    if case is None:
        return
    if case.memory.kept_off or facts.parent_memory.kept_off:
        yield from recused(case, actor, facts)
    if rule.asks_people:
        yield from _separation(rule, case.memory.people, facts.parent_memory.people, actor)
    if rule.signatures is not None:
        yield from _signature(rule, pending(rule, case.memory), actor)


def recused(case: Case, actor: Actor, facts: Facts) -> Iterator[Reason]:
    """Give a reason when a recusal stands against this person, on this case or on the one it was opened from."""
    for place, memory in (("this case", case.memory), ("the case that opened this one", facts.parent_memory)):
        if actor.id in memory.kept_off:
            message = f"{actor.id} is kept off {place} until a different person rules on it"
            yield Reason("recused", message, {"actor": actor.id, "asked_by": memory.kept_off[actor.id]})


def pending(rule: CompiledRule, memory: Memory) -> tuple[Signed, ...]:
    """List the signatures already given under a rule."""
    return tuple(signed for signed in memory.signatures if signed.trigger == rule.trigger and signed.rule == rule.index)


def signing_role(rule: CompiledRule, given: tuple[Signed, ...], actor: Actor) -> str | None:
    """Choose the role in which a signature counts: the first, by the alphabet, that is still needed."""
    if isinstance(rule.signatures, int):
        return min(rule.roles & actor.roles, default=None)
    missing = missing_signatures(rule, given)
    return min(rule.roles & actor.roles & missing.keys(), default=None)


def missing_signatures(rule: CompiledRule, given: tuple[Signed, ...]) -> dict[str, int]:
    """Count the signatures still needed, by role; under `any` where the rule does not say which role."""
    if isinstance(rule.signatures, int):
        left = rule.signatures - len(given)
        return {"any": left} if left > 0 else {}
    needed = dict(rule.signatures or {})
    for signed in given:
        needed[signed.role] = needed.get(signed.role, 0) - 1
    return {role: count for role, count in needed.items() if count > 0}


def _role(rule: CompiledRule, actor: Actor) -> Reason:
    wanted = sorted(rule.roles)
    if wanted == [SYSTEM]:
        message = f"only the engine itself does `{rule.trigger}`"
    else:
        message = f"`{rule.trigger}` needs the role {' or '.join(wanted)}; {actor.id} has {_list(actor.roles)}"
    return Reason("role", message, {"needs": wanted, "has": sorted(actor.roles)})


def _separation(
    rule: CompiledRule,
    here: Mapping[str, tuple[str, ...]],
    above: Mapping[str, tuple[str, ...]],
    actor: Actor,
) -> Iterator[Reason]:
    for trigger in rule.not_by:
        if actor.id in here.get(trigger, ()) or actor.id in above.get(trigger, ()):
            detail: dict[str, Any] = {"actor": actor.id, "did": trigger, "rule": "not_by"}
            yield Reason("four_eyes", f"{actor.id} did `{trigger}`, so a different person must do this", detail)
    for trigger in rule.same_as:
        did = here.get(trigger) or above.get(trigger, ())
        if actor.id not in did:
            detail = {"actor": actor.id, "did": list(did), "trigger": trigger, "rule": "same_as"}
            yield Reason("four_eyes", f"only who did `{trigger}` may do this, and {actor.id} did not", detail)


def _signature(rule: CompiledRule, given: tuple[Signed, ...], actor: Actor) -> Iterator[Reason]:
    if any(signed.person == actor.id for signed in given):
        yield Reason("signature", f"{actor.id} has signed already; a different person must sign", {"actor": actor.id})
    elif rule.roles & actor.roles and signing_role(rule, given, actor) is None:
        missing = missing_signatures(rule, given)
        message = f"no more signature of {_list(actor.roles)} is needed; missing: {_list(missing)}"
        yield Reason("signature", message, {"has": sorted(actor.roles), "missing": missing})


def _list(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
