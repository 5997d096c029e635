"""Changing the last day of one task."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from engine import activities, answers, jobs, user_tasks
from engine.actor import Actor
from engine.errors import InvalidInput, NotPossible
from engine.operating import why
from engine.operations import clashes
from engine.operations.common import (
    Preview,
    concerned,
    full_day_of,
    hold,
    last_instant,
    listed,
    sentence,
    tell,
)
from engine.rules import calendar
from engine.running import Run, lock, look
from engine.store.database import Tx
from engine.store.tables import activity, user_task
from engine.texts import Text


def preview_due(tx: Tx, task_id: int, day: date, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, InvalidInput, NotPossible, TaskNotOpen."""
    task = user_tasks.get(tx, task_id)
    run = look(tx, task.instance_id, by=by, now=now)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    due_at = _checked(tx, run, task, step, day)
    said = [
        sentence(
            "Sista dagen för ”{title}” ({unit}) flyttas från {old} till {new}.",
            "The last day of “{title}” ({unit}) moves from {old} to {new}.",
            title=Text(task.title_sv, task.title_en), unit=task.unit_name,
            old=full_day_of(task.due_at), new=full_day_of(due_at),
        ),
        sentence("Besked går till {people}.", "Told: {people}.",
                 people=listed(list(concerned(tx, [task], now).values()))),
    ]  # fmt: skip
    if step is not None and step.multi:
        said.append(Text("De andra som har samma uppgift behåller sin sista dag.",
                         "The others who have the same task keep their last day."))  # fmt: skip
    else:
        said.append(Text("Påminnelser som inte har skickats planeras om efter den nya dagen.",
                         "Reminders not yet sent are planned anew after the new day."))  # fmt: skip
    said.append(Text("Båda dagarna och skälet sparas i historiken.", "Both days and the reason stay in the history."))
    met = clashes.of_last_day(tx, run, task.element_id, task.due_at, due_at) if step is not None else ()
    return Preview(tuple(said), warnings=met)


def change_due(tx: Tx, task_id: int, day: date, *, reason: str, by: Actor, now: datetime) -> None:
    """Move one open task's last day. The day it has already: no harm.

    Raises NotFound, Forbidden, InvalidInput (no reason, a day gone by, a day after the step closes), NotPossible,
    TaskNotOpen.
    """
    task = user_tasks.get(tx, task_id)
    held, reason = hold(tx, task.instance_id, by=by, now=now), why(reason)
    task = user_tasks.get(tx, task_id)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    due_at = _checked(tx, held, task, step, day)
    if due_at == task.due_at:
        return
    changed = tx.execute(
        user_task.update()
        .where(user_task.c.id == task_id, user_task.c.state == "open")
        .values(due_at=due_at, closes_at=_closes(task, due_at), revision=user_task.c.revision + 1)
    )
    if changed.rowcount != 1:
        raise answers.lost_race(tx, task_id)
    held.note_about(
        tx,
        task,
        "due_date_changed",
        {
            "title": task.title_sv,
            "unit_name": task.unit_name,
            "old": calendar.civil(task.due_at),
            "new": calendar.civil(due_at),
            "reason": reason,
        },
    )
    if step is not None and not step.multi:
        _replan_step(tx, lock(tx, held.id, by=by, now=now), step, due_at)
    else:
        _replan_row(tx, held, task, step, due_at)
    _tell(tx, held, task, due_at, reason)


def _checked(tx: Tx, run: Run, task: Any, step: Any, day: date) -> datetime:
    if run.state not in ("active", "suspended") and not (run.state == "completed" and task.follow_on):
        raise NotPossible(reason=f"instance_{run.state}")
    if task.state != "open":
        raise answers.lost_race(tx, task.id)
    due_at = last_instant(day, None, run.now, field="day")
    if step is not None and run.deployed.tasks[task.element_id].completes == "at-close" and due_at > step.closes_at:
        raise InvalidInput(field="day", reason="after_close", value=day.isoformat())
    return due_at


def _closes(task: Any, due_at: datetime) -> datetime | None:
    return None if task.closes_at is None else max(task.closes_at, due_at)


def _replan_step(tx: Tx, run: Run, step: Any, due_at: datetime) -> None:
    """The only row of its step: the step's own due day, notices and timers move with it."""
    closes_at = max(step.closes_at, due_at)
    tx.execute(activity.update().where(activity.c.id == step.id).values(due_at=due_at, closes_at=closes_at))
    jobs.cancel_notices(tx, step.id)
    activities.schedule_notices(tx, run, activities.get(tx, step.id), run.deployed.tasks[step.element_id])
    jobs.replan_timers(tx, run)


def _replan_row(tx: Tx, run: Run, task: Any, step: Any, due_at: datetime) -> None:
    """A row with a last day of its own is late on its own."""
    jobs.cancel(tx, task_id=task.id)
    if step is None or due_at != step.due_at:
        jobs.add(tx, "overdue", run.id, due_at=jobs.overdue_instant(due_at), task_id=task.id)


def _tell(tx: Tx, run: Run, task: Any, due_at: datetime, reason: str) -> None:
    title = Text(task.title_sv, task.title_en)
    subject = sentence("Ny sista dag: {title}", "New last day: {title}", title=title)
    body = sentence(
        "Sista dagen för ”{title}” ({unit}) är nu {day}. Skäl: {reason}",
        "The last day of “{title}” ({unit}) is now {day}. Reason: {reason}",
        title=title,
        unit=task.unit_name,
        day=full_day_of(due_at),
        reason=Text(reason, reason),
    )
    tell(tx, run, list(concerned(tx, [task], run.now)), f"due:{task.id}:{task.revision + 1}", subject, body)
