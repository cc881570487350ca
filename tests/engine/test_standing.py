"""The three acts that every workflow has: recuse, note, correct."""

from __future__ import annotations

import pytest

from accountability import Actor, Case, Engine, Refused
from tests.engine.conftest import CARRIER, CLERK, HEAD, REVIEWER

WHY = "they are brothers"


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def test_a_recused_person_is_refused_until_a_different_person_rules(engine: Engine, grant: Case) -> None:
    """From the declaration on, every act of the person is refused; `admitted` ends that."""
    engine.fire(grant.id, "recuse", by=CLERK, data={"actor": "wang"}, reason=WHY)
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "take", by=REVIEWER)
    assert codes(refused) == {"recused"}
    engine.fire(grant.id, "recuse", by=HEAD, data={"actor": "wang", "ruling": "admitted"}, reason="not related")
    assert engine.fire(grant.id, "take", by=REVIEWER).state == "review.reading"


@pytest.mark.parametrize("ruler", [Actor("wang", {"head"}), Actor("zhang", {"head"})])
def test_neither_the_person_nor_who_asked_rules_on_a_recusal(engine: Engine, grant: Case, ruler: Actor) -> None:
    """A ruling needs a person who is neither the one concerned nor the one who asked."""
    engine.fire(grant.id, "recuse", by=CLERK, data={"actor": "wang"}, reason=WHY)
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "recuse", by=ruler, data={"actor": "wang", "ruling": "admitted"}, reason="no")
    assert codes(refused) & {"four_eyes", "recused"}


def test_a_recusal_can_be_ordered(engine: Engine, grant: Case) -> None:
    """A ruling `kept_off` needs no request before it, and stands."""
    engine.fire(grant.id, "recuse", by=HEAD, data={"actor": "wang", "ruling": "kept_off"}, reason=WHY)
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=REVIEWER)
    assert list(engine.history(grant.id))[-1].kind == "recusal"


@pytest.mark.parametrize("data", [{}, {"actor": 3}, {"actor": "wang", "ruling": "maybe"}, {"actor": "wang", "x": 1}])
def test_a_recusal_names_one_person_and_one_ruling(engine: Engine, grant: Case, data: dict[str, object]) -> None:
    """Anything else is refused as `data`."""
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "recuse", by=HEAD, data=data, reason=WHY)
    assert codes(refused) == {"data"}


def test_a_remark_is_appended_in_any_state(engine: Engine, grant: Case) -> None:
    """`note` records its reason, moves nothing, and is possible on a closed case; strangers may not."""
    engine.fire(grant.id, "deny", by=HEAD)
    case = engine.fire(grant.id, "note", by=CLERK, reason="the applicant called")
    entry = list(engine.history(grant.id))[-1]
    assert (case.state, entry.trigger, entry.reason) == ("denied", "note", "the applicant called")
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "note", by=CARRIER)
    assert codes(refused) == {"role", "reason"}


def test_a_correction_supersedes_and_edits_nothing(engine: Engine, grant: Case) -> None:
    """The right value becomes the case's; the wrong entry stays in the record as it was."""
    case = engine.fire(
        grant.id, "correct", by=CLERK, data={"seq": 1, "data": {"purpose": "a road"}}, reason="a slip of the pen"
    )
    first, second = engine.history(grant.id)
    assert case.data["purpose"] == "a road"
    assert first.data["purpose"] == "a bridge"
    assert (second.kind, second.data, second.sets) == ("correction", {"seq": 1}, {"purpose": "a road"})
    assert engine.replay(grant.id, seq=1).data["purpose"] == "a bridge"


def test_only_what_still_stands_can_be_corrected(engine: Engine, grant: Case) -> None:
    """A value that a later act changed is corrected there; a field the entry did not give cannot be."""
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 2})
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 3})
    for wrong in ({"seq": 2, "data": {"level": 1}}, {"seq": 3, "data": {"purpose": "x"}}, {"seq": 9, "data": {"a": 1}}):
        with pytest.raises(Refused) as refused:
            engine.fire(grant.id, "correct", by=REVIEWER, data=wrong, reason="?")
        assert codes(refused) == {"data"}
    right = {"seq": 3, "data": {"level": 1}}
    assert engine.fire(grant.id, "correct", by=REVIEWER, data=right, reason="!").data["level"] == 1


def test_a_correction_needs_a_role_of_the_corrected_act(engine: Engine, grant: Case) -> None:
    """Who could not have done the act cannot correct it."""
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 2})
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "correct", by=CLERK, data={"seq": 2, "data": {"level": 1}}, reason="?")
    assert codes(refused) == {"role"}
