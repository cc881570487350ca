"""A NATS server of the tests' own, with JetStream: started, stopped, started again and removed."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

START_SECONDS = 30
PLACES = "/usr/sbin:/usr/local/sbin"
"""Where the program may lie beside the folders of `PATH`: Debian's is not for everybody's."""


class NatsServer:
    """A server on a free port of this computer alone, whose streams outlive a stop.

    Attributes:
        url: Where it listens, also while it does not run.
    """

    def __init__(self, folder: Path) -> None:
        """Prepare a server that keeps everything of it in a folder.

        Raises:
            RuntimeError: The program is not on this computer.
        """
        program = shutil.which("nats-server") or shutil.which("nats-server", path=PLACES)
        if program is None:
            raise RuntimeError("the tests need a NATS server: apt-get install nats-server (`make test` does so)")
        self._port = _free_port()
        self.url = f"nats://127.0.0.1:{self._port}"
        self._log = folder / "log"
        self._command = [program, "-a", "127.0.0.1", "-p", str(self._port), "-js", "-sd", str(folder / "streams")]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers.

        Raises:
            RuntimeError: It does not.
        """
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(self._command, stdout=output, stderr=output)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return
            time.sleep(0.02)
        raise RuntimeError(f"the NATS server did not start: {self._log.read_text()}")

    def stop(self) -> None:
        """Stop at once, as a crash would, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def messages(self, stream: str = "accountability") -> list[Msg]:
        """Read every message of a stream, oldest first; none where there is no such stream."""
        return asyncio.run(self._messages(stream))

    async def _messages(self, stream: str) -> list[Msg]:
        client = Client()
        await client.connect(self.url)
        try:
            streams = client.jetstream()
            if stream not in [found.config.name for found in await streams.streams_info()]:
                return []
            count = (await streams.stream_info(stream)).state.messages
            consumer = await streams.pull_subscribe("", stream=stream, config=ConsumerConfig())
            found: list[Msg] = []
            while len(found) < count:
                found += await consumer.fetch(min(100, count - len(found)), timeout=START_SECONDS)
            return found
        finally:
            await client.close()


@contextmanager
def nats_server() -> Iterator[NatsServer]:
    """Run a server in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="accountability-nats-"))
    server = NatsServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
