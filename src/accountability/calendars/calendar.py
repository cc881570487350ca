"""Calendars: which days are worked, known for which years, and on whose word.

A calendar is data. Its content stands alone, so that whoever replays a case counts with the very calendar it was
counted with:

    calendar: cn
    version: 1
    zone: Asia/Shanghai
    weekend: [saturday, sunday]
    festivals: {spring_festival: {en: Spring Festival, zh: 春节}}
    notices:
      - announces: 2015
        number: 国办发明电〔2014〕28号
        date: 2014-12-16
        holidays: {spring_festival: 2015-02-18 to 2015-02-24}
        work: [2015-02-15, 2015-02-28]
    expected:
      - year: 2027
        holidays: {spring_festival: 2027-02-05 to 2027-02-08}
        substitute: [2027-02-09, 2027-02-10]

A later notice speaks over an earlier one. A calendar that lists neither notices nor expected years waits for nobody's
word: it covers every year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from accountability.calendars.zone_names import known_zone
from accountability.canonical import digest
from accountability.errors import CanonicalError, InputError

WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RUN_MAX = 366
"""How many days a range of days may have."""

ONE_DAY = timedelta(days=1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_CURE = "write a day like 2015-02-18, or days like `2015-02-18 to 2015-02-24`"
_CURE = "give the content of a calendar, as `definition.calendar_file` reads it from a file"


@dataclass(frozen=True, slots=True)
class Special:
    """Say why a day is not what its weekday says.

    Attributes:
        off: Whether nobody works; otherwise the day is worked although it may be of a weekend.
        title: The festival, or for which one it stands in, as text or language -> text; None for a day that is worked.
        notice: The number of the notice that says so, else its day, else its basis; None when it is not announced.
    """

    off: bool
    title: str | Mapping[str, str] | None
    notice: str | None


@dataclass(frozen=True)
class Calendar:
    """Tell working days from days off. Calendars are equal when name, version and content are.

    Attributes:
        name, version: Which calendar, and which edition of it.
        digest: SHA-256 of its canonical content.
        zone: IANA name of the zone in which its days begin and end.
        content: What it was made from; stands alone.
        weekend: The weekdays off, Monday being 0.
        specials: The days that differ from their weekday.
        announced: The years that a notice has settled; None: every year.
    """

    name: str
    version: int
    digest: str
    zone: str
    content: Mapping[str, Any] = field(repr=False, compare=False)
    weekend: frozenset[int] = field(repr=False, compare=False)
    specials: Mapping[date, Special] = field(repr=False, compare=False)
    announced: frozenset[int] | None = field(repr=False, compare=False)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Calendar:
        """Make a calendar from content that stands alone.

        Raises:
            InputError: The content is no calendar's.
        """
        try:
            return cls(
                name=str(content["calendar"]),
                version=int(content["version"]),
                digest=digest(content),
                zone=_zone(content["zone"]),
                content=content,
                weekend=_weekend(content["weekend"]),
                specials=MappingProxyType(dict(_specials(content))),
                announced=_announced(content),
            )
        except (KeyError, TypeError, ValueError, AttributeError, CanonicalError) as error:
            raise InputError(f"this is no content of a calendar: {error!r}", cure=_CURE) from error

    def is_workday(self, day: date) -> bool:
        """Say whether a day is worked."""
        special = self.specials.get(day)
        return day.weekday() not in self.weekend if special is None else not special.off

    def covers(self, year: int) -> bool:
        """Say whether the days of a year are settled, not only expected."""
        return self.announced is None or year in self.announced

    def why(self, day: date, language: str = "en") -> str | None:
        """Say why a day is off, or is worked although it is of a weekend, with the notice; None for an ordinary day."""
        special = self.specials.get(day)
        if special is None:
            return _words("weekend", language) if day.weekday() in self.weekend else None
        if special.title is None:
            said = _words("worked", language)
        else:
            said = in_language(special.title, language)
        return said + _words("by", language).format(special.notice or _words("expected", language))


def overlay(base: Calendar, content: Mapping[str, Any]) -> Calendar:
    """Lay the days of a locality, or of a newer notice, over a calendar.

    Args:
        base: The calendar below.
        content: Name, version, and notices that speak over those of the base; what else it lacks is the base's.

    Returns:
        A calendar whose content stands alone and names the base it was made from.

    Raises:
        InputError: The content is no overlay's, or lies over a calendar of its own name without a higher version.
    """
    merged = {key: value for key, value in content.items() if key != "base"}
    merged.setdefault("zone", base.zone)
    merged.setdefault("weekend", base.content["weekend"])
    merged["base"] = {"calendar": base.name, "version": base.version, "digest": base.digest}
    try:
        if content["calendar"] == base.name and content["version"] <= base.version:
            raise InputError(
                f"version {content['version']} of {base.name} lies over version {base.version}",
                cure=f"write `version: {base.version + 1}` or a higher one",
            )
        for key in ("notices", "expected"):
            if both := [*base.content.get(key, ()), *content.get(key, ())]:
                merged[key] = both
        if festivals := {**base.content.get("festivals", {}), **content.get("festivals", {})}:
            merged["festivals"] = festivals
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"this is no content of an overlay: {error!r}", cure=_CURE) from error
    return Calendar.from_content(merged)


def days_of(written: str) -> Iterator[date]:
    """Give the days of `2015-02-18`, or of `2015-02-18 to 2015-02-24`.

    Raises:
        InputError: The text says no days, or more than `RUN_MAX`.
    """
    first, _, last = str(written).partition(" to ")
    begin = _day(first)
    end = _day(last) if last else begin
    if not begin <= end or (end - begin).days >= RUN_MAX:
        raise InputError(f"{written!r} is no range of 1 to {RUN_MAX} days", cure=_DAY_CURE)
    yield from (begin + ONE_DAY * index for index in range((end - begin).days + 1))


def as_range(first: date, last: date) -> str:
    """Write days as calendars do: `2015-02-18`, or `2015-02-18 to 2015-02-24`."""
    return f"{first}" if first == last else f"{first} to {last}"


def in_language(text: str | Mapping[str, str], language: str) -> str:
    """Choose the words of a language; those of the first language where it has none."""
    return text if isinstance(text, str) else text.get(language) or next(iter(text.values()))


def _specials(content: Mapping[str, Any]) -> Iterator[tuple[date, Special]]:
    """Give the days that differ from their weekday; of two for one day the later one counts."""
    festivals, announced = content.get("festivals", {}), _announced(content) or ()
    for year in content.get("expected", ()):
        if year["year"] in announced:
            continue
        for name, written in year.get("holidays", {}).items():
            yield from _all(written, Special(True, festivals[name], None))
        for name, written in year.get("substitute", {}).items():
            yield from _all(written, Special(True, _substitute(festivals[name]), None))
    for notice in content.get("notices", ()):
        said = notice.get("number") or notice.get("date") or notice.get("basis")
        for name, written in notice.get("holidays", {}).items():
            yield from _all(written, Special(True, festivals[name], said))
        yield from _all(notice.get("work", ()), Special(False, None, said))


def _all(written: str | Sequence[str], special: Special) -> Iterator[tuple[date, Special]]:
    for text in (written,) if isinstance(written, str) else written:
        for day in days_of(text):
            yield day, special


def _announced(content: Mapping[str, Any]) -> frozenset[int] | None:
    if not content.get("notices") and not content.get("expected"):
        return None
    return frozenset(notice["announces"] for notice in content.get("notices", ()) if "announces" in notice)


def _weekend(names: Iterable[str]) -> frozenset[int]:
    weekend = frozenset(WEEKDAY_NAMES.index(name) for name in names if name in WEEKDAY_NAMES)
    if len(weekend) != len(list(names)) or len(weekend) == len(WEEKDAY_NAMES):
        raise InputError("the weekend is no list of weekdays", cure="write `weekend: [saturday, sunday]`")
    return weekend


def _zone(name: str) -> str:
    if not known_zone(name):
        raise InputError(f"there is no time zone {name!r}", cure="write an IANA name, such as Asia/Shanghai, or UTC")
    return name


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(f"{text[:40]!r} is no day", cure=_DAY_CURE)


_WORDS = {
    "weekend": {"en": "weekend", "zh": "周末"},
    "worked": {"en": "make-up working day", "zh": "调休上班"},
    "substitute": {"en": "{}, day in lieu", "zh": "{}补假"},
    "by": {"en": " ({})", "zh": "（{}）"},
    "expected": {"en": "expected, not yet announced", "zh": "预计，尚未公布"},
}


def _words(key: str, language: str) -> str:
    return in_language(_WORDS[key], language)


def _substitute(title: str | Mapping[str, str]) -> dict[str, str]:
    return {language: words.format(in_language(title, language)) for language, words in _WORDS["substitute"].items()}


def _built_in(name: str, *weekend: str) -> Calendar:
    return Calendar.from_content({"calendar": name, "version": 1, "zone": "UTC", "weekend": list(weekend)})


EVERY_DAY = _built_in("every_day")
"""Every day is worked."""

WEEKDAYS = _built_in("weekdays", "saturday", "sunday")
"""Monday to Friday are worked, and nobody has holidays."""

BUILT_IN: Mapping[str, Calendar] = MappingProxyType({calendar.name: calendar for calendar in (EVERY_DAY, WEEKDAYS)})
"""The calendars that need no file."""
