"""Keys, expectations and the caller's own transaction, on both databases."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from accountability import Actor, Case, Engine, InputError, Refused
from tests.engine.conftest import CLERK, HEAD, REVIEWER

DATA = {"purpose": "a bridge", "amount": "400"}


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reasons[0].code


def test_the_same_key_with_the_same_content_returns_the_first_result(engine: Engine) -> None:
    """A repeated call writes nothing and gives the case as the first call left it, even when it has moved on."""
    first = engine.start("grant", by=CLERK, data=DATA, key="2015-017")
    engine.fire(first.id, "take", by=REVIEWER, key="take-017")
    again = engine.start("grant", by=CLERK, data=DATA, key="2015-017")
    assert again == first
    assert engine.fire(first.id, "take", by=REVIEWER, key="take-017").seq == 2
    assert len(list(engine.history(first.id))) == 2


def test_the_same_key_with_other_content_is_a_conflict(engine: Engine) -> None:
    """A key names one request; nothing is written for another under it, not even a refusal."""
    engine.start("grant", by=CLERK, data=DATA, key="2015-017")
    before = len(list(engine.history(refusals=True)))
    with pytest.raises(Refused) as refused:
        engine.start("grant", by=CLERK, data=DATA | {"amount": "500"}, key="2015-017")
    assert code(refused) == "conflict"
    assert len(list(engine.history(refusals=True))) == before


def test_a_refused_act_does_not_use_up_its_key(engine: Engine, grant: Case) -> None:
    """After a refusal the same key may carry the mended act."""
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=CLERK, key="k")
    assert engine.fire(grant.id, "take", by=REVIEWER, key="k").seq == 2


def test_a_stale_expectation_is_a_conflict_and_is_not_recorded(engine: Engine, grant: Case) -> None:
    """Who decides on an old view of the case is told so; a refusal of somebody else does not make a view old."""
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=CLERK)
    engine.fire(grant.id, "take", by=REVIEWER, expect=grant.seq)
    before = len(list(engine.history(grant.id, refusals=True)))
    with pytest.raises(Refused) as refused:
        engine.fire(grant.id, "suspend", by=HEAD, expect=grant.seq)
    assert code(refused) == "conflict"
    assert len(list(engine.history(grant.id, refusals=True))) == before


@pytest.fixture
def host(engine: Engine, database_url: str) -> Iterator[sa.Engine]:
    """Give the engine of a host application with a table of its own in the same database."""
    host = sa.create_engine(database_url)
    with host.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE host_note (text VARCHAR(100))")
    yield host
    host.dispose()


def asked(host: sa.Engine, question: str) -> int:
    with host.connect() as connection:
        return int(connection.exec_driver_sql(question).scalar_one())


def until(happens: Callable[[], bool]) -> None:
    """Wait for something that will happen soon."""
    for _ in range(600):
        if happens():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def notes(host: sa.Engine) -> list[str]:
    with host.connect() as connection:
        return list(connection.exec_driver_sql("SELECT text FROM host_note").scalars())


def note(session: Session, text: str) -> None:
    session.execute(sa.text("INSERT INTO host_note VALUES (:text)"), {"text": text})


def test_our_rows_commit_with_the_callers(engine: Engine, host: sa.Engine) -> None:
    """Nothing of ours is visible before the caller's commit; afterwards all of it is, and it verifies."""
    with Session(host) as session:
        note(session, "before")
        case = engine.start("grant", by=CLERK, data=DATA, session=session)
        engine.fire(case.id, "take", by=REVIEWER, session=session)
        assert engine.case(case.id, session=session).state == "review.reading"
        assert [found.id for found in engine.cases()] == []
        session.commit()
    assert notes(host) == ["before"]
    assert engine.case(case.id).seq == 2
    assert engine.verify().ok


def test_our_rows_roll_back_with_the_callers(engine: Engine, host: sa.Engine) -> None:
    """What the caller takes back never happened, on their side and on ours."""
    with Session(host) as session:
        note(session, "lost")
        engine.start("grant", by=CLERK, data=DATA, session=session)
        session.rollback()
    assert notes(host) == []
    assert list(engine.cases()) == []
    assert engine.verify().ok


def test_a_refusal_is_recorded_in_the_callers_transaction(engine: Engine, host: sa.Engine, grant: Case) -> None:
    """The refusal commits or rolls back with the caller, who may go on with the same session."""
    with Session(host) as session:
        with pytest.raises(Refused):
            engine.fire(grant.id, "take", by=CLERK, session=session)
        note(session, "tried")
        session.commit()
    assert notes(host) == ["tried"]
    assert [entry.kind for entry in engine.history(grant.id, refusals=True)] == ["transition", "refusal"]


def test_a_savepoint_of_the_caller_takes_back_one_act(engine: Engine, host: sa.Engine, grant: Case) -> None:
    """A rolled back savepoint undoes our act inside it, and nothing else."""
    with Session(host) as session:
        note(session, "kept")
        inner = session.begin_nested()
        engine.fire(grant.id, "take", by=REVIEWER, session=session)
        inner.rollback()
        session.commit()
    assert notes(host) == ["kept"]
    assert engine.case(grant.id).seq == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_key_that_another_session_uses_meanwhile_writes_nothing(
    engine: Engine, host: sa.Engine, database_url: str
) -> None:
    """Of two sessions with the same key one does the act; the other may commit, and has written nothing of ours.

    On SQLite the second session waits at its beginning, and finds the first result.
    """

    def second() -> str:
        with Session(host) as session:
            with pytest.raises(Refused) as refused:
                engine.start("grant", by=CLERK, data=DATA, key="k", session=session)
            note(session, "second")
            session.commit()
            return code(refused)

    with Session(host) as session, ThreadPoolExecutor(1) as pool:
        engine.start("grant", by=CLERK, data=DATA, key="k", session=session)
        waiting = pool.submit(second)
        until(lambda: bool(asked(host, "SELECT count(*) FROM pg_locks WHERE NOT granted")))
        session.commit()
        assert waiting.result(timeout=60) == "conflict"
    assert len(list(engine.cases())) == 1
    assert notes(host) == ["second"]
    assert engine.verify().ok


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_session_on_another_file_is_refused(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """The record must not land in whatever database the caller happens to hold."""
    elsewhere = sa.create_engine(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    with Session(elsewhere) as session, pytest.raises(InputError, match="elsewhere"):
        engine.start("grant", by=CLERK, data=DATA, session=session)
    elsewhere.dispose()


@pytest.mark.parametrize("key", ["", " k", "k" * 201, "a\0b", 5])
def test_a_key_is_printable_text_of_reasonable_length(engine: Engine, key: object) -> None:
    """An unset variable of a shell must not become everybody's key."""
    with pytest.raises(InputError):
        engine.start("grant", by=CLERK, data=DATA, key=key)  # type: ignore[arg-type]


def test_erasing_forgets_what_a_key_was_used_with(engine: Engine) -> None:
    """The digest of a call holds personal values; after an erasure nobody can guess them from it."""
    case = engine.start("grant", by=CLERK, data=DATA | {"applicant": "Li Wei"}, key="k")
    engine.erase(case.id, ["applicant"], by=CLERK, approved_by=Actor("sun", {"clerk"}), reason="asked for")
    with pytest.raises(Refused) as refused:
        engine.start("grant", by=CLERK, data=DATA | {"applicant": "Li Wei"}, key="k")
    assert code(refused) == "conflict"
