"""Reading for the one who does the work: my open tasks across plan years, and each task's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import activities, answers, identity, user_tasks
from engine.actor import Actor
from engine.clock import STOCKHOLM
from engine.contexts import local_day
from engine.deployments import Deployed, load
from engine.errors import Forbidden, NotFound
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import activity, draft, instance, user_task
from engine.texts import Text

ANSWERED_SHOWN = 200
DONE_SHOWN = 20
COMING_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class InboxRow:
    """One unit's row of a step. `superior`: the position is vacant and the reader is the superior manager.

    `on_behalf_of`: the name of the absent person whom the reader stands in for.
    """

    task_id: int
    unit_name: str
    position_name: str
    role: str
    vacant: bool
    superior: bool
    state: str
    assignee: str | None
    assigned_to_me: bool
    has_draft: bool
    can_act: bool
    revisable: bool
    answered_at: datetime | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class InboxEntry:
    """The person's rows of one step and plan year: one page, units as rows."""

    instance_id: int
    element_id: str
    key: str
    plan_year: int
    title: Text
    step: str | None
    step_name: Text
    due_at: datetime
    closes_at: datetime | None
    opened_at: datetime
    late: bool
    days_left: int
    quick: Text | None
    rows: list[InboxRow] = field(default_factory=list)


@dataclass(frozen=True)
class ComingStep:
    """A step that waits for its window and that the person's positions will get."""

    title: Text
    plan_year: int
    opens_at: datetime


@dataclass(frozen=True)
class Inbox:
    """Open: overdue first, then by due date. Answered: can still be changed. Done: the latest."""

    open: list[InboxEntry]
    answered: list[InboxEntry]
    coming: list[ComingStep]
    done: list[InboxEntry]


def inbox(tx: Tx, actor: Actor, now: datetime) -> Inbox:
    """Everything the actor's positions hold now. Members of a body do not find its tasks here: its secretary does."""
    reach = _acting(tx, actor, now)
    if not reach:
        return Inbox([], [], [], _done(tx, actor, now))
    mine = user_task.c.position_id.in_(list(reach))
    open_rows = _rows(tx, sa.and_(mine, user_task.c.state == "open"), actor, limit=1000)
    answered = _rows(
        tx,
        sa.and_(mine, user_task.c.state == "completed", activity.c.state == "open"),
        actor,
        limit=ANSWERED_SHOWN,
    )
    return Inbox(
        _entries(tx, open_rows, reach, actor, now),
        [e for e in _entries(tx, answered, reach, actor, now) if any(row.revisable for row in e.rows)],
        _coming(tx, reach, now),
        _done(tx, actor, now),
    )


def group_page(tx: Tx, instance_id: int, element_id: str, actor: Actor, now: datetime) -> InboxEntry:
    """The actor's rows of one step and plan year, open and answered. Raises NotFound when there are none."""
    reach = _acting(tx, actor, now)
    rows = _rows(
        tx,
        sa.and_(
            user_task.c.position_id.in_(list(reach)),
            user_task.c.instance_id == instance_id,
            user_task.c.element_id == element_id,
            sa.or_(user_task.c.state == "open", activity.c.state == "open"),
        ),
        actor,
        limit=1000,
    )
    found = _entries(tx, rows, reach, actor, now)
    if not found:
        raise NotFound(kind="task")
    return found[0]


def _acting(tx: Tx, actor: Actor, now: datetime) -> dict[str, str]:
    if actor.person_id is None:
        return {}
    found = identity.effective_positions(tx, actor.person_id, local_day(now))
    return {position: how for position, how in found.items() if how in user_tasks.ACTING}


def _rows(tx: Tx, condition: sa.ColumnElement[bool], actor: Actor, *, limit: int) -> list[sa.Row[Any]]:
    mine = sa.and_(draft.c.task_id == user_task.c.id, draft.c.person_id == actor.person_id)
    return tx.rows(
        sa.select(
            user_task,
            instance.c.definition_id,
            instance.c.key,
            activity.c.state.label("step_state"),
            activity.c.closes_at.label("step_closes_at"),
            draft.c.saved_at,
        )
        .join(instance, instance.c.id == user_task.c.instance_id)
        .outerjoin(activity, activity.c.id == user_task.c.activity_id)
        .outerjoin(draft, mine)
        .where(condition)
        .order_by(user_task.c.due_at, user_task.c.id)
        .limit(limit)
    )


def _entries(tx: Tx, rows: list[sa.Row[Any]], reach: dict[str, str], actor: Actor, now: datetime) -> list[InboxEntry]:
    """Rows put together: one entry for each step and plan year, follow-on tasks one by one; late ones first."""
    entries: dict[tuple[Any, ...], InboxEntry] = {}
    for row in rows:
        key = (row.instance_id, row.element_id, row.id if row.follow_on else None)
        if key not in entries:
            entries[key] = _entry(tx, row, now)
        entries[key].rows.append(_row(tx, row, reach, actor, now))
    return sorted(entries.values(), key=lambda e: (not e.late, e.due_at))


def _entry(tx: Tx, row: sa.Row[Any], now: datetime) -> InboxEntry:
    deployed = load(tx, row.definition_id)
    quick = deployed.package.forms[row.form].quick
    return InboxEntry(
        row.instance_id,
        row.element_id,
        row.key,
        row.plan_year,
        Text(row.title_sv, row.title_en),
        row.step,
        step_name(deployed, row.step),
        row.due_at,
        row.closes_at,
        row.opened_at,
        now > row.due_at,
        days_left(row.due_at, now),
        quick.label if quick else None,
    )


def _row(tx: Tx, row: sa.Row[Any], reach: dict[str, str], actor: Actor, now: datetime) -> InboxRow:
    deployed = load(tx, row.definition_id)
    at_close = row.follow_on is None and deployed.tasks[row.element_id].completes == "at-close"
    revisable = row.state == "completed" and row.step_state == "open" and at_close and now <= row.step_closes_at
    return InboxRow(
        row.id,
        row.unit_name,
        identity.position(tx, row.position_id).name,
        row.role,
        row.vacant,
        reach.get(row.position_id) == "superior",
        row.state,
        identity.person_name(tx, row.assignee_id),
        row.assignee_id is not None and row.assignee_id == actor.person_id,
        row.saved_at is not None,
        user_tasks.is_free_for(tx, row, actor, now),
        revisable,
        row.answered_at,
        _absent(tx, row, reach, actor, now),
    )


def _absent(tx: Tx, row: sa.Row[Any], reach: dict[str, str], actor: Actor, now: datetime) -> str | None:
    if reach.get(row.position_id) != "deputy":
        return None
    return identity.person_name(tx, identity.on_behalf_of(tx, actor.person_id, row.position_id, local_day(now)))


def _coming(tx: Tx, reach: dict[str, str], now: datetime) -> list[ComingStep]:
    roles = {identity.position(tx, position).role for position in reach}
    rows = tx.rows(
        sa.select(activity, instance.c.definition_id, instance.c.plan_year)
        .join(instance, instance.c.id == activity.c.instance_id)
        .where(
            activity.c.state == "coming",
            activity.c.opens_at <= now + COMING_WITHIN,
            instance.c.state == "active",
        )
        .order_by(activity.c.opens_at)
    )
    found = []
    for row in rows:
        spec = load(tx, row.definition_id).tasks[row.element_id]
        if roles & set(spec.roles):
            found.append(ComingStep(spec.title.fill({"plan_year": row.plan_year}), row.plan_year, row.opens_at))
    return found


def _done(tx: Tx, actor: Actor, now: datetime) -> list[InboxEntry]:
    if actor.person_id is None:
        return []
    rows = tx.rows(
        sa.select(user_task.c.id)
        .where(user_task.c.answered_by == actor.person_id, user_task.c.state == "completed")
        .order_by(user_task.c.answered_at.desc(), user_task.c.id.desc())
        .limit(DONE_SHOWN)
    )
    found = _rows(tx, user_task.c.id.in_([row.id for row in rows]), actor, limit=DONE_SHOWN)
    reach = {row.position_id: "holder" for row in found}
    entries = _entries(tx, found, reach, actor, now)
    return sorted(entries, key=lambda e: max(r.answered_at or e.opened_at for r in e.rows), reverse=True)


def step_name(deployed: Deployed, step: str | None) -> Text:
    """The step's name in the package; the process's own name when there is none."""
    found = next((s for s in deployed.package.steps if s.id == step), None)
    return found.name if found else deployed.package.name


def days_left(due_at: datetime, now: datetime) -> int:
    """Whole civil days in Europe/Stockholm from today to the last day; negative when it has passed."""
    return (due_at.astimezone(STOCKHOLM).date() - now.astimezone(STOCKHOLM).date()).days


def visible_task(tx: Tx, task_id: int, actor: Actor, now: datetime) -> tuple[sa.Row[Any], str | None]:
    """The task's row and how the actor reaches it. Readers: who may act, members of the body, HR and auditors.

    Raises NotFound for everyone else: a stranger does not learn that it exists.
    """
    task = user_tasks.get(tx, task_id)
    if actor.person_id is None:
        raise Forbidden(action="read", kind="task")
    day = local_day(now)
    how = identity.effective_positions(tx, actor.person_id, day).get(task.position_id)
    if how is None and not {"cockpit", "history"} & identity.capabilities(tx, actor.person_id, day):
        raise NotFound(kind="task")
    return task, how


def round_of(tx: Tx, task: sa.Row[Any]) -> int:
    """Which time round the loop this is; 1 for the first and for follow-on tasks."""
    return activities.get(tx, task.activity_id).round if task.activity_id else 1


def task_context(tx: Tx, task: sa.Row[Any], actor: Actor, now: datetime) -> tuple[Deployed, dict[str, Any]]:
    """The definition the task belongs to, and the names its form can read."""
    run = look(tx, task.instance_id, by=actor, now=now)
    return run.deployed, answers.context_of(tx, run, task, round_of(tx, task), actor)
