"""Checks that span more than one case: laws, children, consulted cases, and values kept apart.

Each notes what entries say as they pass, and judges it at the end.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from accountability.audit.chain import PUBLISHED, Law
from accountability.audit.disclosure import erased_fields, opens
from accountability.audit.entry import Entry
from accountability.audit.pairing import Pairing
from accountability.audit.rows import DefinitionRow, OpeningRow
from accountability.audit.shape import is_hash
from accountability.audit.verdict import Tally, case_name, shown
from accountability.canonical import instant, read
from accountability.errors import AccountabilityError, CanonicalError, RecordError


class _Published(NamedTuple):
    """A publication, as a definition's row or its entry tells it."""

    workflow: str
    version: int
    at: str
    seq: int | None = None


CALENDAR = "calendar:"
"""Stands before the names of calendars among the definitions."""


class Laws:
    """Check that every law is stored as it was published, and was published before it was followed."""

    def __init__(self, rows: Iterable[DefinitionRow]) -> None:
        """Read every stored definition."""
        self.tally = Tally("definitions")
        self._stored: dict[str, _Published] = {}
        self._published: dict[str, _Published] = {}
        self._followed: dict[Law, tuple[datetime, str, int]] = {}
        for row in rows:
            self.tally.count += 1
            self._read(row)

    def note(self, entry: Entry) -> None:
        """Take an entry that publishes or follows a law."""
        law = (entry.workflow, entry.version, entry.definition)
        first = self._followed.get(law)
        if first is None or entry.at < first[0]:
            self._followed[law] = (entry.at, entry.case, entry.seq)
        if entry.kind == "definition":
            if entry.case != PUBLISHED + entry.workflow:
                self.tally.violated(entry.case, entry.seq, f"it publishes {shown(entry.workflow)}")
            published = _Published(entry.workflow, entry.version, instant(entry.at), entry.seq)
            if self._published.setdefault(entry.definition, published) is not published:
                self.tally.violated(entry.case, entry.seq, "this definition was published before")

    def judge(self) -> None:
        """Compare rows, publications and uses."""
        for digest, stored in self._stored.items():
            published = self._published.get(digest)
            if published is None or published[:3] != stored[:3]:
                message = f"no entry publishes version {stored.version}, {digest}, at {shown(stored.at)}"
                self.tally.violated(PUBLISHED + stored.workflow, None, message)
        for digest, published in self._published.items():
            if digest not in self._stored:
                message = f"the definition of version {published.version}, {digest}, is not stored"
                self.tally.violated(PUBLISHED + published.workflow, published.seq, message)
        versions = Counter(published[:2] for published in self._published.values())
        for (workflow, version), times in versions.items():
            if times > 1:
                self.tally.violated(PUBLISHED + workflow, None, f"version {version} was published {times} times")
        for (workflow, version, digest), (at, case, seq) in self._followed.items():
            known = self._published.get(digest)
            if known is None or known[:2] != (workflow, version):
                self.tally.violated(case, seq, f"it follows {workflow} {version}, {digest}, which was never published")
            elif instant(at) < known.at:
                self.tally.violated(case, seq, f"it follows {workflow} {version} before its publication")

    def _read(self, row: DefinitionRow) -> None:
        name = row.workflow
        try:
            content = read(row.content)
            if hashlib.sha256(row.content.encode()).hexdigest() != row.digest:
                raise RecordError(f"its hash is not the stored digest {shown(row.digest)}")
            name = _name(content)
            if (name, content.get("version")) != (row.workflow, row.version) or type(row.version) is not int:
                raise RecordError(f"its columns say {shown(row.workflow)} {shown(row.version)}")
            if row.digest in self._stored:
                raise RecordError("it is stored twice")
            self._stored[row.digest] = _Published(name, row.version, row.registered_at)
        except AccountabilityError as error:
            message = f"the stored definition {shown(row.digest)}: {error}"
            self.tally.violated(PUBLISHED + case_name(name), None, message)


def _name(content: Any) -> str:
    """Give the name under which a workflow, or a calendar, is published.

    Raises:
        RecordError: The content is neither.
    """
    if type(content) is dict:
        if type(content.get("workflow")) is str:
            return str(content["workflow"])
        if "workflow" not in content and type(content.get("calendar")) is str:
            return CALENDAR + str(content["calendar"])
    raise RecordError("it names neither a workflow nor a calendar")


class _Birth(NamedTuple):
    """How a child case came to be, as its parent's entry or its own first entry tells it."""

    parent: str
    seq: int
    link: str
    workflow: str
    leaf: str


class Kinship:
    """Check that every child was opened by the entry it names, and that every child an entry opened is there."""

    def __init__(self) -> None:
        """Know nobody."""
        self.tally = Tally("children")
        self._named: dict[str, _Birth] = {}
        self._born: dict[str, _Birth] = {}

    def note(self, entry: Entry) -> None:
        """Take a link that opens children, or is the first of a child."""
        for child in entry.children:
            birth = _Birth(entry.case, entry.seq, child["link"], child["workflow"], child["leaf"])
            if self._named.setdefault(child["case"], birth) is not birth:
                self.tally.violated(entry.case, entry.seq, f"the child {shown(child['case'])} was opened before")
        if entry.parent is not None and entry.seq == 1:
            parent, seq = entry.parent["case"], entry.parent["seq"]
            self._born.setdefault(entry.case, _Birth(parent, seq, entry.link or "", entry.workflow, entry.leaf))

    def judge(self) -> None:
        """Compare what parents and children tell."""
        for child in sorted(self._named.keys() | self._born.keys()):
            self.tally.count += 1
            named, born = self._named.get(child), self._born.get(child)
            if named is None and born is not None:
                self.tally.violated(child, 1, f"entry {born.seq} of case {born.parent} did not open it")
            elif named is not None and born is None:
                message = f"entry {named.seq} of case {named.parent} opened it, but it has no first entry that says so"
                self.tally.violated(child, None, message)
                self.tally.violated(named.parent, named.seq, f"the child {child} that it opened is missing")
            elif named is not None and named != born:
                message = f"its first entry is not what entry {named.seq} of case {named.parent} opened"
                self.tally.violated(child, 1, message)


class Consulted:
    """Check that what an entry saw of another case is there."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.tally = Tally("consulted")
        self._seen: dict[str, tuple[int, str, int]] = {}

    def note(self, entry: Entry) -> None:
        """Take an entry that looked at other cases."""
        for other, seq in entry.saw.items():
            if other not in self._seen or seq > self._seen[other][0]:
                self._seen[other] = (seq, entry.case, entry.seq)

    def judge(self, lengths: Mapping[str, int]) -> None:
        """Compare with the lengths of all chains."""
        for other, (seq, case, by) in self._seen.items():
            self.tally.count += 1
            if lengths.get(other, 0) < seq:
                self.tally.violated(other, None, f"entry {by} of case {case} saw its entry {seq}, which is missing")


class _Commitment(NamedTuple):
    """A commitment, and the place of the entry that erased its value, if one did."""

    hash: str
    erased_by: int | None


class Disclosures:
    """Check that each value kept apart opens its commitment, or was erased with a warrant."""

    def __init__(self, rows: Iterable[OpeningRow]) -> None:
        """Stand before the first row."""
        self.tally = Tally("openings")
        self._pairing: Pairing[Any, _Commitment, OpeningRow] = Pairing(((row[:3], row) for row in rows), self._judge)

    def note(self, entries: Iterable[Entry]) -> None:
        """Take the entries of one case that keep values apart or erase them, oldest first."""
        erased: dict[str, int] = {}
        apart = []
        for entry in entries:
            apart += [(entry.case, entry.seq, field, value) for field, value in entry.withheld.items()]
            if entry.kind == "erasure":
                fields = erased_fields(entry)
                erased |= dict.fromkeys(fields, entry.seq)
                if not fields:
                    message = "the erasure names no fields, or no approval by a second person"
                    self.tally.violated(entry.case, entry.seq, message)
        for case, seq, field, value in apart:
            by = erased.get(field, 0)
            self._pairing.push((case, seq, field), _Commitment(value, by if by > seq else None))

    def judge(self) -> None:
        """Read the remaining rows."""
        self._pairing.finish()

    def _judge(self, key: tuple[Any, Any, Any], commitment: _Commitment | None, row: OpeningRow | None) -> None:
        self.tally.count += 1
        case, seq, field = key
        if commitment is None:
            self.tally.violated(case, seq, f"a value of {shown(field)} is kept that no entry commits to")
        elif commitment.erased_by is not None and row is None:
            self.tally.add(
                "erased", case, seq, f"`{field}` was erased with the warrant of entry {commitment.erased_by}"
            )
        elif commitment.erased_by is not None:
            self.tally.violated(case, seq, f"`{field}` is kept, though entry {commitment.erased_by} erased it")
        elif row is None:
            self.tally.violated(case, seq, f"the value of `{field}` is missing without a warrant")
        elif not _opens(commitment.hash, row):
            self.tally.violated(case, seq, f"the value or the salt of `{field}` is not what was committed to")


def _opens(commitment: str, row: OpeningRow) -> bool:
    """Tell whether a stored value and salt, whatever the cells hold, open a commitment."""
    if not is_hash(row.salt):
        # A salt is as long as a hash: 32 bytes in lower-case hex.
        return False
    try:
        return opens(commitment, row.field, read(row.value), bytes.fromhex(row.salt))
    except CanonicalError:
        return False
