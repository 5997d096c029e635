"""Business records and their versions, as the verbs that run hot write them."""

from __future__ import annotations

from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql, insert
from engine.store.tables import record, record_version

_ADD = Sql(
    'insert into record (instance_id, key, type, plan_year, state, version, "values", task_id, position_id, unit_id,'
    " unit_name, created_by, created_at, changed_at) values (:instance_id, :key, :type, :plan_year, :state, 1, :values,"
    " :task_id, :position_id, :unit_id, :unit_name, :created_by, :created_at, :created_at) returning id",
    record,
)
_KEEP_VERSION = insert(record_version, *("record_id", "version", "state", "values", "withdrawn", "task_id", "by", "at"))


def add(tx: Tx, **values: Any) -> int:
    """A new record, version 1; its id."""
    return tx.number(_ADD, **values)


def keep_version(tx: Tx, **values: Any) -> None:
    tx.change(_KEEP_VERSION, **values)
