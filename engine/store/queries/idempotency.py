"""Keys of requests that were carried out, with their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.sql import Sql, insert
from engine.store.tables import idempotency_key

_FIND = Sql(
    'select fingerprint, result from idempotency_key where "key" = :key and person_id = :person_id', idempotency_key
)
_ADD = insert(
    idempotency_key,
    *("key", "person_id", "fingerprint", "result", "at"),
    otherwise='on conflict ("key", person_id) do nothing',
)


def find(tx: Tx, key: str, person_id: str) -> Any | None:
    return tx.first(_FIND, key=key, person_id=person_id)


def add(tx: Tx, key: str, person_id: str, **values: Any) -> bool:
    """False when the key is there already."""
    return tx.change(_ADD, key=key, person_id=person_id, **values) == 1


def forget_before(tx: Tx, instant: datetime) -> int:
    return int(tx.execute(sa.delete(idempotency_key).where(idempotency_key.c.at < instant)).rowcount)
