"""Findings are drawn at their place, and handed to other tools in their formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accountability.cli.findings_view import Sources, draw, github, sarif, summary


def finding(file: Path | str = "petition.yaml", **changes: Any) -> dict[str, Any]:
    """Make a finding at the start of a file."""
    found = {
        "code": "ACC101",
        "severity": "error",
        "message": "the key `finall` is not known",
        "file": str(file),
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 2,
        "help": "did you mean `final`?",
        "path": [],
    }
    return found | changes


def drawn(found: dict[str, Any]) -> list[str]:
    """Draw a finding as plain lines."""
    return [text.plain for text in draw(found, Sources())]


def test_the_place_is_underlined_below_its_line(tmp_path: Path) -> None:
    """The mark stands below exactly the code points from `column` to `end_column`."""
    file = tmp_path / "a.yaml"
    file.write_text("states:\n  done: {finall: true}\n", encoding="utf-8")
    lines = drawn(finding(file, line=2, column=10, end_line=2, end_column=16))
    assert lines == [
        "error[ACC101]: the key `finall` is not known",
        f" --> {file}:2:10",
        "  |",
        "2 |   done: {finall: true}",
        "  |          ^^^^^^",
        "  |",
        "  = help: did you mean `final`?",
        "",
    ]


def test_a_mark_behind_chinese_text_stands_below_the_right_cell(tmp_path: Path) -> None:
    """A wide character takes two cells of a terminal, and so does the mark below it."""
    file = tmp_path / "a.yaml"
    file.write_text("title: {zh: 信访举报}\n", encoding="utf-8")
    lines = drawn(finding(file, column=15, end_column=17))
    assert lines[4] == "  | " + " " * len("title: {zh: ") + "    " + "^^^^"


def test_a_tab_is_drawn_as_wide_as_its_mark(tmp_path: Path) -> None:
    """A tab is replaced by spaces, so the mark does not depend on the terminal's tab stops."""
    file = tmp_path / "a.yaml"
    file.write_text("\tstates:\n", encoding="utf-8")
    lines = drawn(finding(file, column=2, end_column=8))
    assert lines[3:5] == ["1 |     states:", "  |     ^^^^^^"]


def test_a_very_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    """Nobody should have to scroll through a megabyte to see one word."""
    file = tmp_path / "a.yaml"
    file.write_text("x" * 5000 + "WRONG" + "y" * 5000, encoding="utf-8")
    lines = drawn(finding(file, column=5001, end_column=5006))
    assert len(lines[3]) < 200
    assert lines[3].index("WRONG") == lines[4].index("^")
    assert lines[4].count("^") == 5


def test_a_place_over_several_lines_is_underlined_to_the_end_of_the_first(tmp_path: Path) -> None:
    """The line that is shown is marked as far as it goes."""
    file = tmp_path / "a.yaml"
    file.write_text("states:\n  a:\n", encoding="utf-8")
    assert drawn(finding(file, end_line=2, end_column=4))[4] == "  | ^^^^^^^"


def test_a_place_at_the_end_of_a_file_still_has_a_mark(tmp_path: Path) -> None:
    """An empty place is marked with one sign."""
    file = tmp_path / "a.yaml"
    file.write_text("states:", encoding="utf-8")
    assert drawn(finding(file, column=8, end_column=8))[4] == "  |        ^"


def test_a_file_that_is_gone_is_named_without_its_line() -> None:
    """The message, the place and the cure are still shown."""
    lines = drawn(finding("gone.yaml"))
    assert lines[1] == " --> gone.yaml:1:1"
    assert "  = help: did you mean `final`?" in lines


def test_the_steps_of_a_counterexample_are_numbered(tmp_path: Path) -> None:
    """A counterexample reads as a history, first step first."""
    lines = drawn(finding(path=["start -> received", "close: received -> closed"]))
    assert lines[-3:-1] == ["  = example: 1. start -> received", "             2. close: received -> closed"]


def test_a_control_character_in_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """An escape sequence in a definition is shown, not obeyed."""
    file = tmp_path / "a.yaml"
    file.write_text("title: \x1b[31mred\n", encoding="utf-8")
    assert "\x1b" not in "".join(drawn(finding(file, message="bad \x1b[2J")))


@pytest.mark.parametrize(
    ("severities", "text"),
    [
        ([], "ok: 2 files, no findings"),
        (["error"], "1 error in 2 files"),
        (["warning", "warning"], "2 warnings in 2 files"),
        (["error", "warning", "error"], "2 errors, 1 warning in 2 files"),
    ],
)
def test_the_summary_counts_errors_and_warnings(severities: list[str], text: str) -> None:
    """One line says how many of each, in how many files."""
    assert summary([finding(severity=severity) for severity in severities], 2).plain == text


def test_github_gets_one_escaped_command_a_finding() -> None:
    """Line breaks, colons, commas and per cent signs are escaped the way GitHub's runner reads them."""
    written = github(finding("a,b:c.yaml", message="100% wrong\nreally", line=3, end_line=3))
    assert written == (
        "::error file=a%2Cb%3Ac.yaml,line=3,endLine=3,col=1,endColumn=2,title=ACC101"
        "::100%25 wrong%0Areally%0Ahelp: did you mean `final`?"
    )


def test_sarif_refers_each_result_to_its_rule_and_place() -> None:
    """A SARIF 2.1.0 log counts columns in code points and lists each rule once."""
    found = [finding(), finding(code="ACC400", severity="warning"), finding(line=7, end_line=7)]
    log = sarif(found, {"ACC101": "Unknown key"}, "1.0")
    run = log["runs"][0]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ACC101", "ACC400"]
    assert rules[0]["shortDescription"] == {"text": "Unknown key"}
    for result, one in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == one["code"]
        assert result["level"] == one["severity"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region == {"startLine": one["line"], "startColumn": 1, "endLine": one["end_line"], "endColumn": 2}
