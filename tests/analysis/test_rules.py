"""The table of rules, and the catalogue that explains them."""

from __future__ import annotations

import pytest

from accountability.analysis.rules import RULES, examine
from accountability.definition.codes import CODES
from accountability.definition.loader import load
from tests.analysis.examined import codes, findings

EXAMPLES = [check.code for check in RULES]


def test_every_rule_has_a_code_and_every_code_a_rule() -> None:
    """One function a rule, one code a rule, each explained."""
    assert len(set(EXAMPLES)) == len(EXAMPLES) == len({check.find for check in RULES})
    explained = {code for code in CODES if code[:4] in ("ACC2", "ACC4", "ACC5")}
    assert explained == {*EXAMPLES, "ACC207", "ACC209"}


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_wrong_example_of_a_code_has_this_mistake_and_no_other(code: str) -> None:
    """What `explain` shows is true."""
    beside = ("workflow: subject\n",)
    assert codes(findings(CODES[code].wrong, *beside)) == [code]


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_right_example_of_a_code_is_right(code: str) -> None:
    """The cure cures and breaks nothing else."""
    beside = ("workflow: subject\n",)
    assert codes(findings(CODES[code].right, *beside)) == []


def test_every_finding_has_a_place_and_a_cure() -> None:
    """Every mistake has a place."""
    for code in EXAMPLES:
        for finding in findings(CODES[code].wrong, "workflow: subject\n"):
            assert finding.line >= 1
            assert finding.end_column > finding.column or finding.end_line > finding.line
            assert finding.help
            assert not finding.message.endswith(".")


def test_a_file_that_holds_no_workflow_has_no_meaning_to_examine() -> None:
    """Its loading said what is wrong."""
    assert examine(load("workflow: [", "x.yaml"), {}) == ()
