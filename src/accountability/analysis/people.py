"""Rules about people that contradict each other, so that nobody could ever satisfy them."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.analysis.examination import Examination, Flaw, items
from accountability.definition.model import SYSTEM, Rule
from accountability.definition.nearest import listed
from accountability.machine.compiled_deadline import given_extensions
from accountability.machine.scope import BUILT_IN_TRIGGERS, given_triggers


def signatures_needed(rule: Rule) -> int:
    """Count how many different people a rule asks to sign; 0 where it asks for none."""
    if rule.signatures is None:
        return 0
    return rule.signatures if isinstance(rule.signatures, int) else sum(rule.signatures.values())


def same_and_other(examination: Examination) -> Iterator[Flaw]:
    """Find triggers whose actor both must and must not do something."""
    for placed, rule in examination.rules:
        for path, trigger in items((*placed.path, "same_as"), rule.same_as):
            if trigger in rule.not_by:
                yield Flaw(
                    f"nobody can do `{placed.trigger}`: `same_as` wants who did `{trigger}`, `not_by` forbids it",
                    path,
                    f"remove `{trigger}` from `same_as` or from `not_by`",
                )


def one_person_signs_twice(examination: Examination) -> Iterator[Flaw]:
    """Find rules that want several people to sign and allow only one person to act."""
    for placed, rule in examination.rules:
        needed = signatures_needed(rule)
        if rule.same_as and needed > 1:
            yield Flaw(
                f"{needed} different people must sign, but `same_as: {', '.join(rule.same_as)}` allows only one person",
                (*placed.path, "signatures"),
                "remove `signatures`, or remove `same_as`",
                key=True,
            )


def signing_roles(examination: Examination) -> Iterator[Flaw]:
    """Find roles that must sign but may not act, and roles that may act but have nothing to sign."""
    for placed, rule in examination.rules:
        if not isinstance(rule.signatures, dict):
            continue
        everybody = ", ".join(dict.fromkeys((*rule.by, *rule.signatures)))
        for role in rule.signatures:
            if role not in rule.by:
                yield Flaw(
                    f"`{role}` must sign but is not in `by`, so the signature could never be given",
                    (*placed.path, "signatures", role),
                    f"write `by: [{everybody}]`",
                    key=True,
                )
        for path, role in items((*placed.path, "by"), rule.by):
            if role not in rule.signatures:
                wanted = ", ".join(f"{name}: {count}" for name, count in rule.signatures.items())
                yield Flaw(
                    f"`{role}` may do this but no signature of that role is asked for, so it would always be refused",
                    path,
                    f"remove it from `by`, or write `signatures: {{{wanted}, {role}: 1}}`",
                )


def engine_signs(examination: Examination) -> Iterator[Flaw]:
    """Find rules by which the engine would have to sign, to be the same person as somebody, or to bring something."""
    for placed, rule in examination.rules:
        if SYSTEM not in rule.by:
            continue
        asks = {
            "signatures": signatures_needed(rule) > 0,
            "same_as": bool(rule.same_as),
            "needs": bool(rule.needs),
            "documents": bool(rule.documents),
            "reason": rule.reason is not None,
        }
        for key in (key for key, asked in asks.items() if asked):
            because = "is no person" if key in ("signatures", "same_as") else "brings nothing with it"
            yield Flaw(
                f"the engine {because}, so `{key}` cannot hold for `by: system`",
                (*placed.path, key),
                f"make two rules of it: one `by: system` without `{key}`, one by a role",
                key=True,
            )


def same_as_nobody(examination: Examination) -> Iterator[Flaw]:
    """Find rules for the person who did something that cannot have been done by then."""
    flow, here = examination.flow, given_triggers(examination.workflow)
    above = {trigger for opener in examination.openers for trigger in given_triggers(opener)}
    elsewhere = {*BUILT_IN_TRIGGERS, *given_extensions(examination.workflow)}
    for placed, rule in examination.rules:
        leaves = examination.graph.live(placed.trigger, placed.index)
        if not leaves:
            continue
        possible = frozenset[str]().union(*(flow.perhaps[leaf] for leaf in leaves))
        for path, trigger in items((*placed.path, "same_as"), rule.same_as):
            own = trigger in here and trigger not in above and trigger not in elsewhere
            if own and f"times.{trigger}" not in possible:
                yield Flaw(
                    f"nobody can have done `{trigger}` before a case is in {listed(leaves)}",
                    path,
                    f"name a trigger that comes before, or let a rule of `{trigger}` lead there",
                )
