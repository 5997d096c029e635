"""Handing a task to someone who may do it: whom to choose from, and what it means for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import answers, identity, reach, user_tasks
from engine.actor import Actor
from engine.contexts import local_day
from engine.errors import NotPossible
from engine.operations.common import Preview, concerned, ensure_may_operate, hold, listed, sentence, why
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import draft
from engine.texts import Text


def candidates(tx: Tx, task_id: int, *, now: datetime) -> list[identity.Person]:
    """Active people who may act for the task's position today, by name. Raises NotFound."""
    task, day = user_tasks.get(tx, task_id), local_day(now)
    return sorted(
        (
            person
            for person in identity.people(tx)
            if person.active and identity.effective_positions(tx, person.id, day).get(task.position_id) in reach.ACTING
        ),
        key=lambda person: person.name,
    )


def preview_assign(tx: Tx, task_id: int, person_id: str, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, NotPossible, TaskNotOpen."""
    task = user_tasks.get(tx, task_id)
    _ensure_open(tx, task, by, now)
    if person_id not in {person.id for person in candidates(tx, task_id, now=now)}:
        raise NotPossible(reason="not_candidate")
    title, name = Text(task.title_sv, task.title_en), identity.person(tx, person_id).name
    said = [
        sentence(
            "”{title}” ({unit}) lämnas över till {name}, som får besked.",
            "“{title}” ({unit}) is handed to {name}, who is told.",
            title=title, unit=task.unit_name, name=name,
        )
    ]  # fmt: skip
    others = [other for key, other in concerned(tx, [task], now).items() if key != person_id]
    if others:
        said.append(
            sentence(
                "{others} kan inte längre svara, så länge {name} har uppgiften.",
                "{others} can no longer answer as long as {name} has the task.",
                others=listed(others),
                name=name,
            )
        )
    written = tx.scalar(sa.select(sa.func.count()).where(draft.c.task_id == task_id, draft.c.person_id != person_id))
    if written:
        said.append(
            Text("Utkast som någon annan har skrivit följer inte med, men finns kvar hos den som skrev.",
                 "Drafts that others have written do not follow, but stay with those who wrote them.")
        )  # fmt: skip
    said.append(Text("Sista dagen ändras inte.", "The last day does not change."))
    return Preview(tuple(said))


def assign(tx: Tx, task_id: int, person_id: str, *, reason: str, by: Actor, now: datetime) -> None:
    """`user_tasks.assign` with a reason that must be there. To whoever has it already: no harm.

    Raises NotFound, Forbidden, InvalidInput, NotPossible, TaskNotOpen.
    """
    ensure_may_operate(tx, by, now)
    reason, task = why(reason), user_tasks.get(tx, task_id)
    hold(tx, task.instance_id, by=by, now=now)
    task = user_tasks.get(tx, task_id)
    _ensure_open(tx, task, by, now)
    if task.assignee_id != person_id:
        user_tasks.assign(tx, task_id, person_id, reason=reason, by=by, now=now)


def _ensure_open(tx: Tx, task: Any, by: Actor, now: datetime) -> None:
    run = look(tx, task.instance_id, by=by, now=now)
    if run.state not in ("active", "suspended") and not (run.state == "completed" and task.follow_on):
        raise NotPossible(reason=f"instance_{run.state}")
    if task.state != "open":
        raise answers.lost_race(tx, task.id)
