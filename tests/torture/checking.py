"""The invariants, looked for from outside: the client's journal and the database's rows, never the program's word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from arshjul.bench.site import NOW
from engine import deployments, history
from engine.clock import SystemClock
from engine.history import verifier
from engine.running import evaluator
from engine.store.database import Database, Tx
from engine.store.tables import (
    activity,
    audit_event,
    chain_head,
    incident,
    instance,
    job,
    mail,
    outbox_message,
    record,
    user_task,
)

ENDS = {"task_completed": "completed", "task_cancelled": "cancelled", "task_created": "open"}
"""What a task is by the last of its events."""
ONCE_A_TASK = ("task_created", "task_completed", "task_cancelled", "record_created", "notice")


def broken(url: str, journal: list[dict[str, Any]]) -> list[str]:
    """Every invariant that does not hold: its letter and what was found."""
    database = Database(url, SystemClock())
    try:
        with database.page() as tx:
            by_journal = [
                *by_itself(journal),
                *_acknowledged(tx, journal),
                *_done_twice(tx, Counter(line["task"] for line in journal if line["what"] == "revised")),
                *_mailed(tx, journal),
            ]
            looks = (_moved_twice, _folded, _with_their_records, _chained, _alive, _restored)
            return by_journal + [found for look in looks for found in look(tx)]
    finally:
        database.dispose()


def by_itself(journal: list[dict[str, Any]]) -> list[str]:
    """What workers and the trial itself found: no worker may end by what it raises."""
    ends = [f"a worker ended by {line['why']}" for line in journal if line["what"] == "crash"]
    return ends + [line["why"] for line in journal if line["what"] == "broken"]


def _acknowledged(tx: Tx, journal: list[dict[str, Any]]) -> Iterator[str]:
    rows = {row.id: row for row in tx.rows(sa.select(user_task))}
    revised = {line["task"]: number for number, line in enumerate(journal) if line["what"] == "revised"}
    for number, line in enumerate(journal):
        if line["what"] == "answered" and number > revised.get(line["task"], -1):
            row = rows[line["task"]]
            if row.state != "completed" or (row.answer or {}).get("note") != line["note"]:
                yield f"A: task {row.id} was answered with {line['note']!r} but holds {row.state}, {row.answer}"


def _done_twice(tx: Tx, revised: Counter[int]) -> Iterator[str]:
    """`revised`: how often an answer to the task was changed or taken back."""
    count = sa.func.count()
    for row in tx.rows(
        sa.select(audit_event.c.type, audit_event.c.task_id, count.label("times"))
        .where(audit_event.c.type.in_(ONCE_A_TASK), audit_event.c.task_id.is_not(None))
        .group_by(audit_event.c.type, audit_event.c.task_id)
        .having(count > 1)
    ):
        if row.times > 1 + revised[row.task_id]:
            yield f"D: {row.type} {row.times} times for task {row.task_id}"
    live = sa.select(record.c.task_id, count.label("times")).where(record.c.withdrawn.is_(False))
    for row in tx.rows(live.group_by(record.c.task_id).having(count > 1)):
        yield f"D: {row.times} records of task {row.task_id}"


def _moved_twice(tx: Tx) -> Iterator[str]:
    count = sa.func.count()
    for row in tx.rows(
        sa.select(audit_event.c.instance_id, audit_event.c.type, audit_event.c.element_id, count.label("times"))
        .where(audit_event.c.type.in_(("element_entered", "element_left", "timer_fired", "activity_ended")))
        .group_by(audit_event.c.instance_id, audit_event.c.type, audit_event.c.element_id)
        .having(count > 1)
    ):
        yield f"D: {row.type} {row.times} times at {row.element_id} of instance {row.instance_id}"


def _folded(tx: Tx) -> Iterator[str]:
    """What the events say of tasks, steps and instances is what their rows say."""
    told: dict[int, set[str]] = defaultdict(set)
    ended: Counter[tuple[int, str]] = Counter()
    instances: dict[int, set[str]] = defaultdict(set)
    for event in tx.rows(
        sa.select(audit_event.c.type, audit_event.c.task_id, audit_event.c.instance_id, audit_event.c.element_id)
    ):
        if event.task_id is not None:
            told[event.task_id].add(event.type)
        elif event.type == "activity_ended":
            ended[event.instance_id, event.element_id] += 1
        instances[event.instance_id].add(event.type)
    for task in tx.rows(sa.select(user_task.c.id, user_task.c.state)):
        folded = next((state for event, state in ENDS.items() if event in told[task.id]), "none")
        if folded != task.state:
            yield f"H: task {task.id} is {task.state}, its history says {folded}"
    for step in tx.rows(sa.select(activity)):
        if (step.state not in ("coming", "open")) != (ended[step.instance_id, step.element_id] > 0):
            yield f"H: {step.element_id} of instance {step.instance_id} is {step.state}, its history says otherwise"
    for row in tx.rows(sa.select(instance.c.id, instance.c.state)):
        if (row.state == "completed") != ("instance_completed" in instances[row.id]):
            yield f"H: instance {row.id} is {row.state}, its history says otherwise"


def _with_their_records(tx: Tx) -> Iterator[str]:
    """Each answer to the fan-out has its record, and each record its answer."""
    done = tx.rows(sa.select(record.c.task_id).where(record.c.withdrawn.is_(False)))
    asked = {
        row.id
        for row in tx.rows(
            sa.select(user_task.c.id).where(user_task.c.element_id == "ask", user_task.c.state == "completed")
        )
    }
    if asked != {row.task_id for row in done}:
        yield f"H: answers without their record, or records without their answer: {asked ^ {r.task_id for r in done}}"


def _chained(tx: Tx) -> Iterator[str]:
    heads = {row.chain: (row.seq, row.hash) for row in tx.rows(sa.select(chain_head))}
    anchors = {"heads": heads, "root": verifier.merkle_root(heads)}
    verdict = verifier.check(history.export_ndjson(tx), anchors)
    if not verdict.ok or verdict.not_anchored:
        yield f"C: {verdict.problem or verdict}"


def _alive(tx: Tx) -> Iterator[str]:
    waiting = set()
    for table, condition in (
        (user_task, user_task.c.state == "open"),
        (job, job.c.state == "due"),
        (incident, incident.c.state == "open"),
    ):
        waiting |= {row.instance_id for row in tx.rows(sa.select(table.c.instance_id).where(condition))}
    for row in tx.rows(sa.select(instance.c.id).where(instance.c.state == "active")):
        if row.id not in waiting:
            yield f"L: instance {row.id} waits for nothing"


def _mailed(tx: Tx, journal: list[dict[str, Any]]) -> Iterator[str]:
    keys = Counter((row.event_key, row.person_id) for row in tx.rows(sa.select(outbox_message)))
    yield from (f"M: {key} told {times} times" for key, times in keys.items() if times > 1)
    told = {
        row.task_id
        for row in tx.rows(sa.select(outbox_message.c.task_id).where(outbox_message.c.kind == "task_assigned"))
    }
    for row in tx.rows(sa.select(user_task.c.id)):
        if row.id not in told:
            yield f"M: nobody was told of task {row.id}"
    ids: dict[int, set[str]] = defaultdict(set)
    for line in journal:
        if line["what"] == "delivered":
            ids[line["mail"]].add(line["message_id"])
    yield from (f"M: mail {number} has {len(found)} Message-IDs" for number, found in ids.items() if len(found) > 1)
    for row in tx.rows(sa.select(mail.c.id).where(mail.c.state == "sent")):
        if row.id not in ids:
            yield f"M: mail {row.id} counts as sent and never arrived"


def _restored(tx: Tx) -> Iterator[str]:
    for row in tx.rows(sa.select(instance)):
        deployed = deployments.load(tx, row.definition_id)
        if deployed.model.restore(row.execution, evaluator(deployed, row.plan_year, NOW)).rewritten() != row.execution:
            yield f"R: instance {row.id} is saved otherwise than it was"
