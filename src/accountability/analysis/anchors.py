"""The days from which deadlines count, where the case itself gives them: that they are known by then, and are days."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.analysis.clocks import hit
from accountability.analysis.examination import Examination, Flaw, Path
from accountability.analysis.expressions import definite, ensured
from accountability.calendars.allowance import allowance
from accountability.definition.model import DeadlineRule
from accountability.definition.nearest import listed
from accountability.guards import Guard, GuardError, check_guard, compile_guard
from accountability.machine.scope import anchor_scope


def problems(examination: Examination) -> Iterator[tuple[str, Flaw]]:
    """Find what is wrong with each anchor as an expression, with the code that the language of guards gives it."""
    for name, _, text in _anchored(examination):
        scope = anchor_scope(examination.workflow, _known(examination, name))
        for problem in check_guard(text, scope, None):
            within = (problem.start, problem.end)
            yield (
                problem.code,
                Flaw(problem.message, _place(name), _cure(problem.help, text[slice(*within)]), within=within),
            )


def unfit_anchors(examination: Examination) -> Iterator[Flaw]:
    """Find anchors that give no day, or none that the period can be counted from, or that wait for a fallback."""
    for name, rule, text in _anchored(examination):
        if (guard := _compiled(examination, text)) is None:
            continue
        hours = rule.within is not None and allowance(rule.within).unit == "hours"
        if guard.type.kind not in ("date", "timestamp"):
            message = f"`{name}` counts from a day, and this is a {guard.type}"
            yield Flaw(message, _place(name), "name a field of type `date` or `datetime`")
        elif hours and guard.type.kind == "date":
            message = f"hours are counted from a moment, and `{name}` counts them from a day"
            yield Flaw(message, _place(name), "name a field of type `datetime`, or write `within` in days")
        elif rule.fallback is not None:
            message = f"`{name}` counts from a day that is given, so it need not wait for a `fallback`"
            yield Flaw(message, ("deadlines", name, "fallback"), "remove `fallback`, or `anchor`", key=True)


def withheld_anchors(examination: Examination) -> Iterator[Flaw]:
    """Find anchors that read withheld fields: the due date stands in the record in clear."""
    data = examination.workflow.data
    for name, _, text in _anchored(examination):
        guard = _compiled(examination, text)
        reads = guard.reads if guard is not None else frozenset[str]()
        kept = [field for field in data if data[field].withheld and {"data", f"data.{field}"} & reads]
        if kept:
            message = f"the due date of `{name}` stands in the record in clear, and would tell {listed(kept)}"
            yield Flaw(message, _place(name), "let it count from a field that is not withheld")


def _anchored(examination: Examination) -> Iterator[tuple[str, DeadlineRule, str]]:
    for name, rule in examination.workflow.deadlines.items():
        if rule.anchor is not None:
            yield name, rule, rule.anchor


def _known(examination: Examination, name: str) -> frozenset[str]:
    """Name the fields that surely have a value once something starts a deadline."""
    starts = examination.clocks.by_name[name].deadline.starts
    acts = {
        (move.edge.trigger, None if move.opens else move.edge.index)
        for move in examination.clocks.moves
        if hit(starts, move)
    }
    known = [
        definite(examination, placed).union(placed.act.sets, *ensured(placed).values())
        for placed in examination.acts
        if (placed.trigger, placed.index) in acts
    ]
    return frozenset.intersection(*known) if known else frozenset(examination.workflow.data)


def _compiled(examination: Examination, text: str) -> Guard | None:
    try:
        return compile_guard(text, anchor_scope(examination.workflow), None)
    except GuardError:
        return None


def _cure(cure: str, asked: str) -> str:
    """Write a cure that fits where no condition is wanted."""
    return f"let the act that starts the deadline need it: `{asked}`" if "has(" in cure else cure


def _place(name: str) -> Path:
    return ("deadlines", name, "anchor")
