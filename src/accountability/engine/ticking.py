"""What time does to cases, done when it is due: in bounded batches, by as many workers as there are.

A case's row is its timer. Who claims a due row holds its lock until what is due was recorded and committed, so a
deadline is breached once, whoever is killed on the way.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from accountability.engine.call import Calls, log
from accountability.engine.reading import read_case
from accountability.engine.registry import Registry
from accountability.errors import AccountabilityError, DatabaseError
from accountability.store.failures import Conflict
from accountability.store.transaction import Transaction, Wake

BATCH = 50
"""How many cases one transaction brings up to date."""

_START = ("", "")


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did.

    Attributes:
        deadlines: Entries written about what time did, with what the engine did then.
        leaves: Entries that got their place in the log.
        deliveries: Entries handed to subscribers.
        failed: Cases that could not be brought up to date, and were left as they are.
    """

    deadlines: int
    leaves: int = 0
    deliveries: int = 0
    failed: int = 0

    def as_json(self) -> dict[str, int]:
        """Give it in the shape that the command line prints."""
        return asdict(self)


class _Batch(NamedTuple):
    """Entries written, cases left out, and the last case that was claimed; None where no more is due."""

    done: int = 0
    failed: int = 0
    last: Wake | None = None


class Ticking:
    """Bring up to date every case that time has something to do with."""

    def __init__(self, calls: Calls, registry: Registry) -> None:
        """Work with these."""
        self._calls = calls
        self._registry = registry

    def tick(self, now: datetime, session: Any = None) -> Ticked:
        """Record what time has done to every case by now.

        Several may do this at once: on PostgreSQL each takes cases that no other has, on SQLite one after the other. A
        case that cannot be brought up to date is left as it is, said in the log, and hinders no other.

        Args:
            now: The moment, UTC.
            session: A session of the caller whose transaction this joins.

        Returns:
            What was done about deadlines, and how many cases failed.

        Raises:
            DatabaseError: The database cannot serve.
        """
        done, failed, after = 0, 0, _START
        while True:
            batch = self._batch(now, after, session)
            done, failed = done + batch.done, failed + batch.failed
            if batch.last is None:
                return Ticked(done, failed=failed)
            after = batch.last

    def bring_up_to_date(self, case_id: str, now: datetime) -> None:
        """Record what time has done to one case by now."""
        self._calls.transact(None, lambda transaction: self._bring_up_to_date(transaction, now, case_id, lock=True))

    def _batch(self, now: datetime, after: Wake, session: Any) -> _Batch:
        """Do one batch; where a case stops it, do its cases one by one, so that only that one is left out."""
        try:
            return self._calls.transact(session, lambda transaction: self._some(transaction, now, BATCH, after))
        except Conflict:
            if session is not None:
                raise
            return _Batch()  # Others are busy with the same cases; the next tick looks again.
        except DatabaseError:
            raise
        except AccountabilityError:
            if session is not None:
                raise
        done, failed, last = 0, 0, after
        for _ in range(BATCH):
            one = self._single(now, last)
            done, failed = done + one.done, failed + one.failed
            if one.last is None:
                return _Batch(done, failed)
            last = one.last
        return _Batch(done, failed, last)

    def _single(self, now: datetime, after: Wake) -> _Batch:
        """Do the next case alone; where it cannot be done, leave it out."""
        claimed: list[Wake] = []

        def work(transaction: Transaction) -> _Batch:
            claimed[:] = transaction.waking(now, 1, after)
            return self._done(transaction, now, tuple(claimed))

        try:
            return self._calls.transact(None, work)
        except Conflict:
            return _Batch()
        except DatabaseError:
            raise
        except AccountabilityError as error:
            log.error("a case cannot be brought up to date", case=claimed[0][1], why=type(error).__name__)
            return _Batch(0, 1, claimed[0])

    def _some(self, transaction: Transaction, now: datetime, count: int, after: Wake) -> _Batch:
        return self._done(transaction, now, transaction.waking(now, count, after))

    def _done(self, transaction: Transaction, now: datetime, claimed: tuple[Wake, ...]) -> _Batch:
        done = sum(self._bring_up_to_date(transaction, now, case_id) for _, case_id in claimed)
        return _Batch(done, 0, claimed[-1] if claimed else None)

    def _bring_up_to_date(self, transaction: Transaction, now: datetime, case_id: str, *, lock: bool = False) -> int:
        # A case that was claimed is locked already, and read after that, so nobody can have moved it in between.
        case = read_case(transaction, case_id, lock=lock)
        return self._calls.deed(transaction, now).catch_up(case).seq - case.seq
