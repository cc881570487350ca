"""From a file to a workflow: read it, check its shape, check that what it declares fits together, freeze it.

What names mean across rules, whether states can be reached and whether guards hold together is `analysis`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from accountability.definition import consistency, shape, source
from accountability.definition.document import Document
from accountability.definition.finding import Finding, in_order
from accountability.definition.model import Workflow
from accountability.errors import CanonicalError

_NORWAY = "ACC018"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Hold what became of a file.

    Attributes:
        document: Its content, with places.
        workflow: The workflow; None when a finding is an error.
        findings: What is wrong with it, in the order of the file; warnings included.
    """

    document: Document
    workflow: Workflow | None
    findings: tuple[Finding, ...]


def load(text: str | bytes, file: str) -> Loaded:
    """Load a workflow from its text.

    Args:
        text: The content of the file; bytes are UTF-8.
        file: How findings name the file.

    Returns:
        The workflow, or the findings that say why there is none. Never raises because of the text.
    """
    document = source.read(text, file)
    findings = [*document.findings]
    if document.data is not None:
        findings += shape.check(document)
        findings += consistency.check(document)
    workflow = None
    if document.data is not None and not any(finding.is_error for finding in findings):
        workflow, remaining = _freeze(document)
        findings += remaining
    return Loaded(document, workflow, in_order(_without_echo(findings)))


def load_path(path: Path | str) -> Loaded:
    """Load a workflow from a file.

    Raises:
        InputError: The file cannot be read, or is no ordinary file.
    """
    content = source.read_file(path, cure="give a workflow file, such as petition.yaml")
    return load(content, str(path))


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


def _without_echo(findings: list[Finding]) -> list[Finding]:
    """Drop a warning about `yes` or `no` where an error stands at the same place: its cure is the better one."""
    errors = {(finding.line, finding.column) for finding in findings if finding.is_error}
    return [found for found in findings if found.code != _NORWAY or (found.line, found.column) not in errors]
