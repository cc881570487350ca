"""What the commands take: the options they share, and how their text becomes values."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from accountability.audit.entry import Actor
from accountability.cli.output import Listing, Single
from accountability.errors import InputError

DATA_CURE = """give an object, quoted for the shell: --data '{"amount": "120.50", "urgent": true}'; or --data @FILE"""


def effective_database(context: typer.Context, value: str | None) -> str:
    """Take the database named after the command, else the one named before it."""
    return value or str(context.obj.database)


def remember_form(context: typer.Context, value: str) -> str:
    """Note the form of the output where the end of the program finds it, should the command fail."""
    context.obj.form = value
    return value


Database = Annotated[
    str,
    typer.Option(
        "--db", metavar="URL", callback=effective_database, show_default=False, help="Database; also before COMMAND."
    ),
]
Form = Annotated[Single, typer.Option("--output", "-o", callback=remember_form, help="Form of the output.")]
ListForm = Annotated[Listing, typer.Option("--output", "-o", callback=remember_form, help="Form of the output.")]
Language = Annotated[str, typer.Option("--lang", metavar="LANG", help="Language of titles, such as en or zh.")]

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="Id of the case.", show_default=False)]
By = Annotated[str, typer.Option("--by", metavar="ID", help="Who acts.", show_default=False)]
Viewer = Annotated[
    str | None, typer.Option("--by", metavar="ID", help="Who looks: decides which protected fields are shown.")
]
Roles = Annotated[
    list[str] | None, typer.Option("--role", "-r", metavar="ROLE", help="A role in which they act; repeatable.")
]
Unit = Annotated[str | None, typer.Option("--unit", metavar="UNIT", help="The organisation they belong to.")]
Data = Annotated[
    str | None, typer.Option("--data", "-d", metavar="JSON|@FILE", help="Fields given with the act; @- reads stdin.")
]
Documents = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="NAME=PATH", help="A document that comes with the act; repeatable."),
]
WrittenReason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="The written reason.")]
Occurred = Annotated[
    str | None,
    typer.Option("--occurred", metavar="TIME", help="When it happened, such as 2015-02-09T09:00+08:00."),
]
Key = Annotated[
    str | None, typer.Option("--key", metavar="KEY", help="Makes a repeated call harmless: same key, same result.")
]


def read_actor(by: str, roles: Sequence[str] | None, unit: str | None) -> Actor:
    """Make the actor of the options.

    Raises:
        InputError: The id is empty.
    """
    if not by.strip():
        raise InputError("--by names nobody", cure="give the office's identifier of the person: --by zhang")
    return Actor(by, roles or (), unit)


def read_viewer(by: str | None, roles: Sequence[str] | None, unit: str | None) -> Actor | None:
    """Make the actor who looks, or None when nobody was named.

    Raises:
        InputError: A role or unit was given without a person.
    """
    if by is None:
        if roles or unit:
            raise InputError("a role without a person shows nothing more", cure="add --by ID")
        return None
    return read_actor(by, roles, unit)


def read_data(text: str | None, option: str = "--data") -> dict[str, Any] | None:
    """Read the fields given with an act.

    Args:
        text: JSON, `@FILE`, `@-` for stdin, or None.
        option: Name of the option, for messages.

    Raises:
        InputError: The file cannot be read, the text is not JSON (the place is shown), or it is not an object.
    """
    if text is None:
        return None
    origin = option
    if text.startswith("@"):
        origin = f"{option} {text}"
        text = sys.stdin.read() if text == "@-" else _read_text(Path(text[1:]), option)
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InputError(f"{origin} is not JSON: {_place(error)}", cure=DATA_CURE) from error
    except RecursionError as error:
        raise InputError(f"{origin} is nested too deeply", cure="nest at most a few hundred levels") from error
    except InputError as error:
        raise InputError(f"{origin}: {error}", cure=error.cure) from error
    if not isinstance(value, dict):
        raise InputError(f"{origin} is not a JSON object, but {_kind(value)}", cure=DATA_CURE)
    return value


def read_documents(pairs: Sequence[str] | None) -> dict[str, Path] | None:
    """Read `NAME=PATH` pairs.

    Raises:
        InputError: A pair has no name or path, a name comes twice, or a file cannot be found.
    """
    documents: dict[str, Path] = {}
    for pair in pairs or ():
        name, separator, path = pair.partition("=")
        if not (name and separator and path):
            raise InputError(f"--document {pair} is not NAME=PATH", cure="write it like --document report=report.pdf")
        if name in documents:
            raise InputError(f"the document {name} was given twice", cure="give each document once")
        documents[name] = existing(Path(path))
        if not documents[name].is_file():
            what = "a folder" if documents[name].is_dir() else "no ordinary file"
            raise InputError(f"{path} is {what}, not a document", cure="name one file")
    return documents or None


def read_moment(text: str | None, option: str) -> datetime | None:
    """Read a time with its zone.

    Raises:
        InputError: The text is not a time, or has no zone.
    """
    if text is None:
        return None
    cure = "write date, time and zone like 2015-02-09T09:00+08:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r} is not a time", cure=cure) from error
    if moment.tzinfo is None:
        raise InputError(f"{option} {text!r} carries no time zone", cure=cure)
    return moment


def read_date(text: str, option: str) -> date:
    """Read a day.

    Raises:
        InputError: The text is not a date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r} is not a date", cure="write it like 2015-12-31") from error


def existing(path: Path) -> Path:
    """Return the path when something is there.

    Raises:
        InputError: Nothing is there; the nearest name beside it is suggested.
    """
    if path.exists():
        return path
    from accountability.definition.nearest import did_you_mean

    beside = [sibling.name for sibling in path.parent.iterdir()] if path.parent.is_dir() else []
    raise InputError(f"there is no file or folder {path}", cure=did_you_mean(path.name, beside, "check the path"))


def _read_text(path: Path, option: str) -> str:
    try:
        if existing(path).is_char_device() or path.is_block_device():
            raise InputError(f"{option}: {path} is a device, which may never end", cure="name a file; @- reads stdin")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{option}: {path} is not UTF-8 at byte {error.start}", cure="save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{option}: {path} cannot be read: {error.strerror}", cure="check the path") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, item in pairs:
        if key in value:
            raise InputError(f"the field {key!r} stands twice", cure="give each field once")
        value[key] = item
    return value


def _no_constant(name: str) -> None:
    raise InputError(f"{name} is not JSON", cure="leave the field out, or give it a value")


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _place(error: json.JSONDecodeError) -> str:
    """Draw the line of the text with a mark below the place where reading stopped."""
    lines = error.doc.splitlines() or [""]
    text = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    start = max(0, error.colno - 40)
    shown = text[start : error.colno + 40]
    mark = " " * (error.colno - 1 - start) + "^"
    return f"{error.msg} at line {error.lineno}, column {error.colno}\n    {shown}\n    {mark}"
