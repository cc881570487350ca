"""Any text and any data: nothing comes out but a guard's own errors, within the bounds, and never slowly."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.guards import EvaluationError, GuardError, check_guard, compile_guard, json_value
from tests.guards.scopes import SCOPE, context

SECONDS_MAX = 10
"""Far above what any takes: seconds of this thread, so that a busy machine does not fail the test."""

WORDS = (
    *(
        "data",
        "data.amount",
        "data.kind",
        "data.open",
        "data.price",
        "data.due",
        "data.heard",
        "data.takes",
        "data.tags",
    ),
    *(
        "data.people",
        "data.level",
        "data.address",
        "data.free",
        "data.prices",
        "item",
        "x",
        "now",
        "actor.roles",
        "input",
    ),
    *("1", "0", "-1", "1.5", '"a"', "'b'", "true", "false", "null", "[]", "9223372036854775807", "r'\\'", "'''"),
    *(
        "&&",
        "||",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        ">=",
        " in ",
        "?",
        ":",
        ".",
        ",",
        "(",
        ")",
        "[",
        "]",
        "{",
    ),
    *(
        "has(",
        "size(",
        "date(",
        "duration(",
        "timestamp(",
        "times(",
        "visited(",
        "children(",
        ".all(p,",
        ".map(p,",
        ".filter(p,",
    ),
    *(
        ".exists(p,",
        ".exists_one(p,",
        ".size()",
        ".contains(",
        ".startsWith(",
        "p",
        "p.name",
        "p.age",
        "let",
        "//",
        "\n",
        "é",
        "😀",
    ),
    *('"register")', '"subjects")', '"held")', '("2015-02-09")', '("1h")', ".street", "[0]", "['a']", "\ud800", "\x00"),
)
EXPRESSIONS = (
    "data.amount >= 1000 && data.kind == 'x' || !data.open",
    "data.people.all(p, has(p.age) && p.age > 3)",
    "data.prices.map(p, p * 2.5 + 1).exists(q, q in data.prices)",
    "children('subjects').filter(c, !c.closed).size() == times('register') - 1",
    "has(data.address) && has(data.address.street) ? data.address.street : data.kind + 'a'",
    "data.due - date('2015-02-09') > duration('24h') && now - data.heard > data.takes",
    "x.a[0].b + 1 > x.c % 2 && x in [x, 1][1]",
    "data.free.all(n, n.startsWith('a')) == (data.tags[1] < 'b')",
)
ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.decimals(),
        st.datetimes(),
        st.dates(),
    )
    | st.timedeltas()
    | st.sampled_from(["2015-02-09", "2015-02-09T09:00:00Z", "P1D", "P1M", "1.5", "1e999", "-0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "name", "age", "street", "level"]), inner, max_size=3)
        | st.frozensets(st.integers(), max_size=2)
    ),
    max_leaves=8,
)
DATA = st.dictionaries(st.sampled_from(sorted(SCOPE.names["data"].fields or ())), ANYTHING)


def decide(text: str, data: dict[str, Any], x: Any) -> None:
    """Do everything that can be done with a text; a guard's own errors are the only ones."""
    before = time.thread_time()
    found = check_guard(text, SCOPE, None)
    for problem in found:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message
        assert problem.help
        assert 300 <= int(problem.code.removeprefix("ACC")) < 340
    if found:
        with pytest.raises(GuardError):
            compile_guard(text, SCOPE, None)
    else:
        guard = compile_guard(text, SCOPE, None)
        for seen in ({**context(**data), "x": x}, {"data": data, "x": x}, {}):
            tree = guard.explain(seen, ["data.kind"])
            assert tree.as_text()
            try:
                json_value(guard.value(seen))
            except EvaluationError as failed:
                assert failed.end <= len(text)  # noqa: PT017 -- whether it fails is not what is asked
    assert time.thread_time() - before < SECONDS_MAX


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=25).map("".join)), DATA, ANYTHING)
def test_any_text_is_refused_or_decided(text: str, data: dict[str, Any], x: Any) -> None:
    """Characters and words in any order, on data of any shape."""
    decide(text, data, x)


@given(
    st.sampled_from(EXPRESSIONS),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 4), st.sampled_from(("", *WORDS))), max_size=3),
    DATA,
    ANYTHING,
)
def test_damaged_guards_are_refused_or_decided(
    text: str, damages: list[tuple[int, int, str]], data: dict[str, Any], x: Any
) -> None:
    """Guards with pieces cut out and put in, on data that is not what it was declared to be."""
    for at, cut, put in damages:
        text = text[:at] + put + text[at + cut :]
    decide(text, data, x)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4000,
        "[" * 4000,
        "!" * 4000 + "true",
        "-" * 4000 + "1",
        "a." * 2000 + "a",
        "1+" * 2000 + "1",
        "1?" * 1000 + "1" + ":1" * 1000,
        "true?true:" * 400 + "true",
        "true&&" * 600 + "true",
        "true||false&&" * 300 + "true",
        "has(" * 1000,
        "f(" * 1000,
        "x[0]" * 1000,
        "x" + "[0]" * 1300,
        "'" + "\\" * 4000,
        "'''" + "''a" * 1300,
        "((x?x:x)?x:x)" * 300,
        "(" * 30 + "x" + "?x:x)" * 30,
        "[" + "[1]," * 1000 + "]",
        "x" + ".map(v,v)" * 400,
        "[0]" + ".map(v,[v,v])" * 30 + "==[0]" + ".map(v,[v,v])" * 30,
        "1 in " * 800 + "[1]",
        "//" * 2000,
        "0x" + "f" * 4000,
        "1e" + "9" * 4000,
        "." + "9" * 4000,
        'duration("' + "9" * 4000 + 'h")',
        "x.all(a,x.all(b,true))",
        "x.exists(a, x.exists(b, a.b.c))",
        "[1,2,3,4,5,6,7,8,9].all(a,[1,2,3,4,5,6,7,8,9].all(b,[1,2,3,4,5,6,7,8,9].all(c,a+b+c>0&&x.size()>0)))",
    ],
)
def test_hostile_guards_end_quickly(text: str) -> None:
    """Texts made to nest, to grow or to backtrack, on a long list; also when little of the stack is left."""
    decide(text, {}, [1] * 50_000)


def test_a_guard_needs_little_of_the_stack() -> None:
    """The deepest guard that is accepted is checked, decided and explained in four hundred frames."""
    text = "(" * 20 + "!(x && " * 4 + "has(data.level)" + ")" * 24
    limit = sys.getrecursionlimit()
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + 400)
    try:
        decide(text, {}, True)
    finally:
        sys.setrecursionlimit(limit)
