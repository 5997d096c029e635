"""The rows of human work, as the verbs that run hot read and write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.store.database import Tx
from engine.store.many import Many
from engine.store.queries.keys import reserve
from engine.store.sql import Sql, insert
from engine.store.tables import draft, user_task

SHARED = (
    *("instance_id", "activity_id", "element_id", "step", "form", "title_sv", "title_en", "plan_year"),
    *("state", "opened_at", "due_at", "closes_at"),
)
"""What the rows of one activity have in common when they are made."""
OWN = ("position_id", "role", "unit_id", "unit_name", "vacant")

_GET = Sql("select * from user_task where id = :id", user_task)
_TAKE = Sql(
    "update user_task set state = 'completed', outcome = :outcome, answered_at = :at, answered_by = :by,"
    " ended_at = :at, answer = :answer, revision = revision + 1"
    " where id = :id and state = :state and revision = :revision"
)
_CANCEL = Sql(
    "update user_task set state = 'cancelled', outcome = 'cancelled', ended_at = :at, revision = revision + 1"
    " where id = :id and state = 'open'"
)
_CLOSE = Sql(
    "update user_task set state = 'closed', outcome = 'no_answer', ended_at = :at, revision = revision + 1"
    " where activity_id = :activity_id and state = 'open'"
)
_WITH_DRAFTS = Sql(
    "select distinct d.task_id from user_task t join draft d on d.task_id = t.id"
    " where t.activity_id = :activity_id and t.state = 'open'"
)
_ADD_ONE = insert(user_task, *SHARED, *OWN, returning="id")
_ADD = Many(user_task, SHARED, ("id", *OWN))
_ADD_FOLLOW_ON = insert(
    user_task,
    *("instance_id", "element_id", "follow_on", "record_id", "step", "form", "title_sv", "title_en", "plan_year"),
    *("state", "opened_at", "due_at", *OWN),
    otherwise="on conflict do nothing",
    returning="*",
)
_LEFT = Sql(
    "select count(*) as n from (select id from user_task where activity_id = :activity_id and state = 'open'"
    " limit :most) as left_open"
)
_ADD_DRAFT = insert(
    draft,
    *("task_id", "person_id", "data", "version", "saved_at"),
    otherwise="on conflict (task_id, person_id) do nothing",
)
_DROP_DRAFT = Sql("delete from draft where task_id = :task_id and person_id = :person_id")


def get(tx: Tx, task_id: int) -> Any | None:
    """The task's row, or None."""
    return tx.first(_GET, id=task_id)


def take(tx: Tx, task: Any, outcome: str, answer: dict[str, Any], by: str | None, at: datetime) -> bool:
    """Complete the row, if it is still as it was read. False when another was faster."""
    as_read = {"id": task.id, "state": task.state, "revision": task.revision}
    return tx.change(_TAKE, outcome=outcome, answer=answer, by=by, at=at, **as_read) == 1


def cancel(tx: Tx, task_id: int, at: datetime) -> bool:
    """Take an open task away from those who have it; False when it is not open any more."""
    return tx.change(_CANCEL, id=task_id, at=at) == 1


def close(tx: Tx, activity_id: int, at: datetime) -> None:
    """Those of the activity that are open end without an answer."""
    tx.change(_CLOSE, activity_id=activity_id, at=at)


def with_drafts(tx: Tx, activity_id: int) -> set[int]:
    """The activity's open tasks in which somebody has typed something."""
    return {row.task_id for row in tx.find(_WITH_DRAFTS, activity_id=activity_id)}


def add(tx: Tx, shared: Mapping[str, Any], each: Sequence[tuple[Any, ...]]) -> list[int]:
    """New rows with the columns `SHARED`, each with its own `OWN` in that order; their ids in this order."""
    if len(each) == 1:
        return [tx.number(_ADD_ONE, **shared, **dict(zip(OWN, each[0], strict=True)))]
    ids = reserve(tx, user_task, len(each))
    _ADD.insert(tx, [(task_id, *own) for task_id, own in zip(ids, each, strict=True)], **shared)
    return ids


def add_follow_on(tx: Tx, **values: Any) -> Any | None:
    """A new follow-on task's row, or None when there is an open one of its kind for its record already."""
    return tx.first(_ADD_FOLLOW_ON, state="open", **values)


def left_open(tx: Tx, activity_id: int, most: int) -> int:
    """How many of the activity's rows are open, counted up to `most`."""
    return tx.number(_LEFT, activity_id=activity_id, most=most)


def add_draft(tx: Tx, **values: Any) -> bool:
    """A person's first of a task. False when another of the person's windows was faster."""
    return tx.change(_ADD_DRAFT, **values) == 1


def drop_draft(tx: Tx, task_id: int, person_id: str | None) -> None:
    """The person's own: what others have typed is theirs to keep."""
    tx.change(_DROP_DRAFT, task_id=task_id, person_id=person_id)
