"""Verbs that meet in one instance take its row first: none is ended by a deadlock, and each is done whole."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support import small_process as small
from support.meanwhile import meanwhile, verb
from support.stages import needs
from support.world import WORKFLOWS, World, at

from engine import deployments, effects, history, incidents, job_executor, process_instances, user_tasks
from engine.actor import SYSTEM
from engine.errors import NotPossible, TaskNotOpen
from engine.operations import cancelling, migrating, participants, windows
from engine.running import share
from engine.store.database import Tx
from engine.store.tables import job, user_task

pytestmark = pytest.mark.postgresql  # SQLite lets one write at a time

WHEN_ALL = ('completes="at-close" at-close="harvest"', 'completes="when-all"')


@pytest.fixture
def world(pg_database: str) -> Iterator[World]:
    """The last evening of the collection of plan year 2028, which fifteen positions are asked."""
    world = World(pg_database, today="2026-12-31")
    world.start(2028)
    world.clock.move_to(at("2026-12-31", 23))
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def answers(world: World, task: Any, data: dict[str, Any]) -> Callable[[Tx], user_tasks.Receipt]:
    actor, now = world.person(world.actor_of(task)), world.now
    return lambda tx: user_tasks.complete(tx, task.id, data, by=actor, now=now)


def newer_version(world: World) -> None:
    """One in which the collection goes on as soon as all have answered."""
    files = deployments.read_folder(WORKFLOWS / world.key)
    diagram = files["annual_plan.bpmn"].decode().replace(*WHEN_ALL, 1).encode()
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, {**files, "annual_plan.bpmn": diagram}, by=SYSTEM, now=world.now)


def operators(world: World) -> dict[str, Callable[[], Any]]:
    """What may come upon answers, each in transactions of its own."""
    own = {"reason": "Prövas", "by": world.person("hr"), "now": world.now}
    instance_id, day, night = world.instance(2028).id, date(2027, 1, 15), world.now + timedelta(hours=2)
    return {
        "close": lambda: job_executor.run_inline(world.database, night),
        "cancel": verb(world, lambda tx: cancelling.cancel(tx, instance_id, **own)),
        "move the window": verb(world, lambda tx: windows.move_window(tx, instance_id, "collection", day, **own)),
        "migrate": verb(world, lambda tx: migrating.migrate(tx, instance_id, **own)),
    }


@pytest.mark.parametrize(
    ("name", "comes_to"), [("close", TaskNotOpen), ("cancel", NotPossible), ("move the window", user_tasks.Receipt)]
)
def test_an_answer_waits_its_turn_behind_one_who_waits_for_all_of_them(world: World, name: str, comes_to: type) -> None:
    """Another's answer is under way; were the next let past, a stream of them would put off whatever wants them all."""
    newer_version(world)
    first, *_rest, last = world.open("collection")
    gives = answers(world, last, needs("Palliativ vård"))
    _done, given = meanwhile(
        world, answers(world, first, {"no_needs": True}), operators(world)[name], verb(world, gives)
    )
    assert isinstance(given, comes_to)
    assert world.task("collection", first.position_id).outcome == "answered"
    assert (world.task("collection", last.position_id).outcome == "answered") is (comes_to is user_tasks.Receipt)


def test_one_who_answers_while_being_excused_hears_that(world: World) -> None:
    """Others' answers to a step that waits for all look at its row in the end, as whoever excuses does first."""
    newer_version(world)
    operators(world)["migrate"]()
    first, *_rest, last = world.open("collection")
    hr, now = world.person("hr"), world.now
    excused, refused = meanwhile(
        world,
        answers(world, first, {"no_needs": True}),
        verb(world, lambda tx: participants.excuse(tx, last.id, reason="Prövas", by=hr, now=now)),
        verb(world, answers(world, last, {"no_needs": True})),
    )
    assert excused is None
    assert isinstance(refused, TaskNotOpen)


def test_several_answers_given_together_do_not_wait_for_one_of_them_given_meanwhile(world: World) -> None:
    """Answers to a step that waits for all look at its row in the end: several at once when all of them are given."""
    newer_version(world)
    operators(world)["migrate"]()
    first, *_rest, last = world.open("collection")
    again, person = answers(world, last, {"no_needs": True}), world.person(world.actor_of(last))

    def refused(tx: Tx) -> None:
        with pytest.raises(TaskNotOpen):
            user_tasks.complete(tx, last.id, {"no_needs": True}, by=person, now=world.now, first=True)

    (given,) = meanwhile(world, answers(world, first, {"no_needs": True}), verb(world, again), then=refused)
    assert isinstance(given, user_tasks.Receipt)


def test_the_last_answer_given_while_the_step_learns_to_wait_for_all_moves_it_on(world: World) -> None:
    newer_version(world)
    first, *others = world.open("collection")
    ids = [task.id for task in others]
    with world.database.verb() as tx:
        answered = user_task.update().where(user_task.c.id.in_(ids))
        tx.execute(answered.values(state="completed", outcome="answered", answered_at=world.now))
    meanwhile(world, answers(world, first, {"no_needs": True}), operators(world)["migrate"])
    world.run_jobs()
    assert world.visits("collection", 2028)[-1].state == "completed"


def test_who_answers_while_the_process_is_migrated_answers_under_the_newer_version(world: World) -> None:
    """Its row names another definition by the time that the answer gets to read it."""
    newer_version(world)
    (first, *_rest), hr, now = world.open("collection"), world.person("hr"), world.now
    instance_id = world.instance(2028).id
    (given,) = meanwhile(
        world,
        lambda tx: migrating.migrate(tx, instance_id, reason="Prövas", by=hr, now=now),
        verb(world, answers(world, first, {"no_needs": True})),
    )
    assert isinstance(given, user_tasks.Receipt)
    assert given.revisable_until is None


def test_a_job_given_up_while_its_step_is_answered_is_a_fault_and_the_answer_stands(world: World) -> None:
    """What was due in the instance is written first and with it the history's head, before the step's own jobs."""
    timer = '<boundaryEvent id="bo" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
    timer += "<timeDate>Y-1-11-10</timeDate></timerEventDefinition></boundaryEvent>"
    files = small.package("choice", small.start(), small.task("a") + timer, small.task("b"), small.end(),
                          "s -> a -> e", "bo -> b -> e")  # fmt: skip
    hr, now = world.person("hr"), world.now
    with world.database.verb() as tx:
        deployments.deploy(tx, "choice", files, by=SYSTEM, now=now)
        started = process_instances.start(tx, "choice", 2027, by=SYSTEM, now=now)
        own = sa.and_(job.c.kind == "overdue", job.c.instance_id == started)
        tx.execute(job.update().where(own).values(attempts=job_executor.ATTEMPTS))
        poisoned = tx.one(sa.select(job).where(own))
    (task,) = world.open("a")
    meanwhile(
        world,
        lambda tx: tx.execute(sa.select(job.c.id).where(own).with_for_update(key_share=True)),
        verb(world, lambda tx: job_executor._step_back(tx, poisoned, RuntimeError("poisoned"), now)),
        verb(world, lambda tx: user_tasks.complete(tx, task.id, {"note": "x"}, by=hr, now=now)),
    )
    assert world.open("a") == []
    with world.page() as tx:
        assert [fault.kind for fault in incidents.open_incidents(tx, started)] == ["job_overdue"]


def test_two_answers_that_change_the_same_records_in_opposite_order_do_not_wait_for_each_other(world: World) -> None:
    """A form says first which of its rows went well and then which did not; two who judge differently may meet."""
    first, *_rest = world.open("collection")
    world.answer(first, world.actor_of(first), needs("Palliativ vård", "Hjärtsvikt", "Sårvård"))
    ids = [record.id for record in world.records("proposal", 2028)]
    instance_id, now = world.instance(2028).id, world.now

    def changes(state: str, wanted: list[int]) -> Callable[[Tx], Any]:
        asked = [{"update": "proposal", "record": str(record_id), "state": state} for record_id in wanted]
        by = world.person("hr")
        return lambda tx: effects.carry_out(tx, share(tx, instance_id, by=by, now=now), asked, {}, None)

    meanwhile(
        world,
        changes("returned", [ids[1]]),
        verb(world, changes("compiled", ids)),
        verb(world, changes("withdrawn", ids[::-1])),
    )
    assert [record.state for record in world.records("proposal", 2028)] == ["withdrawn"] * 3
