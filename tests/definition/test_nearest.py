"""Which word was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.definition.nearest import did_you_mean, listed, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("recieved", "received"),
        ("Received", "received"),
        ("deputy-leader", "deputy_leader"),
        ("interviews", "checking.interviews"),
        ("gaurd", None),
        ("", None),
    ],
)
def test_a_slip_of_the_hand_is_recognised(word: str, meant: str | None) -> None:
    """Swapped letters, capitals, dashes and a forgotten path lead to the word that was meant; nothing else does."""
    assert nearest(word, ["received", "deputy_leader", "checking", "checking.interviews"]) == meant


def test_where_no_word_is_close_the_known_ones_are_listed() -> None:
    """Somebody who guessed sees what there is."""
    assert did_you_mean("xyz", ["received", "closed"]) == "known here: `received`, `closed`"
    assert did_you_mean("xyz", []) == "none is declared"
    assert did_you_mean("xyz", ["received"], "declare it") == "declare it"


def test_a_long_list_is_cut() -> None:
    """A message stays one line that can be read."""
    assert listed([f"w{number}" for number in range(15)]).endswith("`w11` and 3 more")


@given(st.text(max_size=300), st.lists(st.text("abc_.", max_size=5), max_size=5))
def test_the_answer_is_a_known_word(word: str, known: list[str]) -> None:
    """Whatever is asked, the answer is one of the known words or none."""
    answer = nearest(word, known)

    assert answer is None or answer in known
