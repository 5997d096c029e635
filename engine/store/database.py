"""One database, two ways in: `verb()` writes and locks from its first statement, `page()` only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from engine.clock import Clock
from engine.store.sql import Array, Sql, bind

STOPPED_FOR = 300
"""Seconds for which PostgreSQL lets a connection sit in a transaction and say nothing."""


CHECKPOINT_PAGES = 4_000
"""Of SQLite's log, 16 MB: a hot page is copied into the file once for many transactions."""


@dataclass(frozen=True)
class Tx:
    """A transaction. `recorded_at` is wall time (UTC) when it began; process time is each verb's `now`."""

    connection: sa.Connection
    recorded_at: datetime
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was read in this transaction and cannot change in it but by itself."""
    if_refused: list[Callable[[Tx], None]] = field(default_factory=list, compare=False, repr=False)
    """What is to be written, in a transaction of its own, when this one is rolled back: a fault that it met."""
    put_off: list[Callable[[], None]] = field(default_factory=list, compare=False, repr=False)
    """What is to be written last, by `flush`."""

    @cached_property
    def is_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def flush(self) -> None:
        """Write now what was put off to the end of the transaction."""
        while self.put_off:
            self.put_off.pop(0)()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """When the block raises, what was done in it is undone, and nothing before it."""
        self.flush()
        try:
            with self.connection.begin_nested():
                yield
                self.flush()
        except BaseException:
            self.put_off.clear()
            self.memo.clear()
            raise

    @cached_property
    def _cursor(self) -> Any:
        return self.connection.connection.cursor()

    def array(self, values: list[Any]) -> Any:
        """A list as one parameter: read by `json_each` on SQLite, an array on PostgreSQL."""
        return values if self.is_sqlite else Array(values)

    def find(self, statement: Sql, **parameters: Any) -> list[Any]:
        """The rows of a hand-written statement."""
        return statement.rows(self.send(statement, parameters), self.is_sqlite)

    def first(self, statement: Sql, **parameters: Any) -> Any | None:
        """Its first row, or None."""
        found = statement.rows(self.send(statement, parameters), self.is_sqlite)
        return found[0] if found else None

    def change(self, statement: Sql, **parameters: Any) -> int:
        """The number of rows it wrote."""
        return int(self.send(statement, parameters).rowcount)

    def number(self, statement: Sql, **parameters: Any) -> int:
        """The one number that it gives: a count, or the key of the row it inserted."""
        return int(self.send(statement, parameters).fetchone()[0])

    def each(self, statement: Sql, many: Sequence[dict[str, Any]]) -> int:
        """The statement once for each set of parameters; the number of rows written."""
        if len(many) == 1:
            return self.change(statement, **many[0])
        return self.send_all(statement, many) if many else 0

    def send(self, statement: Sql, parameters: dict[str, Any]) -> Any:
        """Every hand-written statement goes through here or `send_all`; gives the driver's cursor.

        The parameters are used up.
        """
        text, cursor = statement.text(self.is_sqlite), self._cursor
        try:
            return cursor.execute(text, bind(parameters, self.is_sqlite, statement.written))
        except self.connection.dialect.loaded_dbapi.Error as fault:
            raise self._told(fault, text) from fault

    def send_all(self, statement: Sql, many: Sequence[dict[str, Any]]) -> int:
        """Once for each set of parameters; the number of rows written."""
        text, cursor = statement.text(self.is_sqlite), self._cursor
        try:
            cursor.executemany(text, [bind(dict(one), self.is_sqlite, statement.written) for one in many])
            return int(cursor.rowcount)
        except self.connection.dialect.loaded_dbapi.Error as fault:
            raise self._told(fault, text) from fault

    def fill(self, text: str, shared: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> int:
        """SQLite's statement with a `?` for each value that all share, then for each of a row's own; rows written."""
        same = tuple(bind(dict(shared), sqlite=True).values())
        try:
            return int(self._cursor.executemany(text, [(*same, *own) for own in rows]).rowcount)
        except self.connection.dialect.loaded_dbapi.Error as fault:
            raise self._told(fault, text) from fault

    def _told(self, fault: Exception, text: str) -> BaseException:
        """The driver's fault as SQLAlchemy tells it, so that callers need to know one kind only."""
        dialect: Any = self.connection.dialect
        if dialect.is_disconnect(fault, self.connection.connection.dbapi_connection, self._cursor):
            self.connection.invalidate(fault)
        return sa.exc.DBAPIError.instance(text, None, fault, dialect.loaded_dbapi.Error, dialect=dialect)

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        return self.connection.execute(statement, parameters)

    def rows(self, statement: sa.Executable, parameters: Any = None) -> list[sa.Row[Any]]:
        return list(self.connection.execute(statement, parameters))

    def one(self, statement: sa.Executable, parameters: Any = None) -> sa.Row[Any] | None:
        return self.connection.execute(statement, parameters).first()

    def scalar(self, statement: sa.Executable) -> Any:
        return self.connection.execute(statement).scalar()

    def insert(self, table: sa.Table, **values: Any) -> int:
        """The new row's integer key."""
        result = self.connection.execute(table.insert(), values)
        return int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0


class Database:
    """SQLite (WAL, synchronous FULL) or PostgreSQL by URL. `volatile=True`: no fsync, for rehearsals and tests.

    `patience`: seconds to wait for a lock or a free connection, before the database's own error is raised.
    """

    def __init__(self, url: str, clock: Clock, *, volatile: bool = False, patience: float = 30) -> None:
        self.clock = clock
        self.volatile = volatile
        self.patience = patience
        self.engine = _create(url, patience)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", self._on_connect)
            sa.event.listen(self.engine, "begin", _on_begin)
        else:
            sa.event.listen(self.engine, "connect", self._on_connect_to_server)

    def _on_connect(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'OFF' if self.volatile else 'FULL'}",
            "foreign_keys=ON",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            f"busy_timeout={self.patience * 1000:.0f}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def _on_connect_to_server(self, connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = {self.patience * 1000:.0f}")
        # A process that was stopped inside a transaction keeps everyone else from its rows no longer than this.
        connection.execute(f"SET idle_in_transaction_session_timeout = {STOPPED_FOR * 1000}")
        connection.commit()

    @contextmanager
    def verb(self) -> Iterator[Tx]:
        """A writing transaction: committed when the block ends, rolled back when it raises."""
        tx: Tx | None = None
        try:
            with self.engine.connect() as connection, connection.begin():
                tx = Tx(connection, self.clock.wall())
                yield tx
                tx.flush()
        except Exception:
            if tx is not None and tx.if_refused:
                with self.verb() as after:
                    for write in tx.if_refused:
                        write(after)
            raise

    @contextmanager
    def page(self) -> Iterator[Tx]:
        """A reading transaction: one snapshot on SQLite, committed statements on PostgreSQL."""
        with self.engine.connect().execution_options(arshjul_begin="BEGIN") as connection, connection.begin():
            yield Tx(connection, self.clock.wall())

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A reading transaction that sees one moment on both, however long it takes and whoever writes meanwhile."""
        if self.engine.dialect.name == "sqlite":
            with self.page() as tx:
                yield tx
            return
        once = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**once) as connection, connection.begin():
            yield Tx(connection, self.clock.wall())

    def dispose(self) -> None:
        self.engine.dispose()


def _create(url: str, patience: float) -> sa.Engine:
    if url in ("sqlite://", "sqlite:///:memory:"):
        return sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    if url.startswith("sqlite"):
        return sa.create_engine(url, pool_timeout=patience)
    return sa.create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, pool_timeout=patience)


def _on_begin(connection: sa.Connection) -> None:
    # A deferred transaction that reads before it writes fails at once with SQLITE_BUSY, whatever the busy timeout.
    begin = connection.get_execution_options().get("arshjul_begin", "BEGIN IMMEDIATE")
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(begin)
    except sqlite3.Error as fault:
        raise sa.exc.DBAPIError.instance(begin, None, fault, sqlite3.Error, dialect=connection.dialect) from fault
