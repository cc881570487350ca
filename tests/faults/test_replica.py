"""A replica for those who only look: a second PostgreSQL that follows the first and takes no writes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from accountability import DatabaseUnreachableError, Engine, Reader
from tests.faults.conftest import DURABLE
from tests.faults.ledger import CLERK, Ledger, Writers, publish
from tests.postgres import Server, fresh_database, server_folder

SECONDS_MAX = 60


@contextmanager
def replica_of(server: Server) -> Iterator[Server]:
    """Copy a running server, and let the copy follow it."""
    with server_folder() as folder:
        made = Server(folder, (*DURABLE, "hot_standby=on"))
        plain = server.url.replace("+psycopg", "").rpartition("/")[0]
        made.run("pg_basebackup", "-D", made.data, "-R", "-X", "stream", "-c", "fast", "-d", plain)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def caught_up(server: Server, replica: Server) -> None:
    """Wait until the replica has everything."""
    with (
        psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as ahead,
        psycopg.connect(replica.url.replace("+psycopg", ""), autocommit=True) as behind,
    ):
        found = ahead.execute("SELECT pg_current_wal_lsn()").fetchone()
        assert found
        until = time.monotonic() + SECONDS_MAX
        query = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        while behind.execute(query, [found[0]]).fetchone() != (True,):
            assert time.monotonic() < until, "the replica does not follow"
            time.sleep(0.01)


def test_a_replica_is_read_and_verified_while_the_original_is_written(server: Server, tmp_path: Path):
    """A reader on a replica sees whole acts at every moment, verifies them, and in the end sees all of them. Who tries
    to act there is told to name the server that writes. When the replica takes over, the same engine acts.
    """
    url = fresh_database(server.url)
    with Engine(url) as engine, replica_of(server) as replica:
        publish(engine, tmp_path)
        there = f"{replica.url.rpartition('/')[0]}/{url.rpartition('/')[2]}"
        caught_up(server, replica)
        writers = Writers(engine, 2)
        caught_up(server, replica)
        with writers, Reader(there) as reader:
            for _ in range(5):
                writers.wait(10)
                assert reader.verify().ok
        caught_up(server, replica)
        with Engine(there) as auditor:
            writers.ledger.check(auditor)
            case = next(auditor.cases()).id
            with pytest.raises(DatabaseUnreachableError) as caught:
                auditor.fire(case, "write", by=CLERK, data={"mark": "there"})
            assert "only reads" in (caught.value.cure or "")
            with psycopg.connect(replica.url.replace("+psycopg", ""), autocommit=True) as administrator:
                administrator.execute("SELECT pg_promote()")
            ledger = Ledger([*writers.ledger.done])
            assert ledger.act(auditor, case, "write", "after it took over")
            ledger.check(auditor)
