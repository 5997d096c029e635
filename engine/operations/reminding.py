"""Reminding those who have not answered: each at most once a day, on top of the reminders that the package plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, task_messages
from engine.actor import Actor
from engine.errors import NotFound, NotPossible
from engine.operating import ensure_may_operate
from engine.operations.common import Preview, concerned, day_of, ensure_active, listed, sentence, tasks_in_words
from engine.rules.calendar import civil_date
from engine.running import look
from engine.store.database import Tx
from engine.store.queries import instances as instance_rows
from engine.store.tables import activity, outbox_message, user_task
from engine.texts import Text


def preview_remind(tx: Tx, activity_id: int, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, NotPossible (the step is not open, nobody is left, or they were reminded today)."""
    step, tasks = _waiting(tx, activity_id)
    ensure_active(look(tx, step.instance_id, by=by, now=now))
    fresh = _not_reminded_today(tx, step, tasks, now)
    return Preview(
        (
            sentence(
                "{count} påminns om {tasks}: {people}.",
                "A reminder of {tasks} goes to {count}: {people}.",
                count=_how_many(people := list(concerned(tx, fresh, now).values())),
                tasks=tasks_in_words(len(fresh)),
                people=listed(people),
            ),
            sentence(
                "Brevet säger att svaret behövs senast {day}. Flera uppgifter till samma person blir ett brev.",
                "The mail says that the answer is needed by {day}. Several tasks for one person become one mail.",
                day=day_of(step.due_at),
            ),
            Text(
                "De som har svarat får inget brev. Påminnelsen går att skicka en gång om dagen.",
                "Those who have answered get no mail. Reminding can be done once a day.",
            ),
        )
    )


def reminded_at(tx: Tx, activity_ids: Iterable[int], *, now: datetime) -> dict[int, datetime]:
    """By step: when the last of those who are waited for was reminded by hand today.

    A step is missing while there is somebody left to remind: then it can be done.
    """
    found = {activity_id: _everybody_reminded(tx, activity_id, now) for activity_id in activity_ids}
    return {activity_id: at for activity_id, at in found.items() if at is not None}


def _everybody_reminded(tx: Tx, activity_id: int, now: datetime) -> datetime | None:
    key = _key_of(activity_id, now)
    open_tasks = sa.select(user_task.c.id).where(user_task.c.activity_id == activity_id, user_task.c.state == "open")
    told = sa.exists().where(outbox_message.c.event_key == key)
    if tx.scalar(open_tasks.where(~told).limit(1)) is not None:
        return None
    last: datetime | None = tx.scalar(
        sa.select(sa.func.max(outbox_message.c.created_at))
        .join(user_task, outbox_message.c.event_key == key)
        .where(user_task.c.activity_id == activity_id, user_task.c.state == "open")
    )
    return last


def _how_many(people: list[str]) -> Text:
    if not people:
        return Text("Ingen", "nobody")
    return (
        Text("1 person", "1 person") if len(people) == 1 else Text(f"{len(people)} personer", f"{len(people)} people")
    )


def remind(tx: Tx, activity_id: int, *, by: Actor, now: datetime) -> int:
    """Tell everyone who has not answered and was not reminded by hand today. Gives how many were told.

    Raises NotFound, Forbidden, NotPossible.
    """
    ensure_may_operate(tx, by, now)
    step, _tasks = _waiting(tx, activity_id)
    instance_rows.lock_state(tx, step.instance_id)
    step, tasks = _waiting(tx, activity_id)
    run = look(tx, step.instance_id, by=by, now=now)
    ensure_active(run)
    fresh, key = _not_reminded_today(tx, step, tasks, now), _key(step.id, now)
    asked = [(task, list(concerned(tx, [task], now)), f"{key}{task.id}") for task in fresh]
    task_messages.announce_each(tx, run, "reminder", asked)
    told = {person for _task, people, _key in asked for person in people}
    run.note(
        tx,
        "reminded",
        {"activity": activity_id, "tasks": len(fresh), "people": len(told)},
        element_id=step.element_id,
    )
    return len(told)


def _waiting(tx: Tx, activity_id: int) -> tuple[Any, list[Any]]:
    if tx.scalar(sa.select(activity.c.id).where(activity.c.id == activity_id)) is None:
        raise NotFound(kind="activity")
    step = activities.get(tx, activity_id)
    tasks = tx.rows(
        sa.select(user_task)
        .where(user_task.c.activity_id == activity_id, user_task.c.state == "open")
        .order_by(user_task.c.id)
    )
    if step.state != "open" or not tasks:
        raise NotPossible(reason="nobody_to_remind")
    return step, tasks


def _not_reminded_today(tx: Tx, step: Any, tasks: list[Any], now: datetime) -> list[Any]:
    told = sa.exists().where(outbox_message.c.event_key == _key_of(step.id, now))
    open_tasks = sa.select(user_task.c.id).where(user_task.c.activity_id == step.id, user_task.c.state == "open")
    reminded = {row.id for row in tx.rows(open_tasks.where(told))}
    fresh = [task for task in tasks if task.id not in reminded]
    if not fresh:
        raise NotPossible(reason="reminded_today")
    return fresh


def _key_of(activity_id: int, now: datetime) -> sa.ColumnElement[str]:
    """The event of each task's reminder."""
    return sa.literal(_key(activity_id, now)).concat(sa.cast(user_task.c.id, sa.String))


def _key(activity_id: int, now: datetime) -> str:
    return f"asked:{activity_id}:{civil_date(now).isoformat()}:"
