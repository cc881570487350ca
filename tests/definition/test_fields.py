"""Values of declared fields."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.canonical import INTEGER_MAX, canonical, instant
from accountability.definition.fields import FieldError, accept
from accountability.definition.model import DataField


def field(kind: str, **declared: Any) -> DataField:
    """Declare a field as a workflow file would."""
    return DataField.model_validate({"type": kind, **declared})


TYPES = ("string", "integer", "decimal", "boolean", "date", "datetime", "duration", "list", "object")


class Source(StrEnum):
    """Text with a class of its own."""

    PETITION = "petition"


class Level(IntEnum):
    """A number with a class of its own."""

    HIGH = 3


ACCEPTED = [
    ("string", "信访", "信访"),
    ("string", Source.PETITION, "petition"),
    ("string", "", ""),
    ("integer", -3, -3),
    ("integer", INTEGER_MAX, INTEGER_MAX),
    ("decimal", "12.50", "12.50"),
    ("decimal", 7, "7"),
    ("decimal", Decimal("1E+3"), "1000"),
    ("decimal", Decimal("0.10"), "0.10"),
    ("decimal", "-0.00", "0.00"),
    ("boolean", True, True),
    ("date", "2015-02-09", "2015-02-09"),
    ("date", date(2015, 2, 9), "2015-02-09"),
    ("datetime", "2015-02-09T09:00+08:00", "2015-02-09T01:00:00.000000Z"),
    ("datetime", "2015-02-09T01:00:00.5Z", "2015-02-09T01:00:00.500000Z"),
    ("datetime", datetime(2015, 2, 9, 9, tzinfo=timezone(timedelta(hours=8))), "2015-02-09T01:00:00.000000Z"),
    ("duration", "P15D", "P15D"),
    ("duration", "P1DT2H3M4S", "P1DT2H3M4S"),
    ("list", ["a", 1, None, [True], {"b": "c"}], ["a", 1, None, [True], {"b": "c"}]),
    ("list", (), []),
    ("object", {"a": {"b": [1]}}, {"a": {"b": [1]}}),
]


@pytest.mark.parametrize(("kind", "value", "kept"), ACCEPTED)
def test_a_value_of_the_type_is_kept_in_its_json_form(kind: str, value: object, kept: object) -> None:
    """Python values and their JSON spellings both are accepted, and one form is kept."""
    accepted = accept(field(kind), value, "x")

    assert accepted == kept
    assert type(accepted) is type(kept)


REFUSED = [
    ("string", 5),
    ("string", None),
    ("string", b"text"),
    ("string", "\ud800"),
    ("integer", True),
    ("integer", "3"),
    ("integer", 3.0),
    ("integer", Level.HIGH),
    ("integer", INTEGER_MAX + 1),
    pytest.param("integer", 10**5000, id="integer-very-large"),
    ("decimal", 0.5),
    ("decimal", True),
    ("decimal", "1e3"),
    ("decimal", "01"),
    ("decimal", "+1"),
    ("decimal", ".5"),
    ("decimal", "1."),
    ("decimal", "1 "),
    ("decimal", "1\n"),
    ("decimal", "١"),
    ("decimal", "NaN"),
    ("decimal", Decimal("Infinity")),
    ("decimal", Decimal("NaN")),
    ("decimal", Decimal("1E+999999")),
    ("decimal", "1" * 35),
    ("boolean", 1),
    ("boolean", "true"),
    ("boolean", None),
    ("date", "2015-2-9"),
    ("date", "20150209"),
    ("date", "2015-02-30"),
    ("date", "2015-W07-1"),
    ("date", "0000-01-01"),
    ("date", "２015-02-09"),
    ("date", datetime(2015, 2, 9, tzinfo=UTC)),
    ("date", 20150209),
    ("datetime", "2015-02-09"),
    ("datetime", "2015-02-09T09:00"),
    ("datetime", "2015-02-09 09:00Z"),
    ("datetime", "2015-02-09T24:00Z"),
    ("datetime", "2015-02-09T09:00:60Z"),
    ("datetime", "2015-02-09T09:00:00.1234567Z"),
    ("datetime", "0001-01-01T00:00+08:00"),
    ("datetime", datetime(2015, 2, 9)),
    ("datetime", 1423447200),
    ("duration", timedelta(days=1)),
    ("duration", "P"),
    ("duration", "PT"),
    ("duration", "P1DT"),
    ("duration", "P1M"),
    ("duration", "P1Y"),
    ("duration", "15 days"),
    ("duration", "-P1D"),
    ("duration", "P999999999W"),
    ("list", "ab"),
    ("list", {"a": 1}),
    ("list", [0.5]),
    ("list", [datetime.now(UTC)]),
    ("object", [("a", 1)]),
    ("object", {1: "a"}),
    ("object", {"😀": "a"}),
    ("object", {"a": object()}),
]


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_any_other_value_is_refused_with_a_cure(kind: str, value: object) -> None:
    """Nothing is bent into a type: the person is told what the field takes."""
    with pytest.raises(FieldError) as caught:
        accept(field(kind), value, "amount")

    assert "`amount" in caught.value.message
    assert caught.value.where.startswith("amount")
    assert caught.value.cure


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        (field("integer", minimum=1, maximum=9), 9, 10),
        (field("integer", minimum=1), 1, 0),
        (field("decimal", minimum="0.10", maximum=2), "0.1", "0.099"),
        (field("decimal", maximum="2"), "2.000", "2.001"),
        (field("date", minimum="2015-01-01", maximum="2015-12-31"), "2015-12-31", "2016-01-01"),
        (field("datetime", minimum="2015-01-01T00:00+08:00"), "2014-12-31T16:00Z", "2014-12-31T15:59:59Z"),
        (field("string", min_length=2, max_length=3), "信访", "信"),
        (field("string", max_length=3), "abc", "abcd"),
        (field("list", min_length=1), ["a"], []),
        (field("list", max_length=1), ["a"], ["a", "b"]),
        (field("string", enum=["petition", "audit"]), "audit", "audits"),
        (field("integer", enum=[1, 2]), 1, 3),
        (field("decimal", enum=["0.50", 1]), "0.5", "0.51"),
        (field("datetime", enum=["2015-02-09T09:00+08:00"]), "2015-02-09T01:00Z", "2015-02-09T09:00Z"),
        (field("duration", enum=["PT36H"]), "P1DT12H", "PT35H"),
        (field("list", items={"type": "integer", "minimum": 0}), [0, 1], [0, -1]),
        (field("object", fields={"id": {"type": "string"}}), {"id": "a"}, {"id": 5}),
    ],
)
def test_bounds_and_choices_hold(declared: DataField, good: object, bad: object) -> None:
    """Bounds include their own value, whatever the spelling of the number or moment."""
    accept(declared, good, "x")

    with pytest.raises(FieldError):
        accept(declared, bad, "x")


def test_a_wrong_part_is_named_exactly() -> None:
    """In lists and objects the message names the item and the inner field."""
    persons = field("list", items={"type": "object", "fields": {"name": {"type": "string"}}})

    with pytest.raises(FieldError) as caught:
        accept(persons, [{"name": "Zhang"}, {"name": 5}], "persons")
    assert caught.value.where == "persons[1].name"

    with pytest.raises(FieldError) as caught:
        accept(persons, [{"nam": "Zhang"}], "persons")
    assert caught.value.cure == "did you mean `name`?"


def test_inner_defaults_are_filled_in() -> None:
    """An inner field that was left out gets its default, in its JSON form."""
    declared = field("object", fields={"level": {"type": "decimal", "default": 1}, "name": {"type": "string"}})

    assert accept(declared, {}, "x") == {"level": "1"}


def test_an_object_has_the_inner_fields_that_it_needs() -> None:
    """The message names the item and what it lacks; a default is as good as a value that was given."""
    inner = {"problem": {"type": "string"}, "due": {"type": "date"}, "source": {"type": "string", "default": "visit"}}
    declared = field("list", items={"type": "object", "needs": ["problem", "source"], "fields": inner})

    assert accept(declared, [{"problem": "rust"}], "found") == [{"problem": "rust", "source": "visit"}]
    with pytest.raises(FieldError, match=r"`found\[1\]` lacks `problem`") as caught:
        accept(declared, [{"problem": "rust"}, {"due": "2026-03-02"}], "found")
    assert (caught.value.where, caught.value.cure) == ("found[1]", "give its `problem`")


@pytest.mark.parametrize("protected", [{"personal": True}, {"readers": ["leader"]}])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "secret"),
        ("string", ["secret"]),
        ("date", "secret"),
        ("decimal", "secret"),
        ("object", {"secret": 1}),
        ("list", ["secret"]),
    ],
)
def test_a_withheld_value_never_stands_in_a_message(kind: str, value: object, protected: dict[str, Any]) -> None:
    """Refusals are recorded for ever, so what is said about a protected field does not give it away."""
    inner: dict[str, Any] = {"fields": {"a": {"type": "string"}}} if kind == "object" else {}
    inner |= {"items": {"type": "integer"}} if kind == "list" else {}

    with pytest.raises(FieldError) as caught:
        accept(field(kind, **inner, **protected), value, "name")

    error = caught.value
    assert "secret" not in f"{error} {error.message} {error.cure} {error.where}"
    assert error.__suppress_context__


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(TYPES), JSON)
def test_whatever_is_accepted_can_be_recorded_and_is_accepted_again(kind: str, value: object) -> None:
    """A kept value has canonical bytes, survives JSON, and is its own kept form."""
    try:
        kept = accept(field(kind), value, "x")
    except FieldError:
        return

    canonical(kept)
    assert accept(field(kind), json.loads(json.dumps(kept)), "x") == kept


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4))
def test_decimals_are_exact(value: Decimal) -> None:
    """No digit of an amount is lost."""
    assert Decimal(accept(field("decimal"), value, "x")) == value


@given(st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))
def test_moments_are_kept_as_the_record_writes_them(value: datetime) -> None:
    """A moment means the same instant afterwards, in the record's one form."""
    assert accept(field("datetime"), value, "x") == instant(value)


@given(st.sampled_from(TYPES), st.text(st.sampled_from(list("0123456789-+:.TZPDHMSW ")), max_size=30))
def test_strange_text_is_accepted_as_it_is_or_refused(kind: str, text: str) -> None:
    """Text made of the signs of numbers, dates and durations never raises anything but a refusal with a cure."""
    with contextlib.suppress(FieldError):
        assert isinstance(accept(field(kind), text, "x"), str)
