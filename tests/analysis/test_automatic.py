"""The engine's own acts come to rest."""

from __future__ import annotations

import pytest

from tests.analysis.examined import codes, findings, the_finding


def engine(*rules: str) -> str:
    """Write a workflow with rules of the engine."""
    written = "".join(f"          {rule}\n" for rule in rules)
    return f"""
        data: {{n: {{type: integer}}, flag: {{type: boolean, default: false}}}}
        start: {{by: officer, needs: n}}
        states: {{received: , waiting: , closed: {{final: true}}}}
        transitions:
          go: {{from: received, to: waiting, by: officer}}
          close: {{from: [received, waiting], to: closed, by: officer}}
{written}"""


@pytest.mark.parametrize(
    "rules",
    [
        ["again: {from: received, by: system, when: 'data.n == 1'}"],
        ["again: {from: received, to: received, by: [system, officer], when: now > case.opened_at}"],
        ["again: {from: received, by: system, when: 'true', sets: {flag: 'true'}}"],
        [
            "there: {from: received, to: waiting, by: system, when: 'data.n > 1'}",
            "back: {from: waiting, to: received, by: system, when: 'data.n > 2'}",
        ],
    ],
)
def test_a_round_that_changes_nothing_it_asks_is_found(rules: list[str]) -> None:
    """It would be gone through for ever, so nothing that leads there could ever be recorded."""
    finding = the_finding(engine(*rules))
    assert finding.code == "ACC415"
    assert finding.message.endswith("for ever: nothing that it does changes what it asks")


@pytest.mark.parametrize(
    "rules",
    [
        ["once: {from: received, by: system, when: 'times(\"once\") == 0'}"],
        ["once: {from: received, by: system, when: '!data.flag', sets: {flag: 'true'}}"],
        ["on: {from: received, to: waiting, by: system, when: 'data.n == 1'}"],
        [
            "there: {from: received, to: waiting, by: system, when: 'data.n == 1'}",
            "back: {from: waiting, to: received, by: system, when: 'data.n == 2'}",
        ],
        [
            "there: {from: received, to: waiting, by: system, when: '!visited(\"waiting\")'}",
            "back: {from: waiting, to: received, by: system, when: 'data.n > 0'}",
        ],
    ],
)
def test_a_round_that_ends_is_fine(rules: list[str]) -> None:
    """Since its guard asks for what it changes, or its guards never hold together."""
    assert findings(engine(*rules)) == ()


@pytest.mark.parametrize("asked", ["needs: n", "documents: paper", "reason: required"])
def test_the_engine_brings_nothing_with_it(asked: str) -> None:
    """A rule by which it would have to is never done."""
    rule = f"late: {{from: waiting, to: closed, by: system, when: 'data.n == 1', {asked}}}"
    finding = the_finding(engine(rule))
    assert finding.code == "ACC413"
    assert finding.message.startswith("the engine brings nothing with it, so `")


def test_awaiting_children_without_moving_on_never_ends() -> None:
    """They stay closed for ever."""
    fragment = """
        transitions:
          open: {from: received, by: officer, opens: [{workflow: demo, as: parts}]}
          told: {from: received, by: system, awaits: parts}
          close: {from: received, to: closed, by: officer}
        """
    assert codes(findings(fragment)) == ["ACC415"]
