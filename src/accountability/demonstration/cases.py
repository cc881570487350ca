"""Cases: filed in two approvals, investigated, tried by others, decided for each person, executed, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.appeals import Appeal, appealed
from accountability.demonstration.decisions import PAPERS, decision
from accountability.demonstration.leaders import Leaders, handlers_answer, pursued
from accountability.demonstration.people import (
    CASE_MANAGER,
    CIRCULAR_PUBLISHER,
    COMMITTEE,
    COMMITTEE_PRINCIPAL,
    DEPUTY,
    OFFICER,
    PRINCIPAL,
    SERVING_OFFICER,
    Pair,
    adjudicators,
    investigators,
    subject_unit,
)
from accountability.demonstration.stage import Script, Stage

SANCTIONS = ("party_warning", "party_serious_warning", "demerit", "warning", "party_removal", "removal")
SANCTIONED, CIRCULAR = 6, 4
SLOW_TRIAL, LATE_EXECUTION = 26, 35
"""Numbers of the clues whose trial takes too long, or whose decision is executed too late."""
DISCIPLINE, LAW = "《中国共产党纪律处分条例》", "《行政机关公务员处分条例》"

APPEALS = {
    "upheld twice": ("warning", "uphold", 0, "", True),
    "varied": ("demerit", "vary", 3, "", False),
    "revoked": ("warning", "revoke", 0, "", False),
    "remanded": ("party_warning", "revoke_remand", 0, "", False),
    "upheld": ("party_serious_warning", "uphold", 0, "", False),
    "too late": ("demerit", "uphold", 0, "refused", False),
    "late but excused": ("warning", "uphold", 0, "excused", False),
}
"""Stories of appeals: the sanction, the outcome, the lighter level, whether it is late, whether it goes on."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue, and how it goes on.

    Attributes:
        number: Which one it is in its year.
        source: Where it comes from.
        end: What becomes of it: `file`, or another end of the petition's workflow.
        levels: For a filed case: what is decided for each person, a graded form (6 being party or administrative
            discipline) or another end of a person's track.
        until: How far the case comes within the period: `close`, `withdraw`, or where it still is.
        stalls: Days for which the investigation is suspended.
        leaders: Whose liability is pursued, for a dual investigation.
        unit: Code of the unit that it is about.
        story: What else happens; see `protect` and `cases`.
    """

    number: int
    source: str
    end: str
    levels: tuple[int | str, ...] = ()
    until: str = "close"
    stalls: int = 0
    leaders: Leaders | None = None
    unit: str = ""
    story: str = ""

    @property
    def late(self) -> bool:
        """Whether an office that has much to do is late with this one."""
        return self.number % 19 == 0

    @property
    def extended(self) -> bool:
        """Whether more time is given for its check."""
        return self.number % 17 == 0

    @property
    def real_name(self) -> bool:
        """Whether the reporter gave a name."""
        return self.source == "petition" and self.number % 4 == 0

    @property
    def heads_committee(self) -> bool:
        """Whether it is about somebody who heads a lower party committee."""
        return self.number % 20 == 7


@dataclass(frozen=True, slots=True)
class Person:
    """One person in a case.

    Attributes:
        case: The person's own track.
        outcome: A graded form, or another end.
        sanction: Which sanction, at level 6.
        id: The office's identifier, by which vetting finds the person.
    """

    case: str
    outcome: int | str
    sanction: str
    id: str


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
        Person(track, outcome, _sanction(one, place), f"cadre-{stage.now().year}-{one.number:03}-{place + 1}")
        for place, (track, outcome) in enumerate(zip(stage.children(case, "subjects"), one.levels, strict=True))
    ]
    team = investigators(one.number)
    yield stage.some(1, 3)
    if one.number % 15 == 0:
        stage.refused("guard", case, "announce", team[0], documents=("notice_to_subject", "notice_to_unit"))
    for person in persons:
        named = {"investigators": [member.id for member in team], "person": person.id}
        stage.do(person.case, "notify", *team, data=named, documents=("filing_notice",))
    stage.do(case, "announce", *team, documents=("notice_to_subject", "notice_to_unit"))
    yield stage.some(1, 2)
    if one.until == "investigate":
        return
    if one.until == "withdraw":
        yield from _withdrawn(stage, case, persons)
        return
    yield from _tried(stage, case, persons, one, team)


def _sanction(one: Clue, place: int) -> str:
    if place == 0 and one.story in APPEALS:
        return APPEALS[one.story][0]
    return SANCTIONS[(place + one.number) % len(SANCTIONS)]


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
            stage.add(_afterwards(stage, person, one), stage.today() + timedelta(days=1))


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
        named = {"investigators": [member.id for member in team], "person": person.id}
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
            stage.refused("four_eyes", person.case, "hear", himself, data=_heard(), documents=("statement",))
        if one.number % 10 == 3 and place == 0:
            _waived(stage, person, panel[0])
        else:
            stage.do(person.case, "hear", panel[0], data=_heard(), documents=("statement",))
    if one.number % 12 == 0:
        investigator = Actor(investigators(one.number)[0].id, {"adjudicator"})
        stage.refused("four_eyes", case, "submit", investigator, documents=("trial_report",))
    yield stage.some(4, 12)
    if one.story == "told again":
        yield from _told_again(stage, persons[0], one)
    elif one.story == "slow":
        stage.do(case, "extend_adjudication", PRINCIPAL, reason="案情复杂，需进一步研究")
        yield 28
    elif one.number == SLOW_TRIAL:
        yield 30
    stage.do(case, "submit", *panel, documents=("trial_report",))
    yield stage.some(2, 5)


def _told_again(stage: Stage, person: Person, one: Clue) -> Script:
    """New evidence after the hearing: it is told, and heard, before anything is decided."""
    told = {"facts": "补充证据后的事实", "proposed_level": SANCTIONED}
    papers, why = ("new_evidence", "facts_record"), "收到新的书证"
    stage.do(person.case, "tell_again", investigators(one.number)[0], data=told, documents=papers, reason=why)
    yield stage.some(2, 5)
    stage.do(person.case, "hear", adjudicators(one.number)[0], data=_heard(), documents=("statement",))
    yield stage.some(2, 5)


def _waived(stage: Stage, person: Person, adjudicator: Actor) -> None:
    """Do without a hearing: because the person says so, or because nothing was said in time."""
    if stage.case(person.case).state == "facts_told.time_over":
        stage.do(person.case, "waive", adjudicator, documents=("lapse_record",))
    else:
        stage.do(person.case, "waive", Actor(person.id, {"subject"}), documents=("waiver",))


def _heard() -> dict[str, Any]:
    points = [{"point": "认错态度较好", "verified": True, "why": "有谈话笔录印证"}]
    return {"defence": "对违纪事实无异议", "points": points}


def _decided(stage: Stage, case: str, persons: list[Person], one: Clue) -> Script:
    """Decide on each person by a vote, serve, announce and execute."""
    for person in persons:
        _decide(stage, person, one)
    stage.do(case, "decide", COMMITTEE, documents=("minutes",))
    if not one.leaders:
        if one.number % 10 == 0:
            stage.refused("guard", case, "close", CASE_MANAGER, documents=("closure_report",))
        data, papers = {"dual_decision": "not_open"}, ("dual_decision",)
        stage.do(case, "decide_dual", PRINCIPAL, data=data, documents=papers, reason="未发现领导责任问题")
    yield stage.some(1, 4)
    yield from _served(stage, persons, one)


def _served(stage: Stage, persons: list[Person], one: Clue) -> Script:
    """Serve, announce and execute what was decided; an appeal stops none of it."""
    decided = [person for person in persons if isinstance(person.outcome, int)]
    for person in decided:
        day = {"served_on": stage.today()}
        stage.do(person.case, "serve", SERVING_OFFICER, data=day, documents=("service_receipt",))
        circles = {"announced_in": ["unit", "committee"]}
        stage.do(person.case, "announce_decision", SERVING_OFFICER, data=circles, documents=("announcement_record",))
    if one.story in APPEALS:
        _, outcome, level, late, again = APPEALS[one.story]
        person = decided[0]
        asks = Actor(person.id, {"subject"})
        appeal = Appeal(person.case, asks, one.number, outcome, level, late, again)
        after = 40 if late else round(stage.some(18, 24))
        stage.add(appealed(stage, appeal), stage.today() + timedelta(days=after))
        if outcome == "revoke_remand":
            stage.add(_again(stage, person, one), stage.today() + timedelta(days=after + 5))
    yield stage.some(3, 7) if one.number != LATE_EXECUTION else 36
    for person in decided:
        if person.outcome == CIRCULAR:
            stage.do(person.case, "publish_circular", CIRCULAR_PUBLISHER)
        stage.do(person.case, "execute", subject_unit(one.number), documents=("proof_of_execution",))
    yield stage.some(1, 3)


def _decide(stage: Stage, person: Person, one: Clue) -> None:
    """Decide on one person; half of them by other ways than a graded form where the case has several ends."""
    papers = PAPERS
    if person.outcome == "prosecutor":
        papers = ("indictment_opinion", "minutes")
        stage.do(person.case, "transfer_to_prosecutor", COMMITTEE, documents=papers, reason="涉嫌犯罪，移送审查起诉")
        return
    if isinstance(person.outcome, str):
        why = {"exempt": "情节轻微，主动纠正，免予处分", "no_sanction": "不构成违纪，不予处分"}[person.outcome]
        stage.do(person.case, person.outcome, COMMITTEE, documents=papers, reason=why)
        return
    basis = "六种问责方式"
    made: dict[str, Any] = {"level": person.outcome}
    if person.outcome == SANCTIONED:
        made |= {"sanction": person.sanction}
        basis = DISCIPLINE if person.sanction.startswith("party_") else LAW
    if person.outcome >= CIRCULAR + 1 and one.heads_committee:
        made |= {"committee_approval": f"高委〔{stage.now().year}〕{one.number}号"}
    data = decision(stage, **made, found_facts="经审理认定的违纪事实", legal_basis=basis)
    if one.number % 13 == 0:
        few = data | {"present": 4, "votes_for": 4, "abstained": 0}
        stage.refused("guard", person.case, "decide", COMMITTEE, data=few, documents=papers)
    stage.do(person.case, "decide", COMMITTEE, data=data, documents=papers)


def _again(stage: Stage, person: Person, one: Clue) -> Script:
    """After a review has sent a decision back: tell, hear and decide again, more lightly."""
    while stage.case(person.case).state != "notified":
        yield 3
    yield stage.some(5, 9)
    team, panel = investigators(one.number), adjudicators(one.number)
    told = {"facts": "补充调查后认定的事实", "proposed_level": 1}
    stage.do(person.case, "tell_facts", team[0], data=told, documents=("facts_record",))
    yield stage.some(2, 5)
    stage.do(person.case, "hear", panel[0], data=_heard(), documents=("statement",))
    yield stage.some(4, 9)
    made = decision(stage, level=1, found_facts="补充调查后认定的事实", legal_basis="六种问责方式")
    stage.do(person.case, "decide", COMMITTEE, data=made, documents=PAPERS)
    yield stage.some(1, 3)
    yield from _served(stage, [Person(person.case, 1, "", person.id)], Clue(one.number, one.source, one.end))


def _afterwards(stage: Stage, person: Person, one: Clue) -> Script:
    """Let a period of effect begin, which the engine ends, and report how a party sanction was executed."""
    unit = subject_unit(one.number)
    if not isinstance(person.outcome, int):
        return
    if person.outcome < SANCTIONED:
        stage.do(person.case, "end_effect", unit)
    elif not person.sanction.startswith("party_"):
        stage.do(person.case, "begin_effect", unit)
        if one.number % 9 == 0:
            stage.refused("role", person.case, "end_effect", OFFICER)
    else:
        yield 200 if one.number % 19 == 0 else stage.some(90, 150)
        stage.do(person.case, "report_execution", unit, documents=("execution_report",))
