"""What guards and expressions of a workflow may name, with the type of each name.

The checks and the machine's compiler build scopes here alone, so a guard means the same before a case exists and while
one is decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accountability.definition.model import DataField, Workflow
from accountability.definition.states import states
from accountability.guards import BOOL, DATE, DYN, INT, STRING, TIMESTAMP, Scope, Slot, Type, list_of
from accountability.machine.compiled_deadline import given_extensions

BUILT_IN_TRIGGERS = ("recuse", "note", "correct")
"""Triggers that every workflow has without writing them; guards may count them."""

_KINDS = {"string": "string", "integer": "int", "decimal": "decimal", "boolean": "bool", "date": "date"}
_KINDS |= {"datetime": "timestamp", "duration": "duration", "list": "list", "object": "object"}

_ACTOR = Type(
    "object",
    fields={"id": Slot(STRING), "roles": Slot(list_of(STRING)), "unit": Slot(STRING, optional=True)},
)
_CASE = Type(
    "object",
    fields={
        "id": Slot(STRING),
        "state": Slot(STRING),
        "opened_at": Slot(TIMESTAMP),
        "seq": Slot(INT),
        "parent": Slot(STRING, optional=True),
    },
)


def _found_case(data: Type) -> Type:
    """Give the type of a case that `reads` finds."""
    known = {"id": Slot(STRING), "state": Slot(STRING), "closed": Slot(BOOL), "data": Slot(data)}
    return Type("object", fields=known)


def field_type(field: DataField) -> Type:
    """Give the type that guards see in a field of a case's data.

    Inner fields of an object are optional unless they have a default or it `needs` them; a list without `items`, or an
    object without `fields`, may hold anything.
    """
    if field.type == "list":
        return list_of(field_type(field.items) if field.items else DYN)
    if field.type == "object" and field.fields is not None:
        inner = {
            name: Slot(field_type(declared), optional=not declared.has_default and name not in field.needs)
            for name, declared in field.fields.items()
        }
        return Type("object", fields=inner)
    return Type(_KINDS[field.type])


def data_type(workflow: Workflow, definite: Collection[str] | None = None) -> Type:
    """Give the type of a case's data.

    Args:
        workflow: The law the case follows.
        definite: Fields that surely have a value; None treats all as present.
    """
    return Type(
        "object",
        fields={
            name: Slot(field_type(field), optional=definite is not None and name not in definite)
            for name, field in workflow.data.items()
        },
    )


def given_triggers(workflow: Workflow) -> tuple[str, ...]:
    """List every trigger that can stand in a history: the start's, the workflow's, extensions, the built-in ones."""
    extensions = given_extensions(workflow)
    return tuple(dict.fromkeys((workflow.start.trigger, *workflow.transitions, *extensions, *BUILT_IN_TRIGGERS)))


def given_links(workflow: Workflow) -> tuple[str, ...]:
    """List the names of the links under which a workflow opens child cases, in the order of the file."""
    acts = (workflow.start, *(rule for rules in workflow.transitions.values() for rule in rules))
    return tuple(dict.fromkeys(opens.as_ for act in acts for opens in act.opens))


def where_scope(workflow: Workflow, definite: Collection[str] | None = None) -> Scope:
    """Say what an expression under `where` may name: the case's data with the input merged, the person, the time.

    Args:
        workflow: The law.
        definite: Fields that surely have a value then; None treats all as present.
    """
    return Scope(names={"data": data_type(workflow, definite), "actor": _ACTOR, "case": _CASE, "now": TIMESTAMP})


def anchor_scope(workflow: Workflow, definite: Collection[str] | None = None) -> Scope:
    """Say what the `anchor` of a deadline may name: the case's data as the act leaves it, and the time of the act.

    Args:
        workflow: The law.
        definite: Fields that surely have a value then; None treats all as present.
    """
    return Scope(names={"data": data_type(workflow, definite), "now": TIMESTAMP})


def guard_scope(
    workflow: Workflow,
    *,
    inputs: Collection[str],
    definite: Collection[str] | None,
    needed: Collection[str] | None = None,
    item: Type | None = None,
    links: Mapping[str, Type] | None = None,
    reads: Mapping[str, Type] | None = None,
) -> Scope:
    """Say what an expression of one rule may name.

    Args:
        workflow: The law.
        inputs: Fields that may be given with the act: its `needs` and `accepts`.
        definite: Fields that surely have a value when the expression is computed; None treats all as present, which is
            right while a case is decided, after the checks have passed.
        needed: Fields that are surely given with the act; None treats all `inputs` so.
        item: Type of `item`, where one child is opened for each item of a list.
        links: Link -> type of the data of its children; links that are not listed may hold anything.
        reads: Name under `reads` -> type of the data of the cases it finds; the others may hold anything.
    """
    given = {
        name: Slot(field_type(workflow.data[name]), optional=needed is not None and name not in needed)
        for name in inputs
        if name in workflow.data
    }
    names = {
        "data": data_type(workflow, definite),
        "input": Type("object", fields=given),
        "actor": _ACTOR,
        "case": _CASE,
        "now": TIMESTAMP,
        "today": DATE,
    }
    if item is not None:
        names["item"] = item
    if workflow.reads:
        found = {name: Slot(list_of(_found_case((reads or {}).get(name, DYN)))) for name in workflow.reads}
        names["reads"] = Type("object", fields=found)
    known = dict.fromkeys(given_links(workflow), DYN)
    return Scope(
        names=names,
        triggers=given_triggers(workflow),
        states=tuple(states(workflow)),
        links=known | {link: type_ for link, type_ in (links or {}).items() if link in known},
    )
