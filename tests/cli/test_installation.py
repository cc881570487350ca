"""The installation says what is wrong with it, and the database is where it was named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import OFFICER, Invoke


def test_a_whole_installation_has_no_problem(county: Invoke) -> None:
    """Exit code 0; every line is in order."""
    done = county("doctor")
    assert done.code == 0, done.out
    assert "problem" not in done.out
    checks = county("doctor", "-o", "json").json
    assert checks["ok"] is True
    names = {"python", "libraries", "clock", "workflows", "database", "permissions"}
    assert {check["name"] for check in checks["checks"]} == names


def test_a_missing_database_is_a_problem_with_a_cure(invoke: Invoke, tmp_path: Path) -> None:
    """Looking does not make one."""
    done = invoke("doctor")
    assert done.code == 1
    assert "accountability migrate" in done.out
    assert not (tmp_path / "accountability.db").exists()


def test_without_a_database_commands_say_how_to_make_one(invoke: Invoke) -> None:
    """Exit code 3."""
    for command in (("list",), ("verify",), ("start", "petition", *OFFICER), ("export",)):
        done = invoke(*command)
        assert (done.code, done.out) == (3, "")
        assert "accountability migrate" in done.err


def test_a_file_that_is_no_database_is_exit_code_3(invoke: Invoke, tmp_path: Path) -> None:
    """And not a traceback."""
    (tmp_path / "accountability.db").write_text("this is not a database " * 100)
    done = invoke("list")
    assert (done.code, done.out) == (3, "")
    assert "error:" in done.err


def test_a_server_that_cannot_be_reached_is_exit_code_3(invoke: Invoke) -> None:
    """The password is not repeated."""
    done = invoke("--db", "postgresql+psycopg://zhang:secret@127.0.0.1:1/county?connect_timeout=2", "list")
    assert (done.code, done.out) == (3, "")
    assert "secret" not in done.err


def test_a_url_that_makes_no_sense_is_wrong_use(invoke: Invoke) -> None:
    """Exit code 2."""
    assert invoke("--db", "mysql://localhost/x", "list").code == 2


def test_the_database_may_be_named_before_or_after_the_command_or_by_the_environment(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands nearest to the command wins."""
    assert invoke("--db", "a.db", "migrate").code == 0
    assert invoke("migrate", "--db", "sqlite:///b.db").code == 0
    monkeypatch.setenv("ACCOUNTABILITY_DB", "c.db")
    assert invoke("migrate", "-o", "json").json["ready"] is True
    assert invoke("--db", "a.db", "list", "--db", "nowhere.db").code == 3
    assert invoke("--db", "a.db", "list").code == 0
    assert {file.name for file in tmp_path.glob("*.db")} == {"a.db", "b.db", "c.db"}
