"""INSERT … ON CONFLICT, which SQLAlchemy spells once for each database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.database import Tx


def insert_or_change(tx: Tx, table: sa.Table, key: dict[str, Any], /, **values: Any) -> None:
    """Insert the row, or change the one that has that key."""
    columns = list(key)
    if tx.is_sqlite:
        light = sqlite.insert(table).values(**key, **values)
        tx.execute(light.on_conflict_do_update(index_elements=columns, set_=values))
    else:
        full = postgresql.insert(table).values(**key, **values)
        tx.execute(full.on_conflict_do_update(index_elements=columns, set_=values))


def insert_or_leave(tx: Tx, table: sa.Table, key: dict[str, Any], **values: Any) -> bool:
    """Insert the row unless there is one of that key; whether it was inserted."""
    columns, told = list(key), [table.c[name] for name in key]
    if tx.is_sqlite:
        light = sqlite.insert(table).values(**key, **values)
        return tx.one(light.on_conflict_do_nothing(index_elements=columns).returning(*told)) is not None
    full = postgresql.insert(table).values(**key, **values)
    return tx.one(full.on_conflict_do_nothing(index_elements=columns).returning(*told)) is not None
