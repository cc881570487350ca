"""Acts under a fault, and what the record must hold of them afterwards.

Every act carries a mark of its own. An act that was acknowledged is in the record exactly once; one that failed is not
there, unless the error said that nobody knows.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from accountability import Actor, DatabaseError, Engine, Refused

CLERK = Actor("zhang", {"clerk"})

BOOK = """\
workflow: book
version: 1
title: Book
roles: {clerk: Clerk}
data: {mark: {type: string, max_length: 100}, pages: {type: list, items: {type: string}}}
start: {by: clerk, needs: mark}
states: {open: , closed: {final: true}}
initial: open
transitions:
  write: {from: open, by: clerk, needs: mark}
  insert:
    from: open
    by: clerk
    needs: [mark, pages]
    opens: {workflow: page, as: pages, each: 'data.pages', with: {mark: item}}
  close: {from: open, to: closed, by: clerk}
"""
PAGE = """\
workflow: page
version: 1
title: Page
roles: {clerk: Clerk}
data: {mark: {type: string, max_length: 100}}
start: {by: clerk, needs: mark}
states: {open: , closed: {final: true}}
initial: open
transitions:
  close: {from: open, to: closed, by: clerk}
"""

VERBS = ("write", "write with a key", "insert", "start with a key")


def publish(engine: Engine, folder: Path) -> None:
    """Make the tables and publish the two procedures."""
    for name, text in (("book", BOOK), ("page", PAGE)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    engine.migrate()
    engine.register(folder / "book.yaml", folder / "page.yaml")


@dataclass
class Ledger:
    """What callers were told about their acts, by mark.

    Attributes:
        done: Acknowledged.
        failed: Failed for certain, or refused because somebody was faster.
        unknown: Failed, and nobody knows.
        errors: What was raised.
    """

    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    errors: list[DatabaseError] = field(default_factory=list)

    def act(self, engine: Engine, case: str, verb: str, mark: str) -> bool:
        """Act once and note what came of it.

        Returns:
            Whether it was acknowledged.
        """
        try:
            perform(engine, case, verb, mark)
        except Refused as refused:
            if refused.reasons[0].code != "conflict":
                raise
            self.failed.append(mark)
        except DatabaseError as error:
            self.note(error)
            (self.unknown if error.outcome_unknown else self.failed).append(mark)
        else:
            self.done.append(mark)
            return True
        return False

    def note(self, error: DatabaseError) -> None:
        """Keep an error, which says in one line what is wrong and what to do next."""
        assert error.cure, f"no cure: {error}"
        assert "\n" not in str(error)
        self.errors.append(error)

    def check(self, engine: Engine) -> None:
        """Hold the record against what was told."""
        found = Counter(marks(engine))
        assert [mark for mark, count in found.items() if count > 1] == []
        assert [mark for mark in self.done if not found[mark]] == []
        assert [mark for mark in self.failed if found[mark]] == []
        assert found.keys() <= {*self.done, *self.unknown}
        verdict = engine.verify()
        assert verdict.ok, verdict


def perform(engine: Engine, case: str, verb: str, mark: str) -> None:
    """Act once, in one of the ways in which a call reaches the database."""
    if verb == "write":
        engine.fire(case, "write", by=CLERK, data={"mark": mark})
    elif verb == "write with a key":
        engine.fire(case, "write", by=CLERK, data={"mark": mark}, key=mark)
    elif verb == "insert":
        engine.fire(case, "insert", by=CLERK, data={"mark": mark, "pages": [f"{mark}/1", f"{mark}/2"]})
    else:
        engine.start("book", by=CLERK, data={"mark": mark}, key=mark)


def marks(engine: Engine) -> list[str]:
    """Give the marks of all acts in the record. An act that opened pages has both of them, or it is no whole act."""
    found, pages = [], []
    for entry in engine.history():
        if mark := entry.data.get("mark"):
            (pages if entry.workflow == "page" else found).append(mark)
        if entry.trigger == "insert":
            pages += [f"-{page}" for page in entry.data["pages"]]
    assert sorted(page for page in pages if page[0] != "-") == sorted(page[1:] for page in pages if page[0] == "-")
    return found


@dataclass
class Writers:
    """Threads that act again and again on an engine, each on a case of its own and now and then on a shared one."""

    engine: Engine
    count: int
    acts_max: int = 1_000_000
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        """Open the cases."""
        names = [f"writer {number}" for number in range(self.count)]
        self._cases = {name: self.engine.start("book", by=CLERK, data={"mark": name}).id for name in names}
        self._shared = self.engine.start("book", by=CLERK, data={"mark": "shared"}).id
        self.ledger.done += [*names, "shared"]
        self._stop = threading.Event()
        self._failures: list[BaseException] = []
        self._threads = [threading.Thread(target=self._act, args=(name,)) for name in names]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def wait(self, acts: int, seconds: float = 60) -> None:
        """Wait until so many more acts were acknowledged."""
        goal = len(self.ledger.done) + acts
        pause = threading.Event()
        for _ in range(int(seconds / 0.005)):
            if len(self.ledger.done) >= goal or self._failures:
                return
            pause.wait(0.005)
        raise AssertionError(f"the writers do not get on; the last error: {self.ledger.errors[-1:]}")

    def _act(self, name: str) -> None:
        try:
            for number in range(self.acts_max):
                if self._stop.is_set():
                    return
                case = self._shared if number % 5 == 4 else self._cases[name]
                verb = VERBS[number % len(VERBS)]
                if not self.ledger.act(self.engine, case, verb, f"{name}, {number}"):
                    self._stop.wait(0.01)
        except BaseException as failure:  # noqa: BLE001 -- whatever it is, the test must fail of it
            self._failures.append(failure)


def eventually(act: Callable[[], object], tries: int = 600) -> None:
    """Act until the database serves again, without a new engine."""
    pause = threading.Event()
    for _ in range(tries):
        try:
            act()
        except DatabaseError:
            pause.wait(0.02)
        else:
            return
    act()
