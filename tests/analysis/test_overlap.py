"""Two rules for one firing, and guards that never hold."""

from __future__ import annotations

import pytest

from accountability.analysis.examination import Examination
from accountability.analysis.expressions import Expression
from accountability.analysis.trial import Trial
from accountability.analysis.values import Literals, domain, only_compared
from accountability.definition.model import DataField
from tests.analysis.examined import codes, findings, loaded, the_finding


def decide(first: str, second: str, data: str = "amount: {type: integer}") -> str:
    """Write a trigger with two rules for one state."""
    return f"""
        roles: {{officer: Officer, leader: Leader}}
        data: {{{data}}}
        start: {{by: [officer, leader]}}
        states: {{received: , big: , closed: {{final: true}}}}
        transitions:
          decide:
            - {{from: received, to: big, {first}}}
            - {{from: received, to: closed, {second}}}
          close: {{from: big, to: closed, by: officer}}
        """


def test_two_rules_that_fit_the_same_firing_are_shown_with_an_example() -> None:
    """The example was tried on both guards."""
    fragment = decide(
        "by: officer, needs: amount, when: data.amount >= 1000",
        "by: officer, needs: amount, when: data.amount <= 1000",
    )
    finding = the_finding(fragment)
    assert (finding.code, finding.severity, finding.line) == ("ACC405", "warning", 8)
    assert finding.message == (
        "rule 1 of `decide` and rule 2 of `decide` both fit when `officer` does it in `received` giving {amount: 1000}"
        "; the first is taken"
    )
    assert finding.help == "write in the later rule `when: '!(data.amount >= 1000) && data.amount <= 1000'`"
    assert finding.path[-2:] == (
        "decide by officer in received giving {amount: 1000}: fits the first (demo.yaml:7)",
        "decide by officer in received giving {amount: 1000}: fits too (demo.yaml:8)",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("by: officer, needs: amount, when: data.amount >= 9", "by: officer, needs: amount, when: data.amount < 9"),
        ("by: officer", "by: leader"),
        ("by: officer, needs: amount", "by: officer"),
        ("by: officer, documents: [report]", "by: officer, documents: [letter]"),
        ("by: officer, not_by: [start]", "by: officer, same_as: [start]"),
        ("by: officer, when: 'times(\"decide\") == 0'", "by: officer, when: 'times(\"decide\") > 0'"),
        ("by: officer, when: 'visited(\"big\")'", "by: officer, reason: required"),
        ("by: officer, when: 'actor.id == \"a\"'", "by: officer, when: 'actor.id == \"b\"'"),
    ],
)
def test_rules_that_exclude_each_other_are_not_reported(first: str, second: str) -> None:
    """By guard, role, input, documents, people or history."""
    assert "ACC405" not in codes(findings(decide(first, second)))


@pytest.mark.parametrize(
    ("first", "second", "data"),
    [
        ("needs: a, when: data.a == 'x'", "needs: a, when: data.a != 'y'", "a: {type: string, enum: [x, y]}"),
        ("needs: a, when: data.a > 1.5", "needs: a, when: data.a < 1.6", "a: {type: decimal}"),
        ("accepts: a, when: '!has(data.a)'", "accepts: a, reason: required, not_by: [close]", "a: {type: boolean}"),
        (
            "needs: a, when: size(data.a) > 0",
            "needs: a, when: '\"x\" in data.a'",
            "a: {type: list, items: {type: string}}",
        ),
        ("needs: a, when: 'data.a < date(\"2015-01-02\")'", "needs: a, not_by: [close]", "a: {type: date}"),
        ("when: 'actor.id != \"zhang\"'", "not_by: [close]", "a: {type: date}"),
        ("when: 'now > case.opened_at'", "not_by: [close]", "a: {type: date}"),
    ],
)
def test_examples_are_found_for_every_kind_of_data(first: str, second: str, data: str) -> None:
    """Enumerations, numbers, absence, lists, dates, people, time."""
    fragment = decide(f"by: officer, {first}", f"by: officer, {second}", data)
    assert "ACC405" in codes(findings(fragment))


def test_a_rule_behind_one_that_always_fits_is_an_error() -> None:
    """It is never used."""
    finding = the_finding(decide("by: officer", "by: officer, reason: required"))
    assert (finding.code, finding.severity) == ("ACC406", "error")
    assert finding.message == "rule 2 of `decide` is never used: rule 1 of `decide` fits first every time"


def test_a_narrower_rule_before_a_wider_one_only_overlaps() -> None:
    """The wider one is still used by others."""
    found = findings(decide("by: officer, not_by: [start]", "by: [officer, leader]"))
    assert codes(found) == ["ACC405"]


@pytest.mark.parametrize(
    "guard",
    [
        "false",
        "1 > 2",
        "data.flag && !data.flag",
        "data.amount > 10 && data.amount < 5",
        "data.price > 1.5 && data.price < 1.5",
        "data.day < date('2015-01-01') && data.day > date('2015-06-01')",
        "visited('big')",
        "times('close') > 0",
    ],
)
def test_a_guard_that_never_holds_is_an_error(guard: str) -> None:
    """Where every value that matters can be tried."""
    data = (
        "flag: {type: boolean}, kind: {type: string, enum: [x, y]}, amount: {type: integer}, price: {type: decimal}, "
        "day: {type: date}"
    )
    needs = "needs: [flag, kind, amount, price, day]"
    found = findings(decide(f'by: officer, {needs}, when: "{guard}"', "by: leader", data))
    assert codes(found) == ["ACC407"]


@pytest.mark.parametrize(
    "guard",
    [
        "data.amount == 5",
        "data.amount * 2 == 14",
        "data.name == 'x' || data.name.startsWith('q')",
        "data.name.endsWith('zzz')",
        "data.amount > size(data.name) + 100",
        "times('note') > 3",
    ],
)
def test_a_guard_that_may_hold_is_never_called_impossible(guard: str) -> None:
    """Where trying a few values proves nothing, nothing is said."""
    data = "amount: {type: integer}, name: {type: string}"
    found = findings(decide(f'by: officer, needs: [amount, name], when: "{guard}"', "by: leader", data))
    assert codes(found) == []


def test_checks_that_never_hold_together_are_an_error() -> None:
    """Each may hold, both cannot."""
    checks = "[{check: data.flag, else: A}, {check: '!data.flag', else: B}]"
    found = findings(decide(f"by: officer, needs: flag, when: {checks}", "by: leader", "flag: {type: boolean}"))
    assert [(finding.code, finding.message) for finding in found] == [
        ("ACC407", "the 2 checks of this rule never hold together")
    ]


def test_the_values_tried_for_a_field_are_values_of_that_field() -> None:
    """Bounds and lengths are kept; a small range is tried whole."""
    literals = Literals.of(["data.a > 10 && data.b == 'q'"])
    assert domain(DataField(type="integer", minimum=1, maximum=4), literals) == (1, 2, 3, 4)
    assert min(domain(DataField(type="integer", minimum=5), literals)) == 5
    assert domain(DataField(type="string", max_length=1), literals) == ("q", "x")
    assert set(domain(DataField(type="decimal"), literals)) >= {"10", "0", "5", "11"}


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("data.a > 5", True),
        ("5 <= data.a && has(data.a)", True),
        ("data.a in [1, 2]", True),
        ("data.a + 1 > 5", False),
        ("data.a > data.b", False),
        ("size(data.ab) > 2 && data.a == 1", True),
        ("data.a > 5 + data.b", False),
        ("2 * data.a > 5", False),
        ("data.a - data.b > 5", False),
    ],
)
def test_a_field_only_compared_with_constants_is_recognised(text: str, decided: bool) -> None:
    """Arithmetic, other fields and functions leave cases that were not tried."""
    assert only_compared("data.a", DataField(type="integer"), [text]) is decided


def test_a_trial_tries_what_is_possible_in_its_state_only() -> None:
    """What surely happened has happened; what cannot have happened has not."""
    fragment = decide("by: officer, needs: amount", "by: leader")
    fragment = fragment.replace("to: closed, by: officer}", "to: closed, by: officer, when: 'true'}")
    examination = Examination(loaded(fragment).workflow, {})  # type: ignore[arg-type]
    close = next(placed for placed, _ in examination.rules if placed.trigger == "close")
    scope = next(one.scope for one in examination.expressions if one.placed is close)
    for text, possible in (("times('decide') == 0", False), ("visited('received')", True), ("data.amount > 3", True)):
        guard = Expression((), text, scope, None, close).compiled
        assert guard is not None
        trial = Trial(examination, "big", [guard], "officer", frozenset(), frozenset())
        assert (trial.example() is not None) is possible
