"""The track of one person in a case: told, heard, decided on, served, executed, and what comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.appeals import Appeal, appealed
from accountability.demonstration.decisions import PAPERS, decision
from accountability.demonstration.people import (
    CIRCULAR_PUBLISHER,
    COMMITTEE,
    OFFICER,
    PRINCIPAL,
    SECOND_PUBLISHER,
    SERVING_OFFICER,
    Pair,
    adjudicators,
    investigators,
    subject_unit,
)
from accountability.demonstration.plot import (
    APPEALS,
    CIRCULAR,
    LATE_EXECUTION,
    MORE_TIME_TO_EXECUTE,
    SANCTIONED,
    Clue,
)
from accountability.demonstration.stage import Script, Stage

SANCTIONS = ("party_warning", "party_serious_warning", "demerit", "warning", "party_removal", "removal")
DISCIPLINE, LAW = "《中国共产党纪律处分条例》", "《行政机关公务员处分条例》"


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


def sanction_of(one: Clue, place: int) -> str:
    """Choose the sanction of a person of a case: the one that a story needs, or the next of several."""
    if place == 0 and one.story in APPEALS:
        return APPEALS[one.story][0]
    return SANCTIONS[(place + one.number) % len(SANCTIONS)]


def rank_of(one: Clue) -> str:
    """Give the rank of the persons of a case: who heads a lower committee is of section rank."""
    return "section" if one.heads_committee else "ordinary"


def told_again(stage: Stage, person: Person, one: Clue) -> Script:
    """New evidence after the hearing: it is told, and heard, before anything is decided."""
    told = {"facts": "补充证据后的事实", "proposed_level": SANCTIONED}
    papers, why = ("new_evidence", "facts_record"), "收到新的书证"
    stage.do(person.case, "tell_again", investigators(one.number)[0], data=told, documents=papers, reason=why)
    yield stage.some(2, 5)
    panel = adjudicators(one.number)
    stage.do(person.case, "hear", panel[0], data=heard(panel), documents=("statement",))
    yield stage.some(2, 5)


def waived(stage: Stage, person: Person, adjudicator: Actor) -> None:
    """Do without a hearing: because the person says so, or because nothing was said in time."""
    if stage.case(person.case).state == "facts_told.time_over":
        stage.do(person.case, "waive", adjudicator, documents=("lapse_record",))
    else:
        stage.do(person.case, "waive", Actor(person.id, {"subject"}), documents=("waiver",))


def heard(panel: Pair) -> dict[str, Any]:
    """Give what a person said at the hearing, what was found of each point, and who tries the matter."""
    points = [{"point": "认错态度较好", "verified": True, "why": "有谈话笔录印证"}]
    return {"defence": "对违纪事实无异议", "points": points, "adjudicators": [member.id for member in panel]}


def served(stage: Stage, persons: list[Person], one: Clue) -> Script:
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
    if one.number == MORE_TIME_TO_EXECUTE:
        for person in decided:
            stage.do(person.case, "extend_execution", PRINCIPAL, reason="职务变动手续需上级审批")
    yield stage.some(3, 7) if one.number not in (LATE_EXECUTION, MORE_TIME_TO_EXECUTE) else 36
    for place, person in enumerate(decided):
        if person.outcome == CIRCULAR:
            _made_public(stage, person, corrected=place == 0)
        stage.do(person.case, "execute", subject_unit(one.number), documents=("proof_of_execution",))
    yield stage.some(1, 3)


def _made_public(stage: Stage, person: Person, *, corrected: bool) -> None:
    """Publish a circular; one is taken back for a wrong word, and published again by somebody else."""
    stage.do(person.case, "publish_circular", CIRCULAR_PUBLISHER)
    if corrected:
        stage.refused("guard", person.case, "publish_circular", SECOND_PUBLISHER)
        stage.do(person.case, "retract_circular", CIRCULAR_PUBLISHER, reason="所在村名称有误，更正后重新公布")
        stage.refused("four_eyes", person.case, "publish_circular", CIRCULAR_PUBLISHER)
        stage.do(person.case, "publish_circular", SECOND_PUBLISHER)


def decide(stage: Stage, person: Person, one: Clue) -> None:
    """Decide on one person: by a graded form with its vote, or in another way."""
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
    stage.do(person.case, "hear", panel[0], data=heard(panel), documents=("statement",))
    yield stage.some(4, 9)
    made = decision(stage, level=1, found_facts="补充调查后认定的事实", legal_basis="六种问责方式")
    stage.do(person.case, "decide", COMMITTEE, data=made, documents=PAPERS)
    yield stage.some(1, 3)
    yield from served(stage, [Person(person.case, 1, "", person.id)], Clue(one.number, one.source, one.end))


def afterwards(stage: Stage, person: Person, one: Clue) -> Script:
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
