"""What deciding a guard may cost, in steps; a step is one node decided, or one item looked at."""

from __future__ import annotations

from accountability.guards.tree import Binary, Items, Macro, Node

STEPS_MAX = 200_000
"""Steps that one decision may take: estimated before a case exists, and counted inside macros while deciding."""

ASSUMED_ITEMS = 100
"""How many items a list is taken to hold, when the text of the guard does not say."""


def cost(node: Node) -> int:
    """Estimate the steps of deciding a node."""
    if isinstance(node, Macro):
        turn = sum(cost(part) for part in node.parts[1:])
        return 1 + cost(node.target) + _length(node.target) * turn
    return 1 + sum(cost(part) for part in node.parts)


def weight(node: Node) -> int:
    """Count the nodes decided once; the turns of macros below pay for themselves."""
    if isinstance(node, Macro):
        return 1 + weight(node.target)
    return 1 + sum(weight(part) for part in node.parts)


def _length(node: Node) -> int:
    """Estimate how many items a list has."""
    if isinstance(node, Items):
        return len(node.items)
    if isinstance(node, Macro):
        return _length(node.target)
    if isinstance(node, Binary):
        return _length(node.left) + _length(node.right)
    return ASSUMED_ITEMS
