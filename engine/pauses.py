"""Since when, by whom and why an instance is paused, for those who meet a task of it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import history
from engine.running import Run
from engine.store.database import Tx


@dataclass(frozen=True)
class Pause:
    """`by`: a name, None when the system did it. `at` is process time (UTC)."""

    at: datetime
    by: str | None
    reason: str


def of(tx: Tx, run: Run) -> Pause | None:
    """The pause that lasts; None when the instance is not paused."""
    if run.state != "suspended":
        return None
    newest = history.timeline(tx, run.id, types=["instance_suspended"], limit=1)
    if not newest:
        return None  # suspended by what left no event: a damaged row that was put aside
    return Pause(newest[0].occurred_at, newest[0].actor_name, str(newest[0].body.get("reason") or ""))


def stops(instance_state: str, task: Any) -> bool:
    """Whether a task in an instance of that state waits: follow-on tasks outlive the instance, but not a pause."""
    return instance_state != "active" and (instance_state != "completed" or task.follow_on is None)
