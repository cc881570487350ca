"""Cases of other workflows that guards look at, before anybody looks."""

from __future__ import annotations

import pytest

from accountability.analysis.rules import examine
from accountability.definition.loader import load
from tests.analysis.examined import text_of

VETO = """\
workflow: veto
version: 1
roles: {officer: Officer}
data:
  target: {type: string}
  number: {type: integer}
  share: {type: decimal}
  kind: {type: string, enum: [award, promotion], default: award}
  ground: {type: string, personal: true}
start: {trigger: lay, by: officer, needs: target}
initial: active
states: {active: , lifted: {final: true}}
transitions: {lift: {from: active, to: lifted, by: officer}}
"""
AWARD = """\
data:
  candidate: {{type: string}}
  other: {{type: string}}
  secret: {{type: string, personal: true}}
start: {{by: officer, needs: [candidate, secret]}}
reads: {{vetoes: {{workflow: {workflow}, where: {{{where}}}}}}}
transitions:
  close: {{from: received, to: closed, by: officer, when: '{guard}'}}
"""


def found(where: str = "target: data.candidate", guard: str = "size(reads.vetoes) == 0", workflow: str = "veto"):
    """Give what `check` says of an award that looks at vetoes: code, marked text, cure."""
    text = text_of(AWARD.format(where=where, guard=guard, workflow=workflow))
    veto = load(VETO, "veto.yaml").workflow
    assert veto is not None
    loaded = load(text, "award.yaml")
    assert loaded.workflow is not None, loaded.findings
    lines = text.splitlines()
    return [
        (one.code, lines[one.line - 1][one.column - 1 : one.end_column - 1], one.help)
        for one in examine(loaded, {"veto": veto})
    ]


@pytest.mark.parametrize(
    ("where", "guard"),
    [
        ("target: data.candidate", 'reads.vetoes.all(veto, veto.closed || veto.data.kind == "award")'),
        ("target: data.candidate, kind: '\"award\"'", '!reads.vetoes.exists(veto, veto.state == "active")'),
        ("number: case.seq", "reads.vetoes.exists_one(veto, has(veto.data.share) && veto.data.share > 1)"),
        ("target: actor.id", "reads.vetoes.map(veto, veto.id).size() < 3"),
    ],
)
def test_what_can_be_found_and_is_looked_at_is_left_alone(where: str, guard: str) -> None:
    """Every field in clear, every name of the case, and the types of what is found."""
    assert (
        found(where.replace("'", "''") if "''" in where else where.replace("'\"award\"'", '"\\"award\\""'), guard) == []
    )


@pytest.mark.parametrize(
    ("where", "guard", "workflow", "code", "marked", "cure"),
    [
        ("target: data.candidate", "true", "veto", "ACC427", "vetoes", "size(reads.vetoes) == 0"),
        ("target: data.candidate", "size(reads.vetos) == 0", "veto", "ACC302", "vetos", "vetoes"),
        ("target: data.candidate", "size(reads.vetoes) == 0", "vetto", "ACC205", "vetto", "veto"),
        ("tarjet: data.candidate", "size(reads.vetoes) == 0", "veto", "ACC213", "tarjet", "target"),
        ("ground: data.candidate", "size(reads.vetoes) == 0", "veto", "ACC213", "ground", "in clear"),
        ("share: case.seq", "size(reads.vetoes) == 0", "veto", "ACC213", "share", "of type"),
        ("number: data.candidate", "size(reads.vetoes) == 0", "veto", "ACC306", "data.candidate", ""),
        ("target: data.other", "size(reads.vetoes) == 0", "veto", "ACC307", "data.other", "need it"),
        ("target: data.secret", "size(reads.vetoes) == 0", "veto", "ACC507", "data.secret", "not withheld"),
        ("target: input.candidate", "size(reads.vetoes) == 0", "veto", "ACC301", "input", ""),
        (
            "target: data.candidate",
            "reads.vetoes.exists(veto, veto.state == 7)",
            "veto",
            "ACC304",
            "veto.state == 7",
            "",
        ),
        ("target: data.candidate", 'reads.vetoes.exists(veto, veto.state == "activ")', "veto", "ACC208", "activ", ""),
        (
            "target: data.candidate",
            'reads.vetoes.exists(veto, veto.data.ground == "x")',
            "veto",
            "ACC302",
            "ground",
            "",
        ),
        ("target: data.candidate", "reads.vetoes.exists(veto, veto.data.share > 1)", "veto", "ACC307", "share", "has("),
    ],
)
def test_what_cannot_be_found_or_tells_too_much_is_said_with_its_place(
    where: str, guard: str, workflow: str, code: str, marked: str, cure: str
) -> None:
    """A lookup that would fail, find nothing for ever, or tell what is withheld, is found before a case exists."""
    findings = found(where, guard, workflow)
    hits = [one for one in findings if one[0] == code]
    assert hits, findings
    assert marked in hits[0][1]
    assert cure in hits[0][2]
