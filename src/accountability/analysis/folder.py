"""Check files and folders of workflows together, so that links between them are followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accountability.analysis.rules import examine
from accountability.analysis.structure import openings
from accountability.definition import shipped
from accountability.definition.finding import Finding, in_order
from accountability.definition.loader import Loaded, load_path
from accountability.definition.model import Workflow
from accountability.definition.nearest import did_you_mean
from accountability.errors import InputError
from accountability.machine.scope import given_triggers

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, and what is wrong with it.

    Attributes:
        loaded: Every file, in the order in which it was named; files of a folder in alphabetical order.
        findings: All findings, file by file, in the order of each file.
        reports: Report files that were named, or stand in the `reports` of a folder; see `counting`.
        known: The workflows that links may name.
    """

    loaded: tuple[Loaded, ...]
    findings: tuple[Finding, ...]
    reports: tuple[Path, ...] = ()
    known: Mapping[str, Workflow] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every workflow can be used; warnings do not hinder."""
        return not any(finding.is_error for finding in self.findings)


def check(paths: Sequence[Path | str]) -> Checked:
    """Load and examine workflows.

    Args:
        paths: Files, and folders. A folder stands for the YAML files directly in it and in its subfolder `reports`; one
            without any stands for its subfolder `workflows`. Workflows beside a checked file, and those shipped with
            the product, tell what links open; nothing is reported about them.

    Raises:
        InputError: A path does not exist, cannot be read, is no YAML file, or is a folder without workflows.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(Path(path))))
    read = {file: load_path(file) for file in files}
    reports = [file for file, one in read.items() if _is_report(one)]
    loaded = tuple(one for one in read.values() if not _is_report(one))
    known = _known(files, loaded)
    findings: list[Finding] = []
    for one in loaded:
        findings += in_order((*one.findings, *examine(one, known)))
    reports += [file for path in paths for file in _reports_below(Path(path)) if file not in reports]
    return Checked(loaded, (*findings, *_twice(loaded)), tuple(reports), known)


def _is_report(loaded: Loaded) -> bool:
    data = loaded.document.data
    return data is not None and "report" in data and "workflow" not in data


def _reports_below(path: Path) -> list[Path]:
    """List the report files of a folder of workflows."""
    if not path.is_dir():
        return []
    return yaml_in((path if yaml_in(path) else path / "workflows") / "reports")


def _files(path: Path) -> list[Path]:
    """List the files that a path stands for."""
    if path.is_dir():
        found = yaml_in(path) or yaml_in(path / "workflows")
        if not found:
            raise InputError(f"there is no workflow in {path}", cure="workflows are files whose names end in .yaml")
        return found
    if not path.exists():
        raise InputError(f"there is no file {path}", cure=_near(path))
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path} is not a YAML file", cure="workflows are files whose names end in .yaml")
    return [path]


def yaml_in(folder: Path) -> list[Path]:
    """List the YAML files directly in a folder, in alphabetical order; hidden ones are left out."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES and _is_plain(file))


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".")


def _near(path: Path) -> str:
    """Say which file may have been meant."""
    beside = [file.name for file in yaml_in(path.parent)]
    if not beside:
        return "name a YAML file, or a folder that holds some"
    return did_you_mean(path.name, beside)


def _known(files: Sequence[Path], loaded: Sequence[Loaded]) -> dict[str, Workflow]:
    """Collect the workflows that links may name: the checked ones, then those beside them, then the shipped ones."""
    known = newest(one.workflow for one in loaded)
    if _unresolved(known):
        checked = {file.resolve() for file in files}
        folders = dict.fromkeys(file.resolve().parent for file in files)
        beside = [file for folder in folders for file in yaml_in(folder) if file not in checked]
        known = {**newest(load_path(file).workflow for file in beside), **known}
    if _unresolved(known):
        known = {**newest(load_path(file).workflow for file in yaml_in(shipped.folder())), **known}
    return known


def newest(workflows: Iterable[Workflow | None]) -> dict[str, Workflow]:
    """Arrange workflows by name; of several versions the highest."""
    found: dict[str, Workflow] = {}
    for workflow in workflows:
        if workflow is not None and workflow.version >= found.get(workflow.workflow, workflow).version:
            found[workflow.workflow] = workflow
    return found


def _unresolved(known: Mapping[str, Workflow]) -> bool:
    """Whether a workflow opens cases of one that is not known, or asks who did an act that must be its opener's."""
    return any(
        any(opens.workflow not in known for opens in openings(workflow)) or _asks_the_opener(workflow)
        for workflow in known.values()
    )


def _asks_the_opener(workflow: Workflow) -> bool:
    own = given_triggers(workflow)
    rules = (rule for declared in workflow.transitions.values() for rule in declared)
    return any(trigger not in own for rule in rules for trigger in (*rule.not_by, *rule.same_as))


def _twice(loaded: Sequence[Loaded]) -> list[Finding]:
    """Find versions of a workflow that stand in two files."""
    first: dict[tuple[str, int], Loaded] = {}
    found = []
    for one in loaded:
        if one.workflow is None:
            continue
        name, version = one.workflow.workflow, one.workflow.version
        other = first.setdefault((name, version), one)
        if other is not one:
            message = f"version {version} of `{name}` stands in {other.document.file} too"
            cure = f"give one of them another version, such as `version: {version + 1}`, or remove it"
            found.append(one.document.finding("ACC207", message, ("version",), help=cure))
    return found
