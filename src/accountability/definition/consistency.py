"""What a file declares must fit together: names that are taken, states within states, fields with their bounds.

Works on the content as written, also where its shape is wrong elsewhere, so that one run shows every mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from accountability.calendars.allowance import Unit, allowance
from accountability.definition.document import Document, Path
from accountability.definition.fields import FieldError, accept
from accountability.definition.finding import Finding
from accountability.definition.model import RESERVED_TRIGGERS, SYSTEM, DataField
from accountability.definition.nearest import did_you_mean, listed
from accountability.definition.schema import FIELD_TYPES, PERIOD

_ANY = "any"

_RESERVED = {
    "roles": {SYSTEM: "the engine itself", _ANY: "every state that is not final"},
    "states": {_ANY: "every state that is not final"},
    "groups": {_ANY: "every state that is not final"},
    "transitions": dict.fromkeys(RESERVED_TRIGGERS, "an act that every workflow has") | {SYSTEM: "the engine itself"},
}

_EXTENDING = dict.fromkeys(RESERVED_TRIGGERS, "an act that every workflow has") | {SYSTEM: "the engine itself"}
_EXTENDING |= dict.fromkeys(("warn", "breach", "lapse", "recompute"), "what time itself does to a deadline")

YEARS_MAX = 100
"""How long a deadline may be."""

_LONGEST: dict[Unit, int] = {
    "hours": YEARS_MAX * 366 * 24,
    "days": YEARS_MAX * 366,
    "working days": YEARS_MAX * 366,
    "weeks": YEARS_MAX * 53,
    "months": YEARS_MAX * 12,
    "years": YEARS_MAX,
}

_BOUNDED = ("integer", "decimal", "date", "datetime")

_BELONGS = {
    "items": ("list",),
    "fields": ("object",),
    "needs": ("object",),
    "enum": ("string", "integer", "decimal", "date", "datetime", "duration"),
    "minimum": _BOUNDED,
    "maximum": _BOUNDED,
    "min_length": ("string", "list"),
    "max_length": ("string", "list"),
}


def check(document: Document) -> Iterator[Finding]:
    """Find declarations that contradict each other or the language."""
    content = document.data
    yield from _reserved(document)
    yield from _taken_twice(document)
    yield from _extensions(document)
    yield from _periods(document)
    yield from _states(document, _mapping(content.get("states")), ("states",))
    for name, declared in _mapping(content.get("data")).items():
        yield from _field(document, declared, ("data", name), outermost=True)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _reserved(document: Document) -> Iterator[Finding]:
    for section, words in _RESERVED.items():
        for name in _mapping(document.data.get(section)):
            if name in words:
                yield _taken(document, name, (section, name), words[name], key=True)
    trigger = _mapping(document.data.get("start")).get("trigger")
    if isinstance(trigger, str) and trigger != "start" and trigger in _RESERVED["transitions"]:
        yield _taken(document, trigger, ("start", "trigger"), _RESERVED["transitions"][trigger], key=False)


def _taken(document: Document, name: str, path: Path, meaning: str, *, key: bool) -> Finding:
    message = f"`{name}` is a word of the language: {meaning}"
    return document.finding("ACC105", message, path, key=key, help="choose another name")


def _taken_twice(document: Document) -> Iterator[Finding]:
    content = document.data
    states = _mapping(content.get("states"))
    for group in _mapping(content.get("groups")):
        if group in states:
            message = f"`{group}` is already a state, {_line(document, ('states', group), ('groups',))}"
            cure = f"give the group a name of its own, such as `{group}_group`"
            yield document.finding("ACC106", message, ("groups", group), key=True, help=cure)
    trigger = _mapping(content.get("start")).get("trigger")
    if isinstance(trigger, str) and trigger in _mapping(content.get("transitions")):
        message = f"`{trigger}` is already the act that opens a case"
        path = ("transitions", trigger)
        yield document.finding("ACC106", message, path, key=True, help="give one of the two acts another name")


def _extensions(document: Document) -> Iterator[Finding]:
    """Check that the trigger of every extension is declared there and nowhere else."""
    content = document.data
    taken: dict[str, tuple[Path, str]] = {
        name: (("transitions", name), "") for name in _mapping(content.get("transitions"))
    }
    taken |= {name: (("states", name), "a state") for name in _mapping(content.get("states")) if name not in taken}
    taken |= {name: (("groups", name), "a group") for name in _mapping(content.get("groups")) if name not in taken}
    start = _mapping(content.get("start")).get("trigger")
    if isinstance(start, str):
        taken[start] = ("start", "trigger"), "the act that opens a case"
    for name, declared in _mapping(content.get("deadlines")).items():
        trigger = _mapping(_mapping(declared).get("extend")).get("trigger")
        path = ("deadlines", name, "extend", "trigger")
        if not isinstance(trigger, str) or document.is_broken(path):
            continue
        if "extension" in _mapping(content.get("data")):
            meaning = "by how much a deadline is extended, given with the act that does so"
            yield _taken(document, "extension", ("data", "extension"), meaning, key=True)
        if trigger in _EXTENDING:
            yield _taken(document, trigger, path, _EXTENDING[trigger], key=False)
        elif trigger in taken:
            place, what = taken[trigger]
            message = f"`{trigger}` is already {what or 'a trigger'}, {_line(document, place, path)}"
            cure = f"give it a name of its own, such as `extend_{name}`; it needs no rule under `transitions`"
            yield document.finding("ACC106", message, path, help=cure)
        else:
            taken[trigger] = path, f"the act that extends `{name}`"


def _periods(document: Document) -> Iterator[Finding]:
    """Find periods that outlive everybody."""
    for name, declared in _mapping(document.data.get("deadlines")).items():
        for path, period in _texts(_mapping(declared), ("deadlines", name)):
            if not re.fullmatch(PERIOD, period):
                continue  # The check of shape says so.
            read = allowance(period)
            if read.amount > _LONGEST[read.unit]:
                message = f"{read} is longer than {YEARS_MAX} years"
                yield document.finding("ACC115", message, path, help="write what the law says, or no deadline at all")


def _texts(declared: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Give every period of a deadline, with its place."""
    fallback, extend, warn = _mapping(declared.get("fallback")), _mapping(declared.get("extend")), declared.get("warn")
    single = [(("within",), declared.get("within")), (("fallback", "plus"), fallback.get("plus"))]
    single.append((("extend", "up_to"), extend.get("up_to")))
    many = [(("warn", index), one) for index, one in enumerate(warn if isinstance(warn, list) else [warn])]
    yield from (((*path, *keys), period) for keys, period in (*single, *many) if isinstance(period, str))


def _line(document: Document, path: Path, beside: Path) -> str:
    """Say where something stands, to a reader who looks at another place."""
    if document.owner(path) is document.owner(beside):
        return f"on line {document.span(path, key=True).line}"
    return f"in {document.where(path, key=True)}"


def _states(document: Document, states: dict[str, Any], path: Path) -> Iterator[Finding]:
    for name, state in states.items():
        if not isinstance(state, dict):
            continue
        place = (*path, name)
        inner = _mapping(state.get("states"))
        if _ANY in inner:
            yield _taken(document, _ANY, (*place, "states", _ANY), "every state that is not final", key=True)
        if inner and state.get("final") is True:
            cure = "mark the inner states in which the case is closed"
            message = f"`{name}` is final, so it cannot have inner states"
            yield document.finding("ACC110", message, (*place, "final"), key=True, help=cure)
        if inner and "initial" not in state:
            cure = f"add `initial: {next(iter(inner))}`, the inner state that is entered first"
            message = f"`{name}` has inner states and no `initial`"
            yield document.finding("ACC109", message, place, key=True, help=cure)
        elif "initial" in state and "states" not in state:
            message = f"`{name}` has an `initial` and no inner states"
            cure = "remove `initial`, or add `states`"
            yield document.finding("ACC109", message, (*place, "initial"), key=True, help=cure)
        yield from _states(document, inner, (*place, "states"))


def _field(document: Document, declared: Any, path: Path, *, outermost: bool = False) -> Iterator[Finding]:
    kind = _mapping(declared).get("type")
    if kind not in FIELD_TYPES:
        return
    flaws = [*_misplaced(document, declared, kind, path, outermost=outermost), *_needless(document, declared, path)]
    yield from flaws or _values(document, declared, path)
    if isinstance(declared.get("items"), dict):
        yield from _field(document, declared["items"], (*path, "items"))
    for name, inner in _mapping(declared.get("fields")).items():
        yield from _field(document, inner, (*path, "fields", name))


def _misplaced(document: Document, declared: Any, kind: str, path: Path, *, outermost: bool) -> Iterator[Finding]:
    for key, kinds in _BELONGS.items():
        if key in declared and kind not in kinds:
            message = f"`{key}` has no meaning for the type `{kind}`"
            cure = f"remove it; it belongs to {listed(kinds)}"
            yield document.finding("ACC111", message, (*path, key), key=True, help=cure)
    if not outermost:
        for key in ("personal", "readers"):
            if key in declared:
                message = f"`{key}` protects whole fields of `data`, not parts of them"
                cure = f"put `{key}` on `{path[1]}`, or make this part a field of its own"
                yield document.finding("ACC111", message, (*path, key), key=True, help=cure)


def _needless(document: Document, declared: Any, path: Path) -> Iterator[Finding]:
    """Find inner fields that an object needs and does not declare."""
    needs, inner = declared.get("needs"), declared.get("fields")
    for name in needs if isinstance(needs, list) else [needs]:
        if isinstance(inner, dict) and isinstance(name, str) and name not in inner:
            message = f"`needs` asks for `{name}`, and `fields` has none of that name"
            yield document.finding("ACC111", message, (*path, "needs"), help=did_you_mean(name, inner))


def _values(document: Document, declared: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Check that bounds, choices and default are values of the field they stand in."""
    open_to_all = {key: value for key, value in declared.items() if key not in ("personal", "readers", "title")}
    try:
        field = DataField.model_validate(open_to_all)
    except ValidationError:
        return
    bare = field.model_copy(update=dict.fromkeys(("enum", "minimum", "maximum", "min_length", "max_length")))
    flaws = [
        *(_unfit(document, bare, declared[key], (*path, key)) for key in ("minimum", "maximum") if key in declared),
        *(_crossed(document, bare, declared, low, high, path) for low, high in _PAIRS),
    ]
    if not any(flaws):
        bounded = field.model_copy(update={"enum": None})
        places = [(*path, "enum", index) for index in range(len(field.enum or ()))]
        flaws = [_unfit(document, bounded, value, place) for value, place in zip(field.enum or (), places, strict=True)]
    if not any(flaws) and "default" in declared:
        flaws = [_unfit(document, field, declared["default"], (*path, "default"))]
    yield from (flaw for flaw in flaws if flaw is not None)


_PAIRS = (("minimum", "maximum"), ("min_length", "max_length"))


def _unfit(document: Document, field: DataField, value: Any, path: Path) -> Finding | None:
    if document.is_broken(path):
        return None
    key = next(part for part in reversed(path) if isinstance(part, str))
    try:
        accept(field, value, key)
    except FieldError as error:
        return document.finding("ACC112", error.message, path, help=error.cure or f"write {field.type}")
    return None


def _crossed(
    document: Document, bare: DataField, declared: dict[str, Any], low: str, high: str, path: Path
) -> Finding | None:
    if low not in declared or high not in declared:
        return None
    limits = declared[low], declared[high]
    if low == "minimum":
        try:
            accept(bare.model_copy(update={"minimum": limits[0]}), limits[1], high)
        except FieldError as error:
            crossed = "less than" in error.message
        else:
            crossed = False
    else:
        crossed = limits[0] > limits[1]
    if not crossed:
        return None
    message = f"`{low}` {limits[0]} is above `{high}` {limits[1]}, so no value is possible"
    return document.finding("ACC111", message, (*path, low), help=f"make `{low}` at most {limits[1]}")
