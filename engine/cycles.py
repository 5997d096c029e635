"""Reading for those who lead: every live cycle with its steps, what is late, who has not answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import deployments, events, identity, step_windows
from engine.errors import InstanceDamaged, NotFound
from engine.rules import business_keys
from engine.rules.calendar import civil_date
from engine.running import peek
from engine.store.database import Tx
from engine.store.tables import activity, audit_event, incident, instance, user_task
from engine.texts import Text

AT_RISK = timedelta(days=7)
NAMED = 5


@dataclass(frozen=True)
class ActivityState:
    """One visit of a user task: its window, progress, and whom it waits for."""

    id: int
    element_id: str
    title: Text
    round: int
    multi: bool
    state: str
    opens_at: datetime | None
    closes_at: datetime
    due_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    total: int
    answered: int
    waiting_for: list[str]
    late: bool
    was_late: bool
    at_risk: bool


@dataclass(frozen=True)
class StepState:
    """One of the steps that people talk about. `state`: coming, open, late, done, cancelled (broken off), skipped."""

    id: str
    name: Text
    guideline: str
    text: Text
    element_id: str
    opens_at: datetime | None
    closes_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    state: str
    was_late: bool
    total: int
    answered: int
    activities: list[ActivityState]


@dataclass(frozen=True)
class OpenTask:
    """A follow-on task that stands open beside the diagram."""

    task_id: int
    title: Text
    due_at: datetime
    waiting_for: str
    late: bool


@dataclass(frozen=True)
class EventButton:
    """An event that a person may send to the instance now."""

    name: str
    title: Text
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Cycle:
    """An instance as those who lead it see it. `late` counts tasks; a step past its day that never opened is one."""

    instance_id: int
    key: str
    name: Text
    definition_version: int
    plan_year: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    steps: list[StepState]
    late: int
    at_risk: int
    incidents: int
    departures: int
    follow_ons: list[OpenTask]
    events: list[EventButton]


def overview(tx: Tx, now: datetime, *, live_only: bool = True) -> list[Cycle]:
    """Every cycle of the processes that have one for each plan year, oldest first; `live_only`: not the ended ones."""
    query = sa.select(instance.c.id).order_by(instance.c.plan_year, instance.c.key)
    query = query.where(~instance.c.many)
    if live_only:
        query = query.where(instance.c.state.in_(("active", "suspended", "failed")))
    return [cycle(tx, row.id, now) for row in tx.rows(query)]


def cycle(tx: Tx, instance_id: int, now: datetime) -> Cycle:
    """One cycle. Raises NotFound."""
    row = tx.one(sa.select(instance).where(instance.c.id == instance_id))
    if row is None:
        raise NotFound(kind="instance")
    deployed = deployments.load(tx, row.definition_id)
    activities = _activities(tx, deployed, row, now)
    package, key = deployed.package, row.business_key
    steps = _steps(tx, deployed, row, activities, now)
    follow_ons = _follow_ons(tx, instance_id, now)
    return Cycle(
        row.id,
        row.key,
        package.instance_name.fill(business_keys.names(package.columns, key, row.plan_year)),
        deployed.version,
        row.plan_year,
        row.state,
        row.started_at,
        row.ended_at,
        steps,
        sum(max(a.total - a.answered, 1) for a in activities if a.late) + sum(t.late for t in follow_ons),
        sum(a.at_risk for a in activities),
        _count(tx, incident, incident.c.instance_id == instance_id, incident.c.state == "open"),
        _count(tx, audit_event, audit_event.c.instance_id == instance_id, audit_event.c.type == "departure"),
        follow_ons,
        _events(tx, row, deployed, now),
    )


def _count(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(tx.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)


def _activities(tx: Tx, deployed: deployments.Deployed, row: sa.Row[Any], now: datetime) -> list[ActivityState]:
    counts: dict[int, tuple[int, int]] = {
        c.activity_id: (c.total, c.answered)
        for c in tx.rows(
            sa.select(
                user_task.c.activity_id,
                sa.func.count().label("total"),
                sa.func.count(sa.case((user_task.c.state == "completed", 1))).label("answered"),
            )
            .where(
                user_task.c.instance_id == row.id,
                user_task.c.activity_id.is_not(None),
                user_task.c.state != "cancelled",
            )
            .group_by(user_task.c.activity_id)
        )
    }
    found = []
    visits = tx.rows(sa.select(activity).where(activity.c.instance_id == row.id).order_by(activity.c.id))
    broken_off = _broken_off(tx, row.id) if any(a.state == "cancelled" for a in visits) else {}
    for a in visits:
        total, answered = counts.get(a.id, (0, 0))
        total += broken_off.get(a.id, 0)
        spec = deployed.tasks[a.element_id]
        live = a.state in ("coming", "open")
        late = live and now > a.due_at and (answered < total or total == 0)
        found.append(
            ActivityState(
                a.id,
                a.element_id,
                spec.title.fill({"plan_year": row.plan_year, **row.variables}),
                a.round,
                a.multi,
                a.state,
                a.opens_at,
                a.closes_at,
                a.due_at,
                a.opened_at,
                a.ended_at,
                total,
                answered,
                _waiting_for(tx, a, now) if a.state == "open" else [],
                late,
                a.ended_at is not None and a.ended_at > (a.closes_at if spec.completes == "at-close" else a.due_at),
                a.state == "open" and not late and a.due_at - now <= AT_RISK and answered < total,
            )
        )
    return found


def _broken_off(tx: Tx, instance_id: int) -> dict[int, int]:
    """How many tasks were open when their step was broken off, by step; who was excused before is not among them."""
    return {
        row.activity_id: row.number
        for row in tx.rows(
            sa.select(user_task.c.activity_id, sa.func.count().label("number"))
            .join(activity, activity.c.id == user_task.c.activity_id)
            .where(
                user_task.c.instance_id == instance_id,
                user_task.c.state == "cancelled",
                activity.c.state == "cancelled",
                user_task.c.ended_at >= activity.c.ended_at,
            )
            .group_by(user_task.c.activity_id)
        )
    }


def _waiting_for(tx: Tx, a: sa.Row[Any], now: datetime) -> list[str]:
    """By name and role: "Vera Påhitt (HR-strateg)"; at most a few, the campaign page has them all."""
    rows = tx.rows(
        sa.select(user_task.c.position_id, user_task.c.unit_name, user_task.c.assignee_id)
        .where(user_task.c.activity_id == a.id, user_task.c.state == "open")
        .order_by(user_task.c.id)
        .limit(NAMED)
    )
    return [_who(tx, r, now) for r in rows]


def _who(tx: Tx, task: sa.Row[Any], now: datetime) -> str:
    names = ", ".join(names_of_doers(tx, task, now))
    return f"{names} ({identity.position(tx, task.position_id).name})" if names else f"– ({task.unit_name})"


def names_of_doers(tx: Tx, task: sa.Row[Any], now: datetime) -> list[str]:
    """Whoever has taken the task or was handed it, while active; else those who can act for its position."""
    if task.assignee_id is not None and (person := identity.person(tx, task.assignee_id)).active:
        return [person.name]
    return [holder.name for holder in identity.actors_for(tx, task.position_id, civil_date(now))]


def _steps(
    tx: Tx, deployed: deployments.Deployed, row: sa.Row[Any], activities: list[ActivityState], now: datetime
) -> list[StepState]:
    windows = step_windows.of_instance(tx, row.id)
    by_step: dict[str, list[ActivityState]] = defaultdict(list)
    for a in activities:
        by_step[deployed.tasks[a.element_id].step].append(a)
    found = []
    for step in deployed.package.steps:
        own = by_step[step.id]
        main = _main_element(deployed, step.id, own)
        window = windows[main]
        state, was_late = _state(own, window.due, row.state, now)
        shown = [a for a in own if a.element_id == main] or own
        ended = [a.ended_at for a in own if a.ended_at]
        found.append(
            StepState(
                step.id,
                step.name,
                step.guideline,
                step.text,
                main,
                window.opens,
                window.closes,
                min((a.opened_at for a in shown if a.opened_at), default=None),
                max(ended) if ended and state in ("done", "cancelled") else None,
                state,
                was_late,
                sum(a.total for a in shown),
                sum(a.answered for a in shown),
                own,
            )
        )
    return found


def _main_element(deployed: deployments.Deployed, step: str, own: list[ActivityState]) -> str:
    """The element that carries the step's name; where another one took its place (the council reviews), that one."""
    elements = [e for e in deployed.model.order() if e in deployed.tasks and deployed.tasks[e].step == step]
    reached = {a.element_id for a in own}
    if step in elements and (step in reached or not reached):
        return step
    return next((e for e in elements if e in reached), elements[0])


def _state(own: list[ActivityState], due: datetime, instance_state: str, now: datetime) -> tuple[str, bool]:
    was_late = any(a.was_late for a in own)
    if any(a.late for a in own):
        return "late", True
    if any(a.state == "open" for a in own) or len({a.ended_at is None for a in own}) == 2:
        return "open", was_late
    if own and own[-1].state == "cancelled" and own[-1].opened_at is not None:
        return "cancelled", was_late
    if own and not any(a.state == "coming" for a in own):
        return "done", was_late
    if instance_state in ("completed", "cancelled"):
        return "skipped", was_late
    return ("late", True) if now > due else ("coming", was_late)


def _follow_ons(tx: Tx, instance_id: int, now: datetime) -> list[OpenTask]:
    return [
        OpenTask(
            r.id,
            Text(r.title_sv, r.title_en),
            r.due_at,
            _who(tx, r, now),
            now > r.due_at,
        )
        for r in tx.rows(
            sa.select(user_task)
            .where(
                user_task.c.instance_id == instance_id,
                user_task.c.follow_on.is_not(None),
                user_task.c.state == "open",
            )
            .order_by(user_task.c.due_at)
        )
    ]


def _events(tx: Tx, row: sa.Row[Any], deployed: deployments.Deployed, now: datetime) -> list[EventButton]:
    if row.state != "active" or not deployed.package.events:
        return []
    try:
        run = peek(tx, row.id, now=now)
    except InstanceDamaged:  # it can be sent nothing; its cycle is shown all the same, and so are the others
        return []
    waited = {w.message for w in run.execution.waits() if w.kind == "message"}
    return [
        EventButton(name, spec.title, tuple(spec.roles))
        for name, spec in deployed.package.events.items()
        if name in waited and events.is_offered(run, name)
    ]
