"""A command loads only what it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SLOW = {"sqlmodel", "sqlalchemy", "alembic", "pendulum", "structlog"}

SCRIPT = """
import sys
from accountability.cli.main import run
run(sys.argv[1:])
print(" ".join(sys.modules), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """Run a command in a process of its own and name the modules it left behind."""
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, env=environment, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("form", ["text", "json"])
def test_check_loads_no_database(form: str, folder: Path) -> None:
    """`accountability check` runs at every keystroke of an editor: nothing of the store, the engine or the logs."""
    modules = loaded("check", str(folder), "-o", form)
    assert "accountability.analysis.folder" in modules
    assert not modules & SLOW
    assert not {module for module in modules if module.startswith(("accountability.engine", "accountability.store"))}
    assert not modules & {"rich.console", "transitions"}


@pytest.mark.parametrize("arguments", [("--help",), ("fire", "--help"), ("--version",), ("schema",)])
def test_help_loads_neither_analysis_nor_drawing(arguments: tuple[str, ...]) -> None:
    """What only prints text starts at once."""
    modules = loaded(*arguments)
    assert not modules & (SLOW | {"rich.console", "transitions", "accountability.analysis.folder"})
