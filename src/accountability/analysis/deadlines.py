"""Deadlines: that each can start and end, is told of in time, and that what it calls for can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accountability.analysis.clocks import Clock, hit
from accountability.analysis.examination import Examination, Flaw, Path, items, state_place
from accountability.analysis.logic import history
from accountability.calendars.allowance import Allowance, Unit, allowance
from accountability.calendars.calendar import EVERY_DAY
from accountability.calendars.zone_names import known_zone, zone_names
from accountability.definition.model import SYSTEM, DeadlineRule, Workflow
from accountability.definition.nearest import did_you_mean, listed
from accountability.definition.states import states, within
from accountability.machine.compiled_deadline import given_extensions, marks
from accountability.machine.scope import BUILT_IN_TRIGGERS

_DAYS: dict[Unit, tuple[float, float]] = {
    "hours": (1 / 24, 1 / 24),
    "days": (1, 1),
    "working days": (1, 4),
    "weeks": (7, 7),
    "months": (28, 31),
    "years": (365, 366),
}
"""Unit -> how many days one of it has at least, and at most as far as calendars go."""


def unknown_occasions(examination: Examination) -> Iterator[Flaw]:
    """Find names in what starts and ends deadlines that are no trigger, state or group."""
    workflow = examination.workflow
    known = (*_triggers(workflow), *states(workflow), *workflow.groups)
    for path, name in _occasions(workflow):
        if name in known:
            continue
        if name in BUILT_IN_TRIGGERS:
            message = f"`{name}` is an act that every case allows at any time; it neither starts nor ends a deadline"
            yield Flaw(message, path, "name an act of this workflow")
        else:
            message = f"`{name}` is not a trigger, state or group of this workflow"
            yield Flaw(message, path, did_you_mean(name, known))


def ambiguous_occasions(examination: Examination) -> Iterator[Flaw]:
    """Find names that are a trigger and a state, or a group, where the act and what it leads to are not the same."""
    workflow = examination.workflow
    triggers, others = _triggers(workflow), {*states(workflow), *workflow.groups}
    for path, name in _occasions(workflow):
        if name not in triggers or name not in others:
            continue
        inside = frozenset(workflow.groups.get(name, (name,)))
        if any((move.edge.trigger == name) == inside.isdisjoint(move.entered) for move in examination.clocks.moves):
            kind = "group" if name in workflow.groups else "state"
            yield Flaw(
                f"`{name}` is a trigger and a {kind}, and they are not the same moment; here the trigger is meant",
                path,
                f"give the trigger or the {kind} another name",
            )


def unknown_zone(examination: Examination) -> Iterator[Flaw]:
    """Find a time zone that there is not."""
    zone = examination.workflow.zone
    if zone is None or known_zone(zone):
        return
    names = zone_names()
    city = zone.rpartition("/")[2].strip().replace(" ", "_").casefold()
    found = next((name for name in names if name.rpartition("/")[2].casefold() == city), None)
    otherwise = "write an IANA name, such as `Asia/Shanghai`, or `UTC`"
    cure = f"did you mean `{found}`?" if found else did_you_mean(zone, names, otherwise)
    yield Flaw(f"there is no time zone `{zone}`", ("zone",), cure)


def never_start(examination: Examination) -> Iterator[Flaw]:
    """Find deadlines, and fallbacks of deadlines, that nothing can ever start."""
    for name, rule in examination.workflow.deadlines.items():
        if not _any_happens(examination, rule.starts):
            because = _never(examination, rule.starts)
            message = f"`{name}` can never start: {because}"
            yield Flaw(message, _place(name, "starts"), "name a trigger that can be done, or a state that is reached")
        if rule.fallback is not None and not _any_happens(examination, rule.fallback.starts):
            because = _never(examination, rule.fallback.starts)
            message = f"the fallback of `{name}` can never come about: {because}"
            yield Flaw(message, _place(name, "fallback", "starts"), "name what surely happens, or remove the fallback")


def never_end(examination: Examination) -> Iterator[Flaw]:
    """Find deadlines that nothing can ever meet. A window ends by itself."""
    for name, rule, clock in _running(examination):
        if rule.window or clock.may_end_from:
            continue
        runs = [leaf for leaf in examination.graph.leaves if leaf in clock.runs_in]
        if rule.ends:
            because = f"when it runs, in {listed(runs)}, {_neither(rule.ends)} happen any more"
        elif clock.runs_in <= examination.graph.final:
            because = f"it ends when the case is closed, and it starts in {listed(runs)}, when that is so already"
        else:
            because = f"it ends when the case is closed, and it starts in {listed(runs)}, which never can be"
        yield Flaw(
            f"`{name}` can never end: {because}",
            _place(name, "ends") if rule.ends else _place(name),
            "name in `ends` a trigger or state that can follow its start",
            key=True,
        )


def ends_that_never_happen(examination: Examination) -> Iterator[Flaw]:
    """Find what is said to end a deadline and can never happen while it runs, though something else can."""
    for name, rule, clock in _running(examination):
        if not (rule.window or clock.may_end_from):
            continue
        runs = [leaf for leaf in examination.graph.leaves if leaf in clock.runs_in]
        for path, end in items(_place(name, "ends"), rule.ends):
            if not examination.clocks.happens(examination.workflow, end, clock.while_running()):
                message = f"`{end}` cannot happen while `{name}` runs, in {listed(runs)}"
                yield Flaw(message, path, f"remove `{end}`, or let it be possible there")


def early_warnings(examination: Examination) -> Iterator[Flaw]:
    """Find warnings that would come before the deadline even starts."""
    for name, rule in examination.workflow.deadlines.items():
        if rule.within is None or rule.anchor is not None:
            continue  # How long it runs depends on the day that is given.
        whole = allowance(rule.within)
        for path, text in items(_place(name, "warn"), rule.warn):
            if _surely_not_shorter(allowance(text), whole):
                message = f"a warning {text} before the end of `{name}` comes no later than its start"
                yield Flaw(message, path, f"write less than {rule.within}, which is all the time that `{name}` has")


def idle_pauses(examination: Examination) -> Iterator[Flaw]:
    """Find states in which a deadline is said to stand still and never runs."""
    for name, rule, clock in _running(examination):
        for path, state in items(_place(name, "paused_in"), rule.paused_in):
            if clock.runs_in.isdisjoint(_leaves(examination.workflow, state)):
                message = f"`{name}` never runs in `{state}`, so there is nothing to stand still there"
                yield Flaw(message, path, f"remove `{state}` from `paused_in`")


def standing_clocks(examination: Examination) -> Iterator[Flaw]:
    """Find deadlines that stand still wherever they run, so that their time is never over."""
    for name, _, clock in _running(examination):
        if clock.runs_in <= clock.deadline.paused_in:
            runs = listed(leaf for leaf in examination.graph.leaves if leaf in clock.runs_in)
            message = f"`{name}` stands still wherever it runs, in {runs}, so its time is never over"
            yield Flaw(message, _place(name, "paused_in"), "leave out of `paused_in` where the time runs", key=True)


def breaches_for_people(examination: Examination) -> Iterator[Flaw]:
    """Find triggers for the end of a deadline that the engine may not do."""
    for name, trigger in _breaches(examination):
        if not any(SYSTEM in rule.by for rule in examination.workflow.transitions[trigger]):
            yield Flaw(
                f"the engine does `{trigger}` when `{name}` is over, and no rule of it is `by: system`",
                _place(name, "on_breach"),
                f"add a rule of `{trigger}` that is `by: system`, or remove `on_breach`",
            )


def breaches_that_never_fit(examination: Examination) -> Iterator[Flaw]:
    """Find triggers for the end of a deadline that the engine can do in no state in which the deadline can be over."""
    workflow, graph = examination.workflow, examination.graph
    for name, trigger in _breaches(examination):
        own = [index for index, rule in enumerate(workflow.transitions[trigger]) if SYSTEM in rule.by]
        held = dict.fromkeys(leaf for index in own for leaf in graph.held(trigger, index))
        clock = examination.clocks.by_name[name]
        over = clock.runs_in - clock.deadline.paused_in
        if own and over and over.isdisjoint(held):
            where = listed(leaf for leaf in graph.leaves if leaf in over)
            yield Flaw(
                f"the engine can never do `{trigger}` when `{name}` is over: that happens in {where}, and the rules "
                f"`by: system` hold {f'in {listed(held)}' if held else 'nowhere'}",
                _place(name, "on_breach"),
                f"let a rule of `{trigger}` that is `by: system` hold in {where}",
            )


def breaches_that_fit_in_part(examination: Examination) -> Iterator[Flaw]:
    """Find triggers for the end of a deadline that the engine can do in some only of the states in which it may be."""
    workflow, graph = examination.workflow, examination.graph
    for name, trigger in _breaches(examination):
        own = [index for index, rule in enumerate(workflow.transitions[trigger]) if SYSTEM in rule.by]
        held = frozenset(leaf for index in own for leaf in graph.held(trigger, index))
        clock = examination.clocks.by_name[name]
        # What the breach itself leads to is no place in which the time can be over once more.
        moves = tuple(move for move in clock.moves if move.edge.trigger != trigger)
        over = Clock(clock.deadline, moves, clock.final).runs_in - clock.deadline.paused_in - graph.final
        left = [leaf for leaf in graph.leaves if leaf in over - held]
        if left and not held.isdisjoint(over):
            yield Flaw(
                f"the engine can do `{trigger}` only in some of the states in which `{name}` can be over, not in "
                f"{listed(left)}",
                _place(name, "on_breach"),
                f"let a rule of `{trigger}` that is `by: system` hold there too",
                steps=history(examination, clock.way(left[0])),
            )


def extensions_by_hours(examination: Examination) -> Iterator[Flaw]:
    """Find extensions by hours of what is counted in days."""
    for name, rule in examination.workflow.deadlines.items():
        if rule.extend is None or allowance(rule.extend.up_to).unit != "hours":
            continue
        if rule.within is None or allowance(rule.within).unit != "hours":
            message = f"hours cannot extend `{name}`, which ends with a day"
            yield Flaw(message, _place(name, "extend", "up_to"), "write `up_to` in days, working days, weeks or months")


def days_that_are_all_worked(examination: Examination) -> Iterator[Flaw]:
    """Find working days, and moves to the next one, under the calendar in which every day is worked."""
    workflow = examination.workflow
    if workflow.calendar != EVERY_DAY.name:
        return
    calendars = "write `calendar: weekdays`, `calendar: cn`, or the name of one of your own"
    for name, rule in workflow.deadlines.items():
        for path, text in _periods(name, rule):
            if (read := allowance(text)).unit == "working days":
                message = f"by the calendar `{EVERY_DAY.name}` every day is a working day, so these are plain days"
                yield Flaw(message, path, f"{calendars}; or `{Allowance(read.amount, 'days')}`")
        if rule.roll == "next_working_day":
            message = (
                f"by the calendar `{EVERY_DAY.name}` every day is a working day, so nothing ever moves to the next"
            )
            yield Flaw(message, _place(name, "roll"), f"{calendars}; or remove `roll`")


def deadlines_that_run_on(examination: Examination) -> Iterator[Flaw]:
    """Find closed cases in which a deadline still runs and nothing can end it."""
    for name, rule, clock in _running(examination):
        if rule.window or not clock.may_end_from:
            continue
        left = [leaf for leaf in examination.graph.leaves if leaf in clock.runs_in - clock.may_end_from]
        left = [leaf for leaf in left if leaf in examination.graph.final]
        if left:
            ends = f"`ends: [{', '.join((*rule.ends, *left))}]`"
            yield Flaw(
                f"`{name}` may still run when the case is closed in {listed(left)}, and nothing can end it there",
                _place(name, "ends") if rule.ends else _place(name),
                f"let it end there too: {ends}" if rule.ends else "say in `ends` what ends it once the case is closed",
                key=True,
                steps=history(examination, clock.way(left[0])),
            )


def states_without_pressure(examination: Examination) -> Iterator[Flaw]:
    """Find open states that one role alone can lead a case out of, and in which no deadline runs.

    Only workflows that have deadlines and several roles are asked: the others leave time, or everything, to one.
    """
    workflow, graph = examination.workflow, examination.graph
    roles = {role for _, rule in examination.rules for role in rule.by} - {SYSTEM}
    if not workflow.deadlines or len(roles) < 2:
        return
    running = list(_running(examination))
    pressed = frozenset[str]().union(*(clock.runs_in for _, rule, clock in running if _presses(rule)))
    windows = frozenset[str]().union(*(clock.runs_in for _, rule, clock in running if not _presses(rule)))
    by_role: dict[str, list[str]] = {}
    for leaf in graph.leaves:
        if leaf in graph.reachable and leaf not in graph.final | pressed:
            out = [edge for edge in graph.edges if edge.source == leaf and edge.target != leaf]
            may = {role for edge in out for role in workflow.transitions[edge.trigger][edge.index].by}
            if len(may) == 1 and SYSTEM not in may:
                by_role.setdefault(may.pop(), []).append(leaf)
    for role, left in by_role.items():
        what = "only a window" if windows.issuperset(left) else "no deadline"
        what += ", or only a window," if what == "no deadline" and not windows.isdisjoint(left) else ""
        yield Flaw(
            f"only `{role}` can lead a case out of {listed(left)}, and {what} runs there: it may lie for ever",
            state_place(left[0]),
            "set a deadline that runs there, or let somebody else act there too",
            key=True,
        )


def fallbacks_without_effect(examination: Examination) -> Iterator[Flaw]:
    """Find fallbacks that come about only when the deadline starts anyway."""
    for name, rule, clock in _running(examination):
        fallback = clock.deadline.fallback
        if rule.fallback is None or fallback is None:
            continue
        late = [move for move in examination.clocks.moves if hit(fallback, move)]
        if late and all(hit(clock.deadline.starts, move) for move in late):
            message = f"the fallback of `{name}` has no effect: whatever it waits for starts the deadline itself"
            yield Flaw(message, _place(name, "fallback", "starts"), "name what happens earlier, or remove the fallback")


def _place(name: str, *keys: str) -> Path:
    return ("deadlines", name, *keys)


def _running(examination: Examination) -> Iterator[tuple[str, DeadlineRule, Clock]]:
    """Give the deadlines that can start, each with where it may run."""
    for name, rule in examination.workflow.deadlines.items():
        clock = examination.clocks.by_name[name]
        if clock.runs_in:
            yield name, rule, clock


def _triggers(workflow: Workflow) -> tuple[str, ...]:
    return (workflow.start.trigger, *workflow.transitions, *given_extensions(workflow))


def _occasions(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    """Give every name of what starts or ends a deadline, with its place."""
    for name, rule in workflow.deadlines.items():
        yield from items(_place(name, "starts"), rule.starts)
        if rule.fallback is not None:
            yield from items(_place(name, "fallback", "starts"), rule.fallback.starts)
        yield from items(_place(name, "ends"), rule.ends)


def _periods(name: str, rule: DeadlineRule) -> Iterator[tuple[Path, str]]:
    """Give every period of a deadline, with its place."""
    if rule.within is not None:
        yield _place(name, "within"), rule.within
    if rule.fallback is not None:
        yield _place(name, "fallback", "plus"), rule.fallback.plus
    yield from items(_place(name, "warn"), rule.warn)
    if rule.extend is not None:
        yield _place(name, "extend", "up_to"), rule.extend.up_to


def _breaches(examination: Examination) -> Iterator[tuple[str, str]]:
    for name, rule in examination.workflow.deadlines.items():
        if rule.on_breach is not None:
            yield name, rule.on_breach


def _presses(rule: DeadlineRule) -> bool:
    """Whether the end of a deadline is held against anybody."""
    return not rule.window or rule.on_breach is not None


def _leaves(workflow: Workflow, name: str) -> Iterator[str]:
    """Give the leaves of a state, or of the states of a group."""
    for state in workflow.groups.get(name, (name,)):
        yield from within(workflow, state)


def _any_happens(examination: Examination, names: Iterable[str]) -> bool:
    return any(examination.clocks.happens(examination.workflow, name) for name in names)


def _never(examination: Examination, names: Iterable[str]) -> str:
    """Say why things never come about."""
    workflow = examination.workflow
    extensions = given_extensions(workflow)
    told = []
    for name in names:
        if name in extensions:
            told.append(f"`{name}` is possible only while `{extensions[name]}` runs")
        elif marks(workflow, (name,)).triggers:
            told.append(f"`{name}` can never be done")
        else:
            told.append(f"no case comes to `{name}`")
    return ", ".join(told)


def _neither(names: tuple[str, ...]) -> str:
    return f"`{names[0]}` cannot" if len(names) == 1 else f"none of {listed(names)} can"


def _surely_not_shorter(one: Allowance, other: Allowance) -> bool:
    """Whether a time is at least as long as another one, whatever the calendar."""
    if one.unit == other.unit:
        return one.amount >= other.amount
    return one.amount * _DAYS[one.unit][0] >= other.amount * _DAYS[other.unit][1]
