"""A chain in memory: how far one wrong link reaches."""

from dataclasses import replace

import pytest

from accountability.audit.chain import Chain
from tests.audit.record import DIGESTS, broken, county, messages

LINKS = [entry for entry, _ in county().link()["a"]]


def _walk(links):
    chain = Chain("a")
    return chain, [chain.add(link) for link in links]


def test_an_honest_chain_has_no_problems():
    """Its length and head are those of its last link."""
    chain, problems = _walk(LINKS)
    assert problems == [()] * 5
    assert (chain.length, chain.head, chain.broken) == (5, LINKS[-1].leaf, False)


@pytest.mark.parametrize("cut", range(4))
def test_a_missing_link_is_told_once_and_what_follows_is_checked_on(cut):
    """The next link tells of the hole; the ones after it fit again."""
    chain, problems = _walk(LINKS[:cut] + LINKS[cut + 1 :])
    assert problems[cut] == (f"missing before this entry: {cut + 1}",)
    assert sum(map(len, problems)) == 1
    assert (chain.length, chain.broken) == (5, True)


def test_several_missing_links_are_told_as_one_hole():
    """The message names the first and the last one missing."""
    assert _walk([LINKS[0], LINKS[4]])[1][1] == ("missing before this entry: 2 to 4",)


@pytest.mark.parametrize("seq", range(1, 6))
def test_a_second_link_in_a_place_is_told_and_not_followed(seq):
    """The chain goes on from the first one, whatever the second one says."""
    chain, problems = _walk([*LINKS[:seq], replace(LINKS[seq - 1], leaf="f" * 64), *LINKS[seq:]])
    assert problems[seq] == (f"this place is taken: entry {seq + 1} was expected here",)
    assert sum(map(len, problems)) == 1
    assert (chain.length, chain.head, chain.broken) == (5, LINKS[-1].leaf, True)


@pytest.mark.parametrize("seq", range(1, 6))
def test_a_wrong_hash_is_told_by_the_link_that_carries_it(seq):
    """Also a first link that claims to follow something."""
    links = list(LINKS)
    links[seq - 1] = replace(links[seq - 1], prev="f" * 64)
    problems = _walk(links)[1]
    assert [number for number, found in enumerate(problems, 1) if found] == [seq]


@pytest.mark.parametrize("leaf", [True, False])
def test_an_unreadable_link_takes_its_place_and_is_followed(leaf):
    """What comes after is checked against the hash of its bytes, where there is one."""
    chain = Chain("a")
    assert chain.add(LINKS[0]) == ()
    chain.skip(LINKS[1].leaf if leaf else None)
    assert [chain.add(link) for link in LINKS[2:]] == [()] * 3
    assert (chain.length, chain.broken) == (5, True)


def test_the_hash_of_an_unreadable_link_still_counts():
    """A link that does not follow its bytes is told."""
    chain = Chain("a")
    chain.add(LINKS[0])
    chain.skip("f" * 64)
    assert chain.add(LINKS[2]) == ("`prev` is not the hash of the entry before",)


def test_the_law_of_every_place_is_known():
    """Before the first link there is none; after a migration it is the new one."""
    chain = Chain("c")
    for entry, _ in county().link()["c"]:
        assert chain.add(entry) == ()
    old, new = (("petition", version, DIGESTS["petition", version]) for version in (1, 2))
    assert [chain.law_at(seq) for seq in range(5)] == [None, old, new, new, new]


def test_one_unreadable_entry_is_one_problem_and_its_case_is_not_recomputed():
    """A damaged cell does not bury its own message under others."""
    rows = county().rows()
    index = next(number for number, row in enumerate(rows.entries) if (row.case_id, row.seq) == ("d", 2))
    rows.entries[index] = rows.entries[index]._replace(text=None)
    verdict = rows.verify()
    assert broken(verdict) == {"bytes", "head", "cases"}
    assert messages(verdict, "bytes") == [("d", 2, "the entry cannot be read: it is not text but None")]
    assert messages(verdict, "cases") == [("d", None, "its row cannot be recomputed from its entries")]
