"""The grammar: what is read, where it stands, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accountability.guards import BOOL, GuardError, Scope, check_guard
from accountability.guards.syntax import DEPTH_MAX, TEXT_MAX, parse
from accountability.guards.tree import Binary, Choice, Field, Literal, Logic, Unary
from tests.guards.scopes import problems, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("7 / 2 * 2", 6),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("1 < 2 == true", True),
        ("true || false && false", True),
        ("!true || true", True),
        ("true ? 1 : false ? 2 : 3", 1),
        ("--1", 1),
        ("- -1", 1),
        ("1 - -1", 2),
        ("!!true", True),
        ("0x1F", 31),
        ("-9223372036854775808", -(2**63)),
        ("1.50", Decimal("1.50")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("r'a\\n'", "a\\n"),
        ("'\\u4e2d' // a remark", "中"),
        ("'''a\nb'''", "a\nb"),
        ("[1, 2,][1]", 2),
        ("null == null", True),
        ("size('héllo😀')", 6),
        ("data['kind'].size()", 8),
    ],
)
def test_expressions_are_read_as_cel_reads_them(text: str, expected: object) -> None:
    """Precedence, association, literals and remarks follow CEL."""
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_every_node_knows_its_place() -> None:
    """Offsets count code points and include the brackets that belong to a node's operands."""
    text = '"😀" == data.kind && !(data.amount + 1) .b ? 1 : 2'
    tree = parse(text)
    assert isinstance(tree, Choice)
    assert isinstance(tree.test, Logic)
    left, right = tree.test.operands
    assert isinstance(left, Binary)
    assert isinstance(right, Unary)
    assert isinstance(right.operand, Field)
    assert text[left.start : left.end] == '"😀" == data.kind'
    assert text[left.at : left.at + 2] == "=="
    assert text[right.start : right.end] == "!(data.amount + 1) .b"
    assert text[right.operand.start : right.operand.end] == "(data.amount + 1) .b"
    assert text[right.operand.at : right.operand.end] == "b"
    assert (tree.start, tree.end) == (0, len(text))


def test_many_conditions_are_not_deep() -> None:
    """A long run of `&&` is one node, so that three hundred conditions are as good as two."""
    tree = parse(" && ".join(["true"] * 300))
    assert isinstance(tree, Logic)
    assert len(tree.operands) == 300
    assert tree.depth == 2


def test_the_depth_is_bounded_and_named() -> None:
    """Brackets, signs, operators and fields nested to the limit pass, one more is refused."""
    inside = DEPTH_MAX - 1
    assert isinstance(parse("(" * inside + "1" + ")" * inside), Literal)
    for text in (
        "(" * 40 + "1" + ")" * 40,
        "[" * 40 + "]" * 40,
        "+".join("1" * 40),
        "a" + ".b" * 40,
        "1" + "?1:1" * 40,
    ):
        assert [code for code, _ in problems(text, None)] == ["ACC310"]
    assert str(DEPTH_MAX) in check_guard("(" * 2000, Scope(), None)[0].message


def test_the_length_is_bounded_in_bytes() -> None:
    """A guard of 4096 bytes is read; one more byte is refused, also within 4096 characters."""
    assert isinstance(parse(f"'{'a' * (TEXT_MAX - 2)}'"), Literal)
    assert [code for code, _ in problems(f"'{'a' * (TEXT_MAX - 1)}'", None)] == ["ACC309"]
    assert [code for code, _ in problems(f"'{'中' * 1500}'", None)] == ["ACC309"]


@pytest.mark.parametrize(
    ("text", "code", "place", "cure"),
    [
        ("", "ACC300", "", "leave the key out"),
        ("  // nothing", "ACC300", "  // nothing", "leave the key out"),
        ("data.amount = 3", "ACC300", "=", "`==`"),
        ("data.open & true", "ACC300", "&", "`&&`"),
        ("data.open and true", "ACC300", "and", "`&&`"),
        ("1 +", "ACC300", "", "a value"),
        ("(1", "ACC300", "", "`)` should close the `(` at character 1"),
        ("1)", "ACC300", ")", "end here"),
        ("size(1,)", "ACC300", ")", "argument"),
        ("a ? b ? c : d : e", "ACC300", "?", "brackets"),
        ("-!true", "ACC300", "!", "brackets"),
        ("data.in", "ACC300", "in", '["in"]'),
        ("“a”", "ACC300", "“", "plain quotation marks"),
        ("数据", "ACC300", "数", "quotation marks"),
        ("'a", "ACC308", "'a", "close it"),
        ("'a\\q'", "ACC308", "\\q", "backslash"),
        ("'\\ud800'", "ACC308", "\\ud800", "backslash"),
        ("9223372036854775808", "ACC308", "9223372036854775808", "9223372036854775807"),
        ("-9223372036854775809", "ACC308", "9223372036854775809", "9223372036854775807"),
        ("9" * 4000, "ACC308", "9" * 4000, "9223372036854775807"),
        ("1.12345678901234567890123456789012345", "ACC308", "1.12345678901234567890123456789012345", "fewer"),
        ("1e9999999999", "ACC308", "1e9999999999", "fewer"),
        ("let", "ACC312", "let", "another name"),
        ("1u", "ACC313", "1u", "`u`"),
        ("b'a'", "ACC313", "b'", "`b`"),
        ("{'a': 1}", "ACC313", "{", "field by field"),
        ("Case{id: 1}", "ACC313", "{", "field by field"),
        ("has(data)", "ACC315", "has(data)", "has(data.amount)"),
        ("[1].all(1, true)", "ACC320", "1", ".all(x, x > 0)"),
        ("[1].all(x)", "ACC320", "all(x)", ".all(x, x > 0)"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place_and_cure(text: str, code: str, place: str, cure: str) -> None:
    """One problem: its code, the exact piece of text, and what to do."""
    (problem,) = check_guard(text, Scope(), BOOL)
    assert (problem.code, text[problem.start : problem.end]) == (code, place)
    assert cure in problem.help


def test_the_error_of_compiling_carries_the_same_problem() -> None:
    """`GuardError` holds the problems as data, with the first one's cure."""
    with pytest.raises(GuardError) as caught:
        value("1 +")
    assert caught.value.problems == check_guard("1 +", Scope())
    assert caught.value.cure == caught.value.problems[0].help
