"""A copy in which somebody changed one cell, and what verification says of it, worked out beside everything else."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path

from accountability.audit.verdict import Verdict
from accountability.engine.engine import Engine


def verified(database: Path, progress: Callable[[int], None] | None = None) -> Verdict:
    """Verify a record."""
    with Engine(database) as engine:
        return engine.verify(progress)


@contextmanager
def verified_beside(database: Path) -> Iterator[Callable[[], Verdict]]:
    """Verify a record in a process of its own while the block runs.

    Yields:
        Waits for the verdict; where no process could be had, it is worked out there and then.
    """
    try:
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        promised: Future[Verdict] = pool.submit(verified, database)
    except (OSError, RuntimeError):
        yield lambda: verified(database)
        return

    def wait() -> Verdict:
        try:
            return promised.result()
        except (OSError, BrokenProcessPool):
            return verified(database)

    with pool:
        yield wait


def fingerprint(database: Path) -> tuple[int, str]:
    """Count the entries, and digest their bytes in the order in which they were written: equal for equal records."""
    digest, entries = hashlib.sha256(), 0
    with closing(sqlite3.connect(database)) as record:
        for (entry,) in record.execute("SELECT bytes FROM acc_entry ORDER BY id"):
            digest.update(entry.encode())
            entries += 1
    return entries, digest.hexdigest()


def tamper(database: Path, copy: Path) -> str:
    """Copy the record and change one cell of the copy, as somebody who owns the database could.

    Returns:
        What was changed.
    """
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f"DROP TRIGGER {name}")
        row = target.execute(
            "SELECT id, case_id, seq, bytes FROM acc_entry WHERE bytes LIKE '%\"level\":6%' ORDER BY id LIMIT 1"
        ).fetchone()
        number, case, seq, stored = row
        target.execute(
            "UPDATE acc_entry SET bytes = ? WHERE id = ?", (stored.replace('"level":6', '"level":4', 1), number)
        )
        target.commit()
    return f"case {case}, entry {seq}: the decided level 6 became 4"
