"""An answer to a fan-out at ten thousand participants against at ten, against the floor; and the last answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from arshjul.bench import drawn, floor, linear
from arshjul.bench.measured import Row, alternately, each, seconds
from arshjul.bench.site import NOW, Site, open_site
from engine import job_executor
from engine.actor import Actor
from engine.store.tables import user_task

KEY = "bench_fan_out"
FEW = 12
LAST_ANSWERS = 5
PACKAGES = {KEY: drawn.fan_out(KEY), "bench_linear": drawn.linear("bench_linear")}


def rows(folder: Path, connection: sqlite3.Connection, many: int) -> Iterator[Row]:
    few_site = open_site(folder, "few", PACKAGES, managers=FEW)
    many_site = open_site(folder, "many", PACKAGES, managers=many)
    few = iter([few_site.start(KEY, year) for year in drawn.YEARS[:40]])
    whole = [many_site.start(KEY, year) for year in drawn.YEARS[:LAST_ANSWERS]]
    waiting = iter(many_site.open_tasks(whole[:1], "ask"))

    def answer_many() -> float:
        return _answer(many_site, [next(waiting) for _ in range(8)])

    def answer_few() -> float:
        return _answer(few_site, few_site.open_tasks([next(few)], "ask")[:8])

    def commits() -> float:
        return each(range(1, 201), lambda task: floor.commit(connection, task))

    in_many, in_few, committed = alternately(9, answer_many, answer_few, commits)
    rate, growth, share = round(1 / in_many, 1), in_many / in_few, committed / in_many
    name = f"fan-out answer at {many:,} participants"
    yield Row(
        f"{name} against at {FEW}", rate, "per s", f"{1 / in_few:.0f} per s", round(growth, 2), "≤ 1.2×", growth <= 1.2
    )
    against = f"commit floor {1 / committed:.0f} per s"
    yield Row(name, rate, "per s", against, round(share, 3), "≥ 0.2", share >= 0.2)
    yield _last(many_site, whole, many)
    few_site.database.dispose()
    many_site.database.dispose()


def _answer(site: Site, tasks: list[int]) -> float:
    pairs = [(task, site.actor_of(task)) for task in tasks]
    return each(pairs, lambda pair: site.complete(*pair))


def _finish(site: Site, last: int, actor: Actor) -> None:
    site.complete(last, actor)
    job_executor.tick(site.database, NOW)


def _last(site: Site, instances: list[int], many: int) -> Row:
    """The median over several instances: a single one would be mostly the first time that its statements are used."""
    spent = median(_last_of(site, instance_id) for instance_id in instances)
    ordinary = linear.completion(site, drawn.YEARS[100:120])
    ratio = spent / ordinary
    against = f"linear completion {ordinary * 1000:.1f} ms"
    name = f"last answer of {many:,} → next step assigned"
    return Row(name, round(spent * 1000, 1), "ms", against, round(ratio, 2), "≤ 3×", ratio <= 3)


def _last_of(site: Site, instance_id: int) -> float:
    """All but one are set answered beforehand; the last is given, and the worker's round assigns the next step."""
    *_others, last = site.open_tasks([instance_id], "ask")
    with site.database.verb() as tx:
        done = user_task.update().where(
            user_task.c.activity_id.in_(sa.select(user_task.c.activity_id).where(user_task.c.id == last))
        )
        tx.execute(done.where(user_task.c.id != last).values(state="completed", outcome="answered", answered_at=NOW))
    actor = site.actor_of(last)
    spent = seconds(lambda: _finish(site, last, actor))
    (_after,) = site.open_tasks([instance_id], "after")
    return spent
