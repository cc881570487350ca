"""What a finding says."""

from __future__ import annotations

import random

from accountability.definition.finding import Finding, in_order


def finding(line: int, column: int, code: str = "ACC100", file: str = "a.yaml") -> Finding:
    """Make a finding at a place."""
    return Finding(code, "error", "wrong", file, line, column, line, column + 1, "right it")


def test_findings_are_shown_in_the_order_of_the_file() -> None:
    """Files in alphabetical order, lines and columns as numbers, and nothing twice."""
    ordered = [finding(2, 1), finding(2, 9), finding(10, 1), finding(10, 1, "ACC200"), finding(1, 1, file="b.yaml")]
    shuffled = random.Random(1).sample([*ordered, finding(2, 9)], 6)

    assert in_order(shuffled) == tuple(ordered)


def test_the_json_shape_is_the_agreed_one() -> None:
    """Other programs read findings by these names."""
    assert finding(3, 4).as_json() == {
        "code": "ACC100",
        "severity": "error",
        "message": "wrong",
        "file": "a.yaml",
        "line": 3,
        "column": 4,
        "end_line": 3,
        "end_column": 5,
        "help": "right it",
        "path": [],
    }
