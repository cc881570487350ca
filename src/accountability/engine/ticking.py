"""What time does to cases, done when it is due: in bounded batches, by as many workers as there are.

A case's row is its timer. Who claims a due row holds its lock until what is due was recorded and committed, so a
deadline is breached once, whoever is killed on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accountability.engine.call import Calls, log
from accountability.engine.firing import Deed
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
    """

    deadlines: int
    leaves: int = 0
    deliveries: int = 0

    def as_json(self) -> dict[str, int]:
        """Give it in the shape that the command line prints."""
        return {"deadlines": self.deadlines, "leaves": self.leaves, "deliveries": self.deliveries}


class Ticking:
    """Bring up to date every case that time has something to do with."""

    def __init__(self, calls: Calls, registry: Registry) -> None:
        """Work with these."""
        self._calls = calls
        self._registry = registry

    def tick(self, now: datetime, session: Any = None) -> int:
        """Record what time has done to every case by now.

        Several may do this at once: on PostgreSQL each takes cases that no other has, on SQLite one after the other. A
        case that cannot be brought up to date is left as it is, said in the log, and hinders no other.

        Args:
            now: The moment, UTC.
            session: A session of the caller whose transaction this joins.

        Returns:
            The number of entries that were written about deadlines.

        Raises:
            DatabaseError: The database cannot serve.
        """
        done, after = 0, _START
        while True:
            count, last = self._batch(now, after, session)
            done += count
            if last is None:
                return done
            after = last

    def bring_up_to_date(self, case_id: str, now: datetime) -> None:
        """Record what time has done to one case by now."""
        self._calls.transact(None, lambda transaction: self._bring_up_to_date(transaction, now, case_id, lock=True))

    def _batch(self, now: datetime, after: Wake, session: Any) -> tuple[int, Wake | None]:
        """Do one batch; where a case stops it, do its cases one by one, so that only that one is left out."""
        try:
            return self._calls.transact(session, lambda transaction: self._some(transaction, now, BATCH, after))
        except Conflict:
            if session is not None:
                raise
            return 0, None  # Others are busy with the same cases; the next tick looks again.
        except DatabaseError:
            raise
        except AccountabilityError:
            if session is not None:
                raise
        return self._one_by_one(now, after)

    def _one_by_one(self, now: datetime, after: Wake) -> tuple[int, Wake | None]:
        done, last = 0, after
        for _ in range(BATCH):
            claimed: list[Wake] = []

            def one(transaction: Transaction, after: Wake = last, claimed: list[Wake] = claimed) -> int:
                claimed[:] = transaction.waking(now, 1, after)
                return sum(self._bring_up_to_date(transaction, now, case_id) for _, case_id in claimed)

            try:
                done += self._calls.transact(None, one)
            except Conflict:
                return done, None
            except DatabaseError:
                raise
            except AccountabilityError as error:
                log.error("a case cannot be brought up to date", case=claimed[0][1], why=type(error).__name__)
            if not claimed:
                return done, None
            last = claimed[0]
        return done, last

    def _some(self, transaction: Transaction, now: datetime, count: int, after: Wake) -> tuple[int, Wake | None]:
        claimed = transaction.waking(now, count, after)
        done = sum(self._bring_up_to_date(transaction, now, case_id) for _, case_id in claimed)
        return done, claimed[-1] if claimed else None

    def _bring_up_to_date(self, transaction: Transaction, now: datetime, case_id: str, *, lock: bool = False) -> int:
        # A case that was claimed is locked already, and read after that, so nobody can have moved it in between.
        case = read_case(transaction, case_id, lock=lock)
        return Deed(transaction, self._registry, now).catch_up(case).seq - case.seq
