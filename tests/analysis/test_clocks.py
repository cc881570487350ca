"""Where deadlines may run."""

from __future__ import annotations

from accountability.analysis.clocks import Clock, follow
from accountability.analysis.graph import build
from tests.analysis.examined import workflow

COMPLAINT = """
states:
  received:
  examining: {initial: reading, states: {reading: , hearing: }}
  answered: {final: true}
transitions:
  examine: {from: received, to: examining, by: officer}
  hear: {from: examining.reading, to: examining.hearing, by: officer}
  again: {from: examining.hearing, to: examining, by: officer}
  remark: {from: any, by: officer}
  answer: {from: examining, to: answered, by: officer}
  reopen: {from: answered, to: {history: examining}, by: officer}
"""


def clock(deadline: str, fragment: str = COMPLAINT) -> Clock:
    """Follow the first deadline of a workflow."""
    law = workflow(f"{fragment}deadlines:\n  first: {{within: 5 days, {deadline}}}\n")
    return follow(law, build(law)).by_name["first"]


def test_without_ends_a_deadline_runs_until_the_case_is_closed() -> None:
    """Everything open that can follow its start, and nothing else."""
    assert clock("starts: start").runs_in == {"received", "examining.reading", "examining.hearing"}
    assert clock("starts: examine").runs_in == {"examining.reading", "examining.hearing"}


def test_a_state_starts_a_deadline_when_it_is_entered_from_outside() -> None:
    """Going from one inner state to another does not enter the state around them once more."""
    one = clock("starts: examining")
    assert {move.edge.trigger for move in one.moves if one.starts(move)} == {"examine", "reopen"}


def test_the_beginning_of_a_case_enters_its_first_state() -> None:
    """A deadline may be counted from the state a case begins in."""
    assert "received" in clock("starts: received").runs_in


def test_an_act_that_stays_enters_nothing() -> None:
    """It can start a deadline by its own name only."""
    assert clock("starts: remark").runs_in >= {"received", "examining.reading"}
    assert clock("starts: answered, ends: reopen").runs_in == {"answered"}


def test_one_act_that_ends_and_starts_a_deadline_starts_it_anew() -> None:
    """What ends it is looked at first."""
    assert "received" in clock("starts: start, ends: start").runs_in


def test_a_fallback_starts_a_deadline_too() -> None:
    """From then on it may run."""
    assert "received" in clock("starts: examine, fallback: {starts: start, plus: 2 days}").runs_in


def test_a_group_means_each_of_its_states() -> None:
    """In what starts a deadline, and in what ends it."""
    grouped = "groups: {later: [examining.hearing, answered]}" + COMPLAINT
    assert clock("starts: start, ends: later", grouped).runs_in == {"received", "examining.reading"}
    assert clock("starts: later", grouped).runs_in == {"examining.reading", "examining.hearing", "answered"}


def test_an_extension_may_start_another_deadline() -> None:
    """It is possible wherever its own deadline runs."""
    law = workflow(f"""{COMPLAINT}
deadlines:
  told: {{starts: prolong, within: 5 days, ends: remark}}
  first: {{starts: examine, within: 5 days, extend: {{trigger: prolong, by: officer, up_to: 5 days}}}}
""")
    clocks = follow(law, build(law))
    assert clocks.by_name["told"].runs_in == {"examining.reading", "examining.hearing", "answered"}
    assert [edge.trigger for edge in clocks.by_name["told"].way("examining.reading")] == ["examine", "prolong"]


def test_the_way_to_a_state_is_one_on_which_the_clock_runs() -> None:
    """A shorter way on which it does not run proves nothing."""
    way = clock("starts: hear, ends: reopen").way("answered")
    assert [edge.trigger for edge in way] == ["examine", "hear", "answer"]


def test_it_is_known_from_where_a_deadline_can_still_end() -> None:
    """Closed cases that nothing reopens are where it is too late."""
    one = clock("starts: start, ends: hear", COMPLAINT.partition("  reopen:")[0])
    assert one.runs_in - one.may_end_from == {"answered"}
