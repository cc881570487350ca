"""What holds for every shipped report: it says in both languages what it tells, and each part has a name."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from accountability import Engine
from accountability.analysis.counting import check_reports
from accountability.analysis.folder import check
from accountability.definition import shipped
from accountability.reports.report_file import ReportFile, load_path, written_value

FILES = sorted((shipped.folder() / "reports").glob("*.yaml"))
CHECKED = check([shipped.folder()])
MEASURES = ("define", "perform", "supervise", "appraise", "assess", "hold_accountable")
UNITS = {"件次", "次", "件", "人", "人次", "份", "个", "条", "册"}
HAN = re.compile("[\u4e00-\u9fff]")


def loaded(file: Any) -> ReportFile:
    """Load a shipped report."""
    return load_path(file, CHECKED.known)


def said_in_both(text: Any) -> bool:
    """Tell whether a text is English and Chinese."""
    both = isinstance(text, dict) and set(text) == {"en", "zh"}
    return both and bool(HAN.search(text["zh"])) and not HAN.search(re.sub(r"\(件次\)|\(件\)|\(人\)", "", text["en"]))


def test_each_of_the_six_measures_has_a_report():
    """Beside the yearly figures of the discipline organ and of the two responsibilities."""
    names = {f"measure_{number}_{name}" for number, name in enumerate(MEASURES, start=1)}
    assert {file.stem for file in FILES} == names | {"discipline_year", "responsibility_year"}
    assert check_reports(CHECKED) == ()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_report_says_in_both_languages_what_it_counts(file: Any):
    """Of the report and of each figure, title and description; its unit is one of the county's."""
    report = loaded(file)
    assert report.report == file.stem
    assert report.zone == "Asia/Shanghai"
    assert said_in_both(report.title)
    assert said_in_both(report.description)
    for name, figure in report.figures.items():
        assert said_in_both(figure.title), name
        assert said_in_both(figure.description), name
        assert figure.unit in UNITS, name
        assert said_in_both(figure.unit_title), name
        assert figure.unit_title["zh"] == figure.unit


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_part_of_a_figure_has_a_name(file: Any):
    """No reader meets a word of the law's fields instead of one of his own."""
    for name, figure in loaded(file).figures.items():
        if figure.group is None:
            continue
        field = CHECKED.known[figure.workflow].data[figure.group.field]
        possible = {written_value(value) for value in field.enum or ()}
        if figure.where is not None and f"data.{figure.group.field}" in figure.where.reads:
            possible = {value for value in possible if f'"{value}"' in figure.where.text}
        assert figure.group.titles.keys() >= possible, name
        assert all(said_in_both(title) for title in figure.group.titles.values()), name


def test_figures_of_one_name_and_rule_are_the_same_everywhere():
    """The yearly figures and those of the measures can never differ, since they count by the same words."""
    reports = [loaded(file) for file in FILES]
    by_name: dict[str, set[Any]] = {}
    for report in reports:
        if report.report in ("measure_1_define", "measure_6_hold_accountable") or report.report.endswith("_year"):
            for name, figure in report.figures.items():
                where = None if figure.where is None else figure.where.text
                rule = (
                    figure.workflow,
                    figure.trigger,
                    figure.count,
                    figure.field,
                    where,
                    figure.unit,
                    str(figure.title),
                )
                by_name.setdefault(name, set()).add(rule)
    twice = [name for name in by_name if sum(name in report.figures for report in reports) > 1]
    assert {"petitions", "checks", "filed", "closed", "sanctioned", "letters", "published"} <= set(twice)
    assert all(len(rules) == 1 for rules in by_name.values())


def test_all_reports_are_counted_on_a_fresh_record(tmp_path: Any):
    """Nought everywhere, and every part that has a name stands there."""
    with Engine(tmp_path / "county.db") as engine:
        engine.migrate()
        engine.register(shipped.folder())
        year = {"since": date(2016, 1, 1), "until": date(2016, 12, 31), "compare": "previous_year"}
        for report in engine.reports(FILES, **year):
            for figure in report.figures.values():
                assert (figure.value, figure.previous, figure.growth) == (0, 0, None)
                assert all(group.value == 0 for group in figure.groups or ())
