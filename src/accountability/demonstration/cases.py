"""Cases: filed in two approvals, investigated, tried by others, decided for each person, executed, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.leaders import handlers_answer, pursued
from accountability.demonstration.people import (
    CASE_MANAGER,
    COMMITTEE,
    COMMITTEE_PRINCIPAL,
    DEPUTY,
    OFFICER,
    PRINCIPAL,
    Pair,
    adjudicators,
    investigators,
)
from accountability.demonstration.plot import SLOW_TRIAL, Clue
from accountability.demonstration.stage import Script, Stage
from accountability.demonstration.tracks import (
    Person,
    afterwards,
    decide,
    heard,
    rank_of,
    sanction_of,
    served,
    told_again,
    waived,
)


def filed(stage: Stage, petition: str, one: Clue, responsible: Actor) -> Script:
    """File a case in two approvals, investigate it, and go on to its end."""
    people = [f"当事人{one.number}-{place + 1}" for place in range(len(one.levels))]
    stage.do(petition, "propose_file", responsible, data={"subjects": people}, documents=("filing_report",))
    if one.number % 11 == 0:
        stage.refused("four_eyes", petition, "approve_filing", Actor(responsible.id, {"principal"}))
    yield stage.some(1, 3)
    if one.story == "filing refused once":
        stage.do(petition, "refuse_filing", PRINCIPAL, reason="证据材料不充分，请补充")
        yield stage.some(3, 6)
        stage.do(petition, "propose_file", responsible, data={"subjects": people}, documents=("filing_report",))
    stage.do(petition, "approve_filing", PRINCIPAL)
    yield stage.some(1, 4)
    stage.do(petition, "approve_filing", COMMITTEE_PRINCIPAL)
    (case,) = stage.children(petition, "case")
    persons = [
        Person(track, outcome, sanction_of(one, place), f"cadre-{stage.now().year}-{one.number:03}-{place + 1}")
        for place, (track, outcome) in enumerate(zip(stage.children(case, "subjects"), one.levels, strict=True))
    ]
    team = investigators(one.number)
    yield stage.some(1, 3)
    if one.number % 15 == 0:
        stage.refused("guard", case, "announce", team[0], documents=("notice_to_subject", "notice_to_unit"))
    for person in persons:
        named = {"investigators": [member.id for member in team], "person": person.id, "rank": rank_of(one)}
        stage.do(person.case, "notify", *team, data=named, documents=("filing_notice",))
    stage.do(case, "announce", *team, documents=("notice_to_subject", "notice_to_unit"))
    yield stage.some(1, 2)
    if one.until == "investigate":
        return
    if one.until == "withdraw":
        yield from _withdrawn(stage, case, persons)
        return
    yield from _tried(stage, case, persons, one, team)


def _tried(stage: Stage, case: str, persons: list[Person], one: Clue, team: Pair) -> Script:
    """Investigate, try, decide, and close."""
    yield from _investigated(stage, case, persons, one, team)
    if one.until == "try":
        return
    yield from _submitted(stage, case, persons, one)
    yield from _decided(stage, case, persons, one)
    if one.real_name:
        stage.do(case, "notify_reporter", OFFICER, documents=("result_notice",))
    stage.do(case, "close", CASE_MANAGER, PRINCIPAL, documents=("closure_report",))
    if one.story == "handlers":
        stage.add(handlers_answer(stage, case), stage.today() + timedelta(days=12))
    for place, person in enumerate(persons):
        if not (place == 0 and one.story in ("revoked", "remanded")):
            stage.add(afterwards(stage, person, one), stage.today() + timedelta(days=1))


def _withdrawn(stage: Stage, case: str, persons: list[Person]) -> Script:
    """Withdraw a case that has no proof, and clear the name of whoever was in it."""
    yield stage.some(25, 40)
    papers, why = ("withdrawal_decision", "minutes"), "没有证据证明存在违纪行为"
    bare = ("withdrawal_decision", "notice_to_unit")
    stage.refused("guard", case, "withdraw_case", COMMITTEE, documents=bare, reason=why)
    for person in persons:
        stage.do(person.case, "withdraw", COMMITTEE, documents=papers, reason=why)
    stage.do(case, "withdraw_case", COMMITTEE, documents=bare, reason=why)
    yield stage.some(3, 6)
    told = {
        "clarification_forms": ["letter_or_meeting", "notice_in_circle"],
        "clarification_circle": "所在单位全体职工大会",
    }
    told |= {"spread_in": ["unit"], "made_known_in": ["unit", "unit_head"]}
    stage.do(case, "clarify", PRINCIPAL, data=told)


def _investigated(stage: Stage, case: str, persons: list[Person], one: Clue, team: Pair) -> Script:
    """Find the facts, decide whether leaders are pursued, and hand the case over to those who try it."""
    if one.stalls:
        ground = {"suspension_ground": "expert_opinion"}
        stage.do(case, "suspend", PRINCIPAL, data=ground, documents=("suspension_notice",), reason="等待司法鉴定意见")
        yield one.stalls
        stage.do(case, "resume", PRINCIPAL, documents=("resumption_notice",), reason="鉴定意见已收到")
    yield from _delayed(stage, case, persons[0], one, team)
    yield stage.some(14, 30)
    if one.leaders:
        opened: dict[str, Any] = {"dual_decision": "open", "unit": one.leaders.unit, "duty_kind": "principal"}
        opened |= {"acted_on": one.leaders.acted_on}
        why = "主体责任落实不到位，倒查领导责任"
        stage.do(case, "decide_dual", PRINCIPAL, data=opened, documents=("dual_decision",), reason=why)
        (liability,) = stage.children(case, "liability")
        stage.add(pursued(stage, liability, one.leaders), stage.today())
    if one.number % 18 == 0:
        early = ("investigation_report", "subject_comments")
        stage.refused("guard", case, "hand_over", team[0], documents=early)
    for person in persons:
        proposed = person.outcome if isinstance(person.outcome, int) else 2
        told = {"facts": "违反有关纪律规定的事实", "proposed_level": proposed}
        stage.do(person.case, "tell_facts", team[0], data=told, documents=("facts_record",))
    yield stage.some(2, 5)
    papers = ("investigation_report", "subject_comments")
    stage.do(case, "hand_over", team[0], documents=papers)
    yield stage.some(1, 3)
    if one.story in ("returned", "reinvestigated"):
        if one.story == "returned":
            stage.do(case, "return_supplement", DEPUTY, reason="一处证据不够完整，请补充")
        else:
            stage.do(case, "return_reinvestigate", PRINCIPAL, reason="部分事实不清，退回重新调查")
        yield stage.some(6, 10)
        stage.do(case, "hand_over", team[1], documents=papers)
        yield stage.some(1, 3)


def _delayed(stage: Stage, case: str, person: Person, one: Clue, team: Pair) -> Script:
    """What may come between: somebody who cannot be found, a word put in for somebody, or simply too little time."""
    if one.story == "absconded":
        gone = {"interruption": "absconding"}
        papers, why = ("proof_of_interruption",), "当事人下落不明"
        stage.do(person.case, "interrupt", PRINCIPAL, data=gone, documents=papers, reason=why)
        yield 12
        stage.do(person.case, "resume", PRINCIPAL, reason="当事人已到案")
        named = {"investigators": [member.id for member in team], "person": person.id, "rank": rank_of(one)}
        stage.do(person.case, "notify", *team, data=named, documents=("filing_notice",))
    elif one.story == "interfered with":
        said = {"interference": "某单位负责人为当事人说情"}
        stage.do(case, "report_interference", team[0], data=said)
        stage.do(person.case, "report_interference", team[1], data=said)
    elif one.story == "slow":
        yield 60
        stage.do(case, "extend_investigation", PRINCIPAL, reason="涉及外省取证")
        stage.do(case, "extend_decision", PRINCIPAL, reason="涉及外省取证")


def _submitted(stage: Stage, case: str, persons: list[Person], one: Clue) -> Script:
    """Hear each person, and report on the trial; whoever investigates does not try."""
    panel = adjudicators(one.number)
    for place, person in enumerate(persons):
        if one.number % 12 == 0 and place == 0:
            himself = Actor(investigators(one.number)[0].id, {"adjudicator"})
            stage.refused("four_eyes", person.case, "hear", himself, data=heard(panel), documents=("statement",))
        if one.number % 10 == 3 and place == 0:
            waived(stage, person, panel[0])
        else:
            stage.do(person.case, "hear", panel[0], data=heard(panel), documents=("statement",))
    if one.number % 12 == 0:
        investigator = Actor(investigators(one.number)[0].id, {"adjudicator"})
        stage.refused("four_eyes", case, "submit", investigator, documents=("trial_report",))
    yield stage.some(4, 12)
    if one.story == "told again":
        yield from told_again(stage, persons[0], one)
    elif one.story == "slow":
        stage.do(case, "extend_adjudication", PRINCIPAL, reason="案情复杂，需进一步研究")
        yield 28
    elif one.number == SLOW_TRIAL:
        yield 30
    stage.do(case, "submit", *panel, documents=("trial_report",))
    yield stage.some(2, 5)


def _decided(stage: Stage, case: str, persons: list[Person], one: Clue) -> Script:
    """Decide on each person by a vote, serve, announce and execute."""
    for person in persons:
        decide(stage, person, one)
    stage.do(case, "decide", COMMITTEE, documents=("minutes",))
    if not one.leaders:
        if one.number % 10 == 0:
            stage.refused("guard", case, "close", CASE_MANAGER, documents=("closure_report",))
        data, papers = {"dual_decision": "not_open"}, ("dual_decision",)
        stage.do(case, "decide_dual", PRINCIPAL, data=data, documents=papers, reason="未发现领导责任问题")
    yield stage.some(1, 4)
    yield from served(stage, persons, one)
