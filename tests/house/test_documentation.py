"""Everything exists in the documentation: commands, options, codes, errors."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import typer

from accountability import errors
from accountability.cli.main import app
from accountability.definition.codes import CODES
from tests.house.project import ROOT

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
ERRORS = sorted(
    name
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.AccountabilityError)
)
COMMAND_SHOWN = re.compile(r"^(?:\$ )?accountability (?:--db \S+ )?([a-z]+)", re.MULTILINE)
TABLE = ROOT / "docs" / "codes.md"


def document(name: str) -> str:
    """Read a document."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def table() -> str:
    """Write the page of codes from the codes themselves."""
    rows = "".join(f"| `{code.code}` | {code.title} |\n" for _, code in sorted(CODES.items()))
    return (
        "# Codes of findings\n\n"
        "What `accountability check` may report. `accountability explain CODE` shows what a code means, a wrong\n"
        "example and its cure. A code is never used for anything else later.\n\n"
        f"| code | finding |\n|---|---|\n{rows}"
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str):
    """Each command of the program has its place in the page on the command line."""
    assert re.search(rf"`{name}[ `]", document("cli.md")), f"docs/cli.md does not show `{name}`"


def test_the_documentation_names_no_command_that_does_not_exist():
    """Each command the pages run exists."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "zh").glob("*.md"))]
    shown = {(page.name, name) for page in pages for name in COMMAND_SHOWN.findall(page.read_text(encoding="utf-8"))}
    assert shown
    assert not {(page, name) for page, name in shown if name not in COMMANDS}


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_documented(name: str):
    """Each error that a program may have to catch stands in the page for programmers."""
    assert f"`{name}`" in document("embedding.md")


def test_every_code_is_documented():
    """The page of codes lists each finding that there is.

    After a change: `python -m tests.house.test_documentation`.
    """
    assert TABLE.read_text(encoding="utf-8") == table()


def test_every_decision_has_its_number_and_its_parts():
    """Decisions are numbered without a gap, and each says why, what, and at what price."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for part in ("# ", "## Why", "## Decision", "## Price"):
            assert f"\n{part}" in f"\n{text}", f"{page.name} lacks {part!r}"


def test_links_between_documents_lead_somewhere():
    """Each relative link names a file that exists."""
    for path in [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{Path(path).name} links to {target}"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
