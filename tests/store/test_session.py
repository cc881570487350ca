"""Joining the caller's transaction: ours commits with theirs, or not at all."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from accountability.errors import InputError
from accountability.store.database import Database
from tests.store.given import a_case, moved, record

THEIRS = Table("theirs", MetaData(), Column("id", Integer, primary_key=True))


def known(database: Database, case_id: str = "case-1") -> bool:
    """Say whether a case is there, for everybody to see."""
    with database.transaction(read_only=True) as transaction:
        return transaction.case(case_id) is not None


@pytest.mark.parametrize("kind", [Session, PlainSession, "scoped", "connection"])
def test_ours_is_seen_when_theirs_is_committed(database: Database, database_url: str, kind: object):
    """Sessions of both libraries, scoped sessions and connections carry our rows; nothing shows before their commit."""
    engine = create_engine(database_url)
    THEIRS.create(engine)
    session: object
    if kind == "connection":
        session = engine.connect()
    elif kind == "scoped":
        session = scoped_session(sessionmaker(engine))
    else:
        session = kind(engine)  # type: ignore[operator]
    session.execute(insert(THEIRS).values(id=1))  # type: ignore[attr-defined]
    with database.transaction(session) as transaction:
        case = record(transaction, a_case())
    with database.transaction(session) as transaction:
        record(transaction, moved(case))
    assert not known(database)
    session.commit()  # type: ignore[attr-defined]
    assert known(database)
    session.close()  # type: ignore[attr-defined]
    engine.dispose()


@pytest.mark.parametrize("work", ["before", "none"])
def test_ours_goes_when_theirs_is_rolled_back(database: Database, database_url: str, work: str):
    """Also where the session had done nothing before, so that ours is the first work of its transaction."""
    engine = create_engine(database_url)
    THEIRS.create(engine)
    with Session(engine) as session:
        if work == "before":
            session.exec(insert(THEIRS).values(id=1))
        with database.transaction(session) as transaction:
            record(transaction, a_case())
        session.rollback()
        assert not known(database)
        with database.transaction(session) as transaction:
            record(transaction, a_case("case-2"))
        session.commit()
    assert known(database, "case-2")
    engine.dispose()


def test_a_connection_without_a_transaction_gets_one(database: Database, database_url: str):
    """On a fresh connection the caller's `commit` decides, not the driver."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        with database.transaction(connection) as transaction:
            record(transaction, a_case())
        connection.rollback()
        assert not known(database)
        with database.transaction(connection) as transaction:
            record(transaction, a_case())
        connection.commit()
    assert known(database)
    engine.dispose()


def test_an_error_in_a_joined_block_leaves_the_decision_to_the_caller(database: Database, database_url: str):
    """We neither commit nor roll back what is theirs."""
    engine = create_engine(database_url)
    THEIRS.create(engine)
    with Session(engine) as session:
        session.exec(insert(THEIRS).values(id=1))
        with pytest.raises(ZeroDivisionError), database.transaction(session):
            raise ZeroDivisionError
        session.commit()
        assert session.connection().exec_driver_sql("SELECT count(*) FROM theirs").scalar() == 1
    engine.dispose()


def test_a_reading_in_a_session_sees_what_the_session_wrote(database: Database, database_url: str):
    """Within their transaction our own uncommitted rows are there."""
    engine = create_engine(database_url)
    with Session(engine) as session:
        with database.transaction(session) as transaction:
            record(transaction, a_case())
        with database.transaction(session, read_only=True) as transaction:
            assert transaction.case("case-1") is not None
            assert [entry.seq for entry in transaction.entries()] == [1]
    engine.dispose()


def test_a_session_of_another_kind_of_database_is_refused(database: Database, postgres_url: str):
    """A session that cannot share the transaction is an input error that names both."""
    other = "sqlite://" if database.dialect == "postgresql" else postgres_url
    engine = create_engine(other)
    with Session(engine) as session, pytest.raises(InputError, match="session works on"), database.transaction(session):
        pass
    engine.dispose()


@pytest.mark.parametrize("session", ["sqlite://", 7, sqlite3])
def test_what_is_no_session_is_refused(database: Database, session: object):
    """A URL or another object in its place is an input error, not an attribute error."""
    with pytest.raises(InputError) as caught, database.transaction(session):
        pass
    assert caught.value.cure


def test_a_session_bound_to_nothing_is_refused(database: Database):
    """A session without an engine cannot be joined."""
    with Session() as session, pytest.raises(InputError), database.transaction(session):
        pass


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_session_that_commits_by_itself_is_refused(database: Database, database_url: str):
    """In autocommit there is no transaction to join."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with Session(engine) as session, pytest.raises(InputError, match="by itself"), database.transaction(session):
        pass
    engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_session_on_one_shared_sqlite_connection_is_joined(database: Database, database_url: str):
    """The usual set-up of tests, one static connection, works like any other."""
    engine = create_engine(database_url, poolclass=StaticPool)
    with Session(engine) as session:
        with database.transaction(session) as transaction:
            record(transaction, a_case())
        session.commit()
    assert known(database)
    engine.dispose()
