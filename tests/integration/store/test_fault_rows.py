"""Which jobs and technical faults a verb finds and changes: beside what fits lies what fails in one thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.rows import HOUR, NOW, Rows

from engine import incidents, jobs
from engine.actor import SYSTEM
from engine.errors import NotFound
from engine.store.tables import incident, job


def states(rows: Rows, table: sa.Table) -> dict[int, str]:
    return {row.id: row.state for row in rows.tx.rows(sa.select(table.c.id, table.c.state))}


def fault(rows: Rows, **more: Any) -> int:
    return rows.tx.insert(incident, **{"kind": "job_reminder", "message": "m", "raised_at": NOW} | more)


def test_a_steps_notices_go_and_what_moves_it_on_stays(rows: Rows) -> None:
    first = rows.instance("k1", 2028)
    step, other = rows.step(first), rows.step(first, round_=2)
    task, beside = rows.task(first, step), rows.task(first, other)
    notices = [rows.job(kind, activity_id=step) for kind in ("reminder", "escalation", "overdue")]
    own = rows.job("overdue", task_id=task)
    rows.job("advance_activity", activity_id=step)
    rows.job("receive_message", task_id=task)
    rows.job("reminder", activity_id=step, state="done")
    rows.job("reminder", activity_id=other)
    rows.job("overdue", task_id=beside)
    before = states(rows, job)
    jobs.cancel_notices(rows.tx, step)
    assert states(rows, job) == {**before, **dict.fromkeys(notices, "cancelled")}
    jobs.cancel_notices(rows.tx, step, of_rows=True)
    assert states(rows, job) == {**before, **dict.fromkeys([*notices, own], "cancelled")}


def test_the_next_job_is_due_and_of_no_paused_instance(rows: Rows) -> None:
    assert jobs.next_due(rows.tx) is None
    rows.job(instance_id=rows.instance("k1", 2028, "suspended"), due_at=NOW - HOUR)
    rows.job(state="failed", due_at=NOW - HOUR)
    assert jobs.next_due(rows.tx) is None
    rows.job(due_at=NOW + HOUR)
    rows.job(instance_id=rows.instance("k2", 2028))
    assert jobs.next_due(rows.tx) == NOW


def test_a_fault_lies_at_its_own_element_or_at_its_jobs_step(rows: Rows) -> None:
    first, second = rows.instance("k1", 2028), rows.instance("k2", 2028)
    here, there = (rows.job(activity_id=rows.step(of, element)) for of, element in ((first, "ask"), (second, "tell")))
    at_job = fault(rows, instance_id=first, job_id=here)
    at_place = fault(rows, instance_id=first, kind="diagram_timer", element_id="timer")
    nowhere = fault(rows, instance_id=first, kind="instance_damaged")
    elsewhere = fault(rows, instance_id=second, job_id=there)
    fault(rows, instance_id=first, kind="diagram_timer", element_id="mended", state="resolved")
    assert incidents.places(rows.tx, first) == {"ask", "timer"}
    assert [row.id for row in incidents.open_incidents(rows.tx, first)] == [at_job, at_place, nowhere]
    assert [row.id for row in incidents.open_incidents(rows.tx)] == [at_job, at_place, nowhere, elsewhere]


def test_a_fault_is_raised_once_for_its_place_while_it_is_open(rows: Rows) -> None:
    tx, first, second = rows.tx, rows.instance("k1", 2028), rows.instance("k2", 2028)
    place = {"kind": "k", "message": "m", "now": NOW, "instance_id": first, "element_id": "a"}
    raised = incidents.raise_incident(tx, **place)
    assert incidents.raise_incident(tx, **place | {"message": "again"}) == raised
    elsewhere = (
        {"kind": "l"},
        {"element_id": "b"},
        {"element_id": None},
        {"instance_id": second},
        {"job_id": rows.job()},
    )
    others = [incidents.raise_incident(tx, **place | more) for more in elsewhere]
    assert len({raised, *others}) == 6
    incidents.resolve(tx, raised, reason="Rättat", by=SYSTEM, now=NOW)
    assert incidents.raise_incident(tx, **place) not in {raised, *others}


def test_once_resolved_a_faults_own_job_is_tried_anew(rows: Rows) -> None:
    tx = rows.tx
    spent = {"state": "failed", "attempts": 5, "not_before": NOW + HOUR, "lease_until": NOW + HOUR}
    mended, other, done = rows.job(**spent), rows.job(**spent), rows.job(**spent | {"state": "done"})
    faults = [fault(rows, job_id=job_id) for job_id in (mended, other, done)]
    for each in (faults[0], faults[2]):
        incidents.resolve(tx, each, reason="Rättat", by=SYSTEM, now=NOW + timedelta(minutes=1))
    assert states(rows, job) == {mended: "due", other: "failed", done: "done"}
    assert states(rows, incident) == {faults[0]: "resolved", faults[1]: "open", faults[2]: "resolved"}
    again = tx.one(sa.select(job).where(job.c.id == mended))
    assert again is not None
    assert (again.attempts, again.not_before, again.lease_until) == (0, None, None)
    with pytest.raises(NotFound):
        incidents.resolve(tx, faults[0], reason="Igen", by=SYSTEM, now=NOW)
