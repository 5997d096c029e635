"""An installation to measure: a database on the disk with full durability, an invented region, a fixed day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from arshjul.peopling import people
from arshjul.region import invent
from engine import deployments, identity, job_executor, process_instances, user_tasks
from engine.actor import SYSTEM, Actor
from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database
from engine.store.tables import user_task

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
ANSWER: Mapping[str, Any] = {"note": "Ett svar"}


@dataclass(frozen=True)
class Site:
    database: Database
    file: Path | None
    hr: Actor

    def start(self, key: str, plan_year: int) -> int:
        with self.database.verb() as tx:
            return process_instances.start(tx, key, plan_year, by=self.hr, now=NOW)

    def complete(self, task_id: int, by: Actor | None = None) -> None:
        """One answer as a page gives it: with its idempotency key."""
        with self.database.verb() as tx:
            user_tasks.complete(tx, task_id, ANSWER, by=by or self.hr, now=NOW, key=uuid4().hex)

    def open_tasks(self, key_instances: Sequence[int], element: str | None = None) -> list[int]:
        query = sa.select(user_task.c.id).where(
            user_task.c.state == "open", user_task.c.instance_id.in_(list(key_instances))
        )
        if element is not None:
            query = query.where(user_task.c.element_id == element)
        with self.database.page() as tx:
            return [row.id for row in tx.rows(query.order_by(user_task.c.id))]

    def positions(self, role: str) -> list[str]:
        """Every position with the role."""
        with self.database.page() as tx:
            return [found.id for found in identity.positions_with_role(tx, [role], NOW.date())]

    def actor_of(self, task_id: int) -> Actor:
        """Someone who holds the task's position."""
        with self.database.page() as tx:
            task = user_tasks.get(tx, task_id)
            holder = identity.actors_for(tx, task.position_id, NOW.date())[0]
        return Actor(holder.person_id, holder.name)


def open_site(folder: Path, name: str, packages: Mapping[str, Mapping[str, bytes]], *, managers: int = 90) -> Site:
    """A new SQLite database in the folder."""
    file = folder / f"{name}.db"
    return furnish(Database(f"sqlite:///{file}", SystemClock()), file, packages, managers)


def furnish(database: Database, file: Path | None, packages: Mapping[str, Mapping[str, bytes]], managers: int) -> Site:
    """Schema, packages and people in an empty database."""
    migrate.upgrade(database.engine.url.render_as_string(hide_password=False))
    with database.verb() as tx:
        for key, files in packages.items():
            deployments.deploy(tx, key, files, by=SYSTEM, now=NOW)
        people(tx, invent(managers=managers), now=NOW)
    with database.page() as tx:
        leading = identity.positions_with_role(tx, ["hr_strateg"], NOW.date())[0]
        holder = identity.actors_for(tx, leading.id, NOW.date())[0]
    job_executor.tick(database, NOW)  # the welcome of everyone just read in is no part of any figure
    return Site(database, file, Actor(holder.person_id, holder.name))
