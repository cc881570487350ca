"""The command `accountability`: its global options, its commands, and how it ends.

Only what every command needs is imported here. The engine, the analysis and the drawing are imported by the commands
that use them, so that `accountability check` starts at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from accountability.cli import cases, definitions, demonstration, installation, records, reporting, testing, time
from accountability.cli.examples import example
from accountability.cli.failure import DEFAULT_DATABASE, DONE, INTERRUPTED, WRONG, Invocation, conclude
from accountability.cli.output import finish, prepare_streams, write

EPILOG = (
    example(
        "accountability migrate",
        "accountability register workflows/",
        "accountability start petition --by zhang --role petition_officer --data @report.json",
        "accountability verify",
    )
    + "\n\n\b\nExit codes:\n"
    "  0  done\n"
    "  1  the answer is no: refused, findings, the record does not verify\n"
    "  2  wrong use, or input that cannot be read\n"
    "  3  the database cannot be reached, or is too old or too new"
)


class Topics(TyperGroup):
    """A group of commands whose help lists them by topic, in the order of a case's life."""

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # -- typer hides the formatter's type
        """Write one list of commands for each topic."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(len(name) for name in names)
        for topic, members in groupby(names, key=lambda name: getattr(self.commands[name], "rich_help_panel", "")):
            with formatter.section(str(topic)):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(room)) for name in members])


app = typer.Typer(
    cls=Topics,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
app.add_typer(definitions.app)
app.add_typer(testing.app)
app.add_typer(cases.app)
app.add_typer(time.app)
app.add_typer(records.app)
app.add_typer(reporting.app)
app.add_typer(demonstration.app)
app.add_typer(installation.app)


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        write(f"accountability {installation.program_version()}\n")
        raise typer.Exit(DONE)


@app.callback(invoke_without_command=True, epilog=EPILOG)
def main(
    context: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="ACCOUNTABILITY_DB",
            help=f"Database: a SQLAlchemy URL or the path of an SQLite file. [default: {DEFAULT_DATABASE}]",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Define the rules of public accountability, act by them, and prove what was done."""
    context.obj.database = db or DEFAULT_DATABASE
    if context.invoked_subcommand is None:
        sys.stderr.write(context.get_help() + "\n")
        raise typer.Exit(WRONG)


def hasten() -> None:
    """Keep the start short, since an editor runs `check` at every keystroke.

    What is imported stays, so looking through it for garbage again and again finds nothing. And pydantic would search
    every installed package for plugins, which have no business with what people give here.
    """
    gc.set_threshold(20_000, 20, 20)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: What follows the program's name; default: what the shell gave.

    Returns:
        The exit code: 0 done, 1 the answer is no, 2 wrong use, 3 no database, 70 a mistake of the program, 130 stopped
        by the person, 141 nobody reads the output any more.
    """
    hasten()
    invocation = Invocation()
    prepare_streams()
    try:
        code = app(arguments, prog_name="accountability", standalone_mode=False, obj=invocation)
        finish()
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.Exit as left:
        return left.exit_code
    except Exception as error:  # noqa: BLE001 -- the last line of defence: a person gets a sentence, never a traceback
        return conclude(error, invocation)
    return code if isinstance(code, int) else DONE


if __name__ == "__main__":
    sys.exit(run())
