"""What scenarios have shown of a workflow, counted from the entries they left.

Four things are counted: states entered; rules by which something was done, the start among them; for each rule the
roles that did it; and for each deadline that it was armed, met and over, and extended and paused where its rule says
how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from accountability.audit.entry import Entry
from accountability.definition.loader import Loaded
from accountability.definition.model import Act, Workflow
from accountability.definition.states import leaves

Thing = tuple[str, str, str]
"""What can be covered: its kind, and what tells it from others of that kind."""

KINDS = ("states", "rules", "roles", "deadlines")
"""What is counted, in the order in which it is shown."""

_EVENTS = {"armed": "armed", "met": "met", "breached": "over", "lapsed": "over", "extended": "extended"}
_EVENTS |= {"paused": "paused"}
"""What an entry says of a deadline -> what that shows."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that no scenario has shown.

    Attributes:
        file, line: Where it stands in the workflow.
        what: What was never done, in a few words.
    """

    file: str
    line: int
    what: str

    def as_json(self) -> dict[str, Any]:
        """Give it in the shape that the command line prints."""
        return {"file": self.file, "line": self.line, "what": self.what}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a workflow was shown.

    Attributes:
        workflow, version, file: Which workflow.
        counts: Kind -> how much of it was covered, and how much there is.
        missing: What was not, in the order of the file; what follows from it is left out.
    """

    workflow: str
    version: int
    file: str
    counts: dict[str, tuple[int, int]]
    missing: tuple[Missing, ...]

    @property
    def percent(self) -> int:
        """How much of everything was covered, in whole per cent, rounded down: 100 means all."""
        covered, total = (sum(count[index] for count in self.counts.values()) for index in (0, 1))
        return 100 * covered // total if total else 100

    def as_json(self) -> dict[str, Any]:
        """Give it in the shape that the command line prints."""
        return {
            "workflow": self.workflow,
            "version": self.version,
            "file": self.file,
            "percent": self.percent,
            **{kind: {"covered": covered, "total": total} for kind, (covered, total) in self.counts.items()},
            "missing": [one.as_json() for one in self.missing],
        }


@dataclass(slots=True)
class Covering:
    """Collect what entries show."""

    _seen: dict[str, set[Thing]] = field(default_factory=dict)

    @property
    def workflows(self) -> frozenset[str]:
        """The digests of the workflows of which something was shown."""
        return frozenset(self._seen)

    def add(self, entries: Iterable[Entry]) -> None:
        """Count what some entries show."""
        for entry in entries:
            if entry.kind not in ("refusal", "definition"):
                self._seen.setdefault(entry.definition, set()).update(_shown(entry))

    def of(self, loaded: Loaded) -> Coverage:
        """Say how much of a workflow was shown; the workflow is one that could be loaded.

        What it takes over from a file that it extends is shown beside that file, and does not count here.
        """
        workflow = loaded.workflow
        if workflow is None:
            raise ValueError(f"{loaded.document.file} could not be loaded")
        things = {thing: path for thing, path in _things(workflow) if path[0] not in loaded.document.inherited}
        seen = self._seen.get(workflow.digest, set())
        counts = {}
        for kind in KINDS:
            of_kind = [thing for thing in things if thing[0] == kind]
            counts[kind] = (sum(thing in seen for thing in of_kind), len(of_kind))
        missing = [
            _missing(loaded, path, thing)
            for thing, path in things.items()
            if thing not in seen and not _goes_without_saying(thing, seen)
        ]
        ordered = tuple(sorted(missing, key=lambda one: one.line))
        return Coverage(workflow.workflow, workflow.version, loaded.document.file, counts, ordered)


def _shown(entry: Entry) -> Iterator[Thing]:
    """Say what one entry shows."""
    if entry.kind == "transition":
        yield "states", entry.target or "", ""
    if entry.kind != "erasure" and (entry.rule is not None or entry.source is None):
        rule = _rule_name(entry.trigger, entry.rule)
        if entry.kind != "signature":
            yield "rules", rule, ""
        yield from (("roles", rule, role) for role in ((entry.role,) if entry.role else entry.actor.roles))
    for change in entry.deadlines:
        if change["event"] in _EVENTS:
            yield "deadlines", change["deadline"], _EVENTS[change["event"]]


def _things(workflow: Workflow) -> Iterator[tuple[Thing, tuple[str | int, ...]]]:
    """List everything that can be shown, each with its place."""
    for leaf in leaves(workflow):
        path: tuple[str, ...] = ()
        for part in leaf.split("."):
            path = (*path, "states", part)
        yield ("states", leaf, ""), path
    yield from _acts(workflow.start, _rule_name(workflow.start.trigger, None), ("start",))
    for trigger, rules in workflow.transitions.items():
        for index, rule in enumerate(rules):
            yield from _acts(rule, _rule_name(trigger, index), ("transitions", trigger, index))
    for name, deadline in workflow.deadlines.items():
        possible = ["armed", "met", "over"]
        if deadline.window and not deadline.ends:
            possible.remove("met")  # Nothing is bound to be done in this time, so nothing but its end may come.
        if deadline.extend is not None:
            possible.append("extended")
        if deadline.paused_in:
            possible.append("paused")
        for event in possible:
            yield ("deadlines", name, event), ("deadlines", name)


def _acts(act: Act, rule: str, path: tuple[str | int, ...]) -> Iterator[tuple[Thing, tuple[str | int, ...]]]:
    yield ("rules", rule, ""), path
    yield from ((("roles", rule, role), path) for role in act.by)


def _goes_without_saying(thing: Thing, seen: set[Thing]) -> bool:
    """Whether something could not be shown, because more than it was not: nobody does what is never done."""
    kind, name, detail = thing
    if kind == "roles":
        return ("rules", name, "") not in seen
    return kind == "deadlines" and detail != "armed" and (kind, name, "armed") not in seen


def _rule_name(trigger: str, index: int | None) -> str:
    """Name a rule: the first of a trigger by the trigger alone, the others with their number."""
    return trigger if not index else f"{trigger} ({index + 1})"


def _missing(loaded: Loaded, path: tuple[str | int, ...], thing: Thing) -> Missing:
    kind, name, detail = thing
    if kind == "states":
        what = f"state {name} was never entered"
    elif kind == "rules":
        what = f"{name} was never done"
    elif kind == "roles":
        what = f"{name} was never done by {detail}"
    else:
        what = f"deadline {name} was never {detail}"
    document = loaded.document
    return Missing(document.file, document.span(path, key=True).line, what)
