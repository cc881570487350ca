"""Somebody who owns the database changes one cell: `verify` fails, and names the case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from accountability import Actor, Case, Engine, RecordError, Refused, SystemClock
from accountability.audit.entry import decode, encode
from accountability.engine.outbox import Outbox
from accountability.store.database import Database
from tests.engine.conftest import CARRIER, CLERK, HEAD, REVIEWER
from tests.engine.desk import ANN
from tests.engine.test_deadlines import LETTER

COLUMNS = {
    "acc_entry": ("id", "case_id", "seq", "bytes", "leaf"),
    "acc_case": (
        "id", "workflow", "version", "definition", "state", "seq", "head", "closed", "data", "memory", "opened_at",
        "updated_at", "parent", "link", "deadlines", "wake",
    ),
    "acc_definition": ("digest", "workflow", "version", "content", "registered_at"),
}  # fmt: skip
KEYS = {"acc_entry": ("leaf", "bytes"), "acc_case": ("id", "head"), "acc_definition": ("digest", "content")}
OWNER = {"acc_entry": "case_id", "acc_case": "id", "acc_definition": "'workflow:' || workflow"}


@pytest.fixture
def used(engine: Engine, grant: Case, bundle: Case, tmp_path: Path) -> Engine:
    """Let several things happen: moves, signatures, refusals, children, a closing, withheld values, deadlines."""
    (tmp_path / "letter.yaml").write_text(LETTER)
    engine.register(tmp_path / "letter.yaml")
    letter = engine.start("letter", by=ANN)
    engine.fire(letter.id, "take", by=ANN)
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "decide", by=REVIEWER, data={"level": 5})
    engine.fire(grant.id, "decide", by=HEAD)
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=CLERK)
    for child in engine.case(bundle.id).children:
        engine.fire(child.id, "deliver", by=CARRIER)
    assert engine.verify().ok
    return engine


@pytest.fixture
def owner(used: Engine, database_url: str) -> Iterator[sa.Connection]:
    """Own the database: no trigger protects it any more."""
    database = sa.create_engine(database_url, isolation_level="AUTOCOMMIT")
    with database.connect() as connection:
        if database.dialect.name == "sqlite":
            for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        yield connection
    database.dispose()


def changed(value: Any) -> list[Any]:
    """Think of other values for a cell."""
    if value is None:
        return ["x", 7]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value + 1_000_000]
    return [value + " ", value[:-1], value[::-1] if value[::-1] != value else value + "1", value.swapcase()]


def tampered(connection: sa.Connection, table: str, column: str) -> Iterator[str]:
    """Change one cell after the other, and put each back; give the case that the row belongs to."""
    key = next(name for name in KEYS[table] if name != column)
    rows = connection.exec_driver_sql(f"SELECT {key}, {column}, {OWNER[table]} FROM {table}").all()
    for name, value, case in rows:
        for other in changed(value):
            if other == value:
                continue
            put = sa.text(f"UPDATE {table} SET {column} = :value WHERE {key} = :name")
            try:
                done = connection.execute(put, {"value": other, "name": name}).rowcount
            except sa.exc.SQLAlchemyError:
                continue  # the column's type or a key refuses such a value
            assert done == 1
            yield case
            connection.execute(put, {"value": value, "name": name})


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, all_ in COLUMNS.items() for column in all_])
def test_a_changed_cell_is_found_and_its_case_named(
    used: Engine, owner: sa.Connection, table: str, column: str
) -> None:
    """Every column of every entry, case and definition row: whatever it is changed to, the verdict names the case."""
    tried = 0
    for case in tampered(owner, table, column):
        verdict = used.verify()
        named = {problem.case for check in verdict.checks for problem in check.problems}
        assert not verdict.ok
        assert case in named
        tried += 1
    assert tried
    assert used.verify().ok


def test_every_column_there_is_is_tampered_with(owner: sa.Connection) -> None:
    """A new column cannot be forgotten by the test above."""
    inspector = sa.inspect(owner)
    for table, columns in COLUMNS.items():
        assert {column["name"] for column in inspector.get_columns(table)} == set(columns)


@pytest.fixture
def placed(used: Engine, grant: Case, database_url: str) -> Engine:
    """Let every entry have its place in the log, but for the last one, which waits."""
    with closing(Database(database_url)) as database:
        Outbox(database, SystemClock()).sequence()
    used.fire(grant.id, "grant", by=HEAD)
    assert used.verify().ok
    return used


def cases_of_places(owner: sa.Connection) -> dict[int, str]:
    """Tell to whose case each place in the log belongs."""
    query = "SELECT position, case_id FROM acc_leaf JOIN acc_entry ON acc_entry.id = entry_id"
    return dict(owner.exec_driver_sql(query).all())


@pytest.mark.parametrize("column", ["position", "entry_id"])
def test_a_changed_place_in_the_log_is_found(placed: Engine, owner: sa.Connection, column: str) -> None:
    """An entry moved to another place, and a place given to another entry: whose entry has none is named."""
    cases = cases_of_places(owner)
    for position, case in cases.items():
        for other in (-1, 0, len(cases), 10**12, None):
            put = sa.text(f"UPDATE acc_leaf SET {column} = :other WHERE position = :position")
            try:
                owner.execute(put, {"other": other, "position": position})
            except sa.exc.SQLAlchemyError:
                continue  # a key refuses such a value
            verdict = placed.verify()
            told = [problem for check in verdict.checks for problem in check.problems if check.name == "log"]
            assert bool(told) == (cases_of_places(owner) != cases), (position, other)
            assert column == "position" or not told or case in {problem.case for problem in told}
            back = sa.text("DELETE FROM acc_leaf WHERE position = :other OR position = :position")
            owner.execute(back, {"other": other, "position": position})
            restore(owner, cases)
    assert placed.verify().ok


def restore(owner: sa.Connection, cases: dict[int, str]) -> None:
    """Write every place as it was: entries in the order of their ids."""
    owner.exec_driver_sql("DELETE FROM acc_leaf")
    for position, id_ in enumerate(owner.exec_driver_sql("SELECT id FROM acc_entry ORDER BY id").scalars().all()):
        if position in cases:
            owner.exec_driver_sql(f"INSERT INTO acc_leaf (position, entry_id) VALUES ({position}, {id_})")


def test_a_removed_place_in_the_log_is_found(placed: Engine, owner: sa.Connection) -> None:
    """Whose entry it was is named; so is an entry that would wait once more, or for ever."""
    cases = cases_of_places(owner)
    for position, case in cases.items():
        owner.exec_driver_sql(f"DELETE FROM acc_leaf WHERE position = {position}")
        named = {problem.case for check in placed.verify().checks for problem in check.problems}
        assert case in named
        restore(owner, cases)
    for statement in ("INSERT INTO acc_pending SELECT entry_id FROM acc_leaf", "DELETE FROM acc_pending"):
        owner.exec_driver_sql(statement)
        assert "log" in violated(placed)


def test_places_exchanged_within_a_case_are_found(placed: Engine, owner: sa.Connection, grant: Case) -> None:
    """The log never contradicts the chain."""
    cases = cases_of_places(owner)
    first, second, *_ = (position for position, case in cases.items() if case == grant.id)
    for one, other in ((first, -1), (second, first), (-1, second)):
        owner.exec_driver_sql(f"UPDATE acc_leaf SET position = {other} WHERE position = {one}")
    told = [problem for check in placed.verify().checks if check.name == "log" for problem in check.problems]
    assert [(problem.case, problem.seq) for problem in told][:1] == [(grant.id, 2)]


def test_a_removed_row_is_found(used: Engine, owner: sa.Connection) -> None:
    """A missing entry, case or definition is found, and the case named."""
    entry = owner.exec_driver_sql("SELECT id, case_id FROM acc_entry WHERE seq = 2").first()
    assert entry is not None
    owner.exec_driver_sql(f"DELETE FROM acc_pending WHERE entry_id = {entry[0]}")
    owner.exec_driver_sql(f"DELETE FROM acc_entry WHERE id = {entry[0]}")
    verdict = used.verify()
    assert not verdict.ok
    assert entry[1] in {problem.case for check in verdict.checks for problem in check.problems}


def test_a_missing_child_is_proved_by_its_parent(used: Engine, owner: sa.Connection, bundle: Case) -> None:
    """Removing a child case with everything of its own leaves the parent's entry as a witness."""
    child = used.case(bundle.id).children[0].id
    ids = owner.exec_driver_sql(f"SELECT id FROM acc_entry WHERE case_id = '{child}'").scalars().all()
    for place in ids:
        owner.exec_driver_sql(f"DELETE FROM acc_pending WHERE entry_id = {place}")
    owner.exec_driver_sql(f"DELETE FROM acc_entry WHERE case_id = '{child}'")
    owner.exec_driver_sql(f"DELETE FROM acc_case WHERE id = '{child}'")
    verdict = used.verify()
    messages = [problem.message for check in verdict.checks for problem in check.problems]
    assert not verdict.ok
    assert any(child in message for message in messages)


def test_a_value_that_went_missing_is_no_erasure(used: Engine, owner: sa.Connection, grant: Case) -> None:
    """A withheld value removed behind the engine's back is a violation, since no entry gives a warrant."""
    owner.exec_driver_sql("DELETE FROM acc_opening")
    verdict = used.verify()
    assert {check.name: check.verdict for check in verdict.checks}["openings"] == "violated"
    assert grant.id in {problem.case for check in verdict.checks for problem in check.problems}


def rewritten(owner: sa.Connection, case: str, seq: int, **parts: Any) -> None:
    """Rewrite the last entry of a chain with matching hashes, as somebody who knows the format could."""
    row = owner.execute(
        sa.text("SELECT bytes, leaf FROM acc_entry WHERE case_id = :case AND seq = :seq"), {"case": case, "seq": seq}
    ).one()
    text, leaf = encode(replace(decode(*row), **parts))
    owner.execute(
        sa.text("UPDATE acc_entry SET bytes = :text, leaf = :leaf WHERE case_id = :case AND seq = :seq"),
        {"text": text, "leaf": leaf, "case": case, "seq": seq},
    )
    owner.execute(sa.text("UPDATE acc_case SET head = :leaf WHERE id = :case"), {"leaf": leaf, "case": case})


def violated(engine: Engine) -> set[str]:
    return {check.name for check in engine.verify().checks if check.verdict == "violated"}


def test_a_forged_act_with_right_hashes_is_no_act_of_the_law(used: Engine, owner: sa.Connection, grant: Case) -> None:
    """Whoever rewrites the end of a chain with matching hashes still cannot make the law allow the act."""
    rewritten(owner, grant.id, 4, actor=CLERK)
    assert "law" in violated(used)
    with pytest.raises(RecordError):
        used.replay(grant.id)


def test_an_erasure_does_not_excuse_a_forged_act(used: Engine, owner: sa.Connection, grant: Case) -> None:
    """Who acted, in which role, is judged whatever was erased."""
    used.erase(grant.id, ["applicant"], by=CLERK, approved_by=Actor("sun", {"clerk"}), reason="asked for")
    assert used.verify().ok
    rewritten(owner, grant.id, 5, actor=Actor("eve", {"citizen"}))
    assert "law" in violated(used)


@pytest.mark.parametrize("seen", ["stale", "foreign"])
def test_an_act_cannot_claim_to_have_seen_something_else(
    used: Engine, owner: sa.Connection, bundle: Case, grant: Case, seen: str
) -> None:
    """What an act saw of the case that opened its own is never older than the opening, and of no other case."""
    child = used.case(bundle.id).children[0].id
    saw = {bundle.id: 1} if seen == "stale" else {bundle.id: 3, grant.id: 1}
    rewritten(owner, child, 2, saw=saw)
    assert "law" in violated(used)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cell_that_is_no_text_is_a_finding(used: Engine, owner: sa.Connection, grant: Case) -> None:
    """Bytes that are no UTF-8 do not stop the verifier; PostgreSQL keeps only text in columns of text."""
    for table, column, key in (("acc_case", "data", "id"), ("acc_entry", "bytes", "case_id")):
        owner.exec_driver_sql(f"UPDATE {table} SET {column} = CAST(x'ff80' AS TEXT) WHERE {key} = '{grant.id}'")
        verdict = used.verify()
        assert not verdict.ok
        assert grant.id in {problem.case for check in verdict.checks for problem in check.problems}
        with pytest.raises(RecordError):
            used.fire(grant.id, "deny", by=HEAD)


@pytest.mark.parametrize("column", ["data", "memory", "updated_at"])
def test_a_stored_case_that_cannot_be_read_is_told_so(
    used: Engine, owner: sa.Connection, grant: Case, column: str
) -> None:
    """Whatever a tampered row holds, the error says which case it is."""
    owner.exec_driver_sql(f"UPDATE acc_case SET {column} = '[' WHERE id = '{grant.id}'")
    for look in (used.case, used.replay):
        with pytest.raises(RecordError, match=grant.id):
            look(grant.id)
