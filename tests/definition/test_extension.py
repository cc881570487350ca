"""A file that is another one but for some keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accountability.definition.extension import FILES_MAX
from accountability.definition.finding import Finding
from accountability.definition.loader import Loaded, load, load_path
from accountability.definition.model import Workflow
from tests.definition.test_wrong_files import HERE

BASE = (HERE / "right.yaml").read_text(encoding="utf-8")


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def profile(folder: Path, text: str, **others: str) -> Loaded:
    """Load a file of a subfolder that extends the one above it."""
    files = {"petition.yaml": BASE, "cn/petition.yaml": f"extends: ../petition.yaml\n{text}"}
    return load_path(written(folder, files | others) / "cn" / "petition.yaml")


def places(findings: tuple[Finding, ...], folder: Path) -> list[tuple[str, str, int, int]]:
    """Name the code, the file and the place of each finding."""
    return [(one.code, os.path.relpath(one.file, folder), one.line, one.column) for one in findings]


def test_what_a_file_does_not_say_is_as_in_the_one_it_extends(tmp_path: Path) -> None:
    """The content of both is the workflow's, and its digest pins it; `extends` itself is not part of it."""
    loaded = profile(tmp_path, "version: 2\n")
    assert loaded.findings == ()
    assert loaded.workflow is not None
    alone = load_path(tmp_path / "petition.yaml").workflow
    assert alone is not None
    assert loaded.workflow.content == alone.content | {"version": 2}
    assert loaded.workflow.digest == Workflow.from_content(alone.content | {"version": 2}).digest


def test_a_key_that_is_given_replaces_the_other_whole(tmp_path: Path) -> None:
    """Nothing is mixed: what stands under a key is what stands in this file."""
    loaded = profile(tmp_path, "groups: {shut: [closed]}\n")
    assert loaded.workflow is not None
    assert list(loaded.workflow.groups) == ["shut"]


def test_a_mistake_is_shown_where_it_stands(tmp_path: Path) -> None:
    """In this file what it says, in the other one what is taken over."""
    loaded = profile(tmp_path, "version: 0\ngroups: {received: [closed]}\n")
    assert places(loaded.findings, tmp_path) == [
        ("ACC107", "cn/petition.yaml", 2, 10),
        ("ACC106", "cn/petition.yaml", 3, 10),
    ]
    assert f"in {tmp_path / 'petition.yaml'}:16" in loaded.findings[1].message

    (tmp_path / "petition.yaml").write_text(BASE.replace("final: true", "final: perhaps"), encoding="utf-8")
    loaded = load_path(tmp_path / "cn" / "petition.yaml")
    assert ("ACC102", "petition.yaml", 20, 19) in places(loaded.findings, tmp_path)
    assert loaded.workflow is None


def test_a_mistake_that_is_replaced_is_none(tmp_path: Path) -> None:
    """Only what is in force is judged."""
    base = BASE.replace("open: [received, checking]", "received: [closed]")
    assert [found.code for found in profile(tmp_path, "groups: {}\n", **{"petition.yaml": base}).findings] == []


def test_a_missing_key_is_missed_in_the_file_that_extends(tmp_path: Path) -> None:
    """Neither of the two says it."""
    base = BASE.replace("version: 1\n", "")
    loaded = profile(tmp_path, "title: Petition\n", **{"petition.yaml": base})
    assert places(loaded.findings, tmp_path) == [("ACC101", "cn/petition.yaml", 2, 1)]


def test_files_may_extend_files_that_extend(tmp_path: Path) -> None:
    """The folders of all of them are remembered, the nearest first."""
    files = {"a/petition.yaml": BASE, "b/petition.yaml": "extends: ../a/petition.yaml\ntitle: B\nversion: 2\n"}
    files["c/petition.yaml"] = "extends: ../b/petition.yaml\nversion: 3\n"
    loaded = load_path(written(tmp_path, files) / "c" / "petition.yaml")
    assert loaded.workflow is not None
    assert (loaded.workflow.version, loaded.workflow.title) == (3, "B")
    assert [folder.name for folder in loaded.folders] == ["c", "b", "a"]
    assert Path(loaded.document.where(("title",))).parent.name == "b"
    assert loaded.document.where(("states",)) == f"{tmp_path / 'a' / 'petition.yaml'}:16"


@pytest.mark.parametrize(
    ("extends", "message", "cure"),
    [
        ("../petitoin.yaml", "`../petitoin.yaml` cannot be read: No such file", "did you mean `../petition.yaml`?"),
        ("../petition.yml", "cannot be read", "did you mean `../petition.yaml`?"),
        ("nothing_like_it.yaml", "cannot be read", "name the file as seen from this one"),
        ("..", "`..` is not an ordinary file", "name the file as seen from this one"),
        (".", "`.` is not an ordinary file", ""),
        ("/petition.yaml", "is a place on one computer alone", "as seen from this file"),
        ("petition.yaml", "leads back to this file", "let one of the files stand alone"),
        ("../report.yaml", "is not a workflow", "name the file of a workflow"),
        ("x" * 300, "cannot be read", ""),
    ],
)
def test_a_file_that_cannot_be_extended_is_named_at_its_place(
    tmp_path: Path, extends: str, message: str, cure: str
) -> None:
    """Nothing else is complained about, since the rest may stand in the file that is missing."""
    files = {"petition.yaml": BASE, "report.yaml": "report: year\n"}
    files["cn/petition.yaml"] = f"version: 2\nextends: {extends}\n"
    loaded = load_path(written(tmp_path, files) / "cn" / "petition.yaml")
    assert places(loaded.findings, tmp_path) == [("ACC116", "cn/petition.yaml", 2, 10)]
    assert message in loaded.findings[0].message
    assert cure in loaded.findings[0].help
    assert loaded.workflow is None


def test_a_file_that_cannot_be_read_is_told_with_its_own_mistakes(tmp_path: Path) -> None:
    """Both places are shown: where it is extended, and what is wrong with it."""
    loaded = profile(tmp_path, "version: 2\n", **{"petition.yaml": "workflow: [\n"})
    assert [(code, file) for code, file, _, _ in places(loaded.findings, tmp_path)] == [
        ("ACC116", "cn/petition.yaml"),
        ("ACC005", "petition.yaml"),
    ]


def test_a_circle_of_files_is_found(tmp_path: Path) -> None:
    """Once, in the same words wherever one begins to read, also outside of it; all its files are named."""
    files = {f"{name}.yaml": f"extends: {other}.yaml\n" for name, other in ("ab", "bc", "ca", "da")}
    written(tmp_path, files)
    (found,) = {load_path(tmp_path / f"{name}.yaml").findings for name in "abcd"}
    assert places(found, tmp_path) == [("ACC116", "a.yaml", 1, 10)]
    assert "`b.yaml` leads back to this file" in found[0].message
    assert found[0].message.endswith(" -> ".join(str(tmp_path / f"{name}.yaml") for name in "abca"))


def test_a_chain_of_files_is_short(tmp_path: Path) -> None:
    """A reader must be able to follow it."""
    files = {f"v{number}.yaml": f"extends: v{number - 1}.yaml\nversion: {number}\n" for number in range(1, 8)}
    written(tmp_path, files | {"v0.yaml": BASE})
    assert load_path(tmp_path / f"v{FILES_MAX}.yaml").workflow is not None
    (found,) = {load_path(tmp_path / f"v{number}.yaml").findings for number in (FILES_MAX + 1, FILES_MAX + 2)}
    assert places(found, tmp_path) == [("ACC116", f"v{FILES_MAX + 1}.yaml", 1, 10)]
    assert f"more than {FILES_MAX} files follow one another" in found[0].message
    assert all(f"v{number}.yaml" in found[0].message for number in range(FILES_MAX + 2))


def test_a_chain_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    """Nor does anything else go wrong with it."""
    written(tmp_path, {f"v{number}.yaml": f"extends: v{number + 1}.yaml\n" for number in range(100)})
    (finding,) = load_path(tmp_path / "v0.yaml").findings
    assert f"more than {FILES_MAX} files" in finding.message


def test_a_key_that_is_taken_over_is_recognised_when_it_is_misspelt(tmp_path: Path) -> None:
    """It may be given here, so it is offered, and listed among the keys that are possible."""
    (finding,) = profile(tmp_path, "version: 2\nrolse: {officer: Officer}\n").findings
    assert (finding.code, finding.help) == ("ACC100", "did you mean `roles`?")
    (finding,) = profile(tmp_path, "version: 2\nxyzzy: {}\n").findings
    assert "`roles`" in finding.help
    assert "`version`" not in finding.help


def test_a_deadline_is_not_taken_away_by_leaving_it_empty(tmp_path: Path) -> None:
    """The cure says that keys are replaced whole."""
    (finding,) = profile(tmp_path, "version: 2\ndeadlines: {decision: }\n").findings
    assert finding.code == "ACC102"
    assert "a deadline cannot be empty" in finding.help
    assert "`deadlines` is replaced whole" in finding.help


def test_text_without_a_file_extends_nothing() -> None:
    """There is no place from which another file could be seen."""
    (finding,) = load("extends: petition.yaml\n", "petition.yaml").findings
    assert finding.code == "ACC116"
    assert "given as text" in finding.message


def test_a_file_behind_a_link_is_named_so_that_it_can_be_found(tmp_path: Path) -> None:
    """`..` leads from where the file really lies."""
    written(tmp_path, {"petition.yaml": BASE.replace("version: 1", "version: 0"), "deep/down/cn/x.yaml": "title: X\n"})
    (tmp_path / "deep" / "petition.yaml").write_text("extends: ../petition.yaml\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "down" / "cn")
    (tmp_path / "link" / "petition.yaml").write_text("extends: ../../petition.yaml\n", encoding="utf-8")
    (finding,) = load_path(tmp_path / "link" / "petition.yaml").findings
    assert Path(finding.file).resolve() == tmp_path / "petition.yaml"


def test_an_alias_in_a_part_that_is_taken_over_stays_a_mistake(tmp_path: Path) -> None:
    """It is told once, in the file in which it stands."""
    base = BASE.replace("groups:\n  open: [received, checking]", "groups: {a: &a [received], b: *a}")
    loaded = profile(tmp_path, "version: 2\n", **{"petition.yaml": base})
    assert [(code, file) for code, file, _, _ in places(loaded.findings, tmp_path)] == [
        ("ACC012", "petition.yaml"),
        ("ACC013", "petition.yaml"),
    ]
