"""Guards mean what Google's CEL means: the same expressions on the same data give the same answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import assume, event, example, given, note
from hypothesis import strategies as st

from accountability.guards import (
    BOOL,
    DECIMAL,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    EvaluationError,
    GuardError,
    Scope,
    Slot,
    Type,
    check_guard,
    compile_guard,
    list_of,
)

FIELDS = {
    "i": Slot(INT),
    "s": Slot(STRING),
    "b": Slot(BOOL),
    "l": Slot(list_of(INT)),
    "w": Slot(list_of(STRING)),
    "m": Slot(INT),
    "o": Slot(Type("object", fields={"n": Slot(INT), "t": Slot(STRING)})),
}
SCOPE = Scope(names={"data": Type("object", fields=FIELDS), "t": TIMESTAMP, "u": DURATION, "q": DECIMAL, "x": DYN})
ORACLE = cel.NewEnv(
    variables={
        "data": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
        "t": cel.Type.TIMESTAMP,
        "u": cel.Type.DURATION,
        "q": cel.Type.DOUBLE,
        "x": cel.Type.DYN,
    }
)
FAILED = object()

INTS = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([2**63 - 1, -(2**63), 2**62, 2**32, -(2**63) + 1]),
    st.integers(-(2**63), 2**63 - 1),
)
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "é", "e\u0301", "😀", "\uffff", '"', "\\", "\n"]), st.text("abcé😀\t'", max_size=4)
)
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999), timezones=st.just(UTC))
SPANS = st.one_of(
    st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    st.timedeltas(timedelta(days=-106751), timedelta(days=106751)),
)
QUARTERS = st.integers(-64, 64).map(lambda number: number / 4)


def quoted(text: str) -> str:
    """Write text as CEL does: the escapes of JSON are among CEL's, but for pairs of surrogates."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def span_text(span: timedelta) -> str:
    return f"{span // timedelta(microseconds=1)}us"


class Writer:
    """Write expressions of a wanted type; what may stand there is told by `forms`, which grow with the depth left."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.variables: list[tuple[str, str]] = []

    def pick(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def write(self, kind: str, depth: int) -> str:
        forms = getattr(self, f"{kind}_forms")
        known = [name for name, of in self.variables if of == kind]
        if known and self.draw(st.integers(0, 2)) == 0:
            return self.pick(known)
        leaves, branches = forms(max(depth - 1, 0))
        form = self.pick(leaves if depth <= 0 else [*leaves[:2], *branches])
        text = form()
        return text if depth <= 0 or self.draw(st.integers(0, 3)) == 0 else f"({text})"

    def choice(self, kind: str, depth: int) -> str:
        return f"{self.write('bool', depth)} ? {self.write(kind, depth)} : {self.write(kind, depth)}"

    def about(self, kind: str, target: str, macro: str, body: str, depth: int) -> str:
        name, outer = self.pick(["v", "w"]), self.variables
        # An inner variable hides an outer one of the same name, whatever that one holds.
        self.variables = [pair for pair in outer if pair[0] != name] + [(name, kind)]
        written = self.write(body, depth)
        self.variables = outer
        return f"{target}.{macro}({name}, {written})"

    def int_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        return (
            [lambda: str(self.draw(INTS)), lambda: "data.i", lambda: "data.o.n", lambda: "data.m"],
            [
                lambda: f"{self.write('int', depth)} {self.pick(list('+-*/%'))} {self.write('int', depth)}",
                lambda: f"-({self.write('int', depth)})",
                lambda: f"--{self.write('int', 0)}",
                lambda: f"size({self.write(self.pick(['string', 'ints']), depth)})",
                lambda: f"{self.write('ints', depth)}[{self.write('int', depth)}]",
                lambda: self.choice("int", depth),
            ],
        )

    def string_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        return (
            [lambda: quoted(self.draw(TEXTS)), lambda: "data.s", lambda: "data.o.t"],
            [
                lambda: f"{self.write('string', depth)} + {self.write('string', depth)}",
                lambda: f"{self.write('strings', depth)}[{self.write('int', depth)}]",
                lambda: self.choice("string", depth),
            ],
        )

    def ints_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        items = lambda: ", ".join(self.write("int", depth) for _ in range(self.draw(st.integers(0, 3))))  # noqa: E731
        return (
            [lambda: f"[{items()}]" if depth else "[1, 2]", lambda: "data.l"],
            [
                lambda: f"[{items()}]",
                lambda: f"{self.write('ints', depth)} + {self.write('ints', depth)}",
                lambda: self.about("int", self.write("ints", depth), "filter", "bool", depth),
                lambda: self.about("int", self.write("ints", depth), "map", "int", depth),
                lambda: self.about("string", self.write("strings", depth), "map", "int", depth),
                lambda: self.choice("ints", depth),
            ],
        )

    def strings_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        return (
            [lambda: f"[{quoted(self.draw(TEXTS))}]", lambda: "data.w"],
            [
                lambda: f"[{self.write('string', depth)}, {self.write('string', depth)}]",
                lambda: self.about("string", self.write("strings", depth), "filter", "bool", depth),
                lambda: self.about("int", self.write("ints", depth), "map", "string", depth),
            ],
        )

    def bool_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        alike = ["int", "string", "bool", "moment", "span", "decimal"]

        def compared() -> str:
            kind = self.pick(alike)
            return (
                f"{self.write(kind, depth)} {self.pick(['<', '<=', '>', '>=', '==', '!='])} {self.write(kind, depth)}"
            )

        def listed() -> str:
            kind = self.pick(["ints", "strings"])
            return f"{self.write(kind, depth)} {self.pick(['==', '!='])} {self.write(kind, depth)}"

        def quantified() -> str:
            kind = self.pick(["int", "string"])
            macro = self.pick(["all", "exists", "exists_one"])
            return self.about(kind, self.write(f"{kind}s", depth), macro, "bool", depth)

        test = lambda: self.pick(["startsWith", "endsWith", "contains"])  # noqa: E731
        return (
            [lambda: self.pick(["true", "false"]), lambda: "data.b", lambda: "has(data.m)", lambda: "has(data.o.n)"],
            [
                lambda: f"{self.write('bool', depth)} && {self.write('bool', depth)}",
                lambda: f"{self.write('bool', depth)} || {self.write('bool', depth)}",
                lambda: f"{self.write('bool', depth)} && {self.write('bool', depth)} || {self.write('bool', depth)}",
                lambda: f"!({self.write('bool', depth)})",
                compared,
                compared,
                listed,
                lambda: f"{self.write('int', depth)} in {self.write('ints', depth)}",
                lambda: f"{self.write('string', depth)} in {self.write('strings', depth)}",
                lambda: f"({self.write('string', depth)}).{test()}({self.write('string', depth)})",
                quantified,
                lambda: self.choice("bool", depth),
            ],
        )

    def moment_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        return (
            [lambda: f'timestamp("{self.draw(MOMENTS).isoformat()}")', lambda: "t"],
            [
                lambda: f"{self.write('moment', depth)} {self.pick(['+', '-'])} {self.write('span', depth)}",
                lambda: f"{self.write('span', depth)} + {self.write('moment', depth)}",
            ],
        )

    def span_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        return (
            [lambda: f'duration("{span_text(self.draw(SPANS))}")', lambda: "u"],
            [
                lambda: f"{self.write('moment', depth)} - {self.write('moment', depth)}",
                lambda: f"{self.write('span', depth)} {self.pick(['+', '-'])} {self.write('span', depth)}",
            ],
        )

    def decimal_forms(self, depth: int) -> tuple[list[Any], list[Any]]:
        return (
            [lambda: str(self.draw(QUARTERS)), lambda: "q"],
            [
                lambda: f"{self.write('decimal', depth)} {self.pick(['+', '-', '*'])} {self.write('decimal', depth)}",
                lambda: f"-({self.write('decimal', depth)})",
                lambda: self.choice("decimal", depth),
            ],
        )


@st.composite
def expressions(draw: Any, kinds: tuple[str, ...]) -> str:
    return Writer(draw).write(draw(st.sampled_from(kinds)), 4)


CONTEXTS = st.fixed_dictionaries(
    {
        "data": st.fixed_dictionaries(
            {
                "i": INTS,
                "s": TEXTS,
                "b": st.booleans(),
                "l": st.lists(INTS, max_size=4),
                "w": st.lists(TEXTS, max_size=4),
                "o": st.fixed_dictionaries({"t": TEXTS}, optional={"n": INTS}),
            },
            optional={"m": INTS},
        ),
        "t": MOMENTS,
        "u": SPANS,
        "q": QUARTERS,
    }
)
# One key a map: CEL leaves the order of keys open.
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), INTS, TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "1"]), inner, max_size=1),
    max_leaves=6,
)


def ours(text: str, context: dict[str, Any]) -> Any:
    """Give our value, as the oracle would; None of the exceptions but ours may come out."""
    native = {**context, "q": Decimal(str(context["q"]))} if "q" in context else context
    try:
        value = compile_guard(text, SCOPE, None).value(native)
    except EvaluationError as failed:
        return FAILED if 0 <= failed.start <= failed.end <= len(text) else failed
    return float(value) if isinstance(value, Decimal) else value


def theirs(text: str, context: dict[str, Any]) -> Any:
    """Give the oracle's value; its errors are values."""
    value = ORACLE.compile(text).eval(data=context)
    return FAILED if value.type() == cel.Type.ERROR else value.plain_value()


def same(left: Any, right: Any) -> bool:
    """Compare with the kinds: true is not 1."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left is right if FAILED in (left, right) else type(left) is type(right) and left == right


def agree(text: str, context: dict[str, Any]) -> None:
    note(text)
    try:
        expected = theirs(text, context)
    except Exception as refused:  # noqa: BLE001 -- the oracle raises its own kinds for what it does not accept
        event(f"not accepted by the oracle: {str(refused)[:60]}")
        return
    try:
        found = ours(text, context)
    except GuardError as error:
        event(f"not accepted by us: {error.problems[0].code}")
        return
    event("failed" if found is FAILED else f"gave {type(found).__name__}")
    assert same(found, expected), f"{text}\nours: {found!r}\ntheirs: {expected!r}"


@given(expressions(("bool", "bool", "int", "string", "ints", "strings", "moment", "span", "decimal")), CONTEXTS)
def test_typed_expressions_give_what_cel_gives(text: str, context: dict[str, Any]) -> None:
    """Integers, texts, bools, lists, times and exact decimals, under every operator and macro, on any data: the same
    value, and a failure exactly where CEL fails.
    """
    agree(text, context)


class LooseWriter(Writer):
    """Write `x`, of which only the data tells what it is, where a value of any kind may stand."""

    def write(self, kind: str, depth: int) -> str:
        if self.draw(st.integers(0, 3)) == 0:
            loose = ["x", "x.a", "x[0]", 'x["a"]', "x.a.b", "x[1]", f"x[{super().write('int', 0)}]"]
            if kind == "bool":
                loose += ["has(x.a)", "x == x.a", "x in x", '"a" in x', "null == x", f"x in {self.write('ints', 0)}"]
                loose += [
                    f"x == {super().write('ints', 0)}",
                    "x.all(v, v == 1)",
                    "x.exists(v, v > 1)",
                    "x.exists_one(v, v)",
                ]
            if kind in ("ints", "strings"):
                loose += ["x.filter(v, v != 1)", "x.map(v, v)", "x + x", "[x, 1]", "[x, [x]][0]"]
            if kind == "int":
                loose += ["size(x)", "x.size()", "-x", "x + 1", "x * x", "x % 2"]
            return self.pick(loose)
        return super().write(kind, depth)


@st.composite
def loose_expressions(draw: Any) -> str:
    return LooseWriter(draw).write(draw(st.sampled_from(["bool", "bool", "int", "string", "ints"])), 3)


@given(loose_expressions(), CONTEXTS, JSON)
def test_values_of_unknown_type_behave_as_in_cel(text: str, context: dict[str, Any], x: Any) -> None:
    """Values whose type only the data tells: the same value or failure as CEL, on JSON of any shape."""
    agree(text, {**context, "x": x})


PIECES = st.sampled_from(
    [
        *("a", "é", "😀", " ", "\\n", "\\t", "\\\\", "\\'", '\\"', "\\x41", "\\u00e9", "\\U0001F600", "\\101", "\\377"),
        *(
            "\\?",
            "\\`",
            "\\a",
            "\\q",
            "\\8",
            "\\400",
            "\\ud800",
            "\\U00110000",
            "\\x4",
            "\\",
            "'",
            '"',
            "\n",
            "//",
            "''",
            '""',
        ),
    ]
)


@given(
    st.sampled_from(["", "", "r", "R"]),
    st.sampled_from(["'", '"', "'''", '"""']),
    st.lists(PIECES, max_size=6).map("".join),
)
def test_strings_are_read_as_cel_reads_them(prefix: str, quote: str, body: str) -> None:
    """Quotes of all four kinds, raw or not, with every escape: the same text, and refused where CEL refuses."""
    text = f"{prefix}{quote}{body}{quote}"
    # The oracle takes a backslash before a quote in a raw string for an escape, which CEL's definition does not.
    assume(not (prefix and ("\\'" in text or '\\"' in text)))
    note(text)
    try:
        expected = ORACLE.compile(text).eval(data={}).plain_value()
    except Exception:  # noqa: BLE001 -- the oracle refuses in its own ways
        with pytest.raises(GuardError):
            compile_guard(text, SCOPE, None)
        return
    assert compile_guard(text, SCOPE, None).value({}) == expected


@given(
    st.from_regex(
        r"(0x[0-9aF]{1,20}|[0-9]{1,25}|-{1,3} ?[0-9]{1,20}|[0-9]{0,3}\.[0-9]{1,3}(e[+-]?[0-9])?|[0-9]e[0-9])",
        fullmatch=True,
    )
)
@example("-9223372036854775808")
@example("9223372036854775808")
@example("- 9223372036854775808")
@example("--9223372036854775808")
def test_numbers_are_read_as_cel_reads_them(text: str) -> None:
    """Decimal and hexadecimal integers with any number of signs, and decimals: the same number or none."""
    try:
        expected = ORACLE.compile(text).eval(data={})
    except Exception:  # noqa: BLE001 -- the oracle refuses in its own ways
        with pytest.raises(GuardError):
            compile_guard(text, SCOPE, None)
        return
    found = compile_guard(text, SCOPE, None).value({})
    assert (float(found) if isinstance(found, Decimal) else found) == expected.plain_value()


SPAN_TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["1", "0", "30", "1.5", ".5", "2.", "h", "m", "s", "ms", "us", "-", "+", " ", "d", "H", "99999999"]
        )
    ),
    max_size=7,
).map("".join)
MOMENT_TEXTS = st.from_regex(
    r"(2020|1999|0001|9999|0000)-(0[1-9]|1[0-3])-(0[1-9]|[23][0-9])[Tt ](0[0-9]|2[0-4]):[0-6][0-9]"
    r"(:[0-5][0-9](\.[0-9]{1,6})?)?([Zz]|[+-](0[0-9]|2[0-4]):[0-5]0)?",
    fullmatch=True,
)


@given(st.one_of(SPAN_TEXTS.map(lambda text: ("duration", text)), MOMENT_TEXTS.map(lambda text: ("timestamp", text))))
@example(("duration", "87660000h"))
@example(("duration", "87660001h"))
@example(("duration", "-1h30m"))
@example(("duration", "inf"))
@example(("timestamp", "0001-01-01T00:00:00+01:00"))
def test_times_are_read_as_cel_reads_them(written: tuple[str, str]) -> None:
    """The texts of moments and durations: the same time as CEL, and none that CEL refuses."""
    function, content = written
    text = f'{function}("{content}")'
    value = ORACLE.compile(text).eval(data={})
    if value.type() == cel.Type.ERROR:
        with pytest.raises(GuardError):
            compile_guard(text, SCOPE, None)
        return
    problems = check_guard(text, SCOPE, None)
    assert {problem.code for problem in problems} <= {"ACC319"}
    # What is refused lies outside Python's times: a second too fine, an offset of a day.
    assert problems or compile_guard(text, SCOPE, None).value({}) == value.plain_value()


MUTATIONS = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "!",
        "-",
        "--",
        "&&",
        "||",
        "?",
        ":",
        ".",
        ",",
        " in ",
        "true",
        "1",
        '"a"',
        "x",
        "has(",
        "e1",
        "0x",
        "+",
    ]
)


@given(expressions(("bool", "int")), st.integers(0, 400), st.integers(0, 3), MUTATIONS, CONTEXTS)
def test_damaged_expressions_are_refused_or_mean_the_same(
    text: str, at: int, cut: int, put: str, context: dict[str, Any]
) -> None:
    """An expression with a piece cut out or put in: what both accept gives the same, and nothing but a guard's own
    errors comes out.
    """
    at = min(at, len(text))
    agree(text[:at] + put + text[at + cut :], {**context, "x": None})
