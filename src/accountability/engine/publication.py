"""Publishing law: workflows and calendars, checked, each edition once and for good, recorded before its first use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from accountability.analysis.folder import check
from accountability.audit.entry import Actor, Entry, decode, encode
from accountability.calendars.calendar import BUILT_IN, Calendar
from accountability.canonical import canonical
from accountability.definition.model import SYSTEM, Workflow
from accountability.engine.registry import Registry, calendar_name, chain_of
from accountability.errors import DefinitionError, InputError
from accountability.store.stored import StoredDefinition
from accountability.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Registered:
    """One workflow, as `register` left it.

    Attributes:
        workflow, version, digest: What is published.
        new: Whether it was published now; False where it had been before.
    """

    workflow: str
    version: int
    digest: str
    new: bool

    def as_json(self) -> dict[str, Any]:
        """Give it in the shape that the command line prints."""
        return {"workflow": self.workflow, "version": self.version, "digest": self.digest, "new": self.new}


@dataclass(frozen=True, slots=True)
class Law:
    """What was checked and may be published.

    Attributes:
        workflows: The workflows, in the order of the files.
        calendars: The calendars they count by, by name; built-in ones need no publication.
    """

    workflows: tuple[Workflow, ...]
    calendars: tuple[Calendar, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of it.

    Attributes:
        workflows: One line for each workflow.
        renewed: The calendars of which a newer edition was published now.
    """

    workflows: tuple[Registered, ...]
    renewed: tuple[Calendar, ...]


def checked(paths: Iterable[str | Path]) -> Law:
    """Load and prove workflow files, and find the calendars they count by.

    Raises:
        DefinitionError: A file has an error; carries all findings.
        InputError: A path does not exist, or there is no workflow under the paths.
    """
    named = list(paths)
    if not all(isinstance(path, (str, Path)) for path in named):
        raise InputError(f"the paths are {named!r}", cure="name files and folders")
    result = check([Path(path) for path in named])
    errors = [finding for finding in result.findings if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise DefinitionError(
            f"{len(errors)} error{'s' * (len(errors) > 1)}; the first: {first.file}:{first.line}: {first.message}",
            [finding.as_json() for finding in result.findings],
            cure="run `accountability check` on these files: it shows each place and its cure",
        )
    workflows = tuple(loaded.workflow for loaded in result.loaded if loaded.workflow is not None)
    if not workflows:
        raise InputError("there is no workflow under these paths", cure="name a workflow file, or a folder with some")
    needed = {workflow.calendar for workflow in workflows} - BUILT_IN.keys()
    return Law(workflows, tuple(result.calendars[name] for name in sorted(needed)))


def publish_all(transaction: Transaction, registry: Registry, law: Law, now: datetime) -> Published:
    """Publish workflows, and the calendars they count by before them; deadlines that run are looked at again.

    Raises:
        DefinitionError: A published version would change.
    """
    log = registry.log(transaction)
    renewed = tuple(calendar for calendar in law.calendars if _publish_calendar(transaction, log, calendar, now))
    wake(transaction, registry, renewed, now)
    return Published(tuple(_publish_workflow(transaction, registry, log, one, now) for one in law.workflows), renewed)


def _publish_calendar(transaction: Transaction, log: str, calendar: Calendar, now: datetime) -> bool:
    """Publish an edition of a calendar; say whether it follows an older one.

    One that came too late for its number is left out.
    """
    name = calendar_name(calendar.name)
    newest, known = transaction.definition_of(name), transaction.definition_of(name, calendar.version)
    if newest is not None and newest.version > calendar.version and known is None:
        return False
    edition = _Edition(name, calendar.version, calendar.digest, calendar.content)
    return _publish(transaction, log, edition, now) and newest is not None


def _publish_workflow(
    transaction: Transaction, registry: Registry, log: str, workflow: Workflow, now: datetime
) -> Registered:
    edition = _Edition(workflow.workflow, workflow.version, workflow.digest, workflow.content)
    new = _publish(transaction, log, edition, now)
    reads = registry.by_digest(transaction, workflow.digest).reads if workflow.reads else {}
    for read in reads.values():
        for field in sorted(read.fields):
            transaction.keep_lookup(read.workflow, field)
    return Registered(workflow.workflow, workflow.version, workflow.digest, new=new)


def wake(transaction: Transaction, registry: Registry, calendars: Iterable[Calendar], now: datetime) -> None:
    """Let every case whose deadlines an older edition may have given be looked at, at the next tick."""
    names = {calendar.name for calendar in calendars}
    for digest in transaction.digests() if names else ():
        if registry.by_digest(transaction, digest).calendar in names:
            transaction.wake_all(digest, now)


@dataclass(frozen=True, slots=True)
class _Edition:
    """What is published, of whatever kind."""

    name: str
    version: int
    digest: str
    content: Mapping[str, Any]


def _publish(transaction: Transaction, log: str, edition: _Edition, now: datetime) -> bool:
    """Publish one edition, and record that in a chain of its own; say whether it is new.

    Raises:
        DefinitionError: This version is published with other content.
    """
    stored = transaction.definition_of(edition.name, edition.version)
    if stored is not None:
        if stored.digest != edition.digest:
            raise DefinitionError(
                f"`{edition.name}` version {edition.version} is published with other content",
                cure=f"a published version never changes: write `version: {edition.version + 1}`",
            )
        return False
    chain = chain_of(edition.name)
    seq, leaf = transaction.head(chain) or (0, None)
    before = transaction.entry(chain, seq)
    if before is not None:
        # A clock that was set back must not let a version seem older than the one before it.
        now = max(now, decode(before.text, before.leaf).at)
    entry = Entry(
        log=log,
        case=chain,
        seq=seq + 1,
        workflow=edition.name,
        version=edition.version,
        definition=edition.digest,
        kind="definition",
        trigger="register",
        source=None,
        target=None,
        actor=Actor(SYSTEM, {SYSTEM}),
        at=now,
        prev=leaf,
    )
    text, leaf = encode(entry)
    content = canonical(edition.content).decode()
    transaction.publish_definition(
        StoredDefinition(edition.digest, edition.name, edition.version, content, registered_at=now)
    )
    transaction.record_loose(chain, text, leaf, seq=entry.seq)
    return True
