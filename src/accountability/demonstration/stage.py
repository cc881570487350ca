"""The stage: an engine, a clock that the scripts move, and people who act, rightly or not.

A script is a generator. It acts, yields how many days pass or the day on which it goes on, and goes on; the stage runs
all scripts side by side in the order of time, as an office works on many cases at once. What happens on one day is one
transaction of the office's own database session, which the engine joins: the way an application embeds the library.
Each day begins with a tick, which records what time alone has done to the deadlines. Nobody works on a day off, as the
calendar of the workflows has them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Mapping
from datetime import date, datetime, time, timedelta, timezone
from itertools import count
from random import Random
from typing import Any

import sqlalchemy
from sqlalchemy.orm import Session

from accountability.audit.entry import Actor
from accountability.clock import ManualClock
from accountability.definition.calendar_file import shipped
from accountability.engine.engine import Engine
from accountability.errors import Refused
from accountability.machine.case import Case

Script = Generator[float | date, None, None]
"""What happens around one case; yields the days that pass before it goes on, or the day on which it does."""

BEIJING = timezone(timedelta(hours=8))
EARLY = time(8)
"""When the day's first look at the deadlines is taken, before anybody acts."""
OPENS, CLOSES = time(9), time(17)
ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)
SECONDS_APART = 20
"""Between two signatures on one sheet."""


class Stage:
    """Let scripts act in the order of time.

    Attributes:
        engine: The engine that records everything.
        chance: A seeded source of small differences between one case and the next.
        ends: When the play is over; a script that would go on later is left where it is.
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
        self._calendar = shipped("cn")
        self._waiting: list[tuple[datetime, int, Script]] = []
        self._session: Session | None = None
        self._scripts = 0
        self._ended = 0
        self._order = count()

    def now(self) -> datetime:
        """Return the moment the stage has come to."""
        return self._clock.now()

    def today(self) -> date:
        """Return the day the stage has come to, where the county lies."""
        return self.now().astimezone(BEIJING).date()

    def some(self, least: float, most: float) -> float:
        """Draw a number of days."""
        return least + (most - least) * self.chance.random()

    def add(self, script: Script, day: date) -> None:
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
        self._clock.set(max(datetime.combine(day, EARLY, BEIJING), self._clock.now() + ONE_SECOND))
        self.engine.tick(session=self._session)

    def _go_on(self, moment: datetime, _: int, script: Script) -> None:
        """Let a script act until it waits again."""
        self._clock.set(max(moment, self._clock.now() + ONE_SECOND))
        try:
            wait = next(script)
        except StopIteration:
            self._ended += 1
        else:
            self._wait(script, wait if isinstance(wait, date) else self.today() + timedelta(days=round(wait)))

    def _wait(self, script: Script, day: date) -> None:
        """Put a script to wait for an hour of a day, or of the next one that is worked."""
        while not self._calendar.is_workday(day):
            day += ONE_DAY
        first = datetime.combine(day, OPENS, BEIJING)
        moment = first + (datetime.combine(day, CLOSES, BEIJING) - first) * self.chance.random()
        if moment < self.ends:
            heapq.heappush(self._waiting, (moment, next(self._order), script))
        else:
            self._ended += 1

    def start(self, workflow: str, by: Actor, data: Mapping[str, Any]) -> str:
        """Open a case, and return its id."""
        self.acts += 1
        return self.engine.start(workflow, by=by, data=data, session=self._session).id

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
        done = self._fire(case, trigger, by=first, data=data, documents=_papers(case, documents), reason=reason)
        for signer in others:
            self._clock.advance(seconds=SECONDS_APART)
            done = self._fire(case, trigger, by=signer, reason=reason)
        self.acts += len(signers)
        return done

    def refused(
        self,
        because: str,
        case: str,
        trigger: str,
        by: Actor,
        *,
        data: Mapping[str, Any] | None = None,
        documents: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        """Try what the rules forbid; the refusal is recorded.

        Args:
            because: The code of a reason that must be among those given.
            case: Which case; the name of a workflow where `trigger` is `start`.
            trigger: What is tried.
            by: Who tries it.
            data: As for `do`.
            documents: As for `do`.
            reason: As for `do`.

        Raises:
            AssertionError: It was allowed, or refused for other reasons.
        """
        try:
            if trigger == "start":
                self.engine.start(case, by=by, data=data, session=self._session)
            else:
                self._fire(case, trigger, by=by, data=data, documents=_papers(case, documents), reason=reason)
        except Refused as refused:
            codes = [one.code for one in refused.reasons]
            if because not in codes:
                said = [one.message for one in refused.reasons]
                raise AssertionError(
                    f"{trigger} by {by.id} was refused for {codes}, not {because}: {said}"
                ) from refused
            self.refusals += 1
            return
        raise AssertionError(f"{trigger} by {by.id} should have been refused on {case}")

    def case(self, case: str) -> Case:
        """Look at a case, without what is withheld."""
        return self.engine.case(case, session=self._session)

    def children(self, case: str, link: str) -> tuple[str, ...]:
        """List the ids of the cases that a case opened under a link."""
        return tuple(child.id for child in self.case(case).children if child.link == link)

    def outstanding(self, unit: str) -> bool:
        """Say whether a problem of a unit is not put right and verified."""
        letters = self.engine.cases(workflow="rectification", closed=False, session=self._session)
        return any(letter.data["unit"] == unit for letter in letters)

    def pending(self, case: str, link: str) -> bool:
        """Whether a case that was opened under a link is still open."""
        return any(child.link == link and not child.closed for child in self.case(case).children)

    def _fire(self, case: str, trigger: str, **arguments: Any) -> Case:
        return self.engine.fire(case, trigger, session=self._session, **arguments)


def _papers(case: str, documents: tuple[str, ...]) -> dict[str, bytes]:
    return {name: f"{name} of {case}".encode() for name in documents}
