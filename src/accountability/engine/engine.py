"""The deed's facade: every verb of the library, one transaction each.

`Engine` reads the clock once per call, lets the pure rooms decide, and writes what they decided. It holds no case and
no state of its own but compiled law, so many engines, threads and processes may work on one database.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from accountability.audit.entry import Actor
from accountability.clock import Clock
from accountability.engine.call import Call, Calls, log
from accountability.engine.firing import Deed
from accountability.engine.intake import Content, admitted, firing_of, key_of, text_of
from accountability.engine.outbox import Handler, Outbox
from accountability.engine.publication import Registered, checked, publish_all, wake
from accountability.engine.reader import Reader
from accountability.engine.reading import read_case
from accountability.engine.ticking import Ticked, Ticking
from accountability.errors import DatabaseError, DatabaseVersionError, InputError, Refused
from accountability.machine.case import Case, Refusal
from accountability.store.transaction import Transaction

LOG_BYTES = 16
"""Length of the id that a new database's log is given."""

SETTLE_SECONDS = 1.0
"""How long a registration waits, after a newer calendar was published, for acts that read the older one before."""

COURIER_SECONDS = 10.0
"""How long a worker that is to stop waits for a subscriber that is being called."""


class Engine(Reader):
    """Run procedures on one database, and keep the record.

    Thread-safe; safe across processes on one database. Every verb that takes `session` joins the transaction of a
    SQLAlchemy or SQLModel session of the caller: our rows commit or roll back with theirs.
    """

    def __init__(
        self,
        url: str | Path = "accountability.db",
        *,
        clock: Clock | None = None,
        entropy: Callable[[int], bytes] | None = None,
    ) -> None:
        """Name the database and the clock, as a `Reader` does; nothing is opened until the first verb.

        Args:
            url: As for a `Reader`.
            clock: As for a `Reader`.
            entropy: Gives so many random bytes, for ids and salts; default: the operating system's. A seeded one makes
                a record that can be made again byte for byte, for demonstrations and tests; its salts hide nothing.

        Raises:
            InputError: One of them makes no sense.
        """
        super().__init__(url, clock=clock)
        if entropy is not None and not callable(entropy):
            raise InputError(f"the entropy is {entropy!r}", cure="give a function, such as Random(7).randbytes")
        self._entropy = entropy or secrets.token_bytes
        self._calls = Calls(self._database, self._registry, self._clock, self._entropy)
        self._ticking = Ticking(self._calls, self._registry)
        self._outbox = Outbox(self._database, self._clock)

    def migrate(self) -> None:
        """Create the tables, or bring them to this version; does nothing when they are.

        Raises:
            DatabaseUnreachableError: The database cannot be reached.
            DatabaseVersionError: The tables are newer than this version of the library.
        """
        self._database.migrate(log=self._entropy(LOG_BYTES).hex())

    def register(self, *paths: str | Path, session: Any = None) -> tuple[Registered, ...]:
        """Check workflow files, then publish their versions into the database, all or none.

        Args:
            paths: Files, and folders with workflow files.
            session: A session of the caller whose transaction this joins.

        Returns:
            One line for each workflow, in the order of the files; `new` is False where it was published before.

        Raises:
            DefinitionError: A file has errors, or a published version would change. Nothing is published.
            InputError: A path does not exist, or holds no workflow.
        """
        law = checked(paths)
        done = self._calls.transact(
            session, lambda transaction: publish_all(transaction, self._registry, law, self._calls.now())
        )
        if done.renewed and session is None:
            # Acts that were under way have written by now dates of the older edition.
            time.sleep(SETTLE_SECONDS)
            self._calls.transact(
                None, lambda transaction: wake(transaction, self._registry, done.renewed, self._calls.now())
            )
        return done.workflows

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
        call = Call("start", text_of("workflow", workflow), firing, key_of(key))
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
        call = Call("fire", text_of("case", case_id), firing, key_of(key))
        if expect is not None and type(expect) is not int:
            raise InputError(f"`expect` is {expect!r}", cure="give the `seq` of the case as it was seen")

        def act(deed: Deed, transaction: Transaction) -> Case | Refusal:
            case = deed.catch_up(read_case(transaction, case_id, lock=True))
            if expect is not None and case.seq != expect:
                message = f"the case has moved on: expected {expect}, it is at {case.seq}"
                raise call.conflict(message, expected=expect, seq=case.seq)
            return deed.fire(case, firing)

        try:
            return self._calls.perform(call, session, act)
        except Refused as refused:
            if expect is not None and session is None and refused.reasons[0].code == "conflict":
                # What time had done was rolled back with the conflict; the caller, who looks again, is to see it.
                self._ticking.bring_up_to_date(case_id, self._calls.now())
            raise

    def tick(self, *, session: Any = None) -> Ticked:
        """Let happen what is due at the engine's clock: deadlines, places in the log, deliveries.

        Deadlines are warned of, breached or lapsed, each once, and recorded with what their workflow provides for then.
        Several processes may do this at once; they share the work.

        Args:
            session: A session of the caller whose transaction this joins; nothing is delivered then.

        Returns:
            How much was done; nothing is left that was due when it began, save what somebody else is working on, and
            deliveries that would have taken longer than some seconds.

        Raises:
            DatabaseError: The database cannot serve.
        """
        done = self._ticking.tick(self._calls.now(), session)
        if session is not None:
            return done
        return replace(done, leaves=self._outbox.sequence(), deliveries=self._outbox.deliver())

    def subscribe(
        self,
        handler: Handler,
        *,
        workflow: str | None = None,
        trigger: str | None = None,
        name: str | None = None,
        since: Literal["start", "now"] = "start",
    ) -> None:
        """Let a function of this process hear of entries as CloudEvents: of all, refusals and publications included.

        It is called by `tick`, after the commit and outside any transaction: at least once for each entry, and for each
        case in its order. Where it raises, the entry is tried again by a later tick, and later entries wait for it.

        Args:
            handler: Called with a `CloudEvent`.
            workflow: Only entries of this workflow.
            trigger: Only entries of this trigger; then attempts that were refused are left out.
            name: Under which the database remembers how far it has come, for every process that subscribes under it;
                default: `module.qualname` of the handler.
            since: Where a new subscription begins: at the `start` of the log, or `now`, behind its last entry.

        Raises:
            InputError: The handler is none, has no name of its own, or the name is in use here.
            DatabaseError: `now` was asked for, and the database cannot serve.
        """
        self._outbox.subscribe(handler, workflow=workflow, trigger=trigger, name=name, since=since)

    def work(self, stop: threading.Event, every: float = 1.0) -> None:
        """Tick again and again, until told to stop: what the command `worker` does.

        A database that cannot be reached is waited for. Many workers may work on one database.

        Args:
            stop: Ends it, after the tick that is under way.
            every: Seconds between the end of one tick and the next.

        Raises:
            DatabaseVersionError: The tables are missing, too old or too new.
        """
        failures: list[Exception] = []

        def deliver() -> None:
            try:
                self._repeat(self._outbox.deliver, stop, every)
            except Exception as error:  # noqa: BLE001 -- raised below, in the thread that somebody looks at
                failures.append(error)

        # Deliveries have a thread of their own: a slow subscriber keeps no deadline waiting.
        courier = threading.Thread(target=deliver, daemon=True)
        courier.start()
        try:
            self._repeat(self._due, stop, every)
        finally:
            stop.set()
            courier.join(COURIER_SECONDS)
        for failure in failures:
            raise failure

    def _due(self) -> int:
        """Do what is due but deliver; the number says nothing about what is left, so nobody hurries on."""
        self._ticking.tick(self._calls.now(), None)
        self._outbox.sequence()
        return 0

    def _repeat(self, do: Callable[[], int], stop: threading.Event, every: float) -> None:
        """Do something until told to stop; at once again while it says that there may be more, else after a rest."""
        while not stop.is_set():
            try:
                if do():
                    continue
            except DatabaseError as error:
                if isinstance(error, DatabaseVersionError):
                    stop.set()
                    raise
                log.warning("the database cannot serve; trying again", why=type(error).__name__)
            except BaseException:
                stop.set()  # Neither thread goes on without the other.
                raise
            stop.wait(every)

    def erase(
        self,
        case_id: str,
        fields: Iterable[str],
        *,
        by: Actor,
        approved_by: Actor,
        reason: str,
        session: Any = None,
    ) -> Case:
        """Erase the values of personal fields of a case; the record keeps that, and on whose word.

        Args:
            case_id: Which case.
            fields: Names of personal fields.
            by: Who asks for it; may read the fields.
            approved_by: A different person who approves it, and may read the fields too.
            reason: The legal basis.
            session: A session of the caller whose transaction this joins. Then the bytes leave the database's files
                with the caller's next erasure, or when the database cleans up.

        Raises:
            Refused: It is not allowed; recorded.
            UnknownCaseError: No case has this id.
        """
        firing = firing_of("erase", by, None, None, reason, None)
        names, approver = tuple(fields), admitted(approved_by)

        def act(deed: Deed, transaction: Transaction) -> Case | Refusal:
            return deed.erase(read_case(transaction, case_id, lock=True), firing, names, approver)

        case = self._calls.perform(Call("erase", case_id, firing), session, act)
        if session is None:
            self._calls.scrub()
        return case
