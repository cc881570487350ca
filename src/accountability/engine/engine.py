"""The deed's facade: every verb of the library, one transaction each.

`Engine` reads the clock once per call, lets the pure rooms decide, and writes what they decided. It holds no case and
no state of its own but compiled law, so many engines, threads and processes may work on one database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from accountability.audit.entry import Actor, Entry, decode
from accountability.audit.verdict import Verdict
from accountability.clock import Clock, SystemClock
from accountability.definition.model import Workflow
from accountability.engine.call import Call, Calls
from accountability.engine.firing import Deed
from accountability.engine.intake import Content, admitted, firing_of
from accountability.engine.reading import all_entries, case_then, presented, read_case
from accountability.engine.registry import Registered, Registry, checked, publish
from accountability.engine.verification import verify
from accountability.errors import UnknownWorkflowError
from accountability.machine.case import Case, Refusal
from accountability.machine.erasure import erasure
from accountability.machine.options import Option, options
from accountability.reports.figures import Report, report_on
from accountability.store.database import Database
from accountability.store.transaction import Transaction


class Engine:
    """Run procedures on one database, and keep the record.

    Thread-safe; safe across processes on one database. Every verb that takes `session` joins the transaction of a
    SQLAlchemy or SQLModel session of the caller: our rows commit or roll back with theirs.
    """

    def __init__(self, url: str | Path = "accountability.db", *, clock: Clock | None = None) -> None:
        """Name the database; nothing is opened until the first verb.

        Args:
            url: A SQLAlchemy URL (`sqlite:///county.db`, `postgresql+psycopg://…`) or the path of a SQLite file.
            clock: What tells the time; default: the computer's clock.

        Raises:
            InputError: The URL cannot be read, or names a database that is not supported.
        """
        self._database = Database(str(url))
        self._registry = Registry()
        self._calls = Calls(self._database, self._registry, clock or SystemClock())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database's connections back."""
        self._database.close()

    def migrate(self) -> None:
        """Create the tables, or bring them to this version; does nothing when they are.

        Raises:
            DatabaseUnreachableError: The database cannot be reached.
            DatabaseVersionError: The tables are newer than this version of the library.
        """
        self._database.migrate()

    def register(self, *paths: str | Path) -> tuple[Registered, ...]:
        """Check workflow files, then publish their versions into the database, all or none.

        Args:
            paths: Files, and folders with workflow files.

        Returns:
            One line for each workflow, in the order of the files; `new` is False where it was published before.

        Raises:
            DefinitionError: A file has errors, or a published version would change. Nothing is published.
            InputError: A path does not exist, or holds no workflow.
        """
        workflows = checked(paths)

        def work(transaction: Transaction) -> tuple[Registered, ...]:
            now = self._calls.now()
            return tuple(publish(transaction, workflow, now) for workflow in workflows)

        return self._calls.transact(None, work)

    def start(
        self,
        workflow: str,
        *,
        by: Actor,
        data: Mapping[str, Any] | None = None,
        documents: Mapping[str, Content] | None = None,
        reason: str | None = None,
        occurred: datetime | str | None = None,
        key: str | None = None,
        session: Any = None,
    ) -> Case:
        """Open a case under the newest version of a workflow.

        Args:
            workflow: Name of the workflow.
            by: Who opens it.
            data: Field -> value. Decimals, dates and aware datetimes are accepted besides JSON values.
            documents: Name -> path, bytes or `Document`. The record keeps digest, size and media type.
            reason: A written reason.
            occurred: When it happened, as the actor says; aware.
            key: The same key with the same content returns the first result and writes nothing.
            session: A session of the caller whose transaction this joins.

        Returns:
            The case, with the withheld fields that `by` may read.

        Raises:
            Refused: The rules do not allow it (recorded), or `conflict` (not recorded).
            UnknownWorkflowError: No version of the workflow is registered.
            InputError: An argument makes no sense.
            DatabaseError: The database cannot serve.
        """
        firing = firing_of("start", by, data, documents, reason, occurred)
        call = Call("start", workflow, firing, key)
        return self._calls.perform(call, session, lambda deed, _: deed.start(workflow, firing))

    def fire(
        self,
        case_id: str,
        trigger: str,
        *,
        by: Actor,
        data: Mapping[str, Any] | None = None,
        documents: Mapping[str, Content] | None = None,
        reason: str | None = None,
        occurred: datetime | str | None = None,
        key: str | None = None,
        expect: int | None = None,
        session: Any = None,
    ) -> Case:
        """Do something to a case.

        Args:
            case_id: Which case.
            trigger: What to do: a trigger of its workflow, or `recuse`, `note`, `correct`.
            by: Who does it.
            data: Field -> value, as in `start`.
            documents: Name -> path, bytes or `Document`.
            reason: A written reason.
            occurred: When it happened, as the actor says; aware.
            key: The same key with the same content returns the first result and writes nothing.
            expect: The `seq` that the caller saw; when the case has moved on, this is a `conflict`.
            session: A session of the caller whose transaction this joins.

        Returns:
            The case after it, with the withheld fields that `by` may read.

        Raises:
            Refused: The rules do not allow it (recorded), or `conflict` (not recorded).
            UnknownCaseError: No case has this id.
            InputError: An argument makes no sense.
            DatabaseError: The database cannot serve.
        """
        firing = firing_of(trigger, by, data, documents, reason, occurred)
        call = Call("fire", case_id, firing, key)

        def act(deed: Deed, transaction: Transaction) -> Case | Refusal:
            case = read_case(transaction, case_id, lock=True)
            if expect is not None and case.seq != expect:
                message = f"the case has moved on: expected {expect}, it is at {case.seq}"
                raise call.conflict(message, expected=expect, seq=case.seq)
            return deed.fire(case, firing)

        return self._calls.perform(call, session, act)

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
        now = self._calls.now()
        with self._database.transaction(session, read_only=True) as transaction:
            case = read_case(transaction, case_id)
            law = self._registry.by_digest(transaction, case.definition)
            deed = Deed(transaction, self._registry, now)
            facts, _ = deed.facts(law, case, None)
            seen = presented(case, deed.withheld(law, case_id))
            return options(law, seen, by, now, facts)

    def case(self, case_id: str, *, by: Actor | None = None, session: Any = None) -> Case:
        """Return a case as it stands, its children included.

        Args:
            case_id: Which case.
            by: Who looks; without a viewer no withheld field is shown.
            session: A session of the caller.

        Raises:
            UnknownCaseError: No case has this id.
        """
        with self._database.transaction(session, read_only=True) as transaction:
            case = read_case(transaction, case_id)
            law = self._registry.by_digest(transaction, case.definition)
            kept = transaction.withheld(case_id) if by is not None and law.withheld else {}
            return presented(case, kept, law, by, transaction.children(case_id))

    def workflow(self, name: str, version: int | None = None) -> Workflow:
        """Return a published workflow: its newest version, or the one with this number.

        Raises:
            UnknownWorkflowError: It is not published.
        """
        with self._database.transaction(read_only=True) as transaction:
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
        limit: int | None = None,
    ) -> Iterator[Case]:
        """List cases, oldest first, without withheld fields, reading as they are asked for.

        Args:
            workflow: Only cases of this workflow.
            state: Only cases in this state; a compound state means those inside it.
            closed: Only closed, or only open cases.
            limit: At most so many.
        """
        with self._database.transaction(read_only=True) as transaction:
            yield from islice(transaction.cases(workflow=workflow, state=state, closed=closed), limit)

    def history(self, case_id: str | None = None, *, refusals: bool = False, session: Any = None) -> Iterator[Entry]:
        """List entries, oldest first. They hold commitments in place of withheld values.

        Args:
            case_id: Which case (or `workflow:NAME`); None: all.
            refusals: Also what was refused.
            session: A session of the caller.

        Raises:
            UnknownCaseError: No case has this id.
        """
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
        at: datetime | None = None,
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
        with self._database.transaction(session, read_only=True) as transaction:
            return case_then(transaction, self._registry, case_id, at=at, seq=seq, by=by)

    def verify(self, progress: Callable[[int], None] | None = None) -> Verdict:
        """Check everything: bytes, chains, cases, definitions, children, withheld values, and the law of every act.

        Args:
            progress: Called now and then with the number of entries checked so far.

        Returns:
            The verdict; `ok` is False when any check found a violation. Each problem names its case.
        """
        with self._database.transaction(read_only=True) as transaction:
            return verify(transaction, self._registry, progress)

    def report(
        self,
        path: str | Path,
        *,
        since: date,
        until: date,
        compare: str | tuple[date, date] | None = None,
    ) -> Report:
        """Count the figures of a report file from the record.

        Args:
            path: The report file.
            since, until: The period, both days included.
            compare: `previous_year`, or the first and last day of an earlier period.

        Raises:
            DefinitionError: The report file is wrong; carries its findings.
            InputError: The period makes no sense.
        """
        with self._database.transaction(read_only=True) as transaction:
            workflows = {
                stored.workflow: self._registry.by_digest(transaction, stored.digest).definition
                for stored in transaction.workflows()
            }
            entries = list(all_entries(transaction))
        # While the clock stands still, entries run ahead of it by microseconds; what is in the record is counted.
        as_of = max((entry.at for entry in entries), default=self._calls.now())
        return report_on(
            Path(path),
            entries,
            workflows,
            since=since,
            until=until,
            compare=compare,
            as_of=max(as_of, self._calls.now()),
        )

    def erase(
        self, case_id: str, fields: tuple[str, ...] | list[str], *, by: Actor, approved_by: Actor, reason: str
    ) -> Case:
        """Erase the values of personal fields of a case; the record keeps that, and on whose word.

        Args:
            case_id: Which case.
            fields: Names of personal fields.
            by: Who asks for it.
            approved_by: A different person who approves it.
            reason: The legal basis.

        Raises:
            Refused: It is not allowed; recorded.
            UnknownCaseError: No case has this id.
        """
        firing = firing_of("erase", by, None, None, reason, None)
        names, approver = tuple(fields), admitted(approved_by)

        def act(deed: Deed, transaction: Transaction) -> Case | Refusal:
            case = read_case(transaction, case_id, lock=True)
            law = self._registry.by_digest(transaction, case.definition)
            outcome = deed.conclude(case, firing, erasure(law, case, firing, names, approver))
            if not isinstance(outcome, Refusal):
                transaction.erase_openings(case_id, names)
            return outcome

        case = self._calls.perform(Call("erase", case_id, firing), None, act)
        self._database.scrub()
        return case
