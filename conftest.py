"""Run what README and docs show.

Every document has an empty folder of its own, kept from its first block to its last:

- `yaml` with a `workflow:` is written to `workflows/NAME.yaml` there and must pass `accountability check`; one with
  `scenarios:` to `workflows/tests/NAME.yaml`, one with `preludes:` alone beside it; other YAML must be readable.
  One that begins with a remark naming a file, `# county/duty.yaml`, is written there; commands below it check it.
- `python` runs, each block after the one before.
- `console` runs what follows `$ ` in one shell; what it prints must fit what is shown, where `...` stands for anything.
  A command that answers no says so: `# exits 1`.
- `json` must be JSON; in `sh`, each `make` must name a target that exists.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SECONDS_MAX = 120
PROGRAMS = {
    "accountability": "-m accountability",
    "python": "",
    "sqlite3": "-c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])'",
}
"""Commands that documents may run, as arguments of this very interpreter, so that no other version answers."""

SHELL = """\
set -a
. .programs/variables
{command}
status=$?
export -p > .programs/variables
exit $status
"""
"""Each command has a shell of its own; the variables it leaves behind are there for the next."""


def open_folder(namespace: dict[str, Any]) -> None:
    """Step into an empty folder where the documented commands exist."""
    folder = Path(tempfile.mkdtemp(prefix="document-"))
    programs = folder / ".programs"
    programs.mkdir()
    for name, arguments in PROGRAMS.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        program.chmod(0o755)
    (programs / "variables").touch()
    namespace["_came_from"], namespace["_folder"] = Path.cwd(), folder
    os.chdir(folder)


def leave_folder(namespace: dict[str, Any]) -> None:
    """Step back, and remove the folder."""
    os.chdir(namespace["_came_from"])
    shutil.rmtree(namespace["_folder"])


def run_console(example: Example) -> None:
    """Run each command of a block; compare what it prints, and how it ends."""
    folder = example.namespace["_folder"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCOUNTABILITY_")} | {
        "PATH": os.pathsep.join([str(folder / ".programs"), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT / "src"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    for part in re.split(r"^\$ ", str(example.parsed), flags=re.MULTILINE)[1:]:
        command, shown = _command(part)
        exits = re.search(r"# exits (\d+)\s*$", command)
        done = subprocess.run(  # noqa: PLW1510 -- the status is compared below
            ["/bin/sh", "-c", SHELL.format(command=command)],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
        )
        printed = done.stdout + done.stderr
        expected = int(exits[1]) if exits else 0
        assert done.returncode == expected, f"`{command}` exits {done.returncode}, not {expected}:\n{printed}"
        if not doctest.OutputChecker().check_output(shown, printed, FLAGS):
            raise AssertionError(f"`{command}` does not print what is shown.\nShown:\n{shown}\nPrinted:\n{printed}")


def _command(part: str) -> tuple[str, str]:
    """Split what follows the prompt into the command, its continued lines joined, and the output shown."""
    lines = part.splitlines(keepends=True)
    count = 1
    while lines[count - 1].rstrip("\n").endswith("\\"):
        count += 1
    return "".join(lines[:count]).strip(), "".join(lines[count:])


def check_yaml(example: Example) -> None:
    """Check a workflow as its author would, and keep it for the blocks that follow; read any other YAML."""
    from accountability.analysis import folder
    from accountability.definition import source

    text = str(example.parsed)
    if place := re.match(r"# ([\w./-]+\.yaml)\n", text):
        path = Path(place[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    if re.search(r"^(scenarios|preludes):", text, flags=re.MULTILINE):
        check_scenarios(text)
        return
    if not (name := re.search(r"^workflow: *(\w+)", text, flags=re.MULTILINE)) or "\ntransitions:" not in text:
        findings = source.read(text, example.path).findings
        assert not findings, "\n".join(finding.message for finding in findings)
        return
    path = Path("workflows", f"{name[1]}.yaml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    findings = folder.check([path]).findings
    assert not findings, "\n".join(f"{finding.line}: {finding.code} {finding.message}" for finding in findings)


def check_scenarios(text: str) -> None:
    """Check scenarios, or preludes that they use, beside the workflows kept so far, and keep them too."""
    from accountability.testing import checking

    name = re.search(r"^workflow: *(\w+)", text, flags=re.MULTILINE)
    path = Path("workflows", "tests", f"{name[1] if name else 'office'}.yaml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    _, findings = checking.check_scenarios([path], {})
    assert not findings, "\n".join(f"{finding.line}: {finding.code} {finding.message}" for finding in findings)


def check_json(example: Example) -> None:
    """Read a block of JSON."""
    json.loads(str(example.parsed))


def check_shell(example: Example) -> None:
    """Find each `make` target that a block names."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z-]+)", str(example.parsed), flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), f"the Makefile has no target {target!r}"


pytest_collect_file = Sybil(
    parsers=[
        SkipParser(),
        PythonCodeBlockParser(doctest_optionflags=FLAGS),
        CodeBlockParser("yaml", check_yaml),
        CodeBlockParser("console", run_console),
        CodeBlockParser("json", check_json),
        CodeBlockParser("sh", check_shell),
    ],
    patterns=["README.md", "CONTRIBUTING.md", "docs/*.md", "docs/*/*.md"],
    setup=open_folder,
    teardown=leave_folder,
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the blocks of documents under the warnings that their readers see, instead of failing on each."""
    for item in items:
        if isinstance(item, SybilItem):
            item.add_marker(pytest.mark.filterwarnings("default"))
            # Sybil's own filter stops the whole run where an error has a cause of another origin.
            item._traceback_filter = our_frames


def our_frames(excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    """Show a failing block's traceback without the frames of libraries."""
    frames = excinfo.traceback
    return frames.filter(lambda frame: "site-packages" not in str(frame.path)) or frames
