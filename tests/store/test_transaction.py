"""What a transaction writes is what it reads, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accountability.audit.entry import Document
from accountability.errors import InputError
from accountability.machine.case import Memory, Signed
from accountability.store.database import Database
from accountability.store.failures import KeyTaken, StaleCase, VersionTaken
from accountability.store.stored import StoredKey, StoredOpening
from tests.store.given import NOW, a_case, a_definition, leaf, moved, record, text


def test_a_case_is_read_back_as_it_was_written(database: Database):
    """Every field of a case survives the database, the fullest memory and Chinese text included."""
    signed = Signed("approve", 0, "li", "leader", {"level": 6}, (Document("opinion", "a" * 64, 12, "application/pdf"),))
    memory = Memory(
        visited=frozenset({"received", "investigating", "investigating.interviews"}),
        times={"start": 1, "note": 12},
        people={"note": ("li", "zhang")},
        left={"investigating": "investigating.interviews"},
        signatures=(signed,),
        kept_off={"wang": "li"},
    )
    case = a_case(memory=memory, closed=True, parent="parent-1", link="subjects", data={"事": ["a", {"b": None}]})
    with database.transaction() as transaction:
        record(transaction, case)
    with database.transaction(read_only=True) as transaction:
        assert transaction.case(case.id) == case
        assert transaction.case("another") is None


def test_a_moved_case_holds_its_last_entry(database: Database):
    """A firing changes the row, adds a link of the chain, and marks the entry as pending for the tree."""
    case = a_case()
    with database.transaction() as transaction:
        record(transaction, case)
    with database.transaction() as transaction:
        found = transaction.case(case.id, lock=True)
        assert found == case
        after = record(transaction, moved(case, closed=True, version=2, definition="e" * 64, data={"x": 1}))
    with database.transaction(read_only=True) as transaction:
        assert transaction.case(case.id) == after
        entries = list(transaction.entries(case.id))
        assert [(entry.seq, entry.text, entry.leaf) for entry in entries] == [
            (seq, text(case.id, seq), leaf(case.id, seq)) for seq in (1, 2)
        ]
        assert list(transaction.pending_ids()) == [entry.id for entry in entries]
        assert transaction.entry(case.id, 2) == entries[1]
        assert transaction.entry(case.id, 3) is None
        assert transaction.head(case.id) == (2, after.head)
        assert transaction.head("another") is None


@pytest.mark.parametrize("before", [1, 3, None])
def test_a_case_that_moved_on_is_not_overwritten(database: Database, before: int | None):
    """A write that read another `seq`, or thinks the case is new, changes nothing."""
    with database.transaction() as transaction:
        case = record(transaction, moved(record(transaction, a_case())))
    with pytest.raises(StaleCase), database.transaction() as transaction:
        record(transaction, moved(case, state="lost"), before=before)
    with database.transaction(read_only=True) as transaction:
        assert transaction.case(case.id) == case
        assert len(list(transaction.entries())) == 2


def test_an_error_rolls_everything_back(database: Database):
    """What a block wrote before it raised was never there."""

    def act() -> None:
        with database.transaction() as transaction:
            record(transaction, a_case())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with database.transaction(read_only=True) as transaction:
        assert transaction.case("case-1") is None
        assert list(transaction.entries()) == []


def test_a_refusal_is_an_entry_without_a_place(database: Database):
    """Refusals stand among the entries in the order of writing, take no `seq`, and can be left out."""
    with database.transaction() as transaction:
        case = record(transaction, a_case())
        transaction.record_loose(case.id, '{"refused":1}', "f" * 64)
        transaction.record_loose(case.id, '{"refused":2}', "f" * 64)
        record(transaction, moved(case))
    with database.transaction(read_only=True) as transaction:
        assert [entry.seq for entry in transaction.entries(case.id)] == [1, None, None, 2]
        assert [entry.seq for entry in transaction.entries(case.id, refusals=False)] == [1, 2]
        assert [row["seq"] for row in transaction.entry_rows()] == [None, None, 1, 2]
        assert len(list(transaction.pending_ids())) == 4


def test_a_chain_of_definitions_takes_each_place_once(database: Database):
    """Two publications cannot take the same place in a workflow's chain."""
    with database.transaction() as transaction:
        transaction.record_loose("workflow:petition", "{}", "a" * 64, seq=1)
        assert transaction.head("workflow:petition") == (1, "a" * 64)
    with pytest.raises(StaleCase), database.transaction() as transaction:
        transaction.record_loose("workflow:petition", "{}", "b" * 64, seq=1)


def test_entries_come_in_the_order_of_writing(database: Database):
    """Of all cases or of one; the verifier reads them case by case."""
    with database.transaction() as transaction:
        first, second = record(transaction, a_case("b")), record(transaction, a_case("a"))
        record(transaction, moved(first))
        record(transaction, moved(second))
    with database.transaction(read_only=True) as transaction:
        entries = list(transaction.entries())
        assert [(entry.case_id, entry.seq) for entry in entries] == [("b", 1), ("a", 1), ("b", 2), ("a", 2)]
        assert list(transaction.entries("a")) == [entries[1], entries[3]]
        assert [(row["case_id"], row["seq"]) for row in transaction.entry_rows()] == [
            ("a", 1), ("a", 2), ("b", 1), ("b", 2),
        ]  # fmt: skip


def test_many_rows_stream_and_two_streams_do_not_disturb_each_other(database: Database):
    """More rows than one batch arrive completely, while another reading goes on in the same transaction."""
    with database.transaction() as transaction:
        for number in range(2100):
            transaction.record_loose("workflow:x", "{}", f"{number:064}")
    with database.transaction(read_only=True) as transaction:
        pairs = zip(transaction.entries(), transaction.entry_rows(), strict=True)
        seen = [entry.leaf for entry, row in pairs if entry.leaf == row["leaf"] and transaction.case("x") is None]
    assert seen == [f"{number:064}" for number in range(2100)]


def test_children_are_listed_oldest_first(database: Database):
    """The cases that a case opened come with link, state and data, in the order of opening."""
    later = NOW + timedelta(days=1)
    with database.transaction() as transaction:
        record(transaction, a_case("parent"))
        for case_id, opened_at in (("c", NOW), ("a", later), ("b", NOW)):
            record(transaction, a_case(case_id, parent="parent", link="subjects", opened_at=opened_at))
        children = transaction.children("parent")
    assert [child.id for child in children] == ["b", "c", "a"]
    assert (children[0].link, children[0].state, children[0].closed, children[0].seq) == (
        "subjects", "received", False, 1,
    )  # fmt: skip
    assert children[0].data == a_case().data


def test_cases_are_chosen_by_workflow_state_and_closed(database: Database):
    """A compound state means the states inside it, and no state whose name only begins alike."""
    with database.transaction() as transaction:
        record(transaction, a_case("1", state="investigating.interviews"))
        record(transaction, a_case("2", state="investigating"))
        record(transaction, a_case("3", state="investigating_more"))
        record(transaction, a_case("4", state="closed", closed=True))
        record(transaction, a_case("5", workflow="subject", state="investigating"))

    def ids(**chosen: object) -> list[str]:
        with database.transaction(read_only=True) as transaction:
            return [case.id for case in transaction.cases(**chosen)]  # type: ignore[arg-type]

    assert ids() == ["1", "2", "3", "4", "5"]
    assert ids(state="investigating") == ["1", "2", "5"]
    assert ids(workflow="petition", state="investigating") == ["1", "2"]
    assert ids(closed=True) == ["4"]
    assert ids(closed=False, workflow="subject") == ["5"]


def test_ids_are_ordered_as_python_orders_text(database: Database):
    """Both databases order ids by code point, so that streams of rows can be merged."""
    ids = ["a", "B", "_", "é", "Z", "信", "-", "aa", "𠮷"]
    with database.transaction() as transaction:
        for case_id in ids:
            record(transaction, a_case(case_id))
        transaction.record_loose("workflow:x", "{}", "0" * 64)
    with database.transaction(read_only=True) as transaction:
        assert [row["id"] for row in transaction.case_rows()] == sorted(ids)
        assert [row["case_id"] for row in transaction.entry_rows()] == sorted([*ids, "workflow:x"])


def test_definitions_are_found_by_digest_by_version_and_the_latest(database: Database):
    """Version 10 is later than version 9."""
    published = [a_definition(version=9), a_definition(version=10), a_definition("subject")]
    with database.transaction() as transaction:
        for definition in published:
            transaction.publish_definition(definition)
    with database.transaction(read_only=True) as transaction:
        assert transaction.definition(published[0].digest) == published[0]
        assert transaction.definition("0" * 64) is None
        assert transaction.definition_of("petition") == published[1]
        assert transaction.definition_of("petition", 9) == published[0]
        assert transaction.definition_of("petition", 8) is None
        assert transaction.definition_of("unknown") is None
        assert transaction.workflows() == (published[1], published[2])
        assert [row["version"] for row in transaction.definition_rows()] == [9, 10, 1]


def test_a_version_is_published_once(database: Database):
    """The same version, or the same content under another number, is refused, and the transaction can go on."""
    first = a_definition()
    with database.transaction() as transaction:
        transaction.publish_definition(first)
        with pytest.raises(VersionTaken):
            transaction.publish_definition(replace(first, digest="1" * 64))
        with pytest.raises(VersionTaken):
            transaction.publish_definition(replace(first, version=2))
    with database.transaction(read_only=True) as transaction:
        assert transaction.workflows() == (first,)


def test_a_key_is_taken_once(database: Database):
    """The second use of a key is noticed, and the transaction can go on."""
    key = StoredKey("2015-017", "a" * 64, "case-1", 1)
    with database.transaction() as transaction:
        assert transaction.key("2015-017") is None
        transaction.remember_key(key)
        with pytest.raises(KeyTaken):
            transaction.remember_key(replace(key, digest="b" * 64))
    with database.transaction(read_only=True) as transaction:
        assert transaction.key("2015-017") == key


def test_the_latest_withheld_value_counts_and_all_can_be_erased(database: Database):
    """A corrected name replaces the wrong one; erasing removes both, and nothing else."""
    case = a_case()
    with database.transaction() as transaction:
        opening = StoredOpening(case.id, 1, "name", "00", "Wang")
        age = StoredOpening(case.id, 1, "age", "01", 44)
        record(transaction, case, openings=(opening, age))
        corrected = StoredOpening(case.id, 2, "name", "02", {"zh": "王"})
        record(transaction, moved(case), openings=[corrected])
        assert transaction.withheld(case.id) == {"name": {"zh": "王"}, "age": 44}
        assert transaction.openings(case.id) == (age, opening, corrected)
    with database.transaction() as transaction:
        assert transaction.erase_openings(case.id, ["name", "unknown"]) == 2
        assert transaction.withheld(case.id) == {"age": 44}
        assert [row["value"] for row in transaction.opening_rows()] == ["44"]
    assert database.scrub()


def test_text_that_no_database_can_hold_is_refused_with_a_cure(database: Database):
    """A lone surrogate in an id is the caller's mistake, not the driver's exception."""
    with pytest.raises(InputError) as caught, database.transaction(read_only=True) as transaction:
        transaction.case("\ud800")
    assert caught.value.cure


def test_a_reading_sees_one_moment(database: Database):
    """What commits while a reading goes on is not seen by it."""
    with database.transaction() as transaction:
        record(transaction, a_case("a"))
    with database.transaction(read_only=True) as reading:
        assert reading.case("a") is not None
        with database.transaction() as writing:
            record(writing, a_case("b"))
        assert reading.case("b") is None
    with database.transaction(read_only=True) as reading:
        assert reading.case("b") is not None
