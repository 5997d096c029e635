"""Processes with very many instances, one for each employee and year, say: counted, and listed a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import deployments, instances, open_work
from engine.errors import NotFound
from engine.store.database import Tx
from engine.store.tables import incident, instance
from engine.texts import Text

LIVE = ("active", "suspended", "failed")
PAGE = 50


@dataclass(frozen=True)
class Portfolio:
    """A process with its live instances in numbers."""

    key: str
    name: Text
    live: int
    late: int
    incidents: int


def portfolios(tx: Tx, now: datetime) -> list[Portfolio]:
    """Each process that is not known by the plan year alone."""
    return [portfolio(tx, key, now) for key in deployments.deployed_keys(tx, by_year=False)]


def portfolio(tx: Tx, key: str, now: datetime) -> Portfolio:
    """Raises NotFound."""
    name = deployments.latest(tx, key).package.name
    live, late = _count(tx, key, instance.c.state.in_(LIVE)), open_work.late(tx, key, now)
    return Portfolio(key, name, live, late, _open_incidents(tx, key))


def ended(tx: Tx, key: str) -> int:
    """How many instances are behind it. They become more every year, so only the process's own page counts them."""
    return _count(tx, key, instance.c.state.not_in(LIVE))


def _count(tx: Tx, key: str, state: sa.ColumnElement[bool]) -> int:
    return int(tx.scalar(sa.select(sa.func.count()).where(instance.c.key == key, state)) or 0)


def _open_incidents(tx: Tx, key: str) -> int:
    """Told from the few that are open, not from the very many instances."""
    of = sa.select(instance.c.key).where(instance.c.id == incident.c.instance_id).scalar_subquery()
    return int(tx.scalar(sa.select(sa.func.count()).where(incident.c.state == "open", of == key)) or 0)


def members(tx: Tx, key: str, *, text: str = "", after: str = "") -> list[instances.Label]:
    """A page of instances by business key, those that begin with the text, after the one given. Raises NotFound."""
    if key not in deployments.deployed_keys(tx):
        raise NotFound(kind="definition")
    return instances.by_key(tx, key, begins=text, after=after, limit=PAGE)
