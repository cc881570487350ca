"""The command report: figures of one report or of many, as text, JSON, CSV, or as one page for readers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from accountability.cli import shapes
from accountability.cli.arguments import Database, existing, read_date, remember_form
from accountability.cli.examples import example
from accountability.cli.opening import opened
from accountability.cli.output import Listing, write, write_json, write_rows
from accountability.errors import InputError

if TYPE_CHECKING:
    from accountability.audit.entry import Entry
    from accountability.reports.figures import Report

app = typer.Typer()
command = partial(app.command, rich_help_panel="The record")

Form = Literal["text", "json", "jsonl", "csv", "html"]


@command(
    "report",
    epilog=example(
        "accountability report discipline_year \\",
        "    --from 2015-01-01 --to 2015-12-31 --compare previous_year",
        "accountability report -o html \\",
        "    --from 2015-01-01 --to 2015-12-31 --compare previous_year > year.html",
    ),
)
def report(
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="First day of the period.")],
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day of the period.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]", help="Report files, folders of them, or names of shipped ones; default: all shipped."
        ),
    ] = None,
    compare: Annotated[Literal["previous_year"] | None, typer.Option(help="Compare with an earlier period.")] = None,
    trace: Annotated[str | None, typer.Option(metavar="FIGURE", help="List the entries that a figure counts.")] = None,
    no_trace: Annotated[
        bool, typer.Option("--no-trace", help="Leave the entries out of a page for the public.")
    ] = False,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the page is called, such as whose it is.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What readers of the page should know first.")
    ] = None,
    db: Database = "",
    form: Annotated[Form, typer.Option("--output", "-o", callback=remember_form, help="Form of the output.")] = "text",
) -> None:
    """Count the figures of reports, with their growth.

    One report is one JSON object; several, or a folder, are a list of them. HTML is one page that needs nothing else.
    """
    period = (read_date(since, "--from"), read_date(until, "--to"))
    if period[0] > period[1]:
        raise InputError(f"--from {since} lies after --to {until}", cure="swap them")
    page = {"--title": title, "--note": note, "--no-trace": no_trace or None}
    _fit(form, trace, [name for name, value in page.items() if value is not None])
    named = files or [_shipped()]
    paths = [path for file in named for path in _report_files(file)]
    from accountability.cli.page import progress

    with opened(db) as engine, progress("counting") as advance:
        counted = engine.reports(paths, since=period[0], until=period[1], compare=compare, progress=advance)
    if form == "html":
        _write_page(counted, db, paths, title=title, note=note, traced=not no_trace)
    elif trace is not None:
        _write_trace(counted, trace, form)
    else:
        _write_reports(counted, form, many=len(named) > 1 or named[0].is_dir())


def _fit(form: Form, trace: str | None, of_page: Sequence[str]) -> None:
    """Refuse options that mean nothing in the form that was asked for."""
    if trace is not None and form == "html":
        raise InputError("a page shows the entries of every figure", cure="leave --trace out, or ask for another form")
    if of_page and form != "html":
        raise InputError(f"{of_page[0]} is about a page", cure=f"add `-o html`, or leave {of_page[0]} out")


def _shipped() -> Path:
    """Find the folder of the reports that are shipped."""
    from accountability.definition.shipped import folder

    return folder() / "reports"


def _report_files(named: Path) -> list[Path]:
    """Find report files: a path, the bare name of one that is shipped, or all that stand in a folder."""
    shipped = _shipped() / f"{named}.yaml"
    if not named.exists() and len(named.parts) == 1 and shipped.exists():
        return [shipped]
    if not existing(named).is_dir():
        return [named]
    from accountability.analysis.folder import yaml_in

    found = yaml_in(named)
    if not found:
        raise InputError(f"no report file stands in {named}", cure="name a report file, such as workflows/reports")
    return found


def _write_reports(counted: Sequence[Report], form: Listing, *, many: bool) -> None:
    if form == "text":
        from accountability.cli.page import show
        from accountability.cli.report_view import draw_reports

        show(draw_reports([one.as_json() for one in counted]))
    elif form == "json":
        shown = [one.as_json() for one in counted]
        write_json(shown if many else shown[0])
    else:
        rows = (row for one in counted for row in shapes.figures(one.as_json()))
        write_rows(rows, form, shapes.FIGURE_COLUMNS)


def _write_page(
    counted: Sequence[Report],
    database: str,
    paths: Sequence[Path],
    *,
    title: str | None,
    note: str | None,
    traced: bool,
) -> None:
    """Write the page, whose commands name the record without saying where on this computer it lies."""
    from accountability.reports.page import Source, page

    name = "DATABASE" if "://" in database else Path(database).name
    source = Source(name, [_named(path) for path in paths], title=title, note=note, traced=traced)
    for piece in page(counted, source):
        write(piece)


def _named(path: Path) -> str:
    """Name a report file as the command line takes it: a shipped one by its bare name."""
    return path.stem if path.resolve().parent == _shipped().resolve() else str(path)


def _write_trace(counted: Sequence[Report], figure: str, form: Listing) -> None:
    """List the entries that one figure counts, so that every published number can be followed to its records."""
    entries = _traced(counted, figure)
    if form == "text":
        from accountability.cli.entry_view import draw_history
        from accountability.cli.page import say, show

        show(draw_history(entries, cases=True))
        show([say("1 entry" if len(entries) == 1 else f"{len(entries):,} entries", "dim")])
    else:
        write_rows((shapes.entry(entry) for entry in entries), form, shapes.ENTRY_COLUMNS)


def _traced(counted: Sequence[Report], figure: str) -> tuple[Entry, ...]:
    """Find the entries of a figure.

    Raises:
        InputError: No report has it, or several have.
    """
    having = [one for one in counted if figure in one.trace]
    if len(having) > 1:
        names = " and ".join(one.report for one in having)
        raise InputError(f"{names} have a figure {figure} each", cure="name one report")
    if having:
        return tuple(having[0].trace[figure])
    from accountability.definition.nearest import did_you_mean

    known = [name for one in counted for name in one.trace]
    whose = "the report has" if len(counted) == 1 else "the reports have"
    raise InputError(f"{whose} no figure {figure}", cure=did_you_mean(figure, known))
