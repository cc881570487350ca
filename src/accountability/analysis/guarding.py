"""Guards and expressions: every name, every type, and that nothing is read before it surely has a value."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.analysis.examination import Examination, Flaw
from accountability.guards import BOOL, Problem, check_guard

ABSENT = "ACC307"


def problems(examination: Examination) -> Iterator[tuple[str, Flaw]]:
    """Find what is wrong with each guard and expression, with the code that the language of guards gives it."""
    for expression in examination.expressions:
        for problem in check_guard(expression.text, expression.scope, expression.expects):
            cure = problem.help if expression.expects == BOOL else _cure(problem, expression.text)
            yield problem.code, Flaw(problem.message, expression.path, cure, within=(problem.start, problem.end))


def _cure(problem: Problem, text: str) -> str:
    """Write a cure that fits where no condition is wanted."""
    asked = text[problem.start : problem.end]
    if problem.code != ABSENT:
        return problem.help
    return f"ask for it in the rule's `when`: `has({asked})`; or write `has({asked}) ? {asked} : OTHERWISE`"
