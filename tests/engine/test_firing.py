"""What happens when somebody does something, on both databases."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from accountability import Actor, Case, Engine, InputError, ManualClock, Refused, UnknownCaseError, UnknownWorkflowError
from tests.engine.conftest import CARRIER, CLERK, HEAD, REVIEWER


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_case_begins_with_what_was_given_defaults_and_what_the_rule_computes(engine: Engine, grant: Case) -> None:
    """Input, defaults and `sets` become the case's data; decimals travel as exact text."""
    assert grant.state == "received"
    assert grant.seq == 1
    assert grant.data == {
        "purpose": "a bridge", "amount": "400", "applicant": "赵六", "urgent": False, "fee": "800",
    }  # fmt: skip


def test_an_act_moves_the_case_and_is_recorded(engine: Engine, grant: Case, clock: ManualClock) -> None:
    """An act that the rules allow changes the state and appends one entry that names who, what and when."""
    clock.advance(hours=1)
    case = engine.fire(grant.id, "take", by=REVIEWER)
    first, second = engine.history(grant.id)
    assert (case.state, case.seq) == ("review.reading", 2)
    assert (second.source, second.target, second.kind) == ("received", "review.reading", "transition")
    assert second.actor == REVIEWER
    assert second.at == clock.now()
    assert second.prev == first.leaf


def test_an_act_without_a_target_is_recorded_and_the_state_stays(engine: Engine, grant: Case) -> None:
    """A rule without `to` is an act: the state stays, its data become the case's."""
    case = engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 4})
    assert (case.state, case.data["level"]) == ("received", 4)
    assert list(engine.history(grant.id))[-1].kind == "act"


def test_history_returns_to_the_inner_state_that_was_left(engine: Engine, grant: Case) -> None:
    """`to: {history: S}` leads back to where the compound state was left."""
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "ask", by=REVIEWER, reason="the plan is missing")
    engine.fire(grant.id, "suspend", by=HEAD)
    assert engine.fire(grant.id, "resume", by=HEAD).state == "review.asking"


def test_a_refusal_gives_every_reason_at_once(engine: Engine, grant: Case) -> None:
    """Wrong role, missing field, unknown field: all are told together, each with its code."""
    engine.fire(grant.id, "take", by=REVIEWER)
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "ask", by=CLERK, data={"leval": 3})
    assert sorted(codes(refused)) == ["data", "reason", "role"]


def test_a_refusal_is_recorded_beside_the_chain(engine: Engine, grant: Case) -> None:
    """A refused act is a leaf of the log that carries the seq it met; the case does not move."""
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=CLERK)
    assert [entry.kind for entry in engine.history(grant.id)] == ["transition"]
    refusal = list(engine.history(grant.id, refusals=True))[-1]
    assert (refusal.kind, refusal.seq, refusal.prev, refusal.trigger) == ("refusal", 1, None, "take")
    assert {reason["code"] for reason in refusal.reasons} == {"role", "four_eyes"}
    assert engine.case(grant.id).seq == 1


def test_a_refused_start_is_recorded_with_the_workflow(engine: Engine) -> None:
    """What would have opened a case is recorded in the workflow's own chain."""
    with pytest.raises(Refused) as refused:
        engine.start("grant", by=HEAD, data={"purpose": "x", "amount": "-1"})
    assert sorted(codes(refused)) == ["data", "role"]
    recorded = list(engine.history("workflow:grant", refusals=True))
    assert [entry.kind for entry in recorded] == ["definition", "refusal"]


def test_an_unknown_trigger_is_refused_with_the_nearest_one(engine: Engine, grant: Case) -> None:
    """A misspelt trigger is refused as `unknown`, and recorded."""
    with pytest.raises(Refused, match="did you mean `take`") as refused:
        engine.fire(grant.id, "tkae", by=REVIEWER)
    assert codes(refused) == ["unknown"]
    assert len(list(engine.history(grant.id, refusals=True))) == 2


def test_a_trigger_in_the_wrong_state_says_where_it_is_possible(engine: Engine, grant: Case) -> None:
    """The reason `state` names the states in which the act is possible."""
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "resume", by=HEAD)
    assert codes(refused) == ["state"]
    assert refused.value.reasons[0].detail["possible_in"] == ["suspended"]


def test_a_guard_speaks_in_the_authors_words(engine: Engine) -> None:
    """`else` is the message of a guard that does not hold; the values that decided are in the detail."""
    case = engine.start("grant", by=CLERK, data={"purpose": "x", "amount": Decimal("5000")})
    engine.fire(case.id, "take", by=REVIEWER)
    with pytest.raises(Refused) as refused:
        engine.fire(case.id, "decide", by=HEAD, data={"level": 3})
    reason = refused.value.reasons[0]
    assert (reason.code, reason.message) == ("guard", "Large amounts need urgency")
    assert "5000" in reason.detail["because"]


def test_four_eyes_hold_for_the_person_whatever_the_role(engine: Engine) -> None:
    """Who did an act named in `not_by` is refused, in another role too."""
    both = Actor("zhang", {"clerk", "reviewer"})
    case = engine.start("grant", by=both, data={"purpose": "x", "amount": "1"})
    with pytest.raises(Refused) as refused:
        engine.fire(case.id, "take", by=both)
    assert codes(refused) == ["four_eyes"]


def test_the_last_signature_makes_the_move(engine: Engine, grant: Case) -> None:
    """Each signature is recorded; the case moves with the last one, with the data of the first."""
    engine.fire(grant.id, "take", by=REVIEWER)
    waiting = engine.fire(grant.id, "decide", by=REVIEWER, data={"level": 5})
    assert (waiting.state, waiting.seq, "level" in waiting.data) == ("review.reading", 3, False)
    decided = engine.fire(grant.id, "decide", by=HEAD)
    assert (decided.state, decided.data["level"]) == ("decided", 5)
    assert [entry.kind for entry in engine.history(grant.id)][2:] == ["signature", "transition"]


def test_nobody_signs_twice_or_signs_something_else(engine: Engine, grant: Case) -> None:
    """One person is one signature, and everybody signs the same content."""
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "decide", by=REVIEWER, data={"level": 5})
    with pytest.raises(Refused) as again:
        engine.fire(grant.id, "decide", by=Actor("wang", {"head"}), data={"level": 5})
    with pytest.raises(Refused) as other:
        engine.fire(grant.id, "decide", by=HEAD, data={"level": 6})
    assert codes(again) == codes(other) == ["signature"]


def test_a_change_of_state_voids_pending_signatures(engine: Engine, grant: Case) -> None:
    """After the state has changed, everybody must sign anew."""
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "decide", by=REVIEWER, data={"level": 5})
    engine.fire(grant.id, "suspend", by=HEAD)
    engine.fire(grant.id, "resume", by=HEAD)
    assert engine.fire(grant.id, "decide", by=HEAD, data={"level": 5}).state == "review.reading"


def test_the_first_rule_that_fits_is_taken(engine: Engine) -> None:
    """Several rules of one trigger: each person is judged by every rule until one fits."""
    case = engine.start("grant", by=CLERK, data={"purpose": "x", "amount": "1", "urgent": True})
    engine.fire(case.id, "take", by=REVIEWER)
    engine.fire(case.id, "decide", by=REVIEWER, data={"level": 1})
    engine.fire(case.id, "decide", by=HEAD)
    with pytest.raises(Refused) as refused:
        engine.fire(case.id, "grant", by=HEAD)
    assert "guard" in codes(refused)
    granted = engine.fire(case.id, "grant", by=CLERK)
    assert (granted.state, granted.closed) == ("granted", True)
    assert list(engine.history(case.id))[-1].rule == 1


def test_a_closed_case_can_be_reopened_only_by_a_rule_that_names_its_state(engine: Engine, grant: Case) -> None:
    """`any` and groups never contain a final state."""
    engine.fire(grant.id, "deny", by=HEAD)
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1})
    assert codes(refused) == ["state"]
    assert engine.fire(grant.id, "reopen", by=HEAD).closed is False


def test_documents_are_recorded_by_their_digest(engine: Engine, grant: Case, tmp_path: Path) -> None:
    """The record keeps name, SHA-256, size and media type; a missing document is refused, another may come along."""
    report = tmp_path / "report.pdf"
    report.write_bytes(b"%PDF-1.7 report")
    engine.fire(grant.id, "take", by=REVIEWER)
    with pytest.raises(Refused) as missing:
        engine.fire(grant.id, "file", by=CLERK)
    engine.fire(grant.id, "file", by=CLERK, documents={"report": report, "letter": b"x"})
    letter, document = list(engine.history(grant.id))[-1].documents
    assert codes(missing) == ["document"]
    assert (letter.name, letter.size) == ("letter", 1)
    assert document.sha256 == hashlib.sha256(b"%PDF-1.7 report").hexdigest()
    assert (document.name, document.size, document.media_type) == ("report", 15, "application/pdf")


def test_times_of_one_case_always_increase(engine: Engine, grant: Case, clock: ManualClock) -> None:
    """Also when the clock stands still or goes backwards, so that order can be read from times alone."""
    clock.advance(timedelta(days=-3))
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1})
    times = [entry.at for entry in engine.history(grant.id)]
    assert times == sorted(set(times))


def test_what_the_actor_claims_is_kept_apart_from_the_clock(engine: Engine, clock: ManualClock) -> None:
    """`occurred` is the actor's word, `at` the engine's."""
    occurred = datetime.fromisoformat("2015-02-01T10:00+08:00")
    case = engine.start("grant", by=CLERK, data={"purpose": "x", "amount": "1"}, occurred=occurred)
    (entry,) = engine.history(case.id)
    assert (entry.occurred, entry.at) == (occurred, clock.now())


@pytest.mark.parametrize(
    "arguments",
    [
        {"by": Actor("", {"clerk"})},
        {"by": Actor("eve", {"system"})},
        {"by": Actor("system", {"clerk"})},
        {"by": "zhang"},
        {"data": ["purpose"]},
        {"data": {"purpose": 1.5}},
        {"data": {"purpose": "\ud800"}},
        {"occurred": "2015-02-09T09:00"},
        {"occurred": "yesterday"},
        {"documents": {"report": "no/such/file"}},
        {"reason": 3},
    ],
)
def test_arguments_that_make_no_sense_are_refused_before_anything_is_written(
    engine: Engine, arguments: dict[str, object]
) -> None:
    """Each raises InputError with a cure, and the record stays as it was."""
    before = len(list(engine.history(refusals=True)))
    with pytest.raises(InputError) as error:
        engine.start("grant", **({"by": CLERK, "data": {}} | arguments))  # type: ignore[arg-type]
    assert error.value.cure
    assert len(list(engine.history(refusals=True))) == before


def test_unknown_cases_and_workflows_are_named(engine: Engine) -> None:
    """An unknown id or workflow raises its own error, with a cure."""
    with pytest.raises(UnknownCaseError):
        engine.fire("no-such-case", "take", by=REVIEWER)
    with pytest.raises(UnknownCaseError):
        list(engine.history("no-such-case"))
    with pytest.raises(UnknownWorkflowError) as unknown:
        engine.start("grnat", by=CLERK)
    assert unknown.value.cure == "did you mean `grant`?"


def test_options_say_what_is_possible_and_why_the_rest_is_not(engine: Engine, grant: Case) -> None:
    """Options agree with what firing would do, leaving open what only the act itself can tell."""
    options = {option.trigger: option for option in engine.options(grant.id, by=REVIEWER)}
    assert options["take"].allowed
    assert options["rate"].allowed
    assert options["rate"].needs == ("level",)
    assert [reason.code for reason in options["resume"].reasons] == ["state"]
    assert [reason.code for reason in options["deny"].reasons] == ["role"]
    assert not {option.trigger for option in engine.options(grant.id, by=CARRIER) if option.allowed}


def test_what_happens_later_cannot_have_happened(engine: Engine, clock: ManualClock) -> None:
    """`occurred` may not lie in the future."""
    later = clock.now() + timedelta(minutes=1)
    with pytest.raises(Refused) as refused:
        engine.start("grant", by=CLERK, data={"purpose": "x", "amount": "1"}, occurred=later)
    assert codes(refused) == ["data"]


def test_an_entry_is_never_longer_than_a_log_can_hold(engine: Engine, grant: Case) -> None:
    """What does not fit is refused before anything is written; documents carry what is long."""
    with pytest.raises(InputError, match="65,535") as error:
        engine.fire(grant.id, "note", by=CLERK, reason="x" * 70_000)
    assert error.value.cure
    assert len(list(engine.history(grant.id, refusals=True))) == 1


def test_every_entry_names_the_log_of_its_database(engine: Engine, grant: Case) -> None:
    """All entries of a database name the same log."""
    (log,) = {entry.log for entry in engine.history(refusals=True)}
    assert len(log) == 32


def test_the_engine_cannot_be_kept_off(engine: Engine, grant: Case) -> None:
    """Nobody stops the engine's own acts by a recusal."""
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "recuse", by=HEAD, data={"actor": "system"}, reason="?")
    assert codes(refused) == ["data"]
