"""The rights that an application needs on PostgreSQL are those that the documentation grants, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

from accountability import Actor, Engine
from tests.engine.conftest import CLERK, REVIEWER, WORKFLOWS
from tests.house.project import ROOT

DROP = "DROP TABLE acc_entry CASCADE"


@pytest.fixture
def office(postgres_url: str) -> Iterator[str]:
    """Grant a role on a database what the page on embedding says, and give the URL by which it connects."""
    from tests.postgres import drop_database, fresh_database

    page = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    grants = re.search(r"```sql\n(.*?)```", page, re.DOTALL)
    assert grants
    url = make_url(fresh_database(postgres_url, migrated=True))
    role = f"office_{url.database}"
    with connected(url) as connection:
        connection.execute(f'CREATE ROLE "{role}" LOGIN')
        connection.execute(grants[1].replace("office", f'"{role}"'))
    yield text(url.set(username=role))
    drop_database(postgres_url, text(url))


def text(url: URL) -> str:
    """Write a URL with everything in it."""
    return url.render_as_string(hide_password=False)


def connected(url: URL) -> psycopg.Connection[Any]:
    """Connect without the engine."""
    return psycopg.connect(text(url.set(drivername="postgresql")))


def test_the_rights_that_are_documented_are_enough(office: str) -> None:
    """To register, open, act with a key, erase, deliver, look back and verify."""
    with Engine(office) as engine:
        engine.register(WORKFLOWS)
        case = engine.start("grant", by=CLERK, data={"purpose": "a", "amount": "1", "applicant": "赵六"}, key="k")
        engine.fire(case.id, "take", by=REVIEWER)
        second = Actor("chen", CLERK.roles)
        engine.erase(case.id, ["applicant"], by=CLERK, approved_by=second, reason="request of the person")
        engine.subscribe(print, name="print")
        assert engine.tick().deliveries > 0
        assert engine.replay(case.id).state == "review.reading"
        assert engine.verify().ok


def test_the_rights_that_are_documented_let_nobody_change_an_entry(office: str) -> None:
    """Neither entry nor definition nor place, nor the tables themselves."""
    written = ("entry", "definition", "leaf")
    deletions = [f"DELETE FROM acc_{table}" for table in written]
    for statement in ("UPDATE acc_entry SET leaf = ''", "UPDATE acc_leaf SET position = 9", *deletions, DROP):
        with connected(make_url(office)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
