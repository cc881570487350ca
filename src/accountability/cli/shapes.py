"""The JSON that the commands print, one function a shape. Other programs hold on to these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accountability.canonical import instant

if TYPE_CHECKING:
    from accountability.audit.entry import Entry
    from accountability.definition.codes import Code
    from accountability.machine.case import Case
    from accountability.machine.options import Option

CASE_COLUMNS = (
    "id",
    "workflow",
    "version",
    "state",
    "closed",
    "seq",
    "opened_at",
    "updated_at",
    "parent",
    "link",
    "data",
    "deadlines",
)
"""Columns of a list of cases as CSV."""

ENTRY_COLUMNS = (
    "case",
    "seq",
    "workflow",
    "version",
    "kind",
    "trigger",
    "from",
    "to",
    "actor",
    "at",
    "occurred",
    "reason",
    "data",
    "documents",
    "prev",
    "leaf",
    "sets",
    "withheld",
    "rule",
    "role",
    "parent",
    "link",
    "children",
    "reasons",
    "deadlines",
)
"""Columns of a history as CSV; what belongs to few entries stands last."""

REGISTERED_COLUMNS = ("workflow", "version", "digest", "new")
"""Columns of what was registered as CSV."""

OPTION_COLUMNS = (
    "trigger",
    "title",
    "allowed",
    "reasons",
    "to",
    "needs",
    "accepts",
    "documents",
    "reason_required",
)
"""Columns of a list of options as CSV."""


def case(value: Case) -> dict[str, Any]:
    """Give a case; its data hold protected fields only where the viewer may see them."""
    return {
        "id": value.id,
        "workflow": value.workflow,
        "version": value.version,
        "definition": value.definition,
        "state": value.state,
        "seq": value.seq,
        "closed": value.closed,
        "data": dict(value.data),
        "opened_at": instant(value.opened_at),
        "updated_at": instant(value.updated_at),
        "parent": value.parent,
        "link": value.link,
        "deadlines": [deadline.as_json() for deadline in value.deadlines],
        "children": [child.as_json() for child in value.children],
    }


def entry(value: Entry) -> dict[str, Any]:
    """Give an entry as history and exports share it."""
    return value.as_json()


def option(value: Option) -> dict[str, Any]:
    """Give one trigger with the answer whether the actor may fire it now."""
    return value.as_json()


def code(value: Code) -> dict[str, Any]:
    """Give the explanation of a finding's code."""
    return {
        "code": value.code,
        "title": value.title,
        "meaning": value.meaning,
        "wrong": value.wrong,
        "right": value.right,
    }


FIGURE_COLUMNS = (
    "report",
    "figure",
    "group",
    "title_en",
    "title_zh",
    "unit",
    "value",
    "previous",
    "growth",
    "from",
    "to",
    "compare_from",
    "compare_to",
    "as_of",
)
"""Columns of reports as CSV. A row with a `group` is a part of the figure above it."""


def figures(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the figures of a report, each followed by its parts, as flat rows; `report` is the report's own JSON."""
    compare = report["compare"] or {"from": None, "to": None}
    whole = {
        **report["period"],
        "compare_from": compare["from"],
        "compare_to": compare["to"],
        "as_of": report["as_of"],
    }
    for name, figure in report["figures"].items():
        same = {"report": report["report"], "figure": name, "unit": figure["unit"], **whole}
        yield same | {"group": None, **_titles(figure["title"]), **_numbers(figure)}
        for part in figure.get("groups", ()):
            # An act without the value belongs to a part of its own, which must not look like the whole.
            group = "(none)" if part["group"] is None else part["group"]
            yield same | {"group": group, **_titles(part["title"]), **_numbers(part)}


def _titles(title: Any) -> dict[str, Any]:
    titles = title if isinstance(title, dict) else {"en": title, "zh": title}
    return {"title_en": titles.get("en"), "title_zh": titles.get("zh")}


def _numbers(counted: dict[str, Any]) -> dict[str, Any]:
    return {key: counted[key] for key in ("value", "previous", "growth")}
