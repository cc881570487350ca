"""Findings for people, for GitHub and for SARIF readers.

A finding is drawn as good compilers do: what is wrong, where, the line itself with the place underlined, and the cure.
Findings are JSON objects here, in the shape that `check -o json` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from accountability.cli.output import clean, count
from accountability.cli.page import join, say

Finding = Mapping[str, Any]

STYLES = {"error": "bold red", "warning": "bold yellow"}
FRAME = "bold blue"
TAB = "    "
SIDE = 60
"""Characters shown on either side of the place in a very long line."""

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Sources:
    """Lines of the files that findings speak of, each file read once."""

    def __init__(self) -> None:
        """Start without any file."""
        self._lines: dict[str, list[str]] = {}

    def line(self, file: str, number: int) -> str | None:
        """Return a line, from 1; None where the file cannot be read again or is shorter."""
        if file not in self._lines:
            try:
                # YAML breaks lines at these three alone; splitlines() knows more, and would miscount.
                text = Path(file).read_bytes().decode("utf-8-sig", errors="replace")
                self._lines[file] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            except OSError:
                self._lines[file] = []
        lines = self._lines[file]
        return lines[number - 1] if 0 < number <= len(lines) else None


def draw(finding: Finding, sources: Sources) -> Iterator[Text]:
    """Draw one finding, line by line."""
    style = STYLES[finding["severity"]]
    gutter = " " * len(str(finding["line"]))
    yield join((f"{finding['severity']}[{finding['code']}]", style), say(f": {finding['message']}", "bold"), wrap=False)
    place = f"{finding['file']}:{finding['line']}:{finding['column']}"
    yield join((f"{gutter}--> ", FRAME), say(place), wrap=False)
    source = sources.line(finding["file"], finding["line"])
    if source is not None:
        shown, before, marked = _excerpt(source, finding)
        yield join((f"{gutter} |", FRAME), wrap=False)
        yield join((f"{finding['line']} | ", FRAME), say(shown), wrap=False)
        yield join((f"{gutter} | ", FRAME), " " * cell_len(before), ("^" * max(1, cell_len(marked)), style), wrap=False)
    yield from _notes(finding, gutter)
    yield Text("")


def summary(findings: Sequence[Finding], files: int) -> Text:
    """Say how many findings there are in how many files."""
    errors = sum(finding["severity"] == "error" for finding in findings)
    warnings = len(findings) - errors
    looked = count(files, "file")
    if not findings:
        return join(("ok", "bold green"), f": {looked}, no findings")
    parts = [
        (count(number, word), STYLES[word]) for number, word in ((errors, "error"), (warnings, "warning")) if number
    ]
    return join(Text(", ").join(Text(*part) for part in parts), f" in {looked}")


def github(finding: Finding) -> str:
    """Write a finding as a workflow command, which GitHub shows at the line of a pull request."""
    properties = {
        "file": finding["file"],
        "line": finding["line"],
        "endLine": finding["end_line"],
        "col": finding["column"],
        "endColumn": finding["end_column"],
        "title": finding["code"],
    }
    written = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{finding['severity']} {written}::{_escaped(_message(finding), '')}"


def sarif(findings: Sequence[Finding], titles: Mapping[str, str], version: str) -> dict[str, Any]:
    """Give the findings as a SARIF 2.1.0 log.

    Args:
        findings: What was found.
        titles: Code -> its title, at least for every code found.
        version: Version of this program.
    """
    codes = sorted({finding["code"] for finding in findings})
    driver = {
        "name": "accountability",
        "version": version,
        "rules": [{"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding["code"])) for finding in findings],
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _excerpt(source: str, finding: Finding) -> tuple[str, str, str]:
    """Cut the part of the line that is shown, what stands before the place, and the place itself, tabs as spaces."""
    start = min(finding["column"] - 1, len(source))
    end = finding["end_column"] - 1 if finding["end_line"] == finding["line"] else len(source.rstrip())
    end = max(start, min(end, len(source), start + 2 * SIDE))
    left, right = 0, len(source)
    if len(source) > 4 * SIDE:
        left, right = max(0, start - SIDE), min(len(source), end + SIDE)
    head = "…" if left else ""
    tail = "…" if right < len(source) else ""
    before = head + _plain(source[left:start])
    return before + _plain(source[start:right]) + tail, before, _plain(source[start:end])


def _plain(text: str) -> str:
    return clean(text.replace("\t", TAB))


def _notes(finding: Finding, gutter: str) -> Iterator[Text]:
    """Draw the cure and the counterexample below the line."""
    notes = []
    if finding.get("help"):
        first, *more = str(finding["help"]).splitlines()
        notes += [("= ", "help: ", first), *(("  ", "      ", rest) for rest in more)]
    for number, step in enumerate(finding.get("path") or (), start=1):
        notes.append(("= " if number == 1 else "  ", "example: " if number == 1 else " " * 9, f"{number}. {step}"))
    if notes:
        yield join((f"{gutter} |", FRAME), wrap=False)
    for mark, label, text in notes:
        yield join((f"{gutter} {mark}", FRAME), (label, "cyan"), say(text), wrap=False)


def _message(finding: Finding) -> str:
    """Write message, cure and counterexample below each other."""
    parts = [finding["message"]]
    if finding.get("help"):
        parts.append(f"help: {finding['help']}")
    parts += [f"{number}. {step}" for number, step in enumerate(finding.get("path") or (), start=1)]
    return "\n".join(parts)


def _escaped(text: str, also: str) -> str:
    """Escape what would end a workflow command, or (`also`) one of its properties."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    region = {
        "startLine": finding["line"],
        "startColumn": finding["column"],
        "endLine": finding["end_line"],
        "endColumn": finding["end_column"],
    }
    artifact = {"uri": Path(finding["file"]).as_posix()}
    return {
        "ruleId": finding["code"],
        "ruleIndex": rule,
        "level": finding["severity"],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }
