"""A worker that is killed in the middle of a batch, again and again: nothing is lost and nothing started twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.development import KEY, package
from support.world import World

from engine import deployments, history
from engine.actor import SYSTEM
from engine.batches import making, reading, starting
from engine.store.tables import instance, job, user_task

ROOT = Path(__file__).parents[3]
WORKER = """
import sys
from datetime import datetime
from engine import job_executor
from engine.clock import SystemClock
from engine.store.database import Database
job_executor.tick(Database(sys.argv[1], SystemClock(), volatile=True), datetime.fromisoformat(sys.argv[2]))
"""
MANY, CHUNK, KILLS = 600, 20, 4


def test_a_batch_whose_workers_are_killed_is_finished_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CHUNK", {"start": CHUNK, "migrate": CHUNK})
    world = World(database_url, today="2026-11-02")
    asked = [{"employee": f"E{n}", "plan_year": 2027, "manager": "chef-hs-1", "kind": "usual"} for n in range(MANY)]
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, package(), by=SYSTEM, now=world.now)
        made = starting.start_many(tx, KEY, asked, reason="Nytt år", by=SYSTEM, now=world.now)
    killed_midway = 0
    for _ in range(KILLS):
        before = done(world, made)
        worker = work(world, database_url)
        while worker.poll() is None and done(world, made) == before:
            time.sleep(0.02)
        worker.kill()
        worker.wait()
        killed_midway += 0 < done(world, made) < MANY
        leases_run_out(world)
    assert work(world, database_url).wait() == 0
    assert killed_midway, "no worker was killed in the middle"
    assert done(world, made) == MANY
    with world.page() as tx:
        assert reading.progress(tx, made).state == "completed"
        keys = Counter(tx.execute(sa.select(instance.c.business_key).where(instance.c.key == KEY)).scalars())
        assert (len(keys), set(keys.values())) == (MANY, {1})
        assert tx.scalar(sa.select(sa.func.count()).select_from(user_task)) == MANY
        assert history.verify(tx).ok
    world.close()


def work(world: World, url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORKER, url, world.now.isoformat()], cwd=ROOT)


def done(world: World, batch_id: int) -> int:
    with world.page() as tx:
        return reading.progress(tx, batch_id).done


def leases_run_out(world: World) -> None:
    """As they do two minutes after a worker has died."""
    with world.database.verb() as tx:
        tx.execute(job.update().where(job.c.state == "due").values(lease_until=None, not_before=None))
