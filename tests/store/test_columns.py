"""A case as the values of its row."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.entry import Document
from accountability.canonical import canonical
from accountability.machine.case import Memory, Signed
from accountability.store.columns import case_columns, memory_from, memory_json
from tests.store.given import a_case

names = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
documents = st.builds(Document, names, names, st.integers(0, 9), names)
signatures = st.builds(
    Signed, names, st.integers(0, 9), names, names, st.dictionaries(names, values), st.lists(documents).map(tuple)
)
memories = st.builds(
    Memory,
    visited=st.frozensets(names),
    times=st.dictionaries(names, st.integers(1, 99)),
    people=st.dictionaries(names, st.lists(names, min_size=1).map(tuple)),
    left=st.dictionaries(names, names),
    signatures=st.lists(signatures, max_size=3).map(tuple),
    kept_off=st.dictionaries(names, names),
)


@given(memories)
def test_a_memory_survives_its_text(memory: Memory):
    """Whatever a case remembers is the same after it was written as JSON and read back."""
    assert memory_from(json.loads(json.dumps(memory_json(memory)))) == memory


@given(st.dictionaries(st.text(st.characters(max_codepoint=0xD7FF), max_size=8), values, max_size=4))
def test_a_row_holds_canonical_text(data: dict[str, object]):
    """Data is stored in the one form that RFC 8785 gives it."""
    try:
        expected = canonical(data).decode()
    except Exception:  # noqa: BLE001 -- a key or text outside the domain never gets as far as a row
        return
    assert case_columns(a_case(data=data))["data"] == expected
