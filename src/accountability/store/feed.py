"""How entries get their place in the log, and how far each subscription has come.

A place is given after the entry was committed: to whatever waits at that moment, the oldest first, by one giver at a
time. No number that entries carry is a watermark, for on PostgreSQL an entry may be committed after another with a
higher id; it is simply in a later batch. Within a case the order of ids is the order of the chain, since each act is
written by somebody who saw the one before it committed. Places are never given twice and never taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from accountability.canonical import instant, moment
from accountability.errors import RecordError
from accountability.store.running import Running
from accountability.store.stored import PlacedEntry

_NOBODY = {"holder": None, "held_until": None}


class Feed(Running):
    """Give places and hand on what has one, within a transaction."""

    def somebody_waits(self) -> bool:
        """Tell whether any entry has no place yet."""
        return self._one(self._sql.feed.waits, {}) is not None

    def take_turn(self, *, wait: bool = False) -> bool:
        """Become the one who gives places, until this transaction ends.

        Args:
            wait: Whether to wait while somebody else does so.

        Returns:
            False when somebody else does so. On SQLite whoever writes has the turn.
        """
        if self._sql.feed.await_turn is None or self._sql.feed.try_turn is None:
            return True
        if not wait:
            return bool(self._one(self._sql.feed.try_turn, {})[0])
        self._run(self._sql.feed.await_turn)
        return True

    def give_places(self, count: int) -> int:
        """Give the next places to the entries that have waited longest; call `take_turn` first.

        Args:
            count: At most so many.

        Returns:
            How many got one; fewer than `count` when nobody else waits.
        """
        values = {"end": self.log_end(), "count": count}
        # One statement sees one moment: it takes an entry only with all that its case recorded before.
        placed = int(self._run(self._sql.feed.give_places, values).rowcount)
        self._run(self._sql.feed.stop_waiting, values)
        return placed

    def log_end(self) -> int:
        """Read the next place that will be given."""
        (last,) = self._one(self._sql.feed.end, {})
        return 0 if last is None else int(last) + 1

    def placed(self, since: int, count: int) -> tuple[PlacedEntry, ...]:
        """Read entries in the order of the log.

        Args:
            since: The first place.
            count: At most so many.

        Raises:
            RecordError: There is a hole, or a place without its entry.
        """
        rows = self._all(self._sql.feed.placed, {"since": since, "count": count})
        for expected, (position, text, _) in enumerate(rows, since):
            if position != expected or text is None:
                raise RecordError(f"no entry stands at place {expected} of the log")
        return tuple(PlacedEntry(*row) for row in rows)

    def leaf_rows(self) -> Iterator[dict[str, int]]:
        """Read the rows of all places, streaming, in the order in which `entry_rows` gives their entries."""
        return self._rows(self._sql.feed.leaves, ("position", "entry_id"))

    # Subscriptions

    def subscriptions(self) -> dict[str, int]:
        """Read how far each subscription has come: name -> the place it gets next."""
        return dict(self._all(self._sql.feed.subscriptions))

    def add_subscription(self, name: str, position: int) -> None:
        """Begin a subscription at a place, unless it is there already."""
        self._added(self._sql.feed.add_subscription, {"name": name, "position": position})

    def hold_subscription(self, name: str, holder: str, span: timedelta) -> int | None:
        """Become the one who delivers to a subscription.

        The time is the database's own, one for all who share it. Where its clock was set back, a hold that would last
        longer than any can is none.

        Args:
            name: The subscription.
            holder: A name that nobody else uses.
            span: How long, unless it is prolonged.

        Returns:
            The place it gets next; None when somebody else delivers to it, or there is no such subscription.
        """
        row = self._one(self._sql.feed.subscription, {"name": name})
        if row is None:
            return None
        position, held_by, held_until, now = row
        if held_by is not None and now < (held_until or "") <= instant(moment(now) + span):
            return None
        until = instant(moment(now) + span)
        values = {"name": name, "position": position, "holder": holder, "held_until": until}
        self._run(self._sql.feed.hold, values)
        return int(position)

    def move_subscription(self, name: str, holder: str, position: int, span: timedelta | None = None) -> bool:
        """Note how far a subscription has come.

        Args:
            name: The subscription.
            holder: Who holds it.
            position: The place it gets next.
            span: How long to go on holding it; None gives it back.

        Returns:
            False when somebody else holds it by now; then nothing is noted.
        """
        values = {"name": name, "position": position, "mine": holder, **_NOBODY}
        if span is not None:
            row = self._one(self._sql.feed.subscription, {"name": name})
            values |= {"holder": holder, "held_until": None if row is None else instant(moment(row[3]) + span)}
        return bool(self._run(self._sql.feed.keep, values).rowcount == 1)
