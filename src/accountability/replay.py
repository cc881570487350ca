"""The past, recomputed: a case as its entries tell it, and whether its law allowed each of them.

`fold` needs no law: it applies entries, as the engine did. `retrace` asks the law again, entry by entry, with the facts
that each entry says were seen, and reports every entry that the law does not give.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accountability.audit.entry import Actor, Entry
from accountability.machine.case import Case, Facts, Firing, Refusal, Step, advance
from accountability.machine.compiler import CompiledRule, CompiledWorkflow
from accountability.machine.erasure import erasure
from accountability.machine.step import start, step

HELD_IN = ("data", "input")
"""Names under which rules read the fields of a case."""


@dataclass(frozen=True, slots=True)
class Retraced:
    """One entry, looked at again.

    Attributes:
        entry: The entry.
        case: The case after it, without withheld fields.
        differences: What the law says otherwise, a sentence each; empty when it agrees.
        erased: Whether a value that was erased since may be why it differs.
    """

    entry: Entry
    case: Case
    differences: tuple[str, ...]
    erased: bool


def fold(entries: Iterable[Entry]) -> Case | None:
    """Apply the entries of one case, oldest first; None when there are none. Refusals change nothing."""
    case = None
    for entry in entries:
        if entry.kind != "refusal":
            case = advance(case, entry)
    return case


def retrace(
    law: CompiledWorkflow,
    entries: Iterable[Entry],
    values: Callable[[Entry], Mapping[str, Any]],
    facts: Callable[[Entry], Facts],
) -> Iterator[Retraced]:
    """Ask the law again about every entry of one case.

    Args:
        law: The law that the case is pinned to.
        entries: The chain of the case, oldest first; refusals are passed over.
        values: For an entry, the values of its withheld fields that are still kept.
        facts: For an entry, what the other cases it saw said at that time.

    Yields:
        Each entry with the case after it, and what differs.
    """
    case: Case | None = None
    chain: list[Entry] = []
    opened: list[Mapping[str, Any]] = []
    kept: dict[str, Any] = {}
    lost: set[str] = set()
    for entry in entries:
        if entry.kind == "refusal":
            continue
        known = values(entry)
        gone = entry.withheld.keys() - known.keys()
        lost |= gone
        before = None if case is None else replace(case, data={**case.data, **kept})
        firing = _firing(law, entry, known, chain)
        outcome = _decide(law, before, firing, entry, facts(entry))
        differences = (*_compare(outcome, entry, known), *_overlooked(law, before, entry, opened))
        kept |= known
        opened += entry.children
        case = advance(case, entry)
        chain.append(replace(entry, data={**entry.data, **known}) if known else entry)
        yield Retraced(entry, case, differences, erased=bool(gone) or _rests_on(law, entry, lost))


def _firing(law: CompiledWorkflow, entry: Entry, known: Mapping[str, Any], chain: list[Entry]) -> Firing:
    """Write an entry back as the attempt it came from."""
    data = {**entry.data, **{name: value for name, value in known.items() if name not in _computed(law, entry)}}
    superseded = None
    if entry.kind == "correction":
        data = {"seq": entry.data["seq"], "data": {**entry.sets, **known}}
        place = entry.data["seq"] - 1
        superseded = chain[place] if 0 <= place < len(chain) else None
    return Firing(
        trigger=entry.trigger,
        actor=entry.actor,
        data=data,
        documents=entry.documents,
        reason=entry.reason,
        occurred=entry.occurred,
        superseded=superseded,
    )


def _computed(law: CompiledWorkflow, entry: Entry) -> frozenset[str]:
    """Name the withheld fields that the rule computed, or a default filled, rather than the actor gave."""
    rule = _rule(law, entry)
    return frozenset() if rule is None else law.withheld - rule.fields.keys()


def _rule(law: CompiledWorkflow, entry: Entry) -> CompiledRule | None:
    if entry.seq == 1:
        return law.start
    rules = law.rules.get(entry.trigger, ())
    return rules[entry.rule] if entry.rule is not None and entry.rule < len(rules) else None


def _rests_on(law: CompiledWorkflow, entry: Entry, fields: Collection[str]) -> bool:
    """Whether what a trigger's rules say may depend on some fields."""
    rules = (law.start,) if entry.seq == 1 else law.rules.get(entry.trigger, ())
    read = {name for rule in rules for name in rule.reads}
    names = {f"{place}.{field}." for field in fields for place in HELD_IN}
    return bool(names and read & {*HELD_IN}) or any(f"{name}.".startswith(field) for name in read for field in names)


def _decide(law: CompiledWorkflow, case: Case | None, firing: Firing, entry: Entry, facts: Facts) -> Step | Refusal:
    if case is None:
        return start(law, firing, entry.at, facts)
    if entry.kind == "erasure":
        approver = Actor(**entry.data["approved_by"])
        return erasure(law, case, firing, tuple(entry.data["fields"]), approver)
    return step(law, case, firing, entry.at, facts)


def _compare(outcome: Step | Refusal, entry: Entry, known: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(outcome, Refusal):
        why = "; ".join(reason.message for reason in outcome.reasons)
        yield f"the law refuses `{entry.trigger}` here: {why}"
        return
    pairs = {
        "kind": (outcome.kind, entry.kind),
        "rule": (outcome.rule, entry.rule),
        "from": (outcome.source, entry.source),
        "to": (outcome.target, entry.target),
        "closed": (outcome.closed, entry.closed),
        "role": (outcome.role, entry.role),
        "data": ({**outcome.data, **outcome.sets}, {**entry.data, **entry.sets, **known}),
        "opened": ([(one.link, one.workflow) for one in outcome.opens], _opened(entry)),
        "published": (outcome.published, entry.published),
    }
    for name, (lawful, recorded) in pairs.items():
        if lawful != recorded:
            yield f"`{name}` does not follow from the law"


def _opened(entry: Entry) -> list[tuple[Any, Any]]:
    return [(child["link"], child["workflow"]) for child in entry.children]


def _overlooked(
    law: CompiledWorkflow, case: Case | None, entry: Entry, opened: list[Mapping[str, Any]]
) -> Iterator[str]:
    """Name cases that the rule had to look at and the entry does not mention."""
    rule = _rule(law, entry)
    if rule is None:
        return
    if rule.asks_people and case is not None and case.parent is not None and case.parent not in entry.saw:
        yield f"the case {case.parent} that opened this one was not looked at"
    for child in opened:
        if child["link"] in rule.links and child["case"] not in entry.saw:
            yield f"the child case {child['case']} was not looked at"
