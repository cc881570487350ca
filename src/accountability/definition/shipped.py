"""Where the workflows that come with accountability are."""

from __future__ import annotations

from pathlib import Path

from accountability.errors import InputError

_PACKAGE = Path(__file__).resolve().parent.parent
_REPOSITORY = _PACKAGE.parent.parent


def folder() -> Path:
    """Find the shipped workflows: inside the installed package, or in the repository of an editable install.

    Raises:
        InputError: They are in neither place, so the installation is damaged.
    """
    installed = _PACKAGE / "workflows"
    if installed.is_dir():
        return installed
    editable = _REPOSITORY / "workflows"
    if editable.is_dir() and _PACKAGE == _REPOSITORY / "src" / "accountability":
        return editable
    raise InputError("the shipped workflows are not installed", cure="install accountability again")
