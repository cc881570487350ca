"""The mechanisms of the county's report: `docs/mechanisms.md`, held to what workflows and reports do."""

from __future__ import annotations

import re

import pytest

from accountability.testing.rehearsal import Rehearsal
from tests.workflows.pages import figure
from tests.workflows.tables import (
    PLACE,
    Mechanism,
    has_test,
    mechanisms,
    missing_places,
    must_come_out,
    shown,
    workflows,
)

MECHANISMS = mechanisms()
SHOWN = [(row.number, file, name) for row in MECHANISMS for file, name in shown(row.scenarios)]
SCENARIOS = [one for one in SHOWN if one[1].endswith(".yaml")]
CODE = re.compile(r"`[^`]+`")

BY_THE_WHOLE = {31: "accountability verify", 37: "accountability report --compare previous_year"}
"""What no single workflow carries out: the command that does, over everything."""
IN_SCENARIOS = [row for row in MECHANISMS if row.number not in BY_THE_WHOLE]
UNCOUNTED = {31}
"""What is no event, so that no figure can count it; the page says so."""


def test_each_of_the_37_mechanisms_has_its_row():
    """Each once, in the order of the county's text, with its name in both languages."""
    assert [row.number for row in MECHANISMS] == list(range(1, 38))
    assert all(re.search("[\u4e00-\u9fff]", row.term) and re.search("[a-z]", row.english) for row in MECHANISMS)


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.number)
def test_a_mechanism_is_carried_out_by_acts_that_exist(row: Mechanism):
    """At least one act of a shipped workflow; what stands for the whole names its command instead."""
    named = CODE.findall(row.where)
    assert not missing_places(row.where)
    if row.number in BY_THE_WHOLE:
        assert named == [f"`{BY_THE_WHOLE[row.number]}`"]
    else:
        assert named
        assert all(PLACE.fullmatch(one) for one in named), named


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.number)
def test_a_mechanism_is_counted_by_figures_of_its_acts(row: Mechanism):
    """Each figure exists in a shipped report, and counts an act that the row names, not one of something else."""
    counted = [f"{report}.{name}" for report, name in PLACE.findall(row.figures)]
    assert (not counted) == (row.number in UNCOUNTED)
    assert ", ".join(f"`{one}`" for one in counted) == row.figures
    acts = {(figure(one).workflow, figure(one).trigger) for one in counted}
    assert row.number in BY_THE_WHOLE or acts <= set(PLACE.findall(row.where))


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row.number)
def test_a_mechanism_is_shown_by_something(row: Mechanism):
    """By a scenario, or by a test where no scenario of one workflow can."""
    files = [file for file, _ in shown(row.scenarios)]
    assert files
    assert row.number in BY_THE_WHOLE or all(file.endswith(".yaml") for file in files)


@pytest.mark.parametrize("row", IN_SCENARIOS, ids=lambda row: row.number)
def test_the_scenarios_of_a_mechanism_come_out_as_written_and_do_what_it_says(row: Mechanism, rehearsal: Rehearsal):
    """Each exists under its exact name and runs green; every act that the row names is done in one of them."""
    done = {
        (entry.workflow, entry.trigger)
        for file, name in shown(row.scenarios)
        for entry in must_come_out(file, name, rehearsal)
        if entry.kind not in ("refusal", "signature")
    }
    fields = {(name, field) for name, law in workflows().items() for field in law.data}
    assert not {place for place in PLACE.findall(row.where) if place not in fields} - done


@pytest.mark.parametrize(("number", "file", "name"), [one for one in SHOWN if one not in SCENARIOS])
def test_what_shows_the_whole_is_a_test_that_exists(number: int, file: str, name: str):
    """It is run with all the others; here it is seen to be there."""
    assert has_test(file, name), f"{number}: {name}"
