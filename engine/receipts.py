"""What an answer led to, read back from the database: for the receipt, whenever it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, attachments, history, identity, inbox, inbox_cards, reach, step_windows
from engine.actor import Actor
from engine.deployments import Deployed
from engine.rules.calendar import civil_date
from engine.rules.forms import FormView
from engine.running import Run
from engine.store.database import Tx
from engine.store.queries import task_page as rows
from engine.store.tables import activity
from engine.task_form import TaskForm
from engine.texts import Text

MOST_NEXT = 4
MOST_UNITS = 50
ANSWERED = ("task_completed", "task_harvested")


@dataclass(frozen=True)
class Next:
    """A step that follows: by whom, and whether its reader would be asked now. `opens_at`: None when at once."""

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


@dataclass(frozen=True)
class Answered:
    """The receipt of an answer. `units`: those it was given for at one go; `departures`: noted with it; `answered_for`:
    whom the reader, who gave it, stands in for; `left`: the reader's rows of the same step that can be answered now.
    """

    asked: TaskForm
    step_name: Text
    decides: bool
    answered_by: str | None
    answered_for: str | None
    units: list[str]
    departures: list[Text]
    given: FormView | None
    attachments: list[attachments.Attachment]
    ahead: Ahead
    left: list[inbox_cards.InboxRow]


def of_answer(tx: Tx, asked: TaskForm) -> Answered:
    """Of a task that has been answered."""
    task, run = asked.task, asked.run
    spec = run.deployed.tasks.get(task.element_id)
    absent = reach.absent(tx, task, run.by, run.now) if task.answered_by == run.by.person_id else None
    return Answered(
        asked,
        inbox_cards.step_name(run.deployed, task.step),
        bool(spec and spec.decides),
        identity.person_name(tx, task.answered_by),
        identity.person_name(tx, absent),
        units(tx, task),
        departures(tx, task),
        None if task.answer is None else asked.answer(task.answer),
        attachments.of_task(tx, task, run.by, run.now),
        ahead(tx, run, task, asked.step, run.by),
        [row for row in inbox.beside(tx, task, run.by, run.now) if row.state == "open" and row.can_act],
    )


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
    together = rows.answered_with(tx, task.activity_id, task.answered_by, task.answered_at, MOST_UNITS)
    return together or [task.unit_name]


def ahead(tx: Tx, run: Run, task: Any, step: Any, actor: Actor) -> Ahead:
    """What happens after the task, as the diagram leads on: for a follow-on task nothing. A way back to an earlier step
    is told when the answer took it, not because it could have.
    """
    if task.follow_on is not None:
        return Ahead(0, None, [])
    held = identity.effective_positions(tx, actor.person_id or "", civil_date(run.now))
    windows = step_windows.of_instance(tx, run.id)
    steps: dict[Text, Next] = {}
    order = {each.id: place for place, each in enumerate(run.deployed.package.steps)}
    for element_id in _following(run.deployed, task.element_id, task.step):
        spec = run.deployed.tasks[element_id]
        if order.get(spec.step, 0) < order.get(task.step, 0) and not _came_to(tx, task, element_id):
            continue
        window = windows.get(element_id)
        opens = window.opens if window is not None else None
        later = opens if opens is not None and opens > run.now else None
        mine = activities.asks_any(tx, run, spec, run.deployed.model.element(element_id).multi, held)
        name = inbox_cards.step_name(run.deployed, spec.step)
        follows = Next(name, [_role(run.deployed, role) for role in spec.roles], mine, later)
        steps[name] = _together(steps[name], follows) if name in steps else follows
    return Ahead(
        _others(tx, task, step), step.closes_at if step is not None else None, list(steps.values())[:MOST_NEXT]
    )


def _together(one: Next, other: Next) -> Next:
    """Two tasks of one step."""
    roles = list(dict.fromkeys([*one.roles, *other.roles]))
    opens = None if one.opens_at is None or other.opens_at is None else min(one.opens_at, other.opens_at)
    return Next(one.name, roles, one.mine or other.mine, opens)


def _others(tx: Tx, task: Any, step: Any) -> int:
    if step is None or not step.multi or step.state != "open":
        return 0
    return rows.open_beside(tx, step.id, task.id)


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
