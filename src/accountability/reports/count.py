"""Counting: one walk through the record for every figure of every report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from accountability.audit.entry import Entry
from accountability.calendars.period import Period
from accountability.canonical import canonical
from accountability.definition.model import Workflow
from accountability.errors import InputError
from accountability.guards import EvaluationError
from accountability.reports.figures import Comparison, Figure, Group, Law, Reading, Report, earlier_period
from accountability.reports.growth import growth
from accountability.reports.moments import Moment, moments
from accountability.reports.report_file import FigureRule, ReportFile, load_path, written_value


def reports_on(
    paths: Sequence[Path | str],
    entries: Iterable[Entry],
    workflows: Mapping[str, Workflow],
    *,
    since: date,
    until: date,
    compare: Comparison = None,
    as_of: datetime,
) -> tuple[Report, ...]:
    """Count the figures of report files.

    Args:
        paths: The report files.
        entries: The record; entries of one case in the order of their seq.
        workflows: Name -> the newest version of each workflow of the record.
        since: First day of the period, in each report's time zone.
        until: Its last day, included.
        compare: With which earlier period.
        as_of: The moment of the reports; what was recorded later is not counted.

    Returns:
        The reports, in the order of the files.

    Raises:
        DefinitionError: A report file is wrong; carries its findings.
        InputError: A file cannot be read, a period makes no sense, two reports have one name, or a `where` cannot be
            decided for an entry.
    """
    period = Period(since, until)
    compared = earlier_period(period, compare)
    files = [load_path(path, workflows) for path in paths]
    names = Counter(file.report for file in files)
    if twice := [name for name, number in names.items() if number > 1]:
        raise InputError(
            f"two of the reports are named {twice[0]}", cure="give each report once, and a name of its own"
        )
    return count(files, entries, period=period, compare=compared, as_of=as_of)


def count(
    files: Sequence[ReportFile], entries: Iterable[Entry], *, period: Period, compare: Period | None, as_of: datetime
) -> tuple[Report, ...]:
    """Count the figures of reports.

    An entry belongs to a period by the time it was recorded (`at`).

    Args:
        files: What to count.
        entries: The record; entries of one case in the order of their seq. They are walked through once.
        period: The days that are counted.
        compare: An earlier period, for the growth.
        as_of: What was recorded later is not counted.

    Returns:
        The reports, in the order of the files.

    Raises:
        InputError: A `where` cannot be decided for an entry.
    """
    tallies = [_Tally(file, period, compare) for file in files]
    wanted: dict[tuple[str, str], list[_Column]] = defaultdict(list)
    for tally in tallies:
        for column in tally.columns:
            wanted[column.rule.workflow, column.rule.trigger].append(column)
    record = _Record(entries, as_of)
    for moment in moments(record, {workflow for workflow, _ in wanted}, as_of):
        entry = moment.entry
        record.laws.add(Law(entry.workflow, entry.version, entry.definition))
        for column in wanted.get((entry.workflow, entry.trigger), ()):
            column.take(moment)
    reading = record.reading()
    return tuple(tally.report(as_of, reading) for tally in tallies)


class _Record:
    """The entries on their way to be counted, with a note of what they were."""

    def __init__(self, entries: Iterable[Entry], as_of: datetime) -> None:
        self.laws: set[Law] = set()
        self._entries = entries
        self._as_of = as_of
        self._log = ""
        self._read = 0
        self._refused = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            if entry.at <= self._as_of:
                self._log = entry.log
                if entry.kind == "refusal":
                    self._refused += 1
                else:
                    self._read += 1
            yield entry

    def reading(self) -> Reading:
        return Reading(self._log, self._read, self._refused, tuple(sorted(self.laws)))


class _Tally:
    """The figures of one report while they are counted."""

    def __init__(self, file: ReportFile, period: Period, compare: Period | None) -> None:
        self._file, self._period, self._compare = file, period, compare
        now, before = period.bounds(file.zone), None if compare is None else compare.bounds(file.zone)
        self.columns = [
            _Column(name, rule, now, before if _is_known(rule, compare) else None)
            for name, rule in file.figures.items()
        ]

    def report(self, as_of: datetime, reading: Reading) -> Report:
        used = {rule.workflow for rule in self._file.figures.values()}
        return Report(
            file=self._file,
            period=self._period,
            compare=self._compare,
            as_of=as_of,
            figures={column.name: column.figure() for column in self.columns},
            trace={column.name: tuple(column.now.counted) for column in self.columns},
            earlier={column.name: tuple(column.before.counted) for column in self.columns},
            reading=replace(reading, laws=tuple(law for law in reading.laws if law.workflow in used)),
        )


def _is_known(rule: FigureRule, compare: Period | None) -> bool:
    """Whether the record says how many there were from the first day of an earlier period on."""
    return compare is not None and (rule.known_from is None or rule.known_from <= compare.since)


_Bounds = tuple[datetime, datetime]


class _Column:
    """One figure while it is counted: its period and the earlier one."""

    def __init__(self, name: str, rule: FigureRule, now: _Bounds, before: _Bounds | None) -> None:
        self.name, self.rule = name, rule
        self.now, self.before = _Units(rule), _Units(rule)
        self._bounds = [(self.now, now)] if before is None else [(self.now, now), (self.before, before)]
        self._compared = before is not None

    def take(self, moment: Moment) -> None:
        """Count an act in the periods it belongs to, if the figure counts it."""
        at = moment.entry.at
        periods = [units for units, (begin, end) in self._bounds if begin <= at < end]
        if periods and self._fits(moment):
            for units in periods:
                units.take(moment)

    def figure(self) -> Figure:
        rule, value, previous = self.rule, len(self.now.counted), self._earlier(len(self.before.counted))
        return Figure(rule.title, rule.description, rule.unit, value, previous, growth(value, previous), self._groups())

    def _earlier(self, number: int) -> int | None:
        return number if self._compared else None

    def _groups(self) -> tuple[Group, ...] | None:
        """Give the parts: those that the report names first, then other values in alphabetical order, then none."""
        if self.rule.group is None:
            return None
        titles, now, before = self.rule.group.titles, self.now.groups, self.before.groups
        others = sorted((now.keys() | before.keys()) - titles.keys(), key=lambda value: (value is None, value or ""))
        return tuple(
            Group(
                value,
                None if value is None else titles.get(value),
                now[value],
                self._earlier(before[value]),
                growth(now[value], self._earlier(before[value])),
            )
            for value in (*titles, *others)
        )

    def _fits(self, moment: Moment) -> bool:
        if self.rule.where is None:
            return True
        try:
            return self.rule.where.holds(moment.context())
        except EvaluationError as error:
            entry = moment.entry
            raise InputError(
                f"`where` of {self.name} cannot be decided for entry {entry.seq} of {entry.case}: {error}",
                cure="a field that not every version of the workflow has is read only behind has()",
            ) from error


class _Units:
    """The entries of one figure in one period, one for each unit."""

    def __init__(self, rule: FigureRule) -> None:
        self.counted: list[Entry] = []
        self.groups: Counter[str | None] = Counter()
        self._rule = rule
        self._seen: set[bytes | str] = set()

    def take(self, moment: Moment) -> None:
        """Count an act, if its case or value has not been counted yet."""
        unit = self._unit(moment)
        if unit is None or unit in self._seen:
            return
        self._seen.add(unit)
        self.counted.append(moment.entry)
        if self._rule.group is not None:
            value = moment.data.get(self._rule.group.field)
            self.groups[None if value is None else written_value(value)] += 1

    def _unit(self, moment: Moment) -> bytes | str | None:
        """Name what an act counts for; None where the field to count by has no value."""
        entry, rule = moment.entry, self._rule
        if rule.count == "entries":
            return f"{entry.case} {entry.seq}"
        if rule.count == "cases":
            return entry.case
        value = moment.data.get(rule.field or "")
        return None if value is None else canonical(value)
