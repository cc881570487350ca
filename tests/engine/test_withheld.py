"""Personal and confidential values: kept apart, shown to their readers alone, erasable with a warrant."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from accountability import Actor, Case, Engine, Refused
from tests.engine.conftest import CLERK, HEAD, REVIEWER

OTHER = Actor("sun", {"clerk"})
NAME, HINT = "赵六", "ask the neighbour"


def everything_recorded(engine: Engine) -> str:
    return json.dumps([entry.as_json() for entry in engine.history(refusals=True)], ensure_ascii=False)


def test_a_withheld_value_never_enters_the_record(
    engine: Engine, grant: Case, caplog: pytest.LogCaptureFixture
) -> None:
    """Entries, refusals and log lines hold a commitment or nothing; never the value, not even a refused one."""
    caplog.set_level(logging.DEBUG)
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1, "hint": HINT})
    with pytest.raises(Refused):
        engine.start("grant", by=HEAD, data={"purpose": "x", "amount": "y", "applicant": NAME})
    recorded = everything_recorded(engine)
    assert NAME not in recorded + caplog.text
    assert HINT not in recorded + caplog.text
    assert set(next(engine.history(grant.id)).withheld) == {"applicant"}


def test_a_withheld_value_is_shown_to_its_readers_alone(engine: Engine, grant: Case) -> None:
    """`readers` decides who sees a field, wherever a case is shown."""
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1, "hint": HINT})
    assert grant.data["applicant"] == NAME
    assert engine.case(grant.id, by=CLERK).data["applicant"] == NAME
    assert "hint" not in engine.case(grant.id, by=CLERK).data
    assert engine.case(grant.id, by=HEAD).data["hint"] == HINT
    assert "applicant" not in engine.case(grant.id, by=HEAD).data
    assert "applicant" not in engine.case(grant.id).data
    assert "applicant" not in engine.replay(grant.id).data
    assert engine.replay(grant.id, by=CLERK).data["applicant"] == NAME
    assert all("applicant" not in case.data for case in engine.cases())


def test_an_erasure_needs_two_people_a_reason_and_a_personal_field(engine: Engine, grant: Case) -> None:
    """Four eyes that may read the field, a legal basis, a personal field; each refusal is recorded."""
    for fields, by, approved_by, reason, code in (
        (["applicant"], CLERK, Actor("zhang", {"clerk"}), "asked for", "four_eyes"),
        (["applicant"], CLERK, HEAD, "asked for", "role"),
        (["applicant"], CLERK, OTHER, " ", "reason"),
        (["purpose"], CLERK, OTHER, "asked for", "data"),
        ([], CLERK, OTHER, "asked for", "data"),
        (["applicant"], CLERK, Actor("eve"), "asked for", "role"),
    ):
        with pytest.raises(Refused) as refused:
            engine.erase(grant.id, fields, by=by, approved_by=approved_by, reason=reason)
        assert [found.code for found in refused.value.reasons] == [code]
    assert engine.case(grant.id, by=CLERK).data["applicant"] == NAME
    assert len(list(engine.history(grant.id, refusals=True))) == 7


def test_an_erased_value_is_gone_and_the_record_still_verifies(engine: Engine, grant: Case) -> None:
    """After an erasure nobody can read the value; the verifier says `erased`, not `ok` and not `violated`."""
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.erase(grant.id, ["applicant"], by=CLERK, approved_by=OTHER, reason="Art. 47 PIPL")
    verdict = engine.verify()
    assert "applicant" not in engine.case(grant.id, by=CLERK).data
    assert verdict.ok
    assert {check.name: check.verdict for check in verdict.checks}["openings"] == "erased"
    assert engine.replay(grant.id).state == "review.reading"


def test_erased_bytes_leave_the_files_of_sqlite(tmp_path: Path) -> None:
    """The value is in the database's files before the erasure, and in none of them after."""
    workflows = Path(__file__).parent / "workflows"
    with Engine(tmp_path / "record.db") as engine:
        engine.migrate()
        engine.register(workflows)
        case = engine.start("grant", by=CLERK, data={"purpose": "x", "amount": "1", "applicant": NAME})

        def bytes_of_all_files() -> bytes:
            return b"".join(path.read_bytes() for path in tmp_path.iterdir())

        assert NAME.encode() in bytes_of_all_files()
        engine.erase(case.id, ["applicant"], by=CLERK, approved_by=OTHER, reason="asked for")
        assert NAME.encode() not in bytes_of_all_files()
