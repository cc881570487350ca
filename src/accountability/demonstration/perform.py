"""Measure 2: the four lists with their clocks, work manuals, report meetings, and visits of the standing committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from accountability.audit.entry import Actor
from accountability.demonstration.people import INTERVIEWER, OFFICE, PUBLISHER, REGISTRAR, of, standing_member
from accountability.demonstration.rectify import rectified
from accountability.demonstration.registers import Organisation, as_holder
from accountability.demonstration.stage import Script, Stage

REMARKS = (
    "组织集中学习廉洁自律规定",
    "对重点岗位开展廉政谈话",
    "公开“三公”经费支出",
    "开展明察暗访",
    "讨论“三重一大”事项",
)


@dataclass(frozen=True, slots=True)
class List:
    """One list that is owed.

    Attributes:
        case: The obligation's case.
        holder: Who owes it.
        superior: Who accepts it.
        period_end: Last day of what it is about.
        behaviour: `in time`, `late`, or `never`: not until its holder was interviewed.
        sent_back: Whether it is sent back once.
    """

    case: str
    holder: Actor
    superior: Actor
    period_end: date
    behaviour: str = "in time"
    sent_back: bool = False

    def first_day(self, stage: Stage) -> date:
        """Choose when it is filed, or when somebody asks for it."""
        least, most = {"in time": (1, 7), "late": (22, 30), "never": (30, 36)}[self.behaviour]
        return max(self.period_end, stage.today()) + timedelta(days=round(stage.some(least, most)))


def lists(stage: Stage, one: List) -> Script:
    """File a list, have it accepted, or summon its holder when it does not come."""
    holder = as_holder(one.holder, "holder")
    if one.behaviour == "never":
        interviewed = stage.do(one.case, "summon_holder", INTERVIEWER)
        (interview,) = (child.id for child in interviewed.children if child.link == "interview")
        stage.add(asked(stage, interview, one.holder), stage.today() + timedelta(days=2))
        yield stage.some(7, 10)
    stage.do(one.case, "submit", holder, documents=("list",))
    yield stage.some(1, 5)
    if one.sent_back:
        stage.refused("four_eyes", one.case, "accept", as_holder(one.holder, "superior"))
        stage.do(one.case, "return_list", one.superior, reason="进展情况过于笼统，请逐项说明")
        yield stage.some(2, 4)
        stage.do(one.case, "submit", holder, documents=("list",))
        yield stage.some(1, 4)
    stage.do(one.case, "accept", one.superior)


def asked(stage: Stage, interview: str, head: Actor) -> Script:
    """Let a head who was summoned explain, set demands, and look at what came of them."""
    stage.do(interview, "explain", as_holder(head, "interviewee"), documents=("explanation",))
    yield stage.some(1, 3)
    stage.do(interview, "set_demands", INTERVIEWER, data={"demands": "限期补报清单，今后按时报送"})
    yield stage.some(14, 25)
    stage.do(interview, "follow_up", INTERVIEWER, data={"result": "已按要求整改"})


def manual(stage: Stage, number: int, unit: str, holder: str, hasty: bool) -> Script:
    """Hand out a work manual, write in it each quarter, and publish it once."""
    issued = {"number": f"2015-{number:03}", "unit": unit, "holder": holder, "year": 2015}
    case = stage.start("logbook", OFFICE, issued)
    writer = of(unit, holder, "holder")
    if hasty:
        stage.refused("guard", case, "publish", PUBLISHER)
        stage.refused("guard", case, "record", of(unit, f"{unit}-clerk", "holder"), data={"remark": "代为记录"})
    for place in range(4):
        yield (stage.some(45, 72) if number % 37 else 95)
        stage.do(case, "record", writer, data={"remark": REMARKS[(number + place) % len(REMARKS)]})
        if place in (1, 3):
            yield stage.some(1, 12)
            stage.do(case, "publish", PUBLISHER)
    if hasty:  # Its holder has left the post.
        yield 2
        stage.do(case, "close", OFFICE)


def report_meeting(stage: Stage, day: date, reporters: list[Organisation], absent: bool) -> Script:
    """Call a meeting at which heads report on their duty, and write its minutes."""
    heads = [one.head(day.year).id for one in reporters]
    called = {"day": day, "topic": "落实党风廉政建设主体责任情况汇报", "reporters": heads}
    case = stage.start("report_meeting", OFFICE, called)
    yield day
    there: dict[str, object] = {"present": heads[:-1] if absent else heads}
    if absent:
        stage.refused("guard", case, "hold", OFFICE, data=there, documents=("reports",))
        there |= {"absence": "一名单位负责人因公出差，已书面汇报"}
    stage.do(case, "hold", OFFICE, data=there, documents=("reports",))
    yield stage.some(1, 4)
    stage.do(case, "minute", OFFICE, documents=("minutes",))


def visit(stage: Stage, number: int, unit: Organisation, problems: int) -> Script:
    """Let a member of the standing committee hear a unit, find problems, set demands, and see them put right."""
    member = standing_member(number)
    case = stage.start("visit", member, {"unit": unit.code, "day": stage.today() + timedelta(days=7)})
    if number == 0:
        stage.refused("role", case, "hear_report", REGISTRAR)
        stage.refused("state", case, "conclude", member)
    yield stage.today() + timedelta(days=7)
    stage.do(case, "hear_report", member)
    for place in range(problems):
        due = stage.today() + timedelta(days=round(stage.some(30, 60)))
        problem = ("责任分解不够细", "廉政谈话记录不全", "村务公开不及时")[(number + place) % 3]
        stage.do(case, "find_problem", member, data={"problem": problem, "due": due})
    yield stage.some(1, 3)
    demands = {"demands": "对照清单逐项整改", "duties": "主要负责人负总责，分管领导具体抓"}
    stage.do(case, "set_demands", member, data=demands)
    yield from until_rectified(stage, case, unit, number)
    stage.do(case, "conclude", member)


def until_rectified(stage: Stage, case: str, unit: Organisation, number: int) -> Script:
    """Put right what was found under a case, and wait until all of it is verified."""
    letters = stage.children(case, "rectifications")
    for place, letter in enumerate(letters):
        stage.add(rectified(stage, letter, unit.code, number + place), stage.today() + timedelta(days=2))
    yield 10
    while stage.pending(case, "rectifications"):
        yield 7
