"""The shipped interview, where a unit has more petitions than the record looks through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accountability import Actor
from accountability.machine import lookup
from tests.workflows.office import Office, person

INTERVIEWER = Actor("yue", roles={"interviewer"}, unit="commission")


@pytest.fixture
def crowded(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """A unit about which there is one petition more than may be looked at; the limit is lowered to three."""
    monkeypatch.setattr(lookup, "LOOKED_MAX", 3)
    for _ in range(4):
        office.engine.start("petition", by=person("wang"), data={"source": "petition", "unit": "crowded bureau"})
    return "crowded bureau"


def test_too_many_petitions_stop_no_interview_on_another_ground(office: Office, crowded: str):
    """Petitions are looked at where they are the ground, and there alone."""
    summons = {"unit": crowded, "interviewee": "head", "ground": "weak_action"}
    assert office.engine.start("interview", by=INTERVIEWER, data=summons).state == "summoned"


def test_too_many_petitions_stop_no_rectification_from_summoning_the_head(office: Office, crowded: str):
    """When the day in the letter passes, the engine opens the interview all the same."""
    due = (office.clock.now() + timedelta(days=30)).date()
    letter = {"problem": "nobody is on duty", "unit": crowded, "source": "duty", "due": str(due)}
    case = office.engine.start("rectification", by=Actor("qi", roles={"issuer"}, unit="commission"), data=letter)
    office.clock.advance(days=31)
    office.engine.tick()
    assert office.now(case).state == "escalated"
    assert office.now(office.child(case, "interview")).state == "summoned"
