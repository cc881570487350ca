"""Words as HTML: whatever a file or a record says is text there, never markup."""

from __future__ import annotations

from html import escape as _escape

from accountability.definition.model import Text

LANGUAGES = ("zh", "en")
"""The order in which the wordings of a text stand; others follow."""

NOTHING = "n/a"
"""What stands where there is no number."""


def escape(value: object) -> str:
    """Write a value as text of a page, or of an attribute between double quotes.

    What HTML cannot hold, control characters, becomes a replacement sign, and so do the signs that turn the direction
    of writing: a title must not be able to disguise what stands beside it.
    """
    return _escape("".join(map(_shown, str(value))))


def bilingual(text: Text, *, tag: str = "span") -> str:
    """Write a text in every language it has, each marked with its own.

    What lacks one of `LANGUAGES` is marked as `alone`: it is shown to readers of either.
    """
    if isinstance(text, str):
        return f"<{tag}>{escape(text)}</{tag}>"
    alone = "" if text.keys() >= set(LANGUAGES) else ' class="alone"'
    return " ".join(f'<{tag} lang="{escape(name)}"{alone}>{escape(text[name])}</{tag}>' for name in _order(text))


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


def _order(text: dict[str, str]) -> list[str]:
    return [*(name for name in LANGUAGES if name in text), *(name for name in text if name not in LANGUAGES)]


def _shown(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return character
    turns = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or code in (0x200E, 0x200F, 0x061C)
    unsound = code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE
    return "\N{REPLACEMENT CHARACTER}" if turns or unsound else character
