"""Entries on a real NATS server: all of them, each once, for each case in its order, whoever dies on the way."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cloudevents.core.formats.json import JSONFormat
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, StreamConfig

from accountability import Case, Engine, InputError, Refused, SystemClock
from accountability.audit.cloud_event import CloudEvent
from accountability.engine.outbox import Outbox
from accountability.integrations import nats as integration
from accountability.integrations.nats import NatsFeed, NatsUnreachableError
from accountability.store.database import Database
from tests.engine.conftest import CLERK
from tests.house.project import ROOT
from tests.integrations.conftest import REVIEWER
from tests.nats_server import NatsServer

SECONDS_MAX = 60
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["accountability.engine.engine", "accountability.integrations.nats"])


@pytest.fixture
def feed(server: NatsServer) -> Iterator[NatsFeed]:
    """Give a feed to the server."""
    with NatsFeed(server.url) as feed:
        yield feed


def rate(engine: Engine, case: Case, times: int) -> None:
    """Act on the case."""
    for level in range(times):
        engine.fire(case.id, "rate", by=REVIEWER, data={"level": level % 7})


def arrived(server: NatsServer) -> list[tuple[str, int]]:
    """Read case and place in it of every message, oldest first."""
    return [(data["case"], data["seq"]) for data in (json.loads(one.data)["data"] for one in server.messages())]


def recorded(engine: Engine) -> list[tuple[str, int]]:
    """Read case and place of every entry, oldest first."""
    return [(entry.case, entry.seq) for entry in engine.history(refusals=True)]


def events(engine: Engine) -> list[CloudEvent]:
    """Give every entry in its envelope."""
    heard: list[CloudEvent] = []
    engine.subscribe(heard.append, name="aside")
    engine.tick()
    return heard


def test_every_entry_arrives_as_it_was_recorded(engine: Engine, case: Case, server: NatsServer, feed: NatsFeed) -> None:
    """In the order of the log, under its subject, readable with the SDK; publications and refusals too."""
    engine.subscribe(feed)
    with pytest.raises(Refused):
        engine.fire(case.id, "take", by=CLERK)
    rate(engine, case, 3)
    engine.tick()

    messages, entries = server.messages(), list(engine.history(refusals=True))
    assert len(messages) == len(entries) == engine.tick().deliveries + len(entries)
    for message, entry in zip(messages, entries, strict=True):
        event = JSONFormat().read(None, message.data)
        assert event.get_data() == json.loads(json.dumps(entry.as_json()))
        assert event.get_extension("partitionkey") == entry.case
        assert message.subject == f"accountability.{entry.workflow}.{entry.kind}"
        assert message.headers is not None
        assert message.headers["Nats-Msg-Id"] == event.get_id()
        assert message.headers["Content-Type"] == "application/cloudevents+json"
        assert "赵六" not in message.data.decode()


def test_a_worker_publishes_what_happens(engine: Engine, case: Case, server: NatsServer, database_url: str) -> None:
    """The command alone, beside a program that acts: every entry arrives, and it ends when it is told to."""
    command = [sys.executable, "-m", "accountability", "--db", database_url, "worker", "--every", "0.05"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = subprocess.Popen([*command, "--nats", server.url], env=environment, stderr=subprocess.PIPE)
    with started as worker:
        rate(engine, case, 5)
        wanted, waited = len(recorded(engine)), threading.Event()
        for _ in range(SECONDS_MAX * 10):
            if worker.poll() is not None or len(arrived(server)) >= wanted:
                break
            waited.wait(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS_MAX) == 0
    assert arrived(server) == recorded(engine)


def deliver(url: str, server: str, publications: int) -> None:
    """Deliver, and die right after a publication, before the outbox can note it."""
    box = Outbox(Database(url), SystemClock(), hold=timedelta(0))
    feed, left = NatsFeed(server), iter(range(publications - 1, -1, -1))

    def publish(event: CloudEvent) -> None:
        feed(event)
        if not next(left):
            os.kill(os.getpid(), signal.SIGKILL)

    box.subscribe(publish, name=feed.subscription)
    box.sequence()
    box.deliver()


def test_a_subscriber_killed_after_publishing_leaves_no_duplicate(
    engine: Engine, case: Case, server: NatsServer, database_url: str
) -> None:
    """What is published once more has the same id, and the server drops it."""
    rate(engine, case, 12)
    for publications in (1, 1, 2, 5, 8):
        process = PROCESSES.Process(target=deliver, args=(database_url, server.url, publications))
        process.start()
        process.join(SECONDS_MAX)
        assert process.exitcode == -signal.SIGKILL
    assert arrived(server) == recorded(engine)[:8]
    process = PROCESSES.Process(target=deliver, args=(database_url, server.url, 1000))
    process.start()
    process.join(SECONDS_MAX)
    assert process.exitcode == 0
    assert arrived(server) == recorded(engine)


def test_a_dead_server_delays_nothing_but_its_own_messages(
    engine: Engine, case: Case, server: NatsServer, feed: NatsFeed, caplog: pytest.LogCaptureFixture
) -> None:
    """Acts and other subscriptions go on; everything arrives when the server is back, in order, once."""
    server.stop()
    engine.subscribe(feed)
    others: list[CloudEvent] = []
    engine.subscribe(others.append, name="others")
    rate(engine, case, 2)
    assert engine.tick().deliveries == len(others) == len(recorded(engine))
    rate(engine, case, 2)
    engine.tick()
    assert len(others) == len(recorded(engine))
    assert [record.name for record in caplog.records if record.name != "accountability"] == []

    server.start()
    everything_arrives(engine, server)


def everything_arrives(engine: Engine, server: NatsServer) -> None:
    """Tick until the pause after a failure is over and everything was delivered."""
    stop = threading.Event()
    worker = threading.Thread(target=engine.work, args=(stop, 0.05))
    worker.start()
    try:
        for _ in range(SECONDS_MAX):
            if arrived(server) == recorded(engine):
                return
            stop.wait(0.5)
    finally:
        stop.set()
        worker.join()
    assert arrived(server) == recorded(engine)


def test_a_server_that_was_started_anew_is_found_again(
    engine: Engine, case: Case, server: NatsServer, feed: NatsFeed
) -> None:
    """The feed connects anew by itself; what the server had stored is there, and nothing comes twice."""
    engine.subscribe(feed)
    rate(engine, case, 2)
    engine.tick()
    for _ in range(2):
        server.stop()
        rate(engine, case, 2)
        engine.tick()
        server.start()
        everything_arrives(engine, server)


# The stream. What follows does not look at the database, so one kind is enough.

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def made(server: NatsServer, **config: object) -> None:
    """Make a stream as an administrator would."""

    async def make() -> None:
        client = Client()
        await client.connect(server.url)
        await client.jetstream().add_stream(StreamConfig(**config))
        await client.close()

    asyncio.run(make())


@sqlite_only
def test_the_same_event_is_stored_once(engine: Engine, case: Case, server: NatsServer, feed: NatsFeed) -> None:
    """Also by another connection."""
    (event, *_) = events(engine)
    feed(event)
    feed(event)
    with NatsFeed(server.url) as other:
        other(event)
    assert len(server.messages()) == 1


@sqlite_only
def test_a_stream_of_one_s_own_is_used_as_it_is(engine: Engine, case: Case, server: NatsServer) -> None:
    """Its name, its subjects and its limits are the office's."""
    made(server, name="record", subjects=["office.>"], max_msgs_per_subject=1)
    every = events(engine)
    with NatsFeed(server.url, stream="record", subject_prefix="office.log", create=False) as feed:
        assert feed.subscription == "nats:record"
        for event in every:
            feed(event)
    kept = {f"office.log.{event.entry.workflow}.{event.entry.kind}" for event in every}
    assert {message.subject for message in server.messages("record")} == kept
    assert len(server.messages("record")) == len(kept)


@sqlite_only
@pytest.mark.parametrize("why", ["missing", "full", "of other subjects"])
def test_a_stream_that_takes_nothing_is_an_error_with_its_cure(
    engine: Engine, case: Case, server: NatsServer, why: str
) -> None:
    """The entry stays in the outbox."""
    if why == "full":
        made(server, name="record", subjects=["accountability.>"], max_msgs=1, discard=DiscardPolicy.NEW)
    elif why == "of other subjects":
        made(server, name="record", subjects=["other.>"])
        made(server, name="another", subjects=["accountability.>"])
    first, second, *_ = events(engine)
    with NatsFeed(server.url, stream="record", create=False) as feed:
        if why == "full":
            feed(first)
        for _ in range(2):
            with pytest.raises(NatsUnreachableError) as caught:
                feed(second)
        assert caught.value.cure


@sqlite_only
def test_a_stream_that_was_removed_is_made_anew(engine: Engine, case: Case, server: NatsServer, feed: NatsFeed) -> None:
    """By the try after the one that noticed."""

    async def remove() -> None:
        client = Client()
        await client.connect(server.url)
        await client.jetstream().delete_stream("accountability")
        await client.close()

    first, second, *_ = events(engine)
    feed(first)
    asyncio.run(remove())
    with pytest.raises(NatsUnreachableError):
        feed(second)
    feed(second)
    assert len(server.messages()) == 1


@sqlite_only
def test_one_of_several_servers_is_enough(engine: Engine, case: Case, server: NatsServer) -> None:
    """A cluster is named by its servers."""
    (event, *_) = events(engine)
    with NatsFeed(["nats://127.0.0.1:9", server.url]) as feed:
        feed(event)
    assert len(server.messages()) == 1


@sqlite_only
def test_a_feed_is_closed_and_opened_at_will(engine: Engine, case: Case, server: NatsServer) -> None:
    """No thread stays behind; closing twice does nothing; the next entry connects anew."""
    before = threading.active_count()
    first, second, *_ = events(engine)
    feed = NatsFeed(server.url)
    feed.close()
    for event in (first, second):
        feed(event)
        assert threading.active_count() == before + 1
        feed.close()
        feed.close()
        assert threading.active_count() == before
    assert len(server.messages()) == 2


@sqlite_only
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn of what is shown here to be safe
def test_a_process_that_was_forked_connects_by_itself(
    engine: Engine, case: Case, server: NatsServer, feed: NatsFeed
) -> None:
    """A thread does not come along; the connection stays the parent's."""
    first, second, third, *_ = events(engine)
    feed(first)
    child = os.fork()
    if not child:
        feed(second)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    feed(third)
    assert len(server.messages()) == 3


@sqlite_only
def test_what_structures_a_subject_cannot_come_from_a_name(engine: Engine, case: Case, server: NatsServer) -> None:
    """A workflow's name is one word of the subject, whatever it holds."""
    (event, *_) = events(engine)
    with NatsFeed(server.url) as feed:
        for name, word in {"calendar:cn": "calendar:cn", "a.b": "a_b", "*": "_", "> \r\n": "____"}.items():
            odd = CloudEvent(event.position, event.entry.__class__(**parts(event) | {"workflow": name}))
            assert feed.subject(odd) == f"accountability.{word}.definition"


def parts(event: CloudEvent) -> dict[str, object]:
    """Give the parts of an entry."""
    return {name: getattr(event.entry, name) for name in event.entry.__dataclass_fields__}


@pytest.mark.parametrize("stream", ["", "a.b", "a b", "a*", ">"])
def test_a_name_that_is_none_in_nats_is_refused(stream: str) -> None:
    """Before anything is connected."""
    for wrong in ({"stream": stream}, {"subject_prefix": stream if stream != "a.b" else "a..b"}):
        with pytest.raises(InputError) as caught:
            NatsFeed("nats://127.0.0.1:9", **wrong)  # type: ignore[arg-type]
        assert caught.value.cure


def test_nothing_is_connected_before_the_first_entry() -> None:
    """A feed may be named while its server is down."""
    before = threading.active_count()
    feed = NatsFeed("nats://127.0.0.1:9")
    assert threading.active_count() == before
    feed.close()


def test_without_the_library_the_error_says_what_to_install() -> None:
    """The core does not need it."""
    code = (
        "import sys; sys.modules['nats'] = sys.modules['nats.aio'] = None\n"
        "from accountability import InputError\n"
        "try:\n    import accountability.integrations.nats\n"
        "except InputError as error:\n    print(error.cure)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "src")}
    )
    assert done.stdout.strip() == "pip install accountability[nats]"
    assert integration.MEDIA_TYPE == "application/cloudevents+json"
