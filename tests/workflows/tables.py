"""What the tables in `docs/` point at: rows of a page, shipped workflows, scenarios and tests that it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from accountability.audit.entry import Entry
from accountability.definition import shipped
from accountability.definition.model import Workflow
from accountability.machine.compiled_deadline import given_extensions
from accountability.testing.folder import laws_of
from accountability.testing.rehearsal import Rehearsal
from accountability.testing.runner import run
from accountability.testing.scenario import Scenario, ScenarioFile
from accountability.testing.scenario_file import load_path
from tests.house.project import ROOT

SHOWN = re.compile(r"`([^`]+\.(?:yaml|py))` › (.+)")
PLACE = re.compile(r"`([a-z][a-z_0-9]*)\.([a-z][a-z_0-9]*)`")
LAWS = laws_of(shipped.folder())


def rows(page: str, first: str, columns: int) -> Iterator[list[str]]:
    """Read the rows of a page under `docs/` whose first cell fits a pattern."""
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        if re.match(rf"\| {first} \|", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == columns, line
            yield cells


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism of the county, as `docs/mechanisms.md` has it.

    Attributes:
        term: As the county's text has it.
        where: Triggers, fields, commands that carry it out.
        figures: Which figures count it.
        scenarios: Which scenarios or tests show it.
    """

    number: int
    term: str
    english: str
    where: str
    figures: str
    scenarios: str


def mechanisms() -> list[Mechanism]:
    """Read the table of mechanisms."""
    found = rows("mechanisms.md", r"\d+", 6)
    return [Mechanism(int(number), *cells) for number, *cells in found]


def shown(cell: str) -> tuple[tuple[str, str], ...]:
    """Read a cell that names scenarios or tests: each a file, and a name in it."""
    found = [SHOWN.fullmatch(part.strip()) for part in cell.split("<br>")]
    assert all(found), f"write `FILE` › NAME, not {cell}"
    return tuple((one[1], one[2]) for one in found if one)


def workflows() -> dict[str, Workflow]:
    """Give the shipped workflows of today by name."""
    return {one.workflow.workflow: one.workflow for one in LAWS.loaded if one.workflow is not None}


def places(law: Workflow) -> set[str]:
    """Name what a page may point at in a workflow: its triggers, deadlines and fields."""
    return {law.start.trigger, *law.transitions, *law.deadlines, *law.data, *given_extensions(law)}


def missing_places(cell: str) -> list[str]:
    """Name the places in a cell, written `workflow.name`, that do not exist."""
    known = workflows()
    return [
        f"{workflow}.{name}"
        for workflow, name in PLACE.findall(cell)
        if workflow not in known or name not in places(known[workflow])
    ]


@cache
def content(file: str) -> ScenarioFile:
    """Read a scenario file."""
    loaded = load_path(Path(ROOT, file), LAWS.known)
    assert loaded.content is not None, loaded.findings
    return loaded.content


def scenario(file: str, name: str) -> Scenario:
    """Find a scenario by its exact name."""
    found = [one for one in content(file).scenarios if one.name == name]
    assert len(found) == 1, f"{file} has no scenario {name!r}"
    return found[0]


def must_come_out(file: str, name: str, rehearsal: Rehearsal) -> tuple[Entry, ...]:
    """Run a scenario, and fail with what came instead where it does not come out as written.

    Returns:
        What it left in the record.
    """
    outcome = run(scenario(file, name), content(file), rehearsal)
    if (failure := outcome.failure) is not None:
        pytest.fail(f"{file} › {name}: expected {failure.expected}, not {failure.actual}")
    return outcome.entries


def has_test(file: str, name: str) -> bool:
    """Whether a test module holds a test of that name; it is run with all the others."""
    tree = ast.parse(Path(ROOT, file).read_text(encoding="utf-8"))
    return name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
