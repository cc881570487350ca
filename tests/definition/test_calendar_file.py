"""A calendar file is checked before anything is counted by it: each mistake has its place and its cure."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.calendars.calendar import Calendar
from accountability.definition import calendar_file
from accountability.definition.calendar_file import known_calendar, load, load_calendar, load_folder, shipped
from accountability.definition.codes import calendars
from accountability.definition.codes.code import Code
from accountability.errors import InputError

PAGE = Path(__file__).parents[2] / "docs" / "calendars.md"

HEAD = "calendar: office\nversion: 1\nzone: UTC\nweekend: [saturday, sunday]\nfestivals: {founding: Founding Day}\n"
OVERLAY = "calendar: town\nversion: 1\nbase: cn\n"


def findings(text: str) -> list[tuple[str, int, int]]:
    """Load a calendar; give code, line and column of what is wrong, each with a cure."""
    loaded = load(text, "office.yaml")
    assert (loaded.calendar is None) == any(finding.is_error for finding in loaded.findings)
    assert all(finding.help for finding in loaded.findings)
    return [(finding.code, finding.line, finding.column) for finding in loaded.findings]


def test_a_calendar_that_lies_over_itself_is_told_so():
    """What it may lie over is named, each once."""
    (finding,) = load("calendar: town\nversion: 1\nbase: town\n", "town.yaml").findings
    assert finding.message == "a calendar cannot lie over itself"
    assert finding.help.startswith("name another one: ")
    assert finding.help.count("`cn`") == 1


def test_a_number_for_text_is_told_in_words():
    """What it must be, and that quotes make it so."""
    (finding,) = load(HEAD + "notices: [{number: 3, date: 2014-12-01}]\n", "office.yaml").findings
    assert finding.message.startswith("`number` must be text, such as")
    assert finding.help == 'put it in quotes: "3"'


def test_a_right_calendar_has_no_findings():
    """With every key that there is."""
    text = (
        HEAD.replace(
            "version: 1\n", "version: 1\ntitle: {en: Office, zh: 机关}\ndescription: Ours\nbasis: house rules\n"
        )
        + "notices:\n"
        + "  - {announces: 2015, number: No. 1, date: 2014-12-01, basis: rules, holidays: {founding: 2015-03-02}}\n"
        + "  - {date: 2015-02-01, holidays: {founding: [2015-03-03, 2015-03-05 to 2015-03-06]}, work: [2015-03-07]}\n"
        + "expected:\n"
        + "  - {year: 2016, holidays: {founding: 2016-03-05}, substitute: {founding: 2016-03-07}}\n"
    )
    assert findings(text) == []
    calendar = load(text, "office.yaml").calendar
    assert calendar is not None
    assert [calendar.is_workday(date(2015, 3, day)) for day in range(2, 8)] == [False, False, True, False, False, True]
    assert calendar.why(date(2016, 3, 7)) == "Founding Day, day in lieu (expected, not yet announced)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD.replace("zone: UTC\n", ""), ("ACC101", 1, 1)),
        (HEAD.replace("weekend: [saturday, sunday]\n", ""), ("ACC101", 1, 1)),
        (HEAD.replace("office", "Office"), ("ACC104", 1, 11)),
        (HEAD.replace("version: 1", "version: 0"), ("ACC107", 2, 10)),
        (HEAD.replace("sunday", "sundae"), ("ACC103", 4, 21)),
        (HEAD.replace("UTC", "Asia/Beijing"), ("ACC600", 3, 7)),
        (HEAD + "holiday: {}\n", ("ACC100", 6, 1)),
        (HEAD + "notices: [{date: 2014-12-01, free: 2015-03-02}]\n", ("ACC100", 6, 30)),
        (HEAD + "notices: [{date: 2014-12-01, holidays: 2015-03-02}]\n", ("ACC102", 6, 40)),
        (HEAD + "notices: [{date: 2014-12-01, work: []}]\n", ("ACC108", 6, 36)),
        (HEAD + "expected: [{year: 2016}]\n", ("ACC101", 6, 13)),
        (HEAD + "notices: [{date: 2014-12-32}]\n", ("ACC610", 6, 18)),
        (HEAD + "notices: [{date: 2014-12-01 to 2014-12-02}]\n", ("ACC610", 6, 18)),
        (HEAD + "notices: [{date: 2014-12-01, work: [2015-03-07, 7 March]}]\n", ("ACC610", 6, 49)),
        (HEAD + "expected: [{year: 2016, holidays: {founding: 2016-03-05 to 2017-03-06}}]\n", ("ACC610", 6, 46)),
        ("calendar: town\nversion: 1\nbase: cm\n", ("ACC611", 3, 7)),
        ("calendar: town\nversion: 1\nbase: town\n", ("ACC611", 3, 7)),
        ("calendar: cn\nversion: 1\nbase: cn\n", ("ACC612", 2, 10)),
        ("calendar: weekdays\nversion: 2\nbase: weekdays\n", ("ACC106", 1, 11)),
        (HEAD + "notices: [{date: 2014-12-01, holidays: {funding: 2015-03-02}}]\n", ("ACC613", 6, 41)),
        (HEAD + "expected: [{year: 2016, holidays: {funding: 2016-03-05}}]\n", ("ACC613", 6, 36)),
        (
            HEAD + "notices:\n  - {announces: 2015, date: 2014-12-01}\n  - {announces: 2015, basis: x}\n",
            ("ACC614", 8, 17),
        ),
        (
            HEAD + "expected:\n  - {year: 2016, holidays: {founding: 2016-03-05}}\n"
            "  - {year: 2016, holidays: {founding: 2016-03-06}}\n",
            ("ACC614", 8, 12),
        ),
        (HEAD + "notices: [{announces: 2015}]\n", ("ACC616", 6, 11)),
        (HEAD + "notices: [{basis: x, holidays: {founding: 2015-03-07}, work: 2015-03-07}]\n", ("ACC617", 6, 62)),
        (HEAD + "notices: [{basis: x, work: 2015-03-06}]\n", ("ACC618", 6, 28)),
        (OVERLAY + "notices: [{basis: x, work: [2015-02-27]}]\n", ("ACC618", 4, 29)),
        (OVERLAY + "notices: [{basis: x, work: [2015-02-28]}]\n", ("ACC618", 4, 29)),
        (HEAD + "notices: [{announces: 2015, date: 2014-12-01, work: 2016-03-05}]\n", ("ACC619", 6, 53)),
        (HEAD + "expected: [{year: 2016, holidays: {founding: 2017-03-05}}]\n", ("ACC619", 6, 46)),
    ],
)
def test_each_mistake_is_named_at_its_place(text: str, expected: tuple[str, int, int]):
    """One mistake, one finding."""
    assert findings(text) == [expected]


@pytest.mark.parametrize(
    "notices",
    [
        "[{basis: x, work: 2015-03-07}]",
        "[{basis: x, holidays: {founding: 2015-03-06}}, {basis: y, work: 2015-03-06}]",
        "[{announces: 2015, basis: x, work: 2014-12-27}]",
        "[{basis: x, holidays: {founding: 2015-03-06}}, {basis: y, holidays: {founding: 2015-03-06 to 2015-03-07}}]",
    ],
)
def test_what_makes_sense_is_not_found_fault_with(notices: str):
    """A weekend day worked, a day off worked after all, a day of the December before, a day off said twice."""
    assert findings(f"{HEAD}notices: {notices}\n") == []


def test_festivals_of_the_base_need_no_title():
    """An overlay may give more days to a festival that the calendar below knows."""
    assert findings(OVERLAY + "notices: [{basis: x, holidays: {spring_festival: 2015-02-25}}]\n") == []


@pytest.mark.parametrize("code", calendars.CODES, ids=lambda code: code.code)
def test_each_code_is_shown_by_its_example_and_cured_by_its_cure(code: Code):
    """What `explain` prints is true."""
    assert [finding.code for finding in load(code.wrong, "wrong.yaml").findings] == [code.code]
    assert load(code.right, "right.yaml").findings == ()


@pytest.mark.parametrize(
    "text", ["", "calendar: [1]\n", "- a\n", "a: &b 1\n", "calendar: office\nnotices: {}\n", "\xff"]
)
def test_nonsense_is_found_and_never_raises(text: str):
    """Whatever the file holds."""
    assert findings(text)


@given(st.text("0123456789-to :{}[],\ncalendrvsiohybwkm", max_size=80))
def test_any_text_gives_a_calendar_or_findings(text: str):
    """Nothing is raised, and nothing is neither."""
    loaded = load(HEAD + text, "office.yaml")
    assert loaded.calendar is not None or loaded.findings


def write(folder: Path, **files: str) -> Path:
    """Write calendars into the subfolder of a folder of workflows."""
    below = folder / "calendars"
    below.mkdir()
    for name, text in files.items():
        (below / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


PROVINCE = """
calendar: province
version: 4
base: cn
festivals: {local: Local}
notices: [{basis: x, holidays: {local: 2015-03-03}}]
"""
COUNTY = "calendar: county\nversion: 1\nbase: province\nnotices: [{basis: y, holidays: {local: 2015-03-04}}]\n"


def test_the_calendars_of_a_folder_lie_over_each_other(tmp_path: Path):
    """Whatever their files are called; the content of each stands alone."""
    write(tmp_path, a_county=COUNTY, province=PROVINCE)
    county, province = load_folder(tmp_path)
    assert (county.findings, province.findings) == ((), ())
    assert county.calendar is not None
    assert [county.calendar.is_workday(date(2015, 3, day)) for day in (2, 3, 4)] == [True, False, False]
    assert county.calendar.content["base"]["calendar"] == "province"
    assert Calendar.from_content(json.loads(json.dumps(county.calendar.content))) == county.calendar
    alone = load_calendar(tmp_path / "calendars" / "a_county.yaml")
    assert alone.calendar == county.calendar


def test_a_folder_without_calendars_has_none(tmp_path: Path):
    """Nor has one whose calendars are hidden or no YAML."""
    assert load_folder(tmp_path) == ()
    write(tmp_path)
    (tmp_path / "calendars" / ".hidden.yaml").write_text("a: b\n", encoding="utf-8")
    (tmp_path / "calendars" / "notes.txt").write_text("a: b\n", encoding="utf-8")
    assert load_folder(tmp_path) == ()


def test_calendars_in_a_circle_are_found(tmp_path: Path):
    """None of them can be made, and each says so."""
    write(tmp_path, one="calendar: one\nversion: 1\nbase: two\n", two="calendar: two\nversion: 1\nbase: one\n")
    loaded = load_folder(tmp_path)
    assert [one.calendar for one in loaded] == [None, None]
    assert [finding.code for one in loaded for finding in one.findings] == ["ACC611", "ACC611"]


def test_two_calendars_of_one_name_are_found(tmp_path: Path):
    """The first file counts; the other one is told so."""
    write(tmp_path, a=PROVINCE, b=PROVINCE.replace("03-03", "03-05"), county=COUNTY)
    first, second, county = load_folder(tmp_path)
    assert (first.findings, county.findings) == ((), ())
    assert [(finding.code, finding.line) for finding in second.findings] == [("ACC106", 2)]
    assert county.calendar is not None
    assert not county.calendar.is_workday(date(2015, 3, 3))


@pytest.mark.parametrize("text", ["calendar: [1]\nbase: {a: b}\n", "", "- 1\n", "base: 7\n"])
def test_nonsense_beside_a_calendar_does_not_disturb_it(tmp_path: Path, text: str):
    """Its own file says what is wrong with it."""
    write(tmp_path, nonsense=text, province=PROVINCE)
    nonsense, province = load_folder(tmp_path)
    assert nonsense.calendar is None
    assert nonsense.findings
    assert province.calendar is not None


def test_a_broken_calendar_below_is_an_unknown_one(tmp_path: Path):
    """Its own file says what is wrong with it."""
    write(tmp_path, county=COUNTY, province=PROVINCE.replace("2015-03-03", "2015-03-33"))
    county, province = load_folder(tmp_path)
    assert [finding.code for finding in province.findings] == ["ACC610"]
    assert [finding.code for finding in county.findings] == ["ACC611"]


def test_a_folder_s_calendar_of_a_shipped_name_takes_its_place_below_others(tmp_path: Path):
    """An office that added a notice counts its own overlays over that."""
    newer = "calendar: cn\nversion: 2\nbase: cn\nnotices: [{announces: 2027, basis: x}]\n"
    write(tmp_path, cn=newer, province=PROVINCE)
    cn, province = load_folder(tmp_path)
    assert cn.calendar is not None
    assert province.calendar is not None
    assert (cn.calendar.version, cn.calendar.covers(2027)) == (2, True)
    assert province.calendar.covers(2027)
    assert province.calendar.content["base"]["digest"] == cn.calendar.digest
    assert not shipped("cn").covers(2027)


def test_the_calendars_of_the_page_for_authors_are_right():
    """What the page shows loads without a finding, and counts."""
    shown = [
        block
        for block in re.findall(r"(?<!next -->\n\n)```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        if block.startswith("calendar:")
    ]
    loaded = [load(block, "page.yaml") for block in shown]
    assert [one.findings for one in loaded] == [(), ()]
    harbour, liangshan = (one.calendar for one in loaded)
    assert harbour is not None
    assert liangshan is not None
    assert [harbour.is_workday(date(2026, 8, day)) for day in (2, 8, 9, 10, 11)] == [False, False, True, False, True]
    assert not liangshan.is_workday(date(2011, 7, 25))


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path):
    """With a cure."""
    with pytest.raises(InputError) as error:
        load_calendar(tmp_path / "calendars" / "gone.yaml")
    assert error.value.cure


def test_calendars_without_a_file_are_known():
    """Those built in, and the one shipped, which is read once."""
    assert known_calendar("cn") is shipped("cn")
    assert [getattr(known_calendar(name), "name", None) for name in ("weekdays", "every_day", "moon")] == [
        "weekdays",
        "every_day",
        None,
    ]
    with pytest.raises(InputError, match="no calendar `moon`"):
        shipped("moon")


def test_a_damaged_installation_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever changed the shipped file is told to install it again."""
    broken = tmp_path / "moon.yaml"
    broken.write_text("calendar: moon\n", encoding="utf-8")
    monkeypatch.setattr(calendar_file, "SHIPPED", {"moon": broken})
    with pytest.raises(InputError, match="damaged") as error:
        shipped("moon")
    assert "install" in (error.value.cure or "")
