"""Cases of other workflows in guards: found by what they hold, and recorded as seen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from accountability import Actor, Case, Engine, ManualClock, Refused
from accountability.machine.lookup import LOOKED_MAX
from tests.engine.desk import Desk, opened_desk

JI = Actor("ji", {"discipline"})
HUI = Actor("hui", {"committee"}, "north")

VETO = """\
workflow: veto
version: 1
roles: {discipline: Discipline}
data:
  target: {type: string}
  scope: {type: string, enum: [award, promotion], default: award}
  ground: {type: string, personal: true}
start: {trigger: lay, by: discipline, needs: target, accepts: [scope, ground]}
initial: active
states: {active: , lifted: {final: true}}
transitions:
  aim: {from: active, by: discipline, needs: target}
  lift: {from: active, to: lifted, by: discipline}
"""
AWARD = """\
workflow: award
version: 1
roles: {committee: Committee}
data: {candidate: {type: string}, vetoes: {type: integer}}
start: {trigger: nominate, by: committee, needs: candidate}
initial: nominated
states: {nominated: , conferred: {final: true}, cancelled: {final: true}}
reads:
  vetoes: {workflow: veto, where: {target: data.candidate, scope: '"award"'}}
  mine: {workflow: award, where: {candidate: data.candidate}}
transitions:
  name: {from: nominated, by: committee, needs: candidate, when: size(reads.mine) == 0}
  confer:
    from: nominated
    to: conferred
    by: committee
    when:
      - check: '!reads.vetoes.exists(veto, veto.state == "active")'
        else: A veto is in force.
  cancel:
    from: nominated
    to: cancelled
    by: committee
    needs: candidate
    sets: {vetoes: size(reads.vetoes)}
    when: reads.vetoes.exists(veto, !veto.closed)
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock("2015-02-09T09:00+08:00")


@pytest.fixture
def engine(database_url: str, tmp_path: Path, clock: ManualClock) -> Iterator[Engine]:
    (tmp_path / "veto.yaml").write_text(VETO)
    (tmp_path / "award.yaml").write_text(AWARD)
    with Engine(database_url, clock=clock) as engine:
        engine.migrate()
        engine.register(tmp_path)
        yield engine


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as desk:
        yield desk


def lay(engine: Engine, target: str, **data: str) -> Case:
    return engine.start("veto", by=JI, data={"target": target, **data})


def nominate(engine: Engine, candidate: str) -> Case:
    return engine.start("award", by=HUI, data={"candidate": candidate})


def test_a_case_of_another_workflow_forbids_what_its_own_rules_would_allow(engine: Engine):
    """A veto laid in one workflow is seen by the guards of another; one against somebody else is not."""
    lay(engine, "school")
    lay(engine, "clinic")

    award = nominate(engine, "clinic")
    with pytest.raises(Refused, match="A veto is in force"):
        engine.fire(award.id, "confer", by=HUI)
    assert engine.fire(nominate(engine, "bureau").id, "confer", by=HUI).state == "conferred"
    assert engine.verify().ok


def test_what_was_seen_stands_in_the_entry_with_its_place(engine: Engine):
    """The entry names each case it saw and how far that had come, and nothing else."""
    veto = lay(engine, "clinic")
    lay(engine, "clinic", scope="promotion")
    engine.fire(veto.id, "lift", by=JI)
    award = nominate(engine, "clinic")
    engine.fire(award.id, "confer", by=HUI)

    assert list(engine.history(award.id))[-1].saw == {veto.id: 2}
    assert engine.verify().ok


def test_a_replay_decides_from_what_was_seen_then(engine: Engine, clock: ManualClock):
    """A veto laid afterwards changes nothing about an award that was right when it was conferred."""
    award = engine.fire(nominate(engine, "clinic").id, "confer", by=HUI)
    clock.advance(days=1)
    lay(engine, "clinic")

    assert engine.replay(award.id) == engine.case(award.id)
    assert engine.verify().ok


def test_a_case_is_found_by_what_it_holds_now_and_not_by_what_it_held(engine: Engine):
    """When the field by which a case is found changes, it is found by the new value alone."""
    veto = lay(engine, "clinic")
    engine.fire(veto.id, "aim", by=JI, data={"target": "school"})

    assert engine.fire(nominate(engine, "clinic").id, "confer", by=HUI).closed
    with pytest.raises(Refused):
        engine.fire(nominate(engine, "school").id, "confer", by=HUI)
    assert engine.verify().ok


def test_cases_that_are_older_than_the_law_that_looks_for_them_are_found(database_url: str, tmp_path: Path):
    """Whoever begins to look finds what has been there already."""
    (tmp_path / "veto.yaml").write_text(VETO)
    with Engine(database_url) as engine:
        engine.migrate()
        engine.register(tmp_path)
        lay(engine, "clinic")
        (tmp_path / "award.yaml").write_text(AWARD)
        engine.register(tmp_path)

        with pytest.raises(Refused, match="A veto is in force"):
            engine.fire(nominate(engine, "clinic").id, "confer", by=HUI)
        assert engine.verify().ok


def test_the_input_decides_what_is_looked_up(engine: Engine):
    """`where` sees the data with the input merged, so an act may name whom it looks at; and expressions may count."""
    lay(engine, "clinic")
    award = nominate(engine, "bureau")

    with pytest.raises(Refused):
        engine.fire(award.id, "cancel", by=HUI, data={"candidate": "school"})
    cancelled = engine.fire(award.id, "cancel", by=HUI, data={"candidate": "clinic"})
    assert cancelled.data["vetoes"] == 1
    assert engine.verify().ok


def test_a_case_never_finds_itself(engine: Engine):
    """`reads` finds other cases: the second nomination of somebody is seen, the own one is not."""
    award = nominate(engine, "bureau")
    engine.fire(award.id, "name", by=HUI, data={"candidate": "clinic"})
    engine.fire(award.id, "name", by=HUI, data={"candidate": "clinic"})

    second = nominate(engine, "bureau")
    with pytest.raises(Refused):
        engine.fire(second.id, "name", by=HUI, data={"candidate": "clinic"})
    assert engine.verify().ok


def test_options_look_at_other_cases_too(engine: Engine):
    """Who asks beforehand is told of the veto; what depends on what will be given is left open."""
    lay(engine, "clinic")
    award = nominate(engine, "clinic")
    options = {option.trigger: option for option in engine.options(award.id, by=HUI)}

    assert not options["confer"].allowed
    assert options["confer"].reasons[0].message == "A veto is in force."
    assert options["cancel"].allowed


def test_cases_opened_in_the_same_session_are_seen(engine: Engine, database_url: str):
    """Our rows and theirs: what one transaction has written, its own later acts find."""
    office = sa.create_engine(database_url)
    with Session(office) as session:
        engine.start("veto", by=JI, data={"target": "clinic"}, session=session)
        award = engine.start("award", by=HUI, data={"candidate": "clinic"}, session=session)
        with pytest.raises(Refused):
            engine.fire(award.id, "confer", by=HUI, session=session)
        session.commit()
    office.dispose()
    assert engine.verify().ok


def test_a_correction_of_what_was_looked_for_is_refused(engine: Engine):
    """Nobody looked at the vetoes of the right candidate then, so the act must be done again."""
    lay(engine, "school")
    lay(engine, "clinic")
    award = nominate(engine, "bureau")
    engine.fire(award.id, "cancel", by=HUI, data={"candidate": "clinic"})

    with pytest.raises(Refused):
        engine.fire(award.id, "correct", by=HUI, data={"seq": 2, "data": {"candidate": "school"}}, reason="misread")


def test_more_cases_than_an_entry_can_name_refuse_the_act(engine: Engine):
    """What is seen is recorded whole, so a lookup that finds too much is refused with its name."""
    for _ in range(LOOKED_MAX + 1):
        lay(engine, "clinic")
    with pytest.raises(Refused, match=f"finds more than {LOOKED_MAX} cases"):
        engine.fire(nominate(engine, "clinic").id, "confer", by=HUI)


def test_a_forged_sight_is_found(desk: Desk):
    """An entry that claims to have seen another case than its law looks for, or not to have looked, does not verify."""
    desk.publish(VETO, AWARD)
    other = lay(desk.engine, "school")
    award = nominate(desk.engine, "clinic")
    desk.engine.fire(award.id, "confer", by=HUI)

    desk.forge(award, lambda entry: replace(entry, saw={other.id: 1}))
    assert "law" in desk.problems()


def test_a_case_that_is_hidden_from_those_who_look_is_found_by_verify(engine: Engine, database_url: str):
    """Whoever owns the database may hide a veto from the guards; the record says that it is hidden."""
    veto = lay(engine, "clinic")
    database = sa.create_engine(database_url)
    with database.begin() as owner:
        owner.exec_driver_sql("DELETE FROM acc_value WHERE field = 'target'")
    database.dispose()

    (check,) = [check for check in engine.verify().checks if check.verdict != "ok"]
    assert (check.name, check.problems[0].case) == ("lookups", veto.id)


GRANT = """\
workflow: grant_paid
version: 1
roles: {committee: Committee}
data: {target: {type: string}, amount: {type: decimal}, paid_on: {type: date}, limit: {type: duration}}
start: {trigger: pay, by: committee, needs: [target, amount, paid_on], accepts: limit}
initial: paid
states: {paid: {final: true}}
transitions:
  note_it: {from: paid, by: committee}
"""
BUDGET = """\
workflow: budget
version: 1
roles: {committee: Committee}
data: {target: {type: string}, most: {type: decimal}, day: {type: date}, first: {type: date}}
start:
  trigger: open
  by: committee
  needs: [target, most, day]
  opens: {workflow: grant_paid, as: own, with: {target: data.target, amount: data.most, paid_on: data.day}}
initial: open
states: {open: , closed: {final: true}}
reads:
  grants: {workflow: grant_paid, where: {target: data.target, paid_on: data.day}}
transitions:
  close:
    from: open
    to: closed
    by: committee
    sets: {first: 'reads.grants[0].data.paid_on'}
    when:
      - check: reads.grants.all(one, one.data.amount + one.data.amount > data.most)
        else: Too little was paid.
      - check: children("own").all(one, one.data.amount - 1 < data.most && one.data.paid_on <= data.day)
        else: The own grant is another one.
      - check: reads.grants.all(one, !has(one.data.limit) || one.data.limit < duration("48h"))
        else: It was limited.
"""


def test_amounts_and_days_of_other_cases_are_computed_with_and_not_only_compared_as_text(
    engine: Engine, tmp_path: Path
):
    """Their own law says which texts are amounts and days: 9.50 doubled is more than 10, and no `9.509.50`."""
    for name, text in (("grant_paid", GRANT), ("budget", BUDGET)):
        (tmp_path / f"{name}.yaml").write_text(text)
    engine.register(tmp_path)
    data = {"target": "clinic", "most": "10", "day": "2015-02-09"}
    budget = engine.start("budget", by=HUI, data=data)
    engine.start("grant_paid", by=HUI, data={"target": "clinic", "amount": "9.50", "paid_on": "2015-02-09"})

    assert engine.fire(budget.id, "close", by=HUI).data["first"] == "2015-02-09"
    assert engine.verify().ok

    second = engine.start("budget", by=HUI, data=data | {"most": "20"})
    with pytest.raises(Refused, match="Too little was paid"):
        engine.fire(second.id, "close", by=HUI)


LONG = "clinic" * 400


def test_a_value_may_be_as_long_as_a_field_may_be(engine: Engine):
    """Cases are found by the beginning of a long value, and compared by the whole of it."""
    lay(engine, f"{LONG}1")

    with pytest.raises(Refused):
        engine.fire(nominate(engine, f"{LONG}1").id, "confer", by=HUI)
    assert engine.fire(nominate(engine, f"{LONG}2").id, "confer", by=HUI).closed
    assert engine.verify().ok


REGISTER = """\
workflow: register
version: 1
roles: {clerk: Clerk}
data: {code: {type: string}}
reads: {others: {workflow: register, where: {code: data.code}}}
start:
  trigger: enter
  by: clerk
  needs: code
  when:
    - check: size(reads.others) == 0
      else: This code is taken.
initial: entered
states: {entered: , struck: {final: true}}
transitions: {strike: {from: entered, to: struck, by: clerk}}
"""


def test_two_who_look_in_the_same_moment_do_not_both_find_nothing(engine: Engine, tmp_path: Path):
    """What is looked for is held until the act is recorded, so a code is entered once, however many try at once."""
    (tmp_path / "register.yaml").write_text(REGISTER)
    engine.register(tmp_path)
    clerk = Actor("ann", {"clerk"})

    def enter(number: int) -> bool:
        try:
            engine.start("register", by=clerk, data={"code": f"T{number // 8}"})
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        entered = list(pool.map(enter, range(80)))
    assert sum(entered) == 10
    assert engine.verify().ok


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_registering_again_finds_what_an_old_session_wrote_unseen(database_url: str, tmp_path: Path):
    """A session that sees the database as it was before the law began to look is made good by registering again."""
    (tmp_path / "veto.yaml").write_text(VETO)
    office = sa.create_engine(database_url, isolation_level="REPEATABLE READ")
    with Engine(database_url) as engine, Session(office) as session:
        engine.migrate()
        engine.register(tmp_path)
        (tmp_path / "award.yaml").write_text(AWARD)
        session.execute(sa.text("SELECT count(*) FROM acc_lookup"))
        engine.register(tmp_path)
        engine.start("veto", by=JI, data={"target": "clinic"}, session=session)
        session.commit()

        assert [check.name for check in engine.verify().checks if check.verdict != "ok"] == ["lookups"]
        engine.register(tmp_path)
        assert engine.verify().ok
        with pytest.raises(Refused, match="A veto is in force"):
            engine.fire(nominate(engine, "clinic").id, "confer", by=HUI)
    office.dispose()


def test_what_time_has_ended_is_over_for_those_who_look_whether_or_not_anybody_ticked(
    engine: Engine, tmp_path: Path, clock: ManualClock
):
    """A case that is looked at is brought up to date first, so a veto that has expired bars nobody."""
    expiring = VETO.replace("scope: {type", "until: {type: date, default: 2015-03-02}\n  scope: {type", 1)
    expiring = expiring.replace("version: 1", "version: 2").replace(
        "transitions:", "transitions:\n  expire: {from: active, to: lifted, by: system}"
    )
    expiring += "deadlines:\n  expiry: {starts: lay, anchor: data.until, window: true, on_breach: expire}\n"
    (tmp_path / "veto.yaml").write_text(expiring)
    engine.register(tmp_path)
    veto = lay(engine, "clinic")
    award = nominate(engine, "clinic")
    clock.set("2015-03-02T12:00Z")
    with pytest.raises(Refused):
        engine.fire(award.id, "confer", by=HUI)

    clock.set("2015-03-07T09:00Z")
    assert engine.fire(award.id, "confer", by=HUI).closed
    assert [entry.trigger for entry in engine.history(veto.id)] == ["lay", "lapse", "expire"]
    assert engine.verify().ok


def test_what_others_look_at_is_not_corrected_away(engine: Engine):
    """A veto is ended by lifting it; correcting whom or what it bars would do so without anybody's leave."""
    veto = lay(engine, "clinic")
    for name, value in (("target", "nobody"), ("scope", "promotion")):
        wrong = {"seq": 1, "data": {name: value}}
        given = {"scope": "award"} if name == "scope" else {}
        case = engine.start("veto", by=JI, data={"target": "clinic", **given}) if given else veto
        with pytest.raises(Refused, match="rests on"):
            engine.fire(case.id, "correct", by=JI, data=wrong, reason="misread")


def test_what_a_later_act_was_decided_on_is_not_corrected_under_it(engine: Engine):
    """An award that was conferred on one candidate is not another's by correcting the nomination."""
    lay(engine, "clinic")
    award = nominate(engine, "bureau")
    engine.fire(award.id, "confer", by=HUI)

    with pytest.raises(Refused, match="`confer` rests on `candidate`"):
        engine.fire(award.id, "correct", by=HUI, data={"seq": 1, "data": {"candidate": "clinic"}}, reason="misread")
    assert engine.verify().ok


PERMIT = """\
workflow: permit_for_tables
version: 1
roles: {committee: Committee}
data: {metres: {type: integer}}
start: {by: committee, needs: metres}
initial: received
states: {received: , granted: {final: true}}
transitions:
  grant: {from: received, to: granted, by: committee, accepts: metres, when: data.metres <= 20}
"""


@pytest.mark.parametrize(("given", "rests"), [({}, True), ({"metres": 10}, False)])
def test_what_an_act_might_have_given_and_did_not_rests_on_the_earlier_value(
    engine: Engine, tmp_path: Path, given: dict[str, int], rests: bool
):
    """Twelve metres were granted as they were applied for; where the grant names its own, the application is free."""
    (tmp_path / "permit_for_tables.yaml").write_text(PERMIT)
    engine.register(tmp_path)
    permit = engine.start("permit_for_tables", by=HUI, data={"metres": 12})
    engine.fire(permit.id, "grant", by=HUI, data=given)

    with pytest.raises(Refused, match="`grant` rests on `metres`" if rests else "a later act changed `metres`"):
        engine.fire(permit.id, "correct", by=HUI, data={"seq": 1, "data": {"metres": 500}}, reason="misread")
