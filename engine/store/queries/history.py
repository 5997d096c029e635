"""The audit chain's rows: heads, events, checkpoints and the personal values beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from engine.store import terms
from engine.store.database import Tx
from engine.store.many import FEW, Many
from engine.store.sql import Sql, insert
from engine.store.tables import audit_event, chain_head, checkpoint, person, personal_value

_HEADS = Sql(
    "select chain, seq, hash from chain_head where chain in (select value from json_each(:chains))",
    chain_head,
    postgresql="select chain, seq, hash from chain_head where chain = any(:chains) order by chain for no key update",
)
_BEGIN_HEAD = Sql(
    "insert into chain_head (chain, seq, hash) values (:chain, 0, :hash) on conflict (chain) do nothing", chain_head
)
_MOVE_HEAD = Sql(
    "insert into chain_head (chain, seq, hash) values (:chain, :seq, :hash)"
    " on conflict (chain) do update set seq = excluded.seq, hash = excluded.hash",
    chain_head,
)
_OWN = ("chain", "seq", "prev", "hash", "body", "type", "instance_id", "task_id", "element_id", "actor")
_INSTANTS = ("occurred_at", "recorded_at")
_ADD_EVENT = insert(audit_event, *_OWN, *_INSTANTS)
_ADD_EVENTS = Many(audit_event, _INSTANTS, _OWN)
_HEAD = ("chain", "seq", "hash")
_MOVE_HEADS = Many(
    chain_head, (), _HEAD, otherwise="on conflict (chain) do update set seq = excluded.seq, hash = excluded.hash"
)
_NEWEST = Sql("select coalesce(max(id), 0) as id from audit_event")
_NOTE_TERMS = Sql(terms.SQLITE)
_PIECES = {"yield_per": 1000}
"""Rows are fetched so many at a time, so that however many take the same memory."""
_ADD_PERSONAL_VALUE = insert(personal_value, "commitment", "field", "salt", "value")


def lock_heads(tx: Tx, chains: list[str], genesis: str) -> dict[str, tuple[int, str]]:
    """Each chain's last seq and hash, locked until the transaction ends; a new one starts at (0, genesis)."""
    found = _heads_of(tx, chains)
    missing = [chain for chain in chains if chain not in found]
    if missing and not tx.is_sqlite:  # SQLite's verbs hold the whole database
        tx.each(_BEGIN_HEAD, [{"chain": chain, "hash": genesis} for chain in missing])
        return found | _heads_of(tx, missing)
    return found


def _heads_of(tx: Tx, chains: list[str]) -> dict[str, tuple[int, str]]:
    # PostgreSQL locks in this one order everywhere, so that no two transactions wait for each other.
    return {row.chain: (row.seq, row.hash) for row in tx.find(_HEADS, chains=tx.array(chains))} if chains else {}


def move_heads(tx: Tx, heads: dict[str, tuple[int, str]]) -> None:
    if len(heads) <= FEW:
        tx.each(_MOVE_HEAD, [{"chain": chain, "seq": seq, "hash": digest} for chain, (seq, digest) in heads.items()])
    else:
        _MOVE_HEADS.insert(tx, [(chain, *head) for chain, head in heads.items()])


def add_events(tx: Tx, events: Sequence[dict[str, Any]]) -> None:
    """In this order, with what each is found by. A seq that its chain has already breaks a unique key."""
    before = tx.number(_NEWEST) if tx.is_sqlite else None
    if len(events) <= FEW:
        tx.each(_ADD_EVENT, events)
    else:
        for instants, some in groupby(events, itemgetter(*_INSTANTS)):
            shared = dict(zip(_INSTANTS, instants, strict=True))
            _ADD_EVENTS.insert(tx, list(map(itemgetter(*_OWN), some)), **shared)
    if before is not None:
        note_terms(tx, before, before + len(events))


def note_terms(tx: Tx, before: int, newest: int) -> None:
    """What the events are found by whose blocks were filled since event `before` was the newest, on SQLite.

    PostgreSQL has a trigger for it.
    """
    first, end = terms.unnoted(before), terms.unnoted(newest)
    if first < end:
        tx.change(_NOTE_TERMS, first=first, end=end)


def heads(tx: Tx) -> dict[str, tuple[int, str]]:
    """Every chain's last seq and hash."""
    tx.flush()
    return {row.chain: (row.seq, row.hash) for row in tx.rows(sa.select(chain_head))}


def heads_in_order(tx: Tx) -> Iterator[sa.Row[Any]]:
    """Every chain's head, in the order in which `stream` comes to them."""
    tx.flush()
    statement = sa.select(chain_head).order_by(_in_bytes(tx, chain_head.c.chain))
    yield from tx.execute(statement.execution_options(**_PIECES))


def number_of_events(tx: Tx) -> int:
    """As the heads count them, which is soon told."""
    return int(tx.scalar(sa.select(sa.func.sum(chain_head.c.seq))) or 0)


def newest_event(tx: Tx) -> sa.Row[Any] | None:
    tx.flush()
    return tx.one(sa.select(audit_event).order_by(audit_event.c.id.desc()).limit(1))


def event_at(tx: Tx, chain: str | None, seq: int | None) -> sa.Row[Any] | None:
    """The event at that place of the chain, if there is one."""
    return tx.one(sa.select(audit_event).where(audit_event.c.chain == chain, audit_event.c.seq == seq))


def stream(tx: Tx) -> Iterator[sa.Row[Any]]:
    """Every event, chain by chain in byte order. One statement, so that PostgreSQL too gives one snapshot."""
    tx.flush()
    statement = sa.select(audit_event).order_by(_in_bytes(tx, audit_event.c.chain), audit_event.c.seq)
    yield from tx.execute(statement.execution_options(**_PIECES))


def _in_bytes(tx: Tx, chain: sa.Column[str]) -> sa.ColumnElement[str]:
    return chain if tx.is_sqlite else sa.collate(chain, "C")


def of_instance(tx: Tx, instance_id: int, limit: int, types: Sequence[str] | None) -> list[sa.Row[Any]]:
    """The newest events of one instance, oldest first."""
    tx.flush()
    wanted = sa.select(audit_event).where(audit_event.c.instance_id == instance_id)
    if types is not None:
        wanted = wanted.where(audit_event.c.type.in_(list(types)))
    return tx.rows(wanted.order_by(audit_event.c.id.desc()).limit(limit))[::-1]


def of_task(tx: Tx, chains: Sequence[str], task_id: int, limit: int) -> list[sa.Row[Any]]:
    """The newest events of a task that stand in these chains, oldest first."""
    tx.flush()
    wanted = sa.select(audit_event).where(audit_event.c.chain.in_(chains), audit_event.c.task_id == task_id)
    return tx.rows(wanted.order_by(audit_event.c.id.desc()).limit(limit))[::-1]


def names_of(tx: Tx, person_ids: Sequence[str]) -> dict[str, str]:
    rows = tx.rows(sa.select(person.c.id, person.c.name).where(person.c.id.in_(list(person_ids))))
    return {row.id: row.name for row in rows}


def add_personal_values(tx: Tx, values: Sequence[dict[str, Any]]) -> None:
    tx.each(_ADD_PERSONAL_VALUE, values)


def personal_values(tx: Tx, commitments: Sequence[str]) -> dict[str, sa.Row[Any]]:
    tx.flush()
    wanted = sa.select(personal_value).where(personal_value.c.commitment.in_(list(commitments)))
    return {row.commitment: row for row in tx.rows(wanted)}


def erase_personal_value(tx: Tx, commitment: str, at: datetime, decision: str, left: str | None) -> bool:
    """Forget salt and value; False when there is none, or it was erased before. `left`: the commitment of the rest."""
    tx.flush()
    statement = sa.update(personal_value).where(
        personal_value.c.commitment == commitment, personal_value.c.erased_at.is_(None)
    )
    return tx.execute(statement.values(salt=None, value=None, erased_at=at, decision=decision, left=left)).rowcount == 1


def erased_values(tx: Tx) -> dict[str, str]:
    """The decision under which each value was erased, by commitment."""
    wanted = sa.select(personal_value.c.commitment, personal_value.c.decision)
    return {row.commitment: row.decision for row in tx.rows(wanted.where(personal_value.c.erased_at.is_not(None)))}


def last_checkpoint(tx: Tx) -> sa.Row[Any] | None:
    return tx.one(sa.select(checkpoint).order_by(checkpoint.c.id.desc()).limit(1))


def newest_checkpoint(tx: Tx) -> sa.Row[Any] | None:
    """Without its document, which has a line for each chain."""
    told = sa.select(checkpoint.c.id, checkpoint.c.events, checkpoint.c.last_event_id, checkpoint.c.taken_at)
    return tx.one(told.order_by(checkpoint.c.id.desc()).limit(1))


def checkpoint_ids_after(tx: Tx, after: int) -> list[int]:
    return [
        row.id for row in tx.rows(sa.select(checkpoint.c.id).where(checkpoint.c.id > after).order_by(checkpoint.c.id))
    ]


def checkpoint_of(tx: Tx, checkpoint_id: int) -> sa.Row[Any]:
    row = tx.one(sa.select(checkpoint).where(checkpoint.c.id == checkpoint_id))
    assert row is not None  # none is ever deleted
    return row


def last_event_id(tx: Tx) -> int:
    tx.flush()
    return int(tx.scalar(sa.select(sa.func.max(audit_event.c.id))) or 0)


def add_checkpoint(tx: Tx, **values: Any) -> int:
    return tx.insert(checkpoint, **values)
