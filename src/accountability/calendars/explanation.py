"""A due date's derivation in words, as a clerk would explain it across the counter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from accountability.calendars.allowance import ON_THE_DAY
from accountability.calendars.calendar import days_of, in_language
from accountability.calendars.wording import CHINESE, ENGLISH, Language
from accountability.calendars.zones import zone_of
from accountability.canonical import moment

LANGUAGES: Mapping[str, Language] = {language.code: language for language in (ENGLISH, CHINESE)}


def explained(derivation: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Tell how a due date was found.

    Args:
        derivation: That of a `Due`. With `told`, the date that people were told before and that therefore stays.
        language: `en` or `zh`; another language is answered in English.

    Returns:
        Sentences, in the order of the counting.
    """
    words = LANGUAGES.get(language.lower().partition("-")[0], ENGLISH)
    return tuple(_Telling(derivation, words).sentences())


class _Telling:
    """One derivation while it is told."""

    def __init__(self, derivation: Mapping[str, Any], words: Language) -> None:
        self.derivation, self.words, self.say = derivation, words, words.sentences
        self.zone = zone_of(derivation["zone"])
        self.by_days = "start" in derivation

    def sentences(self) -> Iterator[str]:
        told = self.derivation
        yield from self._beginning()
        skipped = told.get("skipped", {})
        if off := self._off(skipped):
            yield self.say["skipped"].format(days=off)
        if worked := self._worked(skipped):
            yield self.say["worked"].format(days=worked)
        yield from self._pauses()
        for length, end in zip(told.get("extensions", ()), told.get("extended", ()), strict=True):
            yield self.say["extended"].format(length=self.words.amount(length), end=self._when(end))
        yield from self._ending()
        if "provisional" in told:
            years = [f"{year}年" if self.words is CHINESE else str(year) for year in told["provisional"]]
            yield self.say["provisional"].format(years=self.words.joined(years))
        if "told" in told:
            yield self.say["told"].format(day=self._when(told["told"]))

    def _beginning(self) -> Iterator[str]:
        told = self.derivation
        anchor = moment(told["anchor"]).astimezone(self.zone)
        if "plus" in told:
            began = self.words.day(anchor.date()) if self.by_days else self.words.moment(anchor)
            yield self.say["plus"].format(length=self.words.amount(told["plus"]), day=began)
        if "anchored" in told:
            yield self.say["anchored"].format(expression=told["anchored"])
        if told["within"] == str(ON_THE_DAY):
            return
        if self.by_days:
            yield self.say["start"].format(day=self._when(told["start"]))
        elif "plus" not in told:
            yield self.say["start_of_hours"].format(day=self.words.moment(anchor))
        given = "given_by_calendar" if "working day" in told["within"] else "given"
        yield self.say[given].format(
            length=self.words.amount(told["within"]), calendar=told["calendar"], version=told["version"]
        )

    def _pauses(self) -> Iterator[str]:
        told = self.derivation
        for (since, until), length in zip(told.get("pauses", ()), told.get("paused", ()), strict=True):
            begin, end = moment(since).astimezone(self.zone), moment(until).astimezone(self.zone)
            if self.by_days:
                first, last, said = self.words.day(begin.date()), self.words.day(end.date()), self.words.amount(length)
            else:
                first, last, said = self.words.moment(begin), self.words.moment(end), self.words.span(end - begin)
            yield self.say["paused"].format(since=first, until=last, length=said)

    def _ending(self) -> Iterator[str]:
        told = self.derivation
        if (rolled := told.get("rolled")) is not None:
            end, last = self._when(told["end"]), self._when(told["last"])
            yield self.say["rolled"].format(end=end, last=last, days=self._off(rolled))
            if worked := self._worked(rolled):
                yield self.say["worked"].format(days=worked)
        yield self.say["last" if self.by_days else "last_of_hours"].format(
            last=self._when(told["last"]), zone=told["zone"]
        )

    def _off(self, skipped: Mapping[str, Any]) -> str:
        """List days off, each run with its festival and notice, then how many days of weekends there were."""
        runs = [
            self.words.off.format(
                days=self._days(days),
                title=in_language(title, self.words.code),
                notice=self.words.notice(notice.get("notice")),
            )
            for notice in skipped.get("notices", ())
            for days, title in notice.get("off", {}).items()
        ]
        if weekends := skipped.get("weekends"):
            runs.append(self.words.weekends(weekends))
        return self.words.listed(runs)

    def _worked(self, skipped: Mapping[str, Any]) -> str:
        """List days that were worked although of a weekend, those of one notice together."""
        return self.words.listed(
            [
                self.words.worked.format(
                    days=self.words.joined([self._days(days) for days in notice["worked"]]),
                    notice=self.words.notice(notice.get("notice")),
                )
                for notice in skipped.get("notices", ())
                if "worked" in notice
            ]
        )

    def _days(self, written: str) -> str:
        run = list(days_of(written))
        return self.words.days(run[0], run[-1])

    def _when(self, text: str) -> str:
        if len(text) == len("2015-02-18"):
            return self.words.day(date.fromisoformat(text))
        return self.words.moment(datetime.fromisoformat(text))
