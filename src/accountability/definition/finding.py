"""What is wrong with a definition: one shape for every check, so that there is one way to show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]

_NORWAY = "ACC018"


@dataclass(frozen=True, slots=True)
class Finding:
    """Say what is wrong, where, and what to do about it. Findings sort by their place.

    Attributes:
        code: Stable code such as `ACC100`; `definition.codes.CODES` explains it.
        severity: `error`: the definition cannot be used; `warning`: it can.
        message: One sentence.
        file: The file as it was named by the caller.
        line, column, end_line, end_column: The place, from 1, in code points; the end is just behind the last one.
        help: The cure; never empty.
        path: For a counterexample: its steps, first to last.
    """

    code: str
    severity: Severity
    message: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    help: str
    path: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether the definition cannot be used."""
        return self.severity == "error"

    def as_json(self) -> dict[str, Any]:
        """Give the finding in the shape that `check -o json` prints."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "help": self.help,
            "path": list(self.path),
        }

    def __lt__(self, other: Finding) -> bool:
        """Order by file, line and column, then by code."""
        return self._place() < other._place()

    def _place(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.message)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by place and drop repetitions."""
    return tuple(sorted(set(findings)))


def without_echo(findings: Iterable[Finding]) -> list[Finding]:
    """Drop a warning about `yes` or `no` where an error stands at the same place: its cure is the better one."""
    found = list(findings)
    errors = {(finding.file, finding.line, finding.column) for finding in found if finding.is_error}
    return [one for one in found if one.code != _NORWAY or (one.file, one.line, one.column) not in errors]
