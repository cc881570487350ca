"""What the machine does to deadlines is what the checks expect of it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from accountability.analysis.clocks import follow
from accountability.analysis.graph import build
from accountability.audit.entry import Actor
from accountability.calendars.calendar import EVERY_DAY
from accountability.machine.case import Case, Facts, Firing, Step, advance
from accountability.machine.compiler import CompiledWorkflow, compile_workflow
from accountability.machine.step import start, step
from tests.analysis.examined import workflow
from tests.analysis.test_clocks import COMPLAINT
from tests.machine.walk import MONDAY, entry_of

DEADLINES = """
groups: {later: [examining.hearing, answered]}
deadlines:
  whole: {starts: start, within: 100 days}
  inside: {starts: examining, within: 100 days, ends: [hear, answered]}
  listed: {starts: later, within: 100 days, ends: [again, reopen]}
  told: {starts: prolong, within: 100 days, ends: remark}
  anew: {starts: [hear, again], within: 100 days, ends: again, paused_in: examining.hearing}
  late: {starts: remark, fallback: {starts: examine, plus: 7 days}, within: 100 days, ends: answer}
  after: {starts: answered, within: 100 days}
  first: {starts: examine, within: 100 days, extend: {trigger: prolong, by: officer, times: 9, up_to: 5 days}}
"""
JO, FACTS = Actor("jo", {"officer"}), Facts(calendar=EVERY_DAY)


def test_a_deadline_runs_where_the_checks_say_that_it_may() -> None:
    """However cases go; and on long enough ways every such place is seen."""
    law = workflow(COMPLAINT + DEADLINES)
    compiled, clocks = compile_workflow(law), follow(law, build(law))
    chance, triggers = Random(2015), [*law.transitions, "prolong"]
    seen: dict[str, set[str]] = {name: set() for name in law.deadlines}
    for _ in range(60):
        case = None
        for _ in range(40):
            firing = Firing(trigger=chance.choice(triggers) if case else "start", actor=JO)
            done = step(compiled, case, firing, MONDAY, FACTS) if case else start(compiled, firing, MONDAY, FACTS)
            if isinstance(done, Step):
                case = _after(compiled, case, firing, done)
                for deadline in case.deadlines:
                    seen[deadline.id] |= {case.state} if deadline.open else set()
    assert seen == {name: set(clock.runs_in) for name, clock in clocks.by_name.items()}


def _after(law: CompiledWorkflow, case: Case | None, firing: Firing, done: Step) -> Case:
    return advance(case, replace(entry_of(law, case, firing, done, MONDAY), deadlines=done.deadlines))
