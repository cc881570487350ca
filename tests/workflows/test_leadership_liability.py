"""The shipped pursuit of leaders: both dual investigations, and a decision for each leader."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.office import DECISION, Office, person

FINDINGS = [
    {"post": "head of the bureau", "person": "boss", "liability": "main", "level": 0},
    {"post": "leader in charge", "person": "vice", "liability": "important", "level": 2},
]
MEASURES = [
    {"post": "head of the bureau", "outcome": "measure", "level": 0, "reasons": "did not look after the clinics"},
    {"post": "leader in charge", "outcome": "exempt_honest_error", "reasons": "tried a new roster"},
]
OPEN = {"dual_decision": "open", "unit": "county health bureau", "duty_kind": "principal", "acted_on": "2014-11-03"}
VOTES = {name: value for name, value in DECISION.items() if name != "found_facts"} | {"time_bar": "lifelong"}


def opened(office: Office) -> str:
    """A pursuit opened from a case that six village doctors are in."""
    case = office.announced(*(f"doctor {number}" for number in range(1, 7)), real_name=False)
    in_office(office)
    office.do(case, "decide_dual", "pan", "dual_decision", reason="absences for months", **OPEN)
    return office.child(case, "liability")


def in_office(office: Office) -> None:
    """The bureau and its two leaders in the registers."""
    by, unit = person("tai"), "county health bureau"
    if any(office.engine.cases(workflow="organisation")):
        return
    office.engine.start("organisation", by=by, data={"code": unit, "name": unit, "kind": "department"})
    for post, holder in (("principal_leader", "boss"), ("leader_in_charge", "vice")):
        data = {"unit": unit, "post": post, "holder": holder, "since": "2013-05-06"}
        office.engine.start("tenure", by=by, data=data)


def recorded(office: Office) -> str:
    """A pursuit whose findings are written down."""
    liability = opened(office)
    office.do(liability, "appoint", "guan", team=["inv8", "inv9"], chain=["boss", "vice"])
    return office.do(liability, "record_findings", investigator("inv8"), findings=FINDINGS).id


def investigator(name: str) -> Any:
    """Somebody of the fact-finding team."""
    return person(name, "investigator")


def heard(office: Office) -> str:
    """A pursuit in which the leaders were heard."""
    liability = recorded(office)
    office.do(liability, "propose", [investigator("inv8"), investigator("inv9")], "fact_report")
    points = [
        {"post": one["post"], "point": "new in office", "verified": True, "why": "since January"} for one in FINDINGS
    ]
    papers = ("facts_record", "statement")
    return office.do(liability, "tell_and_hear", investigator("inv8"), *papers, points=points).id


def decide(office: Office, liability: str, measures: list[dict[str, Any]], by: str = "hui") -> Any:
    """The committee decides."""
    return office.do(liability, "decide", by, "decision", "minutes", decisions=measures, **VOTES)


def test_leaders_are_pursued_from_the_decision_to_open_to_the_close(office: Office):
    """The seed's own case: six doctors absent, two leaders of the bureau reminded."""
    liability = heard(office)
    assert decide(office, liability, MEASURES).state == "decided"
    office.do(liability, "serve", "off", "service_receipt", "appeal_notice", served_on="2015-07-01")
    office.do(liability, "execute", "unit", "proof_of_execution")
    assert office.words(liability, "close", "guan") == "The leaders may still appeal."
    office.clock.set(office.deadline(liability, "appeal").until)
    case = office.do(liability, "close", "guan")
    assert (case.state, case.closed) == ("closed", True)
    assert office.now(case.parent or "").children[-1].state == "closed"


def test_the_decision_to_open_names_unit_and_duty(office: Office):
    """Without them it is no decision to open; a decision not to open names none."""
    case = office.announced()
    paper = "dual_decision"
    office.refused(case, "decide_dual", "pan", paper, reason="r", dual_decision="open")
    office.refused(case, "decide_dual", "pan", paper, reason="r", **(OPEN | {"dual_decision": "not_open"}))
    assert office.refused(case, "decide_dual", "pan", reason="r", **OPEN) >= {"document"}
    assert office.children(case, "liability") == []


def test_leaders_are_pursued_once_and_the_decision_to_is_not_taken_back(office: Office):
    """Not to pursue may be reconsidered, to pursue may not."""
    case = office.announced()
    office.do(case, "decide_dual", "pan", "dual_decision", reason="no leader's part", dual_decision="not_open")
    office.do(case, "decide_dual", "pan", "dual_decision", reason="new facts", **OPEN)
    office.refused(case, "decide_dual", "pan", "dual_decision", reason="again", **OPEN)
    office.refused(case, "decide_dual", "pan", "dual_decision", reason="no", dual_decision="not_open")
    assert len(office.children(case, "liability")) == 1


def test_the_case_may_close_before_the_pursuit_of_its_leaders(office: Office):
    """Its decision must exist, its outcome need not."""
    case = office.decided()
    office.executed(office.child(case, "subjects"))
    office.do(case, "decide_dual", "pan", "dual_decision", reason="months", **OPEN)
    assert office.do(case, "close", ["guan", "pan"], "closure_report").closed
    assert not office.now(office.child(case, "liability")).closed


@pytest.mark.parametrize("who", ["pan", "top"])
def test_an_error_of_the_handlers_is_pursued_also_after_the_close(office: Office, who: str):
    """The other dual investigation, from within or from above."""
    case = office.decided()
    office.executed(office.child(case, "subjects"))
    office.do(case, "decide_dual", "pan", "dual_decision", reason="none", dual_decision="not_open")
    office.do(case, "close", ["guan", "pan"], "closure_report")
    office.do(case, "find_handler_error", who, reason="a witness was pressed", handling_unit="third office")
    liability = office.now(office.child(case, "handler_liability"))
    assert (liability.data["kind"], liability.data["unit"]) == ("handler_error", "third office")
    assert next(office.engine.history(liability.id)).actor == person(who)
    assert office.refused(case, "find_handler_error", who, reason="again", handling_unit="third office") == {"guard"}
    case_investigator = [person("inv1", "investigator"), person("inv9", "investigator")]
    office.do(liability, "appoint", "guan", team=["inv1", "inv9"], chain=["boss"])
    office.do(liability, "record_findings", case_investigator[1], findings=FINDINGS)
    assert office.refused(liability, "propose", case_investigator[0], "fact_report") == {"four_eyes"}


@pytest.mark.parametrize(
    ("team", "chain"), [(["inv8"], []), (["inv8", "inv8"], []), (["inv8", "boss"], ["boss"]), (["guan", "inv8"], [])]
)
def test_the_team_is_two_people_from_outside_the_unit(office: Office, team: list[str], chain: list[str]):
    """Nobody from its line of command, nor case management."""
    assert office.refused(opened(office), "appoint", "guan", team=team, chain=chain) == {"guard"}


def test_new_findings_void_the_signatures_on_the_old_ones(office: Office):
    """Nobody is bound by what was changed after signing."""
    liability = recorded(office)
    office.do(liability, "propose", investigator("inv8"), "fact_report")
    office.do(liability, "record_findings", investigator("inv9"), findings=FINDINGS[:1])
    case = office.do(liability, "propose", investigator("inv9"), "fact_report")
    assert case.state == "fact_finding.recorded"
    assert office.do(liability, "propose", investigator("inv8"), "fact_report").state == "class_proposed"


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [{"post": "head", "liability": "main"}],
        [{"post": "head", "liability": "none", "level": 1}],
        [{"liability": "none"}],
    ],
)
def test_each_leader_has_a_post_a_class_and_a_measure_proposed(office: Office, findings: list[dict[str, Any]]):
    """No measure where there is no liability."""
    liability = opened(office)
    office.do(liability, "appoint", "guan", team=["inv8", "inv9"], chain=[])
    assert office.refused(liability, "record_findings", investigator("inv8"), findings=findings) == {"guard"}


@pytest.mark.parametrize(
    ("measures", "word"),
    [
        (MEASURES[:1], "one decision on each leader"),
        ([MEASURES[0], MEASURES[0]], "one decision on each leader"),
        ([{**MEASURES[0], "level": 1}, MEASURES[1]], "heavier"),
        ([{**MEASURES[0], "outcome": "no_liability"}, MEASURES[1]], "outcome, reasons"),
        ([{"post": "head of the bureau", "outcome": "no_liability"}, MEASURES[1]], "outcome, reasons"),
    ],
)
def test_each_leader_gets_a_reasoned_decision_no_heavier_than_told(office: Office, measures, word: str):
    """A measure has a level, an exemption has none."""
    liability = heard(office)
    given = {"decisions": measures, **VOTES}
    assert word in office.words(liability, "decide", "hui", "decision", "minutes", **given)


def test_who_opened_or_found_does_not_decide(office: Office):
    """Nor who handled the case from which it was opened."""
    liability = heard(office)
    for name in ("inv8", "pan", "inv1", "guan"):
        given = {"decisions": MEASURES, **VOTES}
        reasons = office.refused(liability, "decide", person(name, "committee"), "decision", "minutes", **given)
        assert reasons == {"four_eyes"}


def test_a_pursuit_is_discontinued_with_reasons(office: Office):
    """Before a class of liability is proposed, not after."""
    assert office.refused(opened(office), "discontinue", "pan", "decision") == {"reason"}
    assert office.do(recorded(office), "discontinue", "pan", "decision", reason="the unit was dissolved").closed
    assert office.refused(heard(office), "discontinue", "pan", "decision", reason="late") == {"state"}
