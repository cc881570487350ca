"""The county's plan for two years: who does what, and when it begins.

No figure of a report is written here or elsewhere: every one of them is counted from the entries to which this leads.
"""

from __future__ import annotations

from datetime import date, timedelta

from accountability.demonstration.appraise import appraisal, assessment, members, statement_meeting
from accountability.demonstration.assess import Veto, award, veto, vetting
from accountability.demonstration.define import Year, duty
from accountability.demonstration.perform import manual, report_meeting, visit
from accountability.demonstration.plan_of_clues import CONCENTRATED, clues, referred
from accountability.demonstration.protect import ordinary_petition
from accountability.demonstration.registers import (
    HEALTH_BUREAU,
    Organisation,
    holder,
    organisations,
    registers,
    units,
)
from accountability.demonstration.stage import Stage
from accountability.demonstration.supervise import inspection, interview, supervision

LISTS_OF_2014 = (
    ("annual_task", date(2014, 3, 31)),
    ("h1", date(2014, 6, 30)),
    ("year_end", date(2014, 12, 31)),
)
OF_BRANCHES_IN_2014 = (LISTS_OF_2014[0], LISTS_OF_2014[-1])
LISTS_OF_2015 = (
    ("annual_task", date(2015, 3, 31)),
    ("q1", date(2015, 3, 31)),
    ("q2", date(2015, 6, 30)),
    ("h1", date(2015, 6, 30)),
    ("q3", date(2015, 9, 30)),
    ("q4", date(2015, 12, 31)),
    ("year_end", date(2015, 12, 31)),
)
OF_BRANCHES = frozenset({"annual_task", "h1", "year_end"})
TELEVISED, ACCOUNTABLE = 46, "T08"
GROUNDS = ("weak_action", "incipient_problem")
KINDS = ("special", "assessment", "social", "functional")
COURTS_AND_POLICE = ("D24", "D25", "D26")


def plan(stage: Stage) -> None:
    """Write what will happen in the two years onto the stage."""
    stage.add(registers(stage), date(2014, 1, 6))
    for day, script in clues(stage):
        stage.add(script, day)
    _duties(stage)
    _performed(stage)
    _supervised(stage)
    _appraised(stage)
    _consequences(stage)
    ends = ("accusation", "misrouted", "late", "re-reviewed", "settled", "settled", "settled", "settled")
    for number, end in enumerate(ends, 1):
        stage.add(ordinary_petition(stage, number, end), _day(stage, date(2015, 1, 12), date(2015, 6, 12)))


def _day(stage: Stage, first: date, last: date) -> date:
    """Draw a day."""
    return first + timedelta(days=stage.chance.randrange((last - first).days + 1))


def _duties(stage: Stage) -> None:
    """Give every organisation its duties in both years; in 2014 branches owe their tasks and results alone."""
    for place, unit in enumerate(units()):
        end = "hold_accountable" if unit.code == ACCOUNTABLE else "reward" if place % 6 == 0 else "complete"
        kept = Year(unit, 2014, LISTS_OF_2014, returned=place % 25 == 24, objects=place in (12, 40), end=end)
        stage.add(duty(stage, kept), _day(stage, date(2014, 2, 10), date(2014, 2, 24)))
    for branch in (one for one in organisations() if one.kind == "branch"):
        kept = Year(branch, 2014, OF_BRANCHES_IN_2014, returned=branch.number % 25 == 0)
        stage.add(duty(stage, kept), _day(stage, date(2014, 2, 10), date(2014, 2, 28)))
    for number, one in enumerate(organisations(), 1):
        last = date(2015, 2, 12) if one.kind != "branch" else date(2015, 2, 28)
        stage.add(duty(stage, _year_2015(number, one)), _day(stage, date(2015, 2, 2), last))


def _year_2015(number: int, one: Organisation) -> Year:
    branch = one.kind == "branch"
    due = tuple(owed for owed in LISTS_OF_2015 if not branch or owed[0] in OF_BRANCHES)
    filed = [name for name, day in due if day < date(2015, 12, 1)]
    some = frozenset({filed[number % len(filed)]})
    return Year(
        one,
        2015,
        due,
        promises=not branch,
        televised=number <= TELEVISED,
        returned=number % 25 == 0,
        hasty=number % 60 == 0,
        late=some if number % 29 == 0 or (not branch and number % 11 == 0) else frozenset(),
        never=some if number % 43 == 0 else frozenset(),
        lost=some if number in (202, 404) else frozenset(),
        sent_back=some if number % 31 == 0 else frozenset(),
        objects=number in (5, 33, 61),
    )


def _performed(stage: Stage) -> None:
    """Hand out manuals, call report meetings, and visit units."""
    everybody = organisations()
    holders = [(one.code, one.head(2015).id) for one in everybody]
    holders += [(one.code, holder(one.code, "leader_in_charge")) for one in units()]
    holders += [(one.code, f"{one.code}-clerk-1") for one in everybody[:30]]
    for number, (unit, person) in enumerate(holders, 1):
        issued = manual(stage, number, unit, person, hasty=number % 200 == 0)
        stage.add(issued, _day(stage, date(2015, 3, 5), date(2015, 3, 25)))
    reporters = units()
    for number, day in enumerate((date(2015, 4, 17), date(2015, 7, 10), date(2015, 10, 16), date(2015, 12, 18))):
        called = report_meeting(stage, day, reporters[number * 12 : number * 12 + 12], absent=number == 1)
        stage.add(called, day - timedelta(days=9))
    linked = [unit for unit in units() if unit.kind == "township" or unit.number % 2 == 0]
    for number, visits in enumerate(linked):
        visited = visit(stage, number, visits, problems=number % 3)
        stage.add(visited, _day(stage, date(2015, 4, 8), date(2015, 6, 26)))


def _supervised(stage: Stage) -> None:
    """Interview heads, inspect units on the spot, and supervise from four sides."""
    for number in range(20):
        summoned = interview(stage, units()[(number * 5) % 77], GROUNDS[number % 2], number)
        stage.add(summoned, _day(stage, date(2015, 3, 2), date(2015, 10, 30)))
    for number, code in enumerate((*CONCENTRATED, *CONCENTRATED), 20):
        summoned = interview(stage, _unit(code), "petitions_concentrated", number)
        stage.add(summoned, _day(stage, date(2015, 8, 31), date(2015, 11, 13)))
    for number, unit in enumerate(units()[:9]):
        led = inspection(stage, unit, "leaders", number, ())
        stage.add(led, _day(stage, date(2015, 5, 11), date(2015, 6, 19)))
    doctors = inspection(stage, _unit(HEALTH_BUREAU), "roving", 9, (referred(stage, 1),))
    stage.add(doctors, date(2015, 2, 9))
    for number in range(10, 30):
        roving = inspection(stage, units()[9 + number * 2], "roving", number, ())
        stage.add(roving, _day(stage, date(2015, 3, 9), date(2015, 10, 9)))
    for number in range(36):
        kind = KINDS[number % 4]
        found = (referred(stage, 64 + number - 3),) if number in (3, 7) else ()
        looked = supervision(stage, units()[(number * 7) % 77], kind, number, found)
        stage.add(looked, _day(stage, date(2015, 3, 9), date(2015, 10, 9)))


def _unit(code: str) -> Organisation:
    return next(one for one in units() if one.code == code)


def _appraised(stage: Stage) -> None:
    """Appraise units, hear statements, and let members rate each other at the half-year."""
    for number, unit in enumerate(units()):
        day = _day(stage, date(2015, 7, 6), date(2015, 8, 7))
        stage.add(appraisal(stage, unit, hasty=number == 3), day)
        for member in range(1, members(unit) + 1):
            stage.add(assessment(stage, unit, member, hasty=number == 7 and member == 1), day)
    townships = units()[:9]
    stated = [(unit, "unit_head") for unit in townships]
    stated += [(unit, "unit_head") for unit in units()[9::8]]
    stated += [(unit, "discipline_secretary") for unit in townships]
    stated += [(_unit(code), "discipline_secretary") for code in COURTS_AND_POLICE]
    for number, day in enumerate((date(2015, 5, 28), date(2015, 6, 25), date(2015, 8, 27))):
        # One of the thirty has a problem fewer than the others.
        staters = [(unit, post, 4 if place != 29 else 3) for place, (unit, post) in enumerate(stated)][number::3]
        stage.add(statement_meeting(stage, day, staters), day - timedelta(days=10))


def _consequences(stage: Stage) -> None:
    """Lay vetoes, cancel what they bar, and vet who is to be promoted or moved."""
    award_only, both = ("award",), ("award", "promotion")
    for one, day in (
        (Veto("E01", "organisation", award_only, date(2016, 3, 31), 0), date(2015, 3, 16)),
        (Veto("V01-secretary", "person", both, date(2016, 3, 31), 1), date(2015, 3, 23)),
        (Veto("V02-secretary", "person", both, date(2016, 4, 30), 2), date(2015, 4, 7)),
        (Veto("cadre-v-101", "person", both, date(2016, 2, 29), 0), date(2015, 2, 4)),
        (Veto("cadre-v-102", "person", both, date(2015, 10, 31), 1), date(2015, 2, 10)),
        (Veto("cadre-v-200", "person", both, date(2016, 2, 29), 2, lifted=True), date(2015, 3, 3)),
    ):
        stage.add(veto(stage, one), day)
    barred = ((ACCOUNTABLE, "township_committee"), ("E01", "enterprise"), ("V01-secretary", "village_secretary"))
    for number, (candidate, kind) in enumerate((*barred, ("V02-secretary", "village_secretary"))):
        stage.add(award(stage, candidate, kind, number, "cancel"), _day(stage, date(2015, 5, 11), date(2015, 5, 22)))
    for number in range(16):
        kind, candidate = ("unit", f"D{10 + number:02}") if number % 2 else ("person", f"model-{number:02}")
        outcome = "decline" if number in (6, 11) else "confer"
        stage.add(award(stage, candidate, kind, number, outcome), _day(stage, date(2015, 5, 11), date(2015, 5, 29)))
    _vetted(stage)


OBJECTED = {"cadre-2015-032-1", "cadre-2015-050-1", "cadre-2015-056-1", "cadre-2015-062-1"}
"""Officials with a sanction that is still in effect when they are vetted, in December."""
UNDER_A_VETO = {"cadre-v-101", "cadre-v-102"}
UNDER_INVESTIGATION = "cadre-2015-090-1"
VETTED = 248


def _vetted(stage: Stage) -> None:
    batches = (date(2015, 1, 14), date(2015, 3, 11), date(2015, 5, 6), date(2015, 6, 3), date(2015, 8, 12))
    late = [*sorted(OBJECTED), UNDER_INVESTIGATION]
    people = [f"cadre-v-{number:03}" for number in range(1, VETTED + 1 - len(late))]
    for number, person in enumerate(people, 1):
        outcome = "object" if person in UNDER_A_VETO else "defer" if number % 31 == 0 else "clear"
        day = batches[number * len(batches) // (len(people) + 1)]
        unit, ground = units()[number % 77].code, "promotion" if number % 5 < 3 else "rotation"
        stage.add(vetting(stage, person, unit, ground, number, outcome), day)
    for number, person in enumerate(late):
        outcome = "object" if person in OBJECTED else "defer"
        stage.add(vetting(stage, person, "D10", "promotion", number, outcome), date(2015, 12, 7))
