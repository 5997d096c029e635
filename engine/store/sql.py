"""Hand-written statements for the verbs that run hot.

They go straight to the driver: building, hashing and compiling a Core construct takes longer than SQLite needs to
carry it out. The columns of a result still mean what the tables say, and faults are the same exceptions.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from psycopg.types.json import Jsonb

from engine.store.types import Instant, Json

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")

_AMONG = re.compile(r"among (:\w+)")

_PLAIN = (sa.Integer, sa.String, sa.Boolean, sa.LargeBinary)
"""Columns whose values the drivers take as they are."""

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Array:
    """A list that PostgreSQL gets as an array, not as JSON."""

    values: list[Any]


class Sql:
    """One statement. `:name` is a parameter; a column of a result means what it means in the first of `tables` that has it.

    `lock` names the table whose rows PostgreSQL locks, for others that only `share` them if so; SQLite's verbs hold the
    whole database already. The key of a row never changes, so rows that point at it may come meanwhile.
    `postgresql` is the text for PostgreSQL where the two must differ. `written`: the parameters that `bind` has to look
    at, if not all.
    """  # noqa: E501

    def __init__(
        self,
        text: str,
        *tables: sa.FromClause,
        lock: str | None = None,
        share: bool = False,
        postgresql: str | None = None,
        written: Sequence[str] | None = None,
    ) -> None:
        self.sqlite = text
        self.written = written
        locked = "" if lock is None else f" for {'share' if share else 'no key update'} of {lock}"
        self.postgresql = _PARAMETER.sub(r"%(\1)s", (postgresql or text) + locked)
        self._tables = tables
        self._shapes: dict[bool, tuple[Any, list[tuple[int, Convert]]]] = {}

    def text(self, sqlite: bool) -> str:
        return self.sqlite if sqlite else self.postgresql

    def rows(self, cursor: Any, sqlite: bool) -> list[Any]:
        """What the cursor found, as named tuples with values as the column types give them."""
        found = cursor.fetchall()
        if not found:
            return []
        shape = self._shapes.get(sqlite)
        if shape is None:
            shape = self._shapes[sqlite] = self._shape([column[0] for column in cursor.description], sqlite)
        row, converts = shape
        return [_converted(row, converts, values) for values in found]

    def _shape(self, names: Sequence[str], sqlite: bool) -> tuple[Any, list[tuple[int, Convert]]]:
        row = namedtuple("row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 (made from the statement)
        readers = _SQLITE_READERS if sqlite else _POSTGRESQL_READERS
        converts = []
        for index, name in enumerate(names):
            column = next((table.c[name] for table in self._tables if name in table.c), None)
            reader = None if column is None else readers.get(type(column.type))
            if reader is not None:
                converts.append((index, reader))
        return row, converts


def insert(table: sa.Table, *columns: str, returning: str | None = None, otherwise: str = "") -> Sql:
    """`INSERT` of these columns; `otherwise` is an ON CONFLICT clause, `returning` a column of the new row."""
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f":{name}" for name in columns)
    told = f" returning {returning}" if returning else ""
    written = [name for name in columns if not isinstance(table.c[name].type, _PLAIN)]
    text = f"insert into {table.name} ({names}) values ({values}) {otherwise}{told}"  # noqa: S608
    return Sql(text, table, written=written)


def among(text: str, *tables: sa.FromClause) -> Sql:
    """A statement in which `among :names` asks for a value of that list, each database in its own way."""
    sqlite = _AMONG.sub(r"in (select value from json_each(\1))", text)
    return Sql(sqlite, *tables, postgresql=_AMONG.sub(r"= any(\1)", text))


def spelled(word: str) -> sa.ColumnElement[str]:
    """The word written out in a statement: behind a parameter no planner sees that a partial index answers."""
    return sa.literal_column(f"'{word}'", sa.String)


def bind(parameters: dict[str, Any], sqlite: bool, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The parameters, or those of these names, changed in place to what the driver takes: instants in UTC, dicts and
    lists as JSON.

    Not by adapters of SQLite's driver: those are the whole process's, and other libraries set their own.
    """
    writers = _SQLITE_WRITERS if sqlite else _POSTGRESQL_WRITERS
    for name in parameters if names is None else names:
        value = parameters[name]
        write = writers.get(type(value))
        if write is not None:
            parameters[name] = write(value)
    return parameters


def _converted(row: Any, converts: list[tuple[int, Convert]], values: Any) -> Any:
    if converts:
        values = list(values)
        for index, convert in converts:
            if values[index] is not None:
                values[index] = convert(values[index])
    return row._make(values)


def _instant_text(value: datetime) -> str:
    return _utc_text(value if value.tzinfo is UTC else _aware(value).astimezone(UTC))


@lru_cache(maxsize=4096)
def _utc_text(value: datetime) -> str:
    """A transaction writes few instants, each many times."""
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"a naive datetime is not an instant: {value!r}")
    return value


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _jsonb(value: Any) -> Jsonb:
    return Jsonb(value, dumps=orjson.dumps)


_SQLITE_READERS: dict[type, Convert] = {
    Instant: lambda value: datetime.fromisoformat(value + "+00:00"),
    Json: orjson.loads,
    sa.Boolean: bool,
    sa.Date: date.fromisoformat,
}
_POSTGRESQL_READERS: dict[type, Convert] = {Instant: lambda value: value.astimezone(UTC)}
_SQLITE_WRITERS: dict[type, Convert] = {
    datetime: _instant_text,
    date: date.isoformat,
    dict: _json_text,
    list: _json_text,
}
_POSTGRESQL_WRITERS: dict[type, Convert] = {
    datetime: _aware,
    dict: _jsonb,
    list: _jsonb,
    Array: lambda array: array.values,
}
