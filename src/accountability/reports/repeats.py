"""Figures that two reports of one page share: drawn once, and named wherever else they are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accountability.reports.figures import Report

Spot = tuple[str, str]
"""A figure on a page: the names of its report and of the figure."""


def repeats(reports: Sequence[Report]) -> Mapping[Spot, Spot]:
    """Find the figures that count exactly what a figure of an earlier report counts.

    Args:
        reports: Reports of one period, in the order of the page.

    Returns:
        Each such figure -> the first one that counts the same.
    """
    first: dict[tuple[object, ...], Spot] = {}
    again: dict[Spot, Spot] = {}
    for report in reports:
        here: dict[tuple[object, ...], Spot] = {}
        for name in report.figures:
            spot, counted = (report.report, name), _counted(report, name)
            if counted in first:
                again[spot] = first[counted]
            else:
                here.setdefault(counted, spot)
        first = here | first
    return again


def _counted(report: Report, name: str) -> tuple[object, ...]:
    """Say what a figure counts, whatever it is called."""
    rule = report.file.figures[name]
    where = None if rule.where is None else rule.where.text
    group = None if rule.group is None else (rule.group.field, repr(rule.group.titles))
    return report.file.zone, rule.unit, rule.count, rule.field, rule.workflow, rule.trigger, where, group
