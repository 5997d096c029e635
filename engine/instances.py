"""What instances are called, without loading how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.errors import NotFound
from engine.rules.business_keys import names
from engine.store.database import Tx
from engine.store.tables import instance
from engine.texts import Text


@dataclass(frozen=True)
class Label:
    """An instance by name: "Utbildningsplan 2027"."""

    instance_id: int
    definition_id: int
    key: str
    business_key: str
    name: Text
    plan_year: int
    state: str
    started_at: datetime
    ended_at: datetime | None


def labels(tx: Tx) -> list[Label]:
    """Every instance that is known by its plan year, newest first."""
    query = _columns().where(~instance.c.many)
    return [_label(tx, row) for row in tx.rows(query.order_by(instance.c.plan_year.desc(), instance.c.key))]


def by_key(tx: Tx, key: str, *, begins: str, after: str, limit: int) -> list[Label]:
    """Instances of a process by business key, cancelled ones too; `after` is the last one of the page before.

    Shorter keys come first, so that E2 stands before E10: the keys of one process are numbers of one kind.
    """
    own, size = instance.c.business_key, sa.func.length(instance.c.business_key)
    query = _columns().where(instance.c.key == key, own.startswith(begins, autoescape=True))
    beyond = sa.or_(size > len(after), sa.and_(size == len(after), own > after))
    found = tx.rows(query.where(beyond).order_by(size, own, instance.c.id).limit(limit))
    return [_label(tx, row) for row in found]


def label(tx: Tx, instance_id: int) -> Label:
    """Raises NotFound."""
    row = tx.one(_columns().where(instance.c.id == instance_id))
    if row is None:
        raise NotFound(kind="instance")
    return _label(tx, row)


def _columns() -> sa.Select[Any]:
    return sa.select(
        instance.c.id,
        instance.c.definition_id,
        instance.c.key,
        instance.c.business_key,
        instance.c.plan_year,
        instance.c.state,
        instance.c.started_at,
        instance.c.ended_at,
    )


def _label(tx: Tx, row: sa.Row[Any]) -> Label:
    package = deployments.load(tx, row.definition_id).package
    return Label(
        row.id,
        row.definition_id,
        row.key,
        row.business_key,
        package.instance_name.fill(names(package.columns, row.business_key, row.plan_year)),
        row.plan_year,
        row.state,
        row.started_at,
        row.ended_at,
    )
