"""A scenario file: read, and checked to the last word before anything runs.

```yaml
workflow: permit
at: 2015-02-09T09:00+08:00
actors: {ann: {roles: clerk}, ben: {roles: officer}}
preludes:
  applied:
    - start: {by: ann, data: {street: Mill Lane, metres: 12, applicant: Eve}}
scenarios:
  - name: the clerk does not decide
    steps:
      - prelude: applied
      - refused: {trigger: grant, by: ann, because: [role, four_eyes]}
      - grant: {by: ben, after: 2 days}
      - expect: {state: granted, closed: true}
```

What its keys mean, and every word a step may begin with, stands in `docs/scenarios.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path as FilePath

from accountability.audit.entry import Actor
from accountability.definition import shape, source
from accountability.definition.document import Document
from accountability.definition.finding import Finding, in_order, without_echo
from accountability.definition.model import SYSTEM, Workflow
from accountability.definition.nearest import did_you_mean
from accountability.errors import InputError
from accountability.testing.examination import Examination
from accountability.testing.reading import Item, Reading
from accountability.testing.scenario import Origin, Prelude, Scenario, ScenarioFile, Taken
from accountability.testing.scenario_schema import SCHEMA, TIME, USED

STEPS_MAX = 1_000
"""How many steps a scenario may have once its preludes are written out."""

DEPTH_MAX = 32
"""How many preludes may lie in each other."""


@dataclass(frozen=True, slots=True)
class LoadedScenarios:
    """Hold what became of a scenario file.

    Attributes:
        document: Its content, with places.
        content: The scenarios; None when a finding is an error.
        findings: What is wrong with it, and with the files it uses, in order.
    """

    document: Document
    content: ScenarioFile | None
    findings: tuple[Finding, ...]


def load(text: str | bytes, file: str, workflows: Mapping[str, Workflow]) -> LoadedScenarios:
    """Load scenarios from their text.

    Args:
        text: The content of the file; bytes are UTF-8.
        file: How findings name the file; the files it uses are found beside it.
        workflows: Name -> the workflow whose cases steps may open and act on, in its newest version.

    Returns:
        The scenarios, or the findings that say why there are none. Never raises because of the text.
    """
    document = source.read(text, file)
    loading = _Loading(document, workflows)
    content = None if document.data is None else loading.content()
    findings = in_order(without_echo((*document.findings, *loading.findings)))
    broken = any(finding.is_error for finding in findings)
    return LoadedScenarios(document, None if broken else content, findings)


def load_path(path: FilePath | str, workflows: Mapping[str, Workflow]) -> LoadedScenarios:
    """Load scenarios from a file.

    Raises:
        InputError: The file cannot be read, or is no ordinary file.
    """
    content = source.read_file(path, cure="give a scenario file, such as workflows/tests/petition.yaml")
    return load(content, str(path), workflows)


class _Loading:
    """One file on its way from text to values."""

    def __init__(self, document: Document, workflows: Mapping[str, Workflow]) -> None:
        self.document = document
        self.workflows = workflows
        self.findings: list[Finding] = []
        self.actors: dict[str, Actor] = {}
        self.preludes: dict[str, tuple[Item, ...]] = {}
        self.used: set[str] = set()

    def content(self) -> ScenarioFile | None:
        """Read everything; None where that makes no sense any more."""
        data = self.document.data
        if (kind := _other_kind(data)) is not None:
            self.findings.append(_no_scenarios(self.document, kind))
            return None
        if not self._shaped(self.document, SCHEMA):
            return None
        reading = Reading(self.document, self.findings)
        at = reading.moment(("at",)) if "at" in data else None
        for index, name in enumerate(_names(data.get("uses", ()))):
            self._use(name, ("uses", index))
        self._share(self.document)
        drafts = [
            (self._draft(reading, index, at), reading.steps(("scenarios", index, "steps")))
            for index in range(len(data["scenarios"]))
        ]
        self._nest()
        for _, items in drafts:
            self._require_known(items, list(self.preludes))
        if any(finding.is_error for finding in self.findings):
            return None
        scenarios = tuple(self._written_out(draft, items) for draft, items in drafts)
        self._examine(scenarios)
        return ScenarioFile(self.document.file, data["workflow"], self.actors, scenarios)

    def _shaped(self, document: Document, schema: dict[str, object]) -> bool:
        """Check the outer shape of a file; say whether the rest of it can be read."""
        found = list(shape.check(document, schema))
        self.findings += found
        return not any(finding.is_error for finding in (*document.findings, *found))

    def _use(self, name: str, path: tuple[str | int, ...]) -> None:
        """Take the actors and preludes of a file beside this one."""
        file = FilePath(self.document.file).parent / name
        try:
            document = source.read(source.read_file(file, cure="name a file beside this one"), str(file))
        except InputError as error:
            self.findings.append(self.document.finding("ACC635", str(error), path, help=error.cure or "check the name"))
            return
        self.findings += document.findings
        if document.data is not None and self._shaped(document, USED):
            self._share(document)

    def _share(self, document: Document) -> None:
        """Take the actors and preludes of a file, its own or a used one."""
        reading = Reading(document, self.findings)
        for name, given in document.data.get("actors", {}).items():
            self._unless_taken(document, "actors", name, self.actors)
            if name == SYSTEM or SYSTEM in _names(given.get("roles", ())):
                message = f"`{SYSTEM}` is the engine itself, nobody acts as it"
                path = ("actors", name)
                self.findings.append(document.finding("ACC623", message, path, key=True, help="give another name"))
            elif name != name.strip() or not name:
                message = f"`{name}` cannot be an actor's name"
                path = ("actors", name)
                cure = "write it without blanks around it"
                self.findings.append(document.finding("ACC623", message, path, key=True, help=cure))
            else:
                self.actors[name] = Actor(name, _names(given.get("roles", ())), given.get("unit"))
        for name in document.data.get("preludes", {}):
            self._unless_taken(document, "preludes", name, self.preludes)
            self.preludes[name] = reading.steps(("preludes", name))

    def _unless_taken(self, document: Document, section: str, name: str, known: Mapping[str, object]) -> None:
        if name in known:
            message = f"`{name}` stands in a file that is used here, too"
            cure = "give one of the two another name"
            self.findings.append(document.finding("ACC634", message, (section, name), key=True, help=cure))

    def _draft(self, reading: Reading, index: int, at: datetime | None) -> Scenario:
        """Read a scenario without its steps.

        Args:
            reading: Reads the file.
            index: Which scenario.
            at: When scenarios of this file begin that do not say so.
        """
        path = ("scenarios", index)
        given = self.document.data["scenarios"][index]
        if "at" in given:
            at = reading.moment((*path, "at"))
        elif at is None:
            message = f"`{given['name']}` does not say when it begins"
            cure = f"add `at: {TIME}` to the scenario, or once to the file"
            self.findings.append(self.document.finding("ACC625", message, path, key=True, help=cure))
        return Scenario(given["name"], Origin(self.document, path, "name"), at or datetime.fromisoformat(TIME), ())

    def _written_out(self, draft: Scenario, items: tuple[Item, ...]) -> Scenario:
        """Give a scenario with its preludes written out."""
        steps: list[Taken] = []
        for taken in self._expanded(items):
            if len(steps) == STEPS_MAX:
                message = f"`{draft.name}` has more than {STEPS_MAX:,} steps once its preludes are written out"
                path, cure = (*draft.origin.path, "steps"), "make several scenarios of it"
                self.findings.append(draft.origin.document.finding("ACC636", message, path, key=True, help=cure))
                break
            steps.append(taken)
        return Scenario(draft.name, draft.origin, draft.at, tuple(steps))

    def _expanded(self, items: tuple[Item, ...], through: tuple[Origin, ...] = ()) -> Iterator[Taken]:
        """Write preludes out."""
        for item in items:
            if isinstance(item, Prelude):
                self.used.add(item.name)
                yield from self._expanded(self.preludes[item.name], (*through, item.origin))
            else:
                yield Taken(item, through)

    def _nest(self) -> None:
        """Find preludes that use one that does not stand before them, or that lie too deep in each other."""
        depths: dict[str, int] = {}
        for name, items in self.preludes.items():
            self._require_known(items, list(depths), f" before `{name}`")
            inner = [item for item in items if isinstance(item, Prelude)]
            depths[name] = 1 + max((depths.get(item.name, 0) for item in inner), default=0)
            if depths[name] > DEPTH_MAX:
                origin = inner[0].origin
                message, cure = f"more than {DEPTH_MAX} preludes lie in each other", "write some of them out"
                self.findings.append(origin.document.finding("ACC636", message, origin.inside(), help=cure))
                depths[name] = 0

    def _require_known(self, items: tuple[Item, ...], known: list[str], before: str = "") -> None:
        """Find preludes that are not known. In one are those before it, so that none can hold itself."""
        for item in items:
            if isinstance(item, Prelude) and item.name not in known:
                cure = did_you_mean(item.name, known, "" if known else f"declare it under `preludes`{before}")
                message = f"there is no prelude `{item.name}`{before}"
                self.findings.append(item.origin.document.finding("ACC632", message, item.origin.inside(), help=cure))

    def _examine(self, scenarios: tuple[Scenario, ...]) -> None:
        """Check what everything means."""
        data = self.document.data
        workflow = self.workflows.get(data["workflow"])
        if workflow is None:
            message = f"there is no workflow `{data['workflow']}`"
            cure = did_you_mean(data["workflow"], self.workflows, "name a workflow of the folder above")
            self.findings.append(self.document.finding("ACC620", message, ("workflow",), help=cure))
            return
        examination = Examination(workflow, self.workflows, self.actors, self.findings)
        examination.roles(self.document)
        seen: dict[str, Scenario] = {}
        for scenario in scenarios:
            if seen.setdefault(scenario.name, scenario) is not scenario:
                message = f"there is a scenario `{scenario.name}` already, on line {seen[scenario.name].origin.line}"
                path, cure = scenario.origin.inside(), "say in its name what this one shows"
                self.findings.append(self.document.finding("ACC634", message, path, help=cure))
            examination.scenario(scenario)
        for name in self.document.data.get("preludes", {}):
            if name not in self.used:
                examination.prelude(tuple(islice(self._expanded(self.preludes[name]), STEPS_MAX)))


def _other_kind(data: Mapping[str, object]) -> str | None:
    """Say what a file holds that holds no scenarios; None where it holds some, or that cannot be told."""
    if "scenarios" in data:
        return None
    if data.keys() & {"transitions", "states", "extends"}:
        return "workflow"
    return "calendar" if "calendar" in data else None


def _no_scenarios(document: Document, kind: str) -> Finding:
    """Find that a file of another kind was given as scenarios."""
    beside = "`tests/` beside it" if kind == "workflow" else "`tests/` beside the workflows"
    message = f"this is a {kind}; scenarios are files in {beside}"
    cure = "name the folder of the workflow, or one of these files, such as `tests/petition.yaml`"
    return document.finding("ACC637", message, (), key=True, help=cure)


def _names(given: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
