"""Small facts about the installation, read and written by name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_change
from engine.store.tables import setting


def read(tx: Tx, name: str) -> Any:
    """The value, or None when it was never written."""
    return tx.scalar(sa.select(setting.c.value).where(setting.c.name == name))


def write(tx: Tx, name: str, value: Any) -> None:
    """Write the value, over any earlier one."""
    insert_or_change(tx, setting, {"name": name}, value=value)
