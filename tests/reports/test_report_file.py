"""A report file is checked before anything is counted: each mistake has its place and its cure."""

from __future__ import annotations

import pytest

from accountability.analysis.folder import check
from accountability.definition import shipped
from accountability.definition.codes import reports
from accountability.definition.codes.code import Code
from accountability.reports.report_file import load
from tests.reports.record import WORKFLOWS

HEAD = "report: year\nzone: UTC\nfigures:\n  it:\n    title: It\n"
OF = "    of: {workflow: petition, trigger: submit}\n"


def findings(text: str) -> list[tuple[str, int, int]]:
    """Load a report; give code, line and column of what is wrong, each with a cure."""
    loaded = load(text, "year.yaml", WORKFLOWS)
    assert (loaded.report is None) == bool(loaded.findings)
    assert all(finding.help for finding in loaded.findings)
    return [(finding.code, finding.line, finding.column) for finding in loaded.findings]


def test_a_right_report_has_no_findings():
    """With every key that there is."""
    text = HEAD.replace(
        "report: year\n",
        "report: year\ntitle: Year\ndescription: {en: All, zh: 全部}\nbasis: default\nunits: {件: {en: cases}}\n",
    )
    text += f"    description: One\n    basis: default\n    unit: 件\n    count: distinct\n    field: source\n{OF}"
    assert findings(text + "    where: data.level == 6\n    group_by: source\n") == []
    assert findings(text + "    group_by: {field: level, titles: {'6': {en: Sanction, zh: 处分}, '-1': None}}\n") == []


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (f"    count: entries\n    wher: x\n{OF}", ("ACC100", 7, 5)),
        (f"    count: entries\n    unit: 件\n{OF}units: {{件次: times}}\n", ("ACC608", 9, 9)),
        (f"    count: entries\n{OF}units: {{件: {{en: 1}}}}\n", ("ACC102", 8, 17)),
        (OF, ("ACC101", 4, 3)),
        (f"    count: 3\n{OF}", ("ACC102", 6, 12)),
        (f"    count: entires\n{OF}", ("ACC103", 6, 12)),
        ("    count: entries\n    of: {workflow: petition}\n", ("ACC101", 7, 5)),
        ("    count: entries\n    of: {workflow: petitions, trigger: submit}\n", ("ACC601", 7, 20)),
        ("    count: entries\n    of: {workflow: petition, trigger: submitted}\n", ("ACC602", 7, 39)),
        (f"    count: distinct\n{OF}", ("ACC603", 6, 12)),
        (f"    count: cases\n    field: source\n{OF}", ("ACC603", 7, 5)),
        (f"    count: distinct\n    field: sourse\n{OF}", ("ACC604", 7, 12)),
        (f"    count: distinct\n    field: reporter\n{OF}", ("ACC605", 7, 12)),
        (f"    count: distinct\n    field: lead\n{OF}", ("ACC605", 7, 12)),
        (f"    count: entries\n{OF}    where: has(data.reporter)\n", ("ACC605", 8, 12)),
        (f'    count: entries\n{OF}    where: has(input.lead) && input.lead == "x"\n', ("ACC605", 8, 12)),
        (f"    count: entries\n{OF}    group_by: sourse\n", ("ACC604", 8, 15)),
        (f"    count: entries\n{OF}    group_by: {{field: sourse}}\n", ("ACC604", 8, 23)),
        (f"    count: entries\n{OF}    group_by: reporter\n", ("ACC605", 8, 15)),
        (f"    count: entries\n{OF}    group_by: tags\n", ("ACC606", 8, 15)),
        (f"    count: entries\n{OF}    group_by: amount\n", ("ACC606", 8, 15)),
        (f"    count: entries\n{OF}    group_by: [source]\n", ("ACC102", 8, 15)),
        (f"    count: entries\n{OF}    group_by: {{titles: {{a: A}}}}\n", ("ACC101", 8, 5)),
        (f"    count: entries\n{OF}    group_by: {{field: level, titles: {{six: A}}}}\n", ("ACC607", 8, 39)),
    ],
)
def test_each_mistake_is_named_at_its_place(rest: str, expected: tuple[str, int, int]):
    """One mistake, one finding."""
    assert findings(HEAD + rest) == [expected]


@pytest.mark.parametrize(
    ("where", "column"),
    [
        ("data.sourse == 1", 17),
        ("data.level == 1 && data.source == 6", 31),
        ("data.amount > 1", 12),
        ("now", 12),
        ("data.level ==", 25),
        ('times("submit") > 1', 18),
        ('visited("received")', 20),
        ('size(children("subjects")) > 0', 26),
        ('now > timestamp("2015-01-01T00:00:00Z") && now == today', 62),
        ("size(reads.others) > 0", 17),
    ],
)
def test_a_wrong_guard_is_named_at_its_place_in_the_file(where: str, column: int):
    """Names, types, fields that may have no value, and what a figure cannot know."""
    [(code, line, found)] = findings(f"{HEAD}    count: entries\n{OF}    where: {where}\n")
    assert code.startswith("ACC3")
    assert (line, found) == (8, column)


def test_an_unknown_zone_is_named():
    """Time zones have IANA names."""
    assert findings(HEAD.replace("UTC", "Asia/Beijing") + f"    count: entries\n{OF}") == [("ACC600", 2, 7)]


@pytest.mark.parametrize("text", ["", "report: year\nfigures: {}\n", "figures: [1]\nreport: 1\n", "a: &b 1\n", "\xff"])
def test_nonsense_is_found_and_never_raises(text: str):
    """Whatever the file holds."""
    assert findings(text)


@pytest.mark.parametrize("code", reports.CODES, ids=lambda code: code.code)
def test_each_code_is_shown_by_its_example_and_cured_by_its_cure(code: Code):
    """What `explain` prints is true of the shipped petition."""
    shipped_workflows = {
        one.workflow.workflow: one.workflow for one in check([shipped.folder()]).loaded if one.workflow is not None
    }
    assert [finding.code for finding in load(code.wrong, "wrong.yaml", shipped_workflows).findings] == [code.code]
    assert load(code.right, "right.yaml", shipped_workflows).findings == ()


def test_the_shipped_report_is_right():
    """It counts what it says in the units of the published figures."""
    shipped_workflows = {
        one.workflow.workflow: one.workflow for one in check([shipped.folder()]).loaded if one.workflow is not None
    }
    file = shipped.folder() / "reports" / "discipline_year.yaml"
    loaded = load(file.read_bytes(), str(file), shipped_workflows)
    assert loaded.findings == ()
    assert loaded.report is not None
    assert loaded.report.zone == "Asia/Shanghai"
    units = {name: figure.unit for name, figure in loaded.report.figures.items()}
    assert units == {"petitions": "件次", "checks": "件次", "filed": "件", "closed": "件", "sanctioned": "人"}
