"""What the procedures promise to people: `docs/protections.md`, held to what the workflows do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from accountability.audit.entry import Actor
from accountability.definition import shipped
from accountability.definition.model import Workflow
from accountability.machine.compiled_deadline import given_extensions
from accountability.testing.folder import laws_of
from accountability.testing.rehearsal import Rehearsal, prepared
from accountability.testing.runner import run
from accountability.testing.scenario import Act, Scenario, ScenarioFile
from accountability.testing.scenario_file import load_path
from tests.house.project import ROOT
from tests.workflows.office import Office

RULES = [f"R{number}" for number in range(1, 28)]
COLUMNS = 5
TRIED = re.compile(r"`([^`]+\.(?:yaml|py))` › (.+)")
PLACE = re.compile(r"`([a-z_]+)\.([a-z_]+)`")
MARK = re.compile(r"\bF\b|\bM\+|\bM\b|\bdefault\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One promise, as the table has it."""

    rule: str
    promise: str
    where: str
    basis: str
    tried: tuple[tuple[str, str], ...]


def table() -> Iterator[Row]:
    """Read the rows of the document."""
    for line in (ROOT / "docs" / "protections.md").read_text(encoding="utf-8").splitlines():
        if re.match(r"\| R\d+ \|", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == COLUMNS, line
            attempts = [TRIED.fullmatch(part.strip()) for part in cells[4].split("<br>")]
            assert all(attempts), f"{cells[0]}: write `FILE` › NAME"
            yield Row(*cells[:4], tuple((found[1], found[2]) for found in attempts if found))


ROWS = {row.rule: row for row in table()}
ATTEMPTS = [(row.rule, file, name) for row in ROWS.values() for file, name in row.tried]
SCENARIOS = [one for one in ATTEMPTS if one[1].endswith(".yaml")]
LAWS = laws_of(shipped.folder())


def workflows() -> dict[str, Workflow]:
    """Give the shipped workflows of today by name."""
    return {one.workflow.workflow: one.workflow for one in LAWS.loaded if one.workflow is not None}


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


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[Rehearsal]:
    """One engine on which the scenarios are run, each on a record of its own."""
    with Rehearsal(prepared(LAWS.paths)) as engine:
        yield engine


def test_every_protection_has_a_row():
    """R1 to R27, each once, in their order, and each tried by somebody."""
    assert list(ROWS) == RULES
    assert len(list(table())) == len(RULES)
    assert all(row.promise and row.tried for row in ROWS.values())


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_protection_says_where_it_stands_and_on_what_it_rests(row: Row):
    """Each place that it names exists: a trigger, a deadline or a field; its basis says how sure it is."""
    known = workflows()
    for workflow, name in PLACE.findall(row.where):
        law = known[workflow]
        places = {law.start.trigger, *law.transitions, *law.deadlines, *law.data, *given_extensions(law)}
        assert name in places, f"{workflow} has no {name}"
    assert "`" in row.where
    assert MARK.search(row.basis), row.basis


@pytest.mark.parametrize(("rule", "file", "name"), SCENARIOS, ids=[f"{rule} {name}" for rule, _, name in SCENARIOS])
def test_whoever_tries_to_break_it_is_refused(rule: str, file: str, name: str, rehearsal: Rehearsal):
    """The scenario exists, comes out as written, and itself holds a refusal with its reason."""
    tried = scenario(file, name)
    refusals = [one for one in tried.steps if isinstance(one.step, Act) and one.step.because and not one.through]
    assert refusals, f"{rule}: nobody is refused in {name!r}"

    outcome = run(tried, content(file), rehearsal)

    assert outcome.failure is None, outcome.failure


@pytest.mark.parametrize(("rule", "file", "name"), [one for one in ATTEMPTS if one not in SCENARIOS])
def test_what_an_auditor_checks_is_a_test_that_exists(rule: str, file: str, name: str):
    """It is run with all the others; here it is seen to be there."""
    tree = ast.parse(Path(ROOT, file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{rule}: {name}"


def test_an_auditor_replays_the_whole_matter_without_seeing_who_it_is_about(office: Office):
    """Every step, state and date is there (R27); who reported, who is reported and what was said are not."""
    names = ("赵六", "张三", "他不上班")
    case = office.decided("张三", real_name=True, petitioner="赵六", content="他不上班", reported=["张三"])
    petition = office.now(case).parent
    assert petition is not None
    auditor = Actor("audit-office", roles={"auditor"}, unit="audit office")

    for one in (petition, case, *office.children(case, "subjects")):
        history = office.engine.history(one)
        assert office.engine.replay(one).state == office.now(one).state
        assert [entry.trigger for entry in history]
        shown = [str(entry.as_json()) for entry in history]
        shown += [str(office.engine.replay(one, seq=entry.seq, by=auditor).data) for entry in history]
        assert not [name for name in names for text in shown if name in text]
