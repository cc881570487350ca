"""Commands about definitions: check, explain, schema, register."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from accountability.cli import shapes
from accountability.cli.arguments import Database, Form, ListForm, existing, remember_form
from accountability.cli.examples import example
from accountability.cli.failure import NO
from accountability.cli.output import count, write, write_json, write_rows
from accountability.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer()
command = partial(app.command, rich_help_panel="Definitions")

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="YAML files, or folders of them.", show_default=False)
]
CheckForm = Annotated[
    Literal["text", "json", "sarif", "github"],
    typer.Option("--output", "-o", callback=remember_form, help="Form of the output."),
]


@command("check", epilog=example("accountability check workflows/", "accountability check petition.yaml -o github"))
def check(paths: Paths, form: CheckForm = "text") -> None:
    """Prove workflows, reports, calendars and scenarios: every mistake with its place and cure.

    Exit code 1 when there is an error; warnings alone give 0.
    """
    found = [existing(path) for path in paths]
    from accountability.analysis.folder import check as examine

    checked = examine(found)
    findings = [finding.as_json() for finding in checked.findings]
    if checked.reports:
        from accountability.analysis.counting import check_reports

        findings += [finding.as_json() for finding in check_reports(checked)]
    from accountability.testing.checking import check_scenarios

    scenarios, wrong = check_scenarios(found, {Path(one.document.file): one for one in checked.loaded})
    findings += [finding.as_json() for finding in wrong]
    if form == "text":
        _draw(findings, len(checked.loaded) + len(checked.reports) + len(checked.calendar_files) + len(scenarios))
    elif form == "json":
        write_json(findings)
    else:
        _write_findings(findings, form)
    if any(finding["severity"] == "error" for finding in findings):
        raise typer.Exit(NO)


@command("explain", epilog=example("accountability explain ACC201"))
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of a finding.", show_default=False)],
    form: Form = "text",
) -> None:
    """Say what a finding means, with an example and its cure."""
    from accountability.definition.codes import CODES
    from accountability.definition.nearest import nearest

    known = CODES.get(code.upper())
    if known is None:
        likely = nearest(code, [one.lower() for one in CODES])
        cure = f"did you mean {likely.upper()}?" if likely else "codes look like ACC200 and stand beside each finding"
        raise InputError(f"there is no code {code}", cure=cure)
    if form == "json":
        write_json(shapes.code(known))
        return
    from accountability.cli.code_view import draw_code
    from accountability.cli.page import show

    show(draw_code(known))


@command("schema", epilog=example("accountability schema > workflow.schema.json"))
def schema(form: Form = "json") -> None:
    """Print the JSON Schema of the workflow language, for editors."""
    from accountability.definition.schema import schema as language

    write_json(language())


@command("register", epilog=example("accountability register workflows/"))
def register(paths: Paths, db: Database = "", form: ListForm = "text") -> None:
    """Check definitions, then publish them into the database.

    A published version never changes: another content under the same number is refused.
    """
    from accountability.cli.opening import opened

    found = [existing(path) for path in paths]
    with opened(db) as engine:
        published = engine.register(*found)
    if form != "text":
        write_rows((one.as_json() for one in published), form, shapes.REGISTERED_COLUMNS)
        return
    for one in published:
        write(f"{one.workflow} v{one.version} {one.digest[:12]} {'registered' if one.new else 'unchanged'}\n")


def _draw(findings: Sequence[dict[str, Any]], files: int) -> None:
    if not findings and not sys.stdout.isatty():
        # Nothing to colour: the drawing library stays unloaded, which halves the wait for the good news.
        write(f"ok: {count(files, 'file')}, no findings\n")
        return
    from accountability.cli.findings_view import Sources, draw, summary
    from accountability.cli.page import show

    sources = Sources()
    for finding in findings:
        show(draw(finding, sources))
    show([summary(findings, files)])


def _write_findings(findings: Sequence[dict[str, Any]], form: str) -> None:
    from accountability.cli.findings_view import github, sarif

    if form == "github":
        for finding in findings:
            write(github(finding) + "\n")
        return
    from accountability.cli.installation import program_version
    from accountability.definition.codes import CODES

    titles = {code: explained.title for code, explained in CODES.items()}
    write_json(sarif(findings, titles, program_version()))
