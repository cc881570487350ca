"""Two responsibilities: letters, promises, review and publication in every organisation of the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accountability.audit.entry import Actor
from accountability.demonstration.people import PUBLISHER, SUPERIOR, holder
from accountability.demonstration.stage import Script, Stage

COUNTY_COMMITTEE = "中共高台县委"
PROMISES = 10


@dataclass(frozen=True, slots=True)
class Organisation:
    """One party organisation's part in the year.

    Attributes:
        number: Which one it is.
        kind: `township`, `department` or `branch`.
        televised: Whether its head pledges on the county's television.
        returned: Whether the review sends its list back once.
        hasty: Whether somebody tries what the rules forbid.
        lists: When it files the lists that it owes: `in time`, the first one `late`, or `never`.
    """

    number: int
    kind: str
    televised: bool = False
    returned: bool = False
    hasty: bool = False
    lists: str = "in time"

    @property
    def superior_unit(self) -> str:
        """The organisation it answers to: the county committee, or for a branch the unit above it."""
        return f"unit-{self.number % 77:03d}" if self.kind == "branch" else COUNTY_COMMITTEE


def duty(stage: Stage, year: int, organisation: Organisation) -> Script:
    """Run one organisation's duty from its draft to its publication, and then from list to list."""
    head = holder(organisation.number)
    superior = SUPERIOR if organisation.kind != "branch" else Actor(organisation.superior_unit, {"superior"})
    case = stage.start("duty", superior, _draft(year, organisation, head)).id
    yield 2 + stage.chance.random() * 6
    if organisation.hasty:
        stage.refused(case, "pledge", head, data={"promises": ["清正廉洁"]}, documents=("promise_letter",))
        stage.refused(case, "sign_letter", Actor("stranger", {"holder"}), documents=("responsibility_letter",))
    stage.do(case, "sign_letter", superior, head, documents=("responsibility_letter",))
    yield 1 + stage.chance.random() * 5
    if organisation.kind != "branch":
        promises = [f"承诺{number}" for number in range(1, PROMISES + 1)]
        stage.do(case, "pledge", head, data={"promises": promises}, documents=("promise_letter",))
        yield 3 + stage.chance.random() * 10
    if organisation.televised:
        stage.do(case, "publish_pledge", PUBLISHER, data={"pledge_channels": ["tv"]})
        yield 2
    stage.do(case, "submit_review", head)
    yield 1 + stage.chance.random() * 8
    if organisation.hasty:
        stage.refused(case, "verdict", Actor(head.id, {"superior"}), data=_verdict(True))
    if organisation.returned:
        stage.do(case, "verdict", superior, data=_verdict(False), reason="工作措施不够具体，缺乏可操作性")
        yield 4
        stage.do(case, "revise", head, data={"items": _items(year)})
        yield 3
    stage.do(case, "verdict", superior, data=_verdict(True))
    yield 2
    schedule = _schedule(stage.now().date(), year)
    published = {"duty_channels": ["meeting" if organisation.number % 2 else "board"], "schedule": schedule}
    stage.do(case, "publish", PUBLISHER, data=published)
    if organisation.lists != "never":
        owed = zip(stage.children(case, "lists"), [one["period_end"] for one in schedule], strict=True)
        yield from _lists(stage, list(owed), superior, head, late=organisation.lists == "late")


def _lists(stage: Stage, owed: list[tuple[str, date]], superior: Actor, head: Actor, *, late: bool) -> Script:
    """Submit each list after the end of its period, the first one late or in time; the superior accepts it."""
    for case, ends in owed:
        days = (ends - stage.now().date()).days + (30 if late else 1 + 6 * stage.chance.random())
        late = False
        if not stage.has_time(days + 3):
            return
        yield days
        stage.do(case, "submit", head, documents=("list",))
        yield 2
        stage.do(case, "accept", superior)


def _schedule(today: date, year: int) -> list[dict[str, Any]]:
    """Say which lists are owed: the year's tasks now, the others after their periods."""
    periods = [("q1", date(year, 3, 31)), ("h1", date(year, 6, 30)), ("q3", date(year, 9, 30))]
    ends = [("annual_task", today), *(one for one in periods if one[1] > today), ("year_end", date(year, 12, 31))]
    return [{"list": name, "period_end": end} for name, end in ends]


def _draft(year: int, organisation: Organisation, head: Actor) -> dict[str, object]:
    return {
        "year": year,
        "unit": head.unit,
        "superior_unit": organisation.superior_unit,
        "holder": head.id,
        "duty_kind": "supervisory" if organisation.number % 10 == 0 else "principal",
        "items": _items(year),
    }


def _items(year: int) -> list[dict[str, str]]:
    return [
        {"origin": "prescribed", "content": "廉政教育", "measure": "每季度集中学习一次", "due": f"{year}-12-20"},
        {"origin": "self_selected", "content": "窗口作风", "measure": "公开办事流程", "due": f"{year}-10-31"},
    ]


def _verdict(operable: bool) -> dict[str, bool]:
    return {"content_targeted": True, "measure_operable": operable, "time_limit_timely": True}
