"""Which calendar a workflow counts by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from accountability.calendars.calendar import EVERY_DAY, WEEKDAYS
from accountability.definition.calendar_file import shipped
from accountability.definition.loader import Loaded, load, load_path
from tests.definition.test_extension import BASE, written

OFFICE = "calendar: office\nversion: 1\nzone: UTC\nweekend: [friday]\n"


def loaded(folder: Path, calendar: str, **files: str) -> Loaded:
    """Load a workflow that counts by a calendar, beside calendar files."""
    files = {f"calendars/{name}.yaml": text for name, text in files.items()}
    written(folder, files | {"petition.yaml": BASE.replace("version: 1", f"version: 1\ncalendar: {calendar}")})
    return load_path(folder / "petition.yaml")


def test_without_a_calendar_every_day_is_worked() -> None:
    """Days are counted as they come."""
    assert load(BASE, "petition.yaml").calendar is EVERY_DAY


def test_calendars_that_come_along_need_no_file(tmp_path: Path) -> None:
    """Those that are built in, and those that are shipped."""
    assert loaded(tmp_path, "weekdays").calendar is WEEKDAYS
    assert loaded(tmp_path, "cn").calendar == shipped("cn")


def test_a_calendar_of_the_folder_is_found_by_its_name(tmp_path: Path) -> None:
    """In the folder `calendars` beside the workflow."""
    found = loaded(tmp_path, "office", office=OFFICE)
    assert found.findings == ()
    assert found.calendar is not None
    assert not found.calendar.is_workday(date(2015, 1, 2))


def test_a_calendar_of_the_folder_comes_before_a_shipped_one(tmp_path: Path) -> None:
    """It may hold a notice that is newer than the program."""
    newer = "calendar: cn\nversion: 99\nbase: cn\nnotices: [{number: an example, date: 2030-01-01, work: 2030-01-06}]\n"
    found = loaded(tmp_path, "cn", cn=newer)
    assert found.calendar is not None
    assert found.calendar.version == 99


def test_the_calendars_of_an_extended_file_are_known_too(tmp_path: Path) -> None:
    """After those of the folder itself."""
    loaded(tmp_path, "office", office=OFFICE)
    written(tmp_path, {"cn/petition.yaml": "extends: ../petition.yaml\nversion: 2\n"})
    found = load_path(tmp_path / "cn" / "petition.yaml")
    assert found.calendar is not None
    assert found.calendar.version == 1
    written(tmp_path, {"cn/calendars/office.yaml": OFFICE.replace("version: 1", "version: 2")})
    found = load_path(tmp_path / "cn" / "petition.yaml")
    assert found.calendar is not None
    assert found.calendar.version == 2


def test_an_unknown_calendar_is_found_with_what_was_meant(tmp_path: Path) -> None:
    """One of the folder, or one that comes along."""
    for name, cure in (
        ("ofice", "did you mean `office`?"),
        ("weekday", "did you mean `weekdays`?"),
        ("mars", "mars.yaml"),
    ):
        (finding,) = loaded(tmp_path, name, office=OFFICE).findings
        assert (finding.code, finding.line, finding.column) == ("ACC209", 3, 11)
        assert cure in finding.help


def test_a_workflow_whose_calendar_is_wrong_cannot_be_used(tmp_path: Path) -> None:
    """The mistake is shown in the calendar's file."""
    found = loaded(tmp_path, "office", office=OFFICE.replace("friday", "freitag"))
    assert found.workflow is None
    assert found.calendar is None
    (finding,) = found.findings
    assert Path(finding.file).name == "office.yaml"
    assert finding.line == 4


def test_a_calendar_that_is_not_called_as_its_file_is_told_so(tmp_path: Path) -> None:
    """Both names are said; no name is offered twice."""
    town = "calendar: town\nversion: 1\nbase: cn\n"
    newer = "calendar: cn\nversion: 2\nbase: cn\nnotices: [{announces: 2027, basis: x}]\n"
    (finding,) = loaded(tmp_path, "pref", pref=town, cn=newer).findings
    assert finding.code == "ACC209"
    assert finding.message.endswith("pref.yaml is called `town`")
    assert finding.help == "write `calendar: town` here, or `calendar: pref` there"
    (finding,) = loaded(tmp_path, "moonlight").findings
    assert finding.help.count("`cn`") == 1
