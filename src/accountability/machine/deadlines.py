"""What becomes of a case's deadlines: through an act, and through time alone. `now` and the calendar are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accountability.calendars.allowance import Allowance, allowance
from accountability.calendars.calendar import Calendar
from accountability.calendars.clockwork import Due, reckon
from accountability.calendars.zones import begins, zone_of
from accountability.canonical import instant, moment
from accountability.errors import CalendarNotAnnouncedError, EvaluationError, InputError, Reason
from accountability.machine.case import Case, Facts, Firing, Refusal, Step
from accountability.machine.compiled_deadline import CompiledDeadline
from accountability.machine.compiled_rule import EXTENSION, CompiledRule
from accountability.machine.compiler import CompiledWorkflow
from accountability.machine.deadline import Change, Deadline, day_or_moment
from accountability.machine.memory import state_path

BREACH, LAPSE, WARN, RECOMPUTE = "breach", "lapse", "warn", "recompute"
"""What time does; the triggers of the entries that say so."""


def with_deadlines(
    law: CompiledWorkflow, case: Case | None, firing: Firing, outcome: Step | Refusal, now: datetime, facts: Facts
) -> Step | Refusal:
    """Add to a step what it does to the deadlines of its case.

    Args:
        law: The law.
        case: The case before; None where the step opens it.
        firing: What was tried.
        outcome: The step; a refusal does nothing to deadlines.
        now: When it happens, UTC.
        facts: With the calendar.

    Returns:
        The step; or a refusal where a date cannot be worked out.
    """
    if not law.deadlines or isinstance(outcome, Refusal) or outcome.kind not in ("transition", "act", "deadline"):
        return outcome
    effect = _Effect(law, case, outcome, now, facts.calendar)
    try:
        changes = tuple(effect.of(firing))
    except CalendarNotAnnouncedError as error:
        return Refusal(firing.trigger, (Reason("unknown", str(error), {"calendar": law.calendar}),), outcome.data)
    except (InputError, EvaluationError) as error:
        reason = Reason("data", f"`{firing.trigger}` leads to a deadline that cannot be worked out: {error}", {})
        return Refusal(firing.trigger, (reason,), outcome.data)
    return _with(outcome, changes) if changes else outcome


def passed(law: CompiledWorkflow, case: Case, now: datetime, calendar: Calendar | None = None) -> Step | None:
    """Say what time alone has done to a case by now: the first thing that is not recorded yet, if there is one.

    Args:
        law: The law of the case.
        case: The case.
        now: The moment, UTC.
        calendar: The newest calendar of the law; deadlines that an older version gave are worked out anew. None leaves
            them as they are.

    Returns:
        One step of kind `deadline`; None when nothing is due.
    """
    if not case.deadlines:
        return None
    return next(_passed(law, case, now, calendar), None)


def objections_to_extension(
    law: CompiledWorkflow, rule: CompiledRule, case: Case | None, firing: Firing, now: datetime, facts: Facts
) -> Iterator[Reason]:
    """Give every reason why a deadline may not be extended now."""
    extended = rule.extends
    if extended is None:
        return
    deadline = None if case is None else _of(case, extended.id)
    detail: dict[str, Any] = {"deadline": extended.id}
    if deadline is None or deadline.status not in ("running", "paused"):
        status = "not running" if deadline is None else deadline.status
        yield Reason("state", f"the deadline `{extended.id}` is {status}", {**detail, "status": status})
        return
    if deadline.status == "running" and now >= deadline.until:
        yield Reason("state", f"the deadline `{extended.id}` is over; it is extended before its end", detail)
        return
    used = len(deadline.derivation.get("extensions", ()))
    if used >= extended.times:
        message = f"the deadline `{extended.id}` was extended {used} time{'s' * (used != 1)}, as often as it may be"
        yield Reason("state", message, {**detail, "times": extended.times})
    yield from _ill_sized(law, extended, deadline, firing, facts)


def _ill_sized(
    law: CompiledWorkflow, extended: CompiledDeadline, deadline: Deadline, firing: Firing, facts: Facts
) -> Iterator[Reason]:
    """Give a reason where more is asked for than may be given, or nothing would be given."""
    asked = firing.data.get(EXTENSION)
    if extended.up_to is None or facts.calendar is None:
        return
    detail = {"field": EXTENSION, "up_to": str(extended.up_to)}
    try:
        given = allowance(asked) if isinstance(asked, str) else extended.up_to
        ends = [_reckoned(law, extended, deadline, facts.calendar, longer=one) for one in (given, extended.up_to)]
    except CalendarNotAnnouncedError as error:
        yield Reason("unknown", str(error), {"calendar": law.calendar})
        return
    except InputError as error:
        yield Reason("data", f"`{EXTENSION}`: {error}", {**detail, "cure": error.cure or ""})
        return
    if ends[0].until <= deadline.until:
        message = (
            f"the deadline `{extended.id}` ends on {day_or_moment(deadline.due)}, as was told; {given} give no more"
        )
        yield Reason("data", message, detail)
    if _unrolled(ends[0]) > _unrolled(ends[1]):
        yield Reason("data", f"the deadline `{extended.id}` may be extended by {extended.up_to} at most", detail)


@dataclass(frozen=True, slots=True)
class _Effect:
    """Work out what one act does to deadlines."""

    law: CompiledWorkflow
    case: Case | None
    step: Step
    now: datetime
    calendar: Calendar | None

    def of(self, firing: Firing) -> Iterator[Change]:
        case, step = self.case, self.step
        rule = self.law.rules[step.trigger][step.rule] if case is not None and step.rule is not None else None
        moved = step.kind == "transition"
        entered = state_path(step.target) - (state_path(step.source) - {step.target}) if moved else frozenset[str]()
        for declared in self.law.deadlines:
            deadline = None if case is None else _of(case, declared.id)
            if rule is not None and rule.extends is declared and deadline is not None:
                yield self._extended(declared, deadline, firing)
            else:
                yield from self._one(declared, deadline, step, entered)

    def _one(
        self, declared: CompiledDeadline, deadline: Deadline | None, step: Step, entered: frozenset[str]
    ) -> Iterator[Change]:
        """Work out what an act does to one deadline: end it, arm it, let it stand still or go on."""
        running = deadline is not None and deadline.open
        if deadline is not None and self._ends(declared, deadline, step, entered):
            over = deadline.status in ("breached", "lapsed")
            late = over or (deadline.status == "running" and self.now >= deadline.until)
            yield {"deadline": declared.id, "event": "met"} | ({"late": True} if late else {})
            running = False
        still = step.target in declared.paused_in
        if deadline is None or not running:
            if (armed := self._armed(declared, step, entered)) is not None:
                yield armed
                if still:
                    yield {"deadline": declared.id, "event": "paused"}
        elif self._really_starts(declared, deadline, step, entered):
            yield self._change(declared, "armed", self._reckon(declared, step.trigger, None, _extensions(deadline)))
            if still:
                yield {"deadline": declared.id, "event": "paused"}
        elif deadline.status == "running" and still and self.now < deadline.until:
            yield {"deadline": declared.id, "event": "paused"}
        elif deadline.status == "paused" and not still:
            due = _reckoned(self.law, declared, deadline, self._calendar(), pause=(deadline.paused_at, self.now))
            yield self._change(declared, "resumed", due, deadline)

    def _ends(self, declared: CompiledDeadline, deadline: Deadline, step: Step, entered: frozenset[str]) -> bool:
        """Whether an act meets a deadline; also one that lapsed, where the act itself had been given time for."""
        if declared.ends is None:
            return deadline.open and step.closed is True
        if deadline.open:
            return declared.ends.hit(step.trigger, entered)
        return (
            deadline.status == "lapsed"
            and step.trigger in declared.ends.triggers
            and step.trigger != declared.on_breach
        )

    def _armed(self, declared: CompiledDeadline, step: Step, entered: frozenset[str]) -> Change | None:
        if declared.starts.hit(step.trigger, entered):
            return self._change(declared, "armed", self._reckon(declared, step.trigger, None))
        if declared.fallback is not None and declared.fallback.hit(step.trigger, entered):
            return self._change(declared, "armed", self._reckon(declared, step.trigger, declared.plus))
        return None

    def _really_starts(
        self, declared: CompiledDeadline, deadline: Deadline, step: Step, entered: frozenset[str]
    ) -> bool:
        """Whether that happens now for which the fallback has been waiting, and in time."""
        if deadline.status not in ("running", "paused") or "waits_until" not in deadline.derivation:
            return False
        return declared.starts.hit(step.trigger, entered) and self.now < moment(deadline.derivation["waits_until"])

    def _extended(self, declared: CompiledDeadline, deadline: Deadline, firing: Firing) -> Change:
        given = firing.data.get(EXTENSION)
        longer = declared.up_to if given is None else allowance(given)
        due = _reckoned(self.law, declared, deadline, self._calendar(), longer=longer)
        return self._change(declared, "extended", due, deadline)

    def _reckon(
        self,
        declared: CompiledDeadline,
        trigger: str,
        plus: Allowance | None,
        extensions: Sequence[Allowance] = (),
    ) -> Due:
        calendar = self._calendar()
        zone = _zone(self.law, calendar)
        due = reckon(
            self._anchor(declared, zone),
            declared.within,
            calendar=calendar,
            zone=zone,
            roll=declared.roll,
            plus=plus,
            extensions=extensions,
            warn=declared.warn,
            strict=self.law.strict,
        )
        told = {"from": trigger}
        if declared.declared.anchor is not None:
            told["anchored"] = declared.declared.anchor
        if plus is not None:
            waited = reckon(self.now, plus, calendar=calendar, zone=zone, roll="none")
            told["waits_until"] = instant(waited.until)
        return Due(due.due, due.until, due.warnings, due.provisional, {**due.derivation, **told})

    def _anchor(self, declared: CompiledDeadline, zone: str) -> datetime:
        """Give the moment from which a deadline counts: now, or what its `anchor` says."""
        guard = self.law.anchors.get(declared.id)
        if guard is None:
            return self.now
        before = {} if self.case is None else self.case.data
        given = guard.value({"data": {**before, **self.step.data, **self.step.sets}, "now": self.now})
        return given if isinstance(given, datetime) else begins(given, zone)

    def _change(self, declared: CompiledDeadline, event: str, due: Due, before: Deadline | None = None) -> Change:
        return _told(declared.id, event, due if before is None else _not_earlier(before, due))

    def _calendar(self) -> Calendar:
        if self.calendar is None:
            raise InputError(f"there is no calendar `{self.law.calendar}`", cure="register the workflow once more")
        return self.calendar


def _passed(law: CompiledWorkflow, case: Case, now: datetime, calendar: Calendar | None) -> Iterator[Step]:
    """List what time has done, what was worked out anew first, then in the order in which it happened."""
    for deadline in case.deadlines:
        if calendar is not None and (change := _recomputed(law, deadline, calendar)) is not None:
            yield _by_time(case, RECOMPUTE, change)
    waking = [(wake, deadline) for deadline in case.deadlines if (wake := deadline.wake) is not None and wake <= now]
    # A warning that nobody saw in time does not move the end of its deadline before that of another.
    for _, deadline in sorted(waking, key=lambda one: one[1].until if one[1].until <= now else one[0]):
        due = {"deadline": deadline.id, "due": day_or_moment(deadline.due)}
        if deadline.until > now:
            yield _by_time(case, WARN, {**due, "event": "warned"})
        elif law.deadline(deadline.id).declared.window:
            yield _by_time(case, LAPSE, {**due, "event": "lapsed"})
        else:
            yield _by_time(case, BREACH, {**due, "event": "breached"})


def _recomputed(law: CompiledWorkflow, deadline: Deadline, calendar: Calendar) -> Change | None:
    """Work out a running deadline by a newer calendar; None where nothing changes for anybody."""
    derivation = deadline.derivation
    if deadline.status != "running" or derivation.get("calendar") != calendar.name:
        return None
    if derivation["version"] >= calendar.version:
        return None
    try:
        due = _not_earlier(deadline, _reckoned(law, law.deadline(deadline.id), deadline, calendar))
    except (CalendarNotAnnouncedError, InputError):
        return None  # What people were told stays.
    if (due.due, due.until, due.provisional) == (deadline.due, deadline.until, deadline.provisional):
        return None
    return _told(deadline.id, "recomputed", due)


def _reckoned(
    law: CompiledWorkflow,
    declared: CompiledDeadline,
    deadline: Deadline,
    calendar: Calendar,
    *,
    pause: tuple[datetime | None, datetime] | None = None,
    longer: Allowance | None = None,
) -> Due:
    """Work a deadline out once more from what its derivation says, with one more pause or extension."""
    derivation = deadline.derivation
    pauses = [(moment(since), moment(until)) for since, until in derivation.get("pauses", ())]
    if pause is not None and pause[0] is not None and _counts((pause[0], pause[1]), declared, _zone(law, calendar)):
        pauses.append((pause[0], pause[1]))
    extensions = _extensions(deadline)
    due = reckon(
        moment(derivation["anchor"]),
        declared.within,
        calendar=calendar,
        zone=_zone(law, calendar),
        roll=declared.roll,
        plus=declared.plus if "plus" in derivation else None,
        pauses=pauses,
        extensions=extensions if longer is None else [*extensions, longer],
        warn=declared.warn,
        # Whoever stood still must be able to go on, whatever year it has become.
        strict=law.strict and pause is None,
    )
    kept = {name: derivation[name] for name in ("from", "anchored", "waits_until") if name in derivation}
    return replace(due, derivation={**due.derivation, **kept})


def _counts(pause: tuple[datetime, datetime], declared: CompiledDeadline, zone: str) -> bool:
    """Whether a pause leaves anything out: of days, one within a day does not, and the derivation does without it."""
    since, until = (one.astimezone(zone_of(zone)).date() for one in pause)
    return declared.within.unit == "hours" or since != until


def _extensions(deadline: Deadline) -> list[Allowance]:
    """Read by how much a deadline was extended so far."""
    return [allowance(text) for text in deadline.derivation.get("extensions", ())]


def _unrolled(due: Due) -> str:
    """Give the end before it is rolled, in a form that sorts: two due dates may roll to the same working day."""
    return instant(due.until) if isinstance(due.due, datetime) else str(due.derivation["end"])


def _with(step: Step, changes: tuple[Change, ...]) -> Step:
    """Give a step with what it does to deadlines; written out, since `replace` takes several times as long."""
    return Step(
        kind=step.kind,
        trigger=step.trigger,
        rule=step.rule,
        source=step.source,
        target=step.target,
        closed=step.closed,
        data=step.data,
        sets=step.sets,
        documents=step.documents,
        role=step.role,
        opens=step.opens,
        published=step.published,
        deadlines=changes,
    )


def _not_earlier(before: Deadline, due: Due) -> Due:
    """Keep the date that people were told where a new one would be earlier; warn once of the same date."""
    if due.until > before.until:
        return due
    if due.until == before.until:
        return replace(due, warnings=before.warnings)
    kept = {**due.derivation, "told": day_or_moment(before.due)}
    return replace(due, due=before.due, until=before.until, warnings=before.warnings, derivation=kept)


def _told(name: str, event: str, due: Due) -> Change:
    change: dict[str, Any] = {
        "deadline": name,
        "event": event,
        "due": day_or_moment(due.due),
        "until": instant(due.until),
        "derivation": due.derivation,
    }
    if due.provisional:
        change["provisional"] = True
    if due.warnings:
        change["warnings"] = [instant(warning) for warning in due.warnings]
    return change


def _by_time(case: Case, trigger: str, change: Mapping[str, Any]) -> Step:
    return Step(kind="deadline", trigger=trigger, rule=None, source=case.state, target=case.state, deadlines=(change,))


def _zone(law: CompiledWorkflow, calendar: Calendar) -> str:
    return law.definition.zone or calendar.zone


def _of(case: Case, name: str) -> Deadline | None:
    return next((deadline for deadline in case.deadlines if deadline.id == name), None)
