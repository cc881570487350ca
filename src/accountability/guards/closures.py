"""The closures that operators, fields and functions become.

Each maker looks at the types once and gives the shortest closure that is right for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from accountability.errors import EvaluationError
from accountability.guards.arithmetic import INT_MAX, INT_MIN
from accountability.guards.code import Code, Context, Frame, Run, charge, counter, failure, settling
from accountability.guards.functions import FUNCTIONS
from accountability.guards.operators import ARITHMETIC, COMPARISONS
from accountability.guards.tree import Binary, Call, Has, Literal, Node
from accountability.guards.types import Type
from accountability.guards.values import NATIVE, equal, kind_of

_SCALARS = ("bool", "int", "decimal", "string", "date", "timestamp", "duration")
_KEYS = ("string", "int", "bool")
_CHARACTERS_A_STEP = 64
_COMPARE: dict[str, Callable[[Run, Run], Run]] = {
    "<": lambda left, right: lambda context, frame: left(context, frame) < right(context, frame),
    "<=": lambda left, right: lambda context, frame: left(context, frame) <= right(context, frame),
    ">": lambda left, right: lambda context, frame: left(context, frame) > right(context, frame),
    ">=": lambda left, right: lambda context, frame: left(context, frame) >= right(context, frame),
    "==": lambda left, right: lambda context, frame: left(context, frame) == right(context, frame),
    "!=": lambda left, right: lambda context, frame: left(context, frame) != right(context, frame),
}
_COMPARE_FIXED: dict[str, Callable[[Run, Any], Run]] = {
    "<": lambda left, value: lambda context, frame: left(context, frame) < value,
    "<=": lambda left, value: lambda context, frame: left(context, frame) <= value,
    ">": lambda left, value: lambda context, frame: left(context, frame) > value,
    ">=": lambda left, value: lambda context, frame: left(context, frame) >= value,
    "==": lambda left, value: lambda context, frame: left(context, frame) == value,
    "!=": lambda left, value: lambda context, frame: left(context, frame) != value,
}


def constant(value: Any) -> Run:
    """Give what is written in the text."""
    return lambda context, frame: value


def condition(code: Code) -> Run:
    """Give a run whose value is surely a bool."""
    run, node = code.run, code.node
    if code.type.kind == "bool":
        return run

    def ask(context: Context, frame: Frame) -> Any:
        value = run(context, frame)
        if value is True or value is False:
            return value
        raise failure(node, f"a condition is of kind {kind_of(value)}, not bool")

    return ask


def conditional(code: Code) -> Code:
    """Give a code whose value is surely a bool."""
    return replace(code, run=condition(code))


def as_list(code: Code) -> Code:
    """Give a code whose value is surely a list; of an object that may hold anything, the names of its fields."""
    if code.type.kind == "list":
        return code
    run, node = code.run, code.node

    def ask(context: Context, frame: Frame) -> Any:
        value = run(context, frame)
        if kind_of(value) == "list":
            return value
        if kind_of(value) == "object":
            return sorted(map(str, value))
        raise failure(node, f"a macro goes through a list, not a value of kind {kind_of(value)}")

    return replace(code, run=ask)


def connective(runs: Sequence[Run], *, decides: bool) -> Run:
    """Make `&&`, which one false decides, or `||`, which one true decides, whatever the others fail with."""
    parts, rest = tuple(runs), not decides

    def run(context: Context, frame: Frame) -> bool:
        failed: EvaluationError | None = None
        for part in parts:
            try:
                if part(context, frame) is not rest:
                    return decides
            except EvaluationError as error:
                failed = failed or error
        if failed is not None:
            raise failed
        return rest

    return run


def field_reader(above: Run, direct: str | None, name: str, type_: Type, take: Callable[[Any], Any], node: Node) -> Run:
    """Make the reading of a field.

    Args:
        above: What it is a field of.
        direct: The name in the context that it is a field of, where it is one, so that it is read at once.
        name: The field.
        type_: Its type.
        take: Reads its value.
        node: Where it stands.
    """
    native = NATIVE.get(type_.kind)
    whole = type_.kind == "int"

    def read(context: Context, frame: Frame) -> Any:
        try:
            value = above(context, frame)[name]
        except (KeyError, TypeError):
            raise failure(node, f"`{name}` has no value") from None
        return take(value)

    def read_at_once(context: Context, frame: Frame) -> Any:
        try:
            value = context[direct][name]  # type: ignore[index]  # this reader is used only where `direct` is a name
        except (KeyError, TypeError):
            raise failure(node, f"`{direct}.{name}` has no value") from None
        if type(value) is native or (whole and type(value) is int and INT_MIN <= value <= INT_MAX):
            return value
        return take(value)

    return read if direct is None else read_at_once


def item_reader(operand: Run, index: Run, take: Callable[[Any], Any], node: Node) -> Run:
    """Make `list[place]`, and `object[name]` where the object may hold anything."""

    def read(context: Context, frame: Frame) -> Any:
        values, at = operand(context, frame), index(context, frame)
        if kind_of(values) == "list":
            if type(at) is not int:
                raise failure(node, f"a list has no place of kind {kind_of(at)}")
            if not 0 <= at < len(values):
                raise failure(node, "the list has no such place")
            return take(values[at])
        if kind_of(values) != "object" or type(at) is not str:
            raise failure(node, f"a value of kind {kind_of(values)} has no place of kind {kind_of(at)}")
        if at not in values:
            raise failure(node, "the object has no such field")
        return take(values[at])

    return read


def presence(node: Has | Binary, above: Code, name: str) -> Run:
    """Make `has(above.name)`: a declared field that holds null is absent; any other just has to be there."""
    fields = above.type.fields
    declared = fields is not None
    run = above.run

    def ask(context: Context, frame: Frame) -> bool:
        values = run(context, frame)
        if not isinstance(values, Mapping):
            raise failure(node, f"a value of kind {kind_of(values)} has no fields")
        return values.get(name) is not None if declared else name in values

    return ask


def equality(node: Binary, left: Code, right: Code) -> Run:
    """Make `==` or `!=`."""
    kinds = (left.type.kind, right.type.kind)
    if all(kind in _SCALARS for kind in kinds):
        return _compared(node.operator, left, right)
    one, other, wanted = settling(left), settling(right), node.operator == "=="

    def ask(context: Context, frame: Frame) -> bool:
        return equal(one(context, frame), other(context, frame), counter(frame)) is wanted

    return ask


def membership(node: Binary, left: Code, right: Code) -> Run:
    """Make `value in list`, or `name in object`."""
    if right.type.fields is not None and isinstance(node.left, Literal):
        return presence(node, right, str(node.left.value))
    sought, held = settling(left), settling(right)
    if right.type.kind == "list" and right.type.item and {left.type.kind, right.type.item.kind} <= set(_SCALARS):

        def find(context: Context, frame: Frame) -> bool:
            values = held(context, frame)
            charge(frame, len(values))
            return sought(context, frame) in values

        return find

    def ask(context: Context, frame: Frame) -> bool:
        value, values = sought(context, frame), held(context, frame)
        if kind_of(values) == "object":
            if kind_of(value) not in _KEYS:
                raise failure(node, f"a value of kind {kind_of(value)} is never the name of a field")
            return type(value) is str and value in values
        if kind_of(values) != "list":
            raise failure(node, f"nothing is in a value of kind {kind_of(values)}")
        count = counter(frame)
        count(len(values))
        return any(equal(value, each, count) for each in values)

    return ask


def order(node: Binary, left: Code, right: Code) -> Run:
    """Make `<`, `<=`, `>` or `>=`."""
    if (node.operator, left.type.kind, right.type.kind) in COMPARISONS:
        return _compared(node.operator, left, right)
    one, other, sign = left.run, right.run, node.operator

    def ask(context: Context, frame: Frame) -> Any:
        first, second = one(context, frame), other(context, frame)
        apply = COMPARISONS.get((sign, kind_of(first), kind_of(second)))
        if apply is None:
            raise failure(node, f"`{sign}` cannot compare {kind_of(first)} and {kind_of(second)}")
        return apply(first, second)

    return ask


def _compared(sign: str, left: Code, right: Code) -> Run:
    if isinstance(right.node, Literal):
        return _COMPARE_FIXED[sign](left.run, right.node.value)
    return _COMPARE[sign](left.run, right.run)


def arithmetic(node: Binary, left: Code, right: Code) -> Run:
    """Make `+`, `-`, `*`, `/` or `%`."""
    sign, one, other = node.operator, settling(left), settling(right)
    _, known = ARITHMETIC.get((sign, left.type.kind, right.type.kind), ("", None))
    grows = sign == "+" and {left.type.kind, right.type.kind} & {"string", "list", "dyn"}

    def compute(context: Context, frame: Frame) -> Any:
        first, second = one(context, frame), other(context, frame)
        apply = known or ARITHMETIC.get((sign, kind_of(first), kind_of(second)), ("", None))[1]
        if apply is None:
            raise failure(node, f"`{sign}` cannot take {kind_of(first)} and {kind_of(second)}")
        try:
            result = apply(first, second)
        except ArithmeticError as error:
            raise failure(node, str(error)) from None
        if grows and isinstance(result, str | list):
            charge(frame, len(result) // (_CHARACTERS_A_STEP if isinstance(result, str) else 1))
        return result

    return compute


def past(node: Call, name: str) -> Run:
    """Make `times("trigger")`, `visited("state")` or `children("link")`."""
    asked = node.name
    answers: dict[str, Callable[[Any], Any]] = {
        "times": lambda counts: counts.get(name, 0),
        "visited": lambda states: name in states,
        "children": lambda by_link: list(by_link.get(name, ())),
    }
    answer = answers[asked]

    def ask(context: Context, frame: Frame) -> Any:
        try:
            return answer(context[asked])
        except (KeyError, TypeError, AttributeError):
            raise failure(node, f"`{asked}` is not given") from None

    return ask


def plain_call(node: Call, argument: Code) -> Run:
    """Make a call of a function of one value."""
    function, run = FUNCTIONS[node.name], argument.run
    takes, apply, name = function.takes, function.apply, node.name

    def call(context: Context, frame: Frame) -> Any:
        value = run(context, frame)
        if kind_of(value) not in takes:
            raise failure(node, f"`{name}` cannot take a value of kind {kind_of(value)}")
        try:
            return apply(value)
        except ValueError as error:
            raise failure(node, str(error)) from None

    return call


def method_call(node: Call, target: Code, argument: Code) -> Run:
    """Make a call of a method of a text, with another text."""
    apply, name, one, other = FUNCTIONS[node.name].apply, node.name, target.run, argument.run

    def call(context: Context, frame: Frame) -> Any:
        text, part = one(context, frame), other(context, frame)
        if type(text) is not str or type(part) is not str:
            raise failure(node, f"`{name}` cannot take {kind_of(text)} and {kind_of(part)}")
        charge(frame, len(text) // _CHARACTERS_A_STEP)
        return apply(text, part)

    return call
