"""A small law and a record of it, written without a database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from accountability.audit.entry import Actor, Entry
from accountability.definition.loader import load
from accountability.definition.model import Workflow

LAW = """\
workflow: petition
version: 1
roles: {officer: Officer, leader: Leader}
data:
  source: {type: string}
  amount: {type: decimal}
  due: {type: date}
  tags: {type: list, items: {type: string}}
  level: {type: integer, default: 0}
  reporter: {type: string, personal: true}
  lead: {type: string, readers: leader}
start: {trigger: submit, by: officer, needs: [source], accepts: [amount, tags, reporter, lead, due]}
initial: received
states: {received: , held: , closed: {final: true}}
transitions:
  hold: {from: received, to: held, by: officer}
  weigh: {from: [received, held], by: leader, needs: level, accepts: [amount, source]}
  close:
    - {title: Closed by the leader, from: received, to: closed, by: leader}
    - {title: Put away while on hold, from: held, to: closed, by: leader}
"""


def law() -> Workflow:
    """Give the workflow of the record."""
    loaded = load(LAW, "petition.yaml")
    assert loaded.workflow is not None, loaded.findings
    return loaded.workflow


WORKFLOWS = {"petition": law()}

TARGETS = {"submit": "received", "hold": "held", "close": "closed"}


def on(day: str, hour: int = 12) -> datetime:
    """Give a moment, UTC."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


class Record:
    """Entries as an engine would write them; only what figures look at is filled in."""

    def __init__(self) -> None:
        """Begin with none."""
        self.entries: list[Entry] = []
        self._seq: dict[str, int] = {}
        self._state: dict[str, str] = {}

    def act(
        self, case: str, trigger: str, at: datetime, data: dict[str, Any] | None = None, *, kind: str = "", **parts: Any
    ) -> Entry:
        """Write an act."""
        source = self._state.get(case)
        kind = kind or ("transition" if trigger in TARGETS else "act")
        target = TARGETS.get(trigger, source) if kind == "transition" else source
        if kind != "refusal":
            self._seq[case] = self._seq.get(case, 0) + 1
            self._state[case] = target or ""
        given: dict[str, Any] = {"actor": Actor("zhang", {"officer"}), "data": data or {}, **parts}
        entry = Entry(
            case=case,
            seq=self._seq.get(case, 0),
            workflow="petition",
            version=1,
            definition="d",
            kind=kind,
            trigger=trigger,
            source=source,
            target=target,
            at=at,
            leaf=f"{case}-{len(self.entries)}",
            **given,
        )
        self.entries.append(entry)
        return entry

    def correct(self, case: str, seq: int, right: dict[str, Any], at: datetime) -> Entry:
        """Write a correction of an earlier entry."""
        return self.act(case, "correct", at, {"seq": seq}, kind="correction", sets=right, reason="a slip")


def daily(moments: Iterable[datetime]) -> Record:
    """Write one petition for each moment."""
    record = Record()
    for number, at in enumerate(moments):
        record.act(f"c{number}", "submit", at, {"source": "petition"})
    return record


LATER = on("2030-01-01") + timedelta(days=1)
