"""The command demo: the county's two years, its figures, its proof, and what becomes of a record that is changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accountability.cli.arguments import Form
from accountability.cli.examples import example
from accountability.cli.output import write_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from accountability.demonstration.county import Demonstration

app = typer.Typer()
command = partial(app.command, rich_help_panel="Installation")


@command("demo", epilog=example("accountability demo", "accountability demo -o json"))
def demo(
    folder: Annotated[
        Path,
        typer.Option("--dir", metavar="DIR", help="Where the record is made; that of an earlier demo is replaced."),
    ] = Path("accountability-demo"),
    form: Form = "text",
) -> None:
    """Play two years of a county, report on them, verify the record, and tamper with a copy."""
    from accountability.cli.page import show, stages
    from accountability.demonstration.county import run

    with stages() as progress:
        shown = run(folder, progress)
    if form == "json":
        write_json(shown.report.as_json())
    else:
        show(_draw(shown))


def _draw(shown: Demonstration) -> Iterator[RenderableType]:
    """Draw what the demonstration showed, and what to try next."""
    from accountability.cli.page import heading, indented, join, say
    from accountability.cli.report_view import draw_report
    from accountability.cli.verdict_view import draw_verdict

    yield join(("Gaotai County 高台县, 2014 and 2015", "bold"))
    yield say(f"{shown.cases:,} cases, {shown.entries:,} entries, {shown.refusals} of them refusals", "dim")
    for report in (shown.report, shown.duties):
        yield say("")
        yield from draw_report(report.as_json())
    yield heading("Were the deadlines kept?")
    kept = shown.timeliness
    yield say(f"{kept.kept:,} in time, {kept.late} late, {kept.overdue} overdue, {kept.running} still running")
    yield say(f"more time was given {kept.extended} times, and {kept.paused} clocks stood still for a while", "dim")
    yield heading("Is the record whole?")
    yield from draw_verdict(shown.verdict.as_json())
    yield heading("And a copy in which somebody changed one cell?")
    yield say(shown.changed)
    yield from draw_verdict(shown.tampered.as_json())
    yield heading("Look further")
    period = "--from {} --to {}".format(*shown.period)
    for line in (
        f"accountability --db {shown.database} report discipline_year {period} --trace filed",
        f"accountability --db {shown.database} list --workflow leadership_liability",
        f"accountability --db {shown.database} history --all --refused",
        f"accountability --db {shown.tampered_database} verify",
    ):
        yield indented(say(line, wrap=False))
