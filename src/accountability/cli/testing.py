"""The command `test`: run the workflow authors' own scenarios."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from accountability.cli.arguments import existing, remember_form
from accountability.cli.definitions import Paths
from accountability.cli.examples import example
from accountability.cli.failure import NO
from accountability.cli.output import count, write, write_json
from accountability.errors import DefinitionError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accountability.testing.coverage import Coverage
    from accountability.testing.runner import Outcome
    from accountability.testing.scenario import Scenario, ScenarioFile
    from accountability.testing.suite import Suite

app = typer.Typer()
command = partial(app.command, rich_help_panel="Definitions")

TestForm = Annotated[
    Literal["text", "json", "junit"],
    typer.Option("--output", "-o", callback=remember_form, help="Form of the output."),
]


@command("test", epilog=example("accountability test workflows/", "accountability test workflows/ --fail-under 100"))
def run_scenarios(
    paths: Paths,
    only: Annotated[
        str | None, typer.Option("--only", "-k", metavar="TEXT", help="Only scenarios with TEXT in their name.")
    ] = None,
    fail_under: Annotated[
        int | None,
        typer.Option(
            "--fail-under", metavar="PERCENT", min=0, max=100, help="Fail where less of a workflow is covered."
        ),
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help="List everything that is not covered.")] = False,
    form: TestForm = "text",
) -> None:
    """Run scenarios, and say what of the workflows they cover.

    Exit code 1 when a scenario fails, when a file has an error, or when too little is covered.
    """
    found = [existing(path) for path in paths]
    from accountability.cli.page import stages
    from accountability.testing.folder import scenario_files
    from accountability.testing.suite import Suite

    suite = Suite()
    try:
        chosen = _chosen(suite, scenario_files(found), only)
        outcomes: list[Outcome] = []
        with stages() as told:
            for number, (scenario, file) in enumerate(chosen):
                told("running scenarios", number, len(chosen))
                outcomes.append(suite.run(scenario, file))
        coverage = suite.coverage(everything=only is None and any(path.is_dir() for path in found))
    finally:
        suite.close()
    under = [one for one in coverage if fail_under is not None and one.percent < fail_under]
    _show(outcomes, coverage, form, shown_max=None if missing else SHOWN_MAX)
    for one in under if form == "text" else ():
        write(f"{one.workflow}: {one.percent} % is covered, less than {fail_under} %\n")
    if under or any(outcome.failure for outcome in outcomes):
        raise typer.Exit(NO)


SHOWN_MAX = 10
"""How much of what is not covered is listed for a workflow, unless all of it is asked for."""


def _chosen(suite: Suite, files: Sequence[Path], only: str | None) -> list[tuple[Scenario, ScenarioFile]]:
    """Load every file before anything runs.

    Raises:
        DefinitionError: A file has errors; carries the findings of all of them.
        InputError: No scenario has the text in its name.
    """
    loaded = [suite.load(file) for file in files]
    findings = [finding.as_json() for one in loaded for finding in one.findings]
    errors = sum(finding["severity"] == "error" for finding in findings)
    if errors:
        raise DefinitionError(f"{count(errors, 'error')}, so nothing was run", findings, cure=CURE)
    contents = [one.content for one in loaded if one.content is not None]
    chosen = [
        (scenario, content)
        for content in contents
        for scenario in content.scenarios
        if only is None or only.lower() in scenario.name.lower()
    ]
    if not chosen:
        raise InputError(f"no scenario has {only!r} in its name", cure="leave -k out to run all")
    return chosen


CURE = "each place is shown with its cure; `accountability explain CODE` says more"


def _show(outcomes: Sequence[Outcome], coverage: Sequence[Coverage], form: str, *, shown_max: int | None) -> None:
    from accountability.cli import scenario_view

    if form == "json":
        write_json(scenario_view.as_json(outcomes, coverage))
    elif form == "junit":
        write(scenario_view.as_junit(outcomes))
    else:
        from accountability.cli.page import show

        show(scenario_view.draw(outcomes, coverage, shown_max))
