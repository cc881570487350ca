"""What can and cannot happen."""

from __future__ import annotations

from tests.analysis.examined import codes, findings, marked, the_finding


def test_a_correct_workflow_has_no_findings() -> None:
    """The base of all these examples is clean, so each example has the one mistake it is about."""
    assert findings("") == ()


def test_a_state_that_no_rule_leads_to_is_found() -> None:
    """The finding stands on the state's name."""
    fragment = """
        states: {received: , held: , closed: {final: true}}
        transitions:
          close: {from: [received, held], to: closed, by: officer}
        """
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC400", "held")
    assert finding.message == "no case can come to `held`: no rule leads there"
    assert finding.help == "add `to: held` to a rule, or remove the state"


def test_of_an_unreachable_compound_state_only_the_whole_is_reported() -> None:
    """Its inner states follow from it."""
    fragment = """
        states:
          received:
          work: {initial: one, states: {one: , two: }}
          closed: {final: true}
        transitions:
          close: {from: [received, work], to: closed, by: officer}
          move: {from: work.one, to: work.two, by: officer}
        """
    assert [finding.message.split(":")[0] for finding in findings(fragment) if finding.code == "ACC400"] == [
        "no case can come to `work`"
    ]


def test_a_state_behind_an_unreachable_one_says_so() -> None:
    """The author sees which of the two to mend."""
    fragment = """
        states: {received: , held: , resumed: , closed: {final: true}}
        transitions:
          close: {from: [received, held, resumed], to: closed, by: officer}
          resume: {from: held, to: resumed, by: officer}
        """
    messages = [finding.message for finding in findings(fragment)]
    assert "no case can come to `resumed`: only `held` leads there, never reached either" in messages


def test_a_state_without_a_way_out_is_found_with_the_way_into_it() -> None:
    """The steps tell how a case gets caught, with the line of each rule."""
    fragment = """
        states: {received: , held: , closed: {final: true}}
        transitions:
          hold: {from: received, to: held, by: officer}
          close: {from: received, to: closed, by: officer}
        """
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC401", "held")
    assert finding.message == "a case in `held` can never be closed: no rule leads out of it"
    assert finding.path == (
        "start by officer -> received (demo.yaml:8)",
        "hold by officer: received -> held (demo.yaml:3)",
    )
    assert "`close: {from: held, to: closed, by: officer}`" in finding.help


def test_going_round_in_a_circle_is_no_way_out() -> None:
    """Both states of the circle are reported."""
    fragment = """
        states: {received: , one: , two: , closed: {final: true}}
        transitions:
          go: {from: received, to: one, by: officer}
          forth: {from: one, to: two, by: officer}
          back: {from: two, to: one, by: officer}
          close: {from: received, to: closed, by: officer}
        """
    found = findings(fragment)
    assert codes(found) == ["ACC401", "ACC401"]
    assert found[0].message == "a case in `one` can never be closed: it leads only to `two`"


def test_a_workflow_without_a_final_state_is_reported_once() -> None:
    """Not once for each state."""
    fragment = "states: {received: , done: }\ntransitions:\n  go: {from: received, to: done, by: officer}\n"
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC401", "states")
    assert finding.help == "mark the last one: `done: {final: true}`"


def test_a_trigger_that_can_never_be_done_is_found() -> None:
    """A compound state does not contain its final inner states silently."""
    fragment = """
        states:
          received:
          closed: {final: true}
          done: {initial: filed, states: {filed: {final: true}}}
        transitions:
          close: {from: received, to: closed, by: officer}
          file: {from: received, to: done, by: officer}
          reopen: {from: done, to: received, by: officer}
        """
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC402", "reopen")
    assert "a final state counts only where `from` names it itself" in finding.message


def test_a_rule_that_inner_states_replace_everywhere_is_found() -> None:
    """Innermost wins, so the outer rule is never used."""
    fragment = """
        states:
          work: {initial: one, states: {one: }}
          closed: {final: true}
        initial: work
        transitions:
          close:
            - {from: work, to: closed, by: officer}
            - {from: work.one, to: closed, by: officer}
        """
    finding = the_finding(fragment)
    assert (finding.code, finding.line, marked(fragment, finding)) == ("ACC403", 7, "work")
    assert finding.message == (
        "rule 1 of `close` can never be used: in `work.one` a rule of an inner state takes its place"
    )


def test_an_unused_role_is_a_warning() -> None:
    """Roles that act, read, open children or are asked for in a guard are used."""
    finding = the_finding("roles: {officer: Officer, auditor: Auditor}\n")
    assert (finding.code, finding.severity) == ("ACC404", "warning")
    assert findings("roles: {officer: A, auditor: B}\ndata: {a: {type: string, readers: auditor}}\n") == ()
    asked = """
        roles: {officer: A, auditor: B}
        transitions:
          close: {from: received, to: closed, by: officer, when: '"auditor" in actor.roles'}
        """
    assert findings(asked) == ()


def test_a_final_state_in_a_group_that_rules_start_from_is_found() -> None:
    """The group would promise what does not hold."""
    fragment = """
        groups: {open: [received, closed]}
        transitions:
          close: {from: open, to: closed, by: officer}
        """
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC408", "closed")
    assert "`from: [open, closed]`" in finding.help


def test_a_group_with_a_final_state_that_no_rule_starts_from_is_fine() -> None:
    """Groups serve other purposes too."""
    assert findings("groups: {done: [closed]}\n") == ()


def test_a_rule_that_names_a_final_state_itself_leaves_it() -> None:
    """Reopening is possible where it is meant."""
    fragment = """
        transitions:
          close: {from: received, to: closed, by: officer}
          reopen: {from: closed, to: received, by: officer}
        """
    assert findings(fragment) == ()


def test_a_rule_of_the_engine_without_an_occasion_is_found() -> None:
    """And when nothing else leads out of the state, that is said."""
    fragment = "transitions:\n  close: {from: received, to: closed, by: system}\n"
    finding = the_finding(fragment)
    assert (finding.code, marked(fragment, finding)) == ("ACC409", "system")
    assert finding.message.endswith("neither `awaits` nor `when`, and nothing else leads out of `received`")


def test_a_rule_of_the_engine_with_a_guard_has_its_occasion() -> None:
    """The engine does it when the guard comes true."""
    assert (
        findings("transitions:\n  close: {from: received, to: closed, by: system, when: 'times(\"note\") > 1'}\n") == ()
    )


def test_a_case_that_begins_at_its_end_is_one_mistake() -> None:
    """Not one for each state and trigger that can then not be reached."""
    finding = the_finding("initial: closed\n")
    assert finding.code == "ACC400"
    assert finding.message == "`initial` names the final state `closed`: a case is closed as soon as it is opened"
