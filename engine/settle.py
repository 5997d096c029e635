"""After the diagram has moved: rows for what waits now, none for what waits no longer, and the instance saved."""

from __future__ import annotations

from engine import activities, jobs
from engine.running import Run, save
from engine.store.database import Tx


def settle(tx: Tx, run: Run) -> None:
    """Bring activities and timer jobs in line with the execution's wait states, and save."""
    save(tx, run)
    run.execution.visits.clear()
    run.execution.thrown.clear()
    waits = run.execution.waits()
    _drop_activities(tx, run, {wait.token for wait in waits})
    live = {row.token: row for row in activities.live(tx, run.id)}
    for wait in waits:
        if wait.kind == "user_task" and wait.token not in live:
            activities.reach(tx, run, wait)
    jobs.keep_timers(tx, run, [wait for wait in waits if wait.kind == "timer"])


def _drop_activities(tx: Tx, run: Run, tokens: set[str]) -> None:
    """An activity whose token is gone was interrupted: close what its people had open."""
    for row in activities.live(tx, run.id):
        if row.token not in tokens:
            activities.close_rows(tx, run, row)
            activities.finish(tx, run, row, "cancelled")
