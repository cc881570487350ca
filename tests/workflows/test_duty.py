"""The shipped duty: a whole year, and what nobody can do in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accountability import Actor, Case
from tests.workflows.office import ASSESSMENT, ITEMS, PASSED, PROMISES, Office, person

FAR = "2099-01-01"


def test_a_year_runs_from_the_letter_to_the_reward(office: Office):
    """Signed, pledged on television, reviewed, published, listed, assessed twice, fed back, published, rewarded."""
    case = office.in_progress()
    for period in ("q1", "q2", "h1"):
        case = office.do(case, "file_list", "zhu", "progress_list", list_period=period)
    case = office.published(office.assessed(case, "assess_h1"))
    assert case.state == "in_progress"
    for period in ("q3", "q4"):
        case = office.do(case, "file_list", "zhu", "progress_list", list_period=period)
    case = office.published(office.assessed(case, "assess_year"))
    assert case.state == "results_published"
    case = office.do(case, "reward", "hui")
    assert (case.state, case.closed) == ("rewarded", True)


def test_a_letter_is_signed_by_both_sides(office: Office):
    """By the holder in person, and by somebody else for the superior."""
    case = office.drafted()
    both = Actor("zhu", roles={"holder", "superior"})
    assert office.refused(case, "sign_letter", person("other", "holder"), "responsibility_letter") == {"guard"}
    assert office.do(case, "sign_letter", both, "responsibility_letter").state == "draft"
    assert office.refused(case, "sign_letter", both, "responsibility_letter") == {"signature"}
    assert office.do(case, "sign_letter", "top", "responsibility_letter").state == "assigned"


def test_a_pledge_has_ten_promises_and_is_the_holders_own(office: Office):
    """Nobody promises for somebody else."""
    case = office.do(office.drafted(), "sign_letter", ["top", "zhu"], "responsibility_letter")
    assert office.refused(case, "pledge", "zhu", "promise_letter", promises=PROMISES[:9]) == {"guard"}
    stranger = person("other", "holder")
    assert office.refused(case, "pledge", stranger, "promise_letter", promises=PROMISES) == {"guard"}
    assert office.do(case, "pledge", "zhu", "promise_letter", promises=PROMISES).state == "pledged"


def test_a_pledge_is_voluntary(office: Office):
    """Who makes none, or none in public, goes on to the review."""
    case = office.do(office.drafted(), "sign_letter", ["top", "zhu"], "responsibility_letter")
    assert office.do(case, "submit_review", "zhu").state == "under_review"


def test_a_public_pledge_is_in_the_record_with_its_channel(office: Office):
    """What was published can be read from the entry."""
    case = office.do(office.drafted(), "sign_letter", ["top", "zhu"], "responsibility_letter")
    case = office.do(case, "pledge", "zhu", "promise_letter", promises=PROMISES)
    assert office.refused(case, "publish_pledge", "pub", pledge_channels=[]) == {"guard"}
    assert office.refused(case, "publish_pledge", person("zhu", "publisher"), pledge_channels=["tv"]) == {"four_eyes"}
    office.do(case, "publish_pledge", "pub", pledge_channels=["tv"])
    [*_, entry] = office.engine.history(case.id)
    assert entry.published is not None
    assert entry.published["data"]["pledge_channels"] == ["tv"]
    assert entry.published["data"]["unit"] == case.data["unit"]


def test_incomplete_lists_are_not_submitted(office: Office):
    """Each action has its content, measure and time limit."""
    case = office.drafted(items=[{"origin": "prescribed", "content": "teach", "measure": "lessons"}])
    case = office.do(case, "sign_letter", ["top", "zhu"], "responsibility_letter")
    assert office.refused(case, "submit_review", "zhu") == {"guard"}
    assert office.do(case, "submit_review", "zhu", items=ITEMS).state == "under_review"


@pytest.mark.parametrize("failed", list(PASSED))
def test_a_review_that_fails_in_one_of_three_is_returned_with_reasons(office: Office, failed: str):
    """It is revised and reviewed again."""
    case = office.under_review()
    verdict = PASSED | {failed: False}
    assert "reason" in office.refused(case, "verdict", "top", **verdict)
    case = office.do(case, "verdict", "top", reason="too vague", **verdict)
    assert case.state == "returned"
    case = office.do(case, "revise", "zhu", items=ITEMS)
    assert case.state == "under_review"
    assert office.do(case, "verdict", "top", **PASSED).state == "reviewed"


def test_the_holder_does_not_review_assess_or_reward_the_own_duty(office: Office):
    """Whatever roles the holder has."""
    case = office.under_review()
    assert "guard" in office.refused(case, "verdict", person("zhu", "superior"), **PASSED)
    case = office.in_progress()
    assert "guard" in office.refused(case, "assess_h1", person("zhu", "assessor"), **ASSESSMENT)
    case = office.year_end()
    assert "guard" in office.refused(case, "reward", person("zhu", "committee"))
    assert "guard" in office.refused(case, "complete", person("zhu", "committee"))


def test_what_is_published_is_published_by_somebody_else(office: Office):
    """Who drafted or assessed does not publish, and a channel is named."""
    case = office.do(office.under_review(), "verdict", "top", **PASSED)
    assert office.refused(case, "publish", "pub", duty_channels=[], **office.lists) == {"guard"}
    channels = {"duty_channels": ["site"], **office.lists}
    assert office.refused(case, "publish", person("zhu", "publisher"), **channels) == {"four_eyes"}
    case = office.assessed(office.in_progress(), "assess_year")
    office.clock.advance(days=15)
    assert office.refused(case, "publish_results", person("kao1", "publisher")) == {"four_eyes"}


def test_what_is_not_rectified_is_counted_and_explained(office: Office):
    """Every problem is verified, or there is a word on why not; nobody types in how many there are."""
    case = office.in_progress()
    due = str((office.clock.now() + timedelta(days=30)).date())
    letter = {"problem": "nobody is on duty", "unit": case.data["unit"], "source": "duty", "due": due}
    office.engine.start("rectification", by=Actor("qi", roles={"issuer"}), data=letter)
    assert office.refused(case, "assess_h1", "kao1", **ASSESSMENT) == {"guard"}
    assert office.refused(case, "assess_h1", "kao1", unrectified=0, **ASSESSMENT) == {"data", "guard"}
    case = office.do(case, "assess_h1", "kao1", unrectified_why="due in June", **ASSESSMENT)
    assert (case.state, case.data["unrectified"]) == ("assessed", 1)


@pytest.mark.parametrize("part", [name for name in ASSESSMENT if name.startswith("supervision_")])
def test_an_assessment_takes_all_four_supervisions_in(office: Office, part: str):
    """None may be missing."""
    given = {name: value for name, value in ASSESSMENT.items() if name != part}
    assert office.refused(office.year_over(office.in_progress()), "assess_year", "kao1", **given) == {"data"}


def test_results_are_told_to_the_holder_first_and_published_after_time_to_object(office: Office):
    """Five working days, to the end of the last; then the engine says that the time is over."""
    case = office.do(office.year_over(office.in_progress()), "assess_year", "kao1", **ASSESSMENT)
    assert office.refused(case, "publish_results", "pub") == {"state"}
    case = office.do(case, "feed_back", "kao1", "result_notice")
    over = office.deadline(case, "objection").until
    office.clock.set(over - timedelta(minutes=1))
    assert office.refused(case, "publish_results", "pub") == {"state"}
    office.clock.set(over)
    assert office.do(case, "publish_results", "pub").state == "results_published"
    assert office.deadline(case, "objection").status == "lapsed"


def test_an_objection_is_settled_by_somebody_else_and_time_to_object_runs_anew(office: Office):
    """Who assessed cannot judge the objection."""
    case = office.assessed(office.in_progress(), "assess_year")
    assert office.refused(case, "object", "zhu") == {"reason"}
    assert office.refused(case, "object", person("other", "holder"), reason="wrong") == {"guard"}
    case = office.do(case, "object", "zhu", reason="two lists were not counted")
    assert office.refused(case, "publish_results", "pub") == {"state"}
    office.clock.advance(days=3)
    assert office.refused(case, "settle", "kao1", "reassessment_report", reason="no") == {"four_eyes"}
    case = office.do(case, "settle", "kao2", "reassessment_report", reason="they count", score=94)
    assert (case.state, case.data["score"]) == ("fed_back.open_to_objection", 94)
    office.clock.set(office.deadline(case, "objection").until - timedelta(minutes=1))
    assert office.refused(case, "publish_results", "pub") == {"state"}
    office.clock.advance(minutes=1)
    assert office.refused(case, "object", "zhu", reason="too late") == {"state"}
    assert office.do(case, "publish_results", "pub").state == "results_published"


def test_the_half_year_leads_back_to_work_by_itself(office: Office):
    """The engine does it, no person can; and a half-year is assessed once."""
    case = office.published(office.assessed(office.in_progress(), "assess_h1"))
    assert case.state == "in_progress"
    [*_, entry] = office.engine.history(case.id)
    assert (entry.trigger, entry.actor.id) == ("continue", "system")
    assert office.refused(case, "assess_h1", "kao1", **ASSESSMENT) == {"guard"}
    year = office.year_end()
    assert "role" in office.refused(year, "continue", "hui")


def test_a_veto_forbids_the_reward_until_it_ends_or_is_lifted_by_another(office: Office):
    """It has an end, and who laid it does not lift it."""
    case = office.year_end()
    veto = laid(office, case)
    assert office.refused(case, "reward", "hui") == {"guard"}
    assert office.refused(veto, "lift", "ji1", reason="settled") == {"four_eyes"}
    office.do(veto, "lift", "ji2", reason="settled")
    short = laid(office, case, str((office.clock.now() + timedelta(days=2)).date()))
    assert office.refused(case, "reward", "hui") == {"guard"}
    office.clock.advance(days=4)
    office.engine.tick()
    assert office.now(short).state == "expired"
    assert office.do(case, "reward", "hui").state == "rewarded"


def test_a_veto_that_is_over_bars_nobody_even_before_time_is_looked_at(office: Office):
    """The guards look at its last day, so that nothing hangs on how often the engine is asked to tick."""
    case = office.year_end()
    unit = case.data["unit"]
    veto = laid(office, case, str((office.clock.now() + timedelta(days=2)).date()))
    given = {"candidate": unit, "candidate_kind": "unit", "year": 2015, "honour": "model unit"}
    award = office.engine.start("award", by=Actor("tui", roles={"nominator"}), data=given)
    signs = [Actor("tui", roles={"nominator"}), person("ji1")]
    assert office.refused(award, "recommend", signs[0]) == {"guard"}
    office.clock.advance(days=4)
    assert office.now(veto).state == "active"
    assert office.refused(award, "cancel", "ji1", "cancellation_notice") == {"guard"}
    office.do(office.do(award, "recommend", signs[0]), "recommend", signs[1])
    assert office.do(award, "confer", "hui", "decision").state == "conferred"
    assert office.do(case, "reward", "hui").state == "rewarded"


def test_a_veto_on_promotion_that_is_over_bars_no_clearance(office: Office):
    """Up to its last day the person is not cleared; the day after, before any tick, nothing stands against it."""
    until = str((office.clock.now() + timedelta(days=2)).date())
    about = {"target": "cadre-13", "target_kind": "person", "scope": ["promotion"]}
    office.engine.start("veto", by=person("ji1"), data={**about, "ground": "admonished", "until_day": until})
    given = {"person": "cadre-13", "unit": "bureau", "ground": "promotion"}
    vetting = office.engine.start("vetting", by=Actor("zu", roles={"organisation_department"}), data=given)
    office.do(vetting, "check", "ji1", "check_record")
    assert "veto" in office.words(vetting, "clear", "ji2", "vetting_opinion")
    office.clock.advance(days=4)
    assert office.do(vetting, "clear", "ji2", "vetting_opinion").state == "cleared"


def laid(office: Office, case: Case, until: str = FAR) -> Case:
    """A veto on awards to the unit of a duty."""
    about = {"target": case.data["unit"], "target_kind": "organisation", "scope": ["award"]}
    return office.engine.start("veto", by=person("ji1"), data={**about, "ground": "petitions", "until_day": until})


def test_holding_accountable_opens_the_pursuit_of_leaders_and_lays_a_veto(office: Office):
    """With reasons, a decision, and an end to the veto."""
    case = office.year_end()
    given = {"veto_ground": "tasks not done", "veto_until": FAR}
    assert office.refused(case, "hold_accountable", "hui", "decision", **given) == {"reason"}
    case = office.do(case, "hold_accountable", "hui", "decision", reason="tasks not done", **given)
    assert (case.state, case.closed) == ("held_accountable", True)
    liability = office.now(office.child(case, "accountability"))
    assert (liability.workflow, liability.state) == ("leadership_liability", "opened")
    assert liability.data["unit"] == case.data["unit"]
    veto = office.now(office.child(case, "veto"))
    assert (veto.state, veto.data["target"], veto.data["scope"]) == ("active", case.data["unit"], ["award"])
