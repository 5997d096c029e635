"""A person's own follow-up date: an open task rests until that day, never past its last day and never when late."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import answers, reach
from engine.actor import Actor
from engine.errors import InvalidInput
from engine.rules.calendar import civil_date
from engine.running import look
from engine.store.database import Tx
from engine.store.queries.task_page import follow_up_of
from engine.store.queries.upsert import insert_or_change
from engine.store.tables import follow_up


def rest(tx: Tx, task_id: int, until: date, *, by: Actor, now: datetime) -> None:
    """The task is out of the way in the person's own inbox until that civil day.

    Raises NotFound, Forbidden, TaskNotOpen, InvalidInput (field until: not_later, past_due).
    """
    task = reach.get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    if task.state != "open":
        raise answers.lost_race(tx, task_id)
    if until <= civil_date(now):
        raise InvalidInput(field="until", reason="not_later")
    if until > civil_date(task.due_at):
        raise InvalidInput(field="until", reason="past_due")
    insert_or_change(tx, follow_up, {"person_id": by.person_id, "task_id": task_id}, until=until)
    run = look(tx, task.instance_id, by=by, now=now)
    run.note_about(tx, task, "follow_up_set", {"until": until, **reach.behalf(tx, task, by, now)})


def wake(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> None:
    """The task is back at once. Raises NotFound, Forbidden."""
    task = reach.get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    mine = sa.and_(follow_up.c.person_id == by.person_id, follow_up.c.task_id == task_id)
    if tx.execute(follow_up.delete().where(mine)).rowcount:
        run = look(tx, task.instance_id, by=by, now=now)
        run.note_about(tx, task, "follow_up_cleared", reach.behalf(tx, task, by, now))


def until_of(tx: Tx, task: sa.Row[Any], actor: Actor, now: datetime) -> date | None:
    """Until when the task rests for the actor; None when it does not (any more)."""
    until = follow_up_of(tx, task.id, actor.person_id)
    return until if is_resting(until, task, now) else None


def is_resting(until: date | None, task: sa.Row[Any], now: datetime) -> bool:
    """Whether a task with that follow-up date is out of the way now."""
    return until is not None and task.state == "open" and civil_date(now) < until and now <= task.due_at
