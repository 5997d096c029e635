"""Handing one task to another person, with a reason; the giver may take it back until it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import answers, identity, reach, task_messages
from engine.actor import Actor
from engine.errors import Forbidden, InvalidInput
from engine.operating import why
from engine.rules.calendar import civil_date
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import user_task


def hand_over(tx: Tx, task_id: int, person_id: str, *, reason: str, by: Actor, now: datetime) -> None:
    """The person can act on this one task from now on, whatever positions they hold, and is told.

    Raises NotFound, Forbidden (a task that was handed over is given back, not handed on), TakenBySomeoneElse,
    TaskNotOpen, InvalidInput (field person: same, inactive; reason: as `operating.why`).
    """
    task = reach.get(tx, task_id)
    if reach.ensure_may_act(tx, task, by, now) == "handed":
        raise Forbidden(action="hand_over", kind="task")
    written = why(reason)
    _check(tx, person_id, by)
    _change(tx, task, by, now, assignee_id=person_id, handed_by=by.person_id, handed_reason=written)
    run = look(tx, task.instance_id, by=by, now=now)
    body = {"old": task.assignee_id, "new": person_id, "reason": written, **reach.behalf(tx, task, by, now)}
    run.note_about(tx, task, "task_handed_over", body)
    people = identity.with_deputies(tx, [person_id], civil_date(now))
    key = f"handed:{task_id}:{task.revision + 1}"
    task_messages.announce(tx, run, task, "take_over", people, key, giver=by.name, reason=written)


def recall(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> None:
    """Take back a task that one has handed over and that is not done; one's deputy may, too.

    Raises NotFound, Forbidden (somebody else handed it over), TaskNotOpen.
    """
    task = reach.get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    if not may_recall(tx, task, by, now):
        raise Forbidden(action="recall", kind="task")
    _change(tx, task, by, now, assignee_id=None, handed_by=None, handed_reason=None)
    body = {"old": task.assignee_id, "new": None, **reach.behalf(tx, task, by, now)}
    look(tx, task.instance_id, by=by, now=now).note_about(tx, task, "task_recalled", body)


def may_recall(tx: Tx, task: sa.Row[Any], actor: Actor, now: datetime) -> bool:
    """Whether the actor, or one that the actor stands in for, has handed the open task over."""
    if task.handed_by is None or task.state != "open":
        return False
    return task.handed_by == actor.person_id or task.handed_by in identity.deputises_for(
        tx, actor.person_id, civil_date(now)
    )


def _check(tx: Tx, person_id: str, by: Actor) -> None:
    if person_id == by.person_id:
        raise InvalidInput(field="person", reason="same")
    if not identity.person(tx, person_id).active:
        raise InvalidInput(field="person", reason="inactive")


def _change(tx: Tx, task: sa.Row[Any], by: Actor, now: datetime, **values: Any) -> None:
    """Only the open task as it was read, in the giver's hands or nobody's, can be handed over or taken back."""
    if task.state != "open":
        raise answers.lost_race(tx, task.id)
    if "handed_by" in values and values["handed_by"] is not None and not reach.is_free_for(tx, task, by, now):
        raise answers.taken(tx, task)
    changed = tx.execute(
        user_task.update()
        .where(user_task.c.id == task.id, user_task.c.state == "open", user_task.c.revision == task.revision)
        .values(revision=task.revision + 1, **values)
    )
    if changed.rowcount != 1:
        raise answers.lost_race(tx, task.id)
