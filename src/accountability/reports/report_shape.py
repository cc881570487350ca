"""The shape of a report file, in the part of JSON Schema that `definition.shape` reads."""

from __future__ import annotations

from accountability.definition.schema import IDENTIFIER, Schema

COUNTS = ("entries", "cases", "distinct")

DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

_NAME = {"type": "string", "minLength": 1}
_TEXT = {"$ref": "#/$defs/text"}
_FIELD = _NAME | {"title": "a field of the workflow"}

_GROUP_BY: Schema = {
    "anyOf": [
        _FIELD,
        {
            "type": "object",
            "title": "`{field: NAME, titles: {VALUE: TEXT}}`",
            "additionalProperties": False,
            "required": ["field"],
            "properties": {
                "field": _FIELD | {"examples": ["source"]},
                "titles": {
                    "type": "object",
                    "title": "a map from value to title",
                    "minProperties": 1,
                    "additionalProperties": _TEXT,
                },
            },
        },
    ],
    "title": "a field of the workflow, or `{field, titles}`",
    "examples": ["source"],
}

_FIGURE: Schema = {
    "type": "object",
    "title": "a figure: `{title, unit, count, of: {workflow, trigger}, where}`",
    "additionalProperties": False,
    "required": ["title", "count", "of"],
    "properties": {
        "title": _TEXT | {"examples": ["Petitions"]},
        "description": _TEXT,
        "basis": _TEXT,
        "unit": _NAME | {"title": "a unit, as text", "examples": ["件"]},
        "count": {"type": "string", "enum": list(COUNTS), "title": "what is counted", "examples": ["entries"]},
        "field": _FIELD,
        "of": {
            "type": "object",
            "title": "`{workflow: NAME, trigger: NAME}`",
            "examples": ["{workflow: petition, trigger: submit}"],
            "additionalProperties": False,
            "required": ["workflow", "trigger"],
            "properties": {
                "workflow": _NAME | {"title": "a workflow", "examples": ["petition"]},
                "trigger": _NAME | {"title": "a trigger of the workflow", "examples": ["submit"]},
            },
        },
        "known_from": _NAME | {"pattern": DAY, "title": "a day, such as 2015-01-01", "examples": ["2015-01-01"]},
        "where": _NAME | {"title": "a guard, as text", "examples": ["'data.level == 6'"]},
        "group_by": _GROUP_BY,
    },
}

SCHEMA: Schema = {
    "type": "object",
    "title": "a report",
    "additionalProperties": False,
    "required": ["report", "figures"],
    "properties": {
        "report": _NAME | {"pattern": IDENTIFIER, "title": "a report's name", "examples": ["year"]},
        "title": _TEXT,
        "description": _TEXT,
        "basis": _TEXT,
        "zone": _NAME | {"title": "a time zone", "examples": ["Asia/Shanghai"]},
        "units": {
            "type": "object",
            "title": "a map from unit to what it is called",
            "minProperties": 1,
            "additionalProperties": _TEXT,
        },
        "figures": {
            "type": "object",
            "title": "a map from figure to `{title, unit, count, of}`",
            "minProperties": 1,
            "propertyNames": {"type": "string", "pattern": IDENTIFIER, "title": "a figure's name"},
            "additionalProperties": _FIGURE,
        },
    },
}
"""The shape of a report file."""
