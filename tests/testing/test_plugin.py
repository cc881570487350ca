"""Scenarios as tests of pytest, run as authors run it: by a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.project import ROOT
from tests.testing.town import ACCEPT, SUBMIT, scenario, write_town

WATCHED = """\
import sys

def pytest_unconfigure():
    print("loaded:", *sorted(name for name in sys.modules if name.startswith(("accountability.engine", "sqlalchemy"))))
"""


def run_pytest(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run pytest with the plugin, warnings as errors; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project with workflows, one scenario, and a test of its own."""
    folder = write_town(tmp_path / "workflows")
    (folder / "tests" / "it.yaml").write_text(scenario(SUBMIT, ACCEPT), encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert True\n", encoding="utf-8")
    return tmp_path


def test_each_scenario_is_a_test(project: Path):
    """Named as it is, collected from below `workflows/tests`, beside other tests."""
    printed = run_pytest(project, "-v")
    assert "workflows/tests/it.yaml::it PASSED" in printed
    assert "2 passed" in printed


def test_a_failing_scenario_shows_what_the_command_shows(project: Path):
    """No traceback: the line, the step, expected and actual, the history."""
    file = project / "workflows" / "tests" / "it.yaml"
    file.write_text(scenario(SUBMIT, "accept: {by: ben}"), encoding="utf-8")
    printed = run_pytest(project, code=1)
    for line in (
        "workflows/tests/it.yaml:8: accept",
        "    - accept: {by: ben}",
        "  expected: it is done",
        "              role: `accept` needs the role clerk; ben has head",
    ):
        assert line in printed.splitlines()
    assert "Traceback" not in printed
    assert "1 failed, 1 passed" in printed


def test_a_wrong_file_is_an_error_of_its_collection(project: Path):
    """With place and cure; the other tests are still known."""
    file = project / "workflows" / "tests" / "it.yaml"
    file.write_text(scenario("submit: {by: anne, data: {what: x}}"), encoding="utf-8")
    printed = run_pytest(project, code=2)
    assert "workflows/tests/it.yaml:7:22: ACC623 there is no actor `anne`" in printed
    assert "help: did you mean `ann`?" in printed
    assert "Traceback" not in printed


def test_a_wrong_workflow_is_an_error_of_its_collection_too(project: Path):
    """Its findings are shown where the scenarios would be."""
    workflow = project / "workflows" / "request.yaml"
    workflow.write_text(workflow.read_text().replace("to: waiting", "to: wating"), encoding="utf-8")
    assert "ACC200" in run_pytest(project, code=2)


def test_other_yaml_files_are_left_alone(project: Path):
    """Those elsewhere, and those below `workflows/tests` that hold no scenarios."""
    (project / "scenarios.yaml").write_text("scenarios: [3]\n", encoding="utf-8")
    (project / "workflows" / "tests" / "office.yaml").write_text("actors: {}\n", encoding="utf-8")
    assert "2 passed" in run_pytest(project)


def test_the_setting_names_other_files_or_none(project: Path):
    """Patterns, in which `*` stands for folders too."""
    (project / "workflows").rename(project / "law")
    assert "1 passed" in run_pytest(project)
    assert "2 passed" in run_pytest(project, "-o", "accountability_scenarios=law/tests/*.yaml")
    (project / "law").rename(project / "workflows")
    assert "1 passed" in run_pytest(project, "-o", "accountability_scenarios=")


def test_a_single_scenario_can_be_chosen(project: Path):
    """By its name, as any test."""
    file = project / "workflows" / "tests" / "it.yaml"
    file.write_text(scenario(SUBMIT) + "  - name: another\n    steps: [expect: {state: received}]\n", encoding="utf-8")
    assert "ACC633" in run_pytest(project, "-k", "another", code=2)
    file.write_text(scenario(SUBMIT) + f"  - name: another\n    steps: [{SUBMIT}]\n", encoding="utf-8")
    assert "1 passed, 2 deselected" in run_pytest(project, "-k", "another")


def test_the_engine_is_loaded_for_scenarios_only(project: Path):
    """Who has none does not wait for it."""
    (project / "conftest.py").write_text(WATCHED, encoding="utf-8")
    assert "accountability.engine.engine" in run_pytest(project, "-s")
    (project / "workflows" / "tests" / "it.yaml").unlink()
    assert "loaded:\n" in run_pytest(project, "-s").replace("loaded: \n", "loaded:\n")


def test_pytest_finds_the_plugin_by_itself():
    """The project declares the entry point, and an extra that brings pytest."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"accountability": "accountability.testing.plugin"}
    assert [need.partition(">")[0] for need in project["optional-dependencies"]["testing"]] == ["pytest"]
