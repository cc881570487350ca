"""What callers hand in: made into values, or refused with a cure before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accountability import Actor, Document, InputError
from tests.engine.desk import ANN, BOB, Desk, opened_desk

PERMIT = """\
workflow: permit
version: 1
roles: {clerk: Clerk, head: Head}
data:
  text: {type: string}
  whole: {type: integer}
  exact: {type: decimal}
  flag: {type: boolean}
  day: {type: date}
  moment: {type: datetime}
  span: {type: duration}
  days: {type: list, items: {type: date}}
  person:
    type: object
    fields: {born: {type: date}, share: {type: decimal}, tags: {type: list, items: {type: string}}}
  secret: {type: decimal, personal: true}
  anything: {type: object}
start:
  by: clerk
  accepts: [text, whole, exact, flag, day, moment, span, days, person, secret, anything]
states: {a: , z: {final: true}}
initial: a
transitions:
  put:
    from: a
    by: clerk
    accepts: [text, whole, exact, flag, day, moment, span, days, person, secret, anything]
  file: {from: a, by: clerk, documents: paper}
  work_out:
    from: a
    by: clerk
    needs: [exact, moment]
    sets:
      exact: data.exact * 2.00
      day: date("2015-03-01")
      moment: data.moment + duration("24h")
      span: data.moment - timestamp("2015-02-01T00:00:00Z")
  end: {from: a, to: z, by: [clerk, head]}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open an office that gives permits."""
    with opened_desk(tmp_path, PERMIT) as desk:
        yield desk


MOMENT = datetime.fromisoformat("2015-02-09T09:00+08:00")

GIVEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"text": "Mühle 磨坊 🏠\n\t\"'\\"}, {"text": "Mühle 磨坊 🏠\n\t\"'\\"}),
    ({"whole": -(2**53 - 1)}, {"whole": -(2**53 - 1)}),
    ({"exact": Decimal("1200.50")}, {"exact": "1200.50"}),
    ({"exact": Decimal("1E+3")}, {"exact": "1000"}),
    ({"exact": Decimal("-0.00")}, {"exact": "0.00"}),
    ({"exact": 7}, {"exact": "7"}),
    ({"exact": "0.1"}, {"exact": "0.1"}),
    ({"flag": False}, {"flag": False}),
    ({"day": date(2015, 2, 9)}, {"day": "2015-02-09"}),
    ({"moment": MOMENT}, {"moment": "2015-02-09T01:00:00.000000Z"}),
    ({"moment": "2015-02-09T09:00:00.5+08:00"}, {"moment": "2015-02-09T01:00:00.500000Z"}),
    ({"span": timedelta(days=1, hours=2)}, {"span": "P1DT2H"}),
    ({"span": "PT36H"}, {"span": "PT36H"}),
    ({"days": (date(2015, 2, 9), "2015-02-10")}, {"days": ["2015-02-09", "2015-02-10"]}),
    ({"days": []}, {"days": []}),
    (
        {"person": {"born": date(1980, 1, 1), "share": Decimal("0.5"), "tags": ("a",)}},
        {"person": {"born": "1980-01-01", "share": "0.5", "tags": ["a"]}},
    ),
    ({"person": {}}, {"person": {}}),
    ({"secret": Decimal("12.50")}, {"secret": "12.50"}),
    ({"anything": {"深": [1, None, {"k": "v"}]}}, {"anything": {"深": [1, None, {"k": "v"}]}}),
]


@pytest.mark.parametrize(("data", "kept"), GIVEN)
def test_values_keep_their_form_from_the_call_to_the_replay(desk: Desk, data: dict[str, Any], kept: dict[str, Any]):
    """Python's own values or JSON: one form in the case, in the entry, in the store and in the replay."""
    started = desk.engine.start("permit", by=ANN, data=data)
    empty = desk.engine.start("permit", by=ANN)
    put = desk.engine.fire(empty.id, "put", by=ANN, data=data)

    for case in (started, put):
        assert case.data == kept
        assert desk.engine.case(case.id, by=ANN).data == kept
        assert desk.engine.replay(case.id, by=ANN).data == kept
        clear = {} if "secret" in kept else kept
        assert desk.last(case).data == clear
        assert desk.engine.case(case.id).data == clear
    assert desk.problems() == {}


def test_computed_values_survive_the_replay(desk: Desk):
    """Decimals with their digits, days, moments and spans that a rule worked out."""
    case = desk.engine.start("permit", by=ANN)
    case = desk.engine.fire(case.id, "work_out", by=ANN, data={"exact": Decimal("1.10"), "moment": MOMENT})

    assert case.data == {
        "exact": "2.2000",
        "day": "2015-03-01",
        "moment": "2015-02-10T01:00:00.000000Z",
        "span": "P8DT1H",
    }
    assert desk.engine.replay(case.id) == case
    assert desk.problems() == {}


def nested(depth: int) -> list[Any]:
    """Nest a list in itself so many times."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


SHA = hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize(
    "parts",
    [
        {"by": Actor("\ud800", {"clerk"})},
        {"by": Actor("ann", {"cl\ud800erk"})},
        {"by": Actor("ann", {""})},
        {"by": Actor("ann", {"clerk"}, " ")},
        {"by": Actor("ann", [3])},  # type: ignore[list-item]
        {"by": None},
        {"trigger": ""},
        {"trigger": None},
        {"trigger": "\ud800"},
        {"data": {3: "x"}},
        {"data": {"text": {"deep": {4: "x"}}}},
        {"data": {"text": nested(5000)}},
        {"data": {"text": {1, 2}}},
        {"data": {"text": object()}},
        {"data": {"text": float("nan")}},
        {"data": {"whole": 2**53}},
        {"data": {"moment": datetime(2015, 2, 9)}},
        {"data": {"🏠": 1}},
        {"documents": ["paper"]},
        {"documents": {"": b"x"}},
        {"documents": {3: b"x"}},
        {"documents": {"paper": 5}},
        {"documents": {"paper": None}},
        {"documents": {"pa\ud800per": b"x"}},
        {"documents": {"paper": "no/such/file"}},
        {"documents": {"paper": "null\0character"}},
        {"documents": {"paper": "."}},
        {"documents": {"paper": Document("paper", "abc", 1, "text/plain")}},
        {"documents": {"paper": Document("paper", SHA.upper(), 1, "text/plain")}},
        {"documents": {"paper": Document("paper", SHA, -1, "text/plain")}},
        {"documents": {"paper": Document("paper", SHA, 1, "")}},
        {"occurred": 5},
        {"occurred": date(2015, 2, 9)},
        {"occurred": datetime(2015, 2, 9)},
        {"occurred": "0001-01-01T00:00+08:00"},
        {"occurred": "2015-02-30T00:00+08:00"},
        {"reason": b"because"},
        {"reason": "\udfff"},
    ],
)
def test_what_makes_no_sense_is_told_with_a_cure_and_writes_nothing(desk: Desk, parts: dict[str, Any]):
    """A mistake of the caller is an InputError, whatever it is; nothing unreadable gets into the record."""
    case = desk.engine.start("permit", by=ANN)
    before = len(list(desk.engine.history(refusals=True)))

    with pytest.raises(InputError) as error:
        desk.engine.fire(case.id, **({"trigger": "put", "by": ANN} | parts))
    assert error.value.cure
    assert len(list(desk.engine.history(refusals=True))) == before
    assert desk.problems() == {}


def test_a_document_is_called_as_it_is_handed_in(desk: Desk):
    """Its digest may be known already, from wherever the document is kept; the name is the one the rule asks for."""
    case = desk.engine.start("permit", by=ANN)
    kept = Document("scan-0815.pdf", SHA, 1, "application/pdf")
    desk.engine.fire(case.id, "file", by=ANN, documents={"paper": kept})

    assert desk.last(case).documents == (Document("paper", SHA, 1, "application/pdf"),)


def test_a_large_document_is_read_in_parts(desk: Desk, tmp_path: Path):
    """The digest is of every byte, the type is read from the name."""
    paper = tmp_path / "paper.txt"
    content = bytes(range(256)) * 10_000
    paper.write_bytes(content)
    case = desk.engine.start("permit", by=ANN)
    desk.engine.fire(case.id, "file", by=ANN, documents={"paper": str(paper)})

    (document,) = desk.last(case).documents
    assert document == Document("paper", hashlib.sha256(content).hexdigest(), len(content), "text/plain")


def test_the_caller_may_go_on_using_what_was_handed_in(desk: Desk):
    """Data is copied: what the caller changes afterwards changes no case."""
    data: dict[str, Any] = {"days": ["2015-02-09"], "anything": {"k": ["v"]}}
    case = desk.engine.start("permit", by=ANN, data=data)
    data["days"].append("2015-02-10")
    data["anything"]["k"].append("w")

    assert case.data == {"days": ["2015-02-09"], "anything": {"k": ["v"]}}


def test_occurred_is_kept_in_utc_from_any_zone(desk: Desk):
    """What the actor says, as text or as a moment."""
    for occurred in ("2015-02-01T10:00+08:00", datetime.fromisoformat("2015-02-01T02:00+00:00")):
        case = desk.engine.start("permit", by=ANN, occurred=occurred)
        assert desk.last(case).occurred == datetime(2015, 2, 1, 2, tzinfo=UTC)


def test_roles_may_be_handed_in_as_one_word(desk: Desk):
    """A single role is not taken for its letters."""
    case = desk.engine.start("permit", by=Actor("ann", "clerk"))

    assert desk.engine.fire(case.id, "end", by=BOB).closed
