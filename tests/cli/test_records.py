"""The record is read, recomputed, verified and handed on from the shell."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.cli.conftest import LEADER, OFFICER, Invoke


def test_a_history_lists_entries_oldest_first(county: Invoke, opened: str) -> None:
    """One entry a line for programs; a table with who, what, when and why for people."""
    county("fire", opened, "register", *OFFICER, "--reason", "in order")
    entries = county("history", opened, "-o", "jsonl").lines
    assert [(entry["seq"], entry["trigger"], entry["to"]) for entry in entries] == [
        (1, "start", "received"),
        (2, "register", "registered"),
    ]
    assert entries[1]["prev"] == entries[0]["leaf"]
    assert county("history", opened, "-o", "json").json == entries
    text = county("history", opened).out
    for words in ("register", "→ registered", "zhang", "“in order”", "reporter (withheld)"):
        assert words in text


def test_refused_attempts_are_listed_on_demand(county: Invoke, opened: str) -> None:
    """They are part of the log, but no links of the chain."""
    county("fire", opened, "close", *LEADER)
    assert len(county("history", opened, "-o", "jsonl").lines) == 1
    refused = county("history", opened, "--refused", "-o", "jsonl").lines[-1]
    assert (refused["kind"], refused["trigger"]) == ("refusal", "close")
    assert "close (refusal)" in county("history", opened, "--refused").out


def test_a_history_is_of_one_case_or_of_all(county: Invoke, opened: str) -> None:
    """Neither and both are wrong use; all of them include the publication of definitions."""
    assert county("history").code == 2
    assert county("history", opened, "--all").code == 2
    cases = {entry["case"] for entry in county("history", "--all", "-o", "jsonl").lines}
    assert {opened, "workflow:petition", "workflow:subject"} <= cases
    assert opened in county("history", "--all").out
    assert county("history", "--all", "-o", "csv").out.startswith("case,seq,")


def test_the_history_of_a_workflow_is_that_of_one_that_exists(county: Invoke) -> None:
    """Its publications; a misspelt name is exit code 2 with the one that was meant."""
    assert [entry["kind"] for entry in county("history", "workflow:petition", "-o", "jsonl").lines] == ["definition"]
    unknown = county("history", "workflow:petiton")
    assert (unknown.code, unknown.out) == (2, "")
    assert "petition" in unknown.err


def test_a_replay_gives_the_case_as_it_was(county: Invoke, opened: str) -> None:
    """By entry or by moment, and compared with what is stored."""
    county("fire", opened, "register", *OFFICER)
    now = county("replay", opened, "-o", "json").json
    assert (now["state"], now["matches"], now["differences"]) == ("registered", True, [])
    assert county("replay", opened, "--seq", 1, "-o", "json").json["state"] == "received"
    opened_at = county("show", opened, "-o", "json").json["opened_at"]
    assert county("replay", opened, "--at", opened_at, "-o", "json").json["seq"] == 1
    assert "matches" in county("replay", opened).out


def test_a_replay_of_no_moment_is_wrong_use(county: Invoke, opened: str) -> None:
    """Before the case was opened, behind its end, or two moments at once."""
    for wrong in (("--at", "1999-01-01T00:00Z"), ("--seq", 9), ("--at", "2999-01-01T00:00Z", "--seq", 1)):
        assert county("replay", opened, *wrong).code == 2


def tamper(folder: Path, statement: str, *values: object) -> None:
    """Change the database behind the program's back, its guards dropped first."""
    with sqlite3.connect(folder / "accountability.db") as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement, values)
    connection.close()


def test_a_whole_record_verifies(county: Invoke, opened: str) -> None:
    """Each check is named with its count; the progress bar stays away from what is not a terminal."""
    done = county("verify")
    assert (done.code, done.err) == (0, "")
    assert "✓" in done.out
    assert "verified" in done.out
    verdict = county("verify", "-o", "json").json
    assert verdict["ok"] is True
    assert all(set(check) == {"name", "verdict", "count", "problems"} for check in verdict["checks"])


def test_a_tampered_record_does_not_verify_and_names_the_case(county: Invoke, opened: str, tmp_path: Path) -> None:
    """Exit code 1; people and programs are told which case."""
    tamper(tmp_path, "UPDATE acc_case SET state = 'closed' WHERE id = ?", opened)
    done = county("verify")
    assert done.code == 1
    assert "✗" in done.out
    assert opened in done.out
    verdict = county("verify", "-o", "json")
    assert verdict.code == 1
    named = {problem["case"] for check in verdict.json["checks"] for problem in check["problems"]}
    assert opened in named


def test_a_replay_that_gives_something_else_says_what(county: Invoke, opened: str, tmp_path: Path) -> None:
    """Exit code 1, with each difference."""
    tamper(tmp_path, "UPDATE acc_case SET state = 'closed' WHERE id = ?", opened)
    done = county("replay", opened, "-o", "json")
    assert (done.code, done.json["matches"]) == (1, False)
    assert done.json["differences"]
    assert county("replay", opened).code == 1


def test_an_export_is_every_entry_on_a_line(county: Invoke, opened: str, tmp_path: Path) -> None:
    """To stdout or to a file: the same lines."""
    county("fire", opened, "close", *LEADER)
    out = county("export", "-f", "jsonl").out
    assert {entry["kind"] for entry in map(json.loads, out.splitlines())} >= {"definition", "transition", "refusal"}
    assert county("export", "--out", "entries.jsonl").out.endswith("entries written to entries.jsonl\n")
    assert county("export", "--out", "entries.jsonl", "-o", "json").json["entries"] == len(out.splitlines())
    assert (tmp_path / "entries.jsonl").read_text(encoding="utf-8") == out
    assert county("export", "--out", "nowhere/entries.jsonl").code == 2
    assert county("export", "-o", "json").json == [json.loads(row) for row in out.splitlines()]
    assert county("export", "-f", "jsonl", "-o", "json").out == out
