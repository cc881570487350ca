"""Commands about cases: start, fire, options, list, show, erase."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accountability.cli import shapes
from accountability.cli.arguments import (
    By,
    CaseId,
    Data,
    Database,
    Documents,
    Form,
    Key,
    Language,
    ListForm,
    Occurred,
    Roles,
    Unit,
    Viewer,
    WrittenReason,
    read_actor,
    read_data,
    read_documents,
    read_moment,
    read_viewer,
)
from accountability.cli.examples import example
from accountability.cli.known import require_names, unless_unknown
from accountability.cli.opening import opened
from accountability.cli.output import write_json, write_rows

if TYPE_CHECKING:
    from accountability.engine.engine import Engine
    from accountability.machine.case import Case

app = typer.Typer()
command = partial(app.command, rich_help_panel="Cases")


@command(
    "start",
    epilog=example(
        "accountability start petition --by zhang --role petition_officer \\",
        '    --data \'{"source": "petition", "real_name": true}\' --key 2015-017',
    ),
)
def start(
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="Name of the workflow.", show_default=False)],
    by: By,
    role: Roles = None,
    unit: Unit = None,
    data: Data = None,
    document: Documents = None,
    reason: WrittenReason = None,
    occurred: Occurred = None,
    key: Key = None,
    db: Database = "",
    form: Form = "text",
) -> None:
    """Open a case.

    The first line of the output is its id.
    """
    given = _given(data, document, reason, occurred, key)
    actor = read_actor(by, role, unit)
    with opened(db) as engine:
        _show(engine, engine.start(workflow, by=actor, **given), form)


@command(
    "fire",
    epilog=example(
        "accountability fire CASE register --by zhang --role petition_officer \\",
        '    --data \'{"number": "2015-017"}\' --document filing_report=report.pdf --expect 1',
    ),
)
def fire(
    case: CaseId,
    trigger: Annotated[str, typer.Argument(metavar="TRIGGER", help="What to do.", show_default=False)],
    by: By,
    role: Roles = None,
    unit: Unit = None,
    data: Data = None,
    document: Documents = None,
    reason: WrittenReason = None,
    occurred: Occurred = None,
    key: Key = None,
    expect: Annotated[
        int | None,
        typer.Option(metavar="SEQ", min=1, help="The entry number you saw last; refused when there is a newer one."),
    ] = None,
    db: Database = "",
    form: Form = "text",
) -> None:
    """Act on a case.

    A refusal says every reason, is recorded too, and gives exit code 1.
    """
    given = _given(data, document, reason, occurred, key)
    actor = read_actor(by, role, unit)
    with opened(db) as engine:
        _show(engine, engine.fire(case, trigger, by=actor, expect=expect, **given), form)


@command("options", epilog=example("accountability options CASE --by zhang --role petition_officer"))
def options(
    case: CaseId,
    by: By,
    role: Roles = None,
    unit: Unit = None,
    lang: Language = "en",
    db: Database = "",
    form: ListForm = "text",
) -> None:
    """Say what this person may do now; for the rest, why not."""
    actor = read_actor(by, role, unit)
    with opened(db) as engine:
        found = engine.options(case, by=actor)
    if form != "text":
        write_rows((shapes.option(option) for option in found), form, shapes.OPTION_COLUMNS)
        return
    from accountability.cli.case_view import draw_options
    from accountability.cli.page import show as print_page

    print_page(draw_options(found, lang))


@command("list", epilog=example("accountability list --workflow petition --open", "accountability list -o csv"))
def list_cases(
    workflow: Annotated[str | None, typer.Option(metavar="NAME", help="Only cases of this workflow.")] = None,
    state: Annotated[str | None, typer.Option(metavar="STATE", help="Only cases in this state.")] = None,
    closed: Annotated[bool | None, typer.Option("--closed/--open", help="Only cases that are closed, or open.")] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only cases with a deadline that is over and not met.")
    ] = False,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="At most so many.")] = None,
    lang: Language = "en",
    db: Database = "",
    form: ListForm = "text",
) -> None:
    """List cases by workflow and state, oldest first, with their age in days and their next due date.

    Protected values are shown by `show` alone.
    """
    with opened(db) as engine:
        cases = engine.cases(workflow=workflow, state=state, closed=closed, overdue=overdue, limit=limit)
        found = unless_unknown(cases, lambda: require_names(engine, workflow, state))
        if form != "text":
            write_rows((shapes.case(case) for case in found), form, shapes.CASE_COLUMNS)
            return
        from accountability.cli.case_view import draw_cases
        from accountability.cli.page import show as print_page

        listed = list(found)
        followed = {case.definition: (case.workflow, case.version) for case in listed}
        laws = {digest: engine.workflow(*name) for digest, name in followed.items()}
        print_page(draw_cases(listed, laws, datetime.now(UTC), lang))


@command("show", epilog=example("accountability show CASE --lang zh", "accountability show CASE --by li --role leader"))
def show(
    case: CaseId,
    by: Viewer = None,
    role: Roles = None,
    unit: Unit = None,
    lang: Language = "en",
    db: Database = "",
    form: Form = "text",
) -> None:
    """Show one case on one page.

    Its state and since when, its deadlines and how they were worked out, its data, who is next, its children, its
    history.
    """
    viewer = read_viewer(by, role, unit)
    with opened(db) as engine:
        _show(engine, engine.case(case, by=viewer), form, lang, whole=True)


@command(
    "erase",
    epilog=example(
        "accountability erase CASE reporter_name --by zhang --role petition_officer \\",
        '    --approved-by li --approved-role leader --reason "request of the person, file 2016-3"',
    ),
)
def erase(
    case: CaseId,
    fields: Annotated[list[str], typer.Argument(metavar="FIELD...", help="Personal fields.", show_default=False)],
    by: By,
    approved_by: Annotated[str, typer.Option(metavar="ID", help="A different person who approved it.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="The written reason.")],
    role: Roles = None,
    unit: Unit = None,
    approved_role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="A role in which it was approved; repeatable.")
    ] = None,
    db: Database = "",
    form: Form = "text",
) -> None:
    """Erase personal values for good.

    The record keeps that it was done, why and by whom, and still verifies.
    """
    actor, approver = read_actor(by, role, unit), read_actor(approved_by, approved_role, None)
    with opened(db) as engine:
        _show(engine, engine.erase(case, fields, by=actor, approved_by=approver, reason=reason), form)


def _given(
    data: str | None, documents: list[str] | None, reason: str | None, occurred: str | None, key: str | None
) -> dict[str, Any]:
    """Read what is given with an act."""
    return {
        "data": read_data(data),
        "documents": read_documents(documents),
        "reason": reason,
        "occurred": read_moment(occurred, "--occurred"),
        "key": key,
    }


def _show(engine: Engine, case: Case, form: str, language: str = "en", *, whole: bool = False) -> None:
    """Print a case; the whole page has its history."""
    if form == "json":
        write_json(shapes.case(case))
        return
    from accountability.cli.case_view import draw_case
    from accountability.cli.page import show as print_page

    history = tuple(engine.history(case.id)) if whole else ()
    law = engine.workflow(case.workflow, case.version)
    print_page(draw_case(case, law, datetime.now(UTC), history, language))
