"""What the procedures promise to people: `docs/protections.md`, held to what the workflows do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from accountability.audit.entry import Actor
from accountability.testing.rehearsal import Rehearsal
from accountability.testing.scenario import Act
from tests.workflows.office import Office
from tests.workflows.tables import has_test, missing_places, must_come_out, rows, scenario, shown

RULES = [f"R{number}" for number in range(1, 28)]
COLUMNS = 5
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
    for cells in rows("protections.md", r"R\d+", COLUMNS):
        yield Row(*cells[:4], shown(cells[4]))


ROWS = {row.rule: row for row in table()}
ATTEMPTS = [(row.rule, file, name) for row in ROWS.values() for file, name in row.tried]
SCENARIOS = [one for one in ATTEMPTS if one[1].endswith(".yaml")]


def test_every_protection_has_a_row():
    """R1 to R27, each once, in their order, and each tried by somebody."""
    assert list(ROWS) == RULES
    assert len(list(table())) == len(RULES)
    assert all(row.promise and row.tried for row in ROWS.values())


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_protection_says_where_it_stands_and_on_what_it_rests(row: Row):
    """Each place that it names exists: a trigger, a deadline or a field; its basis says how sure it is."""
    assert not missing_places(row.where)
    assert "`" in row.where
    assert MARK.search(row.basis), row.basis


@pytest.mark.parametrize(("rule", "file", "name"), SCENARIOS, ids=[f"{rule} {name}" for rule, _, name in SCENARIOS])
def test_whoever_tries_to_break_it_is_refused(rule: str, file: str, name: str, rehearsal: Rehearsal):
    """The scenario exists, comes out as written, and itself holds a refusal with its reason."""
    tried = scenario(file, name)
    refusals = [one for one in tried.steps if isinstance(one.step, Act) and one.step.because and not one.through]
    assert refusals, f"{rule}: nobody is refused in {name!r}"

    must_come_out(file, name, rehearsal)


@pytest.mark.parametrize(("rule", "file", "name"), [one for one in ATTEMPTS if one not in SCENARIOS])
def test_what_an_auditor_checks_is_a_test_that_exists(rule: str, file: str, name: str):
    """It is run with all the others; here it is seen to be there."""
    assert has_test(file, name), f"{rule}: {name}"


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
