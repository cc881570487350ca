"""Words as HTML: whatever a file or a record says is text there, never markup."""

from __future__ import annotations

import re
from html import escape as _escape

from accountability.definition.model import Text

LANGUAGES = ("zh", "en")
"""The order in which the wordings of a text stand; others follow."""

_UNSOUND = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff"  # not characters of a page
    "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]"  # turn the direction of writing
)

_HAN = "[\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef\\u2018-\\u201d]"
_FOLD = re.compile(f"(?<={_HAN}) (?={_HAN})")
"""Where YAML folded a long Chinese text: Chinese has no spaces between words."""

NOTHING = "n/a"
"""What stands where there is no number."""


def escape(value: object) -> str:
    """Write a value as text of a page, or of an attribute between double quotes.

    What HTML cannot hold, control characters, becomes a replacement sign, and so do the signs that turn the direction
    of writing: a title must not be able to disguise what stands beside it.
    """
    return _escape(_UNSOUND.sub("\N{REPLACEMENT CHARACTER}", str(value)))


def bilingual(text: Text, *, tag: str = "span") -> str:
    """Write a text in every language it has, each marked with its own.

    What lacks one of `LANGUAGES` is marked as `alone`: it is shown to readers of either.
    """
    if isinstance(text, str):
        return f"<{tag}>{escape(text)}</{tag}>"
    alone = "" if text.keys() >= set(LANGUAGES) else ' class="alone"'
    return " ".join(f'<{tag} lang="{escape(name)}"{alone}>{_wording(text, name)}</{tag}>' for name in _order(text))


def plain(text: Text) -> str:
    """Write a text in every language it has, for an attribute."""
    if isinstance(text, str):
        return escape(text)
    return escape(" ".join(text[name] for name in _order(text)))


def both(zh: str, en: str, *, tag: str = "span") -> str:
    """Write words of the page itself in both languages."""
    return bilingual({"zh": zh, "en": en}, tag=tag)


def number(value: int | None) -> str:
    """Write a number with its thousands apart."""
    return NOTHING if value is None else f"{value:,}"


def percent(growth: object) -> str:
    """Write a growth in per cent with its sign; `n/a` where there is none."""
    if growth is None:
        return NOTHING
    text = str(growth)
    return f"\N{MINUS SIGN}{text[1:]}%" if text.startswith("-") else f"+{text}%"


def _wording(text: dict[str, str], language: str) -> str:
    said = text[language]
    return escape(_FOLD.sub("", said) if language.partition("-")[0] == "zh" else said)


def _order(text: dict[str, str]) -> list[str]:
    return [*(name for name in LANGUAGES if name in text), *(name for name in text if name not in LANGUAGES)]
