"""A calendar file: days off and make-up working days as data, each mistake with its place and its cure.

```yaml
calendar: cn_liangshan
version: 1
base: cn
title: {en: Liangshan, zh: 凉山}
festivals:
  torch_festival: {en: Torch Festival, zh: 火把节}
notices:
  - number: 凉府办发〔2010〕31号
    date: 2010-12-20
    holidays: {torch_festival: 2011-07-24 to 2011-07-30}
    work: [2011-07-31]
```

A file without `base` stands alone and names its `zone` and `weekend`; one with a `base` lies over that calendar. A
later notice speaks over an earlier one. `announces: 2027` settles that year; years under `expected` hold what the law
fixes already. A calendar with neither notices nor expected years covers every year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accountability.calendars.calendar import BUILT_IN, WEEKDAY_NAMES, Calendar, overlay
from accountability.definition import shape, source
from accountability.definition.calendar_examination import examine
from accountability.definition.document import Document
from accountability.definition.finding import Finding, in_order
from accountability.definition.nearest import did_you_mean, listed
from accountability.definition.schema import IDENTIFIER, Schema
from accountability.errors import AccountabilityError, InputError

FOLDER = "calendars"
"""Where the calendars of a folder of workflows are."""

SHIPPED: Mapping[str, Path] = {"cn": Path(__file__).resolve().parent.parent / "calendars" / "cn.yaml"}
"""The calendars that come with accountability, besides those that are built in."""

_NAME = {"type": "string", "minLength": 1}
_TEXT = {"$ref": "#/$defs/text"}
_YEAR = {"type": "integer", "minimum": 1, "title": "a year", "examples": [2027]}
_DAYS_TITLE = "a day, `DAY to DAY`, or a list of these"
_DAYS: Schema = {
    "anyOf": [
        _NAME | {"title": _DAYS_TITLE},
        {"type": "array", "title": _DAYS_TITLE, "items": _NAME | {"title": "a day, or `DAY to DAY`"}, "minItems": 1},
    ],
    "title": _DAYS_TITLE,
    "examples": ["2027-02-05 to 2027-02-11"],
}
_HOLIDAYS: Schema = {
    "type": "object",
    "title": "a map from festival to its days",
    "minProperties": 1,
    "propertyNames": {"type": "string", "pattern": IDENTIFIER, "title": "a festival"},
    "additionalProperties": _DAYS,
}
_NOTICE: Schema = {
    "type": "object",
    "title": "a notice: `{announces: YEAR, number: NUMBER, date: DAY, holidays: {FESTIVAL: DAYS}, work: DAYS}`",
    "additionalProperties": False,
    "properties": {
        "announces": _YEAR | {"title": "the year whose days it settles"},
        "number": _NAME | {"title": "text, such as `国办发明电〔2014〕28号`", "examples": ["国办发明电〔2014〕28号"]},
        "date": _NAME | {"title": "a day, such as `2014-12-16`", "examples": ["2014-12-16"]},
        "basis": _NAME | {"title": "text that says what it rests on"},
        "holidays": _HOLIDAYS,
        "work": _DAYS,
    },
}
_EXPECTED: Schema = {
    "type": "object",
    "title": "an expected year: `{year: YEAR, holidays: {FESTIVAL: DAYS}, substitute: {FESTIVAL: DAYS}}`",
    "additionalProperties": False,
    "required": ["year", "holidays"],
    "properties": {"year": _YEAR, "holidays": _HOLIDAYS, "substitute": _HOLIDAYS},
}

SCHEMA: Schema = {
    "type": "object",
    "title": "a calendar",
    "additionalProperties": False,
    "required": ["calendar", "version"],
    "if": {"required": ["base"]},
    "else": {"required": ["zone", "weekend"]},
    "properties": {
        "calendar": _NAME | {"pattern": IDENTIFIER, "title": "a calendar's name", "examples": ["cn_liangshan"]},
        "version": {"type": "integer", "minimum": 1, "title": "a whole number from 1", "examples": [1]},
        "title": _TEXT,
        "description": _TEXT,
        "basis": _TEXT,
        "base": _NAME | {"title": "the calendar it lies over", "examples": ["cn"]},
        "zone": _NAME | {"title": "a time zone", "examples": ["Asia/Shanghai"]},
        "weekend": {
            "type": "array",
            "title": "a list of weekdays",
            "examples": ["[saturday, sunday]"],
            "items": {"type": "string", "enum": list(WEEKDAY_NAMES), "title": "a weekday"},
        },
        "festivals": {
            "type": "object",
            "title": "a map from festival to its title",
            "propertyNames": {"type": "string", "pattern": IDENTIFIER, "title": "a festival"},
            "additionalProperties": _TEXT,
        },
        "notices": {"type": "array", "title": "a list of notices", "items": _NOTICE},
        "expected": {"type": "array", "title": "a list of expected years", "items": _EXPECTED},
    },
}
"""The shape of a calendar file, in the part of JSON Schema that `definition.shape` reads."""


@dataclass(frozen=True, slots=True)
class LoadedCalendar:
    """Hold what became of a calendar file.

    Attributes:
        document: Its content, with places.
        calendar: The calendar, what it lies over included; None when a finding is an error.
        findings: What is wrong with it, in the order of the file; warnings included.
    """

    document: Document
    calendar: Calendar | None
    findings: tuple[Finding, ...]


def load(text: str | bytes, file: str, known: Mapping[str, Calendar] | None = None) -> LoadedCalendar:
    """Load a calendar from its text.

    Args:
        text: The content of the file; bytes are UTF-8.
        file: How findings name the file.
        known: Name -> a calendar that may lie below; those built in and shipped are known anyway.

    Returns:
        The calendar, or the findings that say why there is none. Never raises because of the text.
    """
    return _made(_read(text, file), known or {})


def load_calendar(path: Path | str) -> LoadedCalendar:
    """Load a calendar from a file; the calendars beside it may lie below it.

    Raises:
        InputError: The file cannot be read, or is no ordinary file.
    """
    path = Path(path)
    document = _read_path(path)
    beside = [_read_path(file) for file in _files(path.parent) if file.resolve() != path.resolve()]
    return _resolved([document, *beside])[0]


def load_folder(folder: Path | str) -> tuple[LoadedCalendar, ...]:
    """Load the calendars beside workflows.

    Args:
        folder: The folder of the workflows; its calendars are the YAML files in its subfolder `calendars`.

    Returns:
        The calendars, by file name; empty where there is no such subfolder.

    Raises:
        InputError: A file cannot be read, or is no ordinary file.
    """
    return tuple(_resolved([_read_path(file) for file in _files(Path(folder) / FOLDER)]))


def known_calendar(name: str) -> Calendar | None:
    """Give a calendar that needs no file of the author's: one built in, or one shipped; None for another name."""
    return BUILT_IN.get(name) or (shipped(name) if name in SHIPPED else None)


@cache
def shipped(name: str) -> Calendar:
    """Give a calendar that comes with accountability.

    Raises:
        InputError: There is none of this name, or the installation is damaged.
    """
    if name not in SHIPPED:
        raise InputError(f"no calendar `{name}` comes with accountability", cure=did_you_mean(name, SHIPPED))
    loaded = load(source.read_file(SHIPPED[name], cure="install accountability again"), f"{name}.yaml")
    if loaded.calendar is None:
        raise InputError(f"the shipped calendar `{name}` is damaged", cure="install accountability again")
    return loaded.calendar


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    plain = (file for file in folder.iterdir() if file.suffix in source.SUFFIXES and file.is_file())
    return sorted(file for file in plain if not file.name.startswith("."))


def _read_path(path: Path) -> Document:
    return _read(source.read_file(path, cure="give a calendar file, such as calendars/cn_liangshan.yaml"), str(path))


def _read(text: str | bytes, file: str) -> Document:
    return source.read(text, file)


def _resolved(documents: Sequence[Document]) -> list[LoadedCalendar]:
    """Load calendars of which one may lie over another, those below first, and give them in their order."""
    pending = dict(enumerate(documents))
    first = {_word(document, "calendar"): index for index, document in reversed(pending.items())}
    done: dict[int, LoadedCalendar] = {}
    made: dict[str, Calendar] = {}
    while pending:
        waiting = {_word(document, "calendar") for document in pending.values()}
        ready = [index for index, document in pending.items() if not _waits(document, waiting)]
        for index in ready or list(pending):
            document = pending.pop(index)
            other = documents[first[_word(document, "calendar")]]
            one = done[index] = _made(document, made, None if other is document else other.file)
            if one.calendar is not None and other is document:
                made[one.calendar.name] = one.calendar
    return [done[index] for index in sorted(done)]


def _waits(document: Document, waiting: Collection[str]) -> bool:
    """Whether a calendar lies over another one that is not made yet."""
    below = _word(document, "base")
    return below in waiting and below not in ("", _word(document, "calendar"))


def _word(document: Document, key: str) -> str:
    """Give a text of a file of which nothing is checked yet; empty where there is none."""
    word = document.data.get(key) if document.data is not None else None
    return word if isinstance(word, str) else ""


def _made(document: Document, known: Mapping[str, Calendar], other: str | None = None) -> LoadedCalendar:
    """Check and make a calendar; `other` is the file that has its name already."""
    findings = list(document.findings)
    if document.data is not None:
        findings += shape.check(document, SCHEMA)
    if document.data is None or any(finding.is_error for finding in findings):
        return LoadedCalendar(document, None, in_order(findings))
    name, below = document.data["calendar"], document.data.get("base")
    base = None
    if name in BUILT_IN or other is not None:
        where = f"stands in {other} too" if other is not None else "is built in"
        cure = "give it another name; one that lies over it names it as its `base`"
        findings.append(document.finding("ACC106", f"a calendar `{name}` {where}", ("calendar",), help=cure))
    if below is not None:
        base = (known.get(below) if below != name else None) or known_calendar(below)
        if base is None:
            others = list(dict.fromkeys((*BUILT_IN, *SHIPPED, *(other for other in known if other != name))))
            message, cure = f"there is no calendar `{below}` to lie over", did_you_mean(below, others)
            if below == name:
                message, cure = "a calendar cannot lie over itself", f"name another one: {listed(others)}"
            findings.append(document.finding("ACC611", message, ("base",), help=cure))
    findings += examine(document, base)
    if any(finding.is_error for finding in findings):
        return LoadedCalendar(document, None, in_order(findings))
    calendar, remaining = _frozen(document, base)
    return LoadedCalendar(document, calendar, in_order((*findings, *remaining)))


def _frozen(document: Document, base: Calendar | None) -> tuple[Calendar | None, list[Finding]]:
    """Build the calendar. After the checks this succeeds, save for names that no JSON writer agrees on."""
    try:
        made = Calendar.from_content(document.data) if base is None else overlay(base, document.data)
    except AccountabilityError as error:
        return None, [document.finding("ACC102", str(error), (), help=error.cure or "use plain text")]
    return made, []
