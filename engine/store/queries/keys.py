"""Keys of rows before they are inserted, for rows that point at each other."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.database import Tx

_NEXT = sa.text("select nextval(pg_get_serial_sequence(:name, 'id')) from generate_series(1, :count)")


def reserve(tx: Tx, table: sa.Table, count: int) -> list[int]:
    """So many new keys of the table, nobody else's. On SQLite the transaction holds the database."""
    if not count:
        return []
    if tx.is_sqlite:
        newest = tx.scalar(sa.select(sa.func.max(table.c.id))) or 0
        return list(range(newest + 1, newest + 1 + count))
    return [row[0] for row in tx.rows(_NEXT, {"name": table.name, "count": count})]
