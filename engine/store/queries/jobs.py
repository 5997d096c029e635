"""Jobs, as the verbs that run hot read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql, among, insert
from engine.store.tables import job

NEW = ("kind", "instance_id", "activity_id", "task_id", "token", "due_at", "payload")

_ADD_ONE = insert(job, *NEW, returning="id")
_ADD = insert(job, *NEW)
_MOVING = Sql(
    "select * from job where instance_id = :instance_id and state = 'due' and due_at <= :now"
    " and kind in ('open_activity', 'advance_activity', 'timer', 'receive_message') order by due_at, id",
    job,
)
_TIMERS = Sql(
    "select * from job where instance_id = :instance_id and kind = 'timer' and state in ('due', 'failed')", job
)
_CANCEL = {
    column: Sql(f"update job set state = 'cancelled' where state = 'due' and {column} = :id")  # noqa: S608 - constants
    for column in ("id", "activity_id", "task_id", "instance_id")
}

_WAKE = among(
    "update job set due_at = :now where state = 'due' and due_at = :kept and kind = 'message' and token among :tokens"
)
_FREE = "(lease_until is null or lease_until < :wall) and (not_before is null or not_before <= :wall)"
_DUE = Sql(
    f"select id from job where state = 'due' and due_at <= :now and {_FREE} and not exists (select 1 from instance"  # noqa: S608
    " where instance.id = job.instance_id and instance.state = 'suspended') order by due_at, id limit :most"
)
_CLAIM = Sql(
    "update job set lease_until = :until, attempts = attempts + 1, fence = fence + 1"  # noqa: S608 - a constant
    f" where id = :id and state = 'due' and {_FREE} returning *",
    job,
)
_CLAIMED = Sql("select * from job where id = :id and fence = :fence and state = 'due'", job)
_TAKE = Sql(
    "update job set state = 'done', done_at = :at, lease_until = null, error = null where id = :id and state = 'due'"
)


def due_ids(tx: Tx, now: datetime, wall: datetime, most: int) -> list[int]:
    """Jobs due at `now` that nobody holds a lease on, oldest first; those of suspended instances wait."""
    return [row.id for row in tx.find(_DUE, now=now, wall=wall, most=most)]


def claim(tx: Tx, job_id: int, wall: datetime, lease: timedelta) -> Any | None:
    """The job, now leased to the caller with a fence of its own; None when another was faster."""
    return tx.first(_CLAIM, id=job_id, wall=wall, until=wall + lease)


def claimed(tx: Tx, job_id: int, fence: int) -> Any | None:
    """The job as long as no other has claimed it since."""
    return tx.first(_CLAIMED, id=job_id, fence=fence)


def take(tx: Tx, job_id: int, at: datetime) -> bool:
    """Mark it done. False when it was done or cancelled meanwhile."""
    return tx.change(_TAKE, id=job_id, at=at) == 1


def add(tx: Tx, many: Sequence[dict[str, Any]]) -> None:
    """Jobs with the columns `NEW`."""
    tx.each(_ADD, many)


def add_one(tx: Tx, **values: Any) -> int:
    return tx.number(_ADD_ONE, **values)


def cancel(tx: Tx, column: str, id_: int) -> None:
    """What is due for that `id`, `activity_id`, `task_id` or `instance_id` is not to be done any more."""
    tx.change(_CANCEL[column], id=id_)


def wake(tx: Tx, tokens: Sequence[str], kept: datetime, now: datetime) -> None:
    """The messages kept under these tokens, due at `kept`, are due now."""
    tx.change(_WAKE, tokens=tx.array(list(tokens)), kept=kept, now=now)


def moving(tx: Tx, instance_id: int, now: datetime) -> list[Any]:
    """The instance's due jobs that may move its diagram, oldest first."""
    return tx.find(_MOVING, instance_id=instance_id, now=now)


def timers(tx: Tx, instance_id: int) -> list[Any]:
    return tx.find(_TIMERS, instance_id=instance_id)
