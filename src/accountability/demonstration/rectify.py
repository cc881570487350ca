"""One letter for each problem: confirmed, put right, shown, and verified by somebody of another unit."""

from __future__ import annotations

from datetime import date, timedelta

from accountability.demonstration.people import INTERVIEWER, ISSUER, of, verifier
from accountability.demonstration.registers import as_holder, head_of
from accountability.demonstration.stage import Script, Stage

MEASURES = ("完善制度，明确责任人", "补齐谈话记录，建立台账", "公开收支，张榜公示", "开展专项清理")
REJECTED_EACH, LATE_EACH = 13, 29
"""How often the evidence is not enough at first, and how often it comes too late: each so many letters."""


def issued(stage: Stage, source: str, problem: str, unit: str, number: int) -> Script:
    """Send a letter about a problem that came up in a meeting or an assessment, and see it put right."""
    due = stage.today() + timedelta(days=round(stage.some(25, 45)))
    letter = stage.start("rectification", ISSUER, {"problem": problem, "unit": unit, "source": source, "due": due})
    yield stage.some(1, 4)
    yield from rectified(stage, letter, unit, number)


def rectified(stage: Stage, letter: str, unit: str, number: int) -> Script:
    """Put a problem right that a letter names."""
    responsible, looks = of(unit, f"{unit}-office", "responsible"), verifier(number)
    due = date.fromisoformat(stage.case(letter).data["due"])
    stage.do(letter, "acknowledge", responsible, documents=("rectification_letter",))
    yield stage.some(1, 4)
    stage.do(letter, "begin", responsible, data={"measure": MEASURES[number % len(MEASURES)]})
    if number % LATE_EACH == LATE_EACH - 1:
        yield due + timedelta(days=4)
        yield from _too_late(stage, letter, unit)
    else:
        days = max((due - stage.today()).days, 3)
        yield stage.some(0.3 * days, 0.75 * days)
    stage.do(letter, "submit_evidence", responsible, documents=("evidence",))
    yield stage.some(2, 7)
    if number % REJECTED_EACH == REJECTED_EACH - 1:
        stage.refused("guard", letter, "verify", of(unit, f"{unit}-verifier", "verifier"))
        stage.refused("reason", letter, "reject", looks)
        stage.do(letter, "reject", looks, reason="佐证材料不足，请补充公示照片和台账")
        yield stage.some(4, 8)
        stage.do(letter, "submit_evidence", responsible, documents=("evidence",))
        yield stage.some(2, 6)
    stage.do(letter, "verify", looks)


def _too_late(stage: Stage, letter: str, unit: str) -> Script:
    """Explain in the interview to which a missed day has led by itself."""
    (interview,) = stage.children(letter, "interview")
    head = as_holder(head_of(unit, stage.today().year), "interviewee")
    stage.do(interview, "explain", head, documents=("explanation",))
    yield stage.some(1, 3)
    stage.do(interview, "set_demands", INTERVIEWER, data={"demands": "十个工作日内完成整改"})
    stage.add(_followed_up(stage, interview), stage.today() + timedelta(days=21))
    yield stage.some(2, 6)


def _followed_up(stage: Stage, interview: str) -> Script:
    stage.do(interview, "follow_up", INTERVIEWER, data={"result": "问题已整改到位"})
    yield from ()
