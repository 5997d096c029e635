"""The same thing done with several tasks: chosen, looked at beforehand, carried out task by task.

Each task is a transaction of its own through the ordinary verb, together with the mark that it is done: one that is
refused spoils no other, and what was interrupted goes on where it stopped and does nothing twice. What was chosen is a
person's own, like a draft; the verbs write the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import activities, answers, handovers, inbox, reach, user_tasks
from engine.actor import Actor
from engine.errors import EngineError, Forbidden, InvalidForm, InvalidInput, NotFound, NotPossible
from engine.inbox_rows import Filters
from engine.operating import why
from engine.running import look
from engine.store.database import Tx
from engine.store.tables import bulk, bulk_task, instance, user_task
from engine.task_form import task_form
from engine.texts import Text

ACTIONS = ("claim", "release", "hand_over", "answer")
MOST = 500
"""Tasks at a time."""
KEPT = timedelta(days=30)
"""How long (wall time) its owner can look at what was done."""
SHOWN = 5


@dataclass(frozen=True)
class Order:
    """What is to be done with each: to whom and why for `hand_over`, which answer for `answer`."""

    person_id: str | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """Why a task is left as it is: an error's code and parameters, whose instants are ISO text."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A task among those chosen. `state`: waiting, done, refused; `refusal` also says what would refuse it now."""

    task_id: int
    title: Text
    plan_year: int
    unit_name: str
    state: str
    refusal: Refusal | None


@dataclass(frozen=True)
class Bulk:
    """`started` tells whether it has been ordered. `left_out`: how many more there were than can be taken at a time.

    `base`: for an answer, the task whose form is shown; None when none of them can be answered alike.
    """

    id: int
    action: str
    started: bool
    left_out: int
    created_at: datetime
    rows: list[Row]
    base: int | None

    def count(self, state: str) -> int:
        """How many are waiting, done or refused."""
        return sum(row.state == state for row in self.rows)

    @property
    def possible(self) -> list[Row]:
        """Those with which it would be done now."""
        return [row for row in self.rows if row.state == "waiting" and row.refusal is None]


@dataclass(frozen=True)
class Latest:
    """One of a person's latest, for a link to it."""

    id: int
    action: str
    created_at: datetime
    tasks: int
    waiting: int


def matching(tx: Tx, filters: Filters, by: Actor, now: datetime) -> list[int]:
    """The open tasks of the person's inbox that fit the filter, by last day: one more than MOST at most."""
    return inbox.open_task_ids(tx, by, now, filters, MOST + 1)


def begin(tx: Tx, action: str, task_ids: Sequence[int], *, by: Actor, now: datetime) -> int:
    """Choose tasks, the first MOST of them; nothing is done with them yet. Those of strangers are left out.

    Raises InvalidInput (field action: unknown; tasks: nothing_chosen).
    """
    if action not in ACTIONS:
        raise InvalidInput(field="action", reason="unknown")
    _forget_old(tx, by)
    rows = tx.rows(sa.select(user_task).where(user_task.c.id.in_(list(task_ids[: 2 * MOST]))).order_by(
        user_task.c.due_at, user_task.c.id
    ))  # fmt: skip
    mine = [row for row in rows if _reaches(tx, row, by, now)]
    if not mine:
        raise InvalidInput(field="tasks", reason="nothing_chosen")
    left_out = len(mine) - len(mine[:MOST])
    new_id = tx.insert(
        bulk, person_id=by.person_id, action=action, left_out=left_out, order=None, created_at=tx.recorded_at
    )
    tx.execute(
        sa.insert(bulk_task),
        [{"bulk_id": new_id, "task_id": row.id, "place": place} for place, row in enumerate(mine[:MOST])],
    )
    return new_id


def read(tx: Tx, bulk_id: int, actor: Actor, now: datetime) -> Bulk:
    """What was chosen and how far it has come; before it is ordered, what would happen. Raises NotFound."""
    one = _own(tx, bulk_id, actor)
    rows = tx.rows(
        sa.select(
            bulk_task.c.state.label("done"), bulk_task.c.code, bulk_task.c.params, instance.c.definition_id, user_task
        )
        .join(user_task, user_task.c.id == bulk_task.c.task_id)
        .join(instance, instance.c.id == user_task.c.instance_id)
        .where(bulk_task.c.bulk_id == bulk_id)
        .order_by(bulk_task.c.place)
    )
    started = one.order is not None
    base = _base(tx, rows, actor, now) if one.action == "answer" else None
    return Bulk(
        one.id,
        one.action,
        started,
        one.left_out,
        one.created_at,
        [_row(tx, row, None if started else (one.action, base), actor, now) for row in rows],
        base.id if base is not None else None,
    )


def latest(tx: Tx, actor: Actor) -> list[Latest]:
    """The person's newest that were ordered."""
    tasks, waiting = sa.func.count(), sa.func.sum(sa.case((bulk_task.c.state == "waiting", 1), else_=0))
    found = (
        sa.select(bulk.c.id, bulk.c.action, bulk.c.created_at, tasks.label("tasks"), waiting.label("waiting"))
        .join(bulk_task, bulk_task.c.bulk_id == bulk.c.id)
        .where(bulk.c.person_id == actor.person_id, bulk.c.order.is_not(None))
        .group_by(bulk.c.id, bulk.c.action, bulk.c.created_at)
        .order_by(bulk.c.id.desc())
        .limit(SHOWN)
    )
    return [Latest(row.id, row.action, row.created_at, row.tasks, row.waiting) for row in tx.rows(found)]


def check_answer(tx: Tx, bulk_id: int, data: Mapping[str, Any], actor: Actor, now: datetime) -> dict[int, Any]:
    """What would be refused and noted if this were everyone's answer: `forms.Validated` by task. Raises NotFound."""
    chosen = read(tx, bulk_id, actor, now)
    return {row.task_id: task_form(tx, row.task_id, actor, now).check(data) for row in chosen.possible}


def start(tx: Tx, bulk_id: int, order: Order, *, by: Actor, now: datetime) -> None:
    """Order it. The first order counts; another changes nothing. Those that cannot be done are refused at once.

    Raises NotFound, NotPossible (nothing_possible), InvalidInput (field reason, person).
    """
    one = _own(tx, bulk_id, by)
    if one.action == "hand_over":
        order = Order(order.person_id, why(order.reason))
        if order.person_id is None or order.person_id == by.person_id:
            raise InvalidInput(field="person", reason="same")
    chosen = read(tx, bulk_id, by, now)
    if chosen.started:
        return
    if not chosen.possible:
        raise NotPossible(reason="nothing_possible")
    taken = tx.execute(bulk.update().where(bulk.c.id == bulk_id, bulk.c.order.is_(None)).values(order=asdict(order)))
    if taken.rowcount != 1:
        return
    for row in chosen.rows:
        if row.refusal is not None:
            _mark(tx, bulk_id, row.task_id, "refused", row.refusal)


def waiting(tx: Tx, bulk_id: int, actor: Actor, limit: int) -> list[int]:
    """The next tasks to be done, in their order. Raises NotFound."""
    one = _own(tx, bulk_id, actor)
    if one.order is None:
        return []
    left = (
        sa.select(bulk_task.c.task_id)
        .where(bulk_task.c.bulk_id == bulk_id, bulk_task.c.state == "waiting")
        .order_by(bulk_task.c.place)
        .limit(limit)
    )
    return [row.task_id for row in tx.rows(left)]


def carry_out(tx: Tx, bulk_id: int, task_id: int, *, by: Actor, now: datetime) -> None:
    """Do it with one task, unless it was done already: the verb and its mark in the caller's one transaction.

    Raises what the verb raises; the caller's next transaction is `refuse`.
    """
    one = _own(tx, bulk_id, by)
    if one.order is None or not _mark(tx, bulk_id, task_id, "done", None):
        return
    order = Order(**one.order)
    if one.action == "claim":
        user_tasks.claim(tx, task_id, by=by, now=now)
    elif one.action == "release":
        user_tasks.release(tx, task_id, by=by, now=now)
    elif one.action == "hand_over":
        handovers.hand_over(tx, task_id, order.person_id or "", reason=order.reason, by=by, now=now)
    else:
        user_tasks.complete(tx, task_id, order.data, by=by, now=now, first=True)


def refuse(tx: Tx, bulk_id: int, task_id: int, error: EngineError, *, by: Actor) -> None:
    """Keep why the task was left as it is. Raises NotFound."""
    _own(tx, bulk_id, by)
    _mark(tx, bulk_id, task_id, "refused", _refusal(error))


def _own(tx: Tx, bulk_id: int, actor: Actor) -> sa.Row[Any]:
    row = tx.one(sa.select(bulk).where(bulk.c.id == bulk_id))
    if row is None or row.person_id != actor.person_id:
        raise NotFound(kind="bulk")
    return row


def _mark(tx: Tx, bulk_id: int, task_id: int, state: str, refusal: Refusal | None) -> bool:
    """The database decides: only one that waits is marked, and only once."""
    changed = tx.execute(
        bulk_task.update()
        .where(bulk_task.c.bulk_id == bulk_id, bulk_task.c.task_id == task_id, bulk_task.c.state == "waiting")
        .values(
            state=state,
            code=refusal.code if refusal else None,
            params=dict(refusal.params) if refusal else None,
        )
    )
    return changed.rowcount == 1


def _reaches(tx: Tx, task: sa.Row[Any], by: Actor, now: datetime) -> bool:
    try:
        reach.ensure_may_act(tx, task, by, now)
    except (NotFound, Forbidden):
        return False
    return True


def _base(tx: Tx, rows: Sequence[sa.Row[Any]], actor: Actor, now: datetime) -> sa.Row[Any] | None:
    """The first task that can be answered alike: its form is everyone's."""
    for row in rows:
        try:
            _ensure_answerable(tx, row, row, actor, now)
        except EngineError:
            continue
        return row
    return None


def _answerable_alike(tx: Tx, task: sa.Row[Any], actor: Actor, now: datetime) -> bool:
    form = look(tx, task.instance_id, by=actor, now=now).deployed.package.forms[task.form]
    return form.alike or form.quick is not None


def _row(tx: Tx, row: sa.Row[Any], action: tuple[str, sa.Row[Any] | None] | None, actor: Actor, now: datetime) -> Row:
    refusal = Refusal(row.code, row.params or {}) if row.code else None
    if action is not None and row.done == "waiting":
        try:
            _ensure_possible(tx, row, *action, actor, now)
        except EngineError as error:
            refusal = _refusal(error)
    return Row(row.id, Text(row.title_sv, row.title_en), row.plan_year, row.unit_name, row.done, refusal)


def _ensure_possible(
    tx: Tx, task: sa.Row[Any], action: str, base: sa.Row[Any] | None, by: Actor, now: datetime
) -> None:
    """Raises what the verb would, as far as it can be told beforehand."""
    how = reach.ensure_may_act(tx, task, by, now)
    if action == "answer":
        _ensure_answerable(tx, task, base, by, now)
        return
    if task.state != "open":
        raise answers.lost_race(tx, task.id)
    if not reach.is_free_for(tx, task, by, now):
        raise answers.taken(tx, task)
    if action == "claim":
        user_tasks.ensure_running(look(tx, task.instance_id, by=by, now=now), task)
        if task.assignee_id == by.person_id:
            raise NotPossible(reason="already_yours")
    if action == "release" and task.assignee_id is None:
        raise NotPossible(reason="not_taken")
    if action == "hand_over" and how == "handed":
        raise NotPossible(reason="handed_once")


def _ensure_answerable(tx: Tx, task: sa.Row[Any], base: sa.Row[Any] | None, by: Actor, now: datetime) -> None:
    run = look(tx, task.instance_id, by=by, now=now)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    if task.state == "completed":
        raise answers.lost_race(tx, task.id)
    user_tasks.ensure_open(tx, run, task, step if step is not None and step.multi else None, by, None)
    if base is None or not _answerable_alike(tx, task, by, now):
        raise NotPossible(reason="answered_alone")
    if _step_of(task) != _step_of(base):
        raise NotPossible(reason="other_step")


def _step_of(task: sa.Row[Any]) -> tuple[Any, ...]:
    """The same work, in one instance or in many of one version and year."""
    return task.definition_id, task.plan_year, task.element_id, task.form


def _refusal(error: EngineError) -> Refusal:
    params = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in error.params.items()}
    if isinstance(error, InvalidForm):
        params = {"fields": len(error.errors)}
    return Refusal(error.code, params)


def _forget_old(tx: Tx, by: Actor) -> None:
    old = sa.select(bulk.c.id).where(bulk.c.person_id == by.person_id, bulk.c.created_at < tx.recorded_at - KEPT)
    tx.execute(bulk_task.delete().where(bulk_task.c.bulk_id.in_(old)))
    tx.execute(bulk.delete().where(bulk.c.id.in_(old)))
