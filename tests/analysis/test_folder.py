"""Files and folders are checked together."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.analysis.folder import check
from accountability.errors import InputError
from tests.analysis.examined import codes, text_of

CHILD = "workflow: topic\nstart: {by: officer}\n"
PARENT = """
workflow: matter
transitions:
  close: {from: received, to: closed, by: officer, opens: [{workflow: topic, as: next}]}
"""


def write(folder: Path, **files: str) -> Path:
    """Write workflows, completed, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, fragment in files.items():
        (folder / f"{name}.yaml").write_text(text_of(fragment), encoding="utf-8")
    return folder


def test_a_folder_is_checked_as_a_whole(tmp_path: Path) -> None:
    """Links between its files are followed; files come in alphabetical order."""
    checked = check([write(tmp_path, topic=CHILD, matter=PARENT)])
    assert checked.ok
    assert checked.findings == ()
    assert [Path(one.document.file).name for one in checked.loaded] == ["matter.yaml", "topic.yaml"]


def test_files_beside_a_checked_one_resolve_its_links_without_being_reported(tmp_path: Path) -> None:
    """Checking one file of a folder says nothing about the others."""
    write(tmp_path, topic=CHILD + "roles: {officer: A, idle: B}\n", matter=PARENT)
    checked = check([tmp_path / "matter.yaml"])
    assert (len(checked.loaded), checked.findings) == (1, ())


def test_a_file_beside_a_checked_one_resolves_the_acts_of_its_opener(tmp_path: Path) -> None:
    """A child may ask who did an act of the case that opens it, also when the child's file is checked alone."""
    child = CHILD + "transitions: {close: {from: received, to: closed, by: officer, not_by: hand_on}}\n"
    parent = PARENT.replace("close:", "hand_on:")
    write(tmp_path, topic=child, matter=parent)
    assert check([tmp_path / "topic.yaml"]).findings == ()


def test_a_broken_file_beside_a_checked_one_does_not_disturb(tmp_path: Path) -> None:
    """It only fails to resolve links."""
    write(tmp_path, matter=PARENT)
    (tmp_path / "topic.yaml").write_text("workflow: [", encoding="utf-8")
    assert codes(check([tmp_path / "matter.yaml"]).findings) == ["ACC205"]


def test_tests_and_reports_of_a_folder_are_not_workflows(tmp_path: Path) -> None:
    """They stand in folders of their own."""
    write(tmp_path, topic=CHILD)
    write(tmp_path / "tests", scenario="scenarios: []\n")
    write(tmp_path / "reports", year="report: year\n")
    assert len(check([tmp_path]).loaded) == 1


def test_a_project_folder_stands_for_its_workflows(tmp_path: Path) -> None:
    """`check .` works from the top of a project."""
    write(tmp_path / "workflows", topic=CHILD)
    assert len(check([tmp_path]).loaded) == 1


def test_a_file_named_twice_is_checked_once(tmp_path: Path) -> None:
    """By itself and with its folder."""
    write(tmp_path, topic=CHILD)
    assert len(check([tmp_path, tmp_path / "topic.yaml"]).loaded) == 1


def test_a_version_that_stands_in_two_files_is_found(tmp_path: Path) -> None:
    """The finding names both files."""
    write(tmp_path, first=CHILD, second=CHILD)
    (finding,) = check([tmp_path]).findings
    assert finding.code == "ACC207"
    assert finding.file == str(tmp_path / "second.yaml")
    assert str(tmp_path / "first.yaml") in finding.message


def test_two_versions_of_a_workflow_live_together(tmp_path: Path) -> None:
    """Links are checked against the newest."""
    newer = CHILD + "version: 2\ndata: {name: {type: string}}\nstart: {by: officer, needs: name}\n"
    write(tmp_path, old=CHILD, new=newer.replace("start: {by: officer}\n", ""), matter=PARENT)
    checked = check([tmp_path])
    assert codes(checked.findings) == ["ACC422"]
    assert not checked.ok


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.yaml", "there is no file"),
        ("nothing", "there is no workflow in"),
        ("notes.txt", "is not a YAML file"),
        ("topik.yaml", "did you mean `topic.yaml`"),
    ],
)
def test_a_path_that_makes_no_sense_is_an_error_with_a_cure(tmp_path: Path, name: str, says: str) -> None:
    """Nothing is guessed."""
    (tmp_path / "nothing").mkdir()
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    write(tmp_path, topic=CHILD)
    with pytest.raises(InputError) as raised:
        check([tmp_path / name])
    assert says in f"{raised.value} {raised.value.cure}"


def test_what_is_wrong_with_a_file_itself_comes_with_the_rest(tmp_path: Path) -> None:
    """Findings of loading are findings of `check`."""
    (tmp_path / "broken.yaml").write_text("workflow: [", encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    checked = check([tmp_path])
    assert {Path(finding.file).name for finding in checked.findings} == {"broken.yaml", "empty.yaml"}


PROFILE = "extends: ../matter.yaml\nversion: 2\n"


def profiled(folder: Path, profile: str = PROFILE) -> Path:
    """Write a folder with a matter and its topic, and below it one that varies the matter."""
    write(folder, topic=CHILD, matter=PARENT)
    (folder / "cn").mkdir()
    (folder / "cn" / "matter.yaml").write_text(profile, encoding="utf-8")
    return folder


def test_a_folder_below_is_a_folder_of_its_own(tmp_path: Path) -> None:
    """It is checked when it is named, and its links reach the workflows beside the files that it extends."""
    profiled(tmp_path)
    assert len(check([tmp_path]).loaded) == 2
    below = check([tmp_path / "cn"])
    assert (len(below.loaded), below.findings) == (1, ())
    both = check([tmp_path, tmp_path / "cn"])
    assert [one.workflow.version for one in both.loaded if one.workflow is not None] == [1, 1, 2]
    assert both.findings == ()


def test_links_reach_the_nearest_workflow_of_a_name(tmp_path: Path) -> None:
    """What stands beside a file comes before what stands elsewhere, newer or not."""
    profiled(tmp_path)
    asking = "extends: ../topic.yaml\nstart: {by: officer, needs: name}\ndata: {name: {type: string}}\nversion: 0\n"
    (tmp_path / "cn" / "topic.yaml").write_text(asking.replace("version: 0", "version: 2"), encoding="utf-8")
    assert codes(check([tmp_path]).findings) == []
    for paths in ([tmp_path / "cn"], [tmp_path / "cn" / "matter.yaml"], [tmp_path, tmp_path / "cn"]):
        (finding,) = check(paths).findings
        assert finding.code == "ACC422"


def test_a_mistake_that_only_a_variant_has_says_which(tmp_path: Path) -> None:
    """The place is in the file that is extended, which is right by itself."""
    profiled(tmp_path, PROFILE + "roles: {clerk: Clerk}\n")
    findings = check([tmp_path, tmp_path / "cn"]).findings
    assert {finding.code for finding in findings} == {"ACC201"}
    assert {finding.file for finding in findings} == {str(tmp_path / "matter.yaml")}
    assert all(f"(in {tmp_path / 'cn' / 'matter.yaml'}, which extends this file)" in one.message for one in findings)


def test_a_mistake_that_is_taken_over_is_told_once(tmp_path: Path) -> None:
    """With the file in which it stands, when that is checked as well."""
    profiled(tmp_path)
    (tmp_path / "matter.yaml").write_text(text_of(PARENT.replace("to: closed", "to: closd")), encoding="utf-8")
    (finding,) = check([tmp_path, tmp_path / "cn"]).findings
    assert (finding.code, finding.file) == ("ACC200", str(tmp_path / "matter.yaml"))
    assert "which extends this file" not in finding.message


def test_the_same_version_in_two_folders_is_found(tmp_path: Path) -> None:
    """A variant is another version, or another workflow."""
    profiled(tmp_path, "extends: ../matter.yaml\ntitle: Matter\n")
    assert codes(check([tmp_path, tmp_path / "cn"]).findings) == ["ACC207"]


OFFICE = "calendar: office\nversion: 1\nzone: UTC\nweekend: [sunday]\n"


def test_the_calendars_of_a_folder_are_checked_with_it(tmp_path: Path) -> None:
    """Those that no workflow counts by as well; those that are counted by can be published."""
    write(tmp_path, topic="calendar: office\n" + CHILD)
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "office.yaml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "calendars" / "spare.yaml").write_text(OFFICE.replace("office", "spare"), encoding="utf-8")
    checked = check([tmp_path])
    assert checked.findings == ()
    assert sorted(checked.calendars) == ["office"]
    assert [Path(one.document.file).name for one in checked.calendar_files] == ["office.yaml", "spare.yaml"]

    (tmp_path / "calendars" / "spare.yaml").write_text(OFFICE.replace("office", "spare").replace("UTC", "UTZ"))
    (finding,) = check([tmp_path]).findings
    assert Path(finding.file).name == "spare.yaml"
    assert check([tmp_path / "calendars" / "office.yaml"]).ok
    assert not check([tmp_path / "calendars"]).ok


def test_a_wrong_calendar_is_told_once_however_many_count_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is the place to mend it, named as the folder was named."""
    write(tmp_path, topic="calendar: office\n" + CHILD, other="calendar: office\nworkflow: other\n")
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "office.yaml").write_text(OFFICE.replace("sunday", "sonntag"), encoding="utf-8")
    (finding,) = check([tmp_path]).findings
    assert finding.file == str(tmp_path / "calendars" / "office.yaml")
    monkeypatch.chdir(tmp_path)
    for named in (".", "topic.yaml"):
        (finding,) = check([named]).findings
        assert finding.file == str(Path("calendars") / "office.yaml")


def test_two_calendars_of_one_name_and_version_are_found(tmp_path: Path) -> None:
    """A case says by which version it was counted; that must mean one calendar."""
    for name, weekend in (("a", "sunday"), ("b", "friday")):
        write(tmp_path / name, **{name: f"calendar: office\nworkflow: {name}\n"})
        (tmp_path / name / "calendars").mkdir()
        text = OFFICE.replace("sunday", weekend)
        (tmp_path / name / "calendars" / "office.yaml").write_text(text, encoding="utf-8")
    (finding,) = check([tmp_path / "a", tmp_path / "b"]).findings
    assert (finding.code, Path(finding.file).name) == ("ACC207", "b.yaml")
