"""The statements by which entries get their place in the log and leave it, compiled once as those in `queries`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ClauseElement,
    Column,
    Dialect,
    Integer,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from accountability.store.tables import Row

_tables = Row.metadata.tables
_entry = _tables["acc_entry"]
_pending = _tables["acc_pending"]
_leaf = _tables["acc_leaf"]
_subscription = _tables["acc_subscription"]

_TURN = 0x6163636C
"""Our number among PostgreSQL's advisory locks, for who gives places: the letters "accl"."""

# SQLAlchemy would take a number for a value that is given with each call.
_NONE, _ONE = literal_column("0", Integer()), literal_column("1", Integer())

_CLOCKS = {
    "postgresql": """to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
}
"""The database's own clock, in the form of `canonical.instant`."""


class FeedStatements:
    """Hold the texts of one dialect.

    Attributes:
        try_turn, await_turn: Take the turn to give places until the transaction ends; None where writing is one turn.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        postgresql = dialect.name == "postgresql"
        turn: ColumnElement[int] = literal_column(str(_TURN))
        self.try_turn = self._text(select(func.pg_try_advisory_xact_lock(turn))) if postgresql else None
        self.await_turn = self._text(select(func.pg_advisory_xact_lock(turn))) if postgresql else None
        self._give_places()
        self._read_places()
        upsert = postgresql_insert if postgresql else sqlite_insert
        new = upsert(_subscription).values({name: _given(_subscription.c[name]) for name in ("name", "position")})
        self.add_subscription = self._text(new.on_conflict_do_nothing())
        self._hold_subscriptions(_CLOCKS[dialect.name])

    def _text(self, statement: ClauseElement) -> str:
        return str(statement.compile(dialect=self._dialect))

    def _give_places(self) -> None:
        entry, end = _pending.c.entry_id, _given(_leaf.c.position, "end")
        self.waits = self._text(select(entry).limit(_ONE).offset(_NONE))
        self.end = self._text(select(func.max(_leaf.c.position)))
        oldest = select(entry).order_by(entry).limit(_given(entry, "count")).offset(_NONE).subquery("oldest")
        order = func.row_number().over(order_by=oldest.c.entry_id)
        placed = select(end + order - _ONE, oldest.c.entry_id)
        self.give_places = self._text(insert(_leaf).from_select(["position", "entry_id"], placed))
        given = select(_leaf.c.entry_id).where(_leaf.c.position >= end)
        self.stop_waiting = self._text(delete(_pending).where(entry.in_(given)))

    def _read_places(self) -> None:
        with_entries = _leaf.outerjoin(_entry, _entry.c.id == _leaf.c.entry_id)
        position = _leaf.c.position
        placed = select(position, _entry.c.bytes, _entry.c.leaf).select_from(with_entries)
        since, count = _given(position, "since"), _given(position, "count")
        self.placed = self._text(placed.where(position >= since).order_by(position).limit(count).offset(_NONE))
        leaves = select(position, _leaf.c.entry_id).select_from(with_entries)
        self.leaves = self._text(leaves.order_by(_entry.c.case_id, _entry.c.seq.nulls_first(), _entry.c.id, position))

    def _hold_subscriptions(self, clock: str) -> None:
        named = _subscription.c.name == _given(_subscription.c.name)
        self.subscriptions = self._text(select(_subscription.c.name, _subscription.c.position))
        held = select(*(_subscription.c[name] for name in ("position", "holder", "held_until")), literal_column(clock))
        self.subscription = self._text(held.where(named).with_for_update())
        holding = {name: _given(_subscription.c[name]) for name in ("position", "holder", "held_until")}
        mine = _subscription.c.holder == _given(_subscription.c.holder, "mine")
        self.hold = self._text(update(_subscription).values(**holding).where(named))
        self.keep = self._text(update(_subscription).values(**holding).where(named, mine))


def _given(column: Column[Any], name: str | None = None) -> BindParameter[Any]:
    return bindparam(name or column.name, type_=column.type)
