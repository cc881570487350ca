"""Every example runs, and prints what it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_every_example_is_told_of() -> None:
    """The README has a row for each folder, so that nobody has to guess what an example is about."""
    told = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    folders = [folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()]
    assert [name for name in folders if f"| [`{name}/`](" not in told] == []
