"""An instance as it stood at an earlier moment, folded from the events up to then.

`by` says which events those are. HAPPENED: what had happened by then, in process time, also when it was written
afterwards (a window that closed while the service was down). WRITTEN: what the history held by then, in wall time; what
was put right later is not there, and nobody can have known it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments, flows, history
from engine.diagrams import SHOWN
from engine.errors import NotFound
from engine.history import Event
from engine.rules.value_words import ValueWords, is_empty
from engine.store.database import Tx
from engine.store.tables import audit_event, definition, instance, user_task
from engine.subjects import schema_title, state_words
from engine.texts import Text

HAPPENED, WRITTEN = "happened", "written"
MOST_EVENTS = 200_000
MOST_TASKS = 200
MOVES = ("element_entered", "element_left", "element_cancelled", "activity_opened")
TASK_EVENTS = (
    "task_created", "task_completed", "task_harvested", "task_taken_back", "task_closed", "task_claimed",
    "task_released", "task_assigned", "task_cancelled", "participant_excused", "participant_added",
)  # fmt: skip
ENDED_WITHOUT = {"task_cancelled": "cancelled", "participant_excused": "excused"}
RECORD_EVENTS = ("record_created", "record_changed", "record_withdrawn")


@dataclass(frozen=True)
class Moment:
    """An aware instant, by one of the two times."""

    at: datetime
    by: str = HAPPENED

    @property
    def column(self) -> sa.Column[datetime]:
        return audit_event.c.recorded_at if self.by == WRITTEN else audit_event.c.occurred_at

    def has(self, event: Event) -> bool:
        return (event.recorded_at if self.by == WRITTEN else event.occurred_at) <= self.at


@dataclass(frozen=True)
class ElementThen:
    """`state`: coming, on_demand (only an event begins it), active, late, done, skipped (the process went another way).
    `since`: when the process last came there; of a task, when it opened.

    `answered` of `total` who were asked at its last visit had answered; 0 of 0 where nobody was.
    """

    id: str
    name: str
    lane: str | None
    state: str
    since: datetime | None
    is_task: bool
    answered: int
    total: int


@dataclass(frozen=True)
class TaskThen:
    """`state`: open, answered, no_answer, cancelled, excused (need not answer).

    `by`: who had answered, or who had it.
    """

    id: int
    element_id: str
    activity_id: int | None
    title: Text
    unit_name: str
    state: str
    by: str | None


@dataclass(frozen=True)
class RecordThen:
    """`values` in words; None where they have been erased since; `erased` says that something of it has been."""

    id: int
    type: str
    type_name: Text
    state: Text | None
    withdrawn: bool
    erased: bool
    values: list[tuple[Text, Any]]


@dataclass(frozen=True)
class Then:
    """`tasks` are the newest ones (MOST_TASKS); `counts` holds all of them by state. The definition is the one that
    the instance followed at that moment; `version` is its number.
    """

    definition_id: int
    version: int
    elements: list[ElementThen]
    tasks: list[TaskThen]
    counts: dict[str, int]
    records: list[RecordThen]

    def with_state(self, state: str) -> list[str]:
        return [element.id for element in self.elements if element.state == state]


def first_written(tx: Tx, instance_id: int) -> datetime | None:
    """When the first event of the instance was written, in wall time; None when there is none."""
    found: datetime | None = tx.scalar(
        sa.select(audit_event.c.recorded_at)
        .where(audit_event.c.instance_id == instance_id)
        .order_by(audit_event.c.id)
        .limit(1)
    )
    return found


def then(tx: Tx, instance_id: int, at: datetime, by: str = HAPPENED) -> Then:
    """How the instance stood at `at` (aware). Before its start everything is to come. Raises NotFound."""
    definition_id = tx.scalar(sa.select(instance.c.definition_id).where(instance.c.id == instance_id))
    if definition_id is None:
        raise NotFound(kind="instance")
    moment = Moment(at, by)
    deployed = _deployed(tx, instance_id, definition_id, moment)
    tasks = _tasks(tx, instance_id, moment)
    return Then(
        deployed.id,
        deployed.version,
        _elements(tx, deployed, instance_id, moment, _progress(tasks)),
        tasks[-MOST_TASKS:],
        dict(Counter(task.state for task in tasks)),
        _records(tx, deployed, instance_id, moment),
    )


def _deployed(tx: Tx, instance_id: int, today: int, moment: Moment) -> deployments.Deployed:
    """The definition in force then: the first one's until the instance was moved to a newer."""
    changes = history.timeline(tx, instance_id, types=("instance_migrated",), limit=MOST_EVENTS)
    before = [event.body["new"] for event in changes if moment.has(event)]
    after = [event.body["old"] for event in changes if not moment.has(event)]
    digest = before[-1] if before else after[0] if after else None
    known = sa.select(definition.c.id).where(definition.c.sha256 == digest).order_by(definition.c.id.desc())
    found = tx.scalar(known.limit(1)) if digest is not None else None
    return deployments.load(tx, found if found is not None else today)


def _until(tx: Tx, instance_id: int, types: tuple[str, ...], moment: Moment) -> list[Event]:
    """The instance's events of those types up to then, oldest first."""
    found = history.timeline(tx, instance_id, types=types, limit=MOST_EVENTS)
    return [event for event in found if moment.has(event)]


def _progress(tasks: list[TaskThen]) -> dict[str, tuple[int, int]]:
    """By element: how many had answered and how many were asked when the process was last there."""
    asked = [task for task in tasks if task.activity_id is not None and task.state != "excused"]
    last = {task.element_id: task.activity_id for task in asked}
    of_visit = [task for task in asked if task.activity_id == last[task.element_id]]
    total = Counter(task.element_id for task in of_visit)
    answered = Counter(task.element_id for task in of_visit if task.state == "answered")
    return {element_id: (answered[element_id], number) for element_id, number in total.items()}


def _elements(
    tx: Tx, deployed: deployments.Deployed, instance_id: int, moment: Moment, progress: dict[str, tuple[int, int]]
) -> list[ElementThen]:
    since: dict[str, datetime] = {}
    inside: Counter[str] = Counter()
    closed: set[str] = set()  # tasks that the process had reached but whose window had not opened
    for row in tx.rows(
        sa.select(audit_event.c.element_id, audit_event.c.type, audit_event.c.occurred_at)
        .where(audit_event.c.instance_id == instance_id, audit_event.c.type.in_(MOVES), moment.column <= moment.at)
        .order_by(audit_event.c.id)
    ):
        if row.type == "element_entered":
            since[row.element_id] = row.occurred_at
            inside[row.element_id] += 1
            closed |= {row.element_id} & deployed.tasks.keys()
        else:
            inside[row.element_id] -= row.type != "activity_opened"
            closed.discard(row.element_id)
            if row.type == "activity_opened":
                since[row.element_id] = row.occurred_at
    late = _late(tx, instance_id, moment)
    elements = deployed.model.elements  # the events also name what only another version has
    live = [i for i, times in inside.items() if times > 0 and i in elements and elements[i].kind != "endEvent"]
    ahead = flows.ahead(deployed.model, live) if since else dict.fromkeys(elements, "coming")
    found = []
    for element_id in deployed.model.order():
        element = deployed.model.element(element_id)
        if element.kind not in SHOWN or not element.name:
            continue
        if element_id not in since or element_id in closed:
            state = ahead.get(element_id, "skipped")
        elif inside[element_id] > 0 and element.kind != "endEvent":
            state = "late" if element_id in late else "active"
        else:
            state = "done"
        is_task = element_id in deployed.tasks
        reached = since.get(element_id)
        counts = progress.get(element_id, (0, 0))
        found.append(ElementThen(element_id, element.name, element.lane, state, reached, is_task, *counts))
    return found


def _late(tx: Tx, instance_id: int, moment: Moment) -> set[str]:
    """Tasks whose last day had passed, by the dates as they had been moved then."""
    late: set[str] = set()
    told = ("activity_opened", "activity_late", "activity_ended", "window_moved")
    for event in _until(tx, instance_id, told, moment):
        if event.type == "activity_late":
            late.add(event.element_id or "")
        else:
            late.discard(event.element_id or "")
    return late


def _tasks(tx: Tx, instance_id: int, moment: Moment) -> list[TaskThen]:
    state: dict[int, str] = {}
    by: dict[int, str | None] = {}
    for event in _until(tx, instance_id, TASK_EVENTS, moment):
        task_id = event.task_id or 0
        if event.type in ("task_created", "participant_added"):
            state[task_id] = "open"
        elif event.type in ("task_completed", "task_harvested"):
            state[task_id], by[task_id] = "answered", event.actor_name
        elif event.type == "task_closed":
            state[task_id] = "no_answer"
        elif event.type == "task_taken_back":
            state[task_id] = "open"
        elif event.type in ENDED_WITHOUT:
            state[task_id] = ENDED_WITHOUT[event.type]
        else:
            by[task_id] = event.actor_name if event.type == "task_claimed" else None
    rows = tx.rows(
        sa.select(
            user_task.c.id,
            user_task.c.element_id,
            user_task.c.activity_id,
            user_task.c.title_sv,
            user_task.c.title_en,
            user_task.c.unit_name,
        )
        .where(user_task.c.instance_id == instance_id)
        .order_by(user_task.c.id)
    )
    return [
        TaskThen(
            row.id,
            row.element_id,
            row.activity_id,
            Text(row.title_sv, row.title_en),
            row.unit_name,
            state[row.id],
            by.get(row.id),
        )
        for row in rows
        if row.id in state
    ]


def _records(tx: Tx, deployed: deployments.Deployed, instance_id: int, moment: Moment) -> list[RecordThen]:
    """From the events, not from the records' versions: what has been erased from the history is not shown here."""
    types: dict[int, str] = {}
    states: dict[int, str | None] = {}
    values: dict[int, dict[str, Any]] = {}
    withdrawn: set[int] = set()
    erased: set[int] = set()
    for event in _until(tx, instance_id, RECORD_EVENTS, moment):
        body = event.body
        record_id = int(body["record"])
        types[record_id] = str(body["type"])
        states[record_id] = body.get("state") or states.get(record_id)
        if body.get("new") is None:
            erased.add(record_id)
        values.setdefault(record_id, {}).update(body.get("new") or {})
        (withdrawn.add if event.type == "record_withdrawn" else withdrawn.discard)(record_id)
    words = ValueWords(deployed.package)
    return [
        _record(deployed, words, record_id, type_, states[record_id], values[record_id], record_id in withdrawn,
                record_id in erased)
        for record_id, type_ in types.items()
    ]  # fmt: skip


def _record(
    deployed: deployments.Deployed,
    words: ValueWords,
    record_id: int,
    type_: str,
    state: str | None,
    values: dict[str, Any],
    withdrawn: bool,
    erased: bool,
) -> RecordThen:
    schema = deployed.package.records.get(type_, {})
    fields = schema.get("properties", {})
    return RecordThen(
        record_id,
        type_,
        schema_title(schema, type_),
        state_words(schema, state),
        withdrawn,
        erased,
        [
            (schema_title(fields.get(name, {}), name), words.value(name, value, type_=type_))
            for name, value in values.items()
            if not is_empty(value)
        ],
    )
