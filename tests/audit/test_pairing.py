"""Pairing two streams: everything is judged exactly once, and little is held."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.pairing import Pairing

keys = st.lists(st.integers(0, 9))


def _judged(lefts, rights):
    judged = []
    pairing = Pairing([(key, ("right", key)) for key in rights], lambda *seen: judged.append(seen))
    for key in lefts:
        pairing.push(key, ("left", key))
    pairing.finish()
    return judged


@given(keys, keys)
def test_every_key_is_judged_and_meets_its_partner_whatever_the_order(lefts, rights):
    """Nothing on either side is forgotten or judged twice, and keys on both sides meet."""
    judged = _judged(lefts, rights)
    assert Counter(key for key, left, _ in judged if left is not None) == Counter(lefts)
    assert Counter(key for key, _, right in judged if right is not None) == Counter(rights)
    for key, left, right in judged:
        assert left in (None, ("left", key))
        assert right in (None, ("right", key))
        assert (left, right) != (None, None)
    met = {key for key, left, right in judged if left is not None and right is not None}
    assert met == set(lefts) & set(rights)


@given(st.permutations(range(8)), st.permutations(range(8)))
def test_sides_with_the_same_keys_leave_nobody_alone(lefts, rights):
    """The order in which the two sides come makes no difference to the outcome."""
    judged = _judged(lefts, rights)
    assert sorted(judged) == [(key, ("left", key), ("right", key)) for key in range(8)]


def test_sides_in_the_same_order_hold_nothing_back():
    """A partner is judged as soon as it comes, and no more rows are read than needed."""
    read, judged = [], []

    def rows():
        for key in range(1000):
            read.append(key)
            yield key, key

    pairing = Pairing(rows(), lambda *seen: judged.append(seen))
    for key in range(1000):
        pairing.push(key, key)
        assert len(judged) == len(read) == key + 1


def test_a_missing_row_delays_its_followers_by_one_only():
    """One deleted row does not make the verifier hold the whole table."""
    judged = []
    pairing = Pairing([(key, key) for key in range(1, 1000)], lambda *seen: judged.append(seen))
    for key in range(1000):
        pairing.push(key, key)
        assert len(judged) == key
    pairing.finish()
    assert [seen for seen in judged if None in seen] == [(0, 0, None)]
