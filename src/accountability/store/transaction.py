"""One unit of work: everything that may be read or written between a beginning and a commit.

It runs prepared texts on the driver's own cursor and builds no row objects, because a firing passes through here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from accountability.canonical import canonical, instant, moment
from accountability.errors import RecordError
from accountability.machine.case import Case, Child
from accountability.store.columns import case_columns, case_from, moving_columns, timed_columns
from accountability.store.failures import KeyTaken, VersionTaken
from accountability.store.feed import Feed
from accountability.store.lookup import Lookup
from accountability.store.queries import CASE, DEFINITION, ENTRY, OPENING
from accountability.store.stored import StoredDefinition, StoredEntry, StoredKey, StoredOpening

_END = chr(ord(".") + 1)

_KIND = ":"
"""Stands in the name of a definition that is no workflow's, after its kind: `calendar:cn`."""

Wake = tuple[str, str]
"""When a case is to be looked at, as it is stored, and its id."""


class Transaction(Feed, Lookup):
    """Read and write within one transaction of the database.

    It belongs to the thread that opened it and ends with the `with` block of `Database.transaction`. What iterates
    streams in batches, so it must be used up before that end.
    """

    # Cases

    def case(self, case_id: str, *, lock: bool = False) -> Case | None:
        """Read a case as it stands, without its children.

        Args:
            case_id: Its id.
            lock: Whether the case will be written: nobody else can move it until this transaction ends.

        Returns:
            The case, or None when there is none of this id.
        """
        if lock and self._brief:
            lock = self._lock_briefly()
        row = self._one(self._sql.case_locked if lock else self._sql.case, {"id": case_id})
        return None if row is None else case_from(row)

    def children(self, case_id: str) -> tuple[Child, ...]:
        """Read the cases that a case opened, oldest first, with their data."""
        rows = self._all(self._sql.children, {"id": case_id})
        try:
            return tuple(
                Child(link, id_, workflow, state, bool(closed), json.loads(data), seq, definition)
                for link, id_, workflow, state, closed, data, seq, definition in rows
            )
        except (ValueError, TypeError) as error:
            raise RecordError(f"a case that {case_id} opened cannot be read") from error

    def cases(
        self, *, workflow: str | None = None, state: str | None = None, closed: bool | None = None
    ) -> Iterator[Case]:
        """Read cases in the order of their ids, streaming.

        Args:
            workflow: Only cases of this workflow.
            state: Only cases in this state, or in a state inside it.
            closed: Only closed, or only open cases.
        """
        chosen = {"workflow": workflow, "state": state, "closed": closed}
        values: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
        text = self._sql.cases[frozenset(values)]
        if state is not None:
            values |= {"inside": f"{state}.", "beyond": state + _END}
        return map(case_from, self._stream(text, values))

    # Time

    def waking(self, now: datetime, count: int, after: Wake = ("", "")) -> tuple[Wake, ...]:
        """Claim cases that time has something to do with, earliest first, until this transaction ends.

        What somebody else has claimed, or is moving, is left to them (PostgreSQL); SQLite lets one write at a time.

        Args:
            now: The moment, UTC.
            count: At most so many.
            after: Only those behind this one.

        Returns:
            For each case its time to wake, and its id.
        """
        values = {"now": instant(now), "count": count, "after_wake": after[0], "after_id": after[1]}
        return tuple((wake, id_) for wake, id_ in self._all(self._sql.waking, values))

    def set_wake(self, case: Case) -> None:
        """Write when somebody is to look at a case; nothing of it changes."""
        wake = None if case.wake is None else instant(case.wake)
        self._run(self._sql.set_wake, {"id": case.id, "seq": case.seq, "wake": wake})

    def wake_all(self, definition: str, now: datetime) -> None:
        """Let somebody look, from now on, at every case of a definition whose deadlines run."""
        self._run(self._sql.wake_all, {"definition": definition, "now": instant(now)})

    # The record

    def record(
        self,
        case: Case,
        text: str,
        leaf: str,
        *,
        before: int | None,
        openings: Iterable[StoredOpening] = (),
        timed: bool = True,
    ) -> None:
        """Write an entry and the case as it stands after it.

        Args:
            case: The case after the entry; its `seq` is the entry's place in the chain.
            text: The entry's exact text.
            leaf: The entry's hash, lower-case hex.
            before: The `seq` at which the case was read; None when the entry opens the case.
            openings: The values behind the entry's commitments.
            timed: Whether the case's deadlines, or its time to wake, may have changed.

        Raises:
            StaleCase: The case is not at `before`, or exists already. The transaction should be given up.
        """
        values: dict[str, Any] = {"case_id": case.id, "bytes": text, "leaf": leaf}
        if before is None:
            texts, values = self._sql.open_case, {**values, **case_columns(case)}
        else:
            texts, values = self._sql.move_case[timed], {**values, **moving_columns(case), "before": before}
            values |= {"id": case.id, **(timed_columns(case) if timed else {})}
        self._write(texts, values, case.id)
        for opening in openings:
            self._do(partial(self._run, self._sql.add_opening, _opening_columns(opening)))

    def record_loose(self, case_id: str, text: str, leaf: str, *, seq: int | None = None) -> None:
        """Write an entry that moves no case: a refusal, or a definition's publication.

        Args:
            case_id: The case that was met, or `workflow:NAME`.
            text: The entry's exact text.
            leaf: The entry's hash, lower-case hex.
            seq: Place in the chain of `workflow:NAME`; None for a refusal, which has none.

        Raises:
            StaleCase: The chain has an entry at `seq` already.
        """
        self._write(self._sql.write_entry, {"case_id": case_id, "seq": seq, "bytes": text, "leaf": leaf}, case_id)

    def log(self) -> str:
        """Read the id of this database's log; empty where somebody removed it."""
        row = self._one(self._sql.log, {})
        return "" if row is None else str(row[0])

    def entries(self, case_id: str | None = None, *, refusals: bool = True) -> Iterator[StoredEntry]:
        """Read entries in the order of writing, streaming. Within a case that is the order of its chain.

        Args:
            case_id: Only entries of this case; None for all.
            refusals: Whether refusals are given too.
        """
        text = self._sql.entries[case_id is not None, refusals]
        return (StoredEntry(*row) for row in self._stream(text, {} if case_id is None else {"case_id": case_id}))

    def entry(self, case_id: str, seq: int) -> StoredEntry | None:
        """Read the entry at a place in a case's chain."""
        row = self._one(self._sql.entry, {"case_id": case_id, "seq": seq})
        return None if row is None else StoredEntry(*row)

    def head(self, case_id: str) -> tuple[int, str] | None:
        """Read the highest `seq` of a chain and its leaf, from the entries; None for a chain without entries."""
        row = self._one(self._sql.head, {"case_id": case_id})
        return None if row is None else (row[0], row[1])

    # Definitions

    def definition(self, digest: str) -> StoredDefinition | None:
        """Read a definition by its digest."""
        return _definition(self._one(self._sql.definition, {"digest": digest}))

    def definition_of(self, workflow: str, version: int | None = None) -> StoredDefinition | None:
        """Read a workflow's definition: the given version, or the highest."""
        if version is None:
            return _definition(self._one(self._sql.definition_latest, {"workflow": workflow}))
        return _definition(self._one(self._sql.definition_version, {"workflow": workflow, "version": version}))

    def newest(self, workflow: str) -> tuple[str, datetime] | None:
        """Read the digest of a workflow's highest version, and when that was published."""
        row = self._one(self._sql.digest_latest, {"workflow": workflow})
        return None if row is None else (row[0], moment(row[1]))

    def digests(self) -> tuple[str, ...]:
        """Read the digest of every version of every workflow."""
        return tuple(digest for digest, name in self._all(self._sql.digests) if _KIND not in name)

    def workflows(self) -> tuple[StoredDefinition, ...]:
        """Read the highest version of each workflow, by name."""
        found = (_definition(row) for row in self._all(self._sql.workflows))
        return tuple(one for one in found if one is not None and _KIND not in one.workflow)

    def publish_definition(self, definition: StoredDefinition) -> None:
        """Write a new version of a workflow, for good.

        Raises:
            VersionTaken: This version, or this content, is published already.
        """
        if not self._added(self._sql.add_definition, _definition_columns(definition)):
            raise VersionTaken(f"{definition.workflow} version {definition.version} is published already")

    # Keys

    def key(self, key: str) -> StoredKey | None:
        """Read what a caller's key was used for."""
        row = self._one(self._sql.key, {"key": key})
        return None if row is None else StoredKey(*row)

    def remember_key(self, key: StoredKey) -> None:
        """Write what a caller's key was used for.

        Raises:
            KeyTaken: The key was used before, perhaps a moment ago. The transaction can go on.
        """
        values = {"key": key.key, "digest": key.digest, "case_id": key.case_id, "seq": key.seq}
        if not self._added(self._sql.add_key, values):
            raise KeyTaken(f"the key {key.key!r} was used before")

    def forget_keys(self, case_id: str) -> None:
        """Forget what the keys of a case were used with; they stay taken, for no request any more."""
        self._run(self._sql.forget_keys, {"digest": "", "case_id": case_id})

    # Withheld values

    def withheld(self, case_id: str) -> dict[str, Any]:
        """Read the withheld fields of a case as they stand: the value of the latest entry for each."""
        return {opening.field: opening.value for opening in self.openings(case_id)}

    def openings(self, case_id: str) -> tuple[StoredOpening, ...]:
        """Read the values and salts behind a case's commitments, oldest first."""
        rows = self._all(self._sql.case_openings, {"case_id": case_id})
        try:
            return tuple(
                StoredOpening(case, seq, field, salt, json.loads(value)) for case, seq, field, salt, value in rows
            )
        except (ValueError, TypeError):
            # Not from the error, which would quote the value.
            raise RecordError(f"a withheld value of {case_id} cannot be read") from None

    def erase_openings(self, case_id: str, fields: Iterable[str]) -> int:
        """Delete every value and salt of some fields of a case; the commitments stay in the entries.

        Call `Database.scrub` after the commit, so that the bytes leave the files too.

        Returns:
            How many values were deleted.
        """
        if self._sql.dialect == "sqlite":
            self._run("PRAGMA secure_delete = ON")
        erased = 0
        for field in fields:
            erased += self._run(self._sql.erase_opening, {"case_id": case_id, "field": field}).rowcount
        return erased

    # Rows as they lie there, for the verifier, which believes nothing

    @contextmanager
    def any_text(self) -> Iterator[None]:
        """Read text cells whatever bytes they hold: SQLite keeps what it is given, and would refuse to hand it out."""
        if self._sql.dialect != "sqlite":
            yield
            return
        usual = self._connection.text_factory
        self._connection.text_factory = lambda stored: stored.decode(errors="surrogateescape")
        try:
            yield
        finally:
            self._connection.text_factory = usual

    def case_rows(self) -> Iterator[dict[str, Any]]:
        """Read the rows of all cases, by id, streaming."""
        return self._rows(self._sql.cases[frozenset()], CASE)

    def definition_rows(self) -> Iterator[dict[str, Any]]:
        """Read the rows of all definitions, by workflow and version, streaming."""
        return self._rows(self._sql.definitions, DEFINITION)

    def entry_rows(self) -> Iterator[dict[str, Any]]:
        """Read the rows of all entries, by case, refusals first, then by place in the chain, streaming.

        Cases come in the order of `case_rows`, which is the order in which Python sorts text.
        """
        return self._rows(self._sql.chains, ENTRY)

    def opening_rows(self) -> Iterator[dict[str, Any]]:
        """Read the rows of all withheld values, by case, entry and field, streaming."""
        return self._rows(self._sql.openings, OPENING)

    def pending_ids(self) -> Iterator[int]:
        """Read the ids of the entries that are not yet leaves of the log's tree, streaming."""
        return (row[0] for row in self._stream(self._sql.pending))


def _definition(row: Any) -> StoredDefinition | None:
    if row is None:
        return None
    digest, workflow, version, content, registered_at = row
    return StoredDefinition(digest, workflow, version, content, moment(registered_at))


def _definition_columns(definition: StoredDefinition) -> dict[str, Any]:
    return {
        "digest": definition.digest,
        "workflow": definition.workflow,
        "version": definition.version,
        "content": definition.content,
        "registered_at": instant(definition.registered_at),
    }


def _opening_columns(opening: StoredOpening) -> dict[str, Any]:
    return {
        "case_id": opening.case_id,
        "seq": opening.seq,
        "field": opening.field,
        "salt": opening.salt,
        "value": canonical(opening.value).decode(),
    }
