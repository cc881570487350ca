"""One call of a verb that writes: one transaction, begun again when somebody was faster, remembered under its key."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from accountability.canonical import digest, instant
from accountability.clock import Clock
from accountability.engine.firing import Deed
from accountability.engine.identifiers import Draw
from accountability.engine.reading import case_then
from accountability.engine.registry import Registry
from accountability.errors import CanonicalError, DatabaseError, InputError, Reason, Refused
from accountability.machine.case import Case, Firing, Refusal
from accountability.store.database import Database
from accountability.store.failures import Conflict, ConnectionLost
from accountability.store.transaction import Transaction

TRIES_MAX = 5
"""How often a call begins when somebody else was faster each time, or the connection was lost."""

Result = TypeVar("Result")

# Nothing is printed unless the application configures logging; how it looks is the application's choice.
_logger = logging.getLogger("accountability")
_logger.addHandler(logging.NullHandler())


def _in_words(_logger: Any, _name: str, told: MutableMapping[str, Any]) -> dict[str, Any]:
    """Put the facts into the message, for plain formatters, and beside it, for those that keep them apart."""
    said = told.pop("event")
    facts = ", ".join(f"{name} {value}" for name, value in told.items())
    return {"msg": f"{said}: {facts}" if facts else said, "extra": dict(told)}


log = structlog.wrap_logger(
    _logger,
    processors=[structlog.stdlib.filter_by_level, _in_words],
    wrapper_class=structlog.stdlib.BoundLogger,
).bind()


@dataclass(frozen=True, slots=True)
class Call:
    """What a caller asked for.

    Attributes:
        verb: `start`, `fire` or `erase`.
        place: The case, or the workflow that is started.
        firing: The attempt.
        key: The caller's key, if there is one.
    """

    verb: str
    place: str
    firing: Firing
    key: str | None = None

    @property
    def case(self) -> str:
        """The case that a refusal is recorded with."""
        return f"workflow:{self.place}" if self.verb == "start" else self.place

    def content(self) -> str:
        """Digest everything that was asked for, so that the same key with other content can be told apart."""
        firing = self.firing
        return digest(
            {
                "verb": self.verb,
                "place": self.place,
                "trigger": firing.trigger,
                "actor": firing.actor.as_json(),
                "data": firing.data,
                "documents": [document.as_json() for document in firing.documents],
                "reason": firing.reason,
                "occurred": None if firing.occurred is None else instant(firing.occurred),
            }
        )

    def conflict(self, message: str, **detail: Any) -> Refused:
        """Make the refusal for what is nobody's fault; it is not recorded."""
        return Refused(self.case, self.firing.trigger, [Reason("conflict", message, detail)])


class Calls:
    """Carry out calls on one database."""

    def __init__(self, database: Database, registry: Registry, clock: Clock, draw: Draw) -> None:
        """Work with these."""
        self._database = database
        self._registry = registry
        self._clock = clock
        self._draw = draw

    def deed(self, transaction: Transaction, now: datetime, key: tuple[str, str] | None = None) -> Deed:
        """Begin a deed; see `Deed`."""
        return Deed(transaction, self._registry, now, self._draw, key)

    def now(self) -> datetime:
        """Read the clock, in UTC."""
        return self._clock.now().astimezone(UTC)

    def perform(self, call: Call, session: Any, act: Callable[[Deed, Transaction], Case | Refusal]) -> Case:
        """Carry out a call, or raise its refusal after it was recorded.

        Args:
            call: What was asked for.
            session: The caller's session, whose transaction is joined; None for one of our own.
            act: Decides and writes, given the deed and the transaction.

        Returns:
            The case, with the withheld fields that the actor may read.

        Raises:
            Refused: The rules do not allow it, or somebody else was faster `TRIES_MAX` times.
            InputError: Something that was given has no canonical form.
        """

        def work(transaction: Transaction) -> Case | Refusal:
            if call.key is not None and (earlier := self._earlier(transaction, call)) is not None:
                return earlier
            key = None if call.key is None else (call.key, call.content())
            deed = self.deed(transaction, self.now(), key)
            outcome = act(deed, transaction)
            return outcome if isinstance(outcome, Refusal) else deed.view.shown(outcome, call.firing.actor)

        try:
            outcome = self.transact(
                session, work, brief=call.verb == "fire" and call.key is None, repeatable=call.key is not None
            )
        except Conflict as error:
            raise call.conflict("somebody else was faster; look again and retry") from error
        except CanonicalError as error:
            # Entries are encoded before anything is written, so nothing is half done.
            raise InputError(f"the act cannot be recorded: {error}", cure=error.cure) from error
        if isinstance(outcome, Refusal):
            codes = [reason.code for reason in outcome.reasons]
            log.info("refused", case=call.case, trigger=outcome.trigger, codes=codes)
            raise Refused(call.case, outcome.trigger, outcome.reasons)
        if _logger.isEnabledFor(logging.INFO):
            log.info("done", case=outcome.id, workflow=outcome.workflow, state=outcome.state, seq=outcome.seq)
        return outcome

    def transact(
        self, session: Any, work: Callable[[Transaction], Result], *, brief: bool = False, repeatable: bool = False
    ) -> Result:
        """Do the work in one transaction; begin again, within bounds, when somebody else was faster.

        A connection that was lost before the commit was sent has left nothing behind, so the work begins again on
        another one. After that nobody knows, and only what may be repeated does.

        Args:
            session: The caller's session, if there is one; then only the caller can begin again.
            work: What to do.
            brief: Whether the first try may be brief, see `Database.transaction`.
            repeatable: Whether the work, done a second time, finds the first and does nothing.

        Raises:
            Conflict: Somebody else was faster each time.
            DatabaseError: The database cannot serve.
        """
        if session is not None:
            with self._database.transaction(session) as transaction:
                return work(transaction)
        tries = 0
        doubt: DatabaseError | None = None
        while True:
            tries += 1
            try:
                with self._database.transaction(brief=brief and tries == 1) as transaction:
                    return work(transaction)
            except DatabaseError as error:
                doubt = error if error.outcome_unknown else doubt
                passing = isinstance(error, (Conflict, ConnectionLost)) and tries < TRIES_MAX
                if passing and (doubt is None or repeatable):
                    continue
                if doubt is None or doubt is error:
                    raise
                # Whatever came after it, nobody knows what became of a commit that was sent.
                raise doubt from error

    def scrub(self) -> None:
        """Let erased bytes leave the files. What hinders it does not undo the erasure; the next one tries again."""
        try:
            done = self._database.scrub()
        except DatabaseError as error:
            log.warning("erased bytes are still in the files", why=str(error))
        else:
            if not done:
                log.warning("erased bytes are still in the files", why="somebody was reading")

    def _earlier(self, transaction: Transaction, call: Call) -> Case | None:
        """Return the first result under a key, if it was used before with the same content."""
        stored = transaction.key(call.key or "")
        if stored is None:
            return None
        if stored.digest != call.content():
            raise call.conflict(f"the key {call.key!r} was used with other content", key=call.key)
        return case_then(transaction, self._registry, stored.case_id, seq=stored.seq, by=call.firing.actor)
