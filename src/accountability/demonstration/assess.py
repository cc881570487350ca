"""Measure 5: results are told before they are published, and have consequences: vetoes, awards, vetting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.leaders import year_answered_for
from accountability.demonstration.people import (
    COMMISSION,
    COUNTY_COMMITTEE,
    NOMINATOR,
    ORGANISATION_DEPARTMENT,
    PUBLISHER,
    assessor,
    discipline,
    of,
)
from accountability.demonstration.rectify import issued
from accountability.demonstration.registers import Organisation, as_holder
from accountability.demonstration.stage import Script, Stage

HALF_YEAR, YEAR_END = date(2015, 7, 21), date(2015, 1, 22)
"""When the assessment of the half-year begins, and that of the year before."""
LISTS_WHY = "个别清单未按时报送，已约谈责任人"


def assessed(stage: Stage, case: str, unit: Organisation, head: Actor, *, year: int, objects: bool, end: str) -> Script:
    """Assess a unit's duty: at the half-year in 2015, at the end of the year for 2014. Branches come at the end."""
    if unit.kind == "branch":
        return
    at_half = year == HALF_YEAR.year
    yield (HALF_YEAR if at_half else YEAR_END) + timedelta(days=round(stage.some(0, 12)))
    assesses, settles = assessor(unit.number), assessor(unit.number + 1)
    trigger = "assess_h1" if at_half else "assess_year"
    found = _scores(stage, missing=_missing(stage, case, at_half))
    if stage.outstanding(unit.code):
        found["unrectified_why"] = "尚在整改时限内或者正在验收，按计划推进"
    if objects:
        stage.refused("role", case, trigger, head, data=found)
        stage.refused("state", case, "publish_results", PUBLISHER)
    unrectified = stage.do(case, trigger, assesses, data=found).data["unrectified"]
    yield stage.some(1, 5)
    stage.do(case, "feed_back", assesses, documents=("result_notice",))
    yield stage.some(1, 3)
    if objects:
        stage.refused("state", case, "publish_results", PUBLISHER)
        stage.do(case, "object", as_holder(head, "holder"), reason="扣分事项与实际不符，请予复核")
        yield stage.some(1, 4)
        why = "经复核，原扣分事项部分成立"
        papers = ("reassessment_report",)
        stage.refused("four_eyes", case, "settle", assesses, documents=papers, reason=why)
        stage.do(case, "settle", settles, data={"score": found["score"] + 2}, documents=papers, reason=why)
    found_more = unit.number % 19 == 0
    yield stage.some(8, 14) if found_more else stage.some(10, 14)
    if unrectified:
        stage.do(case, "report_rectification", as_holder(head, "holder"), documents=("rectification_report",))
    if found_more:
        stage.add(issued(stage, "duty", "考核发现一项责任未落实", unit.code, unit.number), stage.today())
    stage.do(case, "publish_results", PUBLISHER)
    if not at_half:
        yield stage.some(5, 10)
        _ended(stage, case, unit, end)


def _missing(stage: Stage, case: str, at_half: bool) -> bool:
    """Whether a list that should be accepted by now is not."""
    later = ("q3", "q4", "year_end") if at_half else ("year_end",)
    states = (stage.case(owed) for owed in stage.children(case, "lists"))
    return any(owed.state != "accepted" and owed.data["list"] not in later for owed in states)


def _scores(stage: Stage, *, missing: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "score": round(stage.some(78, 97)),
        "appraisal": round(stage.some(75, 98)),
        "supervision_special": "未发现违纪问题",
        "supervision_assessment": "班子考核等次为良好",
        "supervision_social": "群众满意度测评符合要求",
        "supervision_functional": "审计未发现重大问题",
    }
    return found | ({"lists_why": LISTS_WHY} if missing else {})


def _ended(stage: Stage, case: str, unit: Organisation, end: str) -> None:
    """End the year: with a reward, without one, or with an answer to give."""
    if end == "hold_accountable":
        answer = {"veto_ground": "年度考核不合格，主体责任落实不到位", "veto_until": date(2016, 1, 15)}
        why = "连续两个季度责任清单未落实"
        done = stage.do(case, end, COUNTY_COMMITTEE, data=answer, documents=("decision",), reason=why)
        children = {child.link: child.id for child in done.children}
        stage.add(_opinion(stage, children["veto"], 1), stage.today() + timedelta(days=2))
        stage.add(year_answered_for(stage, children["accountability"], unit.code), stage.today() + timedelta(days=3))
    else:
        stage.do(case, end, COUNTY_COMMITTEE)


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto of the discipline commission.

    Attributes:
        target, kind: Whom it is about, and whether that is an organisation or a person.
        scope: What it stops.
        until: Its last day.
        number: Whose turn it is.
        lifted: Whether it is lifted before its time.
    """

    target: str
    kind: str
    scope: tuple[str, ...]
    until: date
    number: int
    lifted: bool = False


def veto(stage: Stage, one: Veto) -> Script:
    """Lay a veto, file its opinion, and let it end: by its day, or because somebody else lifts it."""
    lays = discipline(one.number)
    laid = {"target": one.target, "target_kind": one.kind, "scope": list(one.scope), "until_day": one.until}
    laid |= {"ground": "因违纪问题受到处理，在影响期内"}
    if one.lifted:
        stage.refused("guard", "veto", "start", of(one.target, "insider", "discipline"), data=laid)
    case = stage.start("veto", lays, laid)
    yield stage.some(1, 3)
    yield from _opinion(stage, case, one.number)
    if one.lifted:
        yield stage.some(60, 70)
        stage.refused("four_eyes", case, "lift", lays, reason="影响期已满")
        stage.do(case, "lift", discipline(one.number + 2), reason="经复查，所依据的处理决定已撤销")


def _opinion(stage: Stage, case: str, number: int) -> Script:
    stage.do(case, "file_opinion", discipline(number), documents=("veto_opinion",))
    yield from ()


def award(stage: Stage, candidate: str, kind: str, number: int, outcome: str) -> Script:
    """Nominate a candidate, and confer the award, or cancel it while a veto is in force."""
    data = {"candidate": candidate, "candidate_kind": kind, "year": 2015, "honour": "先进基层党组织和优秀个人"}
    case = stage.start("award", NOMINATOR, data)
    consulted = discipline(number)
    yield stage.some(4, 10)
    if outcome == "cancel":
        stage.refused("guard", case, "recommend", NOMINATOR)
        stage.do(case, "cancel", consulted, documents=("cancellation_notice",))
        return
    if number == 0:
        stage.refused("guard", case, "cancel", consulted, documents=("cancellation_notice",))
    stage.do(case, "recommend", NOMINATOR, consulted)
    yield stage.some(5, 12)
    if outcome == "decline":
        stage.do(case, "decline", COUNTY_COMMITTEE, reason="名额所限，不予表彰")
    else:
        stage.do(case, "confer", COUNTY_COMMITTEE, documents=("decision",))


def vetting(stage: Stage, person: str, unit: str, ground: str, number: int, outcome: str) -> Script:
    """Look whether anything stands against an official who is to be promoted or moved."""
    data = {"person": person, "unit": unit, "ground": ground}
    case = stage.start("vetting", ORGANISATION_DEPARTMENT, data)
    checks, opines = discipline(number), discipline(number + 1)
    yield stage.some(1, 4)
    stage.do(case, "check", checks, documents=("check_record",))
    yield stage.some(1, 5)
    if outcome == "object":
        stage.refused("guard", case, "clear", opines, documents=("vetting_opinion",))
        why = "该同志存在影响任用的问题"
        stage.do(case, "object", opines, documents=("vetting_opinion",), reason=why)
        return
    if outcome == "defer":
        review = {"review_day": stage.today() + timedelta(days=30)}
        stage.do(case, "defer", opines, data=review, reason="有关问题线索正在核实")
        yield stage.some(20, 29)
        stage.do(case, "resume", ORGANISATION_DEPARTMENT)
        yield stage.some(1, 3)
        stage.do(case, "check", checks, documents=("check_record",))
        yield stage.some(1, 4)
    elif number % 60 == 0:
        stage.refused("four_eyes", case, "clear", checks, documents=("vetting_opinion",))
        stage.refused("role", case, "clear", of(COMMISSION, "clerk-1", "registrar"), documents=("vetting_opinion",))
    stage.do(case, "clear", opines, documents=("vetting_opinion",))
