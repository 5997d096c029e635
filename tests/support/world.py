"""A small invented region with a real database and a simulated clock, in which tests play processes by people's verbs.

Every verb loads the instance from the database and saves it again, so each step of a test is a save and a reload.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import (
    answers,
    deployments,
    history,
    identity,
    inbox,
    job_executor,
    jobs,
    process_instances,
    records,
    user_tasks,
)
from engine.actor import SYSTEM, Actor
from engine.clock import STOCKHOLM, SimulatedClock
from engine.rules import forms
from engine.running import look
from engine.store.database import Database
from engine.store.tables import instance, metadata, outbox_message, user_task


WORKFLOWS = Path(__file__).parents[2] / "workflows"

AREAS = {"hs": "Hälso- och sjukvård", "ru": "Regional utveckling", "st": "Regionstöd", "fo": "Folkhälsa"}
UNITS = {
    "hs-1": "Medicinkliniken", "hs-2": "Kirurgkliniken", "hs-3": "Akutmottagningen", "hs-4": "Vårdcentralen Ån",
    "ru-1": "Näringslivsenheten", "ru-2": "Kulturenheten", "st-1": "Fastighetsenheten", "fo-1": "Folktandvården",
}  # fmt: skip
MANAGERS = {
    "hs-1": "tora", "hs-2": "tora", "hs-3": "tora", "hs-4": "hilda", "ru-1": "rune", "st-1": "sten", "fo-1": "folke",
    "hs": "hans", "ru": "rut", "st": "stina", "fo": "fred",
}  # fmt: skip
"""Who heads what. Tora heads three units; ru-2 is vacant, and Rut above it takes over."""

ONE_OF_EACH = {
    "hr_strateg": "hr", "hr_chef": "hrchef", "hr_loneoversyn": "lo", "kommunikation": "komm",
    "kommunikationschef": "kommchef", "revisor": "revi", "systemadministrator": "sysa",
    "regiondirektorens_kansli": "kansli", "verksamhetsutvecklare": "vera", "strateg": "stig",
    "utbildningsanordnare": "ktc",
}  # fmt: skip
BODIES = {"arbetsgrupp": "argus", "rd_ledningsgrupp": "rdsek", "regionstyrelse": "rssek", "kompetensforsorjningsrad": "ksek"}


def at(day: str | date, hour: int = 9) -> datetime:
    """That civil day and hour in Sweden, in UTC."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)


@dataclass
class World:
    """A region, a clock and a database. Times are civil days in Sweden; a person is named by id."""

    url: str
    today: str = "2025-10-20"
    key: str = "annual_plan"
    clock: SimulatedClock = field(init=False)
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.clock = SimulatedClock(at(self.today))
        self.database = Database(self.url, self.clock, volatile=True)
        metadata.create_all(self.database.engine)
        with self.database.verb() as tx:
            deployments.deploy(tx, self.key, deployments.read_folder(WORKFLOWS / self.key), by=SYSTEM, now=self.now)
            _people_the_region(tx)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @contextmanager
    def page(self) -> Iterator[Any]:
        with self.database.page() as tx:
            yield tx

    def close(self) -> None:
        self.database.dispose()

    # time

    def go_to(self, day: str, hour: int = 9) -> None:
        """Let time pass until that hour, doing each due job at its own instant."""
        target = at(day, hour)
        while True:
            with self.page() as tx:
                due = jobs.next_due(tx)
            if due is None or due > target:
                break
            self.clock.move_to(max(due, self.now))
            job_executor.run_inline(self.database, self.now)
        self.clock.move_to(target)

    def run_jobs(self) -> None:
        job_executor.run_inline(self.database, self.now)

    # instances

    def start(self, plan_year: int) -> int:
        with self.database.verb() as tx:
            return process_instances.start(tx, self.key, plan_year, by=SYSTEM, now=self.now)

    def instance(self, plan_year: int) -> Any:
        with self.page() as tx:
            return tx.one(sa.select(instance).where(instance.c.plan_year == plan_year, instance.c.key == self.key))

    def variables(self, plan_year: int) -> Mapping[str, Any]:
        values: Mapping[str, Any] = self.instance(plan_year).variables
        return values

    def send(self, event: str, plan_year: int, by: str = "hr") -> None:
        instance_id, actor = self.instance(plan_year).id, self.person(by)
        with self.database.verb() as tx:
            process_instances.send_event(tx, instance_id, event, by=actor, now=self.now)
        self.run_jobs()

    # tasks

    def person(self, person_id: str) -> Actor:
        with self.page() as tx:
            return Actor(person_id, identity.person(tx, person_id).name)

    def open(self, element: str, plan_year: int | None = None) -> list[Any]:
        """The open tasks of an element (or follow-on), in order of creation."""
        query = sa.select(user_task).where(user_task.c.element_id == element, user_task.c.state == "open")
        if plan_year is not None:
            query = query.where(user_task.c.plan_year == plan_year)
        with self.page() as tx:
            return tx.rows(query.order_by(user_task.c.id))

    def tasks(self, element: str) -> list[Any]:
        with self.page() as tx:
            return tx.rows(sa.select(user_task).where(user_task.c.element_id == element).order_by(user_task.c.id))

    def sample(self, task: Any, by: str) -> dict[str, Any]:
        """A valid answer to the task as it stands."""
        actor = self.person(by)
        with self.page() as tx:
            run = look(tx, task.instance_id, by=actor, now=self.now)
            context = answers.context_of(tx, run, task, inbox.round_of(tx, task), actor)
            form = run.deployed.package.forms[task.form]
            return forms.sample(form, context, now=self.now, rng=random.Random(task.id))

    def answer(self, task: Any, by: str, data: Mapping[str, Any] | None = None, **changes: Any) -> user_tasks.Receipt:
        """Complete a task (or the only open one of an element) with `data`, or a valid answer with `changes` laid over it."""
        if isinstance(task, str):
            (task,) = self.open(task)
        filled = dict(data) if data is not None else {**self.sample(task, by), **changes}
        actor = self.person(by)
        with self.database.verb() as tx:
            receipt = user_tasks.complete(tx, task.id, filled, by=actor, now=self.now)
        self.run_jobs()
        return receipt

    # what came of it

    def records(self, type_: str, plan_year: int) -> list[Any]:
        instance_id = self.instance(plan_year).id
        with self.page() as tx:
            return records.of_instance(tx, instance_id, type_)

    def events(self, type_: str, plan_year: int) -> list[history.Event]:
        """The instance's events of that type, oldest first."""
        instance_id = self.instance(plan_year).id
        with self.page() as tx:
            return history.timeline(tx, instance_id, types=[type_], limit=10_000)

    def told(self, kind: str | None = None) -> list[Any]:
        query = sa.select(outbox_message).order_by(outbox_message.c.id)
        with self.page() as tx:
            return tx.rows(query.where(outbox_message.c.kind == kind) if kind else query)


def _people_the_region(tx: Any) -> None:
    identity.add_unit(tx, "r", "Region Exempel", "region")
    for unit_id, name in AREAS.items():
        identity.add_unit(tx, unit_id, name, "area", "r")
    for unit_id, name in UNITS.items():
        identity.add_unit(tx, unit_id, name, "unit", unit_id.split("-")[0])
    secretaries = {f"sek-{area}" for area in AREAS}
    everyone = {*MANAGERS.values(), *ONE_OF_EACH.values(), *BODIES.values(), *secretaries}
    for person_id in sorted(everyone):
        identity.add_person(tx, person_id, f"{person_id.capitalize()} Påhitt", f"{person_id}@region.example")
    for unit_id, name in {**AREAS, **UNITS}.items():
        identity.add_position(tx, f"chef-{unit_id}", "chef", unit_id, f"Chef, {name}")
        if unit_id in MANAGERS:
            identity.add_holding(tx, f"chef-{unit_id}", MANAGERS[unit_id])
    for role, person_id in ONE_OF_EACH.items():
        identity.add_position(tx, role, role, "r", role)
        identity.add_holding(tx, role, person_id)
    for role, person_id in BODIES.items():
        active = role != "kompetensforsorjningsrad"
        identity.add_position(tx, role, role, "r", role, active=active)
        identity.add_holding(tx, role, person_id, function="secretary")
    for area in AREAS:
        identity.add_position(tx, f"lg-{area}", "forvaltningsomrade_lg", area, f"Ledningsgruppen {area}")
        identity.add_holding(tx, f"lg-{area}", f"sek-{area}", function="secretary")
