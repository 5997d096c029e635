"""10: nobody does what is due for three weeks; then someone does."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from torture.place import LINEAR
from torture.trial import Trial, wait
from torture.worker import Orders

from arshjul.bench import drawn
from arshjul.bench.site import NOW
from engine import deployments, process_instances
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.store.database import Database, Tx
from engine.store.tables import audit_event, instance, job, outbox_message, user_task

REMINDED = "torture_reminded"
NOTICES = """<arshjul:window closes="Y-1-11-20"/><arshjul:reminder at="Y-1-11-06"/><arshjul:reminder at="Y-1-11-09"/>
<arshjul:reminder at="Y-1-11-13"/><arshjul:escalation at="Y-1-11-18" to="hr_strateg"/>"""
YEARS = 3
TIMERS = 3
"""That come due in each of the years."""
AWAKE = 11
"""Rounds until the pollers are back: 22 days."""


def for_three_weeks(trial: Trial) -> int:
    """Three weeks in November, in each of three years: people answer on different days, so that timers come due one
    after the other; nobody polls.

    Then one poller, or two at once, finds it all: each job once, in order of its day when there is one poller, and of
    three reminders about the same only the last. Before the next year everything is answered.
    """
    for number in range(YEARS):
        first = (NOW.replace(year=NOW.year + number) - NOW).days // 2
        trial.finish(partial(_begin, number), round=first)
        _sleep(trial, number, first)
        trial.finish(round=first + AWAKE + 1, seed=trial.rng.randint(1, 10**9))
    return YEARS


def _sleep(trial: Trial, number: int, first: int) -> None:
    for round_ in range(first + 1, first + 4):
        trial.finish(round=round_, only=LINEAR, most=1, goes_on=False, poll=False, seed=trial.rng.randint(1, 10**9))
    database = Database(trial.orders.url, SystemClock())
    with database.page() as tx:
        fired_before = len(_fired(tx))
    database.dispose()  # no connection is taken along into another process
    pollers = trial.rng.choice((("ett",), ("ett", "två")))
    for child in [trial.send(name=name, round=first + AWAKE, most=0, goes_on=False) for name in pollers]:
        wait(child)
    until = NOW + timedelta(days=2 * (first + AWAKE))
    with database.page() as tx:
        left = tx.scalar(sa.select(sa.func.count()).where(job.c.state == "due", job.c.due_at <= until))
        fired = _fired(tx)[fired_before:]
        told, waiting = _told(tx, NOW.year + 1 + number)
    database.dispose()
    if left:
        trial.broken(f"D: {left} of what was due is left")
    if len(pollers) == 1 and fired != sorted(fired):
        trial.broken(f"D: timers fired out of order: {fired}")
    if len(fired) != TIMERS:
        trial.broken(f"D: {len(fired)} timers fired, not {TIMERS}")
    if set(told.values()) != {1} or len(told) < 2 * waiting:
        trial.broken(f"M: reminders and notices of lateness were not each sent once: {told}")


def _fired(tx: Tx) -> list[datetime]:
    """When those timers were due that have fired, in the order in which they did."""
    events = tx.rows(
        sa.select(audit_event.c.body).where(audit_event.c.type == "timer_fired").order_by(audit_event.c.id)
    )
    return [datetime.fromisoformat(json.loads(row.body)["body"]["due_at"]) for row in events]


def _told(tx: Tx, plan_year: int) -> tuple[Counter[Any], int]:
    """How often each was reminded of, or told of, each late task of that plan year; and the number of these tasks."""
    late = [
        row.id
        for row in tx.rows(
            sa.select(user_task.c.id)
            .select_from(user_task.join(instance))
            .where(user_task.c.state == "open", instance.c.key == REMINDED, instance.c.plan_year == plan_year)
        )
    ]
    about = outbox_message.c.kind.in_(("reminder", "overdue")), outbox_message.c.task_id.in_(late)
    told = tx.rows(sa.select(outbox_message).where(*about))
    return Counter((row.kind, row.task_id, row.person_id) for row in told), len(late)


def _begin(number: int, orders: Orders) -> None:
    """A step with three reminders, an escalation and a last day, all within the three weeks; and timers."""
    now = NOW + timedelta(days=2 * orders.round)
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        if not number:
            files = drawn.fan_out(REMINDED)
            diagram = files[f"{REMINDED}.bpmn"].decode().replace('<arshjul:window closes="Y-12-31"/>', NOTICES, 1)
            deployments.deploy(tx, REMINDED, {**files, f"{REMINDED}.bpmn": diagram.encode()}, by=SYSTEM, now=now)
        process_instances.start(tx, REMINDED, NOW.year + 1 + number, by=SYSTEM, now=now)
        for year in drawn.YEARS[TIMERS * number : TIMERS * (number + 1)]:
            process_instances.start_by_itself(tx, LINEAR, year, now=now)  # the first of them are the template's
    database.dispose()
