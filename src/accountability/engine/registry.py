"""Handing out law: compiled workflows and calendars, by name or by the digest that pins them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from accountability.audit.across import CALENDAR
from accountability.calendars.calendar import BUILT_IN, Calendar
from accountability.definition.model import Workflow
from accountability.definition.nearest import nearest
from accountability.errors import AccountabilityError, RecordError, UnknownWorkflowError
from accountability.machine.compiler import CompiledWorkflow, compile_workflow
from accountability.store.stored import StoredDefinition
from accountability.store.transaction import Transaction


def chain_of(workflow: str) -> str:
    """Name the chain in which a workflow's publications and its refused starts are recorded."""
    return f"workflow:{workflow}"


def calendar_name(name: str) -> str:
    """Name a calendar among the definitions, where no workflow can have its name."""
    return f"{CALENDAR}{name}"


class Registry:
    """Hand out compiled law. What a digest names never changes, so it is compiled once per process."""

    def __init__(self) -> None:
        """Begin with nothing compiled."""
        self._compiled: dict[str, CompiledWorkflow] = {}
        self._calendars: dict[str, Calendar] = {calendar.digest: calendar for calendar in BUILT_IN.values()}
        self._logs: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        self._published: dict[str, datetime] = {}

    def share(self, other: Registry) -> None:
        """Hand out what another registry has compiled, and the other way round: a digest means the same everywhere."""
        self._compiled, self._calendars = other._compiled, other._calendars

    def log(self, transaction: Transaction) -> str:
        """Return the id of the database's log, which every entry names.

        It is remembered as long as the connection: behind the same name there may be another database later.
        """
        connection = transaction.connection
        try:
            return self._logs[connection]
        except KeyError:
            log = self._logs[connection] = transaction.log()
            return log
        except TypeError:
            return transaction.log()  # a caller's connection on SQLite knows no weak references

    def not_before(self, law: CompiledWorkflow, now: datetime) -> datetime:
        """Return the moment at which a case begins under the newest law: never before that was published.

        Clocks of two computers differ, and one may be set back; the order of the record does not follow them.
        """
        return max(now, self._published.get(law.digest, now))

    def by_digest(self, transaction: Transaction, digest: str) -> CompiledWorkflow:
        """Return the law with this digest.

        Raises:
            UnknownWorkflowError: No such definition is published.
        """
        law = self._compiled.get(digest)
        if law is None:
            stored = transaction.definition(digest)
            if stored is None:
                raise UnknownWorkflowError(f"no definition {digest} is published", cure="run `accountability verify`")
            law = self._compiled[digest] = _compiled(stored)
        return law

    def latest(self, transaction: Transaction, workflow: str) -> CompiledWorkflow:
        """Return the newest version of a workflow.

        Raises:
            UnknownWorkflowError: No version of it is published.
        """
        newest = transaction.newest(workflow)
        if newest is None:
            raise unknown_workflow(workflow, [known.workflow for known in transaction.workflows()])
        digest, self._published[newest[0]] = newest
        return self.by_digest(transaction, digest)

    def calendar(self, transaction: Transaction, law: CompiledWorkflow) -> Calendar | None:
        """Return the newest edition of the calendar that a law counts by; None where none is published."""
        if law.calendar in BUILT_IN:
            return BUILT_IN[law.calendar]
        newest = transaction.newest(calendar_name(law.calendar))
        return None if newest is None else self.calendar_by_digest(transaction, newest[0])

    def calendar_by_digest(self, transaction: Transaction, digest: str) -> Calendar | None:
        """Return the edition of a calendar with this digest; None where it is not published."""
        calendar = self._calendars.get(digest)
        if calendar is None:
            stored = transaction.definition(digest)
            if stored is None or not stored.workflow.startswith(CALENDAR):
                return None
            calendar = self._calendars[digest] = Calendar.from_content(_content(stored))
        return calendar


def _content(stored: StoredDefinition) -> Mapping[str, Any]:
    try:
        content: Mapping[str, Any] = json.loads(stored.content)
    except ValueError as error:
        raise RecordError(f"the stored definition of `{stored.workflow}` is not JSON: {error}") from error
    return content


def _compiled(stored: StoredDefinition) -> CompiledWorkflow:
    try:
        return compile_workflow(Workflow.from_content(dict(_content(stored))))
    except (ValueError, AccountabilityError) as error:
        raise RecordError(f"the stored definition of `{stored.workflow}` cannot be read: {error}") from error


def unknown_workflow(workflow: str, known: Sequence[str]) -> UnknownWorkflowError:
    """Say that a workflow is not published, and which one may have been meant."""
    meant = nearest(workflow, known)
    if meant:
        cure = f"did you mean `{meant}`?"
    elif known:
        cure = f"published: {', '.join(sorted(known))}"
    else:
        cure = "run `accountability register` on the folder with your workflows"
    return UnknownWorkflowError(f"no workflow `{workflow}` is registered", cure=cure)
