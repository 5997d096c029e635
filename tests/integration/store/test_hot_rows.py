"""What the statements of the verbs that run hot find and write, term by term: beside what fits lies what fails in one
thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.rows import HOUR, NOW, Rows

from engine.store.queries import activities, instances, jobs, user_tasks
from engine.store.tables import activity, draft, instance, job, user_task

SOON = timedelta(seconds=1)


def values(rows: Rows, table: sa.Table, *columns: str) -> dict[int, tuple[Any, ...]]:
    """These columns of all rows, by their id."""
    found = rows.tx.rows(sa.select(table.c.id, *(table.c[name] for name in columns)))
    return {row[0]: tuple(row[1:]) for row in found}


def test_due_is_what_nobody_holds_of_instances_that_are_not_paused(rows: Rows) -> None:
    active, paused = rows.instance("k1", 2028), rows.instance("k2", 2028, "suspended")
    late, twin = rows.job(lease_until=NOW - SOON), rows.job(not_before=NOW, instance_id=active)
    first = rows.job(due_at=NOW - HOUR)
    rows.job(due_at=NOW + SOON)
    rows.job(state="failed")
    rows.job(lease_until=NOW)
    rows.job(not_before=NOW + SOON)
    rows.job(instance_id=paused)
    assert jobs.due_ids(rows.tx, NOW, NOW, 9) == [first, late, twin]
    assert jobs.due_ids(rows.tx, NOW, NOW, 2) == [first, late]


def test_a_claimed_job_is_the_claimers_until_its_lease_runs_out(rows: Rows) -> None:
    tx = rows.tx
    one, other = rows.job(), rows.job()
    mine = jobs.claim(tx, one, NOW, HOUR)
    assert mine is not None
    assert (mine.id, mine.lease_until, mine.attempts, mine.fence) == (one, NOW + HOUR, 1, 1)
    assert jobs.claim(tx, one, NOW + HOUR, HOUR) is None
    assert [jobs.claimed(tx, *each) is not None for each in ((one, 1), (one, 0), (other, 1))] == [True, False, False]
    taken_over = jobs.claim(tx, one, NOW + HOUR + SOON, HOUR)
    assert taken_over is not None
    assert (taken_over.attempts, taken_over.fence) == (2, 2)
    assert jobs.claimed(tx, one, 1) is None
    assert jobs.take(tx, one, NOW)
    assert not jobs.take(tx, one, NOW + HOUR)
    assert jobs.claimed(tx, one, 2) is None
    assert jobs.claim(tx, one, NOW + 9 * HOUR, HOUR) is None
    assert values(rows, job, "state", "done_at", "lease_until") == {
        one: ("done", NOW, None),
        other: ("due", None, None),
    }
    waits = rows.job(not_before=NOW + SOON)
    assert jobs.claim(tx, waits, NOW, HOUR) is None


def test_what_moves_an_instance_is_due_there_and_of_its_kinds(rows: Rows) -> None:
    here, there = rows.instance("k1", 2028), rows.instance("k2", 2028)
    moving = [
        rows.job(kind, instance_id=here)
        for kind in ("open_activity", "advance_activity", "timer", "receive_message")
    ]  # fmt: skip
    first = rows.job("timer", instance_id=here, due_at=NOW - HOUR)
    failed = rows.job("timer", instance_id=here, state="failed")
    later = rows.job("timer", instance_id=here, due_at=NOW + SOON)
    rows.job("reminder", instance_id=here)
    rows.job("timer", instance_id=there)
    rows.job("timer", instance_id=here, state="done")
    assert [row.id for row in jobs.moving(rows.tx, here, NOW)] == [first, *moving]
    assert {row.id for row in jobs.timers(rows.tx, here)} == {moving[2], first, failed, later}


@pytest.mark.parametrize("column", ["id", "activity_id", "task_id", "instance_id"])
def test_what_is_cancelled_is_due_and_of_that_thing(rows: Rows, column: str) -> None:
    ids = []
    for key in ("k1", "k2"):
        own = {"instance_id": rows.instance(key, 2028)}
        own["activity_id"] = rows.step(own["instance_id"])
        own["task_id"] = rows.task(own["instance_id"], own["activity_id"], position_id=f"{'also_' * (key == 'k2')}mine")
        ids.append({**own, "id": rows.job(**own)})
        ids[-1]["failed"] = rows.job(state="failed", **own)
    jobs.cancel(rows.tx, column, ids[0][column])
    found = {job_id: state for job_id, (state,) in values(rows, job, "state").items()}
    assert found == {
        ids[0]["id"]: "cancelled", ids[0]["failed"]: "failed", ids[1]["id"]: "due", ids[1]["failed"]: "failed",
    }  # fmt: skip


def test_a_task_is_taken_only_as_it_was_read(rows: Rows) -> None:
    tx, first = rows.tx, rows.instance("k1", 2028)
    task_id, other = rows.task(first, None), rows.task(first, None)
    read = user_tasks.get(tx, task_id)
    assert user_tasks.take(tx, read, "answered", {"n": 1}, "ann", NOW)
    assert not user_tasks.take(tx, read, "answered", {"n": 2}, "bo", NOW + HOUR)
    now = user_tasks.get(tx, task_id)
    assert now is not None
    assert (now.state, now.outcome, now.answer, now.answered_by, now.answered_at, now.ended_at, now.revision) == (
        "completed", "answered", {"n": 1}, "ann", NOW, NOW, 1,
    )  # fmt: skip
    tx.execute(user_task.update().where(user_task.c.id == task_id).values(revision=0))
    assert not user_tasks.take(tx, read, "answered", {"n": 2}, "bo", NOW), "answered, though as often changed"
    as_read = user_tasks.get(tx, other)
    tx.execute(user_task.update().where(user_task.c.id == other).values(revision=1))
    assert not user_tasks.take(tx, as_read, "answered", {}, "ann", NOW), "open, but changed meanwhile"
    assert not user_tasks.cancel(tx, task_id, NOW)
    assert values(rows, user_task, "state")[other] == ("open",)
    assert user_tasks.cancel(tx, other, NOW)
    assert values(rows, user_task, "state", "outcome", "ended_at", "revision") == {
        task_id: ("completed", "answered", NOW, 0),
        other: ("cancelled", "cancelled", NOW, 2),
    }


def test_open_ones_are_counted_of_the_step_and_drafts_are_ones_own(rows: Rows) -> None:
    tx, first = rows.tx, rows.instance("k1", 2028)
    step, second = rows.step(first), rows.step(first, round_=2)
    task, other = rows.task(first, step), rows.task(first, step, position_id="also_mine")
    rows.answered(first, step, position_id="theirs")
    rows.task(first, second)
    assert (user_tasks.left_open(tx, step, 9), user_tasks.left_open(tx, step, 1)) == (2, 1)
    typed = {"data": {}, "version": 1, "saved_at": NOW}
    keys = [(task, "ann"), (task, "bo"), (other, "ann")]
    assert [user_tasks.add_draft(tx, task_id=of, person_id=by, **typed) for of, by in [*keys, keys[0]]] == [
        True, True, True, False,
    ]  # fmt: skip
    user_tasks.drop_draft(tx, task, "ann")
    assert {tuple(row) for row in tx.rows(sa.select(draft.c.task_id, draft.c.person_id))} == set(keys[1:])


def test_work_that_follows_is_left_behind_once(rows: Rows) -> None:
    first = rows.instance("k1", 2028)
    work = {"instance_id": first, "element_id": "ask", "follow_on": "register", "step": None, "form": "f"}
    work |= {"title_sv": "T", "title_en": "T", "plan_year": 2028, "opened_at": NOW, "due_at": NOW}
    work |= {"position_id": "mine", "role": "r", "unit_id": "u", "unit_name": "U", "vacant": False}
    added = [user_tasks.add_follow_on(rows.tx, **work, record_id=record) for record in (1, 1, 2, None, None)]
    assert [row is not None for row in added] == [True, False, True, True, False]


def test_activities_are_read_and_changed_one_by_one(rows: Rows) -> None:
    tx, first, second = rows.tx, rows.instance("k1", 2028), rows.instance("k2", 2028)
    coming, asked = rows.step(first, state="coming", opened_at=None), rows.step(first, round_=2)
    other = rows.step(first, "tell", state="completed")
    elsewhere = rows.step(second)
    assert [row.id for row in activities.live(tx, first)] == [coming, asked]
    assert activities.get(tx, asked).round == 2
    assert [activities.rounds(tx, *of) for of in ((first, "ask"), (first, "tell"), (second, "ask"))] == [2, 1, 1]
    activities.set_open(tx, coming, NOW + HOUR)
    activities.end(tx, asked, "closed", NOW + HOUR)
    assert values(rows, activity, "state", "opened_at", "ended_at") == {
        coming: ("open", NOW + HOUR, None), asked: ("closed", NOW, NOW + HOUR),
        other: ("completed", NOW, None), elsewhere: ("open", NOW, None),
    }  # fmt: skip


def test_instances_are_found_by_key_and_saved_one_by_one(rows: Rows) -> None:
    tx = rows.tx
    one, other = rows.instance("k1", 2028), rows.instance("k2", 2029, "cancelled")
    for read in (instances.lock, instances.read, instances.look, instances.share):
        found = read(tx, other)
        assert found is not None
        assert (found.id, found.key, found.sha256, found.state) == (other, "k2", "k2", "cancelled")
    assert (instances.lock_state(tx, other), instances.windows(tx, other)) == ("cancelled", "")
    assert [row.id for row in instances.of_key(tx, "k1", "k1")] == [one]
    assert [row.id for row in instances.of_key(tx, "k2", "k2")] == [other]
    assert [instances.of_key(tx, *none) for none in (("k1", "k2"), ("k2", "k1"))] == [[], []]
    assert instances.known_keys(tx, "k1", ["k1", "k2"]) == {"k1"}
    assert instances.known_keys(tx, "k2", ["k1", "k2"]) == {"k2"}
    assert [instances.known_keys(tx, key, ["k3"]) for key in ("k1", "k2")] == [set(), set()]
    instances.save(tx, one, b"1", {"n": 1})
    instances.save_windows(tx, one, "w")
    assert [instances.windows(tx, each) for each in (one, other)] == ["w", ""]
    instances.save_end(tx, other, b"2", {}, "cancelled", NOW)
    instances.save_end(tx, other, b"3", {}, "cancelled", NOW + HOUR)
    assert values(rows, instance, "execution", "variables", "windows", "state", "ended_at", "revision") == {
        one: (b"1", {"n": 1}, "w", "active", None, 1),
        other: (b"3", {}, "", "cancelled", NOW, 2),
    }
    rows.instance("k0", 2028)
    tx.execute(sa.text("update definition set key = 'k1', version = 2 where key = 'k2'"))
    newest = instances.newest_definition(tx, "k1")
    assert newest is not None
    assert newest.sha256 == "k2"
    assert [(row.key, row.sha256) for row in instances.newest_definitions(tx)] == [("k0", "k0"), ("k1", "k2")]
    assert instances.newest_definition(tx, "k2") is None
