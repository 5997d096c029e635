"""Verbs on user tasks. Each finds, checks, changes, records and announces in the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson
import sqlalchemy as sa

from engine import activities, answers, idempotency, identity, job_executor, jobs, pauses, reach, records, stuck
from engine.actor import Actor
from engine.errors import NotPossible, StaleRevision, TaskNotOpen
from engine.running import Run, lock, look, share
from engine.store.database import Tx
from engine.store.queries import activities as step_rows
from engine.store.queries import instances as instance_rows
from engine.store.queries import user_tasks as rows
from engine.store.tables import draft, user_task
from engine.texts import Text

CLOSE_RACE = 256
"""More open rows than PostgreSQL has connections: so many cannot be answered at once, each unseen by the others."""

get = reach.get


@dataclass(frozen=True)
class Receipt:
    """What completing a task led to, for the person who did it."""

    task_id: int
    title: Text
    unit_name: str
    at: datetime
    outcome: str
    departures: list[Text]
    revisable_until: datetime | None


def is_revisable(task: Any, step: Any | None, run: Run) -> bool:
    """An answer to a fan-out that only its deadline closes can be changed until then."""
    if task.state != "completed" or step is None or step.state != "open" or pauses.stops(run.state, task):
        return False
    return run.deployed.tasks[task.element_id].completes == "at-close" and run.now <= step.closes_at


def complete(
    tx: Tx,
    task_id: int,
    data: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    key: str | None = None,
    revision: int | None = None,
    first: bool = False,
) -> Receipt:
    """Answer a task. `key` makes a repeated request harmless; `revision` is the task's as it was shown.

    `first`: not to change an answer that somebody has given meanwhile.
    Raises NotFound, Forbidden, TaskNotOpen, TakenBySomeoneElse, StaleRevision, InvalidForm, KeyReused.
    """
    fingerprint = _fingerprint(task_id, data)
    if key is not None and (known := idempotency.remembered(tx, key, by.person_id or "", fingerprint)) is not None:
        return _receipt_of(tx, known, now)
    task = get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    if task.state == "completed":
        task = _to_change(tx, task, first)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    receipt = (
        _answer_step(tx, task, step, data, by, now, revision)
        if step is not None and not step.multi
        else _answer_row(tx, task, step, data, by, now, revision)
    )
    if key is not None:
        idempotency.remember(
            tx,
            key,
            by.person_id or "",
            fingerprint,
            {"task_id": task_id, "departures": [[d.sv, d.en] for d in receipt.departures]},
        )
    return receipt


def _to_change(tx: Tx, task: Any, first: bool) -> Any:
    """An answered task, read again under its instance's lock: whatever closes or cancels its step holds that too."""
    if first:
        raise answers.lost_race(tx, task.id)
    instance_rows.lock_state(tx, task.instance_id)
    return get(tx, task.id)


def _answer_step(
    tx: Tx,
    task: Any,
    step: Any,
    data: Mapping[str, Any],
    by: Actor,
    now: datetime,
    revision: int | None,
) -> Receipt:
    """The one row of a step: under the instance's lock, and the diagram moves on."""
    run = lock(tx, task.instance_id, by=by, now=now)
    if job_executor.run_due_of_instance(tx, run):
        run, task = lock(tx, run.id, by=by, now=now), get(tx, task.id)
    elif not tx.is_sqlite:
        task = get(tx, task.id)
    ensure_open(tx, run, task, None, by, revision)
    recorded = answers.record(tx, run, task, step.round, data, by)
    stuck.leave(tx, run, step)
    return _receipt(run, task, recorded, None)


def _answer_row(
    tx: Tx,
    task: Any,
    step: Any | None,
    data: Mapping[str, Any],
    by: Actor,
    now: datetime,
    revision: int | None,
) -> Receipt:
    """One row of a fan-out, or a follow-on task: others answer at the same time, and the diagram isn't loaded.

    The instance comes first, as for whoever closes, moves or cancels its tasks; such a one may just have been at it.
    """
    run = share(tx, task.instance_id, by=by, now=now)
    if not tx.is_sqlite:
        task = get(tx, task.id)
        step = activities.get(tx, step.id) if step is not None else None
    ensure_open(tx, run, task, step, by, revision)
    recorded = answers.record(tx, run, task, step.round if step else 1, data, by)
    if step is None:
        jobs.cancel(tx, task_id=task.id)
    elif run.deployed.tasks[task.element_id].completes == "when-all":
        advance_if_last(tx, step, now)
    at_close = step is not None and run.deployed.tasks[task.element_id].completes == "at-close"
    return _receipt(run, task, recorded, step.closes_at if step is not None and at_close else None)


def ensure_open(tx: Tx, run: Run, task: Any, step: Any | None, by: Actor, revision: int | None) -> None:
    """That the task can be answered, or its answer changed. Raises NotPossible, TaskNotOpen, TakenBySomeoneElse,
    StaleRevision.
    """
    ensure_running(run, task)
    if task.state != "open" and not is_revisable(task, step, run):
        raise answers.lost_race(tx, task.id)
    if step is not None and run.deployed.tasks[task.element_id].completes == "at-close" and run.now > step.closes_at:
        raise TaskNotOpen(state="closed", by=None, at=step.closes_at)
    if task.state == "open" and not reach.is_free_for(tx, task, by, run.now):
        raise answers.taken(tx, task)
    if revision is not None and revision != task.revision:
        raise StaleRevision(by=identity.person_name(tx, task.answered_by), at=task.answered_at)


def ensure_running(run: Run, task: Any) -> None:
    """That the task does not wait for its instance to be resumed. Raises NotPossible."""
    if pauses.stops(run.state, task):
        raise NotPossible(reason=f"instance_{run.state}")


def advance_if_last(tx: Tx, step: Any, now: datetime) -> None:
    """The answer that leaves none open queues the advance, durably, in its own transaction.

    It is looked for once all answers of the transaction are given, so that nobody wants a task while holding its step.
    """
    if (marked := ("may be the last", step.id)) not in tx.memo:
        tx.memo[marked] = True
        tx.put_off.insert(0, partial(_look_whether_last, tx, step, now))


def _look_whether_last(tx: Tx, step: Any, now: datetime) -> None:
    """On PostgreSQL two last answers at once do not see each other; so near the end each waits for the activity's row
    and looks again. SQLite's come one after the other.
    """
    del tx.memo["may be the last", step.id]
    if not tx.is_sqlite:
        if rows.left_open(tx, step.id, CLOSE_RACE) >= CLOSE_RACE:
            return
        step_rows.lock(tx, step.id)
    if rows.left_open(tx, step.id, 1) == 0:
        jobs.add(tx, "advance_activity", step.instance_id, due_at=now, activity_id=step.id)


def take_back(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> None:
    """Undo an answer that may still be changed: its records are withdrawn, the task is open, what was typed is a draft.

    Raises NotFound, Forbidden, TaskNotOpen.
    """
    task = get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    task = _to_change(tx, task, first=False)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    run = look(tx, task.instance_id, by=by, now=now)
    if run.state != "active":
        raise NotPossible(reason=f"instance_{run.state}")
    if not is_revisable(task, step, run):
        raise answers.lost_race(tx, task_id)
    changed = tx.execute(
        user_task.update()
        .where(user_task.c.id == task_id, user_task.c.revision == task.revision)
        .values(
            state="open",
            outcome=None,
            answered_at=None,
            answered_by=None,
            ended_at=None,
            answer=None,
            revision=task.revision + 1,
        )
    )
    if changed.rowcount != 1:
        raise answers.lost_race(tx, task_id)
    for row in records.of_any_type(tx, task_id):
        records.update(
            tx, run.deployed.package, row.id, "withdrawn", {}, by=by, now=now, task_id=task_id, withdrawn=True
        )
    run.note_about(tx, task, "task_taken_back", {"unit_name": task.unit_name, **reach.behalf(tx, task, by, now)})
    if by.person_id is not None and task.answer is not None:
        save_draft(tx, task_id, task.answer, version=None, by=by, now=now)


def save_draft(
    tx: Tx, task_id: int, data: Mapping[str, Any], *, version: int | None, by: Actor, now: datetime
) -> tuple[int, datetime]:
    """Keep what a person has typed: plain, versioned, outside history. Gives (version, saved at).

    Any state of the task is accepted: nothing typed is lost when it was closed meanwhile.
    Raises StaleRevision when another of the person's own windows has saved since `version`; NotFound for a stranger.
    """
    task = get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    where = (draft.c.task_id == task_id, draft.c.person_id == by.person_id)
    own = sa.select(draft.c.version, draft.c.saved_at).where(*where).with_for_update(key_share=True)
    row = tx.one(own)
    if row is None:
        if rows.add_draft(tx, task_id=task_id, person_id=by.person_id, data=dict(data), version=1, saved_at=now):
            return 1, now
        row = tx.one(own)
    if row is None or version not in (None, row.version):
        raise StaleRevision(by=by.name, at=row.saved_at if row is not None else now)
    tx.execute(draft.update().where(*where).values(data=dict(data), version=row.version + 1, saved_at=now))
    return row.version + 1, now


def discard_draft(tx: Tx, task_id: int, *, by: Actor) -> None:
    """Throw away the person's own draft."""
    tx.execute(draft.delete().where(draft.c.task_id == task_id, draft.c.person_id == by.person_id))


def claim(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> None:
    """Take a task of a position with several holders. Again by the same person: no harm.

    Raises TakenBySomeoneElse, NotPossible (the instance is paused: there is nothing to take it for).
    """
    task = get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    ensure_running(look(tx, task.instance_id, by=by, now=now), task)
    _assign(tx, task_id, by.person_id, "task_claimed", by, now)


def release(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> None:
    """Give a claimed task back to its position. Raises TakenBySomeoneElse when it is another's."""
    _assign(tx, task_id, None, "task_released", by, now)


def _assign(tx: Tx, task_id: int, to: str | None, event: str, by: Actor, now: datetime) -> None:
    task = get(tx, task_id)
    reach.ensure_may_act(tx, task, by, now)
    if task.assignee_id == to:
        return
    changed = tx.execute(
        user_task.update()
        .where(
            user_task.c.id == task_id,
            user_task.c.state == "open",
            sa.or_(user_task.c.assignee_id.is_(None), user_task.c.assignee_id.in_(reach.hands(tx, task, by, now))),
        )
        .values(assignee_id=to, handed_by=None, handed_reason=None, revision=user_task.c.revision + 1)
    )
    if changed.rowcount != 1:
        raise answers.lost_race(tx, task_id)
    _note(tx, task, event, {"old": task.assignee_id, "new": to, **reach.behalf(tx, task, by, now)}, by, now)


def _note(tx: Tx, task: Any, type_: str, body: dict[str, Any], by: Actor, now: datetime) -> None:
    look(tx, task.instance_id, by=by, now=now).note_about(tx, task, type_, body)


def _fingerprint(task_id: int, data: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps([task_id, data], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _receipt(run: Run, task: Any, recorded: answers.Recorded, until: datetime | None) -> Receipt:
    """Of an answer just given: the row as it was read, before the answer, says where it belongs."""
    departures = [Text(d.sv, d.en) for d in recorded.departures]
    title = Text(task.title_sv, task.title_en)
    return Receipt(task.id, title, task.unit_name, run.now, "answered", departures, until)


def _receipt_of(tx: Tx, known: Mapping[str, Any], now: datetime) -> Receipt:
    """Of an answer given before, when its request comes again."""
    task = get(tx, known["task_id"])
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    run = look(tx, task.instance_id, by=Actor(None, ""), now=now)
    until = step.closes_at if step is not None and is_revisable(task, step, run) else None
    departures = [Text(sv, en) for sv, en in known["departures"]]
    title = Text(task.title_sv, task.title_en)
    return Receipt(task.id, title, task.unit_name, task.answered_at, task.outcome, departures, until)
