"""Which known word an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SIMILARITY = 0.6
"""How alike two words must be, from 0 to 1, before one is offered for the other."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that a misspelt one most likely stands for.

    A different case, `-` for `_`, and the last part of a dotted path are recognised before spelling is compared.

    Args:
        word: The word that is not known.
        known: The words that are; their order decides between equals.

    Returns:
        One of the known words, or None when none is close.
    """
    words = list(known)
    plain = word.strip().lower().replace("-", "_").replace(" ", "_")
    for candidate in words:
        if candidate.lower() == plain or candidate.endswith(f".{plain}"):
            return candidate
    matches = get_close_matches(plain[:80], words, n=1, cutoff=SIMILARITY)
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Write the cure for an unknown word.

    Args:
        word: The word that is not known.
        known: The words that are.
        otherwise: The cure when no known word is close; by default the known words are listed.
    """
    words = list(known)
    close = nearest(word, words)
    if close is not None:
        return f"did you mean `{close}`?"
    return otherwise or (f"known here: {listed(words)}" if words else "none is declared")


def listed(words: Iterable[str], most: int = 12) -> str:
    """Write words for a sentence, the first dozen of a long list."""
    shown = list(words)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(f"`{word}`" for word in shown[:most]) + more
