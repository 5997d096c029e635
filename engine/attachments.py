"""Files attached to a task: added and taken away while it can be answered, read by those who may read the task.

What a file holds stands in the database, beside the row that tells of it, so that a backup is whole and a file is
there exactly when its event is. The chain holds a commitment to name and SHA-256, which a disposal decision can erase.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from engine import activities, history, idempotency, identity, reach, user_tasks
from engine.actor import Actor
from engine.errors import Forbidden, InvalidFiles, NotFound, NotPossible, TakenBySomeoneElse, TaskNotOpen
from engine.operating import why
from engine.rules import file_kinds, file_names
from engine.rules.calendar import civil_date
from engine.running import Run, look
from engine.store.database import Tx
from engine.store.queries import task_page as listed
from engine.store.tables import (
    attachment,
    attachment_content,
    audit_event,
    user_task,
)

MEGABYTE = 1_000_000
ANSWERED = ("task_completed", "task_harvested")


@dataclass(frozen=True)
class Limits:
    """Bytes of one file, bytes of a task's files together, and how many they may be."""

    file_bytes: int = 10 * MEGABYTE
    task_bytes: int = 50 * MEGABYTE
    count: int = 20


@dataclass(frozen=True)
class File:
    """A file to add: its name as the browser gave it, and what it holds."""

    name: str
    content: bytes


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not taken. `reason`: of `file_kinds.Refused`, or too_large, too_many, too_large_together."""

    name: str
    reason: str


@dataclass(frozen=True)
class Attachment:
    """One file without what it holds. `name` is None when it was erased.

    `needs_reason`: it was part of an answer, or the reader operates, so that taking it away asks for a reason; one
    that was part of an answer is kept for auditors (`kept`). `erased`: the decision under which it was.
    """

    id: int
    task_id: int
    name: str | None
    kind: str
    size: int
    sha256: str | None
    added_by: str
    added_at: datetime
    removed_by: str | None
    removed_at: datetime | None
    can_remove: bool
    needs_reason: bool
    kept: bool
    erased: str | None


def add(
    tx: Tx,
    task_id: int,
    files: Sequence[File],
    *,
    limits: Limits,
    by: Actor,
    now: datetime,
    key: str | None = None,
) -> list[int]:
    """Attach the files to the task, all or none; gives their ids. `key` makes a repeated request harmless.

    Raises NotFound, Forbidden, TaskNotOpen, TakenBySomeoneElse, KeyReused, InvalidFiles with every file refused.
    """
    taken = [(file_names.plain(file.name), file.content) for file in files]
    sums = [hashlib.sha256(content).hexdigest() for _name, content in taken]
    fingerprint = hashlib.sha256(orjson.dumps([task_id, [name for name, _ in taken], sums])).hexdigest()
    if key is not None and (known := idempotency.remembered(tx, key, by.person_id or "", fingerprint)) is not None:
        return list(known)
    task = _locked(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    _ensure_answerable(tx, *_place(tx, task, by, now), by)
    kinds = _checked(tx, task_id, taken, limits)
    ids = [
        _keep(tx, task, name, content, digest, kind, by, now)
        for (name, content), digest, kind in zip(taken, sums, kinds, strict=True)
    ]
    if key is not None:
        idempotency.remember(tx, key, by.person_id or "", fingerprint, ids)
    return ids


def remove(tx: Tx, attachment_id: int, *, reason: str = "", by: Actor, now: datetime) -> int:
    """Take a file away; gives its task's id. One that no answer has held is deleted with what it holds.

    One that was handed in needs a reason, and what it holds is kept for those who read the history until it is
    erased by a decision on disposal. Those who may answer the task may, as long as it can be answered; when it is no
    longer open, those who operate may too, and give a reason. Once more: no harm.
    Raises NotFound, Forbidden, TaskNotOpen, InvalidInput (field reason, as `operating.why`).
    """
    row = _row(tx, attachment_id)
    task, how = reach.visible_task(tx, row.task_id, by, now)
    task = _locked(tx, task.id)
    corrects = _may_correct(tx, task, by, now)
    if how not in reach.ACTING and not corrects:
        raise Forbidden(action="remove", kind="attachment")
    if row.removed_at is not None:
        return int(task.id)
    if not corrects:
        _ensure_answerable(tx, *_place(tx, task, by, now), by)
    handed_in = _was_handed_in(tx, task, row)
    written = why(reason) if handed_in or not may_add(tx, task, by, now) else ""
    tx.execute(
        attachment.update().where(attachment.c.id == attachment_id).values(removed_by=by.person_id, removed_at=now)
    )
    if not handed_in:
        tx.execute(attachment_content.delete().where(attachment_content.c.attachment_id == attachment_id))
    body: dict[str, Any] = {"attachment": attachment_id, "file": {history.MARK: row.commitment}, "kept": handed_in}
    if written:
        body["reason"] = written
    run = look(tx, task.instance_id, by=by, now=now)
    run.note_about(tx, task, "attachment_removed", {**body, **reach.behalf(tx, task, by, now)})
    return int(task.id)


def of_task(tx: Tx, task: Any, actor: Actor, now: datetime) -> list[Attachment]:
    """The task's files in the order they came, those too that were taken away after an answer.

    The caller has asked whether the actor may see the task.
    """
    rows = listed.files_of_task(tx, task.id)
    if not rows:
        return []
    can, alone = _may_remove(tx, task, actor, now), may_add(tx, task, actor, now)
    return [_as_read(tx, task, row, may=can, without_reason=alone) for row in rows]


def of_record(tx: Tx, record_id: int) -> list[Attachment]:
    """The files of every task that has written a version of the record, for the auditor. None can be removed here."""
    rows = listed.files_of_record(tx, record_id)
    return [_as_read(tx, None, row, may=False, without_reason=False) for row in rows]


def one(tx: Tx, attachment_id: int, actor: Actor, now: datetime) -> Attachment:
    """Raises NotFound when there is none, or the actor may not see its task."""
    task, _how = reach.visible_task(tx, _row(tx, attachment_id).task_id, actor, now)
    row = listed.file(tx, attachment_id)
    if row is None:
        raise NotFound(kind="attachment")
    can, alone = _may_remove(tx, task, actor, now), may_add(tx, task, actor, now)
    return _as_read(tx, task, row, may=can, without_reason=alone)


def read(tx: Tx, attachment_id: int, actor: Actor, now: datetime) -> tuple[str, str, bytes]:
    """(name, media type, content) for those who may see the task; what was taken away, for those who read history.

    Raises NotFound, also when what it held was deleted or erased, or is not what was once handed in.
    """
    row = _row(tx, attachment_id)
    reach.visible_task(tx, row.task_id, actor, now)
    if row.removed_at is not None and "history" not in identity.capabilities(
        tx, actor.person_id or "", civil_date(now)
    ):
        raise NotFound(kind="attachment")
    content = tx.scalar(
        sa.select(attachment_content.c.content).where(attachment_content.c.attachment_id == attachment_id)
    )
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFound(kind="attachment")
    return row.name, file_kinds.MEDIA_TYPES[row.kind], content


def _as_read(tx: Tx, task: Any, row: Any, *, may: bool, without_reason: bool) -> Attachment:
    can_remove = may and row.removed_at is None and row.name is not None
    kept = can_remove and _was_handed_in(tx, task, row)
    return Attachment(
        row.id,
        row.task_id,
        row.name,
        row.kind,
        row.size,
        row.sha256,
        row.added_name,
        row.added_at,
        row.removed_name,
        row.removed_at,
        can_remove,
        can_remove and (kept or not without_reason),
        kept,
        row.decision,
    )


def may_add(tx: Tx, task: Any, actor: Actor, now: datetime) -> bool:
    """Whether the actor could attach a file now."""
    return _may_act(tx, task, actor, now) and is_answerable(tx, *_place(tx, task, actor, now), actor)


def _may_remove(tx: Tx, task: Any, actor: Actor, now: datetime) -> bool:
    return may_add(tx, task, actor, now) or _may_correct(tx, task, actor, now)


def _may_act(tx: Tx, task: Any, actor: Actor, now: datetime) -> bool:
    return reach.how(tx, task, actor.person_id or "", civil_date(now)) in reach.ACTING


def _may_correct(tx: Tx, task: Any, actor: Actor, now: datetime) -> bool:
    """Whether the actor may take files away from a task that others have done, or that was closed without them."""
    return task.state != "open" and "operate" in identity.capabilities(tx, actor.person_id or "", civil_date(now))


def _locked(tx: Tx, task_id: int) -> Any:
    """The task's row, which no answer and no other file can change until this is done."""
    row = tx.one(sa.select(user_task).where(user_task.c.id == task_id).with_for_update(key_share=True))
    if row is None:
        raise NotFound(kind="task")
    return row


def is_answerable(tx: Tx, run: Run, task: Any, step: Any | None, by: Actor) -> bool:
    """Whether files can come and go: they follow the answer, while it can be given or changed."""
    try:
        _ensure_answerable(tx, run, task, step, by)
    except (TaskNotOpen, NotPossible, TakenBySomeoneElse):
        return False
    return True


def _ensure_answerable(tx: Tx, run: Run, task: Any, step: Any | None, by: Actor) -> None:
    user_tasks.ensure_open(tx, run, task, step if step is not None and step.multi else None, by, None)


def _place(tx: Tx, task: Any, by: Actor, now: datetime) -> tuple[Run, Any, Any | None]:
    """The task with its instance and its step."""
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    return look(tx, task.instance_id, by=by, now=now), task, step


def _checked(tx: Tx, task_id: int, taken: Sequence[tuple[str, bytes]], limits: Limits) -> list[str]:
    """The kind of each. Raises InvalidFiles with every one that is refused."""
    there = attachment.c.task_id == task_id, attachment.c.removed_at.is_(None)
    sizes = [row.size for row in tx.rows(sa.select(attachment.c.size).where(*there))]
    kinds, refused = [], []
    for name, content in taken:
        sizes.append(len(content))
        try:
            kinds.append(_kind(name, content, sizes, limits))
        except file_kinds.Refused as refusal:
            refused.append(RefusedFile(name, str(refusal)))
    if refused:
        raise InvalidFiles(refused)
    return kinds


def _kind(name: str, content: bytes, sizes: Sequence[int], limits: Limits) -> str:
    """`sizes`: of all the task's files, this one the last."""
    if sizes[-1] > limits.file_bytes:
        raise file_kinds.Refused("too_large")
    kind = file_kinds.recognise(name, content)
    if len(sizes) > limits.count:
        raise file_kinds.Refused("too_many")
    if sum(sizes) > limits.task_bytes:
        raise file_kinds.Refused("too_large_together")
    return kind


def _keep(tx: Tx, task: Any, name: str, content: bytes, digest: str, kind: str, by: Actor, now: datetime) -> int:
    told = history.personal(tx, "attachment", {"name": name, "sha256": digest})
    new_id = tx.insert(
        attachment,
        task_id=task.id,
        name=name,
        sha256=digest,
        commitment=told[history.MARK],
        kind=kind,
        size=len(content),
        added_by=by.person_id,
        added_at=now,
    )
    tx.execute(attachment_content.insert().values(attachment_id=new_id, content=content))
    body = {"attachment": new_id, "file": told, "kind": kind, "size": len(content)}
    run = look(tx, task.instance_id, by=by, now=now)
    run.note_about(tx, task, "attachment_added", {**body, **reach.behalf(tx, task, by, now)})
    return new_id


def _row(tx: Tx, attachment_id: int) -> Any:
    row = tx.one(sa.select(attachment).where(attachment.c.id == attachment_id))
    if row is None:
        raise NotFound(kind="attachment")
    return row


def _was_handed_in(tx: Tx, task: Any, row: Any) -> bool:
    """Whether an answer has been given while the file was there, also one that was taken back since."""
    if task.state == "completed":
        return True
    given = sa.select(audit_event.c.id).where(
        audit_event.c.chain.in_(history.chains_of(task)),
        audit_event.c.task_id == task.id,
        audit_event.c.type.in_(ANSWERED),
        audit_event.c.occurred_at >= row.added_at,
    )
    return tx.one(given.limit(1)) is not None
