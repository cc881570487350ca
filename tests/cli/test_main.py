"""The program as a whole: its help, its exit codes, and how it behaves when something goes wrong."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from accountability.cli.failure import Invocation, conclude
from accountability.cli.main import app
from accountability.errors import (
    AccountabilityError,
    CanonicalError,
    DatabaseUnreachableError,
    DatabaseVersionError,
    DefinitionError,
    InputError,
    Reason,
    RecordError,
    Refused,
    UnknownCaseError,
    UnknownWorkflowError,
)
from tests.cli.conftest import Invoke

COMMANDS = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_command_of_the_contract_is_there() -> None:
    """Scripts hold on to these names."""
    wanted = "check explain schema register migrate start fire options list show history replay verify export report"
    assert set(wanted.split()) | {"erase", "doctor", "version"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str, invoke: Invoke) -> None:
    """The example names the command itself."""
    done = invoke(name, "--help")
    assert done.code == 0
    example = done.out.split("Example:")[1]
    assert f" {name}" in example
    assert done.err == ""


def test_the_help_lists_the_commands_and_the_exit_codes(invoke: Invoke) -> None:
    """Nobody should have to guess."""
    done = invoke("--help")
    assert done.code == 0
    assert all(f"  {name} " in done.out for name in COMMANDS)
    assert "ACCOUNTABILITY_DB" in done.out
    assert "Exit codes" in done.out


def test_no_command_at_all_is_wrong_use_and_shows_the_help(invoke: Invoke) -> None:
    """Help that was not asked for goes to stderr."""
    done = invoke()
    assert (done.code, done.out) == (2, "")
    assert "Usage: accountability" in done.err


def test_the_version_is_printed(invoke: Invoke) -> None:
    """`--version` says the program's version alone; `version` all that matter for a report of a mistake."""
    assert invoke("--version").out.startswith("accountability ")
    assert {"accountability", "python", "transitions", "sqlmodel"} <= set(invoke("version", "-o", "json").json)
    assert "python " in invoke("version").out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["shwo", "x"], "'show'"),
        (["show", "x", "--ouptut", "json"], "--output"),
        (["show"], "CASE"),
        (["start", "petition"], "--by"),
        (["show", "x", "-o", "xml"], "'json'"),
        (["fire", "x", "y", "--by", "z", "--expect", "soon"], "--expect"),
        (["show", "x", "y"], "y"),
        (["export", "-f", "xls"], "jsonl"),
    ],
)
def test_wrong_use_names_the_word_and_the_way_out(arguments: list[str], hint: str, invoke: Invoke) -> None:
    """Exit code 2, what was wrong, what was meant, and where to read more: all on stderr."""
    done = invoke(*arguments)
    assert (done.code, done.out) == (2, "")
    assert hint in done.err
    assert "--help" in done.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("c", "close", [Reason("role", "no")]), 1),
        (DefinitionError("wrong", [], cure="x"), 1),
        (RecordError("contradiction"), 1),
        (InputError("wrong"), 2),
        (UnknownCaseError("wrong"), 2),
        (UnknownWorkflowError("wrong"), 2),
        (CanonicalError("wrong"), 2),
        (AccountabilityError("wrong"), 2),
        (FileNotFoundError(2, "No such file or directory", "a.json"), 2),
        (PermissionError(13, "Permission denied", "a.json"), 2),
        (DatabaseUnreachableError("gone"), 3),
        (DatabaseVersionError("old"), 3),
        (ZeroDivisionError("division by zero"), 70),
    ],
)
def test_each_error_has_its_exit_code(error: Exception, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written to stdout, and nothing looks like a traceback."""
    assert conclude(error, Invocation()) == code
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.strip()
    assert "Traceback" not in written.err


def test_a_cure_is_shown_below_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    """An error says what to do next."""
    conclude(DatabaseVersionError(), Invocation())
    assert "help: run `accountability migrate`" in capsys.readouterr().err


def test_a_mistake_of_the_program_says_how_to_see_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence for everybody; the traceback for those who ask for it."""
    conclude(ZeroDivisionError("division by zero"), Invocation())
    assert "ACCOUNTABILITY_DEBUG=1" in capsys.readouterr().err
    monkeypatch.setenv("ACCOUNTABILITY_DEBUG", "1")
    conclude(ZeroDivisionError("division by zero"), Invocation())
    assert "ZeroDivisionError: division by zero\n" in capsys.readouterr().err


def test_a_refusal_lists_every_reason_with_a_cure(capsys: pytest.CaptureFixture[str]) -> None:
    """The author's words come first, the values that decided below them."""
    because = {"guard": "data.amount >= 1000", "because": "data.amount is 400", "else": {"en": "too little"}}
    reasons = [Reason("role", "needs officer", {}), Reason("guard", "too little", because)]
    assert conclude(Refused("2015-017", "close", reasons), Invocation()) == 1
    err = capsys.readouterr().err
    assert err.splitlines()[0] == "refused: close on 2015-017"
    for words in ("needs officer", "too little", "data.amount is 400", "help: act in a role"):
        assert words in err


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_a_refusal_for_a_program_is_json_on_stdout(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The shape of the contract, and nothing else."""
    conclude(Refused("c", "close", [Reason("role", "no", {"has": []})]), Invocation(form))
    written = capsys.readouterr()
    assert written.err == ""
    assert '"refused": true' in written.out


def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    """Exit code 130, as a shell expects, and no traceback."""
    waiting = tmp_path / "data"
    os.mkfifo(waiting)
    command = [sys.executable, "-m", "accountability", "start", "petition", "--by", "zhang", "--data", f"@{waiting}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment)
    with waiting.open("w"):  # opens once the program has begun to read
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    """`accountability … | head` says nothing about a broken pipe."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    script = f"{sys.executable} -m accountability version | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert done.stderr == b""


def test_a_terminal_without_unicode_is_no_error(shell: Invoke) -> None:
    """What a stream cannot encode is written as an escape."""
    done = shell("explain", "ACC001", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.code == 0
    assert "\\u4fe1" in done.out


def seen_on_a_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """Run a command whose output is a terminal of 80 columns, and give what that showed."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
    command = [sys.executable, "-m", "accountability", *arguments]
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    settings = {**inherited, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm-256color", **environment}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=folder, env=settings) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the terminal is gone once the last process has left it
            while piece := os.read(ours, 4096):
                shown += piece
        process.wait()
    os.close(ours)
    return shown.decode()


def test_a_terminal_gets_colour_unless_it_wants_none(tmp_path: Path) -> None:
    """`NO_COLOR` is respected, and long text is broken at the terminal's width."""
    colourful = seen_on_a_terminal(tmp_path, "explain", "ACC200")
    plain = seen_on_a_terminal(tmp_path, "explain", "ACC200", NO_COLOR="1")
    assert "\x1b[" in colourful
    assert not re.search(r"\x1b\[[\d;]*3\d", plain)
    assert max(len(row) for row in re.sub(r"\x1b\[[\d;]*m", "", plain).splitlines()) <= 80


def test_long_work_shows_its_progress_on_a_terminal(county: Invoke, opened: str, tmp_path: Path) -> None:
    """The bar is gone when the work is done; the verdict stays."""
    shown = seen_on_a_terminal(tmp_path, "verify")
    assert "verifying" in shown
    assert shown.rindex("verified") > shown.rindex("verifying")


def test_a_closed_stream_is_no_mistake(shell: Invoke, tmp_path: Path) -> None:
    """Whoever closes stdout before the program begins does not want to hear."""
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = f"{sys.executable} -m accountability version {closed}"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        assert subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env=environment, check=False).returncode == 0
