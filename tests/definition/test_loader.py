"""From a file to a workflow."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from accountability.definition import source
from accountability.definition.loader import Loaded, load, load_path
from accountability.errors import InputError

RIGHT = (Path(__file__).parent / "right.yaml").read_text()


def messages(loaded: Loaded) -> list[str]:
    """Give messages and cures, one line each."""
    return [f"{finding.message} | {finding.help}" for finding in loaded.findings]


def test_a_misspelt_key_is_answered_with_the_nearest_one() -> None:
    """`gaurd`-like slips need no manual."""
    loaded = load(RIGHT.replace("signatures: 2", "signature: 2"), "f.yaml")

    assert messages(loaded) == ["unknown key `signature` in item 1 of `close` | did you mean `signatures`?"]


def test_a_misspelt_required_key_is_one_mistake() -> None:
    """A key that is there under a slightly wrong name is not also reported as missing."""
    loaded = load(RIGHT.replace("version: 1", "verison: 1"), "f.yaml")

    assert messages(loaded) == ["unknown key `verison` | did you mean `version`?"]


def test_a_missing_key_comes_with_an_example() -> None:
    """The cure for a missing key can be pasted."""
    loaded = load(RIGHT.replace("version: 1\n", ""), "f.yaml")

    assert messages(loaded) == ["the file lacks the key `version` | add `version: 1`, a whole number from 1"]


def test_a_duplicate_key_shows_both_places() -> None:
    """The second place is the finding's own; the first stands in its message."""
    loaded = load(RIGHT + "version: 2\n", "f.yaml")

    (finding,) = loaded.findings
    assert finding.line == RIGHT.count("\n") + 1
    assert "already on line 2, column 1" in finding.message


def test_text_that_older_tools_misread_is_a_warning() -> None:
    """`no` is text, as it says; the author is told that others may read it otherwise."""
    loaded = load(RIGHT.replace("[petition, audit]", "[petition, no]"), "f.yaml")

    (finding,) = loaded.findings
    assert (finding.code, finding.severity) == ("ACC018", "warning")
    assert loaded.workflow is not None
    assert loaded.workflow.data["source"].enum == ("petition", "no")


def test_a_reserved_key_is_refused_until_it_is_honoured() -> None:
    """A promise that nobody keeps never stands in a file unnoticed."""
    for key in ("guarantees",):
        loaded = load(f"{RIGHT}{key}: {{}}\n", "f.yaml")

        assert [finding.code for finding in loaded.findings] == ["ACC190"]
        assert loaded.workflow is None


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_the_same_workflow() -> None:
    """What an editor puts around and between lines does not change the law."""
    written = b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()

    loaded, plain = load(written, "f.yaml"), load(RIGHT, "f.yaml")

    assert loaded.findings == ()
    assert loaded.workflow is not None
    assert plain.workflow is not None
    assert loaded.workflow.digest == plain.workflow.digest


def test_a_workflow_may_be_written_as_json() -> None:
    """JSON is YAML: quoted keys are keys."""
    loaded = load(
        '{"workflow": "w", "version": 1, "roles": {"r": "R"}, "start": {"by": "r"}, "initial": "a",'
        ' "states": {"a": null, "z": {"final": true}}, "transitions": {"go": {"from": "a", "to": "z", "by": "r"}}}',
        "f.json",
    )

    assert loaded.findings == ()


def test_a_file_that_cannot_be_read_is_named() -> None:
    """A missing file, a folder and a name with a null are wrong arguments, not findings."""
    for path in ("no/such.yaml", "/", "a\0b"):
        with pytest.raises(InputError) as caught:
            load_path(path)
        assert path in str(caught.value)
        assert caught.value.cure


def test_a_pipe_or_a_device_is_no_file(tmp_path: Path) -> None:
    """What may never end is not begun."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(InputError, match="is not an ordinary file"):
            load_path(path)


def test_a_yaml_library_without_its_fast_parser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML can be built without libyaml; the cure is one command."""
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    with pytest.raises(InputError, match="libyaml") as caught:
        load(RIGHT, "f.yaml")
    assert "pip install" in str(caught.value.cure)


def test_limits_are_kept() -> None:
    """Size and number of values are limited, so that a check always ends soon."""
    large = load("# " + "x" * source.BYTES_MAX, "f.yaml")
    many = load("a: [" + "1," * source.NODES_MAX + "1]\n", "f.yaml")

    assert [finding.code for finding in large.findings] == ["ACC002"]
    assert [finding.code for finding in many.findings] == ["ACC010"]


def test_a_large_workflow_loads_quickly() -> None:
    """A file of some two hundred lines takes well under 50 ms, so that an editor can check while its author types."""
    rules = "".join(
        f"  act_{number}:\n    from: [received, checking]\n    by: officer\n    needs: [source]\n"
        for number in range(45)
    )
    text = RIGHT + rules

    best = min(_seconds(text) for _ in range(5))

    assert text.count("\n") > 200
    assert best < 0.05


def _seconds(text: str) -> float:
    start = time.perf_counter()
    loaded = load(text, "f.yaml")
    seconds = time.perf_counter() - start
    assert loaded.findings == ()
    return seconds


def check_findings(loaded: Loaded) -> None:
    """Hold what is true of every load: places lie in the text, and errors and workflows exclude each other."""
    lines = loaded.document.text.split("\n")
    for finding in loaded.findings:
        assert finding.help
        assert finding.message
        assert 1 <= finding.line <= max(len(lines), 1) or not loaded.document.text
        assert finding.column >= 1
        assert (finding.line, finding.column) <= (finding.end_line, finding.end_column)
    assert (loaded.workflow is None) == any(finding.is_error for finding in loaded.findings)


@given(st.binary(max_size=300))
def test_no_bytes_give_a_traceback(raw: bytes) -> None:
    """Whatever a file holds, the answer is findings."""
    loaded = load(raw, "f.yaml")

    check_findings(loaded)
    assert loaded.workflow is None


@given(st.text(st.sampled_from(list("ab: -?#&*!|>'\"%@`{}[],\n\t \\0x7~中\x85\u2028<=.yn")), max_size=80))
def test_no_text_gives_a_traceback(text: str) -> None:
    """Whatever is written with YAML's own signs, the answer is findings."""
    check_findings(load(text, "f.yaml"))


@given(
    at=st.integers(0, len(RIGHT)),
    removed=st.integers(0, 30),
    inserted=st.text(st.sampled_from(list("ab:-?&*!|>'\"{}[],\n\t 019.~no中")), max_size=6),
)
def test_no_slip_of_the_hand_gives_a_traceback(at: int, removed: int, inserted: str) -> None:
    """A correct file with a slip in it loads, or gives findings within the file."""
    check_findings(load(RIGHT[:at] + inserted + RIGHT[at + removed :], "f.yaml"))


LINES = RIGHT.split("\n")

VALUES = st.sampled_from(
    ["~", "5", "-1", "true", "text", "[]", "{}", "[a, b]", "[{}]", "{a: b}", "[1, ~]", '""', "any", "[[a]]", "2.5"]
)


@given(line=st.integers(0, len(LINES) - 1), value=VALUES)
def test_no_value_in_a_wrong_place_gives_a_traceback(line: int, value: str) -> None:
    """Every key of a correct file may get a value of every type."""
    key, colon, _ = LINES[line].partition(":")
    changed = [*LINES[:line], f"{key}{colon} {value}", *LINES[line + 1 :]]

    check_findings(load("\n".join(changed), "f.yaml"))


@pytest.mark.parametrize(
    ("period", "message", "cure"),
    [
        ("05 days", "as they are written here", "write `5 days`"),
        ("P01M", "as they are written here", "write `1 month`"),
        ("100000 days", "is too long", "write less"),
        ("15 workdays", "is no unit of time", "`working days`"),
        ("3 month s", "is no unit of time", "`months`"),
        ("soon", "is no amount of time", "5 working days"),
        ("P1DT12H", "mixes units", "5 working days"),
    ],
)
def test_what_is_no_period_is_told_with_what_would_be_one(period: str, message: str, cure: str) -> None:
    """The reason is that of the calendar, which counts it later."""
    text = f"{RIGHT}deadlines: {{decision: {{starts: accept, within: {period}}}}}\n"
    (finding,) = load(text, "f.yaml").findings
    assert (finding.code, finding.line) == ("ACC114", text.count("\n"))
    assert finding.message.startswith("`within` is no period")
    assert message in finding.message
    assert cure in finding.help
