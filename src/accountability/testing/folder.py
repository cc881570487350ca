"""Where scenarios stand, and which workflows they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from accountability.analysis.folder import kind_of, newest, yaml_in
from accountability.analysis.structure import linked
from accountability.definition import shipped
from accountability.definition.loader import Loaded, load_path
from accountability.definition.model import Workflow
from accountability.definition.source import SUFFIXES
from accountability.errors import InputError

TESTS = "tests"
"""The folder in which scenarios stand, below that of their workflows."""

NOTHING: Mapping[Path, Loaded] = MappingProxyType({})
"""No file was loaded yet."""

_SCENARIOS = re.compile(rb"^scenarios[ \t]*:", re.MULTILINE)
_ABOUT = re.compile(rb"^workflow[ \t]*:[ \t]*([a-z][a-z0-9_]*)", re.MULTILINE)


def scenario_files(paths: Sequence[Path]) -> list[Path]:
    """List the scenario files that paths stand for, each once, those of a folder in alphabetical order.

    Args:
        paths: Files, and folders. A folder stands for the scenario files directly in it, and for those in folders named
            `tests` anywhere below it; hidden folders are left out.

    Raises:
        InputError: A path does not exist, is no YAML file, or is a folder without scenarios.
    """
    found: dict[Path, None] = {}
    for path in paths:
        files = list(_below(path)) if path.is_dir() else [path]
        if not path.exists():
            raise InputError(f"there is no file {path}", cure="name a scenario file, or a folder that holds some")
        if path.suffix not in SUFFIXES and not path.is_dir():
            raise InputError(f"{path} is not a YAML file", cure="scenarios are files whose names end in .yaml")
        if not files:
            cure = "scenarios stand beside the workflows, in tests/NAME.yaml"
            raise InputError(f"there is no scenario in {path}", cure=cure)
        found |= dict.fromkeys(files)
    return list(found)


def holds_scenarios(path: Path) -> bool:
    """Say whether a file looks like one of scenarios: cheap, and good enough to leave other files alone."""
    try:
        return path.suffix in SUFFIXES and path.is_file() and _SCENARIOS.search(path.read_bytes()) is not None
    except OSError:
        return False


def scenarios_beside(folder: Path) -> list[Path]:
    """List the scenario files of a folder of workflows: directly in it, and in its folder `tests`."""
    top = folder if yaml_in(folder) else folder / "workflows"
    direct = [file for file in yaml_in(top) if holds_scenarios(file)]
    return direct + (list(_anywhere(top / TESTS)) if (top / TESTS).is_dir() else [])


def workflows_of(file: Path) -> Path:
    """Give the folder of the workflows that a scenario file is about.

    The one that holds the folder `tests` in which it stands; else its own, or the one above.
    """
    for folder in file.absolute().parents:
        if folder.name == TESTS:
            return _shown(folder.parent)
    beside = [path for path in yaml_in(file.parent) if not holds_scenarios(path)]
    return file.parent if beside else _shown(file.absolute().parent.parent)


@dataclass(frozen=True)
class Laws:
    """The workflows of a folder, and those that they lead to elsewhere.

    Attributes:
        folder: The folder.
        loaded: Its workflow files.
        borrowed: Files of workflows that are needed from elsewhere.
    """

    folder: Path
    loaded: tuple[Loaded, ...]
    borrowed: tuple[Loaded, ...]

    @cached_property
    def known(self) -> Mapping[str, Workflow]:
        """Name -> workflow, in its newest version."""
        return newest(one.workflow for one in (*self.borrowed, *self.loaded))

    @property
    def paths(self) -> tuple[Path, ...]:
        """What is to be registered."""
        return (self.folder, *(Path(one.document.file) for one in self.borrowed))


def laws_of(folder: Path, read: Mapping[Path, Loaded] = NOTHING) -> Laws:
    """Load the workflows of a folder, with those that they lead to elsewhere.

    What a workflow names, and what a scenario of the folder is about, is looked for in the folder, then in the folders
    of the files that its files extend, then among the shipped workflows.

    Args:
        folder: The folder.
        read: Files that were loaded already.

    Raises:
        InputError: A file cannot be read, or there is no workflow.
    """
    loaded = tuple(one for one in _workflows_in(folder, read) if kind_of(one) == "workflow")
    if not loaded:
        cure = "scenarios stand in a folder `tests` beside the workflows that they are about"
        raise InputError(f"there is no workflow in {folder}", cure=cure)
    return Laws(folder, loaded, _borrowed(folder, loaded))


def _workflows_in(folder: Path, read: Mapping[Path, Loaded]) -> Iterator[Loaded]:
    files = yaml_in(folder) or yaml_in(folder / "workflows")
    return (read.get(file) or load_path(file) for file in files)


def _borrowed(folder: Path, loaded: tuple[Loaded, ...]) -> tuple[Loaded, ...]:
    """Load what is looked for elsewhere."""
    own = newest(one.workflow for one in loaded)
    needed = [*_linked(own.values()), *_tested(folder)]
    found: dict[str, Loaded] = {}
    for elsewhere in dict.fromkeys((*(at for one in loaded for at in one.folders[1:]), shipped.folder())):
        if set(needed) <= own.keys() | found.keys():
            break
        there = _by_name(map(load_path, yaml_in(elsewhere)))
        for name in needed:
            if name in there and name not in own and name not in found:
                found[name] = there[name]
                needed += _linked([there[name].workflow])
    return tuple(found.values())


def _by_name(loaded: Iterable[Loaded]) -> dict[str, Loaded]:
    """Arrange workflow files by the workflow's name; of several versions the highest."""
    right = {one.workflow.digest: one for one in loaded if one.workflow is not None}
    return {name: right[law.digest] for name, law in newest(one.workflow for one in right.values()).items()}


def _linked(workflows: Iterable[Workflow | None]) -> list[str]:
    return [name for workflow in workflows if workflow is not None for name in linked(workflow)]


def _tested(folder: Path) -> list[str]:
    """Name the workflows that scenarios of a folder are about, as far as a glance shows."""
    files = _anywhere(folder / TESTS) if (folder / TESTS).is_dir() else ()
    return [match[1].decode() for file in files for match in _ABOUT.finditer(file.read_bytes())]


def _below(folder: Path) -> Iterator[Path]:
    """Find scenario files directly in a folder, and in folders named `tests` below it."""
    inside = folder.absolute().name == TESTS or TESTS in folder.absolute().parts
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            yield from _anywhere(path) if inside or path.name == TESTS else _in_tests(path)
        elif holds_scenarios(path) and not path.name.startswith("."):
            yield path


def _in_tests(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            yield from _anywhere(path) if path.name == TESTS else _in_tests(path)


def _anywhere(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if holds_scenarios(path) and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _shown(folder: Path) -> Path:
    """Give a folder as seen from here, where it is below."""
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder
