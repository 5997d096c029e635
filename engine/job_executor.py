"""Doing due jobs: a conditional UPDATE with a lease and a fence decides who; a failure is retried, then an incident.

A poisoned job delays only itself: it steps back with growing pauses while its neighbours go on.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from engine import activities, correlation, incidents, jobs, notices, process_instances, stuck
from engine.actor import SYSTEM
from engine.batches import working
from engine.deadline import within
from engine.operations import joining
from engine.running import Run, lock
from engine.settle import settle
from engine.store.database import Database, Tx
from engine.store.faults import is_passing
from engine.store.queries import instances as instance_rows
from engine.store.queries import jobs as rows
from engine.store.queries import user_tasks
from engine.store.tables import activity, job

LEASE = timedelta(seconds=120)
LONGEST = timedelta(seconds=60)
"""No job is worked on for longer: one that hangs is a failure like any other, long before its lease runs out."""
ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)

log = structlog.get_logger(__name__)


def tick(database: Database, now: datetime, *, limit: int = 1000) -> int:
    """Do everything due at process time `now`, oldest first. Gives the number of jobs done."""
    done = 0
    while done < limit:
        with database.page() as tx:
            ids = jobs.due_ids(tx, now, tx.recorded_at)
        if not ids:
            break
        for job_id in ids:
            done += _attempt(database, job_id, now)
    return done


def run_inline(database: Database, now: datetime) -> int:
    """`tick` for one process that owns the database (rehearsal): one transaction a job, and a failure is raised."""
    done = 0
    while True:
        with database.page() as tx:
            ids = jobs.due_ids(tx, now, tx.recorded_at)
        if not ids:
            return done
        for job_id in ids:
            with database.verb() as tx:
                row = tx.one(sa.select(job).where(job.c.id == job_id, job.c.state == "due"))
                if row is not None:
                    done += _do(tx, row, now)


def run_due_of_instance(tx: Tx, run: Run) -> bool:
    """Under the instance's lock, before anything is completed: what is due first has happened first.

    A job with a defect keeps nobody from answering, as it delays no neighbour: it is left to the workers, who tell of
    it. True when something was done: the run is then no longer as it was read.
    """
    done, left = False, set[int]()
    while run.state != "suspended":
        row = next((each for each in rows.moving(tx, run.id, run.now) if each.id not in left), None)
        if row is None:
            break
        if _do_or_stop(tx, row, run.now):
            done = True
        else:
            left.add(row.id)
    return done


def _do_or_stop(tx: Tx, row: Any, now: datetime) -> bool:
    """A job of somebody else's verb, which goes on whatever becomes of it: done, or stopped where the diagram cannot go
    on. False when it was neither. Raises faults of the database that pass.
    """
    try:
        with tx.savepoint():
            return _do(tx, row, now)
    except Exception as failure:
        if is_passing(failure):
            raise
        if stuck.is_fault(failure):
            _stop(tx, row, failure, now)
            return True
        log.warning("due job left", job=row.id, error=str(failure), exc_info=True)
        return False


def _attempt(database: Database, job_id: int, now: datetime) -> int:
    with database.verb() as tx:
        claim = rows.claim(tx, job_id, tx.recorded_at, LEASE)
    if claim is None:
        return 0
    if claim.attempts > ATTEMPTS:
        # Whoever raises steps back; this one took its worker down with it, and would take the next.
        with database.verb() as tx:
            if (row := _ours(tx, claim)) is not None:
                _give_up(tx, row, row.error or "each worker that tried it ended before it was done", now)
        return 0
    try:
        with within(LONGEST), database.verb() as tx:
            row = rows.claimed(tx, job_id, claim.fence)
            return int(row is not None and _do(tx, row, now))
    except Exception as failure:  # whatever a handler raises, its neighbours must go on
        log.warning("job failed", job=job_id, error=str(failure), exc_info=True)
        with database.verb() as tx:
            _step_back(tx, claim, failure, now)
        return 0


def _ours(tx: Tx, claim: Any) -> sa.Row[Any] | None:
    """The claimed job, locked after its instance as in every verb; None when another has claimed it since."""
    if claim.instance_id is not None:
        instance_rows.lock_state(tx, claim.instance_id)
    own = sa.and_(job.c.id == claim.id, job.c.fence == claim.fence, job.c.state == "due")
    return tx.one(sa.select(job).where(own).with_for_update(key_share=True))


def _step_back(tx: Tx, claim: Any, failure: Exception, now: datetime) -> None:
    row = _ours(tx, claim)
    if row is None:
        return
    if stuck.is_fault(failure):
        _stop(tx, row, failure, now)
        return
    error = f"{type(failure).__name__}: {failure}"[:2000]
    if is_passing(failure):  # the database's fault is not the job's: this was no attempt
        again = {"attempts": row.attempts - 1, "lease_until": None, "not_before": tx.recorded_at + FIRST_PAUSE}
        tx.execute(job.update().where(job.c.id == row.id).values(error=error, **again))
        return
    if row.attempts >= ATTEMPTS:
        _give_up(tx, row, error, now)
        return
    pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    tx.execute(
        job.update().where(job.c.id == row.id).values(error=error, lease_until=None, not_before=tx.recorded_at + pause)
    )


def _give_up(
    tx: Tx, row: sa.Row[Any], error: str, now: datetime, *, kind: str = "", element: str | None = None
) -> None:
    """No more attempts until someone has resolved the technical fault that this raises."""
    tx.execute(job.update().where(job.c.id == row.id).values(state="failed", error=error, lease_until=None))
    incidents.raise_incident(
        tx,
        kind=kind or f"job_{row.kind}",
        instance_id=row.instance_id,
        job_id=row.id,
        element_id=element,
        message=error,
        now=now,
    )


def _stop(tx: Tx, row: sa.Row[Any], failure: Exception, now: datetime) -> None:
    """The diagram does not fit the data: trying again would not help before someone has mended that."""
    error = f"{type(failure).__name__}: {failure}"[:2000]
    _give_up(tx, row, error, now, kind=stuck.kind_of(failure), element=stuck.element_of(failure))


def _do(tx: Tx, row: sa.Row[Any], now: datetime) -> bool:
    """True when it was done; not when it was done or cancelled meanwhile, or its instance is suspended."""
    if row.instance_id is not None and _is_held(tx, row.instance_id):
        return False
    if not rows.take(tx, row.id, now):
        return False
    _HANDLERS[row.kind](tx, row, now)
    return True


def _is_held(tx: Tx, instance_id: int) -> bool:
    """Whether the instance is suspended. Takes its lock, always before those of its jobs, as those who stop it do."""
    return instance_rows.lock_state(tx, instance_id) == "suspended"


def _open_activity(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    run = lock(tx, row.instance_id, by=SYSTEM, now=now)
    step = activities.get(tx, row.activity_id)
    if step.state == "coming":
        activities.open_activity(tx, run, step)


def _advance_activity(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    run = lock(tx, row.instance_id, by=SYSTEM, now=now)
    step = activities.get(tx, row.activity_id)
    if step.state != "open" or user_tasks.left_open(tx, step.id, 1):
        return
    activities.finish(tx, run, step, "completed")
    run.execution.complete(step.token, {})
    settle(tx, run)


def _fire_timer(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    run = lock(tx, row.instance_id, by=SYSTEM, now=now)
    wait = next((w for w in run.execution.waits() if w.token == row.token), None)
    if wait is None:
        return
    if row.payload.get("unread"):
        jobs.set_unread_timer(tx, run, wait)
        return
    if wait.attached_token is not None and wait.interrupting:
        step = tx.one(
            sa.select(activity).where(
                activity.c.instance_id == run.id,
                activity.c.token == wait.attached_token,
                activity.c.state.in_(("coming", "open")),
            )
        )
        if step is not None:
            # The window ended when the timer was due, however much later the sweep comes: nobody is late by that.
            closing = replace(run, now=min(now, row.due_at))
            activities.close_rows(tx, closing, step)
            activities.finish(tx, closing, step, "closed")
    run.note(tx, "timer_fired", {"token": row.token, "due_at": row.due_at.isoformat()}, element_id=wait.element_id)
    run.execution.fire(row.token)
    settle(tx, run)


def _welcome(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    joining.welcome(tx, row.payload["positions"], now=now)


def _start_instance(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    process_instances.start_by_itself(tx, row.payload["key"], row.payload["plan_year"], now=now)


_HANDLERS: dict[str, Callable[[Tx, sa.Row[Any], datetime], None]] = {
    "open_activity": _open_activity,
    "advance_activity": _advance_activity,
    "timer": _fire_timer,
    "start_instance": _start_instance,
    "reminder": notices.remind,
    "escalation": notices.escalate,
    "overdue": notices.overdue,
    "joiners": _welcome,
    "batch": working.work_off,
    "message": correlation.route,
    "receive_message": correlation.receive,
}
