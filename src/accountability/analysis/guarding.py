"""Guards and expressions: every name, every type, and that nothing is read before it surely has a value."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.analysis.examination import Examination, Flaw
from accountability.guards import check_guard


def problems(examination: Examination) -> Iterator[tuple[str, Flaw]]:
    """Find what is wrong with each guard and expression, with the code that the language of guards gives it."""
    for expression in examination.expressions:
        for problem in check_guard(expression.text, expression.scope, expression.expects):
            yield (
                problem.code,
                Flaw(problem.message, expression.path, problem.help, within=(problem.start, problem.end)),
            )
