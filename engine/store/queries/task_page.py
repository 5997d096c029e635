"""What stands beside a task on its pages: the reader's own draft and follow-up date, comments, files, the others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql
from engine.store.tables import attachment, draft, follow_up, task_comment

_DRAFT = Sql("select data, version, saved_at from draft where task_id = :task_id and person_id = :person_id", draft)
_UNTIL = Sql("select until from follow_up where task_id = :task_id and person_id = :person_id", follow_up)
_COMMENTS = Sql(
    "select id, author_id, text, written_at, withdrawn_at from task_comment where task_id = :task_id"
    " order by id desc limit :most",
    task_comment,
)
_OPEN_BESIDE = Sql(
    "select count(*) from user_task where activity_id = :activity_id and state = 'open' and id <> :task_id"
)
# By who answered when; the plus keeps both databases from reading everyone's answers to the step.
_ANSWERED_WITH = Sql(
    "select unit_name from user_task where answered_by = :by and answered_at = :at and +activity_id = :activity_id"
    " and state = 'completed' order by id limit :most"
)
_FILES = (
    "select a.*, adder.name as added_name, remover.name as removed_name, v.decision from attachment a"
    " join person adder on adder.id = a.added_by join personal_value v on v.commitment = a.commitment"
    " left join person remover on remover.id = a.removed_by where {those} and (a.removed_at is null"
    " or exists (select 1 from attachment_content c where c.attachment_id = a.id)) order by a.id"
)
_FILES_OF_TASK = Sql(_FILES.format(those="a.task_id = :task_id"), attachment)
_FILES_OF_RECORD = Sql(
    _FILES.format(those="a.task_id in (select task_id from record_version where record_id = :record_id)"), attachment
)
_FILE = Sql(_FILES.format(those="a.id = :attachment_id"), attachment)


def own_draft(tx: Tx, task_id: int, person_id: str | None) -> Any | None:
    """What the person has typed, its version and when it was saved."""
    return tx.first(_DRAFT, task_id=task_id, person_id=person_id)


def follow_up_of(tx: Tx, task_id: int, person_id: str | None) -> date | None:
    """The day until which the person has put the task away, past or to come."""
    found = tx.first(_UNTIL, task_id=task_id, person_id=person_id)
    return None if found is None else found.until


def comments_on(tx: Tx, task_id: int, most: int) -> list[Any]:
    """The newest, oldest of them first."""
    return tx.find(_COMMENTS, task_id=task_id, most=most)[::-1]


def open_beside(tx: Tx, activity_id: int, task_id: int) -> int:
    """How many others of the activity have not answered."""
    return tx.number(_OPEN_BESIDE, activity_id=activity_id, task_id=task_id)


def answered_with(tx: Tx, activity_id: int, by: str | None, at: datetime, most: int) -> list[str]:
    """The units that the person answered for at that instant."""
    return [row.unit_name for row in tx.find(_ANSWERED_WITH, activity_id=activity_id, by=by, at=at, most=most)]


def files_of_task(tx: Tx, task_id: int) -> list[Any]:
    """In the order they came, without what they hold, those too that were taken away after an answer."""
    return tx.find(_FILES_OF_TASK, task_id=task_id)


def files_of_record(tx: Tx, record_id: int) -> list[Any]:
    """The same of every task that has written a version of the record."""
    return tx.find(_FILES_OF_RECORD, record_id=record_id)


def file(tx: Tx, attachment_id: int) -> Any | None:
    """One of them."""
    return tx.first(_FILE, attachment_id=attachment_id)
