"""Why a guard holds or not: the tree of values, without those that the reader may not see.

Text for people: `data.amount >= 1000: false (data.amount is 400)`. A value that rests on hidden data is withheld,
except the answer of a comparison, which the decision itself gives away.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from accountability.errors import EvaluationError
from accountability.guards.code import Code, Context, Frame, Loop, TooManySteps, counter
from accountability.guards.cost import STEPS_MAX
from accountability.guards.functions import FUNCTIONS
from accountability.guards.reads import overlap
from accountability.guards.tree import Binary, Call, Choice, Field, Has, Index, Literal, Logic, Macro, Name, Unary
from accountability.guards.types import BOOL
from accountability.guards.values import UnfitError, json_value, kind_of, settled

SHOWN_MAX = 200
"""How much of a value is shown, in code points."""

ITEMS_MAX = 20
"""How many items of a list or an object are shown."""

EXPLAIN_STEPS_MAX = 2 * STEPS_MAX
"""Steps that one explanation may take: it decides parts of the guard again."""

WITHHELD = "(withheld)"
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")
_TESTS = ("visited", *(name for name, function in FUNCTIONS.items() if function.gives == BOOL))
_QUANTIFIERS = {"all": False, "exists": True}
_READ = (Name, Field, Index, Has, Call)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The value of a part of a guard, and what it comes from.

    Attributes:
        text: The part, as written.
        value: Its value, as JSON; None where it failed or is withheld.
        shown: Its value, as people read it; why it failed, or that it is withheld.
        error: Why it has no value.
        withheld: Whether it is kept from the reader.
        fact: Whether it is something read, not something decided.
        children: The parts that decided it.
    """

    text: str
    value: Any = None
    shown: str = WITHHELD
    error: str | None = None
    withheld: bool = False
    fact: bool = False
    children: tuple[Explanation, ...] = ()

    def as_text(self) -> str:
        """Write the tree for people: one line a decision, facts in brackets behind it."""
        return "\n".join(self._lines(""))

    def as_json(self) -> dict[str, Any]:
        """Give the tree as JSON: `withheld`, `error` or `value`, and `children` where there are any."""
        shown: dict[str, Any] = {"text": self.text}
        if self.withheld:
            shown["withheld"] = True
        elif self.error is not None:
            shown["error"] = self.error
        else:
            shown["value"] = self.value
        if self.children:
            shown["children"] = [child.as_json() for child in self.children]
        return shown

    def _lines(self, indent: str) -> Iterator[str]:
        facts = ", ".join(f"{child.text} is {child.shown}" for child in self.children if child.fact)
        yield f"{indent}{self.text}: {self.shown}" + (f" ({facts})" if facts else "")
        for child in self.children:
            if not child.fact:
                yield from child._lines(indent + "  ")


def explain(code: Code, places: int, text: str, context: Context, hidden: Collection[str]) -> Explanation:
    """Explain a guard on one context.

    Args:
        code: The guard, compiled.
        places: Length of the frame it needs.
        text: Its text.
        context: What it is decided on.
        hidden: Dotted names whose values must not appear.
    """
    return _Explainer(text, context, [EXPLAIN_STEPS_MAX, *[None] * (places - 1)], tuple(hidden)).whole(code)


class _Explainer:
    """Decide the parts of one guard again, and write down what may be shown."""

    def __init__(self, text: str, context: Context, frame: Frame, hidden: tuple[str, ...]) -> None:
        self._text = text
        self._context = context
        self._frame = frame
        self._hidden = hidden

    def whole(self, code: Code) -> Explanation:
        """Explain a part with what decided it."""
        return replace(self._outcome(code), children=tuple(self._children(code)))

    def _run(self, code: Code) -> Any:
        """Decide a part; a failure is given, not raised."""
        try:
            return settled(code.run(self._context, self._frame), code.type, counter(self._frame))
        except (EvaluationError, UnfitError, TooManySteps) as error:
            return error

    def _outcome(self, code: Code) -> Explanation:
        text = self._text[code.node.start : code.node.end]
        value = self._run(code) if self._open(code) else None
        # Why a computation on hidden data fails can tell what they are: a divisor of zero, a text that is no date.
        if not self._open(code) or (isinstance(value, Exception) and self._rests_on_hidden(code.reads)):
            return Explanation(text, withheld=True)
        return _seen(text, value)

    def _rests_on_hidden(self, reads: frozenset[str]) -> bool:
        return any(overlap(name, reads) for name in self._hidden)

    def _open(self, code: Code) -> bool:
        """Tell whether a value may be shown: it rests on nothing hidden, or is the answer of a comparison."""
        return not self._rests_on_hidden(code.reads) or self._compares(code)

    def _compares(self, code: Code) -> bool:
        node = code.node
        if isinstance(node, Binary):
            return node.operator in _COMPARISONS
        if isinstance(node, Call):
            return node.name in _TESTS
        if isinstance(node, Logic | Choice) or (isinstance(node, Unary) and node.operator == "!"):
            return code.type == BOOL and all(self._open(part) for part in code.parts)
        if isinstance(node, Macro):
            return code.type == BOOL and self._open(code.parts[-1])
        return isinstance(node, Has)

    def _children(self, code: Code) -> Iterator[Explanation]:
        """Explain the parts that decided a part."""
        if isinstance(code.node, Logic):
            yield from self._operands(code, decides=code.node.operator == "||")
        elif isinstance(code.node, Choice):
            yield from self._chosen(code)
        elif isinstance(code.node, Macro) and code.loop is not None:
            yield from self._turns(code.node, code.loop)
        elif not isinstance(code.node, Name | Field | Index | Has):
            yield from {child.text: child for part in code.parts for child in self._facts(part)}.values()

    def _part(self, code: Code) -> Explanation:
        """Explain a part that is a decision, or state one that is read."""
        return replace(self.whole(code), fact=False)

    def _operands(self, code: Code, *, decides: bool) -> Iterator[Explanation]:
        # How far a run of conditions got would tell the value of a hidden one among them.
        all_shown = self._open(code)
        for part in code.parts:
            if not all_shown and not self._open(part):
                continue
            yield self._part(part)
            if all_shown and self._run(part) is decides:
                return

    def _chosen(self, code: Code) -> Iterator[Explanation]:
        test, yes, no = code.parts
        if not self._open(test):
            return
        yield self._part(test)
        answer = self._run(test)
        if answer is True or answer is False:
            yield self._part(yes if answer else no)

    def _turns(self, node: Macro, loop: Loop) -> Iterator[Explanation]:
        """Explain the item that decided; where none alone did, tell how many there are."""
        decides = _QUANTIFIERS.get(node.name)
        if decides is not None and self._open(loop.body) and self._deciding(loop, decides=decides):
            yield self._part(loop.body)
        elif not isinstance(loop.items.node, Macro) and loop.items.reads:
            text = f"size({self._text[loop.items.node.start : loop.items.node.end]})"
            if self._rests_on_hidden(loop.items.reads):
                yield Explanation(text, withheld=True, fact=True)
            elif isinstance(items := self._run(loop.items), list):
                yield replace(_seen(text, len(items)), fact=True)

    def _deciding(self, loop: Loop, *, decides: bool) -> bool:
        """Leave the deciding item in the variable's place, if there is one."""
        try:
            items = loop.items.run(self._context, self._frame)
        except (EvaluationError, TooManySteps):
            return False
        for item in items:
            try:
                self._frame[loop.slot] = loop.take(item)
            except EvaluationError:
                continue
            if self._run(loop.body) is decides:
                return True
        return False

    def _facts(self, code: Code) -> Iterator[Explanation]:
        """List what a comparison or a computation read."""
        node = code.node
        if isinstance(node, Literal) or not code.reads:
            return
        if isinstance(node, _READ):
            yield replace(self._outcome(code), fact=True)
        elif isinstance(node, Logic | Choice | Macro) or code.type == BOOL:
            yield self._part(code)
        else:
            for part in code.parts:
                yield from self._facts(part)


def _seen(text: str, value: Any) -> Explanation:
    """State a value, or the failure to find one."""
    if isinstance(value, Exception):
        return Explanation(text, error=str(value), shown=f"undecided, {value}")
    plain = _cut(value)
    quoted = kind_of(value) in ("string", "list", "object", "bool", "null")
    shown = json.dumps(plain, ensure_ascii=False) if quoted else str(plain)
    return Explanation(text, plain, shown if len(shown) <= SHOWN_MAX + 2 else f"{shown[:SHOWN_MAX]}…")


def _cut(value: Any) -> Any:
    """Write a value as JSON of a bounded size."""
    if isinstance(value, str):
        return value if len(value) <= SHOWN_MAX else f"{value[:SHOWN_MAX]}…"
    if isinstance(value, list):
        more = [f"… ({len(value) - ITEMS_MAX} more)"] if len(value) > ITEMS_MAX else []
        return [_cut(item) for item in value[:ITEMS_MAX]] + more
    if isinstance(value, dict):
        return {name: _cut(item) for name, item in list(value.items())[:ITEMS_MAX]}
    return json_value(value)
