"""Values kept apart: a commitment binds, hides, and is opened by nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.disclosure import SALT_BYTES, commit, erased_fields, new_salt, opens, warrant
from accountability.audit.entry import Actor
from accountability.errors import CanonicalError, InputError
from tests.audit.record import county

SALT = bytes(range(32))
salts = st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES)
fields = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
values = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | fields, st.lists, max_leaves=4)


def test_a_commitment_is_the_documented_hash():
    """Anyone can compute it from the three parts with a SHA-256 tool."""
    expected = hashlib.sha256(b"acc/sd/v1" + SALT + '["name","王"]'.encode()).hexdigest()
    assert commit("name", "王", SALT) == expected
    assert opens(expected, "name", "王", SALT)


@given(fields, values, salts, fields, values, salts)
def test_a_commitment_is_opened_by_its_own_parts_alone(field, value, salt, other_field, other_value, other_salt):
    """Another field, value or salt never opens it, so nobody can say later that something else was kept."""
    commitment = commit(field, value, salt)
    assert opens(commitment, field, value, salt)
    # Compared as text, since True == 1 in Python and not in JSON.
    same = repr((field, value, salt)) == repr((other_field, other_value, other_salt))
    assert opens(commitment, other_field, other_value, other_salt) == same
    assert opens(commitment, other_field, value, salt) == (other_field == field)
    assert opens(commitment, field, value, other_salt) == (other_salt == salt)


def test_salts_are_never_drawn_twice():
    """Equal values must not look equal in the record."""
    drawn = {new_salt() for _ in range(1000)}
    assert len(drawn) == 1000
    assert {len(salt) for salt in drawn} == {SALT_BYTES}


@pytest.mark.parametrize("salt", [b"", b"short", b"x" * 31, b"x" * 33])
def test_a_salt_of_another_length_is_refused(salt):
    """A short salt could be guessed; and field, salt and value must not run into each other."""
    with pytest.raises(InputError):
        commit("name", "Wang", salt)
    assert not opens("0" * 64, "name", "Wang", salt)


@pytest.mark.parametrize("value", [1.5, "\ud800", {1: 2}, 2**53])
def test_a_value_without_a_canonical_form_is_not_committed_to_and_opens_nothing(value):
    """What cannot be written the same way everywhere cannot be opened later."""
    with pytest.raises(CanonicalError):
        commit("name", value, SALT)
    assert not opens("0" * 64, "name", value, SALT)


@pytest.mark.parametrize("commitment", ["", "é", "\ud800", "0" * 64, "0" * 100])
def test_what_is_no_commitment_is_opened_by_nothing(commitment):
    """A damaged commitment is a no, not an error."""
    assert not opens(commitment, "name", "Wang", SALT)


def _erasure(**parts):
    record = county()
    record.change("a", 4, **parts)
    return record.chains["a"][3]


def test_a_warrant_names_its_fields_once_and_its_second_person():
    """What an erasure covers, and who stands for it beside the actor, is in the entry itself."""
    assert warrant(["b", "a", "b"], Actor("li", ["principal"])) == {
        "fields": ["a", "b"],
        "approved_by": {"id": "li", "roles": ["principal"], "unit": None},
    }
    assert erased_fields(_erasure()) == ("name",)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"fields": ["name"]},
        {"fields": ["name"], "approved_by": None},
        {"fields": ["name"], "approved_by": "li"},
        {"fields": ["name"], "approved_by": {}},
        {"fields": ["name"], "approved_by": {"id": ""}},
        {"fields": ["name"], "approved_by": {"id": 1}},
        {"fields": ["name"], "approved_by": {"id": "zhang"}},
        {"fields": "name", "approved_by": {"id": "li"}},
        {"fields": [1, None], "approved_by": {"id": "li"}},
        {"approved_by": {"id": "li"}},
    ],
)
def test_an_erasure_without_fields_or_second_person_erases_nothing(data):
    """Nobody erases alone."""
    assert erased_fields(_erasure(data=data)) == ()


def test_only_an_erasure_erases():
    """The same words in another kind of entry mean nothing."""
    assert erased_fields(_erasure(kind="act")) == ()
