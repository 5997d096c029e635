"""10: nobody does what is due for three weeks; then someone does."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

import sqlalchemy as sa
from torture.place import LINEAR
from torture.trial import Trial, wait
from torture.worker import Orders

from arshjul.bench import drawn
from arshjul.bench.site import NOW
from engine import deployments, process_instances
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.store.database import Database
from engine.store.tables import audit_event, instance, job, outbox_message, user_task

REMINDED = "torture_reminded"
NOTICES = """<arshjul:window closes="Y-1-11-20"/><arshjul:reminder at="Y-1-11-06"/><arshjul:reminder at="Y-1-11-09"/>
<arshjul:reminder at="Y-1-11-13"/><arshjul:escalation at="Y-1-11-18" to="hr_strateg"/>"""
AWAKE = 11
"""The round in which the pollers are back: 22 days after the start."""


def for_three_weeks(trial: Trial) -> int:
    """People answer on different days, so that timers come due one after the other; nobody polls.

    Then one poller, or two at once, finds it all: each job once, in order of its day when there is one poller, and of
    three reminders about the same only the last.
    """
    trial.finish(_begin)
    for round_ in range(1, 4):
        trial.finish(round=round_, only=LINEAR, most=1, goes_on=False, poll=False, seed=trial.rng.randint(1, 10**9))
    database = Database(trial.orders.url, SystemClock())
    pollers = trial.rng.choice((("ett",), ("ett", "två")))
    until = NOW + timedelta(days=2 * AWAKE)
    with database.page() as tx:
        due = tx.rows(sa.select(job).where(job.c.state == "due", job.c.due_at <= until))
    database.dispose()  # no connection is taken along into another process
    for child in [trial.send(name=name, round=AWAKE, most=0, goes_on=False) for name in pollers]:
        wait(child)
    with database.page() as tx:
        left = tx.scalar(sa.select(sa.func.count()).where(job.c.state == "due", job.c.due_at <= until))
        fired = [
            datetime.fromisoformat(json.loads(row.body)["body"]["due_at"])
            for row in tx.rows(
                sa.select(audit_event.c.body).where(audit_event.c.type == "timer_fired").order_by(audit_event.c.id)
            )
        ]
        told = Counter(
            (row.kind, row.task_id, row.person_id)
            for row in tx.rows(sa.select(outbox_message).where(outbox_message.c.kind.in_(("reminder", "overdue"))))
        )
        waiting = tx.scalar(
            sa.select(sa.func.count())
            .select_from(user_task.join(instance))
            .where(user_task.c.state == "open", instance.c.key == REMINDED)
        )
    database.dispose()
    if left:
        trial.broken(f"D: {left} of what was due is left")
    if len(pollers) == 1 and fired != sorted(fired):
        trial.broken(f"D: timers fired out of order: {fired}")
    if len(fired) != 3:
        trial.broken(f"D: {len(fired)} timers fired, not 3")
    if set(told.values()) != {1} or len(told) < 2 * waiting:
        trial.broken(f"M: reminders and notices of lateness were not each sent once: {told}")
    return len(due)


def _begin(orders: Orders) -> None:
    """A step with three reminders, an escalation and a last day, all within the three weeks."""
    files = drawn.fan_out(REMINDED)
    diagram = files[f"{REMINDED}.bpmn"].decode().replace('<arshjul:window closes="Y-12-31"/>', NOTICES, 1)
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        deployments.deploy(tx, REMINDED, {**files, f"{REMINDED}.bpmn": diagram.encode()}, by=SYSTEM, now=NOW)
        process_instances.start(tx, REMINDED, 2027, by=SYSTEM, now=NOW)
    database.dispose()
