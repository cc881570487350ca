"""Where the shipped workflows are."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.definition import shipped
from accountability.errors import InputError


def test_the_shipped_workflows_are_found() -> None:
    """An editable install finds them in the repository, an installed one in the package."""
    assert shipped.folder().is_dir()
    assert shipped.folder().name == "workflows"


def test_a_damaged_installation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the workflows are missing, the error says so instead of showing an empty list."""
    package = tmp_path / "src" / "accountability"
    package.mkdir(parents=True)
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    monkeypatch.setattr(shipped, "_REPOSITORY", tmp_path)

    with pytest.raises(InputError) as caught:
        shipped.folder()
    assert caught.value.cure

    (tmp_path / "workflows").mkdir()
    assert shipped.folder() == tmp_path / "workflows"

    (package / "workflows").mkdir()
    assert shipped.folder() == package / "workflows"
