"""A checked tree as closures: total, deterministic, without a look at the tree while deciding.

What the types settle is settled here, once; only values of type `dyn` are told apart while deciding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accountability.guards.closures import (
    arithmetic,
    as_list,
    condition,
    conditional,
    connective,
    constant,
    equality,
    field_reader,
    item_reader,
    membership,
    method_call,
    order,
    past,
    plain_call,
    presence,
)
from accountability.guards.code import Code, Context, Frame, Loop, Run, failure, reading, settling
from accountability.guards.cost import weight
from accountability.guards.functions import FUNCTIONS, HISTORY, READS_TEXT
from accountability.guards.macros import MAKERS
from accountability.guards.operators import NEGATIONS, ORDERS
from accountability.guards.reads import Reads, reads_of
from accountability.guards.tree import (
    Binary,
    Call,
    Choice,
    Field,
    Has,
    Index,
    Items,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
)
from accountability.guards.types import DYN, Scope, Type
from accountability.guards.values import kind_of


@dataclass(frozen=True, slots=True)
class _Around:
    """The macros around a node: how many, their variables' places in the frame, and what their lists read."""

    depth: int = 0
    slots: Mapping[str, int] = field(default_factory=dict)
    reads: Mapping[str, Reads] = field(default_factory=dict)


class Compiler:
    """Turn the nodes of one checked guard into closures."""

    def __init__(self, scope: Scope, types: Mapping[Node, Type]) -> None:
        self._scope = scope
        self._types = types
        self.places = 1
        self._makers: dict[type[Node], Callable[[Any, _Around], Code]] = {
            Literal: self._literal,
            Name: self._name,
            Field: self._field,
            Index: self._index,
            Items: self._items,
            Unary: self._unary,
            Binary: self._binary,
            Logic: self._logic,
            Choice: self._choice,
            Has: self._has,
            Call: self._call,
            Macro: self._macro,
        }

    def compile(self, node: Node, around: _Around | None = None) -> Code:
        """Compile a node; afterwards `places` is the length of the frame it needs."""
        around = around or _Around()
        return self._makers[type(node)](node, around)

    def _code(self, node: Node, around: _Around, run: Run, *parts: Code, raw: bool = False) -> Code:
        return Code(node, self._types[node], reads_of(node, self._scope, around.reads), run, raw, parts)

    def _literal(self, node: Literal, around: _Around) -> Code:
        return self._code(node, around, constant(node.value))

    def _name(self, node: Name, around: _Around) -> Code:
        name = node.name
        if name in around.slots:
            slot = around.slots[name]
            return self._code(node, around, lambda context, frame: frame[slot], raw=True)
        take = reading(self._types[node], node, name)

        def read(context: Context, frame: Frame) -> Any:
            try:
                value = context[name]
            except KeyError:
                raise failure(node, f"`{name}` is not given") from None
            return take(value)

        return self._code(node, around, read, raw=True)

    def _field(self, node: Field, around: _Around) -> Code:
        return self._reached(node, node.operand, node.name, around)

    def _reached(self, node: Node, operand: Node, name: str, around: _Around) -> Code:
        """Compile the reading of a field."""
        above = self.compile(operand, around)
        what = f"{operand.name}.{name}" if isinstance(operand, Name) else name
        direct = operand.name if isinstance(operand, Name) and operand.name not in around.slots else None
        type_ = self._types[node]
        run = field_reader(above.run, direct, name, type_, reading(type_, node, what), node)
        return self._code(node, around, run, above, raw=True)

    def _index(self, node: Index, around: _Around) -> Code:
        if isinstance(node.index, Literal) and isinstance(node.index.value, str):
            return self._reached(node, node.operand, node.index.value, around)
        operand, index = self.compile(node.operand, around), self.compile(node.index, around)
        take = reading(self._types[node], node, "the item")
        return self._code(node, around, item_reader(operand.run, index.run, take, node), operand, index, raw=True)

    def _items(self, node: Items, around: _Around) -> Code:
        parts = [self.compile(item, around) for item in node.items]
        item = self._types[node].item or DYN
        if all(isinstance(each, Literal) for each in node.items):
            values = tuple(each.value for each in node.items if isinstance(each, Literal))
            return self._code(node, around, constant(values), *parts)
        runs = [settling(part, item) for part in parts]
        return self._code(node, around, lambda context, frame: [run(context, frame) for run in runs], *parts)

    def _unary(self, node: Unary, around: _Around) -> Code:
        operand = self.compile(node.operand, around)
        if node.operator == "!":
            asked = condition(operand)
            return self._code(node, around, lambda context, frame: not asked(context, frame), operand)
        run, known = operand.run, NEGATIONS.get(operand.type.kind)

        def negate(context: Context, frame: Frame) -> Any:
            value = run(context, frame)
            apply = known or NEGATIONS.get(kind_of(value))
            if apply is None:
                raise failure(node, f"`-` cannot change the sign of {kind_of(value)}")
            try:
                return apply(value)
            except ArithmeticError as error:
                raise failure(node, str(error)) from None

        return self._code(node, around, negate, operand)

    def _binary(self, node: Binary, around: _Around) -> Code:
        left, right = self.compile(node.left, around), self.compile(node.right, around)
        if node.operator in ("==", "!="):
            run = equality(node, left, right)
        elif node.operator == "in":
            run = membership(node, left, right)
        elif node.operator in ORDERS:
            run = order(node, left, right)
        else:
            run = arithmetic(node, left, right)
        return self._code(node, around, run, left, right)

    def _logic(self, node: Logic, around: _Around) -> Code:
        parts = [self.compile(operand, around) for operand in node.operands]
        run = connective([condition(part) for part in parts], decides=node.operator == "||")
        return self._code(node, around, run, *parts)

    def _choice(self, node: Choice, around: _Around) -> Code:
        test, yes, no = (self.compile(part, around) for part in node.parts)
        both = self._types[node]
        asked, first, second = condition(test), settling(yes, both), settling(no, both)

        def choose(context: Context, frame: Frame) -> Any:
            return first(context, frame) if asked(context, frame) else second(context, frame)

        return self._code(node, around, choose, test, yes, no)

    def _has(self, node: Has, around: _Around) -> Code:
        asked = node.field
        above = self.compile(asked.operand, around)
        return self._code(node, around, presence(node, above, asked.name), above)

    def _call(self, node: Call, around: _Around) -> Code:
        if node.name in HISTORY and isinstance(node.arguments[0], Literal):
            return self._code(node, around, past(node, str(node.arguments[0].value)), raw=node.name == "children")
        parts = [self.compile(part, around) for part in node.parts]
        function = FUNCTIONS[node.name]
        if node.name in READS_TEXT and isinstance(node.arguments[0], Literal):
            return self._code(node, around, constant(function.apply(node.arguments[0].value)))
        run = plain_call(node, parts[0]) if len(parts) == 1 else method_call(node, *parts)
        return self._code(node, around, run, *parts)

    def _macro(self, node: Macro, around: _Around) -> Code:
        target = self.compile(node.target, around)
        variable, slot = node.variable.name, around.depth + 1
        self.places = max(self.places, slot + 1)
        inside = _Around(slot, {**around.slots, variable: slot}, {**around.reads, variable: target.reads})
        loop = Loop(
            items=as_list(target),
            slot=slot,
            take=reading(self._types[node.variable], node.target, "an item"),
            steps=1 + sum(weight(part) for part in node.parts[1:]),
            keep=None if node.keep is None else conditional(self.compile(node.keep, inside)),
            body=self.compile(node.body, inside),
        )
        if node.name != "map":
            loop = replace(loop, body=conditional(loop.body))
        parts = (target, loop.body) if loop.keep is None else (target, loop.keep, loop.body)
        code = self._code(node, around, MAKERS[node.name](loop), *parts, raw=node.name == "filter" and target.raw)
        return replace(code, loop=loop)
