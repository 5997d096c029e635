"""Small facts about the installation, read and written by name."""

from __future__ import annotations

from typing import Any

from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_change
from engine.store.sql import Sql
from engine.store.tables import setting

_READ = Sql("select value from setting where name = :name", setting)


def read(tx: Tx, name: str) -> Any:
    """The value, or None when it was never written."""
    found = tx.first(_READ, name=name)
    return None if found is None else found.value


def write(tx: Tx, name: str, value: Any) -> None:
    """Write the value, over any earlier one."""
    insert_or_change(tx, setting, {"name": name}, value=value)
