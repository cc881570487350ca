"""The shape of a scenario file, in the part of JSON Schema that `definition.shape` reads.

A step is one key, and what may stand behind it depends on the key, so each kind of step has a schema of its own.
"""

from __future__ import annotations

from accountability.definition.schema import IDENTIFIER, PERIOD, Schema

REASONS = (
    "state",
    "role",
    "guard",
    "four_eyes",
    "recused",
    "signature",
    "data",
    "document",
    "reason",
    "awaits",
    "conflict",
    "unknown",
)
"""Codes of the reasons for which an act is refused."""

TIME = "2015-02-09T09:00+08:00"
"""How a moment is written."""


def _text(title: str, *examples: str, pattern: str | None = None) -> Schema:
    shape: Schema = {"type": "string", "title": title, "minLength": 1}
    if pattern is not None:
        shape["pattern"] = pattern
    return shape | {"examples": list(examples)} if examples else shape


def _many(item: Schema, example: str, *, empty: bool = False) -> Schema:
    title = f"{item['title']}, or a list of them"
    items = {"type": "array", "title": "a list", "items": item, "minItems": 0 if empty else 1}
    return {"anyOf": [item, items], "title": title, "examples": [example]}


def _object(title: str, properties: dict[str, Schema], *required: str, example: str = "") -> Schema:
    shape: Schema = {
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": False,
        "required": list(required),
    }
    return shape | {"examples": [example]} if example else shape


def _map(title: str, value: Schema, *, example: str, names: str = "") -> Schema:
    shape: Schema = {"type": "object", "title": title, "additionalProperties": value, "examples": [example]}
    if names:
        shape["propertyNames"] = {"type": "string", "pattern": IDENTIFIER, "title": names}
    return shape


_ANY: Schema = {"title": "a value"}
_NAME = _text("a name")
_PERIOD = _text("a period", "5 working days", pattern=PERIOD)
_MOMENT = _text("a time with its offset", TIME)
_CASE = _text("a case, such as `subjects` or `subjects.2`", "subjects.2")
_DATA = _map("a map from field to value", _ANY, example="{amount: 12}")
_DOCUMENT = _text("a document's name", pattern=IDENTIFIER)
_DOCUMENTS: Schema = {
    "anyOf": [
        _DOCUMENT,
        {"type": "array", "title": "a list", "items": _DOCUMENT},
        _map("documents", _text("its text"), example="{report: a signed paper}", names="a document's name"),
    ],
    "title": "documents' names, or a map from name to text",
    "examples": ["[report]"],
}

_GIVEN: dict[str, Schema] = {
    "by": _many(_text("an actor"), "zhang"),
    "data": _DATA,
    "documents": _DOCUMENTS,
    "reason": _text("a written reason"),
    "occurred": _MOMENT,
    "roles": _many(_text("a role"), "[officer]", empty=True),
    "after": _PERIOD,
    "at": _MOMENT,
}

ACT = _object("an act, such as `{by: zhang}`", {**_GIVEN, "case": _CASE}, "by", example="{by: zhang}")
"""What stands behind a trigger."""

FIRE = _object(
    "an act, such as `{trigger: wait, by: zhang}`",
    {"trigger": _text("a trigger", "wait"), **_GIVEN, "case": _CASE},
    "trigger",
    "by",
    example="{trigger: wait, by: zhang}",
)
"""What stands behind `fire`."""

START = _object(
    "the opening of a case, such as `{by: zhang}`",
    {
        **_GIVEN,
        "by": _text("an actor", "zhang"),
        "workflow": _text("a workflow", "petition"),
        "as": _text("a name for the case", "second", pattern=IDENTIFIER),
    },
    "by",
    example="{by: zhang}",
)
"""What stands behind `start`."""

REFUSED = _object(
    "a refused act, such as `{trigger: close, by: zhang, because: role}`",
    {
        "trigger": _text("a trigger", "close"),
        **_GIVEN,
        "case": _CASE,
        "workflow": _text("a workflow", "petition"),
        "because": _many({"type": "string", "enum": list(REASONS), "title": "a reason's code"}, "role"),
        "says": _text("a part of what the reason says"),
    },
    "trigger",
    "by",
    "because",
    example="{trigger: close, by: zhang, because: role}",
)
"""What stands behind `refused`."""

_DEADLINES = _many(_text("a deadline"), "[answer]", empty=True)
_DUE: Schema = {
    "anyOf": [_text("a date"), {"type": "null", "title": "nothing"}],
    "title": "a date, a time with its offset, or null",
    "examples": ["2015-03-06"],
}

EXPECT = _object(
    "what is expected, such as `{state: closed}`",
    {
        "case": _CASE,
        "state": _text("a state", "closed"),
        "closed": {"type": "boolean", "title": "true or false"},
        "data": _DATA,
        "due": _map("a map from deadline to date", _DUE, example="{answer: 2015-03-06}"),
        **dict.fromkeys(("running", "paused", "met", "breached", "lapsed", "late"), _DEADLINES),
        "children": _map(
            "a map from link to number",
            {"type": "integer", "minimum": 0, "title": "a whole number from 0", "examples": [2]},
            example="{subjects: 2}",
        ),
    },
    example="{state: closed}",
) | {"minProperties": 1}
"""What stands behind `expect`."""

KINDS: dict[str, Schema] = {
    "expect": EXPECT,
    "refused": REFUSED,
    "wait": _PERIOD | {"examples": ["20 working days"]},
    "wait_until": _text("a date, or a time with its offset", "2015-03-06"),
    "case": _CASE,
    "prelude": _text("the name of a prelude"),
    "fire": FIRE,
    "start": START,
}
"""Word of a step -> what stands behind it; any other word is a trigger."""

_STEP: Schema = {
    "type": "object",
    "title": "a step, such as `start: {by: zhang}`",
    "minProperties": 1,
    "examples": ["start: {by: zhang}"],
}
_STEPS: Schema = {"type": "array", "title": "a list of steps", "items": _STEP, "minItems": 1}

_SCENARIO = _object(
    "a scenario: `{name, at, steps}`",
    {
        "name": _text("what it shows", "a report is accepted in time"),
        "at": _MOMENT,
        "steps": _STEPS | {"examples": ["[start: {by: zhang}]"]},
    },
    "name",
    "steps",
)

_ACTOR = _object(
    "an actor, such as `{roles: [officer]}`",
    {"roles": _many(_text("a role"), "[officer]", empty=True), "unit": _text("an organisation", "county")},
    example="{roles: [officer]}",
)

_SHARED: dict[str, Schema] = {
    "title": {"$ref": "#/$defs/text"},
    "description": {"$ref": "#/$defs/text"},
    "actors": _map("a map from name to actor", _ACTOR, example="{zhang: {roles: [officer]}}"),
    "preludes": _map("a map from name to steps", _STEPS, example="{opened: [start: {by: zhang}]}", names="a prelude"),
}

SCHEMA = _object(
    "a file of scenarios",
    {
        "workflow": _text("a workflow", "petition", pattern=IDENTIFIER),
        "at": _MOMENT,
        "uses": _many(_text("a file beside this one"), "office.yaml"),
        **_SHARED,
        "scenarios": {
            "type": "array",
            "title": "a list of scenarios",
            "items": _SCENARIO,
            "minItems": 1,
            "examples": ["[{name: it is closed, steps: [start: {by: zhang}]}]"],
        },
    },
    "workflow",
    "scenarios",
)
"""A file of scenarios."""

USED = _object("a file of actors and preludes", _SHARED)
"""A file that others use."""
