"""The tamper matrix: every cell and every row of a small record, changed, deleted, doubled and exchanged.

The last part lists what is not found, and says why.
"""

import json
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.audit.entry import encode
from accountability.audit.rows import CaseRow, EntryRow
from tests.audit.record import Rows, broken, county, messages, named, swapped

STRANGE = (None, "", "x", "a\0b", "\ud800", b"", b"\x00\xff", 0, -1, 7, 2**70, 10**6000, 1.5, "0" * 64, "[]", "{}")
TABLES = ("entries", "cases", "definitions", "openings", "leaves")

EXPECTED = {
    ("entries", "id"): {"log"},
    ("entries", "case_id"): {"bytes", "chain", "head", "refusals", "cases", "children", "consulted", "openings"},
    ("entries", "seq"): {"bytes", "chain", "cases", "head", "refusals", "children", "openings", "consulted"},
    ("entries", "text"): {"bytes"},
    ("entries", "leaf"): {"bytes"},
    ("cases", "id"): {"head"},
    ("cases", "seq"): {"head"},
    ("cases", "head"): {"head"},
    ("definitions", "digest"): {"definitions"},
    ("definitions", "workflow"): {"definitions"},
    ("definitions", "version"): {"definitions"},
    ("definitions", "content"): {"definitions"},
    ("definitions", "registered_at"): {"definitions"},
    ("openings", "case_id"): {"openings"},
    ("openings", "seq"): {"openings"},
    ("openings", "field"): {"openings"},
    ("openings", "salt"): {"openings"},
    ("openings", "value"): {"openings"},
    ("leaves", "position"): {"log"},
    ("leaves", "entry_id"): {"log"},
}
"""For each column the checks of which at least one must tell of a change."""


@cache
def _built():
    return county().rows()


def honest():
    """Give the honest rows, in lists of the test's own."""
    rows = _built()
    return Rows(**{part: list(getattr(rows, part)) for part in (*TABLES, "pending")})


def _name(table, row):
    """Name the case that a changed row must be reported under."""
    if table == "entries" or table == "openings":
        return row.case_id
    if table == "leaves":
        return next(entry.case_id for entry in honest().entries if entry.id == row.entry_id)
    return row.id if table == "cases" else f"workflow:{row.workflow}"


def _same(one, other):
    return type(one) is type(other) and one == other


@pytest.mark.parametrize(("table", "column"), EXPECTED)
def test_any_cell_changed_to_anything_is_found_and_its_case_named(table, column):
    """Null, other types, control characters, huge numbers, and the cells of other rows: none passes, none crashes."""
    right = getattr(honest(), table)
    others = [getattr(row, column) for row in right]
    for index, row in enumerate(right):
        for cell in (*STRANGE, *others):
            if _same(cell, getattr(row, column)):
                continue
            rows = honest()
            getattr(rows, table)[index] = row._replace(**{column: cell})
            verdict = rows.verify()
            assert broken(verdict) & EXPECTED[table, column], (row, cell)
            if (table, column) == ("leaves", "position"):
                # An empty place is named by its number, since nobody knows whose it was.
                told = str(messages(verdict, "log"))
                assert _name(table, row) in named(verdict) or f"place {row.position}," in told, (row, cell)
            elif (table, column) != ("entries", "id") or cell not in others:
                # Of two entries with one id, the other one may be named.
                assert _name(table, row) in named(verdict), (row, cell)


def test_an_entry_moved_to_another_case_is_told_where_it_stands_and_where_it_belongs():
    """Whoever looks at either case hears of it, also where the entry is a refusal."""
    for index, row in enumerate(honest().entries):
        for case in ("a", "d", "z"):
            if case != row.case_id:
                rows = honest()
                rows.entries[index] = row._replace(case_id=case)
                verdict = rows.verify()
                told = next(check.problems for check in verdict.checks if check.name == "bytes")
                assert {problem.case for problem in told} == {case, row.case_id}


def test_any_derived_column_of_a_case_changed_to_anything_is_found_and_its_case_named():
    """Each column is compared with what the entries tell, and the message names the column."""
    for index, row in enumerate(honest().cases):
        for column, value in row.columns.items():
            for cell in STRANGE:
                if cell == value:
                    continue
                rows = honest()
                rows.cases[index] = row._replace(columns={**row.columns, column: cell})
                verdict = rows.verify()
                assert broken(verdict) == {"cases"}
                assert named(verdict) == {row.id}
                assert f"`{column}`" in str(verdict)


@pytest.mark.parametrize("cell", STRANGE, ids=lambda cell: type(cell).__name__)
def test_any_change_of_a_pending_row_is_found(cell):
    """An entry that would never get a place in the log is named."""
    for index, id_ in enumerate(honest().pending):
        rows = honest()
        rows.pending[index] = cell
        verdict = rows.verify()
        assert broken(verdict) == {"log"}
        assert next(row.case_id for row in rows.entries if row.id == id_) in named(verdict)


@pytest.mark.parametrize("table", [*TABLES, "pending"])
def test_any_deleted_row_is_found(table):
    """The last entry of a chain, a first one, a refusal, a case, a definition, a value, a pending row or a place."""
    for index, row in enumerate(getattr(honest(), table)):
        rows = honest()
        del getattr(rows, table)[index]
        verdict = rows.verify()
        assert not verdict.ok
        if table != "pending" and getattr(row, "seq", 0) is not None:
            assert _name(table, row) in named(verdict)


@pytest.mark.parametrize("table", [*TABLES, "pending"])
def test_any_doubled_row_is_found(table):
    """Also where a constraint of the database was dropped."""
    for index, row in enumerate(getattr(honest(), table)):
        rows = honest()
        getattr(rows, table).insert(index, row)
        verdict = rows.verify()
        assert not verdict.ok
        if table not in ("pending", "leaves"):
            assert _name(table, row) in named(verdict)


def test_an_entry_copied_under_a_new_id_is_found():
    """A second copy of a link, with a pending row of its own, finds its place in the chain taken."""
    for row in honest().entries:
        if row.seq is None:
            continue
        rows = honest()
        rows.entries.append(row._replace(id=99))
        rows.pending.append(99)
        verdict = rows.verify()
        assert "chain" in broken(verdict)
        assert row.case_id in named(verdict)


@pytest.mark.parametrize("table", [table for table in TABLES if table != "leaves"])
def test_any_two_cells_exchanged_are_found(table):
    """Both rows hold cells that are right elsewhere."""
    right = getattr(honest(), table)
    for column, name in enumerate(type(right[0])._fields):
        for one in range(len(right)):
            for other in range(one):
                if right[one][column] == right[other][column] or (table == "entries" and name == "id"):
                    continue
                rows = honest()
                setattr(rows, table, swapped(right, column, one, other))
                assert not rows.verify().ok, (name, one, other)


def test_two_whole_contents_exchanged_between_entries_are_found():
    """Text and leaf moved together to another place of the same chain."""
    right = honest().entries
    for one in right:
        for other in right:
            if one.id < other.id and (one.seq is not None or other.seq is not None):
                rows = honest()
                rows.entries = [
                    row._replace(text=other.text, leaf=other.leaf)
                    if row.id == one.id
                    else row._replace(text=one.text, leaf=one.leaf)
                    if row.id == other.id
                    else row
                    for row in right
                ]
                assert {"bytes", "chain"} & broken(rows.verify())


def test_a_cut_end_of_a_chain_is_found_by_the_case_row():
    """Deleting the last entries alone leaves a row that knows of more."""
    for keep in range(5):
        rows = honest()
        kept = [row for row in rows.entries if row.case_id != "a" or row.seq is None or row.seq <= keep]
        rows.pending = [row.id for row in kept]
        rows.entries = kept
        verdict = rows.verify()
        assert "head" in broken(verdict)
        assert "a" in named(verdict)


def test_a_whole_case_removed_is_found_when_another_names_it():
    """The parent's entry names the child's first hash, and whoever consulted it names its seq."""
    rows = _without(honest(), "b")
    verdict = rows.verify()
    assert broken(verdict) == {"children", "consulted"}
    assert {"a", "b"} <= named(verdict)


def test_an_entry_that_waits_and_has_a_place_is_found():
    """It would get a second one."""
    for row in honest().leaves:
        rows = honest()
        rows.pending.append(row.entry_id)
        assert broken(rows.verify()) == {"log"}


def test_a_place_taken_back_is_found():
    """An entry waits once more, and its place is empty; only what has the last place can be set back unnoticed."""
    for row in honest().leaves[:-1]:
        rows = honest()
        rows.leaves.remove(row)
        rows.pending.append(row.entry_id)
        assert rows.verify().ok == (row.position == len(rows.leaves))


def test_places_that_contradict_the_order_of_a_case_are_found():
    """Two links of one chain exchanged in the log; the later one is named."""
    case_of = {entry.id: (entry.case_id, entry.seq) for entry in honest().entries}
    right = honest().leaves
    tried = 0
    for one, other in combinations(range(len(right)), 2):
        (case, first), (same, second) = case_of[right[one].entry_id], case_of[right[other].entry_id]
        if case == same and first is not None and second is not None:
            rows = honest()
            rows.leaves = swapped(right, 0, one, other)
            verdict = rows.verify()
            assert broken(verdict) == {"log"}
            assert named(verdict) == {case}
            tried += 1
    assert tried > 5


def test_an_entry_that_was_passed_over_is_found():
    """It waits, while the one after it in its case has a place."""
    rows = honest()
    ids = {(entry.case_id, entry.seq): entry.id for entry in rows.entries}
    last = max(rows.leaves)
    assert (last.entry_id, ids["a", 5] in rows.pending) == (ids["a", 4], True)
    rows.leaves[rows.leaves.index(last)] = last._replace(entry_id=ids["a", 5])
    rows.pending[rows.pending.index(ids["a", 5])] = ids["a", 4]
    verdict = rows.verify()
    assert broken(verdict) == {"log"}
    assert [place[:2] for place in messages(verdict, "log")] == [("a", 5)]


def test_a_place_given_twice_is_told():
    """Besides the place that is empty for it."""
    rows = honest()
    rows.leaves[0] = rows.leaves[0]._replace(position=rows.leaves[1].position)
    told = str(messages(rows.verify(), "log"))
    assert f"place {rows.leaves[1].position} is given twice" in told


def _without(rows, case):
    """Remove a case with everything of its own; those behind it move up in the log."""
    gone = {row.id for row in rows.entries if row.case_id == case}
    rows.entries = [row for row in rows.entries if row.id not in gone]
    rows.pending = [id_ for id_ in rows.pending if id_ not in gone]
    kept = sorted(row for row in rows.leaves if row.entry_id not in gone)
    rows.leaves = [row._replace(position=place) for place, row in enumerate(kept)]
    rows.cases = [row for row in rows.cases if row.id != case]
    rows.openings = [row for row in rows.openings if row.case_id != case]
    return rows


cells = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.sampled_from(STRANGE)


@given(st.data())
def test_any_number_of_cells_changed_at_once_is_found_without_a_traceback(data):
    """Rows of rubbish in every table give a verdict, and the verdict can be printed."""
    rows = honest()
    for table in TABLES:
        part = getattr(rows, table)
        for _ in range(data.draw(st.integers(0, 3))):
            index = data.draw(st.integers(0, len(part) - 1))
            name = data.draw(st.sampled_from([name for name in type(part[0])._fields if name != "columns"]))
            part[index] = part[index]._replace(**{name: data.draw(cells)})
    rows.pending += data.draw(st.lists(cells, max_size=2))
    verdict = rows.verify()
    assert not verdict.ok or rows == honest()
    assert json.dumps(verdict.as_json(), ensure_ascii=False).isprintable()


# What is NOT found, as long as no signed checkpoint of the log lies outside the operator's reach. Each of these needs
# write access to the database and the triggers dropped. They are here so that nobody believes otherwise.


def test_not_found_before_a_checkpoint_a_cut_end_with_its_case_row_rewritten():
    """NOT found: the last entries of a case deleted, their places given to others, and its row set back to fit."""
    record = county()
    before = record.rows()
    del record.chains["d"][1]
    rows = record.rows()
    assert len(rows.entries) == len(before.entries) - 1
    assert rows.verify().ok


def test_not_found_before_a_checkpoint_a_whole_case_that_nobody_names():
    """NOT found: a case that is nobody's child, deleted with everything of its own; the others move up in the log."""
    rows = _without(honest(), "d")
    assert rows.verify().ok


def test_not_found_before_a_checkpoint_a_refusal_deleted_with_its_pending_row():
    """NOT found: a refusal takes no place in a chain, so only its pending row knows of it."""
    for refusal in [row for row in honest().entries if row.seq is None]:
        rows = honest()
        rows.entries.remove(refusal)
        rows.pending.remove(refusal.id)
        assert rows.verify().ok


def test_not_found_before_a_checkpoint_a_refusal_rewritten_with_its_hash():
    """NOT found: nothing is chained to a refusal, so its words can be changed by who recomputes its leaf."""
    record = county()
    record.refusals[1] = replace(record.refusals[1], actor=replace(record.refusals[1].actor, id="somebody"))
    assert record.rows().verify().ok


def test_not_found_before_a_checkpoint_a_refusal_added():
    """NOT found: an invented refusal, with a pending row of its own."""
    rows = honest()
    text, leaf = encode(replace(county().refusals[1], trigger="forged"))
    rows.entries.append(EntryRow(99, "a", None, text, leaf))
    rows.pending.append(99)
    assert rows.verify().ok


def test_not_found_before_a_checkpoint_a_refusal_doubled():
    """NOT found: the same attempt may honestly be refused twice, so a copy with a pending row is no contradiction."""
    rows = honest()
    rows.entries.append(next(row for row in rows.entries if row.seq is None)._replace(id=99))
    rows.pending.append(99)
    assert rows.verify().ok


def test_not_found_before_a_checkpoint_a_chain_hashed_anew_from_the_changed_entry_on():
    """NOT found: an act rewritten, and every later hash, the case's row and its data made to fit."""
    record = county()
    record.change("a", 1, data={"source": "forged", "count": 3})
    rows = record.rows()
    assert rows.entries != honest().entries
    assert rows.verify().ok


def test_not_found_before_a_checkpoint_a_whole_case_added():
    """NOT found: an invented case, complete in itself."""
    record = county()
    record.add("e", "start", "duty", 1)
    assert record.rows().verify().ok


def test_not_found_before_a_checkpoint_two_places_exchanged():
    """NOT found: of entries of different cases, whose order among each other nothing but their places tells."""
    rows = honest()
    ids = {(entry.case_id, entry.seq): entry.id for entry in rows.entries}
    index = {row.entry_id: number for number, row in enumerate(rows.leaves)}
    rows.leaves = swapped(rows.leaves, 0, index[ids["c", 3]], index[ids["workflow:duty", 1]])
    assert rows.verify().ok


def test_the_rows_of_the_matrix_have_every_column_there_is():
    """A column added to the rows must be added to the matrix."""
    rows = honest()
    columns = {(table, name) for table in TABLES for name in type(getattr(rows, table)[0])._fields}
    assert columns - {("cases", "columns")} == set(EXPECTED)
    assert isinstance(rows.cases[0], CaseRow)
