"""Several people at once: the database decides, nothing is done twice, and the loser learns who won."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from support.world import World

from engine import history, job_executor, user_tasks
from engine.actor import Actor
from engine.errors import EngineError, KeyReused, StaleRevision, TaskNotOpen
from engine.store.tables import activity, job, record, user_task


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Plan year 2027 in March: four management groups are asked."""
    world = World(database_url)
    world.go_to("2025-11-01")
    world.start(2027)
    world.go_to("2026-01-10")
    world.answer("compilation", "hr")
    world.go_to("2026-02-10")
    world.answer("preparation", "argus")
    world.go_to("2026-03-05")
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def at_once(world: World, *calls: Callable[[Any], Any]) -> list[Any]:
    """Each call in a transaction and thread of its own, begun together; what each gave or raised."""
    together = threading.Barrier(len(calls))

    def run(call: Callable[[Any], Any]) -> Any:
        together.wait()
        try:
            with world.database.verb() as tx:
                return call(tx)
        except EngineError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def completing(
    world: World, task: Any, actor: Actor, data: dict[str, Any], key: str | None = None
) -> Callable[[Any], Any]:
    return lambda tx: user_tasks.complete(tx, task.id, data, by=actor, now=world.now, key=key)


def test_the_last_answers_of_a_fan_out_given_at_once_move_the_step_on_exactly_once(world: World) -> None:
    tasks = world.open("review")
    answers = [
        completing(
            world, t, world.person(f"sek-{t.unit_id}"), {**world.sample(t, f"sek-{t.unit_id}"), "outcome": "endorsed"}
        )
        for t in tasks
    ]
    results = at_once(world, *answers)
    assert [type(r) for r in results] == [user_tasks.Receipt] * 4
    world.run_jobs()
    assert len(world.open("review_summary")) == 1
    with world.page() as tx:
        ended = tx.rows(sa.select(activity.c.state).where(activity.c.element_id == "review"))
    assert [row.state for row in ended] == ["completed"]


def test_a_last_day_moved_right_after_the_last_answer_does_not_stop_the_step(world: World) -> None:
    for task in world.open("review"):
        actor = world.person(f"sek-{task.unit_id}")
        data = {**world.sample(task, actor.person_id or ""), "outcome": "endorsed"}
        with world.database.verb() as tx:
            completing(world, task, actor, data)(tx)
    world.move("review", 2027, "2026-04-20", "Mer tid")
    assert len(world.open("review_summary")) == 1


def test_a_form_sent_twice_at_once_has_one_effect_and_the_same_receipt(world: World) -> None:
    task, actor = world.open("review")[0], world.person("sek-hs")
    task = next(t for t in world.open("review") if t.unit_id == "hs")
    data = {**world.sample(task, "sek-hs"), "outcome": "endorsed"}
    first = completing(world, task, actor, data, key="form-1")
    results = at_once(world, first, first)
    receipts = [r for r in results if isinstance(r, user_tasks.Receipt)]
    if len(receipts) == 1:  # the other was told to send once more, and gets the first one's result
        with world.database.verb() as tx:
            receipts.append(first(tx))
    assert receipts[0].task_id == receipts[1].task_id == task.id
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(record.c.task_id == task.id)) == 1


def test_the_same_key_with_other_content_is_refused(world: World) -> None:
    task = next(t for t in world.open("review") if t.unit_id == "hs")
    actor, data = world.person("sek-hs"), {**world.sample(task, "sek-hs"), "outcome": "endorsed"}
    with world.database.verb() as tx:
        completing(world, task, actor, data, key="form-1")(tx)
    with pytest.raises(KeyReused), world.database.verb() as tx:
        completing(world, task, actor, {**data, "outcome": "not_concerned"}, key="form-1")(tx)


def test_two_who_answer_the_same_task_at_once_one_wins_and_the_other_learns_who(world: World) -> None:
    task = next(t for t in world.open("review") if t.unit_id == "ru")
    data = {**world.sample(task, "sek-ru"), "outcome": "endorsed"}
    results = at_once(
        world,
        completing(world, task, world.person("sek-ru"), data),
        completing(world, task, world.person("hr"), data),
    )
    (won,) = [r for r in results if isinstance(r, user_tasks.Receipt)]
    (lost,) = [r for r in results if not isinstance(r, user_tasks.Receipt)]
    assert won.outcome == "answered"
    assert isinstance(lost, TaskNotOpen)
    assert lost.params["by"] in {"Sek-ru Påhitt", "Hr Påhitt"}


def test_an_answer_shown_before_somebody_changed_the_task_is_not_taken(world: World) -> None:
    task = next(t for t in world.open("review") if t.unit_id == "ru")
    data = {**world.sample(task, "sek-ru"), "outcome": "endorsed"}
    with world.database.verb() as tx:
        user_tasks.claim(tx, task.id, by=world_person(world, "sek-ru"), now=world.now)
    with pytest.raises(StaleRevision), world.database.verb() as tx:
        user_tasks.complete(tx, task.id, data, by=world_person(world, "sek-ru"), now=world.now, revision=task.revision)


def world_person(world: World, person_id: str) -> Actor:
    return Actor(person_id, f"{person_id.capitalize()} Påhitt")


def test_two_who_claim_at_once_one_gets_it(world: World) -> None:
    task = next(t for t in world.open("review") if t.unit_id == "fo")
    people = [world.person("sek-fo"), world.person("hr")]
    results = at_once(world, *[lambda tx, p=p: user_tasks.claim(tx, task.id, by=p, now=world.now) for p in people])
    assert [r for r in results if r is None] == [None]
    with world.page() as tx:
        holder = tx.scalar(sa.select(user_task.c.assignee_id).where(user_task.c.id == task.id))
    assert holder in {"sek-fo", "hr"}


def test_two_pollers_do_a_due_job_once(world: World) -> None:
    """The close of the review, found by two pollers at the same time."""
    world.clock.move_to(world.open("review")[0].closes_at.replace(year=2026, month=4, day=1))
    pollers = [threading.Thread(target=job_executor.tick, args=(world.database, world.now)) for _ in range(2)]
    for poller in pollers:
        poller.start()
    for poller in pollers:
        poller.join()
    world.run_jobs()
    assert len(world.open("review_summary")) == 1
    with world.page() as tx:
        kinds = tx.rows(sa.select(job.c.kind).where(job.c.state == "done", job.c.kind == "timer"))
    assert len(kinds) >= 1
    assert len(world.events("timer_fired", 2027)) == len(
        {(e.element_id, e.body["token"]) for e in world.events("timer_fired", 2027)}
    )
