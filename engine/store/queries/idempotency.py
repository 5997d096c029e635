"""Keys of requests that were carried out, with their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_leave
from engine.store.tables import idempotency_key


def find(tx: Tx, key: str, person_id: str) -> sa.Row[Any] | None:
    mine = (idempotency_key.c.key == key) & (idempotency_key.c.person_id == person_id)
    return tx.one(sa.select(idempotency_key).where(mine))


def add(tx: Tx, key: str, person_id: str, **values: Any) -> bool:
    """False when the key is there already."""
    return insert_or_leave(tx, idempotency_key, {"key": key, "person_id": person_id}, **values)


def forget_before(tx: Tx, instant: datetime) -> int:
    return int(tx.execute(sa.delete(idempotency_key).where(idempotency_key.c.at < instant)).rowcount)
