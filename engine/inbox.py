"""Reading for the one who does the work: my open tasks across plan years, and each task's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import activities, answers, identity, reach
from engine.actor import Actor
from engine.clock import STOCKHOLM
from engine.contexts import local_day
from engine.deployments import Deployed, deployed_keys, latest, load
from engine.errors import Forbidden, NotFound
from engine.inbox_rows import Cursor, Filters, Reach, at_places, open_rows, resting_rows, rows
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import activity, instance, user_task
from engine.texts import Text

PAGE = 25
"""Cards on a page of the inbox."""
ROWS_READ = 500
"""Open rows read for a page: a manager of more units than that gets them on two cards."""
GROUP_SHOWN = 1000
ANSWERED_SHOWN = 200
DONE_SHOWN = 20
MISSED_SHOWN = 100
MISSED_FOR = timedelta(days=30)
"""How long (process time) a task that closed without an answer stays in sight."""
RESTING_SHOWN = 100
EVERYTHING = Filters()
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
    due_at: datetime
    instance_id: int
    element_id: str


@dataclass(frozen=True)
class Inbox:
    """Open: a page by last day, overdue first. Resting: out of the way until their follow-up date. Answered: can
    still be changed. Done: the latest. Missed: closed without an answer. `after`: where the next page begins, None on
    the last.
    """

    open: list[InboxEntry]
    answered: list[InboxEntry]
    coming: list[ComingStep]
    done: list[InboxEntry]
    resting: list[InboxEntry] = field(default_factory=list)
    after: Cursor | None = None
    missed: list[InboxEntry] = field(default_factory=list)


def inbox(tx: Tx, actor: Actor, now: datetime, filters: Filters = EVERYTHING, after: Cursor | None = None) -> Inbox:
    """A page of what the actor's positions hold now and what was handed to the actor.

    Members of a body do not find its tasks here: its secretary does.
    """
    held = _acting(tx, actor, now)
    person_id = actor.person_id or ""
    where = _reach(tx, _those(held, filters.whose), actor, now)
    found = open_rows(tx, where, filters, after, person_id, now, ROWS_READ + 1)
    shown = _whole_cards(found)
    answered: list[sa.Row[Any]] = []
    if held:
        still = sa.and_(user_task.c.state == "completed", activity.c.state == "open")
        answered = rows(tx, sa.and_(user_task.c.position_id.in_(list(held)), still), person_id, limit=ANSWERED_SHOWN)
    return Inbox(
        _entries(tx, shown, held, actor, now),
        [e for e in _entries(tx, answered, held, actor, now) if any(row.revisable for row in e.rows)],
        _coming(tx, held, now),
        _done(tx, actor, now),
        _entries(tx, resting_rows(tx, where, person_id, now, RESTING_SHOWN), held, actor, now),
        Cursor(shown[-1].due_at, shown[-1].id) if len(found) > len(shown) else None,
        _missed(tx, held, actor, now),
    )


def open_entries(tx: Tx, actor: Actor, now: datetime) -> list[InboxEntry]:
    """The open ones by last day, at most ROWS_READ rows, those that rest too: for the calendar."""
    held, person_id = _acting(tx, actor, now), actor.person_id or ""
    where = _reach(tx, held, actor, now)
    found = open_rows(tx, where, EVERYTHING, None, person_id, now, ROWS_READ)
    return _entries(tx, found + resting_rows(tx, where, person_id, now, RESTING_SHOWN), held, actor, now)


def open_task_ids(tx: Tx, actor: Actor, now: datetime, filters: Filters, limit: int) -> list[int]:
    """The first `limit` open tasks that fit, by last day, without those that rest."""
    where = _reach(tx, _those(_acting(tx, actor, now), filters.whose), actor, now)
    return [row.id for row in open_rows(tx, where, filters, None, actor.person_id or "", now, limit)]


def coming(tx: Tx, actor: Actor, now: datetime) -> list[ComingStep]:
    """The steps that wait for their window and that the actor's positions will get."""
    return _coming(tx, _acting(tx, actor, now), now)


def units_of(tx: Tx, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """The units of the positions whose tasks the actor does, as (id, name), by name: for the inbox's filter."""
    found = {identity.position(tx, p).unit_id: identity.position(tx, p).unit_name for p in _acting(tx, actor, now)}
    return sorted(found.items(), key=lambda unit: unit[1])


def processes(tx: Tx) -> list[tuple[str, Text]]:
    """The processes that run here, as (key, name)."""
    return [(key, latest(tx, key).package.name) for key in deployed_keys(tx)]


def plan_years(tx: Tx) -> list[int]:
    """The plan years that instances have, the latest first."""
    years = sa.select(instance.c.plan_year).distinct().order_by(instance.c.plan_year.desc())
    return [row.plan_year for row in tx.rows(years)]


def group_page(tx: Tx, instance_id: int, element_id: str, actor: Actor, now: datetime) -> InboxEntry:
    """The actor's rows of one step and plan year, open and answered. Raises NotFound when there are none."""
    held = _acting(tx, actor, now)
    found = rows(
        tx,
        sa.and_(
            at_places(_reach(tx, held, actor, now)),
            user_task.c.instance_id == instance_id,
            user_task.c.element_id == element_id,
            sa.or_(user_task.c.state == "open", activity.c.state == "open"),
        ),
        actor.person_id,
        limit=GROUP_SHOWN,
    )
    entries = _entries(tx, found, held, actor, now)
    if not entries:
        raise NotFound(kind="task")
    return entries[0]


def _acting(tx: Tx, actor: Actor, now: datetime) -> dict[str, str]:
    if actor.person_id is None:
        return {}
    found = identity.effective_positions(tx, actor.person_id, local_day(now))
    return {position: how for position, how in found.items() if how in reach.ACTING}


def _those(held: dict[str, str], whose: str) -> dict[str, str]:
    """The positions of the filter: one's own, or the bodies that one registers for."""
    if whose == "bodies":
        return {position: how for position, how in held.items() if how == "registrar"}
    return {p: how for p, how in held.items() if how != "registrar"} if whose == "mine" else held


def _reach(tx: Tx, held: dict[str, str], actor: Actor, now: datetime) -> Reach:
    people = [] if actor.person_id is None else [actor.person_id]
    return Reach(list(held), people + sorted(identity.deputises_for(tx, actor.person_id, local_day(now))))


def _card(row: sa.Row[Any]) -> tuple[Any, ...]:
    """Rows with the same key stand on one card: a step and plan year; follow-on tasks stand alone."""
    return (row.instance_id, row.element_id, row.id if row.follow_on else None)


def _whole_cards(found: list[sa.Row[Any]]) -> list[sa.Row[Any]]:
    """The rows of the first PAGE cards. The rows of one step are made together, so they follow each other."""
    cards: dict[tuple[Any, ...], None] = {}
    shown = []
    for row in found[:ROWS_READ]:
        if _card(row) not in cards and len(cards) == PAGE:
            break
        cards[_card(row)] = None
        shown.append(row)
    return shown


def _entries(tx: Tx, found: list[sa.Row[Any]], held: dict[str, str], actor: Actor, now: datetime) -> list[InboxEntry]:
    """Rows put together: one entry for each step and plan year, follow-on tasks one by one; late ones first."""
    entries: dict[tuple[Any, ...], InboxEntry] = {}
    for row in found:
        if _card(row) not in entries:
            entries[_card(row)] = _entry(tx, row, now)
        entries[_card(row)].rows.append(_row(tx, row, held, actor, now))
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


def _row(tx: Tx, row: sa.Row[Any], held: dict[str, str], actor: Actor, now: datetime) -> InboxRow:
    deployed = load(tx, row.definition_id)
    at_close = row.follow_on is None and deployed.tasks[row.element_id].completes == "at-close"
    revisable = row.state == "completed" and row.step_state == "open" and at_close and now <= row.step_closes_at
    return InboxRow(
        row.id,
        row.unit_name,
        identity.position(tx, row.position_id).name,
        row.role,
        row.vacant,
        held.get(row.position_id) == "superior",
        row.state,
        identity.person_name(tx, row.assignee_id),
        row.assignee_id is not None and row.assignee_id == actor.person_id,
        row.saved_at is not None,
        reach.is_free_for(tx, row, actor, now),
        revisable,
        row.answered_at,
        identity.person_name(tx, reach.absent(tx, row, actor, now)),
    )


def _coming(tx: Tx, held: dict[str, str], now: datetime) -> list[ComingStep]:
    roles = {identity.position(tx, position).role for position in held}
    waiting = tx.rows(
        sa.select(activity, instance.c.definition_id, instance.c.plan_year, instance.c.variables)
        .join(instance, instance.c.id == activity.c.instance_id)
        .where(
            activity.c.state == "coming",
            activity.c.opens_at <= now + COMING_WITHIN,
            instance.c.state == "active",
        )
        .order_by(activity.c.opens_at)
    )
    found = []
    for row in waiting:
        spec = load(tx, row.definition_id).tasks[row.element_id]
        if roles & set(spec.roles):
            title = spec.title.fill({"plan_year": row.plan_year, **row.variables})
            place = (row.instance_id, row.element_id)
            found.append(ComingStep(title, row.plan_year, row.opens_at, row.due_at, *place))
    return found


def _missed(tx: Tx, held: dict[str, str], actor: Actor, now: datetime) -> list[InboxEntry]:
    """The actor's positions' tasks that closed without an answer lately, the latest first."""
    if not held:
        return []
    # A literal, not a parameter: the planner must see that the partial index answers.
    unanswered = user_task.c.outcome == sa.literal_column("'no_answer'")
    lately = sa.and_(user_task.c.position_id.in_(list(held)), unanswered, user_task.c.ended_at >= now - MISSED_FOR)
    entries = _entries(tx, rows(tx, lately, actor.person_id, limit=MISSED_SHOWN), held, actor, now)
    return sorted(entries, key=lambda entry: entry.due_at, reverse=True)


def _done(tx: Tx, actor: Actor, now: datetime) -> list[InboxEntry]:
    if actor.person_id is None:
        return []
    latest = (
        sa.select(user_task.c.id)
        .where(user_task.c.answered_by == actor.person_id, user_task.c.state == "completed")
        .order_by(user_task.c.answered_at.desc(), user_task.c.id.desc())
        .limit(DONE_SHOWN)
    )
    found = rows(tx, user_task.c.id.in_([row.id for row in tx.rows(latest)]), actor.person_id, limit=DONE_SHOWN)
    entries = _entries(tx, found, {row.position_id: "holder" for row in found}, actor, now)
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
    task = reach.get(tx, task_id)
    if actor.person_id is None:
        raise Forbidden(action="read", kind="task")
    day = local_day(now)
    how = reach.how(tx, task, actor.person_id, day)
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
