"""Cases that open cases, and what passes between them."""

from __future__ import annotations

import pytest

from accountability import Actor, Case, Engine, Refused
from tests.engine.conftest import CARRIER, CLERK, HEAD


def test_each_item_opens_a_child_with_what_the_rule_passes_on(engine: Engine, bundle: Case) -> None:
    """`each` opens one child for each item; `with` fills its data; the parent lists them in order."""
    children = engine.case(bundle.id).children
    assert [(child.link, child.workflow, child.state, child.data) for child in children] == [
        ("parcels", "parcel", "packed", {"name": name, "count": 3}) for name in "abc"
    ]


def test_the_act_that_opens_cases_returns_them(engine: Engine) -> None:
    """What `fire` returns is what is then shown, children included."""
    case = engine.start("bundle", by=CLERK, data={"names": ["a", "b"]})
    spread = engine.fire(case.id, "spread", by=CLERK)
    assert [child.data["name"] for child in spread.children] == ["a", "b"]
    assert spread == engine.case(case.id)


def test_parent_and_child_name_each_other_in_their_entries(engine: Engine, bundle: Case) -> None:
    """The parent's entry names the hash of the child's first entry, which names the parent's entry."""
    opened = list(engine.history(bundle.id))[1]
    for named in opened.children:
        (first,) = engine.history(named["case"])
        assert named["leaf"] == first.leaf
        assert first.parent == {"case": bundle.id, "seq": opened.seq}
        assert first.link == named["link"] == "parcels"


def test_a_child_that_is_refused_refuses_the_whole_act(engine: Engine) -> None:
    """When one child cannot be opened, nothing is, and the refusal says why."""
    case = engine.start("bundle", by=CLERK, data={"names": ["a", ""]})
    with pytest.raises(Refused, match="cannot open parcels") as refused:
        engine.fire(case.id, "spread", by=CLERK)
    assert [reason.code for reason in refused.value.reasons] == ["data"]
    assert list(engine.cases(workflow="parcel")) == []
    assert engine.case(case.id).state == "open"


def test_the_engine_goes_on_by_itself_when_the_last_child_closes(engine: Engine, bundle: Case) -> None:
    """A rule by `system` that awaits its children is done in the transaction that closes the last of them."""
    *others, last = engine.case(bundle.id).children
    for child in others:
        engine.fire(child.id, "lose", by=CARRIER)
    assert engine.case(bundle.id).state == "waiting"
    engine.fire(last.id, "deliver", by=CARRIER)
    assert engine.case(bundle.id).state == "counted"
    counted = list(engine.history(bundle.id))[-1]
    assert counted.actor == Actor("system", {"system"})
    assert set(counted.saw) == {child.id for child in engine.case(bundle.id).children}


def test_a_guard_sees_the_children_as_they_are(engine: Engine, bundle: Case) -> None:
    """`children("link")` gives each child's state; the entry records at which seq each was seen."""
    for child in engine.case(bundle.id).children:
        engine.fire(child.id, "lose", by=CARRIER)
    with pytest.raises(Refused, match="nothing was delivered"):
        engine.fire(bundle.id, "finish", by=HEAD)
    first = engine.case(bundle.id).children[0]
    engine.fire(first.id, "find", by=CARRIER)
    engine.fire(first.id, "deliver", by=CARRIER)
    assert engine.fire(bundle.id, "finish", by=HEAD).closed
    assert engine.verify().ok


def test_four_eyes_reach_up_to_the_case_that_opened_this_one(engine: Engine, bundle: Case) -> None:
    """Who did an act named in `not_by` on the parent is refused on the child."""
    child = engine.case(bundle.id).children[0]
    with pytest.raises(Refused) as refused:
        engine.fire(child.id, "deliver", by=Actor(CLERK.id, {"carrier"}))
    assert [reason.code for reason in refused.value.reasons] == ["four_eyes"]


def test_only_the_engine_does_what_is_by_system(engine: Engine, bundle: Case) -> None:
    """Nobody else can fire a rule by `system`."""
    with pytest.raises(Refused) as refused:
        engine.fire(bundle.id, "count", by=HEAD)
    assert {reason.code for reason in refused.value.reasons} == {"role", "awaits"}


def test_who_is_kept_off_a_case_is_kept_off_what_it_opened(engine: Engine, bundle: Case) -> None:
    """A recusal on the case that opened this one holds here too, until it is lifted there."""
    child = engine.case(bundle.id).children[0]
    engine.fire(bundle.id, "recuse", by=HEAD, data={"actor": CARRIER.id, "ruling": "kept_off"}, reason="brothers")
    with pytest.raises(Refused) as refused:
        engine.fire(child.id, "lose", by=CARRIER)
    assert [reason.code for reason in refused.value.reasons] == ["recused"]
    lifted = {"actor": CARRIER.id, "ruling": "admitted"}
    engine.fire(bundle.id, "recuse", by=CLERK, data=lifted, reason="not related")
    assert engine.fire(child.id, "lose", by=CARRIER).closed
    assert engine.verify().ok
