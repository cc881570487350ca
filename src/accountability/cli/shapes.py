"""The JSON that the commands print, one function a shape. Other programs hold on to these."""

from __future__ import annotations

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


FIGURE_COLUMNS = ("figure", "title_en", "title_zh", "unit", "value", "previous", "growth")
"""Columns of a report as CSV."""


def figure(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Give one figure of a report as a flat row; `value` is the figure in the report's own JSON."""
    title = value["title"]
    titles = title if isinstance(title, dict) else {"en": title, "zh": title}
    row = {key: value[key] for key in ("unit", "value", "previous", "growth")}
    return {"figure": name, "title_en": titles.get("en"), "title_zh": titles.get("zh"), **row}
