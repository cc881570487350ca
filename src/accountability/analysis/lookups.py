"""Cases of other workflows that guards look at: that they can be found, and that finding them tells nobody too much."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.analysis.examination import Examination, Flaw, Path
from accountability.analysis.expressions import definite
from accountability.definition.model import DataField, Reads
from accountability.definition.nearest import did_you_mean, listed
from accountability.guards import Guard, GuardError, Type, check_guard, compile_guard
from accountability.machine.scope import field_type, where_scope

FINDABLE = ("string", "integer", "boolean", "date")
"""Types of fields by which cases can be found: their values are written in one way only."""


def problems(examination: Examination) -> Iterator[tuple[str, Flaw]]:
    """Find what is wrong with each expression under `where`, with the code that the language of guards gives it."""
    for name, read in examination.workflow.reads.items():
        scope = where_scope(examination.workflow, _known(examination, name))
        for field, text in read.where.items():
            for problem in check_guard(text, scope, _expected(examination, read, field)):
                within = (problem.start, problem.end)
                cure = problem.help
                if "has(" in cure:
                    cure = f"let every act that looks at `reads.{name}` need it: `{text[slice(*within)]}`"
                yield problem.code, Flaw(problem.message, _place(name, "where", field), cure, within=within)


def unfindable_fields(examination: Examination) -> Iterator[Flaw]:
    """Find fields under `where` that the other workflow has not, keeps apart, or has in a form that is not compared."""
    for name, read in examination.workflow.reads.items():
        other = examination.known(read.workflow)
        for field in read.where if other is not None else ():
            declared = other.data.get(field) if other is not None else None
            path = _place(name, "where", field)
            findable = [known for known, one in other.data.items() if _findable(one)] if other is not None else []
            if declared is None:
                yield Flaw(f"`{read.workflow}` has no field `{field}`", path, did_you_mean(field, findable), key=True)
            elif declared.withheld:
                message = f"`{field}` of `{read.workflow}` is kept apart from its record, so no case is found by it"
                yield Flaw(message, path, f"look for {listed(findable)}, or let it have a field in clear", key=True)
            elif not _findable(declared):
                message = f"cases are not found by a {declared.type}, which can be written in several ways"
                yield Flaw(message, path, f"look for a field of type {listed(FINDABLE)}", key=True)


def withheld_values(examination: Examination) -> Iterator[Flaw]:
    """Find expressions under `where` that read withheld fields: the entry names the cases they lead to."""
    data = examination.workflow.data
    for name, read in examination.workflow.reads.items():
        for field, text in read.where.items():
            guard = _compiled(examination, text)
            reads = guard.reads if guard is not None else frozenset[str]()
            kept = [own for own in data if data[own].withheld and {"data", f"data.{own}"} & reads]
            if kept:
                message = f"which cases were seen stands in the record in clear, and would tell {listed(kept)}"
                yield Flaw(message, _place(name, "where", field), "look for a value that is not withheld")


def idle_reads(examination: Examination) -> Iterator[Flaw]:
    """Find names under `reads` that no guard and no expression looks at."""
    used = frozenset[str]().union(*(one.compiled.reads for one in examination.expressions if one.compiled))
    broken = any(one.compiled is None for one in examination.expressions)
    for name in examination.workflow.reads if not broken else ():
        if f"reads.{name}" not in used:
            message = f"no guard looks at `reads.{name}`"
            yield Flaw(
                message, _place(name), f"ask in a guard, such as `size(reads.{name}) == 0`, or remove it", key=True
            )


def _known(examination: Examination, name: str) -> frozenset[str]:
    """Name the fields that surely have a value wherever an act looks at what a name finds."""
    looking = [one.placed for one in examination.expressions if one.compiled and f"reads.{name}" in one.compiled.reads]
    known = [definite(examination, placed) for placed in looking]
    return frozenset.intersection(*known) if known else frozenset(examination.workflow.data)


def _expected(examination: Examination, read: Reads, field: str) -> Type | None:
    other = examination.known(read.workflow)
    declared = other.data.get(field) if other is not None else None
    return field_type(declared) if declared is not None and _findable(declared) else None


def _findable(declared: DataField) -> bool:
    return declared.type in FINDABLE and not declared.withheld


def _compiled(examination: Examination, text: str) -> Guard | None:
    try:
        return compile_guard(text, where_scope(examination.workflow), None)
    except GuardError:
        return None


def _place(name: str, *keys: str) -> Path:
    return ("reads", name, *keys)
