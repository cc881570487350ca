"""Published workflows: check, publish once, and hand out compiled law by its digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from accountability.analysis.folder import check
from accountability.audit.entry import Actor, Entry, decode, encode
from accountability.canonical import canonical
from accountability.definition.model import SYSTEM, Workflow
from accountability.definition.nearest import nearest
from accountability.errors import AccountabilityError, DefinitionError, InputError, RecordError, UnknownWorkflowError
from accountability.machine.compiler import CompiledWorkflow, compile_workflow
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


def chain_of(workflow: str) -> str:
    """Name the chain in which a workflow's publications and its refused starts are recorded."""
    return f"workflow:{workflow}"


def checked(paths: Iterable[str | Path]) -> tuple[Workflow, ...]:
    """Load and prove workflow files.

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
    return workflows


class Registry:
    """Hand out compiled law. What a digest names never changes, so it is compiled once per process."""

    def __init__(self) -> None:
        """Begin with nothing compiled."""
        self._compiled: dict[str, CompiledWorkflow] = {}
        self._log: str | None = None
        self._published: dict[str, datetime] = {}

    def log(self, transaction: Transaction) -> str:
        """Return the id of the database's log, which every entry names."""
        if self._log is None:
            self._log = transaction.log()
        return self._log

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
        stored = transaction.definition_of(workflow)
        if stored is None:
            raise unknown_workflow(workflow, [known.workflow for known in transaction.workflows()])
        self._published[stored.digest] = stored.registered_at
        return self.by_digest(transaction, stored.digest)


def _compiled(stored: StoredDefinition) -> CompiledWorkflow:
    try:
        return compile_workflow(Workflow.from_content(json.loads(stored.content)))
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


def publish(transaction: Transaction, log: str, workflow: Workflow, now: datetime) -> Registered:
    """Publish one version of a workflow, and record that in the workflow's own chain, before its first use.

    Raises:
        DefinitionError: This version is published with other content.
    """
    stored = transaction.definition_of(workflow.workflow, workflow.version)
    if stored is not None:
        if stored.digest != workflow.digest:
            raise DefinitionError(
                f"`{workflow.workflow}` version {workflow.version} is published with other content",
                cure=f"a published version never changes: write `version: {workflow.version + 1}`",
            )
        return Registered(workflow.workflow, workflow.version, workflow.digest, new=False)
    chain = chain_of(workflow.workflow)
    seq, leaf = transaction.head(chain) or (0, None)
    before = transaction.entry(chain, seq)
    if before is not None:
        # A clock that was set back must not let a version seem older than the one before it.
        now = max(now, decode(before.text, before.leaf).at)
    entry = Entry(
        log=log,
        case=chain,
        seq=seq + 1,
        workflow=workflow.workflow,
        version=workflow.version,
        definition=workflow.digest,
        kind="definition",
        trigger="register",
        source=None,
        target=None,
        actor=Actor(SYSTEM, {SYSTEM}),
        at=now,
        prev=leaf,
    )
    text, leaf = encode(entry)
    content = canonical(workflow.content).decode()
    transaction.publish_definition(
        StoredDefinition(workflow.digest, workflow.workflow, workflow.version, content, registered_at=now)
    )
    transaction.record_loose(chain, text, leaf, seq=entry.seq)
    return Registered(workflow.workflow, workflow.version, workflow.digest, new=True)
