"""An office with everybody in it, and the shipped procedures walked step by step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accountability import Actor, Case, Engine, ManualClock, Refused
from accountability.machine.deadline import Deadline

ZONE = ZoneInfo("Asia/Shanghai")

PEOPLE = {
    "wang": "petition_officer",
    "guan": "case_manager",
    "han": "handler",
    "che1": "check_team",
    "che2": "check_team",
    "che3": "check_team",
    "deng": "deputy_leader",
    "pan": "principal",
    "shu": "committee_principal",
    "hui": "committee",
    "inv1": "investigator",
    "inv2": "investigator",
    "inv3": "investigator",
    "adj1": "adjudicator",
    "adj2": "adjudicator",
    "off": "officer",
    "dan": "subject_unit",
    "unit": "unit",
    "top": "superior",
    "zhu": "holder",
    "pub": "publisher",
    "kao1": "assessor",
    "kao2": "assessor",
    "ji1": "discipline",
    "ji2": "discipline",
    "tai": "registrar",
    "min": "petitioner",
    "ren": "subject",
}
"""Everybody who acts: id -> role."""

PAPER = b"%PDF-1.4 a signed paper"


def person(name: str, *roles: str) -> Actor:
    """Give a person in the usual role, or in others."""
    return Actor(name, roles=set(roles) or {PEOPLE[name]}, unit="county")


class Office:
    """One database on which cases are walked; people are named by their id."""

    def __init__(self, engine: Engine, clock: ManualClock) -> None:
        """Take an engine on which the shipped workflows are registered, and its clock."""
        self.engine = engine
        self.clock = clock
        self._units = count(1)

    def do(
        self,
        case: str | Case,
        trigger: str,
        by: str | Actor | Iterable[str],
        *documents: str,
        reason: str | None = None,
        **data: Any,
    ) -> Case:
        """Fire a trigger; several people sign one after the other, each with the same content."""
        people = [by] if isinstance(by, str | Actor) else list(by)
        papers = dict.fromkeys(documents, PAPER)
        for one in people:
            actor = one if isinstance(one, Actor) else person(one)
            case_id = case if isinstance(case, str) else case.id
            case = self.engine.fire(case_id, trigger, by=actor, data=data, documents=papers, reason=reason)
        assert isinstance(case, Case)
        return case

    def refused(
        self, case: str | Case, trigger: str, by: str | Actor, *documents: str, reason: str | None = None, **data: Any
    ) -> set[str]:
        """Try something that must be refused; give the codes of the reasons."""
        with pytest.raises(Refused) as refusal:
            self.do(case, trigger, by, *documents, reason=reason, **data)
        return {one.code for one in refusal.value.reasons}

    def words(
        self, case: str | Case, trigger: str, by: str | Actor, *documents: str, reason: str | None = None, **data: Any
    ) -> str:
        """Try something that must be refused; give the reasons in words."""
        with pytest.raises(Refused) as refusal:
            self.do(case, trigger, by, *documents, reason=reason, **data)
        return " | ".join(one.message for one in refusal.value.reasons)

    def now(self, case: str | Case) -> Case:
        """Read a case as it stands."""
        return self.engine.case(case if isinstance(case, str) else case.id)

    def deadline(self, case: str | Case, name: str) -> Deadline:
        """Give a deadline of a case as it stands."""
        [found] = [deadline for deadline in self.now(case).deadlines if deadline.id == name]
        return found

    def child(self, case: str | Case, link: str) -> str:
        """Give the id of the only child under a link."""
        [found] = self.children(case, link)
        return found

    def children(self, case: str | Case, link: str) -> list[str]:
        """Give the ids of the children under a link, oldest first."""
        return [child.id for child in self.now(case).children if child.link == link]

    # The petition

    def submitted(self, **data: Any) -> Case:
        """A report from a citizen."""
        return self.engine.start("petition", by=person("min"), data={"source": "petition", **data})

    def registered(self, **data: Any) -> Case:
        """A report with its number."""
        return self.do(self.submitted(**data), "register", "wang", number="2015-017")

    def assigned(self, *, heads: bool = False, **data: Any) -> Case:
        """A report with its handler, han."""
        case = self.do(self.registered(**data), "accept", "wang")
        given = {"handler": "han", "no_conflict": True, "heads_lower_committee": heads}
        return self.do(case, "distribute", ["guan", "pan"], **given)

    def checked(self, *team: str, **data: Any) -> Case:
        """A report whose check is reported."""
        members = list(team or ("che1", "che2"))
        case = self.do(self.assigned(**data), "dispose_verify", ["han", "hui", "deng"], "plan", team=members)
        return self.do(case, "report", members, "check_report")

    def proposed(self, *subjects: str, **data: Any) -> Case:
        """A report for which filing is proposed."""
        return self.do(
            self.checked(**data), "propose_file", "han", "filing_report", subjects=list(subjects or ("张三",))
        )

    def filed(self, *subjects: str, **data: Any) -> str:
        """A case that was filed: its id."""
        petition = self.do(self.proposed(*subjects, **data), "approve_filing", ["pan", "shu"])
        assert (petition.state, petition.closed) == ("filed", True)
        return self.child(petition, "case")

    # The case and its persons

    def announced(self, *subjects: str, **data: Any) -> str:
        """A case whose filing was announced to everybody."""
        case = self.filed(*subjects, **data)
        for subject in self.children(case, "subjects"):
            self.do(subject, "notify", ["inv1", "inv2"], "filing_notice", **TOLD)
        return self.do(case, "announce", ["inv1", "inv2"], "notice_to_subject", "notice_to_unit").id

    def told(self, *subjects: str, level: int = 6, **data: Any) -> str:
        """A case in which everybody was told the facts."""
        case = self.announced(*subjects, **data)
        for subject in self.children(case, "subjects"):
            self.do(subject, "tell_facts", "inv1", "facts_record", facts="absent from post", proposed_level=level)
        return case

    def adjudicated(self, *subjects: str, level: int = 6, **data: Any) -> str:
        """A case before the adjudicators, everybody heard."""
        case = self.told(*subjects, level=level, **data)
        self.do(case, "hand_over", "inv1", "investigation_report", "subject_comments")
        for subject in self.children(case, "subjects"):
            self.do(subject, "hear", "adj1", "statement", **HEARING)
        return case

    def deliberating(self, *subjects: str, level: int = 6, **data: Any) -> str:
        """A case before the committee."""
        case = self.adjudicated(*subjects, level=level, **data)
        return self.do(case, "submit", ["adj1", "adj2"], "trial_report").id

    def decided(self, *subjects: str, level: int = 6, **data: Any) -> str:
        """A case decided for everybody at one level."""
        case = self.deliberating(*subjects, level=level, **data)
        for subject in self.children(case, "subjects"):
            self.sanction(subject, level)
        return self.do(case, "decide", "hui", "minutes").id

    def sanction(self, subject: str, level: int, by: str = "hui", **data: Any) -> Case:
        """The committee decides on one person."""
        given = {"level": level, **({"sanction": "warning"} if level == 6 else {}), **DECISION, **data}
        return self.do(subject, "decide", by, "decision", "minutes", **given)

    def executed(self, subject: str) -> Case:
        """One person's decision, from service to execution."""
        self.do(subject, "serve", "off", "service_receipt", served_on="2015-06-01")
        self.do(subject, "announce_decision", "off", "announcement_record")
        return self.do(subject, "execute", "dan", "proof_of_execution")

    # The year's duty

    @property
    def year(self) -> int:
        """The year in which the office is."""
        return self.clock.now().astimezone(ZONE).year

    @property
    def lists(self) -> dict[str, Any]:
        """What is published of the lists: which are owed in this year, and why not all of them."""
        ends = {"annual_task": "03-31", "h1": "06-30", "year_end": "12-31"}
        schedule = [{"list": name, "period_end": f"{self.year}-{day}"} for name, day in ends.items()]
        return {"schedule": schedule, "year_begin": f"{self.year}-01-01", "left_out_why": "three are enough for it"}

    def drafted(self, **data: Any) -> Case:
        """A year's duty, drafted by its holder zhu; each of another unit, so that no veto on one bars the others."""
        given = {
            "year": self.year,
            "unit": f"bureau {next(self._units)}",
            "superior_unit": "county committee",
            "holder": "zhu",
        }
        given |= {"duty_kind": "principal", "items": ITEMS, **data}
        entry = {"code": given["unit"], "name": given["unit"], "kind": "department"}
        self.engine.start("organisation", by=person("tai"), data=entry)
        return self.engine.start("duty", by=person("zhu"), data=given)

    def under_review(self) -> Case:
        """A duty signed, pledged in public, and submitted."""
        case = self.do(self.drafted(), "sign_letter", ["top", "zhu"], "responsibility_letter")
        case = self.do(case, "pledge", "zhu", "promise_letter", promises=PROMISES)
        case = self.do(case, "publish_pledge", "pub", pledge_channels=["tv"])
        return self.do(case, "submit_review", "zhu")

    def in_progress(self) -> Case:
        """A duty reviewed and published."""
        case = self.do(self.under_review(), "verdict", "top", **PASSED)
        return self.do(case, "publish", "pub", duty_channels=["meeting", "board"], **self.lists)

    def year_over(self, case: Case) -> Case:
        """The same duty a few days after its year, where that is not over yet."""
        over = datetime.fromisoformat(f"{case.data['year'] + 1}-01-04T09:00+08:00")
        self.clock.set(max(over, self.clock.now()))
        return case

    def assessed(self, case: Case, trigger: str) -> Case:
        """A result told to the holder; that of the year when it is over."""
        if trigger == "assess_year":
            self.year_over(case)
        case = self.do(case, trigger, "kao1", **ASSESSMENT)
        return self.do(case, "feed_back", "kao1", "result_notice")

    def published(self, case: str | Case) -> Case:
        """A result published after the holder had time to object."""
        self.clock.advance(days=15)
        return self.do(case, "publish_results", "pub")

    def year_end(self) -> Case:
        """A duty whose year-end result is published."""
        case = self.published(self.assessed(self.in_progress(), "assess_h1"))
        return self.published(self.assessed(case, "assess_year"))


TOLD = {"investigators": ["inv1", "inv2"], "person": "ren", "rank": "ordinary"}

POINTS = [{"point": "illness", "verified": False, "why": "no certificate"}]

HEARING = {"defence": "I was ill", "points": POINTS, "adjudicators": ["adj1", "adj2"]}

DECISION = {
    "found_facts": "absent from post for 30 days",
    "evidence": "file 3, pages 1-40",
    "legal_basis": "政务处分法 art. 39",
    "deciding_body": "county discipline commission",
    "decided_on": "2015-05-20",
    "appeal_route": "to the body that decided",
    "appeal_limit": "one month from service",
    "entitled": 9,
    "present": 8,
    "votes_for": 7,
    "votes_against": 1,
    "abstained": 0,
}

ITEMS = [{"origin": "prescribed", "content": "teach", "measure": "four lessons", "due": "2015-11-30"}]

PROMISES = [f"promise {number}" for number in range(1, 11)]

PASSED = {"content_targeted": True, "measure_operable": True, "time_limit_timely": True}

ASSESSMENT = {
    "score": 91,
    "appraisal": 88,
    "supervision_special": "none",
    "supervision_assessment": "good",
    "supervision_social": "87 % satisfied",
    "supervision_functional": "audit without findings",
    "lists_why": "their periods are not over",
}
