"""Everything that one started instance has written, to be written again for others that begin alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa

from engine import bpmn, feel, history, identity, outbox
from engine.actor import Actor
from engine.contexts import base, local_day
from engine.deployments import Deployed
from engine.rules.business_keys import YEAR
from engine.store.database import Tx
from engine.store.queries.keys import reserve
from engine.store.sql import Sql, insert
from engine.store.tables import (
    activity,
    audit_event,
    incident,
    instance,
    job,
    outbox_message,
    record,
    step_window,
    user_task,
)

EVENTS = {"instance_started", "element_entered", "element_left", "activity_opened", "task_created"}
JOBS = {"timer", "open_activity", "reminder", "escalation", "overdue"}


@dataclass(frozen=True)
class Place:
    """Where a task goes, and who is told of it."""

    position: identity.Position
    vacant: bool
    told: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """The rows of one instance, as they stand in the tables."""

    deployed: Deployed
    now: datetime
    instance: Mapping[str, Any]
    windows: list[dict[str, Any]]
    activities: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    events: list[dict[str, Any]]
    messages: Mapping[int, Mapping[str, Any]]
    """What is told of each task."""

    def places(self, tx: Tx, given: Mapping[str, Any]) -> list[Place] | None:
        """For each task where it goes; None when there is nowhere, which is a technical fault of its own."""
        found: list[Place] = []
        for task in self.tasks:
            position = self._position(tx, task, given)
            if position is None:
                return None
            found.append(_place(tx, position, self.now))
        return found

    def _position(self, tx: Tx, task: Mapping[str, Any], given: Mapping[str, Any]) -> identity.Position | None:
        spec, day = self.deployed.tasks[task["element_id"]], local_day(self.now)
        if spec.position is None:
            return identity.position(tx, task["position_id"])
        named = given[spec.position] if spec.position in given else self._evaluated(spec.position, given)
        found = identity.standing(tx, str(named), day)
        return found if found is not None and found.role in spec.roles else None

    def _evaluated(self, expression: str, given: Mapping[str, Any]) -> Any:
        variables = {**self.instance["variables"], **given}
        context = base(self.deployed.package, self.instance["plan_year"], variables, self.now)
        return feel.evaluate(expression, context, now=self.now)

    def write(
        self, tx: Tx, keys: Sequence[str], given: Sequence[Mapping[str, Any]], places: Sequence[Sequence[Place]]
    ) -> list[int]:
        """A copy for each key, with its values and the places of its tasks. Gives the new instances' ids."""
        ids = reserve(tx, instance, len(keys))
        variables = [{**self.instance["variables"], **values} for values in given]
        states = bpmn.copies(self.instance["execution"], variables)
        copies = [
            {**self.instance, "id": i, "business_key": key, "variables": own, "execution": state}
            for i, key, own, state in zip(ids, keys, variables, states, strict=True)
        ]
        activity_ids = _split(reserve(tx, activity, len(self.activities) * len(ids)), len(ids))
        task_ids = _split(reserve(tx, user_task, len(self.tasks) * len(ids)), len(ids))
        made = [
            _Copy(self, row, dict(zip(_ids(self.activities), a, strict=True)),
                  dict(zip(_ids(self.tasks), t, strict=True)), p)
            for row, a, t, p in zip(copies, activity_ids, task_ids, places, strict=True)
        ]  # fmt: skip
        _insert(tx, instance, copies)
        _insert(tx, step_window, [row for copy in made for row in copy.windows()])
        _insert(tx, activity, [row for copy in made for row in copy.activities()])
        _insert(tx, user_task, [row for copy in made for row in copy.tasks()])
        _insert(tx, job, [row for copy in made for row in copy.jobs()])
        history.append_many(tx, [event for copy in made for event in copy.events()])
        told = [message for copy in made for message in copy.messages()]
        outbox.announce_all(tx, "task_assigned", told, now=self.now)
        return ids


@dataclass(frozen=True)
class _Copy:
    """The rows of one copy. The keys of the template's activities and tasks lead to the copy's own."""

    of: Template
    instance: Mapping[str, Any]
    activity_ids: Mapping[int | None, int]
    task_ids: Mapping[int | None, int]
    places: Sequence[Place]

    @property
    def id(self) -> int:
        return int(self.instance["id"])

    def windows(self) -> list[dict[str, Any]]:
        return [{**row, "instance_id": self.id} for row in self.of.windows]

    def activities(self) -> list[dict[str, Any]]:
        return [{**row, "id": self.activity_ids[row["id"]], "instance_id": self.id} for row in self.of.activities]

    def tasks(self) -> list[dict[str, Any]]:
        return [
            {
                **row,
                "id": self.task_ids[row["id"]],
                "instance_id": self.id,
                "activity_id": self.activity_ids[row["activity_id"]],
                **self._titles[row["id"]],
                **self._position(place),
                "position_id": place.position.id,
                "unit_id": place.position.unit_id,
            }
            for row, place in zip(self.of.tasks, self.places, strict=True)
        ]

    def jobs(self) -> list[dict[str, Any]]:
        return [
            {
                **{name: value for name, value in row.items() if name != "id"},
                "instance_id": self.id,
                "activity_id": self.activity_ids.get(row["activity_id"]),
                "task_id": self.task_ids.get(row["task_id"]),
            }
            for row in self.of.jobs
        ]

    def events(self) -> list[history.NewEvent]:
        places = dict(zip(_ids(self.of.tasks), self.places, strict=True))
        return [self._event(row, places) for row in self.of.events]

    def _event(self, row: Mapping[str, Any], places: Mapping[int, Place]) -> history.NewEvent:
        body, task_id = dict(row["body"]), row["task_id"]
        if row["type"] == "instance_started":
            body["business_key"] = self.instance["business_key"]
        elif row["type"] == "activity_opened":
            body["activity"] = self.activity_ids[body["activity"]]
        elif row["type"] == "task_created":
            place = places[task_id]
            body |= {**self._position(place), "position": place.position.id, "unit": place.position.unit_id}
            body["title"] = self._titles[task_id]["title_sv"]
        own_task = None if task_id is None else self.task_ids[task_id]
        return history.NewEvent(
            type=row["type"],
            chain=history.instance_chain(self.id) if own_task is None else history.task_chain(own_task),
            occurred_at=row["occurred_at"],
            by=Actor(row["actor"], ""),
            instance_id=self.id,
            task_id=own_task,
            element_id=row["element_id"],
            body=body,
        )

    def messages(self) -> list[outbox.Announcement]:
        found = []
        for row, place in zip(self.of.tasks, self.places, strict=True):
            own, title = self.task_ids[row["id"]], self._titles[row["id"]]
            content = {
                **self.of.messages[row["id"]],
                "title": {"sv": title["title_sv"], "en": title["title_en"]},
                "unit_name": place.position.unit_name,
                "vacant": place.vacant,
                "task_id": own,
                "url_path": f"/tasks/{own}",
            }
            found.append(outbox.Announcement(f"assigned:{own}", place.told, content, self.id, own))
        return found

    @cached_property
    def _titles(self) -> dict[int, dict[str, Any]]:
        """Of each of the template's tasks, filled in anew."""
        names = {YEAR: self.instance["plan_year"], **self.instance["variables"]}
        specs = self.of.deployed.tasks
        filled = {row["id"]: specs[row["element_id"]].title.fill(names) for row in self.of.tasks}
        return {task_id: {"title_sv": title.sv, "title_en": title.en} for task_id, title in filled.items()}

    def _position(self, place: Place) -> dict[str, Any]:
        return {"role": place.position.role, "unit_name": place.position.unit_name, "vacant": place.vacant}


def take(tx: Tx, deployed: Deployed, instance_id: int, now: datetime) -> Template | None:
    """The instance that has just started, as a template; None when it has written what is not copied."""
    tx.flush()
    rows = {table: _rows(tx, table, instance_id) for table in (step_window, activity, user_task, job, audit_event)}
    messages = {row["task_id"]: row["content"] for row in _rows(tx, outbox_message, instance_id)}
    for event in rows[audit_event]:
        event["body"] = json.loads(event["body"])["body"]
    found = Template(
        deployed,
        now,
        _only(tx, sa.select(instance).where(instance.c.id == instance_id)),
        rows[step_window],
        rows[activity],
        rows[user_task],
        rows[job],
        rows[audit_event],
        messages,
    )
    return found if _is_plain(tx, found, instance_id) else None


def _is_plain(tx: Tx, found: Template, instance_id: int) -> bool:
    others = sum(len(_rows(tx, table, instance_id)) for table in (record, incident))
    return (
        not others
        and {event["type"] for event in found.events} <= EVENTS
        and {row["kind"] for row in found.jobs} <= JOBS
        and {row["state"] for row in found.jobs} <= {"due"}
        and not any(row["multi"] for row in found.activities)
        and not any("after_cancelled" in event["body"] for event in found.events)
        and set(found.messages) == set(_ids(found.tasks))
    )


def _rows(tx: Tx, table: sa.Table, instance_id: int) -> list[dict[str, Any]]:
    first = list(table.primary_key.columns)[-1]
    query = sa.select(table).where(table.c.instance_id == instance_id).order_by(first)
    return [dict(row) for row in tx.execute(query).mappings()]


def _only(tx: Tx, query: sa.Select[Any]) -> dict[str, Any]:
    return dict(tx.execute(query).mappings().one())


def _insert(tx: Tx, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.each(_statement(table, tuple(rows[0])), rows)


@lru_cache(maxsize=32)
def _statement(table: sa.Table, columns: tuple[str, ...]) -> Sql:
    return insert(table, *columns)


def _ids(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def _split(keys: list[int], parts: int) -> list[list[int]]:
    size = len(keys) // parts if parts else 0
    return [keys[n * size : (n + 1) * size] for n in range(parts)]


def _place(tx: Tx, position: identity.Position, now: datetime) -> Place:
    day = local_day(now)
    known = tx.memo.get(("place", position.id, day))
    if known is None:
        told = tuple(holder.person_id for holder in identity.actors_for(tx, position.id, day))
        known = tx.memo["place", position.id, day] = Place(position, not identity.holders(tx, position.id, day), told)
    found: Place = known
    return found
