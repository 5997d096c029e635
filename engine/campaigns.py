"""Reading a fan-out by administration area and unit: who has answered and who has not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import deployments, identity
from engine.cycles import names_of_doers
from engine.errors import NotFound
from engine.store.database import Tx
from engine.store.tables import activity, instance, user_task
from engine.texts import Text


@dataclass(frozen=True)
class CampaignRow:
    """One participant of a fan-out."""

    task_id: int
    unit_name: str
    position_name: str
    holders: list[str]
    vacant: bool
    state: str
    outcome: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class CampaignArea:
    """The participants of one administration area."""

    name: str
    total: int
    answered: int
    rows: list[CampaignRow]


@dataclass(frozen=True)
class Campaign:
    """A fan-out by administration area and unit: who has answered and who has not."""

    activity_id: int
    instance_id: int
    title: Text
    plan_year: int
    state: str
    due_at: datetime
    total: int
    answered: int
    areas: list[CampaignArea]


_ROWS = sa.select(
    *(user_task.c.id, user_task.c.unit_id, user_task.c.unit_name, user_task.c.position_id, user_task.c.assignee_id),
    *(user_task.c.vacant, user_task.c.state, user_task.c.outcome, user_task.c.answered_at),
)
"""Not the whole rows: of ten thousand participants the answers alone are megabytes."""


def campaign(tx: Tx, activity_id: int, now: datetime) -> Campaign:
    """Raises NotFound."""
    a = tx.one(
        sa.select(activity, instance.c.definition_id, instance.c.plan_year, instance.c.variables)
        .join(instance, instance.c.id == activity.c.instance_id)
        .where(activity.c.id == activity_id)
    )
    if a is None:
        raise NotFound(kind="activity")
    areas: dict[str, list[CampaignRow]] = defaultdict(list)
    for r in tx.rows(_ROWS.where(user_task.c.activity_id == activity_id).order_by(user_task.c.unit_name)):
        area = identity.area_of(tx, r.unit_id)
        areas[area.name if area else r.unit_name].append(
            CampaignRow(
                r.id,
                r.unit_name,
                identity.position(tx, r.position_id).name,
                names_of_doers(tx, r, now),
                r.vacant,
                r.state,
                r.outcome,
                r.answered_at,
            )
        )
    found = [
        CampaignArea(name, sum(r.state != "cancelled" for r in rows), sum(r.state == "completed" for r in rows), rows)
        for name, rows in sorted(areas.items())
    ]
    spec = deployments.load(tx, a.definition_id).tasks[a.element_id]
    title = spec.title.fill({"plan_year": a.plan_year, **a.variables})
    return Campaign(
        activity_id,
        a.instance_id,
        title,
        a.plan_year,
        a.state,
        a.due_at,
        sum(x.total for x in found),
        sum(x.answered for x in found),
        found,
    )
