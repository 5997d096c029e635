"""What an answer led to, read back from the database: for the receipt, whenever it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import history, identity, inbox_cards, reach, step_windows
from engine.actor import Actor
from engine.contexts import local_day
from engine.deployments import Deployed
from engine.running import Run
from engine.store.database import Tx
from engine.store.tables import activity, user_task
from engine.texts import Text

MOST_NEXT = 4
MOST_UNITS = 50
ANSWERED = ("task_completed", "task_harvested")


@dataclass(frozen=True)
class Next:
    """A step that follows: by whom, and whether the reader is one of them. `opens_at`: None when at once."""

    name: Text
    roles: list[Text]
    mine: bool
    opens_at: datetime | None


@dataclass(frozen=True)
class Ahead:
    """What follows the task. `waits_for`: how many others have not answered the same step."""

    waits_for: int
    closes_at: datetime | None
    steps: list[Next]


def of_answer(tx: Tx, task_id: int, actor: Actor, now: datetime) -> tuple[list[str], list[Text]]:
    """The units answered for at one go, and the departures noted with the answer. Raises NotFound."""
    task, _how = reach.visible_task(tx, task_id, actor, now)
    return units(tx, task), departures(tx, task)


def departures(tx: Tx, task: Any) -> list[Text]:
    """Those noted with the latest answer."""
    found: list[Text] = []
    for event in history.of_task(tx, task):
        if event.type in ANSWERED:
            found = []
        elif event.type == "departure":
            found.append(Text(str(event.body.get("sv") or ""), str(event.body.get("en") or "")))
    return found


def units(tx: Tx, task: Any) -> list[str]:
    """The units answered for at one go: the same step, person and instant."""
    if task.activity_id is None or task.answered_at is None:
        return [task.unit_name]
    together = (
        sa.select(user_task.c.unit_name)
        .where(
            user_task.c.activity_id == task.activity_id,
            user_task.c.state == "completed",
            user_task.c.answered_by == task.answered_by,
            user_task.c.answered_at == task.answered_at,
        )
        .order_by(user_task.c.id)
        .limit(MOST_UNITS)
    )
    return [row.unit_name for row in tx.rows(together)] or [task.unit_name]


def ahead(tx: Tx, run: Run, task: Any, step: Any, actor: Actor) -> Ahead:
    """What happens after the task, as the diagram leads on: for a follow-on task nothing. A way back to an earlier step
    is told when the answer took it, not because it could have.
    """
    if task.follow_on is not None:
        return Ahead(0, None, [])
    roles = {
        identity.position(tx, position).role
        for position in identity.effective_positions(tx, actor.person_id or "", local_day(run.now))
    }
    windows = step_windows.of_instance(tx, run.id)
    steps: dict[Text, Next] = {}
    order = {each.id: place for place, each in enumerate(run.deployed.package.steps)}
    for element_id in _following(run.deployed, task.element_id, task.step):
        spec = run.deployed.tasks[element_id]
        opens_at = windows[element_id].opens if element_id in windows else None
        name = inbox_cards.step_name(run.deployed, spec.step)
        if name in steps or (order.get(spec.step, 0) < order.get(task.step, 0) and not _came_to(tx, task, element_id)):
            continue
        called = [_role(run.deployed, role) for role in spec.roles]
        later = opens_at if opens_at is not None and opens_at > run.now else None
        steps[name] = Next(name, called, bool(roles & set(spec.roles)), later)
    return Ahead(
        _others(tx, task, step), step.closes_at if step is not None else None, list(steps.values())[:MOST_NEXT]
    )


def _others(tx: Tx, task: Any, step: Any) -> int:
    if step is None or not step.multi or step.state != "open":
        return 0
    left = sa.select(sa.func.count()).where(
        user_task.c.activity_id == step.id, user_task.c.state == "open", user_task.c.id != task.id
    )
    return int(tx.scalar(left))


def _came_to(tx: Tx, task: Any, element_id: str) -> bool:
    """Whether the answer opened that task."""
    if task.answered_at is None:
        return False
    opened = sa.select(activity.c.id).where(
        activity.c.instance_id == task.instance_id,
        activity.c.element_id == element_id,
        activity.c.opened_at >= task.answered_at,
    )
    return tx.scalar(opened.limit(1)) is not None


def _following(deployed: Deployed, element_id: str, step: str) -> list[str]:
    """The nearest user tasks of other steps after the element, in the order of the diagram's flows."""
    targets: dict[str, list[str]] = {}
    for _id, source, target, _name, _condition in deployed.model.flows:
        targets.setdefault(source, []).append(target)
    found: list[str] = []
    seen, frontier = {element_id}, list(targets.get(element_id, []))
    while frontier:
        here = frontier.pop(0)
        if here in seen:
            continue
        seen.add(here)
        if here in deployed.tasks and deployed.tasks[here].step != step:
            found.append(here)
        else:
            frontier += targets.get(here, [])
    return found


def _role(deployed: Deployed, role: str) -> Text:
    found = deployed.package.roles.get(role)
    return Text(found.sv, found.en) if found else Text(role, role)
