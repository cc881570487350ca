"""Check a whole record: every byte, every link, and every row that follows from them.

The verifier reads plain rows and trusts none of them: a cell may hold anything. It shares no code with the party it
verifies but the form of an entry; how entries make a case is handed to it as `fold`.

Before the log is sealed by a signed checkpoint, whoever can write the database can still rewrite the end of a chain
together with its case row, or remove a whole case with everything that names it: chains alone cannot show that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from accountability.audit.across import Consulted, Disclosures, Kinship, Laws
from accountability.audit.chain import PUBLISHED, Chain, Law
from accountability.audit.entry import ENTRY_BYTES_MAX, Entry, from_body, leaf_hash
from accountability.audit.pairing import Pairing
from accountability.audit.places import Places
from accountability.audit.rows import CaseRow, DefinitionRow, EntryRow, LeafRow, OpeningRow
from accountability.audit.verdict import Check, Problem, Tally, Verdict, apart, case_name, shown
from accountability.canonical import read
from accountability.errors import AccountabilityError, RecordError

__all__ = [
    "CaseRow",
    "Check",
    "DefinitionRow",
    "EntryRow",
    "Fold",
    "LeafRow",
    "OpeningRow",
    "Problem",
    "Verdict",
    "verify",
]

PROGRESS_EVERY = 1000
"""Entries between two calls of `progress`."""

Fold = Callable[[Sequence[Entry]], Mapping[str, Any]]
"""Takes the links of one case, oldest first, and gives the columns that its row should hold."""


def verify(
    *,
    entries: Iterable[EntryRow],
    cases: Iterable[CaseRow],
    definitions: Iterable[DefinitionRow],
    openings: Iterable[OpeningRow],
    pending: Iterable[Any],
    leaves: Iterable[LeafRow],
    fold: Fold,
    log: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Check a record in one pass.

    All rows must be of one moment: read them in one transaction. Memory stays small when `cases`, `openings`, `pending`
    and `leaves` come in the order of the entries; any order gives the same verdict.

    Args:
        entries: All entries, ordered by case, then `seq`, with refusals (null) before or after the links.
        cases: All cases.
        definitions: All published versions.
        openings: All values kept apart.
        pending: Ids of the entries that wait for their place in the log.
        leaves: The places of all others.
        fold: Computes the columns of a case from its links.
        log: The log that every entry must name; None where that is not known.
        progress: Told the number of entries read so far, now and then and at the end.

    Returns:
        The verdict. Whatever a cell holds, it is a problem there and never an error here.
    """
    audit = _Audit(cases, Laws(definitions), Disclosures(openings), Places(pending, leaves), fold)
    audit.log = log
    for case, rows in groupby(entries, key=itemgetter(1)):
        audit.read_case(case, rows, progress or _nobody)
    (progress or _nobody)(audit.entries)
    return audit.finish()


def _nobody(count: int) -> None:
    """Tell nobody about the progress."""


class _Told(NamedTuple):
    """What its entries tell about a case; `columns` is None when they cannot be computed."""

    length: int
    head: str | None
    columns: Mapping[str, Any] | None


class _Audit:
    """One run of the verifier."""

    def __init__(
        self, cases: Iterable[CaseRow], laws: Laws, disclosures: Disclosures, places: Places, fold: Fold
    ) -> None:
        self.entries = 0
        self.log: str | None = None
        self._bytes, self._chain, self._head = Tally("bytes"), Tally("chain"), Tally("head")
        self._columns, self._refusals, self._places = Tally("cases"), Tally("refusals"), places
        self._laws, self._kinship, self._consulted, self._disclosures = laws, Kinship(), Consulted(), disclosures
        self._lengths: dict[str, int] = {}
        self._fold = fold
        self._cases: Pairing[Any, _Told, CaseRow] = Pairing(((row.id, row) for row in cases), self._judge_case)

    def read_case(self, case: Any, rows: Iterable[EntryRow], progress: Callable[[int], None]) -> None:
        """Check the entries of one case, then what its row should hold."""
        chain = Chain(case_name(case))
        links: list[Entry] = []
        refused: list[tuple[int, Law]] = []
        for row in rows:
            self.entries += 1
            if self.entries % PROGRESS_EVERY == 0:
                progress(self.entries)
            self._places.note(row.id, chain.case, row.seq)
            entry = self._read(chain, row)
            if entry is None:
                continue
            self._laws.note(entry)
            self._consulted.note(entry)
            if entry.kind == "refusal":
                self._shape_of_refusal(chain, entry)
                refused.append((entry.seq, (entry.workflow, entry.version, entry.definition)))
            else:
                self._link(chain, entry)
                self._kinship.note(entry)
                links.append(entry)
        for seq, law in refused:
            self._refusal(chain, seq, law)
        self._disclosures.note(links)
        self._lengths[chain.case] = chain.length
        if not chain.case.startswith(PUBLISHED):
            columns = None if chain.broken or not links else self._recompute(chain, links)
            self._cases.push(case, _Told(chain.length, chain.head, columns))

    def finish(self) -> Verdict:
        """Judge what spans several cases, and give the verdict."""
        self._cases.finish()
        self._places.judge()
        self._disclosures.judge()
        self._laws.judge()
        self._kinship.judge()
        self._consulted.judge(self._lengths)
        across = (self._laws, self._kinship, self._consulted, self._disclosures)
        tallies = (self._bytes, self._chain, self._head, self._columns, self._refusals)
        checks = tuple(tally.check() for tally in (*tallies, *(check.tally for check in across), self._places.tally))
        return Verdict(all(check.verdict in ("ok", "erased") for check in checks), self.entries, checks)

    def _read(self, chain: Chain, row: EntryRow) -> Entry | None:
        """Read one entry from its bytes; None when that cannot be done."""
        self._bytes.count += 1
        leaf = None
        try:
            if type(row.text) is not str:
                raise RecordError(f"it is not text but {shown(row.text)}")
            leaf = leaf_hash(row.text.encode())
            if leaf != row.leaf:
                self._bytes.violated(chain.case, row.seq, "the hash of the entry's bytes is not its stored leaf")
            entry = from_body(read(row.text), leaf)
        except (AccountabilityError, UnicodeEncodeError) as error:
            self._bytes.violated(chain.case, row.seq, f"the entry cannot be read: {error}")
            if row.seq is not None:
                chain.skip(leaf)
            return None
        if entry.case != row.case_id:
            self._bytes.violated(chain.case, row.seq, f"the entry belongs to case {shown(entry.case)}")
            self._bytes.violated(entry.case, entry.seq, f"the entry stands under case {shown(row.case_id)}")
        if self.log not in (None, entry.log):
            self._bytes.violated(chain.case, entry.seq, f"the entry is one of another log, {shown(entry.log)}")
        if len(row.text.encode()) > ENTRY_BYTES_MAX:
            self._bytes.violated(chain.case, entry.seq, f"the entry is longer than {ENTRY_BYTES_MAX:,} bytes")
        place = None if entry.kind == "refusal" else entry.seq
        if row.seq != place:
            self._bytes.violated(chain.case, entry.seq, f"the row's seq is {shown(row.seq)}, by its bytes {place}")
        return entry

    def _link(self, chain: Chain, entry: Entry) -> None:
        self._chain.count += 1
        for problem in chain.add(entry):
            self._chain.violated(chain.case, entry.seq, problem)

    def _shape_of_refusal(self, chain: Chain, entry: Entry) -> None:
        self._refusals.count += 1
        if entry.prev is not None or entry.children or entry.withheld or not entry.reasons:
            message = "a refusal has reasons, and neither `prev`, `children` nor `withheld`"
            self._refusals.violated(chain.case, entry.seq, message)

    def _refusal(self, chain: Chain, met: int, law: Law) -> None:
        """Compare a refusal with the chain beside which it stands."""
        if met > chain.length:
            message = f"it met entry {met}, but the chain ends at {chain.length}"
            self._refusals.violated(chain.case, met, message)
        elif not chain.case.startswith(PUBLISHED) and chain.law_at(met) not in (law, None):
            self._refusals.violated(chain.case, met, "it was judged by another law than the case followed")

    def _recompute(self, chain: Chain, links: Sequence[Entry]) -> Mapping[str, Any] | None:
        try:
            return self._fold(links)
        except Exception as error:  # noqa: BLE001 -- forged entries of the right shape may still make no sense to it
            message = f"its entries make no case: {type(error).__name__}: {error}"
            self._columns.violated(chain.case, None, message)
            return None

    def _judge_case(self, case: Any, told: _Told | None, row: CaseRow | None) -> None:
        self._head.count += 1
        if told is None:
            self._head.violated(case, None, "the case has a row, but no entries")
        elif row is None:
            self._head.violated(case, None, f"the case has entries, {told.length} in its chain, but no row")
        else:
            if row.seq != told.length:
                message = f"the case's row counts {shown(row.seq)} entries, its chain {told.length}"
                self._head.violated(case, told.length, message)
            if row.head != told.head:
                self._head.violated(case, told.length, "the row's `head` is not the hash of the last entry")
            self._judge_columns(case, told.columns, row.columns)

    def _judge_columns(self, case: Any, told: Mapping[str, Any] | None, stored: Mapping[str, Any]) -> None:
        self._columns.count += 1
        if told is None:
            self._columns.add("unverifiable", case, None, "its row cannot be recomputed from its entries")
            return
        for column in sorted(told.keys() | stored.keys()):
            if column not in told or column not in stored:
                self._columns.violated(case, None, f"`{column}` is not both stored and recorded")
            elif stored[column] != told[column]:
                found, right = apart(stored[column], told[column])
                message = f"`{column}` is {found}, by its entries {right}"
                self._columns.violated(case, None, message)
