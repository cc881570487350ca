"""Every example runs, and prints what it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from accountability.analysis.folder import check

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_applications_rows_and_the_record_commit_together() -> None:
    """The second permit finds no room: its act is rolled back with the application's row, and the record verifies."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "permits" / "application.py")], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "not granted: Mill Lane has no room left",
        "free metres: 3",
        "states: granted, received",
        "verified: True",
    ]


def test_the_workflows_of_the_examples_have_no_findings() -> None:
    """Examples are copied, so they are as clean as what is shipped."""
    for folder in {file.parent for file in EXAMPLES.rglob("*.yaml")}:
        assert check([folder]).findings == ()
