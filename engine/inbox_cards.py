"""Open rows put together as the inbox shows them: a card for each step and plan year, with the person's units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import identity, pauses, reach
from engine.actor import Actor
from engine.deployments import Deployed, of_row
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.texts import Text


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
    """The person's rows of one step and plan year: one page, units as rows. `paused`: none can be answered for now."""

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
    paused: bool
    rows: list[InboxRow] = field(default_factory=list)


def _card(row: Any) -> tuple[Any, ...]:
    """Rows with the same key stand on one card: a step and plan year; follow-on tasks stand alone."""
    return (row.instance_id, row.element_id, row.id if row.follow_on else None)


def whole(found: list[Any], most: int) -> list[Any]:
    """The rows of the first `most` cards. The rows of one step are made together, so they follow each other."""
    cards: dict[tuple[Any, ...], None] = {}
    shown = []
    for row in found:
        if _card(row) not in cards and len(cards) == most:
            break
        cards[_card(row)] = None
        shown.append(row)
    return shown


def count(found: list[Any]) -> int:
    """How many cards the rows make."""
    return len({_card(row) for row in found})


def put_together(tx: Tx, found: list[Any], held: dict[str, str], actor: Actor, now: datetime) -> list[InboxEntry]:
    """Rows put together: one entry for each step and plan year, follow-on tasks one by one; late ones first."""
    entries: dict[tuple[Any, ...], InboxEntry] = {}
    for row in found:
        if _card(row) not in entries:
            entries[_card(row)] = _entry(tx, row, now)
        entries[_card(row)].rows.append(_row(tx, row, held, actor, now))
    return sorted(entries.values(), key=lambda e: (not e.late, e.due_at))


def _entry(tx: Tx, row: Any, now: datetime) -> InboxEntry:
    deployed = of_row(tx, row)
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
        row.instance_state == "suspended",
    )


def _row(tx: Tx, row: Any, held: dict[str, str], actor: Actor, now: datetime) -> InboxRow:
    deployed = of_row(tx, row)
    at_close = row.follow_on is None and deployed.tasks[row.element_id].completes == "at-close"
    paused = pauses.stops(row.instance_state, row)
    within = row.step_state == "open" and at_close and now <= row.step_closes_at
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
        not paused and reach.is_free_for(tx, row, actor, now),
        not paused and row.state == "completed" and within,
        row.answered_at,
        identity.person_name(tx, reach.absent(tx, row, actor, now)),
    )


def step_name(deployed: Deployed, step: str | None) -> Text:
    """The step's name in the package; the process's own name when there is none."""
    found = next((s for s in deployed.package.steps if s.id == step), None)
    return found.name if found else deployed.package.name


def days_left(due_at: datetime, now: datetime) -> int:
    """Whole civil days in Europe/Stockholm from today to the last day; negative when it has passed."""
    return (civil_date(due_at) - civil_date(now)).days
