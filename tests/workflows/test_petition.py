"""The shipped petition: four dispositions, the check, the filing, and what nobody can do in it."""

from __future__ import annotations

import pytest

from accountability import Actor
from tests.workflows.office import Office, person

PROPOSE = ["han", "hui", "deng"]


def test_a_repeat_is_linked_to_the_earlier_petition(office: Office):
    """It is closed as a petition received, and says to which it belongs."""
    case = office.do(office.registered(), "link_repeat", "wang", repeat_of="2015-003")
    assert (case.state, case.closed, case.data["repeat_of"]) == ("merged", True, "2015-003")


@pytest.mark.parametrize("trigger", ["send_up", "send_elsewhere"])
def test_a_petition_for_another_organ_is_passed_on(office: Office, trigger: str):
    """It says to whom."""
    assert office.refused(office.registered(), trigger, "wang") == {"data"}
    case = office.do(office.registered(), trigger, "wang", target="city commission")
    assert (case.state, case.closed) == ("transferred", True)


def test_a_rejection_takes_two_signatures_a_ground_and_reasons(office: Office):
    """The officer alone cannot turn anybody away."""
    case = office.registered()
    assert office.refused(case, "reject", "wang", ground="no_substance") == {"reason"}
    case = office.do(case, "reject", "wang", reason="no facts are named", ground="no_substance")
    assert case.state == "registered"
    case = office.do(case, "reject", "deng", reason="no facts are named", ground="no_substance")
    assert (case.state, case.closed) == ("not_accepted", True)


def test_a_real_name_reporter_is_told_of_a_rejection(office: Office):
    """Only a real-name one: nobody else can be."""
    for real_name in (True, False):
        case = office.registered(real_name=real_name)
        case = office.do(case, "reject", ["wang", "deng"], reason="for the court", ground="judicial_route")
        if real_name:
            office.do(case, "notify_reporter", "wang", "rejection_notice", reporter_objection="it is not")
        else:
            assert office.refused(case, "notify_reporter", "wang", "rejection_notice") == {"guard"}


@pytest.mark.parametrize(
    ("trigger", "people", "given", "reason"),
    [
        ("accept", "wang", {}, None),
        ("link_repeat", "wang", {"repeat_of": "2015-003"}, None),
        ("send_elsewhere", "wang", {"target": "county court"}, None),
        ("reject", "wang", {"ground": "no_substance"}, "no facts"),
    ],
)
def test_a_report_about_the_own_principal_can_only_go_up(office: Office, trigger, people, given, reason):
    """No local processing is possible; it goes straight to the superior organ."""
    case = office.registered(about_own_principal=True)
    assert office.refused(case, trigger, people, reason=reason, **given) == {"guard"}
    assert office.do(case, "send_up", "wang", target="city commission").state == "transferred"


def test_what_turns_out_to_be_about_the_principal_goes_up_from_wherever_it_is(office: Office):
    """Also once it has been given to a handler."""
    case = office.do(office.assigned(), "send_up", "wang", target="city commission")
    assert case.state == "transferred"


def test_a_real_name_reporter_is_told_of_the_acceptance_once(office: Office):
    """An anonymous one is not, and nobody is told twice."""
    case = office.assigned(real_name=True)
    office.do(case, "notify_acceptance", "wang", "acceptance_notice")
    assert office.refused(case, "notify_acceptance", "wang", "acceptance_notice") == {"guard"}
    assert office.refused(office.assigned(), "notify_acceptance", "wang", "acceptance_notice") == {"guard"}


def test_case_management_distributes_and_the_principal_approves(office: Office):
    """One signature is not enough, and neither may choose the own person or one with a conflict."""
    case = office.do(office.registered(), "accept", "wang")
    given = {"handler": "han", "no_conflict": True, "heads_lower_committee": False}
    assert office.refused(case, "distribute", "guan", **(given | {"handler": "guan"})) == {"guard"}
    assert office.refused(case, "distribute", "guan", **(given | {"no_conflict": False})) == {"guard"}
    assert office.do(case, "distribute", "guan", **given).state == "accepted"
    both = Actor("guan", roles={"case_manager", "principal"})
    assert office.refused(case, "distribute", both, **given) == {"signature"}
    assert office.do(case, "distribute", "pan", **given).state == "assigned"


@pytest.mark.parametrize(
    ("trigger", "documents", "given", "reason", "state"),
    [
        ("dispose_talk_inquiry", ["plan"], {}, None, "inquiring"),
        ("dispose_verify", ["plan"], {"team": ["che1", "che2"]}, None, "checking"),
        ("dispose_hold", [], {}, "a witness is abroad", "held"),
        ("dispose_close", [], {}, "nothing is left to check", "closed_no_case"),
    ],
)
def test_each_of_the_four_dispositions_takes_handler_meeting_and_leader(
    office: Office, trigger, documents, given, reason, state
):
    """The handler proposes; collective study and the leader in charge approve; all three are different people."""
    case = office.assigned()
    for number, one in enumerate(PROPOSE, start=1):
        assert office.now(case).state == "assigned"
        case = office.do(case, trigger, one, *documents, reason=reason, **given)
        assert (case.state == state) == (number == 3)


def test_only_the_handler_it_was_given_to_proposes(office: Office):
    """Another handler cannot take it over."""
    assert office.refused(office.assigned(), "dispose_close", person("other", "handler"), reason="x") == {"guard"}


def test_who_distributed_cannot_handle(office: Office):
    """Case management and handling are separate, whatever roles one person holds."""
    case = office.assigned()
    assert "four_eyes" in office.refused(case, "dispose_close", person("guan", "handler"), reason="x")
    assert "four_eyes" in office.refused(case, "dispose_close", person("guan", "deputy_leader"), reason="x")


@pytest.mark.parametrize("team", [["che1"], ["che1", "che1"], [f"che{number}" for number in range(6)]])
def test_a_check_team_has_two_to_five_different_members(office: Office, team: list[str]):
    """Nobody checks alone."""
    assert office.refused(office.assigned(), "dispose_verify", "han", "plan", team=team) == {"guard"}


def test_checking_a_head_of_a_lower_committee_needs_the_party_committees_principal(office: Office):
    """The fourth signature is asked for then, and only then."""
    case = office.assigned(heads=True)
    case = office.do(case, "dispose_verify", PROPOSE, "plan", team=["che1", "che2"])
    assert case.state == "assigned"
    assert office.do(case, "dispose_verify", "shu", "plan", team=["che1", "che2"]).state == "checking"
    plain = office.assigned()
    assert "guard" in office.refused(plain, "dispose_verify", "shu", "plan", team=["che1", "che2"])


def test_a_hold_is_reviewed_by_handler_and_leader_with_reasons(office: Office):
    """It is kept on hold, and the next review is due six months later."""
    case = office.do(office.assigned(), "dispose_hold", PROPOSE, reason="a witness is abroad")
    assert office.refused(case, "review_hold", "han") == {"reason"}
    assert office.refused(case, "review_hold", person("other", "handler"), reason="x") == {"guard"}
    before = office.deadline(case, "hold_review")
    office.clock.advance(days=30)
    case = office.do(case, "review_hold", ["han", "deng"], reason="the witness is still abroad")
    after = office.deadline(case, "hold_review")
    assert (case.state, before.status, after.status) == ("held", "running", "running")
    assert before.due < after.due


def test_a_hold_is_taken_up_again_on_new_evidence(office: Office):
    """By case management, which then cannot handle it."""
    case = office.do(office.assigned(), "dispose_hold", PROPOSE, reason="a witness is abroad")
    assert office.refused(case, "reopen", "guan", reason="the witness came back") == {"document"}
    case = office.do(case, "reopen", "guan", "new_evidence", reason="the witness came back")
    assert case.state == "assigned"
    assert office.do(case, "dispose_close", PROPOSE, reason="it was nothing").state == "closed_no_case"


@pytest.mark.parametrize(
    ("trigger", "documents", "given", "state"),
    [
        ("accept_explanation", ["inquiry_report", "reply_to_subject"], {}, "closed_no_case"),
        ("remind", ["inquiry_report"], {}, "reminded"),
        ("re_inquire", ["inquiry_report"], {}, "inquiring"),
        ("verify", ["inquiry_report", "plan"], {"team": ["che1", "che2"]}, "checking"),
    ],
)
def test_an_inquiry_ends_in_four_ways(office: Office, trigger, documents, given, state):
    """The handler proposes with a report, the leader in charge approves."""
    case = office.do(office.assigned(), "dispose_talk_inquiry", PROPOSE, "plan")
    assert "document" in office.refused(case, trigger, "han", *documents[1:], **given)
    case = office.do(case, trigger, "han", *documents, **given)
    assert case.state == "inquiring"
    assert office.do(case, trigger, "deng", *documents, **given).state == state


def test_the_check_report_is_signed_by_every_member_of_the_team(office: Office):
    """Three of three, and nobody else."""
    case = office.do(office.assigned(), "dispose_verify", PROPOSE, "plan", team=["che1", "che2", "che3"])
    assert "guard" in office.refused(case, "report", person("stranger", "check_team"), "check_report")
    for one in ("che1", "che2"):
        case = office.do(case, "report", one, "check_report")
        assert case.state == "checking"
    assert "signature" in office.refused(case, "report", "che1", "check_report")
    assert office.do(case, "report", "che3", "check_report").state == "check_reported"


@pytest.mark.parametrize(
    ("trigger", "given", "state"),
    [
        ("propose_close", {}, "closed_no_case"),
        ("propose_remind", {}, "reminded"),
        ("propose_hold", {}, "held"),
        ("propose_transfer", {"target": "procuratorate"}, "transferred"),
    ],
)
def test_after_the_check_the_handler_proposes_and_the_principal_decides(office: Office, trigger, given, state):
    """Two people, whatever roles one of them holds."""
    case = office.do(office.checked(), trigger, "han", reason="as reported", **given)
    assert case.state == "check_reported"
    both = Actor("han", roles={"handler", "principal"})
    assert office.refused(case, trigger, both, reason="as reported", **given) == {"signature"}
    assert office.do(case, trigger, "pan", reason="as reported", **given).state == state


def test_a_case_is_filed_by_two_approvals_in_their_order(office: Office):
    """First the principal, then the principal of the party committee; the case is there at once, with its persons."""
    case = office.proposed("张三", "李四")
    assert office.refused(case, "approve_filing", "shu") == {"role"}
    case = office.do(case, "approve_filing", "pan")
    assert case.state == "filing_pending.with_committee"
    assert office.children(case, "case") == []
    case = office.do(case, "approve_filing", "shu")
    assert (case.state, case.closed) == ("filed", True)
    child = office.now(office.child(case, "case"))
    assert (child.workflow, child.state, child.parent) == ("case", "filed", case.id)
    assert [one.state for one in child.children] == ["named", "named"]


def test_who_proposed_or_checked_cannot_approve_the_filing(office: Office):
    """Four eyes hold against people, not against roles."""
    case = office.proposed()
    assert office.refused(case, "approve_filing", person("han", "principal")) == {"four_eyes"}
    assert office.refused(case, "approve_filing", person("che1", "principal")) == {"four_eyes"}
    case = office.do(case, "approve_filing", "pan")
    assert office.refused(case, "approve_filing", person("pan", "committee_principal")) == {"four_eyes"}


def test_a_refused_filing_goes_back_with_reasons(office: Office):
    """Either of the two who approve may refuse; the first approval counts no more."""
    case = office.proposed()
    assert office.refused(case, "refuse_filing", "pan") == {"reason"}
    case = office.do(case, "refuse_filing", "pan", reason="one fact is not proved")
    assert case.state == "check_reported"
    case = office.do(case, "propose_file", "han", "filing_report", subjects=["张三"])
    case = office.do(case, "approve_filing", "pan")
    case = office.do(case, "refuse_filing", "shu", reason="not yet")
    assert case.state == "check_reported"
    case = office.do(case, "propose_file", "han", "filing_report", subjects=["张三"])
    assert case.state == "filing_pending.with_principal"


def test_a_filing_names_somebody(office: Office):
    """A case about nobody cannot be filed."""
    assert office.refused(office.checked(), "propose_file", "han", "filing_report", subjects=[]) == {"guard"}


def test_a_name_is_cleared_where_the_allegation_was_untrue_and_did_harm(office: Office):
    """In at least one form, in a stated circle, by the principal."""
    case = office.do(office.assigned(), "dispose_close", PROPOSE, reason="untrue")
    given = {
        "untrue": True,
        "harmful": True,
        "clarification_forms": ["notice_in_circle"],
        "clarification_circle": "all",
        "spread_in": ["unit"],
        "made_known_in": ["unit", "committee"],
    }
    assert office.refused(case, "clarify", "pan", **(given | {"clarification_forms": []})) == {"guard"}
    assert office.refused(case, "clarify", "pan", **(given | {"untrue": False})) == {"guard"}
    case = office.do(case, "clarify", "pan", **given)
    assert (case.state, case.closed) == ("cleared", True)


def test_a_closed_petition_is_reopened_on_new_evidence_by_the_principal_alone(office: Office):
    """Case management may do that for what was on hold only."""
    case = office.do(office.assigned(), "dispose_close", PROPOSE, reason="nothing found")
    assert office.refused(case, "reopen", "guan", "new_evidence", reason="new") == {"role"}
    case = office.do(case, "reopen", "pan", "new_evidence", reason="new")
    assert (case.state, case.closed) == ("assigned", False)


def test_the_reporter_is_seen_by_the_custodian_alone(office: Office):
    """Neither petition officer, handler nor principal, nor the record, shows who reported."""
    case = office.assigned(real_name=True, petitioner="赵六", content="他不上班")
    seen = office.engine.case(case.id, by=person("keeper", "custodian")).data
    assert seen["petitioner"] == "赵六"
    for name in ("wang", "han", "pan", "guan", "hui"):
        assert "petitioner" not in office.engine.case(case.id, by=person(name)).data
    assert office.engine.case(case.id, by=person("han")).data["content"] == "他不上班"
    for entry in office.engine.history(case.id):
        assert "赵六" not in str(entry.as_json())
        assert "他不上班" not in str(entry.as_json())


def test_a_reporter_who_acts_stands_in_the_record_by_the_number_that_the_office_gave(office: Office):
    """Who acts is named in every entry: by the number, never by the name, which stands withheld beside it."""
    reporter = Actor("R-017", roles={"petitioner"})
    told = {"source": "petition", "real_name": True, "petitioner": "赵六"}
    case = office.engine.start("petition", by=reporter, data=told)
    done = {"adverse_measure": "赵六被调离岗位", "measure_unit": "county school"}
    office.do(case, "ask_protection", reporter, **done)

    entries = [entry.as_json() for entry in office.engine.history(case.id)]
    assert [str(entry).count("R-017") > 0 for entry in entries] == [True] * len(entries)
    assert not [entry for entry in entries if "赵六" in str(entry)]


def test_the_reporter_is_protected_at_any_time(office: Office):
    """It changes no state, and what is done is not shown around."""
    case = office.do(office.assigned(), "protect", "deng", protection="moved to another office")
    assert case.state == "assigned"
    assert "protection" not in office.now(case).data


def test_who_is_kept_off_cannot_act_until_somebody_else_rules(office: Office):
    """A recusal holds from the moment it is declared; neither the person nor who asked rules on it."""
    case = office.assigned()
    office.do(case, "recuse", "han", reason="a relative of the person", actor="han")
    assert office.refused(case, "dispose_close", "han", reason="x") == {"recused"}
    office.refused(case, "recuse", "han", reason="no", actor="han", ruling="admitted")
    office.do(case, "recuse", "pan", reason="no relative", actor="han", ruling="admitted")
    office.do(case, "dispose_close", "han", reason="nothing left")
