"""What the demo and a rehearsal read of what they play: work newly opened, what is due next, how much there was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.rules import business_keys
from engine.store.database import Tx
from engine.store.sql import spelled
from engine.store.tables import activity, audit_event, instance, job, outbox_message, user_task
from engine.texts import Text


@dataclass(frozen=True)
class DueJob:
    """A job to come, and what it is about."""

    kind: str
    due_at: datetime
    about: Text


@dataclass(frozen=True)
class Lived:
    """An instance as a rehearsal counts it."""

    id: int
    plan_year: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    definition_id: int = 0


@dataclass(frozen=True)
class PlayedTask:
    """A task that was given during a rehearsal."""

    id: int
    role: str
    position_id: str
    plan_year: int
    element_id: str
    title: Text
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Visit:
    """One time that a user task was reached: how many rows it gave, how many were answered, how many too late."""

    total: int
    answered: int
    late: int
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


def next_job(tx: Tx, after: datetime) -> DueJob | None:
    """The job due first after that instant."""
    row = tx.one(
        sa.select(job, instance.c.business_key, instance.c.plan_year, instance.c.definition_id, activity.c.element_id)
        .outerjoin(instance, instance.c.id == job.c.instance_id)
        .outerjoin(activity, activity.c.id == job.c.activity_id)
        .where(job.c.state == spelled("due"), job.c.due_at > after)
        .order_by(job.c.due_at, job.c.id)
        .limit(1)
    )
    return DueJob(row.kind, row.due_at, _about(tx, row)) if row is not None else None


def _about(tx: Tx, row: sa.Row[Any]) -> Text:
    """The task, the event of the diagram, or the process that the job concerns."""
    if row.kind == "start_instance":
        package = deployments.latest(tx, row.payload["key"]).package
        return package.instance_name.fill({"plan_year": row.payload["plan_year"]})
    if row.task_id is not None:
        task = tx.execute(
            sa.select(user_task.c.title_sv, user_task.c.title_en).where(user_task.c.id == row.task_id)
        ).one()
        return Text(task.title_sv, task.title_en)
    if row.definition_id is None:  # work on many at once, or word to those who have joined
        return Text("Bakgrundsjobb", "Background job")
    deployed = deployments.load(tx, row.definition_id)
    element_id = row.element_id or row.payload["element"]
    if element_id in deployed.tasks:
        return deployed.tasks[element_id].title.fill({"plan_year": row.plan_year})
    known = business_keys.names(deployed.package.columns, row.business_key, row.plan_year)
    name = f"{deployed.package.instance_name.fill(known).sv}: {deployed.element_name(element_id)}"
    return Text(name, name)


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
    return [Lived(row.id, row.plan_year, row.state, row.started_at, row.ended_at, row.definition_id) for row in rows]


def events(tx: Tx) -> int:
    return int(tx.scalar(sa.select(sa.func.count()).select_from(audit_event)))


def messages(tx: Tx) -> list[datetime]:
    """When each message to a person is to be sent (UTC)."""
    return [row.send_at for row in tx.rows(sa.select(outbox_message.c.send_at).order_by(outbox_message.c.id))]


def tasks(tx: Tx) -> list[PlayedTask]:
    """Every task, in order of creation."""
    return [
        PlayedTask(
            row.id,
            row.role,
            row.position_id,
            row.plan_year,
            row.element_id,
            Text(row.title_sv, row.title_en),
            row.opened_at,
            row.due_at,
            row.answered_at,
        )
        for row in tx.rows(sa.select(user_task).order_by(user_task.c.id))
    ]


def visits(tx: Tx, instance_id: int) -> dict[str, list[Visit]]:
    """Each user task's visits in the instance, in order."""
    rows = tx.rows(
        sa.select(
            activity.c.element_id,
            activity.c.ended_at,
            sa.func.count(user_task.c.id).label("total"),
            sa.func.count(user_task.c.answered_at).label("answered"),
            sa.func.count(sa.case((user_task.c.answered_at > user_task.c.due_at, 1))).label("late"),
        )
        .outerjoin(user_task, user_task.c.activity_id == activity.c.id)
        .where(activity.c.instance_id == instance_id)
        .group_by(activity.c.id, activity.c.element_id, activity.c.ended_at)
        .order_by(activity.c.id)
    )
    found: dict[str, list[Visit]] = {}
    for row in rows:
        found.setdefault(row.element_id, []).append(Visit(row.total, row.answered, row.late, row.ended_at))
    return found
