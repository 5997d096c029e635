"""What begins while something else is under way: it is done before or after, never both, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support import small_process as small
from support.meanwhile import meanwhile, verb
from support.stages import needs
from support.world import World

from engine import (
    deployments,
    follow_ons,
    follow_ups,
    history,
    identity,
    incidents,
    job_executor,
    process_instances,
    user_tasks,
)
from engine.actor import SYSTEM
from engine.errors import EngineError, InstanceDamaged, StaleRevision, TakenBySomeoneElse
from engine.operations import deploying, mending, windows
from engine.rules import effects
from engine.rules.calendar import end_of
from engine.running import lock, look
from engine.store.database import Tx
from engine.store.tables import instance, job

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


def closes(world: World) -> Callable[[], int]:
    after = world.now + timedelta(hours=2)
    return lambda: job_executor.run_inline(world.database, after)


def test_an_answer_under_way_at_the_close_is_given_and_not_also_missed(world: World) -> None:
    task, tora, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.now
    data = {"no_needs": True}  # makes no record, whose foreign key would have the close wait before it looks
    meanwhile(world, lambda tx: user_tasks.complete(tx, task.id, data, by=tora, now=now), closes(world))
    with world.page() as tx:
        told = [event.type for event in history.of_task(tx, task)]
    assert world.task("collection", "chef-hs-1").outcome == "answered"
    assert "task_completed" in told
    assert "task_closed" not in told


def test_an_answer_taken_back_at_the_close_leaves_no_task_open_in_a_closed_step(world: World) -> None:
    task, tora, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.now
    world.answer(task, "tora", needs("Palliativ vård"))
    meanwhile(world, lambda tx: user_tasks.take_back(tx, task.id, by=tora, now=now), closes(world))
    assert world.open("collection") == []
    assert world.task("collection", "chef-hs-1").outcome == "harvested"


def test_an_answer_given_while_the_last_day_moves_is_judged_by_the_new_one(world: World) -> None:
    """The day has passed, nothing has closed the step yet, and it gets another fortnight in that very moment."""
    task, tora, hr = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.person("hr")
    instance_id, night, day = world.instance(2028).id, world.now + timedelta(hours=2), date(2027, 1, 15)
    given = {"no_needs": True}
    (receipt,) = meanwhile(
        world,
        lambda tx: windows.move_window(tx, instance_id, "collection", day, reason="Prövas", by=hr, now=night),
        verb(world, lambda tx: user_tasks.complete(tx, task.id, given, by=tora, now=night)),
    )
    assert isinstance(receipt, user_tasks.Receipt)
    assert receipt.revisable_until == end_of(day)


def test_one_who_answers_what_another_takes_or_lets_go_meanwhile_hears_that(world: World) -> None:
    task, now = world.open_of("collection", "chef-hs-1"), world.now
    world.hold("chef-hs-1", "sten")
    tora, sten = world.person("tora"), world.person("sten")
    answers = verb(world, lambda tx: user_tasks.complete(tx, task.id, {"no_needs": True}, by=tora, now=now))
    (lost,) = meanwhile(world, lambda tx: user_tasks.claim(tx, task.id, by=sten, now=now), answers)
    assert isinstance(lost, TakenBySomeoneElse)
    assert lost.params["by"] == sten.name
    world.release(task, "sten")
    world.claim(task, "tora")
    (lost,) = meanwhile(world, lambda tx: user_tasks.release(tx, task.id, by=tora, now=now), answers)
    assert isinstance(lost, StaleRevision)


def test_two_answers_that_leave_the_same_work_behind_leave_it_once(world: World) -> None:
    """The same kind of follow-on task, for a record and for none."""
    with world.page() as tx:
        run = look(tx, world.instance(2028).id, by=SYSTEM, now=world.now)
    ids: list[int | None] = []
    for record in (None, 7):
        change = effects.FollowOn("guideline_change", record, None, None)

        def create(tx: Tx, change: effects.FollowOn = change) -> None:
            ids.append(follow_ons.create(tx, run, change, None))

        meanwhile(world, create, verb(world, create))
    assert (ids[0], ids[2]) == (ids[1], ids[3])
    assert len(world.open("guideline_change")) == 2


def test_two_who_meet_the_same_fault_at_once_raise_it_once(world: World) -> None:
    """An instance that cannot be read, and a task that two answers leave behind for a position that nobody has."""
    instance_id, now = world.instance(2028).id, world.now
    with world.page() as tx:
        positions = identity.positions_with_role(tx, "hr_strateg", now.date())
    for position in positions:
        world.activate(position.id, active=False)

    def leaves(tx: Tx) -> None:
        change = effects.FollowOn("guideline_change", None, None, None)
        follow_ons.create(tx, look(tx, instance_id, by=SYSTEM, now=now), change, None)

    def tells(tx: Tx) -> None:
        incidents.raise_incident(tx, kind="instance_damaged", instance_id=instance_id, message="Prövas", now=now)

    meanwhile(world, leaves, verb(world, leaves))
    with world.database.verb() as tx:
        tx.execute(instance.update().where(instance.c.id == instance_id).values(execution=b"{"))
    (refused,) = meanwhile(world, tells, verb(world, lambda tx: lock(tx, instance_id, by=SYSTEM, now=now)))
    assert isinstance(refused, InstanceDamaged)
    with world.page() as tx:
        told = [
            event.body["incident"] for event in history.timeline(tx, instance_id) if event.type == "incident_raised"
        ]
        raised = incidents.open_incidents(tx, instance_id)
    assert [fault.kind for fault in raised] == ["no_position", "instance_damaged"]
    assert sorted(told) == [fault.id for fault in raised]


def test_two_who_deploy_at_once_plan_the_next_start_once(world: World) -> None:
    def plans(tx: Tx) -> None:
        process_instances.schedule_starts(tx, world.key, now=world.now)

    meanwhile(world, plans, verb(world, plans))
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(job.c.kind == "start_instance", job.c.state == "due")) == 1


def test_the_same_button_pressed_twice_at_once_does_no_harm(world: World) -> None:
    """A fault tried again, a task put off and a package sent in: whoever comes second finds it done."""
    task, tora, hr, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.person("hr"), world.now
    files = small.package("small", small.start(), small.task("a"), small.end(), "s -> a -> e")
    about = {"instance_id": world.instance(2028).id, "message": "Prövas", "now": now}
    with world.database.verb() as tx:
        fault = incidents.raise_incident(tx, kind="no_position", **about)
    pressed: tuple[Callable[[Tx], Any], ...] = (
        lambda tx: mending.retry(tx, fault, reason="Rättat", by=hr, now=now),
        lambda tx: follow_ups.rest(tx, task.id, date(2026, 12, 31), by=tora, now=world.now - timedelta(days=5)),
        lambda tx: deploying.stage(tx, "small", files, file_name="small.zip", by=hr, now=now),
    )
    for press in pressed:
        (again,) = meanwhile(world, press, verb(world, press))
        assert not isinstance(again, EngineError)


def test_two_windows_that_save_at_once_lose_nothing(world: World) -> None:
    task, tora, now = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.now

    def saving(said: str, version: int | None) -> Callable[[Tx], tuple[int, Any]]:
        return lambda tx: user_tasks.save_draft(tx, task.id, {"said": said}, version=version, by=tora, now=now)

    def save(said: str, version: int | None) -> tuple[int, Any]:
        with world.database.verb() as tx:
            return saving(said, version)(tx)

    assert meanwhile(world, saving("first", None), lambda: save("second", None))[0][0] == 2
    (refused,) = meanwhile(world, saving("third", 2), lambda: save("fourth", 2))
    assert isinstance(refused, StaleRevision)


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
