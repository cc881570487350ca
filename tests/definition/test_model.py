"""Workflows as frozen values."""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest

from accountability.definition.loader import load
from accountability.definition.model import (
    DataField,
    DeadlineRule,
    Extend,
    Fallback,
    Opens,
    Publishes,
    Rule,
    Start,
    State,
    Workflow,
)
from accountability.definition.schema import schema

EVERYTHING = """
workflow: everything
version: 3
title: {en: Everything, zh: 一切}
description: All that the language can say.
basis: default
calendar: cn
zone: Asia/Shanghai
unannounced: strict
roles: {officer: {en: Officer, zh: 干部}, leader: Leader}
data:
  name: {type: string, min_length: 1, max_length: 80, personal: true, readers: [leader], title: Name}
  kind: {type: string, enum: [petition, audit], default: petition, readers: leader}
  count: {type: integer, minimum: 0, maximum: 9}
  amount: {type: decimal, minimum: "0.00", maximum: 1000, default: "1.50"}
  urgent: {type: boolean, default: false}
  day: {type: date, minimum: 2015-01-01}
  heard: {type: datetime}
  allowed: {type: duration}
  persons: {type: list, max_length: 50, items: {type: object, fields: {id: {type: string}, level: {type: integer}}}}
  anything: {type: object, default: {a: [1, null]}}
start:
  trigger: submit
  by: [officer, system]
  needs: [kind]
  accepts: name
  sets: {count: "0"}
  documents: [letter]
  reason: required
  title: Submit
  opens: {workflow: subject, as: first}
  publishes: {channels: board}
states:
  received:
  checking:
    title: Checking
    states: {interviews: {}, files: {description: Papers, basis: default}}
    initial: interviews
  held: {}
  closed: {final: true}
initial: received
groups: {open: [received, checking], one: held}
transitions:
  check: {from: received, to: checking, by: officer, when: data.count > 0}
  hold:
    - {from: open, to: held, by: leader, when: [{check: "true", else: {en: Denied, zh: 否}}, {check: "true"}]}
    - {from: [held], by: [officer, leader], when: {check: "true"}}
  resume: {from: held, to: {history: checking}, by: leader, not_by: hold, same_as: [check]}
  open:
    from: any
    by: officer
    opens:
      - {workflow: subject, as: subjects, each: data.persons, with: {id: item.id}, when: "true", by: officer}
    publishes: {channels: [board, tv], fields: [kind], objection: 5 working days}
  close: {from: checking, to: closed, by: leader, signatures: {leader: 1, officer: 2}, awaits: [subjects]}
  finish: {from: checking, to: closed, by: system, awaits: subjects}
  sign: {from: checking.files, by: leader, signatures: 2}
  escalate: {from: open, by: system}
deadlines:
  opinion: {starts: check, within: 1 month}
  decision:
    title: Decision
    basis: default
    starts: [check, extend_hold]
    fallback: {starts: submit, plus: 7 days}
    within: 15 working days
    ends: [held, closed]
    warn: [3 working days, 12 hours]
    paused_in: [checking.files, one]
    extend:
      trigger: extend_decision
      by: leader
      times: 2
      up_to: P1M
      reason: required
      title: Extend
      basis: default
    roll: next_working_day
    on_breach: escalate
  review: {starts: [held], within: P6M, warn: P1W, extend: {trigger: extend_hold, by: [leader], up_to: 1 week}}
  objection: {starts: closed, within: 36 hours, window: true, roll: none}
"""


def everything() -> Workflow:
    """Load the workflow that uses all of the language."""
    loaded = load(EVERYTHING, "everything.yaml")
    assert loaded.findings == ()
    assert loaded.workflow is not None
    return loaded.workflow


def test_everything_in_the_language_is_accepted() -> None:
    """Every key and every short spelling of the language becomes part of the workflow."""
    workflow = everything()

    assert workflow.start.by == ("officer", "system")
    assert workflow.start.accepts == ("name",)
    assert workflow.start.opens[0].as_ == "first"
    assert workflow.groups["one"] == ("held",)
    assert [rule.from_ for rule in workflow.transitions["hold"]] == [("open",), ("held",)]
    assert [check.check for check in workflow.transitions["hold"][0].when] == ["true", "true"]
    assert workflow.transitions["check"][0].when[0].check == "data.count > 0"
    assert workflow.transitions["open"][0].opens[0].with_ == {"id": "item.id"}
    assert workflow.transitions["finish"][0].awaits == ("subjects",)
    assert workflow.data["kind"].readers == ("leader",)
    assert workflow.data["kind"].withheld
    assert not workflow.data["count"].has_default
    assert workflow.data["urgent"].has_default


def test_a_stored_definition_is_the_same_workflow() -> None:
    """Content that went through JSON gives the same workflow with the same digest."""
    workflow = everything()

    again = Workflow.from_content(json.loads(json.dumps(workflow.content)))

    assert again.digest == workflow.digest
    assert again == workflow


def test_the_digest_changes_with_every_word() -> None:
    """Another title, another law: what people read is part of what was published."""
    other = load(EVERYTHING.replace("Everything,", "Something,"), "other.yaml")

    assert other.workflow is not None
    assert other.workflow.digest != everything().digest


def test_a_comment_does_not_change_the_digest() -> None:
    """The digest is of the content, not of the file."""
    other = load("# A remark.\n" + EVERYTHING.replace("cn", '"cn"'), "other.yaml")

    assert other.workflow is not None
    assert other.workflow.digest == everything().digest


def test_a_workflow_cannot_be_changed() -> None:
    """A published law is frozen in memory too."""
    workflow = everything()

    with pytest.raises(pydantic.ValidationError):
        workflow.version = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("model", "definition"),
    [
        (Workflow, None),
        (Start, "start"),
        (Rule, "rule"),
        (DataField, "field"),
        (Opens, "opens"),
        (Publishes, "publishes"),
        (State, "state"),
        (DeadlineRule, "deadline"),
        (Extend, "extend"),
        (Fallback, "fallback"),
    ],
)
def test_model_and_schema_know_the_same_keys(model: type[pydantic.BaseModel], definition: str | None) -> None:
    """A key that the schema knows is a field of the workflow, and the other way round; reserved keys are in neither."""
    full: dict[str, Any] = schema()
    part = full if definition is None else full["$defs"][definition]
    part = part["anyOf"][1] if "anyOf" in part else part
    keys = {key for key, value in part["properties"].items() if "not" not in value}
    required = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}

    assert {field.alias or name for name, field in model.model_fields.items()} == keys - {"extends"}
    # A deadline needs `within` unless it has an `anchor`; a workflow that extends another needs nothing.
    otherwise = set() if definition == "deadline" else {*part.get("else", {}).get("required", ())}
    assert required == {*part.get("required", ()), *otherwise}
