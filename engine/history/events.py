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
PENDING = "pending events"


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
) -> None:
    """Append one event, with what it says now. It is chained and written last in the transaction, in this order.

    `occurred_at` is process time (aware). The person behind `by` is written by id; names and free text that
    name people go through `personal`, so that they can be erased.
    """
    _put_off(tx, NewEvent(type, chain, occurred_at, by, instance_id, task_id, element_id, body or {}), new_chain=False)


def append_many(tx: Tx, events: Iterable[NewEvent]) -> None:
    """Append the first events of many new chains (a campaign's rows)."""
    for event in events:
        _put_off(tx, event, new_chain=True)


def _put_off(tx: Tx, event: NewEvent, *, new_chain: bool) -> None:
    """The heads of the chains are locked for as short a time as can be: from the last statements to the commit."""
    if PENDING not in tx.memo:
        tx.memo[PENDING] = []
        tx.put_off.append(lambda: _write(tx))
    tx.memo[PENDING].append((event, canonical(event.body), new_chain))


def _write(tx: Tx) -> None:
    pending: list[tuple[NewEvent, str, bool]] = tx.memo.pop(PENDING)
    begun = {event.chain for event, _body, new_chain in pending if new_chain}
    heads = rows.lock_heads(tx, sorted({event.chain for event, *_rest in pending} - begun), GENESIS)
    recorded_at = instant(tx.recorded_at)
    written = []
    for event, body, _new_chain in pending:
        seq, prev = heads.get(event.chain, (0, GENESIS))
        row = _row(tx, event, seq + 1, prev, body, recorded_at)
        heads[event.chain] = (seq + 1, row["hash"])
        written.append(row)
    rows.add_events(tx, written)
    rows.move_heads(tx, heads)


def digest(prev: str, body: str) -> str:
    """What chains an event to the one before it."""
    return sha256((prev + body).encode()).hexdigest()


def _id(key: int | None) -> str:
    return "null" if key is None else str(key)


def _row(tx: Tx, event: NewEvent, seq: int, prev: str, body: str, recorded_at: str) -> dict[str, Any]:
    # The members in the order that canonical JSON gives them.
    written = (
        f'{{"actor":{canonical(event.by.person_id)},"body":{body},"chain":{canonical(event.chain)},'
        f'"element":{canonical(event.element_id)},"instance":{_id(event.instance_id)},'
        f'"occurred_at":"{instant(event.occurred_at)}","recorded_at":"{recorded_at}","seq":{seq},'
        f'"task":{_id(event.task_id)},"type":"{event.type}"}}'
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
