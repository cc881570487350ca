"""Small workflows to examine."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

import yaml

from accountability.analysis.rules import examine
from accountability.definition.finding import Finding
from accountability.definition.loader import Loaded, load
from accountability.definition.model import Workflow

BASE: dict[str, str] = {
    "workflow": "workflow: demo\n",
    "version": "version: 1\n",
    "roles": "roles: {officer: Officer}\n",
    "start": "start: {by: officer}\n",
    "states": "states: {received: , closed: {final: true}}\n",
    "initial": "initial: received\n",
    "transitions": "transitions:\n  close: {from: received, to: closed, by: officer}\n",
}
"""A correct workflow, section by section."""


def text_of(fragment: str) -> str:
    """Complete a fragment with the sections of the correct workflow that it does not write."""
    fragment = dedent(fragment).lstrip("\n")
    written = {line.split(":")[0] for line in fragment.splitlines() if line and line[0].isalpha()}
    return fragment + "".join(text for key, text in BASE.items() if key not in written)


def loaded(fragment: str, file: str = "demo.yaml") -> Loaded:
    """Load a workflow from a fragment; its shape must be right."""
    result = load(text_of(fragment), file)
    assert result.workflow is not None, [finding.message for finding in result.findings]
    return result


def findings(fragment: str, *beside: str) -> tuple[Finding, ...]:
    """Examine a workflow beside others."""
    others = [loaded(other, "other.yaml").workflow for other in beside]
    return examine(loaded(fragment), {other.workflow: other for other in others if other is not None})


def the_finding(fragment: str, *beside: str) -> Finding:
    """Examine a workflow that has exactly one mistake."""
    found = findings(fragment, *beside)
    assert len(found) == 1, [(finding.code, finding.message, finding.line) for finding in found]
    return found[0]


def marked(fragment: str, finding: Finding) -> str:
    """Give the text that a finding points at."""
    lines = text_of(fragment).splitlines()
    assert finding.line == finding.end_line
    return lines[finding.line - 1][finding.column - 1 : finding.end_column - 1]


def codes(found: tuple[Finding, ...]) -> list[str]:
    """Name the codes of findings, in their order."""
    return [finding.code for finding in found]


def workflow(content: Mapping[str, Any] | str) -> Workflow:
    """Build a workflow from a fragment or from content, without examining it."""
    if isinstance(content, str):
        content = yaml.safe_load(text_of(content))
    return Workflow.from_content(dict(content))
