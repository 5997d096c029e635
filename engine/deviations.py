"""What happened in an instance against the guideline, paragraph by paragraph, with the reasons that people gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import cycles, deployments, history, inquiries
from engine.store.database import Tx
from engine.store.tables import activity, instance, position, user_task
from engine.texts import Text

MOST_EVENTS = 10_000
MOST_NAMED = 20


@dataclass(frozen=True)
class Visit:
    """One round of a task against its last day. `verdict`: kept, late, not_yet, overdue, cancelled.

    One that stays open after its last day was kept when all had answered by then; `after` counts those who answered
    later. `silent` counts those who did not answer; `silent_names` are their units when they are few, with
    the position where several of a unit were asked.
    """

    element_id: str
    title: Text
    round: int
    opens_at: datetime | None
    due_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    verdict: str
    total: int
    after: int
    silent: int
    silent_names: list[str]


@dataclass(frozen=True)
class Move:
    """A last day that was moved: civil days as ISO text, and the reason given."""

    title: Text
    old: str
    new: str
    reason: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Noted:
    """A departure that a rule or a form noted."""

    text: Text
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the guideline; `told` is what the package tells about it."""

    guideline: str
    visits: list[Visit]
    moves: list[Move]
    noted: list[Noted]
    told: list[inquiries.Part]


@dataclass(frozen=True)
class Disorder:
    """A step that opened before the one before it was done."""

    step: Text
    opened_at: datetime
    before: Text
    before_ended_at: datetime | None


@dataclass(frozen=True)
class Report:
    """`steps` tells how many steps the order was looked at over."""

    paragraphs: list[Paragraph]
    disorder: list[Disorder]
    steps: int


def report(tx: Tx, instance_id: int, now: datetime) -> Report:
    """Raises NotFound."""
    cycle = cycles.cycle(tx, instance_id, now)
    definition_id = tx.scalar(sa.select(instance.c.definition_id).where(instance.c.id == instance_id))
    deployed = deployments.load(tx, definition_id)
    silent, after = _silent(tx, instance_id), _after(tx, instance_id)
    visits = [
        (deployed.tasks[a.element_id].guideline, _visit(a, silent.get(a.id, []), after.get(a.id, 0)))
        for s in cycle.steps
        for a in s.activities
    ]
    moves = _moves(tx, instance_id, deployed, cycle.plan_year)
    noted = [
        (str(event.body.get("guideline") or ""), _noted(event))
        for event in history.timeline(tx, instance_id, types=["departure"], limit=MOST_EVENTS)
    ]
    told = [(part.guideline, part) for part in inquiries.of_instance(tx, instance_id, now)]
    paragraphs = sorted({name for group in (visits, moves, noted, told) for name, _ in group}, key=_in_order)
    return Report(
        [
            Paragraph(name, _under(name, visits), _under(name, moves), _under(name, noted), _under(name, told))
            for name in paragraphs
        ],
        _disorder(cycle),
        len(cycle.steps),
    )


def _under(name: str, found: list[tuple[str, Any]]) -> list[Any]:
    return [one for paragraph, one in found if paragraph == name]


def _in_order(paragraph: str) -> list[tuple[int, int, str]]:
    """1.9 before 1.10, and words last."""
    parts = paragraph.split(".")
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _visit(a: cycles.ActivityState, silent: list[str], after: int) -> Visit:
    few = silent if len(silent) <= MOST_NAMED else []
    verdict = _verdict(a, missed=after + len(silent))
    return Visit(
        a.element_id, a.title, a.round, a.opens_at, a.due_at, a.opened_at, a.ended_at, verdict, a.total, after,
        len(silent), few,
    )  # fmt: skip


def _verdict(a: cycles.ActivityState, missed: int) -> str:
    """`missed`: how many had not answered when the last day was over."""
    if a.state == "cancelled":
        return "cancelled"
    if a.ended_at is not None:
        open_after = a.closes_at is not None and a.due_at < a.closes_at and a.due_at < a.ended_at
        return "late" if a.was_late or (open_after and missed > 0) else "kept"
    return "overdue" if a.late else "not_yet"


def _silent(tx: Tx, instance_id: int) -> dict[int, list[str]]:
    """The units that gave no answer before the task closed, by activity; whose answer, where several were asked."""
    several = (
        sa.select(user_task.c.activity_id, user_task.c.unit_id)
        .where(user_task.c.instance_id == instance_id)
        .group_by(user_task.c.activity_id, user_task.c.unit_id)
        .having(sa.func.count() > 1)
        .subquery()
    )
    of_several = sa.and_(several.c.activity_id == user_task.c.activity_id, several.c.unit_id == user_task.c.unit_id)
    found: dict[int, list[str]] = {}
    for row in tx.rows(
        sa.select(user_task.c.activity_id, user_task.c.unit_name, position.c.name, several.c.unit_id.label("several"))
        .join(activity, activity.c.id == user_task.c.activity_id)
        .join(position, position.c.id == user_task.c.position_id)
        .outerjoin(several, of_several)
        .where(user_task.c.instance_id == instance_id, user_task.c.outcome == "no_answer")
        .order_by(user_task.c.unit_name, user_task.c.id)
    ):
        name = row.unit_name if row.several is None else _of_unit(row.name, row.unit_name)
        found.setdefault(row.activity_id, []).append(name)
    return found


def _of_unit(position_name: str, unit_name: str) -> str:
    return position_name if unit_name in position_name else f"{unit_name} ({position_name})"


def _after(tx: Tx, instance_id: int) -> dict[int, int]:
    """How many answered when the last day of the activity had passed, by activity."""
    rows = tx.rows(
        sa.select(user_task.c.activity_id, sa.func.count().label("late"))
        .join(activity, activity.c.id == user_task.c.activity_id)
        .where(
            user_task.c.instance_id == instance_id,
            user_task.c.state == "completed",
            user_task.c.answered_at > activity.c.due_at,
        )
        .group_by(user_task.c.activity_id)
    )
    return {row.activity_id: row.late for row in rows}


def _moves(tx: Tx, instance_id: int, deployed: deployments.Deployed, plan_year: int) -> list[tuple[str, Move]]:
    found = []
    for event in history.timeline(tx, instance_id, types=["window_moved"], limit=MOST_EVENTS):
        spec = deployed.tasks.get(event.element_id or "")
        if spec is None:
            continue
        body = event.body
        move = Move(
            spec.title.fill({"plan_year": plan_year}), str(body.get("old"))[:10], str(body.get("new"))[:10],
            str(body.get("reason") or ""), event.actor_name, event.occurred_at,
        )  # fmt: skip
        found.append((spec.guideline, move))
    return found


def _noted(event: history.Event) -> Noted:
    code = str(event.body.get("code") or "")
    text = Text(str(event.body.get("sv") or code), str(event.body.get("en") or code))
    return Noted(text, event.actor_name, event.occurred_at)


def _disorder(cycle: cycles.Cycle) -> list[Disorder]:
    """Each step against the one before it that was begun, by the first visit of the task that carries the step."""
    found = []
    before: cycles.StepState | None = None
    for step in cycle.steps:
        if step.opened_at is None:
            continue
        ended = _first_end(before) if before is not None else None
        if before is not None and (ended is None or ended > step.opened_at):
            found.append(Disorder(step.name, step.opened_at, before.name, ended))
        before = step
    return found


def _first_end(step: cycles.StepState) -> datetime | None:
    own = [a for a in step.activities if a.element_id == step.element_id]
    return min((a.ended_at for a in own if a.ended_at is not None), default=None)
