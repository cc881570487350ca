"""The shipped case and its persons: told, heard, decided, closed; and the dual investigation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accountability import Actor, Refused
from tests.workflows.office import DECISION, HEARING, TOLD, Office, person


def close(office: Office, case: str) -> str:
    """Close a case; give its state."""
    return office.do(case, "close", ["guan", "pan"], "closure_report").state


def not_pursued(office: Office, case: str) -> None:
    """Decide that leaders are not pursued."""
    office.do(case, "decide_dual", "pan", "dual_decision", reason="no leader's part", dual_decision="not_open")


def test_a_case_runs_from_its_filing_to_its_close(office: Office):
    """Two persons, one sanctioned and one criticised in a circular; then nothing is open but the periods of effect."""
    case = office.deliberating("张三", "李四")
    first, second = office.children(case, "subjects")
    office.sanction(first, 6)
    office.sanction(second, 4)
    office.do(case, "decide", "hui", "minutes")
    not_pursued(office, case)
    office.executed(first)
    office.executed(second)
    assert close(office, case) == "closed"
    assert office.engine.verify().ok


@pytest.mark.parametrize("workflow", ["case", "subject", "leadership_liability"])
def test_nobody_opens_a_case_by_hand(office: Office, workflow: str):
    """A case exists by an approved filing, a person's track by a case, a pursuit of leaders by a case or a duty."""
    everybody = Actor("pan", roles={"principal", "committee", "committee_principal", "case_manager"})
    data = {
        "case": {"petition_number": "1", "real_name": False, "subjects": ["x"]},
        "subject": {"name": "x"},
        "leadership_liability": {"kind": "unit_leaders", "unit": "bureau", "duty_kind": "principal"},
    }[workflow]
    with pytest.raises(Refused):
        office.engine.start(workflow, by=everybody, data=data)


def test_the_filing_is_announced_by_two_after_everybody_was_notified(office: Office):
    """Nobody learns of the own case last."""
    case = office.filed("张三", "李四")
    first, second = office.children(case, "subjects")
    office.do(first, "notify", ["inv1", "inv2"], "filing_notice", **TOLD)
    papers = ("notice_to_subject", "notice_to_unit")
    assert office.refused(case, "announce", "inv1", *papers) == {"guard"}
    one = office.do(second, "notify", "inv1", "filing_notice", **TOLD)
    assert one.state == "named"
    assert office.refused(second, "notify", "inv1", "filing_notice", **TOLD) == {"signature"}
    office.do(second, "notify", "inv2", "filing_notice", **TOLD)
    assert office.do(case, "announce", "inv1", *papers).state == "filed"
    assert office.do(case, "announce", "inv2", *papers).state == "investigating"


def test_one_investigator_is_not_enough(office: Office):
    """The notice names at least two, and only those sign it."""
    [subject] = office.children(office.filed(), "subjects")
    assert "guard" in office.refused(subject, "notify", "inv1", "filing_notice", **TOLD | {"investigators": ["inv1"]})
    assert "guard" in office.refused(subject, "notify", "inv3", "filing_notice", **TOLD)


def test_the_facts_are_shown_before_the_case_is_handed_over(office: Office):
    """Nobody is tried on facts they have not seen."""
    case = office.announced()
    papers = ("investigation_report", "subject_comments")
    assert office.refused(case, "hand_over", "inv1", *papers) == {"guard"}
    assert office.refused(case, "hand_over", "inv1", papers[0]) == {"document", "guard"}


def test_everybody_is_heard_before_the_trial_report(office: Office):
    """Heard, or having waived it."""
    case = office.told("张三", "李四")
    office.do(case, "hand_over", "inv1", "investigation_report", "subject_comments")
    first, second = office.children(case, "subjects")
    office.do(first, "hear", "adj1", "statement", **HEARING)
    assert office.refused(case, "submit", "adj1", "trial_report") == {"guard"}
    office.do(second, "waive", "ren", "waiver")
    office.do(case, "submit", ["adj1", "adj2"], "trial_report")


def test_each_point_of_the_defence_is_answered(office: Office):
    """Whether it is true, and why."""
    [subject] = office.children(office.told(), "subjects")
    for wrong in ([{"point": "illness", "verified": True}], [{"point": "illness", "verified": False, "why": ""}]):
        assert office.refused(subject, "hear", "adj1", "statement", **HEARING | {"points": wrong}) == {"guard"}


def test_investigators_cannot_adjudicate(office: Office):
    """Neither in the case nor on a person, whatever roles one person holds."""
    case = office.told()
    [subject] = office.children(case, "subjects")
    office.do(case, "hand_over", "inv1", "investigation_report", "subject_comments")
    spy = person("inv1", "adjudicator")
    assert office.refused(subject, "hear", spy, "statement", **HEARING) == {"four_eyes", "guard"}
    office.do(subject, "hear", "adj1", "statement", **HEARING)
    assert "four_eyes" in office.refused(case, "submit", spy, "trial_report")


def test_who_only_signed_a_notice_to_a_person_counts_as_investigator(office: Office):
    """The separation holds between the case and the tracks of its persons too."""
    case = office.filed()
    [subject] = office.children(case, "subjects")
    office.do(subject, "notify", ["inv3", "inv2"], "filing_notice", **TOLD | {"investigators": ["inv2", "inv3"]})
    office.do(case, "announce", ["inv1", "inv2"], "notice_to_subject", "notice_to_unit")
    office.do(subject, "tell_facts", "inv2", "facts_record", facts="absent", proposed_level=6)
    office.do(case, "hand_over", "inv1", "investigation_report", "subject_comments")
    office.do(subject, "hear", "adj1", "statement", **HEARING)
    assert office.refused(case, "submit", person("inv3", "adjudicator"), "trial_report") == {"guard"}


def test_who_heard_a_person_cannot_investigate_after_a_return(office: Office):
    """The adjudicator stays an adjudicator."""
    case = office.adjudicated()
    office.do(case, "return_reinvestigate", "pan", reason="a date is unclear")
    papers = ("investigation_report", "subject_comments")
    assert office.refused(case, "hand_over", person("adj1", "investigator"), *papers) == {"guard"}
    assert office.do(case, "hand_over", "inv1", *papers).state == "adjudicating"


@pytest.mark.parametrize(("trigger", "leader"), [("return_reinvestigate", "pan"), ("return_supplement", "deng")])
def test_a_return_is_reasoned_and_counted(office: Office, trigger: str, leader: str):
    """Unclear facts are for the principal, missing evidence for the leader in charge."""
    case = office.adjudicated()
    assert office.refused(case, trigger, leader) == {"reason"}
    case = office.do(case, trigger, leader, reason="a receipt is missing")
    assert (case.state, case.data["returns"]) == ("investigating", 1)


def test_nobody_is_sanctioned_unheard(office: Office):
    """A decision is possible only after the facts were told and the person was heard or waived it."""
    [subject] = office.children(office.told(), "subjects")
    with pytest.raises(Refused) as refusal:
        office.sanction(subject, 6)
    assert {reason.code for reason in refusal.value.reasons} == {"state"}


def test_a_decision_is_not_heavier_than_what_was_told(office: Office):
    """Whoever defends themself does not fare worse for it; new facts are told and heard anew."""
    case = office.deliberating(level=4)
    [subject] = office.children(case, "subjects")
    given = {**DECISION, "level": 6, "sanction": "warning"}
    assert "heavier" in office.words(subject, "decide", "hui", "decision", "minutes", **given)
    again = {"facts": "absent and on duty pay", "proposed_level": 6}
    assert office.refused(subject, "tell_again", "inv1", "facts_record", reason="new", **again) == {"document"}
    office.do(subject, "tell_again", "inv1", "new_evidence", "facts_record", reason="pay slips", **again)
    with pytest.raises(Refused):
        office.sanction(subject, 6)
    office.do(subject, "hear", "adj1", "statement", **HEARING)
    assert office.sanction(subject, 6).data["level"] == 6


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"present": 4, "votes_for": 4, "votes_against": 0}, "half of those entitled must be present"),
        ({"votes_for": 8, "votes_against": 1}, "do not add up"),
        ({"votes_for": 4, "votes_against": 4}, "must vote for it"),
        ({"present": 10, "votes_for": 9}, "half of those entitled must be present"),
        ({"level": 5}, "named at level 6"),
    ],
)
def test_a_decision_is_collective_and_adds_up(office: Office, wrong: dict[str, object], word: str):
    """Quorum, votes and majority are recorded and right; a sanction is named where there is one."""
    [subject] = office.children(office.deliberating(), "subjects")
    given = {**DECISION, "level": 6, "sanction": "warning", **wrong}
    assert word in office.words(subject, "decide", "hui", "decision", "minutes", **given)


@pytest.mark.parametrize(
    "part", ["found_facts", "evidence", "legal_basis", "deciding_body", "appeal_route", "appeal_limit"]
)
def test_a_decision_gives_its_reasons_and_the_way_to_appeal(office: Office, part: str):
    """Facts, evidence, provisions, body, route and limit of appeal: none may be missing, none empty."""
    [subject] = office.children(office.deliberating(), "subjects")
    given = {**DECISION, "level": 4}
    without = {name: value for name, value in given.items() if name != part}
    assert office.refused(subject, "decide", "hui", "decision", "minutes", **without) == {"data"}
    assert office.refused(subject, "decide", "hui", "decision", "minutes", **(given | {part: ""})) == {"data"}


def test_who_investigated_or_tried_does_not_vote(office: Office):
    """The committee's secretary was not in the case before."""
    case = office.deliberating()
    [subject] = office.children(case, "subjects")
    for name in ("inv1", "adj1", "adj2"):
        given = {**DECISION, "level": 4}
        reasons = office.refused(subject, "decide", person(name, "committee"), "decision", "minutes", **given)
        assert reasons == {"four_eyes"}


def test_a_case_cannot_close_while_somebodys_track_is_open(office: Office):
    """Decided is not enough: the decision must be executed."""
    case = office.decided("张三", "李四")
    not_pursued(office, case)
    first, second = office.children(case, "subjects")
    office.executed(first)
    assert "has not come to its end" in office.words(case, "close", "guan", "closure_report")
    office.executed(second)
    assert close(office, case) == "closed"


def test_a_case_cannot_close_without_a_decision_on_the_leaders(office: Office):
    """Whether to pursue them is decided with reasons, either way."""
    case = office.decided()
    office.executed(office.child(case, "subjects"))
    assert "leaders" in office.words(case, "close", "guan", "closure_report")
    paper = "dual_decision"
    assert "reason" in office.refused(case, "decide_dual", "pan", paper, dual_decision="not_open")
    not_pursued(office, case)
    assert close(office, case) == "closed"


def test_a_case_cannot_close_before_a_real_name_reporter_is_told(office: Office):
    """What they object is recorded, out of sight."""
    case = office.decided(real_name=True)
    office.executed(office.child(case, "subjects"))
    not_pursued(office, case)
    assert "told first" in office.words(case, "close", "guan", "closure_report")
    office.do(case, "notify_reporter", "wang", "result_notice", reporter_objection="too light")
    assert close(office, case) == "closed"


def test_nobody_closes_a_case_alone(office: Office):
    """Case management and the principal both sign, and neither was an investigator."""
    case = office.decided()
    office.executed(office.child(case, "subjects"))
    not_pursued(office, case)
    both = Actor("guan", roles={"case_manager", "principal"})
    assert office.do(case, "close", both, "closure_report").state == "decided"
    assert office.refused(case, "close", both, "closure_report") == {"signature"}
    assert "four_eyes" in office.refused(case, "close", person("inv1", "principal"), "closure_report")


@pytest.mark.parametrize(
    ("trigger", "paper"),
    [("exempt", "decision"), ("no_sanction", "decision"), ("transfer_to_prosecutor", "indictment_opinion")],
)
def test_a_track_may_end_without_a_sanction(office: Office, trigger: str, paper: str):
    """With reasons; it is an end for the case too."""
    case = office.deliberating()
    [subject] = office.children(case, "subjects")
    assert office.refused(subject, trigger, "hui", paper, "minutes") == {"reason"}
    assert office.do(subject, trigger, "hui", paper, "minutes", reason="as the minutes say").closed
    office.do(case, "decide", "hui", "minutes")
    not_pursued(office, case)
    assert close(office, case) == "closed"


def test_a_case_is_withdrawn_for_want_of_proof_once_every_track_is(office: Office):
    """The unit is told, and names are cleared."""
    case = office.announced("张三", "李四")
    papers = ("withdrawal_decision", "notice_to_unit")
    for subject in office.children(case, "subjects"):
        assert office.refused(case, "withdraw_case", "hui", *papers, reason="no proof") == {"guard"}
        office.do(subject, "withdraw", "hui", "withdrawal_decision", "minutes", reason="no proof")
    assert office.do(case, "withdraw_case", "hui", *papers, reason="no proof").state == "withdrawn"
    circles = {"clarification_circle": "county", "spread_in": ["unit"], "made_known_in": ["unit", "district"]}
    assert office.refused(case, "clarify", "pan", clarification_forms=[], **circles) == {"guard"}
    office.do(case, "clarify", "pan", clarification_forms=["notice_to_committee"], **circles)


def test_a_suspension_has_a_listed_ground_and_may_be_ended_from_above(office: Office):
    """The parties are told both times."""
    case = office.announced()
    assert "data" in office.refused(
        case, "suspend", "pan", "suspension_notice", reason="x", suspension_ground="holiday"
    )
    case = office.do(case, "suspend", "pan", "suspension_notice", reason="ill", suspension_ground="serious_illness").id
    assert office.refused(case, "resume", "top", reason="recovered") == {"document"}
    assert office.do(case, "resume", "top", "resumption_notice", reason="recovered").state == "investigating"


def test_a_trial_report_after_a_decision_is_refused(office: Office):
    """A sanction that was decided out of turn cannot be slipped into the case."""
    case = office.adjudicated()
    office.sanction(office.child(case, "subjects"), 6)
    assert "before the trial report" in office.words(case, "submit", "adj1", "trial_report")


def test_an_interrupted_track_starts_again_with_all_its_rights(office: Office):
    """Before the decision the person is told and heard anew; after it the service is made up for."""
    case = office.told()
    [subject] = office.children(case, "subjects")
    office.do(subject, "interrupt", "pan", "proof_of_interruption", reason="gone", interruption="absconding")
    assert office.do(subject, "resume", "pan", reason="back").state == "named"
    case = office.decided()
    [subject] = office.children(case, "subjects")
    office.do(subject, "interrupt", "pan", "proof_of_interruption", reason="gone", interruption="absconding")
    not_pursued(office, case)
    assert office.refused(case, "close", "guan", "closure_report") == {"guard"}
    assert office.do(subject, "resume", "pan", reason="back").state == "decided"


def test_a_period_of_effect_that_is_stated_has_an_end(office: Office):
    """It is no longer than 48 months, and is not ended before its time."""
    [subject] = office.children(office.decided(), "subjects")
    office.executed(subject)
    now = office.clock.now()
    assert office.refused(subject, "end_effect", "dan") >= {"guard"}
    too_late, end = (now + timedelta(days=1500)).isoformat(), now + timedelta(days=300)
    assert "guard" in office.refused(subject, "begin_effect", "dan", effect_until=too_late)
    office.do(subject, "begin_effect", "dan", effect_until=end.isoformat())
    assert "guard" in office.refused(subject, "end_effect", "dan")
    office.clock.set(end)
    assert office.do(subject, "end_effect", "dan").state == "effect_ended"
    [light] = office.children(office.decided(level=4), "subjects")
    office.executed(light)
    later = (office.clock.now() + timedelta(days=9)).isoformat()
    assert "guard" in office.refused(light, "begin_effect", "dan", effect_until=later)
    assert office.do(light, "end_effect", "dan").closed


@pytest.mark.parametrize(
    ("sanction", "deadline"),
    [
        ("warning", "effect_of_warning"),
        ("demerit", "effect_of_demerit"),
        ("serious_demerit", "effect_of_serious_demerit"),
        ("demotion", "effect_of_removal"),
        ("removal", "effect_of_removal"),
    ],
)
def test_a_period_of_effect_of_the_laws_length_is_counted_from_the_decision_and_ended_by_the_engine(
    office: Office, sanction: str, deadline: str
):
    """Nobody forgets to end it, and nobody can end it before."""
    case = office.deliberating()
    [subject] = office.children(case, "subjects")
    office.sanction(subject, 6, sanction=sanction)
    office.executed(subject)
    office.do(subject, "begin_effect", "dan")
    assert "guard" in office.refused(subject, "end_effect", "dan")
    office.clock.set(office.deadline(subject, deadline).until)
    office.engine.tick()
    ended = office.now(subject)
    assert (ended.state, ended.closed) == ("effect_ended", True)


def test_a_period_of_effect_that_is_over_before_the_execution_ends_at_once(office: Office):
    """Who is late with the execution does not lengthen what the person bears."""
    case = office.deliberating()
    [subject] = office.children(case, "subjects")
    office.sanction(subject, 6, sanction="warning")
    office.clock.set(office.deadline(subject, "effect_of_warning").until)
    office.executed(subject)
    assert office.do(subject, "begin_effect", "dan").state == "effect_ended"


def test_a_persons_name_is_seen_by_those_who_deal_with_it(office: Office):
    """Nobody else, and the record never shows it."""
    case = office.told("王小明")
    [subject] = office.children(case, "subjects")
    assert office.engine.case(subject, by=person("adj1")).data["name"] == "王小明"
    assert "name" not in office.engine.case(subject, by=person("dan")).data
    for entry in [*office.engine.history(case), *office.engine.history(subject)]:
        assert "王小明" not in str(entry.as_json())
