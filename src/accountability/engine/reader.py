"""Looking at a record: every verb that writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from accountability.audit.entry import Actor, Entry, decode
from accountability.audit.verdict import Verdict
from accountability.clock import Clock, SystemClock
from accountability.definition.model import Workflow
from accountability.engine.intake import admitted, moment_of, text_of
from accountability.engine.reading import all_entries, case_then, presented, read_case
from accountability.engine.registry import Registry
from accountability.engine.verification import verify
from accountability.engine.view import View
from accountability.errors import InputError, UnknownWorkflowError
from accountability.machine.case import Case, is_overdue
from accountability.machine.options import Option, options
from accountability.reports.count import reports_on
from accountability.reports.figures import Report
from accountability.store.database import Database


class Reader:
    """Look at cases, entries, figures and proofs on one database.

    Thread-safe. Every verb that takes `session` sees what the caller's own transaction sees.
    """

    def __init__(self, url: str | Path = "accountability.db", *, clock: Clock | None = None) -> None:
        """Name the database; nothing is opened until the first verb.

        Args:
            url: A SQLAlchemy URL (`sqlite:///county.db`, `postgresql+psycopg://…`) or the path of a SQLite file.
            clock: What tells the time; default: the computer's clock.

        Raises:
            InputError: The URL cannot be read, or names a database that is not supported.
        """
        if not isinstance(url, (str, Path)):
            raise InputError(f"the database is {url!r}", cure="give a SQLAlchemy URL, or the path of a SQLite file")
        if clock is not None and not callable(getattr(clock, "now", None)):
            raise InputError(f"the clock is {clock!r}", cure="give a SystemClock() or a ManualClock(time)")
        self._database = Database(str(url))
        self._registry = Registry()
        self._clock = clock or SystemClock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database's connections back."""
        self._database.close()

    def options(self, case_id: str, *, by: Actor, session: Any = None) -> tuple[Option, ...]:
        """Say what a person may do on a case now, and why not the rest. Nothing is recorded.

        Args:
            case_id: Which case.
            by: Who asks.
            session: A session of the caller.

        Returns:
            One option for each trigger of the workflow, alphabetical, then the acts every workflow has.

        Raises:
            UnknownCaseError: No case has this id.
            InputError: `by` may not act.
        """
        admitted(by)
        text_of("case", case_id)
        now = self._now()
        with self._database.transaction(session, read_only=True) as transaction:
            case = read_case(transaction, case_id)
            law = self._registry.by_digest(transaction, case.definition)
            view = View(transaction, self._registry)
            case = presented(case, view.withheld(law, case_id))
            return options(law, case, by, now, view.facts_of_options(law, case, by, now))

    def case(self, case_id: str, *, by: Actor | None = None, session: Any = None) -> Case:
        """Return a case as it stands, its children included.

        Args:
            case_id: Which case.
            by: Who looks; without a viewer no withheld field is shown.
            session: A session of the caller.

        Raises:
            UnknownCaseError: No case has this id.
        """
        text_of("case", case_id)
        with self._database.transaction(session, read_only=True) as transaction:
            case = read_case(transaction, case_id)
            law = self._registry.by_digest(transaction, case.definition)
            kept = transaction.withheld(case_id) if by is not None and law.withheld else {}
            return presented(case, kept, law, by, transaction.children(case_id))

    def workflows(self, *, session: Any = None) -> tuple[Workflow, ...]:
        """List the published workflows, each in its newest version, by name."""
        with self._database.transaction(session, read_only=True) as transaction:
            return tuple(
                self._registry.by_digest(transaction, stored.digest).definition for stored in transaction.workflows()
            )

    def workflow(self, name: str, version: int | None = None, *, session: Any = None) -> Workflow:
        """Return a published workflow: its newest version, or the one with this number.

        Raises:
            UnknownWorkflowError: It is not published.
        """
        with self._database.transaction(session, read_only=True) as transaction:
            if version is None:
                return self._registry.latest(transaction, name).definition
            stored = transaction.definition_of(name, version)
            if stored is None:
                raise UnknownWorkflowError(f"no version {version} of `{name}` is registered")
            return self._registry.by_digest(transaction, stored.digest).definition

    def cases(
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        closed: bool | None = None,
        overdue: bool = False,
        limit: int | None = None,
        session: Any = None,
    ) -> Iterator[Case]:
        """List cases, oldest first, without withheld fields, reading as they are asked for.

        Args:
            workflow: Only cases of this workflow.
            state: Only cases in this state; a compound state means those inside it.
            closed: Only closed, or only open cases.
            overdue: Only cases with a deadline that is over at the engine's clock, and not met.
            limit: At most so many.
            session: A session of the caller.
        """
        if limit is not None and (type(limit) is not int or limit < 0):
            raise InputError(f"`limit` is {limit!r}", cure="give a whole number")
        with self._database.transaction(session, read_only=True) as transaction:
            now = self._now()
            found = transaction.cases(workflow=workflow, state=state, closed=closed)
            lawful = ((case, self._registry.by_digest(transaction, case.definition)) for case in found)
            chosen = ((case, law) for case, law in lawful if not overdue or is_overdue(case, now, law.windows))
            for case, law in islice(chosen, limit):
                yield presented(case, {}, children=transaction.children(case.id) if law.opens else ())

    def history(self, case_id: str | None = None, *, refusals: bool = False, session: Any = None) -> Iterator[Entry]:
        """List entries, oldest first. They hold commitments in place of withheld values.

        Args:
            case_id: Which case (or `workflow:NAME`); None: all.
            refusals: Also what was refused.
            session: A session of the caller.

        Raises:
            UnknownCaseError: No case has this id.
        """
        if case_id is not None:
            text_of("case", case_id)
        with self._database.transaction(session, read_only=True) as transaction:
            found = False
            for stored in transaction.entries(case_id, refusals=refusals):
                found = True
                yield decode(stored.text, stored.leaf)
            if not found and case_id is not None and not case_id.startswith("workflow:"):
                read_case(transaction, case_id)

    def replay(
        self,
        case_id: str,
        *,
        at: datetime | str | None = None,
        seq: int | None = None,
        by: Actor | None = None,
        session: Any = None,
    ) -> Case:
        """Return a case as it was, recomputed from its record alone and compared with what is stored.

        Args:
            case_id: Which case.
            at: The moment to look at, aware; default: now.
            seq: The entry after which to look; instead of `at`.
            by: Who looks; without a viewer no withheld field is shown.
            session: A session of the caller.

        Raises:
            UnknownCaseError: No case has this id.
            InputError: The case did not exist yet then, or both `at` and `seq` are given.
            RecordError: The record does not follow from the law, or the stored case not from the record.
        """
        text_of("case", case_id)
        moment = moment_of("at", at)
        with self._database.transaction(session, read_only=True) as transaction:
            return case_then(transaction, self._registry, case_id, at=moment, seq=seq, by=by)

    def verify(self, progress: Callable[[int], None] | None = None, *, session: Any = None) -> Verdict:
        """Check everything: bytes, chains, cases, definitions, children, withheld values, and the law of every act.

        Args:
            progress: Called now and then with the number of entries checked so far.
            session: A session of the caller.

        Returns:
            The verdict; `ok` is False when any check found a violation. Each problem names its case.
        """
        with self._database.transaction(session, read_only=True) as transaction:
            return verify(transaction, self._registry, progress)

    def report(
        self,
        path: str | Path,
        *,
        since: date,
        until: date,
        compare: str | tuple[date, date] | None = None,
        session: Any = None,
    ) -> Report:
        """Count the figures of a report file from the record.

        Args:
            path: The report file.
            since, until: The period, both days included.
            compare: `previous_year`, or the first and last day of an earlier period.
            session: A session of the caller.

        Raises:
            DefinitionError: The report file is wrong; carries its findings.
            InputError: The period makes no sense.
        """
        return self.reports([path], since=since, until=until, compare=compare, session=session)[0]

    def reports(
        self,
        paths: Sequence[str | Path],
        *,
        since: date,
        until: date,
        compare: str | tuple[date, date] | None = None,
        progress: Callable[[int], None] | None = None,
        session: Any = None,
    ) -> tuple[Report, ...]:
        """Count the figures of several report files in one walk through the record.

        Args:
            paths: The report files.
            since, until: The period, both days included.
            compare: `previous_year`, or the first and last day of an earlier period.
            progress: Called now and then with the number of entries read so far.
            session: A session of the caller.

        Returns:
            The reports, in the order of the files.

        Raises:
            DefinitionError: A report file is wrong; carries its findings.
            InputError: The period makes no sense, or two reports have one name.
        """
        for name, day in (("since", since), ("until", until)):
            if type(day) is not date:
                raise InputError(f"`{name}` is {day!r}", cure="give a date, such as date(2015, 1, 1)")
        with self._database.transaction(session, read_only=True) as transaction:
            workflows = {
                stored.workflow: self._registry.by_digest(transaction, stored.digest).definition
                for stored in transaction.workflows()
            }
            if not workflows:
                raise InputError(
                    "no workflow is registered here, so there is nothing to count",
                    cure="name the right database with --db, or run `accountability register` on your workflows",
                )
            entries = list(_told(all_entries(transaction), progress))
        # While the clock stands still, entries run ahead of it by microseconds; what is in the record is counted.
        as_of = max((entry.at for entry in entries), default=self._now())
        return reports_on(
            paths,
            entries,
            workflows,
            since=since,
            until=until,
            compare=compare,
            as_of=max(as_of, self._now()),
        )

    def _now(self) -> datetime:
        """Read the clock, in UTC."""
        return self._clock.now().astimezone(UTC)


def _told(entries: Iterable[Entry], progress: Callable[[int], None] | None) -> Iterator[Entry]:
    """Give entries as they come, telling about every hundredth."""
    for number, entry in enumerate(entries, start=1):
        if progress is not None and number % 100 == 0:
            progress(number)
        yield entry
