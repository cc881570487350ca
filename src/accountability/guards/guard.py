"""Guards as their users hold them: checked, compiled, decided, explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accountability.errors import EvaluationError, GuardError, Problem
from accountability.guards.check import check
from accountability.guards.code import Code, Frame, Run, TooManySteps, settling
from accountability.guards.cost import STEPS_MAX
from accountability.guards.evaluate import Compiler
from accountability.guards.explain import Explanation, explain
from accountability.guards.syntax import parse
from accountability.guards.types import BOOL, Scope, Type


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A checked expression, ready to be decided on any context, by any thread.

    A context is a mapping of the names that the scope declared, such as `data`, `input`, `actor`, `case`, `now` and
    `item`; and of `times` (trigger -> number), `visited` (states) and `children` (link -> children), where the
    functions of these names are used. Values are JSON or native: a field of type decimal may hold `"1.50"` or a
    `Decimal`.

    Attributes:
        text: What the author wrote.
        type: The type of its value.
        reads: What it reads, by dotted name: `data.amount`, `input.x`, `actor.id`, `case.parent`, `now`, `item`,
            `times.register`, `visited.held`, `children.subjects`. Where a whole object is read, its own name and that
            of each declared field.
    """

    text: str
    type: Type
    reads: frozenset[str]
    _code: Code = field(repr=False)
    _run: Run = field(repr=False)
    _value: Run = field(repr=False)
    _frame: tuple[Any, ...] = field(repr=False)

    def holds(self, context: Mapping[str, Any]) -> bool:
        """Decide a condition.

        Returns:
            True only where the value is exactly true.

        Raises:
            EvaluationError: It cannot be decided: an optional field has no value, an index is out of range, a number
                does not fit, something divides by zero, data is not what its type says, or it takes too many steps.
        """
        answer = self._decided(self._run, context)
        if answer is True or answer is False:
            return answer
        raise EvaluationError("the value is not a bool", 0, len(self.text))

    def value(self, context: Mapping[str, Any]) -> Any:
        """Compute the value of an expression.

        Returns:
            A bool, int, Decimal, str, date, aware datetime in UTC, timedelta, list, dict or None, of the expected type.

        Raises:
            EvaluationError: As for `holds`, or the value is not of the expected type.
        """
        return self._decided(self._value, context)

    def explain(self, context: Mapping[str, Any], hidden: Collection[str] = ()) -> Explanation:
        """Explain the value.

        Args:
            context: What it is decided on.
            hidden: Dotted names whose values must not appear, nor anything computed from them but the answers of
                comparisons.
        """
        return explain(self._code, len(self._frame), self.text, context, hidden)

    def _decided(self, run: Run, context: Mapping[str, Any]) -> Any:
        frame: Frame = list(self._frame)
        try:
            return run(context, frame)
        except TooManySteps as error:
            raise EvaluationError(str(error), 0, len(self.text)) from None


def check_guard(text: str, scope: Scope, expects: Type | None = BOOL) -> tuple[Problem, ...]:
    """Find everything that is wrong with a guard.

    Args:
        text: The guard.
        scope: What it may name.
        expects: The type it should give; None: any.

    Returns:
        The problems in the order of the text. Text that is no expression of the language gives the first problem only.
    """
    try:
        return check(parse(text), scope, expects).problems
    except GuardError as error:
        return error.problems


def compile_guard(text: str, scope: Scope, expects: Type | None = BOOL) -> Guard:
    """Make a guard.

    Args:
        text: The guard.
        scope: What it may name.
        expects: The type it should give; None: any.

    Raises:
        GuardError: Something is wrong with it; the error holds every problem.
    """
    tree = parse(text)
    checked = check(tree, scope, expects)
    if checked.problems:
        raise GuardError(checked.problems)
    compiler = Compiler(scope, checked.types)
    code = compiler.compile(tree)
    # What leaves a guard belongs to its caller, so a list that stands in the text is copied too.
    value = settling(replace(code, raw=True), expects)
    frame = (STEPS_MAX, *[None] * (compiler.places - 1))
    return Guard(text, checked.type, code.reads, code, code.run, value, frame)
