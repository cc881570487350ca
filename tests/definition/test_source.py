"""Reading YAML with the place of everything in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.definition.document import Document, Span
from accountability.definition.source import read


def codes(document: Document) -> list[str]:
    """Give the codes of a document's findings, in order."""
    return [finding.code for finding in document.findings]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("010", 10),
        ("0o17", 15),
        ("0xFF", 255),
        ("+5", 5),
        ("-0", 0),
        ("1:30", "1:30"),
        ("2015-02-09", "2015-02-09"),
        ("1_000", "1_000"),
        ("~", None),
        ("null", None),
        ("", None),
        ("TRUE", True),
        ("false", False),
        ("tRUE", "tRUE"),
        ("=", "="),
        ("'5'", "5"),
        ('"true"', "true"),
        ('""', ""),
        ("|\n  5\n", "5\n"),
        ("<<", "<<"),
        ("1e", "1e"),
        ("0o8", "0o8"),
        ("-", None),
    ],
)
def test_plain_text_means_what_yaml_1_2_says(written: str, value: object) -> None:
    """None of the surprises of YAML 1.1: no booleans from `no`, no octal numbers, no sexagesimals, no dates."""
    document = read(f"a: {written}\n", "f.yaml")

    if written == "-":
        assert codes(document) == ["ACC005"]
    else:
        assert document.data == {"a": value}
        assert type(document.data["a"]) is type(value)


@pytest.mark.parametrize("written", ["3.10", "1.", ".5", "1e3", "-2.5E-3", ".inf", "-.Inf", ".nan", "1.0"])
def test_a_number_without_an_exact_form_is_refused(written: str) -> None:
    """No float enters a definition, so its digest is the same on every computer."""
    document = read(f"a: {written}\n", "f.yaml")

    assert codes(document) == ["ACC016"]
    assert document.data == {"a": None}
    assert document.is_broken(("a",))


@pytest.mark.parametrize("written", ["9007199254740992", "-9007199254740992", "9" * 5000, "0x" + "F" * 5000])
def test_a_number_that_loses_digits_elsewhere_is_refused(written: str) -> None:
    """Whole numbers stay within what every JSON reader keeps exact, however long they are written."""
    assert codes(read(f"a: {written}\n", "f.yaml")) == ["ACC017"]


def test_every_value_and_key_has_its_place() -> None:
    """Lines and columns count from 1, in code points, also behind Chinese text."""
    document = read("标题: 信访\nstates:\n  - {a: 'x', b: y}\n  - z\n", "f.yaml")

    assert document.span(("标题",), key=True) == Span(1, 1, 1, 3)
    assert document.span(("标题",)) == Span(1, 5, 1, 7)
    assert document.span(("states",)) == Span(3, 3, 4, 6)
    assert document.span(("states", 0)) == Span(3, 5, 3, 19)
    assert document.span(("states", 0, "a")) == Span(3, 9, 3, 12)
    assert document.span(("states", 0, "b"), key=True) == Span(3, 14, 3, 15)
    assert document.span(("states", 1)) == Span(4, 5, 4, 6)


def test_a_path_that_leads_nowhere_gives_the_nearest_place_around_it() -> None:
    """A missing key is shown at the key of its parent, or at its first key where the parent is an item of a list."""
    document = read("top:\n  rule: {by: x}\n  many:\n    - by: x\n", "f.yaml")

    assert document.span(("top", "rule", "from")) == Span(2, 3, 2, 7)
    assert document.span(("top", "many", 0, "from")) == Span(4, 7, 4, 9)
    assert document.span(("top", "many", 7)) == Span(3, 3, 3, 7)
    assert document.span(("other", "thing")) == Span(1, 1, 1, 4)


def test_short_spellings_may_be_asked_for_written_out() -> None:
    """A single rule is its own first rule, and a bare guard its own first check."""
    document = read("go: {by: x, when: data.y}\n", "f.yaml")

    place = document.span(("go", "when"))
    assert document.span(("go", 0, "when", 0, "check")) == place
    assert document.span(("go", 0, "by", 0)) == Span(1, 10, 1, 11)


@pytest.mark.parametrize(
    "written",
    [
        "data.one && data.two",
        "'data.one == ''it'' && data.two'",
        '"data.one == \\"\\u4e2d\\" && \\x41 data.two"',
        "|\n    data.one &&\n      data.two\n",
        ">\n    data.one\n    && data.two\n",
        ">-\n\n    data.one\n\n    && x\n      more\n    data.two\n",
        "|2  # a comment with data.two\n     data.one\n    data.two\n",
        "data.one\n    && data.two",
        "'data.one\n\n    && data.two'",
        '"data.one \\\n    && data.two"',
    ],
)
def test_a_part_of_a_guard_has_its_own_place(written: str) -> None:
    """A finding inside a guard points at the word it is about, however the guard is written."""
    text = f"go:\n  when: {written}\n"
    document = read(text, "f.yaml")
    assert document.findings == ()
    value = document.data["go"]["when"]

    start = value.index("data.two")
    span = document.span(("go", "when"), within=(start, start + len("data.two")))

    line = text.split("\n")[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "data.two"
    assert span.line == span.end_line


@given(st.text(st.sampled_from(list("ab\"'\\: \n\t中😀")), min_size=1, max_size=30).filter(str.strip))
def test_positions_in_quoted_text_are_exact(value: str) -> None:
    """In double quotes every character of a value is found where it was written."""
    written = json.dumps(value, ensure_ascii=False)
    document = read(f"a: {written}\n", "f.yaml")
    assert document.data == {"a": value}

    column = 5
    for index, character in enumerate(value):
        span = document.span(("a",), within=(index, index + 1))
        assert (span.line, span.column) == (1, column)
        column += len(json.dumps(character, ensure_ascii=False)) - 2


@given(
    st.sampled_from(["|", ">", "|-", ">+", "'"]),
    st.lists(st.text(st.sampled_from(list("ab. ")), max_size=8), min_size=1, max_size=6),
)
def test_positions_in_blocks_are_exact_for_everything_but_white_space(style: str, lines: list[str]) -> None:
    """In literal, folded and quoted text over several lines, visible characters are found where they were written."""
    body = "\n".join(f"  {line}".rstrip() for line in lines)
    text = f"a: '{body.strip()}'\n" if style == "'" else f"a: {style}\n{body}\n"
    document = read(text, "f.yaml")
    value = document.data["a"] if document.data else ""

    for index, character in enumerate(value or ""):
        span = document.span(("a",), within=(index, index + 1))
        if not character.isspace():
            assert text.split("\n")[span.line - 1][span.column - 1] == character


@given(st.integers(-5, 60), st.integers(-5, 60))
def test_any_offsets_give_a_place(start: int, end: int) -> None:
    """A wrong offset gives a place in the value, not an error."""
    document = read("a: 'x''y'\nb: {c: 1}\n", "f.yaml")

    for path in (("a",), ("b",), ("b", "c"), ()):
        assert document.span(path, within=(start, end)).line in (1, 2)


def test_what_is_refused_does_not_hide_the_rest() -> None:
    """Several mistakes of different kinds are shown in one run."""
    text = "a: &x 1\nb: *x\nc: !!str 2\na: 3\n? [k]\n: v\nd: 1.5\n"

    document = read(text, "f.yaml")

    assert codes(document) == ["ACC012", "ACC013", "ACC014", "ACC011", "ACC015", "ACC016"]
    assert document.data == {"a": 1, "b": None, "c": 2, "d": None}


def test_aliases_cannot_make_a_file_grow() -> None:
    """A bomb of aliases is refused while it is read."""
    text = "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a, *a]\n" for n in range(500))

    document = read(text, "f.yaml")

    assert document.data["k499"] == [None, None, None]
    assert {"ACC012", "ACC013"} == set(codes(document))


def test_deep_nesting_is_refused_at_its_place() -> None:
    """Nesting of any depth gives a finding, never a crash."""
    for opening in ("[", "{a: ", "- "):
        document = read(("a: " if opening != "- " else "") + opening * 50_000, "f.yaml")

        assert codes(document)[-1] in ("ACC009", "ACC008")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_is_read_as_json_reads_it(value: object) -> None:
    """JSON is a part of YAML: what a JSON reader makes of it, this reader makes of it too."""
    document = read(json.dumps({"value": value}, ensure_ascii=False), "f.json")

    refused = {"ACC003", "ACC009"}
    assert document.data == {"value": value} or refused & set(codes(document))


@pytest.mark.parametrize(
    ("right", "slip", "place", "message"),
    [
        ("version: 1", "version:1", (2, 9), "a blank is missing after this `:`"),
        ("version: 1", "version：1", (2, 8), "a full-width colon stands where `: ` is meant"),
        ("{a: A, b: B}", "{a: A，b: B}", (3, 13), "a full-width comma stands where `,` is meant"),
        ("by: a}", 'by: a, when: data.x == "1" ? true : false}', (5, 20), "a guard inside `{ }` stands without quotes"),
        ("by: a}", "by: a, when:}", (5, 18), "a value is missing after this `:`"),
    ],
)
def test_a_slip_of_the_pen_is_named_where_it_was_made(
    right: str, slip: str, place: tuple[int, int], message: str
) -> None:
    """Not where the parser gave up, which may be a line further down."""
    text = "workflow: w\nversion: 1\nroles: {a: A, b: B}\nx:\n  y: {by: a}\nz: 1\n"
    [finding] = read(text.replace(right, slip), "f.yaml").findings

    assert ((finding.line, finding.column), finding.message) == (place, message)
