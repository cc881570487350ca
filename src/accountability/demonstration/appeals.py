"""Reviews: asked for after service, looked at by others, never heavier, and made good where a decision was wrong."""

from __future__ import annotations

from dataclasses import dataclass

from accountability.audit.entry import Actor
from accountability.demonstration.decisions import EVERYWHERE
from accountability.demonstration.people import (
    CASE_MANAGER,
    CITY,
    CITY_ACCEPTS,
    COMMITTEE,
    SERVING_OFFICER,
    Pair,
    of,
    reviewers,
)
from accountability.demonstration.stage import Script, Stage

PAPERS = ("review_decision", "minutes")
CITY_REVIEWERS = Pair(*(of("city-commission", f"city-reviewer-{number}", "reviewer") for number in (1, 2)))
BASIS = "《中华人民共和国行政监察法》第三十七条"


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal.

    Attributes:
        case: The subject or the liability whose decision it is about.
        person: Who appeals.
        number: Which one it is.
        outcome: `uphold`, `vary`, `revoke` or `revoke_remand`.
        level: The lighter level, where the decision is varied.
        late: `refused` or `excused`, where it comes too late.
        again: Whether a re-review is asked for, which leaves things as they are.
    """

    case: str
    person: Actor
    number: int
    outcome: str
    level: int = 0
    late: str = ""
    again: bool = False


def appealed(stage: Stage, one: Appeal) -> Script:
    """Ask for the review of a decision on a person, and do what the review says."""
    data = {}
    if one.late:
        data = {"late_plea": "因病住院，未能按期提出"}
        stage.refused("guard", one.case, "ask_review", one.person, documents=("review_application",))
    asked = stage.do(one.case, "ask_review", one.person, data=data, documents=("review_application",))
    (appeal,) = (child.id for child in asked.children if child.link == "appeal")
    yield from _reviewed(stage, appeal, one)
    if one.outcome == "vary":
        varied = {"varied_level": one.level}
        stage.refused("guard", one.case, "record_variation", COMMITTEE, data={"varied_level": one.level + 1},
                      documents=("review_decision",))  # fmt: skip
        stage.do(one.case, "record_variation", COMMITTEE, data=varied, documents=("review_decision",))
    elif one.outcome == "revoke":
        _made_good(stage, one.case, "annul")
    elif one.outcome == "revoke_remand":
        stage.do(one.case, "remand", COMMITTEE, documents=("review_decision",), reason="主要事实不清，发回重新调查")


def appealed_liability(stage: Stage, one: Appeal, post: str) -> Script:
    """Let a leader appeal against what was decided on the post."""
    data = {"appealed_post": post}
    stage.refused("guard", one.case, "appeal", one.person, data={"appealed_post": "县长"}, documents=("appeal",))
    asked = stage.do(one.case, "appeal", one.person, data=data, documents=("appeal",))
    (appeal,) = (child.id for child in asked.children if child.link == "appeals")
    yield from _reviewed(stage, appeal, one)
    if one.outcome == "revoke":
        _made_good(stage, one.case, "make_good", {"restored_post": post})


def _made_good(stage: Stage, case: str, trigger: str, which: dict[str, str] | None = None) -> None:
    """Restore what a wrong decision took, and make that known wherever the decision was."""
    good = {"restored": "恢复原职务和工资待遇", "compensation": "补发停发的工资", "corrected_in": EVERYWHERE} | (
        which or {}
    )
    stage.do(case, trigger, COMMITTEE, data=good, documents=("review_decision", "correction_notice"))


def _reviewed(stage: Stage, appeal: str, one: Appeal) -> Script:
    """Accept, appoint, review, decide and serve; perhaps once more, at the city's commission."""
    yield stage.some(1, 3)
    if one.late == "refused":
        why = "迟延不属于不可抗力或者其他正当理由"
        stage.refused("guard", appeal, "accept", CASE_MANAGER)
        stage.do(appeal, "refuse_late", CASE_MANAGER, documents=("refusal_notice",), reason=why)
        return
    if one.late:
        plea = {"plea_ground": "force_majeure"}
        why = "住院证明经核实"
        stage.do(appeal, "accept", CASE_MANAGER, data=plea, documents=("proof_of_plea",), reason=why)
    else:
        stage.do(appeal, "accept", CASE_MANAGER)
    team = reviewers(one.number)
    yield from _appointed(stage, appeal, CASE_MANAGER, team)
    if one.outcome == "vary":
        heavier = {"new_level": 6, "vary_ground": "proportionality", "legal_basis": BASIS}
        stage.refused("guard", appeal, "vary", COMMITTEE, data=heavier, documents=PAPERS, reason="量纪偏轻")
    _found(stage, appeal, COMMITTEE, one)
    yield from _told(stage, appeal)
    if one.again:
        yield stage.some(8, 20)
        stage.do(appeal, "ask_re_review", one.person, documents=("re_review_application",))
        yield stage.some(1, 3)
        stage.refused("guard", appeal, "accept", CASE_MANAGER)
        stage.do(appeal, "accept", CITY_ACCEPTS)
        yield from _appointed(stage, appeal, CITY_ACCEPTS, CITY_REVIEWERS)
        stage.do(appeal, "uphold", CITY, data={"legal_basis": BASIS}, documents=PAPERS, reason="原决定正确")
        yield from _told(stage, appeal)


def _appointed(stage: Stage, appeal: str, by: Actor, team: Pair) -> Script:
    yield stage.some(1, 3)
    if by is CASE_MANAGER:
        stage.refused("guard", appeal, "appoint", by, data={"reviewers": [team[0].id, team[0].id]})
    stage.do(appeal, "appoint", by, data={"reviewers": [member.id for member in team]})
    yield stage.some(6, 14)
    stage.do(appeal, "propose", *team, documents=("review_report",))
    yield stage.some(1, 4)


def _found(stage: Stage, appeal: str, by: Actor, one: Appeal) -> None:
    data: dict[str, object] = {"legal_basis": BASIS}
    if one.outcome == "vary":
        data |= {"new_level": one.level, "vary_ground": "circumstances"}
    elif one.outcome != "uphold":
        data |= {"revoke_ground": "facts"}
    why = {"uphold": "原决定事实清楚，处理恰当", "vary": "情节较轻，予以减轻"}.get(
        one.outcome, "主要事实不清，证据不足"
    )
    stage.do(appeal, one.outcome, by, data=data, documents=PAPERS, reason=why)


def _told(stage: Stage, appeal: str) -> Script:
    yield stage.some(1, 4)
    day = {"served_on": stage.today()}
    stage.do(appeal, "serve", SERVING_OFFICER, data=day, documents=("service_receipt",))
