"""Findings about calendar files."""

from __future__ import annotations

from accountability.definition.codes.code import Code

_LAID_OVER = "calendar: cn_liangshan\nversion: 1\nbase: {base}\n"
_ALONE = "calendar: {name}\nversion: {version}\nzone: UTC\nweekend: {weekend}\nfestivals: {{founding: Founding Day}}\n"
_TORCH = "festivals: {torch: {en: Torch Festival, zh: 火把节}}\nnotices:\n"


def _laid_over(notice: str = "", base: str = "cn") -> str:
    return _LAID_OVER.format(base=base) + (
        f"{_TORCH}  - {{number: 凉府办发〔2010〕31号, {notice}}}\n" if notice else ""
    )


def _alone(rest: str = "", weekend: str = "[saturday, sunday]") -> str:
    return _ALONE.format(name="office", version=1, weekend=weekend) + rest


CODES: tuple[Code, ...] = (
    Code(
        "ACC610",
        "Not a day",
        "A day is written as year, month and day, such as `2011-07-24`; days that follow each other as "
        "`2011-07-24 to 2011-07-30`, at most 366 of them.",
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-32}"),
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-30}"),
    ),
    Code(
        "ACC611",
        "Unknown base",
        "A calendar lies over another one: one of the folder, one that comes with accountability, or one built in. "
        "Calendars do not lie over each other in a circle.",
        _laid_over(base="china"),
        _laid_over(base="cn"),
    ),
    Code(
        "ACC612",
        "Version that does not follow",
        "A calendar that lies over one of its own name replaces it, as when a new year's notice is added. Dates are "
        "counted anew by a higher version only.",
        "calendar: cn\nversion: 1\nbase: cn\nnotices: [{announces: 2027, basis: an example}]\n",
        "calendar: cn\nversion: 2\nbase: cn\nnotices: [{announces: 2027, basis: an example}]\n",
    ),
    Code(
        "ACC613",
        "Unknown festival",
        "Days off are told with their festival, so it needs a title: under `festivals`, here or in the calendar below.",
        _laid_over("holidays: {torches: 2011-07-24 to 2011-07-30}"),
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-30}"),
    ),
    Code(
        "ACC614",
        "Year given twice",
        "One notice settles a year. What changes later in the year is a notice without `announces`, which speaks over "
        "the earlier ones.",
        _alone("notices: [{announces: 2015, date: 2014-12-16}, {announces: 2015, date: 2015-05-13}]\n"),
        _alone("notices: [{announces: 2015, date: 2014-12-16}, {date: 2015-05-13}]\n"),
    ),
    Code(
        "ACC615",
        "No day is worked",
        "Working days are counted by this calendar, so some weekday must be worked.",
        _alone(weekend="[monday, tuesday, wednesday, thursday, friday, saturday, sunday]"),
        _alone(),
    ),
    Code(
        "ACC616",
        "Notice that nobody can look up",
        "A due date tells on whose word a day was off. Each notice has its number, the date it bears, or the basis it "
        "rests on.",
        _alone("notices: [{holidays: {founding: 2015-09-03}}]\n"),
        _alone("notices: [{date: 2015-05-13, holidays: {founding: 2015-09-03}}]\n"),
    ),
    Code(
        "ACC617",
        "Day off and worked",
        "One notice says of a day that it is off, and that it is worked.",
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-31}, work: 2011-07-31"),
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-30}, work: 2011-07-31"),
    ),
    Code(
        "ACC618",
        "Make-up day that would be worked anyway",
        "Make-up working days are days that would be off, mostly of a weekend. A day that would be worked anyway is "
        "mostly a slip of the pen.",
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-30}, work: 2011-08-01"),
        _laid_over("holidays: {torch: 2011-07-24 to 2011-07-30}, work: 2011-07-31"),
    ),
    Code(
        "ACC619",
        "Day of another year",
        "What settles a year speaks of its days, and of the December before.",
        _alone("notices: [{announces: 2015, date: 2014-12-16, holidays: {founding: 2051-09-03}}]\n"),
        _alone("notices: [{announces: 2015, date: 2014-12-16, holidays: {founding: 2015-09-03}}]\n"),
    ),
)
