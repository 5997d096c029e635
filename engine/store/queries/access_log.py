"""The access log's rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import access_log


def is_noted(tx: Tx, since: datetime, *, times: int = 1, **values: Any) -> bool:
    """Whether so many rows with just these values were written after `since`."""
    same = [access_log.c[name].is_not_distinct_from(value) for name, value in values.items()]
    found = sa.select(access_log.c.id).where(access_log.c.at > since, *same)
    return tx.one(found.offset(times - 1).limit(1)) is not None


def add(tx: Tx, **values: Any) -> None:
    tx.execute(sa.insert(access_log).values(**values))


def newest(tx: Tx, limit: int, before: int | None) -> list[sa.Row[Any]]:
    wanted = sa.select(access_log).order_by(access_log.c.id.desc()).limit(limit)
    return tx.rows(wanted if before is None else wanted.where(access_log.c.id < before))
