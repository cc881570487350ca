"""What a scenario means, checked before it runs: every name, every value, and that its time never runs backwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accountability.analysis.structure import openings
from accountability.audit.entry import Actor
from accountability.definition.document import Document
from accountability.definition.fields import FieldError, accept
from accountability.definition.finding import Finding
from accountability.definition.model import SYSTEM, Workflow
from accountability.definition.model import Act as Rule
from accountability.definition.nearest import did_you_mean, listed, nearest
from accountability.definition.states import states
from accountability.testing.scenario import About, Act, Expect, Origin, Scenario, Step, Taken, Wait
from accountability.testing.scenario_schema import KINDS

ROOT = "/"
"""The path of the case that a scenario opened first."""

STANDING = ("recuse", "note", "correct")
"""Acts that every workflow has, with data of their own."""

SEGMENT = re.compile(r"([a-z][a-z0-9_]*)(?:\.([1-9][0-9]{0,4}))?")
"""One part of a case's path: a link, and which of its cases."""

Possible = tuple[Workflow, ...]
"""The workflows that a case may follow; mostly one."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_CLOCKS_DIFFER = timedelta(hours=16)
"""How far the beginning of a day may lie from that of the same day in UTC."""


@dataclass(slots=True)
class _Stand:
    """What is known at one point of a scenario.

    Attributes:
        root: The laws of the case that was opened first; empty before that.
        named: The laws of the cases that were opened under a name.
        about: The laws of the case that steps are about.
        now: The earliest that it can be.
    """

    root: Possible = ()
    named: dict[str, Possible] = field(default_factory=dict)
    about: Possible = ()
    now: datetime = _LONG_AGO


class Examination:
    """Check the scenarios of one file; what is wrong is added to the findings."""

    def __init__(
        self,
        workflow: Workflow,
        workflows: Mapping[str, Workflow],
        actors: Mapping[str, Actor],
        findings: list[Finding],
    ) -> None:
        """Check against these.

        Args:
            workflow: The workflow of the file.
            workflows: Every workflow that can be acted on, by name.
            actors: Who acts, by name.
            findings: Where findings are added.
        """
        self._workflow = workflow
        self._workflows = {**workflows, workflow.workflow: workflow}
        self._actors = actors
        self._findings = findings
        self._stand = _Stand()

    def roles(self, document: Document) -> None:
        """Find roles of actors that no workflow has."""
        known = list(dict.fromkeys(role for law in self._laws_first() for role in law.roles))
        for name, given in document.data.get("actors", {}).items():
            roles = given.get("roles", ())
            for index, role in enumerate([roles] if isinstance(roles, str) else roles):
                if role not in known:
                    message = f"no workflow here has the role `{role}`"
                    path = ("actors", name, "roles", index)
                    self._findings.append(document.finding("ACC624", message, path, help=did_you_mean(role, known)))

    def scenario(self, scenario: Scenario) -> None:
        """Check a scenario from its first step to its last."""
        self._stand = _Stand(now=scenario.at)
        self._walk(scenario.steps)

    def prelude(self, steps: tuple[Taken, ...]) -> None:
        """Check a prelude that no scenario uses, as far as that can be said without knowing which case it is about."""
        laws = self._laws_first()
        known = tuple(dict.fromkeys(name for law in laws for name in (*_triggers(law), law.start.trigger, "start")))
        for taken in steps:
            if isinstance(taken.step, Act):
                self._people(taken.step)
                if taken.step.trigger not in known:
                    self._unknown_trigger(taken.step, (self._workflow,), known)

    def _walk(self, steps: tuple[Taken, ...]) -> None:
        for taken in steps:
            self._step(taken.step)

    def _step(self, step: Step) -> None:
        match step:
            case Act():
                self._act(step)
            case Expect():
                self._expect(step)
            case Wait():
                if step.until is not None:
                    self._pass(step.origin, *_around(step.until))
            case About():
                if laws := self._at(step.origin, step.case):
                    self._stand.about = laws

    def _act(self, act: Act) -> None:
        if act.at is not None:
            self._pass(act.origin, act.at, act.at, "at")
        self._people(act)
        if act.trigger == "start" or (not self._stand.root and act.trigger == self._workflow.start.trigger):
            self._start(act)
        elif laws := self._at(act.origin, act.case):
            triggers = tuple(dict.fromkeys(trigger for law in laws for trigger in _triggers(law)))
            if act.trigger not in triggers:
                self._unknown_trigger(act, laws, triggers)
            elif "data" not in act.because:
                self._data(act, laws, [rule for law in laws for rule in _rules(law, act.trigger)])

    def _people(self, act: Act) -> None:
        for index, name in enumerate(act.by):
            actor = self._actors.get(name)
            if actor is None:
                message = f"there is no actor `{name}`"
                cure = "the engine acts by itself; wait, or expect what it did" if name == SYSTEM else ""
                cure = cure or did_you_mean(name, self._actors, "" if self._actors else "declare them under `actors`")
                self._find("ACC623", message, act.origin, ("by", index), cure)
            elif act.roles is not None and (others := sorted(act.roles - actor.roles)):
                message = f"{name} has no role `{others[0]}`"
                self._find("ACC624", message, act.origin, ("roles",), did_you_mean(others[0], sorted(actor.roles)))

    def _start(self, act: Act) -> None:
        """Check the opening of a case, and note it."""
        law = self._workflow if act.workflow is None else self._workflows.get(act.workflow)
        if law is None:
            message = f"there is no workflow `{act.workflow}`"
            cure = did_you_mean(str(act.workflow), self._workflows)
            self._find("ACC620", message, act.origin, ("workflow",), cure)
            return
        if "data" not in act.because:
            self._data(act, (law,), [law.start])
        if act.because:
            return
        if act.name is not None:
            if act.name in self._stand.named or act.name in _links((*self._stand.root, law)):
                message = f"a case or a link is called `{act.name}` already"
                self._find("ACC634", message, act.origin, ("as",), "choose another name")
            self._stand.named[act.name] = (law,)
        if not self._stand.root:
            self._stand.root = self._stand.about = (law,)
        elif act.name is None:
            message = "a second case has no name, so no step can be about it"
            self._find("ACC633", message, act.origin, (), "add `as: NAME`; then say `case: NAME`", key=True)

    def _data(self, act: Act, laws: Possible, rules: list[Rule]) -> None:
        """Find fields that no rule of the trigger asks for, and values that fit none."""
        if act.trigger in STANDING or not rules:
            return
        asked = list(dict.fromkeys(name for rule in rules for name in (*rule.needs, *rule.accepts)))
        for name, value in act.data.items():
            if name not in asked:
                message = f"`{act.trigger}` takes no field `{name}`"
                cure = did_you_mean(name, asked, f"it takes {listed(asked)}" if asked else "it takes no data")
                self._find("ACC629", message, act.origin, ("data", name), cure, key=True)
            else:
                self._value(act.origin, name, value, laws)

    def _value(self, origin: Origin, name: str, value: Any, laws: Possible) -> None:
        """Find a value that its field would never hold."""
        refused: list[FieldError] = []
        for law in laws:
            if name in law.data:
                try:
                    accept(law.data[name], value, name)
                    return
                except FieldError as error:
                    refused.append(error)
        if refused:
            cure = refused[0].cure or "give another value"
            self._find("ACC630", refused[0].message, origin, ("data", name), cure)

    def _expect(self, expect: Expect) -> None:
        laws = self._at(expect.origin, expect.case)
        if not laws:
            return
        origin, names = expect.origin, " or ".join(f"`{law.workflow}`" for law in laws)
        if expect.state is not None:
            known = [state for law in laws for state in states(law)]
            self._known("ACC628", expect.state, known, f"{names} has no state", origin, ("state",))
        for name, value in expect.data.items():
            known = [field for law in laws for field in law.data]
            found = self._known("ACC629", name, known, f"{names} has no field", origin, ("data", name), key=True)
            if found and value is not None:
                self._value(origin, name, value, laws)
        deadlines = [deadline for law in laws for deadline in law.deadlines]
        for name in expect.due:
            self._known("ACC627", name, deadlines, f"{names} has no deadline", origin, ("due", name), key=True)
        for status, listed_there in expect.deadlines.items():
            for index, name in enumerate(listed_there):
                self._known("ACC627", name, deadlines, f"{names} has no deadline", origin, (status, index))
        for link in expect.children:
            known = list(_links(laws))
            self._known("ACC631", link, known, f"{names} has no link", origin, ("children", link), key=True)

    def _known(
        self,
        code: str,
        name: str,
        known: Iterable[str],
        message: str,
        origin: Origin,
        path: tuple[str | int, ...],
        *,
        key: bool = False,
    ) -> bool:
        """Say whether a name is known; find that it is not."""
        words = list(known)
        if name in words:
            return True
        self._find(code, f"{message} `{name}`", origin, path, did_you_mean(name, words), key=key)
        return False

    def _at(self, origin: Origin, path: str | None) -> Possible:
        """Give the laws of the case that a step is about; none where that cannot be said, which is found."""
        stand = self._stand
        if not stand.root:
            message = "no case is open yet"
            self._find("ACC633", message, origin, (), "begin with `start`, or with a prelude that has it", key=True)
            return ()
        if path is None:
            return stand.about
        segments = [part for part in path.removeprefix(ROOT).split("/") if part] if path != ROOT else []
        laws = stand.root if path.startswith(ROOT) else stand.about
        if segments and not path.startswith(ROOT) and segments[0] in stand.named:
            laws, segments = stand.named[segments[0]], segments[1:]
        place = () if origin.word == "case" else ("case",)
        for segment in segments:
            match = SEGMENT.fullmatch(segment)
            links = _links(laws)
            if match is None or match[1] not in links:
                name = segment if match is None else match[1]
                owner = " or ".join(f"`{law.workflow}`" for law in laws)
                cure = did_you_mean(name, [*links, *stand.named], "" if links else f"{owner} opens no cases")
                self._find("ACC631", f"{owner} has no link `{name}`", origin, place, cure)
                return ()
            laws = tuple(self._workflows[name] for name in links[match[1]] if name in self._workflows)
        return laws

    def _unknown_trigger(self, act: Act, laws: Possible, triggers: tuple[str, ...]) -> None:
        named = act.origin.word in ("fire", "refused")
        owner = " or ".join(f"`{law.workflow}`" for law in laws)
        elsewhere = [law.workflow for law in self._laws_first() if act.trigger in _triggers(law)]
        words = [*triggers, *(() if named else KINDS)]
        if nearest(act.trigger, words) is None and elsewhere:
            cure = f"`{elsewhere[0]}` has it: say which case is meant, such as `case: LINK`"
        else:
            cure = did_you_mean(act.trigger, words, f"triggers of {owner}: {listed(triggers)}")
        path = ("trigger",) if named else ()
        self._find("ACC622", f"{owner} has no trigger `{act.trigger}`", act.origin, path, cure, key=not named)

    def _pass(self, origin: Origin, earliest: datetime, latest: datetime, *path: str) -> None:
        """Note that it is later; find a time that has passed already, in whatever zone."""
        if latest < self._stand.now:
            message = f"time would run backwards: it is {self._stand.now.isoformat(timespec='minutes')} already"
            self._find("ACC626", message, origin, path, "give a later time")
        self._stand.now = max(earliest, self._stand.now)

    def _laws_first(self) -> tuple[Workflow, ...]:
        """Give every workflow, the file's first."""
        return tuple({self._workflow.workflow: self._workflow, **self._workflows}.values())

    def _find(
        self,
        code: str,
        message: str,
        origin: Origin,
        path: tuple[str | int, ...],
        cure: str,
        *,
        key: bool = False,
    ) -> None:
        place = origin.inside(*path)
        self._findings.append(origin.document.finding(code, message, place, help=cure, key=key))


def _triggers(law: Workflow) -> tuple[str, ...]:
    """List what can be tried on a case of a workflow that is open."""
    extensions = (rule.extend.trigger for rule in law.deadlines.values() if rule.extend is not None)
    return (*law.transitions, *extensions, *STANDING)


def _rules(law: Workflow, trigger: str) -> tuple[Rule, ...]:
    return law.transitions.get(trigger, ())


def _links(laws: Possible) -> dict[str, dict[str, None]]:
    """Arrange the workflows that links lead to: link -> their names."""
    found: dict[str, dict[str, None]] = {}
    for law in laws:
        for opens in openings(law):
            found.setdefault(opens.as_, {})[opens.workflow] = None
    return found


def _around(until: date | datetime) -> tuple[datetime, datetime]:
    """Give a moment twice, or the earliest and the latest at which a day begins in any zone."""
    if isinstance(until, datetime):
        return until, until
    beginning = datetime(until.year, until.month, until.day, tzinfo=UTC)
    return beginning - _CLOCKS_DIFFER, beginning + _CLOCKS_DIFFER
