"""Jobs, as the verbs that run hot read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql, insert
from engine.store.tables import job

NEW = ("kind", "instance_id", "activity_id", "task_id", "token", "due_at", "payload")

_ADD_ONE = insert(job, *NEW, returning="id")
_ADD = insert(job, *NEW)
_MOVING = Sql(
    "select * from job where instance_id = :instance_id and state = 'due' and due_at <= :now"
    " and kind in ('open_activity', 'advance_activity', 'timer', 'receive_message') order by due_at, id limit 1",
    job,
)
_TIMERS = Sql(
    "select * from job where instance_id = :instance_id and kind = 'timer' and state in ('due', 'failed')", job
)
_CANCEL = {
    column: Sql(f"update job set state = 'cancelled' where state = 'due' and {column} = :id")  # noqa: S608 - constants
    for column in ("id", "activity_id", "task_id", "instance_id")
}


def add(tx: Tx, many: Sequence[dict[str, Any]]) -> None:
    """Jobs with the columns `NEW`."""
    tx.each(_ADD, many)


def add_one(tx: Tx, **values: Any) -> int:
    return tx.number(_ADD_ONE, **values)


def cancel(tx: Tx, column: str, id_: int) -> None:
    """What is due for that `id`, `activity_id`, `task_id` or `instance_id` is not to be done any more."""
    tx.change(_CANCEL[column], id=id_)


def moving(tx: Tx, instance_id: int, now: datetime) -> Any | None:
    """The instance's oldest due job that may move its diagram."""
    return tx.first(_MOVING, instance_id=instance_id, now=now)


def timers(tx: Tx, instance_id: int) -> list[Any]:
    return tx.find(_TIMERS, instance_id=instance_id)
