"""What holds for every shipped workflow: it is proved, and it is said in both languages on whose authority."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from accountability.analysis.folder import check
from accountability.definition import shipped
from accountability.definition.model import Workflow

CHECKED = {profile: check([shipped.folder(profile)]) for profile in get_args(shipped.Profile)}
WORKFLOWS = {
    f"{one.workflow.workflow} {profile}": one.workflow
    for profile, checked in CHECKED.items()
    for one in checked.loaded
    if one.workflow is not None
}
NAMES = {file.stem for file in shipped.folder().glob("*.yaml")}
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


@pytest.mark.parametrize(("profile", "version"), [("cn-2025", 2), ("cn-2015", 1)])
def test_every_workflow_is_shipped_for_each_law_without_a_finding(profile: shipped.Profile, version: int):
    """Neither error nor warning; the older law is the lower version, and both count by the Chinese calendar."""
    workflows = [one.workflow for one in CHECKED[profile].loaded if one.workflow is not None]
    assert {one.workflow for one in workflows} == NAMES
    assert {(one.version, one.calendar) for one in workflows} == {(version, "cn")}
    assert CHECKED[profile].findings == ()


def test_the_law_of_2015_differs_in_its_time_limits_alone():
    """The steps are the same, so that one set of scenarios is right for both."""
    for name in sorted(NAMES):
        today, of_2015 = (WORKFLOWS[f"{name} {profile}"].content for profile in get_args(shipped.Profile))
        different = {key for key in today.keys() | of_2015.keys() if today.get(key) != of_2015.get(key)}
        assert different <= {"version", "description", "basis", "deadlines"}
        assert "version" in different


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
def test_states_roles_fields_rules_and_deadlines_all_have_a_title(workflow: Workflow):
    """Nobody has to read identifiers."""
    content = workflow.content
    assert all(isinstance(text, dict) for text in content["roles"].values())
    assert all("title" in field for field in content["data"].values())
    assert "title" in content["start"]
    for rules in workflow.transitions.values():
        assert all(rule.title for rule in rules)
    for deadline in workflow.deadlines.values():
        assert deadline.title
        assert deadline.extend is None or deadline.extend.title
    for state in workflow.states.values():
        assert state is not None
        assert state.title
        assert all(inner is not None and inner.title for inner in (state.states or {}).values())


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_rule_says_on_what_it_rests(workflow: Workflow):
    """A law with its article, or `default`; what a lawyer still has to check says so."""
    acts = [workflow.start, *(rule for rules in workflow.transitions.values() for rule in rules)]
    deadlines = workflow.deadlines.values()
    extensions = [one.extend for one in deadlines if one.extend is not None]
    for text in (workflow.basis, *(one.basis for one in (*acts, *deadlines, *extensions))):
        assert isinstance(text, str)
        assert "default" in text or HAN.search(text)
        assert ("to be checked" in text) == bool(MARK.search(text)), text


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_guard_says_why_it_refuses(workflow: Workflow):
    """In both languages, for whoever tried."""
    acts = [workflow.start, *(rule for rules in workflow.transitions.values() for rule in rules)]
    assert all(isinstance(one.else_, dict) for act in acts for one in act.when)
