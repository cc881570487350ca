"""A report file: named figures that are counted from the record, each checked before anything is counted.

```yaml
report: discipline_year
title: {en: Yearly figures, zh: 年度数据}
zone: Asia/Shanghai
figures:
  petitions:
    title: {en: Petitions received, zh: 信访举报}
    unit: 件次
    count: entries
    of: {workflow: petition, trigger: submit}
    where: data.source == "petition"
```

`count` is `entries`, `cases` (different cases) or `distinct` (different values of `field`, acts without one left out).
`where` sees the case as the act left it: `data`, `input` (what was given), `actor` (who did it), `case`, and `now`
(when it was recorded). `group_by` splits a figure by the value that a field of the case then had. `zone` is where the
period's days begin and end; without it they are days in UTC. `units` says what a unit is called in other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from accountability.calendars.zone_names import known_zone
from accountability.canonical import canonical
from accountability.definition import shape, source
from accountability.definition.document import Document
from accountability.definition.finding import Finding, in_order
from accountability.definition.model import Act, DataField, Text, Workflow
from accountability.definition.nearest import did_you_mean, listed
from accountability.errors import DefinitionError
from accountability.guards import BOOL, Guard, GuardError, Scope, check_guard, compile_guard
from accountability.machine.scope import guard_scope
from accountability.reports.report_shape import COUNTS, SCHEMA

__all__ = ["COUNTS", "SCHEMA", "FigureRule", "GroupRule", "LoadedReport", "ReportFile", "load", "load_path"]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Say how a figure is split.

    Attributes:
        field: The field of the case by whose value it is split.
        titles: Value, as text -> what people call it, of those that are shown though nothing is counted: those the
            report gives titles, or, where it gives none, those that the field allows, with None.
    """

    field: str
    titles: Mapping[str, Text | None]


@dataclass(frozen=True, slots=True)
class FigureRule:
    """Say what one figure counts.

    Attributes:
        title: What people call it.
        description: What exactly is counted, for people; None when it goes without saying.
        unit: What is counted, as people write it (件次, 件, 人); None when it goes without saying.
        unit_title: The same for readers of each language, as the report's `units` say; else the unit itself.
        count: One of `COUNTS`.
        field: For `distinct`: the field whose different values are counted.
        workflow, trigger: Which acts are counted.
        process: What people call that workflow.
        acts: What people call the rules by which the trigger is done; empty where they have no titles.
        known_from: The first day from which the record says how many there were; None: from its beginning.
        where: What must hold for the case as the act left it; None: anything.
        group: How the figure is split; None: not at all.
    """

    title: Text
    description: Text | None
    unit: str | None
    unit_title: Text | None
    count: str
    field: str | None
    workflow: str
    trigger: str
    process: Text
    acts: tuple[Text, ...]
    known_from: date | None
    where: Guard | None
    group: GroupRule | None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report that can be counted.

    Attributes:
        report: Its name.
        title: What people call it; its name where it has no title.
        description: What it tells, for people.
        zone: IANA name of the time zone of its periods.
        figures: Name -> figure, in the order of the file.
    """

    report: str
    title: Text
    description: Text | None
    zone: str
    figures: Mapping[str, FigureRule]


@dataclass(frozen=True, slots=True)
class LoadedReport:
    """Hold what became of a report file.

    Attributes:
        document: Its content, with places.
        report: The report; None when a finding is an error.
        findings: What is wrong with it, in the order of the file.
    """

    document: Document
    report: ReportFile | None
    findings: tuple[Finding, ...]


def load(text: str | bytes, file: str, workflows: Mapping[str, Workflow]) -> LoadedReport:
    """Load a report from its text.

    Args:
        text: The content of the file; bytes are UTF-8.
        file: How findings name the file.
        workflows: Name -> the workflow whose acts figures may count, in its newest version.

    Returns:
        The report, or the findings that say why there is none. Never raises because of the text.
    """
    document = source.read(text, file)
    findings = list(document.findings)
    if document.data is not None:
        findings += shape.check(document, SCHEMA)
    if document.data is not None and not any(finding.is_error for finding in findings):
        findings += _Examination(document, workflows).findings()
    broken = document.data is None or any(finding.is_error for finding in findings)
    report = None if broken else _report(document.data, workflows)
    return LoadedReport(document, report, in_order(findings))


def load_path(path: Path | str, workflows: Mapping[str, Workflow]) -> ReportFile:
    """Load a report from a file.

    Raises:
        InputError: The file cannot be read, or is no ordinary file.
        DefinitionError: The report is wrong; carries its findings.
    """
    content = source.read_file(path, cure="give a report file, such as workflows/reports/discipline_year.yaml")
    loaded = load(content, str(path), workflows)
    if loaded.report is None:
        wrong = [finding.as_json() for finding in loaded.findings]
        raise DefinitionError(f"{path} is no report that can be counted", wrong, cure=wrong[0]["help"])
    return loaded.report


def acts_of(workflow: Workflow, trigger: str) -> tuple[Act, ...]:
    """List the rules by which a trigger is done; the start among them. Empty for an unknown trigger."""
    start = (workflow.start,) if trigger == workflow.start.trigger else ()
    return (*start, *workflow.transitions.get(trigger, ()))


def where_scope(workflow: Workflow, trigger: str) -> Scope:
    """Say what a figure's `where` may name.

    A field surely has a value where every rule of the trigger, or the start, gives it one; others stand behind `has()`.
    """
    acts = acts_of(workflow, trigger)
    given = [{*act.needs, *act.sets} for act in acts]
    begun = {name for name, field in workflow.data.items() if field.has_default}
    begun |= {*workflow.start.needs, *workflow.start.sets}
    scope = guard_scope(
        workflow,
        inputs={name for act in acts for name in (*act.needs, *act.accepts)},
        definite=begun.union(set.intersection(*given)),
        needed=set.intersection(*({*act.needs} for act in acts)),
    )
    # An entry alone says neither what other cases held then, nor on which day it was.
    names = {name: type_ for name, type_ in scope.names.items() if name not in ("reads", "today")}
    return replace(scope, names=names, triggers=(), states=(), links={})


@dataclass(frozen=True, slots=True)
class _Examination:
    """The meaning of a report whose shape is right."""

    document: Document
    workflows: Mapping[str, Workflow]

    def findings(self) -> Iterator[Finding]:
        """Find everything that is wrong."""
        data = self.document.data
        if "zone" in data and not known_zone(data["zone"]):
            yield self._finding("ACC600", f"there is no time zone `{data['zone']}`", ("zone",), _ZONE_CURE)
        counted = [figure["unit"] for figure in data["figures"].values() if "unit" in figure]
        for unit in data.get("units", {}).keys() - set(counted):
            message = f"no figure is counted in `{unit}`"
            yield self._finding("ACC608", message, ("units", unit), did_you_mean(unit, counted), True)
        for name, figure in data["figures"].items():
            yield from self._figure(figure, ("figures", name))

    def _figure(self, figure: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Finding]:
        if "known_from" in figure and not _is_day(figure["known_from"]):
            message = f"there is no day {figure['known_from']}"
            yield self._finding("ACC609", message, (*path, "known_from"), "write a day of the calendar: 2015-02-28")
        name, trigger = figure["of"]["workflow"], figure["of"]["trigger"]
        workflow = self.workflows.get(name)
        if workflow is None:
            message = f"there is no workflow `{name}` to count"
            yield self._finding("ACC601", message, (*path, "of", "workflow"), did_you_mean(name, self.workflows))
        elif not acts_of(workflow, trigger):
            known = (workflow.start.trigger, *workflow.transitions)
            message = f"`{name}` has no trigger `{trigger}`"
            yield self._finding("ACC602", message, (*path, "of", "trigger"), did_you_mean(trigger, known))
        else:
            yield from self._field(figure, path, workflow)
            yield from self._where(figure, path, workflow)
            yield from self._group_by(figure, path, workflow)

    def _field(self, figure: Mapping[str, Any], path: tuple[str, ...], workflow: Workflow) -> Iterator[Finding]:
        field, distinct = figure.get("field"), figure["count"] == "distinct"
        if distinct and field is None:
            cure = f"add `field:` with one of {listed(_open_fields(workflow))}"
            yield self._finding("ACC603", "`distinct` does not say of which field", (*path, "count"), cure)
        elif field is not None and not distinct:
            message = f"`field` means nothing where {figure['count']} are counted"
            yield self._finding("ACC603", message, (*path, "field"), "write `count: distinct`, or remove `field`", True)
        elif field is not None and field not in workflow.data:
            message = f"`{workflow.workflow}` has no field `{field}`"
            yield self._finding("ACC604", message, (*path, "field"), did_you_mean(field, _open_fields(workflow)))
        elif field is not None and workflow.data[field].withheld:
            yield self._withheld(field, (*path, "field"), workflow)

    def _where(self, figure: Mapping[str, Any], path: tuple[str, ...], workflow: Workflow) -> Iterator[Finding]:
        if (text := figure.get("where")) is None:
            return
        place, scope = (*path, "where"), where_scope(workflow, figure["of"]["trigger"])
        for problem in check_guard(text, scope, BOOL):
            yield self.document.finding(
                problem.code, problem.message, place, help=problem.help, within=(problem.start, problem.end)
            )
        try:
            reads = compile_guard(text, scope, BOOL).reads
        except GuardError:
            return
        for field in sorted({name.split(".")[1] for name in reads if name.startswith(("data.", "input."))}):
            if field in workflow.data and workflow.data[field].withheld:
                yield self._withheld(field, place, workflow)

    def _group_by(self, figure: Mapping[str, Any], path: tuple[str, ...], workflow: Workflow) -> Iterator[Finding]:
        if (given := figure.get("group_by")) is None:
            return
        short = isinstance(given, str)
        name, place = (given, (*path, "group_by")) if short else (given["field"], (*path, "group_by", "field"))
        field = workflow.data.get(name)
        if field is None:
            message = f"`{workflow.workflow}` has no field `{name}`"
            yield self._finding("ACC604", message, place, did_you_mean(name, _open_fields(workflow)))
        elif field.withheld:
            yield self._withheld(name, place, workflow)
        elif field.type not in GROUPED:
            message = f"`{name}` is a {field.type}, and nothing is split by it"
            usable = [other for other in _open_fields(workflow) if workflow.data[other].type in GROUPED]
            yield self._finding("ACC606", message, place, f"split by one of {listed(usable)}")
        elif not short:
            for value in given.get("titles", {}):
                if not _possible(value, field):
                    message, titled = f"`{name}` is never `{value}`", (*path, "group_by", "titles", value)
                    yield self._finding("ACC607", message, titled, _values_cure(value, field), True)

    def _withheld(self, field: str, path: tuple[str, ...], workflow: Workflow) -> Finding:
        message = f"`{field}` is kept out of the record, so nothing can be counted by it"
        return self._finding("ACC605", message, path, f"count by one of {listed(_open_fields(workflow))}")

    def _finding(self, code: str, message: str, path: tuple[str, ...], cure: str, key: bool = False) -> Finding:
        return self.document.finding(code, message, path, help=cure, key=key)


GROUPED = ("string", "integer", "boolean", "date")
"""Types of fields by whose value a figure can be split."""

INTEGER = re.compile(r"0|-?[1-9]\d*")

_ZONE_CURE = "write an IANA name, such as `Asia/Shanghai`, or `UTC`"


def _possible(value: str, field: DataField) -> bool:
    """Say whether a field can have a value that is written like this."""
    if field.enum is not None:
        return value in map(written_value, field.enum)
    if field.type == "boolean":
        return value in ("true", "false")
    return field.type != "integer" or INTEGER.fullmatch(value) is not None


def _values_cure(value: str, field: DataField) -> str:
    if field.enum is not None:
        return did_you_mean(value, [written_value(one) for one in field.enum])
    return "write true or false" if field.type == "boolean" else "write a whole number, in quotes"


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def written_value(value: Any) -> str:
    """Write a value of a field as the name of its group: text as it is, anything else as JSON writes it."""
    return value if isinstance(value, str) else canonical(value).decode()


def _open_fields(workflow: Workflow) -> list[str]:
    return [name for name, field in workflow.data.items() if not field.withheld]


def _report(data: Mapping[str, Any], workflows: Mapping[str, Workflow]) -> ReportFile:
    return ReportFile(
        report=data["report"],
        title=data.get("title", data["report"]),
        description=data.get("description"),
        zone=data.get("zone", "UTC"),
        figures={name: _rule(figure, data.get("units", {}), workflows) for name, figure in data["figures"].items()},
    )


def _rule(figure: Mapping[str, Any], units: Mapping[str, Text], workflows: Mapping[str, Workflow]) -> FigureRule:
    name, trigger, where = figure["of"]["workflow"], figure["of"]["trigger"], figure.get("where")
    workflow, unit, known_from = workflows[name], figure.get("unit"), figure.get("known_from")
    return FigureRule(
        title=figure["title"],
        description=figure.get("description"),
        unit=unit,
        unit_title=None if unit is None else units.get(unit, unit),
        count=figure["count"],
        field=figure.get("field"),
        workflow=name,
        trigger=trigger,
        process=workflow.title or name,
        acts=_titles(acts_of(workflow, trigger)),
        known_from=None if known_from is None else date.fromisoformat(known_from),
        where=None if where is None else compile_guard(where, where_scope(workflow, trigger), BOOL),
        group=_group(figure.get("group_by"), workflow),
    )


def _titles(acts: tuple[Act, ...]) -> tuple[Text, ...]:
    titles: list[Text] = []
    for act in acts:
        if act.title is not None and act.title not in titles:
            titles.append(act.title)
    return tuple(titles)


def _group(given: Any, workflow: Workflow) -> GroupRule | None:
    if given is None:
        return None
    if not isinstance(given, str) and "titles" in given:
        return GroupRule(given["field"], given["titles"])
    name = given if isinstance(given, str) else given["field"]
    return GroupRule(name, dict.fromkeys(written_value(value) for value in workflow.data[name].enum or ()))
