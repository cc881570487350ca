"""How the database carries out the statements of a firing, a worker and a reader."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import make_url

from accountability.store.postgresql import Postgresql
from accountability.store.queries import Statements
from accountability.store.sqlite import Sqlite

LARGE = ("acc_case", "acc_entry", "acc_pending", "acc_leaf", "acc_opening", "acc_key", "acc_value")
"""Tables that grow with the work; the others grow with the law alone."""


@dataclass(frozen=True)
class Plan:
    """How one statement is carried out.

    Attributes:
        text: As the database explains it.
        indexes: The indexes it uses.
        scanned: The large tables it reads from end to end.
    """

    text: str
    indexes: frozenset[str]
    scanned: frozenset[str]


def statements(sql: Statements) -> dict[str, str]:
    """Give the statements that must not become slower as the tables grow, by what they do."""
    return {
        "read a case": sql.case,
        "read and lock a case": sql.case_locked,
        "read the children": sql.children,
        "move a case and write its entry": sql.move_case[False][0],
        "move a case with its deadlines": sql.move_case[True][0],
        "open a case": sql.open_case[0],
        "write a refusal": sql.write_entry[0],
        "read an entry by its place": sql.entry,
        "read the last entry of a chain": sql.head,
        "read a history": sql.entries[True, False],
        "read a history with refusals": sql.entries[True, True],
        "find cases by what they hold": sql.found(2),
        "find what a key was used for": sql.key,
        "read withheld values": sql.case_openings,
        "claim cases that are due": sql.waking,
        "set when to look again": sql.set_wake,
        "look whether somebody waits": sql.feed.waits,
        "find the end of the log": sql.feed.end,
        "give places": sql.feed.give_places,
        "take from the queue what has its place": sql.feed.stop_waiting,
        "read entries in the order of the log": sql.feed.placed,
    }


def values(case: str) -> dict[str, Any]:
    """Give a value for every name that the statements use."""
    moment = "2015-03-01T00:00:00.000000Z"
    words = ("workflow", "definition", "state", "head", "data", "memory", "link", "deadlines", "bytes", "leaf")
    numbers = {"version": 1, "seq": 2, "before": 1, "count": 50, "after": 0, "end": 1_000_000_000, "since": 0}
    times = dict.fromkeys(("opened_at", "updated_at", "now", "wake", "after_wake"), moment)
    looked = dict.fromkeys(("field_0", "value_0", "whole_0", "field_1", "value_1", "whole_1"), "x")
    ids = dict.fromkeys(("id", "case_id", "parent", "after_id", "key"), case)
    return {**dict.fromkeys(words, "x"), **numbers, **times, **ids, **looked, "closed": False}


def plans(url: str, case: str) -> dict[str, Plan]:
    """Ask the database how it carries out each statement.

    Args:
        url: A database with enough rows that reading all of them is no choice.
        case: The id of a case in it.
    """
    postgresql = make_url(url).get_backend_name() == "postgresql"
    backend = Postgresql(make_url(url)) if postgresql else Sqlite(make_url(url))
    connection = backend.connect()
    ask = _postgresql if postgresql else _sqlite
    try:
        texts = statements(Statements(backend.engine.dialect))
        return {name: ask(connection, text, values(case)) for name, text in texts.items()}
    finally:
        connection.close()


def _postgresql(connection: Any, text: str, given: Mapping[str, Any]) -> Plan:
    (lines,) = connection.execute(f"EXPLAIN (FORMAT JSON) {text}", given).fetchone()
    told = "\n".join(line for (line,) in connection.execute(f"EXPLAIN (COSTS OFF) {text}", given).fetchall())
    nodes = list(_nodes((lines if isinstance(lines, list) else json.loads(lines))[0]["Plan"]))
    scanned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    used = {node["Index Name"] for node in nodes if "Index Name" in node}
    return Plan(told, frozenset(used), frozenset(scanned & set(LARGE)))


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", ())


def _sqlite(connection: Any, text: str, given: Mapping[str, Any]) -> Plan:
    lines = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", given).fetchall()]
    words = [line.replace("COVERING INDEX", "INDEX").split() for line in lines]
    used = {line[line.index("INDEX") + 1] for line in words if "INDEX" in line}
    scanned = {line[1] for line in words if line[0] == "SCAN" and "INDEX" not in line}
    return Plan("\n".join(lines), frozenset(used), frozenset(scanned & set(LARGE)))
