"""Deciding: values from JSON, exact numbers, times, and an error for everything that cannot be decided."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from accountability.guards import (
    BOOL,
    DECIMAL,
    DYN,
    STRING,
    EvaluationError,
    Scope,
    Type,
    compile_guard,
    json_value,
    list_of,
)
from tests.guards.scopes import PRESENT, SCOPE, context, guard, obj, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data.price", Decimal("12.50")),
        ("data.price * 2 == 25", True),
        ("data.price > data.amount", False),
        ("0.1 + 0.2 == 0.3", True),
        ("data.price / 4", Decimal("3.125")),
        ("1.0 / 3", Decimal("0." + "3" * 34)),
        ("1 / 2.0", Decimal("0.5")),
        ("[1, 2.5]", [Decimal(1), Decimal("2.5")]),
        ("true ? 1 : 1.5", Decimal(1)),
        ("1.5 in [1, 1.50]", True),
        ("data.prices", [Decimal("1.5"), Decimal("2.5")]),
        ("data.prices + [1.0] == [1.5, 2.5, 1]", True),
        ("1.5 in data.prices", True),
        ("data.prices[1] - data.prices[0]", Decimal("1.0")),
        ("data.prices.exists(p, p > 2)", True),
        ("data.due", date(2015, 2, 27)),
        ('data.due - date("2015-02-09") == duration("432h")', True),
        ('data.due + duration("48h")', date(2015, 3, 1)),
        ('data.due < date("2015-03-01")', True),
        ("data.heard", datetime(2015, 2, 9, 1, tzinfo=UTC)),
        ('now - data.heard > duration("480h")', True),
        ('data.heard + duration("1h30m")', datetime(2015, 2, 9, 2, 30, tzinfo=UTC)),
        ("data.takes", timedelta(days=1, hours=12)),
        ('data.takes == duration("36h")', True),
        ("data.people.map(p, p.name)", ["Li", "Zhang"]),
        ("data.people.filter(p, has(p.age))", [{"name": "Li", "age": 40}]),
        ('data.people.exists(p, has(p.born) && p.born < date("1990-01-01"))', True),
        ("data.people.filter(p, has(p.born)).map(p, p.name + '!')", ["Zhang!"]),
        ("data.people.exists_one(p, p.name == 'Li')", True),
        ("has(data.level)", False),
        ("'kind' in data && !('level' in data)", True),
        ("'any' in data.free && data.free.any.thing == 1", True),
        ("data.free['an' + 'y'].thing", 1),
        ("data.free.all(name, name == 'any')", True),
        ("actor.roles == ['officer']", True),
        ("'officer' in actor.roles && !has(actor.unit)", True),
        ("times('register') == 2 && times('accept') == 0", True),
        ("visited('received') && !visited('held')", True),
        ("children('subjects').all(c, !c.closed && has(c.data.price) && c.data.price < 0.2)", True),
        ("children('subjects').map(c, has(c.data.level), c.data.level)", [6]),
        ("children('unknown').all(c, c.data.any.thing > 3)", True),
        ("size(children('subjects'))", 1),
        ("data.people == data.people && item.name == 'Wang'", True),
    ],
)
def test_expressions_give_their_native_value(text: str, expected: object) -> None:
    """Case data is JSON; what a guard computes with, and gives, is native and exact."""
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "data", "message", "place"),
    [
        ("!data.open", {"open": None}, "`data.open` has no value", "data.open"),
        ("data.amount + 9223372036854775807", {}, "64 bits", "data.amount + 9223372036854775807"),
        ("-(data.amount)", {"amount": -(2**63)}, "64 bits", "-(data.amount)"),
        ("1 / (data.amount - 400)", {}, "divides by zero", "1 / (data.amount - 400)"),
        ("1.0 / (data.amount - 400)", {}, "divides by zero", "1.0 / (data.amount - 400)"),
        ("data.amount % 0", {}, "divides by zero", "data.amount % 0"),
        ("data.price * 1.000000000000000000000000000000001", {"price": "1.1"}, "34 digits", None),
        ("data.tags[2]", {}, "no such place", "data.tags[2]"),
        ("data.tags[-1]", {}, "no such place", "data.tags[-1]"),
        ("data.free.nothing", {}, "`nothing` has no value", "data.free.nothing"),
        ("data.free['no']", {}, "`no` has no value", None),
        ("data.free['n' + 'o']", {}, "no such field", None),
        ("data.free.any + 1", {}, "`+` cannot take object and int", None),
        ("data.free.any > 1", {}, "`>` cannot compare object and int", None),
        ("data.free.any && true", {}, "kind object, not bool", "data.free.any"),
        ("data.amount", {"amount": "400"}, "kind string, not int", "data.amount"),
        ("data.amount", {"amount": True}, "kind bool, not int", "data.amount"),
        ("data.amount", {"amount": 2**63}, "64 bits", "data.amount"),
        ("data.amount", {"amount": 4.5}, "kind unknown, not int", "data.amount"),
        ("data.price", {"price": "NaN"}, "not a decimal", "data.price"),
        ("data.price", {"price": "1" * 500}, "not a decimal", "data.price"),
        ("data.price", {"price": Decimal("Infinity")}, "not a number", "data.price"),
        ("data.due", {"due": "2015-2-9"}, "not a date", "data.due"),
        ("data.due", {"due": datetime(2015, 2, 9, tzinfo=UTC)}, "kind timestamp, not date", "data.due"),
        ("data.heard", {"heard": "2015-02-09"}, "not a moment", "data.heard"),
        ("data.heard", {"heard": datetime(2015, 2, 9)}, "no time zone", "data.heard"),
        ("data.takes", {"takes": "P1M"}, "years and months", "data.takes"),
        ("data.takes", {"takes": "1h"}, "not an ISO 8601 duration", "data.takes"),
        ('data.due + duration("1h")', {}, "whole days", None),
        ('data.due + duration("87660000h")', {"due": "9000-01-01"}, "years 1 to 9999", None),
        ('now + duration("87660000h")', {}, "years 1 to 9999", None),
        ('duration("2600000h") + duration("2600000h")', {}, "292 years", None),
        ('data.due - duration("87660000h")', {}, "years 1 to 9999", None),
        ('now - duration("87660000h")', {}, "years 1 to 9999", None),
        ("data.price + 1e34", {"price": "0.1"}, "34 digits", None),
        ("data.price - 1e34", {"price": "0.1"}, "34 digits", None),
        ("data.price / 1e-6000", {"price": "1e300"}, "34 digits", None),
        ("data.heard", {"heard": "0001-01-01T00:00:00+08:00"}, "not a moment", None),
        ("data.heard", {"heard": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))}, "years 1 to 9999", None),
        ("data.heard", {"heard": 1}, "kind int, not timestamp", None),
        ("data.due", {"due": 1}, "kind int, not date", None),
        ("data.takes", {"takes": 1}, "kind int, not duration", None),
        ("data.price", {"price": []}, "kind list, not decimal", None),
        ("data.tags", {"tags": frozenset({1, "a"})}, "kind unknown, not list", None),
        ("data.address.city", {"address": []}, "kind list, not object", "data.address"),
        ("data.free.any.thing.more", {}, "`more` has no value", None),
        ("has(data.free.any.thing.more)", {}, "kind int has no fields", None),
        ("data.free.any[0]", {}, "kind object has no place of kind int", None),
        ("data.tags[data.free.any]", {}, "no place of kind object", None),
        ("data.free.any.thing.all(v, true)", {}, "not a value of kind int", None),
        ("1 in data.free.any.thing", {}, "nothing is in a value of kind int", None),
        ("data.free.any in data.free", {}, "never the name of a field", None),
        ("-data.free.any", {}, "the sign of object", None),
        ("size(data.free.any.thing)", {}, "kind int", None),
        ("data.free.any.thing.contains('a')", {}, "cannot take int and string", None),
        ('duration("1" + "ns")', {}, "finer than a microsecond", None),
        ('duration("0.00000001" + "s")', {}, "finer than a microsecond", None),
        (
            "'a' in data.free.map(n, data.free.any)",
            {"free": {"any": 0.5}},
            "cannot compute with",
            None,
        ),
        ("data.tags.all(t, t == 'a')", {"tags": ["a", 1]}, "an item", "data.tags"),
        ("data.tags == ['a']", {"tags": "a"}, "kind string, not list", "data.tags"),
        ("data.people[0].name", {"people": ["Li"]}, "`the item` cannot be read", None),
        ("'a' in data.prices.map(p, data.kind)", {"prices": ["1.x"]}, "an item", None),
        ("date(data.kind)", {}, "not a date", "date(data.kind)"),
        ("duration(data.kind)", {"kind": "9" * 5000 + "h"}, "not a duration", None),
    ],
)
def test_what_cannot_be_decided_is_an_error_with_its_place(
    text: str, data: dict[str, Any], message: str, place: str | None
) -> None:
    """Any failure is an `EvaluationError` that points into the guard and holds no value of the data."""
    with pytest.raises(EvaluationError) as caught:
        compile_guard(text, PRESENT, None).value(context(**data))
    error = caught.value
    if place is not None:
        assert text[error.start : error.end] == place
    assert message in str(error)
    assert "petition" not in str(error)


def test_an_error_is_made_up_for_by_an_answer_that_decides() -> None:
    """As in CEL, `false && error` and `error && false` are false, `true || error` and `error || true` are true."""
    wrong = "1 / 0 == 1"
    assert value(f"{wrong} && false") is False
    assert value(f"false && {wrong}") is False
    assert value(f"{wrong} || true") is True
    assert value(f"data.tags.exists(t, {wrong} || t == 'b')") is True
    assert value(f"data.tags.all(t, {wrong} && t == 'b')") is False
    for undecided in (f"{wrong} && true", f"true && {wrong}", f"{wrong} || false", f"!({wrong})"):
        with pytest.raises(EvaluationError, match="zero"):
            value(undecided)


def test_only_true_holds() -> None:
    """A value that is not a bool is an error, never a pass."""
    loose = compile_guard("x", SCOPE)
    assert loose.holds({"x": True}) is True
    assert loose.holds({"x": False}) is False
    for wrong in (1, "true", None, [True], {"a": 1}, Decimal(1)):
        with pytest.raises(EvaluationError, match="not a bool"):
            loose.holds({"x": wrong})
    with pytest.raises(EvaluationError, match="is not given"):
        loose.holds({})


def test_native_values_pass_as_they_are() -> None:
    """A context may hold what JSON cannot: the engine's own times and decimals, in any zone."""
    shanghai = timezone(timedelta(hours=8))
    assert value("data.price", price=Decimal("1.50")) == Decimal("1.50")
    assert value("data.price", price=3) == Decimal(3)
    assert value("data.heard", heard=datetime(2015, 2, 9, 9, tzinfo=shanghai)) == datetime(2015, 2, 9, 1, tzinfo=UTC)
    assert value("data.heard", heard="2015-02-09T09:00+08:00") == datetime(2015, 2, 9, 1, tzinfo=UTC)
    assert value("data.takes", takes=timedelta(hours=1)) == timedelta(hours=1)
    assert value("data.tags", tags=frozenset({"b", "a"})) == ["a", "b"]
    assert value("data.tags", tags=("b", "a")) == ["b", "a"]


def test_a_declared_field_with_null_has_no_value() -> None:
    """`has()` is false for null, as for a field that is missing; in an object of any shape null is a value."""
    assert value("has(data.level)", level=None) is False
    assert value("'level' in data", level=None) is False
    assert value("has(data.free.a) && data.free.a == null", free={"a": None}) is True


def test_a_value_of_unknown_type_becomes_what_is_expected() -> None:
    """Where the guard cannot know a type the caller's expectation is held while deciding."""
    expecting = compile_guard("x", SCOPE, DECIMAL)
    assert expecting.value({"x": "1.50"}) == Decimal("1.50")
    assert compile_guard("1", SCOPE, DECIMAL).value({}) == Decimal(1)
    assert type(compile_guard("1", SCOPE, DECIMAL).value({})) is Decimal
    assert compile_guard("[1]", SCOPE, list_of(DECIMAL)).value({}) == [Decimal(1)]
    assert compile_guard("data.free", SCOPE, obj(any=DYN)).value(context()) == {"any": {"thing": 1}}
    with pytest.raises(EvaluationError, match="not string"):
        compile_guard("x", SCOPE, STRING).value({"x": 1})


def test_lists_in_the_text_cannot_be_changed_by_a_caller() -> None:
    """What a guard gives belongs to the caller; the next decision gives the same again."""
    listed = guard("['a', 'b']")
    listed.value({}).append("c")
    assert listed.value({}) == ["a", "b"]
    whole = context()
    guard("data.tags").value(whole).append("c")
    assert whole["data"]["tags"] == ["a", "b"]


def test_a_decision_takes_a_bounded_number_of_steps() -> None:
    """Long lists, growing texts and nested values end in an error that names the limit, and no `||` undoes it."""
    pairs = compile_guard("data.tags.all(a, data.tags.all(b, a != b || true)) || true", SCOPE)
    with pytest.raises(EvaluationError, match="200000 steps"):
        pairs.holds(context(tags=["a"] * 2000))
    doubling = "['aaaaaaaaaaaaaaaa']" + ".map(x, x + x)" * 25
    with pytest.raises(EvaluationError, match=r"1000000 characters|200000 steps"):
        guard(doubling).value({})
    nesting = "[1]" + ".map(x, [x, x])" * 25
    with pytest.raises(EvaluationError, match="200000 steps"):
        guard(nesting).value({})
    long_list = compile_guard("data.tags + data.tags == []", SCOPE)
    with pytest.raises(EvaluationError, match=r"100000 items|200000 steps"):
        long_list.holds(context(tags=["a"] * 60_000))


def test_data_nested_without_end_is_an_error() -> None:
    """Data deeper than the limit never reaches the end of the stack."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(EvaluationError, match="nested deeper"):
        compile_guard("x == x", SCOPE).holds({"x": deep})
    while deep:
        deep = deep.pop()


def test_inner_variables_hide_outer_names() -> None:
    """A macro's variable means its item, also where the case has a name or an outer variable like it."""
    assert value("data.tags.map(data, data + '!')") == ["a!", "b!"]
    assert value("[1, 2].map(x, [10].map(x, x + 1)[0] + x)") == [12, 13]
    assert value("[1, 2].all(a, [3].all(b, [a, b].all(c, c > 0)) && a < 3)") is True


def test_a_guard_is_decided_by_many_threads_at_once() -> None:
    """A guard keeps nothing of a decision: eight threads on different data get their own answers."""
    shared = compile_guard("[1, 2, 3].map(n, n * data.amount).exists(m, m == 3 * data.amount)", SCOPE, BOOL)
    counted = guard("data.tags.map(t, t + data.kind)")
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda number: shared.holds(context(amount=number)), range(400)))
        texts = list(pool.map(lambda number: counted.value(context(kind=str(number))), range(400)))
    assert all(held)
    assert texts == [[f"a{number}", f"b{number}"] for number in range(400)]


def test_values_are_written_as_the_json_of_a_case() -> None:
    """Decimals and times are text in JSON; the same text read again is the same value."""
    given = {"n": [Decimal("1.50"), 2], "d": date(2015, 2, 9), "m": datetime(2015, 2, 9, 9, tzinfo=UTC)}
    given["s"] = timedelta(days=1, hours=2)
    written = {"n": ["1.50", 2], "d": "2015-02-09", "m": "2015-02-09T09:00:00.000000Z", "s": "P1DT2H"}
    assert json_value(given) == written
    assert json_value(Decimal("1E+3")) == "1000"
    assert json_value(Decimal("1E+3000")) == "1E+3000"
    assert json_value((None, True, "a")) == [None, True, "a"]


def test_a_list_type_without_items_holds_anything() -> None:
    """A scope may say no more than that a name is a list."""
    loose = Scope(names={"l": Type("list")})
    assert compile_guard("l.exists(v, v == 1)", loose).holds({"l": ["a", 1]}) is True
