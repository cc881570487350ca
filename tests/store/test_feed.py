"""Places in the log: given once, without a gap, in the order of each case; and how far subscriptions have come."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import create_engine

from accountability.errors import RecordError
from accountability.store.database import Database
from accountability.store.failures import StaleCase
from accountability.store.feed import Feed
from tests.store.given import a_case, moved, record, text

SPAN = timedelta(minutes=1)
SECONDS_MAX = 30


def written(database: Database, *cases: str) -> None:
    """Write an entry for each case that is named, in this order."""
    for case_id in cases:
        while True:
            try:
                with database.transaction() as transaction:
                    before = transaction.case(case_id)
                    record(transaction, a_case(case_id) if before is None else moved(before))
                break
            except StaleCase:
                continue


def placed(database: Database) -> list[tuple[int, str]]:
    """Read the log: the place and the text of each entry."""
    with database.transaction(read_only=True) as feed:
        return [(entry.position, entry.text) for entry in feed.placed(0, 1000)]


def give(database: Database, count: int = 1000) -> int:
    """Give places in one transaction."""
    with database.transaction() as feed:
        return feed.give_places(count) if feed.take_turn() else 0


@contextmanager
def owned(url: str) -> Iterator[Any]:
    """Own the database: no trigger protects it any more."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        yield connection
    engine.dispose()


def test_entries_get_places_from_zero_in_the_order_of_writing(database: Database):
    """Nobody waits any longer then, and the next place is the number of entries."""
    written(database, "a", "b", "a")
    with database.transaction(read_only=True) as feed:
        assert feed.somebody_waits()
        assert feed.log_end() == 0
    assert give(database) == 3
    with database.transaction(read_only=True) as feed:
        assert not feed.somebody_waits()
        assert list(feed.pending_ids()) == []
        assert feed.log_end() == 3
    assert placed(database) == [(0, text("a", 1)), (1, text("b", 1)), (2, text("a", 2))]


def test_a_batch_is_bounded_and_the_next_goes_on_behind_it(database: Database):
    """The oldest come first; the others stay where they wait."""
    written(database, "a", "a", "a", "b", "b")
    assert [give(database, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert [position for position, _ in placed(database)] == [0, 1, 2, 3, 4]


def test_an_empty_log_ends_at_zero(database: Database):
    """Where nothing waits, nothing is given."""
    assert give(database) == 0
    assert placed(database) == []


def test_what_was_not_committed_gives_no_place(database: Database):
    """A giver that fails leaves everything as it was: entries wait, and the next giver begins at the same place."""
    written(database, "a", "b")

    def failed() -> None:
        with database.transaction() as feed:
            feed.take_turn()
            assert feed.give_places(1) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failed()
    assert placed(database) == []
    assert give(database) == 2
    assert placed(database) == [(0, text("a", 1)), (1, text("b", 1))]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_entry_committed_after_one_with_a_higher_id_is_not_lost(database: Database):
    """On PostgreSQL ids are drawn before the commit: the late one gets a later place, since no id is a watermark."""
    with database.transaction() as late:
        record(late, a_case("late"))
        written(database, "early")
        assert give(database) == 1
    assert give(database) == 1
    with database.transaction(read_only=True) as reader:
        ids = {entry.case_id: entry.id for entry in reader.entries()}
    assert ids["late"] < ids["early"]
    assert placed(database) == [(0, text("early", 1)), (1, text("late", 1))]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_gives_places_at_a_time(database: Database):
    """Who comes second is told so at once; who chooses to wait gets the turn after the first."""
    written(database, "a")
    waiting = Event()

    def second() -> int:
        with database.transaction() as feed:
            assert not feed.take_turn()
            waiting.set()
            assert feed.take_turn(wait=True)
            return feed.log_end()

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as feed:
            assert feed.take_turn()
            assert feed.give_places(10) == 1
            end = pool.submit(second)
            assert waiting.wait(SECONDS_MAX)
        assert end.result(SECONDS_MAX) == 1


def test_places_follow_the_chain_while_many_write(database: Database):
    """With writers and givers at the same time each entry gets one place, in the order of its case."""
    threads, acts = 4, 15
    barrier = Barrier(2 * threads)

    def write(number: int) -> None:
        barrier.wait()
        for act in range(acts):
            written(database, f"case-{number if act % 2 else 0}")

    def give_often(_: int) -> None:
        barrier.wait()
        for _ in range(acts):
            give(database, 3)

    def both(number: int) -> None:
        (write if number < threads else give_often)(number)

    with ThreadPoolExecutor(2 * threads) as pool:
        for done in [pool.submit(both, number) for number in range(2 * threads)]:
            done.result()
    give(database)
    log = placed(database)
    assert [position for position, _ in log] == list(range(threads * acts))
    with database.transaction(read_only=True) as reader:
        chains = {case.id: [text(case.id, seq + 1) for seq in range(case.seq)] for case in reader.cases()}
    for case, chain in chains.items():
        assert [entry for _, entry in log if f'"{case}"' in entry] == chain


def test_reading_goes_on_from_any_place(database: Database):
    """A reader asks for what it has not seen."""
    written(database, "a", "a", "a")
    give(database)
    with database.transaction(read_only=True) as feed:
        assert [entry.position for entry in feed.placed(1, 1)] == [1]
        assert [entry.position for entry in feed.placed(1, 9)] == [1, 2]
        assert feed.placed(3, 9) == ()
        assert feed.placed(0, 1)[0].leaf


@pytest.mark.parametrize("damage", ["DELETE FROM acc_leaf WHERE position = 1", "DELETE FROM acc_entry WHERE id = 2"])
def test_a_hole_in_the_log_is_an_error_and_never_passed_over(database: Database, database_url: str, damage: str):
    """A reader that went on would have missed an entry without knowing."""
    written(database, "a", "b", "c")
    give(database)
    with owned(database_url) as connection:
        connection.exec_driver_sql(damage)
    with database.transaction(read_only=True) as feed, pytest.raises(RecordError, match="place 1 of the log"):
        feed.placed(0, 9)


def test_the_rows_of_places_come_in_the_order_of_the_entries(database: Database):
    """So that the verifier holds little while it pairs them."""
    written(database, "b", "a", "b", "a")
    give(database)
    with database.transaction(read_only=True) as feed:
        assert [row["position"] for row in feed.leaf_rows()] == [1, 3, 0, 2]
        assert [row["entry_id"] for row in feed.leaf_rows()] == [row["id"] for row in feed.entry_rows()]


# Subscriptions


def held(database: Database, holder: str, span: timedelta = SPAN) -> int | None:
    with database.transaction() as feed:
        return feed.hold_subscription("mail", holder, span)


def test_a_subscription_begins_once(database: Database):
    """A second beginning changes nothing: what was delivered stays delivered."""
    for position in (7, 0):
        with database.transaction() as feed:
            feed.add_subscription("mail", position)
    with database.transaction(read_only=True) as feed:
        assert feed.subscriptions() == {"mail": 7}


def test_one_holds_a_subscription_at_a_time(database: Database):
    """Until it is given back, nobody else gets it, nor its holder once more."""
    with database.transaction() as feed:
        feed.add_subscription("mail", 3)
        feed.add_subscription("archive", 0)
    assert held(database, "one") == 3
    assert held(database, "two") is None
    assert held(database, "one") is None
    with database.transaction() as feed:
        assert feed.hold_subscription("archive", "two", SPAN) == 0
        assert feed.move_subscription("mail", "one", 5)
    assert held(database, "two") == 5


def test_nobody_holds_what_is_not_there(database: Database):
    """A subscription begins before it is held."""
    assert held(database, "one") is None


def test_only_the_holder_moves_a_subscription(database: Database):
    """Who lost it meanwhile notes nothing, so a position never goes back."""
    with database.transaction() as feed:
        feed.add_subscription("mail", 0)
    held(database, "one", timedelta(0))
    assert held(database, "two") == 0
    with database.transaction() as feed:
        assert feed.move_subscription("mail", "two", 9, SPAN)
        assert not feed.move_subscription("mail", "one", 2, SPAN)
        assert not feed.move_subscription("mail", "one", 2)
        assert feed.subscriptions() == {"mail": 9}


def test_a_hold_ends_by_itself(database: Database):
    """Who died is followed by somebody else; who prolongs a hold keeps it."""
    with database.transaction() as feed:
        feed.add_subscription("mail", 0)
    held(database, "dead", timedelta(0))
    assert held(database, "one", timedelta(0)) == 0
    with database.transaction() as feed:
        assert feed.move_subscription("mail", "one", 1, SPAN)
    assert held(database, "two") is None


def test_a_clock_that_was_set_back_locks_nobody_out(database: Database, database_url: str):
    """A hold that lasts longer than any can was made by a clock that ran ahead: it is none."""
    with database.transaction() as feed:
        feed.add_subscription("mail", 0)
    held(database, "ahead")
    with owned(database_url) as connection:
        connection.exec_driver_sql("UPDATE acc_subscription SET held_until = '2999-01-01T00:00:00.000000Z'")
    assert held(database, "one") == 0


def test_a_transaction_is_a_feed(database: Database):
    """What gives places works in the transaction that everything else works in."""
    with database.transaction(read_only=True) as transaction:
        assert isinstance(transaction, Feed)
