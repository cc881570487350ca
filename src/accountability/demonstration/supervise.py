"""Measure 3: interviews, inspections on the spot, and the four supervisions, with the problems and clues they find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from accountability.demonstration.people import (
    COMMISSION,
    COUNTY,
    INTERVIEWER,
    OFFICER,
    inspection_team,
    of,
    verifier,
)
from accountability.demonstration.perform import asked, until_rectified
from accountability.demonstration.rectify import issued, rectified
from accountability.demonstration.registers import Organisation
from accountability.demonstration.stage import Script, Stage

METHODS = ("on_site", "hear_report", "discussion", "documents")
REPORTS = {
    "special": "supervision_report",
    "assessment": "assessment_report",
    "social": "survey",
    "functional": "audit_report",
}
SUPERVISORS = {
    "special": of(COMMISSION, "supervisor-1", "supervisor"),
    "assessment": of(COUNTY, "assessment-supervisor-1", "supervisor"),
    "social": of(COMMISSION, "survey-supervisor-1", "supervisor"),
    "functional": of("county-audit-bureau", "audit-supervisor-1", "supervisor"),
}
PROBLEMS = ("“三公”经费公开不及时", "惠农资金发放公示不到位", "干部值班脱岗", "工程招投标资料不全", "集体决策记录缺失")

FollowUp = Callable[[str], Script]
"""What becomes of a clue that was referred; given its case."""


def interview(stage: Stage, unit: Organisation, ground: str, number: int) -> Script:
    """Summon the head of a unit, who explains and is told what to do."""
    head = unit.head(stage.today().year)
    summoned = {"unit": unit.code, "interviewee": head.id, "ground": ground}
    if number == 0:
        stage.refused("guard", "interview", "start", of(unit.code, head.id, "interviewer"), data=summoned)
        stage.refused("data", "interview", "start", INTERVIEWER, data={"unit": unit.code, "ground": "bad_mood"})
        few = summoned | {"unit": "D68", "ground": "petitions_concentrated"}
        stage.refused("guard", "interview", "start", INTERVIEWER, data=few)
    case = stage.start("interview", INTERVIEWER, summoned)
    yield stage.some(1, 6) if number % 7 else 11
    yield from asked(stage, case, head)
    if number % 4 == 0:
        yield from issued(stage, "interview", PROBLEMS[number % len(PROBLEMS)], unit.code, number)


def inspection(stage: Stage, unit: Organisation, kind: str, number: int, clues: tuple[FollowUp, ...]) -> Script:
    """Go to a unit with a team, report what was found, refer clues, and see the problems put right."""
    lead, inspector = inspection_team(number)
    case = stage.start("inspection", lead, {"kind": kind, "unit": unit.code, "team": [lead.id, inspector.id]})
    yield stage.some(5, 12)
    stage.do(case, "arrive", lead)
    yield stage.some(2, 8)
    found = [
        {"problem": PROBLEMS[(number + place) % len(PROBLEMS)], "due": stage.today() + timedelta(days=45 + 10 * place)}
        for place in range(2)
    ]
    told = {"methods": list(METHODS if kind == "leaders" else METHODS[: 1 + number % 4]), "findings": found}
    if number == 0:
        outsider = of(COMMISSION, "inspector-9", "inspector")
        stage.refused("guard", case, "report_findings", outsider, data=told)
    stage.do(case, "report_findings", lead, inspector, data=told)
    if number == 0:
        stage.refused("awaits", case, "conclude", lead)
    refer(stage, case, clues)
    yield from until_rectified(stage, case, unit, number)
    stage.do(case, "conclude", lead)


def supervision(stage: Stage, unit: Organisation, kind: str, number: int, clues: tuple[FollowUp, ...]) -> Script:
    """Look at a unit from one of four sides."""
    supervisor = SUPERVISORS[kind]
    case = stage.start("supervision", supervisor, {"kind": kind, "unit": unit.code})
    yield stage.some(8, 25)
    if number % 2 == 0:
        due = stage.today() + timedelta(days=round(stage.some(25, 50)))
        stage.do(case, "find_problem", supervisor, data={"problem": PROBLEMS[number % len(PROBLEMS)], "due": due})
    refer(stage, case, clues)
    for letter in stage.children(case, "rectifications"):
        stage.add(rectified(stage, letter, unit.code, number), stage.today() + timedelta(days=3))
    yield stage.some(12, 25)
    summary = {"summary": "总体落实较好，个别问题已责令整改"}
    if number == 1:
        stage.refused("document", case, "conclude", supervisor, data=summary)
        stage.refused("role", case, "conclude", verifier(1), data=summary, documents=(REPORTS[kind],))
    stage.do(case, "conclude", supervisor, data=summary, documents=(REPORTS[kind],))


def refer(stage: Stage, case: str, clues: tuple[FollowUp, ...]) -> None:
    """Hand over what looks like more than a problem; each clue goes on as a case of its own."""
    for number, goes_on in enumerate(clues):
        stage.do(case, "refer_clue", OFFICER, documents=("clue_transfer",))
        stage.add(goes_on(stage.children(case, "clues")[number]), stage.today() + timedelta(days=1))
