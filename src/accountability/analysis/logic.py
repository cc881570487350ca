"""What can and cannot happen: states, triggers and rules that no run of a case ever uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accountability.analysis.examination import Examination, Flaw, Path, Placed, items, state_place
from accountability.analysis.graph import Edge
from accountability.definition.model import SYSTEM, Rule
from accountability.definition.nearest import listed
from accountability.definition.states import ancestors, final_leaves, resolve, states


def unreachable_states(examination: Examination) -> Iterator[Flaw]:
    """Find states that a case can never come to; a compound state once, not with each of its inner ones."""
    graph = examination.graph
    if _closed_at_once(examination):
        message = f"`initial` names the final state `{graph.start}`: a case is closed as soon as it is opened"
        yield Flaw(message, ("initial",), "name the state in which a case begins")
        return
    used = graph.reachable | {above for leaf in graph.reachable for above in ancestors(leaf)}
    for path in states(examination.workflow):
        if path in used or any(above not in used for above in ancestors(path)):
            continue
        inside = {leaf for leaf in graph.leaves if leaf == path or leaf.startswith(f"{path}.")}
        before = [edge.source for edge in graph.edges if edge.target in inside and edge.source not in inside]
        if before:
            message = (
                f"no case can come to `{path}`: only {listed(dict.fromkeys(before))} leads there, never reached either"
            )
        else:
            message = f"no case can come to `{path}`: no rule leads there"
        yield Flaw(message, state_place(path), f"add `to: {path}` to a rule, or remove the state", key=True)


def dead_ends(examination: Examination) -> Iterator[Flaw]:
    """Find states in which a case can be caught for ever."""
    graph, workflow = examination.graph, examination.workflow
    if not graph.final:
        message = "no state is `final`, so no case of this workflow can ever be closed"
        yield Flaw(message, ("states",), f"mark the last one: `{graph.leaves[-1]}: {{final: true}}`", key=True)
        return
    final = next(leaf for leaf in graph.leaves if leaf in graph.final)
    for leaf in graph.leaves:
        if leaf not in graph.reachable or leaf in graph.closing:
            continue
        onward = dict.fromkeys(e.target for e in graph.edges if e.source == leaf and e.target != leaf)
        where = f"it leads only to {listed(onward)}" if onward else "no rule leads out of it"
        role = next(iter(workflow.roles), "ROLE")
        yield Flaw(
            f"a case in `{leaf}` can never be closed: {where}",
            state_place(leaf),
            f"mark it `final: true`, or add a rule: `close: {{from: {leaf}, to: {final}, by: {role}}}`",
            key=True,
            steps=way(examination, leaf),
        )


def dead_triggers(examination: Examination) -> Iterator[Flaw]:
    """Find triggers of which no rule can ever be used, whatever the guards say."""
    graph = examination.graph
    if _closed_at_once(examination):
        return
    for trigger, rules in examination.workflow.transitions.items():
        if not rules:
            yield Flaw(f"`{trigger}` has no rule", ("transitions", trigger), "give it a rule, or remove it", key=True)
        elif not any(graph.live(trigger, index) for index in range(len(rules))):
            message = f"`{trigger}` can never be done: {_because(examination, trigger, range(len(rules)))}"
            yield Flaw(message, ("transitions", trigger), _open_from(examination), key=True)


def _closed_at_once(examination: Examination) -> bool:
    """Whether a case begins in a final state that no rule leads out of, though rules are written for other states."""
    graph = examination.graph
    return graph.start in graph.final and not any(edge.source == graph.start for edge in graph.edges)


def dead_rules(examination: Examination) -> Iterator[Flaw]:
    """Find rules that can never be used, though another rule of their trigger can."""
    graph = examination.graph
    for placed, _ in examination.rules:
        alone = [placed.index] if placed.index is not None else []
        others = any(graph.live(placed.trigger, index) for index in range(_count(examination, placed)))
        if others and not graph.live(placed.trigger, placed.index):
            because = _because(examination, placed.trigger, alone)
            message = f"{named(placed, examination)} can never be used: {because}"
            yield Flaw(message, (*placed.path, "from"), _open_from(examination))


def _because(examination: Examination, trigger: str, indexes: Iterable[int]) -> str:
    """Say why rules hold in no state that a case can come to."""
    graph, rules = examination.graph, examination.workflow.transitions[trigger]
    held = dict.fromkeys(leaf for index in indexes for leaf in graph.held(trigger, index))
    if held:
        return f"no case can come to {listed(held)}"
    names = dict.fromkeys(name for index in indexes for name in rules[index].from_)
    overridden = resolve(examination.workflow, names)
    if overridden:
        return f"in {listed(overridden)} a rule of an inner state takes its place"
    return f"`from: {', '.join(names)}` holds no state, since a final state counts only where `from` names it itself"


def _open_from(examination: Examination) -> str:
    graph = examination.graph
    live = [leaf for leaf in graph.leaves if leaf in graph.reachable and leaf not in graph.final]
    if not live:
        return "let a rule lead a case to a state in which it can be done"
    return f"name a state in `from` that a case can come to: {listed(live)}"


def silent_finals(examination: Examination) -> Iterator[Flaw]:
    """Find groups that list a final state and stand in a `from`, where that state does not count."""
    workflow = examination.workflow
    final, known = final_leaves(workflow), states(workflow)
    used = {name for _, rule in examination.rules for name in rule.from_ if name not in known}
    for group, members in workflow.groups.items():
        for path, name in items(("groups", group), members):
            if group in used and name in final:
                yield Flaw(
                    f"`{name}` is final, and no rule leaves a final state through a group",
                    path,
                    f"remove it here, and where a closed case may be reopened write `from: [{group}, {name}]`",
                )


def idle_system(examination: Examination) -> Iterator[Flaw]:
    """Find rules that only the engine may use and that give it no occasion."""
    for placed, rule in examination.rules:
        if not _is_idle(examination, placed.trigger, rule):
            continue
        leaves = set(examination.graph.live(placed.trigger, placed.index))
        caught = [leaf for leaf in examination.graph.leaves if leaf in leaves and _only_idle(examination, leaf)]
        stuck = f", and nothing else leads out of {listed(caught)}" if caught else ""
        yield Flaw(
            f"the engine would never do `{placed.trigger}`: the rule has neither `awaits` nor `when`{stuck}",
            (*placed.path, "by"),
            "say when: add `awaits: [LINK]` or `when: GUARD`, or make it the `on_breach` of a deadline; "
            "or name a role in `by`",
        )


def _is_idle(examination: Examination, trigger: str, rule: Rule) -> bool:
    """Whether a rule is the engine's alone, with nothing that it waits for: no guard, no children, no deadline."""
    called = bool(rule.awaits or rule.when) or trigger in examination.on_breach
    return set(rule.by) == {SYSTEM} and not called


def _only_idle(examination: Examination, leaf: str) -> bool:
    """Whether every way out of an open leaf is left to the engine without an occasion."""
    if leaf in examination.graph.final:
        return False
    return all(
        _is_idle(examination, edge.trigger, examination.workflow.transitions[edge.trigger][edge.index])
        for edge in examination.graph.edges
        if edge.source == leaf and edge.target != leaf
    )


def unused_roles(examination: Examination) -> Iterator[Flaw]:
    """Find roles that may do and read nothing, and that no guard asks for."""
    workflow = examination.workflow
    used = {role for placed in examination.acts for role in placed.act.by}
    used.update(role for _, rule in examination.rules if isinstance(rule.signatures, dict) for role in rule.signatures)
    used.update(opens.by for _, _, opens in examination.openings if opens.by)
    used.update(role for rule in workflow.deadlines.values() if rule.extend for role in rule.extend.by)
    used.update(role for field in workflow.data.values() for role in field.readers or ())
    texts = list(texts_of(examination))
    for role in workflow.roles:
        asked = any(f"'{role}'" in text or f'"{role}"' in text for text in texts)
        if role not in used and not asked:
            yield Flaw(
                f"the role `{role}` may do nothing and read nothing",
                ("roles", role),
                f"add it to the `by` of a rule, or remove `{role}`",
                key=True,
            )


def texts_of(examination: Examination) -> Iterator[str]:
    """Give the text of every guard and expression."""
    for placed in examination.acts:
        yield from (check.check for check in placed.act.when)
        yield from placed.act.sets.values()
    for _, _, opens in examination.openings:
        yield from (text for text in (opens.when, opens.each) if text is not None)
        yield from opens.with_.values()


def way(examination: Examination, leaf: str) -> tuple[tuple[str, Path], ...]:
    """Tell the shortest history that brings a case to a leaf, guards left open, with the place of each rule used."""
    return history(examination, examination.graph.way(leaf))


def history(examination: Examination, edges: Iterable[Edge]) -> tuple[tuple[str, Path], ...]:
    """Tell a history that begins with the start of a case, with the place of each rule used."""
    graph, workflow = examination.graph, examination.workflow
    if graph.start is None:
        return ()
    told: list[tuple[str, Path]] = [
        (f"{workflow.start.trigger} by {workflow.start.by[0]} -> {graph.start}", ("start",)),
    ]
    extensions = {rule.extend.trigger: (name, rule.extend) for name, rule in workflow.deadlines.items() if rule.extend}
    for edge in edges:
        if edge.trigger in extensions:
            name, extend = extensions[edge.trigger]
            told.append((f"{edge.trigger} by {extend.by[0]}: {edge.source}", ("deadlines", name, "extend")))
            continue
        rule = workflow.transitions[edge.trigger][edge.index]
        place = ("transitions", edge.trigger, edge.index)
        told.append((f"{edge.trigger} by {rule.by[0]}: {edge.source} -> {edge.target}", place))
    return tuple(told)


def named(placed: Placed, examination: Examination) -> str:
    """Name a rule for a sentence: `decide`, or rule 2 of `decide` where there are several."""
    if placed.index is None or _count(examination, placed) < 2:
        return f"`{placed.trigger}`"
    return f"rule {placed.index + 1} of `{placed.trigger}`"


def _count(examination: Examination, placed: Placed) -> int:
    return len(examination.workflow.transitions.get(placed.trigger, ()))
