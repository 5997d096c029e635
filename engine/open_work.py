"""Open tasks of processes with many instances, kept counted (`engine.store.open_work`): read, folded, recounted."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Database, Tx
from engine.store.sql import Sql
from engine.store.tables import open_work

FOLD_AT, FOLD = 500, 5_000
"""Rows that may stand before they are put together, and how many of them at a time."""

_GROUP = (open_work.c.key, open_work.c.element_id, open_work.c.role, open_work.c.due_at)
_NUMBER = sa.func.sum(open_work.c.number)
_OPENED: Any = sa.func.min(open_work.c.opened_at, type_=open_work.c.opened_at.type)
_MANY_ROWS = Sql("select count(*) as n from (select 1 from open_work limit :most) as kept")
_DROP = Sql(
    "delete from open_work where id in (select value from json_each(:ids))",
    postgresql="delete from open_work where id = any(:ids)",
)
_MEND = sa.text(
    "insert into open_work (key, element_id, role, due_at, opened_at, number) "
    "select key, element_id, role, due_at, min(opened_at), sum(number) from ("
    "select i.key, t.element_id, t.role, t.due_at, t.opened_at, 1 as number "
    "from user_task t join instance i on i.id = t.instance_id where t.state = 'open' and i.many "
    "union all select key, element_id, role, due_at, opened_at, -number from open_work"
    ") as counted group by key, element_id, role, due_at having sum(number) <> 0"
)


def of_process(tx: Tx, key: str) -> list[sa.Row[Any]]:
    """By element, role and last day: `number` open, and when the first of them with that last day was opened."""
    query = sa.select(*_GROUP[1:], _NUMBER.label("number"), _OPENED.label("opened_at")).where(open_work.c.key == key)
    return tx.rows(query.group_by(*_GROUP[1:]).having(_NUMBER > 0))


def keys(tx: Tx) -> list[str]:
    """Processes of which something is or was open."""
    return [row.key for row in tx.rows(sa.select(open_work.c.key).distinct().order_by(open_work.c.key))]


def late(tx: Tx, key: str, now: datetime) -> int:
    """Open tasks whose last day is over."""
    return int(tx.scalar(sa.select(_NUMBER).where(open_work.c.key == key, open_work.c.due_at < now)) or 0)


def fold(database: Database) -> None:
    """Put the rows together, so that reading stays short. Several may do it at once, each with rows of its own."""
    with database.page() as tx:
        if tx.number(_MANY_ROWS, most=FOLD_AT + 1) <= FOLD_AT:
            return
    while True:
        with database.verb() as tx:
            if fold_some(tx) < FOLD:
                return


def fold_some(tx: Tx) -> int:
    """Put the oldest rows together, at most FOLD of them; how many there were."""
    found = tx.rows(
        sa.select(open_work).order_by(open_work.c.id).limit(FOLD).with_for_update(skip_locked=True, key_share=True)
    )
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in found:
        groups[row.key, row.element_id, row.role, row.due_at].append(row)
    tx.change(_DROP, ids=tx.array([row.id for row in found]))
    folded = [
        {
            **dict(zip((column.name for column in _GROUP), group, strict=True)),
            "opened_at": min(row.opened_at for row in rows),
            "number": number,
        }
        for group, rows in groups.items()
        if (number := sum(row.number for row in rows))
    ]
    if folded:
        tx.execute(sa.insert(open_work), folded)
    return len(found)


def recount(tx: Tx) -> int:
    """Count all anew and mend what was kept wrong, in one statement; how many numbers were wrong."""
    return int(tx.execute(_MEND).rowcount)
