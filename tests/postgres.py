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


@contextmanager
def postgres_server(settings: tuple[str, ...] = FAST) -> Iterator[str]:
    """Run a server in a temporary folder, on a free port of this computer alone.

    Args:
        settings: What differs from PostgreSQL's own defaults, as `name=value`.

    Yields:
        The URL of its administrator: any name may connect, without a password.

    Raises:
        RuntimeError: There is no PostgreSQL server on this computer, or it does not start.
    """
    binaries = _binaries()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="accountability-postgres-"))
    if account:
        os.chown(folder, account["user"], account["group"])
    try:
        data, log = folder / "data", folder / "log"
        initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres"]
        subprocess.run(
            [*initdb, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, **account,
        )  # fmt: skip
        port = _free_port()
        chosen = [f"port={port}", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", *settings]
        options = [word for setting in chosen for word in ("-c", setting)]
        with log.open("w") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, *options], cwd=folder, stdout=output, stderr=output, **account
            )
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        try:
            _await_start(server, url, log)
            yield url
        finally:
            # SIGINT is the fast shutdown; SIGTERM would wait for every connection of a pool.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def _account() -> dict[str, Any]:
    """Say as whom to run the server: nothing special unless the tests run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
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
