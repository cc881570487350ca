"""Measure 4: appraisals by the public and by delegates, the three statements, and members who rate each other."""

from __future__ import annotations

from datetime import date, timedelta

from accountability.demonstration.people import COMMITTEE_HEAD, CONVENOR, appraiser, of
from accountability.demonstration.rectify import issued, rectified
from accountability.demonstration.registers import Organisation, as_holder, secretary_of
from accountability.demonstration.stage import Script, Stage

CAPACITIES = ("party_member", "party_delegate", "congress_deputy", "cppcc_member")
VOICES = ("committee_member", "discipline_member", "invited_supervisor")
GAPS = ("责任传导不够有力", "廉政教育形式单一", "对下级监督不够经常", "公开内容不够具体")


def appraisal(stage: Stage, unit: Organisation, hasty: bool) -> Script:
    """Let members and delegates score a unit, tally their scores, and tell the unit where it lags behind."""
    opened = {"unit": unit.code, "meeting": "半年专题民主生活会", "year": 2015}
    case = stage.start("appraisal", CONVENOR, opened)
    yield stage.some(3, 8)
    scores = []
    first = 6 * (unit.number + 3 * (unit.kind == "township"))
    for place in range(6):
        scores.append(round(stage.some(70, 99)))
        given = {"capacity": CAPACITIES[place % len(CAPACITIES)], "score": scores[-1]}
        stage.do(case, "score", appraiser(first + place), data=given)
    if hasty:
        given = {"capacity": "party_member", "score": 100}
        stage.refused("four_eyes", case, "score", appraiser(first), data=given)
        stage.refused("guard", case, "score", of(unit.code, f"{unit.code}-member-1", "appraiser"), data=given)
        stage.refused("data", case, "score", appraiser(first + 9), data=given | {"score": 120})
    yield stage.some(2, 5)
    average = f"{sum(scores) * 10 // len(scores) / 10:.1f}"
    stage.do(case, "tally", CONVENOR, data={"scores": scores, "average": average})
    yield stage.some(1, 6)
    told = {"gaps": GAPS[unit.number % len(GAPS)], "improvements": "细化责任清单，按季检查"}
    stage.do(case, "feed_back", CONVENOR, data=told)
    if unit.number % 6 == 0:
        yield from issued(stage, "appraisal", told["gaps"], unit.code, unit.number)


def statement_meeting(stage: Stage, day: date, staters: list[tuple[Organisation, str, int]]) -> Script:
    """Hold a meeting at which heads and secretaries make their statements.

    Args:
        stage: The stage.
        day: The day of the meeting.
        staters: The unit, the post, and the number of problems that are listed in the end, of each.
    """
    named = [{"person": _person(unit, post, day), "unit": unit.code, "post": post} for unit, post, _ in staters]
    called = {"day": day, "unit": "county-committee", "staters": named}
    case = stage.start("statement_meeting", CONVENOR, called)
    yield day
    stage.do(case, "hold", CONVENOR)
    for place, (statement, one) in enumerate(zip(stage.children(case, "statements"), staters, strict=True)):
        stage.add(_stated(stage, statement, place, one), day)
    yield 14
    while stage.pending(case, "statements"):
        yield 7
    stage.do(case, "conclude", CONVENOR)


def _person(unit: Organisation, post: str, day: date) -> str:
    return unit.head(day.year).id if post == "unit_head" else secretary_of(unit.code, day)


def _stated(stage: Stage, case: str, place: int, one: tuple[Organisation, str, int]) -> Script:
    """Make one statement, be commented on, appraised and scored, and be told what to put right."""
    unit, post, problems = one
    person = _person(unit, post, stage.today())
    stage.do(case, "state", of(unit.code, person, "stater"), documents=("statement",))
    if place == 0:
        stage.refused("guard", case, "comment", of(unit.code, person, "committee_head"), data={"comment": "很好"})
    stage.do(case, "comment", COMMITTEE_HEAD, data={"comment": GAPS[(unit.number + place) % len(GAPS)]})
    yield stage.some(0, 1)
    if place == 1:
        papers = ("score_sheet",)
        stage.refused("guard", case, "score", CONVENOR, data={"score": 90}, documents=papers)
    for voice, capacity in enumerate(VOICES):
        opinion = {"opinion": f"评议意见{voice + 1}", "capacity": capacity}
        stage.do(case, "appraise", appraiser(3 * place + voice), data=opinion)
    yield stage.some(1, 3)
    stage.do(case, "score", CONVENOR, data={"score": round(stage.some(75, 96))}, documents=("score_sheet",))
    yield stage.some(2, 7)
    found = [
        {"problem": f"{GAPS[(place + number) % len(GAPS)]}", "due": stage.today() + timedelta(days=40 + 8 * number)}
        for number in range(problems)
    ]
    stage.do(case, "list_problems", CONVENOR, data={"problems": found})
    for number, letter in enumerate(stage.children(case, "rectifications")):
        looked_at = rectified(stage, letter, unit.code, 4 * place + number + unit.number)
        stage.add(looked_at, stage.today() + timedelta(days=2))


def members(unit: Organisation) -> int:
    """Say how many members the leading group of a unit has."""
    return 5 if unit.kind == "township" and unit.number <= 7 else 4


def assessment(stage: Stage, unit: Organisation, number: int, hasty: bool) -> Script:
    """Let the other members of a leading group rate one of them, and record the result."""
    member = f"{unit.code}-member-{number}"
    convenes = of(unit.code, f"{unit.code}-convenor", "convenor")
    opened = {"kind": "half_year", "unit": unit.code, "member": member, "year": 2015}
    case = stage.start("assessment", convenes, opened)
    yield stage.some(2, 6)
    others = [place for place in range(1, members(unit) + 1) if place != number][:3]
    if hasty:
        himself = of(unit.code, member, "team_member")
        stage.refused("guard", case, "rate", himself, data={"score": 100})
        stage.refused("guard", case, "record", convenes, data={"result": "好"}, documents=("record",))
    for place in others:
        rater = of(unit.code, f"{unit.code}-member-{place}", "team_member")
        stage.do(case, "rate", rater, data={"score": round(stage.some(80, 99))})
    if hasty:
        first = as_holder(of(unit.code, f"{unit.code}-member-{others[0]}"), "team_member")
        stage.refused("four_eyes", case, "rate", first, data={"score": 99})
    yield stage.some(1, 5)
    result = ("好", "较好", "好", "一般")[(unit.number + number) % 4]
    stage.do(case, "record", convenes, data={"result": result}, documents=("record",))
    if result == "一般" and unit.number % 10 == 0:
        yield from issued(stage, "assessment", "班子成员履行“一岗双责”不到位", unit.code, number)
