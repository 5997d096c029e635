"""The audit chain's rows: heads, events, checkpoints and the personal values beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_leave
from engine.store.tables import audit_event, chain_head, checkpoint, person, personal_value

# Made once: these run for every event.
_HEAD = (
    sa.select(chain_head.c.seq, chain_head.c.hash)
    .where(chain_head.c.chain == sa.bindparam("of_chain"))
    .with_for_update()
)
_MOVE = (
    sa.update(chain_head)
    .where(chain_head.c.chain == sa.bindparam("of_chain"))
    .values(seq=sa.bindparam("new_seq"), hash=sa.bindparam("new_hash"))
)


def lock_head(tx: Tx, chain: str, genesis: str) -> tuple[int, str]:
    """The chain's last seq and hash, locked until the transaction ends; a new one starts at (0, genesis)."""
    # SQLite leaves FOR UPDATE out: its verbs hold the database's lock from their start.
    if (known := tx.memo.get(("head", chain))) is not None:
        seq, digest = known
        return seq, digest
    head = tx.one(_HEAD, {"of_chain": chain})
    if head is None:
        insert_or_leave(tx, chain_head, {"chain": chain}, seq=0, hash=genesis)
        head = tx.one(_HEAD, {"of_chain": chain})
        assert head is not None
    return int(head.seq), str(head.hash)


def move_head(tx: Tx, chain: str, seq: int, digest: str) -> None:
    tx.execute(_MOVE, {"of_chain": chain, "new_seq": seq, "new_hash": digest})
    tx.memo["head", chain] = (seq, digest)  # locked until the transaction ends


def add_event(tx: Tx, values: dict[str, Any]) -> int:
    return tx.insert(audit_event, **values)


def add_first_events(tx: Tx, events: Sequence[dict[str, Any]]) -> None:
    """The events (each the first of its chain) and their heads. A chain that exists breaks its unique key."""
    if events:
        tx.execute(sa.insert(audit_event), list(events))
        heads = [{"chain": event["chain"], "seq": event["seq"], "hash": event["hash"]} for event in events]
        tx.execute(sa.insert(chain_head), heads)


def heads(tx: Tx) -> dict[str, tuple[int, str]]:
    """Every chain's last seq and hash."""
    return {row.chain: (row.seq, row.hash) for row in tx.rows(sa.select(chain_head))}


def stream(tx: Tx) -> Iterator[sa.Row[Any]]:
    """Every event, chain by chain in byte order. One statement, so that PostgreSQL too gives one snapshot."""
    chain = audit_event.c.chain if tx.is_sqlite else sa.collate(audit_event.c.chain, "C")
    statement = sa.select(audit_event).order_by(chain, audit_event.c.seq)
    yield from tx.execute(statement.execution_options(yield_per=1000))


def of_instance(
    tx: Tx, instance_id: int, after: int | None, limit: int, types: Sequence[str] | None
) -> list[sa.Row[Any]]:
    """Events of one instance in order; without `after` the newest `limit` of them."""
    wanted = sa.select(audit_event).where(audit_event.c.instance_id == instance_id)
    if types is not None:
        wanted = wanted.where(audit_event.c.type.in_(list(types)))
    if after is not None:
        return tx.rows(wanted.where(audit_event.c.id > after).order_by(audit_event.c.id).limit(limit))
    return tx.rows(wanted.order_by(audit_event.c.id.desc()).limit(limit))[::-1]


def of_task(tx: Tx, task_id: int, limit: int) -> list[sa.Row[Any]]:
    wanted = sa.select(audit_event).where(audit_event.c.task_id == task_id)
    return tx.rows(wanted.order_by(audit_event.c.id.desc()).limit(limit))[::-1]


def names_of(tx: Tx, person_ids: Sequence[str]) -> dict[str, str]:
    rows = tx.rows(sa.select(person.c.id, person.c.name).where(person.c.id.in_(list(person_ids))))
    return {row.id: row.name for row in rows}


def add_personal_value(tx: Tx, commitment: str, field: str, salt: str, value: str) -> None:
    values = {"commitment": commitment, "field": field, "salt": salt, "value": value}
    tx.execute(sa.insert(personal_value), values)


def personal_values(tx: Tx, commitments: Sequence[str]) -> dict[str, sa.Row[Any]]:
    wanted = sa.select(personal_value).where(personal_value.c.commitment.in_(list(commitments)))
    return {row.commitment: row for row in tx.rows(wanted)}


def erase_personal_value(tx: Tx, commitment: str, at: datetime) -> bool:
    """Forget salt and value; False when there is none, or it was erased before."""
    statement = sa.update(personal_value).where(
        personal_value.c.commitment == commitment, personal_value.c.erased_at.is_(None)
    )
    return tx.execute(statement.values(salt=None, value=None, erased_at=at)).rowcount == 1


def last_checkpoint(tx: Tx) -> sa.Row[Any] | None:
    return tx.one(sa.select(checkpoint).order_by(checkpoint.c.id.desc()).limit(1))


def last_event_id(tx: Tx) -> int:
    return int(tx.scalar(sa.select(sa.func.max(audit_event.c.id))) or 0)


def add_checkpoint(tx: Tx, **values: Any) -> int:
    return tx.insert(checkpoint, **values)
