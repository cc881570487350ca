"""The plan's clues: what came in during two years, from whom, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from accountability.demonstration.clues import clue
from accountability.demonstration.leaders import Leaders
from accountability.demonstration.plot import Clue
from accountability.demonstration.registers import HEALTH_BUREAU
from accountability.demonstration.stage import Script, Stage
from accountability.demonstration.supervise import FollowUp

STORIES = {
    10: "corrected",
    11: "asked twice",
    12: "more time",
    15: "reopened",
    16: "identity read",
    17: "cleared",
    18: "malicious",
    20: "identity denied",
    21: "interference",
    22: "recused",
    23: "unknown",
    24: "identity unanswered",
    28: "protected",
    33: "filing refused once",
    36: "not protected",
    37: "returned",
    38: "reinvestigated",
    40: "interfered with",
    41: "upheld twice",
    42: "varied",
    43: "revoked",
    44: "remanded",
    45: "upheld",
    46: "too late",
    48: "late but excused",
    50: "handlers",
    51: "told again",
    60: "slow",
    61: "absconded",
}
"""What else happens around some of the clues of 2015; see `protect`, `cases` and `tracks`."""
LIGHTER: dict[int, int | str] = {
    34: 1, 39: 2, 47: 3, 49: 5, 51: 1, 53: "exempt", 54: "no_sanction", 55: "prosecutor", 58: 3, 59: 2, 60: 5,
}  # fmt: skip
"""A further person in some of the cases, and what is decided about that one."""

DOCTORS = Leaders(
    HEALTH_BUREAU,
    date(2015, 2, 5),
    (("principal_leader", "县卫生局主要领导", 0), ("leader_in_charge", "县卫生局分管领导", 0)),
)
PREDECESSOR = Leaders(
    "T06",
    date(2014, 6, 16),
    (("principal_leader", "镇党委主要领导", 2),),
    appeals=True,
    number=1,
)
"""The head of this township moved in January 2015: who was in office in June 2014 answers, not the successor."""

CHECKED = ("drop",) * 12 + ("remind",) * 7 + ("keep",) * 4 + ("pass",) * 3
ELSEWHERE = ("audit", "transfer", "interview", "media", "dual")


def of_2014() -> Iterator[Clue]:
    """Give the clues of the year before; petitions of the public were not yet registered here."""
    sources = ("inspection", "audit", "transfer", "interview", "media")
    for number in range(33):
        levels = (6, 6) if number < 13 else (6,)
        carried = number == 32
        yield Clue(number + 1, sources[number % 5], "file", levels, stalls=60 if carried else 0)
    for number, end in enumerate(("drop",) * 20 + ("remind",) * 10 + ("keep",) * 4 + ("pass",) * 3):
        yield Clue(number + 34, sources[number % 5], end)


def of_2015() -> Iterator[Clue]:
    """Give the petitions of the public and the clues from elsewhere, the village doctors among them."""
    for one in _of_2015():
        levels = one.levels + ((LIGHTER[one.number],) if one.number in LIGHTER else ())
        yield replace(one, levels=levels, story=STORIES.get(one.number, ""))


def _of_2015() -> Iterator[Clue]:
    yield Clue(1, "inspection", "file", (4,) * 6, leaders=DOCTORS, unit=HEALTH_BUREAU)
    away = ("repeat",) * 3 + ("send_up",) + ("elsewhere",) * 2 + ("reject",) * 2
    otherwise = ("talk",) * 3 + ("hold",) * 2 + ("close",)
    for number, end in enumerate(away + otherwise + CHECKED[:16], 2):
        yield Clue(number, "petition", end, unit=_about(number))
    for number in range(32, 64):
        levels = (6, 6) if number < 43 else (6,)
        pursued = PREDECESSOR if number == 52 else None
        unit = pursued.unit if pursued else _about(number)
        yield Clue(number, "petition", "file", levels, leaders=pursued, unit=unit)
    for number, end in enumerate(CHECKED[16:], 64):
        yield Clue(number, ("audit", "transfer")[number % 2], end)
    open_still = {89: "withdraw", 90: "investigate", 91: "investigate", 92: "investigate", 93: "try", 94: "try"}
    for number in range(74, 95):
        yield Clue(number, ELSEWHERE[number % 5], "file", (6,), until=open_still.get(number, "close"))


def _about(number: int) -> str:
    """Name the unit that a petition is about; many are about two of the townships."""
    return CONCENTRATED[number % 2] if number % 3 == 0 else f"T{number % 9 + 1:02}"


CONCENTRATED = ("T03", "T05")


REFERRED = frozenset({1, 64, 68})
"""Clues that an inspection or a supervision hands over."""


def clues(stage: Stage) -> Iterator[tuple[date, Script]]:
    """Give the clues of both years, each with the day on which it comes in."""
    for year, some in ((2014, of_2014()), (2015, of_2015())):
        for one in some:
            day = _day(stage, year, one)
            if not (year == 2015 and one.number in REFERRED):
                yield day, clue(stage, one)


def referred(stage: Stage, number: int) -> FollowUp:
    """Say how a clue goes on that is handed over by whoever found it."""
    (one,) = (one for one in of_2015() if one.number == number)
    return lambda case: clue(stage, one, case)


def _day(stage: Stage, year: int, one: Clue) -> date:
    """Choose when a clue arrives: early enough in the year for what becomes of it."""
    first, last = date(year, 1, 8), date(year, 11, 10)
    if one.stalls:
        first, last = date(year, 9, 24), date(year, 9, 28)
    elif one.story in ("malicious", "cleared", "protected", "slow", "absconded") or one.late:
        last = date(year, 4, 30)
    elif one.until in ("investigate", "try"):
        first, last = date(year, 8, 25), date(year, 9, 8)
    elif one.until == "withdraw" or one.end == "file":
        last = date(year, 7, 3)
    return first + timedelta(days=stage.chance.randrange((last - first).days + 1))
