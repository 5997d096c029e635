"""Very many rows in one statement: what they have in common is bound once, the rest comes as one list.

Binding row by row takes longer than either database needs to write the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from engine.store.database import Tx
from engine.store.sql import Array, Sql
from engine.store.types import Json

FEW = 20
"""Up to so many rows are written as quickly by a statement for each."""
NARROW = 6
"""With more own columns than this SQLite reads them out of a list no faster than they are bound to it."""


class Many:
    """`INSERT` of many rows. `shared` columns are the same in all of them, the `each` columns each row's own.

    An own column is a number, a text, a truth value, or a JSON document as text; instants and bytes must be shared.
    `otherwise` is an ON CONFLICT clause.
    """

    def __init__(self, table: sa.Table, shared: Sequence[str], each: Sequence[str], otherwise: str = "") -> None:
        self._shared, self._each, self._by_row = tuple(shared), tuple(each), ""
        into = f"insert into {table.name} ({', '.join((*shared, *each))})"
        if len(each) > NARROW:
            self._by_row = f"{into} values ({', '.join('?' for _ in (*shared, *each))}) {otherwise}"
        self._sql = Sql(
            f"{into} {_of_list(shared, each)} where true {otherwise}",
            table,
            postgresql=f"{into} {_of_arrays(table, shared, each)} where true {otherwise}",
        )

    def insert(self, tx: Tx, rows: Sequence[Sequence[Any]], **shared: Any) -> int:
        """These rows, each with its values in the order of `each`; the number written."""
        if not rows:
            return 0
        if tx.is_sqlite and self._by_row:
            return tx.fill(self._by_row, {name: shared[name] for name in self._shared}, rows)
        if tx.is_sqlite:
            return tx.change(self._sql, rows=list(rows), **shared)
        columns = zip(self._each, zip(*rows, strict=True), strict=True)
        return tx.change(self._sql, **{name: Array(list(values)) for name, values in columns}, **shared)


def _of_list(shared: Sequence[str], each: Sequence[str]) -> str:
    own = (f"json_extract(value, '$[{place}]')" for place in range(len(each)))
    return f"select {', '.join((*(f':{name}' for name in shared), *own))} from json_each(:rows)"  # noqa: S608 - names of ours


def _of_arrays(table: sa.Table, shared: Sequence[str], each: Sequence[str]) -> str:
    same = (f"cast(:{name} as {_type(table.c[name])})" for name in shared)
    own = (f"cast(own.{name} as {_type(table.c[name])})" for name in each)
    arrays = ", ".join(f"cast(:{name} as {_type_in_array(table.c[name])}[])" for name in each)
    return f"select {', '.join((*same, *own))} from unnest({arrays}) as own ({', '.join(each)})"  # noqa: S608


def _type(column: sa.Column[Any]) -> str:
    return str(column.type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def _type_in_array(column: sa.Column[Any]) -> str:
    return "text" if isinstance(column.type, Json) else _type(column)
