"""What begins while something else is under way: it is done before or after, never both, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support import small_process as small
from support.stages import needs
from support.world import World

from engine import deployments, history, job_executor, process_instances, user_tasks
from engine.actor import SYSTEM
from engine.errors import StaleRevision
from engine.store.database import Tx

pytestmark = pytest.mark.postgresql  # SQLite lets one write at a time


@pytest.fixture
def world(pg_database: str) -> Iterator[World]:
    """The last evening of the collection of plan year 2028."""
    world = World(pg_database, today="2026-11-02")
    world.start(2028)
    world.go_to("2026-12-31", 23)
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def meanwhile(world: World, first: Callable[[Tx], Any], second: Callable[[], Any]) -> Any:
    """What `second` gives, when it begins before `first` is committed and waits for it if it has to."""
    with ThreadPoolExecutor(1) as pool:
        with world.database.verb() as tx:
            first(tx)
            later = pool.submit(second)
            while not later.done() and not somebody_waits(world):
                pass
        return later.result(60)


def somebody_waits(world: World) -> bool:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with world.page() as tx:
        return bool(tx.scalar(sa.text(waiting)))


def closes(world: World) -> Callable[[], int]:
    after = world.now + timedelta(hours=2)
    return lambda: job_executor.run_inline(world.database, after)


def test_an_answer_under_way_at_the_close_is_given_and_not_also_missed(world: World) -> None:
    task, tora, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.now
    data = {"no_needs": True}  # makes no record, whose foreign key would have the close wait before it looks
    meanwhile(world, lambda tx: user_tasks.complete(tx, task.id, data, by=tora, now=now), closes(world))
    with world.page() as tx:
        told = [event.type for event in history.of_task(tx, task.id)]
    assert world.task("collection", "chef-hs-1").outcome == "answered"
    assert "task_completed" in told
    assert "task_closed" not in told


def test_an_answer_taken_back_at_the_close_leaves_no_task_open_in_a_closed_step(world: World) -> None:
    task, tora, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.now
    world.answer(task, "tora", needs("Palliativ vård"))
    meanwhile(world, lambda tx: user_tasks.take_back(tx, task.id, by=tora, now=now), closes(world))
    assert world.open("collection") == []
    assert world.task("collection", "chef-hs-1").outcome == "harvested"


def test_two_windows_that_save_at_once_lose_nothing(world: World) -> None:
    task, tora, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.now

    def saving(said: str, version: int | None) -> Callable[[Tx], tuple[int, Any]]:
        return lambda tx: user_tasks.save_draft(tx, task.id, {"said": said}, version=version, by=tora, now=now)

    def save(said: str, version: int | None) -> tuple[int, Any]:
        with world.database.verb() as tx:
            return saving(said, version)(tx)

    assert meanwhile(world, saving("first", None), lambda: save("second", None))[0] == 2
    with pytest.raises(StaleRevision):
        meanwhile(world, saving("third", 2), lambda: save("fourth", 2))


def test_a_message_reaches_one_that_comes_to_wait_for_it_just_as_it_is_to_be_kept(world: World) -> None:
    catch = f'<intermediateCatchEvent id="ca" name="Vänta">{small.message("done")}</intermediateCatchEvent>'
    throw = f'<intermediateThrowEvent id="th" name="Skicka">{small.message("done")}</intermediateThrowEvent>'
    receiver = small.package("receiver", small.start(), small.task("prepare"), catch, small.task("go_on"), small.end(),
                             "s -> prepare -> ca -> go_on -> e", messages=("done",))  # fmt: skip
    sender = small.package("sender", small.start(), small.task("ask"), throw, small.end(), "s -> ask -> th -> e",
                           messages=("done",))  # fmt: skip
    hr, now = world.person("hr"), world.now
    with world.database.verb() as tx:
        for key, files in (("receiver", receiver), ("sender", sender)):
            deployments.deploy(tx, key, files, by=SYSTEM, now=now)
            process_instances.start(tx, key, 2027, by=SYSTEM, now=now)
    (ask,), (prepare,) = world.open("ask"), world.open("prepare")
    with world.database.verb() as tx:
        user_tasks.complete(tx, ask.id, {"note": "x"}, by=hr, now=now)
    meanwhile(
        world,
        lambda tx: user_tasks.complete(tx, prepare.id, {"note": "x"}, by=hr, now=now),
        lambda: job_executor.tick(world.database, now),
    )
    world.run_jobs()
    assert len(world.open("go_on")) == 1
