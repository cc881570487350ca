"""Findings about report files."""

from __future__ import annotations

from accountability.definition.codes.code import Code

_WHOLE = "report: year\nzone: {zone}\nfigures:\n  petitions: {{title: Petitions, {counts}}}\n"


def _report(counts: str, zone: str = "Asia/Shanghai") -> str:
    return _WHOLE.format(zone=zone, counts=counts)


_GOOD = "count: entries, of: {workflow: petition, trigger: submit}"

CODES: tuple[Code, ...] = (
    Code(
        "ACC600",
        "Unknown time zone",
        "The days of a period begin and end in a time zone; nobody knows one of this name.",
        _report(_GOOD, zone="Asia/Beijing"),
        _report(_GOOD),
    ),
    Code(
        "ACC601",
        "Report on an unknown workflow",
        "A figure counts acts of a workflow of which no version is registered, so it would always be 0.",
        _report("count: entries, of: {workflow: petitions, trigger: submit}"),
        _report(_GOOD),
    ),
    Code(
        "ACC602",
        "Report on an unknown trigger",
        "A figure counts a trigger that its workflow does not have, so it would always be 0.",
        _report("count: entries, of: {workflow: petition, trigger: submitted}"),
        _report(_GOOD),
    ),
    Code(
        "ACC603",
        "Counting without its field",
        "`count: distinct` counts the different values of a field and has to say of which; entries and cases are "
        "counted without one.",
        _report("count: distinct, of: {workflow: petition, trigger: submit}"),
        _report("count: distinct, field: source, of: {workflow: petition, trigger: submit}"),
    ),
    Code(
        "ACC604",
        "Report on an unknown field",
        "A figure counts the different values of a field that its workflow does not have.",
        _report("count: distinct, field: sourse, of: {workflow: petition, trigger: submit}"),
        _report("count: distinct, field: source, of: {workflow: petition, trigger: submit}"),
    ),
    Code(
        "ACC605",
        "Report on a withheld field",
        "Personal fields and fields with `readers` are not in the record, only sealed commitments to them. A published "
        "figure must rest on what every reader of the record can count again.",
        _report("count: distinct, field: petitioner, of: {workflow: petition, trigger: submit}"),
        _report("count: distinct, field: source, of: {workflow: petition, trigger: submit}"),
    ),
    Code(
        "ACC606",
        "Splitting by a field without one plain value",
        "`group_by` splits a figure by the value of a field. A list or an object has no single value, and an amount or "
        "a moment has too many different ones.",
        _report("count: entries, of: {workflow: petition, trigger: submit}, group_by: team"),
        _report("count: entries, of: {workflow: petition, trigger: submit}, group_by: source"),
    ),
    Code(
        "ACC607",
        "Title for a value that never comes",
        "`group_by` gives a title to a value that the field cannot have, so the group would always be empty.",
        _report(
            "count: entries, of: {workflow: petition, trigger: submit}, "
            "group_by: {field: source, titles: {audits: Audit}}"
        ),
        _report(
            "count: entries, of: {workflow: petition, trigger: submit}, "
            "group_by: {field: source, titles: {audit: Audit}}"
        ),
    ),
    Code(
        "ACC608",
        "Title for a unit that no figure has",
        "`units` says what a unit is called, and no figure of the report is counted in it.",
        "units: {persons: {en: persons}}\n" + _report(_GOOD),
        "units: {件: {en: petitions}}\n" + _report(f"unit: 件, {_GOOD}"),
    ),
    Code(
        "ACC609",
        "Day that is not in the calendar",
        "`known_from` is the day from which the record says how many there were.",
        _report(f"known_from: 2015-02-30, {_GOOD}"),
        _report(f"known_from: 2015-03-01, {_GOOD}"),
    ),
)
