"""Reading for the one who does the work: my open tasks across plan years, and each task's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine import activities, identity, reach
from engine import inbox_cards as cards
from engine.actor import SYSTEM, Actor
from engine.deployments import newest, of_row
from engine.errors import NotFound
from engine.inbox_cards import InboxEntry, put_together
from engine.inbox_rows import Cursor, Filters, Reach, open_rows
from engine.rules.calendar import civil_date
from engine.running import look
from engine.store.database import Tx
from engine.store.queries import inbox as rows
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
class ComingStep:
    """A step that waits for its window and that one of the person's positions would get, were it to open now."""

    title: Text
    plan_year: int
    opens_at: datetime
    due_at: datetime
    instance_id: int
    element_id: str


@dataclass(frozen=True)
class Inbox:
    """Open: a page by last day, overdue first. Resting: out of the way until their follow-up date. Answered: can
    still be changed. Done: the latest of the rest. Missed: closed without an answer. `after`: where the next page
    begins, None on the last. `count`: the cards from here on that are open, at least so many when `more` (only so many
    rows are read).
    """

    open: list[InboxEntry]
    answered: list[InboxEntry]
    coming: list[ComingStep]
    done: list[InboxEntry]
    resting: list[InboxEntry] = field(default_factory=list)
    after: Cursor | None = None
    missed: list[InboxEntry] = field(default_factory=list)
    count: int = 0
    more: bool = False


def inbox(tx: Tx, actor: Actor, now: datetime, filters: Filters = EVERYTHING, after: Cursor | None = None) -> Inbox:
    """A page of what the actor's positions hold now and what was handed to the actor.

    Members of a body do not find its tasks here: its secretary does.
    """
    held = _acting(tx, actor, now)
    person_id = actor.person_id or ""
    where = _reach(tx, _those(held, filters.whose), actor, now)
    found = open_rows(tx, where, filters, after, person_id, now, ROWS_READ + 1)
    shown = cards.whole(found[:ROWS_READ], PAGE)
    answered = rows.answered(tx, list(held), ANSWERED_SHOWN)
    entries = put_together(tx, rows.show(tx, answered, person_id), held, actor, now)
    changeable = [entry for entry in entries if any(row.revisable for row in entry.rows)]
    return Inbox(
        put_together(tx, shown, held, actor, now),
        changeable,
        _coming(tx, held, now),
        _done(tx, actor, [row.task_id for entry in changeable for row in entry.rows], now),
        put_together(tx, _resting(tx, where, person_id, now), held, actor, now),
        Cursor(shown[-1].due_at, shown[-1].id) if len(found) > len(shown) else None,
        _missed(tx, held, actor, now),
        cards.count(found[:ROWS_READ]),
        len(found) > ROWS_READ,
    )


def open_entries(tx: Tx, actor: Actor, now: datetime) -> list[InboxEntry]:
    """The open ones by last day, at most ROWS_READ rows, those that rest too: for the calendar."""
    held, person_id = _acting(tx, actor, now), actor.person_id or ""
    where = _reach(tx, held, actor, now)
    found = open_rows(tx, where, EVERYTHING, None, person_id, now, ROWS_READ)
    return put_together(tx, found + _resting(tx, where, person_id, now), held, actor, now)


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
    return [(each.key, each.package.name) for each in newest(tx)]


def plan_years(tx: Tx) -> list[int]:
    """The plan years that instances have, the latest first."""
    return rows.plan_years(tx)


def group_page(tx: Tx, instance_id: int, element_id: str, actor: Actor, now: datetime) -> InboxEntry:
    """The actor's rows of one step and plan year: what goes on, or all when the step is over.

    Raises NotFound when there are none.
    """
    held = _acting(tx, actor, now)
    where = _reach(tx, held, actor, now)
    there = rows.of_step(tx, instance_id, element_id, where.positions, where.people)
    found = rows.show(tx, there, actor.person_id)
    going_on = [row for row in found if "open" in (row.state, row.step_state)]
    entries = put_together(tx, (going_on or found)[:GROUP_SHOWN], held, actor, now)
    if not entries:
        raise NotFound(kind="task")
    return entries[0]


def beside(tx: Tx, task: Any, actor: Actor, now: datetime) -> list[cards.InboxRow]:
    """The actor's other rows of the task's step and plan year."""
    if task.activity_id is None:
        return []
    try:
        found = group_page(tx, task.instance_id, task.element_id, actor, now).rows
    except NotFound:
        return []
    return [row for row in found if row.task_id != task.id]


def _acting(tx: Tx, actor: Actor, now: datetime) -> dict[str, str]:
    if actor.person_id is None:
        return {}
    found = identity.effective_positions(tx, actor.person_id, civil_date(now))
    return {position: how for position, how in found.items() if how in reach.ACTING}


def _those(held: dict[str, str], whose: str) -> dict[str, str]:
    """The positions of the filter: one's own, or the bodies that one registers for."""
    if whose == "bodies":
        return {position: how for position, how in held.items() if how == "registrar"}
    return {p: how for p, how in held.items() if how != "registrar"} if whose == "mine" else held


def _reach(tx: Tx, held: dict[str, str], actor: Actor, now: datetime) -> Reach:
    people = [] if actor.person_id is None else [actor.person_id]
    return Reach(list(held), people + sorted(identity.deputises_for(tx, actor.person_id, civil_date(now))))


def _resting(tx: Tx, where: Reach, person_id: str, now: datetime) -> list[Any]:
    """The person's open rows with a follow-up date that has not come."""
    asleep = rows.resting(tx, person_id, where.positions, where.people, civil_date(now), now, RESTING_SHOWN)
    return rows.show(tx, asleep, person_id)


def _coming(tx: Tx, held: dict[str, str], now: datetime) -> list[ComingStep]:
    """Of processes known by the plan year: of the others, with an instance for each employee, nobody knows them all."""
    roles = {identity.position(tx, position).role for position in held}
    found = []
    for row in rows.coming(tx, now + COMING_WITHIN):
        spec = of_row(tx, row).tasks[row.element_id]
        if roles.isdisjoint(spec.roles):
            continue
        run = look(tx, row.instance_id, by=SYSTEM, now=now)
        if activities.asks_any(tx, run, spec, row.multi, held):
            place = (row.instance_id, row.element_id)
            found.append(ComingStep(spec.title.fill(run.names()), run.plan_year, row.opens_at, row.due_at, *place))
    return found


def _missed(tx: Tx, held: dict[str, str], actor: Actor, now: datetime) -> list[InboxEntry]:
    """The actor's positions' tasks that closed without an answer lately, the latest first."""
    if not held:
        return []
    lately = rows.missed(tx, list(held), now - MISSED_FOR, MISSED_SHOWN)
    entries = put_together(tx, rows.show(tx, lately, actor.person_id), held, actor, now)
    return sorted(entries, key=lambda entry: entry.due_at, reverse=True)


def _done(tx: Tx, actor: Actor, shown: list[int], now: datetime) -> list[InboxEntry]:
    """What the actor has answered last and may still read, without what is `shown` among what can be changed."""
    if actor.person_id is None:
        return []
    day = civil_date(now)
    readable = list(identity.effective_positions(tx, actor.person_id, day))
    everywhere = bool({"cockpit", "history"} & identity.capabilities(tx, actor.person_id, day))
    latest = rows.done(tx, actor.person_id, readable, everywhere, shown, DONE_SHOWN)
    found = rows.show(tx, latest, actor.person_id)
    entries = put_together(tx, found, {row.position_id: "holder" for row in found}, actor, now)
    return sorted(entries, key=lambda e: max(r.answered_at or e.opened_at for r in e.rows), reverse=True)
