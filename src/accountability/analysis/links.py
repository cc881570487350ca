"""Child cases: whether those that are opened can begin, and whether somebody looks after them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountability.analysis.examination import Examination, Flaw, Path, Placed
from accountability.analysis.logic import texts_of
from accountability.definition.model import SYSTEM, Opens, Workflow
from accountability.definition.nearest import did_you_mean, listed

_CHILDREN = re.compile(r"""children\s*\(\s*(?:"([^"]*)"|'([^']*)')""")


def _children(examination: Examination) -> Iterator[tuple[Placed, Path, Opens, Workflow]]:
    """Give every `opens` whose workflow is known."""
    for placed, path, opens in examination.openings:
        child = examination.known(opens.workflow)
        if child is not None:
            yield placed, path, opens, child


def opening_roles(examination: Examination) -> Iterator[Flaw]:
    """Find child cases that are opened in a role which may not start them."""
    for placed, path, opens, child in _children(examination):
        allowed = child.start.by
        if opens.by is not None:
            if opens.by not in allowed:
                possible = [role for role in allowed if role == SYSTEM or set(placed.act.by) == {role}]
                otherwise = f"add `{opens.by}` to `start: by` of `{child.workflow}`"
                yield Flaw(
                    f"`{opens.by}` may not start a `{child.workflow}`",
                    (*path, "by"),
                    f"write `by: {possible[0]}`, or {otherwise}" if possible else otherwise,
                )
            continue
        wrong = [role for role in placed.act.by if role not in allowed]
        if wrong:
            otherwise = f"add {listed(wrong)} to `start: by` of `{child.workflow}`"
            yield Flaw(
                f"{listed(wrong)} may do this, but may not start the `{child.workflow}` that it opens",
                path,
                f"write `by: {SYSTEM}` in this `opens`, or {otherwise}" if SYSTEM in allowed else otherwise,
                key=True,
            )


def borrowed_roles(examination: Examination) -> Iterator[Flaw]:
    """Find child cases that are opened in a role which not everybody who does the act holds."""
    for placed, path, opens in examination.openings:
        child = examination.known(opens.workflow)
        if opens.by in (None, SYSTEM) or (child is not None and opens.by not in child.start.by):
            continue
        others = [role for role in placed.act.by if role != opens.by]
        if others:
            yield Flaw(
                f"{listed(others)} may do this, and would be recorded as `{opens.by}`",
                (*path, "by"),
                f"leave `by` out, so that each acts in the own role, or write `by: {SYSTEM}`",
            )


def unknown_child_fields(examination: Examination) -> Iterator[Flaw]:
    """Find fields in `with` that the child's start does not take."""
    for _, path, opens, child in _children(examination):
        taken = (*child.start.needs, *child.start.accepts)
        for name in opens.with_:
            if name not in taken:
                otherwise = f"add it to the `accepts` of the start of `{child.workflow}`, or remove it"
                yield Flaw(
                    f"the start of `{child.workflow}` takes no field `{name}`",
                    (*path, "with", name),
                    did_you_mean(name, [field for field in taken if field not in opens.with_], otherwise),
                    key=True,
                )


def missing_child_fields(examination: Examination) -> Iterator[Flaw]:
    """Find what a child's start needs and its opening does not give."""
    for _, path, opens, child in _children(examination):
        missing = [name for name in child.start.needs if name not in opens.with_]
        if missing:
            example = ", ".join(f"{name}: {_source(examination, name)}" for name in missing)
            yield Flaw(
                f"a `{child.workflow}` cannot start without {listed(missing)}",
                (*path, "with") if opens.with_ else path,
                f"add to `with`: `{{{example}}}`",
                key=True,
            )


def _source(examination: Examination, name: str) -> str:
    return f"data.{name}" if name in examination.workflow.data else "EXPRESSION"


def unopenable_children(examination: Examination) -> Iterator[Flaw]:
    """Find children whose start wants what an opening cannot bring: documents, or a written reason."""
    for _, path, opens, child in _children(examination):
        wanted = [f"the document `{name}`" for name in child.start.documents]
        wanted += ["a written reason"] if child.start.reason else []
        if wanted:
            yield Flaw(
                f"the start of `{child.workflow}` wants {' and '.join(wanted)}, which an opening cannot bring",
                (*path, "workflow"),
                f"ask for it in the rule that opens `{opens.as_}`, not in the start of `{child.workflow}`",
            )


def endless_openings(examination: Examination) -> Iterator[Flaw]:
    """Find starts that open each other without condition, which would never come to an end."""
    home = examination.workflow.workflow
    for index, opens in enumerate(examination.workflow.start.opens):
        round_trip = _round_trip(examination, opens, home)
        if round_trip:
            yield Flaw(
                f"starting a `{home}` would open cases without end: {' -> '.join((home, *round_trip))}",
                ("start", "opens", index, "workflow"),
                "open it in a later rule, or give this `opens` a `when`",
            )


def _round_trip(examination: Examination, first: Opens, home: str) -> tuple[str, ...]:
    """Follow unconditional openings at the start until they come home; empty when they do not."""
    queue: list[tuple[Opens, tuple[str, ...]]] = [(first, ())]
    seen: set[str] = set()
    while queue:
        opens, trail = queue.pop(0)
        if opens.when is not None or opens.each is not None:
            continue
        trail = (*trail, opens.workflow)
        if opens.workflow == home:
            return trail
        child = examination.known(opens.workflow)
        if child is not None and opens.workflow not in seen:
            seen.add(opens.workflow)
            queue += [(further, trail) for further in child.start.opens]
    return ()


def forgotten_children(examination: Examination) -> Iterator[Flaw]:
    """Find links that nobody awaits or reads, though the case stays open after opening them.

    A case that is closed by the act that opens the child hands the matter over; nothing is forgotten there.
    """
    awaited = {link for _, rule in examination.rules for link in rule.awaits}
    read = {one or other for text in texts_of(examination) for one, other in _CHILDREN.findall(text)}
    told: set[str] = set()
    for placed, path, opens in examination.openings:
        link = opens.as_
        if link in awaited or link in read or link in told or _hands_over(examination, placed):
            continue
        told.add(link)
        yield Flaw(
            f"this case may close while its `{link}` are still open, and no rule looks at them",
            (*path, "as"),
            f'add `awaits: [{link}]` to the rule that closes the case, or ask `children("{link}")` in a guard',
        )


def _hands_over(examination: Examination, placed: Placed) -> bool:
    """Whether the case is closed as soon as the act is done."""
    graph = examination.graph
    if placed.index is None:
        return graph.start in graph.final
    ends = [e.target for e in graph.edges if (e.trigger, e.index) == (placed.trigger, placed.index)]
    return bool(ends) and all(end in graph.final for end in ends)
