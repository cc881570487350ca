"""From a file to a workflow: read it, check its shape, check that what it declares fits together, freeze it.

What names mean across rules, whether states can be reached and whether guards hold together is `analysis`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from accountability.calendars.calendar import Calendar
from accountability.definition import consistency, shape, source
from accountability.definition.calendar_choice import found_for
from accountability.definition.document import Document
from accountability.definition.extension import extended
from accountability.definition.finding import Finding, in_order, without_echo
from accountability.definition.model import Workflow
from accountability.errors import CanonicalError


@dataclass(frozen=True, slots=True)
class Loaded:
    """Hold what became of a file.

    Attributes:
        document: Its content, with places; what it takes over from a file that it extends included.
        workflow: The workflow; None when a finding is an error.
        findings: What is wrong with it, in the order of the file; warnings included.
        folders: Where the calendars and workflows that it names are looked for: its own folder, then those of the
            files it extends. Empty where only its text was given.
        calendar: The calendar by which its deadlines are counted; None when there is none of its name, or it is wrong.
    """

    document: Document
    workflow: Workflow | None
    findings: tuple[Finding, ...]
    folders: tuple[Path, ...] = ()
    calendar: Calendar | None = None


def load(text: str | bytes, file: str, path: Path | None = None) -> Loaded:
    """Load a workflow from its text.

    Args:
        text: The content of the file; bytes are UTF-8.
        file: How findings name the file.
        path: Where the file lies, so that a file beside it can be extended; None when there is only the text.

    Returns:
        The workflow, or the findings that say why there is none. Never raises because of the text.
    """
    whole = extended(source.read(text, file), path)
    document = whole.document
    findings = [*document.findings]
    if document.data is not None:
        findings += shape.check(document)
        findings += consistency.check(document)
    calendar, missing = found_for(document, whole.folders)
    findings += missing
    workflow = None
    if document.data is not None and not any(finding.is_error for finding in findings):
        workflow, remaining = _freeze(document)
        findings += remaining
    return Loaded(document, workflow, in_order(without_echo(findings)), whole.folders, calendar)


def load_path(path: Path | str) -> Loaded:
    """Load a workflow from a file.

    Raises:
        InputError: The file cannot be read, or is no ordinary file.
    """
    content = source.read_file(path, cure="give a workflow file, such as petition.yaml")
    return load(content, str(path), Path(path))


def _freeze(document: Document) -> tuple[Workflow | None, list[Finding]]:
    """Build the workflow. After the checks of shape this succeeds, save for names that no JSON writer agrees on."""
    try:
        return Workflow.from_content(document.data), []
    except ValidationError as error:
        return None, [
            document.finding("ACC102", f"{problem['msg']}", problem["loc"], help="see the language's description")
            for problem in error.errors()
        ]
    except CanonicalError as error:
        return None, [document.finding("ACC102", str(error), (), help=error.cure or "use plain text")]
