"""Entries to NATS JetStream: a subscriber that publishes each CloudEvent and waits until the server has stored it.

The message is the CloudEvent in structured mode, the one that every version of the NATS binding knows: one JSON text
that needs no headers to be understood. Its id is the message's id, too, so that the server drops what is published once
more, as long as that happens within the stream's window for duplicates.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from weakref import WeakSet

from accountability.audit.cloud_event import MEDIA_TYPE, CloudEvent
from accountability.canonical import written
from accountability.errors import AccountabilityError, InputError

try:
    from nats.aio.client import Client
    from nats.errors import Error as NatsError
    from nats.js import JetStreamContext
    from nats.js.api import StorageType, StreamConfig
    from nats.js.errors import NotFoundError
except ImportError as missing:
    raise InputError("NATS needs nats-py, which is not installed", cure="pip install accountability[nats]") from missing

CONNECT_SECONDS = 5
"""How long to look for a server that answers."""

ACK_SECONDS = 5
"""How long to wait until the server has stored a message."""

DUPLICATES_SECONDS = 60 * 60
"""For how long a stream that is made here remembers the ids of its messages; the server keeps them in memory."""

_stream_name = re.compile(r"[A-Za-z0-9_-]+").fullmatch
_subject = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*").fullmatch
_not_in_a_word = re.compile(r"[^\w:-]")


def _server(address: str) -> str:
    """Return the address of a server.

    Raises:
        InputError: It is none.
    """
    try:
        parts = urlsplit(address if "://" in address else f"nats://{address}")
        plausible = parts.scheme in ("nats", "tls", "ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plausible = False
    if not plausible:
        raise InputError(f"{address!r} is no address of a NATS server", cure="write it like nats://localhost:4222")
    return address


class NatsUnreachableError(AccountabilityError):
    """No NATS server took the message."""

    cure = "check that the server runs with JetStream, its address and credentials; the entry is tried again"


class NatsFeed:
    """Publish to a stream: `engine.subscribe(NatsFeed("nats://localhost:4222"))`.

    Safe to share between threads, which queue. A connection that broke is made anew by the next call; nothing is
    buffered, since the outbox keeps what was not acknowledged.

    Attributes:
        subscription: The name of its subscription: `nats:STREAM`. Two servers with a stream of the same name need
            `name=` in `subscribe`.
    """

    def __init__(
        self,
        servers: str | Sequence[str],
        *,
        stream: str = "accountability",
        subject_prefix: str = "accountability",
        create: bool = True,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Name server and stream; nothing is connected before the first entry.

        Args:
            servers: One URL, or those of a cluster's servers.
            stream: The stream that must take the messages.
            subject_prefix: Entries go to `PREFIX.WORKFLOW.KIND`.
            create: Whether to make the stream where it is missing: in files, without limits, for every subject under
                the prefix. Make it yourself where it needs replicas or limits, or where the account may only publish.
            options: What else the client library is told to connect, such as `user_credentials` or `tls`.

        Raises:
            InputError: A name cannot be one in NATS.
        """
        if not _stream_name(stream):
            raise InputError(f"{stream!r} is no name of a stream", cure="give letters, digits, `_` and `-`")
        if not _subject(subject_prefix):
            raise InputError(f"{subject_prefix!r} is no subject", cure="give words of letters and digits between dots")
        self.subscription = f"nats:{stream}"
        self._servers = [_server(one) for one in ([servers] if isinstance(servers, str) else servers)]
        if not self._servers:
            raise InputError("no NATS server is named", cure="give its address: nats://localhost:4222")
        self._stream = stream
        self._prefix = subject_prefix
        self._create = create
        self._options = dict(options or {})
        self.begin_anew()
        _OPEN.add(self)

    def begin_anew(self) -> None:
        """Leave thread and connection to the process that this one was forked from."""
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connection: tuple[Client, JetStreamContext] | None = None

    def __call__(self, event: CloudEvent) -> None:
        """Publish an entry, and wait until the server has stored it.

        Raises:
            NatsUnreachableError: It has not, as far as is known.
        """
        self._run(self._publish(self.subject(event), event))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def subject(self, event: CloudEvent) -> str:
        """Name the subject an entry goes to; what would structure or end a name is `_` in it."""
        return f"{self._prefix}.{_not_in_a_word.sub('_', event.entry.workflow)}.{event.entry.kind}"

    def close(self) -> None:
        """Close the connection and end the thread; a later call connects anew."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
            if loop is None or thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._disconnect(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it in the thread where the client library lives, which works with asyncio only."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self.subscription, daemon=True)
                self._thread.start()
            asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _publish(self, subject: str, event: CloudEvent) -> None:
        headers = {"Nats-Msg-Id": event.id, "Content-Type": MEDIA_TYPE}
        try:
            stream = await self._connected()
            payload = written(event.as_json())
            await stream.publish(subject, payload, timeout=ACK_SECONDS, stream=self._stream, headers=headers)
        except (NatsError, OSError, TimeoutError) as error:
            await self._disconnect()
            raise NatsUnreachableError(f"the stream `{self._stream}` took nothing: {type(error).__name__}") from error

    async def _connected(self) -> JetStreamContext:
        """Give the connection there is, or a new one, with the stream behind it."""
        if self._connection is None or not self._connection[0].is_connected:
            await self._disconnect()
            client = Client()
            try:
                await asyncio.wait_for(self._connect(client), CONNECT_SECONDS)
                await self._find_stream(client.jetstream())
            except BaseException:
                with suppress(Exception):
                    await client.close()
                raise
            self._connection = client, client.jetstream()
        return self._connection[1]

    async def _connect(self, client: Client) -> None:
        # The library would go on trying, and log each try: both are the outbox's business.
        await client.connect(
            self._servers,
            **{"name": "accountability", "connect_timeout": CONNECT_SECONDS, **self._options},
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=_ignore,
        )

    async def _find_stream(self, streams: JetStreamContext) -> None:
        if not self._create:
            return
        try:
            await streams.stream_info(self._stream)
        except NotFoundError:
            await streams.add_stream(
                StreamConfig(
                    name=self._stream,
                    subjects=[f"{self._prefix}.>"],
                    storage=StorageType.FILE,
                    duplicate_window=DUPLICATES_SECONDS,
                )
            )

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(NatsError, OSError, TimeoutError):
                await connection[0].close()


_OPEN: WeakSet[NatsFeed] = WeakSet()


def _begin_anew() -> None:
    """Part, in a process that was just forked, with what belongs to its parent."""
    for feed in tuple(_OPEN):
        feed.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)


async def _ignore(_error: Exception) -> None:
    """Leave it to whoever waits for the acknowledgement."""
