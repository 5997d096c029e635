"""The rows of human work, as the verbs that run hot read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql, insert
from engine.store.tables import user_task

NEW = (
    *("instance_id", "activity_id", "element_id", "step", "form", "title_sv", "title_en", "plan_year"),
    *("role", "position_id", "unit_id", "unit_name", "vacant", "state", "opened_at", "due_at", "closes_at"),
)

_GET = Sql("select * from user_task where id = :id", user_task)
_TAKE = Sql(
    "update user_task set state = 'completed', outcome = :outcome, answered_at = :at, answered_by = :by,"
    " ended_at = :at, answer = :answer, revision = revision + 1"
    " where id = :id and state = :state and revision = :revision"
)
_ADD_ONE = insert(user_task, *NEW, returning="id")
_ADD = insert(user_task, *NEW)
_NEWEST = Sql("select coalesce(max(id), 0) as id from user_task where activity_id = :activity_id")
_ADDED = Sql("select id from user_task where activity_id = :activity_id and id > :after order by id")
_LEFT = Sql(
    "select count(*) as n from (select id from user_task where activity_id = :activity_id and state = 'open'"
    " limit :most) as left_open"
)
_DROP_DRAFT = Sql("delete from draft where task_id = :task_id and person_id = :person_id")


def get(tx: Tx, task_id: int) -> Any | None:
    """The task's row, or None."""
    return tx.first(_GET, id=task_id)


def take(tx: Tx, task: Any, outcome: str, answer: dict[str, Any], by: str | None, at: datetime) -> bool:
    """Complete the row, if it is still as it was read. False when another was faster."""
    as_read = {"id": task.id, "state": task.state, "revision": task.revision}
    return tx.change(_TAKE, outcome=outcome, answer=answer, by=by, at=at, **as_read) == 1


def add(tx: Tx, activity_id: int, many: Sequence[dict[str, Any]]) -> list[Any]:
    """New rows of an activity, each with the columns `NEW`; gives them with their ids, in this order."""
    if len(many) == 1:
        return [SimpleNamespace(id=tx.number(_ADD_ONE, **many[0]), **many[0])]
    newest = tx.first(_NEWEST, activity_id=activity_id)
    tx.each(_ADD, many)
    added = tx.find(_ADDED, activity_id=activity_id, after=newest.id if newest else 0)
    return [SimpleNamespace(id=row.id, **values) for row, values in zip(added, many, strict=True)]


def left_open(tx: Tx, activity_id: int, most: int) -> int:
    """How many of the activity's rows are open, counted up to `most`."""
    return tx.number(_LEFT, activity_id=activity_id, most=most)


def drop_draft(tx: Tx, task_id: int, person_id: str | None) -> None:
    """The person's own: what others have typed is theirs to keep."""
    tx.change(_DROP_DRAFT, task_id=task_id, person_id=person_id)
