"""The shape of a guard: frozen nodes that know their place in the text.

Every node carries `start` and `end`, offsets in code points, and `depth`, the height of the tree below it, so that a
guard nested too deep is refused before anything walks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Node:
    """A part of a guard; two nodes are the same only when they stand at the same place of the same tree."""

    start: int
    end: int
    depth: int = 1

    @property
    def parts(self) -> tuple[Node, ...]:
        """The nodes directly below, in the order of the text."""
        return ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Literal(Node):
    """A value written in the text."""

    value: int | Decimal | str | bool | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Name(Node):
    """A name: one of the scope's, or the variable of a macro around it."""

    name: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field(Node):
    """`operand.name`.

    Attributes:
        at: Where the field's name begins.
    """

    operand: Node
    name: str
    at: int

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand."""
        return (self.operand,)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Index(Node):
    """`operand[index]`."""

    operand: Node
    index: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand and the index."""
        return (self.operand, self.index)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Items(Node):
    """A list written in the text."""

    items: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The items."""
        return self.items


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Unary(Node):
    """`-operand` or `!operand`."""

    operator: str
    operand: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand."""
        return (self.operand,)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Binary(Node):
    """An arithmetic operator, a comparison or `in`.

    Attributes:
        at: Where the operator begins.
    """

    operator: str
    left: Node
    right: Node
    at: int

    @property
    def parts(self) -> tuple[Node, ...]:
        """Both operands."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Logic(Node):
    """A run of `&&`, or of `||`; two operands or more."""

    operator: str
    operands: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Choice(Node):
    """`test ? yes : no`."""

    test: Node
    yes: Node
    no: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The test and both branches."""
        return (self.test, self.yes, self.no)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Has(Node):
    """`has(operand.name)`."""

    field: Field

    @property
    def parts(self) -> tuple[Node, ...]:
        """The field asked for."""
        return (self.field,)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Call(Node):
    """`name(arguments)`, or `target.name(arguments)`.

    Attributes:
        at: Where the function's name begins.
    """

    name: str
    target: Node | None
    arguments: tuple[Node, ...]
    at: int

    @property
    def parts(self) -> tuple[Node, ...]:
        """The target, if any, and the arguments."""
        return self.arguments if self.target is None else (self.target, *self.arguments)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Macro(Node):
    """`target.name(variable, body)`; `map` may have a condition before the body.

    Attributes:
        at: Where the macro's name begins.
        keep: The condition of a `map`.
    """

    name: str
    target: Node
    variable: Name
    keep: Node | None
    body: Node
    at: int

    @property
    def parts(self) -> tuple[Node, ...]:
        """The target, the condition if any, and the body."""
        return (self.target, self.body) if self.keep is None else (self.target, self.keep, self.body)
