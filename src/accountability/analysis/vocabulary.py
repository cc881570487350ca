"""Words in guards: a state, a role or a listed value that is compared with something it can never be.

A guard that asks for a misspelt word is well-typed, and simply never true, or always. So every text literal that is
compared with something of which all values are known must be one of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountability.analysis.examination import Examination, Flaw
from accountability.analysis.expressions import Expression
from accountability.definition.model import DataField, Workflow
from accountability.definition.nearest import did_you_mean
from accountability.definition.states import states
from accountability.guards import GuardError
from accountability.guards.syntax import parse
from accountability.guards.tree import Binary, Call, Field, Items, Literal, Macro, Name, Node

Links = Mapping[str, Workflow | None]
"""Variable of a macro over `children("link")`, or over `reads.NAME` -> the workflow of those cases, where known."""


def unknown_words(examination: Examination) -> Iterator[Flaw]:
    """Find text in guards that what it is compared with can never be."""
    for expression in examination.expressions:
        try:
            tree = parse(expression.text)
        except GuardError:
            continue
        yield from _below(examination, expression, tree, {})


def _below(examination: Examination, expression: Expression, node: Node, links: Links) -> Iterator[Flaw]:
    if isinstance(node, Binary) and node.operator in ("==", "!=", "in"):
        for thing, words in ((node.left, node.right), (node.right, node.left)):
            yield from _compared(examination, expression, thing, words, links)
    inside = links
    if isinstance(node, Macro) and (cases := _cases(node.target)) is not None:
        inside = {**links, node.variable.name: _workflow(examination, *cases)}
    for part in node.parts:
        yield from _below(examination, expression, part, inside)


def _compared(
    examination: Examination, expression: Expression, thing: Node, words: Node, links: Links
) -> Iterator[Flaw]:
    """Compare the words of one side with what the other can be."""
    found = _values(examination, thing, links)
    if found is None:
        return
    what, known = found
    for word in words.items if isinstance(words, Items) else (words,):
        if isinstance(word, Literal) and isinstance(word.value, str) and word.value not in known:
            yield Flaw(
                f"{what} is never `{word.value}`",
                expression.path,
                did_you_mean(word.value, known),
                within=(word.start, word.end),
            )


def _values(examination: Examination, thing: Node, links: Links) -> tuple[str, tuple[str, ...]] | None:
    """Say what something is called and every text it can be; None where that is not known."""
    if not isinstance(thing, Field):
        return None
    root, workflow = thing.operand, examination.workflow
    if isinstance(root, Name) and root.name in links:
        return _of_child(links[root.name], thing.name)
    if isinstance(root, Name) and root.name in ("data", "input"):
        return _of_field(workflow, thing.name)
    if isinstance(root, Name) and (root.name, thing.name) == ("actor", "roles"):
        return "a role", (*workflow.roles, "system")
    if isinstance(root, Name) and (root.name, thing.name) == ("case", "state"):
        return "the state", tuple(states(workflow))
    if isinstance(root, Field) and isinstance(root.operand, Name) and root.operand.name in links:
        child = links[root.operand.name]
        return None if child is None or root.name != "data" else _of_field(child, thing.name)
    return None


def _of_child(child: Workflow | None, name: str) -> tuple[str, tuple[str, ...]] | None:
    return None if child is None or name != "state" else (f"the state of a `{child.workflow}`", tuple(states(child)))


def _of_field(workflow: Workflow, name: str) -> tuple[str, tuple[str, ...]] | None:
    declared: DataField | None = workflow.data.get(name)
    while declared is not None and declared.type == "list":
        declared = declared.items
    if declared is None or declared.type != "string" or not declared.enum:
        return None
    return f"`{name}`", tuple(str(value) for value in declared.enum)


def _workflow(examination: Examination, kind: str, name: str) -> Workflow | None:
    """Find the workflow of a link, or of a name under `reads`; None where several are opened, or it is not known."""
    if kind == "reads":
        read = examination.workflow.reads.get(name)
        return None if read is None else examination.known(read.workflow)
    names = {opens.workflow for _, _, opens in examination.openings if opens.as_ == name}
    return examination.known(names.pop()) if len(names) == 1 else None


def _cases(target: Node) -> tuple[str, str] | None:
    """Name the link, or the name under `reads`, whose cases a macro goes through, a `filter` in between included."""
    while isinstance(target, Macro) and target.name == "filter":
        target = target.target
    if isinstance(target, Field) and isinstance(target.operand, Name) and target.operand.name == "reads":
        return "reads", target.name
    if isinstance(target, Call) and target.name == "children" and target.target is None and target.arguments:
        argument = target.arguments[0]
        if isinstance(argument, Literal) and isinstance(argument.value, str):
            return "children", argument.value
    return None
