"""From a clue to a case or to another end: petitions of the public, and clues from elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.cases import filed
from accountability.demonstration.people import (
    CASE_MANAGER,
    COMMITTEE,
    COMMITTEE_PRINCIPAL,
    DEPUTY,
    OFFICER,
    PRINCIPAL,
    check_team,
    handler,
)
from accountability.demonstration.plot import Clue
from accountability.demonstration.protect import STORIES
from accountability.demonstration.stage import Script, Stage


def clue(stage: Stage, one: Clue, case: str | None = None) -> Script:
    """Run a clue from its receipt to its end, with everything it leads to; `case` where it was opened elsewhere."""
    if case is None:
        case = stage.start("petition", OFFICER, _submitted(one))
    yield stage.some(1, 4) if not one.late else 17
    if one.number % 16 == 0:
        stage.refused("state", case, "accept", OFFICER)
    yield from _registered(stage, case, one)
    if one.end in ("repeat", "send_up", "elsewhere", "reject"):
        yield from _turned_away(stage, case, one)
        return
    stage.do(case, "accept", OFFICER)
    yield stage.some(1, 2)
    if one.real_name:
        stage.do(case, "notify_acceptance", OFFICER, documents=("acceptance_notice",))
    responsible = handler(one.number)
    _distributed(stage, case, one, responsible)
    if one.story in STORIES:
        stage.add(STORIES[one.story](stage, case, responsible), stage.today() + timedelta(days=3))
    yield stage.some(2, 6)
    if one.end in ("talk", "hold", "close"):
        yield from _disposed_otherwise(stage, case, one, responsible)
        return
    yield from _checked(stage, case, one, responsible)
    if one.end == "file":
        yield from filed(stage, case, one, responsible)
        return
    yield from _not_filed(stage, case, one, responsible)


def _submitted(one: Clue) -> dict[str, Any]:
    data: dict[str, Any] = {"source": one.source}
    if one.end == "send_up":
        return data | {"about_own_principal": True}
    data["content"] = f"反映有关问题（第{one.number}件）"
    if one.unit:
        data["unit"] = one.unit
    if one.source == "petition":
        data |= {"channel": ("letter", "visit", "telephone", "online")[one.number % 4], "real_name": one.real_name}
    if one.real_name:
        data["petitioner"] = f"举报人{one.number}"
    return data


def _registered(stage: Stage, case: str, one: Clue) -> Script:
    """Give a petition its number; one is given a wrong one, which is put right the next day."""
    number = f"{stage.now().year}-{one.source}-{one.number:03d}"
    given = {"number": number if one.story != "corrected" else "2015-000"}
    stage.do(case, "register", OFFICER, data=given)
    if one.story == "corrected":
        seq = stage.case(case).seq
        yield 1
        stage.refused("reason", case, "correct", OFFICER, data={"seq": seq, "data": {"number": number}})
        stage.do(case, "correct", OFFICER, data={"seq": seq, "data": {"number": number}}, reason="登记时编号录入有误")
    yield stage.some(1, 2)


def _turned_away(stage: Stage, case: str, one: Clue) -> Script:
    """End a petition before it is accepted."""
    if one.end == "repeat":
        stage.do(case, "link_repeat", OFFICER, data={"repeat_of": f"{stage.now().year}-petition-010"})
    elif one.end == "send_up":
        stage.refused("guard", case, "accept", OFFICER)
        stage.do(case, "send_up", OFFICER, data={"target": "市纪委"})
    elif one.end == "elsewhere":
        stage.do(case, "send_elsewhere", OFFICER, data={"target": "县公安局"})
    else:
        why = "依法应通过诉讼途径解决"
        stage.do(case, "reject", OFFICER, DEPUTY, data={"ground": "judicial_route"}, reason=why)
        if one.real_name:
            yield stage.some(3, 5)
            stage.do(case, "notify_reporter", OFFICER, documents=("rejection_notice",))


def _distributed(stage: Stage, case: str, one: Clue, responsible: Actor) -> None:
    chosen = {"handler": responsible.id, "no_conflict": True, "heads_lower_committee": one.heads_committee}
    if one.number % 21 == 0:
        stage.refused("guard", case, "distribute", CASE_MANAGER, data=chosen | {"no_conflict": False})
        stage.refused("data", case, "distribute", CASE_MANAGER, data={"handler": responsible.id})
    stage.do(case, "distribute", CASE_MANAGER, PRINCIPAL, data=chosen)


def _disposed_otherwise(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """Dispose of a clue without checking it: talk, hold, or close."""
    signers = (responsible, COMMITTEE, DEPUTY)
    if one.story == "more time":
        yield 38
        stage.do(case, "extend_disposition", PRINCIPAL, reason="反映人外出，暂无法核对情况")
        yield 20
    if one.end == "talk":
        stage.do(case, "dispose_talk_inquiry", *signers, documents=("plan",))
        yield stage.some(6, 11) if not one.late else 20
        stage.do(case, "record_reply", responsible, documents=("talk_record_or_reply",))
        yield stage.some(3, 9)
        if one.story == "asked twice":
            yield from _asked_twice(stage, case, responsible)
            return
        papers = ("inquiry_report", "reply_to_subject")
        stage.do(case, "accept_explanation", responsible, DEPUTY, documents=papers)
    elif one.end == "hold":
        stage.do(case, "dispose_hold", *signers, reason="线索暂不具备核查条件")
        yield from _held(stage, case, one, responsible)
        return
    else:
        stage.do(case, "dispose_close", *signers, reason="经研判，反映问题失实")
        if one.story == "reopened":
            yield stage.some(30, 40)
            stage.do(case, "reopen", PRINCIPAL, documents=("new_evidence",), reason="收到新的证据材料")
            yield stage.some(10, 20)
            stage.do(case, "dispose_close", *signers, reason="新材料与反映问题无关")
    yield from _told(stage, case, one, responsible)


def _asked_twice(stage: Stage, case: str, responsible: Actor) -> Script:
    """Ask again where the explanation convinces nobody, and end with a reminder."""
    stage.do(case, "re_inquire", responsible, DEPUTY, documents=("inquiry_report",))
    yield stage.some(6, 11)
    stage.do(case, "record_reply", responsible, documents=("talk_record_or_reply",))
    yield stage.some(3, 9)
    stage.do(case, "remind", responsible, DEPUTY, documents=("inquiry_report",))


def _told(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """Tell a reporter who gave a name what became of it."""
    yield stage.some(2, 8)
    if one.real_name:
        stage.do(case, "notify_reporter", responsible, documents=("result_notice",))


def _held(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """Look again every half year at what is on hold; some of it is looked at too late."""
    yield 200 if one.number % 7 == 0 else 165
    while True:
        stage.do(case, "review_hold", responsible, DEPUTY, reason="经复查，未发现新的证据")
        yield 165


def _checked(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """Check a clue: a team of two reports, both sign. For whoever heads a lower committee one more approves."""
    team = check_team(one.number)
    chosen = {"team": [member.id for member in team]}
    signers = (responsible, COMMITTEE, DEPUTY, *((COMMITTEE_PRINCIPAL,) if one.heads_committee else ()))
    if one.number % 23 == 0:
        alone = {"team": [team[0].id]}
        stage.refused("guard", case, "dispose_verify", responsible, data=alone, documents=("plan",))
    if one.number % 29 == 0:
        distributor = Actor(CASE_MANAGER.id, {"handler"}, CASE_MANAGER.unit)
        stage.refused("four_eyes", case, "dispose_verify", distributor, data=chosen, documents=("plan",))
    stage.do(case, "dispose_verify", *signers, data=chosen, documents=("plan",))
    yield stage.some(15, 35)
    if one.extended:
        yield 12
        stage.refused("role", case, "extend_verification", responsible, reason="需补充核实")
        stage.do(case, "extend_verification", PRINCIPAL, reason="问题较为复杂，需补充核实")
        yield 25
    elif one.late:
        yield 40
    if one.number % 13 == 0:
        stage.refused("role", case, "report", CASE_MANAGER, documents=("check_report",))
        stage.refused("guard", case, "report", check_team(one.number + 3)[0], documents=("check_report",))
    stage.do(case, "report", team[0], documents=("check_report",))
    if one.number % 13 == 0:
        stage.refused("signature", case, "report", team[0], documents=("check_report",))
    stage.do(case, "report", team[1])
    yield stage.some(2, 4)


def _not_filed(stage: Stage, case: str, one: Clue, responsible: Actor) -> Script:
    """End a checked clue without a case, or keep it on hold."""
    trigger = {"drop": "propose_close", "remind": "propose_remind", "keep": "propose_hold", "pass": "propose_transfer"}
    data = {"target": "县审计局"} if one.end == "pass" else None
    if one.number % 14 == 0:
        stage.refused("reason", case, trigger[one.end], responsible, data=data)
    stage.do(case, trigger[one.end], responsible, PRINCIPAL, data=data, reason="初核情况不构成立案条件")
    if one.end == "keep":
        yield from _held(stage, case, one, responsible)
    elif one.end != "pass":
        yield from _told(stage, case, one, responsible)
        yield from _cleared(stage, case, one)


def _cleared(stage: Stage, case: str, one: Clue) -> Script:
    """Clear the name of somebody who was wrongly accused, wherever the allegation had spread."""
    if one.story not in ("cleared", "malicious"):
        return
    spread = {"spread_in": ["unit", "committee"], "made_known_in": ["unit"]}
    told: dict[str, Any] = {"untrue": True, "harmful": True, "clarification_forms": ["letter_or_meeting"]}
    told |= {"clarification_circle": "所在乡镇全体干部会议"} | spread
    yield stage.some(4, 8)
    stage.refused("guard", case, "clarify", PRINCIPAL, data=told)
    stage.do(case, "clarify", PRINCIPAL, data=told | {"made_known_in": ["unit", "committee"]})
    if one.story == "malicious":
        yield stage.some(10, 20)
        meant = {"untrue": True, "intent": True, "intent_evidence": "伪造签名材料鉴定意见"}
        papers = ("intent_decision", "reporter_statement", "minutes")
        why = "捏造事实，意图使他人受到追究"
        stage.refused("guard", case, "find_malicious", COMMITTEE, data=meant | {"intent": False}, documents=papers,
                      reason=why)  # fmt: skip
        stage.do(case, "find_malicious", Actor("committee-member-2", {"committee"}), _second_principal(),
                 data=meant, documents=papers, reason=why)  # fmt: skip


def _second_principal() -> Actor:
    """Name who stands in for the principal, who has distributed this one."""
    return Actor("principal-2", {"principal"}, PRINCIPAL.unit)
