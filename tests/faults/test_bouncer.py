"""A pool between the engines and PostgreSQL that lends its connections for one transaction at a time."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from accountability import Engine, InputError
from tests.faults.ledger import CLERK, VERBS, Ledger, Writers, eventually, publish
from tests.postgres import Server, free_port, give_to_server, server_account

BOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")

SETTINGS = """\
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr=127.0.0.1
listen_port={port}
unix_socket_dir=
auth_type=trust
auth_file={folder}/users
pool_mode=transaction
default_pool_size=2
"""


@pytest.fixture
def bounced(server: Server, url: str) -> Iterator[str]:
    """Give the URL of an empty database behind a pool of two connections."""
    if BOUNCER is None:
        pytest.skip("pgbouncer is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        give_to_server(folder)
        (folder / "users").write_text('"postgres" ""\n')
        settings = SETTINGS.format(server=make_url(server.url).port, port=port, folder=folder)
        (folder / "settings").write_text(settings)
        for file in folder.iterdir():
            give_to_server(file)
        process = subprocess.Popen([BOUNCER, "-q", folder / "settings"], **server_account())
        try:
            yield make_url(url).set(port=port).render_as_string(hide_password=False)
        finally:
            process.terminate()
            process.wait()


def test_many_writers_share_few_connections(bounced: str, tmp_path: Path):
    """With `prepare_threshold=none` everything works: acts of all kinds, readings, the verification."""
    with Engine(f"{bounced}?prepare_threshold=none") as engine:
        eventually(engine.migrate)
        publish(engine, tmp_path)
        writers = Writers(engine, 4)
        with writers:
            writers.wait(100)
        assert writers.ledger.errors == []
        writers.ledger.check(engine)


def test_statements_that_the_pool_has_lost_are_explained(bounced: str, tmp_path: Path):
    """Without it, a statement may be prepared on another connection than it is run on; the cure names the option."""
    with Engine(f"{bounced}?prepare_threshold=0") as one, Engine(f"{bounced}?prepare_threshold=none") as other:
        eventually(other.migrate)
        publish(other, tmp_path)
        case = other.start("book", by=CLERK, data={"mark": "opened"}).id
        ledger = Ledger(["opened"])
        for number in range(20):
            ledger.act(one, case, VERBS[number % len(VERBS)], f"{number}")
            one.close()
        assert any("prepare_threshold=none" in (error.cure or "") for error in ledger.errors)
        ledger.check(other)


@pytest.mark.parametrize("wrong", ["never", "-1", "1.5"])
def test_the_option_is_a_number_or_none(wrong: str):
    """Anything else is an input error that says what to write."""
    with pytest.raises(InputError, match="prepare_threshold") as caught:
        Engine(f"postgresql://127.0.0.1/x?prepare_threshold={wrong}")
    assert "none" in (caught.value.cure or "")
