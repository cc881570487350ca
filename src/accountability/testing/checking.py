"""Check scenario files beside the workflows that they are about, without running them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from accountability.definition.finding import Finding
from accountability.definition.loader import Loaded
from accountability.errors import InputError
from accountability.testing.folder import Laws, holds_scenarios, laws_of, scenarios_beside, workflows_of
from accountability.testing.scenario_file import load_path


def check_scenarios(paths: Sequence[Path], read: Mapping[Path, Loaded]) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """Find what is wrong with the scenario files among some paths, and in the folder `tests` of folders among them.

    Args:
        paths: Files and folders that are checked.
        read: Workflow files that were loaded already.

    Returns:
        The scenario files, and the findings, file by file.

    Raises:
        InputError: A file cannot be read.
    """
    files = dict.fromkeys(file for path in paths for file in _named(path))
    laws: dict[Path, Laws | None] = {}
    findings: dict[Finding, None] = {}
    for file in files:
        folder = workflows_of(file)
        if folder not in laws:
            laws[folder] = _laws(folder, read)
        known = laws[folder]
        findings |= dict.fromkeys(load_path(file, {} if known is None else known.known).findings)
    return tuple(files), tuple(findings)


def _named(path: Path) -> list[Path]:
    if path.is_dir():
        return scenarios_beside(path)
    return [path] if holds_scenarios(path) else []


def _laws(folder: Path, read: Mapping[Path, Loaded]) -> Laws | None:
    try:
        return laws_of(folder, read)
    except InputError:
        return None
