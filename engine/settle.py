"""After the diagram has moved: rows for what waits now, none for what waits no longer, what it threw on its way, and
the instance saved."""

from __future__ import annotations

from typing import Any

from engine import activities, incidents, jobs, posting
from engine.running import Run, note_moves, save
from engine.store.database import Tx


def settle(tx: Tx, run: Run) -> None:
    """Bring activities and timer jobs in line with the execution's wait states, and save."""
    posting.post(tx, run, run.execution.thrown)
    note_moves(tx, run)
    waits = run.execution.waits()
    live = activities.live(tx, run.id)
    _drop_activities(tx, run, [row for row in live if row.token not in {wait.token for wait in waits}])
    known = {row.token for row in live}
    for wait in waits:
        if wait.kind == "user_task" and wait.token not in known:
            activities.reach(tx, run, wait)
    posting.wake(tx, run, [wait.message or "" for wait in waits if wait.kind == "message"])
    jobs.keep_timers(tx, run, [wait for wait in waits if wait.kind == "timer"])
    if all(wait.token.startswith("start:") for wait in waits):
        _tell_if_still(tx, run)
    save(tx, run)


def _tell_if_still(tx: Tx, run: Run) -> None:
    """A diagram in which nothing can ever happen again is a technical fault, and not a cycle that rests."""
    element = run.execution.stands_still_at()
    if element is not None:
        message = "tokens wait at a join for others that can never come"
        incidents.raise_incident(
            tx, kind="diagram_deadlock", instance_id=run.id, element_id=element, message=message, now=run.now
        )


def _drop_activities(tx: Tx, run: Run, gone: list[Any]) -> None:
    """An activity whose token is gone was interrupted: close what its people had open."""
    for row in gone:
        activities.close_rows(tx, run, row)
        activities.finish(tx, run, row, "cancelled")
