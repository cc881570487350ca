"""The outbox: every entry gets its place in the log, then leaves as a CloudEvent to whoever subscribed.

Nothing of this happens within a firing. A delivery is no transaction with anybody: the subscriber is called, then the
subscription moves on. Whatever dies in between, the entry is delivered once more; so at least once, and for each case
in its order.
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Literal

from accountability.audit.cloud_event import CloudEvent
from accountability.audit.entry import Entry, decode
from accountability.clock import Clock
from accountability.engine.call import log
from accountability.engine.intake import text_of
from accountability.errors import InputError, RecordError
from accountability.store.database import Database
from accountability.store.stored import PlacedEntry

Handler = Callable[[CloudEvent], object]

PLACES_BATCH = 500
"""Places given in one transaction: on SQLite nobody else writes meanwhile."""

ENTRIES_BATCH = 200
"""Entries read at once, of at most 64 KiB each; so many may be delivered once more after a crash."""

TURN_SECONDS = 1.0
"""How long one subscription may keep the others waiting, apart from the call that it is in."""

DELIVERY_SECONDS = 5.0
"""After how long `deliver` leaves the rest to the next time."""

HOLD = timedelta(seconds=60)
"""How long somebody who died holds up a subscription. A call that takes longer may be made once more by another."""

PAUSE_FIRST, PAUSE_MAX = timedelta(seconds=1), timedelta(minutes=5)
"""How long to wait after the second failure, and at most; each further failure doubles it."""

NAME_CHARACTERS_MAX = 200


@dataclass(slots=True)
class Subscription:
    """Somebody who hears of entries.

    Attributes:
        name: Under which the database knows how far it has come.
        handler: What is called with each event.
        workflow: Only entries of this; None for all.
        trigger: Only entries of this trigger that was done; None for all, refused attempts included.
        failures: How often in a row the handler has raised.
        failed_at: When it did so last.
    """

    name: str
    handler: Handler
    workflow: str | None = None
    trigger: str | None = None
    failures: int = 0
    failed_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def wants(self, entry: Entry) -> bool:
        """Whether it asked for such entries."""
        if self.trigger is not None and (entry.trigger != self.trigger or entry.kind == "refusal"):
            return False
        return self.workflow in (None, entry.workflow)

    def rests(self, now: datetime) -> bool:
        """Whether it is too early to try again. A clock that was set back ends every pause."""
        if self.failures < 2:
            return False
        doubled = min(self.failures - 2, 30)
        return self.failed_at <= now < self.failed_at + min(PAUSE_FIRST * (1 << doubled), PAUSE_MAX)


class Outbox:
    """Give places, and deliver to the subscriptions of this process.

    Safe across threads and processes: one of them gives places at a time, and one delivers to a subscription.
    """

    def __init__(self, database: Database, clock: Clock, *, hold: timedelta = HOLD) -> None:
        """Begin without a subscription.

        Args:
            database: The record.
            clock: Tells when to try again after a failure.
            hold: How long a subscription is held unless that is prolonged, by the database's own clock.
        """
        self._database = database
        self._clock = clock
        self._hold = hold
        self._subscriptions: dict[str, Subscription] = {}

    def subscribe(
        self,
        handler: Handler,
        *,
        workflow: str | None = None,
        trigger: str | None = None,
        name: str | None = None,
        since: Literal["start", "now"] = "start",
    ) -> None:
        """Let a handler hear of entries; see `Engine.subscribe`."""
        _insist_on_a_plain_function(handler)
        for what, value in (("workflow", workflow), ("trigger", trigger)):
            if value is not None:
                text_of(what, value)
        if since not in ("start", "now"):
            raise InputError(f"`since` is {since!r}", cure="write `start` or `now`")
        subscription = Subscription(_name(handler, name), handler, workflow, trigger)
        if self._subscriptions.setdefault(subscription.name, subscription) is not subscription:
            cure = 'give each a name: subscribe(handler, name="letters")'
            raise InputError(f"there is a subscription {subscription.name!r} already", cure=cure)
        if since == "now":
            try:
                self._begin_behind_the_last(subscription.name)
            except BaseException:
                del self._subscriptions[subscription.name]
                raise

    def sequence(self) -> int:
        """Give every entry that waits its place in the log.

        Returns:
            How many got one here; others may have got theirs from somebody else.
        """
        with self._database.transaction(read_only=True) as feed:
            if not feed.somebody_waits():
                return 0
        total, placed = 0, PLACES_BATCH
        while placed == PLACES_BATCH:
            with self._database.transaction() as feed:
                placed = feed.give_places(PLACES_BATCH) if feed.take_turn() else 0
            total += placed
        return total

    def deliver(self) -> int:
        """Call the handlers with what they have not heard of, each subscription in turn, for a few seconds at most.

        A handler that raises is tried again by a later call, after a pause that grows; the others go on.

        Returns:
            How many calls succeeded. While it is not 0, there may be more to do at once.
        """
        total, until, failed = 0, monotonic() + DELIVERY_SECONDS, set[str]()
        while True:
            turns = [_Turn(self._database, subscription, self._hold) for subscription in self._behind(failed)]
            for turn in turns:
                turn.take(self._clock)
                total += turn.calls
                if turn.failed:
                    failed.add(turn.name)
            if monotonic() >= until or not any(turn.moved for turn in turns):
                return total

    def _behind(self, failed: set[str]) -> list[Subscription]:
        """List the subscriptions that have something to hear; begin those that are new."""
        now = self._clock.now()
        due = [one for one in tuple(self._subscriptions.values()) if one.name not in failed and not one.rests(now)]
        if not due:
            return []
        with self._database.transaction(read_only=True) as feed:
            known, end = feed.subscriptions(), feed.log_end()
        new = [one.name for one in due if one.name not in known]
        if new:
            with self._database.transaction() as feed:
                for name in new:
                    feed.add_subscription(name, 0)
        for one in due:
            if not 0 <= known.get(one.name, 0) <= end:
                log.warning("a subscription stands outside the log", subscription=one.name, position=known[one.name])
        return [one for one in due if 0 <= known.get(one.name, 0) < end]

    def _begin_behind_the_last(self, name: str) -> None:
        """Begin a subscription behind every entry that is committed now."""
        with self._database.transaction(read_only=True) as feed:
            if name in feed.subscriptions():
                return
        self.sequence()
        with self._database.transaction() as feed:
            feed.take_turn(wait=True)
            while feed.give_places(PLACES_BATCH) == PLACES_BATCH:
                continue
            feed.add_subscription(name, feed.log_end())


class _Turn:
    """One subscription's turn: as many entries as a moment allows.

    Attributes:
        name: The subscription.
        calls: How many calls succeeded.
        moved: Whether the subscription has moved on.
        failed: Whether its handler raised, or an entry could not be read.
    """

    def __init__(self, database: Database, subscription: Subscription, hold: timedelta) -> None:
        self.name = subscription.name
        self.calls = 0
        self.moved = False
        self.failed = False
        self._database = database
        self._subscription = subscription
        self._hold = hold
        self._holder = secrets.token_hex(16)

    def take(self, clock: Clock) -> None:
        """Deliver until the time is over or nothing is left; nobody else delivers to the subscription meanwhile."""
        with self._database.transaction() as feed:
            position = feed.hold_subscription(self.name, self._holder, self._hold)
        if position is None:
            return
        start, until, mine = position, monotonic() + TURN_SECONDS, True
        try:
            while mine and (batch := self._read(position, clock)):
                for placed in batch:
                    if not self._deliver(placed, clock):
                        return
                    position = placed.position + 1
                    if monotonic() >= until:
                        return
                mine = self._note(position, self._hold)
        finally:
            self.moved = position > start
            if not (mine and self._note(position)):
                log.warning("somebody else went on delivering", subscription=self.name, position=position)

    def _note(self, position: int, hold: timedelta | None = None) -> bool:
        with self._database.transaction() as feed:
            return feed.move_subscription(self.name, self._holder, position, hold)

    def _read(self, position: int, clock: Clock) -> tuple[PlacedEntry, ...]:
        try:
            with self._database.transaction(read_only=True) as feed:
                return feed.placed(position, ENTRIES_BATCH)
        except RecordError as error:
            self._fail(position, error, clock)
            return ()

    def _deliver(self, placed: PlacedEntry, clock: Clock) -> bool:
        """Call the handler, outside any transaction; False when it raised."""
        try:
            entry = decode(placed.text, placed.leaf)
            if self._subscription.wants(entry):
                self._subscription.handler(CloudEvent(placed.position, entry))
                self.calls += 1
        except Exception as error:  # noqa: BLE001 -- whatever a subscriber raises concerns that subscription alone
            self._fail(placed.position, error, clock)
            return False
        self._subscription.failures = 0
        return True

    def _fail(self, position: int, error: Exception, clock: Clock) -> None:
        """Remember the failure, and log it without its words: they may be about a person."""
        self.failed = True
        self._subscription.failures += 1
        self._subscription.failed_at = clock.now()
        log.warning(
            "not delivered",
            subscription=self.name,
            position=position,
            error=type(error).__name__,
            where=_where(error),
            failures=self._subscription.failures,
        )


def _where(error: Exception) -> str:
    """Name the line that raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"


def _insist_on_a_plain_function(handler: Any) -> None:
    if not callable(handler) or any(map(inspect.iscoroutinefunction, (handler, type(handler).__call__))):
        raise InputError(f"the handler is {handler!r}", cure="give a plain function that takes a CloudEvent")


def _name(handler: Any, given: str | None) -> str:
    """Name a subscription: as given, as the handler calls it, or after the handler's own place in the program."""
    if given is None:
        given = getattr(handler, "subscription", None)
    if given is None:
        module, name = getattr(handler, "__module__", None), getattr(handler, "__qualname__", None)
        if not (isinstance(module, str) and isinstance(name, str)) or "<lambda>" in name:
            cure = 'give it one that stays the same: subscribe(handler, name="letters")'
            raise InputError("the handler has no name of its own", cure=cure)
        given = f"{module}.{name}"
    name = text_of("name", given)
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        cure = f"give printable text of 1 to {NAME_CHARACTERS_MAX} characters"
        raise InputError("the name of the subscription cannot be used", cure=cure)
    return name
