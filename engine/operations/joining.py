"""Who joins while a step is open is asked the day they join; who takes over a position learns of its open tasks.

`engine.identity` leaves a job of kind `joiners` with the positions concerned, due on the first day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, identity, task_messages
from engine.actor import SYSTEM
from engine.rules.calendar import civil_date
from engine.running import Run, look
from engine.store.database import Tx
from engine.store.queries import instances as instance_rows
from engine.store.tables import activity, instance, user_task


def welcome(tx: Tx, positions: Collection[str], *, now: datetime) -> None:
    """These positions are new or newly held: rows in the open fan-outs that ask their role, and word of open tasks."""
    _tell_new_holders(tx, positions, now)
    open_in = (
        sa.select(activity.c.instance_id)
        .join(instance, instance.c.id == activity.c.instance_id)
        .where(activity.c.state == "open", activity.c.multi, instance.c.state == "active")
        .distinct()
    )
    for row in tx.rows(open_in.order_by(activity.c.instance_id)):
        ask_newcomers(tx, row.instance_id, positions, now=now)


def ask_newcomers(tx: Tx, instance_id: int, positions: Collection[str] | None, *, now: datetime) -> int:
    """A row for each position that an open fan-out of the instance asks and that has none; gives how many.

    `positions` None: any. An excused one has a row already. An instance that isn't active is left as it is.
    """
    instance_rows.lock_state(tx, instance_id)
    run = look(tx, instance_id, by=SYSTEM, now=now)
    if run.state != "active":
        return 0
    return sum(_ask(tx, run, step, positions) for step in activities.live(tx, instance_id) if step.multi)


def _ask(tx: Tx, run: Run, step: sa.Row[Any], positions: Collection[str] | None) -> int:
    if step.state != "open" or not still_takes_answers(run, step):
        return 0
    spec = run.deployed.tasks[step.element_id]
    known = {row.position_id for row in tx.rows(_asked(step.id))}
    missing = [
        position
        for position in activities.participants(tx, run, spec, multi=True)
        if position.id not in known and (positions is None or position.id in positions)
    ]
    if missing:
        lock_step(tx, step.id)
        if activities.get(tx, step.id).state != "open":
            return 0
        activities.create_rows(tx, run, step, spec, missing)
    return len(missing)


def still_takes_answers(run: Run, step: Any) -> bool:
    """A step that its last day closes asks nobody after that day."""
    return run.deployed.tasks[step.element_id].completes != "at-close" or run.now <= step.closes_at


def lock_step(tx: Tx, activity_id: int) -> None:
    """Wait for an answer that looks whether it is the last one, and let the next one wait for us."""
    tx.execute(sa.select(activity.c.id).where(activity.c.id == activity_id).with_for_update(key_share=True))


def _asked(activity_id: int) -> sa.Select[Any]:
    return sa.select(user_task.c.position_id).where(user_task.c.activity_id == activity_id)


def _tell_new_holders(tx: Tx, positions: Collection[str], now: datetime) -> None:
    """The key is that of the task's first announcement, so those who were told then are not told again."""
    tasks = tx.rows(
        sa.select(user_task)
        .where(user_task.c.position_id.in_(sorted(positions)), user_task.c.state == "open")
        .order_by(user_task.c.id)
    )
    known = {position.id for position in identity.positions(tx)}
    for task in tasks:
        if task.position_id not in known or task.assignee_id is not None:
            continue
        run = look(tx, task.instance_id, by=SYSTEM, now=now)
        if run.state not in ("active", "completed"):
            continue
        people = [holder.person_id for holder in identity.actors_for(tx, task.position_id, civil_date(now))]
        task_messages.announce(tx, run, task, "task_assigned", people, f"assigned:{task.id}")
