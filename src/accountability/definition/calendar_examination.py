"""What a calendar file means: days that exist, festivals that are declared, notices that say something new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accountability.calendars.calendar import WEEKDAY_NAMES, Calendar, days_of
from accountability.calendars.zone_names import known_zone, zone_names
from accountability.definition.document import Document, Path
from accountability.definition.finding import Finding, Severity
from accountability.definition.nearest import did_you_mean, listed
from accountability.errors import InputError


def examine(document: Document, base: Calendar | None) -> Iterator[Finding]:
    """Find what is wrong with a calendar whose shape is right.

    Args:
        document: The file.
        base: The calendar it lies over; None where it stands alone, or where that calendar is not known.
    """
    yield from _head(document, base)
    yield from _Days(document, base).findings()


def _head(document: Document, base: Calendar | None) -> Iterator[Finding]:
    data = document.data
    if "zone" in data and not known_zone(data["zone"]):
        cure = did_you_mean(data["zone"], zone_names(), "write an IANA name, such as `Asia/Shanghai`, or `UTC`")
        yield document.finding("ACC600", f"there is no time zone `{data['zone']}`", ("zone",), help=cure)
    if len(set(data.get("weekend", ()))) == len(WEEKDAY_NAMES):
        cure = "leave out the weekdays that are worked"
        yield document.finding("ACC615", "no weekday is ever worked", ("weekend",), help=cure)
    if base is not None and base.name == data["calendar"] and data["version"] <= base.version:
        message = (
            f"version {data['version']} does not follow version {base.version} of `{base.name}`, which it lies over"
        )
        yield document.finding("ACC612", message, ("version",), help=f"write `version: {base.version + 1}` or higher")


@dataclass(slots=True)
class _Days:
    """Walk the days of a calendar in the order in which they are said."""

    document: Document
    base: Calendar | None
    worked: dict[date, bool] = field(default_factory=dict)

    @property
    def _below(self) -> bool:
        """Whether what lies below is known, or nothing does."""
        return self.base is not None or "base" not in self.document.data

    def findings(self) -> Iterator[Finding]:
        data = self.document.data
        for index, year in enumerate(data.get("expected", ())):
            place = ("expected", index)
            yield from self._first(year["year"], (*place, "year"), "expected")
            for key in ("holidays", "substitute"):
                yield from self._off(year.get(key, {}), (*place, key), year["year"])
        # An announced year takes nothing from what was expected of it.
        self.worked.clear()
        for index, notice in enumerate(data.get("notices", ())):
            yield from self._notice(notice, ("notices", index))

    def _notice(self, notice: Mapping[str, Any], place: Path) -> Iterator[Finding]:
        year = notice.get("announces")
        if not notice.keys() & {"number", "date", "basis"}:
            cure = "add its `number`, the `date` it bears, or the `basis` it rests on"
            yield self._finding("ACC616", "nobody can look this notice up", place, cure)
        if "date" in notice:
            yield from self._read(notice["date"], (*place, "date"), single=True)[1]
        if year is not None:
            yield from self._first(year, (*place, "announces"), "notices")
        off_before = dict(self.worked)
        yield from self._off(notice.get("holidays", {}), (*place, "holidays"), year)
        yield from self._work(notice, place, year, off_before)

    def _first(self, year: int, place: Path, key: str) -> Iterator[Finding]:
        """Find a year that stands further up already."""
        name = "year" if key == "expected" else "announces"
        earlier = [one.get(name) for one in self.document.data[key][: int(place[1])]]
        if year in earlier:
            line = self.document.span((key, earlier.index(year), name)).line
            cure = f"write a second notice without `{name}`" if name == "announces" else "remove one of them"
            yield self._finding("ACC614", f"the year {year} stands on line {line} already", place, cure)

    def _off(self, off: Mapping[str, Any], place: Path, year: int | None) -> Iterator[Finding]:
        known = {
            **(self.base.content.get("festivals", {}) if self.base else {}),
            **self.document.data.get("festivals", {}),
        }
        for festival, written in off.items():
            if festival not in known and self._below:
                cure = did_you_mean(festival, known, "declare it under `festivals`, with its title")
                yield self._finding("ACC613", f"there is no festival `{festival}`", (*place, festival), cure, key=True)
            for text, at in _places(written, (*place, festival)):
                days, wrong = self._read(text, at)
                yield from wrong
                yield from self._of_year(days, year, at)
                self.worked.update(dict.fromkeys(days, False))

    def _work(
        self, notice: Mapping[str, Any], place: Path, year: int | None, before: Mapping[date, bool]
    ) -> Iterator[Finding]:
        off = {day for day, worked in self.worked.items() if not worked and before.get(day) is not False}
        for text, at in _places(notice.get("work", ()), (*place, "work")):
            days, wrong = self._read(text, at)
            yield from wrong
            yield from self._of_year(days, year, at)
            for day in days:
                if day in off:
                    cure = "leave it out of `holidays`, or out of `work`"
                    yield self._finding("ACC617", f"{day} is off and worked in one notice", at, cure)
                elif self._below and self._is_worked(day, before):
                    cure = f"{day} is a {WEEKDAY_NAMES[day.weekday()].capitalize()}; look the day up once more"
                    message = f"{day} would be worked without being a make-up day"
                    yield self._finding("ACC618", message, at, cure, severity="warning")
                self.worked[day] = True

    def _is_worked(self, day: date, before: Mapping[date, bool]) -> bool:
        if day in before:
            return before[day]
        if self.base is not None:
            return self.base.is_workday(day)
        return WEEKDAY_NAMES[day.weekday()] not in self.document.data.get("weekend", ())

    def _read(self, text: str, place: Path, *, single: bool = False) -> tuple[list[date], list[Finding]]:
        try:
            days = list(days_of(text))
        except InputError as error:
            return [], [self._finding("ACC610", str(error), place, error.cure or "")]
        if single and len(days) > 1:
            return [], [self._finding("ACC610", "a notice bears one day", place, f"write `{days[0]}`")]
        return days, []

    def _of_year(self, days: list[date], year: int | None, place: Path) -> Iterator[Finding]:
        """Find days that a notice for a year can hardly mean; the December before belongs to the New Year."""
        strange = [
            day for day in days if year is not None and day.year != year and (day.year, day.month) != (year - 1, 12)
        ]
        if strange:
            message = f"{strange[0]} lies outside of {year}"
            yield self._finding("ACC619", message, place, f"look the year up once more: {listed([str(year)])}")

    def _finding(
        self, code: str, message: str, place: Path, cure: str, *, key: bool = False, severity: Severity = "error"
    ) -> Finding:
        return self.document.finding(code, message, place, help=cure, key=key, severity=severity)


def _places(written: Any, place: Path) -> list[tuple[str, Path]]:
    """Give texts with their places: of one text, or of a list."""
    if isinstance(written, str):
        return [(written, place)]
    return [(text, (*place, index)) for index, text in enumerate(written)]
