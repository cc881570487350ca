"""A guard's text as a tree: CEL's grammar, by a Pratt parser that keeps every place.

The parser works on a bounded text and a bounded depth, so it neither runs long nor runs out of stack.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn, TypeVar

from accountability.guards.arithmetic import INT_MAX, negate_decimal
from accountability.guards.tokens import RESERVED, Token, stop, tokens
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

DEPTH_MAX = 32
"""How deep a guard may nest: brackets, operands, calls."""

TEXT_MAX = 4096
"""How long a guard may be, in bytes of UTF-8."""

MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "filter": (2,), "map": (2, 3)}
"""Functions over a list that take a name and an expression about it -> how many arguments each may take."""

_RELATIONS = dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in"), 3)
_POWERS = {"||": 1, "&&": 2, **_RELATIONS, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_CLOSES = {"(": ")", "[": "]"}
_TOO_DEEP = f"the guard is nested deeper than {DEPTH_MAX}"
_SIMPLER = "split it: several checks under `when`, or a field that `sets` computes"

N = TypeVar("N", bound=Node)


def parse(text: str) -> Node:
    """Read a guard.

    Args:
        text: The guard, at most `TEXT_MAX` bytes long and `DEPTH_MAX` deep.

    Returns:
        Its tree.

    Raises:
        GuardError: The text is not an expression of the language; the problem says where and why.
    """
    size = len(text.encode(errors="surrogatepass"))
    if size > TEXT_MAX:
        stop("ACC309", f"the guard is {size} bytes long, more than {TEXT_MAX}", 0, len(text), _SIMPLER)
    parser = _Parser(tokens(text))
    if parser.next.kind == "end":
        stop("ACC300", "the guard is empty", 0, len(text), "write a condition, or leave the key out")
    node = parser.expression()
    if parser.next.kind != "end":
        parser.unexpected("the guard should end here")
    return node


class _Parser:
    """Walk the tokens once, from left to right."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._open = 0

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self._words[self._at]

    @property
    def _end(self) -> int:
        """Where the token that was taken last ends."""
        return self._words[self._at - 1].end

    def unexpected(self, wanted: str) -> NoReturn:
        """Refuse the token that comes next."""
        word = self.next
        shown = word.text if word.kind in ("end", "value") else f"`{word.text}`"
        cure = wanted
        if word.text == "?":
            cure += "; a choice inside a choice needs brackets"
        elif word.kind == "name" and word.text.lower() in ("and", "or", "not"):
            cure = "and, or, not are written `&&`, `||`, `!`"
        stop("ACC300", f"{shown} was not expected here", word.start, word.end, cure)

    def _sees(self, sign: str) -> bool:
        word = self._words[self._at]
        return word.kind == "sign" and word.text == sign

    def _take(self) -> Token:
        word = self._words[self._at]
        self._at += 1
        return word

    def _took(self, sign: str) -> bool:
        if self._sees(sign):
            self._at += 1
            return True
        return False

    def _close(self, opening: Token) -> None:
        closing = _CLOSES[opening.text]
        if not self._took(closing):
            self.unexpected(f"`{closing}` should close the `{opening.text}` at character {opening.start + 1}")

    def _built(self, node: type[N], start: int, *below: Node, **parts: object) -> N:
        depth = 1 + max((part.depth for part in below), default=0)
        if depth > DEPTH_MAX:
            stop("ACC310", _TOO_DEEP, start, self._end, _SIMPLER)
        return node(start=start, end=self._end, depth=depth, **parts)

    def expression(self) -> Node:
        """Read `a`, or `test ? yes : no`."""
        self._open += 1
        if self._open > DEPTH_MAX:
            stop("ACC310", _TOO_DEEP, self.next.start, self.next.end, _SIMPLER)
        start = self.next.start
        node = self._operation(1)
        if self._took("?"):
            yes = self._operation(1)
            if not self._took(":"):
                self.unexpected("`:` and the other value should follow")
            no = self.expression()
            node = self._built(Choice, start, node, yes, no, test=node, yes=yes, no=no)
        self._open -= 1
        return node

    def _operation(self, power: int) -> Node:
        """Read operands joined by operators that bind at least as tightly as `power`."""
        start = self.next.start
        left = self._signed()
        while (word := self.next).kind == "sign" and (binds := _POWERS.get(word.text, 0)) >= power:
            if binds <= 2:
                left = self._logic(word.text, binds, start, left)
                continue
            self._take()
            right = self._operation(binds + 1)
            left = self._built(Binary, start, left, right, operator=word.text, left=left, right=right, at=word.start)
        return left

    def _logic(self, operator: str, binds: int, start: int, first: Node) -> Logic:
        """Read a run of one logical operator as one node, so that many conditions are not deep."""
        operands = [first]
        while self._took(operator):
            operands.append(self._operation(binds + 1))
        return self._built(Logic, start, *operands, operator=operator, operands=tuple(operands))

    def _signed(self) -> Node:
        """Read an operand with its signs; two equal signs cancel each other, as in CEL."""
        first = self.next
        if not (self._sees("!") or self._sees("-")):
            return self._member(self._primary(), first.start)
        count = 0
        while self._took(first.text):
            count += 1
        if count == 1 and first.text == "-" and self.next.kind == "value" and self.next.text != "a string":
            return self._member(self._number(first.start, negative=True), first.start)
        if self._sees("!") or self._sees("-"):
            self.unexpected("put the operand and its sign in brackets")
        start = self.next.start
        operand = self._member(self._primary(), start)
        if count % 2 == 0:
            return operand
        return self._built(Unary, first.start, operand, operator=first.text, operand=operand)

    def _member(self, node: Node, start: int) -> Node:
        """Read the fields, indexes and calls that follow an operand."""
        while True:
            opening = self.next
            if self._took("."):
                node = self._dotted(node, start)
            elif self._took("["):
                index = self.expression()
                self._close(opening)
                node = self._built(Index, start, node, index, operand=node, index=index)
            elif opening.kind == "sign" and opening.text == "{":
                stop("ACC313", "objects cannot be built here", opening.start, opening.end, "compare field by field")
            else:
                return node

    def _dotted(self, operand: Node, start: int) -> Node:
        """Read what follows a dot: a field, a function or a macro."""
        word = self.next
        if word.kind != "name":
            cure = f'write `["{word.text}"]`' if word.text in ("in", *_WORDS) else "a field or a function should follow"
            self.unexpected(cure)
        self._take()
        opening = self.next
        if not self._took("("):
            return self._built(Field, start, operand, operand=operand, name=word.text, at=word.start)
        arguments = self._several(opening)
        if word.text in MACROS:
            return self._macro(word, operand, arguments, start)
        return self._built(
            Call, start, operand, *arguments, name=word.text, target=operand, arguments=arguments, at=word.start
        )

    def _macro(self, word: Token, target: Node, arguments: tuple[Node, ...], start: int) -> Macro:
        """Make a macro of its arguments: a name, and expressions about it."""
        counts = MACROS[word.text]
        if len(arguments) not in counts:
            wanted = " or ".join(str(count) for count in counts)
            message = f"`{word.text}` takes {wanted} arguments, not {len(arguments)}"
            stop("ACC320", message, word.start, self._end, f"write it like `.{word.text}(x, x > 0)`")
        variable, *keep, body = arguments
        if not isinstance(variable, Name):
            message = f"the first argument of `{word.text}` should be a plain name"
            stop("ACC320", message, variable.start, variable.end, f"write it like `.{word.text}(x, x > 0)`")
        condition = keep[0] if keep else None
        return self._built(
            Macro,
            start,
            target,
            *keep,
            body,
            name=word.text,
            target=target,
            variable=variable,
            keep=condition,
            body=body,
            at=word.start,
        )

    def _several(self, opening: Token) -> tuple[Node, ...]:
        """Read expressions between commas, up to the closing bracket; a list may end with a comma."""
        found: list[Node] = []
        closing = _CLOSES[opening.text]
        while not self._sees(closing):
            found.append(self.expression())
            if not self._took(","):
                break
            if closing == ")" and self._sees(closing):
                self.unexpected("another argument should follow the comma")
        self._close(opening)
        return tuple(found)

    def _primary(self) -> Node:
        """Read a literal, a name, a call, a list, or an expression in brackets."""
        word = self.next
        if word.kind == "value":
            return self._number(word.start) if word.text != "a string" else self._literal(word, word.value)
        if word.kind == "name":
            return self._named()
        if word.kind == "sign" and word.text in _WORDS:
            return self._literal(word, _WORDS[word.text])
        if self._took("("):
            node = self.expression()
            self._close(word)
            return node
        if self._took("["):
            items = self._several(word)
            return self._built(Items, word.start, *items, items=items)
        if word.kind == "sign" and word.text == "{":
            stop("ACC313", "objects cannot be built here", word.start, word.end, "compare field by field")
        return self.unexpected("a value, a name or a bracket should stand here")

    def _literal(self, word: Token, value: int | Decimal | str | bool | None) -> Literal:
        self._take()
        return self._built(Literal, word.start, value=value)

    def _number(self, start: int, *, negative: bool = False) -> Literal:
        """Read a number, whose sign belongs to it: the smallest integer has no positive counterpart."""
        word = self.next
        value = word.value
        if isinstance(value, Decimal):
            value = negate_decimal(value) if negative else value
        elif isinstance(value, int):
            value = -value if negative else value
            if value > INT_MAX:
                stop("ACC308", "the integer does not fit into 64 bits", start, word.end, f"the largest is {INT_MAX}")
        self._take()
        return self._built(Literal, start, value=value)

    def _named(self) -> Node:
        """Read a name, a call, or `has(operand.field)`."""
        word = self._take()
        if word.text in RESERVED:
            stop("ACC312", f"`{word.text}` is reserved", word.start, word.end, "choose another name")
        opening = self.next
        if not self._took("("):
            return self._built(Name, word.start, name=word.text)
        arguments = self._several(opening)
        if word.text == "has":
            return self._has(word, arguments)
        return self._built(
            Call, word.start, *arguments, name=word.text, target=None, arguments=arguments, at=word.start
        )

    def _has(self, word: Token, arguments: tuple[Node, ...]) -> Has:
        if len(arguments) != 1 or not isinstance(arguments[0], Field):
            stop("ACC315", "`has` asks for one field", word.start, self._end, "write it like `has(data.amount)`")
        field = arguments[0]
        return self._built(Has, word.start, field, field=field)
