"""Run scenarios: each on an engine of its own, by a clock that moves only where the scenario says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accountability.audit.entry import Actor, Entry
from accountability.errors import AccountabilityError, Reason, Refused
from accountability.testing.examination import ROOT
from accountability.testing.expectation import mismatches
from accountability.testing.failure import Failure, clock_time, told
from accountability.testing.rehearsal import Rehearsal
from accountability.testing.scenario import About, Act, Expect, Scenario, ScenarioFile, Step, Wait

WAKES_MAX = 10_000
"""How often time may wake cases while one step waits."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario ended.

    Attributes:
        scenario: The scenario.
        failure: Why it failed; None where it passed.
        entries: What it left in the record, refusals included.
    """

    scenario: Scenario
    failure: Failure | None
    entries: tuple[Entry, ...]


def run(scenario: Scenario, file: ScenarioFile, engine: Rehearsal) -> Outcome:
    """Run a scenario, then verify the record it left.

    Args:
        scenario: The scenario.
        file: The file it stands in.
        engine: What it is run on; what was done on it before is forgotten.
    """
    engine.begin(scenario.at)
    walk = _Walk(engine, file, scenario)
    failure = walk.failure() or walk.unverified()
    return Outcome(scenario, failure, tuple(engine.history(refusals=True)))


class _Unexpected(Exception):  # noqa: N818 -- what came is no error of the program
    """A step did not come out as expected."""

    def __init__(self, expected: tuple[str, ...], actual: tuple[str, ...]) -> None:
        super().__init__()
        self.expected = expected
        self.actual = actual


class _Walk:
    """One scenario under way."""

    def __init__(self, engine: Rehearsal, file: ScenarioFile, scenario: Scenario) -> None:
        self._engine = engine
        self._clock = engine.clock
        self._file = file
        self._scenario = scenario
        self._start_trigger = engine.workflow(file.workflow).start.trigger
        self._root = ""
        self._about = ""
        self._named: dict[str, str] = {}

    def failure(self) -> Failure | None:
        """Take every step; stop at the first that does not come out as expected."""
        for taken in self._scenario.steps:
            try:
                self._take(taken.step)
            except _Unexpected as unexpected:
                return Failure(self._scenario, taken, unexpected.expected, unexpected.actual, self._history())
            except AccountabilityError as error:
                actual = (str(error), *((f"help: {error.cure}",) if error.cure else ()))
                return Failure(self._scenario, taken, ("the step can be taken",), actual, self._history())
        return None

    def unverified(self) -> Failure | None:
        """Verify the record; it would be a mistake of the engine if that failed."""
        verdict = self._engine.verify()
        if verdict.ok:
            return None
        problems = [f"{check.name}: {problem.message}" for check in verdict.checks for problem in check.problems]
        return Failure(self._scenario, None, ("the record verifies",), tuple(problems), self._history())

    def _take(self, step: Step) -> None:
        match step:
            case Act():
                self._act(step)
            case Expect():
                self._expect(step)
            case Wait():
                self._wait(step)
            case About():
                self._about = self._find(step.case)

    def _act(self, act: Act) -> None:
        if act.after is not None:
            self._pass(self._engine.later(self._clock.now(), act.after, self._file.workflow))
        elif act.at is not None:
            self._pass(act.at)
        for name in act.by:
            actor = self._file.actors[name]
            if act.roles is not None:
                actor = Actor(actor.id, act.roles, actor.unit)
            if act.because:
                self._try(act, actor)
            else:
                self._do(act, actor)

    def _do(self, act: Act, actor: Actor) -> None:
        """Do something that must be possible."""
        try:
            self._fire(act, actor)
        except Refused as refused:
            raise _Unexpected(("it is done",), (f"{actor.id} is refused", *_written(refused.reasons))) from None

    def _try(self, act: Act, actor: Actor) -> None:
        """Try something that must be refused, for the reasons named."""
        expected: tuple[str, ...] = (f"{actor.id} is refused, because: {', '.join(act.because)}",)
        if act.says is not None:
            expected = (*expected, f"a reason says: {act.says}")
        try:
            self._fire(act, actor)
        except Refused as refused:
            codes = {reason.code for reason in refused.reasons}
            said = act.says is None or any(act.says in words for words in _words(refused.reasons))
            if not codes.issuperset(act.because) or not said:
                raise _Unexpected(expected, (f"{actor.id} is refused", *_written(refused.reasons))) from None
        else:
            raise _Unexpected(expected, ("nothing is refused, it is done",))

    def _fire(self, act: Act, actor: Actor) -> None:
        opens = act.trigger == "start" or (not self._root and act.trigger == self._start_trigger)
        if not opens:
            self._engine.fire(
                self._find(act.case),
                act.trigger,
                by=actor,
                data=act.data,
                documents=act.documents,
                reason=act.reason,
                occurred=act.occurred,
            )
            return
        case = self._engine.start(
            act.workflow or self._file.workflow,
            by=actor,
            data=act.data,
            documents=act.documents,
            reason=act.reason,
            occurred=act.occurred,
        )
        if act.name is not None:
            self._named[act.name] = case.id
        if not self._root:
            self._root = self._about = case.id

    def _expect(self, expect: Expect) -> None:
        case_id = self._find(expect.case)
        case = self._engine.case(case_id)
        law = self._engine.workflow(case.workflow, case.version)
        # Who may read every field sees the case whole.
        case = self._engine.case(case_id, by=Actor("scenario", law.roles))
        found = tuple(mismatches(expect, case, law, self._scenario.at.tzinfo))
        if found:
            raise _Unexpected(tuple(one.expected for one in found), tuple(one.actual for one in found))

    def _wait(self, wait: Wait) -> None:
        if wait.period is not None:
            self._pass(self._engine.later(self._clock.now(), wait.period, self._file.workflow))
        elif isinstance(wait.until, datetime):
            self._pass(wait.until)
        elif wait.until is not None:
            self._pass(self._engine.beginning(wait.until, self._file.workflow))

    def _pass(self, until: datetime) -> None:
        """Let time pass, stopping wherever it does something, as it would where somebody ticks all the time."""
        now, zone = self._clock.now(), self._scenario.at.tzinfo
        if until < now:
            actual = f"it is {clock_time(now, zone)} already"
            raise _Unexpected((f"it becomes {clock_time(until, zone)}",), (actual,))
        for _ in range(WAKES_MAX):
            wake = self._engine.next_wake()
            if wake is None or wake > until:
                break
            self._clock.set(max(wake, self._clock.now()))
            if not self._engine.tick().deadlines:
                raise _Unexpected(("time goes on",), ("a case that is due cannot be brought up to date",))
        else:
            raise _Unexpected((f"at most {WAKES_MAX:,} things due while it waits",), ("there are more",))
        self._clock.set(until)
        self._engine.tick()

    def _find(self, path: str | None) -> str:
        """Find the case that a path leads to; see `examination` for its form."""
        if path is None:
            return self._about
        segments = [part for part in path.split("/") if part]
        found = self._root if path.startswith(ROOT) else self._about
        if segments and not path.startswith(ROOT) and segments[0] in self._named:
            found = self._named[segments.pop(0)]
        for segment in segments:
            link, _, number = segment.partition(".")
            children = [child.id for child in self._engine.case(found).children if child.link == link]
            if (not number and len(children) != 1) or int(number or 1) > len(children):
                raise _no_single_case(path, link, number, len(children))
            found = children[int(number or 1) - 1]
        return found

    def _history(self) -> tuple[str, ...]:
        names = {case_id: name for name, case_id in self._named.items()}
        return told(self._engine.history(refusals=True), names, self._scenario.at.tzinfo)


def _no_single_case(path: str, link: str, number: str, there: int) -> _Unexpected:
    """Say that a path does not lead to one case."""
    hint = f"; say which, such as `{link}.1`" if there and not number else ""
    are = f"are {there} cases" if there > 1 else "is 1 case" if there else "is no case"
    return _Unexpected((f"`{path}` is one case",), (f"there {are} under `{link}`{hint}",))


def _written(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(f"  {reason.code}: {reason.message}" for reason in reasons)


def _words(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """Give what reasons say, in every language in which the workflow says it."""
    found = [reason.message for reason in reasons]
    for reason in reasons:
        said = reason.detail.get("else")
        found += said.values() if isinstance(said, dict) else [said] if isinstance(said, str) else []
    return tuple(found)
