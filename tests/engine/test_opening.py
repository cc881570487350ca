"""Child cases: who opens them, with what, how deep, how many; and what happens when one cannot be opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability import Actor, Refused
from tests.engine.desk import ANN, BOB, EVE, Desk, opened_desk

CAMPAIGN = """\
workflow: campaign
version: 1
roles: {clerk: Clerk, head: Head}
data:
  towns:
    type: list
    default: []
    items: {type: object, fields: {name: {type: string, default: nowhere}, heads: {type: integer, default: 0}}}
  large: {type: boolean, default: false}
  seen: {type: list, items: {type: string}}
start: {by: [clerk, head], accepts: [towns, large]}
states: {a: , b: , z: {final: true}}
initial: a
transitions:
  spread:
    from: a
    by: clerk
    accepts: towns
    opens:
      - {workflow: town, as: towns, each: data.towns, with: {name: item.name, heads: item.heads}, by: clerk}
      - {workflow: town, as: capital, when: data.large, with: {name: '"capital"', heads: '1'}, by: system}
  look: {from: a, by: clerk, sets: {seen: 'children("towns").map(town, town.data.name)'}}
  move: {from: a, to: b, by: clerk, awaits: [towns, capital]}
  end: {from: b, to: z, by: clerk}
"""
TOWN = """\
workflow: town
version: 1
roles: {clerk: Clerk, head: Head}
data: {name: {type: string}, heads: {type: integer, maximum: 9}}
start:
  by: [clerk, system]
  needs: [name, heads]
  opens: {workflow: street, as: streets, when: data.heads > 2, with: {of: data.name}, by: system}
states: {open: , shut: {final: true}}
initial: open
transitions:
  file: {from: open, by: clerk}
  shut: {from: open, to: shut, by: [clerk, head], not_by: [spread], awaits: streets}
"""
STREET = """\
workflow: street
version: 1
roles: {clerk: Clerk, head: Head}
data: {of: {type: string}}
start: {by: system, needs: of}
states: {open: , shut: {final: true}}
initial: open
transitions: {shut: {from: open, to: shut, by: head}}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open an office that runs campaigns in towns and their streets."""
    with opened_desk(tmp_path, CAMPAIGN, TOWN, STREET) as desk:
        yield desk


def towns(*names: str, heads: int = 1) -> dict[str, object]:
    return {"towns": [{"name": name, "heads": heads} for name in names]}


def test_an_item_may_be_an_object(desk: Desk):
    """Its parts are handed to the child one by one, with the defaults that the list declares."""
    case = desk.engine.start("campaign", by=ANN)
    case = desk.engine.fire(case.id, "spread", by=ANN, data={"towns": [{"name": "x", "heads": 2}, {}]})

    opened = [desk.engine.case(child).data for child in desk.children(case, "towns")]
    assert opened == [{"name": "x", "heads": 2}, {"name": "nowhere", "heads": 0}]
    assert desk.problems() == {}


def test_nothing_is_opened_where_the_list_is_empty_or_the_guard_says_no(desk: Desk):
    """The act is done all the same, and what awaits children does not wait for those that never were."""
    case = desk.engine.start("campaign", by=ANN)
    case = desk.engine.fire(case.id, "spread", by=ANN)

    assert desk.last(case).children == ()
    assert desk.engine.fire(case.id, "move", by=ANN).state == "b"
    assert desk.problems() == {}


def test_a_child_is_opened_in_the_role_the_rule_gives(desk: Desk):
    """By the person who acts, in that role alone; or by the engine itself."""
    case = desk.engine.start("campaign", by=EVE, data=towns("x") | {"large": True})
    case = desk.engine.fire(case.id, "spread", by=EVE)

    (town,), (capital,) = desk.children(case, "towns"), desk.children(case, "capital")
    assert desk.last(town).actor == Actor("eve", {"clerk"})
    assert desk.last(capital).actor == Actor("system", {"system"})
    assert desk.last(town).link == "towns"


def test_a_child_opens_children_of_its_own_in_the_same_act(desk: Desk):
    """Down to the last, each named by its parent with the hash of its first entry."""
    case = desk.engine.start("campaign", by=ANN)
    case = desk.engine.fire(case.id, "spread", by=ANN, data=towns("x", "y", heads=3))

    for town in desk.children(case, "towns"):
        (named,) = desk.last(town).children
        (street,) = desk.engine.history(named["case"])
        assert (street.leaf, street.parent, street.data) == (
            named["leaf"], {"case": town, "seq": 1}, {"of": desk.engine.case(town).data["name"]},
        )  # fmt: skip
    assert len(list(desk.engine.cases(workflow="street"))) == 2
    assert desk.problems() == {}


def test_what_a_grandchild_refuses_refuses_everything(desk: Desk):
    """No case is opened, and the one refusal is recorded with the case on which somebody acted."""
    case = desk.engine.start("campaign", by=ANN)
    refused = desk.refused(case, "spread", data=towns("x", heads=3) | {"towns": [{"name": "x", "heads": 99}]})

    assert [reason.code for reason in refused.reasons] == ["data"]
    assert "cannot open towns: `heads` is 99" in str(refused)
    assert [found.workflow for found in desk.engine.cases()] == ["campaign"]
    recorded = list(desk.engine.history(refusals=True))[-1]
    assert (recorded.kind, recorded.case, recorded.trigger) == ("refusal", case.id, "spread")
    assert desk.problems() == {}


def test_documents_and_reason_reach_the_child_that_asks_for_them(desk: Desk):
    """A later version of the child wants a paper: the act that opens it brings it, and nothing that is not asked."""
    case = desk.engine.start("campaign", by=ANN)
    wanting = TOWN.replace("version: 1", "version: 2").replace(
        "  opens:", "  documents: plan\n  reason: required\n  opens:"
    )
    desk.write(wanting)
    desk.engine.register(desk.folder / "town.yaml")

    refused = desk.refused(case, "spread", data=towns("x"))
    assert {reason.code for reason in refused.reasons} == {"document", "reason"}
    case = desk.engine.fire(
        case.id, "spread", by=ANN, data=towns("x"), documents={"plan": b"p", "map": b"m"}, reason="spring",
        occurred="2015-02-01T10:00+08:00",
    )  # fmt: skip
    (town,) = desk.children(case, "towns")
    opened, spread = desk.last(town), desk.last(case)
    assert [document.name for document in opened.documents] == ["plan"]
    assert [document.name for document in spread.documents] == ["map", "plan"]
    assert (opened.reason, opened.occurred) == ("spring", spread.occurred)
    assert opened.version == 2
    assert desk.problems() == {}


def test_a_child_of_an_unpublished_workflow_is_a_refusal(tmp_path: Path):
    """The reason is `unknown`, and nothing else happens."""
    with opened_desk(tmp_path) as desk:
        desk.write(CAMPAIGN, TOWN, STREET)
        desk.engine.register(desk.folder / "campaign.yaml")
        case = desk.engine.start("campaign", by=ANN, data=towns("x"))

        refused = desk.refused(case, "spread")
        assert [(reason.code, reason.detail) for reason in refused.reasons] == [("unknown", {"workflow": "town"})]
        assert desk.problems() == {}


def test_four_eyes_reach_from_the_child_to_what_was_done_above(desk: Desk):
    """Who spread the campaign does not shut a town; the entry says at which seq the case above was seen."""
    case = desk.engine.start("campaign", by=ANN, data=towns("x"))
    desk.engine.fire(case.id, "spread", by=ANN)
    (town,) = desk.children(case, "towns")

    refused = desk.refused(town, "shut", ANN)
    assert [reason.code for reason in refused.reasons] == ["four_eyes"]
    desk.engine.fire(town, "shut", by=BOB)
    assert desk.last(town).saw == {case.id: 2}
    assert desk.problems() == {}


def test_what_awaits_children_sees_each_of_them(desk: Desk):
    """Open ones hold it back, and are named; closed ones are noted with the seq they were at."""
    case = desk.engine.start("campaign", by=ANN, data=towns("x", "y"))
    desk.engine.fire(case.id, "spread", by=ANN)
    one, other = desk.children(case, "towns")
    desk.engine.fire(one, "shut", by=BOB)

    refused = desk.refused(case, "move")
    assert refused.reasons[0].detail == {"link": "towns", "open": [other], "count": 1}
    desk.engine.fire(other, "file", by=ANN)
    desk.engine.fire(other, "shut", by=BOB)
    desk.engine.fire(case.id, "move", by=ANN)
    assert desk.last(case).saw == {one: 2, other: 3}


def test_children_are_seen_oldest_first_by_act_and_replay_alike(desk: Desk):
    """Also those that were opened by different acts in the same millisecond, when the clock stood still."""
    case = desk.engine.start("campaign", by=ANN)
    names = [f"town {number}" for number in range(12)]
    for name in names:
        desk.engine.fire(case.id, "spread", by=ANN, data=towns(name, f"{name}, lower part"))
    case = desk.engine.fire(case.id, "look", by=ANN)

    assert case.data["seen"] == [one for name in names for one in (name, f"{name}, lower part")]
    assert desk.engine.replay(case.id).data == case.data
    assert desk.problems() == {}


ENDLESS = """\
workflow: hydra
version: 1
roles: {clerk: Clerk}
data: {heads: {type: integer}}
start:
  by: clerk
  needs: heads
  opens: {workflow: hydra, as: heads, when: data.heads > 0, with: {heads: data.heads GROW}}
states: {a: , z: {final: true}}
initial: a
transitions: {cut: {from: a, to: z, by: clerk, when: 'children("heads").size() >= 0'}}
"""


def test_cases_that_open_each_other_without_end_are_refused(tmp_path: Path):
    """There is a bound for one call, whatever a guard lets through; nothing of it is written."""
    with opened_desk(tmp_path, ENDLESS.replace("GROW", "+ 1")) as desk:
        with pytest.raises(Refused, match="opens more than 10000 cases"):
            desk.engine.start("hydra", by=ANN, data={"heads": 1})

        assert list(desk.engine.cases()) == []
        assert [entry.kind for entry in desk.engine.history(refusals=True)] == ["definition", "refusal"]


def test_a_deep_family_is_opened_in_one_act(tmp_path: Path):
    """Each parent names the hash of its child's first entry, a hundred times over."""
    with opened_desk(tmp_path, ENDLESS.replace("GROW", "- 1")) as desk:
        desk.engine.start("hydra", by=ANN, data={"heads": 100})

        cases = list(desk.engine.cases())
        assert len(cases) == 101
        assert [case.data["heads"] for case in cases] == list(range(100, -1, -1))
        assert desk.problems() == {}
