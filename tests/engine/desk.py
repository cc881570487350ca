"""An office of one test's own: an engine on SQLite with the procedures that the test writes down."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accountability import Actor, Case, Engine, Entry, ManualClock, Refused
from accountability.audit.entry import decode, encode

ANN = Actor("ann", {"clerk"})
BOB = Actor("bob", {"head"}, "north")
EVE = Actor("eve", {"clerk", "head"})


@dataclass(frozen=True)
class Desk:
    """An engine, its clock, and where its record lies.

    Attributes:
        engine, clock, database: The engine, what tells it the time, and its file.
        folder: Where its workflow files lie.
    """

    engine: Engine
    clock: ManualClock
    database: Path
    folder: Path

    def write(self, *texts: str) -> None:
        """Put workflow files into the folder, each named after its workflow."""
        for text in texts:
            name = text.partition("workflow: ")[2].split("\n")[0]
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def publish(self, *texts: str) -> None:
        """Write workflow files and register the whole folder."""
        self.write(*texts)
        self.engine.register(self.folder)

    def refused(self, case: str | Case, trigger: str, by: Actor = ANN, **parts: Any) -> Refused:
        """Try what the rules forbid, and give the refusal."""
        with pytest.raises(Refused) as refused:
            self.engine.fire(case if isinstance(case, str) else case.id, trigger, by=by, **parts)
        return refused.value

    def children(self, case: Case, link: str) -> list[str]:
        """Give the ids of the cases that a case opened under a link, oldest first."""
        return [child.id for child in self.engine.case(case.id).children if child.link == link]

    def last(self, case: str | Case) -> Entry:
        """Give the last entry of a case's chain."""
        return list(self.engine.history(case if isinstance(case, str) else case.id))[-1]

    def problems(self) -> dict[str, str]:
        """Verify, and give the verdict of each check that is not `ok`."""
        return {check.name: check.verdict for check in self.engine.verify().checks if check.verdict != "ok"}

    @contextmanager
    def owned(self) -> Iterator[sqlite3.Connection]:
        """Own the database for a while: nothing protects its tables any more."""
        with closing(sqlite3.connect(self.database)) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            connection.commit()

    def forge(self, case: Case, change: Callable[[Entry], Entry], columns: Mapping[str, Any] | None = None) -> None:
        """Rewrite the last entry of a case with right hashes, and its row to match."""
        with self.owned() as connection:
            row = connection.execute(
                "SELECT id, bytes, leaf FROM acc_entry WHERE case_id = ? ORDER BY seq DESC LIMIT 1", (case.id,)
            ).fetchone()
            text, leaf = encode(change(decode(row[1], row[2])))
            connection.execute("UPDATE acc_entry SET bytes = ?, leaf = ? WHERE id = ?", (text, leaf, row[0]))
            for name, value in {"head": leaf, **(columns or {})}.items():
                connection.execute(f"UPDATE acc_case SET {name} = ? WHERE id = ?", (value, case.id))


@contextmanager
def opened_desk(folder: Path, *texts: str, time: str = "2015-02-09T09:00+08:00") -> Iterator[Desk]:
    """Open an office with these procedures published."""
    files = folder / "workflows"
    files.mkdir()
    clock = ManualClock(time)
    with Engine(folder / "record.db", clock=clock) as engine:
        engine.migrate()
        desk = Desk(engine, clock, folder / "record.db", files)
        if texts:
            desk.publish(*texts)
        yield desk
