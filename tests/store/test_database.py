"""Naming a database, and what is said when it is not there."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from accountability.errors import DatabaseError, DatabaseUnreachableError, DatabaseVersionError, InputError
from accountability.store.database import Database
from accountability.store.stored import StoredOpening
from tests.postgres import drop_database, fresh_database
from tests.store.given import a_case, moved, record


def read(url: str) -> None:
    """Do the least reading."""
    with closing(Database(url)) as database, database.transaction(read_only=True) as transaction:
        transaction.case("x")


def migrate(url: str) -> None:
    """Make the tables."""
    with closing(Database(url)) as database:
        database.migrate()


@pytest.mark.parametrize(
    "url",
    ["", " ", "mysql://x/y", "sqlite:///x.db?mode=ro", "postgresql+psycopg2://x/y", "sqlite+aiosqlite:///x", "://",
     "postgresql://host:notaport/x"],
)  # fmt: skip
def test_a_url_that_cannot_work_is_refused_with_the_spellings_that_do(url: str):
    """Another database, another driver or nothing at all is an input error with a cure."""
    with pytest.raises(InputError) as caught:
        Database(url)
    assert "sqlite:///FILE" in (caught.value.cure or "")


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_every_spelling_of_postgresql_means_psycopg(url: str):
    """Naming a database opens nothing, so a server need not be there."""
    assert Database(url).dialect == "postgresql"


def test_a_password_is_never_shown():
    """The name of a database stands in messages and logs."""
    assert "secret" not in Database("postgresql://me:secret@h/d").name


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """The core install has no psycopg; whoever names PostgreSQL is told the extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError) as caught:
        Database("postgresql://h/d")
    assert caught.value.cure == "pip install accountability[postgres]"


def test_a_plain_path_is_a_sqlite_file(tmp_path: Path):
    """Spaces, per cent and question marks in a path are just characters."""
    path = tmp_path / "a b%20?c#.db"
    migrate(str(path))
    assert path.exists()
    read(str(path))


def test_reading_makes_no_file(tmp_path: Path):
    """A mistyped path is reported, not turned into an empty database."""
    path = tmp_path / "mistyped.db"
    for read_only in (True, False):
        with pytest.raises(DatabaseVersionError) as caught, Database(str(path)).transaction(read_only=read_only):
            pass
        assert str(path) in str(caught.value)
        assert "migrate" in (caught.value.cure or "")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_a_file_of_another_kind_cannot_be_opened(tmp_path: Path):
    """What is no SQLite database is unreachable, and stays as it was."""
    letter = tmp_path / "letter.txt"
    letter.write_text("dear office, " * 100)
    for path in (tmp_path, letter):
        for act in (read, migrate):
            with pytest.raises(DatabaseUnreachableError) as caught:
                act(str(path))
            assert caught.value.cure
    assert letter.read_text() == "dear office, " * 100


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path):
    """Reading from the wrong file does not touch a byte of it."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseVersionError):
        read(str(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_may_not_be_written_is_said_to_be_so():
    """Without the right to write, an act fails with the path and a cure, and no driver's exception."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        database = Database(str(path))
        database.migrate()
        database.close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        root = os.geteuid() == 0
        try:
            if root:
                os.seteuid(65534)
            with pytest.raises(DatabaseUnreachableError) as caught, database.transaction() as transaction:
                record(transaction, a_case())
            assert str(path) in str(caught.value)
        finally:
            if root:
                os.seteuid(0)
            Path(folder).chmod(0o755)


@pytest.mark.parametrize("wrong", ["nobody:x@127.0.0.1:1/none", "x@no-such-host.invalid/none"])
def test_a_server_that_does_not_answer_is_unreachable(wrong: str):
    """A closed port and an unknown host are said so, with the URL and what to check."""
    with pytest.raises(DatabaseUnreachableError) as caught:
        read(f"postgresql://{wrong}")
    assert "none" in str(caught.value)
    assert "host" in (caught.value.cure or "")


def test_a_user_who_is_not_known_is_unreachable(postgres_url: str):
    """So is a database that does not exist, and a role the server does not know."""
    for url in (postgres_url.replace("/postgres", "/nowhere"), postgres_url.replace("postgres@", "stranger:no@")):
        with pytest.raises(DatabaseUnreachableError):
            read(url)


def test_a_user_without_rights_is_told_which(postgres_url: str):
    """Missing grants are named as such."""
    url = fresh_database(postgres_url, migrated=True)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
    with pytest.raises(DatabaseUnreachableError) as caught:
        read(url.replace("postgres@", "reader@"))
    assert "rights" in (caught.value.cure or "")
    drop_database(postgres_url, url)


def test_a_server_that_dropped_idle_connections_is_asked_again(postgres_url: str):
    """After a restart of the server the next act simply works."""
    url = fresh_database(postgres_url, migrated=True)
    database = Database(url)
    with database.transaction() as transaction:
        record(transaction, a_case())
    _cut_off(postgres_url)
    with database.transaction() as transaction:
        record(transaction, moved(a_case()))
    database.close()
    drop_database(postgres_url, url)


def test_a_connection_lost_in_the_middle_is_unreachable_and_the_next_act_works(postgres_url: str):
    """The act fails as a whole, in our words; the database recovers by itself."""
    url = fresh_database(postgres_url, migrated=True)
    database = Database(url)

    def act() -> None:
        with database.transaction() as transaction:
            record(transaction, a_case())
            _cut_off(postgres_url)
            transaction.case("case-1")

    with pytest.raises(DatabaseUnreachableError):
        act()
    with database.transaction() as transaction:
        assert transaction.case("case-1") is None
    database.close()
    drop_database(postgres_url, url)


def _cut_off(admin_url: str) -> None:
    with psycopg.connect(admin_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 't\\_%'")


def test_a_writer_that_waits_too_long_gives_up_with_a_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another program that holds the file is a passing failure of the database, not a driver's exception."""
    monkeypatch.setattr("accountability.store.sqlite.WAIT_SECONDS", 0.1)
    path = tmp_path / "record.db"
    migrate(str(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database = Database(str(path))
    with pytest.raises(DatabaseError, match="locked") as caught, database.transaction():
        pass
    database.close()
    assert "again" in (caught.value.cure or "")
    other.close()


@pytest.mark.parametrize("url", ["sqlite://", ":memory:", "sqlite:///:memory:"])
def test_a_record_in_memory_serves_several_threads(url: str):
    """All threads see one record, and their acts follow each other."""
    database = Database(url)
    database.migrate()
    with database.transaction() as transaction:
        record(transaction, a_case())

    def fire() -> None:
        for _ in range(25):
            with database.transaction() as transaction:
                case = transaction.case("case-1", lock=True)
                assert case is not None
                record(transaction, moved(case))

    threads = [Thread(target=fire) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(read_only=True) as transaction:
        case = transaction.case("case-1")
        assert case is not None
        assert case.seq == 101


def test_a_thread_may_write_while_it_reads_in_memory_but_not_write_twice_at_once():
    """An act within a reading works as on a file; an act within an act is refused and harms neither."""
    database = Database("sqlite://")
    database.migrate()
    with database.transaction(read_only=True) as reading:
        with database.transaction() as transaction:
            record(transaction, a_case())
        assert reading.case("case-1") is not None
    with database.transaction() as transaction:
        record(transaction, a_case("case-2"))
        with pytest.raises(DatabaseError), database.transaction():
            pass
    with database.transaction(read_only=True) as transaction:
        assert transaction.case("case-2") is not None


def test_naming_a_database_imports_no_migrations():
    """The library alembic is loaded by `migrate` alone; no test process can tell, so a new one is asked."""
    script = (
        "import sys; from accountability.store.database import Database as D; D('x'); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_erased_bytes_leave_the_files(tmp_path: Path):
    """After erasing and scrubbing, neither the SQLite file nor its log holds the value."""
    database = Database(str(tmp_path / "record.db"))
    database.migrate()
    secret = "wang-xiaoming-of-the-mill"
    with database.transaction() as transaction:
        record(transaction, a_case(), openings=[StoredOpening("case-1", 1, "name", "00", secret)])
    assert any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    with database.transaction() as transaction:
        transaction.erase_openings("case-1", ["name"])
    assert database.scrub()
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    database.close()


def test_scrubbing_does_not_claim_what_a_reader_prevents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While somebody reads an older state the log cannot be emptied, and the answer says so."""
    monkeypatch.setattr("accountability.store.sqlite.WAIT_SECONDS", 0.1)
    database = Database(str(tmp_path / "record.db"))
    database.migrate()
    with database.transaction(read_only=True) as reading:
        reading.case("x")
        with database.transaction() as transaction:
            record(transaction, a_case())
        assert not database.scrub()
    assert database.scrub()
    database.close()
