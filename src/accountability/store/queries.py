"""Every statement of the store, written once in SQLAlchemy Core and compiled once to the text of a dialect.

Names of tables and columns come from `tables`. The texts take their values by name and run on the driver's own cursor:
SQLAlchemy's statement layer would cost more than the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import combinations
from typing import Any

from sqlalchemy import (
    JSON,
    ClauseElement,
    Column,
    Dialect,
    ScalarSelect,
    Select,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from accountability.store.feed_queries import FeedStatements
from accountability.store.tables import KEPT_CHARACTERS, Row

_tables = Row.metadata.tables
_definition = _tables["acc_definition"]
_case = _tables["acc_case"]
_entry = _tables["acc_entry"]
_pending = _tables["acc_pending"]
_opening = _tables["acc_opening"]
_key = _tables["acc_key"]
_log = _tables["acc_log"]
_lookup = _tables["acc_lookup"]
_value = _tables["acc_value"]

CASE = tuple(column.name for column in _case.columns)
DEFINITION = tuple(column.name for column in _definition.columns)
ENTRY = tuple(column.name for column in _entry.columns)
OPENING = tuple(column.name for column in _opening.columns)

_FIXED = ("id", "workflow", "opened_at", "parent", "link")
"""What never changes about a case. SQLite writes an index anew when a column of it is set, be it to the same value."""

_TIMED = ("deadlines", "wake")
"""What only some acts change, one of them in an index."""


_KEEP_STILL = (
    "SET LOCAL lock_timeout = '5s'",
    "LOCK TABLE acc_case IN SHARE ROW EXCLUSIVE MODE",
    "SET LOCAL lock_timeout TO DEFAULT",
)
"""Wait for those who are writing cases, and let the others wait, but not for long."""

_HOLD = "SELECT pg_advisory_xact_lock(1633907571, hashtext(%(text)s) %% 1024)"
"""Takes the lock that `acc_keep_values` takes for whoever writes such a value."""


class Statements:
    """Hold the texts of one dialect.

    Attributes:
        dialect: `sqlite` or `postgresql`.
        open_case, move_case, write_entry: One after the other; each must touch exactly one row, or somebody else was
            first. PostgreSQL needs one statement (one round trip), SQLite three. A case moves with its deadlines or,
            where they stay as they are, without.
        cases: By the filters that are set, of `workflow`, `state`, `closed`.
        entries: By whether one case is asked for, and whether refusals are.
        feed: How entries get their place in the log and leave it.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect.name
        self._dialect = dialect
        write = self._write_postgresql if dialect.name == "postgresql" else self._write_sqlite
        upsert = postgresql_insert if dialect.name == "postgresql" else sqlite_insert
        self.open_case, self.move_case, self.write_entry = write()
        self.add_definition = self._text(upsert(_definition).on_conflict_do_nothing())
        self.add_key = self._text(upsert(_key).on_conflict_do_nothing())
        self.add_opening = self._text(insert(_opening))
        self.erase_opening = self._text(delete(_opening).where(_same(_opening.c.case_id), _same(_opening.c.field)))
        self._read_cases()
        self._read_definitions()
        self._read_record()
        self._look_up(upsert)
        self.feed = FeedStatements(dialect)

    def _text(self, statement: ClauseElement) -> str:
        return str(statement.compile(dialect=self._dialect))

    def _write_postgresql(self) -> tuple[tuple[str, ...], dict[bool, tuple[str, ...]], tuple[str, ...]]:
        opening = postgresql_insert(_case).values(_all(_case)).on_conflict_do_nothing()
        opened = opening.returning(_case.c.id).cte("saved")
        moved = [_moved(timed=timed).returning(_case.c.id).cte("saved") for timed in (False, True)]
        written = []
        for saved in (opened, *moved):
            row = select(saved.c.id, *(_given(_entry.c[name]) for name in ("seq", "bytes", "leaf")))
            written.append(insert(_entry).from_select(["case_id", "seq", "bytes", "leaf"], row))
        written.append(insert(_entry).values(_all(_entry, but=("id",))))
        texts = []
        for statement in written:
            entry = statement.returning(_entry.c.id).cte("written")
            texts.append((self._text(insert(_pending).from_select(["entry_id"], select(entry.c.id))),))
        return texts[0], {False: texts[1], True: texts[2]}, texts[3]

    def _write_sqlite(self) -> tuple[tuple[str, ...], dict[bool, tuple[str, ...]], tuple[str, ...]]:
        entry = self._text(insert(_entry).values(_all(_entry, but=("id",))))
        pending = self._text(insert(_pending).inline().values(entry_id=func.last_insert_rowid()))
        opened = self._text(insert(_case).values(_all(_case)))
        moved: dict[bool, tuple[str, ...]] = {
            timed: (self._text(_moved(timed=timed)), entry, pending) for timed in (False, True)
        }
        return (opened, entry, pending), moved, (entry, pending)

    def _read_cases(self) -> None:
        one = select(_case).where(_same(_case.c.id))
        self.case = self._text(one)
        self.case_locked = self._text(one.with_for_update())  # SQLite has no such clause and needs none
        children = select(
            *(_case.c[name] for name in ("link", "id", "workflow", "state", "closed", "data", "seq", "definition"))
        )
        self.children = self._text(children.where(_case.c.parent == _given(_case.c.id)).order_by("opened_at", "id"))
        state = bindparam("state", type_=_case.c.state.type)
        inside, beyond = (bindparam(name, type_=_case.c.state.type) for name in ("inside", "beyond"))
        filters = {
            "workflow": _same(_case.c.workflow),
            "state": or_(_case.c.state == state, and_(_case.c.state > inside, _case.c.state < beyond)),
            "closed": _same(_case.c.closed),
        }
        self.cases = {
            frozenset(chosen): self._text(select(_case).where(*(filters[name] for name in chosen)).order_by(_case.c.id))
            for chosen in _subsets(filters)
        }
        self._read_waking()

    def _look_up(self, upsert: Callable[[Table], Any]) -> None:
        """Write what finds cases by what they hold, and what begins to keep a field for that."""
        self.add_lookup = self._text(upsert(_lookup).on_conflict_do_nothing())
        self.values = self._text(select(_value))
        self.lookups = self._text(select(_lookup).order_by("workflow", "field"))
        self.keep_still = _KEEP_STILL if self.dialect == "postgresql" else ()
        self.hold = _HOLD if self.dialect == "postgresql" else ""
        held = _held(_given(_value.c.field), self.dialect)
        values = select(
            _case.c.workflow,
            _given(_value.c.field),
            func.substr(held, literal_column("1"), literal_column(str(KEPT_CHARACTERS))),
            _case.c.id,
        )
        missing = values.where(_same(_case.c.workflow), held.is_not(None))
        adding = upsert(_value).from_select(list(_value.c.keys()), missing)
        self.add_values = self._text(adding.on_conflict_do_nothing())
        self._found: dict[int, str] = {}

    def found(self, fields: int) -> str:
        """Give the text that finds cases by so many fields: `field_0`, `value_0`, `whole_0` and so on."""
        if fields not in self._found:
            found = select(_case).order_by(_case.c.id)
            for number in range(fields):
                value = _value.alias(f"kept_{number}")
                given = {
                    name: bindparam(f"{name}_{number}", type_=value.c[name].type) for name in ("field", "value")
                } | {"workflow": _given(_value.c.workflow)}
                kept = (value.c[name] == wanted for name, wanted in given.items())
                whole = bindparam(f"whole_{number}", type_=value.c.value.type)
                held = _held(given["field"], self.dialect) == whole
                found = found.join(value, and_(value.c.case_id == _case.c.id, *kept)).where(held)
            limited = found.limit(bindparam("count", type_=_case.c.seq.type)).offset(literal_column("0"))
            self._found[fields] = self._text(limited)
        return self._found[fields]

    def _read_waking(self) -> None:
        """Write what finds the cases that time has something to do with, and what sets when that is."""
        wake, id_, now = _case.c.wake, _case.c.id, bindparam("now", type_=_case.c.wake.type)
        after = [bindparam(f"after_{name}", type_=_case.c[name].type) for name in ("wake", "id")]
        waking = select(wake, id_).where(wake <= now, tuple_(wake, id_) > tuple_(*after)).order_by(wake, id_)
        # SQLite's texts always have an offset, which would otherwise come as a value of its own.
        limited = waking.limit(bindparam("count", type_=_case.c.seq.type)).offset(literal_column("0"))
        self.waking = self._text(limited.with_for_update(skip_locked=True))  # SQLite has no such clause and needs none
        self.set_wake = self._text(update(_case).values(wake=_given(wake)).where(_same(id_), _same(_case.c.seq)))
        # Also those that are due already: somebody who has claimed one would set its time to wake behind our back.
        sooner = case((wake < now, wake), else_=now)
        waking_all = update(_case).values(wake=sooner).where(wake.is_not(None), _same(_case.c.definition))
        self.wake_all = self._text(waking_all)

    def _read_definitions(self) -> None:
        name, version = _definition.c.workflow, _definition.c.version
        every = select(_definition)
        of_workflow = every.where(_same(name))
        self.definition = self._text(every.where(_same(_definition.c.digest)))
        self.definition_version = self._text(of_workflow.where(_same(version)))
        newest = of_workflow.where(version == _highest(version, name, _given(name)))
        self.digest_latest = self._text(newest.with_only_columns(_definition.c.digest, _definition.c.registered_at))
        self.definition_latest = self._text(of_workflow.where(version == _highest(version, name, _given(name))))
        self.workflows = self._text(every.where(version == _highest(version, name, name)).order_by("workflow"))
        self.digests = self._text(select(_definition.c.digest, name))
        self.definitions = self._text(every.order_by("workflow", "version"))

    def _read_record(self) -> None:
        of_case = _same(_entry.c.case_id)
        linked = _entry.c.seq.is_not(None)
        self.entry = self._text(select(_entry).where(of_case, _same(_entry.c.seq)))
        last = _entry.c.seq == _highest(_entry.c.seq, _entry.c.case_id, _given(_entry.c.case_id))
        self.head = self._text(select(_entry.c.seq, _entry.c.leaf).where(of_case, last))
        self.entries = {
            (one, refusals): self._text(_entries(*([of_case] if one else []), *([] if refusals else [linked])))
            for one in (True, False)
            for refusals in (True, False)
        }
        self.chains = self._text(select(_entry).order_by(_entry.c.case_id, _entry.c.seq.nulls_first(), _entry.c.id))
        self.pending = self._text(select(_pending.c.entry_id).order_by("entry_id"))
        in_order = select(_opening).order_by("case_id", "seq", "field")
        self.openings = self._text(in_order)
        self.case_openings = self._text(in_order.where(_same(_opening.c.case_id)))
        self.key = self._text(select(_key).where(_same(_key.c.key)))
        self.forget_keys = self._text(update(_key).values(digest=_given(_key.c.digest)).where(_same(_key.c.case_id)))
        self.log = self._text(select(_log.c.id).order_by("id"))


def _given(column: Column[Any]) -> BindParameter[Any]:
    """Take the value that is given under the column's name."""
    return bindparam(column.name, type_=column.type)


def _same(column: Column[Any]) -> ColumnElement[bool]:
    return column == _given(column)


def _held(field: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Give what a case holds in a field, as JSON."""
    if dialect == "postgresql":
        return cast(cast(_case.c.data, JSON).op("->")(field), Text)
    return _case.c.data.op("->")(literal_column("'$.'").op("||")(field))


def _all(table: Table, *, but: Collection[str] = ()) -> dict[str, BindParameter[Any]]:
    return {column.name: _given(column) for column in table.columns if column.name not in but}


def _moved(*, timed: bool) -> Update:
    before = bindparam("before", type_=_case.c.seq.type)
    values = _all(_case, but=_FIXED if timed else (*_FIXED, *_TIMED))
    return update(_case).values(values).where(_same(_case.c.id), _case.c.seq == before)


def _highest(number: Column[Any], within: Column[Any], value: Column[Any] | BindParameter[Any]) -> ScalarSelect[Any]:
    """Select the highest number among the rows of the same table whose column `within` holds a value."""
    other = number.table.alias("other")
    return select(func.max(other.c[number.name])).where(other.c[within.name] == value).scalar_subquery()


def _entries(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(_entry).where(*conditions).order_by(_entry.c.id)


def _subsets(names: Iterable[str]) -> list[tuple[str, ...]]:
    every = tuple(names)
    return [chosen for size in range(len(every) + 1) for chosen in combinations(every, size)]
