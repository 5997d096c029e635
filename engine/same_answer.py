"""One person's draft given to the other units of the same step, to be looked at and sent one by one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from engine import inbox, reach, user_tasks
from engine.actor import Actor
from engine.errors import NotFound, NotPossible
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import draft


def copy_draft(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> tuple[list[str], list[str]]:
    """The person's draft of the task as drafts of their other open units: (units given it, units that had one).

    A draft that is there is left as it is. Nothing is sent and nothing stands in the history, as with every draft.
    Raises NotFound, Forbidden, NotPossible (answered_alone: the form's answers differ from unit to unit).
    """
    task = reach.get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    if not look(tx, task.instance_id, by=by, now=now).deployed.package.forms[task.form].alike:
        raise NotPossible(reason="answered_alone")
    typed = tx.one(sa.select(draft.c.data).where(draft.c.task_id == task_id, draft.c.person_id == by.person_id))
    if typed is None:
        raise NotFound(kind="draft")
    others = [row for row in inbox.beside(tx, task, by, now) if row.state == "open" and row.can_act]
    for row in others:
        if not row.has_draft:
            user_tasks.save_draft(tx, row.task_id, typed.data, version=None, by=by, now=now)
    return [row.unit_name for row in others if not row.has_draft], [row.unit_name for row in others if row.has_draft]
