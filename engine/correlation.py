"""A message that one instance throws reaches one instance with the same business key.

Thrown, it becomes a job in the thrower's transaction (`posting.post`): it is lost or sent together with everything else
that was done, and no lock is taken under another. That job (`message`) finds who shall have it, and makes a second one
(`receive_message`) in the receiver's own line, which rests while the receiver is suspended:

1. the oldest live instance of that business key that waits for the message, the thrower last;
2. else a process whose start event is that message: a new instance of that business key, once;
3. else, if the diagram of a live instance of that key catches it somewhere, it is kept until that one waits;
4. else nobody hears it, and the thrower's history tells that it was thrown.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import bpmn, deployments, jobs, posting, process_instances
from engine.actor import SYSTEM
from engine.errors import AlreadyExists
from engine.rules import business_keys
from engine.running import Run, lock, peek
from engine.settle import settle
from engine.store.database import Tx
from engine.store.queries import instances as instance_rows


def route(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    """What the job of a thrown message does: find its receiver."""
    name = row.payload["message"]
    live = instance_rows.live_of(tx, deployments.deployed_keys(tx), row.payload["business_key"])
    live.sort(key=lambda one: one.id == row.payload["sender"])  # the sender itself comes last
    catching = [one.id for one in live if _catches(deployments.load(tx, one.definition_id).model, name)]
    receiver = _first_waiting(tx, catching, name, now)
    if receiver is None and (_start(tx, row, now) or not catching):
        return
    if receiver is None:
        # Held until this is done: one that comes to wait meanwhile has done so by now, or finds the message kept.
        for instance_id in sorted(catching):
            instance_rows.lock_state(tx, instance_id)
        receiver = _first_waiting(tx, catching, name, now)
    if receiver is None:
        posting.keep(tx, row)
        return
    jobs.add(tx, "receive_message", receiver, due_at=now, token=row.token, payload=row.payload)


def _first_waiting(tx: Tx, instance_ids: list[int], name: str, now: datetime) -> int | None:
    return next((one for one in instance_ids if _wait(peek(tx, one, now=now), name) is not None), None)


def receive(tx: Tx, row: sa.Row[Any], now: datetime) -> None:
    """What the job in the receiver's line does. Waits it no longer, the message looks for a receiver again."""
    run = lock(tx, row.instance_id, by=SYSTEM, now=now)
    name = row.payload["message"]
    wait = _wait(run, name) if run.state == "active" else None
    if wait is None:
        jobs.add(tx, "message", None, due_at=now, token=row.token, payload=row.payload)
        return
    if row.payload["sender"] is not None:
        body = {"message": name, "sender": row.payload["sender"]}
        run.note(tx, "message_received", body, element_id=wait.element_id)
    run.execution.correlate(wait.token, {}, name)
    settle(tx, run)


def _catches(model: bpmn.Model, name: str) -> bool:
    """Can it be waited for once the process has started? Events that throw it do not count, nor does the start."""
    return any(
        element.message == name and element.kind in ("intermediateCatchEvent", "boundaryEvent", "startEvent")
        for element in model.elements.values()
        if element not in model.starts
    )


def _wait(run: Run, name: str) -> bpmn.Wait | None:
    return next((w for w in run.execution.waits() if w.kind == "message" and w.message == name), None)


def _start(tx: Tx, row: sa.Row[Any], now: datetime) -> bool:
    """Is there a process that the message starts? If its instance is there already, the message has been heard."""
    for key in deployments.deployed_keys(tx):
        deployed, known = deployments.latest(tx, key), row.payload["variables"]
        if not any(e.event == "message" and e.message == row.payload["message"] for e in deployed.model.starts):
            continue
        columns, plan_year = deployed.package.columns, row.payload["plan_year"]
        if business_keys.business_key(columns, plan_year, known) != row.payload["business_key"]:
            continue
        names = [column.name for column in columns if column.name != business_keys.YEAR]
        given = {name: known[name] for name in names if name in known}
        with suppress(AlreadyExists), tx.savepoint():
            process_instances.begin(tx, deployed, plan_year, given, by=SYSTEM, now=now)
        return True
    return False
