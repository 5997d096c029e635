"""Work ahead: open tasks and those to come in every live instance, by role and last day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, deployments, identity
from engine.bpmn import Model
from engine.deployments import Deployed
from engine.running import Run, peek, windows_of
from engine.store.database import Tx
from engine.store.tables import activity, instance, user_task
from engine.texts import Text


@dataclass(frozen=True)
class Work:
    """Tasks of one kind, role and last day. `state`: open, or coming; `count` of what is to come is at most so many.

    `activity_id`: the open step whose answers they are; None for a follow-on task, where `task_id` is one of them, and
    for what is to come.
    """

    instance_id: int
    instance_name: Text
    plan_year: int
    element_id: str
    title: Text
    role: str
    state: str
    opens_at: datetime
    due_at: datetime
    count: int
    activity_id: int | None
    task_id: int | None


def ahead(tx: Tx, now: datetime, until: datetime) -> list[Work]:
    """Everything open, however late, and everything to come whose last day is before `until`; by last day.

    To come is what the process has not reached yet, counted as if it took every way there is: at most so many.
    """
    rows = tx.rows(sa.select(instance).where(instance.c.state.in_(("active", "suspended", "failed"))))
    found = [work for row in rows for work in _to_come(tx, row, now)]
    names = {row.id: _name(tx, row) for row in rows}
    found += _open(tx, names)
    ordered = [work for work in found if work.due_at < until]
    return sorted(ordered, key=lambda work: (work.due_at, work.plan_year, work.element_id, work.role))


def roles(tx: Tx) -> dict[str, Text]:
    """The roles' names by id."""
    return {name: Text(role.sv, role.en) for name, role in identity.roles(tx).items()}


def _name(tx: Tx, row: sa.Row[Any]) -> Text:
    return deployments.load(tx, row.definition_id).package.instance_name.fill({"plan_year": row.plan_year})


_OPEN = (
    sa.select(
        user_task.c.instance_id,
        user_task.c.activity_id,
        user_task.c.element_id,
        user_task.c.role,
        user_task.c.due_at,
        user_task.c.plan_year,
        sa.func.min(user_task.c.title_sv).label("title_sv"),
        sa.func.min(user_task.c.title_en).label("title_en"),
        sa.func.min(user_task.c.opened_at, type_=user_task.c.opened_at.type).label("opened_at"),
        sa.func.min(user_task.c.id).label("task_id"),
        sa.func.count().label("tasks"),
    )
    .where(user_task.c.state == "open")
    .group_by(
        user_task.c.instance_id,
        user_task.c.activity_id,
        user_task.c.element_id,
        user_task.c.role,
        user_task.c.due_at,
        user_task.c.plan_year,
    )
)


def _open(tx: Tx, names: dict[int, Text]) -> Iterator[Work]:
    for row in tx.rows(_OPEN):
        yield Work(
            row.instance_id,
            names.get(row.instance_id, Text("", "")),
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
        )


def _to_come(tx: Tx, row: sa.Row[Any], now: datetime) -> Iterator[Work]:
    """Steps that a token waits for, and those not reached yet whose window is not over."""
    deployed = deployments.load(tx, row.definition_id)
    run = peek(tx, row.id, now=now)
    windows = windows_of(tx, row.id)
    visits = tx.rows(sa.select(activity).where(activity.c.instance_id == row.id))
    reached = {visit.element_id for visit in visits}
    for visit in visits:
        if visit.state == "coming":
            yield from _expected(tx, run, visit.element_id, visit.opens_at or now, visit.due_at)
    tokens = {wait.element_id for wait in run.execution.waits() if wait.kind != "message"}
    for element_id in sorted(_after(deployed.model, tokens) & windows.keys() - reached):
        window = windows[element_id]
        if element_id in deployed.tasks and window.due > now:
            yield from _expected(tx, run, element_id, window.opens, window.due)


def _expected(tx: Tx, run: Run, element_id: str, opens: datetime, due: datetime) -> Iterator[Work]:
    """One line for each role, with as many as hold it today."""
    deployed: Deployed = run.deployed
    spec = deployed.tasks[element_id]
    named = {"plan_year": run.plan_year}
    positions = activities.participants(tx, run, spec, deployed.model.element(element_id).multi)
    for role in sorted({position.role for position in positions}):
        yield Work(
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
        )


def _after(model: Model, tokens: set[str]) -> set[str]:
    """Elements that the flow leads to from where the tokens are; what only an event may begin is not among them."""
    leads: dict[str, set[str]] = {}
    for _id, source, target, _name, _condition in model.flows:
        leads.setdefault(source, set()).add(target)
    for element in model.elements.values():
        if element.attached_to is not None:
            leads.setdefault(element.attached_to, set()).add(element.id)
    waiting, met = list(tokens), set[str]()
    while waiting:
        element_id = waiting.pop()
        if element_id not in met:
            met.add(element_id)
            waiting += leads.get(element_id, ())
    return met
