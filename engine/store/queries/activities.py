"""Activities, as the verbs that run hot read and write them."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from engine.store.database import Tx
from engine.store.sql import Sql, insert
from engine.store.tables import activity

_GET = Sql("select * from activity where id = :id", activity)
_LIVE = Sql(
    "select * from activity where instance_id = :instance_id and state in ('coming', 'open') order by id", activity
)
_ROUNDS = Sql("select count(*) from activity where instance_id = :instance_id and element_id = :element_id")
_ADD = insert(
    activity,
    *("instance_id", "element_id", "step", "token", "round", "multi", "state"),
    *("opens_at", "closes_at", "due_at", "reached_at", "opened_at"),
    returning="id",
)
_OPEN = Sql("update activity set state = 'open', opened_at = :at where id = :id")
_END = Sql("update activity set state = :state, ended_at = :at where id = :id")
_LOCK = Sql("select id from activity where id = :id", lock="activity")


def get(tx: Tx, activity_id: int) -> Any:
    """The activity's row; it exists."""
    (found,) = tx.find(_GET, id=activity_id)
    return found


def live(tx: Tx, instance_id: int) -> list[Any]:
    """Those that wait: coming or open."""
    return tx.find(_LIVE, instance_id=instance_id)


def rounds(tx: Tx, instance_id: int, element_id: str) -> int:
    """How often the instance has reached the element."""
    return tx.number(_ROUNDS, instance_id=instance_id, element_id=element_id)


def add(tx: Tx, **values: Any) -> Any:
    """A new activity; gives its row."""
    return SimpleNamespace(id=tx.number(_ADD, **values), **values)


def set_open(tx: Tx, activity_id: int, at: datetime) -> None:
    tx.change(_OPEN, id=activity_id, at=at)


def end(tx: Tx, activity_id: int, state: str, at: datetime) -> None:
    tx.change(_END, id=activity_id, state=state, at=at)


def lock(tx: Tx, activity_id: int) -> None:
    """Wait for others that have locked it."""
    tx.find(_LOCK, id=activity_id)
