"""Engines for scenarios: one is prepared in memory for a folder of workflows, and its record copied for each scenario.

Copying costs a fraction of a millisecond; making tables, registering and compiling would cost a hundred times as much.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from accountability.calendars.allowance import allowance
from accountability.calendars.calendar import EVERY_DAY
from accountability.calendars.clockwork import after
from accountability.calendars.zones import begins
from accountability.clock import ManualClock
from accountability.engine.engine import Engine

BEFORE_EVERYTHING = datetime(1000, 1, 1, tzinfo=UTC)
"""When the workflows are registered: before any scenario begins."""

_IN_MEMORY = "sqlite://"


def prepared(paths: Iterable[Path]) -> Engine:
    """Make an engine in memory with workflows registered in it.

    Raises:
        DefinitionError: A file has errors; carries its findings.
        InputError: A path does not exist, or holds no workflow.
    """
    engine = Engine(_IN_MEMORY, clock=ManualClock(BEFORE_EVERYTHING))
    engine.migrate()
    engine.register(*paths)
    return engine


class Rehearsal(Engine):
    """An engine on which one scenario after the other is run, each on a record that nobody has touched.

    Attributes:
        clock: What tells the time in the scenario.
    """

    def __init__(self, like: Engine) -> None:
        """Run on copies of a prepared engine; its compiled workflows are shared."""
        self.clock = ManualClock(BEFORE_EVERYTHING)
        super().__init__(_IN_MEMORY, clock=self.clock)
        self._registry.share(like._registry)
        self._like = like

    def begin(self, at: datetime) -> None:
        """Forget everything that was done, and set the clock."""
        self._like._database.copy_into(self._database)
        self.clock.set(at)

    def later(self, moment: datetime, period: str, workflow: str) -> datetime:
        """Give the moment a period later, by the calendar and in the zone of a workflow.

        Returns:
            The same time of day on the later day, or so many hours later; UTC.

        Raises:
            InputError: The moment leaves the years 1 to 9999.
        """
        with self._database.transaction(read_only=True) as transaction:
            law = self._registry.latest(transaction, workflow)
            calendar = self._registry.calendar(transaction, law) or EVERY_DAY
        zone = law.definition.zone or calendar.zone
        return after(moment, allowance(period), calendar=calendar, zone=zone)

    def beginning(self, day: date, workflow: str) -> datetime:
        """Give the moment at which a day begins in the zone of a workflow; UTC."""
        with self._database.transaction(read_only=True) as transaction:
            law = self._registry.latest(transaction, workflow)
            calendar = self._registry.calendar(transaction, law) or EVERY_DAY
        return begins(day, law.definition.zone or calendar.zone)

    def next_wake(self) -> datetime | None:
        """Give the earliest moment at which time alone changes a case; None where no case waits for any."""
        return min((case.wake for case in self.cases() if case.wake is not None), default=None)
