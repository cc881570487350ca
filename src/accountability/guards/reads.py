"""What a guard reads, by name: rules about withheld data, and about what a replay needs, rest on this."""

from __future__ import annotations

from collections.abc import Mapping

from accountability.guards.functions import HISTORY
from accountability.guards.tree import Binary, Call, Field, Has, Index, Literal, Macro, Name, Node
from accountability.guards.types import Scope

Reads = frozenset[str]

WHOLE = ("item", "now")
"""Names that are read as a whole, whatever field of theirs is asked for."""


def reads_of(node: Node, scope: Scope, variables: Mapping[str, Reads]) -> Reads:
    """List what a node reads.

    Args:
        node: Any node of a checked guard.
        scope: What the guard may name.
        variables: Variable of a macro around the node -> what the list it goes through reads.

    Returns:
        Dotted names: `data.amount`, `actor.id`, `now`, `item`, `times.register`, `visited.held`, `children.subjects`.
        An object that is read as a whole gives its own name and that of every declared field.
    """
    if isinstance(node, Name):
        return _name(node.name, scope, variables)
    if (reached := _field_of_name(node, scope, variables)) is not None:
        return reached
    if isinstance(node, Call) and node.name in HISTORY and isinstance(node.arguments[0], Literal):
        return frozenset({f"{node.name}.{node.arguments[0].value}"})
    if isinstance(node, Macro):
        target = reads_of(node.target, scope, variables)
        inside = {**variables, node.variable.name: target}
        return target.union(*(reads_of(part, scope, inside) for part in node.parts[1:]))
    return frozenset().union(*(reads_of(part, scope, variables) for part in node.parts))


def overlap(name: str, reads: Reads) -> bool:
    """Tell whether a name, or a part or the whole of it, is among what is read."""
    return any(read == name or read.startswith(f"{name}.") or name.startswith(f"{read}.") for read in reads)


def _name(name: str, scope: Scope, variables: Mapping[str, Reads]) -> Reads:
    if name in variables:
        return variables[name]
    fields = scope.names[name].fields or () if name in scope.names and name not in WHOLE else ()
    return frozenset({name, *(f"{name}.{field}" for field in fields)})


def _field_of_name(node: Node, scope: Scope, variables: Mapping[str, Reads]) -> Reads | None:
    """List what is read by a node that asks one field of a name of the scope; None when it is no such node."""
    if isinstance(node, Has):
        return reads_of(node.field, scope, variables)
    if isinstance(node, Field):
        operand, field = node.operand, node.name
    elif isinstance(node, Index) and isinstance(node.index, Literal) and isinstance(node.index.value, str):
        operand, field = node.operand, node.index.value
    elif isinstance(node, Binary) and node.operator == "in" and isinstance(node.left, Literal):
        operand, field = node.right, str(node.left.value)
        if isinstance(operand, Name) and operand.name in scope.names and scope.names[operand.name].kind != "object":
            return None
    else:
        return None
    if not isinstance(operand, Name) or operand.name in variables or operand.name in WHOLE:
        return None
    return frozenset({f"{operand.name}.{field}"})
