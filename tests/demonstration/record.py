"""What tests of the county's record share: cells that are changed, and rules read from the files by themselves."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import yaml

from accountability import Engine
from accountability.audit.entry import Entry
from accountability.audit.verdict import Verdict
from accountability.definition.shipped import folder

ACTS = ("transition", "act", "signature")


def changes(record: list[Entry], event: str) -> Iterator[tuple[Entry, Mapping[str, Any]]]:
    """Give each change of a deadline of one kind with its entry."""
    return ((entry, change) for entry in record for change in entry.deadlines if change["event"] == event)


def separations() -> dict[tuple[str, str, int], frozenset[str]]:
    """Read from the workflow files what must be done by others: workflow, trigger, number of the rule -> triggers."""
    found = {}
    for path in folder().glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for trigger, rules in content["transitions"].items():
            for number, rule in enumerate(rules if isinstance(rules, list) else [rules]):
                others = rule.get("not_by", [])
                found[content["workflow"], trigger, number] = frozenset([others] if isinstance(others, str) else others)
    return found


def same_person_twice(record: list[Entry]) -> Iterator[str]:
    """Tell of every act whose actor had done before what another person must have done; the engine is not asked."""
    apart = separations()
    did: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    parents: dict[str, str] = {}
    for entry in record:
        if entry.kind not in ACTS:
            continue
        if entry.parent is not None:
            parents[entry.case] = entry.parent["case"]
        for trigger in apart.get((entry.workflow, entry.trigger, entry.rule or 0), ()):
            for case in (entry.case, parents.get(entry.case, "")):
                if case and entry.actor.id in did[case][trigger]:
                    yield f"{entry.workflow} {entry.case} {entry.seq}: {entry.actor.id} did {trigger}, {entry.trigger}"
        did[entry.case][entry.trigger].add(entry.actor.id)


def people(record: list[Entry], workflow: str, trigger: str) -> dict[str, set[str]]:
    """Give who did something, case by case."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in record:
        if (entry.workflow, entry.trigger) == (workflow, trigger) and entry.kind in ACTS:
            found[entry.case].add(entry.actor.id)
    return found


def unprotected(original: Path, copy: Path) -> Path:
    """Copy a record, and take away what protects its tables."""
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as database:
        source.backup(database)
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.commit()
    return copy


def other(value: Any, chance: Random) -> Any:
    """Think of another value for a cell."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return 1 - value if value in (0, 1) else value + 10**6
    place = chance.randrange(len(value))
    return f"{value[:place]}{'0' if value[place] != '0' else '1'}{value[place + 1 :]}"


def verified(copy: Path) -> tuple[Verdict, set[str | None]]:
    """Verify a copy in an engine of its own; give the verdict and the cases that it names."""
    with Engine(copy) as engine:
        verdict = engine.verify()
    return verdict, {problem.case for check in verdict.checks for problem in check.problems}
