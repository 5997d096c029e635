"""Batches and their items: rows in, rows out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import batch, batch_item, definition, job

_WITH_KEY = sa.select(batch, definition.c.key, definition.c.version).join(
    definition, definition.c.id == batch.c.definition_id
)


def get(tx: Tx, batch_id: int) -> sa.Row[Any] | None:
    """The batch with the key and version of its definition."""
    return tx.one(_WITH_KEY.where(batch.c.id == batch_id))


def newest(tx: Tx, limit: int) -> list[sa.Row[Any]]:
    return tx.rows(_WITH_KEY.order_by(batch.c.id.desc()).limit(limit))


def change(tx: Tx, batch_id: int, states: Sequence[str], **values: Any) -> bool:
    """Change the batch if it is in one of these states; False when it was not."""
    found = tx.execute(batch.update().where(batch.c.id == batch_id, batch.c.state.in_(states)).values(**values))
    return found.rowcount == 1


def add_up(tx: Tx, batch_id: int, done: int, failed: int) -> sa.Row[Any]:
    """Count what a chunk has done. Locks the batch: the last to count sees that all is done."""
    tx.execute(
        batch.update().where(batch.c.id == batch_id).values(done=batch.c.done + done, failed=batch.c.failed + failed)
    )
    return tx.execute(sa.select(batch).where(batch.c.id == batch_id)).one()


def insert_items(tx: Tx, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.execute(batch_item.insert(), rows)


def lock_items(tx: Tx, batch_id: int, first: int, last: int, state: str) -> list[sa.Row[Any]]:
    """The items in this state with these numbers, first to last."""
    return tx.rows(
        sa.select(batch_item)
        .where(
            batch_item.c.batch_id == batch_id,
            batch_item.c.state == state,
            batch_item.c.number.between(first, last),
        )
        .order_by(batch_item.c.number)
        .with_for_update(key_share=True)
    )


_SETTLE = (
    batch_item.update()
    .where(batch_item.c.batch_id == sa.bindparam("of_batch"), batch_item.c.number == sa.bindparam("of_number"))
    .values(
        state=sa.bindparam("new_state"),
        error=sa.bindparam("new_error"),
        instance_id=sa.bindparam("new_instance"),
        payload=sa.bindparam("new_payload"),
    )
)


def settle_items(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Each with of_batch, of_number, new_state, new_error, new_instance, new_payload."""
    if rows:
        tx.execute(_SETTLE, rows)


def move_items(tx: Tx, batch_id: int, old: str, new: str) -> int:
    """Every item of the batch in state `old` goes to `new`; how many."""
    where = sa.and_(batch_item.c.batch_id == batch_id, batch_item.c.state == old)
    return tx.execute(batch_item.update().where(where).values(state=new)).rowcount


def numbers(tx: Tx, batch_id: int, state: str) -> list[int]:
    """The numbers of the items in this state, in order."""
    where = sa.and_(batch_item.c.batch_id == batch_id, batch_item.c.state == state)
    return list(tx.execute(sa.select(batch_item.c.number).where(where).order_by(batch_item.c.number)).scalars())


def items(tx: Tx, batch_id: int, states: Sequence[str], after: int, limit: int) -> list[sa.Row[Any]]:
    return tx.rows(
        sa.select(batch_item)
        .where(
            batch_item.c.batch_id == batch_id,
            batch_item.c.state.in_(states),
            batch_item.c.number > after,
        )
        .order_by(batch_item.c.number)
        .limit(limit)
    )


def stop_jobs(tx: Tx, token: str) -> None:
    """What is not begun is not begun; waits for the chunks that are under way."""
    tx.execute(job.update().where(job.c.token == token, job.c.state.in_(("due", "failed"))).values(state="cancelled"))
