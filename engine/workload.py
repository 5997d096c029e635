"""Work ahead: open tasks and those to come in every live instance, by role and last day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, deployments, flows, identity, open_work, step_windows
from engine.deployments import Deployed
from engine.running import Run, peek
from engine.store.database import Tx
from engine.store.tables import activity, instance, user_task
from engine.texts import Text


@dataclass(frozen=True)
class Work:
    """Tasks of one kind, role and last day. `state`: open, or coming (`opens_at` None: as
    soon as the process is there); `count` of what is to come is at most so many.

    `activity_id`: the open step whose answers they are; None for a follow-on task, where `task_id` is one of them, and
    for what is to come. Of a process with many instances at once they are counted together: `instance_id` is None.
    """

    key: str
    instance_id: int | None
    instance_name: Text
    plan_year: int
    element_id: str
    title: Text
    role: str
    state: str
    opens_at: datetime | None
    due_at: datetime
    count: int
    activity_id: int | None
    task_id: int | None
    paused: bool = False
    """Its instance is paused; of processes with many instances nobody is told."""


def ahead(tx: Tx, now: datetime, until: datetime) -> list[Work]:
    """Everything open, however late, and everything to come whose last day is before `until`; by last day.

    To come is what the process has not reached yet, counted as if it took every way there is: at most so many. Of
    processes that are not known by the plan year alone only what is open is counted, all their instances together.
    """
    rows = {row.id: row for row in tx.rows(_BY_YEAR)}
    found = [work for row in rows.values() if row.state in LIVE for work in _to_come(tx, row, now)]
    found += _open(tx, rows)
    found += [work for key in open_work.keys(tx) for work in _of_many(tx, key)]
    ordered = [work for work in found if work.due_at < until]
    return sorted(ordered, key=lambda work: (work.due_at, work.plan_year, work.element_id, work.role))


def roles(tx: Tx) -> dict[str, Text]:
    """The roles' names by id."""
    return {name: Text(role.sv, role.en) for name, role in identity.roles(tx).items()}


def _name(tx: Tx, row: sa.Row[Any]) -> Text:
    return deployments.load(tx, row.definition_id).package.instance_name.fill({"plan_year": row.plan_year})


_OPEN = (
    *(user_task.c.instance_id, user_task.c.activity_id, user_task.c.element_id),
    *(user_task.c.role, user_task.c.due_at, user_task.c.plan_year),
)


LIVE = ("active", "suspended", "failed")
_BY_YEAR = sa.select(
    instance.c.id, instance.c.key, instance.c.plan_year, instance.c.definition_id, instance.c.state
).where(~instance.c.many)


def _open(tx: Tx, of: dict[int, sa.Row[Any]]) -> Iterator[Work]:
    query = (
        sa.select(
            *_OPEN,
            sa.func.min(user_task.c.title_sv).label("title_sv"),
            sa.func.min(user_task.c.title_en).label("title_en"),
            sa.func.min(user_task.c.opened_at, type_=user_task.c.opened_at.type).label("opened_at"),
            sa.func.count().label("tasks"),
            sa.func.min(user_task.c.id).label("task_id"),
        )
        .where(user_task.c.instance_id.in_(list(of)), user_task.c.state == "open")
        .group_by(*_OPEN)
    )
    for row in tx.rows(query):
        yield Work(
            of[row.instance_id].key,
            row.instance_id,
            _name(tx, of[row.instance_id]),
            row.plan_year,
            row.element_id,
            Text(row.title_sv, row.title_en),
            row.role,
            "open",
            row.opened_at,
            row.due_at,
            row.tasks,
            row.activity_id,
            row.task_id if row.activity_id is None else None,
            of[row.instance_id].state == "suspended",
        )


def _of_many(tx: Tx, key: str) -> Iterator[Work]:
    """Open tasks of all instances by element, role and last day, however many instances."""
    deployed = deployments.latest(tx, key)
    name = deployed.package.name
    for row in open_work.of_process(tx, key):
        # The tasks' own titles name whom each is about.
        title = deployed.element_name(row.element_id) if row.element_id in deployed.tasks else row.element_id
        yield Work(
            key,
            None,
            name,
            0,
            row.element_id,
            Text(title, title),
            row.role,
            "open",
            row.opened_at,
            row.due_at,
            row.number,
            None,
            None,
        )


def _to_come(tx: Tx, row: sa.Row[Any], now: datetime) -> Iterator[Work]:
    """Steps that a token waits for, and those not reached yet whose window is not over."""
    deployed = deployments.load(tx, row.definition_id)
    run = peek(tx, row.id, now=now)
    windows = step_windows.of_instance(tx, row.id)
    visits = tx.rows(sa.select(activity).where(activity.c.instance_id == row.id))
    reached = {visit.element_id for visit in visits}
    for visit in visits:
        if visit.state == "coming":
            yield from _expected(tx, run, visit.element_id, visit.opens_at, visit.due_at)
    tokens = {wait.element_id for wait in run.execution.waits() if wait.kind != "message"}
    for element_id in sorted(flows.after(deployed.model, tokens) & windows.keys() - reached):
        window = windows[element_id]
        if element_id in deployed.tasks and window.due > now:
            yield from _expected(tx, run, element_id, window.opens, window.due)


def _expected(tx: Tx, run: Run, element_id: str, opens: datetime | None, due: datetime) -> Iterator[Work]:
    """One line for each role, with as many as hold it today."""
    deployed: Deployed = run.deployed
    spec = deployed.tasks[element_id]
    named = {"plan_year": run.plan_year}
    positions = activities.participants(tx, run, spec, deployed.model.element(element_id).multi)
    for role in sorted({position.role for position in positions}):
        yield Work(
            run.key,
            run.id,
            deployed.package.instance_name.fill(named),
            run.plan_year,
            element_id,
            spec.title.fill(run.names()),
            role,
            "coming",
            opens,
            due,
            sum(position.role == role for position in positions),
            None,
            None,
            run.state == "suspended",
        )
