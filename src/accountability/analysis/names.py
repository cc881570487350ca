"""Every name means something: states, roles, fields, triggers, links and workflows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from accountability.analysis.examination import Examination, Flaw, Path, items, state_place
from accountability.definition.model import SYSTEM, History, State, Workflow
from accountability.definition.nearest import did_you_mean
from accountability.definition.states import ANY, states
from accountability.machine.scope import given_links, given_triggers


def unknown_states(examination: Examination) -> Iterator[Flaw]:
    """Find names of states and groups that the workflow does not have."""
    workflow = examination.workflow
    known = states(workflow)
    sources = (*known, *workflow.groups, ANY)
    if workflow.initial not in known:
        yield _unknown("state", workflow.initial, ("initial",), known)
    yield from _initials(known)
    for group, members in workflow.groups.items():
        for path, name in items(("groups", group), members):
            if name not in known:
                yield _unknown("state", name, path, known)
    for placed, rule in examination.rules:
        for path, name in items((*placed.path, "from"), rule.from_):
            if name not in sources:
                yield _unknown("state or group", name, path, sources)
        if isinstance(rule.to, str) and rule.to not in known:
            yield _unknown("state", rule.to, (*placed.path, "to"), known)
    yield from _unknown_pauses(examination.workflow, (*known, *workflow.groups))


def _unknown_pauses(workflow: Workflow, known: Collection[str]) -> Iterator[Flaw]:
    """Check where deadlines are said to stand still."""
    for deadline, rule in workflow.deadlines.items():
        for path, name in items(("deadlines", deadline, "paused_in"), rule.paused_in):
            if name not in known:
                yield _unknown("state or group", name, path, known)


def _initials(known: dict[str, State]) -> Iterator[Flaw]:
    """Check the `initial` of every compound state: one of its own inner states, by its own name."""
    for path, state in known.items():
        if state.states and state.initial is not None and f"{path}.{state.initial}" not in known:
            message = f"`{path}` has no inner state `{state.initial}` to begin in"
            yield Flaw(message, (*state_place(path), "initial"), did_you_mean(state.initial, state.states))


def no_history(examination: Examination) -> Iterator[Flaw]:
    """Find histories of states that have no inner states."""
    known = states(examination.workflow)
    compound = [path for path, state in known.items() if state.states]
    for placed, rule in examination.rules:
        to = rule.to
        if not isinstance(to, History) or to.history in compound:
            continue
        place = (*placed.path, "to", "history")
        if to.history in known:
            message = f"`{to.history}` has no inner states, so there is nothing to return to"
            yield Flaw(message, place, f"write `to: {to.history}`")
        else:
            yield _unknown("state with inner states", to.history, place, compound)


def unknown_roles(examination: Examination) -> Iterator[Flaw]:
    """Find roles that are not declared."""
    declared = examination.workflow.roles
    for placed in examination.acts:
        for path, role in items((*placed.path, "by"), placed.act.by):
            if role not in declared and role != SYSTEM:
                yield _unknown("role", role, path, declared)
    for placed, rule in examination.rules:
        for role in rule.signatures if isinstance(rule.signatures, dict) else ():
            if role not in declared:
                yield _unknown("role", role, (*placed.path, "signatures", role), declared, key=True)
    for path, role in _roles_of_people(examination.workflow):
        if role not in declared:
            yield _unknown("role", role, path, declared)


def _roles_of_people(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    """Give the roles that only people can have: who extends deadlines, and who reads fields."""
    for name, rule in workflow.deadlines.items():
        if rule.extend is not None:
            yield from items(("deadlines", name, "extend", "by"), rule.extend.by)
    for name, field in workflow.data.items():
        yield from items(("data", name, "readers"), field.readers or ())


def unknown_fields(examination: Examination) -> Iterator[Flaw]:
    """Find data fields that are not declared."""
    declared = examination.workflow.data
    for placed in examination.acts:
        act = placed.act
        lists = [("needs",), act.needs], [("accepts",), act.accepts]
        published = act.publishes.fields if act.publishes else ()
        for key, names in (*lists, [("publishes", "fields"), published]):
            for path, name in items((*placed.path, *key), names):
                if name not in declared:
                    yield _unknown("field", name, path, declared)
        for name in act.sets:
            if name not in declared:
                yield _unknown("field", name, (*placed.path, "sets", name), declared, key=True)


def unknown_links(examination: Examination) -> Iterator[Flaw]:
    """Find awaited links under which nothing is opened."""
    known = given_links(examination.workflow)
    for placed, rule in examination.rules:
        for path, link in items((*placed.path, "awaits"), rule.awaits):
            if link not in known:
                yield Flaw(
                    f"no rule opens a child case as `{link}`",
                    path,
                    did_you_mean(link, known, f"open one: `opens: [{{workflow: NAME, as: {link}}}]`"),
                )


def unknown_triggers(examination: Examination) -> Iterator[Flaw]:
    """Find triggers that neither this workflow nor one that opens it has; `on_breach` needs one of its own."""
    here = given_triggers(examination.workflow)
    above = (trigger for opener in examination.openers for trigger in given_triggers(opener))
    known = tuple(dict.fromkeys((*here, *above)))
    for placed, rule in examination.rules:
        for key, names in (("not_by", rule.not_by), ("same_as", rule.same_as)):
            for path, name in items((*placed.path, key), names):
                if name not in known:
                    yield _unknown("trigger", name, path, known)
    for deadline, limit in examination.workflow.deadlines.items():
        if limit.on_breach is not None and limit.on_breach not in examination.workflow.transitions:
            path = ("deadlines", deadline, "on_breach")
            yield _unknown("trigger of `transitions`", limit.on_breach, path, examination.workflow.transitions)


def unknown_workflows(examination: Examination) -> Iterator[Flaw]:
    """Find workflows that are not known: those of child cases, and those whose cases are looked at."""
    known = (examination.workflow.workflow, *examination.others)
    named = [((*path, "workflow"), opens.workflow) for _, path, opens in examination.openings]
    named += [(("reads", name, "workflow"), read.workflow) for name, read in examination.workflow.reads.items()]
    for path, workflow in named:
        if examination.known(workflow) is None:
            otherwise = f"put `{workflow}.yaml` beside this file, or check its folder as a whole"
            yield Flaw(
                f"there is no workflow `{workflow}` beside this one", path, did_you_mean(workflow, known, otherwise)
            )


def _unknown(kind: str, name: str, path: Path, known: Iterable[str], *, key: bool = False) -> Flaw:
    return Flaw(f"`{name}` is not a {kind} of this workflow", path, did_you_mean(name, known), key=key)
