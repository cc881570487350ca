"""Commands about the record: history, replay, verify, export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from accountability.cli import shapes
from accountability.cli.arguments import (
    CaseId,
    Database,
    Form,
    Language,
    ListForm,
    Roles,
    Unit,
    Viewer,
    read_moment,
    read_viewer,
    remember_form,
)
from accountability.cli.examples import example
from accountability.cli.failure import NO
from accountability.cli.known import require_names, unless_unknown
from accountability.cli.opening import opened
from accountability.cli.output import Single, line, write, write_json, write_rows
from accountability.errors import InputError, RecordError

if TYPE_CHECKING:
    from accountability.audit.entry import Entry
    from accountability.cli.page import Progress

app = typer.Typer()
command = partial(app.command, rich_help_panel="The record")

WORKFLOW = "workflow:"
"""Before a workflow's name: the chain of its publications and of its refused starts."""


@command("history", epilog=example("accountability history CASE", "accountability history --all --refused -o jsonl"))
def history(
    case: Annotated[str | None, typer.Argument(metavar="[CASE]", help="Id of the case.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="The entries of every case.")] = False,
    refused: Annotated[bool, typer.Option("--refused", help="Refused attempts too.")] = False,
    db: Database = "",
    form: ListForm = "text",
) -> None:
    """List entries, oldest first."""
    if (case is None) != everything:
        raise InputError("name a case, or say --all", cure="accountability history CASE")
    with opened(db) as engine:
        entries = unless_unknown(
            engine.history(case, refusals=refused), lambda: require_names(engine, _workflow_named(case), None)
        )
        if form == "text":
            from accountability.cli.entry_view import draw_history
            from accountability.cli.page import show

            show(draw_history(entries, cases=everything))
        else:
            write_rows((shapes.entry(entry) for entry in entries), form, shapes.ENTRY_COLUMNS)


@command("replay", epilog=example("accountability replay CASE --at 2015-03-01T00:00+08:00"))
def replay(
    case: CaseId,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="As it was at this time.")] = None,
    seq: Annotated[int | None, typer.Option(metavar="N", min=1, help="As it was after this entry.")] = None,
    by: Viewer = None,
    role: Roles = None,
    unit: Unit = None,
    lang: Language = "en",
    db: Database = "",
    form: Form = "text",
) -> None:
    """Recompute a case as it was, from the record alone.

    The result is compared with what is stored; exit code 1 when they differ.
    """
    if at is not None and seq is not None:
        raise InputError("--at and --seq ask for two moments", cure="give one of them")
    moment = read_moment(at, "--at")
    viewer = read_viewer(by, role, unit)
    with opened(db) as engine:
        try:
            found = engine.replay(case, at=moment, seq=seq, by=viewer)
        except RecordError as error:
            if form == "text" or not error.differences:
                raise
            write_json({"id": case, "matches": False, "differences": list(error.differences)})
            raise typer.Exit(NO) from error
        law = engine.workflow(found.workflow, found.version)
    if form == "json":
        write_json(shapes.case(found) | {"matches": True, "differences": []})
        return
    from accountability.cli.case_view import draw_case
    from accountability.cli.page import show
    from accountability.cli.verdict_view import draw_match

    show((*draw_case(found, law, moment or found.updated_at, (), lang), *draw_match()))


@command("verify", epilog=example("accountability verify", "accountability --db county.db verify -o json"))
def verify(db: Database = "", form: Form = "text") -> None:
    """Check the whole record and name what does not fit.

    Every entry, chain, case and definition is recomputed. Exit code 1 when something does not fit.
    """
    from accountability.cli.page import progress, show
    from accountability.cli.verdict_view import draw_verdict

    with opened(db) as engine, progress("verifying") as advance:
        verdict = engine.verify(advance)
    if form == "json":
        write_json(verdict.as_json())
    else:
        show(draw_verdict(verdict.as_json()))
    if not verdict.ok:
        raise typer.Exit(NO)


@command("export", epilog=example("accountability export -f jsonl --out entries.jsonl"))
def export(
    kind: Annotated[
        Literal["jsonl"] | None,
        typer.Option("--format", "-f", help="Format: one entry a line.", show_default="jsonl"),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write; default: stdout.")] = None,
    refused: Annotated[bool, typer.Option("--refused/--no-refused", help="Refused attempts too.")] = True,
    db: Database = "",
    form: Annotated[
        Single,
        typer.Option(
            "--output", "-o", callback=remember_form, help="Form of the summary; without --out and -f, of the entries."
        ),
    ] = "text",
) -> None:
    """Write every entry for other tools.

    Protected values are not in entries, so none leaves the database.
    """
    from accountability.cli.page import progress

    with opened(db) as engine, progress("exporting") as advance:
        entries = _counted(engine.history(refusals=refused), advance)
        if out is None:
            write_rows(entries, "json" if form == "json" and kind is None else "jsonl", shapes.ENTRY_COLUMNS)
            return
        with out.open("w", encoding="utf-8") as file:
            written = sum(1 for row in entries if file.write(line(row) + "\n"))
    if form == "json":
        write_json({"file": str(out), "entries": written})
    else:
        write(f"{written:,} entries written to {out}\n")


def _workflow_named(chain: str | None) -> str | None:
    """Give the workflow whose publications are asked for, as in `history workflow:petition`."""
    return chain.removeprefix(WORKFLOW) if chain is not None and chain.startswith(WORKFLOW) else None


def _counted(entries: Iterable[Entry], advance: Progress | None) -> Iterator[dict[str, Any]]:
    """Give entries as they are shared, telling the progress bar about every hundredth."""
    for number, entry in enumerate(entries, start=1):
        if advance is not None and number % 100 == 0:
            advance(number)
        yield shapes.entry(entry)
