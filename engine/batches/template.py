"""Everything that one started instance has written, to be written again for others that begin alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa

from engine import bpmn, feel, history, identity, outbox
from engine.actor import Actor
from engine.contexts import base
from engine.deployments import Deployed
from engine.rules.business_keys import YEAR
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.many import Many
from engine.store.queries.keys import reserve
from engine.store.sql import insert
from engine.store.tables import (
    activity,
    audit_event,
    incident,
    instance,
    job,
    outbox_message,
    record,
    user_task,
)
from engine.texts import Text

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
        spec, day = self.deployed.tasks[task["element_id"]], civil_date(self.now)
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
        tx.each(_INSTANCE, [
            {**self.instance, "id": i, "business_key": key, "variables": own, "execution": state}
            for i, key, own, state in zip(ids, keys, variables, states, strict=True)
        ])  # fmt: skip
        copies = _Copies(self, ids, keys, variables, [list(own) for own in zip(*places, strict=True)])
        copies.write_rows(tx)
        copies.write_events(tx)
        copies.tell(tx)
        return ids


@dataclass(frozen=True)
class _Copies:
    """The rows of all copies, in one order. `places`: for each of the template's tasks those of all copies."""

    of: Template
    ids: list[int]
    keys: Sequence[str]
    variables: Sequence[Mapping[str, Any]]
    places: list[list[Place]]
    activity_ids: dict[int | None, list[Any]] = field(default_factory=dict)
    task_ids: dict[int | None, list[Any]] = field(default_factory=dict)
    """For each row of the template those of its copies; None has none."""

    def write_rows(self, tx: Tx) -> None:
        self.activity_ids[None] = self.task_ids[None] = [None] * len(self.ids)
        for row in self.of.activities:
            made = self.activity_ids[row["id"]] = reserve(tx, activity, len(self.ids))
            _copy(tx, activity, row, id=made, instance_id=self.ids)
        for task, places in zip(self.of.tasks, self.places, strict=True):
            self._write_task(tx, task, places)
        for row in self.of.jobs:
            own = {"activity_id": self.activity_ids[row["activity_id"]], "task_id": self.task_ids[row["task_id"]]}
            _copy(tx, job, {k: v for k, v in row.items() if k != "id"}, instance_id=self.ids, **own)

    def _write_task(self, tx: Tx, task: Mapping[str, Any], places: list[Place]) -> None:
        titles, positions = self._titles[task["id"]], [place.position for place in places]
        made = self.task_ids[task["id"]] = reserve(tx, user_task, len(self.ids))
        _copy(
            tx,
            user_task,
            task,
            id=made,
            instance_id=self.ids,
            activity_id=self.activity_ids[task["activity_id"]],
            title_sv=[title.sv for title in titles],
            title_en=[title.en for title in titles],
            position_id=[position.id for position in positions],
            role=[position.role for position in positions],
            unit_id=[position.unit_id for position in positions],
            unit_name=[position.unit_name for position in positions],
            vacant=[place.vacant for place in places],
        )

    def write_events(self, tx: Tx) -> None:
        places = dict(zip(_ids(self.of.tasks), self.places, strict=True))
        for row in self.of.events:
            own = self._own(row, places)
            kept = {name: value for name, value in row["body"].items() if name not in own}
            alike = history.Alike(
                row["type"], row["occurred_at"], Actor(row["actor"], ""), row["element_id"], kept, list(own)
            )
            values = zip(*own.values(), strict=True) if own else [()] * len(self.ids)
            chains, tasks = map(history.instance_chain, self.ids), self.task_ids[row["task_id"]]
            history.append_alike(tx, alike, zip(chains, self.ids, tasks, values, strict=True))

    def _own(self, row: Mapping[str, Any], places: Mapping[int, list[Place]]) -> dict[str, Sequence[Any]]:
        """What each copy's event says instead of the template's."""
        if row["type"] == "instance_started":
            return {"business_key": self.keys}
        if row["type"] == "activity_opened":
            return {"activity": self.activity_ids[row["body"]["activity"]]}
        if row["type"] == "task_created":
            at = places[row["task_id"]]
            return {
                "position": [place.position.id for place in at],
                "role": [place.position.role for place in at],
                "unit": [place.position.unit_id for place in at],
                "unit_name": [place.position.unit_name for place in at],
                "vacant": [place.vacant for place in at],
                "title": [title.sv for title in self._titles[row["task_id"]]],
            }
        return {}

    def tell(self, tx: Tx) -> None:
        told = [
            self._message(self.of.messages[task["id"]], *own)
            for task, places in zip(self.of.tasks, self.places, strict=True)
            for own in zip(self.ids, self.task_ids[task["id"]], places, self._titles[task["id"]], strict=True)
        ]
        outbox.announce_all(tx, "task_assigned", told, now=self.of.now)

    def _message(
        self, content: Mapping[str, Any], instance_id: int, task_id: int, place: Place, title: Text
    ) -> outbox.Announcement:
        own = {
            "title": {"sv": title.sv, "en": title.en},
            "unit_name": place.position.unit_name,
            "vacant": place.vacant,
            "task_id": task_id,
            "url_path": f"/tasks/{task_id}",
        }
        return outbox.Announcement(f"assigned:{task_id}", place.told, {**content, **own}, instance_id, task_id)

    @cached_property
    def _titles(self) -> dict[int, list[Text]]:
        """Of each of the template's tasks those of its copies, filled in anew."""
        year, specs = {YEAR: self.of.instance["plan_year"]}, self.of.deployed.tasks
        return {
            row["id"]: [specs[row["element_id"]].title.fill({**year, **own}) for own in self.variables]
            for row in self.of.tasks
        }


def take(tx: Tx, deployed: Deployed, instance_id: int, now: datetime) -> Template | None:
    """The instance that has just started, as a template; None when it has written what is not copied."""
    tx.flush()
    rows = {table: _rows(tx, table, instance_id) for table in (activity, user_task, job, audit_event)}
    told = [f"assigned:{task['id']}" for task in rows[user_task]]  # an instance has no index of its messages
    messages = tx.rows(sa.select(outbox_message).where(outbox_message.c.event_key.in_(told)))
    for event in rows[audit_event]:
        event["body"] = json.loads(event["body"])["body"]
    found = Template(
        deployed,
        now,
        _only(tx, sa.select(instance).where(instance.c.id == instance_id)),
        rows[activity],
        rows[user_task],
        rows[job],
        rows[audit_event],
        {message.task_id: message.content for message in messages},
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


_INSTANCE = insert(instance, *(column.name for column in instance.c))


def _copy(tx: Tx, table: sa.Table, row: Mapping[str, Any], **own: Sequence[Any]) -> None:
    """The row once for each value of these columns."""
    shared = {name: value for name, value in row.items() if name not in own}
    _statement(table, tuple(shared), tuple(own)).insert(tx, list(zip(*own.values(), strict=True)), **shared)


@lru_cache(maxsize=32)
def _statement(table: sa.Table, shared: tuple[str, ...], own: tuple[str, ...]) -> Many:
    return Many(table, shared, own)


def _ids(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def _place(tx: Tx, position: identity.Position, now: datetime) -> Place:
    day = civil_date(now)
    known = tx.memo.get(("place", position.id, day))
    if known is None:
        told = tuple(holder.person_id for holder in identity.actors_for(tx, position.id, day))
        known = tx.memo["place", position.id, day] = Place(position, not identity.holders(tx, position.id, day), told)
    found: Place = known
    return found
