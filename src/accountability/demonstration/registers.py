"""The county's organisations and who leads them, as two registers with history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accountability.audit.entry import Actor
from accountability.demonstration.people import CASE_MANAGER, OFFICE, REGISTRAR, of
from accountability.demonstration.stage import Script, Stage

PARTY_COMMITTEE = "中共高台县委"
NAMES_OF_TOWNSHIPS = "城关镇 宣化镇 南华镇 巷道镇 合黎镇 骆驼城镇 新坝镇 黑泉镇 罗城镇"
NAMES_OF_DEPARTMENTS = """
县委办公室 县人大办公室 县政府办公室 县政协办公室 县纪委机关 县委组织部 县委宣传部 县委统战部
县委政法委 县委党校 县直机关工委 县编办 县信访局 县档案局 县委老干部局 县总工会
团县委 县妇联 县科协 县文联 县工商联 县残联 县红十字会 县法院
县检察院 县公安局 县司法局 县发展和改革局 县教育体育局 县科学技术局 县工业和信息化局 县民政局
县财政局 县人力资源和社会保障局 县国土资源局 县环境保护局 县住房和城乡建设局 县交通运输局 县水务局 县农业局
县林业局 县畜牧兽医局 县商务局 县文化广播影视局 县卫生局 县人口和计划生育局 县审计局 县统计局
县安全生产监督管理局 县食品药品监督管理局 县工商局 县质量技术监督局 县旅游局 县粮食局 县扶贫开发办公室 县供销社
县地震局 县气象局 县国税局 县地税局 县邮政局 县电力局 县烟草专卖局 县城市管理局
县政务服务中心 县住房公积金中心 县工业园区管委会 县湿地保护局
"""
BRANCHES = 428
OTHERS = (("E01", "高台县某食品公司", "enterprise"), ("V01", "宣化镇某村", "village"), ("V02", "新坝镇某村", "village"))

HEALTH_BUREAU = "D45"
POSTS = ("principal_leader", "leader_in_charge", "discipline_secretary")
SUFFIX = {"principal_leader": "head", "leader_in_charge": "charge", "discipline_secretary": "discipline"}

MOVES_OF_HEADS = date(2015, 1, 28)
"""Heads who move do so when the lists of the old year are in and before the letters of the new one are signed."""
NEW_HEADS = frozenset({"T06", "D17", "D51"})
OTHER_MOVES = (
    ("T02", "leader_in_charge", date(2014, 8, 20)),
    ("D33", "discipline_secretary", date(2014, 10, 16)),
    ("T04", "discipline_secretary", date(2015, 4, 15)),
    ("D08", "leader_in_charge", date(2015, 5, 20)),
    ("D29", "leader_in_charge", date(2015, 7, 8)),
    (HEALTH_BUREAU, "leader_in_charge", date(2015, 9, 16)),
    ("D60", "discipline_secretary", date(2015, 11, 11)),
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party organisation of the county.

    Attributes:
        code: Under which it stands in the register, and in every other case: townships T, departments D, branches B.
        name: Its name.
        kind: `township`, `department` or `branch`.
        number: Which one of its kind it is.
        superior: Code of the organisation above it; None: the county's party committee.
    """

    code: str
    name: str
    kind: str
    number: int
    superior: str | None = None

    def head(self, year: int) -> Actor:
        """Name the head who signs and answers for the duty of a year."""
        return head_of(self.code, year)

    def above(self) -> Actor:
        """Name who reviews and accepts for the organisation above it."""
        if self.superior is None:
            return of("county-committee", "county-committee-1", "superior")
        return of(self.superior, f"{self.superior}-committee", "superior")


def secretary_of(code: str, day: date) -> str:
    """Name the discipline secretary of a unit on a day."""
    moved = any(unit == code and post == "discipline_secretary" and day > when for unit, post, when in OTHER_MOVES)
    return holder(code, "discipline_secretary", 2 if moved else 1)


def head_of(code: str, year: int) -> Actor:
    """Name the head of an organisation who answers for a year."""
    moved = code in NEW_HEADS and year >= MOVES_OF_HEADS.year
    return of(code, holder(code, "principal_leader", 2 if moved else 1))


def as_holder(head: Actor, *roles: str) -> Actor:
    """Let a head act in roles."""
    return Actor(head.id, frozenset(roles), head.unit)


def holder(code: str, post: str, which: int = 1) -> str:
    """Name the first, or the second, person in a post."""
    return f"{code}-{SUFFIX[post]}" + ("" if which == 1 else f"-{which}")


def units() -> list[Organisation]:
    """Give the townships and departments that sign a letter with the county's party committee."""
    townships = [Organisation(f"T{n:02}", name, "township", n) for n, name in enumerate(NAMES_OF_TOWNSHIPS.split(), 1)]
    return townships + [
        Organisation(f"D{n:02}", name, "department", n) for n, name in enumerate(NAMES_OF_DEPARTMENTS.split(), 1)
    ]


def branches() -> Iterator[Organisation]:
    """Give the branches below them: many in a township, with a village each, fewer in a department."""
    above = units()
    hosts = [one for one in above for _ in range(14 if one.kind == "township" else 4)]
    hosts += above[9 : 9 + BRANCHES - len(hosts)]
    seen: dict[str, int] = {}
    for number, host in enumerate(hosts, 1):
        place = seen[host.code] = seen.get(host.code, 0) + 1
        yield Organisation(f"B{number:03}", f"{host.name}第{place}党支部", "branch", number, host.code)


def organisations() -> list[Organisation]:
    """Give all of them, those above first."""
    return [*units(), *branches()]


def registers(stage: Stage) -> Script:
    """Enter the organisations and the holders of posts, as they are when the registers are begun."""
    tenures: dict[tuple[str, str], str] = {}
    everybody = organisations()
    entered = {one.code: stage.start("organisation", REGISTRAR, _registered(one)) for one in everybody}
    for code, name, kind in OTHERS:
        entered[code] = stage.start("organisation", REGISTRAR, {"code": code, "name": name, "kind": kind})
    stage.add(_changed(stage, entered), date(2015, 3, 10))
    again = _registered(everybody[0])
    stage.refused("guard", "organisation", "start", REGISTRAR, data=again)
    stage.refused("role", "organisation", "start", OFFICE, data=again | {"code": "X01"})
    yield 1
    for one in everybody:
        for post in POSTS if one.kind != "branch" else POSTS[:1]:
            since = date(2011 + one.number % 3, 1 + one.number % 12, 10)
            tenures[one.code, post] = _enter(stage, one.code, post, holder(one.code, post), since)
    for code, post, day in sorted(_moves(), key=lambda move: move[2]):
        yield day
        yield from _moved(stage, tenures[code, post], code, post)


def _registered(one: Organisation) -> dict[str, str]:
    data = {"code": one.code, "name": one.name, "kind": one.kind}
    return data if one.superior is None else data | {"superior": one.superior}


def _moves() -> Iterator[tuple[str, str, date]]:
    yield from ((code, "principal_leader", MOVES_OF_HEADS) for code in sorted(NEW_HEADS))
    yield from OTHER_MOVES


def _enter(stage: Stage, code: str, post: str, person: str, since: date) -> str:
    return stage.start("tenure", REGISTRAR, {"unit": code, "post": post, "holder": person, "since": since})


def _moved(stage: Stage, tenure: str, code: str, post: str) -> Script:
    """Let somebody leave a post, and a successor enter it the day after."""
    new = {"unit": code, "post": post, "holder": holder(code, post, 2), "since": stage.today()}
    if post == "principal_leader":
        stage.refused("guard", "tenure", "start", REGISTRAR, data=new)
    stage.refused("role", tenure, "leave", CASE_MANAGER, data={"until": stage.today()})
    stage.do(tenure, "leave", REGISTRAR, data={"until": stage.today()})
    yield 1
    _enter(stage, code, post, holder(code, post, 2), stage.today())


def _changed(stage: Stage, entered: dict[str, str]) -> Script:
    """Rename one organisation, move another, and dissolve a village that was joined to another."""
    renamed = {"name": "高台县湿地保护与管理局"}
    stage.refused("document", entered["D68"], "rename", REGISTRAR, data=renamed)
    stage.do(entered["D68"], "rename", REGISTRAR, data=renamed, documents=("approval",))
    stage.do(entered["E01"], "move", REGISTRAR, data={"superior": "D67"}, documents=("approval",))
    stage.refused("guard", entered["T01"], "dissolve", REGISTRAR, documents=("approval",))
    yield 1
    stage.do(entered["V02"], "dissolve", REGISTRAR, documents=("approval",))
