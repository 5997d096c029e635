"""15: two who want the same at once. One of them has it, and the other is told who."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from multiprocessing import Barrier
from multiprocessing.synchronize import Barrier as Start
from typing import Any

import sqlalchemy as sa
from torture import more
from torture.place import LINEAR
from torture.trial import Trial, wait
from torture.worker import Journal, Orders, Shifted, complete, holders, prepare

from arshjul.bench.site import NOW
from engine import user_tasks
from engine.actor import SYSTEM
from engine.errors import EngineError
from engine.operations import cancelling
from engine.store.database import Database
from engine.store.tables import audit_event, instance, record, user_task

Act = Callable[[Database, int, int], object]
"""What the first or second of the two (0, 1) does about a task."""


def two_approvers(trial: Trial) -> int:
    """Two answers to the same task."""
    more.begin(trial, linear=30, fan_outs=8)
    pairs = _race(trial, (_answer, _answer))
    for task, (one, other) in pairs.items():
        _look(trial, task, (one, other), one["won"] != other["won"])
        loser = other if one["won"] else one
        _look(trial, task, loser, loser["code"] == "task_not_open" and loser["by"] is not None)
    return len(pairs)


def two_claims(trial: Trial) -> int:
    """Both holders of a position take the same task; in the end the one who has it gives it back."""
    more.begin(trial, linear=150)
    pairs = _race(trial, (_claim, _claim), LINEAR)
    for task, (one, other) in pairs.items():
        _look(trial, task, (one, other), one["won"] != other["won"])
        loser = other if one["won"] else one
        _look(trial, task, loser, loser["code"] == "taken" and loser["by"] is not None)
    trial.finish(_give_back)
    return len(pairs)


def complete_and_cancel(trial: Trial) -> int:
    """An answer to a task, and the cancelling of its instance, which happens first or afterwards."""
    more.begin(trial, linear=150)
    pairs = _race(trial, (_answer, _cancel), LINEAR)
    for task, (answer, cancel) in pairs.items():
        late = answer["code"] == "not_possible" or (answer["code"], answer["state"]) == ("task_not_open", "cancelled")
        _look(trial, task, (answer, cancel), cancel["won"] and (answer["won"] or late))
    return len(pairs)


def change_and_take_back(trial: Trial) -> int:
    """A change of an answer, and the taking back of it, which happens first or afterwards: both are done."""
    key = more.begin_revisable(trial, years=8)
    more.answer_first(trial, key)
    pairs = _race(trial, (_change, _take_back), key, state="completed")
    trial.finish(partial(_look_at_last, told=pairs))
    return len(pairs)


def _look_at_last(orders: Orders, told: dict[int, list[dict[str, Any]]]) -> None:
    """The row, its record and the last of its events say the same."""
    journal, database = Journal(orders.journal), Database(orders.url, Shifted(NOW - NOW))
    with database.page() as tx:
        for task, both in told.items():
            row = user_tasks.get(tx, task)
            of_task = audit_event.c.task_id == task, audit_event.c.type.in_(("task_completed", "task_taken_back"))
            last = tx.rows(sa.select(audit_event.c.type).where(*of_task).order_by(audit_event.c.id))[-1].type
            live = sa.select(record).where(record.c.task_id == task, record.c.withdrawn.is_(False))
            notes = [kept.values["note"] for kept in tx.rows(live)]
            is_right = (
                (row.state, notes, row.answer) == ("completed", [_note(0)], {"note": _note(0)})
                if last == "task_completed"
                else (row.state, notes, row.answer) == ("open", [], None)
            )
            if not is_right or not all(one["won"] for one in both):
                journal.note(what="broken", why=f"D: {both} ended as {row.state}, {notes}, {row.answer} after {last}")
    database.dispose()


def _look(trial: Trial, task: int, told: object, right: bool) -> None:
    if not right:
        trial.broken(f"D: of two who wanted task {task}: {told}")


def _race(
    trial: Trial, acts: tuple[Act, Act], key: str | None = None, state: str = "open"
) -> dict[int, list[dict[str, Any]]]:
    """By task, what the first and the second got. They wait for each other before each task."""
    database = Database(trial.orders.url, Shifted(NOW - NOW))
    where = user_task.c.state == state, *([instance.c.key == key] if key else [])
    with database.page() as tx:
        tasks = [row.id for row in tx.rows(sa.select(user_task.c.id).join(instance).where(*where))]
    database.dispose()
    trial.rng.shuffle(tasks)
    start = Barrier(2)
    for child in [trial.send(partial(_act, n, act, tasks, start)) for n, act in enumerate(acts)]:
        wait(child)
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in sorted(trial.noted("pair"), key=lambda line: line["who"]):
        told[line["task"]].append(line)
    return {task: lines for task, lines in told.items() if len(lines) == 2}


def _act(who: int, act: Act, tasks: list[int], start: Start, orders: Orders) -> None:
    prepare(orders)
    journal, database = Journal(orders.journal), Database(orders.url, Shifted(NOW - NOW))
    for task in tasks:
        start.wait(timeout=60)
        told = {"won": True, "code": None, "by": None, "state": None}
        try:
            act(database, task, who)
        except EngineError as refusal:
            told |= {"won": False, "code": refusal.code}
            told |= {name: refusal.params.get(name) for name in ("by", "state")}
        else:
            if act in (_change, _take_back):
                journal.note(what="revised", by=str(who), task=task)
            if act is _answer:
                journal.note(what="answered", by=str(who), task=task, note=_note(who))
        journal.note(what="pair", task=task, who=who, **told)
    database.dispose()


def _note(who: int) -> str:
    return f"svar från {who}"


def _answer(database: Database, task: int, who: int) -> None:
    with database.page() as tx:
        by = holders(tx, task, NOW)
    complete(database, task, _note(who), by=by[who % len(by)], key=f"{who}:{task}", now=NOW)


def _change(database: Database, task: int, who: int) -> None:
    _answer(database, task, who)


def _take_back(database: Database, task: int, _who: int) -> None:
    with database.verb() as tx:
        user_tasks.take_back(tx, task, by=holders(tx, task, NOW)[0], now=NOW)


def _claim(database: Database, task: int, who: int) -> None:
    with database.verb() as tx:
        user_tasks.claim(tx, task, by=holders(tx, task, NOW)[who], now=NOW)


def _cancel(database: Database, task: int, _who: int) -> None:
    with database.verb() as tx:
        cancelling.cancel(tx, user_tasks.get(tx, task).instance_id, reason="behövs inte", by=SYSTEM, now=NOW)


def _give_back(orders: Orders) -> None:
    prepare(orders)
    database = Database(orders.url, Shifted(NOW - NOW))
    with database.verb() as tx:
        for task in tx.rows(sa.select(user_task).where(user_task.c.assignee_id.is_not(None))):
            by = next(actor for actor in holders(tx, task.id, NOW) if actor.person_id == task.assignee_id)
            user_tasks.release(tx, task.id, by=by, now=NOW)
    database.dispose()
