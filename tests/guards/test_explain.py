"""The tree of values behind a decision, and what it keeps to itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.guards import BOOL, DECIMAL, INT, STRING, EvaluationError, Scope, compile_guard, list_of
from tests.guards.scopes import context, guard, obj


def told(text: str, hidden: tuple[str, ...] = (), **data: Any) -> str:
    return guard(text).explain(context(**data), hidden).as_text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data.amount >= 1000", "data.amount >= 1000: false (data.amount is 400)"),
        ("data.open", "data.open: true"),
        ("data.price * 2 > 30", "data.price * 2 > 30: false (data.price is 12.50)"),
        ('data.kind == "x"', 'data.kind == "x": false (data.kind is "petition")'),
        ('data.due < date("2015-01-01")', 'data.due < date("2015-01-01"): false (data.due is 2015-02-27)'),
        ("'clerk' in actor.roles", "'clerk' in actor.roles: false (actor.roles is [\"officer\"])"),
        ("size(data.tags) > 3", "size(data.tags) > 3: false (size(data.tags) is 2)"),
        ("data.amount + data.amount > 900", "data.amount + data.amount > 900: false (data.amount is 400)"),
        ("times('register') == 1", "times('register') == 1: false (times('register') is 2)"),
        ("visited('held')", "visited('held'): false"),
        ("data.kind.startsWith('x')", "data.kind.startsWith('x'): false (data.kind is \"petition\")"),
        (
            'data.amount >= 1000 && data.kind == "x"',
            'data.amount >= 1000 && data.kind == "x": false\n  data.amount >= 1000: false (data.amount is 400)',
        ),
        (
            'data.amount >= 1000 || data.kind == "x"',
            (
                'data.amount >= 1000 || data.kind == "x": false\n'
                "  data.amount >= 1000: false (data.amount is 400)\n"
                '  data.kind == "x": false (data.kind is "petition")'
            ),
        ),
        (
            "!(data.open && !visited('held'))",
            (
                "!(data.open && !visited('held')): false\n"
                "  data.open && !visited('held'): true\n"
                "    data.open: true\n"
                "    !visited('held'): true (visited('held') is false)"
            ),
        ),
        (
            "has(data.level) ? data.level > 1 : data.amount > 500",
            (
                "has(data.level) ? data.level > 1 : data.amount > 500: false\n"
                "  has(data.level): false\n"
                "  data.amount > 500: false (data.amount is 400)"
            ),
        ),
        (
            "data.people.all(p, has(p.age) && p.age > 3)",
            (
                "data.people.all(p, has(p.age) && p.age > 3): false\n"
                "  has(p.age) && p.age > 3: false\n"
                "    has(p.age): false"
            ),
        ),
        (
            "data.people.exists(p, p.name == 'Wu')",
            "data.people.exists(p, p.name == 'Wu'): false (size(data.people) is 2)",
        ),
        (
            "1 / (data.amount - 400) > 1",
            "1 / (data.amount - 400) > 1: undecided, it divides by zero (data.amount is 400)",
        ),
    ],
)
def test_an_explanation_shows_what_decided(text: str, expected: str) -> None:
    """Each decision with its value, each fact it read behind it, and only what was needed."""
    assert told(text) == expected


def test_an_explanation_has_a_json_shape() -> None:
    """The tree as JSON: text and value, error or withheld, and children where there are any."""
    tree = guard('data.amount >= 1000 && data.kind == "x"').explain(context(), ["data.amount"])
    assert tree.as_json() == {
        "text": 'data.amount >= 1000 && data.kind == "x"',
        "value": False,
        "children": [
            {
                "text": "data.amount >= 1000",
                "value": False,
                "children": [{"text": "data.amount", "withheld": True}],
            }
        ],
    }
    failed = guard("data.tags[5] == 'a'").explain(context())
    assert failed.as_json()["error"] == "the list has no such place"
    assert guard("data.price").explain(context()).as_json() == {"text": "data.price", "value": "12.50"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data.amount >= 1000", "data.amount >= 1000: false (data.amount is (withheld))"),
        ("data.amount + 1 > 500", "data.amount + 1 > 500: false (data.amount is (withheld))"),
        ("data.amount", "data.amount: (withheld)"),
        ("-data.amount", "-data.amount: (withheld) (data.amount is (withheld))"),
        ("data.open", "data.open: (withheld)"),
        ("!data.open", "!data.open: (withheld) (data.open is (withheld))"),
        (
            "data.open && data.kind == 'x'",
            "data.open && data.kind == 'x': (withheld)\n  data.kind == 'x': false (data.kind is \"petition\")",
        ),
        ("data.open ? 1 : 2", "data.open ? 1 : 2: (withheld)"),
        (
            "data.people.exists(p, p.name == 'Wu')",
            "data.people.exists(p, p.name == 'Wu'): false (size(data.people) is (withheld))",
        ),
        (
            "data.people.all(p, p.name == 'Li')",
            "data.people.all(p, p.name == 'Li'): false\n  p.name == 'Li': false (p.name is (withheld))",
        ),
        ("data.people[0].name == 'x'", "data.people[0].name == 'x': false (data.people[0].name is (withheld))"),
        ("data == data", "data == data: true (data is (withheld))"),
        ("1 / (data.amount - 400) > 1", None),
    ],
)
def test_hidden_values_do_not_appear(text: str, expected: str | None) -> None:
    """Nothing hidden, nor anything computed from it, is shown, but for the answers of comparisons."""
    shown = told(text, ("data.amount", "data.open", "data.people"))
    if expected is not None:
        assert shown == expected
    assert "400" not in shown.replace(text, "")
    assert "Li" not in shown.replace(text, "").replace("p.name == 'Li'", "")


def test_hiding_a_name_hides_its_parts() -> None:
    """`data` hides each field of it, a field its inner fields."""
    assert told("data.amount > 1", ("data",)).endswith("(data.amount is (withheld))")
    assert told("data.free.any.thing == 2", ("data.free",)).endswith("(data.free.any.thing is (withheld))")
    assert told("children('subjects')[0].state == 'x'", ("children.subjects",)).endswith("is (withheld))")


def test_long_values_are_cut() -> None:
    """A page of text, or a thousand items, is shown by its beginning."""
    shown = told("data.kind == 'x'", kind="長" * 5000)
    assert len(shown) < 300
    tree = guard("data.tags == ['x']").explain(context(tags=["t"] * 5000))
    assert len(tree.as_text()) < 400
    assert tree.as_json()["children"][0]["value"][-1] == "… (4980 more)"


SECRET = "Zhuge"
SCOPE = Scope(
    names={
        "data": obj(
            who=STRING,
            sum=DECIMAL,
            count=INT,
            flag=BOOL,
            names=list_of(STRING),
            open=INT,
        )
    }
)
EXPRESSIONS = st.recursive(
    st.sampled_from(
        [
            "data.flag",
            "data.who == 'x'",
            "data.sum * 3 > 1",
            "data.count % 7 == 3",
            "data.open > 3",
            "size(data.who) > 9",
            "(data.flag ? data.who : 'b') == 'c'",
            "data.names.map(n, n + data.who) == ['d']",
            "data.names.exists(n, n.startsWith(data.who))",
            "data.names.all(n, n == 'e')",
            "data.names.filter(n, n != 'f')[0] == data.who",
            "1 / (data.count - 7777) > 2",
            "[data.who] == data.names",
            "data == data",
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||", "=="]), inner).map(lambda three: "(({}) {} ({}))".format(*three)),
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, inner, inner).map(lambda three: "(({}) ? ({}) : ({}))".format(*three)),
    ),
    max_leaves=5,
)


@given(EXPRESSIONS, st.booleans())
def test_no_hidden_value_ever_appears_in_an_explanation(text: str, flag: bool) -> None:
    """Whatever a guard does with hidden data, its explanation shows none of it, as text or JSON."""
    data = {"who": SECRET, "sum": "8642.97", "count": 7777, "flag": flag, "names": [SECRET, "Sima"], "open": 3}
    hidden = ["data.who", "data.sum", "data.count", "data.flag", "data.names"]
    tree = compile_guard(text, SCOPE).explain({"data": data}, hidden)
    shown = f"{tree.as_text()} {tree.as_json()}".replace(text, "")
    for secret in (SECRET, "Sima", "8642", "25928", "size(data.names) is 2", "zero"):
        assert secret not in shown
    parts = [tree.as_json()]
    for part in parts:
        assert part["text"] not in ("data.flag", "!(data.flag)", "!(!(data.flag))") or part.get("withheld")
        parts += part.get("children", ())


@given(EXPRESSIONS, st.integers(-3, 9000), st.booleans())
def test_an_explanation_agrees_with_the_decision(text: str, count: int, flag: bool) -> None:
    """The root of the tree has the value, or the error, that deciding gives."""
    asked = compile_guard(text, SCOPE)
    seen = {"data": {"who": "a", "sum": Decimal(1), "count": count, "flag": flag, "names": [], "open": 3}}
    tree = asked.explain(seen)
    try:
        expected = (asked.holds(seen), None)
    except EvaluationError as failed:
        expected = (None, str(failed))
    assert (tree.value, tree.error) == expected


def test_facts_are_native_values_written_as_text() -> None:
    """Dates, moments and durations are shown as they are written in JSON."""
    assert told("data.takes > duration('48h')").endswith("(data.takes is P1DT12H)")
    assert told("now < data.heard").endswith("data.heard is 2015-02-09T01:00:00.000000Z)")
    assert told("data.due == date('2015-01-01')", due=date(2015, 2, 9)).endswith("(data.due is 2015-02-09)")
