"""What guards may name, with which types."""

from __future__ import annotations

from typing import Any

import pytest

from accountability.definition.model import DataField, Workflow
from accountability.guards.types import (
    BOOL,
    DATE,
    DECIMAL,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Scope,
    Slot,
    Type,
    list_of,
)
from accountability.machine.scope import data_type, field_type, given_links, given_triggers, guard_scope


def workflow() -> Workflow:
    """Build a workflow with a few fields, triggers and links."""
    content: dict[str, Any] = {
        "workflow": "inquiry",
        "version": 1,
        "roles": {"officer": "Officer"},
        "data": {"amount": {"type": "decimal"}, "name": {"type": "string"}, "urgent": {"type": "boolean"}},
        "start": {"by": "officer", "trigger": "submit", "opens": {"workflow": "subject", "as": "subjects"}},
        "states": {"open": {"initial": "new", "states": {"new": None}}, "closed": {"final": True}},
        "initial": "open",
        "transitions": {
            "widen": {"from": "open", "by": "officer", "opens": [{"workflow": "inquiry", "as": "further"}]},
            "close": {"from": "open", "to": "closed", "by": "officer"},
        },
    }
    return Workflow.from_content(content)


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("string", STRING),
        ("integer", INT),
        ("decimal", DECIMAL),
        ("boolean", BOOL),
        ("date", DATE),
        ("datetime", TIMESTAMP),
        ("duration", DURATION),
        ("list", list_of(DYN)),
        ("object", Type("object")),
    ],
)
def test_every_field_type_has_a_guard_type(name: Any, type_: Type) -> None:
    """Guards see data with the types that the workflow declares."""
    assert field_type(DataField(type=name)) == type_


def test_inner_types_are_kept() -> None:
    """Lists know their items, objects their fields; an inner field without a default may be missing unless needed."""
    inner = {name: DataField(type="integer") for name in ("age", "rank")}
    inner |= {"kind": DataField(type="string", default="x")}
    people = DataField(type="list", items=DataField(type="object", needs="rank", fields=inner))
    expected = Type("object", fields={"age": Slot(INT, optional=True), "rank": Slot(INT), "kind": Slot(STRING)})
    assert field_type(people) == list_of(expected)


def test_only_definite_fields_may_be_read_without_has() -> None:
    """Checks know which fields surely have a value; while a case is decided all are taken as present."""
    fields = data_type(workflow(), {"amount"}).fields
    assert fields is not None
    assert (fields["amount"].optional, fields["name"].optional) == (False, True)
    present = data_type(workflow()).fields
    assert present is not None
    assert not any(slot.optional for slot in present.values())


def test_input_holds_what_may_be_given_and_what_must_be_is_sure() -> None:
    """`needs` are there, `accepts` only perhaps; nothing else can be named."""
    scope = guard_scope(workflow(), inputs=["amount", "name"], needed=["amount"], definite=[])
    assert scope.names["input"].fields == {"amount": Slot(DECIMAL), "name": Slot(STRING, optional=True)}
    given = guard_scope(workflow(), inputs=["name"], definite=None).names["input"]
    assert given.fields == {"name": Slot(STRING)}


def test_names_of_the_person_the_case_and_the_time() -> None:
    """`unit` and `parent` may be missing; `item` is there only where a child is opened for each."""
    scope: Scope = guard_scope(workflow(), inputs=[], definite=None)
    assert scope.names["actor"].fields == {
        "id": Slot(STRING),
        "roles": Slot(list_of(STRING)),
        "unit": Slot(STRING, optional=True),
    }
    case = scope.names["case"].fields
    assert case is not None
    assert case["parent"] == Slot(STRING, optional=True)
    assert case["opened_at"] == Slot(TIMESTAMP)
    assert scope.names["now"] == TIMESTAMP
    assert "item" not in scope.names
    assert guard_scope(workflow(), inputs=[], definite=None, item=INT).names["item"] == INT


def test_triggers_states_and_links_that_can_be_asked_for() -> None:
    """The built-in acts can be counted, compound states visited, every link looked at."""
    scope = guard_scope(workflow(), inputs=[], definite=None, links={"further": INT, "unknown": INT})
    assert given_triggers(workflow()) == ("submit", "widen", "close", "recuse", "note", "correct")
    assert scope.triggers == given_triggers(workflow())
    assert scope.states == ("open", "open.new", "closed")
    assert given_links(workflow()) == ("subjects", "further")
    assert scope.links == {"subjects": DYN, "further": INT}
