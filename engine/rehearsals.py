"""What a rehearsal and a demo read of the database: work newly opened, what is due next, and how much there was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import audit_event, instance, job, outbox_message, user_task
from engine.texts import Text


@dataclass(frozen=True)
class DueJob:
    """The job that is due first. `title`: of what it is about (an element, or the process that starts)."""

    kind: str
    due_at: datetime
    plan_year: int | None
    element_id: str | None
    title: Text | None


@dataclass(frozen=True)
class Lived:
    """An instance as a rehearsal counts it."""

    id: int
    plan_year: int
    state: str
    started_at: datetime
    ended_at: datetime | None


_OPEN = (
    sa.select(user_task, instance.c.definition_id)
    .join(instance, instance.c.id == user_task.c.instance_id)
    .where(user_task.c.state == "open")
)
_OPENED_AFTER = _OPEN.where(user_task.c.id > sa.bindparam("task_id")).order_by(user_task.c.id)
_STILL_OPEN = _OPEN.where(user_task.c.id == sa.bindparam("task_id"))


def opened_after(tx: Tx, task_id: int) -> list[sa.Row[Any]]:
    """Open tasks with a greater id, in order, each with its instance's `definition_id`."""
    return tx.rows(_OPENED_AFTER, {"task_id": task_id})


def still_open(tx: Tx, task_id: int) -> sa.Row[Any] | None:
    """The task as `opened_after` gives it; None when it was answered or closed meanwhile."""
    return tx.one(_STILL_OPEN, {"task_id": task_id})


def next_job(tx: Tx) -> DueJob | None:
    """The job due first of all, with the title of a task that it concerns where there is one."""
    row = tx.one(
        sa.select(job, instance.c.plan_year)
        .outerjoin(instance, instance.c.id == job.c.instance_id)
        .where(job.c.state == "due")
        .order_by(job.c.due_at, job.c.id)
        .limit(1)
    )
    if row is None:
        return None
    of_job = user_task.c.id == row.task_id if row.task_id else user_task.c.activity_id == row.activity_id
    about = tx.one(sa.select(user_task.c.element_id, user_task.c.title_sv, user_task.c.title_en).where(of_job).limit(1))
    return DueJob(
        row.kind, row.due_at, row.plan_year or row.payload.get("plan_year"),
        about.element_id if about else row.payload.get("element"), Text(about.title_sv, about.title_en) if about else None,
    )


def next_send(tx: Tx, after: datetime) -> datetime | None:
    """When the next message after that instant is to be sent (UTC), or None."""
    found: datetime | None = tx.scalar(
        sa.select(sa.func.min(outbox_message.c.send_at, type_=outbox_message.c.send_at.type)).where(
            outbox_message.c.mail_id.is_(None), outbox_message.c.send_at > after
        )
    )
    return found


def lived(tx: Tx, key: str) -> list[Lived]:
    """Every instance of the process, by plan year."""
    rows = tx.rows(sa.select(instance).where(instance.c.key == key).order_by(instance.c.plan_year))
    return [Lived(row.id, row.plan_year, row.state, row.started_at, row.ended_at) for row in rows]


def events(tx: Tx) -> int:
    return int(tx.scalar(sa.select(sa.func.count()).select_from(audit_event)))


def tasks(tx: Tx) -> list[sa.Row[Any]]:
    """Every task: role, opened_at, due_at, answered_at, outcome."""
    columns = (user_task.c.role, user_task.c.opened_at, user_task.c.due_at, user_task.c.answered_at, user_task.c.outcome)
    return tx.rows(sa.select(*columns).order_by(user_task.c.id))


def messages(tx: Tx) -> list[datetime]:
    """When each message to a person is to be sent (UTC)."""
    return [row.send_at for row in tx.rows(sa.select(outbox_message.c.send_at).order_by(outbox_message.c.id))]
