"""A small record in memory for the verifier's tests: built with the real entry format, forged and damaged at will."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from accountability.audit.disclosure import commit, warrant
from accountability.audit.entry import Actor, Document, Entry, encode
from accountability.audit.rows import CaseRow, DefinitionRow, EntryRow, LeafRow, OpeningRow
from accountability.audit.verdict import Verdict
from accountability.audit.verify import verify
from accountability.canonical import canonical, digest, instant

BEGIN = datetime(2015, 1, 5, 1, tzinfo=UTC)
ZHANG, LI = Actor("zhang", ["petition_officer"], "county"), Actor("li", ["principal"])
CONTENTS = (
    {"workflow": "duty", "version": 1},
    {"workflow": "petition", "version": 1, "title": "信访举报"},
    {"workflow": "petition", "version": 2, "title": "信访举报"},
)
DIGESTS = {(content["workflow"], content["version"]): digest(content) for content in CONTENTS}
SALTS = {"name": b"\x07" * 32, "verdict": bytes(range(32))}
VALUES = {"name": "Wang", "verdict": {"level": 6, "text": "记过"}}


@dataclass
class Rows:
    """The record as a database would give it."""

    entries: list[EntryRow]
    cases: list[CaseRow]
    definitions: list[DefinitionRow]
    openings: list[OpeningRow]
    pending: list[Any]
    leaves: list[LeafRow]

    def verify(self, progress: Callable[[int], None] | None = None) -> Verdict:
        """Verify the rows, entries in the order that a database gives."""
        return verify(
            entries=sorted(self.entries, key=_order),
            cases=self.cases,
            definitions=self.definitions,
            openings=self.openings,
            pending=self.pending,
            leaves=self.leaves,
            fold=fold,
            progress=progress,
        )


@dataclass
class Record:
    """The record as the entries its engine wrote, by chain; refusals apart. The first `placed` have their places."""

    chains: dict[str, list[Entry]] = field(default_factory=dict)
    refusals: list[Entry] = field(default_factory=list)
    openings: list[OpeningRow] = field(default_factory=list)
    placed: int = 12

    def add(self, case: str, trigger: str, workflow: str = "petition", version: int = 1, **parts: Any) -> Entry:
        """Append an entry; what is not given follows from the chain."""
        chain = self.chains.setdefault(case, [])
        last = chain[-1] if chain else None
        count = sum(map(len, self.chains.values())) + len(self.refusals)
        entry = Entry(
            case=case,
            seq=len(chain) + 1,
            workflow=workflow,
            version=version,
            definition=DIGESTS[workflow, version],
            trigger=trigger,
            **{
                "kind": "transition",
                "source": last.target if last else None,
                "target": last.target if last else "received",
                "actor": ZHANG,
                "at": BEGIN + timedelta(hours=count),
                **parts,
            },
        )
        if entry.kind == "refusal":
            chain = self.refusals
            entry = replace(entry, seq=entry.seq - 1, reasons=({"code": "role", "message": "no", "detail": {}},))
        chain.append(entry)
        for name in entry.withheld:
            value = canonical(VALUES[name]).decode()
            self.openings.append(OpeningRow(case, entry.seq, name, SALTS[name].hex(), value))
        return entry

    def change(self, case: str, seq: int, **parts: Any) -> None:
        """Forge one link."""
        self.chains[case][seq - 1] = replace(self.chains[case][seq - 1], **parts)

    def link(self) -> dict[str, list[tuple[Entry, str]]]:
        """Give every chain anew, each entry with its text, hashes following from the entries; children first."""
        linked: dict[str, list[tuple[Entry, str]]] = {}
        for case in sorted(self.chains, key=lambda case: self.chains[case][0].parent is None):
            prev: str | None = None
            for entry in self.chains[case]:
                children = tuple(
                    {**child, "leaf": linked[child["case"]][0][0].leaf} if child["case"] in linked else child
                    for child in entry.children
                )
                entry = replace(entry, prev=prev, children=children)
                text, prev = encode(entry)
                linked.setdefault(case, []).append((replace(entry, leaf=prev), text))
        return linked

    def rows(self) -> Rows:
        """Give the rows that the engine would have stored for these entries."""
        linked = self.link()
        texts = [pair for chain in linked.values() for pair in chain]
        for refusal in self.refusals:
            text, leaf = encode(refusal)
            texts.append((replace(refusal, leaf=leaf), text))
        entries = [
            EntryRow(number, entry.case, None if entry.kind == "refusal" else entry.seq, text, entry.leaf)
            for number, (entry, text) in enumerate(texts, 1)
        ]
        cases = []
        for case, chain in linked.items():
            if not case.startswith("workflow:"):
                links = [entry for entry, _ in chain]
                cases.append(CaseRow(case, len(links), links[-1].leaf, fold(links)))
        published = {e.definition: instant(e.at) for e, _ in texts if e.kind == "definition"}
        definitions = [
            DefinitionRow(digest(c), c["workflow"], c["version"], canonical(c).decode(), published.get(digest(c), ""))
            for c in CONTENTS
        ]
        ordered = sorted(entries, key=_order)
        # Places are given in the order of writing; the last entries wait for theirs.
        leaves = [LeafRow(row.id - 1, row.id) for row in ordered if row.id <= self.placed]
        pending = [row.id for row in ordered if row.id > self.placed]
        return Rows(ordered, sorted(cases), definitions, list(self.openings), pending, leaves)


def fold(entries: Sequence[Entry]) -> Mapping[str, Any]:
    """Compute the columns of a case: enough of them for every kind of cell."""
    first, last = entries[0], entries[-1]
    data: dict[str, Any] = {}
    for entry in entries:
        data |= {**entry.data, **entry.sets} if entry.kind in ("transition", "act") else {}
    closed = [entry.closed for entry in entries if entry.closed is not None]
    return {
        "workflow": last.workflow,
        "version": last.version,
        "definition": last.definition,
        "state": last.target,
        "closed": int(bool(closed and closed[-1])),
        "data": canonical(data).decode(),
        "opened_at": instant(first.at),
        "updated_at": instant(last.at),
        "parent": first.parent["case"] if first.parent else None,
        "link": first.link,
    }


def commitments(*names: str) -> dict[str, str]:
    """Give the commitments that the record's openings open."""
    return {name: commit(name, VALUES[name], SALTS[name]) for name in names}


def county() -> Record:
    """Build a record that holds everything the verifier looks at.

    `workflow:duty` and `workflow:petition` publish; `a` opens `b` and `c`, keeps `name` (erased later) and `verdict`
    apart and saw `b`; `c` was migrated; `d` stands alone.
    """
    record = Record()
    register = {"kind": "definition", "source": None, "target": None}
    record.add("workflow:duty", "register", "duty", 1, **register)
    record.add("workflow:petition", "register", "petition", 1, **register)
    record.add("workflow:petition", "register", "petition", 2, **register)
    record.add("workflow:petition", "start", version=2, kind="refusal", source=None, target=None)
    record.add("a", "start", data={"source": "petition", "count": 3}, closed=False, rule=0)
    record.add(
        "a",
        "register",
        target="registered",
        withheld=commitments("name", "verdict"),
        occurred=BEGIN,
        reason="来访",
        documents=(Document("letter", "ab" * 32, 17, "application/pdf"),),
        closed=False,
        rule=1,
    )
    record.add("a", "close", kind="refusal", actor=LI)
    children = tuple({"link": "subjects", "case": c, "workflow": "petition", "leaf": "0" * 64} for c in "bc")
    record.add("a", "divide", kind="act", children=children, sets={"count": 4})
    for child in "bc":
        record.add(child, "start", parent={"case": "a", "seq": 3}, link="subjects")
    record.add("c", "migrate", version=2, kind="migration")
    record.add("c", "accept", version=2, target="accepted", published={"channels": ["web"]})
    record.add("c", "accept", version=2, kind="refusal", actor=LI)
    record.add("b", "accept", target="accepted", closed=True)
    record.add("a", "erase", kind="erasure", data=warrant(["name"], LI), reason="the person asked")
    record.add("a", "close", target="closed", saw={"b": 2, "c": 1}, closed=True)
    record.add("a", "note", kind="refusal", actor=LI)
    record.add("d", "start", "duty", 1)
    record.add("d", "review", "duty", 1, target="reviewed", actor=LI)
    record.openings = [row for row in record.openings if row.field != "name"]
    return record


def broken(verdict: Verdict) -> set[str]:
    """Name the checks that did not pass."""
    return {check.name for check in verdict.checks if check.verdict not in ("ok", "erased")}


def named(verdict: Verdict) -> set[str]:
    """Name the cases in which there is a problem."""
    checks = [check for check in verdict.checks if check.verdict != "erased"]
    return {problem.case for check in checks for problem in check.problems}


def messages(verdict: Verdict, check: str) -> list[tuple[str, int | None, str]]:
    """List what one check found."""
    found = next(one for one in verdict.checks if one.name == check)
    return [(problem.case, problem.seq, problem.message) for problem in found.problems]


def _order(row: EntryRow) -> tuple[Any, ...]:
    return (_rank(row.case_id), row.seq is None, _rank(row.seq), _rank(row.id))


def _rank(cell: Any) -> tuple[str, Any]:
    """Order cells of any type, as SQLite does: by type, then by value."""
    return (
        ("", 0) if cell is None else ("number", cell) if isinstance(cell, (int, float)) else (type(cell).__name__, cell)
    )


def swapped(rows: Sequence[Any], column: int, one: int, other: int) -> list[Any]:
    """Exchange one column's cells of two rows."""
    name = type(rows[0])._fields[column]
    changed = list(rows)
    changed[one] = rows[one]._replace(**{name: rows[other][column]})
    changed[other] = rows[other]._replace(**{name: rows[one][column]})
    return changed
