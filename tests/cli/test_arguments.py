"""What people type becomes values, or an error that says where and how to put it right."""

from __future__ import annotations

import io
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from accountability.audit.entry import Actor
from accountability.cli.arguments import (
    existing,
    read_actor,
    read_data,
    read_date,
    read_documents,
    read_moment,
    read_viewer,
)
from accountability.errors import InputError


def refused(call: object, *arguments: object) -> InputError:
    """Call something that must not accept its input."""
    with pytest.raises(InputError) as caught:
        call(*arguments)  # type: ignore[operator]
    assert caught.value.cure
    return caught.value


def test_data_is_an_object() -> None:
    """Fields come as a JSON object, in the command itself."""
    assert read_data('{"amount": "120.50", "urgent": true}') == {"amount": "120.50", "urgent": True}
    assert read_data(None) is None


def test_data_may_come_from_a_file(tmp_path: Path) -> None:
    """`@FILE` reads a file; a byte order mark, which some editors write, is no content."""
    file = tmp_path / "data.json"
    file.write_bytes('\ufeff{"name": "张"}'.encode())
    assert read_data(f"@{file}") == {"name": "张"}


def test_data_may_come_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """`@-` reads stdin."""
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": 1}'))
    assert read_data("@-") == {"a": 1}


def test_wrong_json_shows_its_place() -> None:
    """The line is shown with a mark below the character where reading stopped."""
    lines = str(refused(read_data, '{"a": 1,\n "b": 2 "c": 3}')).splitlines()
    assert "line 2, column 9" in lines[0]
    assert lines[1][lines[2].index("^") :].startswith('"c"')


def test_wrong_json_in_a_long_line_shows_the_part_around_its_place() -> None:
    """A long line is cut, and the mark still stands below the character."""
    lines = str(refused(read_data, '{"a": "' + "x" * 500 + '" "b": 1}')).splitlines()
    assert len(lines[1]) < 100
    assert lines[1][lines[2].index("^") :].startswith('"b"')


@pytest.mark.parametrize("text", ["[]", '"text"', "1", "null", "true", "1.5"])
def test_data_that_is_not_an_object_is_refused(text: str) -> None:
    """A list or a bare value names no field."""
    assert "not a JSON object" in str(refused(read_data, text))


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": -Infinity}', "", "{", "[" * 100_000])
def test_data_that_is_not_json_is_refused(text: str) -> None:
    """A field given twice, a number that is none, an unfinished or bottomless text: never a traceback."""
    assert "--data" in str(refused(read_data, text))


def test_a_missing_data_file_suggests_the_one_meant(tmp_path: Path) -> None:
    """The nearest name in the folder is offered."""
    (tmp_path / "report.json").write_text("{}")
    assert "report.json" in str(refused(read_data, f"@{tmp_path / 'reprot.json'}").cure)


def test_a_data_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """The byte that is not UTF-8 is named."""
    (tmp_path / "a.json").write_bytes(b'{"a": "\xff"}')
    assert "byte 7" in str(refused(read_data, f"@{tmp_path / 'a.json'}"))
    assert "cannot be read" in str(refused(read_data, f"@{tmp_path}"))


def test_documents_are_names_with_paths(tmp_path: Path) -> None:
    """A path may contain `=`; only the first one separates."""
    file = tmp_path / "a=b.pdf"
    file.write_bytes(b"%PDF")
    assert read_documents([f"report={file}"]) == {"report": file}
    assert read_documents(None) is None


def test_wrong_documents_are_refused(tmp_path: Path) -> None:
    """No name, no path, no file, a folder, and a name given twice."""
    file = tmp_path / "a.pdf"
    file.write_bytes(b"")
    for pairs in (["report"], ["=a"], ["report="], [f"r={tmp_path / 'b.txt'}"], [f"r={tmp_path}"], [f"r={file}"] * 2):
        refused(read_documents, pairs)


def test_what_may_never_end_is_not_read(tmp_path: Path) -> None:
    """A pipe or a device is no document, and a device gives no data."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "no ordinary file" in str(refused(read_documents, [f"r={pipe}"]))
    assert "no ordinary file" in str(refused(read_documents, ["r=/dev/zero"]))
    assert "device" in str(refused(read_data, "@/dev/zero"))


def test_a_time_carries_its_zone() -> None:
    """A time without a zone would mean another moment elsewhere."""
    assert read_moment("2015-02-09T09:00+08:00", "--at") == datetime(2015, 2, 9, 1, tzinfo=UTC)
    assert read_moment(None, "--at") is None
    for text in ("2015-02-09T09:00", "2015-02-09", "yesterday", ""):
        assert "--at" in str(refused(read_moment, text, "--at"))


def test_a_date_is_a_day() -> None:
    """Reports count whole days."""
    assert read_date("2015-12-31", "--to") == date(2015, 12, 31)
    for text in ("2015-02-30", "31.12.2015", ""):
        assert "--to" in str(refused(read_date, text, "--to"))


def test_an_actor_needs_an_id() -> None:
    """Nobody cannot act."""
    assert read_actor("zhang", ["officer"], "county") == Actor("zhang", ["officer"], "county")
    refused(read_actor, " ", None, None)


def test_a_viewer_is_a_person_or_nobody() -> None:
    """A role alone would show protected fields without saying to whom."""
    assert read_viewer(None, None, None) is None
    assert read_viewer("li", ["leader"], None) == Actor("li", ["leader"])
    refused(read_viewer, None, ["leader"], None)


def test_an_existing_path_is_returned(tmp_path: Path) -> None:
    """A folder exists as well as a file; what is nowhere is refused even in a folder that is nowhere."""
    assert existing(tmp_path) == tmp_path
    refused(existing, tmp_path / "nowhere" / "a.yaml")
