"""`accountability test`: what it prints, and how it ends."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke
from tests.testing.town import ACCEPT, FIRST_STEP, SUBMIT, scenario, write_town

GOOD = scenario(SUBMIT, ACCEPT, "finish: {case: parts.1, by: ann}")
BAD = scenario(SUBMIT, "accept: {by: ben}").replace("name: it", "name: it <is> not")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Give a folder with two workflows, a scenario that passes and one that fails."""
    folder = write_town(tmp_path / "workflows")
    (folder / "tests" / "good.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "tests" / "bad.yaml").write_text(BAD, encoding="utf-8")
    return folder


def test_passing_scenarios_end_well(invoke: Invoke, town: Path) -> None:
    """One line a file, what is covered, and exit code 0."""
    done = invoke("test", "workflows/tests/good.yaml")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "workflows/tests/good.yaml: 1 passed"
    assert lines[2].split() == ["covered", "states", "rules", "roles", "deadlines", "all"]
    assert lines[3].split() == ["part", "v1", "2/2", "2/3", "2/3", "-", "75", "%"]
    assert lines[4].split() == ["request", "v1", "2/5", "2/8", "2/10", "3/14", "24", "%"]
    assert lines[-1] == "ok: 1 scenario passed"


def test_what_is_not_covered_is_listed_in_part_or_whole(invoke: Invoke, town: Path) -> None:
    """Ten lines a workflow, as editors follow them; all of it when asked for."""
    short = invoke("test", "workflows/tests/good.yaml").out
    assert "  workflows/part.yaml:9: split was never done\n" in short
    assert "more of request; --missing lists all" in short
    whole = invoke("test", "workflows/tests/good.yaml", "--missing").out
    assert "more of" not in whole
    assert len(whole.splitlines()) > len(short.splitlines())


def test_a_failing_scenario_ends_with_no(invoke: Invoke, town: Path) -> None:
    """It shows the line, what was expected and what came; others are run all the same."""
    done = invoke("test", "workflows")
    assert done.code == 1
    assert "workflows/tests/bad.yaml: 0 passed, 1 failed\nworkflows/tests/good.yaml: 1 passed\n" in done.out
    assert f"\nFAILED it <is> not\nworkflows/tests/bad.yaml:{FIRST_STEP + 1}: accept\n" in done.out
    assert "  expected: it is done\n  actual:   ben is refused\n" in done.out
    assert done.out.endswith("\n1 of 2 scenarios failed\n")


def test_scenarios_are_chosen_by_a_part_of_their_name(invoke: Invoke, town: Path) -> None:
    """Whatever its case; a part that none has is an error."""
    assert invoke("test", "workflows", "-k", "IS> NOT").out.endswith("1 of 1 scenario failed\n")
    assert (
        "part v1" not in invoke("test", "workflows", "-k", "IS> NOT").out
    )  # Coverage of what was not run says nothing.
    nothing = invoke("test", "workflows", "-k", "nothing")
    assert nothing.code == 2
    assert "no scenario has 'nothing' in its name" in nothing.err


def test_a_workflow_that_takes_everything_over_has_nothing_to_cover(invoke: Invoke, town: Path) -> None:
    """What it takes over is shown beside the file that it comes from."""
    (town / "variant").mkdir()
    (town / "variant" / "part.yaml").write_text("extends: ../part.yaml\nversion: 2\n", encoding="utf-8")
    tests = town / "variant" / "tests"
    tests.mkdir()
    head = (
        "workflow: part\nat: 2015-02-09T09:00Z\nactors: {ann: {roles: clerk}}\nscenarios:\n  - name: it\n    steps:\n"
    )
    (tests / "it.yaml").write_text(scenario("start: {by: ann, data: {what: x}}", head=head), encoding="utf-8")
    lines = invoke("test", "workflows/variant").out.splitlines()
    assert ["part", "v2", "-", "-", "-", "-", "-"] in [line.split() for line in lines]


def test_too_little_covered_ends_with_no(invoke: Invoke, town: Path) -> None:
    """Each workflow on its own, so that a large one does not hide a small one."""
    (town / "tests" / "bad.yaml").unlink()
    assert invoke("test", "workflows", "--fail-under", "24").code == 0
    under = invoke("test", "workflows", "--fail-under", "75")
    assert under.code == 1
    assert under.out.endswith("request: 24 % is covered, less than 75 %\n")
    assert invoke("test", "workflows", "--fail-under", "76").out.count("% is covered, less than") == 2
    assert invoke("test", "workflows", "--fail-under", "101").code == 2


def test_results_can_be_had_as_json(invoke: Invoke, town: Path) -> None:
    """Every scenario with its place, every failure with its history, every workflow with what is missing."""
    done = invoke("test", "workflows", "-o", "json")
    assert done.code == 1
    result = done.json
    assert result["ok"] is False
    failed, passed = result["scenarios"]
    assert passed == {"file": "workflows/tests/good.yaml", "line": 5, "name": "it", "ok": True, "failure": None}
    assert failed["failure"]["line"] == FIRST_STEP + 1
    assert failed["failure"]["step"] == "accept: {by: ben}"
    assert failed["failure"]["expected"] == ["it is done"]
    assert len(failed["failure"]["history"]) == 2
    part, request = result["coverage"]
    assert (part["workflow"], part["percent"], part["states"]) == ("part", 75, {"covered": 2, "total": 2})
    assert {"file": "workflows/part.yaml", "line": 9, "what": "split was never done"} in part["missing"]
    assert request["file"] == "workflows/request.yaml"


class Seen(HTMLParser):
    """Remember the elements and the text of a page."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Remember text."""
        self.text += data


def test_results_can_be_had_for_build_servers(invoke: Invoke, town: Path) -> None:
    """In JUnit's XML, with what would break it escaped."""
    done = invoke("test", "workflows", "-o", "junit")
    assert done.code == 1
    seen = Seen()
    seen.feed(done.out)
    assert [tag for tag, _ in seen.elements] == [
        "testsuites", "testsuite", "testcase", "failure", "testsuite", "testcase",
    ]  # fmt: skip
    suite, case = seen.elements[1][1], seen.elements[2][1]
    assert (suite["name"], suite["tests"], suite["failures"]) == ("workflows/tests/bad.yaml", "1", "1")
    assert (case["name"], case["line"]) == ("it <is> not", "5")
    assert "actual:   ben is refused" in seen.text


def test_a_mistake_in_any_file_stops_everything(invoke: Invoke, town: Path) -> None:
    """It is shown as `check` shows it, and nothing runs."""
    (town / "tests" / "bad.yaml").write_text(scenario("submit: {by: anne, data: {what: x}}"), encoding="utf-8")
    done = invoke("test", "workflows")
    assert (done.code, done.out) == (1, "")
    assert "error[ACC623]: there is no actor `anne`" in done.err
    assert "= help: did you mean `ann`?" in done.err
    assert "1 error, so nothing was run" in done.err
    [finding] = invoke("test", "workflows", "-o", "json").json
    assert (finding["code"], finding["file"]) == ("ACC623", "workflows/tests/bad.yaml")


def test_check_finds_mistakes_in_scenarios_too(invoke: Invoke, town: Path) -> None:
    """So an editor shows them while they are written; nothing is run."""
    assert invoke("check", "workflows").out == "ok: 4 files, no findings\n"
    assert invoke("check", "workflows/tests/bad.yaml").code == 0
    (town / "tests" / "office.yaml").write_text("actors: {ann: {roles: clerk}}\n", encoding="utf-8")
    (town / "tests" / "bad.yaml").write_text(scenario("submit: {by: anne, data: {what: x}}"), encoding="utf-8")
    for path in ("workflows", "workflows/tests", "workflows/tests/bad.yaml", "."):
        done = invoke("check", path, "-o", "json")
        assert (done.code, [finding["code"] for finding in done.json]) == (1, ["ACC623"])


@pytest.mark.parametrize("path", ["nothing", "workflows/empty", "workflows/request.txt"])
def test_where_nothing_can_be_run_use_was_wrong(invoke: Invoke, town: Path, path: str) -> None:
    """No scenario is no success."""
    (town / "empty").mkdir()
    (town / "request.txt").touch()
    done = invoke("test", path)
    assert (done.code, done.out) == (2, "")
    assert "help: " in done.err


def test_nothing_is_written_to_any_database(invoke: Invoke, town: Path) -> None:
    """Scenarios run in memory, whatever database is named."""
    invoke("--db", "county.db", "test", "workflows")
    assert not list(town.parent.glob("*.db"))
