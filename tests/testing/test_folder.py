"""Scenario files are found below `tests`, and are about the workflows of the folder above."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.definition import shipped
from accountability.errors import DefinitionError, InputError
from accountability.testing.folder import laws_of, scenario_files, workflows_of
from accountability.testing.suite import Suite
from tests.testing.town import HEAD, REQUEST, SUBMIT, scenario, write_town


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Give a town with scenarios, and with files beside them that are none."""
    folder = write_town(tmp_path / "project" / "workflows")
    tests = folder / "tests"
    (tests / "more").mkdir()
    (tests / ".hidden").mkdir()
    for file in ("a.yaml", "more/b.yml", ".hidden/c.yaml", ".d.yaml"):
        (tests / file).write_text(scenario(SUBMIT), encoding="utf-8")
    (tests / "office.yaml").write_text("actors: {}\n", encoding="utf-8")
    (tests / "notes.txt").write_text("scenarios:\n", encoding="utf-8")
    (tmp_path / "project" / "alone.yaml").write_text(scenario(SUBMIT), encoding="utf-8")
    return folder


def names(town: Path, *paths: Path) -> list[str]:
    """Name the scenario files that paths stand for, as seen from the project."""
    return [file.relative_to(town.parent).as_posix() for file in scenario_files(paths)]


def test_scenarios_are_found_in_every_folder_named_tests(town: Path):
    """From the project, from the workflows, from the folder itself; hidden files and others are left alone."""
    below = ["workflows/tests/a.yaml", "workflows/tests/more/b.yml"]
    assert names(town, town.parent) == ["alone.yaml", *below]
    assert names(town, town) == below
    assert names(town, town / "tests") == below
    assert names(town, town / "tests" / "more") == below[1:]
    assert names(town, town / "tests" / "a.yaml", town) == below


@pytest.mark.parametrize("path", ["nothing", "workflows/tests/notes.txt", "workflows/empty", "workflows/request.yml"])
def test_where_no_scenario_is_the_error_says_so(town: Path, path: str):
    """Nothing found is not the same as nothing failed."""
    (town / "empty").mkdir()
    with pytest.raises(InputError) as error:
        scenario_files([town.parent / path])
    assert error.value.cure


def test_the_workflows_are_those_of_the_folder_above_tests(town: Path):
    """However deep below `tests` the file stands; without such a folder, those beside it."""
    assert workflows_of(town / "tests" / "a.yaml") == town
    assert workflows_of(town / "tests" / "more" / "b.yml") == town
    (town / "beside.yaml").write_text(scenario(SUBMIT), encoding="utf-8")
    assert workflows_of(town / "beside.yaml") == town
    assert {one.document.file.rpartition("/")[2] for one in laws_of(town).loaded} == {"part.yaml", "request.yaml"}


def test_shipped_workflows_are_borrowed_where_something_leads_to_them(tmp_path: Path):
    """And only those; one of the folder's own takes the place of a shipped one."""
    (tmp_path / "tests").mkdir()
    opener = REQUEST.replace("workflow: part", "workflow: case").replace("{what: item}", "{filed_on: now}")
    (tmp_path / "request.yaml").write_text(opener, encoding="utf-8")
    borrowed = laws_of(tmp_path).borrowed
    assert {Path(one.document.file).name for one in borrowed} >= {"case.yaml", "subject.yaml"}
    assert "duty.yaml" not in {Path(one.document.file).name for one in borrowed}
    assert laws_of(shipped.folder()).borrowed == ()


def test_a_scenario_may_be_about_a_shipped_workflow(tmp_path: Path):
    """A child case is tested from the case that opens it, wherever that stands."""
    folder = write_town(tmp_path / "workflows")
    assert laws_of(folder).borrowed == ()
    about = scenario("start: {by: ann, data: {source: petition}}", head=HEAD.replace("request", "petition"))
    (folder / "tests" / "it.yaml").write_text(about.replace("clerk", "petition_officer"), encoding="utf-8")
    assert {Path(one.document.file).name for one in laws_of(folder).borrowed} >= {"petition.yaml"}


def test_a_profile_borrows_from_the_folder_of_the_files_it_extends(tmp_path: Path):
    """What it does not change is found where it comes from."""
    folder = write_town(tmp_path / "workflows")
    profile = folder / "old"
    (profile / "tests").mkdir(parents=True)
    (profile / "request.yaml").write_text("extends: ../request.yaml\nversion: 2\n", encoding="utf-8")
    file = profile / "tests" / "it.yaml"
    file.write_text(scenario(SUBMIT, "accept: {by: ann}", "finish: {by: ann, case: parts.1}"), encoding="utf-8")
    suite = Suite()
    content = suite.load(file).content
    assert content is not None
    assert suite.run(content.scenarios[0], content).failure is None
    suite.close()
    assert [Path(one.document.file).name for one in laws_of(profile).borrowed] == ["part.yaml"]


def test_scenarios_without_workflows_have_nowhere_to_run(tmp_path: Path):
    """The error says where workflows are looked for."""
    (tmp_path / "tests").mkdir()
    file = tmp_path / "tests" / "it.yaml"
    file.write_text(scenario(SUBMIT), encoding="utf-8")
    with pytest.raises(InputError, match="no workflow"):
        Suite().load(file)


def test_a_wrong_workflow_comes_before_its_scenarios(tmp_path: Path):
    """Nothing about a scenario can be said then."""
    folder = write_town(tmp_path / "workflows")
    (folder / "request.yaml").write_text(REQUEST.replace("to: waiting", "to: wating"), encoding="utf-8")
    file = folder / "tests" / "it.yaml"
    file.write_text(scenario(SUBMIT), encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        Suite().load(file)
    assert [finding["code"] for finding in error.value.findings if finding["severity"] == "error"] == ["ACC200"]
