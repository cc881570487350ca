"""The stage: an engine, a clock that the scripts move, and people who act, rightly or not.

A script is a generator. It acts, yields how many days pass, and goes on; the stage runs all scripts side by side in the
order of time, as an office works on many cases at once. What happens on one day is one transaction of the office's own
database session, which the engine joins: the way an application embeds the library. Each day begins with a tick, which
records what time alone has done to the deadlines.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

import sqlalchemy
from sqlalchemy.orm import Session

from accountability.audit.entry import Actor
from accountability.clock import ManualClock
from accountability.engine.engine import Engine
from accountability.errors import Refused
from accountability.machine.case import Case

Script = Generator[float, None, None]
"""What happens around one case; yields the days that pass before it goes on."""

SATURDAY = 5
EARLY = time(8)
"""When the day's first look at the deadlines is taken, before anybody acts."""
OPENS, HOURS = 9, 8
MINUTES_APART = 7


class Stage:
    """Let scripts act in the order of time.

    Attributes:
        engine: The engine that records everything.
        chance: A seeded source of small differences between one case and the next.
        ends: When the play is over; no script waits beyond it.
        acts, refusals: How many acts were allowed, and how many refused.
    """

    def __init__(self, engine: Engine, clock: ManualClock, seed: int, ends: datetime) -> None:
        """Begin with an empty stage at the clock's time."""
        self.engine = engine
        self.chance = Random(seed)
        self.ends = ends
        self.acts = 0
        self.refusals = 0
        self._clock = clock
        self._waiting: list[tuple[datetime, int, Script]] = []
        self._session: Session | None = None
        self._scripts = 0
        self._ended = 0
        self._order = count()

    def now(self) -> datetime:
        """Return the moment the stage has come to."""
        return self._clock.now()

    def has_time(self, days: float) -> bool:
        """Whether so many days later, a weekend and a night after them included, the play still goes on."""
        return self.now() + timedelta(days=days + 4) < self.ends

    def add(self, script: Script, day: datetime) -> None:
        """Let a script begin on a day."""
        self._scripts += 1
        self._wait(script, day)

    def run(self, office: sqlalchemy.Engine, progress: Callable[[int, int], None]) -> None:
        """Run every script to its end, day by day.

        Args:
            office: The database in which the office commits each day's work.
            progress: Told how many scripts have ended, of how many there are.
        """
        while self._waiting:
            day = self._waiting[0][0].date()
            with Session(office) as self._session:
                self._begin(day)
                while self._waiting and self._waiting[0][0].date() <= day:
                    self._go_on(*heapq.heappop(self._waiting))
                self._session.commit()
            progress(self._ended, self._scripts)

    def _begin(self, day: date) -> None:
        """Begin a day: what is over since the last one is recorded."""
        morning = datetime.combine(day, EARLY, self._waiting[0][0].tzinfo)
        self._clock.set(max(morning, self._clock.now() + timedelta(seconds=1)))
        self.engine.tick(session=self._session)

    def _go_on(self, moment: datetime, _: int, script: Script) -> None:
        """Let a script act until it waits again."""
        self._clock.set(max(moment, self._clock.now() + timedelta(seconds=1)))
        try:
            days = next(script)
        except StopIteration:
            self._ended += 1
        else:
            self._wait(script, self._clock.now() + timedelta(days=days))

    def start(self, workflow: str, by: Actor, data: Mapping[str, Any]) -> Case:
        """Open a case."""
        self.acts += 1
        return self.engine.start(workflow, by=by, data=data, session=self._session)

    def do(
        self,
        case: str,
        trigger: str,
        *signers: Actor,
        data: Mapping[str, Any] | None = None,
        documents: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> Case:
        """Do something to a case; where several sign, the first gives the content and the others sign it."""
        first, *others = signers
        papers = {name: f"{name} of {case}".encode() for name in documents}
        done = self._fire(case, trigger, by=first, data=data, documents=papers, reason=reason)
        for signer in others:
            self._clock.advance(minutes=MINUTES_APART)
            done = self._fire(case, trigger, by=signer, reason=reason)
        self.acts += len(signers)
        return done

    def refused(
        self,
        case: str,
        trigger: str,
        by: Actor,
        *,
        data: Mapping[str, Any] | None = None,
        documents: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        """Try what the rules forbid; the refusal is recorded.

        Raises:
            AssertionError: It was allowed.
        """
        papers = {name: f"{name} of {case}".encode() for name in documents}
        try:
            self._fire(case, trigger, by=by, data=data, documents=papers, reason=reason)
        except Refused:
            self.refusals += 1
            return
        raise AssertionError(f"{trigger} by {by.id} should have been refused on {case}")

    def children(self, case: str, link: str) -> tuple[str, ...]:
        """List the ids of the cases that a case opened under a link."""
        return tuple(child.id for child in self.engine.case(case, session=self._session).children if child.link == link)

    def _fire(self, case: str, trigger: str, **arguments: Any) -> Case:
        return self.engine.fire(case, trigger, session=self._session, **arguments)

    def _wait(self, script: Script, moment: datetime) -> None:
        """Put a script to wait; people work from nine to five, and not at weekends."""
        weekend = moment.weekday() - SATURDAY
        if weekend >= 0:
            moment += timedelta(days=2 - weekend)
        moment = moment.replace(hour=OPENS + moment.hour * HOURS // 24)
        heapq.heappush(self._waiting, (moment, next(self._order), script))
