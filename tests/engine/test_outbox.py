"""The outbox: every entry leaves, at least once, for each case in its order, and no firing waits for it."""

from __future__ import annotations

import functools
import logging
import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa

from accountability import Actor, Case, Engine, InputError, ManualClock, Refused, SystemClock
from accountability.audit.cloud_event import CloudEvent
from accountability.engine import outbox
from accountability.engine.outbox import Outbox
from accountability.store.database import Database
from tests.engine.conftest import CARRIER, CLERK, HEAD, MORNING, REVIEWER

KILLS = int(os.environ.get("ACCOUNTABILITY_KILLS", "50")) // 5
SECONDS_MAX = 60

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["accountability.engine.engine"])

Heard = list[CloudEvent]


def places(heard: Heard) -> list[int]:
    """Give the places in the log of what was heard."""
    return [event.position for event in heard]


@pytest.fixture
def heard(engine: Engine) -> Heard:
    """Subscribe a list."""
    events: Heard = []
    engine.subscribe(events.append, name="list")
    return events


def test_every_entry_leaves_in_the_order_of_the_log(engine: Engine, grant: Case, bundle: Case, heard: Heard) -> None:
    """Publications, acts, the engine's own acts, child cases and refusals: whatever is an entry, each once."""
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=CLERK)
    engine.fire(engine.case(bundle.id).children[0].id, "deliver", by=CARRIER)

    done = engine.tick()

    everything = list(engine.history(refusals=True))
    assert [event.entry for event in heard] == everything
    assert places(heard) == list(range(len(everything)))
    assert (done.leaves, done.deliveries) == (len(everything), len(everything))
    assert {"definition", "refusal", "transition"} <= {event.entry.kind for event in heard}
    assert engine.verify().ok
    again = engine.tick()
    assert (again.leaves, again.deliveries) == (0, 0)


def test_withheld_values_do_not_leave(engine: Engine, grant: Case, heard: Heard) -> None:
    """An event holds what the entry holds: a commitment in place of the value."""
    engine.tick()
    event = next(event for event in heard if event.subject == grant.id)
    assert "applicant" in event.entry.withheld
    assert "赵六" not in str(event.as_json())


def test_nothing_leaves_before_it_is_committed(engine: Engine, grant: Case, heard: Heard, database_url: str) -> None:
    """What the caller rolls back never happened for anybody."""
    engine.tick()
    heard.clear()
    database = sa.create_engine(database_url)
    with database.connect() as session:
        engine.fire(grant.id, "take", by=REVIEWER, session=session)
        session.rollback()
    database.dispose()
    engine.tick()
    assert heard == []


def test_a_subscription_goes_on_where_it_was(engine: Engine, grant: Case, heard: Heard, database_url: str) -> None:
    """Its place is in the database: another process under the same name hears only what is new."""
    engine.tick()
    engine.fire(grant.id, "take", by=REVIEWER)
    later: Heard = []
    with Engine(database_url) as other:
        other.subscribe(later.append, name="list")
        other.tick()
    assert [(event.subject, event.entry.trigger) for event in later] == [(grant.id, "take")]
    assert engine.tick().deliveries == 0


def test_subscriptions_are_filtered_without_losing_their_place(engine: Engine, grant: Case, bundle: Case) -> None:
    """A workflow, a trigger, or both; what does not fit is passed over."""
    parcels, started, both = list[CloudEvent](), list[CloudEvent](), list[CloudEvent]()
    engine.subscribe(parcels.append, workflow="parcel", name="parcels")
    engine.subscribe(started.append, trigger="apply", name="started")
    engine.subscribe(both.append, workflow="grant", trigger="take", name="both")
    engine.tick()
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.tick()
    assert [event.entry.kind for event in parcels] == ["definition", "transition", "transition", "transition"]
    assert {event.entry.workflow for event in parcels} == {"parcel"}
    assert [event.subject for event in started] == [grant.id]
    assert [(event.subject, event.entry.seq) for event in both] == [(grant.id, 2)]


def test_a_subscription_for_a_trigger_hears_of_what_was_done(engine: Engine, grant: Case) -> None:
    """An attempt that was refused did not do it; who hears of everything hears of the attempt."""
    done, everything = [], []
    engine.subscribe(done.append, trigger="take", name="done")
    engine.subscribe(everything.append, name="everything")
    with pytest.raises(Refused):
        engine.fire(grant.id, "take", by=CLERK)
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.tick()
    assert [event.type for event in done] == ["accountability.transition"]
    assert "accountability.refusal" in {event.type for event in everything}


def test_a_subscription_may_begin_behind_the_last_entry(engine: Engine, grant: Case) -> None:
    """Whoever subscribes `now` hears nothing of what was committed before, whether it had its place or not."""
    new: Heard = []
    engine.subscribe(new.append, name="new", since="now")
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.tick()
    assert [event.entry.trigger for event in new] == ["take"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whoever_subscribes_now_waits_for_who_gives_places(engine: Engine, grant: Case, database_url: str) -> None:
    """Entries that are getting their place, and those behind them, were committed before: nobody hears of them."""
    engine.fire(grant.id, "take", by=REVIEWER)
    new: Heard = []
    with closing(Database(database_url)) as database, ThreadPoolExecutor(1) as pool:
        with database.transaction() as feed:
            assert feed.take_turn()
            assert feed.give_places(2) == 2
            subscribing = pool.submit(engine.subscribe, new.append, name="new", since="now")
            with pytest.raises(TimeoutError):
                subscribing.result(0.3)
        subscribing.result(SECONDS_MAX)
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1})
    engine.tick()
    assert [event.entry.trigger for event in new] == ["rate"]


def test_a_known_subscription_does_not_begin_anew(engine: Engine, grant: Case, heard: Heard, database_url: str) -> None:
    """`now` says where a new one begins, no more."""
    engine.tick()
    engine.fire(grant.id, "take", by=REVIEWER)
    later: Heard = []
    with Engine(database_url) as other:
        other.subscribe(later.append, name="list", since="now")
        other.tick()
    assert [event.entry.trigger for event in later] == ["take"]


def test_a_handler_works_outside_any_transaction(engine: Engine, grant: Case) -> None:
    """It may act on the same database; what it does is delivered in its turn."""
    done: list[str] = []

    def take(event: CloudEvent) -> None:
        done.append(event.entry.trigger)
        if event.subject == grant.id and event.entry.trigger == "apply":
            assert engine.fire(grant.id, "take", by=REVIEWER).seq == 2
            assert engine.tick().deliveries == 0, "nobody is called from within a call"

    engine.subscribe(take, name="take")
    engine.tick()
    engine.tick()
    assert done[-2:] == ["apply", "take"]


def test_a_record_in_memory_delivers_too() -> None:
    """Also where everything shares one connection."""
    with Engine("sqlite://", clock=ManualClock(MORNING)) as engine:
        engine.migrate()
        engine.register(Path(__file__).parent / "workflows")
        heard: Heard = []
        engine.subscribe(heard.append, name="list", since="now")
        case = engine.start("grant", by=CLERK, data={"purpose": "a", "amount": "1"})
        engine.tick()
        assert [event.subject for event in heard] == [case.id]


# Failures


class Unwilling:
    """A handler that fails on one trigger until told otherwise."""

    def __init__(self, trigger: str) -> None:
        self.trigger: str | None = trigger
        self.tried: list[tuple[str, int]] = []
        self.heard: list[tuple[str, int]] = []

    def __call__(self, event: CloudEvent) -> None:
        self.tried.append((event.subject, event.entry.seq))
        if event.entry.trigger == self.trigger:
            raise ValueError(f"no letter to {event.entry.data} 赵六")
        self.heard.append((event.subject, event.entry.seq))


def test_a_handler_that_raises_is_tried_again_and_hinders_nobody(engine: Engine, grant: Case, heard: Heard) -> None:
    """Later entries wait behind the one that failed; other subscriptions, and acts, go on."""
    unwilling = Unwilling("take")
    engine.subscribe(unwilling, name="unwilling")
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1})
    engine.tick()
    assert [event.entry.seq for event in heard if event.subject == grant.id] == [1, 2, 3]
    assert unwilling.heard[-1] == (grant.id, 1)

    unwilling.trigger = None
    assert engine.tick().deliveries == 2
    assert unwilling.heard[-3:] == [(grant.id, 1), (grant.id, 2), (grant.id, 3)]


def test_the_pauses_between_tries_grow(engine: Engine, grant: Case, clock: ManualClock) -> None:
    """At once with the next tick, then after 1, 2, 4 seconds and so on to five minutes; a success begins anew."""
    unwilling = Unwilling("apply")
    engine.subscribe(unwilling, workflow="grant", name="unwilling")

    def tries(**passed: float) -> int:
        before = len(unwilling.tried)
        clock.advance(**passed)
        engine.tick()
        return len(unwilling.tried) - before

    assert tries() == 2  # the publication, and the first failure
    assert [tries(), tries(), tries(seconds=0.9), tries(seconds=0.1)] == [1, 0, 0, 1]
    assert [tries(seconds=1.9), tries(seconds=0.1)] == [0, 1]
    for _ in range(40):
        assert tries(minutes=5) == 1
    assert tries(minutes=4, seconds=59) == 0
    clock.set("2015-02-09T08:00+08:00")
    assert tries() == 1, "a clock that was set back ends the pause"
    unwilling.trigger = None
    assert tries(minutes=5) == 1
    unwilling.trigger = "take"
    engine.fire(grant.id, "take", by=REVIEWER)
    assert [tries(), tries(), tries()] == [1, 1, 0]


def test_what_a_handler_says_is_not_logged(engine: Engine, grant: Case, caplog: pytest.LogCaptureFixture) -> None:
    """Its words may be about a person; kind and place of the error are told, the subscription and the entry."""
    engine.subscribe(Unwilling("apply"), name="letters")
    with caplog.at_level(logging.DEBUG, logger="accountability"):
        engine.tick()
    (told,) = [vars(record) for record in caplog.records if record.getMessage().startswith("not delivered: ")]
    assert (told["subscription"], told["error"], told["failures"]) == ("letters", "ValueError", 1)
    assert told["position"] == 3
    assert told["where"].startswith(f"{__name__}:")
    assert "赵六" not in caplog.text
    assert "no letter" not in str([vars(record) for record in caplog.records])


@pytest.mark.parametrize("position", [-5, 10_000])
def test_a_subscription_outside_the_log_is_told(
    engine: Engine, grant: Case, database_url: str, caplog: pytest.LogCaptureFixture, position: int
) -> None:
    """Somebody moved it by hand: nothing is delivered, and the log says which subscription that is."""
    heard: list[CloudEvent] = []
    engine.subscribe(heard.append, name="letters")
    engine.tick()
    database = sa.create_engine(database_url)
    with database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE acc_subscription SET position = {position}")
    database.dispose()
    heard.clear()
    engine.fire(grant.id, "take", by=REVIEWER)
    with caplog.at_level(logging.WARNING, logger="accountability"):
        engine.tick()
    assert heard == []
    assert f"a subscription stands outside the log: subscription letters, position {position}" in caplog.text


def test_a_handler_that_is_stopped_leaves_the_subscription_to_the_next(engine: Engine, grant: Case) -> None:
    """Ctrl-C in a handler: what was delivered stays so, and the next tick goes on with the entry that was not."""
    tried: list[int] = []

    def stopped(event: CloudEvent) -> None:
        tried.append(event.position)
        if tried == [0, 1, 2]:
            raise KeyboardInterrupt

    engine.subscribe(stopped, name="stopped")
    with pytest.raises(KeyboardInterrupt):
        engine.tick()
    engine.tick()
    assert tried == [0, 1, 2, 2, 3]


def test_an_entry_that_cannot_be_read_stops_its_subscribers(
    engine: Engine, grant: Case, heard: Heard, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is handed a later entry as if there were none before it; `verify` says what is wrong."""
    engine.tick()
    heard.clear()
    engine.fire(grant.id, "take", by=REVIEWER)
    engine.fire(grant.id, "rate", by=REVIEWER, data={"level": 1})
    with closing(Database(database_url)) as database:
        Outbox(database, SystemClock()).sequence()
    engine_of_owner = sa.create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine_of_owner.connect() as owner:
        if owner.dialect.name == "sqlite":
            owner.exec_driver_sql("DROP TRIGGER acc_entry_no_update")
        else:
            owner.exec_driver_sql("SET session_replication_role = replica")
        owner.exec_driver_sql("UPDATE acc_entry SET bytes = '{}' WHERE seq = 2")
    engine_of_owner.dispose()
    with caplog.at_level(logging.WARNING, logger="accountability"):
        assert engine.tick().deliveries == 0
    assert heard == []
    assert "not delivered" in caplog.text
    assert not engine.verify().ok


# Turns


def test_a_slow_handler_costs_the_others_one_call(engine: Engine, grant: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each call takes longer than a turn, subscriptions take turns call by call."""
    monkeypatch.setattr(outbox, "TURN_SECONDS", 0.0)
    called: list[tuple[str, int]] = []
    engine.subscribe(lambda event: called.append(("slow", event.position)), name="slow")
    engine.subscribe(lambda event: called.append(("other", event.position)), name="other")
    engine.tick()
    assert called == [(name, place) for place in range(4) for name in ("slow", "other")]


def test_a_tick_ends_though_there_is_more_to_do(
    engine: Engine, grant: Case, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deadlines do not wait for a long backlog; the next tick goes on."""
    monkeypatch.setattr(outbox, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(outbox, "DELIVERY_SECONDS", 0.0)
    assert [engine.tick().deliveries for _ in range(5)] == [1, 1, 1, 1, 0]
    assert places(heard) == [0, 1, 2, 3]


def test_a_backlog_longer_than_a_batch_is_delivered_whole(
    engine: Engine, grant: Case, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Places and entries are dealt with in bounded batches, one after the other."""
    monkeypatch.setattr(outbox, "PLACES_BATCH", 3)
    monkeypatch.setattr(outbox, "ENTRIES_BATCH", 2)
    for level in range(7):
        engine.fire(grant.id, "rate", by=REVIEWER, data={"level": level})
    assert engine.tick().leaves == 11
    assert places(heard) == list(range(11))


def test_firings_do_not_wait_for_a_handler(engine: Engine, grant: Case) -> None:
    """While a handler sleeps, acts are done, and another subscription of another process is served."""
    entered, leave = Event(), Event()

    def sleep(event: CloudEvent) -> None:
        entered.set()
        assert leave.wait(SECONDS_MAX)

    engine.subscribe(sleep, name="sleep")
    with ThreadPoolExecutor(1) as pool:
        ticking = pool.submit(engine.tick)
        assert entered.wait(SECONDS_MAX)
        try:
            assert engine.fire(grant.id, "take", by=REVIEWER).seq == 2
        finally:
            leave.set()
        assert ticking.result(SECONDS_MAX).deliveries >= 4


def test_one_delivers_to_a_subscription_at_a_time(engine: Engine, grant: Case, heard: Heard) -> None:
    """Threads that tick at the same time deliver each entry once."""
    for level in range(20):
        engine.fire(grant.id, "rate", by=REVIEWER, data={"level": level % 7})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: engine.tick(), range(12)))
    engine.tick()
    assert places(heard) == list(range(24))
    assert engine.verify().ok


def test_whoever_lost_the_subscription_stops_and_sets_nothing_back(
    engine: Engine, grant: Case, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that outlasted its hold: somebody else goes on, and the place stays where they came to."""
    monkeypatch.setattr(outbox, "ENTRIES_BATCH", 1)
    with closing(Database(database_url)) as database:
        slow, quick = (Outbox(database, SystemClock(), hold=timedelta(0)) for _ in range(2))
        slow.sequence()
        first, second = list[int](), list[int]()

        def outlasted(event: CloudEvent) -> None:
            first.append(event.position)
            if event.position == 1:
                assert quick.deliver() == 3

        slow.subscribe(outlasted, name="same")
        quick.subscribe(lambda event: second.append(event.position), name="same")
        slow.deliver()
        assert second == [1, 2, 3]
        assert first == [0, 1]
        with database.transaction(read_only=True) as feed:
            assert feed.subscriptions() == {"same": 4}


# Names


def letters(event: CloudEvent) -> None:
    """Have a place in the program."""


class Post:
    """A handler among its methods, and one that names itself."""

    subscription = "post office"

    def __call__(self, event: CloudEvent) -> None:
        """Take it."""

    def send(self, event: CloudEvent) -> None:
        """Take it, too."""


def test_a_subscription_is_named_after_its_handler(engine: Engine, grant: Case, database_url: str) -> None:
    """A function by its place in the program, a method as well; an object may name itself; the caller has the say."""
    for handler in (letters, Post().send, Post()):
        engine.subscribe(handler)
    engine.subscribe(letters, name="other letters")
    engine.tick()
    with closing(Database(database_url)) as database, database.transaction(read_only=True) as feed:
        assert set(feed.subscriptions()) == {
            f"{__name__}.letters", f"{__name__}.Post.send", "post office", "other letters",
        }  # fmt: skip


async def later(event: CloudEvent) -> None:
    """Be no plain function."""


WRONG = {
    "a lambda": {"handler": lambda event: None},
    "a partial": {"handler": functools.partial(letters)},
    "a coroutine": {"handler": later},
    "no function": {"handler": "letters"},
    "a name twice": {"handler": letters, "name": "taken"},
    "an empty name": {"handler": letters, "name": ""},
    "a name of two lines": {"handler": letters, "name": "a\nb"},
    "a long name": {"handler": letters, "name": "a" * 201},
    "an empty workflow": {"handler": letters, "workflow": ""},
    "a number as trigger": {"handler": letters, "trigger": 7},
    "another beginning": {"handler": letters, "since": "yesterday"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_subscription_that_makes_no_sense_is_refused_with_its_cure(engine: Engine, wrong: str) -> None:
    """A name that changes or means two things would lose entries or deliver them anew; the error says what to do."""
    engine.subscribe(letters, name="taken")
    with pytest.raises(InputError) as caught:
        engine.subscribe(**WRONG[wrong])  # type: ignore[arg-type]
    assert caught.value.cure
    engine.subscribe(letters)


def test_subscribing_needs_no_database(tmp_path: Path) -> None:
    """An application subscribes where it is made up; the tables may come later."""
    with Engine(tmp_path / "none" / "record.db") as engine:
        engine.subscribe(letters)


# Processes that die


def deliver(url: str, name: str, file: str) -> None:
    """Give places and deliver into a file, again and again."""
    database = Database(url)
    box = Outbox(database, SystemClock(), hold=timedelta(seconds=0.2))
    written = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(event: CloudEvent) -> None:
        os.write(written, f"{event.position} {event.subject} {event.entry.seq}\n".encode())

    box.subscribe(write, name=name)
    while True:
        box.sequence()
        box.deliver()


def lines(file: Path) -> Iterator[tuple[int, str, int]]:
    """Read what was delivered."""
    for line in file.read_text().splitlines():
        place, case, seq = line.split()
        yield int(place), case, int(seq)


@pytest.mark.slow
def test_whoever_delivers_may_be_killed_at_any_moment(
    engine: Engine, grant: Case, database_url: str, tmp_path: Path
) -> None:
    """SIGKILL at random moments: each entry is delivered at least once, never before the one before it."""
    chance = random.Random(2015)
    file = tmp_path / "delivered"
    file.touch()
    reviewers = [Actor(f"wang-{number}", {"reviewer"}) for number in range(3)]
    cases = [grant.id, engine.start("grant", by=CLERK, data={"purpose": "b", "amount": "2"}).id]
    for _ in range(KILLS):
        process = PROCESSES.Process(target=deliver, args=(database_url, "file", str(file)))
        process.start()
        size, until = file.stat().st_size, time.monotonic() + chance.random() * 0.1
        while file.stat().st_size == size or time.monotonic() < until:
            engine.fire(chance.choice(cases), "rate", by=chance.choice(reviewers), data={"level": 1})
            time.sleep(0.005)
        process.kill()
        process.join()
    closer: Heard = []
    until = time.monotonic() + SECONDS_MAX
    engine.subscribe(closer.append, name="file")
    while engine.tick().deliveries == 0 and time.monotonic() < until:
        time.sleep(0.05)

    everything = list(engine.history(refusals=True))
    delivered = [*lines(file), *((event.position, event.subject, event.entry.seq) for event in closer)]
    assert {place for place, _, _ in delivered} == set(range(len(everything)))
    known = -1
    for place, _, _ in delivered:
        assert place <= known + 1, "an entry was delivered before the one before it"
        known = max(known, place)
    for case in {case for _, case, _ in delivered}:
        chain = [seq for _, whose, seq in sorted(set(delivered)) if whose == case]
        assert chain == list(range(1, len(chain) + 1))
    assert engine.verify().ok
    assert engine.fire(grant.id, "deny", by=HEAD).closed
