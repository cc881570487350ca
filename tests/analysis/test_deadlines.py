"""Deadlines make sense before anybody waits for one."""

from __future__ import annotations

import pytest

from accountability.analysis.rules import examine
from accountability.definition.loader import load
from tests.analysis.examined import codes, findings, marked, text_of, the_finding

REQUEST = """
roles: {officer: Officer, leader: Leader}
states:
  received:
  examining: {initial: reading, states: {reading: , hearing: }}
  suspended:
  answered: {final: true}
  refused: {final: true}
transitions:
  examine: {from: received, to: examining, by: officer}
  hear: {from: examining.reading, to: examining.hearing, by: [officer, leader]}
  suspend: {from: examining, to: suspended, by: leader}
  resume: {from: suspended, to: {history: examining}, by: [officer, leader]}
  answer: {from: examining, to: answered, by: [officer, leader]}
  refuse: {from: [received, examining], to: refused, by: leader}
  remind: {from: answered, by: officer}
  take_over: {from: [received, examining, suspended], to: examining.hearing, by: system}
"""
"""A request, in which only `received` and `suspended` could lie with one role."""


def request(deadlines: str, head: str = "") -> str:
    """Give the request deadlines, one a line."""
    lines = "".join(f"  {line.strip()}\n" for line in deadlines.strip().splitlines())
    return f"{head}{REQUEST.lstrip()}deadlines:\n{lines}".replace("take_over:", "take_over:")


SOUND = "whole: {starts: start, within: 30 days, on_breach: take_over}"


@pytest.mark.parametrize(
    "deadline",
    [
        SOUND,
        "whole: {starts: received, within: P1M, ends: [answered, refused], on_breach: take_over}",
        "whole: {starts: [start, examine], within: 2 weeks, warn: [1 week, 36 hours], on_breach: take_over}",
        "whole: {starts: start, within: 1 month, paused_in: suspended, roll: none, on_breach: take_over}",
        "whole: {starts: examine, fallback: {starts: start, plus: 7 days}, within: 60 days, on_breach: take_over}",
        "whole: {starts: start, within: P1Y, on_breach: take_over, extend: {trigger: more, by: leader, up_to: P1M}}",
    ],
)
def test_a_sound_deadline_is_left_alone(deadline: str) -> None:
    """Nothing is reported that is no mistake."""
    assert findings(request(deadline)) == ()


@pytest.mark.parametrize(
    ("deadline", "names", "cure"),
    [
        ("{starts: exmine, within: 5 days}", "exmine", "did you mean `examine`?"),
        ("{starts: [start, Received], within: 5 days}", "Received", "did you mean `received`?"),
        ("{starts: start, ends: hearing, within: 5 days}", "hearing", "did you mean `examining.hearing`?"),
        (
            "{starts: examine, fallback: {starts: strat, plus: 5 days}, within: 5 days}",
            "strat",
            "did you mean `start`?",
        ),
        ("{starts: start, ends: any, within: 5 days}", "any", "known here:"),
        ("{starts: note, within: 5 days}", "note", "name an act of this workflow"),
    ],
)
def test_what_starts_and_ends_a_deadline_must_mean_something(deadline: str, names: str, cure: str) -> None:
    """A trigger, a state or a group; nothing that is possible at any time."""
    finding = the_finding(request(f"first: {deadline}"))
    assert (finding.code, marked(request(f"first: {deadline}"), finding)) == ("ACC211", names)
    assert cure in finding.help


def test_the_other_names_of_a_deadline_must_mean_something_too() -> None:
    """States and groups in which it stands still, roles that extend it, the trigger for its end."""
    fragment = request("first: {starts: start, within: 5 days, paused_in: [suspendet]}")
    assert (the_finding(fragment).code, marked(fragment, the_finding(fragment))) == ("ACC200", "suspendet")
    fragment = request("first: {starts: start, within: 5 days, paused_in: any}")
    assert the_finding(fragment).code == "ACC200"
    for role in ("leadr", "system"):
        extend = f"extend: {{trigger: prolong, by: [leader, {role}], up_to: 5 days}}"
        fragment = request(f"first: {{starts: start, within: 5 days, {extend}}}")
        assert (the_finding(fragment).code, marked(fragment, the_finding(fragment))) == ("ACC201", role)
    for trigger in ("take_ofer", "start", "prolong"):
        extend = "extend: {trigger: prolong, by: leader, up_to: 5 days}"
        fragment = request(f"first: {{starts: start, within: 5 days, {extend}, on_breach: {trigger}}}")
        assert (the_finding(fragment).code, marked(fragment, the_finding(fragment))) == ("ACC204", trigger)


def test_who_extended_a_deadline_can_be_kept_off_by_name() -> None:
    """The act that extends is an act like others: guards count it, and separation of functions names it."""
    extend = "extend: {trigger: prolong, by: leader, up_to: 5 days}"
    text = request(f"whole: {{starts: start, within: 30 days, on_breach: take_over, {extend}}}")
    text = text.replace(
        "to: refused, by: leader", 'to: refused, by: leader, not_by: prolong, when: times("prolong") < 1'
    )
    text = text.replace("by: officer}\n  take", 'by: officer, same_as: prolong, when: times("prolong") > 0}\n  take')
    assert findings(text) == ()


def test_a_role_that_only_extends_has_a_part() -> None:
    """It is not reported as unused."""
    extend = "extend: {trigger: prolong, by: minister, up_to: 5 days}"
    text = request(f"whole: {{starts: start, within: 30 days, on_breach: take_over, {extend}}}")
    assert findings(text.replace("leader: Leader", "leader: Leader, minister: Minister")) == ()


def test_a_name_that_is_trigger_and_state_must_be_one_moment() -> None:
    """The trigger is meant; where that makes no difference nothing is said."""
    same = REQUEST.replace("answer: {from: examining, to: answered", "answered: {from: examining, to: answered")
    text = same + "deadlines:\n  reminder: {starts: answered, ends: remind, within: 5 days}\n"
    assert "ACC212" not in codes(findings(text))

    other = text.replace("to: refused, by: leader", "to: answered, by: leader").replace(
        "  refused: {final: true}\n", ""
    )
    (finding,) = (one for one in findings(other) if one.code == "ACC212")
    assert not finding.is_error
    assert marked(other, finding) == "answered"
    assert "the trigger is meant" in finding.message


@pytest.mark.parametrize(
    ("zone", "cure"),
    [
        ("Shanghai", "did you mean `Asia/Shanghai`?"),
        ("asia/shanghai", "did you mean `Asia/Shanghai`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("Europe/Vienne", "did you mean `Europe/Vienna`?"),
        ("+08:00", "write an IANA name"),
    ],
)
def test_an_unknown_zone_is_found(zone: str, cure: str) -> None:
    """Days that begin nowhere never end."""
    finding = the_finding(request(SOUND, f"zone: '{zone}'\n"))
    assert finding.code == "ACC210"
    assert cure in finding.help


def test_a_zone_that_there_is_is_taken() -> None:
    """By its name in the time zone database."""
    for zone in ("Asia/Shanghai", "UTC", "Europe/Vienna"):
        assert findings(request(SOUND, f"zone: {zone}\n")) == ()


def test_a_deadline_that_only_its_own_extension_starts_never_starts() -> None:
    """The place is what is said to start it."""
    extend = "extend: {trigger: prolong, by: leader, up_to: 5 days}"
    text = request(f"{SOUND}\nfirst: {{starts: prolong, within: 5 days, {extend}}}")
    finding = the_finding(text)
    assert (finding.code, marked(text, finding)) == ("ACC430", "prolong")
    assert "`prolong` is possible only while `first` runs" in finding.message


def test_a_deadline_of_what_never_happens_never_starts() -> None:
    """Also where the trigger or the state is reported as dead for itself."""
    dead = REQUEST.replace("remind: {from: answered", "remind: {from: lost").replace("states:\n", "states:\n  lost:\n")
    text = (
        dead + "deadlines:\n  first: {starts: [remind, lost], within: 5 days, fallback: {starts: lost, plus: 2 days}}\n"
    )
    told = [finding.message for finding in findings(text) if finding.code == "ACC430"]
    assert told == [
        "`first` can never start: `remind` can never be done, no case comes to `lost`",
        "the fallback of `first` can never come about: no case comes to `lost`",
    ]


def test_a_deadline_that_starts_in_a_closed_case_needs_an_end() -> None:
    """Closing the case is what ends it by default."""
    text = request(f"{SOUND}\nreminder: {{starts: answered, within: 5 days}}")
    finding = the_finding(text)
    assert (finding.code, marked(text, finding)) == ("ACC431", "reminder")
    assert findings(request(f"{SOUND}\nreminder: {{starts: answered, within: 5 days, ends: remind}}")) == ()
    assert findings(request(f"{SOUND}\nappeal: {{starts: answered, within: 5 days, window: true}}")) == ()


def test_a_deadline_that_nothing_after_its_start_ends_is_found() -> None:
    """All ends are told in one finding, where they stand."""
    text = request(f"{SOUND}\nreading: {{starts: answer, within: 5 days, ends: [hear, suspended]}}")
    finding = the_finding(text)
    assert (finding.code, finding.column) == ("ACC431", text_of(text).splitlines()[finding.line - 1].index("ends") + 1)
    assert "in `answered`, none of `hear`, `suspended` can happen any more" in finding.message
    text = request(f"{SOUND}\nreading: {{starts: answer, within: 5 days, ends: hear}}")
    assert "`hear` cannot happen any more" in the_finding(text).message


def test_a_deadline_of_cases_that_cannot_be_closed_never_ends() -> None:
    """Beside what is said of these cases themselves."""
    caught = "states: {received: , lost: , closed: {final: true}}\ndeadlines: {first: {starts: lost, within: 5 days}}\n"
    caught += "transitions:\n  lose: {from: received, to: lost, by: officer}\n"
    caught += "  close: {from: received, to: closed, by: officer}\n"
    found = findings(caught)
    assert codes(found) == ["ACC401", "ACC431"]
    assert found[1].message.endswith("it ends when the case is closed, and it starts in `lost`, which never can be")


def test_an_end_that_cannot_happen_beside_one_that_can_is_found() -> None:
    """Also for a window, which would end without it."""
    for more in ("", ", window: true"):
        text = request(f"{SOUND}\nreminder: {{starts: answered, within: 5 days, ends: [remind, examine]{more}}}")
        finding = the_finding(text)
        assert (finding.code, marked(text, finding)) == ("ACC432", "examine")


@pytest.mark.parametrize(
    ("within", "warn", "late"),
    [
        ("5 days", "5 days", True),
        ("5 days", "4 days", False),
        ("2 weeks", "14 days", True),
        ("1 month", "30 days", False),
        ("1 month", "31 days", True),
        ("1 year", "12 months", False),
        ("1 year", "P14M", True),
        ("36 hours", "2 days", True),
        ("2 days", "47 hours", False),
        ("P1Y6M", "17 months", False),
    ],
)
def test_a_warning_comes_after_the_start(within: str, warn: str, late: bool) -> None:
    """Units that have no fixed length get the benefit of the doubt."""
    text = request(f"whole: {{starts: start, within: {within}, warn: [1 hour, {warn}], on_breach: take_over}}")
    found = findings(text)
    assert codes(found) == (["ACC433"] if late else [])
    assert [marked(text, finding) for finding in found] == [warn] * late


def test_working_days_are_compared_with_days_as_far_as_calendars_go() -> None:
    """Ten working days may be three weeks when there is a festival."""
    for warn, late in (("3 weeks", []), ("40 days", ["ACC433"])):
        deadline = f"whole: {{starts: start, within: 10 working days, warn: {warn}, on_breach: take_over}}"
        assert codes(findings(request(deadline, "calendar: weekdays\n"))) == late


def test_a_pause_where_the_deadline_never_runs_is_found() -> None:
    """As a warning: nothing goes wrong, but something else was meant."""
    text = request(
        f"{SOUND}\nfirst: {{starts: start, ends: [examine, refuse, take_over], within: 5 days, paused_in: suspended}}"
    )
    finding = the_finding(text)
    assert (finding.code, finding.is_error, marked(text, finding)) == ("ACC434", False, "suspended")


def test_a_clock_that_stands_still_everywhere_is_found() -> None:
    """Groups and states with inner ones count as what is in them."""
    text = request(f"{SOUND}\nfirst: {{starts: examine, within: 5 days, paused_in: [examining, suspended]}}")
    finding = the_finding(text)
    assert (finding.code, finding.is_error) == ("ACC438", True)


def test_what_the_engine_does_at_the_end_must_be_allowed_to_it() -> None:
    """A rule by people alone would wait for them."""
    text = request(f"{SOUND}\nfirst: {{starts: examine, within: 30 days, on_breach: refuse}}")
    finding = the_finding(text)
    assert (finding.code, marked(text, finding)) == ("ACC435", "refuse")


def test_what_the_engine_does_at_the_end_must_be_possible_then() -> None:
    """In one of the states in which the clock runs and does not stand still."""
    rest = "rest: {starts: suspended, ends: resume, within: 5 days, on_breach: take_over}"
    text = request(f"{SOUND.replace(', on_breach: take_over', '')}\n{rest}").replace(
        "examining, suspended]", "examining]"
    )
    finding = the_finding(text)
    assert (finding.code, marked(text, finding)) == ("ACC436", "take_over")
    assert "that happens in `suspended`" in finding.message


def test_states_in_which_the_engine_cannot_do_what_the_end_calls_for_are_named() -> None:
    """Those in which the time can be over, without those in which the clock stands still."""
    text = request(SOUND).replace("examining, suspended]", "examining]")
    finding = the_finding(text)
    assert (finding.code, finding.is_error, marked(text, finding)) == ("ACC443", False, "take_over")
    assert "not in `suspended`" in finding.message
    assert any("suspend by leader" in step for step in finding.path)
    assert findings(text.replace("within: 30 days,", "within: 30 days, paused_in: suspended,")) == ()


def test_where_the_end_itself_leads_it_need_not_be_done_again() -> None:
    """Once the time is over it is over."""
    text = request(SOUND).replace("[received, examining, suspended], to: examining.hearing", "received, to: suspended")
    text = text.replace("  suspend: {from: examining, to: suspended, by: leader}\n", "")
    assert codes(findings(text)) == ["ACC443"]
    assert "not in `examining.reading`, `examining.hearing`" in the_finding(text).message


def test_a_rule_for_the_end_of_a_deadline_needs_no_other_occasion() -> None:
    """Without the deadline the engine would never do it, and with a guard it would do so at once."""
    assert codes(findings(REQUEST)) == ["ACC409"]
    assert findings(request(SOUND)) == ()
    again = REQUEST.replace("examining.hearing, by: system", "received, by: system, when: 'times(\"start\") == 1'")
    assert codes(findings(again)) == ["ACC415"]
    assert findings(f"{again}deadlines:\n  {SOUND}\n") == ()


def test_hours_extend_hours_only() -> None:
    """Days end at midnight; hours may be extended by days."""
    for within, up_to, wrong in (
        ("5 days", "12 hours", True),
        ("36 hours", "12 hours", False),
        ("36 hours", "1 day", False),
    ):
        extend = f"extend: {{trigger: prolong, by: leader, up_to: {up_to}}}"
        text = request(f"whole: {{starts: start, within: {within}, on_breach: take_over, {extend}}}")
        found = findings(text)
        assert codes(found) == ["ACC437"] * wrong
        assert [marked(text, finding) for finding in found] == [up_to] * wrong


def test_working_days_need_days_off() -> None:
    """Each place at which they are written is shown; a calendar cures them all."""
    deadline = (
        "whole: {starts: examine, fallback: {starts: start, plus: 2 working days}, within: 15 working days, "
        "warn: [1 week, 3 working days], on_breach: take_over, roll: next_working_day, "
        "extend: {trigger: prolong, by: leader, up_to: 5 working days}}"
    )
    text = request(deadline)
    found = findings(text)
    assert codes(found) == ["ACC439"] * 5
    assert [marked(text, finding) for finding in found] == [
        "2 working days",
        "15 working days",
        "3 working days",
        "next_working_day",
        "5 working days",
    ]
    assert "`15 days`" in found[1].help
    assert findings(request(deadline, "calendar: weekdays\n")) == ()


def test_a_deadline_that_runs_on_in_a_closed_case_is_told_with_an_example() -> None:
    """The shortest history on which it does, with the place of each rule."""
    text = request("whole: {starts: start, within: 30 days, ends: answered, on_breach: take_over}")
    finding = the_finding(text)
    assert (finding.code, finding.is_error) == ("ACC440", False)
    assert [step.partition(" (")[0] for step in finding.path] == [
        "start by officer -> received",
        "refuse by leader: received -> refused",
    ]
    assert finding.help == "let it end there too: `ends: [answered, refused]`"


def test_an_example_tells_an_extension_like_any_act() -> None:
    """With the place at which it is declared."""
    extend = "extend: {trigger: prolong, by: leader, up_to: 5 days}"
    text = request(f"{SOUND[:-1]}, {extend}}}\ntold: {{starts: prolong, within: 5 days, ends: [hear, refused]}}")
    finding = the_finding(text)
    assert finding.code == "ACC440"
    assert [step.partition(" (")[0] for step in finding.path] == [
        "start by officer -> received",
        "examine by officer: received -> examining.reading",
        "prolong by leader: examining.reading",
        "answer by officer: examining.reading -> answered",
    ]
    line = text_of(text).splitlines().index(next(one for one in text_of(text).splitlines() if "prolong, by" in one)) + 1
    assert finding.path[2].endswith(f"(demo.yaml:{line})")


def test_a_deadline_that_can_be_met_in_a_closed_case_does_not_run_on() -> None:
    """Telling somebody of a decision is often due after it."""
    text = request("whole: {starts: start, within: 30 days, ends: [remind, refused], on_breach: take_over}")
    assert findings(text) == ()


def test_a_state_that_lies_with_one_role_and_no_deadline_is_found() -> None:
    """One finding a role, at the first of the states."""
    text = request("reading: {starts: examine, ends: [answered, refused], within: 5 days}").replace(
        "  take_over: {from: [received, examining, suspended], to: examining.hearing, by: system}\n", ""
    )
    assert findings(text.replace("to: examining, by: officer", "to: examining, by: [officer, leader]")) == ()
    lonely = text.replace("from: [received, examining], to: refused", "from: [examining], to: refused")
    finding = the_finding(lonely)
    assert (finding.code, finding.is_error, marked(lonely, finding)) == ("ACC441", False, "received")
    assert "only `officer` can lead a case out of `received`" in finding.message


def test_a_window_presses_nobody() -> None:
    """Unless something is done when it is over."""
    lonely = REQUEST.replace("from: [received, examining], to: refused", "from: [examining], to: refused")
    window = "deadlines:\n  first: {starts: start, within: 5 days, window: true}\n"
    people = lonely.replace(
        "[received, examining, suspended], to: examining.hearing, by: system", "examining, by: officer"
    )
    assert codes(findings(people + window)) == ["ACC441"]
    assert "only a window runs there" in the_finding(people + window).message
    acting = people.replace("{from: examining, by: officer", "{from: [received, examining, suspended], by: system")
    assert findings(acting + window.replace("window: true", "window: true, on_breach: take_over")) == ()


def test_without_deadlines_or_with_one_role_nobody_is_asked_for_deadlines() -> None:
    """Whoever leaves time out of a workflow is not reminded of it."""
    lonely = REQUEST.replace(
        "  take_over: {from: [received, examining, suspended], to: examining.hearing, by: system}\n", ""
    )
    lonely = lonely.replace("from: [received, examining], to: refused", "from: [examining], to: refused")
    assert findings(lonely) == ()
    assert findings("deadlines: {first: {starts: closed, within: 5 days, window: true}}\n") == ()


def test_a_fallback_that_starts_nothing_by_itself_is_found() -> None:
    """It would never be used."""
    text = request(
        "whole: {starts: [received, examine], fallback: {starts: start, plus: 5 days}, within: 6 weeks, "
        "on_breach: take_over}"
    )
    finding = the_finding(text)
    assert (finding.code, marked(text, finding)) == ("ACC442", "start")


def test_deadlines_with_unknown_names_are_not_reasoned_about() -> None:
    """What a misspelt name would lead to helps nobody."""
    text = text_of(request("first: {starts: nowhere, within: 5 days, ends: never}"))
    assert codes(examine(load(text, "demo.yaml"), {})) == ["ACC211", "ACC211"]


ANCHORED = """\
data: {{until: {{type: {kind}}}, other: {{type: date}}}}
start: {{by: officer, {given}: until}}
deadlines:
  answer: {{starts: start, anchor: {anchor}, {rest}}}
"""


def anchored(
    anchor: str = "data.until", *, kind: str = "date", given: str = "needs", rest: str = "within: 5 days"
) -> str:
    return ANCHORED.format(kind=kind, given=given, anchor=anchor, rest=rest)


@pytest.mark.parametrize(
    "text",
    [
        anchored(),
        anchored(kind="datetime", rest="within: 36 hours"),
        anchored(rest="window: true"),
        anchored(rest="warn: 30 days"),
    ],
)
def test_an_anchor_that_is_known_by_then_is_left_alone(text: str) -> None:
    """A day that the starting act must bring needs no word."""
    assert findings(text) == ()


@pytest.mark.parametrize(
    ("text", "code", "place", "cure"),
    [
        (anchored("data.untl"), "ACC302", "untl", "until"),
        (anchored(given="accepts"), "ACC307", "data.until", "let the act that starts the deadline need it"),
        (anchored("data.other"), "ACC307", "data.other", "let the act that starts the deadline need it"),
        (anchored("input.until"), "ACC301", "input", "data"),
        (anchored("1 + 1"), "ACC444", "1 + 1", "`date` or `datetime`"),
        (anchored(kind="string"), "ACC444", "data.until", "`date` or `datetime`"),
        (anchored(rest="within: 36 hours"), "ACC444", "data.until", "`datetime`"),
        (anchored(rest="within: 5 days, fallback: {starts: close, plus: 1 day}"), "ACC444", "fallback", "remove"),
    ],
)
def test_an_anchor_that_gives_no_day_is_found(text: str, code: str, place: str, cure: str) -> None:
    """Nothing about the day fails for the first time when somebody waits for it."""
    found = [finding for finding in findings(text) if finding.code == code]
    assert found, [(one.code, one.message) for one in findings(text)]
    assert place in marked(text, found[0])
    assert cure in found[0].help
