"""One attempt under one rule: everything that must hold for it, and what it works out when it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accountability.calendars.zones import zone_of
from accountability.definition.fields import FieldError, accept
from accountability.definition.model import SYSTEM, DataField, Publishes, Text
from accountability.definition.nearest import nearest
from accountability.guards import EvaluationError, Guard, json_value
from accountability.machine.case import Actor, Case, Document, Facts, Firing, Memory, Opening, Reason, Refusal, Step
from accountability.machine.compiled_rule import CompiledOpens, CompiledRule
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.deadlines import objections_to_extension
from accountability.machine.lookup import LOOKED_MAX, about_actor, about_case, about_new, seen, too_many
from accountability.machine.permission import missing_signatures, objections, pending, signing_role

OPENS_MAX = 200
"""How many child cases one act may open: their hashes must fit into its entry."""


UNSAID = Reason("guard", "a guard does not hold", {})
"""Stands for the explanation where nobody will read it."""


@dataclass(slots=True)
class Attempt:
    """One firing on its way through the table: it judges the rules it meets and remembers why they did not fit.

    A `terse` one does not put into words which values decided: nobody will read it.
    """

    workflow: CompiledWorkflow
    case: Case | None
    firing: Firing
    now: datetime
    facts: Facts
    state: str
    taken: CompiledRule | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    opens: tuple[Opening, ...] = ()
    misses: list[list[Reason]] = field(default_factory=list)
    terse: bool = False

    @property
    def memory(self) -> Memory:
        """What the case remembers; nothing before it is opened."""
        return Memory() if self.case is None else self.case.memory

    def left_last(self, compound: str) -> str | None:
        """Name the inner state that the case left last."""
        return self.memory.left.get(compound)

    def fits(self, rule: CompiledRule) -> bool:
        """Judge one rule, and work out what it computes when it fits."""
        reasons = list(objections(rule, self.case, self.firing.actor, self.facts))
        self._take_in(rule, reasons)
        if rule.awaits:
            reasons += awaited(rule, self.facts)
        if rule.extends is not None:
            reasons += objections_to_extension(self.workflow, rule, self.case, self.firing, self.now, self.facts)
        if rule.looks and (name := too_many(rule, self.facts.looked)) is not None:
            reasons.append(Reason("guard", f"`reads.{name}` finds more than {LOOKED_MAX} cases", {"reads": name}))
        if rule.guards:
            context = self.context(rule)
            well_given = not any(reason.code == "data" for reason in reasons)
            for guard, otherwise in rule.guards:
                if self.terse:
                    reasons += [] if _holds(guard, context) else [UNSAID]
                else:
                    reasons += verdict(guard, otherwise, context, self.workflow.hidden, well_given)
        if not reasons:
            self._compute(rule, reasons)
        if reasons:
            self.misses.append(reasons)
            return False
        self.taken = rule
        return True

    def _take_in(self, rule: CompiledRule, reasons: list[Reason]) -> None:
        """Check what was given with the act against what the rule asks for."""
        firing, given = self.firing, pending(rule, self.memory) if rule.signatures is not None else ()
        if given and not firing.data and not firing.documents:
            self.given, self.documents = given[0].data, given[0].documents
        else:
            self.given, self.documents = take_in(rule.fields, rule.needs, firing.data, reasons), firing.documents
            if rule.declared.documents:
                reasons += documents(rule, firing.documents)
            if given and (self.given != given[0].data or self.documents != given[0].documents):
                reasons.append(_signs_another(rule, given[0].person))
        if firing.occurred is not None and firing.occurred > self.now:
            reasons.append(Reason("data", "`occurred` lies in the future", {"field": "occurred"}))
        if rule.declared.reason == "required" and not (firing.reason or "").strip():
            reasons.append(Reason("reason", f"`{rule.trigger}` needs a written reason", {"needs": "reason"}))

    def data(self) -> dict[str, Any]:
        """Give the case's data with the input merged."""
        return {**(self.workflow.defaults if self.case is None else self.case.data), **self.given}

    def context(self, rule: CompiledRule) -> dict[str, Any]:
        """Give what a guard can see."""
        case, memory, facts = self.case, self.memory, self.facts
        context: dict[str, Any] = {
            "data": self.data(),
            "input": self.given,
            "actor": about_actor(self.firing.actor),
            "case": about_case(case) if case else about_new(self.workflow, self.now, facts.parent),
            "now": self.now,
            "times": memory.times,
            "visited": memory.visited,
            "children": children_by_link(facts) if rule.links else {},
        }
        if rule.looks:
            context["reads"] = seen(self.workflow, rule, context, facts.looked)
        if "today" in rule.reads and (zone := self.workflow.zone(facts.calendar)) is not None:
            context["today"] = self.now.astimezone(zone_of(zone)).date()
        return context

    def _compute(self, rule: CompiledRule, reasons: list[Reason]) -> None:
        """Work out `sets` and `opens`; a failure is one more reason."""
        self.sets, self.opens = {} if self.case is not None else self._defaults(), ()
        if not (rule.sets or rule.opens):
            return
        context = self.context(rule)
        try:
            computed = {name: _computed(name, declared, guard, context) for name, declared, guard in rule.sets}
            self.sets = {**self.sets, **computed}
            context["data"] = {**context["data"], **computed}
            self.opens = tuple(
                opening for opened in rule.opens for opening in openings(opened, context, self.firing.actor)
            )
            reasons += _not_held(rule, self.opens, self.firing.actor)
        except EvaluationError as error:
            because = "(withheld)" if rule.reads & self.workflow.hidden else str(error)
            reasons.append(Reason("guard", f"`{rule.trigger}` cannot be worked out: {because}", {}))
        except FieldError as error:
            reasons.append(Reason("data", f"`{rule.trigger}` works out a value that does not fit: {error}", {}))
        if len(self.opens) > OPENS_MAX:
            reasons.append(
                Reason("data", f"`{rule.trigger}` would open {len(self.opens)} cases at once; at most {OPENS_MAX}", {})
            )

    def _defaults(self) -> dict[str, Any]:
        return {name: value for name, value in self.workflow.defaults.items() if name not in self.given}

    def step(self, rule: CompiledRule) -> Step:
        """Say what should happen under the rule that fits."""
        source = None if self.case is None else self.case.state
        firing = self.firing
        if rule.signatures is not None:
            given = pending(rule, self.memory)
            role = signing_role(rule, given, firing.actor) or ""
            if len(given) + 1 < _signatures_needed(rule):
                return Step(
                    kind="signature",
                    trigger=rule.trigger,
                    rule=rule.index,
                    source=source,
                    target=source or "",
                    data=self.given,
                    documents=self.documents,
                    role=role,
                )
        return Step(
            kind="transition" if rule.moves else "act" if rule.extends is None else "deadline",
            trigger=rule.trigger,
            rule=rule.index,
            source=source,
            target=self.state,
            closed=self.state in self.workflow.final if rule.moves else None,
            data=self.given,
            sets=self.sets,
            documents=self.documents,
            opens=self.opens,
            published=None if rule.declared.publishes is None else self._published(rule.declared.publishes),
        )

    def _published(self, publishes: Publishes) -> dict[str, Any]:
        """Say what goes into the public register, with the values the case then has."""
        data = {**self.data(), **self.sets}
        published: dict[str, Any] = {
            "channels": list(publishes.channels),
            "data": {name: data[name] for name in publishes.fields if name in data},
        }
        return published if publishes.objection is None else {**published, "objection": publishes.objection}

    def refusal(self, reasons: tuple[Reason, ...] = ()) -> Refusal:
        """Say why not: the rule that missed by least comes first, and no reason is said twice."""
        nearest_first = [reason for miss in sorted(self.misses, key=len) for reason in miss]
        unique = {(reason.code, reason.message): reason for reason in (*reasons, *nearest_first)}
        return Refusal(self.firing.trigger, tuple(unique.values()), recordable(self.workflow, self.firing))


def take_in(
    fields: Mapping[str, DataField], needs: tuple[str, ...], data: Mapping[str, Any], reasons: list[Reason]
) -> dict[str, Any]:
    """Check given data field by field, and return it in JSON form; what is wrong is added to the reasons."""
    taken = {}
    for name, value in data.items():
        declared = fields.get(name)
        if declared is None:
            reasons.append(_not_asked(name, fields))
            continue
        try:
            taken[name] = accept(declared, value, name)
        except FieldError as error:
            detail = {"field": name} | ({} if error.cure is None else {"cure": error.cure})
            reasons.append(Reason("data", str(error), detail))
    for name in needs:
        if name not in data:
            wanted = fields[name].type
            reasons.append(Reason("data", f"the field `{name}` is needed ({wanted})", {"field": name, "type": wanted}))
    return taken


def documents(rule: CompiledRule, given: tuple[Document, ...]) -> Iterator[Reason]:
    """Give a reason for each document that is missing; others may come along."""
    names = {document.name for document in given}
    for name in rule.declared.documents:
        if name not in names:
            yield Reason("document", f"the document `{name}` must come with `{rule.trigger}`", {"document": name})


def awaited(rule: CompiledRule, facts: Facts) -> Iterator[Reason]:
    """Give a reason for each link under which a child is still open."""
    for link in rule.awaits:
        still = [child.id for child in facts.children if child.link == link and not child.closed]
        if still:
            plural = "case is" if len(still) == 1 else "cases are"
            yield Reason(
                "awaits",
                f"{len(still)} {link} {plural} still open",
                {"link": link, "open": still[:10], "count": len(still)},
            )


def verdict(
    guard: Guard, otherwise: Text | None, context: Mapping[str, Any], hidden: frozenset[str], well_given: bool
) -> Iterator[Reason]:
    """Give the reason why a guard does not hold, if it does not.

    An error while deciding is a refusal, never a pass. When the input is wrong already, an error says nothing new.
    """
    try:
        if guard.holds(context):
            return
        because = guard.explain(context, hidden).as_text()
        message = because if otherwise is None else in_english(otherwise)
    except EvaluationError as error:
        if not well_given:
            return
        because = "(withheld)" if hidden & guard.reads else str(error)
        message = f"`{guard.text}` cannot be decided: {because}"
    detail: dict[str, Any] = {"guard": guard.text, "because": because}
    yield Reason("guard", message, detail if otherwise is None else {**detail, "else": otherwise})


def _holds(guard: Guard, context: Mapping[str, Any]) -> bool:
    try:
        return guard.holds(context)
    except EvaluationError:
        return False


def openings(opened: CompiledOpens, context: Mapping[str, Any], actor: Actor) -> Iterator[Opening]:
    """List the child cases that one `opens` asks for."""
    if opened.when is not None and not opened.when.holds(context):
        return
    role = opened.declared.by
    if role == SYSTEM:
        by = Actor(SYSTEM, {SYSTEM})
    else:
        by = actor if role is None else Actor(actor.id, {role}, actor.unit)
    items = [None] if opened.each is None else opened.each.value(context)
    for item in items:
        seen = context if opened.each is None else {**context, "item": item}
        data = {name: json_value(guard.value(seen)) for name, guard in opened.fields}
        yield Opening(opened.declared.workflow, opened.declared.as_, by, data)


def children_by_link(facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """Arrange the children as guards see them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for child in facts.children:
        found.setdefault(child.link, []).append({"state": child.state, "closed": child.closed, "data": child.data})
    return found


def recordable(workflow: CompiledWorkflow, firing: Firing) -> dict[str, Any]:
    """Return the part of refused data that may enter the record: declared, well typed, not withheld."""
    kept = {}
    for name, value in firing.data.items():
        declared = workflow.definition.data.get(name)
        if declared is not None and not declared.withheld:
            try:
                kept[name] = accept(declared, value, name)
            except FieldError:
                continue
    return kept


def in_english(text: Text) -> str:
    """Choose the English text, or the first there is."""
    return text if isinstance(text, str) else text.get("en") or next(iter(text.values()), "")


def _not_asked(name: str, fields: Mapping[str, DataField]) -> Reason:
    meant = nearest(name, fields)
    cure = f"did you mean `{meant}`?" if meant else f"it takes {', '.join(sorted(fields)) or 'no data'}"
    return Reason("data", f"the field `{name}` is not asked for; {cure}", {"field": name, "asked": sorted(fields)})


def _signs_another(rule: CompiledRule, first: str) -> Reason:
    return Reason(
        "signature",
        f"`{rule.trigger}` was signed by {first} with other content; give none, or exactly the same",
        {"first": first},
    )


def _signatures_needed(rule: CompiledRule) -> int:
    return sum(missing_signatures(rule, ()).values())


def _computed(name: str, declared: DataField, guard: Guard, context: Mapping[str, Any]) -> Any:
    return accept(declared, json_value(guard.value(context)), name)


def _not_held(rule: CompiledRule, opens: tuple[Opening, ...], actor: Actor) -> Iterator[Reason]:
    """Give a reason where a case would be opened in a role that the actor does not hold."""
    for opening in opens:
        missing = opening.actor.roles - actor.roles
        if missing and opening.actor.id != SYSTEM:
            needs, has = sorted(missing), sorted(actor.roles)
            message = f"`{rule.trigger}` opens {opening.link} as {', '.join(needs)}; {actor.id} has {', '.join(has)}"
            yield Reason("role", message, {"needs": needs, "has": has})
            return
