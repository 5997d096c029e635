"""Jobs that fail delay only themselves, end as a technical fault, and work once when it is mended."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.world import World

from engine import incidents, job_executor, jobs
from engine.actor import SYSTEM
from engine.store.tables import job


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url)
    world.go_to("2025-11-01")
    world.start(2027)
    yield world
    world.close()


def poison(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A kind of job that always fails; the ids that were tried."""
    tried: list[int] = []

    def fail(_tx: Any, row: Any, _now: Any) -> None:
        tried.append(row.id)
        raise RuntimeError("poisoned")

    monkeypatch.setitem(job_executor._HANDLERS, "reminder", fail)
    monkeypatch.setattr(job_executor, "FIRST_PAUSE", timedelta(0))
    return tried


def test_a_poisoned_job_does_not_delay_its_neighbours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch)
    done: list[int] = []
    monkeypatch.setitem(job_executor._HANDLERS, "start_instance", lambda _tx, row, _now: done.append(row.id))
    with world.database.verb() as tx:
        jobs.add(tx, "reminder", None, due_at=world.now)
        neighbour = jobs.add(tx, "start_instance", None, due_at=world.now)
    job_executor.tick(world.database, world.now, limit=1)
    assert done == [neighbour]


def test_a_job_that_keeps_failing_becomes_a_technical_fault_and_is_done_once_it_is_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = poison(monkeypatch)
    with world.database.verb() as tx:
        poisoned = jobs.add(tx, "reminder", None, due_at=world.now)
    for _ in range(job_executor.ATTEMPTS + 3):
        job_executor.tick(world.database, world.now)
    assert tried == [poisoned] * job_executor.ATTEMPTS
    with world.page() as tx:
        (fault,) = incidents.open_incidents(tx)
        assert fault.job_id == poisoned
        assert "poisoned" in fault.message
    monkeypatch.setitem(job_executor._HANDLERS, "reminder", lambda _tx, row, _now: tried.append(-row.id))
    with world.database.verb() as tx:
        incidents.resolve(tx, fault.id, reason="mended", by=SYSTEM, now=world.now)
    job_executor.tick(world.database, world.now)
    job_executor.tick(world.database, world.now)
    assert tried[job_executor.ATTEMPTS :] == [-poisoned]
    with world.page() as tx:
        assert tx.scalar(sa.select(job.c.state).where(job.c.id == poisoned)) == "done"


def test_a_job_that_takes_its_worker_down_is_tried_no_more_often_than_one_that_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def die(_tx: Any, row: Any, _now: Any) -> None:
        tried.append(row.id)
        raise SystemExit

    monkeypatch.setitem(job_executor._HANDLERS, "reminder", die)
    monkeypatch.setattr(job_executor, "LEASE", timedelta(0))
    with world.database.verb() as tx:
        deadly = jobs.add(tx, "reminder", None, due_at=world.now)
    for _ in range(job_executor.ATTEMPTS):
        with pytest.raises(SystemExit):
            job_executor.tick(world.database, world.now)
    job_executor.tick(world.database, world.now)
    job_executor.tick(world.database, world.now)
    assert tried == [deadly] * job_executor.ATTEMPTS
    with world.page() as tx:
        (fault,) = incidents.open_incidents(tx)
        assert fault.job_id == deadly


def test_a_failed_attempt_leaves_nothing_half_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(tx: Any, row: Any, _now: Any) -> None:
        jobs.add(tx, "timer", None, due_at=row.due_at, token="half")
        raise RuntimeError("after writing")

    monkeypatch.setitem(job_executor._HANDLERS, "reminder", half)
    with world.database.verb() as tx:
        jobs.add(tx, "reminder", None, due_at=world.now)
    job_executor.tick(world.database, world.now)
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(job.c.token == "half")) == 0


def test_work_that_came_due_while_the_scheduler_was_down_is_done_once_and_in_order(world: World) -> None:
    """Three weeks over the turn of the year: the close of the collection, then the opening of the compilation."""
    world.go_to("2025-12-20")
    world.clock.move_to(world.now + timedelta(weeks=3))
    job_executor.tick(world.database, world.now)
    (task,) = world.open("compilation")
    assert task.opened_at == world.now
    assert world.open("collection") == []
    with world.page() as tx:
        due = [
            row.due_at
            for row in tx.rows(
                sa.select(job.c.due_at).where(job.c.state == "done").order_by(job.c.done_at, job.c.due_at)
            )
        ]
    assert due == sorted(due)
