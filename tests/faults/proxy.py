"""A wire between the engine and PostgreSQL that a test can cut wherever it likes.

What a client sends in one go is one message here: psycopg sends a statement and then waits for its answer.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

Cut = Literal["before", "half", "after"]
"""What is lost: a message before it reaches the server, the second half of it, or its answer."""

CUTS: tuple[Cut, ...] = ("before", "half", "after")
CHUNK = 1 << 16


class Proxy:
    """Forward connections to a server until told to cut one.

    Attributes:
        port: Where clients connect.
        messages: How many messages clients have sent since `arm` or `count` was called.
    """

    def __init__(self, port: int) -> None:
        """Forward to a port of this computer."""
        self._target = port
        self._lock = threading.Lock()
        self._wires: set[Wire] = set()
        self._cut: tuple[int, Cut] | None = None
        self.messages = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        self.cut_all()

    def url(self, url: str) -> str:
        """Give a server's URL with this proxy in between; in clear text, so that nothing is sent but statements."""
        start, _, rest = url.rpartition("127.0.0.1:")
        return f"{start}127.0.0.1:{self.port}/{rest.partition('/')[2]}?sslmode=disable&gssencmode=disable"

    def count(self) -> None:
        """Count messages anew, and cut none."""
        with self._lock:
            self._cut, self.messages = None, 0

    def arm(self, message: int, cut: Cut) -> None:
        """Cut the connection that sends the given message, counted from 1 now; once."""
        with self._lock:
            self._cut, self.messages = (message, cut), 0

    def cut_all(self) -> None:
        """Cut every connection."""
        with self._lock:
            wires = list(self._wires)
        for wire in wires:
            wire.close()

    def sent(self) -> Cut | None:
        """Count a message, and say whether to cut it."""
        with self._lock:
            self.messages += 1
            if self._cut is None or self.messages != self._cut[0]:
                return None
            cut, self._cut = self._cut[1], None
            return cut

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            wire = Wire(self, client, server)
            with self._lock:
                self._wires.add(wire)
            wire.start()

    def forget(self, wire: Wire) -> None:
        """Stop watching a connection that is closed."""
        with self._lock:
            self._wires.discard(wire)


class Wire:
    """One connection: the client's end, and the server's."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._mute = False
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self) -> None:
        """Forward in both directions until one of them ends."""
        for forward in (self._to_server, self._to_client):
            threading.Thread(target=self._forward, args=(forward,), daemon=True).start()

    def close(self) -> None:
        """Cut both ends."""
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._proxy.forget(self)

    def _forward(self, once: object) -> None:
        with suppress(OSError):
            while once():  # type: ignore[operator]
                pass
        self.close()

    def _to_server(self) -> bool:
        message = self._client.recv(CHUNK)
        cut = self._proxy.sent() if message else None
        if cut == "before":
            return False
        self._mute = cut == "after"
        self._server.sendall(message[: len(message) // 2] if cut == "half" else message)
        return bool(message) and cut != "half"

    def _to_client(self) -> bool:
        answer = self._server.recv(CHUNK)
        if self._mute or not answer:
            return False
        self._client.sendall(answer)
        return True
