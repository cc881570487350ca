"""What the author writes as a value is one that the field takes."""

from __future__ import annotations

import pytest

from tests.analysis.examined import findings, marked, the_finding


def giving(text: str) -> str:
    """Write a workflow that computes a value."""
    return f"""
        data:
          level: {{type: integer, maximum: 6}}
          about: {{type: string, enum: [delay, conduct]}}
        transitions:
          close: {{from: received, to: closed, by: officer, sets: {{{text}}}}}
        """


@pytest.mark.parametrize(
    ("text", "place"), [("level: '7'", "'7'"), ("level: '1 / 0'", "'1 / 0'"), ("about: '\"dely\"'", "'\"dely\"'")]
)
def test_a_value_that_is_always_refused_is_found(text: str, place: str) -> None:
    """Too large, never computed, or not listed."""
    finding = the_finding(giving(text))
    assert (finding.code, marked(giving(text), finding)) == ("ACC416", place)
    assert finding.help


def test_a_value_for_a_child_is_asked_of_the_child() -> None:
    """Its declaration says what it takes."""
    child = "workflow: topic\ndata: {level: {type: integer, minimum: 1}}\nstart: {by: officer, accepts: level}\n"
    opens = "transitions:\n  close: {from: received, to: closed, by: officer, opens: [{workflow: topic, as: t, %s}]}\n"
    assert the_finding(opens % "with: {level: '0'}", child).code == "ACC416"
    assert findings(opens % "with: {level: '1'}", child) == ()


def test_a_value_that_fits_is_fine() -> None:
    """So is one that depends on the case."""
    assert findings(giving("level: '6', about: '\"delay\"'")) == ()
    assert findings(giving("level: 'times(\"note\")'")) == ()
