"""Reminders, lateness and escalations: one job for each activity finds the rows that are still open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, identity, outbox, task_messages
from engine.actor import SYSTEM
from engine.rules.calendar import civil_date
from engine.rules.user_task_spec import Escalation
from engine.running import Run, look
from engine.store.database import Tx
from engine.store.tables import activity, job, user_task

MOST_NAMED = 1000
"""Units named in one escalation and in its event; the campaign page names all."""


def remind(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    """To everyone who has not answered; nothing when a later reminder of the same is due already, or done."""
    if _later_is_due(tx, row, now):
        return
    run, tasks, people = _to_actors(tx, row, "reminder", f"reminder:{row.id}", now)
    if people:
        body = {"activity": row.activity_id, "tasks": len(tasks), "people": len(people)}
        run.note(tx, "reminded", body, element_id=tasks[0].element_id)


def _later_is_due(tx: Tx, row: sa.Row[Any], now: datetime) -> bool:
    """After a standstill several reminders are due at once: people get the newest, also when it went out first."""
    about = job.c.activity_id if row.activity_id is not None else job.c.task_id
    return (
        tx.scalar(
            sa.select(job.c.id).where(
                job.c.kind == row.kind,
                about == (row.activity_id if row.activity_id is not None else row.task_id),
                job.c.state.in_(("due", "done")),
                job.c.due_at <= now,
                sa.or_(job.c.due_at > row.due_at, sa.and_(job.c.due_at == row.due_at, job.c.id > row.id)),
            )
        )
        is not None
    )


def overdue(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    """The last day has passed: the step is late, visibly, and those who have it are told once."""
    run, tasks, _people = _to_actors(tx, row, "overdue", f"overdue:{row.activity_id or row.task_id}", now)
    if tasks and row.activity_id is not None:
        step = activities.get(tx, row.activity_id)
        run.note(
            tx,
            "activity_late",
            {"activity": step.id, "due_at": step.due_at.isoformat(), "open": len(tasks)},
            element_id=step.element_id,
        )


def escalate(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    """To the roles that the package names, or to each open row's superior, with who is missing."""
    run = look(tx, row.instance_id, by=SYSTEM, now=now)
    step = activities.get(tx, row.activity_id)
    escalation = run.deployed.tasks[step.element_id].escalations[row.payload["index"]]
    tasks = _open_rows(tx, row)
    if not tasks:
        return
    if escalation.to == ("superior",):
        _to_superiors(tx, run, row, tasks, now)
        return
    people = {
        holder.person_id
        for position in identity.positions_with_role(tx, list(escalation.to), civil_date(now))
        for holder in identity.actors_for(tx, position.id, civil_date(now))
    }
    _escalate_to(tx, run, row, escalation, tasks, sorted(people))


def _to_superiors(tx: Tx, run: Run, row: sa.Row[Any], tasks: list[sa.Row[Any]], now: datetime) -> None:
    below: dict[str, list[sa.Row[Any]]] = {}
    for task in tasks:
        superior = identity.superior(tx, task.position_id, civil_date(now))
        for holder in identity.actors_for(tx, superior, civil_date(now)) if superior else []:
            below.setdefault(holder.person_id, []).append(task)
    escalation = run.deployed.tasks[tasks[0].element_id].escalations[row.payload["index"]]
    for person_id, missing in sorted(below.items()):
        _escalate_to(tx, run, row, escalation, missing, [person_id])


def _escalate_to(
    tx: Tx, run: Run, row: sa.Row[Any], escalation: Escalation, tasks: list[sa.Row[Any]], people: list[str]
) -> None:
    key = f"escalation:{row.id}"
    missing = [task.unit_name for task in tasks]
    if escalation.message is not None:
        message = run.deployed.package.messages[escalation.message]
        values = {**run.names(), "missing": len(missing), "units": ", ".join(missing[:20])}
        subject, body = message.subject.fill(values), message.body.fill(values)
        content = {
            "subject": {"sv": subject.sv, "en": subject.en},
            "body": {"sv": body.sv, "en": body.en},
            "plan_year": run.plan_year,
            "missing": missing[:MOST_NAMED],
        }
        outbox.announce(
            tx,
            event_key=key,
            person_ids=people,
            kind="escalation",
            instance_id=run.id,
            now=run.now,
            content=content,
        )
    else:
        task_messages.announce(tx, run, tasks[0], "escalation", people, key, missing=missing[:MOST_NAMED])
    noted = {"to": people, "missing": len(missing), "units": missing[:MOST_NAMED]}
    run.note(tx, "escalated", noted, element_id=tasks[0].element_id)


def _to_actors(tx: Tx, row: sa.Row[Any], kind: str, key: str, now: datetime) -> tuple[Run, list[sa.Row[Any]], set[str]]:
    """Tell those who have the open tasks. The instance, the tasks, and who was told."""
    run = look(tx, row.instance_id, by=SYSTEM, now=now)
    tasks = _open_rows(tx, row)
    day = civil_date(now)
    asked = [(task, _people(tx, task, day), f"{key}:{task.id}") for task in tasks]
    task_messages.announce_each(tx, run, kind, asked)
    return run, tasks, {person for _task, people, _key in asked for person in people}


def _people(tx: Tx, task: sa.Row[Any], day: date) -> list[str]:
    """Whoever has taken it, with their deputies; else those who can act for its position."""
    if task.assignee_id:
        return list(identity.with_deputies(tx, [task.assignee_id], day))
    return [holder.person_id for holder in identity.actors_for(tx, task.position_id, day)]


def _open_rows(tx: Tx, row: sa.Row[Any]) -> list[sa.Row[Any]]:
    query = sa.select(user_task).where(user_task.c.state == "open").order_by(user_task.c.id)
    if row.task_id is not None:
        return tx.rows(query.where(user_task.c.id == row.task_id))
    query = query.join(activity, activity.c.id == user_task.c.activity_id).where(activity.c.id == row.activity_id)
    if row.kind == "overdue":  # a row with a later last day of its own is late by itself
        query = query.where(user_task.c.due_at <= activity.c.due_at)
    return tx.rows(query)
