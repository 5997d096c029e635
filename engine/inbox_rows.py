"""Which open rows a person's inbox shows: filters, the order by last day, and pages that cost the same at any depth.

A page is read from the partial indexes on open tasks, position by position, and never counts what it does not show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import inbox as shown
from engine.store.sql import Sql, among

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
    narrowed = _narrowed(filters, after)
    given: dict[str, Any] = {"person_id": person_id, "now": now, "day": civil_date(now), "limit": limit}
    given |= {name: value for _text, values in narrowed for name, value in values.items()}
    given |= {"people": tx.array(list(reach.people))} | _of_positions(tx, reach.positions)
    places = len(reach.positions) if len(reach.positions) <= MOST_BRANCHES else None
    found = tx.find(open_ids(places, tuple(text for text, _values in narrowed)), **given)
    return shown.show(tx, [row.id for row in found], person_id)


@lru_cache(maxsize=256)
def open_ids(positions: int | None, narrowed: tuple[str, ...]) -> Sql:
    """The rows handed over, then those of so many positions, each from its index; None: of all positions at once."""
    at = ["position_id among :positions"] if positions is None else [f"position_id = :at{n}" for n in range(positions)]
    places = ["assignee_id among :people and handed_by is not null", *at]
    branches = [_BRANCH.format(n=n, where=" and ".join([place, *narrowed])) for n, place in enumerate(places)]
    return among(" union ".join(branches) + " order by due_at, id limit :limit")


# The state is written out: the planner must see that the partial index answers.
_BRANCH = (
    "select id, due_at from (select id, due_at from user_task where state = 'open' and {where} and not (due_at >= :now"
    " and exists (select 1 from follow_up where follow_up.person_id = :person_id"
    " and follow_up.task_id = user_task.id and follow_up.until > :day)) order by due_at, id limit :limit) as branch{n}"
)


def _of_positions(tx: Tx, positions: Sequence[str]) -> dict[str, Any]:
    if len(positions) > MOST_BRANCHES:
        return {"positions": tx.array(list(positions))}
    return {f"at{n}": position for n, position in enumerate(positions)}


def _narrowed(filters: Filters, after: Cursor | None) -> list[tuple[str, dict[str, Any]]]:
    """What the rows must fulfil, each with its parameters."""
    found: list[tuple[str, dict[str, Any]]] = []
    if after is not None:
        beyond = "(due_at > :after_due or (due_at = :after_due and id > :after_id))"
        found.append((beyond, {"after_due": after.due_at, "after_id": after.task_id}))
    if filters.plan_year is not None:
        found.append(("plan_year = :plan_year", {"plan_year": filters.plan_year}))
    if filters.key:
        found.append(("instance_id in (select id from instance where key = :key)", {"key": filters.key}))
    if filters.late:
        found.append(("due_at < :now", {}))
    if filters.unit_id:
        found.append(("unit_id = :unit_id", {"unit_id": filters.unit_id}))
    return found + [has_word(word, f"word{n}_") for n, word in enumerate(filters.text.split())]


def has_word(word: str, name: str) -> tuple[str, dict[str, Any]]:
    """In the task's title or the name of its unit; the parameters' names begin with `name`.

    SQLite folds the case of ASCII alone: å, ä and ö are looked for in both.
    """
    forms = [word] if word.isascii() else [word.lower(), word.capitalize(), word.upper()]
    given = {f"{name}{n}": f"%{_LITERALLY.sub(_ESCAPED, form)}%" for n, form in enumerate(forms)}
    tried = [f"lower(user_task.{column}) like lower(:{one}) escape '/'" for column in _SEARCHED for one in given]
    return f"({' or '.join(tried)})", given


_LITERALLY, _ESCAPED = re.compile("([%_/])"), r"/\1"
_SEARCHED = ("title_sv", "title_en", "unit_name")
