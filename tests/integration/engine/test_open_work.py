"""Open tasks of processes with many instances are kept counted by the database, whatever verb opens or closes them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from support.development import KEY, package
from support.world import World

from engine import deployments, open_work, portfolios, process_instances, user_tasks, workload
from engine.actor import SYSTEM
from engine.batches import starting
from engine.errors import EngineError
from engine.operations import cancelling, dates, handing_over, pausing
from engine.store.database import Tx
from engine.store.tables import instance, user_task
from engine.store.tables import open_work as kept

SEED = 20261102
MANAGERS = ("chef-hs-1", "chef-hs-2", "chef-hs-4")


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, today="2026-11-02")
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, package(gateway=True), by=SYSTEM, now=world.now)
    yield world
    world.close()


def counted(tx: Tx) -> Counter[tuple[Any, ...]]:
    query = sa.select(user_task.c.element_id, user_task.c.role, user_task.c.due_at)
    query = query.join(instance, instance.c.id == user_task.c.instance_id)
    return Counter(tuple(row) for row in tx.rows(query.where(user_task.c.state == "open", instance.c.key == KEY)))


def as_kept(tx: Tx) -> Counter[tuple[Any, ...]]:
    return Counter({(row.element_id, row.role, row.due_at): row.number for row in open_work.of_process(tx, KEY)})


def asked(number: int, random_: random.Random) -> dict[str, Any]:
    kind = random_.choice(("usual", "new"))
    return {"employee": f"E{number}", "plan_year": 2027, "manager": random_.choice(MANAGERS), "kind": kind}


def test_what_is_kept_is_what_is_counted_after_any_verbs(world: World) -> None:
    random_, numbers = random.Random(SEED), count()
    done: Counter[str] = Counter()

    def start(tx: Tx) -> None:
        row = asked(next(numbers), random_)
        process_instances.start(tx, KEY, row.pop("plan_year"), given=row, by=SYSTEM, now=world.now)

    def start_many(tx: Tx) -> None:
        starting.start_many(tx, KEY, [asked(next(numbers), random_) for _ in range(6)], reason="Nytt år",
                            by=world_hr, now=world.now)  # fmt: skip

    def on_task(verb: Callable[..., Any], *args: Any, state: str = "open", **more: Any) -> Callable[[Tx], None]:
        def do(tx: Tx) -> None:
            task = random_.choice(tx.rows(sa.select(user_task).where(user_task.c.state == state)))
            by = world_hr if "reason" in more else holder[task.position_id]
            verb(tx, task.id, *args, by=by, now=world.now, **more)

        return do

    def on_instance(verb: Callable[..., Any]) -> Callable[[Tx], None]:
        def do(tx: Tx) -> None:
            found = random_.choice(tx.rows(sa.select(instance.c.id).where(instance.c.key == KEY)))
            verb(tx, found.id, reason="Så blev det", by=world_hr, now=world.now)

        return do

    world_hr = world.person("hr")
    holder = {"chef-hs-1": world.person("tora"), "chef-hs-2": world.person("hilda"), "chef-hs-4": world.person("hilda")}
    day = world.now.date() + timedelta(days=40)
    verbs: dict[str, Callable[[Tx], Any]] = {
        "start": start,
        "start_many": start_many,
        "complete": on_task(user_tasks.complete, {"note": "Klart"}),
        "take_back": on_task(user_tasks.take_back, state="completed"),
        "change_due": on_task(dates.change_due, day, reason="Senare"),
        "assign": on_task(handing_over.assign, "tora", reason="Hon gör det"),
        "cancel": on_instance(cancelling.cancel),
        "suspend": on_instance(pausing.suspend),
        "resume": on_instance(pausing.resume),
        "fold": open_work.fold_some,
    }
    for _ in range(120):
        name = random_.choice(list(verbs))
        try:
            with world.database.verb() as tx:
                verbs[name](tx)
            done[name] += 1
        except (EngineError, IndexError):  # not possible just now
            pass
        if random_.random() < 0.2:
            world.run_jobs()
        with world.page() as tx:
            assert as_kept(tx) == counted(tx), (name, done)
    assert {"start", "start_many", "complete", "change_due", "cancel", "fold"} <= done.keys(), done
    assert sum(as_kept_now(world).values()) > 5
    with world.database.verb() as tx:
        assert open_work.recount(tx) == 0


def as_kept_now(world: World) -> Counter[tuple[Any, ...]]:
    with world.page() as tx:
        return as_kept(tx)


def start_some(world: World, many: int) -> list[Any]:
    random_ = random.Random(SEED)
    with world.database.verb() as tx:
        starting.start_many(tx, KEY, [asked(n, random_) for n in range(many)], reason="Nytt år",
                            by=world.person("hr"), now=world.now)  # fmt: skip
    world.run_jobs()
    return world.open("talk")


def test_answers_at_once_wait_for_no_common_row_and_are_all_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four people answer while two pollers put the rows together."""
    monkeypatch.setattr(open_work, "FOLD_AT", 3)
    monkeypatch.setattr(open_work, "FOLD", 7)
    tasks = start_some(world, 60)
    hr = world.person("hr")

    def answer(task: Any) -> None:
        with world.database.verb() as tx:
            cancelling.cancel(tx, task.instance_id, reason="Slutat", by=hr, now=world.now)

    with ThreadPoolExecutor(6) as threads:
        jobs = [threads.submit(answer, task) for task in tasks[::2]]
        jobs += [threads.submit(open_work.fold, world.database) for _ in range(12)]
        for job in jobs:
            job.result()
    with world.page() as tx:
        assert as_kept(tx) == counted(tx)
        assert 0 < counted(tx).total() < 60
    open_work.fold(world.database)
    with world.page() as tx:
        assert len(tx.rows(sa.select(kept))) <= 7


def test_one_transaction_that_is_not_over_keeps_no_other_waiting(world: World) -> None:
    first, second, *_rest = start_some(world, 6)
    hr = world.person("hr")
    with world.database.verb() as tx:
        if tx.is_sqlite:
            pytest.skip("SQLite has one writer")
        cancelling.cancel(tx, first.instance_id, reason="Slutat", by=hr, now=world.now)
        with world.database.verb() as other:
            other.execute(sa.text("set local lock_timeout = '2s'"))
            other.execute(user_task.update().where(user_task.c.id == second.id).values(state="closed"))
            assert open_work.fold_some(other) > 0
    with world.page() as tx:
        assert as_kept(tx) == counted(tx)


def test_what_is_undone_was_never_counted(world: World) -> None:
    start_some(world, 4)
    before = as_kept_now(world)
    with world.database.verb() as tx:
        tx.execute(user_task.update().values(state="closed"))
        assert as_kept(tx) == Counter()
        tx.connection.get_transaction().rollback()
    assert as_kept_now(world) == before


def test_a_number_that_has_become_wrong_is_found_and_mended(world: World) -> None:
    start_some(world, 8)
    before = as_kept_now(world)
    with world.database.verb() as tx:
        tx.execute(sa.delete(kept).where(kept.c.element_id == "talk"))
    assert as_kept_now(world) != before
    with world.database.verb() as tx:
        assert open_work.recount(tx) == len({key for key in before if key[0] == "talk"})
        assert open_work.recount(tx) == 0
    assert as_kept_now(world) == before


def test_the_pages_read_what_is_kept(world: World) -> None:
    start_some(world, 9)
    world.go_to("2028-02-01")
    with world.page() as tx:
        late = portfolios.portfolio(tx, KEY, world.now).late
        ahead = [w for w in workload.ahead(tx, world.now, world.now + timedelta(days=1)) if w.key == KEY]
        assert late == sum(w.count for w in ahead) == counted(tx).total() > 0


def test_a_process_of_the_plan_year_is_not_kept_so_its_campaigns_cost_nothing(world: World) -> None:
    world.start(2027)
    world.run_jobs()
    with world.page() as tx:
        assert tx.rows(sa.select(kept)) == []
