"""Rules that get into each other's way: two that fit the same firing, and guards that never hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, groupby
from typing import Any

from accountability.analysis.examination import Examination, Flaw, Placed
from accountability.analysis.logic import named, way
from accountability.analysis.trial import MOST, Example, Trial
from accountability.definition.model import Rule
from accountability.definition.nearest import listed
from accountability.guards import Guard

Pair = tuple[Placed, Rule, Placed, Rule]

WORLDS, WORLDS_LEAST, PAIRS_MOST, LEAVES_MOST = 40_000, 40, 400, 20
"""How much is tried for a whole workflow: a check of thousands of rules must answer while its author waits."""


def shadowed_rules(examination: Examination) -> Iterator[Flaw]:
    """Find rules that are never used because an earlier one of the trigger fits whenever they do."""
    for first, earlier, second, later in _pairs(examination):
        if _covers(examination, (first, earlier, second, later)):
            yield Flaw(
                f"{named(second, examination)} is never used: {named(first, examination)} fits first every time",
                second.path,
                "put this rule first, or give the earlier one a `when` that leaves something to this one",
                key=True,
            )


def overlapping_rules(examination: Examination) -> Iterator[Flaw]:
    """Find two rules of a trigger that fit the same firing, shown by an example on which both were tried."""
    pairs = [pair for pair in _pairs(examination) if not _exclude(pair[1], pair[3]) and not _covers(examination, pair)]
    most = max(WORLDS_LEAST, min(MOST, WORLDS // max(len(pairs), 1)))
    for first, earlier, second, later in pairs[:PAIRS_MOST]:
        shared = [leaf for leaf in _live(examination, first) if leaf in _live(examination, second)]
        for leaf in shared[:LEAVES_MOST]:
            example = _both(examination, (first, earlier, second, later), leaf, most)
            if example is not None:
                yield _overlap(examination, (first, earlier, second, later), leaf, example)
                break


def _pairs(examination: Examination) -> Iterator[Pair]:
    """Give any two rules of a trigger that can be met in one state, the earlier first."""
    for _, rules in groupby(examination.rules, lambda placed: placed[0].trigger):
        live = [(placed, rule, set(_live(examination, placed))) for placed, rule in rules]
        for (first, earlier, here), (second, later, there) in combinations(live, 2):
            if here & there:
                yield first, earlier, second, later


def _live(examination: Examination, placed: Placed) -> tuple[str, ...]:
    return examination.graph.live(placed.trigger, placed.index)


def _covers(examination: Examination, pair: Pair) -> bool:
    """Whether the earlier rule fits every firing that the later one fits."""
    first, earlier, second, later = pair
    narrower = (
        (later.by, earlier.by),
        (earlier.needs, later.needs),
        (second.inputs, first.inputs),
        (earlier.not_by, later.not_by),
        (earlier.same_as, later.same_as),
        (earlier.awaits, later.awaits),
        (_live(examination, second), _live(examination, first)),
        ([check.check for check in earlier.when], [check.check for check in later.when]),
    )
    asks_more = earlier.signatures is not None or (earlier.reason is not None and later.reason is None)
    papers = not earlier.documents or set(earlier.documents) == set(later.documents)
    return papers and not asks_more and all(set(few) <= set(many) for few, many in narrower)


def _exclude(earlier: Rule, later: Rule) -> bool:
    """Whether people, data or documents keep two rules apart without looking at their guards."""
    must = {*earlier.needs, *later.needs}
    may = {*earlier.needs, *earlier.accepts} & {*later.needs, *later.accepts}
    papers = bool(earlier.documents and later.documents) and set(earlier.documents) != set(later.documents)
    people = set(earlier.same_as) & set(later.not_by) or set(earlier.not_by) & set(later.same_as)
    return not set(earlier.by) & set(later.by) or not must <= may or papers or bool(people)


def _both(examination: Examination, pair: Pair, leaf: str, most: int) -> Example | None:
    """Find a firing in a leaf that fits both rules, trying at most so many worlds for each role."""
    first, earlier, second, later = pair
    guards = [*examination.guards(first), *examination.guards(second)]
    if len(guards) < len(earlier.when) + len(later.when):
        return None
    must = frozenset((*earlier.needs, *later.needs))
    for role in earlier.by:
        if role in later.by:
            example = Trial(examination, leaf, guards, role, must, first.inputs & second.inputs).example(most)
            if example is not None:
                return example
    return None


def _overlap(examination: Examination, pair: Pair, leaf: str, example: Example) -> Flaw:
    first, earlier, second, later = pair
    facts = _shown(example)
    step = f"{first.trigger} by {example.role} in {leaf}{facts}"
    return Flaw(
        f"{named(first, examination)} and {named(second, examination)} both fit when "
        f"`{example.role}` does it in `{leaf}`{facts}; the first is taken",
        second.path,
        _apart(earlier, later),
        key=True,
        steps=(*way(examination, leaf), (f"{step}: fits the first", first.path), (f"{step}: fits too", second.path)),
    )


def _apart(earlier: Rule, later: Rule) -> str:
    """Say how to keep two rules apart: let the later one hold only where the earlier does not."""
    before = " && ".join(_bracketed(check.check) for check in earlier.when)
    own = "".join(f" && {_bracketed(check.check)}" for check in later.when)
    if not before:
        return f"give the earlier rule a `when`, or different roles in `by` than {listed(later.by)}"
    return (
        f"write in the later rule `when: '!({before}){own}'`"
        if "'" not in before + own
        else (f"write in the later rule `when: !({before}){own}`, quoted")
    )


def _bracketed(text: str) -> str:
    return f"({text})" if "||" in text or "?" in text else text


def _shown(example: Example) -> str:
    """Write the values that an example needs."""
    given = ", ".join(f"{name}: {_value(value)}" for name, value in example.given.items())
    stored = ", ".join(f"{name}: {_value(value)}" for name, value in example.stored.items())
    told = f" giving {{{given}}}" if given else ""
    return told + (f" on a case with {{{stored}}}" if stored else "")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_value(held)}" for name, held in value.items()) + "}"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def never_true(examination: Examination) -> Iterator[Flaw]:
    """Find guards that hold on no firing at all, where every case that matters can be tried."""
    for placed in examination.acts:
        leaves: tuple[str | None, ...] = (None,) if placed.index is None else _live(examination, placed)
        guards = examination.guards(placed)
        if not leaves or len(guards) < len(placed.act.when):
            continue
        alone = [index for index, guard in enumerate(guards) if _never(examination, placed, leaves, [guard])]
        for index in alone:
            yield Flaw(
                "this guard never holds, whatever the data",
                (*placed.path, "when", index, "check"),
                f"correct it; as it is, {named(placed, examination)} can never be done",
            )
        if not alone and len(guards) > 1 and _never(examination, placed, leaves, guards):
            yield Flaw(
                f"the {len(guards)} checks of this rule never hold together",
                (*placed.path, "when"),
                f"correct one of them; as it is, {named(placed, examination)} can never be done",
                key=True,
            )


def _never(examination: Examination, placed: Placed, leaves: tuple[str | None, ...], guards: list[Guard]) -> bool:
    """Whether guards hold in none of the leaves, every case that matters tried."""
    trials = [
        Trial(examination, leaf, guards, role, frozenset(placed.act.needs), placed.inputs)
        for leaf in leaves
        for role in placed.act.by[:1]
    ]
    return all(trial.is_exhaustive() and trial.example() is None for trial in trials)
