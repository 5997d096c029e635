"""Suspending an instance and resuming it. Meanwhile no job of it is done and no task of it can be answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.errors import NotPossible
from engine.jobs import NOTICES
from engine.operating import why
from engine.operations import joining
from engine.operations.common import (
    Preview,
    concerned,
    counted,
    ensure_active,
    hold,
    listed,
    name_of,
    open_tasks,
    sentence,
    tasks_in_words,
)
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import instance, job
from engine.texts import Text


def preview_suspend(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, NotPossible."""
    run = look(tx, instance_id, by=by, now=now)
    ensure_active(run)
    tasks = open_tasks(tx, instance_id)
    said = [sentence("{name} pausas.", "{name} is paused.", name=name_of(run))]
    if tasks:
        said.append(
            sentence(
                "{tasks} går inte att svara på under tiden. Det gäller {people}.",
                "{tasks} cannot be answered meanwhile. This concerns {people}.",
                tasks=tasks_in_words(len(tasks)),
                people=listed(list(concerned(tx, tasks, now).values())),
            )
        )
    said += [
        Text("Utkast går att spara. Det som redan är skrivet finns kvar.",
             "Drafts can be saved. What has been written is kept."),
        Text("Inga steg öppnar eller stänger, och inga påminnelser skickas, förrän arbetet återupptas.",
             "No step opens or closes, and no reminders are sent, until work is resumed."),
        Text("Alla sista dagar ligger kvar. Ingen får något meddelande om pausen.",
             "Every last day stays as it is. Nobody is sent a message about the pause."),
    ]  # fmt: skip
    return Preview(tuple(said))


def suspend(tx: Tx, instance_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Stop the instance for a time. Again: no harm. Raises NotFound, Forbidden, InvalidInput, NotPossible."""
    run, reason = hold(tx, instance_id, by=by, now=now), why(reason)
    if run.state == "suspended":
        return
    ensure_active(run)
    _set_state(tx, instance_id, "suspended")
    run.note(tx, "instance_suspended", {"reason": reason})


def preview_resume(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, NotPossible."""
    run = look(tx, instance_id, by=by, now=now)
    if run.state != "suspended":
        raise NotPossible(reason=f"instance_{run.state}")
    tasks = open_tasks(tx, instance_id)
    late = sum(task.due_at < now for task in tasks)
    said = [sentence("{name} återupptas.", "{name} is resumed.", name=name_of(run))]
    if tasks:
        said.append(
            sentence(
                "{tasks} går att svara på igen. Det gäller {people}.",
                "{tasks} can be answered again. This concerns {people}.",
                tasks=tasks_in_words(len(tasks)),
                people=listed(list(concerned(tx, tasks, now).values())),
            )
        )
    if late:
        said.append(
            sentence(
                "Sista dagen har passerat för {tasks}. Flytta den om svaren behöver mer tid.",
                "The last day has passed for {tasks}. Move it if the answers need more time.",
                tasks=tasks_in_words(late),
            )
        )
    kept, dropped = _waiting_jobs(tx, instance_id, now)
    if kept:
        said.append(
            sentence(
                "{events} skulle ha hänt under pausen och händer nu i ordning.",
                "{events} should have happened during the pause and will happen now, in order.",
                events=counted(len(kept), ("sak", "thing"), ("saker", "things")),
            )
        )
    if dropped:
        said.append(
            Text("Av flera påminnelser om samma sak skickas bara den senaste.",
                 "Of several reminders about the same thing only the latest is sent.")
        )  # fmt: skip
    said.append(Text("Alla sista dagar ligger kvar.", "Every last day stays as it is."))
    return Preview(tuple(said))


def resume(tx: Tx, instance_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Go on. What became due meanwhile is done now, notices about the same thing as one; who joined is asked too.

    Again: no harm. Raises NotFound, Forbidden, InvalidInput, NotPossible.
    """
    run, reason = hold(tx, instance_id, by=by, now=now), why(reason)
    if run.state == "active":
        return
    if run.state != "suspended":
        raise NotPossible(reason=f"instance_{run.state}")
    _kept, dropped = _waiting_jobs(tx, instance_id, now)
    if dropped:
        tx.execute(job.update().where(job.c.id.in_([row.id for row in dropped])).values(state="cancelled"))
    _set_state(tx, instance_id, "active")
    run.note(tx, "instance_resumed", {"reason": reason, "coalesced": len(dropped)})
    joining.ask_newcomers(tx, instance_id, None, now=now)


def _set_state(tx: Tx, instance_id: int, state: str) -> None:
    tx.execute(
        instance.update().where(instance.c.id == instance_id).values(state=state, revision=instance.c.revision + 1)
    )


def _waiting_jobs(tx: Tx, instance_id: int, now: datetime) -> tuple[list[sa.Row[Any]], list[sa.Row[Any]]]:
    """Jobs already due: those to be done, and those that a later notice about the same thing makes needless."""
    rows = tx.rows(
        sa.select(job)
        .where(job.c.instance_id == instance_id, job.c.state == "due", job.c.due_at <= now)
        .order_by(job.c.due_at, job.c.id)
    )
    latest = {(row.kind, row.activity_id, row.task_id): row.id for row in rows}
    needless = [row for row in rows if row.kind in NOTICES and latest[row.kind, row.activity_id, row.task_id] != row.id]
    dropped = {row.id for row in needless}
    return [row for row in rows if row.id not in dropped], needless
