"""Which open rows a person's inbox shows: filters, the order by last day, and pages that cost the same at any depth.

A page is read from the partial indexes on open tasks, position by position, and never counts what it does not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import inbox as shown
from engine.store.tables import follow_up, instance, user_task

MOST_BRANCHES = 60
"""Positions read one by one; a person with more has few tasks in each, and they are read together."""


@dataclass(frozen=True)
class Filters:
    """What the inbox is narrowed to; None and empty do not. `whose`: mine, or bodies (what I register for them)."""

    plan_year: int | None = None
    key: str = ""
    late: bool = False
    unit_id: str = ""
    text: str = ""
    whose: str = ""


@dataclass(frozen=True)
class Cursor:
    """The last row shown; the page after it begins with the next one in the order (due_at, id)."""

    due_at: datetime
    task_id: int


@dataclass(frozen=True)
class Reach:
    """Where a person's open rows are: positions, and people whose handed-over tasks are theirs to do."""

    positions: Sequence[str]
    people: Sequence[str]


def open_rows(
    tx: Tx, reach: Reach, filters: Filters, after: Cursor | None, person_id: str, now: datetime, limit: int
) -> list[Any]:
    """At most `limit` open rows that do not rest, in the order (due_at, id), with all that a row shows."""
    conditions = [*_narrowed(filters, now), ~_resting(person_id, now)]
    if after is not None:
        beyond = sa.and_(user_task.c.due_at == after.due_at, user_task.c.id > after.task_id)
        conditions.append(sa.or_(user_task.c.due_at > after.due_at, beyond))
    branches = [_branch(place, conditions, limit) for place in _places(reach)]
    if not branches:
        return []
    together = sa.union(*branches).subquery()
    wanted = sa.select(together.c.id).order_by(together.c.due_at, together.c.id).limit(limit)
    return shown.show(tx, [row.id for row in tx.rows(wanted)], person_id)


def _places(reach: Reach) -> list[sa.ColumnElement[bool]]:
    positions = list(reach.positions)
    found: list[sa.ColumnElement[bool]] = [
        sa.and_(user_task.c.assignee_id.in_(list(reach.people)), user_task.c.handed_by.is_not(None))
    ]
    if len(positions) > MOST_BRANCHES:
        return [*found, user_task.c.position_id.in_(positions)]
    return found + [user_task.c.position_id == position for position in positions]


def _branch(place: sa.ColumnElement[bool], conditions: list[sa.ColumnElement[bool]], limit: int) -> sa.Select[Any]:
    # A literal, not a parameter: the planner must see that the partial index answers.
    first = (
        sa.select(user_task.c.id, user_task.c.due_at)
        .where(place, user_task.c.state == sa.literal_column("'open'"), *conditions)
        .order_by(user_task.c.due_at, user_task.c.id)
        .limit(limit)
        .subquery()
    )
    return sa.select(first.c.id, first.c.due_at)


def _resting(person_id: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        user_task.c.due_at >= now,
        sa.exists().where(
            follow_up.c.person_id == person_id,
            follow_up.c.task_id == user_task.c.id,
            follow_up.c.until > civil_date(now),
        ),
    )


def _narrowed(filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.plan_year is not None:
        found.append(user_task.c.plan_year == filters.plan_year)
    if filters.key:
        of_process = sa.select(instance.c.id).where(instance.c.key == filters.key)
        found.append(user_task.c.instance_id.in_(of_process))
    if filters.late:
        found.append(user_task.c.due_at < now)
    if filters.unit_id:
        found.append(user_task.c.unit_id == filters.unit_id)
    return found + [has_word(word) for word in filters.text.split()]


def has_word(word: str) -> sa.ColumnElement[bool]:
    """In the task's title or the name of its unit."""
    return sa.or_(*(column.icontains(form, autoescape=True) for column in _SEARCHED for form in _forms(word)))


def _forms(word: str) -> set[str]:
    """SQLite folds the case of ASCII alone: å, ä and ö are looked for in both."""
    return {word} if word.isascii() else {word.lower(), word.capitalize(), word.upper()}


_SEARCHED = (user_task.c.title_sv, user_task.c.title_en, user_task.c.unit_name)
