"""Whoever owns the database and computes right hashes still cannot make the law say what it does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accountability import Actor, Case, Engine, Entry, RecordError
from accountability.audit.disclosure import warrant
from tests.engine.desk import ANN, BOB, EVE, Desk, opened_desk

PERMIT = """\
workflow: permit
version: 1
roles: {clerk: Clerk, head: Head}
data:
  metres: {type: integer, default: 1}
  name: {type: string, personal: true}
  phone: {type: string, personal: true}
  actor: {type: string, personal: true}
  seq: {type: integer, readers: [head]}
  fields: {type: string, personal: true}
start: {by: clerk, accepts: [metres, name, phone, actor, seq, fields], opens: {workflow: part, as: parts}}
states: {a: , b: , z: {final: true}}
initial: a
transitions:
  call: {from: a, by: clerk, accepts: [phone, metres], when: '(has(data.phone) ? data.phone : "110") != "110"'}
  put: {from: any, by: clerk, accepts: [metres, name]}
  take: {from: a, to: b, by: head, not_by: [start]}
  end: {from: b, to: z, by: head, awaits: parts}
"""
PART = """\
workflow: part
version: 1
roles: {clerk: Clerk, head: Head}
start: {by: clerk}
states: {a: , z: {final: true}}
initial: a
transitions:
  end: {from: a, to: z, by: head, not_by: [start]}
"""
NAMES = {"name": "Zhao", "phone": "119", "actor": "Qian", "seq": 7, "fields": "Sun"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open an office whose fields have the names of everything that the record itself says."""
    with opened_desk(tmp_path, PERMIT, PART) as desk:
        yield desk


@pytest.fixture
def case(desk: Desk) -> Case:
    """Open a case with personal data, and act on it."""
    case = desk.engine.start("permit", by=ANN, data=NAMES)
    return desk.engine.fire(case.id, "put", by=ANN, data={"metres": 3})


def erase(desk: Desk, case: Case, *fields: str) -> Case:
    return desk.engine.erase(case.id, fields, by=ANN, approved_by=BOB, reason="Art. 47 PIPL")


def test_fields_may_be_called_as_the_record_calls_its_own_things(desk: Desk, case: Case):
    """Who is recused, what is corrected and what is erased are no fields, though a field has the same name."""
    desk.engine.fire(case.id, "recuse", by=ANN, data={"actor": "zoe"}, reason="brothers")
    desk.engine.fire(case.id, "correct", by=ANN, data={"seq": 1, "data": {"actor": "Li"}}, reason="slip")
    erase(desk, case, "fields")

    recused, corrected, erased = list(desk.engine.history(case.id))[2:]
    assert recused.data == {"actor": "zoe"}
    assert (corrected.data, corrected.sets, set(corrected.withheld)) == ({"seq": 1}, {}, {"actor"})
    assert erased.data["fields"] == ["fields"]
    assert desk.engine.case(case.id, by=EVE).data == {
        "metres": 3, "name": "Zhao", "phone": "119", "actor": "Li", "seq": 7,
    }  # fmt: skip
    assert desk.engine.verify().ok


def test_a_withheld_value_is_corrected_and_replayed(desk: Desk, case: Case):
    """The wrong value stays behind its commitment, the right one gets its own; both verify."""
    desk.engine.fire(case.id, "correct", by=ANN, data={"seq": 1, "data": {"name": "Zhou"}}, reason="slip")

    assert desk.engine.case(case.id, by=ANN).data["name"] == "Zhou"
    assert desk.engine.replay(case.id, seq=2, by=ANN).data["name"] == "Zhao"
    assert desk.engine.replay(case.id, by=ANN).data["name"] == "Zhou"
    assert "Zhou" not in str([entry.as_json() for entry in desk.engine.history(refusals=True)])
    assert desk.problems() == {}


def test_a_withheld_value_that_a_later_act_changed_is_corrected_there(desk: Desk, case: Case):
    """As with a clear one: the old entry no longer stands."""
    desk.engine.fire(case.id, "put", by=ANN, data={"name": "Zhou"})

    refused = desk.refused(case, "correct", data={"seq": 1, "data": {"name": "Wu"}}, reason="slip")
    assert "a later act changed `name`" in str(refused)
    desk.engine.fire(case.id, "correct", by=ANN, data={"seq": 3, "data": {"name": "Wu"}}, reason="slip")
    assert desk.engine.replay(case.id, by=ANN).data["name"] == "Wu"
    assert desk.problems() == {}


def test_an_erased_value_may_be_given_anew(desk: Desk, case: Case):
    """The new value stands beside the erased one's commitment; the record verifies, replays, and says `erased`."""
    erase(desk, case, "name")
    desk.engine.fire(case.id, "put", by=ANN, data={"name": "Zhou"})

    assert desk.engine.case(case.id, by=ANN).data["name"] == "Zhou"
    assert desk.engine.replay(case.id, by=ANN).data["name"] == "Zhou"
    assert "name" not in desk.engine.replay(case.id, seq=1, by=ANN).data
    verdict = desk.engine.verify()
    assert verdict.ok
    assert {check.name: check.verdict for check in verdict.checks}["openings"] == "erased"
    erase(desk, case, "name")
    assert desk.engine.verify().ok


def test_an_erasure_can_be_replayed_with_what_rested_on_the_value(desk: Desk, case: Case):
    """Acts whose guard read the value cannot be judged any more; that is `erased`, and no violation."""
    desk.engine.fire(case.id, "call", by=ANN)
    erase(desk, case, "phone", "name")

    assert desk.engine.replay(case.id).state == "a"
    assert desk.engine.verify().ok
    assert "phone" not in desk.engine.case(case.id, by=ANN).data


@pytest.mark.parametrize("data", [{}, {"name": "nobody"}, {"name": "Zhao", "phone": "119"}])
def test_a_default_is_no_value_that_was_given(tmp_path: Path, data: dict[str, str]):
    """A guard that asks whether a protected field was given is answered alike by the act and by its replay."""
    text = PERMIT.replace(
        "name: {type: string, personal: true}", "name: {type: string, personal: true, default: nobody}"
    )
    guard = '!has(input.name) || input.name == "nobody" || has(input.phone)'
    text = text.replace("start: {by: clerk", f"start: {{by: clerk, when: '{guard}'")
    with opened_desk(tmp_path, text, PART) as desk:
        case = desk.engine.start("permit", by=ANN, data=data)

        assert desk.engine.replay(case.id, by=ANN).data["name"] == data.get("name", "nobody")
        assert desk.problems() == {}


def test_a_correction_of_an_act_that_rested_on_an_erased_value_is_no_violation(desk: Desk, case: Case):
    """Its guard cannot be asked any more, neither for the act nor for the correction."""
    desk.engine.fire(case.id, "call", by=ANN, data={"metres": 4})
    desk.engine.fire(case.id, "correct", by=ANN, data={"seq": 3, "data": {"metres": 5}}, reason="slip")
    assert desk.problems() == {}
    erase(desk, case, "phone")

    assert desk.engine.verify().ok
    assert desk.engine.replay(case.id).data["metres"] == 5


@pytest.fixture
def erased(desk: Desk, case: Case) -> Case:
    """Erase a value, then let the head take the case."""
    erase(desk, case, "name", "phone")
    return desk.engine.fire(case.id, "take", by=BOB)


FORGERIES: list[Callable[[Entry], Entry]] = [
    lambda entry: replace(entry, actor=ANN),
    lambda entry: replace(entry, actor=Actor("ann", {"head"})),
    lambda entry: replace(entry, trigger="put", rule=0),
    lambda entry: replace(entry, data={"metres": 99}),
    lambda entry: replace(entry, kind="deadline"),
    lambda entry: replace(entry, kind="migration"),
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_erasure_covers_no_forgery(desk: Desk, erased: Case, forgery: Callable[[Entry], Entry]):
    """A forged act with right hashes is found after an erasure as before, since it does not rest on what was erased."""
    desk.forge(erased, forgery)

    verdict = desk.engine.verify()
    assert not verdict.ok
    law = next(check for check in verdict.checks if check.name == "law")
    assert (law.verdict, {problem.case for problem in law.problems} >= {erased.id}) == ("violated", True)
    with pytest.raises(RecordError):
        desk.engine.replay(erased.id)


def test_an_erasure_moves_no_case(desk: Desk, case: Case):
    """Neither in the engine nor in a record that says it did."""
    after = erase(desk, case, "name")
    assert (after.state, after.closed, after.data["metres"]) == ("a", False, 3)

    desk.forge(after, lambda entry: replace(entry, target="z", closed=True), {"state": "z", "closed": 1})
    assert desk.problems()["law"] == "violated"


def test_an_erasure_is_by_two_people_of_the_workflow(desk: Desk, case: Case):
    """A record in which a stranger approved it has no warrant in law."""
    after = erase(desk, case, "name")
    desk.forge(after, lambda entry: replace(entry, data=warrant(["name"], Actor("sam", {"mayor"}))))

    assert desk.problems()["law"] == "violated"


def test_what_was_seen_of_other_cases_cannot_be_left_out(desk: Desk, case: Case):
    """A child's act that asks who did something above must have looked there."""
    (part,) = desk.children(case, "parts")
    child = desk.engine.fire(part, "end", by=BOB)
    assert desk.last(part).saw == {case.id: 2}

    desk.forge(child, lambda entry: replace(entry, saw={}))
    assert desk.problems()["law"] == "violated"


def test_an_erased_value_is_not_shown_to_whoever_erased_it(tmp_path: Path):
    """Also where the engine could go on by itself at that moment: an erasure sets nothing off."""
    automatic = PERMIT.replace(
        "  end: {from: b, to: z, by: head, awaits: parts}",
        "  end: {from: b, to: z, by: head, awaits: parts}\n"
        "  go_on: {from: a, to: b, by: system, when: '!has(data.name) && data.metres > 5'}",
    )
    with opened_desk(tmp_path, automatic, PART) as desk:
        case = desk.engine.start("permit", by=ANN, data=NAMES | {"metres": 9})
        after = erase(desk, case, "name")

        assert "name" not in after.data
        assert (after.state, after.seq) == ("a", 2)
        assert desk.engine.verify().ok


def test_the_progress_and_every_check_are_told(desk: Desk, case: Case):
    """The law is one of the checks, and counts every act that it was asked about."""
    told: list[int] = []
    verdict = desk.engine.verify(told.append)

    checks: dict[str, Any] = {check.name: check for check in verdict.checks}
    assert told[-1] == verdict.entries == 5
    assert (checks["law"].verdict, checks["law"].count) == ("ok", 3)
    assert verdict.as_json()["ok"] is True


def test_a_fresh_engine_comes_to_the_same_verdict(desk: Desk, case: Case):
    """It believes nothing that another process compiled or remembered."""
    with desk.owned() as connection:
        connection.execute(
            "UPDATE acc_definition SET content = replace(content, 'head', 'haed') WHERE workflow = 'part'"
        )

    for engine in (desk.engine, Engine(desk.database)):
        verdict = engine.verify()
        assert not verdict.ok
        assert "workflow:part" in {problem.case for check in verdict.checks for problem in check.problems}
        engine.close()


@pytest.mark.parametrize("forged", ["registered_at = 'once'", "content = '{}'", "content = '[]'", "content = 'x'"])
def test_a_fresh_engine_names_a_law_that_it_cannot_even_read(desk: Desk, case: Case, forged: str):
    """Whatever the owner of the database wrote there is a finding, not the end of the verification."""
    with desk.owned() as connection:
        connection.execute(f"UPDATE acc_definition SET {forged} WHERE workflow = 'part'")

    with Engine(desk.database) as engine:
        verdict = engine.verify()
    assert not verdict.ok
    assert "workflow:part" in {problem.case for check in verdict.checks for problem in check.problems}
