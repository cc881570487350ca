"""What every test of the command line shares: running it, in this process or as a real one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accountability.cli.main import run


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Read stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Read stdout as one JSON value a line."""
        return [json.loads(row) for row in self.out.splitlines()]


Invoke = Callable[..., Outcome]


@pytest.fixture
def invoke(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run the command line in this process, in an empty folder, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("ACCOUNTABILITY_DB", "ACCOUNTABILITY_DEBUG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def shell(tmp_path: Path) -> Invoke:
    """Run the command line as a process of its own, in the same empty folder."""

    def call(*arguments: object, given: str = "", **environment: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "accountability", *map(str, arguments)],
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
            timeout=60,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call


PETITION = """\
workflow: petition
version: 1
title: {en: Petition, zh: 信访举报}
roles:
  officer: {en: Petition officer, zh: 信访干部}
  leader: {en: Leader, zh: 领导}
data:
  source: {type: string, enum: [petition, audit], title: {en: Source, zh: 来源}}
  amount: {type: decimal, default: "0"}
  reporter: {type: string, personal: true}
  lead: {type: string, readers: [leader]}
start: {by: officer, needs: [source], accepts: [amount, reporter, lead]}
initial: received
states:
  received: {title: {en: Received, zh: 已收到}}
  registered: {title: {en: Registered, zh: 已登记}}
  closed: {title: {en: Closed, zh: 已办结}, final: true}
transitions:
  register: {from: received, to: registered, by: officer, title: {en: Register, zh: 登记}}
  examine:
    from: registered
    by: officer
    opens: [{workflow: subject, as: subjects}]
  close:
    from: registered
    to: closed
    by: leader
    when: [{check: data.amount >= 1000, else: {en: the amount is too small, zh: 金额不足}}]
    documents: [filing_report]
    reason: required
    not_by: [register]
    awaits: [subjects]
"""

SUBJECT = """\
workflow: subject
version: 1
title: {en: Person concerned, zh: 被反映人}
roles: {officer: Officer}
start: {by: officer}
initial: open
states: {open: , done: {final: true}}
transitions:
  finish: {from: open, to: done, by: officer}
"""

OFFICER = ("--by", "zhang", "--role", "officer")
LEADER = ("--by", "li", "--role", "leader")


def write_workflows(folder: Path) -> Path:
    """Write two workflows of which one opens cases of the other."""
    folder.mkdir()
    (folder / "petition.yaml").write_text(PETITION, encoding="utf-8")
    (folder / "subject.yaml").write_text(SUBJECT, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the two workflows."""
    return write_workflows(tmp_path / "workflows")


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database in which the two workflows are registered, once for all tests, each of which gets a copy."""
    place = tmp_path_factory.mktemp("registered")
    database = place / "accountability.db"
    assert run(["--db", str(database), "migrate"]) == 0
    assert run(["--db", str(database), "register", str(write_workflows(place / "workflows"))]) == 0
    return database


@pytest.fixture
def county(invoke: Invoke, folder: Path, registered: Path) -> Invoke:
    """Run the command line beside the two workflows and a database in which they are registered."""
    shutil.copy(registered, folder.parent)
    return invoke


@pytest.fixture
def opened(county: Invoke) -> str:
    """Open a petition with a protected name in it, and give its id."""
    data = '{"source": "petition", "amount": "400.50", "reporter": "王五", "lead": "call him"}'
    started = county("start", "petition", *OFFICER, "--unit", "county", "--data", data, "-o", "json")
    assert started.code == 0, started.err
    return str(started.json["id"])
