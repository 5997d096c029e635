"""Which versions of each process there are: who put them into use, when and why, and what runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments, identity
from engine.store.database import Tx
from engine.store.tables import definition, instance
from engine.texts import Text

LIVE = ("active", "suspended")


@dataclass(frozen=True)
class Version:
    """One deployed version. `by` is a name, None for whoever runs the server; `live`: instances that run it."""

    id: int
    version: int
    sha256: str
    deployed_at: datetime
    by: str | None
    reason: str | None
    live: int


@dataclass(frozen=True)
class Process:
    """A process with its versions, newest first."""

    key: str
    name: Text
    versions: list[Version]

    @property
    def behind(self) -> int:
        """Instances under way on an older version than the newest."""
        return sum(version.live for version in self.versions[1:])


def processes(tx: Tx) -> list[Process]:
    """Every process that has been deployed, by key."""
    live = _live(tx)
    found: dict[str, list[Version]] = {}
    columns = [column for column in definition.c if column.name != "package"]
    for row in tx.rows(sa.select(*columns).order_by(definition.c.key, definition.c.version.desc())):
        found.setdefault(row.key, []).append(_version(tx, row, live))
    return [Process(key, deployments.latest(tx, key).package.name, versions) for key, versions in found.items()]


def _version(tx: Tx, row: Any, live: Mapping[int, int]) -> Version:
    by = identity.person_name(tx, row.deployed_by) if row.deployed_by else None
    return Version(
        row.id, row.version, row.sha256, row.deployed_at, by or row.deployed_by, row.reason, live.get(row.id, 0)
    )


def _live(tx: Tx) -> dict[int, int]:
    """How many instances are under way, by definition."""
    query = (
        sa.select(instance.c.definition_id, sa.func.count().label("number"))
        .where(instance.c.state.in_(LIVE))
        .group_by(instance.c.definition_id)
    )
    return {row.definition_id: row.number for row in tx.rows(query)}
