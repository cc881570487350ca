"""An entry's bytes: written once, read back exactly, and never read as something they are not."""

import hashlib
import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.entry import Actor, Document, Entry, decode, encode, from_body, leaf_hash
from accountability.audit.shape import FORMAT, KINDS
from accountability.canonical import INTEGER_MAX, canonical, read
from accountability.errors import RecordError

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
names = st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0xFFFF), max_size=8)
filled = text.filter(bool)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
places = st.integers(1, INTEGER_MAX)
counts = st.integers(0, INTEGER_MAX)
moments = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
json_values = st.recursive(
    st.none() | st.booleans() | counts | text, lambda inner: st.lists(inner, max_size=2), max_leaves=4
)
objects = st.dictionaries(names, json_values, max_size=3)
entries = st.builds(
    Entry,
    case=filled,
    seq=places,
    workflow=filled,
    version=places,
    definition=hashes,
    kind=st.sampled_from(KINDS),
    trigger=filled,
    source=st.none() | text,
    target=st.none() | text,
    actor=st.builds(Actor, filled, st.frozensets(text, max_size=3), st.none() | text),
    at=moments,
    occurred=st.none() | moments,
    reason=st.none() | text,
    data=objects,
    sets=objects,
    withheld=st.dictionaries(names, hashes, max_size=2),
    documents=st.lists(st.builds(Document, filled, hashes, counts, filled), max_size=2).map(tuple),
    rule=st.none() | counts,
    role=st.none() | filled,
    closed=st.none() | st.booleans(),
    parent=st.none() | st.fixed_dictionaries({"case": filled, "seq": places}),
    link=st.none() | filled,
    children=st.lists(
        st.fixed_dictionaries({"link": filled, "case": filled, "workflow": filled, "leaf": hashes}), max_size=2
    ).map(tuple),
    saw=st.dictionaries(names, places, max_size=2),
    reasons=st.lists(st.fixed_dictionaries({"code": filled, "message": filled, "detail": objects}), max_size=2).map(
        tuple
    ),
    published=st.none() | objects.filter(bool),
    prev=st.none() | hashes,
)

PLAIN = Entry(
    case="a",
    seq=1,
    workflow="petition",
    version=1,
    definition="0" * 64,
    kind="transition",
    trigger="start",
    source=None,
    target="received",
    actor=Actor("zhang", ["petition_officer", "clerk"], "county"),
    at=datetime(2015, 2, 9, 1, tzinfo=UTC),
)
STORED = (
    '{"actor":{"id":"zhang","roles":["clerk","petition_officer"],"unit":"county"},"at":"2015-02-09T01:00:00.000000Z",'
    '"case":"a","data":{},"definition":"' + "0" * 64 + '","documents":[],"from":null,"kind":"transition",'
    '"log":"unnamed","occurred":null,"prev":null,"reason":null,"seq":1,"to":"received","trigger":"start","v":1,"version":1,'
    '"workflow":"petition"}'
)
FULL = PLAIN.body() | {
    "seq": 2,
    "occurred": "2015-02-09T01:00:00.000000Z",
    "reason": "r",
    "data": {"x": 1},
    "documents": [{"name": "letter", "sha256": "0" * 64, "size": 1, "media_type": "text/plain"}],
    "prev": "0" * 64,
    "rule": 0,
    "role": "clerk",
    "closed": True,
    "parent": {"case": "b", "seq": 1},
    "link": "l",
    "sets": {"y": 1},
    "withheld": {"z": "0" * 64},
    "children": [{"link": "l", "case": "c", "workflow": "w", "leaf": "0" * 64}],
    "saw": {"d": 1},
    "reasons": [{"code": "role", "message": "m", "detail": {}}],
    "published": {"channels": ["web"]},
}


def test_the_bytes_of_an_entry_never_change():
    """Every leaf ever published hashes these bytes: a change of one of them breaks every record there is."""
    stored, leaf = encode(PLAIN)
    assert stored == STORED
    assert leaf == hashlib.sha256(b"\0" + STORED.encode()).hexdigest() == leaf_hash(STORED.encode())


@given(entries)
def test_an_entry_survives_being_written_and_read(entry):
    """Nothing about an entry is lost or changed by storing it."""
    stored, leaf = encode(entry)
    again = decode(stored, leaf)
    assert encode(again) == (stored, leaf)
    for field in fields(Entry):
        if field.name not in ("leaf", "data", "sets", "published"):
            assert getattr(again, field.name) == getattr(entry, field.name)


@given(entries)
def test_the_exported_shape_is_the_hashed_one_and_the_leaf(entry):
    """Whoever has an exported entry can take `leaf` out and compute it."""
    stored, leaf = encode(entry)
    body = decode(stored, leaf).as_json()
    assert body.pop("leaf") == leaf
    assert canonical(body).decode() == stored


STRANGE = [
    None,
    True,
    0,
    -1,
    1,
    2**53 - 1,
    "",
    "x",
    "0" * 63,
    "0" * 64,
    [],
    [1],
    ["b", "a"],
    ["a", "a"],
    {},
    {"a": 1},
    {"a": {}},
]


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("value", STRANGE, ids=str)
def test_what_is_accepted_with_a_strange_part_is_written_again_in_the_same_bytes(name, value):
    """A part of another shape is refused; what is accepted has exactly one spelling."""
    body = FULL | {name: value}
    try:
        entry = from_body(body, "")
    except RecordError:
        with pytest.raises(RecordError, match=f"`{name}`"):
            from_body(body, "")
    else:
        assert canonical(entry.body()) == canonical(body)


@pytest.mark.parametrize("name", FULL)
def test_a_missing_part_is_refused_or_was_optional(name):
    """An entry without one of its fixed parts is no entry."""
    body = {key: value for key, value in FULL.items() if key != name}
    if name in PLAIN.body():
        with pytest.raises(RecordError, match=f"`{name}`"):
            from_body(body, "")
    else:
        assert canonical(from_body(body, "").body()) == canonical(body)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", True),
        ("v", FORMAT + 1),
        ("kind", "unknown"),
        ("at", "2015-02-09"),
        ("actor", {"id": "", "roles": [], "unit": None}),
        ("actor", {"id": "a", "roles": ["b", "a"], "unit": None}),
        ("actor", {"id": "a", "roles": ["a", "a"], "unit": None}),
        ("actor", {"id": "a", "roles": []}),
        ("actor", {"id": "a", "roles": [], "unit": None, "more": 1}),
        ("documents", [{"name": "a"}]),
        ("parent", {"case": "a", "seq": 0}),
        ("saw", {"a": True}),
        ("withheld", {"a": "0" * 63 + "F"}),
        ("sets", {}),
        ("children", []),
        ("reasons", [{"code": "role", "message": "no", "detail": None}]),
        ("leaf", "0" * 64),
        ("source", "received"),
        ("more", 1),
    ],
)
def test_a_body_of_another_shape_is_refused(name, value):
    """Nothing that another program could read differently is taken for an entry."""
    with pytest.raises(RecordError):
        from_body(FULL | {name: value}, "")


@pytest.mark.parametrize(
    "stored",
    ["", "null", "[]", "17", '"text"', "{}", '{"v":2}', "{", "[" * 100_000, "1" * 5000, "\ud800", None, b"{", 17],
)
def test_what_is_no_entry_is_refused_without_a_traceback(stored):
    """Whatever a cell holds, reading it as an entry gives an entry or a RecordError."""
    with pytest.raises(RecordError):
        decode(stored, "")


def test_reading_a_body_does_not_change_it():
    """The verifier reads the same body twice."""
    body = json.loads(json.dumps(FULL))
    from_body(body, "")
    assert body == FULL


def test_a_role_given_alone_is_one_role():
    """`Actor("li", "principal")` has the role principal, not nine roles of a letter each."""
    assert Actor("li", "principal").roles == {"principal"}
    assert Actor("li", ("b", "a")) == Actor("li", {"a", "b"})


def test_the_stored_text_of_an_entry_is_canonical():
    """The verifier's strict reader accepts what is written."""
    assert from_body(read(encode(PLAIN)[0]), "") == PLAIN
