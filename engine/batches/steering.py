"""A batch under way is paused, resumed, cancelled; what was set aside is tried again. Each with a reason."""

from __future__ import annotations

from datetime import datetime

from engine.actor import Actor
from engine.batches.making import find, note, queue, token
from engine.errors import NotPossible
from engine.operating import why
from engine.store.database import Tx
from engine.store.queries import batches as rows


def pause(tx: Tx, batch_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """The chunk under way is done; no other is begun. Raises NotFound, Forbidden, InvalidInput, NotPossible."""
    found, reason = find(tx, batch_id, by, now), why(reason)
    rows.stop_jobs(tx, token(batch_id))  # before the batch, as a chunk locks them
    if not rows.change(tx, batch_id, ["running"], state="paused"):
        raise NotPossible(reason=f"batch_{found.state}")
    note(tx, batch_id, "batch_paused", {"reason": reason}, by=by, now=now)


def resume(tx: Tx, batch_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """It goes on where it stopped. Raises NotFound, Forbidden, InvalidInput, NotPossible."""
    found, reason = find(tx, batch_id, by, now), why(reason)
    if not rows.change(tx, batch_id, ["paused"], state="running"):
        raise NotPossible(reason=f"batch_{found.state}")
    queue(tx, batch_id, found.kind, "waiting", now=now)
    note(tx, batch_id, "batch_resumed", {"reason": reason}, by=by, now=now)


def cancel(tx: Tx, batch_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """What is done stays done; the rest is left. Raises NotFound, Forbidden, InvalidInput, NotPossible."""
    found, reason = find(tx, batch_id, by, now), why(reason)
    rows.stop_jobs(tx, token(batch_id))
    left = rows.move_items(tx, batch_id, "waiting", "cancelled") + rows.move_items(
        tx, batch_id, "unchecked", "cancelled"
    )
    open_states = ["checking", "prepared", "running", "paused"]
    if not rows.change(tx, batch_id, open_states, state="cancelled", ended_at=now):
        raise NotPossible(reason=f"batch_{found.state}")
    if found.state in ("checking", "prepared"):  # counted what was looked at, not what was done
        rows.change(tx, batch_id, ["cancelled"], done=0)
    note(tx, batch_id, "batch_cancelled", {"left": left, "reason": reason}, by=by, now=now)


def retry(tx: Tx, batch_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """What was set aside while it ran is tried once more. Raises NotFound, Forbidden, InvalidInput, NotPossible."""
    found, reason = find(tx, batch_id, by, now), why(reason)
    if not rows.change(tx, batch_id, ["completed"], state="running", ended_at=None):
        raise NotPossible(reason=f"batch_{found.state}")
    again = rows.move_items(tx, batch_id, "failed", "waiting")
    if not again:
        raise NotPossible(reason="nothing_in_batch")
    rows.add_up(tx, batch_id, 0, -again)
    queue(tx, batch_id, found.kind, "waiting", now=now)
    note(tx, batch_id, "batch_retried", {"items": again, "reason": reason}, by=by, now=now)
