"""What holds for every shipped workflow: it is proved, and it is said in both languages on whose authority."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from accountability.analysis.folder import check
from accountability.definition import shipped
from accountability.definition.model import Workflow

CHECKED = check([shipped.folder()])
WORKFLOWS = {one.workflow.workflow: one.workflow for one in CHECKED.loaded if one.workflow is not None}
HAN = re.compile("[\u4e00-\u9fff]")
MARK = re.compile(r"\(to be checked, (M\+|M|F\*)\)|to be checked, (M\+|M|F\*)\)")


def texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    """Give every title, description, `else` and basis of a workflow with its place."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("title", "description", "else", "basis") and isinstance(item, str | dict):
                yield path, key, item
            if key != "fields" or path[:1] != ("data",):
                yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))


def test_five_workflows_are_shipped_without_a_finding():
    """Neither error nor warning."""
    assert set(WORKFLOWS) == {"petition", "case", "subject", "leadership_liability", "duty"}
    assert CHECKED.findings == ()


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_everything_for_people_is_said_in_english_and_chinese(workflow: Workflow):
    """Titles, descriptions, and why something is refused."""
    found = [(path, key, text) for path, key, text in texts(workflow.content) if key != "basis"]
    assert found
    for path, key, text in found:
        assert isinstance(text, dict), (path, key)
        assert HAN.search(text["zh"]), (path, key)
        assert not HAN.search(text["en"]), (path, key)


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_states_roles_fields_and_rules_all_have_a_title(workflow: Workflow):
    """Nobody has to read identifiers."""
    content = workflow.content
    assert all(isinstance(text, dict) for text in content["roles"].values())
    assert all("title" in field for field in content["data"].values())
    assert "title" in content["start"]
    for rules in workflow.transitions.values():
        assert all(rule.title for rule in rules)
    for state in workflow.states.values():
        assert state is not None
        assert state.title
        assert all(inner is not None and inner.title for inner in (state.states or {}).values())


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_rule_says_on_what_it_rests(workflow: Workflow):
    """A law with its article, or `default`; what a lawyer still has to check says so."""
    acts = [workflow.start, *(rule for rules in workflow.transitions.values() for rule in rules)]
    for text in (workflow.basis, *(act.basis for act in acts)):
        assert isinstance(text, str)
        assert "default" in text or HAN.search(text)
        assert ("to be checked" in text) == bool(MARK.search(text)), text


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_guard_says_why_it_refuses(workflow: Workflow):
    """In both languages, for whoever tried."""
    acts = [workflow.start, *(rule for rules in workflow.transitions.values() for rule in rules)]
    assert all(isinstance(one.else_, dict) for act in acts for one in act.when)
