"""The verifier against forgers who know the format: each lie that hashes correctly is told by the check made for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.disclosure import warrant
from accountability.audit.entry import Actor, encode, leaf_hash
from accountability.audit.rows import CaseRow, EntryRow
from accountability.audit.verify import PROGRESS_EVERY, verify
from accountability.canonical import canonical, digest
from tests.audit.record import BEGIN, CONTENTS, DIGESTS, Rows, broken, commitments, county, fold, messages, named

HOUR = timedelta(hours=1)


def test_an_honest_record_passes_every_check():
    """Every check looks at something, and none complains."""
    verdict = county().rows().verify()
    assert verdict.ok
    assert verdict.entries == 19
    assert [(check.name, check.verdict, check.count) for check in verdict.checks] == [
        ("bytes", "ok", 19),
        ("chain", "ok", 15),
        ("head", "ok", 4),
        ("cases", "ok", 4),
        ("refusals", "ok", 4),
        ("definitions", "ok", 3),
        ("children", "ok", 2),
        ("consulted", "ok", 2),
        ("openings", "erased", 2),
        ("log", "ok", 19),
    ]


def test_an_empty_record_passes():
    """A fresh database is in order."""
    verdict = Rows([], [], [], [], [], []).verify()
    assert verdict.ok
    assert verdict.entries == 0


@given(st.randoms(use_true_random=False))
def test_the_order_of_other_rows_does_not_matter(random):
    """Cases, definitions, openings, pending rows and places may come in any order."""
    rows = county().rows()
    for part in (rows.cases, rows.definitions, rows.openings, rows.pending, rows.leaves):
        random.shuffle(part)
    assert rows.verify() == county().rows().verify()


def test_refusals_may_come_before_or_after_the_links():
    """Databases differ in where null is sorted."""
    rows = county().rows()
    first = sorted(rows.entries, key=lambda row: (row.case_id, row.seq or 0))
    verdict = verify(
        entries=first,
        cases=rows.cases,
        definitions=rows.definitions,
        openings=rows.openings,
        pending=rows.pending,
        leaves=rows.leaves,
        fold=fold,
    )
    assert verdict == rows.verify()


def test_progress_is_told_now_and_then_and_at_the_end():
    """A long verification can show how far it is."""
    record = county()
    for _ in range(2 * PROGRESS_EVERY):
        record.add("d", "note", "duty", 1, kind="act")
    told = []
    assert record.rows().verify(told.append).ok
    assert told == [PROGRESS_EVERY, 2 * PROGRESS_EVERY, 2 * PROGRESS_EVERY + 19]


def test_an_error_of_the_database_is_not_taken_for_a_finding():
    """When rows cannot be read, the caller hears of it."""

    def lost():
        yield county().rows().entries[0]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        verify(entries=lost(), cases=[], definitions=[], openings=[], pending=[], leaves=[], fold=fold)


# A forger who rewrites entries and recomputes every hash, case row and place.


def _move(record):
    record.chains["workflow:fines"] = record.chains.pop("workflow:duty")
    chain = record.chains["workflow:fines"]
    chain[0] = replace(chain[0], case="workflow:fines")


LIES = {
    "a time not after the one before": ("chain", "a", lambda r: r.change("a", 3, at=r.chains["a"][1].at)),
    "a time before the one before": ("chain", "a", lambda r: r.change("a", 3, at=BEGIN + 2 * HOUR)),
    "a start from a state it was not in": ("chain", "a", lambda r: r.change("a", 3, source="received")),
    "a first entry that comes from a state": ("chain", "d", lambda r: r.change("d", 1, source="received")),
    "an entry that leads nowhere": ("chain", "d", lambda r: r.change("d", 2, target=None)),
    "another law without a migration": (
        "chain",
        "d",
        lambda r: r.change("d", 2, workflow="petition", definition=DIGESTS["petition", 1]),
    ),
    "another version without a migration": ("chain", "c", lambda r: r.change("c", 2, kind="act")),
    "a parent named by a later entry": (
        "chain",
        "d",
        lambda r: r.change("d", 2, parent={"case": "a", "seq": 3}, link="x"),
    ),
    "a link without a parent": ("chain", "d", lambda r: r.change("d", 1, link="subjects")),
    "a publication in a case's chain": ("chain", "d", lambda r: r.change("d", 2, kind="definition")),
    "an act in a workflow's chain": (
        "chain",
        "workflow:petition",
        lambda r: r.change("workflow:petition", 2, kind="act"),
    ),
    "a publication before an earlier one": (
        "chain",
        "workflow:petition",
        lambda r: r.change("workflow:petition", 2, at=BEGIN),
    ),
    "a refusal that met an entry to come": (
        "refusals",
        "c",
        lambda r: r.refusals.__setitem__(2, replace(r.refusals[2], seq=4)),
    ),
    "a refusal without reasons": (
        "refusals",
        "c",
        lambda r: r.refusals.__setitem__(2, replace(r.refusals[2], reasons=())),
    ),
    "a refusal that is chained": (
        "refusals",
        "c",
        lambda r: r.refusals.__setitem__(2, replace(r.refusals[2], prev="0" * 64)),
    ),
    "a refusal that opens a child": (
        "refusals",
        "c",
        lambda r: r.refusals.__setitem__(
            2, replace(r.refusals[2], children=({"link": "l", "case": "e", "workflow": "duty", "leaf": "0" * 64},))
        ),
    ),
    "a refusal that keeps a value apart": (
        "refusals",
        "c",
        lambda r: r.refusals.__setitem__(2, replace(r.refusals[2], withheld=commitments("name"))),
    ),
    "a refusal by another law": (
        "refusals",
        "c",
        lambda r: r.refusals.__setitem__(2, replace(r.refusals[2], version=1, definition=DIGESTS["petition", 1])),
    ),
    "a case before its law": ("definitions", "d", lambda r: r.change("d", 1, at=BEGIN - HOUR)),
    "a law that was never published": ("definitions", "d", lambda r: _follow(r, "0" * 64)),
    "a law of another workflow": ("definitions", "d", lambda r: _follow(r, DIGESTS["petition", 1])),
    "a publication of another workflow": (
        "definitions",
        "workflow:petition",
        lambda r: r.change("workflow:petition", 2, workflow="duty"),
    ),
    "a publication of another version": (
        "definitions",
        "workflow:duty",
        lambda r: r.change("workflow:duty", 1, version=2),
    ),
    "a publication in the chain of another workflow": ("definitions", "workflow:fines", _move),
    "a publication twice": (
        "definitions",
        "workflow:duty",
        lambda r: r.add("workflow:duty", "register", "duty", 1, kind="definition", at=BEGIN),
    ),
    "a child that nobody opened": ("children", "b", lambda r: _name(r, "c")),
    "a child that is missing": ("children", "z", lambda r: _name(r, "b", "c", "z")),
    "a child that was opened twice": ("children", "a", lambda r: _name(r, "b", "c", "b")),
    "a child of another parent": ("children", "b", lambda r: r.change("b", 1, parent={"case": "d", "seq": 3})),
    "a child of another entry": ("children", "b", lambda r: r.change("b", 1, parent={"case": "a", "seq": 2})),
    "a child under another link": ("children", "b", lambda r: r.change("b", 1, link="witnesses")),
    "a child without a parent": ("children", "b", lambda r: r.change("b", 1, parent=None, link=None)),
    "a case that was consulted after its end": ("consulted", "b", lambda r: r.change("a", 5, saw={"b": 3})),
    "a case that was consulted and is not there": ("consulted", "z", lambda r: r.change("a", 5, saw={"z": 1})),
    "a case that was consulted after its end, and before": (
        "consulted",
        "b",
        lambda r: (r.change("a", 3, saw={"b": 1}), r.change("a", 5, saw={"b": 3})),
    ),
    "a case that was consulted after its end, and before, the other way round": (
        "consulted",
        "b",
        lambda r: (r.change("a", 3, saw={"b": 3}), r.change("a", 5, saw={"b": 1})),
    ),
    "a value that was never kept": ("openings", "d", lambda r: r.change("d", 1, withheld=commitments("name"))),
    "an erasure by one person": ("openings", "a", lambda r: r.change("a", 4, actor=Actor("li"))),
    "an erasure that names nothing": ("openings", "d", lambda r: r.change("d", 2, kind="erasure")),
    "an erasure that keeps what it erases": ("openings", "a", lambda r: r.change("a", 4, withheld=commitments("name"))),
    "an erasure of another field": ("openings", "a", lambda r: r.change("a", 4, data=warrant(["source"], Actor("li")))),
    "an erasure of a value that is kept": (
        "openings",
        "a",
        lambda r: r.change("a", 4, data=warrant(["name", "verdict"], Actor("li"))),
    ),
}

ALSO = {
    "a publication in a case's chain": {"definitions"},
    "an act in a workflow's chain": {"definitions"},
    "a publication of another workflow": {"chain"},
}
"""Lies that tell against a second rule too."""


def _follow(record, law):
    for seq in (1, 2):
        record.change("d", seq, definition=law)


def _name(record, *children):
    named = tuple({"link": "subjects", "case": c, "workflow": "petition", "leaf": "0" * 64} for c in children)
    record.change("a", 3, children=named)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_hashes_correctly_is_told_by_its_own_check(lie):
    """Each rule about entries stands in exactly one check; without that check this lie would pass."""
    check, case, forge = LIES[lie]
    record = county()
    forge(record)
    verdict = record.rows().verify()
    assert not verdict.ok
    assert case in named(verdict)
    assert broken(verdict) == {check} | ALSO.get(lie, set())


def test_a_law_published_later_than_its_use_is_found_even_in_a_refusal():
    """A refusal is judged by a law too."""
    record = county()
    record.refusals[2] = replace(record.refusals[2], at=BEGIN - HOUR)
    assert messages(record.rows().verify(), "definitions") == [("c", 3, "it follows petition 2 before its publication")]


def test_two_versions_of_one_number_are_found():
    """A published version never changes."""
    other = {"workflow": "duty", "version": 1, "title": "forged"}
    DIGESTS["duty", 9] = digest(other)
    try:
        record = county()
        record.add("workflow:duty", "register", "duty", 9, kind="definition")
        record.change("workflow:duty", 2, version=1)
        rows = record.rows()
    finally:
        del DIGESTS["duty", 9]
    at = record.chains["workflow:duty"][1].at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    rows.definitions.append(
        rows.definitions[0]._replace(digest=digest(other), content=canonical(other).decode(), registered_at=at)
    )
    assert messages(rows.verify(), "definitions") == [("workflow:duty", None, "version 1 was published 2 times")]


@pytest.mark.parametrize(
    "content", [[], "petition", {"version": 1}, {"workflow": 1, "version": 1}, {"workflow": "duty"}]
)
def test_a_stored_definition_that_is_none_is_a_problem_of_its_workflow(content):
    """Content of any shape, its digest right, gives a finding and no error."""
    rows = county().rows()
    rows.definitions[0] = rows.definitions[0]._replace(digest=digest(content), content=canonical(content).decode())
    verdict = rows.verify()
    assert broken(verdict) == {"definitions"}
    assert "workflow:duty" in named(verdict)


def test_a_definition_whose_content_is_not_canonical_is_found():
    """A hash over another spelling of the content is not the digest."""
    rows = county().rows()
    text = '{"version": 1, "workflow": "duty"}'
    rows.definitions[0] = rows.definitions[0]._replace(content=text)
    assert broken(rows.verify()) == {"definitions"}


def test_several_versions_may_be_published_at_one_time():
    """Registering a folder reads the clock once."""
    record = county()
    record.change("workflow:petition", 2, at=record.chains["workflow:petition"][0].at)
    assert record.rows().verify().ok


def test_a_value_kept_again_after_an_erasure_needs_its_opening_again():
    """An erasure covers what was kept before it, not what comes after."""
    record = county()
    record.change("a", 5, withheld=commitments("name"))
    assert messages(record.rows().verify(), "openings") == [
        ("a", 5, "the value of `name` is missing without a warrant")
    ]


# A forger who changes bytes.


def _forge(rows, case, seq, change):
    """Change the text of one entry and make its leaf fit."""
    for index, row in enumerate(rows.entries):
        if (row.case_id, row.seq) == (case, seq):
            text = change(row.text)
            rows.entries[index] = row._replace(text=text, leaf=leaf_hash(text.encode(errors="replace")))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(":", ": ", 1),
        lambda text: text + "\n",
        lambda text: text.replace('"v":1', '"v":1.0'),
        lambda text: text.replace('"v":1', '"v":1,"v":1'),
        lambda text: text.replace("duty", "\\u0064uty"),
        lambda text: text.replace('"v":1', '"v":2'),
        lambda text: text.replace('"rule"', '"extra"'),
        lambda text: text.replace('"seq":2', '"seq":null'),
        lambda text: text.replace('"seq":2', '"seq":"2"'),
        lambda text: "",
        lambda text: "null",
        lambda text: "[]",
        lambda text: "[" * 10_000,
        lambda text: "9" * 10_000,
        lambda text: text.replace("zhang", "\ud800"),
    ],
)
def test_bytes_that_are_not_an_entry_in_its_one_spelling_are_found_with_a_right_leaf(change):
    """The last entry of a chain, its hash and its head made to fit: what remains wrong is the spelling."""
    record = county()
    record.change("d", 2, rule=1, actor=record.chains["d"][0].actor)
    rows = record.rows()
    _forge(rows, "d", 2, change)
    leaf = next(row.leaf for row in rows.entries if (row.case_id, row.seq) == ("d", 2))
    rows.cases = [row._replace(head=leaf) if row.id == "d" else row for row in rows.cases]
    verdict = rows.verify()
    assert broken(verdict) >= {"bytes", "cases"}
    assert broken(verdict) <= {"bytes", "cases", "head"}
    assert named(verdict) == {"d"}
    assert next(check.verdict for check in verdict.checks if check.name == "cases") == "unverifiable"


def test_every_single_changed_character_is_found_and_its_entry_named():
    """No character of any entry can be changed without its hash."""
    rows = county().rows()
    for index in (0, 3, 6, 9, 18):
        row = rows.entries[index]
        for place, char in enumerate(row.text):
            text = row.text[:place] + chr(ord(char) ^ 1) + row.text[place + 1 :]
            rows.entries[index] = row._replace(text=text)
            verdict = rows.verify()
            assert "bytes" in broken(verdict)
            assert row.case_id in named(verdict)
        rows.entries[index] = row


def test_every_changed_character_of_a_link_is_found_though_its_hash_was_made_to_fit():
    """A link is held by the next one, and the last by the case's row."""
    rows = county().rows()
    entries = rows.entries
    for case, seq in (("a", 2), ("a", 5), ("workflow:petition", 1)):
        honest = next(row for row in entries if (row.case_id, row.seq) == (case, seq))
        for place in range(len(honest.text)):
            changed = honest.text[:place] + chr(ord(honest.text[place]) ^ 1) + honest.text[place + 1 :]
            rows.entries = [
                row._replace(text=changed, leaf=leaf_hash(changed.encode())) if row.id == honest.id else row
                for row in entries
            ]
            verdict = rows.verify()
            assert not verdict.ok
            assert case in named(verdict)


# Case rows and the fold.


@pytest.mark.parametrize("error", [KeyError("actor"), TypeError("no"), RecursionError(), ValueError("\ud800")])
def test_a_fold_that_stumbles_is_a_finding(error):
    """Forged entries of the right shape may make no sense as a case."""

    def stumble(entries):
        if entries[0].case == "d":
            raise error
        return fold(entries)

    rows = county().rows()
    verdict = verify(
        entries=rows.entries,
        cases=rows.cases,
        definitions=rows.definitions,
        openings=rows.openings,
        pending=rows.pending,
        leaves=rows.leaves,
        fold=stumble,
    )
    assert broken(verdict) == {"cases"}
    assert named(verdict) == {"d"}
    assert type(error).__name__ in messages(verdict, "cases")[0][2]


@pytest.mark.parametrize("change", [lambda columns: columns.pop("link"), lambda columns: columns.update(extra=None)])
def test_a_column_that_the_record_does_not_give_or_the_row_does_not_hold_is_found(change):
    """No column of a case escapes by not being compared."""
    rows = county().rows()
    columns = dict(rows.cases[3].columns)
    change(columns)
    rows.cases[3] = rows.cases[3]._replace(columns=columns)
    assert broken(rows.verify()) == {"cases"}
    assert named(rows.verify()) == {"d"}


def test_a_case_row_for_a_workflow_is_found():
    """A workflow's chain has no case row."""
    rows = county().rows()
    rows.cases.append(CaseRow("workflow:duty", 1, rows.entries[-1].leaf, {}))
    verdict = rows.verify()
    assert broken(verdict) == {"head"}
    assert named(verdict) == {"workflow:duty"}


def test_a_refusal_beside_no_chain_is_found():
    """Nobody was refused on a case that does not exist."""
    rows = county().rows()
    refusal = next(row for row in rows.entries if row.seq is None and row.case_id == "c")
    text, leaf = encode(replace(county().refusals[2], case="z"))
    rows.entries.append(EntryRow(99, "z", None, text, leaf))
    rows.pending.append(99)
    verdict = rows.verify()
    assert broken(verdict) == {"refusals", "head"}
    assert named(verdict) == {"z"}
    assert refusal in rows.entries


def test_the_contents_used_here_are_those_published():
    """The builder's definitions are canonical."""
    assert [digest(content) for content in CONTENTS] == list(DIGESTS.values())
