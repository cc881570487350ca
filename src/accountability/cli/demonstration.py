"""The command demo: the county's two years, its figures, its proof, and what becomes of a record that is changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import which
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
    """Play two years of a county, report on them, verify the record, and tamper with a copy.

    The figures are written as a page for readers too, county.html in the same folder.
    """
    from accountability.cli.page import show, stages
    from accountability.demonstration.county import run

    with stages() as progress:
        shown = run(folder, progress)
    if form == "json":
        write_json(shown.counted.reports["discipline_year"].as_json())
    else:
        show(draw(shown))


SIX = ("define", "perform", "supervise", "appraise", "assess", "hold_accountable")
"""The six measures, as their reports are named."""


def draw(shown: Demonstration) -> Iterator[RenderableType]:
    """Draw what the demonstration showed, and what to try next."""
    from accountability.cli.page import heading, join, say, table
    from accountability.cli.report_view import draw_figures
    from accountability.cli.verdict_view import draw_verdict

    counted = shown.counted
    yield join(("Gaotai County 高台县, 2014 and 2015", "bold"))
    yield say(f"{counted.cases:,} cases, {counted.entries:,} entries, {shown.refusals} of them refusals", "dim")
    for report in (counted.reports[f"measure_{number}_{name}"] for number, name in enumerate(SIX, 1)):
        yield say("")
        yield from draw_figures(report.as_json())
    yield heading("Were the deadlines kept?")
    kept = counted.timeliness
    yield say(f"{kept.kept:,} in time, {kept.late} late, {kept.overdue} overdue, {kept.running:,} still running")
    yield say(f"more time was given {kept.extended} times, and {kept.paused} clocks stood still for a while", "dim")
    yield heading("What was tried and refused?")
    refused = sorted(counted.refused.items(), key=lambda pair: (-pair[1], pair[0]))
    yield table(("because of", "times"), [[say(code), say(number)] for code, number in refused], right=(1,))
    yield heading("Is the record whole?")
    yield from draw_verdict(shown.verdict.as_json())
    yield say(f"sha256 of all entries: {shown.fingerprint}", "dim")
    yield heading("And a copy in which somebody changed one cell?")
    yield say(shown.changed)
    yield from draw_verdict(shown.tampered.as_json())
    yield from _further(shown)


def _further(shown: Demonstration) -> Iterator[RenderableType]:
    """Say where to look next."""
    from accountability.cli.page import heading, indented, say

    yield heading("Look further")
    yield indented(say(f"{shown.page}: every figure with what it counts and its entries, in a browser", wrap=False))
    period = "--from {} --to {}".format(*shown.period)
    # `make demo` installs into an environment that no shell knows of.
    program = "accountability" if which("accountability") else sys.argv[0]
    for line in (
        f"{program} --db {shown.database} report measure_5_assess {period} --trace awards_cancelled",
        f"{program} --db {shown.database} list --workflow leadership_liability",
        f"{program} --db {shown.database} history --all --refused",
        f"{program} --db {shown.tampered_database} verify",
    ):
        yield indented(say(line, wrap=False))
