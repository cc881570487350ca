"""A PostgreSQL server of the tests' own: started, used and removed; nothing of it outlives the tests.

`initdb` and `postgres` refuse to run as root, so where the tests run as root the server runs as the system's user
`postgres`. The tests themselves stay who they are.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from accountability.store.database import Database

BINARIES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/bin")
START_SECONDS = 30
TEMPLATE = "migrated"

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "shared_buffers=32MB")
"""Settings that lose data when the computer stops, and lose nothing that a test looks at."""


class Server:
    """A server in a folder of its own, on a free port of this computer alone; it may be stopped and started again.

    Attributes:
        url: The URL of its administrator: any name may connect, without a password.
        data: The folder of its data.
    """

    def __init__(self, folder: Path, settings: tuple[str, ...] = FAST, initdb: tuple[str, ...] = ()) -> None:
        """Prepare a server; `make` or a copy of another server's data must come before `start`.

        Args:
            folder: Where everything of it lies; the folder exists, and the server's account may write there.
            settings: What differs from PostgreSQL's own defaults, as `name=value`.
            initdb: More options of `initdb`.
        """
        self.data = folder / "data"
        self._folder, self._settings, self._initdb = folder, settings, initdb
        self._binaries, self._account = _binaries(), server_account()
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        """Make the server's data, without any database but its own."""
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8",
                 "--locale=C.UTF-8", *self._initdb)  # fmt: skip

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs as the server's account."""
        command = [self._binaries / program, *arguments]
        subprocess.run(command, check=True, cwd=self._folder, stdout=subprocess.DEVNULL, **self._account)

    def start(self) -> None:
        """Start, and wait until it answers.

        Raises:
            RuntimeError: It does not start.
        """
        log, folder = self._folder / "log", self._folder
        chosen = [f"port={self._port}", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1"]
        options = [word for setting in (*chosen, *self._settings) for word in ("-c", setting)]
        with log.open("a") as output:
            command = [self._binaries / "postgres", "-D", self.data, *options]
            self._process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, **self._account)
        _await_start(self._process, self.url, log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop, if it runs, and wait until it is gone.

        Args:
            how: SIGINT rolls back what is open and says farewell; SIGQUIT drops everything, as a crash does. SIGTERM
                would wait for every connection of a pool.
        """
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=START_SECONDS)
            self._process = None


@contextmanager
def server_folder() -> Iterator[Path]:
    """Give a temporary folder in which the server's account may write."""
    folder = Path(tempfile.mkdtemp(prefix="accountability-postgres-"))
    try:
        give_to_server(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give_to_server(folder: Path) -> None:
    """Let the server's account own a folder."""
    if account := server_account():
        os.chown(folder, account["user"], account["group"])


@contextmanager
def postgres_server(settings: tuple[str, ...] = FAST) -> Iterator[str]:
    """Run a server in a temporary folder.

    Args:
        settings: What differs from PostgreSQL's own defaults, as `name=value`.

    Yields:
        The URL of its administrator.

    Raises:
        RuntimeError: There is no PostgreSQL server on this computer, or it does not start.
    """
    with server_folder() as folder:
        server = Server(folder, settings)
        server.make()
        try:
            server.start()
            yield server.url
        finally:
            server.stop()


def fresh_database(admin_url: str, *, migrated: bool = False) -> str:
    """Create a database of a new name and give its URL.

    Args:
        admin_url: What `postgres_server` gave.
        migrated: Whether it has the tables already, copied from a template that is migrated once.
    """
    name = f"t_{uuid.uuid4().hex}"
    with _administrator(admin_url) as connection:
        template = "template1"
        if migrated:
            template = TEMPLATE
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {TEMPLATE}")
                database = Database(_url(admin_url, TEMPLATE))
                database.migrate()
                database.close()
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _url(admin_url, name)


def drop_database(admin_url: str, url: str) -> None:
    """Remove a database that `fresh_database` created, and cut off who is still connected."""
    with _administrator(admin_url) as connection:
        connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _administrator(admin_url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(admin_url.replace("+psycopg", ""), autocommit=True)


def _url(admin_url: str, name: str) -> str:
    return make_url(admin_url).set(database=name).render_as_string(hide_password=False)


def _binaries() -> Path:
    """Find the folder of the newest server's programs."""
    found = [folder for pattern in BINARIES for folder in Path("/").glob(pattern[1:]) if (folder / "initdb").exists()]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise RuntimeError("the tests need a PostgreSQL server: apt-get install postgresql (`make test` does so)")
    return max(found, key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))])


def server_account() -> dict[str, Any]:
    """Say as whom to run the server: nothing special unless the tests run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_start(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            _administrator(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
