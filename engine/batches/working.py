"""A chunk of a batch, worked off by a job in one transaction: a crash loses nothing of it and repeats nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from engine.actor import SYSTEM
from engine.batches import migrating, starting
from engine.batches.making import note
from engine.batches.outcomes import Outcome
from engine.store.database import Tx
from engine.store.queries import batches as rows

Work = Callable[[Tx, Any, Sequence[Any], datetime], list[Outcome]]
CARRY_OUT: dict[str, Work] = {"start": starting.carry_out, "migrate": migrating.carry_out}


def work_off(tx: Tx, job: Any, now: datetime) -> None:
    """What the job of a chunk does."""
    found = rows.get(tx, job.payload["batch"])
    if found is None or found.state not in ("checking", "running"):
        return
    checking = found.state == "checking"
    items = rows.lock_items(
        tx, found.id, job.payload["first"], job.payload["last"], "unchecked" if checking else "waiting"
    )
    outcomes = (migrating.look if checking else CARRY_OUT[found.kind])(tx, found, items, now)
    by_number = {item.number: item for item in items}
    rows.settle_items(tx, [_settled(found.id, by_number[o.number], o, checking) for o in outcomes])
    failed = sum(outcome.error is not None for outcome in outcomes)
    counted = rows.add_up(tx, found.id, len(outcomes) - failed, failed)
    if counted.done + counted.failed >= counted.total:
        _end(tx, counted, now)


def _settled(batch_id: int, item: Any, outcome: Outcome, checking: bool) -> dict[str, Any]:
    went_well = "waiting" if checking else "done"
    return {
        "of_batch": batch_id,
        "of_number": item.number,
        "new_state": went_well if outcome.error is None else "failed",
        "new_error": outcome.error,
        "new_instance": outcome.instance_id,
        "new_payload": item.payload if outcome.payload is None else outcome.payload,
    }


def _end(tx: Tx, counted: Any, now: datetime) -> None:
    if counted.state == "checking":
        rows.change(tx, counted.id, ["checking"], state="prepared", done=0)
        return
    rows.change(tx, counted.id, ["running", "paused"], state="completed", ended_at=now)
    body = {"done": counted.done, "set_aside": counted.failed}
    note(tx, counted.id, "batch_ended", body, by=SYSTEM, now=now)
