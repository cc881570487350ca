"""Canonical bytes: the same as the reference implementation of RFC 8785, for every value in the domain."""

import hashlib
import json
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from accountability.canonical import INTEGER_MAX, NESTING_MAX, canonical, digest, instant, moment, read
from accountability.errors import CanonicalError

text = st.text(st.characters(exclude_categories=("Cs",)))
keys = st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0xFFFF))
scalars = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | text
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner))
anything = st.recursive(
    scalars | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class NoOffset(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, when):
        return None


class Name(str):
    """Text of a class of its own."""

    __slots__ = ()


@given(values)
@example('\x00\x1f\x7f\b\t\n\f\r"\\/\u2028\u2029\ufeff\uffff\U0001f600')
@example({"\r": 1, "1": 2, "": 3, "\u0080": 4, "ö": 5, "\u20ac": 6, "\ufb33": 7, "é": 8, "e\u0301": 9})
@example({"b": [True, None, {"a": {}}], "a": []})
def test_every_value_of_the_domain_has_the_bytes_of_rfc_8785(value):
    """The bytes are those of an independent implementation, so that anyone can compute our hashes."""
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_a_value_survives_being_written_and_read(value):
    """What was written is read back as the same value."""
    assert read(canonical(value).decode()) == value


@given(anything)
def test_any_json_value_is_written_as_rfc_8785_says_or_refused(value):
    """There is no third way: no value is written in bytes that another implementation would not write."""
    try:
        stored = canonical(value)
    except CanonicalError:
        return
    assert stored == rfc8785.dumps(value)


@given(anything, st.booleans(), st.sampled_from([(",", ":"), (", ", ": ")]), st.booleans())
def test_text_is_read_only_when_it_is_canonical(value, ascii_only, separators, sort):
    """Any other spelling of the same value is refused, so one value has one hash."""
    spelt = json.dumps(value, ensure_ascii=ascii_only, separators=separators, sort_keys=sort)
    try:
        same = read(spelt)
    except CanonicalError:
        try:
            stored = canonical(value)
        except CanonicalError:
            return
        assert stored != spelt.encode(errors="replace")
    else:
        assert canonical(same) == spelt.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        -0.0,
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        pytest.param(10**6000, id="huge"),
        Decimal("1.5"),
        b"bytes",
        {1, 2},
        {1: "a"},
        {None: "a"},
        {True: "a"},
        {Name("a"): 1},
        {"\U0001f600": 1},
        Name("a"),
        "\ud800",
        {"\ud800": 1},
        date(2015, 2, 9),
        datetime(2015, 2, 9, tzinfo=UTC),
        object(),
        iter([]),
    ],
)
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: {"a": [0, {"b": value}]}])
def test_a_value_outside_the_domain_is_refused_with_a_cure(value, wrap):
    """Floats, large numbers, odd keys and foreign types never get into a hash, however deep they are."""
    with pytest.raises(CanonicalError) as refused:
        canonical(wrap(value))
    assert refused.value.cure


def test_any_mapping_and_any_tuple_are_written_like_dicts_and_lists():
    """Frozen values need no copy to be hashed."""
    frozen = MappingProxyType({"b": (1, MappingProxyType({"y": 1, "x": 2})), "a": OrderedDict(b=1, a=2)})
    assert canonical(frozen) == b'{"a":{"a":2,"b":1},"b":[1,{"x":2,"y":1}]}'


def test_a_mapping_is_checked_inside_too():
    """A float cannot hide in a mapping that is no dict."""
    with pytest.raises(CanonicalError):
        canonical(MappingProxyType({"a": MappingProxyType({"b": 0.5})}))


def _nested(levels):
    value = "leaf"
    for _ in range(levels):
        value = [value]
    return value


def test_nesting_has_one_limit_that_does_not_depend_on_the_stack():
    """The deepest value is written and read; one level more is refused both ways."""
    deepest = canonical(_nested(NESTING_MAX))
    assert read(deepest.decode()) == _nested(NESTING_MAX)
    with pytest.raises(CanonicalError, match="nested deeper"):
        canonical(_nested(NESTING_MAX + 1))
    with pytest.raises(CanonicalError, match="nested deeper"):
        read(f"[{deepest.decode()}]")
    with pytest.raises(CanonicalError, match="nested deeper"):
        read("[" * 100_000 + "]" * 100_000)


def test_a_wide_value_is_not_taken_for_a_deep_one():
    """The limit is on depth, not on the number of brackets."""
    wide = [[] for _ in range(3 * NESTING_MAX)]
    assert read(canonical(wide).decode()) == wide


@pytest.mark.parametrize(
    "spelt",
    [
        "",
        "nul",
        "{",
        '{"a":1,}',
        '{"a": 1}',
        ' {"a":1}',
        '{"a":1}\n',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        "1.0",
        "1e3",
        "-0",
        "01",
        "NaN",
        "Infinity",
        "-Infinity",
        str(2**53),
        "1" * 6000,
        "-" + "1" * 19,
        '"\\u0041"',
        '"\\/"',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '"\ud800"',
        '"\n"',
        '{"\U0001f600":1}',
        '{"\U0001f600":1,"\uffff":2}',
        None,
        17,
        b"{}",
        [],
    ],
)
def test_text_that_is_not_canonical_is_refused(spelt):
    """Neither broken JSON nor another spelling nor another type is read, and nothing but CanonicalError is raised."""
    with pytest.raises(CanonicalError):
        read(spelt)


def test_the_digest_is_the_sha_256_of_the_bytes():
    """Anyone with a SHA-256 tool can check a digest."""
    assert digest({"b": 1, "a": "é"}) == hashlib.sha256('{"a":"é","b":1}'.encode()).hexdigest()


aware = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(minutes=-210))]),
)


@given(aware)
def test_a_moment_survives_being_written_and_read(when):
    """The stored form keeps every microsecond and every zone's moment."""
    stored = instant(when)
    assert len(stored) == 27
    assert moment(stored) == when
    assert moment(stored).tzinfo is UTC
    assert instant(moment(stored)) == stored


@given(aware, aware)
def test_stored_times_sort_as_text(one, other):
    """Databases may order times without knowing what they are."""
    assert (instant(one) < instant(other)) == (one < other)


@pytest.mark.parametrize(
    "when",
    [
        datetime(2015, 2, 9),
        datetime(2015, 2, 9, tzinfo=NoOffset()),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-8))),
    ],
)
def test_a_moment_without_a_utc_form_is_refused_with_a_cure(when):
    """A time without a zone, or beyond the calendar, is never guessed."""
    with pytest.raises(CanonicalError) as refused:
        instant(when)
    assert refused.value.cure


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "2015-02-09",
        "2015-02-09T01:00:00Z",
        "2015-02-09T01:00:00.000000",
        "2015-02-09T01:00:00.000000+00:00",
        "2015-02-09T09:00:00.000000+08:00",
        "2015-02-09 01:00:00.000000Z",
        "2015-02-09t01:00:00.000000z",
        "2015-02-30T01:00:00.000000Z",
        "2015-02-09T24:00:00.000000Z",
        "2015-02-09T25:00:00.000000Z",
        "0000-02-09T01:00:00.000000Z",
        "٢٠١٥-02-09T01:00:00.000000Z",
        "2015-02-09T01:00:00.000000Z\n",
    ],
)
def test_a_time_is_read_in_its_stored_form_only(stored):
    """One moment has one text, so that a changed text is always a changed moment."""
    with pytest.raises(ValueError):
        moment(stored)
