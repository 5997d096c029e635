"""Handing a task to someone who may do it: whom to choose from, and what it means for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import answers, identity, reach, task_messages, user_tasks
from engine.actor import Actor
from engine.errors import NotPossible
from engine.operating import ensure_may_operate, why
from engine.operations.common import Preview, concerned, hold, listed, sentence, written_by_others
from engine.rules.calendar import civil_date
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import user_task
from engine.texts import Text

DRAFTS_STAY = Text(
    "Utkast som någon annan har skrivit följer inte med, men finns kvar hos den som skrev.",
    "Drafts that others have written do not follow, but stay with those who wrote them.",
)


def candidates(tx: Tx, task_id: int, *, now: datetime) -> list[identity.Person]:
    """Active people who may act for the task's position today, by name. Raises NotFound."""
    task, day = user_tasks.get(tx, task_id), civil_date(now)
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
    if written_by_others(tx, [task_id], person_id):
        said.append(DRAFTS_STAY)
    said.append(Text("Sista dagen ändras inte.", "The last day does not change."))
    return Preview(tuple(said))


def assign(tx: Tx, task_id: int, person_id: str, *, reason: str, by: Actor, now: datetime) -> None:
    """The person has the task from now on, is told by whom and why. To whoever has it already: no harm.

    Raises NotFound, Forbidden, InvalidInput, NotPossible, TaskNotOpen.
    """
    ensure_may_operate(tx, by, now)
    reason, task = why(reason), user_tasks.get(tx, task_id)
    hold(tx, task.instance_id, by=by, now=now)
    task = user_tasks.get(tx, task_id)
    _ensure_open(tx, task, by, now)
    if task.assignee_id == person_id:
        return
    if reach.how(tx, task, person_id, civil_date(now)) not in reach.ACTING:
        raise NotPossible(reason="not_candidate")
    changed = tx.execute(
        user_task.update()
        .where(user_task.c.id == task_id, user_task.c.state == "open")
        .values(
            assignee_id=person_id,
            handed_by=by.person_id,
            handed_reason=reason,
            revision=user_task.c.revision + 1,
        )
    )
    if changed.rowcount != 1:
        raise answers.lost_race(tx, task_id)
    run = look(tx, task.instance_id, by=by, now=now)
    run.note_about(tx, task, "task_assigned", {"old": task.assignee_id, "new": person_id, "reason": reason})
    people = identity.with_deputies(tx, [person_id], civil_date(now))
    key = f"handed:{task_id}:{task.revision + 1}"
    task_messages.announce(tx, run, task, "take_over", people, key, giver=by.name, reason=reason)


def _ensure_open(tx: Tx, task: Any, by: Actor, now: datetime) -> None:
    run = look(tx, task.instance_id, by=by, now=now)
    if run.state not in ("active", "suspended") and not (run.state == "completed" and task.follow_on):
        raise NotPossible(reason=f"instance_{run.state}")
    if task.state != "open":
        raise answers.lost_race(tx, task.id)
