"""Every name means something, and a misspelt one is found where it stands."""

from __future__ import annotations

import pytest

from tests.analysis.examined import findings, marked, the_finding

NESTED = """
states:
  received:
  investigating: {initial: interviews, states: {interviews: , records: }}
  closed: {final: true}
groups: {open: [received, investigating]}
"""


@pytest.mark.parametrize(
    ("fragment", "code", "place", "cure"),
    [
        (
            "transitions:\n  close: {from: recieved, to: closed, by: officer}\n",
            "ACC200",
            "recieved",
            "did you mean `received`?",
        ),
        (
            "transitions:\n  close: {from: received, to: closd, by: officer}\n",
            "ACC200",
            "closd",
            "did you mean `closed`?",
        ),
        ("initial: receved\n", "ACC200", "receved", "did you mean `received`?"),
        ("groups: {open: [received, hold]}\n", "ACC200", "hold", "known here: `received`, `closed`"),
        (
            "transitions:\n  close: {from: received, to: closed, by: [officer, oficer]}\n",
            "ACC201",
            "oficer",
            "did you mean `officer`?",
        ),
        ("data: {name: {type: string, readers: [offcer]}}\n", "ACC201", "offcer", "did you mean `officer`?"),
        (
            "transitions:\n  close: {from: received, to: closed, by: officer, needs: [ruling]}\n",
            "ACC202",
            "ruling",
            "none is declared",
        ),
        (
            'data: {a: {type: integer}}\nstart: {by: officer, sets: {b: "1"}}\n',
            "ACC202",
            "b",
            "known here: `a`",
        ),
        (
            "start: {by: officer, publishes: {channels: website, fields: [result]}}\n",
            "ACC202",
            "result",
            "none is declared",
        ),
        (
            "transitions:\n  close: {from: received, to: closed, by: officer, awaits: [subjects]}\n",
            "ACC203",
            "subjects",
            "open one: `opens: [{workflow: NAME, as: subjects}]`",
        ),
        (
            (
                "transitions:\n  review: {from: received, by: officer}\n"
                "  close: {from: received, to: closed, by: officer, not_by: reveiw}\n"
            ),
            "ACC204",
            "reveiw",
            "did you mean `review`?",
        ),
        (
            "transitions:\n  close: {from: received, to: closed, by: officer, opens: [{workflow: dmo, as: next}]}\n",
            "ACC205",
            "dmo",
            "did you mean `demo`?",
        ),
        (
            (
                "transitions:\n  close: {from: received, to: closed, by: officer}\n"
                "  reopen: {from: closed, to: {history: received}, by: officer}\n"
            ),
            "ACC206",
            "received",
            "write `to: received`",
        ),
    ],
)
def test_a_misspelt_name_is_found_where_it_stands_with_its_cure(
    fragment: str, code: str, place: str, cure: str
) -> None:
    """One mistake, one finding, exactly on the word."""
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding), finding.help) == (code, place, cure)
    assert finding.severity == "error"


def test_an_inner_state_without_its_path_is_recognised() -> None:
    """The cure is the whole path."""
    fragment = NESTED + (
        "transitions:\n  go: {from: open, to: investigating, by: officer}\n"
        "  move: {from: interviews, to: investigating.records, by: officer}\n"
        "  close: {from: open, to: closed, by: officer}\n"
    )
    finding = the_finding(fragment)
    assert (finding.code, finding.help) == ("ACC200", "did you mean `investigating.interviews`?")


def test_the_initial_of_a_compound_state_is_one_of_its_own() -> None:
    """It is written by its own name."""
    fragment = (
        "states:\n  work: {initial: tow, states: {one: , two: }}\n  closed: {final: true}\ninitial: work\n"
        "transitions:\n  close: {from: work, to: closed, by: officer}\n"
    )
    finding = the_finding(fragment)
    assert finding.message == "`work` has no inner state `tow` to begin in"
    assert (marked(fragment, finding), finding.help) == ("tow", "did you mean `two`?")


def test_groups_and_any_may_stand_in_from() -> None:
    """A `from` takes states, groups and `any`."""
    fragment = NESTED + (
        "transitions:\n  go: {from: open, to: investigating, by: officer}\n"
        "  move: {from: investigating.interviews, to: investigating.records, by: officer}\n"
        "  close: {from: any, to: closed, by: officer}\n"
    )
    assert findings(fragment) == ()


def test_a_trigger_of_the_workflow_that_opens_this_one_is_known() -> None:
    """Separation of functions reaches up to the case this one was opened from."""
    opener = """
        workflow: case
        transitions:
          investigate: {from: received, by: officer, opens: [{workflow: demo, as: subjects}]}
          close: {from: received, to: closed, by: officer, awaits: subjects}
        """
    separated = "transitions:\n  close: {from: received, to: closed, by: officer, not_by: [investigate]}\n"
    assert findings(separated, opener) == ()
    assert the_finding(separated).code == "ACC204"


def test_built_in_acts_can_be_named() -> None:
    """Whoever remarked on a case can be kept from closing it."""
    assert findings("transitions:\n  close: {from: received, to: closed, by: officer, not_by: [note, start]}\n") == ()


def test_the_engine_is_a_role_that_needs_no_declaration() -> None:
    """`system` acts where a rule says so."""
    fragment = """
        transitions:
          close: {from: received, to: closed, by: [officer, system]}
        """
    assert findings(fragment) == ()


def test_after_an_unknown_name_nothing_is_said_about_what_follows_from_it() -> None:
    """One misspelt state does not make three findings."""
    fragment = "transitions:\n  close: {from: recieved, to: closed, by: officer}\n"
    assert [finding.code for finding in findings(fragment)] == ["ACC200"]
