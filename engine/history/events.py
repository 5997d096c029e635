"""Appending to the audit chain, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine.actor import Actor
from engine.history.canonical import canonical, instant
from engine.store.database import Tx
from engine.store.queries import history as rows

GENESIS = "0" * 64
ORGANISATION = "org"


def instance_chain(instance_id: int) -> str:
    return f"i:{instance_id}"


def task_chain(task_id: int) -> str:
    """The chain of one row of a fan-out: its answer must not wait for the others."""
    return f"t:{task_id}"


@dataclass(frozen=True)
class NewEvent:
    """An event to append. `body`: old, new, reason, on_behalf_of, decided_by, definition, what else."""

    type: str
    chain: str
    occurred_at: datetime
    by: Actor
    instance_id: int | None = None
    task_id: int | None = None
    element_id: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


def append(
    tx: Tx,
    *,
    type: str,  # noqa: A002 (the word of the record itself)
    chain: str,
    occurred_at: datetime,
    by: Actor,
    instance_id: int | None = None,
    task_id: int | None = None,
    element_id: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> int:
    """Append one event; give its id. The chain's head stays locked until the end, so append last.

    `occurred_at` is process time (aware). The person behind `by` is written by id; names and free text that
    name people go through `personal`, so that they can be erased.
    """
    event = NewEvent(type, chain, occurred_at, by, instance_id, task_id, element_id, body or {})
    seq, prev = rows.lock_head(tx, chain, GENESIS)
    row = _row(tx, event, seq + 1, prev)
    event_id = rows.add_event(tx, row)
    rows.move_head(tx, chain, seq + 1, row["hash"])
    return event_id


def append_many(tx: Tx, events: Iterable[NewEvent]) -> None:
    """Append the first event of each of many new chains (a campaign's rows) in two statements."""
    rows.add_first_events(tx, [_row(tx, event, 1, GENESIS) for event in events])


def digest(prev: str, body: str) -> str:
    """What chains an event to the one before it."""
    return sha256((prev + body).encode()).hexdigest()


def _row(tx: Tx, event: NewEvent, seq: int, prev: str) -> dict[str, Any]:
    written = canonical(
        {
            "seq": seq,
            "chain": event.chain,
            "type": event.type,
            "occurred_at": instant(event.occurred_at),
            "recorded_at": instant(tx.recorded_at),
            "instance": event.instance_id,
            "task": event.task_id,
            "element": event.element_id,
            "actor": event.by.person_id,
            "body": event.body,
        }
    )
    return {
        "chain": event.chain,
        "seq": seq,
        "prev": prev,
        "hash": digest(prev, written),
        "body": written,
        "type": event.type,
        "instance_id": event.instance_id,
        "task_id": event.task_id,
        "element_id": event.element_id,
        "actor": event.by.person_id,
        "occurred_at": event.occurred_at,
        "recorded_at": tx.recorded_at,
    }
