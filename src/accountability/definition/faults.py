"""What a YAML parser's complaints mean, in words for the author of a workflow."""

from __future__ import annotations

import re
from typing import Any

import yaml

from accountability.definition.finding import Finding

_SPACES = "indent with spaces only"

_QUOTE = "put text that holds a special character in quotes"

_ALIGN = "keys of one mapping begin in the same column; check this line and the one before"

_FAULTS = {
    "mapping values are not allowed in this context": (
        "a `:` stands where no key can be",
        "put text that holds `: ` in quotes, or check the indentation of this line and the one before",
    ),
    "found unexpected ':'": ("a value is missing after this `:`", "write the value, or take the key away"),
    "found unexpected end of stream": ("a quotation mark is opened here and never closed", "close it"),
    "found unexpected document indicator": ("`---` or `...` stands inside quoted text", "close the quotation mark"),
    "did not find expected ',' or ']'": ("a list in `[ ]` lacks a comma or its `]`", "add the comma or the `]`"),
    "did not find expected ',' or '}'": ("a mapping in `{ }` lacks a comma or its `}`", "add the comma or the `}`"),
    "did not find expected key": ("something stands here that is no key", _ALIGN),
    "could not find expected ':'": ("a key lacks its `:`", "write `key: value`"),
    "did not find expected '-' indicator": (
        "a list goes on without `-`",
        "begin each item with `- ` in the same column",
    ),
    "did not find expected node content": ("a value is missing here", "write the value, or take the comma away"),
    "block sequence entries are not allowed in this context": (
        "a `-` item stands where no list can be",
        "begin the list on a line of its own, or put text that begins with `-` in quotes",
    ),
    "block mapping entries are not allowed in this context": ("a `?` stands where no key can be", _QUOTE),
    "mapping keys are not allowed in this context": ("a `?` stands where no key can be", _QUOTE),
    "found unknown escape character": ("this `\\` escape does not exist", "write `\\\\`, or use single quotes"),
    "found invalid Unicode character escape code": (
        "this `\\u` escape is no character",
        "write the character itself",
    ),
    "did not find expected <document start>": (
        "the document has ended before this line",
        "remove this, or what ended it",
    ),
    "found undefined tag handle": ("this tag is not known", "remove the tag"),
    "found incompatible YAML document": ("this version of YAML is not known", "remove the `%YAML` line"),
}

_AT_OPENING = ("found unexpected end of stream", "found unexpected document indicator")
"""Complaints whose cure is where the text was opened, not where the parser gave up."""

_SLIPS = (
    (re.compile(r" *(?=[\u00A0\u3000])"), "a blank of another kind indents this line", _SPACES),
    (re.compile(r" *(?:- )?\w+(?=：)"), "a full-width colon stands where `: ` is meant", "write `key: value`"),
    (re.compile(r" *(?:- )?[a-z_]\w*:(?=[^\s:/])"), "a blank is missing after this `:`", "write `key: value`"),
    (re.compile(r".*[\[{].*?(?=，)"), "a full-width comma stands where `,` is meant", "write `,`"),
)
"""What authors often write by mistake: what stands before it, the message, the cure. A parser complains later."""

_BARE_GUARD = re.compile(r".*[\[{].*?\b(?:when|check|each|where): *(?=[^\s'\"|>\[{},])")
"""A guard inside brackets that is not quoted; its own brackets and commas end it too early."""

_INDENTED_BY_TAB = re.compile(r" *\t")


def from_parser(error: yaml.YAMLError, file: str, text: str, quoted: Any = None) -> Finding:
    """Make the finding that a parser's complaint stands for.

    Args:
        error: What the parser raised.
        file: The file as it was named by the caller.
        text: Its text, with line feeds alone between its lines.
        quoted: The last text in quotes that was read before.
    """
    problem = str(getattr(error, "problem", None) or error)
    mark, opening = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if problem in _AT_OPENING and opening is not None:
        mark = opening
    if quoted is not None and mark is not None and quoted.start_mark.line < quoted.end_mark.line == mark.line:
        start, message = quoted.start_mark, f"the quotation mark opened here is closed only on line {mark.line + 1}"
        return _finding("ACC005", message, file, start.line, start.column, "close it where the text ends")
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = text.split("\n")
    if line >= len(lines) or (line == len(lines) - 1 and line and not lines[line]):
        line = max(index for index, content in enumerate(lines) if content or not index)
        column = len(lines[line])
    if tab := _INDENTED_BY_TAB.match(lines[line]):
        return _finding("ACC006", "a tab indents this line", file, line, tab.end() - 1, _SPACES)
    if problem.startswith("found character that cannot start any token"):
        message = f"text without quotes cannot begin with `{lines[line][column : column + 1]}`"
        return _finding("ACC005", message, file, line, column, "put it in quotes")
    if (slip := _slip(lines, line, file)) is not None:
        return slip
    message, cure = _FAULTS.get(problem, (f"not valid YAML: {problem}", "see the place and the line before it"))
    if opening is not None and opening.line < line:
        message += f" (it began on line {opening.line + 1})"
    return _finding("ACC005", message, file, line, column, cure)


def _slip(lines: list[str], line: int, file: str) -> Finding | None:
    """Find a common slip of the pen on the line that the parser complains of, or on the one before."""
    if bare := _BARE_GUARD.match(lines[line]):
        cure = "put it in quotes: `when: '...'`"
        return _finding("ACC005", "a guard inside `{ }` stands without quotes", file, line, bare.end(), cure)
    for number in range(line, max(line - 2, -1), -1):
        for slip, message, cure in _SLIPS:
            if before := slip.match(lines[number]):
                return _finding("ACC005", message, file, number, before.end(), cure)
    return None


def _finding(code: str, message: str, file: str, line: int, column: int, cure: str) -> Finding:
    return Finding(code, "error", message, file, line + 1, column + 1, line + 1, column + 2, cure)
