"""The page says what was counted and nothing else, fetches nothing, and takes no word of a file for markup."""

from __future__ import annotations

import json
import re

import pytest

from accountability.reports.style import STYLE
from tests.reports.pages import YEAR, PageReader, Record, record, reports, same_figures, written
from tests.reports.record import on

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"' &amp; \u202e"


def test_every_table_of_the_page_equals_the_figures():
    """Values, earlier ones, parts and months; and each counted entry stands below its figure, in its order."""
    counted = reports()
    read = PageReader(written(counted))
    same_figures(read, counted)
    leaves = [entry.leaf for report in counted for trace in report.trace.values() for entry in trace]
    assert read.titles == leaves


def test_a_page_without_a_comparison_says_so():
    """No earlier number is made up, and no growth."""
    counted = reports(compare=None)
    text = written(counted)
    same_figures(PageReader(text), counted)
    assert "不作比较" in text
    assert "0.0%" not in text


def test_a_figure_of_nothing_has_neither_chart_nor_rows():
    """It stands there as 0, with how it would be counted."""
    counted = reports(of=Record())
    read = PageReader(written(counted))
    same_figures(read, counted)
    assert "svg" in read.tags
    assert [table.kind for table in read.tables if table.kind == "trace"] == []
    assert "来源：0 条记录" in read.text


def test_the_page_needs_nothing_else():
    """No script, no frame, no picture, no link outside; whoever puts one in finds it forbidden."""
    read = PageReader(text := written(reports()))
    assert not {"script", "link", "img", "iframe", "object", "form", "base", "video"} & set(read.tags)
    assert read.pointers
    assert all(pointer.startswith("#") for pointer in read.pointers)
    assert not re.search(r"url\(|@import|https?:", text)
    assert "default-src 'none'" in text


def test_every_link_leads_to_a_place_of_the_page():
    """To a report or to a figure, each named once."""
    text = written(reports())
    places = re.findall(r' id="([^"]+)"', text)
    assert len(places) == len(set(places))
    assert {pointer[1:] for pointer in PageReader(text).pointers} <= set(places)


def test_the_page_says_where_its_numbers_come_from():
    """Record, days, number of entries, versions of the law, how to verify, how to count again."""
    [year, weights] = reports()
    text = PageReader(written((year, weights))).text
    counted = {(entry.case, entry.seq) for one in (year, weights) for trace in one.trace.values() for entry in trace}
    for words in (
        "2015-01-01 – 2015-12-31",
        "2014-01-01 – 2014-12-31",
        "unnamed",
        f"{year.reading.entries} in the record: {year.reading.entries} of what was done and 0 of refused attempts",
        f"{len(counted)} are counted on this page",
        "petition1d",
        "1, listed at the end",
        "accountability --db county.db verify",
        "Only where this holds as well: ",
        "accountability --db county.db report reports/year.yaml --from 2015-01-01 --to 2015-12-31 --trace received",
        "accountability --db county.db report reports/year.yaml --from 2014-01-01 --to 2014-12-31 --trace received",
        'data.source != "media"',
        "Repeats count again.",
        "重复件分别计数。",
        "What came in.",
    ):
        assert words in text, words


def test_each_wording_is_marked_with_its_language():
    """A reader aloud pronounces it right; and who wants one language alone sees what exists in one only."""
    text = written(reports())
    assert '<h2><span lang="zh">年度数据</span> <span lang="en">The year</span></h2>' in text
    assert text.startswith('<!DOCTYPE html>\n<html lang="zh">')
    assert "<h2><span>Weights</span></h2>" in text
    lone = written(reports("report: r\ntitle: {en: Only}\nfigures: " + ONE))
    assert '<span lang="en" class="alone">Only</span>' in lone
    assert '<html lang="en">' in lone


def test_a_page_says_whose_it_is_and_what_to_know_first():
    """Its title goes before that of its reports, and the note before the numbers; both stay words."""
    text = written(reports(), title={"en": "The county", "zh": "某县"}, note=f"A play. {HOSTILE}")
    assert "<title>某县 The county</title>" in text
    assert '<h1><span lang="zh">某县</span> <span lang="en">The county</span></h1>' in text
    assert text.index("A play.") < text.index("<dl")
    assert not {"script", "img"} & set(PageReader(text).tags)
    assert 'class="note"' not in written(reports())


def test_a_page_for_the_public_lists_no_entry():
    """Neither case, day nor fingerprint; the numbers stay, and how they are counted."""
    counted = reports()
    text = written(counted, traced=False)
    read = PageReader(text)
    entries = [entry for report in counted for trace in report.trace.values() for entry in trace]
    assert entries
    assert not [entry for entry in entries if entry.case in text or entry.leaf in text]
    assert [table.kind for table in read.tables if table.kind == "trace"] == []
    assert [row[2] for row in read.of("overview", "year")] == [str(len(trace)) for trace in counted[0].trace.values()]
    assert "--trace received" in text
    assert "not for the public" not in text
    assert "not for the public" in written(counted)


def test_what_was_refused_is_counted_apart():
    """The page has the total that `verify` tells, and none of its numbers counts an attempt."""
    refused = record()
    for number in range(3):
        refused.act("case-01", "weigh", on("2015-03-01"), {"level": number}, kind="refusal")
    counted, without = reports(of=refused), reports()
    assert "53 in the record: 50 of what was done and 3 of refused attempts" in PageReader(written(counted)).text
    assert [report.as_json()["figures"] for report in counted] == [report.as_json()["figures"] for report in without]


def test_a_figure_that_two_reports_have_is_drawn_once():
    """The other report still has its numbers, says where it stands, and leads there; what only looks alike is drawn."""
    again = YEAR.replace("report: year", "report: again").replace("zh: 年度数据", "zh: 又一表")
    other = again.replace("report: again", "report: other").replace('data.source != "media"', 'data.source == "audit"')
    text = written(reports(YEAR, again)) + written(reports(YEAR, other))
    read = PageReader(written(reports(YEAR, again)))
    assert read.of("overview", "again") == read.of("overview", "year")
    assert '<article class="figure" id="again.' not in text
    assert {"#year.received", "#year.closed"} <= set(read.pointers)
    assert "#again.received" not in read.pointers
    assert "Figures of this table that “The year” has too" in read.text
    assert 'id="other.received"' in text
    assert 'id="other.closed"' not in text


def test_a_unit_has_a_name_in_each_language():
    """Readers of English meet no unit in Chinese; what programs read stays the unit of the file."""
    counted = reports(YEAR + "units: {件次: {en: times, zh: 件次}}\n")
    text = written(counted)
    assert text.count('<span lang="zh">件次</span> <span lang="en">times</span>') == 2
    assert {one["unit"] for one in counted[0].as_json()["figures"].values()} == {"件次", "件"}
    assert '<td class="unit"><span>件</span></td>' in text


def test_an_act_is_called_by_its_title():
    """What a figure counts is told in words beside the names that the file has, every rule of the act by its own."""
    counted = reports("report: r\nfigures: " + ONE.replace("submit", "close"))
    told = PageReader(written(counted)).text
    for words in ("Closed by the leader", "Put away while on hold", "close"):
        assert words in told


ONE = "{it: {title: It, count: entries, of: {workflow: petition, trigger: submit}, group_by: source}}\n"


def test_hostile_words_stay_words():
    """Titles, descriptions and units of a file, values and names of a record: none becomes markup or turns the line."""
    quoted = json.dumps(HOSTILE)
    record = Record()
    record.act(f"{HOSTILE}\x07", "submit", on("2015-02-03"), {"source": f"{HOSTILE}\x07"})
    file = (
        f"report: r\ntitle: {{en: {quoted}, zh: {quoted}}}\ndescription: {quoted}\n"
        f"figures:\n  it:\n    title: {quoted}\n"
        f"    description: {{en: {quoted}}}\n    unit: {quoted}\n    count: entries\n    group_by: source\n"
        "    of: {workflow: petition, trigger: submit}\n"
    )
    text = written(reports(file, of=record))
    read = PageReader(text)
    assert not {"script", "img"} & set(read.tags)
    assert "onerror=alert(1)>" in read.text
    assert not re.search("[\u202e\x07]", text)
    [[name, *_]] = read.of("parts", "r.it")
    assert name.startswith("</title></style><script>alert(1)</script>")


@pytest.mark.parametrize("number", [1, 10_000])
def test_a_page_stays_small(number: int):
    """Ten thousand counted entries with real hashes and ids make a page of less than three megabytes."""
    record = Record()
    for count in range(number):
        record.act(f"01448659-e4e6-7711-9b87-{count:012x}", "submit", on("2015-02-03"), {"source": "audit"})
    counted = reports("report: r\nfigures: " + ONE, of=record)
    size = len(written(counted).encode())
    hashes = number * (64 + 12)
    assert size + hashes < 25_000 + 290 * number


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 7),
        ("soft", "paper", 4.5),
        ("soft", "ground", 4.5),
        ("now", "paper", 4.5),
        ("before", "paper", 3),
    ],
)
def test_what_is_written_and_drawn_can_be_told_from_its_ground(front: str, back: str, least: float):
    """Contrasts of WCAG 2.2: 4.5 to 1 for text, 3 to 1 for bars."""

    def light(name: str) -> float:
        found = re.search(rf"--{name}:#([0-9a-f]{{3,6}})[;}}]", STYLE)
        assert found is not None
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    lights = sorted((light(front), light(back)))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least
