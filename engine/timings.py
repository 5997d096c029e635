"""Where time goes: how many days each step and each answer has taken, over all plan years, against the guideline.

Everything is counted in the database into numbers of days, so that what comes out is as many rows as there are
different numbers, however many answers there were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.deployments import Deployed
from engine.rules import calendar
from engine.rules.calendar import Window, civil_date
from engine.store.database import Tx
from engine.store.days import days_from_to
from engine.store.tables import activity, instance, user_task
from engine.texts import Text


@dataclass(frozen=True)
class Spread:
    """How many there are, and how they lie. The first day is day 1. `late`: after the last day."""

    count: int
    median: int | None
    ninetieth: int | None
    late: int


@dataclass(frozen=True)
class StepTime:
    """One user task of the process. `allowed`: the days that the guideline's window gives, its first to its last; None
    where it says the last alone.

    `step`: from opening to the end of each round, `running` those not ended; `answers`: from a task's opening to its
    answer. `years`: the same of the step by plan year.
    """

    element_id: str
    title: Text
    step: Text
    allowed: int | None
    running: int
    running_late: int
    rounds: Spread
    answers: Spread
    years: Mapping[int, Spread]


@dataclass
class _Days:
    """Counts by number of days, and how many of them were late."""

    by_days: Counter[int] = field(default_factory=Counter)
    late: int = 0

    def add(self, days: int, late: int, count: int) -> None:
        self.by_days[max(days, 1)] += count
        self.late += count if late else 0

    def spread(self) -> Spread:
        total = self.by_days.total()
        return Spread(total, percentile(self.by_days, 50), percentile(self.by_days, 90), self.late)


def percentile(by_days: Mapping[int, int], share: int) -> int | None:
    """The least number of days that at least `share` percent did not exceed (nearest rank); None of nothing."""
    total = sum(by_days.values())
    needed, passed = -(-total * share // 100), 0
    for days in sorted(by_days):
        passed += by_days[days]
        if passed >= needed:
            return days
    return None


def of_process(tx: Tx, key: str, now: datetime) -> list[StepTime]:
    """Each user task that has ever been reached, in the diagram's order. Raises NotFound: no such process."""
    newest = deployments.latest(tx, key)
    rounds, years, running = _rounds(tx, key, now)
    answers = _answers(tx, key)
    windows = _windows(newest, now.year + 1)
    steps = {step.id: step.name for step in newest.package.steps}
    order = [name for name in newest.model.order() if name in newest.tasks and (name in rounds or name in running)]
    return [
        StepTime(
            name,
            newest.tasks[name].title.fill({"plan_year": "…"}),
            steps.get(newest.tasks[name].step, Text("", "")),
            _allowed(windows[name]),
            running[name][0],
            running[name][1],
            rounds[name].spread(),
            answers[name].spread(),
            {year: days.spread() for (element, year), days in sorted(years.items()) if element == name},
        )
        for name in order
    ]


def _allowed(window: Window) -> int | None:
    return None if window.opens is None else (civil_date(window.due) - civil_date(window.opens)).days + 1


def _windows(deployed: Deployed, plan_year: int) -> dict[str, Window]:
    texts = {name: {"opens": t.opens, "closes": t.closes, "due": t.due} for name, t in deployed.tasks.items()}
    return calendar.resolve_windows(texts, plan_year)


def _rounds(
    tx: Tx, key: str, now: datetime
) -> tuple[dict[str, _Days], dict[tuple[str, int], _Days], dict[str, tuple[int, int]]]:
    """Ended rounds by element, and by element and plan year; how many are open, and how many of those late."""
    days = days_from_to(activity.c.opened_at, activity.c.ended_at)
    late = sa.case((activity.c.ended_at > activity.c.due_at, 1), else_=0)
    rows = tx.rows(
        sa.select(activity.c.element_id, instance.c.plan_year, days.label("days"), late.label("late"), _COUNT)
        .join(instance, instance.c.id == activity.c.instance_id)
        .where(instance.c.key == key, activity.c.opened_at.is_not(None), activity.c.ended_at.is_not(None))
        .where(activity.c.state != "cancelled")
        .group_by(activity.c.element_id, instance.c.plan_year, days, late)
    )
    ended: dict[str, _Days] = defaultdict(_Days)
    years: dict[tuple[str, int], _Days] = defaultdict(_Days)
    for row in rows:
        ended[row.element_id].add(row.days, row.late, row.number)
        years[row.element_id, row.plan_year].add(row.days, row.late, row.number)
    return ended, years, _running(tx, key, now)


_COUNT: Any = sa.func.count().label("number")


def _running(tx: Tx, key: str, now: datetime) -> dict[str, tuple[int, int]]:
    rows = tx.rows(
        sa.select(activity.c.element_id, _COUNT, sa.func.count(sa.case((activity.c.due_at < now, 1))).label("late"))
        .join(instance, instance.c.id == activity.c.instance_id)
        .where(instance.c.key == key, instance.c.state == "active", activity.c.state == "open")
        .group_by(activity.c.element_id)
    )
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({row.element_id: (row.number, row.late) for row in rows})
    return found


_LATE = sa.case((user_task.c.answered_at > user_task.c.due_at, 1), else_=0)
_TAKEN = days_from_to(user_task.c.opened_at, user_task.c.answered_at)
_BY_ACTIVITY = (
    sa.select(user_task.c.activity_id, _TAKEN.label("days"), _LATE.label("late"), _COUNT)
    .where(user_task.c.answered_at.is_not(None), user_task.c.activity_id.is_not(None))
    .group_by(user_task.c.activity_id, _TAKEN, _LATE)
)
"""Answers counted from an index alone (`ix_user_task_answer_time`): the rows of tasks are wide."""


def _answers(tx: Tx, key: str) -> dict[str, _Days]:
    """Answers by element."""
    own = sa.select(activity.c.id).join(instance, instance.c.id == activity.c.instance_id).where(instance.c.key == key)
    each = _BY_ACTIVITY.where(user_task.c.activity_id.in_(own)).subquery()
    rows = tx.rows(
        sa.select(activity.c.element_id, each.c.days, each.c.late, sa.func.sum(each.c.number).label("number"))
        .join(activity, activity.c.id == each.c.activity_id)
        .group_by(activity.c.element_id, each.c.days, each.c.late)
    )
    found: dict[str, _Days] = defaultdict(_Days)
    for row in rows:
        found[row.element_id].add(row.days, row.late, int(row.number))
    return found
