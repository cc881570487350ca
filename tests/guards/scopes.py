"""A scope and a context that the tests of guards share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from accountability.guards import (
    BOOL,
    DATE,
    DECIMAL,
    DURATION,
    DYN,
    INT,
    OBJECT,
    STRING,
    TIMESTAMP,
    Guard,
    Scope,
    Slot,
    Type,
    check_guard,
    compile_guard,
    list_of,
)


def obj(**fields: Type | Slot) -> Type:
    return Type("object", fields={name: of if isinstance(of, Slot) else Slot(of) for name, of in fields.items()})


def maybe(of: Type) -> Slot:
    return Slot(of, optional=True)


PERSON = obj(name=STRING, age=maybe(INT), born=maybe(DATE))
SCOPE = Scope(
    names={
        "data": obj(
            amount=INT,
            kind=STRING,
            open=BOOL,
            price=DECIMAL,
            due=DATE,
            heard=TIMESTAMP,
            takes=DURATION,
            tags=list_of(STRING),
            prices=list_of(DECIMAL),
            people=list_of(PERSON),
            level=maybe(INT),
            address=maybe(obj(street=maybe(STRING), city=STRING)),
            free=OBJECT,
        ),
        "input": obj(level=maybe(INT)),
        "actor": obj(id=STRING, roles=list_of(STRING), unit=maybe(STRING)),
        "case": obj(id=STRING, state=STRING, seq=INT, opened_at=TIMESTAMP, parent=maybe(STRING)),
        "now": TIMESTAMP,
        "item": PERSON,
        "x": DYN,
    },
    triggers=("register", "accept"),
    states=("received", "held"),
    links={"subjects": obj(level=maybe(INT), price=maybe(DECIMAL)), "unknown": DYN},
)

PRESENT = Scope(
    names={
        name: Type(of.kind, of.item, of.fields and {field: Slot(slot.type) for field, slot in of.fields.items()})
        for name, of in SCOPE.names.items()
    }
)
"""The scope of the runtime: every field is taken to be there."""


def context(**data: Any) -> dict[str, Any]:
    """Give a context; data as JSON, as a case holds it."""
    return {
        "data": {
            "amount": 400,
            "kind": "petition",
            "open": True,
            "price": "12.50",
            "due": "2015-02-27",
            "heard": "2015-02-09T01:00:00.000000Z",
            "takes": "P1DT12H",
            "tags": ["a", "b"],
            "prices": ["1.5", "2.5"],
            "people": [{"name": "Li", "age": 40}, {"name": "Zhang", "born": "1980-01-01"}],
            "free": {"any": {"thing": 1}},
        }
        | data,
        "input": {},
        "actor": {"id": "jo", "roles": ["officer"]},
        "case": {"id": "c1", "state": "received", "seq": 3, "opened_at": datetime(2015, 2, 9, tzinfo=UTC)},
        "now": datetime(2015, 3, 1, 12, tzinfo=UTC),
        "item": {"name": "Wang"},
        "times": {"register": 2},
        "visited": frozenset({"received"}),
        "children": {"subjects": [{"state": "open", "closed": False, "data": {"level": 6, "price": "0.10"}}]},
    }


def guard(text: str, expects: Type | None = None) -> Guard:
    return compile_guard(text, SCOPE, expects)


def value(text: str, **data: Any) -> Any:
    return guard(text).value(context(**data))


def problems(text: str, expects: Type | None = BOOL) -> list[tuple[str, str]]:
    """List the codes of a guard's problems, each with the text it points at."""
    return [(found.code, text[found.start : found.end]) for found in check_guard(text, SCOPE, expects)]
