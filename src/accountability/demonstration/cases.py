"""From a clue to its end: petitions and other clues, checks, cases, the people in them, and their leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.people import (
    CASE_MANAGER,
    COMMITTEE,
    COMMITTEE_PRINCIPAL,
    DEPUTY,
    OFFICER,
    PRINCIPAL,
    REGISTRAR,
    SERVING_OFFICER,
    Pair,
    adjudicators,
    check_team,
    handler,
    investigators,
    unit_of_subject,
)
from accountability.demonstration.stage import Script, Stage

SANCTIONS = ("party_warning", "party_serious_warning", "demerit", "warning", "party_removal", "removal")
LEVEL_OF_SANCTIONS = 6
VOTES = {"entitled": 9, "present": 8, "votes_for": 7, "votes_against": 0, "abstained": 1}
APPEAL = {"appeal_route": "可向作出决定的机关申请复审", "appeal_limit": "自收到决定之日起一个月内"}
DECISION = VOTES | APPEAL | {"evidence": "卷宗第一至三卷", "deciding_body": "高台县纪委常委会"}


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue, and how it goes on.

    Attributes:
        number: Which one it is in its year.
        source: Where it comes from.
        end: What becomes of it: `file`, or another end of the petition's workflow.
        levels: For a filed case: the graded form decided for each person, 6 being party or administrative discipline.
        closes: Whether the case is closed within the period.
        stalls: Days for which the investigation is suspended.
        leaders: For a dual investigation: the posts whose liability is pursued, and the unit.
    """

    number: int
    source: str
    end: str
    levels: tuple[int, ...] = ()
    closes: bool = True
    stalls: float = 0
    leaders: tuple[str, ...] = ()
    unit: str = "有关单位"

    @property
    def late(self) -> bool:
        """Whether an office that has much to do is late with this one."""
        return self.number % 19 == 0

    @property
    def extended(self) -> bool:
        """Whether more time is given for its check."""
        return self.number % 17 == 0


def clue(stage: Stage, one: Clue) -> Script:
    """Run a clue from its receipt to its end, with everything it leads to."""
    real_name = one.source == "petition" and one.number % 9 == 0
    case = stage.start("petition", OFFICER, _submitted(one, real_name)).id
    yield 1 + stage.chance.random()
    if one.number % 16 == 0:
        stage.refused(case, "accept", OFFICER)
    stage.do(case, "register", OFFICER, data={"number": f"{stage.now().year}-{one.source}-{one.number:03d}"})
    yield 1
    if one.end in ("repeat", "send_up", "elsewhere", "reject"):
        yield from _turned_away(stage, case, one, real_name)
        return
    stage.do(case, "accept", OFFICER)
    yield 1
    if real_name:
        stage.do(case, "notify_acceptance", OFFICER, documents=("acceptance_notice",))
    responsible = handler(one.number)
    chosen = {"handler": responsible.id, "no_conflict": True, "heads_lower_committee": False}
    stage.do(case, "distribute", CASE_MANAGER, PRINCIPAL, data=chosen)
    yield 2 + 3 * stage.chance.random()
    if one.end in ("talk", "hold", "close"):
        yield from _disposed_otherwise(stage, case, one, responsible, real_name)
        return
    yield from _checked(stage, case, one, responsible)
    if one.end == "file":
        yield from _filed(stage, case, one, responsible, real_name)
        return
    yield from _not_filed(stage, case, one, responsible)
    if one.end == "keep":
        return
    yield 3
    if real_name and one.end in ("drop", "remind"):
        stage.do(case, "notify_reporter", responsible, documents=("result_notice",))


def _submitted(one: Clue, real_name: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"source": one.source, "content": f"反映有关问题（第{one.number}件）"}
    if one.source == "petition":
        data |= {"channel": ("letter", "visit", "telephone", "online")[one.number % 4], "real_name": real_name}
    if real_name:
        data["petitioner"] = f"举报人{one.number}"
    return data


def _turned_away(stage: Stage, case: str, one: Clue, real_name: bool) -> Script:
    """End a petition before it is accepted."""
    if one.end == "repeat":
        stage.do(case, "link_repeat", OFFICER, data={"repeat_of": f"{stage.now().year}-petition-001"})
    elif one.end == "send_up":
        stage.do(case, "send_up", OFFICER, data={"target": "市纪委"})
    elif one.end == "elsewhere":
        stage.do(case, "send_elsewhere", OFFICER, data={"target": "县公安局"})
    else:
        stage.do(case, "reject", OFFICER, DEPUTY, data={"ground": "judicial_route"}, reason="依法应通过诉讼途径解决")
        if real_name:
            yield 4
            stage.do(case, "notify_reporter", OFFICER, documents=("rejection_notice",))


def _disposed_otherwise(stage: Stage, case: str, one: Clue, responsible: Actor, real_name: bool) -> Script:
    """Dispose of a clue without checking it: talk, hold, or close."""
    signers = (responsible, COMMITTEE, DEPUTY)
    if one.end == "talk":
        stage.do(case, "dispose_talk_inquiry", *signers, documents=("plan",))
        yield 8
        stage.do(case, "record_reply", responsible, documents=("talk_record_or_reply",))
        yield 4
        papers = ("inquiry_report", "reply_to_subject")
        stage.do(case, "accept_explanation", responsible, DEPUTY, documents=papers)
    elif one.end == "hold":
        stage.do(case, "dispose_hold", *signers, reason="线索暂不具备核查条件")
        yield from _held(stage, case, one, responsible)
        return
    else:
        stage.do(case, "dispose_close", *signers, reason="经研判，反映问题失实")
    yield 3
    if real_name:
        stage.do(case, "notify_reporter", responsible, documents=("result_notice",))


def _held(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """Look again every half year at what is on hold; some of it is looked at too late."""
    days = 200 if one.number % 7 == 0 else 165
    while stage.has_time(days):
        yield days
        stage.do(case, "review_hold", responsible, DEPUTY, reason="经复查，未发现新的证据")
        days = 165


def _checked(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """Check a clue: a team of two reports, both sign."""
    team = check_team(one.number)
    chosen = {"team": [member.id for member in team]}
    stage.do(case, "dispose_verify", responsible, COMMITTEE, DEPUTY, data=chosen, documents=("plan",))
    yield 15 + 25 * stage.chance.random()
    if one.extended:
        yield 10
        stage.do(case, "extend_verification", PRINCIPAL, reason="问题较为复杂，需补充核实")
        yield 25
    elif one.late:
        yield 35
    if one.number % 13 == 0:
        stage.refused(case, "report", CASE_MANAGER, documents=("check_report",))
    stage.do(case, "report", *team, documents=("check_report",))
    yield 2


def _not_filed(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """End a checked clue without a case, or keep it on hold."""
    trigger = {"drop": "propose_close", "remind": "propose_remind", "keep": "propose_hold", "pass": "propose_transfer"}
    data = {"target": "县审计局"} if one.end == "pass" else None
    stage.do(case, trigger[one.end], responsible, PRINCIPAL, data=data, reason="初核情况不构成立案条件")
    if one.end == "keep":
        yield from _held(stage, case, one, responsible)


def _filed(stage: Stage, petition: str, one: Clue, responsible: Actor, real_name: bool) -> Script:
    """File a case in two approvals, investigate it, and go on to its end."""
    people = [f"当事人{one.number}-{place + 1}" for place in range(len(one.levels))]
    stage.do(petition, "propose_file", responsible, data={"subjects": people}, documents=("filing_report",))
    if one.number % 11 == 0:
        stage.refused(petition, "approve_filing", Actor(responsible.id, {"principal"}))
    yield 2
    stage.do(petition, "approve_filing", PRINCIPAL)
    yield 2
    stage.do(petition, "approve_filing", COMMITTEE_PRINCIPAL)
    (case,) = stage.children(petition, "case")
    subjects = stage.children(case, "subjects")
    team = investigators(one.number)
    yield 2
    for subject in subjects:
        named = {"investigators": [member.id for member in team]}
        stage.do(subject, "notify", *team, data=named, documents=("filing_notice",))
    stage.do(case, "announce", *team, documents=("notice_to_subject", "notice_to_unit"))
    yield 1
    if not one.closes:
        return
    yield from _investigated(stage, case, subjects, one, team)
    yield from _decided(stage, case, subjects, one)
    if real_name:
        stage.do(case, "notify_reporter", OFFICER, documents=("result_notice",))
    stage.do(case, "close", CASE_MANAGER, PRINCIPAL, documents=("closure_report",))
    yield from _afterwards(stage, subjects, one)


def _investigated(stage: Stage, case: str, subjects: tuple[str, ...], one: Clue, team: Pair) -> Script:
    """Find the facts, decide whether leaders are pursued, and hand the case over to those who try it."""
    if one.stalls:
        ground = {"suspension_ground": "expert_opinion"}
        stage.do(case, "suspend", PRINCIPAL, data=ground, documents=("suspension_notice",), reason="等待司法鉴定意见")
        yield one.stalls
        stage.do(case, "resume", PRINCIPAL, documents=("resumption_notice",), reason="鉴定意见已收到")
    yield 15 + 20 * stage.chance.random()
    if one.leaders:
        opened: dict[str, Any] = {"dual_decision": "open", "unit": one.unit, "duty_kind": "principal"}
        opened |= {"acted_on": stage.now().date() - timedelta(days=90)}
        why = "主体责任落实不到位，倒查领导责任"
        stage.do(case, "decide_dual", PRINCIPAL, data=opened, documents=("dual_decision",), reason=why)
        (liability,) = stage.children(case, "liability")
        stage.add(leaders(stage, liability, one), stage.now())
    for subject, level in zip(subjects, one.levels, strict=True):
        told = {"facts": "违反有关纪律规定的事实", "proposed_level": level}
        stage.do(subject, "tell_facts", team[0], data=told, documents=("facts_record",))
    yield 3
    papers = ("investigation_report", "subject_comments")
    stage.do(case, "hand_over", team[0], documents=papers)
    yield 2


def _decided(stage: Stage, case: str, subjects: tuple[str, ...], one: Clue) -> Script:
    """Hear each person, deliberate, decide, serve and execute."""
    panel = adjudicators(one.number)
    for subject in subjects:
        points = [{"point": "认错态度较好", "verified": True, "why": "有谈话笔录印证"}]
        heard = {"defence": "对违纪事实无异议", "points": points}
        stage.do(subject, "hear", panel[0], data=heard, documents=("statement",))
    if one.number % 12 == 0:
        investigator = investigators(one.number)[0]
        stage.refused(case, "submit", Actor(investigator.id, {"adjudicator"}), documents=("trial_report",))
    yield 5
    stage.do(case, "submit", *panel, documents=("trial_report",))
    yield 3
    for place, (subject, level) in enumerate(zip(subjects, one.levels, strict=True)):
        stage.do(subject, "decide", COMMITTEE, data=_decision(stage, level, place + one.number), documents=_PAPERS)
    stage.do(case, "decide", COMMITTEE, documents=("minutes",))
    if not one.leaders:
        if one.number % 10 == 0:
            stage.refused(case, "close", CASE_MANAGER, documents=("closure_report",))
        data, papers = {"dual_decision": "not_open"}, ("dual_decision",)
        stage.do(case, "decide_dual", PRINCIPAL, data=data, documents=papers, reason="未发现领导责任问题")
    yield 3
    for subject in subjects:
        day = {"served_on": stage.now().date()}
        stage.do(subject, "serve", SERVING_OFFICER, data=day, documents=("service_receipt",))
        stage.do(subject, "announce_decision", SERVING_OFFICER, documents=("announcement_record",))
    yield 5
    for subject in subjects:
        stage.do(subject, "execute", unit_of_subject(one.number), documents=("proof_of_execution",))
    yield 2


def _afterwards(stage: Stage, subjects: tuple[str, ...], one: Clue) -> Script:
    """Let periods of effect begin, which the engine ends, and report how party sanctions were executed."""
    unit = unit_of_subject(one.number)
    reported = []
    for place, (subject, level) in enumerate(zip(subjects, one.levels, strict=True)):
        sanction = SANCTIONS[(place + one.number) % len(SANCTIONS)]
        if level < LEVEL_OF_SANCTIONS:
            stage.do(subject, "end_effect", unit)
        elif sanction.startswith("party_"):
            reported.append(subject)
        else:
            stage.do(subject, "begin_effect", unit)
    days = 200 if one.late else 90 + 60 * stage.chance.random()
    if reported and stage.has_time(days):
        yield days
        for subject in reported:
            stage.do(subject, "report_execution", unit, documents=("execution_report",))


_PAPERS = ("decision", "minutes")


def _decision(stage: Stage, level: int, place: int) -> dict[str, Any]:
    made = DECISION | {"level": level, "decided_on": stage.now().date(), "found_facts": "经审理认定的违纪事实"}
    sanctioned = {"sanction": SANCTIONS[place % len(SANCTIONS)]} if level == 6 else {}
    return made | sanctioned | {"legal_basis": "《中国共产党纪律处分条例》" if sanctioned else "六种问责方式"}


def _registered(stage: Stage, one: Clue) -> tuple[str, ...]:
    """Enter the unit and its two leaders in the registers; give their ids."""
    unit = {"code": one.unit, "name": one.unit, "kind": "department"}
    stage.start("organisation", REGISTRAR, unit)
    posts = {"principal_leader": "head-health-bureau", "leader_in_charge": "deputy-health-bureau"}
    for post, holder in posts.items():
        tenure = {"unit": one.unit, "post": post, "holder": holder, "since": date(2013, 5, 6)}
        stage.start("tenure", REGISTRAR, tenure)
    return tuple(posts.values())


def leaders(stage: Stage, liability: str, one: Clue) -> Script:
    """Pursue the liability of the leaders of a unit, up to a reminder."""
    in_office = _registered(stage, one)
    yield 2
    team = tuple(Actor(f"inspector-{number}", {"investigator"}, "county") for number in (1, 2))
    chosen = {"team": [member.id for member in team], "chain": ["head-health-bureau"]}
    stage.do(liability, "appoint", CASE_MANAGER, data=chosen)
    yield 8
    classes = ("main", "important")
    found = [
        {"post": post, "person": person, "liability": class_, "level": 0}
        for post, person, class_ in zip(one.leaders, in_office, classes, strict=True)
    ]
    stage.do(liability, "record_findings", team[0], data={"findings": found})
    stage.do(liability, "propose", *team, documents=("fact_report",))
    yield 3
    points = [{"post": post, "point": "已着手整改", "verified": True, "why": "查阅整改台账"} for post in one.leaders]
    stage.do(liability, "tell_and_hear", team[0], data={"points": points}, documents=("facts_record", "statement"))
    yield 4
    decisions = [
        {"post": post, "outcome": "measure", "level": 0, "reasons": "主体责任落实不到位"} for post in one.leaders
    ]
    made = DECISION | {"decisions": decisions, "decided_on": stage.now().date(), "legal_basis": "提醒约谈"}
    made |= {"time_bar": "lifelong"}
    stage.do(liability, "decide", COMMITTEE, data=made, documents=_PAPERS)
    yield 2
    day = {"served_on": stage.now().date()}
    stage.do(liability, "serve", SERVING_OFFICER, data=day, documents=("service_receipt", "appeal_notice"))
    yield 3
    stage.do(liability, "execute", Actor("health-bureau", {"unit"}, one.unit), documents=("proof_of_execution",))
    yield 20  # Until nobody can appeal any more.
    stage.do(liability, "close", CASE_MANAGER)
