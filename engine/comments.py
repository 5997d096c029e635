"""What people say about a task, beside its answer: nobody changes a comment, its author may withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import history, identity, outbox, reach
from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.operations.common import concerned
from engine.reach import get
from engine.rules import plain_text
from engine.rules.calendar import civil_date
from engine.running import Run, look
from engine.store.database import Tx
from engine.store.queries.task_page import comments_on
from engine.store.tables import task_comment
from engine.texts import Text

LONGEST = 4000
MOST_SHOWN = 200


@dataclass(frozen=True)
class Comment:
    """`text` is None when the author has withdrawn it. `mine`: the reader wrote it."""

    id: int
    author: str
    text: str | None
    written_at: datetime
    mine: bool


def add(tx: Tx, task_id: int, text: str, *, by: Actor, now: datetime) -> int:
    """Say something about the task, whatever its state. Gives the comment's id.

    Those who do the task, the members of its body and those who lead the process may; auditors only read.
    Raises NotFound, Forbidden, InvalidInput (field comment: comment_missing, comment_too_long, control_character).
    """
    task, how = reach.visible_task(tx, task_id, by, now)
    if how is None and "cockpit" not in identity.capabilities(tx, by.person_id or "", civil_date(now)):
        raise Forbidden(action="comment", kind="task")
    written = plain_text.required(text, field="comment", longest=LONGEST)
    comment_id = tx.insert(task_comment, task_id=task_id, author_id=by.person_id, text=written, written_at=now)
    body = {"comment": comment_id, "text": history.personal(tx, "comment", written)}
    run = look(tx, task.instance_id, by=by, now=now)
    run.note_about(tx, task, "comment_added", body)
    _tell(tx, run, task, comment_id)
    return comment_id


def _tell(tx: Tx, run: Run, task: Any, comment_id: int) -> None:
    """The other party: who does the task and who has commented on it before; if nobody else, who leads the process.

    The mail says that there is a comment, not what it says: a comment can be withdrawn, a mail cannot.
    """
    author = run.by.person_id
    earlier = tx.rows(sa.select(task_comment.c.author_id).where(task_comment.c.task_id == task.id).distinct())
    people = {row.author_id for row in earlier} | set(concerned(tx, [task], run.now))
    people |= {task.answered_by} if task.answered_by is not None else set()
    if not people - {author}:
        owners = identity.positions_with_role(tx, [run.deployed.package.owner], civil_date(run.now))
        people = {one.person_id for owner in owners for one in identity.actors_for(tx, owner.id, civil_date(run.now))}
    title = Text(task.title_sv, task.title_en)
    outbox.announce(
        tx,
        event_key=f"comment:{comment_id}",
        person_ids=sorted(people - {author}),
        kind="comment",
        instance_id=task.instance_id,
        task_id=task.id,
        now=run.now,
        content={
            "subject": {"sv": f"Kommentar om {title.sv}", "en": f"Comment on {title.en}"},
            "body": {
                "sv": f"{run.by.name} har skrivit en kommentar om ”{title.sv}”, {task.unit_name}.",
                "en": f"{run.by.name} has commented on “{title.en}”, {task.unit_name}.",
            },
            "unit_name": task.unit_name,
            "url_path": f"/tasks/{task.id}/comments",
            "plan_year": task.plan_year,
        },
    )


def withdraw(tx: Tx, comment_id: int, *, by: Actor, now: datetime) -> int:
    """The author takes it back: the page says so in its place. Gives the task's id. Raises NotFound, Forbidden."""
    row = tx.one(sa.select(task_comment).where(task_comment.c.id == comment_id))
    if row is None:
        raise NotFound(kind="comment")
    reach.visible_task(tx, row.task_id, by, now)
    if row.author_id != by.person_id:
        raise Forbidden(action="withdraw", kind="comment")
    changed = tx.execute(
        task_comment.update()
        .where(task_comment.c.id == comment_id, task_comment.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, text="")
    )
    if changed.rowcount == 1:
        task = get(tx, row.task_id)
        run = look(tx, task.instance_id, by=by, now=now)
        run.note_about(tx, task, "comment_withdrawn", {"comment": comment_id})
    return int(row.task_id)


def of_task(tx: Tx, task_id: int, actor: Actor) -> list[Comment]:
    """The newest, oldest of them first. The caller has asked whether the actor may see the task."""
    return [
        Comment(
            row.id,
            identity.person_name(tx, row.author_id) or "",
            row.text if row.withdrawn_at is None else None,
            row.written_at,
            row.author_id == actor.person_id,
        )
        for row in comments_on(tx, task_id, MOST_SHOWN)
    ]
