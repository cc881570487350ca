"""Reports from the shell: as text, for programs and spreadsheets, and as one page for readers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from accountability.analysis.folder import yaml_in
from accountability.definition import shipped
from tests.cli.conftest import Invoke

REPORT = """\
report: year
title: {en: Yearly figures, zh: 年度数据}
figures:
  petitions:
    title: {en: Petitions, zh: 信访举报}
    unit: 件次
    count: entries
    of: {workflow: petition, trigger: start}
  filed: {title: 立案, unit: 件, count: cases, of: {workflow: petition, trigger: register}}
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Write a report of two figures."""
    file = tmp_path / "year.yaml"
    file.write_text(REPORT, encoding="utf-8")
    return file


PERIOD = ("--from", "2020-01-01", "--to", "2099-12-31")


def test_a_report_counts_from_the_record(county: Invoke, opened: str, report: Path) -> None:
    """Titles in both languages; growth where a comparison was asked for, `n/a` where there was nothing before."""
    counted = county("report", report, *PERIOD, "--compare", "previous_year", "-o", "json").json
    assert counted["figures"]["petitions"] == {
        "title": {"en": "Petitions", "zh": "信访举报"},
        "unit": "件次",
        "value": 1,
        "previous": 1,
        "growth": counted["figures"]["petitions"]["growth"],
    }
    text = county("report", report, "--from", "2090-01-01", "--to", "2090-12-31", "--compare", "previous_year").out
    for words in ("年度数据", "Yearly figures", "信访举报", "Petitions", "件次", "n/a"):
        assert words in text


def test_a_report_is_one_flat_table_for_a_spreadsheet(county: Invoke, opened: str, report: Path) -> None:
    """One row a figure, its parts below it; no title, unit or value is taken for a formula."""
    report.write_text(
        REPORT.replace("en: Petitions", "en: =1+1").replace("unit: 件次", "unit: '@件次'\n    group_by: source"),
        encoding="utf-8",
    )
    rows = list(csv.DictReader(county("report", report, *PERIOD, "-o", "csv").out.splitlines()))
    assert [row["report"] for row in rows] == ["year"] * len(rows)
    assert [(row["figure"], row["group"], row["value"]) for row in rows[:3]] == [
        ("petitions", "", "1"),
        ("petitions", "petition", "1"),
        ("petitions", "audit", "0"),
    ]
    assert (rows[0]["title_en"], rows[0]["title_zh"], rows[0]["unit"]) == ("'=1+1", "信访举报", "'@件次")
    assert (rows[0]["from"], rows[0]["to"], rows[0]["compare_from"], rows[0]["previous"]) == (*PERIOD[1::2], "", "")
    lines = county("report", report, *PERIOD, "-o", "jsonl").lines
    assert [line["group"] for line in lines][:3] == [None, "petition", "audit"]


def test_many_reports_are_one_document(county: Invoke, opened: str, report: Path) -> None:
    """One file is one JSON object; several, or a folder, are a list; in every other form they follow each other."""
    folder = report.parent / "reports"
    folder.mkdir()
    (folder / "b.yaml").write_text(REPORT.replace("report: year", "report: other"), encoding="utf-8")
    both = (report, folder / "b.yaml")
    one = county("report", report, *PERIOD, "-o", "json").json
    many = county("report", *both, *PERIOD, "-o", "json").json
    assert [counted["report"] for counted in many] == ["year", "other"]
    assert many[0]["figures"] == one["figures"]
    assert [counted["report"] for counted in county("report", folder, *PERIOD, "-o", "json").json] == ["other"]
    rows = csv.DictReader(county("report", *both, *PERIOD, "-o", "csv").out.splitlines())
    assert [row["report"] for row in rows] == ["year", "year", "other", "other"]
    assert county("report", *both, *PERIOD).out.count("年度数据") == 2
    again = county("report", report, report, *PERIOD)
    assert (again.code, "year" in again.err) == (2, True)
    (folder / "b.yaml").unlink()
    assert county("report", folder, *PERIOD).code == 2


def test_a_figure_that_two_reports_have_is_traced_in_one(county: Invoke, opened: str, report: Path) -> None:
    """Nobody guesses which is meant; and a page shows every trace by itself."""
    other = report.with_name("other.yaml")
    other.write_text(REPORT.replace("report: year", "report: other"), encoding="utf-8")
    unclear = county("report", report, other, *PERIOD, "--trace", "filed")
    assert (unclear.code, "year and other" in unclear.err) == (2, True)
    assert county("report", report, *PERIOD, "--trace", "filed", "-o", "html").code == 2


def test_a_page_names_the_record_but_not_where_it_lies(county: Invoke, opened: str, report: Path) -> None:
    """Its commands work in the folder of the database; nothing of the path to it is told."""
    page = county("--db", report.parent / "accountability.db", "report", report.name, *PERIOD, "-o", "html")
    assert page.code == 0
    assert page.out.startswith("<!DOCTYPE html>")
    assert page.out.endswith("</html>\n")
    assert opened in page.out
    assert "accountability --db accountability.db report year.yaml --from 2020-01-01" in page.out
    assert str(report.parent) not in page.out


def test_a_page_is_published_under_a_name(county: Invoke, opened: str, report: Path) -> None:
    """With what its readers should know, and without the entries; no other form has any of it."""
    said = ("--title", "The county", "--note", "A play", "--no-trace")
    page = county("report", report, *PERIOD, *said, "-o", "html").out
    assert "<title>The county</title>" in page
    assert "A play" in page
    assert opened not in page
    assert opened in county("report", report, *PERIOD, "-o", "html").out
    for option in (said[:2], said[2:4], said[4:]):
        refused = county("report", report, *PERIOD, *option, "-o", "json")
        assert (refused.code, option[0] in refused.err) == (2, True)


def test_a_fingerprint_of_the_page_is_found_in_what_the_commands_print(
    county: Invoke, opened: str, report: Path
) -> None:
    """Whoever doubts a line of the page compares it with the trace, with the history, and with the whole as JSON."""
    [entry] = county("report", report, *PERIOD, "--trace", "petitions", "-o", "json").json
    page = county("report", report, *PERIOD, "-o", "html").out
    assert f'title="{entry["leaf"]}">{entry["leaf"][:12]}' in page
    assert entry["leaf"][:12] in county("report", report, *PERIOD, "--trace", "petitions").out
    assert entry["leaf"][:12] in county("history", opened).out


def test_parts_of_a_figure_are_drawn_below_it(county: Invoke, opened: str, report: Path) -> None:
    """With their titles, where the report gives them some; also those of which there is none."""
    titles = "{petition: {en: The public, zh: 群众}, audit: {en: Audit, zh: 审计}}"
    titled = f"unit: 件次\n    group_by: {{field: source, titles: {titles}}}"
    report.write_text(REPORT.replace("unit: 件次", titled), encoding="utf-8")
    text = county("report", report, *PERIOD, "--compare", "previous_year").out
    for words in ("petition", "群众 The public", "审计 Audit"):
        assert words in text


def test_a_figure_is_traced_to_its_entries(county: Invoke, opened: str, report: Path) -> None:
    """Every published number can be followed to the records it counts."""
    traced = county("report", report, *PERIOD, "--trace", "petitions", "-o", "json").json
    assert [(entry["case"], entry["trigger"]) for entry in traced] == [(opened, "start")]
    assert opened in county("report", report, *PERIOD, "--trace", "petitions").out
    assert county("report", report, *PERIOD, "--trace", "petitions").out.splitlines()[-1] == "1 entry"
    early = ("--from", "1999-01-01", "--to", "1999-12-31", "--trace", "petitions")
    assert county("report", report, *early).out == "0 entries\n"
    wrong = county("report", report, *PERIOD, "--trace", "petition")
    assert wrong.code == 2
    assert "petitions" in wrong.err


def test_a_wrong_report_is_explained(county: Invoke, report: Path) -> None:
    """A missing file and a wrong period are wrong use; a wrong file has findings."""
    assert county("report", "gone.yaml", *PERIOD).code == 2
    assert county("report", report, "--from", "2016-01-01", "--to", "2015-01-01").code == 2
    assert county("report", report, "--from", "soon", "--to", "2015-01-01").code == 2
    report.write_text(REPORT.replace("count: cases", "count: casse"), encoding="utf-8")
    wrong = county("report", report, *PERIOD)
    assert wrong.code == 1
    assert "year.yaml:9:" in wrong.err
    assert county("report", report, *PERIOD, "-o", "json").json[0]["line"] == 9


def test_without_a_file_all_shipped_reports_are_counted(invoke: Invoke) -> None:
    """Whoever has no clone need not know where they lie; a page names them as the command line does."""
    invoke("migrate")
    invoke("register", shipped.folder())
    counted = invoke("report", *PERIOD, "-o", "json").json
    assert [one["report"] for one in counted] == [file.stem for file in yaml_in(shipped.folder() / "reports")]
    page = invoke("report", *PERIOD, "-o", "html").out
    assert "accountability --db accountability.db report measure_1_define --from 2020-01-01" in page
    assert invoke("report", "discipline_year", *PERIOD, "-o", "json").json["report"] == "discipline_year"
