"""What happens when a command fails: one sentence, a cure, the right exit code, never a traceback for a mistake.

- 0: done
- 1: the answer is no: refused, findings, the record does not verify
- 2: wrong use, or input that cannot be read
- 3: the database cannot be reached, or is too old or too new
- 70: a mistake of this program itself
- 130: stopped by the person (Ctrl-C)
- 141: nobody reads the output any more (as `| head`)
"""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass

import typer

from accountability.cli.output import write_json
from accountability.errors import (
    AccountabilityError,
    DatabaseError,
    DefinitionError,
    RecordError,
    Refused,
)

DONE, NO, WRONG, DATABASE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 70, 130

DEFAULT_DATABASE = "accountability.db"

DEBUG = "ACCOUNTABILITY_DEBUG"
"""Environment variable: when set, a failure shows its traceback."""


@dataclass
class Invocation:
    """One run of the program.

    Attributes:
        form: Form of the output that the command was asked for, once that is known.
        database: The database that was named before the command, or by the environment.
    """

    form: str = "text"
    database: str = DEFAULT_DATABASE


def conclude(error: Exception, invocation: Invocation) -> int:
    """Tell the person what went wrong.

    Args:
        error: What stopped the command.
        invocation: What was asked for; a refusal goes to stdout as JSON unless text was.

    Returns:
        The exit code.
    """
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    if isinstance(error, Refused):
        return _refused(error, invocation)
    if isinstance(error, DefinitionError) and error.findings:
        return _findings(error, invocation)
    if isinstance(error, AccountabilityError):
        tell(str(error), error.cure)
        return exit_code(error)
    if isinstance(error, OSError):
        tell(f"{error.filename}: {error.strerror}" if error.filename else str(error), None)
        return WRONG
    if isinstance(error, typer.TyperException):
        return _misused(error)
    message = f"this is a mistake in accountability itself: {type(error).__name__}: {error}"
    tell(message, f"set {DEBUG}=1 and run it again to see where")
    return INTERNAL


def tell(message: str, cure: str | None) -> None:
    """Write an error and its cure on stderr."""
    from accountability.cli.page import join, say, show

    show([join(("error", "bold red"), say(f": {message}"), wrap=False)], stderr=True)
    if cure:
        show([join(("help", "cyan"), say(f": {cure}"), wrap=False)], stderr=True)


def exit_code(error: AccountabilityError) -> int:
    """Choose the exit code of an error of ours."""
    if isinstance(error, DatabaseError):
        return DATABASE
    return NO if isinstance(error, (Refused, DefinitionError, RecordError)) else WRONG


def _refused(error: Refused, invocation: Invocation) -> int:
    """Show every reason, nearest miss first: as JSON on stdout for programs, as a list on stderr for people."""
    if invocation.form != "text":
        write_json(error.as_json())
        return NO
    from accountability.cli.case_view import draw_refusal
    from accountability.cli.page import show

    show(draw_refusal(error), stderr=True)
    return NO


def _findings(error: DefinitionError, invocation: Invocation) -> int:
    """Show what is wrong with a definition, the way `check` does; a table or a page cannot hold it."""
    if invocation.form in ("json", "jsonl"):
        write_json([dict(finding) for finding in error.findings])
        return NO
    from accountability.cli.findings_view import Sources, draw
    from accountability.cli.page import show

    sources = Sources()
    for finding in error.findings:
        show(draw(finding, sources), stderr=True)
    tell(str(error), error.cure)
    return NO


def _misused(error: typer.TyperException) -> int:
    """Explain wrong options and arguments, and where to read about the right ones."""
    context = getattr(error, "ctx", None)
    tell(
        error.format_message().replace("Value error, ", ""), f"see `{context.command_path} --help`" if context else None
    )
    return WRONG
