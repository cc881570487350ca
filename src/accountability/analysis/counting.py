"""Check report files beside the workflows whose acts they count."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accountability.analysis.folder import Checked, newest, yaml_in
from accountability.definition import shipped, source
from accountability.definition.finding import Finding
from accountability.definition.loader import load_path
from accountability.definition.model import Workflow
from accountability.reports.report_file import load


def check_reports(checked: Checked) -> tuple[Finding, ...]:
    """Find what is wrong with the report files that a check came across.

    Returns:
        The findings, file by file.

    Raises:
        InputError: A file cannot be read.
    """
    findings: list[Finding] = []
    for file in checked.reports:
        content = source.read_file(file, cure="give a report file, such as workflows/reports/discipline_year.yaml")
        named = _named(source.read(content, str(file)).data)
        findings += load(content, str(file), _known(named, checked.known, file)).findings
    return tuple(findings)


def _named(data: Any) -> set[str]:
    """Collect the workflows that figures count, as far as the file can be understood."""
    figures = _inside(data, "figures")
    names = (_inside(_inside(figure, "of"), "workflow") for figure in figures.values()) if _is_mapping(figures) else ()
    return {name for name in names if isinstance(name, str)}


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if _is_mapping(value) else None


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _known(named: set[str], known: Mapping[str, Workflow], file: Path) -> Mapping[str, Workflow]:
    """Look for workflows where a report's are: checked with it, in its folder, above it, among the shipped ones."""
    for folder in (file.resolve().parent, file.resolve().parent.parent, shipped.folder()):
        if named <= known.keys():
            break
        known = {**newest(load_path(one).workflow for one in yaml_in(folder)), **known}
    return known
