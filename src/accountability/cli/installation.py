"""Commands about the installation: migrate, doctor, version."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import typer

from accountability.cli.arguments import Database, Form
from accountability.cli.examples import example
from accountability.cli.failure import NO
from accountability.cli.output import write, write_json
from accountability.errors import AccountabilityError

app = typer.Typer()
command = partial(app.command, rich_help_panel="Installation")

LIBRARIES = ("transitions", "sqlmodel", "sqlalchemy", "alembic", "pydantic", "pyyaml", "structlog", "typer", "rich")

OLDEST_PYTHON = (3, 11)

EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)
"""A clock before this moment is wrong: the program did not exist yet."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one look at the installation found.

    Attributes:
        name: What was looked at.
        ok: Whether it is in order.
        found: What was found, in a few words.
        cure: What to do when it is not in order.
    """

    name: str
    ok: bool
    found: str
    cure: str | None = None


def program_version() -> str:
    """Return the installed version of this program."""
    return _installed("accountability") or "0+uninstalled"


@command("migrate", epilog=example("accountability migrate", "accountability --db postgresql+psycopg://… migrate"))
def migrate(db: Database = "", form: Form = "text") -> None:
    """Create the database, or bring its tables up to date."""
    from accountability.store.database import Database as Store

    store = Store(db)
    store.migrate()
    store.close()
    if form == "json":
        write_json({"database": store.name, "ready": True})
    else:
        write(f"{store.name} is ready\n")


@command("doctor", epilog=example("accountability doctor", "accountability --db county.db doctor -o json"))
def doctor(db: Database = "", form: Form = "text") -> None:
    """Say what is wrong with this installation, and its cure."""
    found = [diagnosis for look in (_python, _libraries, _clock, _shipped) for diagnosis in look()]
    found += _database(db)
    if form == "json":
        rows = [{"name": one.name, "ok": one.ok, "found": one.found, "cure": one.cure} for one in found]
        write_json({"ok": all(one.ok for one in found), "checks": rows})
    else:
        _draw(found)
    if not all(one.ok for one in found):
        raise typer.Exit(NO)


@command("version", epilog=example("accountability version"))
def show_version(form: Form = "text") -> None:
    """Print the versions of program, Python and libraries."""
    versions = {"accountability": program_version(), "python": platform.python_version()}
    versions |= {library: _installed(library) or "missing" for library in LIBRARIES}
    if form == "json":
        write_json(versions)
    else:
        write("".join(f"{name} {found}\n" for name, found in versions.items()))


def _python() -> Iterator[Diagnosis]:
    found = platform.python_version()
    wanted = ".".join(map(str, OLDEST_PYTHON))
    yield Diagnosis("python", sys.version_info >= OLDEST_PYTHON, found, f"install Python {wanted} or later")


def _libraries() -> Iterator[Diagnosis]:
    missing = [library for library in LIBRARIES if _installed(library) is None]
    found = ", ".join(f"{library} {_installed(library)}" for library in LIBRARIES if library not in missing)
    cure = f"missing: {', '.join(missing)}; run pip install --force-reinstall accountability"
    yield Diagnosis("libraries", not missing, found, cure)


def _clock() -> Iterator[Diagnosis]:
    now = datetime.now(UTC)
    cure = "set the computer's clock: every entry carries its time"
    yield Diagnosis("clock", now > EARLIEST, f"{now:%Y-%m-%d %H:%M:%SZ}", cure)


def _shipped() -> Iterator[Diagnosis]:
    from accountability.definition.shipped import folder

    try:
        workflows = sorted(path.stem for path in folder().glob("*.yaml"))
    except (OSError, AccountabilityError) as error:
        workflows, found = [], str(error)
    else:
        found = ", ".join(workflows) or "none"
    yield Diagnosis("workflows", bool(workflows), found, "install the package again: its workflows are missing")


def _database(database: str) -> Iterator[Diagnosis]:
    """Look whether the database is there, has our tables in this version, and can be written."""
    from accountability.store.database import Database as Store

    try:
        store = Store(database)
        store.require_version()
    except AccountabilityError as error:
        yield Diagnosis("database", False, str(error), error.cure)
        return
    store.close()
    yield Diagnosis("database", True, f"{store.name} ({store.dialect}), tables up to date")
    if store.dialect == "sqlite":
        writable = os.access(store.name, os.W_OK) and os.access(Path(store.name).parent, os.W_OK)
        found = "can be written" if writable else "the file or its folder cannot be written"
        yield Diagnosis("permissions", writable, found, f"give yourself the right to write {store.name} and its folder")


def _draw(found: list[Diagnosis]) -> None:
    from accountability.cli.page import say, show, table

    rows = []
    for one in found:
        mark = say("ok", "green") if one.ok else say("problem", "bold red")
        cure = "" if one.ok or not one.cure else f"\n{one.cure}"
        rows.append((mark, say(one.name), say(one.found).append_text(say(cure, "cyan"))))
    show([table(("", "", ""), rows, tight=(0, 1))])


def _installed(library: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return None
