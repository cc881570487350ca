"""What scenarios cover of a workflow is counted from the entries they leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accountability.testing.coverage import Coverage
from accountability.testing.suite import Suite
from tests.testing.town import ACCEPT, REQUEST, SUBMIT, scenario, write_town

Cover = Callable[..., dict[str, Coverage]]


@pytest.fixture
def cover(tmp_path: Path) -> Cover:
    """Run scenarios in a town of their own, and say what they covered of each workflow."""
    folder = write_town(tmp_path / "workflows")
    file = folder / "tests" / "it.yaml"

    def run(*steps: str, everything: bool = False) -> dict[str, Coverage]:
        file.write_text(scenario(*steps), encoding="utf-8")
        suite = Suite()
        content = suite.load(file).content
        assert content is not None
        assert [suite.run(one, content).failure for one in content.scenarios] == [None]
        coverage = suite.coverage(everything=everything)
        suite.close()
        return {one.workflow: one for one in coverage}

    return run


def line_of(text: str) -> int:
    """Give the line of the workflow that begins with a text."""
    return next(number for number, line in enumerate(REQUEST.splitlines(), 1) if line.strip().startswith(text))


def test_states_rules_roles_and_deadlines_are_counted(cover: Cover):
    """Each by what it could be: a rule by each role that may do it, a deadline by what may become of it."""
    covered = cover(SUBMIT, ACCEPT, "hear: {by: ben}")
    request = covered["request"]
    assert request.counts == {"states": (3, 5), "rules": (3, 8), "roles": (3, 10), "deadlines": (4, 14)}
    assert request.percent == 100 * 13 // 37
    assert covered["part"].counts == {"states": (1, 2), "rules": (1, 3), "roles": (1, 3), "deadlines": (0, 0)}


def test_what_is_missing_is_named_with_its_line(cover: Cover):
    """In the order of the file; who never does what is never done goes without saying."""
    request = cover(SUBMIT, ACCEPT, "hear: {by: ben}")["request"]
    assert request.file.endswith("/request.yaml")
    assert {(one.line, one.what) for one in request.missing} == {
        (line_of("waiting:"), "state waiting was never entered"),
        (line_of("answered:"), "state answered was never entered"),
        (line_of("hear:"), "hear was never done by clerk"),
        (line_of("wait:"), "wait was never done"),
        (line_of("go_on:"), "go_on was never done"),
        (line_of("answer:"), "answer was never done"),
        (line_of("remind:"), "remind was never done"),
        (line_of("object:"), "object was never done"),
        (line_of("acceptance:"), "deadline acceptance was never over"),
        (line_of("answering:"), "deadline answering was never met"),
        (line_of("answering:"), "deadline answering was never over"),
        (line_of("answering:"), "deadline answering was never extended"),
        (line_of("answering:"), "deadline answering was never paused"),
        (line_of("call_back:"), "deadline call_back was never met"),
        (line_of("call_back:"), "deadline call_back was never over"),
        (line_of("objection:"), "deadline objection was never armed"),
    }
    assert [one.line for one in request.missing] == sorted(one.line for one in request.missing)


def test_a_signature_covers_its_role_and_the_last_one_its_rule(cover: Cover):
    """One signature alone does nothing yet."""
    steps = ["submit: {by: ann, data: {what: a tree}}", ACCEPT]
    one = cover(*steps, "answer: {by: ann, documents: letter}")["request"]
    assert "answer was never done" in {missing.what for missing in one.missing}
    both = cover(*steps, "answer: {by: [ann, ben], documents: letter}")["request"]
    assert not {missing.what for missing in both.missing if missing.what.startswith("answer was")}


def test_a_refusal_covers_nothing(cover: Cover):
    """It shows what cannot be done."""
    assert cover("refused: {trigger: submit, by: ben, because: role, data: {what: x}}") == {}


def test_workflows_that_nobody_touched_count_where_everything_is_asked_for(cover: Cover):
    """A folder is covered as a whole."""
    steps = ["submit: {by: ann, data: {what: a tree}}"]
    assert set(cover(*steps)) == {"request"}
    assert cover(*steps, everything=True)["part"].percent == 0


def test_everything_covered_is_a_hundred_per_cent(cover: Cover):
    """And nothing less is."""
    part = ["start: {by: ann, workflow: part, data: {what: x}}", "split: {by: ann}", "finish: {by: ann, case: pieces}"]
    part.append("finish: {by: ann}")
    assert cover(*part)["part"].percent == 100
    assert cover(*part)["part"].missing == ()
    assert cover(*part[:2])["part"].percent == 62
