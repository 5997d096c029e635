"""Jobs: rows due at an instant. One sweep over an index finds them; a conditional UPDATE decides who does them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import bpmn, incidents
from engine.rules import calendar
from engine.running import Run
from engine.store.database import Tx
from engine.store.queries import activities
from engine.store.queries import jobs as rows
from engine.store.sql import spelled
from engine.store.tables import instance, job, user_task

NOTICES = ("reminder", "escalation", "overdue")
"""Jobs that tell people of a last day; the others move the diagram."""


def add(
    tx: Tx,
    kind: str,
    instance_id: int | None,
    *,
    due_at: datetime,
    activity_id: int | None = None,
    task_id: int | None = None,
    token: str | None = None,
    payload: dict[str, Any] | None = None,
) -> int:
    """A job due at `due_at` (process time, UTC)."""
    about = {"instance_id": instance_id, "activity_id": activity_id, "task_id": task_id}
    return rows.add_one(tx, kind=kind, token=token, due_at=due_at, payload=payload or {}, **about)


def add_many(tx: Tx, instance_id: int, activity_id: int, plans: Sequence[tuple[str, datetime, dict[str, Any]]]) -> None:
    """An activity's jobs at once: (kind, due at, payload)."""
    about = {"instance_id": instance_id, "activity_id": activity_id, "task_id": None, "token": None}
    rows.add(tx, [{"kind": kind, "due_at": due_at, "payload": payload, **about} for kind, due_at, payload in plans])


def add_failed(
    tx: Tx,
    kind: str,
    instance_id: int,
    *,
    due_at: datetime,
    error: str,
    activity_id: int | None = None,
    token: str | None = None,
    payload: dict[str, Any] | None = None,
) -> int:
    """A job that cannot be done until someone has mended what `error` says and resolved its fault."""
    job_id = add(tx, kind, instance_id, due_at=due_at, activity_id=activity_id, token=token, payload=payload)
    tx.execute(job.update().where(job.c.id == job_id).values(state="failed", error=error))
    return job_id


def cancel(
    tx: Tx, *, activity_id: int | None = None, task_id: int | None = None, instance_id: int | None = None
) -> None:
    """What was still to be done for that activity, task or instance is not to be done any more."""
    for column, value in (("activity_id", activity_id), ("task_id", task_id), ("instance_id", instance_id)):
        if value is not None:
            rows.cancel(tx, column, value)


def cancel_notices(tx: Tx, activity_id: int, *, of_rows: bool = False) -> None:
    """The activity's notices go, to be planned anew; with `of_rows` also those of rows with a last day of their own.

    What moves the activity on stays: its last answer may just have come.
    """
    about = job.c.activity_id == activity_id
    if of_rows:
        its_rows = sa.select(user_task.c.id).where(user_task.c.activity_id == activity_id)
        about = sa.or_(about, job.c.task_id.in_(its_rows))
    tx.execute(job.update().where(about, job.c.state == "due", job.c.kind.in_(NOTICES)).values(state="cancelled"))


def keep_timers(tx: Tx, run: Run, waits: list[bpmn.Wait]) -> None:
    """One job for each waiting timer, at the instant its text means now; none for timers that wait no longer.

    One that has failed stays: it is done once its technical fault is resolved.
    """
    if not run.deployed.has_timers:
        return
    known = {row.token: row for row in rows.timers(tx, run.id)}
    windows = _live_windows(tx, run) if waits else {}
    for wait in waits:
        row = known.pop(wait.token, None)
        if row is None:
            _set_timer(tx, run, wait, windows)
    for row in known.values():
        rows.cancel(tx, "id", row.id)


def _set_timer(tx: Tx, run: Run, wait: bpmn.Wait, windows: dict[str, calendar.Window]) -> None:
    """A time that cannot be worked out is a technical fault; the timer waits until that is mended."""
    payload = {"element": wait.element_id}
    try:
        due_at = _timer_instant(run, wait, windows)
    except bpmn.BpmnError as fault:
        error = f"{type(fault).__name__}: {fault}"[:2000]
        job_id = add_failed(
            tx, "timer", run.id, due_at=run.now, token=wait.token, payload=payload | {"unread": True}, error=error
        )
        incidents.raise_incident(
            tx,
            kind="diagram_timer",
            instance_id=run.id,
            job_id=job_id,
            element_id=wait.element_id,
            message=error,
            now=run.now,
        )
        return
    add(tx, "timer", run.id, due_at=due_at, token=wait.token, payload=payload)


def set_unread_timer(tx: Tx, run: Run, wait: bpmn.Wait) -> None:
    """The fault is mended: the timer gets its instant. Raises BpmnError('timer') when it is not."""
    due_at = _timer_instant(run, wait, _live_windows(tx, run))
    add(tx, "timer", run.id, due_at=due_at, token=wait.token, payload={"element": wait.element_id})


def replan_timers(tx: Tx, run: Run) -> None:
    """After a date was moved: timers that refer to windows get their new instants."""
    windows = _live_windows(tx, run)
    waits = {wait.token: wait for wait in run.execution.waits() if wait.kind == "timer"}
    for row in rows.timers(tx, run.id):
        wait = waits.get(row.token)
        if wait is not None and "." in (wait.timer or ""):
            due_at = _timer_instant(run, wait, windows)
            tx.execute(job.update().where(job.c.id == row.id).values(due_at=due_at))


def _timer_instant(run: Run, wait: bpmn.Wait, windows: dict[str, calendar.Window]) -> datetime:
    """A timer on a task's edge fires as its day ends, one in the flow as its day begins. Raises BpmnError('timer')."""
    try:
        return calendar.resolve(
            wait.timer or "",
            plan_year=run.plan_year,
            windows=windows,
            variables=run.variables,
            relative_to=run.now,
            edge="opens" if wait.attached_token is None else "closes",
        )
    except calendar.DayError as fault:
        raise bpmn.BpmnError("timer", wait.element_id, str(fault)) from fault


def _live_windows(tx: Tx, run: Run) -> dict[str, calendar.Window]:
    """The instance's windows with those of live activities laid over: a second round has later dates."""
    windows = dict(run.windows)
    for row in activities.live(tx, run.id):
        window = windows.get(row.element_id)
        windows[row.element_id] = calendar.Window(window.opens if window else row.opens_at, row.closes_at, row.due_at)
    return windows


def notice_instant(run: Run, text: str, due_at: datetime) -> datetime:
    """When a reminder or an escalation of a task due at `due_at` is to go out: as that civil day begins."""
    moment = calendar.resolve(
        text,
        plan_year=run.plan_year,
        windows=run.windows,
        variables=run.variables,
        relative_to=due_at,
        edge="opens",
    )
    return calendar.start_of(calendar.civil_date(moment))


def overdue_instant(due_at: datetime) -> datetime:
    """The first second after the last: by then a timer of that last second has closed what it closes."""
    return due_at + timedelta(seconds=1)


_NOT_HELD = ~sa.exists().where(instance.c.id == job.c.instance_id, instance.c.state == "suspended")


def next_due(tx: Tx) -> datetime | None:
    """When the next job is due (UTC), or None when there is none at all; suspended instances' jobs wait."""
    found: datetime | None = tx.scalar(
        sa.select(job.c.due_at).where(job.c.state == spelled("due"), _NOT_HELD).order_by(job.c.due_at).limit(1)
    )
    return found


def due_ids(tx: Tx, now: datetime, wall: datetime, limit: int = 100) -> list[int]:
    """Jobs due at process time `now` that nobody holds a lease on, oldest first."""
    return rows.due_ids(tx, now, wall, limit)
