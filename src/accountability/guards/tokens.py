"""A guard's text as words: numbers, strings, names and signs, each with its place.

The lexical rules are CEL's. What CEL has and this language has not (bytes, unsigned integers) is named, not misread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from accountability.errors import GuardError, Problem
from accountability.guards.arithmetic import INT_MAX, exact_decimal

KEYWORDS = frozenset({"in", "true", "false", "null"})
"""Words that are never names, not even of fields."""

RESERVED = frozenset(
    {
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace"),
        *("package", "return", "var", "void", "while"),
    }
)
"""Words that CEL keeps for itself: they cannot name a thing, but they can name a field."""

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[ \t\r\n\f]+|//[^\n]*)+)
  | (?P<decimal>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
  | (?P<integer>0x[0-9a-fA-F]+|[0-9]+)(?P<unsigned>[uU])?
  | (?P<prefix>[rR][bB]|[bB][rR]|[rRbB])?(?P<quote>\"{3}|'{3}|["'])
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{}])
    """,
    re.VERBOSE,
)
_BODIES = {quote: re.compile(rf"((?:[^\\{quote}\n\r]|\\.)*){quote}") for quote in ('"', "'")} | {
    quote * 3: re.compile(rf"((?:[^\\{quote}]|\\[\s\S]|{quote}(?!{quote}{quote}))*){quote * 3}") for quote in ('"', "'")
}
_RAW_BODIES = {quote: re.compile(rf"([^{quote}\n\r]*){quote}") for quote in ('"', "'")} | {
    quote * 3: re.compile(rf"((?:[^{quote}]|{quote}(?!{quote}{quote}))*){quote * 3}") for quote in ('"', "'")
}
_ESCAPE = re.compile(
    r"\\(?:(?P<plain>[abfnrtv\\?\"'`])|[xX](?P<byte>[0-9a-fA-F]{2})|u(?P<short>[0-9a-fA-F]{4})"
    r"|U(?P<long>[0-9a-fA-F]{8})|(?P<octal>[0-3][0-7]{2})|(?P<wrong>.?))",
    re.DOTALL,
)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_MISTAKES = {
    "=": "equality is written `==`",
    "&": "and is written `&&`",
    "|": "or is written `||`",
    "`": 'write the field in brackets: `data["field"]`',
    "“": 'use plain quotation marks: `"`',
    "”": 'use plain quotation marks: `"`',
    "’": "use plain quotation marks: `'`",
    "‘": "use plain quotation marks: `'`",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a guard.

    Attributes:
        kind: `name`, `value` (number or string), `sign` (signs and keywords) or `end`.
        text: The word as written; for a value its kind in words.
        value: What a value token stands for.
    """

    kind: str
    text: str
    start: int
    end: int
    value: int | Decimal | str | None = None


def stop(code: str, message: str, start: int, end: int, cure: str) -> NoReturn:
    """Refuse a guard for one problem.

    Raises:
        GuardError: Always.
    """
    raise GuardError((Problem(code, message, start, end, cure),))


def tokens(text: str) -> list[Token]:
    """Split a guard into its words; the last one is of kind `end`.

    Raises:
        GuardError: The text holds something that is no word of the language.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            mark = text[at]
            cure = _MISTAKES.get(mark, "write text in quotation marks, and names in plain letters")
            stop("ACC300", f"the character {mark!a} means nothing here", at, at + 1, cure)
        if match["quote"]:
            found.append(_string(text, match))
        elif match["decimal"] or match["integer"]:
            found.append(_number(match))
        elif match["name"]:
            kind = "sign" if match["name"] in KEYWORDS else "name"
            found.append(Token(kind, match["name"], at, match.end()))
        elif match["sign"]:
            found.append(Token("sign", match["sign"], at, match.end()))
        at = found[-1].end if match["quote"] else match.end()
    found.append(Token("end", "the end of the guard", len(text), len(text)))
    return found


def _number(match: re.Match[str]) -> Token:
    start, end = match.span()
    if match["unsigned"]:
        stop("ACC313", "there are no unsigned integers", start, end, f"leave the `{match['unsigned']}` out")
    if match["decimal"]:
        value = exact_decimal(match["decimal"])
        if value is None:
            stop("ACC308", "the decimal has more than 34 digits", start, end, "write fewer digits")
        return Token("value", "a decimal", start, end, value)
    digits = match["integer"]
    # Twenty digits are more than 64 bits hold, so longer ones need not be read.
    number = int(digits, 16 if digits.startswith("0x") else 10) if len(digits.lstrip("0x")) <= 20 else INT_MAX + 2
    # One more than the largest is allowed here: after a minus it is the smallest integer.
    if number > INT_MAX + 1:
        stop("ACC308", "the integer does not fit into 64 bits", start, end, f"the largest is {INT_MAX}")
    return Token("value", "an integer", start, end, number)


def _string(text: str, match: re.Match[str]) -> Token:
    start, quote, prefix = match.start(), match["quote"], (match["prefix"] or "").lower()
    if "b" in prefix:
        stop("ACC313", "there are no bytes", start, match.end(), "write a string, without the `b`")
    body = (_RAW_BODIES if prefix else _BODIES)[quote].match(text, match.end())
    if body is None:
        stop(
            "ACC308",
            "the string has no end",
            start,
            len(text),
            f"close it with {quote}, or write {quote} inside as \\{quote}",
        )
    content, offset = body[1], body.start(1)
    if not prefix:
        content = _ESCAPE.sub(lambda escape: _unescaped(escape, offset), content)
    # Like CEL, a line ends with one character, however the file writes it.
    if len(quote) == 3:
        content = content.replace("\r\n", "\n")
    return Token("value", "a string", start, body.end(), content)


def _unescaped(escape: re.Match[str], offset: int) -> str:
    if (plain := escape["plain"]) is not None:
        return _PLAIN.get(plain, plain)
    digits = escape["byte"] or escape["short"] or escape["long"]
    number = int(digits, 16) if digits else int(escape["octal"], 8) if escape["octal"] else -1
    if number < 0 or number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        start, end = escape.start() + offset, escape.end() + offset
        cure = "write `\\\\` for a backslash; the escapes are \\n \\t \\\" \\' \\xHH \\uHHHH \\UHHHHHHHH and the like"
        stop("ACC308", f"the escape {escape[0]} stands for no character", start, end, cure)
    return chr(number)
