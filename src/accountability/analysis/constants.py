"""Values that the author writes: whether the field that they go to would take them."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.analysis.examination import Examination, Flaw
from accountability.analysis.expressions import Expression
from accountability.definition.fields import FieldError, accept
from accountability.guards import EvaluationError, json_value


def unfit_constants(examination: Examination) -> Iterator[Flaw]:
    """Find `sets` and `with` that always give the same value, which the field refuses or which cannot be computed."""
    for expression in examination.expressions:
        compiled, field = expression.compiled, expression.target
        if compiled is None or field is None or compiled.reads:
            continue
        try:
            accept(field, json_value(compiled.value({})), str(expression.path[-1]))
        except EvaluationError as error:
            yield _flaw(expression, f"this can never be computed: {error}", "correct it")
        except FieldError as error:
            yield _flaw(expression, error.message, error.cure or "correct it")


def _flaw(expression: Expression, message: str, cure: str) -> Flaw:
    return Flaw(message, expression.path, cure)
