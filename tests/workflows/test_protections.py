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
from tests.workflows.tables import PLACE, has_test, missing_places, must_come_out, rows, scenario, shown, workflows

RULES = [f"R{number}" for number in range(1, 28)]
COLUMNS = 5
REASON = re.compile(r"(.+) → ([a-z_]+)(?: “(.+)”)?")
BARE = re.compile(r"`([a-z_]+)`")
MARK = re.compile(r"\bF\b|\bM\+|\bM\b|\bdefault\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One promise, as the table has it."""

    rule: str
    promise: str
    where: str
    basis: str
    tried: tuple[tuple[str, str, str, str], ...]


def table() -> Iterator[Row]:
    """Read the rows of the document."""
    for cells in rows("protections.md", r"R\d+", COLUMNS):
        yield Row(*cells[:4], tuple((file, *told(file, name)) for file, name in shown(cells[4])))


def told(file: str, named: str) -> tuple[str, str, str]:
    """Read what stands behind a file: the name, the code of the refusal, and what a guard says; a test has neither."""
    if file.endswith(".py"):
        return named, "", ""
    found = REASON.fullmatch(named)
    assert found, f"write NAME → CODE, with “what it says” behind a guard, not {named}"
    assert (found[2] == "guard") == bool(found[3]), named
    return found[1], found[2], found[3] or ""


ROWS = {row.rule: row for row in table()}
SCENARIOS = [(row, *one) for row in ROWS.values() for one in row.tried if one[2]]
TESTS = [(row.rule, file, name) for row in ROWS.values() for file, name, code, _ in row.tried if not code]


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


@pytest.mark.parametrize(
    ("row", "file", "name", "code", "says"), SCENARIOS, ids=[f"{one[0].rule} {one[2]}" for one in SCENARIOS]
)
def test_whoever_tries_to_break_it_is_refused(
    row: Row, file: str, name: str, code: str, says: str, rehearsal: Rehearsal
):
    """The scenario comes out as written, and itself holds the refusal that the row names, by a rule that it names."""
    acts = [one.step for one in scenario(file, name).steps if isinstance(one.step, Act) and not one.through]
    refusals = [one for one in acts if code in one.because and (one.says or "") == says]
    rules = {trigger for _, trigger in PLACE.findall(row.where)} | set(BARE.findall(row.where))
    # Who is kept off is kept off everything, so a recusal is tried on any act.
    assert [one for one in refusals if code == "recused" or tried(one) in rules], f"{row.rule}: {code} in {name!r}"

    must_come_out(file, name, rehearsal)


def tried(act: Act) -> str:
    """Name the trigger that is tried: a start by its own verb."""
    return workflows()[act.workflow].start.trigger if act.trigger == "start" and act.workflow else act.trigger


@pytest.mark.parametrize(("rule", "file", "name"), TESTS)
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
