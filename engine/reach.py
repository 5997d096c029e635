"""How a person reaches a task: by the positions held, by standing in for someone, or because it was handed over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from engine import identity
from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import user_tasks

ACTING = {"holder", "superior", "registrar", "deputy", "handed"}


def get(tx: Tx, task_id: int) -> Any:
    """The task's row. Raises NotFound."""
    row = user_tasks.get(tx, task_id)
    if row is None:
        raise NotFound(kind="task")
    return row


def visible_task(tx: Tx, task_id: int, actor: Actor, now: datetime) -> tuple[Any, str | None]:
    """The task's row and how the actor reaches it. Readers: who may act, members of the body, HR and auditors.

    Raises NotFound for everyone else: a stranger does not learn that it exists.
    """
    task = get(tx, task_id)
    if actor.person_id is None:
        raise Forbidden(action="read", kind="task")
    day = civil_date(now)
    found = how(tx, task, actor.person_id, day)
    if found is None and not {"cockpit", "history"} & identity.capabilities(tx, actor.person_id, day):
        raise NotFound(kind="task")
    return task, found


def how(tx: Tx, task: Any, person_id: str, day: date) -> str | None:
    """holder, registrar, superior, deputy, handed, member (reads only), or None: a stranger to the task."""
    found = identity.effective_positions(tx, person_id, day).get(task.position_id)
    if found in (None, "member") and is_handed_to(tx, task, person_id, day):
        return "handed"
    return found


def is_handed_to(tx: Tx, task: Any, person_id: str, day: date) -> bool:
    """Whether it was handed over to the person, or to one that the person stands in for."""
    if task.handed_by is None:
        return False
    return task.assignee_id == person_id or task.assignee_id in identity.deputises_for(tx, person_id, day)


def ensure_may_act(tx: Tx, task: Any, actor: Actor, now: datetime) -> str:
    """How the actor may act on the task: holder, superior, registrar, deputy, handed.

    Raises Forbidden, or NotFound for a stranger.
    """
    if actor.person_id is None:
        return "holder"
    found = how(tx, task, actor.person_id, civil_date(now))
    if found is None:
        raise NotFound(kind="task")
    if found not in ACTING:
        raise Forbidden(action="act", kind="task")
    return found


def is_free_for(tx: Tx, task: Any, actor: Actor, now: datetime) -> bool:
    """Whether nobody else has taken the task: nobody has, the actor has, or one that the actor stands in for.

    One who has left the position or the organisation since has it no longer.
    """
    if actor.person_id is None:
        return True
    return task.assignee_id is None or task.assignee_id in hands(tx, task, actor, now)


def hands(tx: Tx, task: Any, actor: Actor, now: datetime) -> list[str]:
    """In whose hands the task is the actor's to take: the actor's, the absent's, those of one who has left."""
    day = civil_date(now)
    mine = [] if actor.person_id is None else [actor.person_id]
    mine += sorted(identity.deputises_for(tx, actor.person_id, day))
    if task.assignee_id is not None and task.assignee_id not in mine and _has_left(tx, task, day):
        mine.append(task.assignee_id)
    return mine


def _has_left(tx: Tx, task: Any, day: date) -> bool:
    if not identity.person(tx, task.assignee_id).active:
        return True
    return how(tx, task, task.assignee_id, day) is None


def behalf(tx: Tx, task: Any, actor: Actor, now: datetime) -> dict[str, str]:
    """For an event's body: the absent person for whom the actor acts on the task; empty when in their own right."""
    found = absent(tx, task, actor, now)
    return {} if found is None else {"on_behalf_of": found}


def absent(tx: Tx, task: Any, actor: Actor, now: datetime) -> str | None:
    """The absent person for whom the actor acts on the task."""
    if actor.person_id is None:
        return None
    day = civil_date(now)
    found = identity.on_behalf_of(tx, actor.person_id, task.position_id, day)
    if found is not None or task.handed_by is None or task.assignee_id == actor.person_id:
        return found
    if how(tx, task, actor.person_id, day) == "handed":
        return str(task.assignee_id)
    return None
