"""Due process: reporters' protection and identity, interference, recusal; and ordinary petitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from accountability.audit.entry import Actor
from accountability.demonstration.people import (
    CASE_MANAGER,
    CUSTODIAN,
    DEPUTY,
    OFFICER,
    PRINCIPAL,
    PROTECTION_ASSESSOR,
    STRANGER,
    of,
)
from accountability.demonstration.stage import Script, Stage


def _identity_read(stage: Stage, case: str, responsible: Actor) -> Script:
    """Ask who the reporter is, be allowed to, and read it."""
    stage.do(case, "keep_identity", CUSTODIAN, data={"petitioner": "举报人（化名）"})
    request = _asked_for(stage, case, responsible, "需向举报人核实取证线索")
    yield stage.some(1, 3)
    stage.refused("role", request, "authorise", PRINCIPAL, data={"purpose": "verify_evidence"}, reason="同意")
    stage.do(request, "authorise", CUSTODIAN, data={"purpose": "verify_evidence"}, reason="确有核实需要")
    yield stage.some(0, 2)
    stage.refused("four_eyes", request, "read_identity", DEPUTY, documents=("reading_record",))
    stage.do(request, "read_identity", responsible, documents=("reading_record",))


def _identity_denied(stage: Stage, case: str, responsible: Actor) -> Script:
    """Ask who the reporter is, and not be told."""
    request = _asked_for(stage, case, responsible, "想了解举报人情况")
    yield stage.some(1, 3)
    stage.refused("reason", request, "deny", CUSTODIAN)
    stage.do(request, "deny", CUSTODIAN, reason="与核查工作无关，不予查阅")


def _identity_unanswered(stage: Stage, case: str, responsible: Actor) -> Script:
    """Ask, and hear nothing: the request lapses by itself."""
    _asked_for(stage, case, responsible, "拟回访举报人")
    yield from ()


def _asked_for(stage: Stage, case: str, responsible: Actor, why: str) -> str:
    stage.refused("role", case, "request_identity", STRANGER, data={"why_identity": why})
    stage.do(case, "request_identity", responsible, data={"why_identity": why})
    return stage.children(case, "identity_requests")[-1]


def _protected(stage: Stage, case: str, _: Actor) -> Script:
    """Ask for protection; the unit is silent, which counts against it."""
    request = _protection(stage, case)
    yield stage.some(3, 6)
    stage.refused("guard", request, "assess", PROTECTION_ASSESSOR, data={"unit_proved_otherwise": True},
                  documents=("assessment",))  # fmt: skip
    yield 16
    found = {"unit_proved_otherwise": False}
    stage.do(request, "assess", PROTECTION_ASSESSOR, data=found, documents=("assessment",))
    yield stage.some(1, 4)
    given = {"protection": ["measure_withdrawn", "post_restored", "confidentiality"]}
    stage.refused("role", request, "grant", CASE_MANAGER, data=given)
    stage.do(request, "grant", PRINCIPAL, data=given)
    yield stage.some(60, 75)
    stage.do(request, "report_new_measure", OFFICER, data={"measure": "取消年度评优资格", "unit": "T05"})
    yield 18
    stage.do(request, "assess", PROTECTION_ASSESSOR, data=found, documents=("assessment",))
    yield stage.some(1, 4)
    stage.do(request, "grant", PRINCIPAL, data={"protection": ["measure_withdrawn"]})


def _not_protected(stage: Stage, case: str, _: Actor) -> Script:
    """Ask for protection; the unit proves that its measure has nothing to do with the report."""
    request = _protection(stage, case)
    yield stage.some(3, 8)
    said = {"justification": "该岗位调整属全县统一轮岗，早于举报"}
    stage.refused("guard", request, "justify", of("T01", "T01-office", "unit"), data=said, documents=("unit_evidence",))
    stage.do(request, "justify", of("T05", "T05-office", "unit"), data=said, documents=("unit_evidence",))
    yield stage.some(3, 8)
    found = {"unit_proved_otherwise": True}
    stage.do(request, "assess", PROTECTION_ASSESSOR, data=found, documents=("assessment",))
    yield stage.some(1, 4)
    stage.do(request, "refuse", PRINCIPAL, reason="岗位调整与举报无因果关系")


def _protection(stage: Stage, case: str) -> str:
    asked = {"adverse_measure": "举报后被调离原岗位", "measure_unit": "T05"}
    stage.do(case, "ask_protection", OFFICER, data=asked)
    (request,) = stage.children(case, "protections")
    return request


def _interference(stage: Stage, case: str, responsible: Actor) -> Script:
    """Put on record that somebody asked about a case, or put in a word for somebody."""
    stage.do(case, "report_interference", responsible, data={"interference": "某单位工作人员来电打听核查进展"})
    yield stage.some(2, 5)
    stage.do(case, "note", DEPUTY, reason="已向有关单位作出提醒")
    stage.do(case, "protect", OFFICER, data={"protection": "材料专人保管，不转基层单位"})


def _recused(stage: Stage, case: str, responsible: Actor) -> Script:
    """Ask that a handler be kept off; whoever asks does not rule, and the handler may act again once admitted."""
    stage.do(case, "recuse", DEPUTY, data={"actor": responsible.id}, reason="与被反映人系同学关系")
    stage.refused("recused", case, "report_interference", responsible, data={"interference": "无"})
    ruling = {"actor": responsible.id, "ruling": "admitted"}
    stage.refused("four_eyes", case, "recuse", DEPUTY, data=ruling, reason="无影响")
    stage.do(case, "recuse", PRINCIPAL, data=ruling, reason="经核实不存在可能影响公正的关系")
    yield from ()


def _unknown(stage: Stage, case: str, _: Actor) -> Script:
    """Try what no workflow knows, and what only the engine does."""
    stage.refused("unknown", case, "delete", OFFICER)
    stage.refused("state", case, "owe_result_notice", PRINCIPAL)
    stage.refused("role", case, "note", STRANGER, reason="想了解进展")
    yield from ()


STORIES: Mapping[str, Callable[[Stage, str, Actor], Script]] = {
    "identity read": _identity_read,
    "identity denied": _identity_denied,
    "identity unanswered": _identity_unanswered,
    "protected": _protected,
    "not protected": _not_protected,
    "interference": _interference,
    "recused": _recused,
    "unknown": _unknown,
}
"""What may happen beside a petition, given the stage, the case, and who handles it."""


def ordinary_petition(stage: Stage, number: int, end: str) -> Script:
    """Answer a petition that accuses nobody: decided, reviewed, re-reviewed after a hearing; or not accepted."""
    asks = Actor(f"petitioner-{number}", {"petitioner"})
    case = stage.start("petition_general", asks, {"matter": f"反映生活困难事项（第{number}件）"})
    yield stage.some(1, 4)
    known = {"number": f"2015-general-{number:03}", "accuses": end == "accusation", "concluded_before": False}
    stage.do(case, "register", OFFICER, data=known)
    yield stage.some(1, 3)
    if end == "accusation":
        stage.refused("guard", case, "route", OFFICER, data={"office_unit": "D37"})
        ground, why = {"ground": "accusation"}, "属检举控告，转纪检机关办理"
        stage.do(case, "not_accept", OFFICER, data=ground, documents=("rejection_notice",), reason=why)
        return
    if end == "misrouted":
        stage.do(case, "route", OFFICER, data={"office_unit": "D32"})
        yield stage.some(1, 3)
        stage.do(case, "object_to_routing", of("D32", "D32-office", "office"), documents=("objection",),
                 reason="属住房和城乡建设局职责")  # fmt: skip
        yield 1
    stage.do(case, "route", OFFICER, data={"office_unit": "D37"})
    office, head = of("D37", "D37-office", "office"), of("D37", "D37-deputy", "head")
    yield stage.some(3, 9)
    stage.do(case, "accept", office, documents=("acceptance_notice",))
    yield from _answered(stage, case, office, head, end)
    if end == "re-reviewed":
        yield from _re_reviewed(stage, case, asks)


def _answered(stage: Stage, case: str, office: Actor, head: Actor, end: str) -> Script:
    yield stage.some(25, 50)
    if end == "misrouted":
        stage.refused("reason", case, "extend_answer", head)
        stage.do(case, "extend_answer", head, reason="情况复杂，需实地勘测")
        yield 25
    elif end == "late":
        yield 45
    opinion = {"opinion": "partly"}
    papers = ("written_opinion",)
    stage.do(case, "decide", office, head, data=opinion, documents=papers, reason="部分诉求符合政策")


def _re_reviewed(stage: Stage, case: str, asks: Actor) -> Script:
    papers, why = ("written_opinion",), "原处理意见适当"
    yield stage.some(5, 20)
    other = Actor("petitioner-99", {"petitioner"})
    stage.refused("four_eyes", case, "ask_review", other, documents=("review_application",))
    stage.do(case, "ask_review", asks, documents=("review_application",))
    yield stage.some(10, 25)
    above = of("county-government", "county-reviewer-1", "superior")
    stage.do(case, "review", above, data={"review_opinion": "upheld"}, documents=papers, reason=why)
    yield stage.some(5, 20)
    stage.do(case, "ask_re_review", asks, documents=("re_review_application",))
    highest = of("city-government", "city-reviewer-9", "highest")
    yield stage.some(5, 10)
    stage.do(case, "hold_hearing", highest, documents=("hearing_notice",))
    yield 14
    stage.do(case, "end_hearing", highest, documents=("hearing_record",))
    yield stage.some(3, 8)
    found = {"re_review_opinion": "changed"}
    stage.do(case, "re_review", highest, data=found, documents=papers, reason="予以适当救助")
