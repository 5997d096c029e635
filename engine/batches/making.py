"""A batch is made, looked at, begun: nothing happens to any instance before somebody has begun it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import deployments, history, jobs, process_instances
from engine.actor import Actor
from engine.errors import InvalidInput, NotFound, NotPossible
from engine.operating import ensure_may_operate, why
from engine.store.database import Tx
from engine.store.queries import batches as rows
from engine.store.tables import batch

LARGEST = 70_000
"""Items of one batch; a region has some 20,000 employees, the largest 60,000."""
CHUNK = {"start": 500, "migrate": 50}
"""Items of one transaction: long enough to be worth its commit, short enough to let others write in between."""


def make(
    tx: Tx,
    kind: str,
    deployed: deployments.Deployed,
    items: list[dict[str, Any]],
    *,
    reason: str,
    by: Actor,
    now: datetime,
) -> int:
    """A batch of these items (business_key, payload, state, error, instance_id). Gives its id.

    Raises Forbidden, InvalidInput (no reason, no items, too many).
    """
    ensure_may(tx, kind, deployed, by, now)
    reason = why(reason)
    if not items or len(items) > LARGEST:
        raise InvalidInput(field="file", reason="too_many_rows" if items else "no_rows", value=len(items))
    unchecked = sum(item["state"] == "unchecked" for item in items)
    failed = sum(item["state"] == "failed" for item in items)
    batch_id = tx.insert(
        batch,
        kind=kind,
        definition_id=deployed.id,
        reason=reason,
        state="checking" if unchecked else "prepared",
        total=len(items),
        failed=failed,
        done=len(items) - failed - unchecked if unchecked else 0,
        made_by=by.person_id,
        made_at=now,
    )
    rows.insert_items(tx, [{"batch_id": batch_id, "number": n, **item} for n, item in enumerate(items, start=1)])
    body = {"kind": kind, "key": deployed.key, "definition_version": deployed.version, "total": len(items)}
    note(tx, batch_id, "batch_made", {**body, "set_aside": failed, "reason": reason}, by=by, now=now)
    if unchecked:
        queue(tx, batch_id, kind, "unchecked", now=now)
    return batch_id


def begin(tx: Tx, batch_id: int, *, by: Actor, now: datetime) -> None:
    """Let it be worked off. Begun already: no harm. Raises NotFound, Forbidden, NotPossible."""
    found = find(tx, batch_id, by, now)
    if found.state in ("running", "paused", "completed"):
        return
    if found.failed == found.total:
        raise NotPossible(reason="nothing_in_batch")
    if not rows.change(tx, batch_id, ["prepared"], state="running", done=0):
        raise NotPossible(reason=f"batch_{found.state}")
    queue(tx, batch_id, found.kind, "waiting", now=now)
    note(tx, batch_id, "batch_begun", {"total": found.total - found.failed}, by=by, now=now)


def queue(tx: Tx, batch_id: int, kind: str, state: str, *, now: datetime) -> None:
    """A job for each chunk that still holds an item in this state."""
    numbers, size = rows.numbers(tx, batch_id, state), CHUNK[kind]
    for start in range(0, len(numbers), size):
        part = numbers[start : start + size]
        payload = {"batch": batch_id, "first": part[0], "last": part[-1]}
        jobs.add(tx, "batch", None, due_at=now, token=token(batch_id), payload=payload)


def token(batch_id: int) -> str:
    return f"batch:{batch_id}"


def find(tx: Tx, batch_id: int, by: Actor, now: datetime) -> Any:
    """The batch, for one who may steer it. Raises NotFound, Forbidden."""
    found = rows.get(tx, batch_id)
    if found is None:
        raise NotFound(kind="batch")
    ensure_may(tx, found.kind, deployments.load(tx, found.definition_id), by, now)
    return found


def ensure_may(tx: Tx, kind: str, deployed: deployments.Deployed, by: Actor, now: datetime) -> None:
    """Who may start one may start many; who may operate may migrate. Raises Forbidden."""
    if kind == "start":
        process_instances.ensure_may_start(tx, deployed, by, now)
    else:
        ensure_may_operate(tx, by, now)


def note(tx: Tx, batch_id: int, type_: str, body: dict[str, Any], *, by: Actor, now: datetime) -> None:
    """An event of the batch's own chain."""
    history.append(tx, type=type_, chain=f"b:{batch_id}", occurred_at=now, by=by, body={"batch": batch_id, **body})
