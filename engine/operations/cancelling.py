"""Cancelling an instance: what is open is closed, what was to happen does not, and those who had a task are told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from engine import activities, incidents, jobs, posting, process_instances
from engine.actor import Actor
from engine.errors import NotPossible
from engine.operating import ensure_may_operate, why
from engine.operations.common import (
    Preview,
    cancel_task,
    concerned,
    counted,
    day_of,
    listed,
    name_of,
    open_tasks,
    sentence,
    tasks_in_words,
    tell,
)
from engine.running import Run, lock, look, note_moves, save
from engine.store.database import Tx
from engine.store.tables import job, record
from engine.texts import Text

CANCELLABLE = ("active", "suspended")


def preview_cancel(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, NotPossible."""
    run = look(tx, instance_id, by=by, now=now)
    if run.state not in CANCELLABLE:
        raise NotPossible(reason=f"instance_{run.state}")
    tasks = open_tasks(tx, instance_id)
    said = [
        sentence(
            "{name} avbryts för gott. Den går inte att återuppta.",
            "{name} is cancelled for good. It cannot be resumed.",
            name=name_of(run),
        )
    ]
    if tasks:
        said.append(
            sentence(
                "{tasks} stängs och försvinner ur inkorgarna.",
                "{tasks} are closed and leave the inboxes.",
                tasks=tasks_in_words(len(tasks)),
            )
        )
        said.append(
            sentence(
                "De som har uppgifterna får ett meddelande med skälet: {people}.",
                "Those who have the tasks are sent a message with the reason: {people}.",
                people=listed(list(concerned(tx, tasks, now).values())),
            )
        )
    planned = _count(tx, job, job.c.instance_id == instance_id, job.c.state == "due", job.c.kind != "receive_message")
    if planned:
        said.append(
            sentence(
                "{jobs} tas bort: påminnelser och steg som skulle ha öppnat eller stängt.",
                "{jobs} are dropped: reminders, and steps that would have opened or closed.",
                jobs=counted(
                    planned, ("planerad händelse", "planned event"), ("planerade händelser", "planned events")
                ),
            )
        )
    by_itself = process_instances.next_start(tx, run.key)
    if by_itself is not None and by_itself.payload["plan_year"] == run.plan_year:
        said.append(
            sentence(
                "Den startar inte heller av sig själv {day}. Ska den ändå bli av, startar HR den för hand.",
                "Nor will it start by itself on {day}. If it is to run after all, HR starts it by hand.",
                day=day_of(by_itself.due_at),
            )
        )
    kept = _count(tx, record, record.c.instance_id == instance_id)
    said.append(
        sentence(
            "Lämnade svar, utkast, {records} och hela historiken finns kvar.",
            "Answers given, drafts, {records} and the whole history are kept.",
            records=counted(kept, ("underlag", "record"), ("underlag", "records")),
        )
    )
    return Preview(tuple(said))


def cancel(tx: Tx, instance_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """End the instance for good. Again: no harm. Raises NotFound, Forbidden, InvalidInput, NotPossible."""
    ensure_may_operate(tx, by, now)
    reason, run = why(reason), lock(tx, instance_id, by=by, now=now)
    if run.state == "cancelled":
        return
    if run.state not in CANCELLABLE:
        raise NotPossible(reason=f"instance_{run.state}")
    run.note(tx, "instance_cancelled", {"reason": reason, "old": run.state})
    tasks = open_tasks(tx, instance_id)
    people = concerned(tx, tasks, now)
    for task in tasks:
        cancel_task(tx, run, task, reason)
    for row in activities.live(tx, instance_id):
        activities.end(tx, run, row, "cancelled")
    for fault in incidents.open_incidents(tx, instance_id):
        if fault.mail_id is None:
            incidents.resolve(tx, fault.id, reason=reason, by=by, now=now)
    posting.pass_on(tx, run)
    jobs.cancel(tx, instance_id=instance_id)
    run.execution.cancel()
    run.state = "cancelled"
    note_moves(tx, run)
    save(tx, run)
    _tell(tx, run, list(people), reason)


def _tell(tx: Tx, run: Run, people: list[str], reason: str) -> None:
    name = name_of(run)
    subject = sentence("{name} är avbruten", "{name} has been cancelled", name=name)
    body = sentence(
        "{name} är avbruten. Du behöver inte göra något mer i den, och dina öppna uppgifter är stängda. Skäl: {reason}",
        "{name} has been cancelled. You need do nothing more in it, and your open tasks are closed. Reason: {reason}",
        name=name,
        reason=Text(reason, reason),
    )
    tell(tx, run, people, f"cancelled:{run.id}", subject, body)


def _count(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(tx.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)
