"""1: killed at every numbered point of an answer, a job, a timer, and a round of mail."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import sqlalchemy as sa
from torture import more
from torture.place import FAN_OUT, LINEAR
from torture.trial import Trial
from torture.worker import Box, Journal, Orders, Points, Shifted, ask, prepare

from arshjul.bench.site import NOW
from engine import job_executor, jobs
from engine.store.database import Database
from engine.store.tables import job, user_task
from notifications.dispatcher import dispatch

Deed = Callable[[Orders, Database, datetime], Callable[[], object] | None]
"""Chooses what to do at that time, before points are counted, and gives the doing of it; None: nothing is left."""
LIVES = 4
"""How often a job or mail may lose its worker, each time when the lease before it has run out; five are too many."""


def at_every_point(trial: Trial) -> int:
    """For each kind of deed: killed at its first point, the next worker at the second, and so on, until one survives.

    What the dead had begun is found by those who follow, now and at the end.
    """
    more.begin(trial, linear=20, fan_outs=17)
    killed = _sweep(trial, partial(_answer, "step_1"))
    more.answer_first(trial, LINEAR)
    killed += _sweep(trial, partial(_job, "timer"))
    killed += _sweep(trial, partial(_answer, "ask"))
    more.answer_first(trial, FAN_OUT)
    killed += _sweep(trial, partial(_job, "advance_activity"))
    killed += _sweep(trial, partial(_mail, 2, write=True))
    trial.finish(partial(_do, partial(_mail, 500, write=True)))
    killed += _sweep(trial, partial(_mail, 1, write=False))
    trial.finish(round=20, most=0, goes_on=False)
    return killed + _sweep(trial, partial(_answer, "step_2"))


def _sweep(trial: Trial, deed: Deed) -> int:
    """How many were killed: as many as the deed has points."""
    for point in count(1):
        orders = {"points": Points(point), "round": 2 + point % LIVES, "seed": trial.rng.randint(1, 10**9)}
        if not os.WIFSIGNALED(trial.finish(partial(_do, deed), **orders)):
            return point - 1
    raise AssertionError


def _do(deed: Deed, orders: Orders) -> None:
    prepare(orders)
    database = Database(orders.url, Shifted(timedelta(minutes=20 * orders.round)))
    do = deed(orders, database, NOW + timedelta(days=2 * orders.round))
    if do is None:
        Journal(orders.journal).note(what="broken", why="there is nothing left to be killed at")
        return
    orders.points.watch(database.engine)
    do()
    database.dispose()


def _answer(element: str, orders: Orders, database: Database, now: datetime) -> Callable[[], object] | None:
    where = (user_task.c.element_id == element, user_task.c.state == "open")
    with database.page() as tx:
        task = tx.scalar(sa.select(user_task.c.id).where(*where).order_by(user_task.c.id).offset(orders.seed % 3))
    return None if task is None else partial(ask, database, orders, Journal(orders.journal), task, now)


def _job(kind: str, _orders: Orders, database: Database, now: datetime) -> Callable[[], object] | None:
    with database.page() as tx:
        of_kind = {row.id for row in tx.rows(sa.select(job.c.id).where(job.c.kind == kind))}
        due = [found for found in jobs.due_ids(tx, now, tx.recorded_at) if found in of_kind]
    return partial(job_executor._attempt, database, due[0], now) if due else None


def _mail(limit: int, orders: Orders, database: Database, now: datetime, *, write: bool) -> Callable[[], object] | None:
    """For so many people; only written, or only sent as all has been written."""
    box = None if write else Box(Journal(orders.journal), orders.points)
    later = now + timedelta(days=7)
    wall = database.clock.wall()
    return partial(dispatch, database, box, now=later, wall=wall, public_url="http://localhost", limit=limit)
