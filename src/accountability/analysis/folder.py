"""Check files and folders of workflows together, so that links between them are followed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from accountability.analysis.rules import examine
from accountability.analysis.structure import linked
from accountability.calendars.calendar import Calendar
from accountability.definition import shipped
from accountability.definition.calendar_file import LoadedCalendar, load_calendar, load_folder
from accountability.definition.extension import EXTENDS
from accountability.definition.finding import Finding, in_order
from accountability.definition.loader import Loaded, load_path
from accountability.definition.model import Workflow
from accountability.definition.nearest import did_you_mean
from accountability.definition.source import SUFFIXES
from accountability.errors import InputError
from accountability.machine.scope import given_triggers


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, and what is wrong with it.

    Attributes:
        loaded: Every file, in the order in which it was named; files of a folder in alphabetical order.
        findings: All findings, file by file, in the order of each file.
        reports: Report files that were named, or stand in the `reports` of a folder; see `counting`.
        calendar_files: Calendar files that were named, or stand in the `calendars` of a folder.
        calendars: The calendars that the workflows count by, by name.
        known: The workflows that links may name.
    """

    loaded: tuple[Loaded, ...]
    findings: tuple[Finding, ...]
    reports: tuple[Path, ...] = ()
    calendar_files: tuple[LoadedCalendar, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    known: Mapping[str, Workflow] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every workflow can be used; warnings do not hinder."""
        return not any(finding.is_error for finding in self.findings)


def check(paths: Sequence[Path | str]) -> Checked:
    """Load and examine workflows.

    Args:
        paths: Files, and folders. A folder stands for the YAML files directly in it and in its subfolders `reports`
            and `calendars`; one without any stands for its subfolder `workflows`. Workflows beside a checked file,
            beside one that it extends, and those shipped with the product, tell what links open; nothing is reported
            about them.

    Raises:
        InputError: A path does not exist, cannot be read, is no YAML file, or is a folder without workflows.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(Path(path))))
    read = {file: load_path(file) for file in files}
    kinds = {file: kind_of(one) for file, one in read.items()}
    loaded = {file: one for file, one in read.items() if kinds[file] == "workflow"}
    tops = dict.fromkeys(_top(Path(path)) for path in paths)
    reports = [file for file in files if kinds[file] == "report"]
    reports += [file for top in tops for file in yaml_in(top / "reports") if file not in reports]
    calendar_files = {str(file): load_calendar(file) for file in files if kinds[file] == "calendar"}
    calendar_files |= {one.document.file: one for top in tops for one in load_folder(top)}
    found: dict[Path, tuple[Finding, ...]] = {}
    known: dict[str, Workflow] = {}
    for members in _by_folder(loaded):
        beside = _known(members, loaded)
        found |= {file: in_order((*one.findings, *examine(one, beside))) for file, one in members.items()}
        known = {**beside, **known}
    named = tuple(loaded.values())
    findings = [*_told_once(loaded, found), *(finding for one in calendar_files.values() for finding in one.findings)]
    findings = [*dict.fromkeys(findings), *_twice(named), *_two_calendars(named)]
    return Checked(named, tuple(findings), tuple(reports), tuple(calendar_files.values()), _calendars(named), known)


def kind_of(loaded: Loaded) -> str:
    """Tell workflows from other files that lie beside them: `report`, `calendar`, `scenarios`."""
    data = loaded.document.data
    if data is not None and "transitions" not in data and data.keys() & {"scenarios", "preludes", "actors"}:
        return "scenarios"
    if data is None or "workflow" in data or EXTENDS in data:
        return "workflow"
    return next((kind for kind in ("report", "calendar") if kind in data), "workflow")


def _by_folder(loaded: Mapping[Path, Loaded]) -> list[dict[Path, Loaded]]:
    """Put together the files of each folder; a folder is a world of its own before it is part of a larger one."""
    folders: dict[Path, dict[Path, Loaded]] = {}
    for file, one in loaded.items():
        folders.setdefault(file.resolve().parent, {})[file] = one
    return list(folders.values())


def _told_once(loaded: Mapping[Path, Loaded], found: Mapping[Path, Sequence[Finding]]) -> Iterator[Finding]:
    """Leave out what a file takes over and what is told of the other file already; say which file shows the rest."""
    told = {finding for file, findings in found.items() for finding in findings if finding.file == str(file)}
    for file, findings in found.items():
        extended = {document.file for document in loaded[file].document.inherited.values()}
        for finding in findings:
            if finding.file not in extended:
                yield finding
            elif finding not in told:
                yield replace(finding, message=f"{finding.message} (in {file}, which extends this file)")


def _top(path: Path) -> Path:
    """Give the folder of workflows that a path stands for."""
    return path if not path.is_dir() or yaml_in(path) else path / "workflows"


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


def _known(members: Mapping[Path, Loaded], loaded: Mapping[Path, Loaded]) -> dict[str, Workflow]:
    """Collect the workflows that links may name in one folder.

    First those checked there, then those beside them, the other checked ones, those beside the files that they extend,
    and the shipped ones.
    """
    known = newest(one.workflow for one in members.values())
    checked = {file.resolve() for file in loaded}
    own, *extended = dict.fromkeys(folder.resolve() for one in members.values() for folder in one.folders)
    known = _with_those_in(own, known, checked)
    known = {**newest(one.workflow for one in loaded.values()), **known}
    for folder in (*extended, shipped.folder()):
        known = _with_those_in(folder, known, checked)
    return known


def _with_those_in(folder: Path, known: dict[str, Workflow], checked: Collection[Path]) -> dict[str, Workflow]:
    """Add the workflows of a folder where something is named that is not known."""
    if not _unresolved(known):
        return known
    beside = [file for file in yaml_in(folder) if file.resolve() not in checked]
    return {**newest(load_path(file).workflow for file in beside), **known}


def newest(workflows: Iterable[Workflow | None]) -> dict[str, Workflow]:
    """Arrange workflows by name; of several versions the highest."""
    found: dict[str, Workflow] = {}
    for workflow in workflows:
        if workflow is not None and workflow.version >= found.get(workflow.workflow, workflow).version:
            found[workflow.workflow] = workflow
    return found


def _unresolved(known: Mapping[str, Workflow]) -> bool:
    """Whether a workflow names one that is not known, or asks who did an act that must be its opener's."""
    return any(
        any(name not in known for name in linked(workflow)) or _asks_the_opener(workflow) for workflow in known.values()
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


def _calendars(loaded: Iterable[Loaded]) -> dict[str, Calendar]:
    """Collect the calendars that workflows count by; of several editions the newest."""
    found: dict[str, Calendar] = {}
    for one in loaded:
        calendar = one.calendar
        if calendar is not None and calendar.version >= found.get(calendar.name, calendar).version:
            found[calendar.name] = calendar
    return found


def _two_calendars(loaded: Sequence[Loaded]) -> Iterator[Finding]:
    """Find calendars of which one version means two things, since they stand in two folders."""
    first: dict[tuple[str, int], Loaded] = {}
    for one in loaded:
        if one.calendar is None:
            continue
        name, version = one.calendar.name, one.calendar.version
        other = first.setdefault((name, version), one)
        if other.calendar is not None and other.calendar.digest != one.calendar.digest:
            message = f"version {version} of the calendar `{name}` is another one than in {other.document.file}"
            cure = "give one of the two calendars another name, or a higher version"
            yield one.document.finding("ACC207", message, ("calendar",), help=cure)
