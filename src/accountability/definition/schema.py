"""The shape of a workflow file, as JSON Schema 2020-12: for editors, and for the loader, which reads the same schema.

Every `title` says in a few words what is expected, since the loader puts it into its messages; `examples` become cures.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from accountability.canonical import INTEGER_MAX

Schema = dict[str, Any]

IDENTIFIER = "^[a-z][a-z0-9_]*$"
LANGUAGE = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
PERIOD = (
    "^([1-9][0-9]{0,4} (hour|day|week|month|year)s?|[1-9][0-9]{0,2} working days?"
    "|P[1-9][0-9]{0,4}[YMWD]|P[1-9][0-9]{0,2}Y[1-9][0-9]{0,3}M|PT[1-9][0-9]{0,4}H)$"
)

FIELD_TYPES = ("string", "integer", "decimal", "boolean", "date", "datetime", "duration", "list", "object")
_LIST, _FILLED_LIST = "a list", "a list with at least one item"


def schema() -> Schema:
    """Return the JSON Schema of the language, short spellings included."""
    return deepcopy(SCHEMA)


def _ref(name: str, description: str = "", *examples: Any) -> Schema:
    return _described({"$ref": f"#/$defs/{name}"}, description, *examples)


def _described(schema: Schema, description: str, *examples: Any) -> Schema:
    if description:
        schema = schema | {"description": description}
    return schema | {"examples": list(examples)} if examples else schema


def _string(title: str, description: str = "", *examples: str, pattern: str | None = None) -> Schema:
    shape: Schema = {"type": "string", "title": title, "minLength": 1}
    return _described(shape if pattern is None else shape | {"pattern": pattern}, description, *examples)


def _number(title: str, description: str, minimum: int, *examples: int) -> Schema:
    shape = {"type": "integer", "title": title, "minimum": minimum, "maximum": INTEGER_MAX}
    return _described(shape, description, *examples)


def _names(one: str, description: str, *examples: str, pattern: str | None = None, empty: bool = True) -> Schema:
    item = _string(one, pattern=pattern)
    many = {"type": "array", "title": _LIST if empty else _FILLED_LIST, "items": item, "minItems": 0 if empty else 1}
    return _described({"anyOf": [item, many], "title": f"{one}, or a list of them"}, description, *examples)


def _object(title: str, properties: Schema, *required: str) -> Schema:
    shape = {"type": "object", "title": title, "properties": properties, "additionalProperties": False}
    return shape | {"required": list(required)} if required else shape


def _map(title: str, key: str, value: Schema, description: str, *examples: Any, empty: bool = True) -> Schema:
    names = {"type": "string", "pattern": IDENTIFIER, "title": key}
    shape = {"type": "object", "title": title, "propertyNames": names, "additionalProperties": value}
    return _described(shape if empty else shape | {"minProperties": 1}, description, *examples)


def _one_or_many(title: str, one: Schema, description: str) -> Schema:
    return {"anyOf": [one, _list(one)], "title": title, "description": description}


def _list(item: Schema) -> Schema:
    return {"type": "array", "title": _LIST, "items": item}


def _later(description: str) -> Schema:
    return {"not": {}, "description": f"Not supported yet: {description}"}


_EXPRESSION = _string("an expression, as text")
_TITLE = _ref("text", "What people call it.", "Petition")
_PEOPLE = {
    "title": _TITLE,
    "description": _ref("text", "More about it, for people."),
    "basis": _ref("text", "The law, the article, or `default` for the project's own choice.", "default"),
}
_BY = _names("a role", "The roles that may do it; `system` for the engine alone.", "officer", empty=False)

_ACT: Schema = {
    "by": _BY,
    "when": {
        "anyOf": [
            _string("a guard, as text"),
            {"$ref": "#/$defs/check"},
            _list({"$ref": "#/$defs/check"}),
        ],
        "title": "a guard, or a list of `{check: GUARD, else: TEXT}`",
        "description": "Guards: what must be true.",
        "examples": ['"data.amount >= 1000"'],
    },
    "needs": _names("a field", "Data fields that must be given with the act."),
    "accepts": _names("a field", "Data fields that may be given with the act."),
    "sets": _map(
        "a map from field to expression", "a field's name", _EXPRESSION, "Computed after the input is merged."
    ),
    "documents": _names("a document's name", "Documents that must come with the act.", pattern=IDENTIFIER),
    "reason": {
        "type": "string",
        "enum": ["required"],
        "title": "the word `required`",
        "description": "A written reason must be given.",
        "examples": ["required"],
    },
    "opens": _one_or_many(
        "a list of child cases to open", {"$ref": "#/$defs/opens"}, "Child cases that the act opens."
    ),
    "publishes": _ref("publishes", "What goes into the public register."),
    **_PEOPLE,
}

_RULE: Schema = {
    "from": _names("a state", "States or groups, or `any`: every state that is not final.", "received", empty=False),
    "to": {
        "anyOf": [
            _string("a state"),
            _object("`{history: STATE}`", {"history": _string("a state", "A state with inner states.")}, "history"),
        ],
        "title": "a state, or `{history: STATE}`",
        "description": "The state to enter; left out, the act is recorded and the state stays.",
    },
    **_ACT,
    "signatures": {
        "anyOf": [
            _number("a number of people", "", 1),
            _map("a map from role to number", "a role's name", _number("a number of people", "", 1), "", empty=False),
        ],
        "title": "a number of people, or a map from role to number",
        "description": "So many different people must sign.",
        "examples": [2],
    },
    "not_by": _names("a trigger", "Whoever did one of these on this case may not do this."),
    "same_as": _names("a trigger", "Only the person who did this may do it."),
    "awaits": _names("a link", "Possible only when every child under these links is closed."),
}

_STATE: Schema = {
    **_PEOPLE,
    "final": {"type": "boolean", "title": "true or false", "description": "The case is closed here."},
    "states": _map("inner states", "a state's name", {"$ref": "#/$defs/state"}, "Inner states.", empty=False),
    "initial": _string("the name of an inner state", "The inner state that is entered first."),
    "regions": _later("parallel work is a child case; see `opens`."),
}

_BOUND = {"type": ["integer", "string"]}
_LENGTH = _number("a whole number from 0", "", 0)

_FIELD: Schema = {
    "type": {
        "type": "string",
        "enum": list(FIELD_TYPES),
        "title": "a type",
        "description": "What the field holds; `decimal` is exact and travels as text.",
        "examples": ["string"],
    },
    "items": _ref("field", "What each item of a list holds."),
    "fields": _map("a map from field to its type", "a field's name", {"$ref": "#/$defs/field"}, "Fields of an object."),
    "needs": _names("an inner field", "Inner fields that every object has."),
    "enum": {"type": "array", "minItems": 1, "title": "a list of values", "description": "The only values allowed."},
    "minimum": _BOUND | {"title": "a value of the field's type", "description": "The smallest value allowed."},
    "maximum": _BOUND | {"title": "a value of the field's type", "description": "The largest value allowed."},
    "min_length": _LENGTH | {"description": "The fewest characters of a string or items of a list."},
    "max_length": _LENGTH | {"description": "The most characters of a string or items of a list."},
    "default": {"title": "a value of the field's type", "description": "The value that a case starts with."},
    "title": _TITLE,
    "personal": {
        "type": "boolean",
        "title": "true or false",
        "description": "The value is kept apart from the record behind a salted commitment and can be erased.",
    },
    "readers": _names("a role", "Roles that may see the value.", empty=False),
}

_OPENS: Schema = {
    "workflow": _string("a workflow's name", "The law of the child case.", "subject", pattern=IDENTIFIER),
    "as": _string("a link's name", "Names the link to the child cases.", "subjects", pattern=IDENTIFIER),
    "when": _string("a guard, as text", "Nothing is opened when it does not hold."),
    "each": _string("an expression, as text", "A list: one child for each `item` of it."),
    "with": _map("a map from field to expression", "a field's name", _EXPRESSION, "What the child starts with."),
    "by": _string("a role", "The role in which the child is opened; `system`: by the engine."),
}

_READS: Schema = {
    "workflow": _string("a workflow's name", "Whose cases are looked at.", "veto", pattern=IDENTIFIER),
    "where": _map(
        "a map from field to expression",
        "a field's name",
        _EXPRESSION,
        "Fields of those cases, and what they must hold; the first should be the one that fewest cases share.",
        "{target: data.unit}",
        empty=False,
    ),
}

_PUBLISHES: Schema = {
    "channels": _names("a channel", "Where it is published.", "notice_board", empty=False),
    "fields": _names("a field", "Data fields that are published."),
    "objection": _string("a period", "How long anybody may object.", "5 working days", pattern=PERIOD),
}

_FALLBACK: Schema = {
    "starts": _names("a trigger, state or group", "What it starts after.", "acknowledge", empty=False),
    "plus": _string("a period", "How long after it.", "7 days", pattern=PERIOD),
}

_EXTEND: Schema = {
    "trigger": _string("a trigger's name", "The act that extends it.", "extend_result", pattern=IDENTIFIER),
    "by": _names("a role", "The roles that may extend it.", "leader", empty=False),
    "times": _number("a whole number from 1", "How often at most; default 1.", 1, 1),
    "up_to": _string("a period", "How long one extension is at most.", "1 month", pattern=PERIOD),
    "reason": _ACT["reason"],
    "title": _TITLE,
    "basis": _PEOPLE["basis"],
}

_DEADLINE: Schema = {
    "starts": _names(
        "a trigger, state or group", "Acts, or states entered; whichever comes first.", "start", empty=False
    ),
    "anchor": _string(
        "an expression, as text",
        "The day it counts from, where that is not the day of what starts it.",
        "data.until_day",
    ),
    "fallback": _ref("fallback", "When it starts at the latest, where `starts` may never happen."),
    "within": _string(
        "a period",
        "How long it is, the first day not counted; left out with an `anchor`, that very day.",
        "15 working days",
        pattern=PERIOD,
    ),
    "ends": _names("a trigger, state or group", "What meets it; left out, the case is closed.", empty=False),
    "warn": _names("a period", "How long before its end it is told of.", "3 working days", pattern=PERIOD),
    "paused_in": _names("a state or group", "Where the clock stands still."),
    "extend": _ref("extend", "Who may extend it, how often and how far."),
    "roll": {
        "type": "string",
        "enum": ["none", "next_working_day"],
        "title": "`none` or `next_working_day`",
        "description": "Where it goes when its last day is no working day.",
        "examples": ["next_working_day"],
    },
    "on_breach": _string("a trigger", "What the engine does when the time is over.", "escalate"),
    "window": {
        "type": "boolean",
        "title": "true or false",
        "description": "Time in which something may be done, not must: its end is no breach.",
    },
    "title": _TITLE,
    "basis": _PEOPLE["basis"],
}

_LANGUAGES: Schema = {
    "type": "object",
    "title": "a map from language to text",
    "minProperties": 1,
    "propertyNames": {"type": "string", "pattern": LANGUAGE, "title": "a language"},
    "additionalProperties": {"type": "string", "title": "text", "minLength": 1},
}

_DEFINITIONS: Schema = {
    "text": {"anyOf": [_string("text"), _LANGUAGES], "title": "text, or a map from language to text"},
    "field": _object("a field's declaration, such as `{type: string}`", _FIELD, "type"),
    "state": {
        "anyOf": [{"type": "null", "title": "nothing"}, _object("a state", _STATE)],
        "title": "nothing, or a mapping with keys such as `title` and `final`",
    },
    "check": _object(
        "`{check: GUARD, else: TEXT}`",
        {
            "check": _string("a guard, as text", "What must be true.", '"data.amount >= 1000"'),
            "else": _ref("text", "What to tell the person when it is not."),
        },
        "check",
    ),
    "opens": _object("`{workflow: NAME, as: LINK}`", _OPENS, "workflow", "as"),
    "publishes": _object("`{channels: [...], fields: [...]}`", _PUBLISHES, "channels"),
    "start": _object(
        "the rule that opens a case",
        {"trigger": _string("a trigger's name", "The verb; default `start`.", pattern=IDENTIFIER), **_ACT},
        "by",
    ),
    "rule": _object("a rule", _RULE, "from", "by"),
    "reads": _object("`{workflow: NAME, where: {FIELD: EXPRESSION}}`", _READS, "workflow", "where"),
    "fallback": _object("`{starts: TRIGGER, plus: PERIOD}`", _FALLBACK, "starts", "plus"),
    "extend": _object("`{trigger: NAME, by: ROLE, up_to: PERIOD}`", _EXTEND, "trigger", "by", "up_to"),
    "deadline": {
        **_object("a deadline", _DEADLINE, "starts"),
        "if": {"required": ["anchor"]},
        "else": {"required": ["within"]},
    },
}

_RULES = {
    "anyOf": [{"$ref": "#/$defs/rule"}, _list({"$ref": "#/$defs/rule"}) | {"title": _FILLED_LIST, "minItems": 1}],
    "title": "a rule, or a list of rules",
}

_WORKFLOW: Schema = {
    "extends": _string(
        "a file",
        "Another workflow's file, as seen from this one: what this file does not say is as it is there.",
        "../petition.yaml",
    ),
    "workflow": _string("the workflow's name", "Its name, as the file is called.", "petition", pattern=IDENTIFIER),
    "version": _number("a whole number from 1", "A published version never changes: count up.", 1, 1),
    **_PEOPLE,
    "calendar": _string(
        "a calendar's name",
        "Which days are working days: `cn`, `weekdays`, `every_day`, or one of the folder `calendars`.",
        "cn",
        pattern=IDENTIFIER,
    ),
    "zone": _string("a time zone", "Where days begin and end; default: the calendar's zone.", "Asia/Shanghai"),
    "unannounced": {
        "type": "string",
        "enum": ["provisional", "strict"],
        "title": "`provisional` or `strict`",
        "description": "Due dates in years whose holidays are not announced: told as provisional, or refused.",
        "examples": ["strict"],
    },
    "roles": _map(
        "a map from role to text",
        "a role's name",
        {"$ref": "#/$defs/text"},
        "Who acts.",
        "{officer: Officer}",
        empty=False,
    ),
    "data": _map("a map from field to its type", "a field's name", {"$ref": "#/$defs/field"}, "What a case knows."),
    "start": _ref("start", "The rule that opens a case.", "{by: officer}"),
    "states": _map(
        "a map of states",
        "a state's name",
        {"$ref": "#/$defs/state"},
        "Where a case can stand.",
        "{received: {}, closed: {final: true}}",
        empty=False,
    ),
    "initial": _string("a state", "The state in which a case begins.", "received"),
    "groups": _map(
        "a map from group to states", "a group's name", _names("a state", "", empty=False), "States under one name."
    ),
    "transitions": _map(
        "a map from trigger to its rule or rules",
        "a trigger's name",
        _RULES,
        "What may happen.",
        "{close: {from: received, to: closed, by: officer}}",
    ),
    "reads": _map(
        "a map from a name to what it finds",
        "a name",
        {"$ref": "#/$defs/reads"},
        "Cases of other workflows that guards may look at.",
        "{vetoes: {workflow: veto, where: {target: data.unit}}}",
    ),
    "deadlines": _map(
        "a map from deadline to its rule",
        "a deadline's name",
        {"$ref": "#/$defs/deadline"},
        "The time limits that the law sets.",
        "{answer: {starts: start, within: 15 days}}",
    ),
    "guarantees": _later("promises that are proved."),
}

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object("a workflow", _WORKFLOW),
    "if": {"required": ["extends"]},
    "else": {"required": ["workflow", "version", "roles", "start", "states", "initial", "transitions"]},
    "$defs": _DEFINITIONS,
}
"""The schema itself; use `schema()` for a copy that may be changed."""
