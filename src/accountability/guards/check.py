"""The checker: every name, every type, every optional field, and what a guard may cost, before a case exists.

It goes on after a problem, so that an author sees all of them at once; what is wrong counts as `dyn` from there on, so
that one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accountability.errors import Problem
from accountability.guards.cost import ASSUMED_ITEMS, STEPS_MAX, cost
from accountability.guards.functions import ABSENT, FUNCTIONS, HISTORY, READS_TEXT
from accountability.guards.operators import NEGATIONS, outcomes
from accountability.guards.presence import NOTHING, Facts, implied, path
from accountability.guards.syntax import MACROS
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
from accountability.guards.types import (
    BOOL,
    DECIMAL,
    DYN,
    EMPTY,
    INT,
    NULL,
    OBJECT,
    STRING,
    Scope,
    Slot,
    Type,
    child_type,
    comparable,
    fits,
    joined,
    list_of,
)
from accountability.guards.values import UnfitError, kind_of
from accountability.guards.wording import a, cure_for, listed, nearest, written

_LITERALS = {"bool": BOOL, "int": INT, "decimal": DECIMAL, "string": STRING, "null": NULL}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checker found.

    Attributes:
        type: Type of the whole guard.
        types: Type of every node.
        problems: What is wrong, in the order of the text.
    """

    type: Type
    types: Mapping[Node, Type]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds where a node stands: facts from `has()`, and the variables of the macros around it."""

    facts: Facts = NOTHING
    variables: Mapping[str, Type] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def knowing(self, facts: Facts) -> _Around:
        return replace(self, facts=self.facts | facts)


def check(node: Node, scope: Scope, expects: Type | None) -> Checked:
    """Check a guard.

    Args:
        node: Its tree.
        scope: What it may name.
        expects: What it should give; None: anything.
    """
    checker = _Checker(scope)
    type_ = checker.visit(node, _Around())
    if expects is not None and not fits(type_, expects):
        checker.report(
            "ACC306", f"the result is {a(type_)}, where {a(expects)} is wanted", node, cure_for(type_, expects)
        )
    if (steps := cost(node)) > STEPS_MAX:
        message = f"deciding may take {steps} steps, more than {STEPS_MAX}, counting {ASSUMED_ITEMS} items a list"
        checker.report("ACC311", message, node, "nest fewer macros inside one another")
    unique = {(problem.start, problem.code, problem.message): problem for problem in checker.problems}
    return Checked(type_, checker.types, tuple(unique[key] for key in sorted(unique)))


class _Checker:
    """Visit each node once, and keep its type."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.types: dict[Node, Type] = {}
        self.problems: list[Problem] = []
        self._macros = 0
        self._visits: dict[type[Node], Callable[[Any, _Around], Type]] = {
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

    def report(self, code: str, message: str, where: Node | tuple[int, int], cure: str) -> Type:
        """Keep a problem, and give the type to go on with."""
        start, end = (where.start, where.end) if isinstance(where, Node) else where
        self.problems.append(Problem(code, message, start, end, cure))
        return DYN

    def visit(self, node: Node, around: _Around) -> Type:
        """Find the type of a node, and everything wrong in it."""
        type_ = self._visits[type(node)](node, around)
        self.types[node] = type_
        return type_

    def _literal(self, node: Literal, around: _Around) -> Type:
        return _LITERALS[kind_of(node.value)]

    def _name(self, node: Name, around: _Around) -> Type:
        if node.name in around.variables:
            return around.variables[node.name]
        if node.name in self.scope.names:
            return self.scope.names[node.name]
        known = (*self.scope.names, *around.variables)
        for place in ("data", "input"):
            if node.name in (self.scope.names.get(place, DYN).fields or ()):
                return self.report(
                    "ACC301", f"nothing is called `{node.name}` here", node, f"write `{place}.{node.name}`"
                )
        cure = nearest(node.name, known, f"known names: {listed(known)}; text needs quotation marks")
        return self.report("ACC301", f"nothing is called `{node.name}` here", node, cure)

    def _field(self, node: Field, around: _Around) -> Type:
        return self._reached(node, node.operand, node.name, (node.at, node.end), around)

    def _reached(self, node: Node, operand: Node, name: str, place: tuple[int, int], around: _Around) -> Type:
        """Find the type of a field that is read, which must surely have a value."""
        slot = self._slot(operand, name, place, around)
        if slot.optional:
            fact = path(node, around.numbers)
            if fact is None or fact not in around.facts:
                asked = written(node)
                cure = f"ask first: `has({asked}) && ...`" if asked else "ask first, with `has()`"
                self.report("ACC307", f"`{name}` may have no value here", node, cure)
        return slot.type

    def _slot(self, operand: Node, name: str, place: tuple[int, int], around: _Around) -> Slot:
        """Find a field in the type of what it is read from."""
        type_ = self.visit(operand, around)
        if type_.kind == "dyn" or (type_.kind == "object" and type_.fields is None):
            return Slot(DYN)
        if type_.fields is None:
            cure = f"write `{name}(...)`" if name in FUNCTIONS else "read fields of objects only"
            cure = "ask about its items: `.exists(x, ...)`" if type_.kind == "list" else cure
            return Slot(self.report("ACC302", f"{a(type_)} has no field `{name}`", place, cure))
        if name in type_.fields:
            return type_.fields[name]
        cure = nearest(name, type_.fields, f"known fields: {listed(type_.fields)}")
        return Slot(self.report("ACC302", f"there is no field `{name}` here", place, cure))

    def _has(self, node: Has, around: _Around) -> Type:
        asked = node.field
        self.types[asked] = self._slot(asked.operand, asked.name, (asked.at, asked.end), around).type
        return BOOL

    def _index(self, node: Index, around: _Around) -> Type:
        if isinstance(node.index, Literal) and isinstance(node.index.value, str):
            self.visit(node.index, around)
            return self._reached(node, node.operand, node.index.value, (node.index.start, node.index.end), around)
        operand, index = self.visit(node.operand, around), self.visit(node.index, around)
        if operand.kind == "list":
            if not fits(index, INT):
                self.report("ACC304", f"a list has no place of kind {index}", node.index, "count places from 0")
            return operand.item or DYN
        if operand.kind == "object" and operand.fields is not None:
            cure = "write the field's name: `.name`"
            return self.report("ACC304", "the field of an object cannot be computed", node.index, cure)
        if operand.kind not in ("object", "dyn"):
            return self.report("ACC304", f"{a(operand)} has no places", node.operand, "only lists and objects have")
        if operand.kind == "object" and not fits(index, STRING):
            self.report("ACC304", f"an object has no field of kind {index}", node.index, "a field's name is a string")
        return DYN

    def _items(self, node: Items, around: _Around) -> Type:
        item: Type | None = None
        for each in node.items:
            type_ = self.visit(each, around)
            both = type_ if item is None else joined(item, type_)
            if both is None:
                self.report(
                    "ACC322", f"{a(type_)} stands in a list of {item}", each, "one list holds values of one type"
                )
                both = DYN
            item = both
        return EMPTY if item is None else list_of(item)

    def _unary(self, node: Unary, around: _Around) -> Type:
        type_ = self.visit(node.operand, around)
        if node.operator == "!":
            self._condition(node.operand, type_, "`!`")
            return BOOL
        if type_.kind in NEGATIONS or type_.kind == "dyn":
            return type_
        return self.report("ACC304", f"`-` cannot change the sign of {a(type_)}", node, "only numbers have a sign")

    def _binary(self, node: Binary, around: _Around) -> Type:
        left, right = self.visit(node.left, around), self.visit(node.right, around)
        if node.operator in ("==", "!="):
            if not comparable(left, right):
                self._mismatch(node, left, right, "compare")
            return BOOL
        if node.operator == "in":
            self._membership(node, left, right)
            return BOOL
        kinds = outcomes(node.operator, left.kind, right.kind)
        if not kinds:
            self._mismatch(node, left, right, "compare" if node.operator in ("<", "<=", ">", ">=") else "take")
            return BOOL if node.operator in ("<", "<=", ">", ">=") else DYN
        kind = next(iter(kinds)) if len(kinds) == 1 else "dyn"
        if kind != "list":
            return Type(kind)
        both = DYN if "dyn" in (left.kind, right.kind) else joined(left, right)
        if both is None:
            return self._mismatch(node, left, right, "join")
        return both if both.kind == "list" else list_of(DYN)

    def _mismatch(self, node: Binary, left: Type, right: Type, verb: str) -> Type:
        message = f"`{node.operator}` cannot {verb} {a(left)} and {a(right)}"
        return self.report("ACC304", message, node, cure_for(right, left, node.operator))

    def _membership(self, node: Binary, left: Type, right: Type) -> None:
        if right.kind == "list":
            if right.item is not None and not comparable(left, right.item):
                message = f"{a(left)} is never in a list of {right.item}"
                self.report("ACC304", message, node, cure_for(left, right.item))
        elif right.kind == "object":
            if not fits(left, STRING):
                self.report("ACC304", f"{a(left)} is never the name of a field", node, "a field's name is a string")
        elif right.kind != "dyn":
            cure = "write `text.contains(part)`" if right.kind == "string" else "`in` looks into lists and objects"
            self.report("ACC304", f"nothing is in {a(right)}", node, cure)

    def _condition(self, node: Node, type_: Type, of: str) -> None:
        if type_.kind not in ("bool", "dyn"):
            cure = "compare it: `... != 0`" if type_.kind in ("int", "decimal") else "write a comparison"
            self.report("ACC314", f"{of} needs a bool, not {a(type_)}", node, cure)

    def _logic(self, node: Logic, around: _Around) -> Type:
        for operand in node.operands:
            self._condition(operand, self.visit(operand, around), f"`{node.operator}`")
            true, false = implied(operand, around.numbers)
            around = around.knowing(true if node.operator == "&&" else false)
        return BOOL

    def _choice(self, node: Choice, around: _Around) -> Type:
        self._condition(node.test, self.visit(node.test, around), "`?`")
        true, false = implied(node.test, around.numbers)
        yes, no = self.visit(node.yes, around.knowing(true)), self.visit(node.no, around.knowing(false))
        both = joined(yes, no)
        if both is None:
            message = f"the choice gives {a(yes)} or {a(no)}"
            return self.report("ACC304", message, node, "give values of one type on both sides of `:`")
        return both

    def _macro(self, node: Macro, around: _Around) -> Type:
        target = self.visit(node.target, around)
        item = target.item or DYN
        if target == OBJECT:
            item = STRING
        elif target.kind not in ("list", "dyn"):
            item = self.report(
                "ACC305", f"`{node.name}` goes through a list, not {a(target)}", node.target, "use a list"
            )
        self.types[node.variable] = item
        self._macros += 1
        inside = replace(
            around,
            variables={**around.variables, node.variable.name: item},
            numbers={**around.numbers, node.variable.name: self._macros},
        )
        if node.keep is not None:
            self._condition(node.keep, self.visit(node.keep, inside), f"`{node.name}`")
            inside = inside.knowing(implied(node.keep, inside.numbers)[0])
        body = self.visit(node.body, inside)
        if node.name == "map":
            return list_of(body)
        self._condition(node.body, body, f"`{node.name}`")
        return BOOL if node.name != "filter" else target if target.kind == "list" else list_of(item)

    def _call(self, node: Call, around: _Around) -> Type:
        given = [self.visit(part, around) for part in node.parts]
        if node.name in HISTORY and node.target is None:
            return self._history(node)
        function = FUNCTIONS.get(node.name)
        if function is None:
            return self._unknown(node)
        style = "plain" if node.target is None else "method"
        if style not in function.styles:
            shape = f"text.{node.name}(part)" if style == "plain" else f'{node.name}("...")'
            return self.report("ACC303", f"`{node.name}` is not called like this", node, f"write `{shape}`")
        wanted = 1 if function.other is None else 2
        if len(given) != wanted:
            count = wanted - len(node.parts) + len(node.arguments)
            message = f"`{node.name}` takes {count} argument{'s' * (count != 1)}, not {len(node.arguments)}"
            self.report("ACC305", message, node, f"give it {count}")
            return function.gives
        for part, type_, kinds in zip(node.parts, given, (function.takes, (function.other,)), strict=False):
            if type_.kind not in kinds and type_.kind != "dyn":
                message = f"`{node.name}` takes {' or '.join(str(kind) for kind in kinds)}, not {a(type_)}"
                self.report("ACC305", message, part, "give it a value of that type")
        self._sized(node, given)
        self._read(node)
        return function.gives

    def _sized(self, node: Call, given: list[Type]) -> None:
        if node.name == "size" and given[0].fields is not None:
            cure = "ask for each field with `has()`"
            self.report("ACC305", "the fields of this object are declared, so their number says nothing", node, cure)

    def _read(self, node: Call) -> None:
        """Read the text of a date, a moment or a span that is written in the guard."""
        text = node.arguments[0].value if node.arguments and isinstance(node.arguments[0], Literal) else None
        if node.name not in READS_TEXT or not isinstance(text, str):
            return
        try:
            FUNCTIONS[node.name].apply(text)
        except UnfitError as error:
            cure = {
                "date": 'write it like date("2015-02-09")',
                "timestamp": 'write it like timestamp("2015-02-09T09:00:00+08:00")',
                "duration": 'write it like duration("36h") or duration("1h30m"); a day is 24h',
            }[node.name]
            self.report("ACC319", str(error), node.arguments[0], cure)

    def _unknown(self, node: Call) -> Type:
        place = (node.at, node.at + len(node.name))
        if node.name in ABSENT:
            return self.report("ACC313", f"there is no function `{node.name}`", place, ABSENT[node.name])
        if node.name in MACROS:
            return self.report(
                "ACC303", f"`{node.name}` is not called like this", place, f"write `list.{node.name}(x, ...)`"
            )
        known = (*FUNCTIONS, *HISTORY, *MACROS, "has")
        cure = nearest(node.name, known, f"known functions: {listed(known)}", "{}()")
        return self.report("ACC303", f"there is no function `{node.name}`", place, cure)

    def _history(self, node: Call) -> Type:
        """Check a question about the case's past or its children."""
        scope = self.scope
        known: Collection[str] | None = {"times": scope.triggers, "visited": scope.states, "children": scope.links}[
            node.name
        ]
        code, thing = {"times": ("ACC316", "trigger"), "visited": ("ACC317", "state"), "children": ("ACC318", "link")}[
            node.name
        ]
        gives = {"times": INT, "visited": BOOL}.get(node.name)
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if not (isinstance(argument, Literal) and isinstance(argument.value, str)):
            cure = f'write it like `{node.name}("{next(iter(sorted(known or ())), thing)}")`'
            self.report("ACC321", f"`{node.name}` takes the name of one {thing}, written as a string", node, cure)
            return gives or list_of(child_type(DYN))
        name = argument.value
        if known is not None and name not in known:
            cure = nearest(name, known, f"known: {listed(known)}")
            self.report(code, f"there is no {thing} `{name}`", argument, cure)
        return gives or list_of(child_type((scope.links or {}).get(name, DYN)))
