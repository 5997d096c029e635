"""A small invented region with a real database and a simulated clock, in which tests play processes by people's verbs.

Every verb loads the instance from the database and saves it again, so each step of a test is a save and a reload;
after each one the saved execution is restored and saved once more, and must be the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.region import people_the_region

from engine import (
    cycles,
    deployments,
    events,
    history,
    identity,
    inbox,
    job_executor,
    jobs,
    process_instances,
    records,
    step_windows,
    task_page,
    user_tasks,
)
from engine.actor import SYSTEM, Actor
from engine.clock import STOCKHOLM, SimulatedClock
from engine.errors import InvalidForm
from engine.operations import windows
from engine.rules import forms
from engine.rules.calendar import Window, civil_date
from engine.running import evaluator
from engine.store.database import Database
from engine.store.tables import activity, holding, instance, job, metadata, outbox_message, record_link, user_task
from engine.store.tables import record as kept
from engine.task_form import task_form

WORKFLOWS = Path(__file__).parents[2] / "workflows"


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
    patience: float = 30
    clock: SimulatedClock = field(init=False)
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.clock = SimulatedClock(at(self.today))
        self.database = Database(self.url, self.clock, volatile=True, patience=self.patience)
        metadata.create_all(self.database.engine)
        with self.database.verb() as tx:
            if deployments.deployed_keys(tx):
                return
            deployments.deploy(tx, self.key, deployments.read_folder(WORKFLOWS / self.key), by=SYSTEM, now=self.now)
            people_the_region(tx)

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
            self.run_jobs()
        self.clock.move_to(target)

    def sleep_until(self, day: str, hour: int = 9) -> None:
        """Let time pass with the service down; then do at once what has become due meanwhile."""
        self.clock.move_to(at(day, hour))
        self.run_jobs()

    def run_jobs(self) -> None:
        job_executor.run_inline(self.database, self.now)
        self.ensure_saved_whole()

    def ensure_saved_whole(self) -> None:
        """What is saved of every execution, restored and saved again, is the same bytes."""
        with self.page() as tx:
            for row in tx.rows(sa.select(instance)):
                deployed = deployments.load(tx, row.definition_id)
                restored = deployed.model.restore(row.execution, evaluator(deployed, row.plan_year, self.now))
                assert restored.rewritten() == row.execution

    # instances

    def start(self, plan_year: int) -> int:
        with self.database.verb() as tx:
            return process_instances.start(tx, self.key, plan_year, by=SYSTEM, now=self.now)

    def start_by_calendar(self) -> None:
        """From now on every instance starts by itself on its day."""
        with self.database.verb() as tx:
            process_instances.schedule_starts(tx, self.key, now=self.now)

    def instance(self, plan_year: int) -> Any:
        with self.page() as tx:
            return tx.one(sa.select(instance).where(instance.c.plan_year == plan_year, instance.c.key == self.key))

    def variables(self, plan_year: int) -> Mapping[str, Any]:
        values: Mapping[str, Any] = self.instance(plan_year).variables
        return values

    def cycle(self, plan_year: int) -> cycles.Cycle:
        """The instance as those who lead it see it."""
        instance_id = self.instance(plan_year).id
        with self.page() as tx:
            return cycles.cycle(tx, instance_id, self.now)

    def step(self, step: str, plan_year: int) -> cycles.StepState:
        return next(s for s in self.cycle(plan_year).steps if s.id == step)

    def send(self, event: str, plan_year: int, by: str = "hr") -> None:
        instance_id, actor = self.instance(plan_year).id, self.person(by)
        with self.database.verb() as tx:
            events.send(tx, instance_id, event, by=actor, now=self.now)
        self.run_jobs()

    def move(self, element: str, plan_year: int, closes: str, reason: str, by: str = "hr") -> None:
        """Move the last day of an element's window."""
        instance_id, actor, day = self.instance(plan_year).id, self.person(by), date.fromisoformat(closes)
        with self.database.verb() as tx:
            windows.move_window(tx, instance_id, element, day, reason=reason, by=actor, now=self.now)
        self.run_jobs()

    # tasks

    def person(self, person_id: str) -> Actor:
        with self.page() as tx:
            return Actor(person_id, identity.person(tx, person_id).name)

    def inbox(self, person_id: str) -> inbox.Inbox:
        actor = self.person(person_id)
        with self.page() as tx:
            return inbox.inbox(tx, actor, self.now)

    def page_of(self, task: Any, by: str) -> task_page.TaskPage:
        """The task's page as that person sees it."""
        actor = self.person(by)
        with self.page() as tx:
            return task_page.task_page(tx, task.id, actor, self.now)

    def open(self, element: str, plan_year: int | None = None) -> list[Any]:
        """The open tasks of an element (or follow-on), in order of creation."""
        return [task for task in self.tasks(element, plan_year) if task.state == "open"]

    def tasks(self, element: str, plan_year: int | None = None) -> list[Any]:
        query = sa.select(user_task).where(user_task.c.element_id == element)
        if plan_year is not None:
            query = query.where(user_task.c.plan_year == plan_year)
        with self.page() as tx:
            return tx.rows(query.order_by(user_task.c.id))

    def task(self, element: str, position: str | None = None, plan_year: int | None = None) -> Any:
        """The newest task of an element, or of a position's in it, whatever its state."""
        found = [t for t in self.tasks(element, plan_year) if position in (None, t.position_id)]
        return found[-1]

    def open_of(self, element: str, position: str) -> Any:
        """A position's only open task in an element."""
        (found,) = [task for task in self.open(element) if task.position_id == position]
        return found

    def sample(self, task: Any, by: str) -> dict[str, Any]:
        """A valid answer to the task as it stands."""
        actor = self.person(by)
        with self.page() as tx:
            asked = task_form(tx, task.id, actor, self.now)
        return forms.sample(asked.form, asked.names, now=self.now, rng=random.Random(task.id))

    def answer(
        self,
        task: Any,
        by: str,
        data: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        revision: int | None = None,
        **changes: Any,
    ) -> user_tasks.Receipt:
        """Complete a task (or the only open one of an element): `data`, or a valid answer with `changes` over it."""
        if isinstance(task, str):
            (task,) = self.open(task)
        filled = dict(data) if data is not None else {**self.sample(task, by), **changes}
        actor = self.person(by)
        with self.database.verb() as tx:
            receipt = user_tasks.complete(tx, task.id, filled, by=actor, now=self.now, key=key, revision=revision)
        self.run_jobs()
        return receipt

    def refused(self, task: Any, by: str, data: Mapping[str, Any] | None = None, **changes: Any) -> set[str]:
        """The rules and codes for which the answer is refused; it must be, and nothing may have happened."""
        with pytest.raises(InvalidForm) as caught:
            self.answer(task, by, data, **changes)
        return {error.params.get("rule") or error.code for error in caught.value.errors}

    def claim(self, task: Any, by: str) -> None:
        actor = self.person(by)
        with self.database.verb() as tx:
            user_tasks.claim(tx, task.id, by=actor, now=self.now)

    def release(self, task: Any, by: str) -> None:
        actor = self.person(by)
        with self.database.verb() as tx:
            user_tasks.release(tx, task.id, by=actor, now=self.now)

    # people who come and go

    def hold(self, position: str, person_id: str, *, instead_of: str | None = None, function: str = "holder") -> None:
        """From today someone holds the position; someone else no longer does since yesterday."""
        if instead_of is not None:
            self.leave(position, instead_of)
        with self.database.verb() as tx:
            identity.add_holding(
                tx, position, person_id, valid_from=civil_date(self.now), function=function, now=self.now
            )

    def leave(self, position: str, person_id: str) -> None:
        """Yesterday was the person's last day in the position."""
        held = sa.select(holding).where(holding.c.position_id == position, holding.c.person_id == person_id)
        with self.page() as tx:
            (row,) = tx.rows(held)
        since, until = row.valid_from or "", civil_date(self.now) - timedelta(days=1)
        self.import_csv(
            holdings=f"position,person,function,from,to\n{position},{person_id},{row.function},{since},{until}\n"
        )

    def add_manager_of_the_region(self, person_id: str) -> None:
        """A manager over those who sit with the whole region."""
        with self.database.verb() as tx:
            identity.add_person(tx, person_id, f"{person_id.capitalize()} Påhitt", f"{person_id}@region.example")
            identity.add_position(tx, "chef-r", "chef", "r", "Chef, regionen")
            identity.add_holding(tx, "chef-r", person_id)

    def deactivate(self, person_id: str, word: str = "nej") -> None:
        with self.page() as tx:
            name = identity.person(tx, person_id).name
        self.import_csv(people=f"id,name,active\n{person_id},{name},{word}\n")

    def reactivate(self, person_id: str) -> None:
        self.deactivate(person_id, "ja")

    def activate(self, position: str, *, active: bool = True) -> None:
        with self.page() as tx:
            found = identity.position(tx, position)
        word = "ja" if active else "nej"
        self.import_csv(
            positions=f'id,role,unit,name,active\n{position},{found.role},{found.unit_id},"{found.name}",{word}\n'
        )

    def import_csv(self, **files: str) -> None:
        """Units, people, positions, holdings as an administrator brings them in."""
        contents = {f"{name}.csv": text.encode() for name, text in files.items()}
        with self.database.verb() as tx:
            identity.import_csv(tx, contents, by=SYSTEM, now=self.now)

    def actor_of(self, task: Any) -> str:
        """Someone who may do the task today."""
        with self.page() as tx:
            return identity.actors_for(tx, task.position_id, civil_date(self.now))[0].person_id

    def draft(self, task: Any, by: str, data: Mapping[str, Any]) -> None:
        actor = self.person(by)
        with self.database.verb() as tx:
            user_tasks.save_draft(tx, task.id, data, version=None, by=actor, now=self.now)

    def take_back(self, task: Any, by: str) -> None:
        actor = self.person(by)
        with self.database.verb() as tx:
            user_tasks.take_back(tx, task.id, by=actor, now=self.now)
        self.run_jobs()

    def visits(self, element: str, plan_year: int) -> list[Any]:
        """Each time a token has come to the element: state, round, opens_at, due_at, closes_at."""
        query = sa.select(activity).where(
            activity.c.element_id == element, activity.c.instance_id == self.instance(plan_year).id
        )
        with self.page() as tx:
            return tx.rows(query.order_by(activity.c.id))

    def windows(self, plan_year: int) -> dict[str, Window]:
        """Every element's window in this instance, moved dates included."""
        instance_id = self.instance(plan_year).id
        with self.page() as tx:
            return dict(step_windows.of_instance(tx, instance_id))

    def due_jobs(self, kind: str, element: str, plan_year: int) -> list[date]:
        """The civil days of the jobs of that kind that wait for the element's newest visit."""
        visit = self.visits(element, plan_year)[-1]
        query = sa.select(job.c.due_at).where(job.c.kind == kind, job.c.state == "due", job.c.activity_id == visit.id)
        with self.page() as tx:
            return [civil_date(row.due_at) for row in tx.rows(query.order_by(job.c.due_at))]

    # what came of it

    def records(self, type_: str, plan_year: int) -> list[Any]:
        instance_id = self.instance(plan_year).id
        with self.page() as tx:
            return tx.rows(
                sa.select(kept)
                .where(kept.c.instance_id == instance_id, kept.c.type == type_, kept.c.withdrawn.is_(False))
                .order_by(kept.c.id)
            )

    def events(self, type_: str, plan_year: int) -> list[history.Event]:
        """The instance's events of that type, oldest first."""
        instance_id = self.instance(plan_year).id
        with self.page() as tx:
            return history.timeline(tx, instance_id, types=[type_], limit=10_000)

    def items(self, plan_year: int) -> dict[str, Any]:
        """The plan's interventions by title."""
        return {row.values["title"]: row for row in self.records("plan_item", plan_year)}

    def versions(self, record: Any) -> list[Any]:
        with self.page() as tx:
            return records.versions(tx, record.id)

    def linked(self, record: Any, name: str) -> list[int]:
        """The ids of the records that this one links to by that name."""
        query = sa.select(record_link.c.to_id).where(record_link.c.from_id == record.id, record_link.c.name == name)
        with self.page() as tx:
            return [row.to_id for row in tx.rows(query)]

    def change_record(self, record: Any, **values: Any) -> None:
        """A record becomes another, for what no form of a test's stage would ask."""
        with self.database.verb() as tx:
            deployed = deployments.latest(tx, self.key)
            records.update(tx, deployed.package, record.id, None, values, by=SYSTEM, now=self.now, task_id=None)

    def departures(self, plan_year: int) -> set[str]:
        """The codes of the departures from the guideline that the history holds."""
        return {event.body["code"] for event in self.events("departure", plan_year)}

    def told(self, kind: str | None = None, about: str | None = None) -> list[Any]:
        """Messages to people, oldest first; `about`: words of the subject or the task's title."""
        query = sa.select(outbox_message).order_by(outbox_message.c.id)
        with self.page() as tx:
            found = tx.rows(query.where(outbox_message.c.kind == kind) if kind else query)
        return [m for m in found if about is None or about in (m.content.get("subject") or m.content["title"])["sv"]]

    def sent(self, kind: str, element: str, plan_year: int) -> dict[date, set[str]]:
        """Whom messages of that kind about those tasks told, by the civil day on which they were caused."""
        tasks = {task.id for task in self.tasks(element, plan_year)}
        found: dict[date, set[str]] = {}
        for message in self.told(kind):
            if message.task_id in tasks:
                found.setdefault(civil_date(message.created_at), set()).add(message.person_id)
        return found

    def verify_history(self) -> None:
        """The whole chain of the audit history holds."""
        with self.page() as tx:
            verdict = history.verify(tx)
        assert verdict.ok, verdict
