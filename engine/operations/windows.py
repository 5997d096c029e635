"""Moving the last day of a step: what it would do, and doing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, jobs, step_windows
from engine.actor import Actor
from engine.errors import NotFound, NotPossible
from engine.operating import ensure_may_operate, why
from engine.operations import clashes
from engine.operations.common import Preview, concerned, full_day_of, last_instant, listed, sentence, tasks_in_words
from engine.rules import calendar
from engine.running import Run, lock, look
from engine.store.database import Tx
from engine.store.tables import activity, user_task
from engine.texts import Text


def preview_window(tx: Tx, instance_id: int, element_id: str, closes: date, *, by: Actor, now: datetime) -> Preview:
    """What moving an element's window would do. Raises NotFound, InvalidInput."""
    run = look(tx, instance_id, by=by, now=now)
    window = step_windows.of_instance(tx, instance_id).get(element_id)
    if window is None:
        raise NotFound(kind="element")
    closes_at = last_instant(closes, window.opens, now, field="closes")
    live = [row for row in activities.live(tx, instance_id) if row.element_id == element_id]
    said = [
        sentence(
            "Sista dagen för ”{name}” flyttas från {old} till {new}.",
            "The last day of “{name}” moves from {old} to {new}.",
            name=run.deployed.tasks[element_id].title.fill(run.names()),
            old=full_day_of(live[-1].closes_at if live else window.closes), new=full_day_of(closes_at),
        )
    ]  # fmt: skip
    tasks = _open_rows(tx, [row.id for row in live])
    if tasks:
        said.append(
            sentence(
                "{tasks} får den nya sista dagen. Det gäller {people}.",
                "{tasks} get the new last day. This concerns {people}.",
                tasks=tasks_in_words(len(tasks)), people=listed(list(concerned(tx, tasks, now).values())),
            )
        )  # fmt: skip
        said.append(Text("Påminnelser som inte har skickats planeras om efter den nya dagen.",
                         "Reminders not yet sent are planned anew after the new day."))  # fmt: skip
    else:
        said.append(Text("Steget har inte öppnat än. Det får den nya sista dagen när det öppnar.",
                         "The step has not opened yet. It gets the new last day when it opens."))  # fmt: skip
    said.append(Text("Andra stegs dagar ändras inte.", "The days of other steps do not change."))
    said.append(Text("Båda dagarna och skälet sparas i historiken.", "Both days and the reason stay in the history."))
    old = live[-1].due_at if live else window.due
    return Preview(tuple(said), warnings=clashes.of_last_day(tx, run, element_id, old, closes_at))


def move_window(
    tx: Tx, instance_id: int, element_id: str, closes: date, *, reason: str, by: Actor, now: datetime
) -> None:
    """Move the last day of an element's window; its open rows, reminders and timers follow. Both dates are kept.

    Raises NotFound, Forbidden, NotPossible (the instance has ended), InvalidInput (the reason, or the day closes:
    too_early, too_far).
    """
    ensure_may_operate(tx, by, now)
    reason, run = why(reason), lock(tx, instance_id, by=by, now=now)
    if run.state not in ("active", "suspended"):
        raise NotPossible(reason=f"instance_{run.state}")
    old = run.windows.get(element_id)
    if old is None:
        raise NotFound(kind="element")
    closes_at = last_instant(closes, old.opens, now, field="closes")
    run.windows[element_id] = calendar.Window(old.opens, closes_at, closes_at)
    step_windows.keep(tx, instance_id, run.windows)
    run.note(
        tx,
        "window_moved",
        {
            "old": calendar.civil(old.closes),
            "old_due": calendar.civil(old.due),
            "new": calendar.civil(closes_at),
            "reason": reason,
        },
        element_id=element_id,
    )
    _move_live(tx, run, element_id, closes_at)
    jobs.replan_timers(tx, run)


def _move_live(tx: Tx, run: Run, element_id: str, closes_at: datetime) -> None:
    for row in activities.live(tx, run.id):
        if row.element_id != element_id:
            continue
        tx.execute(activity.update().where(activity.c.id == row.id).values(closes_at=closes_at, due_at=closes_at))
        tx.execute(
            user_task.update()
            .where(user_task.c.activity_id == row.id, user_task.c.state == "open")
            .values(closes_at=closes_at, due_at=closes_at)
        )
        if row.state == "open":
            jobs.cancel_notices(tx, row.id, of_rows=True)  # they all have the step's last day from here on
            activities.schedule_notices(tx, run, activities.get(tx, row.id), run.deployed.tasks[element_id])


def _open_rows(tx: Tx, activity_ids: list[int]) -> list[sa.Row[Any]]:
    return tx.rows(
        sa.select(user_task)
        .where(user_task.c.activity_id.in_(activity_ids), user_task.c.state == "open")
        .order_by(user_task.c.id)
    )
