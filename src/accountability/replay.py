"""The past, recomputed: a case as its entries tell it, and whether its law allowed each of them.

`fold` needs no law: it applies entries, as the engine did. `retrace` asks the law again, entry by entry, with the facts
that each entry says were seen, and reports every entry that the law does not give.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple

from accountability.audit.entry import Actor, Entry
from accountability.definition.model import SYSTEM
from accountability.errors import Reason
from accountability.machine.case import Case, Facts, Firing, Refusal, Step, Superseded, advance
from accountability.machine.compiled_rule import CompiledRule
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.correction import rule_of
from accountability.machine.deadlines import passed
from accountability.machine.erasure import erasure
from accountability.machine.lookup import looked, wanted
from accountability.machine.step import start, step

Values = Callable[[Entry], Mapping[str, Any]]
FactsOf = Callable[[Entry, str | None], Facts]

RESTING_ON_DATA = ("rule", "to", "closed", "data", "opened", "published")
"""Parts of an entry that other values of some field could explain."""

PASSING = timedelta(seconds=1)
"""How far the entries of one call may run ahead of its clock, so that each has a time of its own."""

HELD_IN = ("data", "input")
"""Names under which rules read the fields of a case."""


@dataclass(frozen=True, slots=True)
class Retraced:
    """One entry, looked at again.

    Attributes:
        entry: The entry.
        case: The case after it, without withheld fields.
        differences: What the law says otherwise, a sentence each; empty when it agrees.
        undecided: What cannot be judged any more, because it rests on values that were erased since.
    """

    entry: Entry
    case: Case
    differences: tuple[str, ...]
    undecided: tuple[str, ...]


def fold(entries: Iterable[Entry]) -> Case | None:
    """Apply the entries of one case, oldest first; None when there are none. Refusals change nothing."""
    case = None
    for entry in entries:
        if entry.kind != "refusal":
            case = advance(case, entry)
    return case


def superseded(
    law: CompiledWorkflow, entries: Sequence[Entry], seq: object, values: Values, facts: FactsOf
) -> Superseded | None:
    """Find the act that a correction of an entry mends.

    Args:
        law: The law that the case is pinned to.
        entries: The chain of the case so far.
        seq: The place of the wrong entry; an act, or a correction of one.
        values: As for `retrace`.
        facts: As for `retrace`.

    Returns:
        The act as it was done, with its data as corrected so far; None when no act stands there.
    """
    act = _act_behind(entries, seq)
    if act is None:
        return None
    given = {**act.data, **values(act)}
    for later in entries[act.seq :]:
        if later.kind == "correction" and _act_behind(entries, later.seq) is act:
            given |= {**later.sets, **values(later)}
    before = fold(entries[: act.seq - 1])
    if before is not None:
        kept = {name: value for entry in entries[: act.seq - 1] for name, value in values(entry).items()}
        before = replace(before, data={**before.data, **kept})
    parent = entries[0].parent["case"] if entries[0].parent else None
    firing = Firing(trigger=act.trigger, actor=act.actor, data={**act.data, **values(act)}, documents=act.documents)
    relied = {name: f"`{later.trigger}`" for later in entries[act.seq :] for name in _relied_on(law, later)}
    relied |= dict.fromkeys(_counted_from(law, act), "a deadline")
    return Superseded(act, given, before, _with_looked(law, before, firing, act, facts(act, parent)), relied)


def retrace(law: CompiledWorkflow, entries: Iterable[Entry], values: Values, facts: FactsOf) -> Iterator[Retraced]:
    """Ask the law again about every entry of one case.

    Args:
        law: The law that the case is pinned to.
        entries: The chain of the case, oldest first; refusals are passed over.
        values: For an entry, the values of its withheld fields that are still kept.
        facts: For an entry and the id of its case's parent, what the other cases it saw said at that time.

    Yields:
        Each entry with the case after it, and what differs.
    """
    case: Case | None = None
    chain: list[Entry] = []
    kept: dict[str, Any] = {}
    lost: set[str] = set()
    seen = Seen()
    for entry in entries:
        if entry.kind == "refusal":
            continue
        known = values(entry)
        lost |= entry.withheld.keys() - known.keys()
        before = None if case is None else replace(case, data={**case.data, **kept})
        parent = entry.parent["case"] if entry.parent else None if case is None else case.parent
        firing = _firing(law, entry, known, chain, values, facts)
        world = _with_looked(law, before, firing, entry, facts(entry, parent))
        outcome = _decide(law, before, firing, entry, world)
        found = [*_compare(outcome, entry, known), *_time(law, before, chain, entry)]
        judged = (entry, firing.superseded.entry) if firing.superseded else (entry,)
        excused = lost and any(one.withheld.keys() - values(one).keys() or _rests_on(law, one, lost) for one in judged)
        undecided = tuple(one.text for one in found if excused and one.may_rest_on_data)
        differences = tuple(one.text for one in found if not (excused and one.may_rest_on_data))
        kept |= known
        case = advance(case, entry)
        chain.append(entry)
        yield Retraced(entry, case, (*differences, *seen.check(law, entry, world)), undecided)


class Difference(NamedTuple):
    """One way in which an entry is not what the law gives.

    Attributes:
        text: One sentence.
        may_rest_on_data: Whether another value of some field could explain it. Who acted, in which role and from which
            state can never be explained so.
    """

    text: str
    may_rest_on_data: bool


class Seen:
    """What the entries of one case say they saw of other cases: of which, and never less than was seen before."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._parent: str | None = None
        self._latest: dict[str, int] = {}
        self._opened: dict[str, str] = {}

    def check(self, law: CompiledWorkflow, entry: Entry, world: Facts) -> Iterator[str]:
        """Say what an entry saw that it could not, and what it had to see and did not."""
        if entry.seq == 1 and entry.parent is not None:
            self._parent = entry.parent["case"]
            self._latest[self._parent] = entry.parent["seq"]
        elif self._parent is not None and self._parent not in entry.saw and not _by_time(entry):
            yield f"the case {self._parent} that opened this one was not looked at"
        links = rule.links if (rule := _rule(law, entry)) else frozenset()
        for child, link in self._opened.items():
            if link in links and child not in entry.saw:
                yield f"the child case {child} was not looked at"
        looked_at = {found.id for looked in world.looked.values() for found in looked.cases}
        for case, seq in entry.saw.items():
            if case not in self._opened and case != self._parent and case not in looked_at:
                yield f"the case {case} has nothing to do with this one"
            elif seq < self._latest.get(case, 1):
                yield f"the case {case} was looked at as it had been before"
            self._latest[case] = seq
        self._opened |= {child["case"]: child["link"] for child in entry.children}


def _act_behind(entries: Sequence[Entry], seq: object) -> Entry | None:
    """Follow corrections from the entry at a place back to the act that they mend."""
    while type(seq) is int and 0 < seq <= len(entries):
        entry = entries[seq - 1]
        if entry.kind in ("transition", "act") and (entry.seq == 1 or entry.rule is not None):
            return entry
        if entry.kind != "correction" or entry.data["seq"] >= seq:
            return None
        seq = entry.data["seq"]
    return None


def _firing(
    law: CompiledWorkflow,
    entry: Entry,
    known: Mapping[str, Any],
    chain: Sequence[Entry],
    values: Values,
    facts: FactsOf,
) -> Firing:
    """Write an entry back as the attempt it came from."""
    computed = _computed(law, entry, known)
    data = {**entry.data, **{name: value for name, value in known.items() if name not in computed}}
    wrong = None
    if entry.kind == "correction":
        wrong = superseded(law, chain, entry.data["seq"], values, facts)
        rule = None if wrong is None else rule_of(law, wrong)
        given = frozenset() if rule is None else frozenset(rule.fields)
        right = {**entry.sets, **known}
        data = {"seq": entry.data["seq"], "data": {name: right[name] for name in right.keys() & given}}
    return Firing(
        trigger=entry.trigger,
        actor=entry.actor,
        data=data,
        documents=entry.documents,
        reason=entry.reason,
        occurred=entry.occurred,
        superseded=wrong,
    )


def _relied_on(law: CompiledWorkflow, entry: Entry) -> Iterator[str]:
    """Name the fields on which an act was decided, which it made public, or from which it counts a deadline."""
    if entry.kind not in ("transition", "act", "signature"):
        return
    rule = _rule(law, entry)
    if rule is None:
        return
    reads = rule.reads.union(*(guard.reads for name in rule.looks for _, guard in law.reads[name].where))
    # What the act gave itself it did not take from an earlier one; what it might have given and did not, it did.
    given = entry.data.keys() | (entry.withheld.keys() & rule.fields.keys())
    if "data" in reads:
        yield from law.definition.data.keys() - given
    else:
        yield from (name for read in reads if (name := _field_read(read)) is not None and name not in given)
    if rule.declared.publishes is not None:
        yield from rule.declared.publishes.fields
    yield from _counted_from(law, entry)


def _field_read(read: str) -> str | None:
    root, _, rest = read.partition(".")
    return rest.split(".")[0] if root == "data" and rest else None


def _counted_from(law: CompiledWorkflow, entry: Entry) -> Iterator[str]:
    """Name the fields from which an act counts a deadline."""
    for change in entry.deadlines:
        guard = law.anchors.get(change["deadline"])
        if guard is not None and change["event"] == "armed":
            yield from (name for read in guard.reads if (name := _field_read(read)) is not None)


def _with_looked(law: CompiledWorkflow, case: Case | None, firing: Firing, entry: Entry, world: Facts) -> Facts:
    """Divide what an entry says it saw among what its rules look up."""
    if not law.reads:
        return world
    lookups = wanted(law, case, firing, entry.at, world.parent)
    return replace(world, looked=looked(lookups, world.seen, entry.case))


def _computed(law: CompiledWorkflow, entry: Entry, known: Mapping[str, Any]) -> frozenset[str]:
    """Name the withheld fields that the rule computed, or a default filled, rather than the actor gave.

    The record does not say which of these it was, so a value equal to the default counts as the default.
    """
    rule = _rule(law, entry)
    if rule is None:
        return frozenset()
    filled = law.defaults.keys() - rule.needs if entry.seq == 1 else ()
    return law.withheld - rule.fields.keys() | {name for name in filled if known.get(name) == law.defaults[name]}


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
    if _by_time(entry):
        due = passed(law, case, entry.at, facts.calendar)
        return due or Refusal(entry.trigger, (Reason("state", "time had done nothing to its deadlines"),))
    if entry.kind == "erasure":
        approver = Actor(**entry.data["approved_by"])
        return erasure(law, case, firing, tuple(entry.data["fields"]), approver, facts)
    return step(law, case, firing, entry.at, facts)


def _compare(outcome: Step | Refusal, entry: Entry, known: Mapping[str, Any]) -> Iterator[Difference]:
    if isinstance(outcome, Refusal):
        why = "; ".join(reason.message for reason in outcome.reasons)
        by_data = all(reason.code in ("guard", "data") for reason in outcome.reasons)
        yield Difference(f"the law refuses `{entry.trigger}` here: {why}", by_data)
        return
    pairs = {
        "kind": (outcome.kind, entry.kind),
        "rule": (outcome.rule, entry.rule),
        "from": (outcome.source, entry.source),
        "to": (outcome.target, entry.target),
        "closed": (outcome.closed, entry.closed),
        "role": (outcome.role, entry.role),
        "data": ({**outcome.data, **outcome.sets}, {**entry.data, **entry.sets, **known}),
        "documents": (outcome.documents, entry.documents),
        "opened": ([(one.link, one.workflow) for one in outcome.opens], _opened(entry)),
        "published": (outcome.published, entry.published),
        "deadlines": (outcome.deadlines, entry.deadlines),
    }
    for name, (lawful, recorded) in pairs.items():
        if lawful != recorded:
            yield Difference(f"`{name}` does not follow from the law", name in RESTING_ON_DATA)


def _time(law: CompiledWorkflow, case: Case | None, chain: Sequence[Entry], entry: Entry) -> Iterator[Difference]:
    """Say where time was passed over: a deadline that was over unrecorded, or an act that only its end allows."""
    if case is None or not law.deadlines:
        return
    by_time = _by_time(entry)
    # What the engine does when one deadline is over comes before the next one's end is recorded.
    escalates = entry.actor.id == SYSTEM and not by_time and entry.trigger in law.on_breach
    if not by_time and not escalates and (due := passed(law, case, entry.at - PASSING)) is not None:
        name = due.deadlines[0]["deadline"]
        yield Difference(f"what time had done to the deadline `{name}` by then is not recorded before it", False)
    if escalates:
        ended = {change["deadline"] for change in chain[-1].deadlines if change["event"] in ("breached", "lapsed")}
        if not any(law.deadline(name).on_breach == entry.trigger for name in ended):
            yield Difference(f"no deadline was over that lets the engine do `{entry.trigger}`", False)


def _by_time(entry: Entry) -> bool:
    """Whether an entry says what time alone has done, for which nobody looked at other cases."""
    return entry.kind == "deadline" and entry.rule is None


def _opened(entry: Entry) -> list[tuple[Any, Any]]:
    return [(child["link"], child["workflow"]) for child in entry.children]
