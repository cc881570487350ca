"""Behind a wrong done by somebody in a unit: those who led it on that day, found in the register of posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.appeals import Appeal, appealed_liability
from accountability.demonstration.decisions import PAPERS, decision
from accountability.demonstration.people import (
    CASE_MANAGER,
    COMMITTEE,
    PRINCIPAL,
    SERVING_OFFICER,
    inspectors_of_leaders,
    of,
)
from accountability.demonstration.registers import holder
from accountability.demonstration.stage import Script, Stage


@dataclass(frozen=True, slots=True)
class Leaders:
    """Whose liability is pursued.

    Attributes:
        unit: Code of the unit.
        acted_on: When the wrong was done; who led the unit then is asked, whoever leads it now.
        posts: Each post, as the register and as the decision calls it, with the level of the measure.
        appeals: Whether the first of them appeals.
        number: Which pursuit it is.
    """

    unit: str
    acted_on: date
    posts: tuple[tuple[str, str, int], ...]
    appeals: bool = False
    number: int = 0


def pursued(stage: Stage, liability: str, one: Leaders) -> Script:
    """Pursue the liability of the leaders of a unit to its end."""
    yield stage.some(2, 4)
    team = inspectors_of_leaders(one.number)
    stage.refused(
        "guard", liability, "appoint", CASE_MANAGER,
        data={"team": [team[0].id, holder(one.unit, "discipline_secretary")], "chain": []},
    )  # fmt: skip
    chosen = {"team": [member.id for member in team], "chain": [f"{one.unit}-committee"]}
    stage.do(liability, "appoint", CASE_MANAGER, data=chosen)
    yield stage.some(6, 12)
    if one.appeals:
        stage.do(liability, "find_leaders", CASE_MANAGER)
        later = [_found(one, place, which=2) for place in range(len(one.posts))]
        stage.refused("guard", liability, "record_findings", team[0], data={"findings": later})
    found = [_found(one, place) for place in range(len(one.posts))]
    stage.do(liability, "record_findings", team[0], data={"findings": found})
    names = {called: level for _, called, level in one.posts}
    yield from _decided(stage, liability, team, names)
    yield from _served(stage, liability, one.unit, names)
    if one.appeals:
        person = of(one.unit, holder(one.unit, "principal_leader"), "leader")
        appeal = Appeal(liability, person, one.number, "vary", level=1)
        stage.add(appealed_liability(stage, appeal, one.posts[0][1]), stage.today() + timedelta(days=4))
    yield 20  # Until nobody can appeal any more.
    while stage.pending(liability, "appeals"):
        yield 7
    stage.do(liability, "close", CASE_MANAGER)


def _found(one: Leaders, place: int, which: int = 1) -> dict[str, Any]:
    post, called, level = one.posts[place]
    class_ = "main" if post == "principal_leader" else "important"
    return {"post": called, "person": holder(one.unit, post, which), "liability": class_, "level": level}


def _decided(stage: Stage, liability: str, team: tuple[Actor, Actor], names: dict[str, int]) -> Script:
    """Propose, hear, and decide on each post."""
    stage.do(liability, "propose", *team, documents=("fact_report",))
    yield stage.some(2, 4)
    points = [{"post": post, "point": "已着手整改", "verified": True, "why": "查阅整改台账"} for post in names]
    stage.do(liability, "tell_and_hear", team[0], data={"points": points}, documents=("facts_record", "statement"))
    yield stage.some(3, 6)
    why = "主体责任落实不到位"
    made = [{"post": post, "outcome": "measure", "level": level, "reasons": why} for post, level in names.items()]
    basis = {"legal_basis": "《关于实行党政领导干部问责的暂行规定》", "time_bar": "lifelong"}
    heavier = [one | {"level": names[post] + 1} for one, post in zip(made, names, strict=True)]
    data = decision(stage, **basis, decisions=heavier)
    stage.refused("guard", liability, "decide", COMMITTEE, data=data, documents=PAPERS)
    stage.do(liability, "decide", COMMITTEE, data=decision(stage, **basis, decisions=made), documents=PAPERS)


def _served(stage: Stage, liability: str, unit: str, names: dict[str, int]) -> Script:
    """Serve the decision, remind whom it reminds, and execute it."""
    yield stage.some(1, 3)
    day = {"served_on": stage.today()}
    stage.do(liability, "serve", SERVING_OFFICER, data=day, documents=("service_receipt", "appeal_notice"))
    yield stage.some(1, 3)
    for level in names.values():
        if level == 0:
            stage.do(liability, "remind", SERVING_OFFICER, documents=("interview_record",))
    stage.do(liability, "execute", of(unit, f"{unit}-office", "unit"), documents=("proof_of_execution",))


def year_answered_for(stage: Stage, liability: str, unit: str) -> Script:
    """Let the leaders of a unit answer for a year that was not good enough."""
    team = inspectors_of_leaders(2)
    chosen = {"team": [member.id for member in team], "chain": [f"{unit}-committee"]}
    stage.do(liability, "appoint", CASE_MANAGER, data=chosen)
    yield stage.some(8, 14)
    names = {"镇党委主要领导": 1, "镇党委分管领导": 1}
    classes = zip(names.items(), ("overall", "important"), strict=True)
    found = [{"post": post, "liability": class_, "level": level} for (post, level), class_ in classes]
    stage.do(liability, "record_findings", team[0], data={"findings": found})
    yield from _decided(stage, liability, team, names)
    yield from _served(stage, liability, unit, names)
    appeal = Appeal(liability, of(unit, holder(unit, "leader_in_charge"), "leader"), 3, "revoke")
    stage.add(appealed_liability(stage, appeal, "镇党委分管领导"), stage.today() + timedelta(days=3))
    yield 20
    while stage.pending(liability, "appeals"):
        yield 7
    stage.do(liability, "close", CASE_MANAGER)


def handlers_answer(stage: Stage, case: str) -> Script:
    """Look into whether those who handled a case did so wrongly, and find that they did not."""
    why = "当事人反映办案人员超期取证"
    opened = stage.do(case, "find_handler_error", PRINCIPAL, data={"handling_unit": "county-commission"}, reason=why)
    (liability,) = (child.id for child in opened.children if child.link == "handler_liability")
    yield stage.some(3, 5)
    team = inspectors_of_leaders(3)
    chosen = {"team": [member.id for member in team], "chain": ["investigation-office"]}
    stage.do(liability, "appoint", CASE_MANAGER, data=chosen)
    yield stage.some(15, 25)
    stage.do(liability, "discontinue", PRINCIPAL, documents=("decision",), reason="经核查，取证程序合法")
