"""Which optional fields surely have a value where an expression stands: what `has()` around it has made sure of.

A fact is the path of a field. Guards are pure, so the same path means the same value wherever the same names stand
for the same things; the variables of macros carry a number of their own for that.
"""

from __future__ import annotations

from collections.abc import Mapping

from accountability.guards.tree import Binary, Call, Choice, Field, Has, Index, Literal, Logic, Name, Node, Unary

Fact = tuple[object, ...]
Facts = frozenset[Fact]
Numbers = Mapping[str, int]
"""Variable of a macro -> its number."""

NOTHING: Facts = frozenset()


def path(node: Node, numbers: Numbers) -> Fact | None:
    """Write where a value comes from; None when it is computed."""
    if isinstance(node, Name):
        return ("variable", numbers[node.name]) if node.name in numbers else ("name", node.name)
    if isinstance(node, Field):
        above = path(node.operand, numbers)
        return None if above is None else (*above, node.name)
    if isinstance(node, Index):
        above = path(node.operand, numbers)
        at = (node.index.value,) if isinstance(node.index, Literal) else path(node.index, numbers)
        if above is None or at is None:
            return None
        return (*above, *at) if isinstance(node.index, Literal) else (*above, at)
    if isinstance(node, Call) and node.target is None and all(isinstance(part, Literal) for part in node.arguments):
        return ("call", node.name, *(part.value for part in node.arguments if isinstance(part, Literal)))
    return None


def implied(node: Node, numbers: Numbers) -> tuple[Facts, Facts]:
    """List what surely has a value when a condition is true, and what has one when it is false."""
    if isinstance(node, Has):
        return _prefixes(path(node.field, numbers)), NOTHING
    if isinstance(node, Unary) and node.operator == "!":
        true, false = implied(node.operand, numbers)
        return false, true
    if isinstance(node, Logic):
        trues, falses = zip(*(implied(operand, numbers) for operand in node.operands), strict=True)
        if node.operator == "&&":
            return NOTHING.union(*trues), falses[0].intersection(*falses[1:])
        return trues[0].intersection(*trues[1:]), NOTHING.union(*falses)
    if isinstance(node, Choice):
        (test, untest), yes, no = (implied(part, numbers) for part in node.parts)
        return (test | yes[0]) & (untest | no[0]), (test | yes[1]) & (untest | no[1])
    if isinstance(node, Binary) and node.operator == "in" and isinstance(node.left, Literal):
        above = path(node.right, numbers)
        if above is not None and isinstance(node.left.value, str):
            return _prefixes((*above, node.left.value)), NOTHING
    return NOTHING, NOTHING


def _prefixes(fact: Fact | None) -> Facts:
    """A field that has a value has one all the way up."""
    return NOTHING if fact is None else frozenset(fact[:length] for length in range(3, len(fact) + 1))
