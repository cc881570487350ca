"""Definitions are proved, explained and published from the shell."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from accountability.cli.findings_view import summary
from tests.cli.conftest import PETITION, Invoke


def test_right_definitions_have_no_errors(invoke: Invoke, folder: Path) -> None:
    """Exit code 0; findings are a list for programs."""
    done = invoke("check", folder)
    assert done.code == 0, done.out
    assert done.out == summary([], 2).plain + "\n"
    assert isinstance(invoke("check", folder, "-o", "json").json, list)


def test_a_mistake_is_drawn_at_its_place(invoke: Invoke, folder: Path) -> None:
    """Exit code 1; the message, the line with a mark, the cure, and a summary."""
    file = folder / "petition.yaml"
    file.write_text(PETITION.replace("to: registered", "to: regstered"), encoding="utf-8")
    done = invoke("check", folder)
    assert (done.code, done.err) == (1, "")
    assert f"{file}:19:34" in done.out
    assert "^^^^^^^^^" in done.out
    assert "did you mean" in done.out
    assert "1 error" in done.out


def test_findings_have_the_keys_of_the_contract(invoke: Invoke, folder: Path) -> None:
    """Other programs hold on to these names."""
    (folder / "petition.yaml").write_text(PETITION.replace("to: registered", "to: regstered"), encoding="utf-8")
    done = invoke("check", folder, "-o", "json")
    assert done.code == 1
    keys = {"code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "path"}
    assert all(set(finding) == keys for finding in done.json)


def test_findings_are_written_for_github_and_sarif(invoke: Invoke, folder: Path) -> None:
    """The same findings, in the formats that code hosts show beside the line."""
    (folder / "petition.yaml").write_text(PETITION.replace("to: registered", "to: regstered"), encoding="utf-8")
    findings = invoke("check", folder, "-o", "json").json
    rows = invoke("check", folder, "-o", "github").out.splitlines()
    assert len(rows) == len(findings)
    assert rows[0].startswith(f"::{findings[0]['severity']} file=")
    log = invoke("check", folder, "-o", "sarif").json
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == [one["code"] for one in findings]
    assert all(rule["shortDescription"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"])


def test_a_path_that_is_nowhere_is_wrong_use(invoke: Invoke, folder: Path) -> None:
    """Exit code 2, and the one that was meant."""
    done = invoke("check", folder / "petiton.yaml")
    assert (done.code, done.out) == (2, "")
    assert "petition.yaml" in done.err


def test_a_code_is_explained_by_an_example_and_its_cure(invoke: Invoke) -> None:
    """Upper or lower case; an unknown one names the nearest."""
    done = invoke("explain", "acc201")
    assert done.code == 0
    for words in ("ACC201", "Wrong", "Right"):
        assert words in done.out
    assert set(invoke("explain", "ACC201", "-o", "json").json) == {"code", "title", "meaning", "wrong", "right"}
    unknown = invoke("explain", "ACC2O1")
    assert (unknown.code, unknown.out) == (2, "")
    assert "did you mean ACC" in unknown.err
    assert "codes look like" in invoke("explain", "nonsense").err


def test_the_schema_is_a_json_schema(invoke: Invoke) -> None:
    """Editors can use it as it is printed."""
    schema = invoke("schema").json
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")


def test_definitions_are_registered_once(invoke: Invoke, folder: Path) -> None:
    """The second time nothing is new; a changed version under the same number is refused."""
    invoke("migrate")
    first = invoke("register", folder, "-o", "json")
    assert first.code == 0, first.err
    assert {(one["workflow"], one["new"]) for one in first.json} == {("petition", True), ("subject", True)}
    assert "unchanged" in invoke("register", folder).out
    assert [one["new"] for one in invoke("register", folder, "-o", "jsonl").lines] == [False, False]
    assert invoke("register", folder, "-o", "csv").out.startswith("workflow,version,digest,new\r\npetition,1,")
    (folder / "petition.yaml").write_text(PETITION.replace("信访举报", "信访"), encoding="utf-8")
    changed = invoke("register", folder)
    assert changed.code == 1
    assert "version: 2" in changed.err


def test_wrong_definitions_are_not_registered(invoke: Invoke, folder: Path) -> None:
    """The findings are shown the way `check` shows them, as JSON on stdout for programs."""
    invoke("migrate")
    (folder / "petition.yaml").write_text(PETITION.replace("to: registered", "to: regstered"), encoding="utf-8")
    done = invoke("register", folder)
    assert (done.code, done.out) == (1, "")
    assert "^^^^^^^^^" in done.err
    assert json.loads(invoke("register", folder, "-o", "json").out)[0]["file"].endswith("petition.yaml")
