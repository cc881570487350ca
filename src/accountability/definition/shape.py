"""The shape of a file: every key known, every value of the type the schema asks for.

A reader of the part of JSON Schema that `schema` uses, because general validators cannot say what an author should do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from accountability.calendars.allowance import allowance
from accountability.definition.document import Document, Path
from accountability.definition.finding import Finding
from accountability.definition.nearest import did_you_mean, listed, nearest
from accountability.definition.schema import IDENTIFIER, LANGUAGE, PERIOD, SCHEMA, Schema
from accountability.errors import InputError

_TYPES: dict[type, str] = {dict: "object", list: "array", str: "string", int: "integer", bool: "boolean"}

_WORDS = {"object": "a mapping", "array": "a list", "null": "nothing"}

_YES = ("yes", "on", "true", "y")


def check(document: Document, schema: Schema = SCHEMA, path: Path = ()) -> Iterator[Finding]:
    """Find every place where a document has not the shape of a workflow, or of another schema that uses its parts.

    Args:
        document: The file.
        schema: What the value at `path` must be.
        path: Which part of the file is looked at; there is one.
    """
    value = document.data
    for part in path:
        value = value[part]
    yield from _Checker(document).value(schema, value, path)


class _Checker:
    """Walk schema and content side by side."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def value(self, schema: Schema, value: Any, path: Path) -> Iterator[Finding]:
        """Check one value and everything in it."""
        if path in self._document.broken:
            return
        schema = _resolved(schema)
        fitting = _fitting(schema, value)
        if fitting is None:
            yield self._wrong_type(schema, value, path)
        elif isinstance(value, dict):
            yield from self._mapping(fitting, value, path)
        elif isinstance(value, list):
            yield from self._list(fitting, value, path)
        elif isinstance(value, str):
            yield from self._text(fitting, value, path)
        elif isinstance(value, int):
            yield from self._number(fitting, value, path)

    def _mapping(self, schema: Schema, value: dict[str, Any], path: Path) -> Iterator[Finding]:
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        if len(value) < schema.get("minProperties", 0):
            yield self._empty(schema, path)
        misspelt = set()
        for key, item in value.items():
            place = (*path, key)
            if "not" in properties.get(key, {}):
                yield self._not_supported(properties[key], place)
            elif key in properties:
                yield from self.value(properties[key], item, place)
            elif others is False:
                possible = [name for name, of in properties.items() if "not" not in of]
                misspelt.add(nearest(key, possible))
                yield self._unknown_key(key, possible, place)
            else:
                yield from self._name(schema.get("propertyNames"), key, place)
                yield from self.value(others, item, place)
        for key in _required(schema, value):
            if key not in value and key not in misspelt:
                yield self._missing(key, properties[key], path)

    def _list(self, schema: Schema, value: list[Any], path: Path) -> Iterator[Finding]:
        if len(value) < schema.get("minItems", 0):
            yield self._empty(schema, path)
        for index, item in enumerate(value):
            if "items" in schema:
                yield from self.value(schema["items"], item, (*path, index))

    def _text(self, schema: Schema, value: str, path: Path) -> Iterator[Finding]:
        if not value and schema.get("minLength"):
            yield self._empty(schema, path)
        elif "enum" in schema and value not in schema["enum"]:
            message = f"{_subject(path)} cannot be `{_short(value)}`"
            choices = schema["enum"]
            cure = did_you_mean(value, choices, f"write {'one of ' if len(choices) > 1 else ''}{listed(choices)}")
            yield self._document.finding("ACC103", message, path, help=cure)
        elif "pattern" in schema and not re.fullmatch(schema["pattern"], value):
            yield self._misspelt(schema, value, path, key=False)

    def _number(self, schema: Schema, value: int, path: Path) -> Iterator[Finding]:
        least = schema.get("minimum")
        if least is not None and value < least:
            message = f"{_subject(path)} is {value}; it must be at least {least}"
            yield self._document.finding("ACC107", message, path, help=f"write {least} or more")

    def _name(self, schema: Schema | None, key: str, path: Path) -> Iterator[Finding]:
        if schema is not None and not re.fullmatch(schema["pattern"], key):
            yield self._misspelt(schema, key, path, key=True)

    def _misspelt(self, schema: Schema, value: str, path: Path, *, key: bool) -> Finding:
        pattern, title = schema["pattern"], schema["title"]
        message = f"`{_short(value)}` cannot be {title}"
        if pattern == LANGUAGE:
            code, cure = "ACC113", "write a language code such as `en` or `zh`"
        elif pattern == PERIOD:
            code, (message, cure) = "ACC114", _no_period(value, _subject(path))
        else:
            proposal = re.sub(r"[^a-z0-9]+", "_", value.strip().lower()).strip("_")
            usable = len(proposal) < 60 and re.fullmatch(IDENTIFIER, proposal)
            code = "ACC104"
            cure = f"write `{proposal}`" if usable else "use small letters, digits and `_`, beginning with a letter"
        return self._document.finding(code, message, path, key=key, help=cure)

    def _unknown_key(self, key: str, possible: list[str], path: Path) -> Finding:
        around, keys = path[:-1], self._document.owner(path).keys
        here = [name for name in possible if (*around, name) in keys]
        cure = did_you_mean(key, possible, f"keys possible here: {listed((n for n in possible if n not in here), 30)}")
        if (meant := nearest(key, possible)) in here:
            line = keys[*around, str(meant)].line
            cure = f"`{meant}` stands on line {line} already; keep one of the two"
        if key.lower() == "on":
            cure = "no key is spelled `on`, because YAML 1.1 tools read it as true; triggers stand under `transitions`"
        elif key == "<<":
            cure = "merge keys are not supported; write the keys out"
        where = f" in {_subject(path[:-1])}" if len(path) > 1 else ""
        return self._document.finding("ACC100", f"unknown key `{_short(key)}`{where}", path, key=True, help=cure)

    def _not_supported(self, schema: Schema, path: Path) -> Finding:
        what = schema["description"].partition(": ")[2].rstrip(".")
        cure = f"remove `{path[-1]}` ({what}); nothing of it would be in force"
        return self._document.finding("ACC190", f"`{path[-1]}` is not supported yet", path, key=True, help=cure)

    def _missing(self, key: str, schema: Schema, path: Path) -> Finding:
        examples = schema.get("examples")
        title = _resolved(schema).get("title", "")
        cure = f"add `{key}: {examples[0]}`, {title}" if examples else f"add `{key}`: {title}"
        return self._document.finding("ACC101", f"{_subject(path)} lacks the key `{key}`", path, key=True, help=cure)

    def _empty(self, schema: Schema, path: Path) -> Finding:
        message = f"{_subject(path)} is empty; it must be {schema['title']}"
        return self._document.finding("ACC108", message, path, help="fill it in, or leave its key out where it may be")

    def _wrong_type(self, schema: Schema, value: Any, path: Path) -> Finding:
        expected = schema.get("title") or _WORDS.get(schema.get("type", ""), "something else")
        written = self._document.source(path)
        if value is None:
            written = written or "nothing"
            message = f"{_subject(path)} has no value; it must be {expected}"
        else:
            message = f"{_subject(path)} must be {expected}, not {_found(value, written)}"
        return self._document.finding(
            "ACC102", message, path, key=value is None, help=_cure(schema, value, written, path)
        )


def _cure(schema: Schema, value: Any, written: str, path: Path) -> str:
    """Say how to put a value of the wrong type right."""
    if value is None and path[:-1] == ("deadlines",):
        return (
            "write `{starts: TRIGGER, within: PERIOD}`; a deadline cannot be empty; to be without it leave its line "
            "out: with `extends`, `deadlines` is replaced whole"
        )
    wanted = {kind for branch in _branches(schema) for kind in _kinds(branch)}
    text = value.strip().lower() if isinstance(value, str) else ""
    is_text = "string" in wanted and "array" not in wanted and "enum" not in schema
    if isinstance(value, int) and is_text and not any("pattern" in branch for branch in _branches(schema)):
        return f'put it in quotes: "{written}"'
    if "boolean" in wanted and text:
        return "write true, without quotes" if text in _YES else "write false, without quotes"
    if "integer" in wanted and text.isdecimal():
        return f"write {text} without quotes"
    if wanted == {"object"} and isinstance(value, list):
        return "write `key: value` lines without dashes"
    examples = schema.get("examples")
    if examples:
        return f"for example `{examples[0]}`"
    return f"write {schema.get('title', 'another value')}"


def _no_period(value: str, subject: str) -> tuple[str, str]:
    """Say why a text is no period, and how to write one."""
    try:
        read = allowance(value)
    except InputError as error:
        return f"{subject} is no period: {error}", error.cure or ""
    if not re.fullmatch(PERIOD, str(read)):
        return f"{subject} is no period: {_short(value)} is too long", "write less than 100000 of them"
    return f"{subject} is no period as they are written here", f"write `{read}`"


def _required(schema: Schema, value: dict[str, Any]) -> Iterator[str]:
    """Give the keys that must be there; some must only where others are not."""
    yield from schema.get("required", ())
    if "if" in schema and not all(key in value for key in schema["if"]["required"]):
        yield from schema["else"]["required"]


def _fitting(schema: Schema, value: Any) -> Schema | None:
    """Choose the alternative that a value's type can fit; alternatives never share a type."""
    kind = "null" if value is None else _TYPES[type(value)]
    return next((branch for branch in _branches(schema) if kind in _kinds(branch)), None)


def _branches(schema: Schema) -> Iterator[Schema]:
    for branch in schema.get("anyOf", (schema,)):
        yield _resolved(branch)


def _kinds(schema: Schema) -> tuple[str, ...]:
    kinds = schema.get("type", (*_TYPES.values(), "null"))
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _resolved(schema: Schema) -> Schema:
    """Follow a reference; what stands beside it, such as examples, wins."""
    if "$ref" not in schema:
        return schema
    target: Schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    return target | {key: value for key, value in schema.items() if key != "$ref"}


def _subject(path: Path) -> str:
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"`{_short(last)}`"
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"item {last + 1} of `{_short(key)}`"


def _found(value: Any, written: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"the number {_short(written)}"
    if isinstance(value, str):
        return f"the text `{_short(value)}`"
    return _WORDS[_TYPES[type(value)]]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:57]}..."
