"""Tables with very many rows, made by the database itself from one case: rows as the engine writes them, but copied."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, make_url

COLUMNS = (
    "workflow, version, definition, state, seq, head, closed, data, memory, opened_at, updated_at, link, deadlines"
)

THE_REST = (
    """INSERT INTO acc_leaf (position, entry_id) SELECT row_number() OVER (ORDER BY entry_id) - 1, entry_id
    FROM acc_pending WHERE entry_id < (SELECT max(entry_id) / 2 FROM acc_pending)""",
    "DELETE FROM acc_pending WHERE entry_id IN (SELECT entry_id FROM acc_leaf)",
    "INSERT INTO acc_key (key, digest, case_id, seq) SELECT id, head, id, 1 FROM acc_case",
    "INSERT INTO acc_opening (case_id, seq, field, salt, value) SELECT id, 1, 'name', head, '1' FROM acc_case",
)
"""What fills the tables beside cases, entries and the queue."""

DIALECTS: dict[str, dict[str, Any]] = {
    "postgresql": {
        "numbers": "SELECT generate_series(0, {count} - 1) AS i",
        "id": "lpad(to_hex({number}), 8, '0') || substr('{case}', 9)",
        "stock": ("VACUUM ANALYZE", "CHECKPOINT"),
    },
    "sqlite": {
        "numbers": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) "
        "SELECT i FROM n",
        "id": "printf('%08x', {number}) || substr('{case}', 9)",
        "stock": ("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"),
    },
}


def copied_id(case: str, number: int) -> str:
    """Give the id of a copy: its number in place of the first eight hexadecimal digits."""
    return f"{number:08x}{case[8:]}"


def crowd(url: str, case: str, count: int, *, whole: bool = False) -> None:
    """Copy a case with its entries, which wait for their place in the log as all new ones do.

    Args:
        url: The database.
        case: Its id, a UUID.
        count: How many copies, numbered from 0.
        whole: Whether the other tables are filled, too: nine of ten copies are children of the tenth, and that one
            wakes some day; half of the entries have their place; each copy has a key and a withheld value.
    """
    words = DIALECTS[make_url(url).get_backend_name()]
    numbers = words["numbers"].format(count=count)
    copy, first = (words["id"].format(number=number, case=case) for number in ("i", "i - i % 10"))
    parent = f"CASE WHEN i % 10 > 0 THEN {first} END" if whole else "NULL"
    wake = "CASE WHEN i % 10 = 0 THEN '2015-03-0' || (1 + i % 9) || 'T00:00:00.000000Z' END" if whole else "wake"
    copied = f"SELECT {copy}, seq, replace(bytes, '{case}', {copy}), leaf FROM ({numbers}) AS numbers, acc_entry"
    _run(
        url,
        f"""INSERT INTO acc_case (id, parent, wake, {COLUMNS}) SELECT {copy}, {parent}, {wake}, {COLUMNS}
        FROM ({numbers}) AS numbers, acc_case WHERE id = '{case}'""",
        f"INSERT INTO acc_entry (case_id, seq, bytes, leaf) {copied} WHERE case_id = '{case}' ORDER BY i, seq",
        "INSERT INTO acc_pending SELECT id FROM acc_entry WHERE id > (SELECT max(entry_id) FROM acc_pending)",
        *(THE_REST if whole else ()),
    )


def take_stock(url: str) -> None:
    """Let the database count what is in its tables: PostgreSQL does so by itself now and then, SQLite never."""
    _run(url, *DIALECTS[make_url(url).get_backend_name()]["stock"])


def _run(url: str, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%") if "psycopg" in url else statement)
    engine.dispose()
