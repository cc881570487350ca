"""Measure 1: letters, promises, review and publication of the year's duty in every organisation of the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accountability.demonstration.assess import assessed
from accountability.demonstration.people import PUBLISHER, STRANGER
from accountability.demonstration.perform import List, lists
from accountability.demonstration.registers import PARTY_COMMITTEE, Organisation, as_holder
from accountability.demonstration.stage import Script, Stage

PROMISES = (
    "遵守政治纪律",
    "严格执行民主集中制",
    "厉行勤俭节约",
    "不收受礼品礼金",
    "不插手工程项目",
    "不违规选人用人",
    "不大操大办婚丧事宜",
    "管好配偶子女",
    "管好身边工作人员",
    "自觉接受监督",
)

ALL_LISTS = 7
"""How many lists a year has; who owes fewer is told why."""


@dataclass(frozen=True, slots=True)
class Year:
    """How an organisation does its duty in a year.

    Attributes:
        organisation: Which one.
        year: The year.
        due: The lists that it owes, with the end of the period that each is about.
        promises: Whether its head makes the ten promises.
        televised: Whether its head pledges on the county's television.
        returned: Whether the review sends its list of duties back once.
        hasty: Whether somebody tries what the rules forbid.
        late: Which of its lists come too late.
        never: Which do not come at all, until their holder was interviewed.
        lost: Which do not come at all.
        sent_back: Which are sent back once.
        objects: Whether its head objects to the result.
        end: What comes of the year: `complete`, `reward` or `hold_accountable`.
    """

    organisation: Organisation
    year: int
    due: tuple[tuple[str, date], ...]
    promises: bool = False
    televised: bool = False
    returned: bool = False
    hasty: bool = False
    late: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    sent_back: frozenset[str] = frozenset()
    objects: bool = False
    end: str = "complete"


def duty(stage: Stage, one: Year) -> Script:
    """Run one organisation's duty from its draft to its publication, then from list to list and to its results."""
    head, superior = one.organisation.head(one.year), one.organisation.above()
    holder = as_holder(head, "holder")
    case = stage.start("duty", superior, _draft(one, head.id))
    yield stage.some(1, 4)
    if one.hasty:
        early = {"promises": list(PROMISES)}
        stage.refused("state", case, "pledge", holder, data=early, documents=("promise_letter",))
        stage.refused("role", case, "sign_letter", STRANGER, documents=("responsibility_letter",))
        stage.refused("document", case, "sign_letter", holder)
    stage.do(case, "sign_letter", superior, holder, documents=("responsibility_letter",))
    yield stage.some(1, 4)
    if one.promises:
        if one.hasty:
            stage.refused("guard", case, "pledge", holder, data={"promises": ["廉洁"]}, documents=("promise_letter",))
        stage.do(case, "pledge", holder, data={"promises": list(PROMISES)}, documents=("promise_letter",))
        yield stage.some(1, 5)
    if one.televised:
        stage.do(case, "publish_pledge", PUBLISHER, data={"pledge_channels": ["tv"]})
        yield 1
    yield from _reviewed(stage, case, one)
    schedule = [{"list": name, "period_end": day} for name, day in one.due]
    channel = ("meeting", "board", "site")[one.organisation.number % 3]
    told: dict[str, Any] = {"duty_channels": [channel], "schedule": schedule, "year_begin": date(one.year, 1, 1)}
    if len(schedule) < ALL_LISTS:
        told["left_out_why"] = "其他时段的进展并入所列清单一并报送"
    stage.do(case, "publish", PUBLISHER, data=told)
    for owed, (name, day) in zip(stage.children(case, "lists"), one.due, strict=True):
        if name in one.lost:
            continue
        behaviour = "late" if name in one.late else "never" if name in one.never else "in time"
        filed = List(owed, head, superior, day, behaviour, sent_back=name in one.sent_back)
        stage.add(lists(stage, filed), filed.first_day(stage))
    yield from assessed(stage, case, one.organisation, head, year=one.year, objects=one.objects, end=one.end)


def _reviewed(stage: Stage, case: str, one: Year) -> Script:
    """Have the content, the measures and the time limits looked at, each by itself."""
    head, superior = one.organisation.head(one.year), one.organisation.above()
    holder = as_holder(head, "holder")
    stage.do(case, "submit_review", holder)
    yield stage.some(1, 6)
    if one.hasty:
        stage.refused("four_eyes", case, "verdict", as_holder(head, "superior"), data=_verdict(True))
        stage.refused("reason", case, "verdict", superior, data=_verdict(False))
    if one.returned:
        stage.do(case, "verdict", superior, data=_verdict(False), reason="工作措施不够具体，缺乏可操作性")
        yield stage.some(3, 5)
        stage.do(case, "revise", holder, data={"items": _items(one.year)})
        yield stage.some(1, 3)
    stage.do(case, "verdict", superior, data=_verdict(True))
    yield stage.some(1, 3)


def _draft(one: Year, holder: str) -> dict[str, Any]:
    return {
        "year": one.year,
        "unit": one.organisation.code,
        "superior_unit": one.organisation.superior or PARTY_COMMITTEE,
        "holder": holder,
        "duty_kind": "supervisory" if one.organisation.number % 10 == 0 else "principal",
        "items": _items(one.year),
    }


def _items(year: int) -> list[dict[str, str]]:
    return [
        {"origin": "prescribed", "content": "廉政教育", "measure": "每季度集中学习一次", "due": f"{year}-12-20"},
        {"origin": "self_selected", "content": "窗口作风", "measure": "公开办事流程", "due": f"{year}-10-31"},
    ]


def _verdict(operable: bool) -> dict[str, bool]:
    return {"content_targeted": True, "measure_operable": operable, "time_limit_timely": True}
