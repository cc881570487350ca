"""Report files are checked with the workflows that they count."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.analysis.counting import check_reports
from accountability.analysis.folder import check
from tests.analysis.examined import codes, text_of

REPORT = """\
report: year
title: Figures
figures:
  closed: {title: Closed, unit: cases, count: cases, of: {workflow: demo, trigger: close}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a workflow, and a report on it."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "demo.yaml").write_text(text_of(""), encoding="utf-8")
    (tmp_path / "reports" / "year.yaml").write_text(REPORT, encoding="utf-8")
    return tmp_path


def found(*paths: Path) -> list[tuple[str, str]]:
    """Check paths; give the findings about reports, each with its file."""
    checked = check(paths)
    assert checked.findings == ()
    return [(finding.code, Path(finding.file).name) for finding in check_reports(checked)]


def test_the_reports_of_a_folder_are_checked_with_it(folder: Path) -> None:
    """A mistake there is found like any other."""
    assert found(folder) == []
    (folder / "reports" / "year.yaml").write_text(REPORT.replace("trigger: close", "trigger: cloze"))
    assert found(folder) == [("ACC602", "year.yaml")]
    assert len(check([folder]).loaded) == 1


def test_a_report_may_be_checked_alone_wherever_it_stands(folder: Path) -> None:
    """The workflows that it counts are found beside it, above it, or among the shipped ones."""
    assert found(folder / "reports") == []
    assert found(folder / "reports" / "year.yaml") == []
    (folder / "beside.yaml").write_text(REPORT, encoding="utf-8")
    assert found(folder / "beside.yaml") == []
    (folder / "shipped.yaml").write_text(REPORT.replace("demo, trigger: close", "petition, trigger: submit"))
    assert found(folder / "shipped.yaml") == []


def test_a_report_is_no_workflow(folder: Path) -> None:
    """It is known by its first key, and never examined as what it is not."""
    (folder / "reports" / "year.yaml").write_text("report: year\nfigures: 3\n", encoding="utf-8")
    checked = check([folder / "reports" / "year.yaml"])
    assert (checked.loaded, checked.findings) == ((), ())
    assert codes(check_reports(checked)) == ["ACC102"]
