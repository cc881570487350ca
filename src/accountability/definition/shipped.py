"""Where the workflows that come with accountability are."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from accountability.errors import InputError

_PACKAGE = Path(__file__).resolve().parent.parent
_REPOSITORY = _PACKAGE.parent.parent

Profile = Literal["cn-2025", "cn-2015"]
"""Under whose law the shipped workflows stand: today's, or that of 2015."""


def folder(profile: Profile = "cn-2025") -> Path:
    """Find the shipped workflows: inside the installed package, or in the repository of an editable install.

    Args:
        profile: Which law. Reports stand beside the workflows of today's.

    Raises:
        InputError: They are in neither place, so the installation is damaged.
    """
    installed, editable = _PACKAGE / "workflows", _REPOSITORY / "workflows"
    for found in (installed, editable) if _PACKAGE == _REPOSITORY / "src" / "accountability" else (installed,):
        if found.is_dir():
            return found if profile == "cn-2025" else found / profile
    raise InputError("the shipped workflows are not installed", cure="install accountability again")
