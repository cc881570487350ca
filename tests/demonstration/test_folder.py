"""The demonstration removes nothing that it did not make."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.demonstration.county import DATABASES, MARK, prepare
from accountability.errors import InputError


@pytest.mark.parametrize("name", DATABASES)
def test_somebody_s_record_is_left_as_it_is(tmp_path: Path, name: str):
    """A database of the same name without the demonstration's mark is an error with a cure, and nothing is touched."""
    (tmp_path / name).write_bytes(b"a real record")
    with pytest.raises(InputError, match="was not made by the demonstration") as caught:
        prepare(tmp_path)
    assert "--dir" in str(caught.value.cure)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"a real record"


def test_an_earlier_demonstration_is_replaced(tmp_path: Path):
    """Its databases go, with what SQLite keeps beside them; everything else in the folder stays."""
    folder = tmp_path / "new" / "demo"
    assert prepare(folder) == folder / "county.db"
    for name in (*DATABASES, "county.db-wal", "county.db-shm", "notes.txt"):
        (folder / name).touch()
    prepare(folder)
    assert sorted(path.name for path in folder.iterdir()) == [MARK, "notes.txt"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    """A file where the folder should be, or above it."""
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "demo"):
        with pytest.raises(InputError, match="cannot write to") as caught:
            prepare(folder)
        assert str(folder) in str(caught.value)
        assert caught.value.cure
