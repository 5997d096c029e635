"""Appending to the audit chain, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine.actor import Actor
from engine.history.canonical import canonical, instant, with_places
from engine.history.personal import beside
from engine.store.database import Tx
from engine.store.queries import history as rows

GENESIS = "0" * 64
ORGANISATION = "org"
PENDING = "pending events"


def instance_chain(instance_id: int) -> str:
    return f"i:{instance_id}"


def task_chain(task_id: int) -> str:
    """The chain of one row of a fan-out, or of a follow-on task: its answer must not wait for the others."""
    return f"t:{task_id}"


def chains_of(task: Any) -> list[str]:
    """Where a task's events stand: its row says by `id` and `instance_id` which it is."""
    return [instance_chain(task.instance_id), task_chain(task.id)]


@dataclass(frozen=True)
class Alike:
    """Events that differ in chain, instance and task only, and in the members `own` of their bodies.

    `body` is what else they say: old, new, reason, on_behalf_of, decided_by, definition, what more there is.
    """

    type: str
    occurred_at: datetime
    by: Actor
    element_id: str | None
    body: Mapping[str, Any] = field(default_factory=dict)
    own: Sequence[str] = ()


Told = tuple[str, int | None, int | None, str]
"""Chain, instance, task and the body's canonical text."""


@dataclass(frozen=True)
class _Pending:
    """To be chained and written. `begins`: their chains begin in this transaction, so there is nothing to lock."""

    events: Alike
    told: list[Told]
    begins: bool


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
    name people go through `personal`, so that they can be erased; reasons and the like do so by themselves.
    """
    told = (chain, instance_id, task_id, canonical(beside(tx, body or {})))
    _pending(tx).append(_Pending(Alike(type, occurred_at, by, element_id), [told], begins=False))


def append_alike(tx: Tx, events: Alike, each: Iterable[tuple[str, int | None, int | None, Sequence[Any]]]) -> None:
    """Append an event for each chain, instance, task and own members in the order of `events.own`.

    Their chains begin in this transaction, be it with these events or with earlier ones of `append_alike`.
    """
    body, order = with_places(beside(tx, events.body), events.own)
    in_order = [events.own.index(name) for name in order]
    told = [
        (chain, instance_id, task_id, body % tuple([canonical(own[place]) for place in in_order]))
        for chain, instance_id, task_id, own in each
    ]
    _pending(tx).append(_Pending(events, told, begins=True))


def _pending(tx: Tx) -> list[_Pending]:
    """The heads of the chains are locked for as short a time as can be: from the last statements to the commit."""
    if PENDING not in tx.memo:
        tx.memo[PENDING] = []
        tx.put_off.append(lambda: _write(tx))
    found: list[_Pending] = tx.memo[PENDING]
    return found


def _write(tx: Tx) -> None:
    pending = _pending(tx)
    del tx.memo[PENDING]
    standing = {chain for one in pending if not one.begins for chain, *_rest in one.told}
    heads = rows.lock_heads(tx, sorted(standing), GENESIS)
    written = [row for one in pending for row in _rows(tx, one.events, one.told, heads)]
    rows.add_events(tx, written)
    rows.move_heads(tx, heads)


def _rows(tx: Tx, event: Alike, told: list[Told], heads: dict[str, tuple[int, str]]) -> Iterator[dict[str, Any]]:
    # The members in the order that canonical JSON gives them.
    before = f'{{"actor":{canonical(event.by.person_id)},"body":'
    between = f'"element":{canonical(event.element_id)},"instance":'
    times = f',"occurred_at":"{instant(event.occurred_at)}","recorded_at":"{instant(tx.recorded_at)}","seq":'
    after = f',"type":"{event.type}"}}'
    for chain, instance_id, task_id, body in told:
        last, prev = heads.get(chain, (0, GENESIS))
        seq = last + 1
        written = (
            f'{before}{body},"chain":{canonical(chain)},{between}{_id(instance_id)}{times}{seq},'
            f'"task":{_id(task_id)}{after}'
        )
        hashed = digest(prev, written)
        heads[chain] = (seq, hashed)
        yield {
            "chain": chain,
            "seq": seq,
            "prev": prev,
            "hash": hashed,
            "body": written,
            "type": event.type,
            "instance_id": instance_id,
            "task_id": task_id,
            "element_id": event.element_id,
            "actor": event.by.person_id,
            "occurred_at": event.occurred_at,
            "recorded_at": tx.recorded_at,
        }


def digest(prev: str, body: str) -> str:
    """What chains an event to the one before it."""
    return sha256((prev + body).encode()).hexdigest()


def _id(key: int | None) -> str:
    return "null" if key is None else str(key)
