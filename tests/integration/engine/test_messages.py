"""A message that one instance throws reaches the instance of another process with the same business key."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from support import small_process as small
from support.world import World

from engine import deployments, history, job_executor, posting, process_instances, user_tasks
from engine.actor import SYSTEM
from engine.operations import cancelling, pausing
from engine.store.database import Tx
from engine.store.tables import instance, job

THROW = '<intermediateThrowEvent id="th" name="Skicka">{}</intermediateThrowEvent>'
CATCH = '<intermediateCatchEvent id="ca" name="Vänta">{}</intermediateCatchEvent>'


def sender(word: str = "done") -> dict[str, bytes]:
    """`ask`, then the message, then `rest`."""
    return small.package("sender", small.start(), small.task("ask"), THROW.format(small.message(word)),
                         small.task("rest"), small.end(), "s -> ask -> th -> rest -> e", messages=(word,))  # fmt: skip


def receiver() -> dict[str, bytes]:
    """`prepare`, then the message, then `go_on`."""
    return small.package("receiver", small.start(), small.task("prepare"), CATCH.format(small.message("done")),
                         small.task("go_on"), small.end(), "s -> prepare -> ca -> go_on -> e",
                         messages=("done",))  # fmt: skip


def started_by_it() -> dict[str, bytes]:
    return small.package("receiver", small.start(small.message("done")), small.task("go_on"), small.end(),
                         "s -> go_on -> e", messages=("done",))  # fmt: skip


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, today="2026-11-02")
    yield world
    world.ensure_saved_whole()
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def deploy(world: World, *packages: dict[str, bytes]) -> None:
    with world.database.verb() as tx:
        for files in packages:
            key = next(name for name in files if name.endswith(".bpmn")).removesuffix(".bpmn")
            deployments.deploy(tx, key, files, by=SYSTEM, now=world.now)


def begin(world: World, key: str, year: int = 2027) -> int:
    with world.database.verb() as tx:
        return process_instances.start(tx, key, year, by=SYSTEM, now=world.now)


def answered(world: World, element: str, year: int = 2027) -> None:
    world.answer(world.open(element, year)[0], "hr", {"note": "x"})


def events(world: World, instance_id: int, type_: str) -> list[Any]:
    with world.page() as tx:
        return history.timeline(tx, instance_id, types=[type_])


def kept(world: World) -> int:
    with world.page() as tx:
        return int(tx.scalar(sa.select(sa.func.count()).where(job.c.state == "due", job.c.due_at == posting.KEPT)))


def test_the_instance_of_the_same_business_key_hears_it_and_no_other(world: World) -> None:
    deploy(world, sender(), receiver())
    other, first, same = begin(world, "receiver", 2028), begin(world, "sender"), begin(world, "receiver")
    answered(world, "prepare")
    answered(world, "prepare", 2028)
    answered(world, "ask")
    assert len(world.open("go_on", 2027)) == 1
    assert world.open("go_on", 2028) == []
    assert len(world.open("rest", 2027)) == 1
    (heard,) = events(world, same, "message_received")
    assert (heard.body["message"], heard.body["sender"], heard.element_id) == ("done", first, "ca")
    assert len(events(world, first, "message_thrown")) == 1
    assert events(world, other, "message_received") == []


def test_it_is_sent_with_what_was_done_or_not_at_all(world: World) -> None:
    """The verb that threw it is undone: so is the message."""
    deploy(world, sender(), receiver())
    begin(world, "sender")
    begin(world, "receiver")
    answered(world, "prepare")
    (task,) = world.open("ask", 2027)
    actor = world.person("hr")
    with world.database.engine.connect() as connection, connection.begin() as transaction:
        tx = Tx(connection, world.now)
        user_tasks.complete(tx, task.id, {"note": "x"}, by=actor, now=world.now)
        assert tx.scalar(sa.select(sa.func.count()).where(job.c.kind == "message")) == 1
        transaction.rollback()
    world.run_jobs()
    assert world.open("go_on", 2027) == []
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(job.c.kind == "message")) == 0


def test_it_is_kept_for_who_will_wait_for_it_and_heard_once(world: World) -> None:
    deploy(world, sender(), receiver())
    begin(world, "sender")
    begin(world, "receiver")
    answered(world, "ask")
    assert (kept(world), world.open("go_on", 2027)) == (1, [])
    answered(world, "prepare")
    assert (kept(world), len(world.open("go_on", 2027))) == (0, 1)


def test_nobody_who_could_wait_for_it_hears_it_and_nothing_is_left(world: World) -> None:
    deploy(world, sender("other"), receiver())
    begin(world, "sender")
    begin(world, "receiver")
    answered(world, "ask")
    assert kept(world) == 0
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(job.c.kind == "message", job.c.state != "done")) == 0


def test_a_suspended_receiver_hears_it_when_it_is_resumed(world: World) -> None:
    deploy(world, sender(), receiver())
    begin(world, "sender")
    waiting = begin(world, "receiver")
    answered(world, "prepare")
    actor = world.person("hr")
    with world.database.verb() as tx:
        pausing.suspend(tx, waiting, reason="Paus", by=actor, now=world.now)
    answered(world, "ask")
    assert world.open("go_on", 2027) == []
    with world.database.verb() as tx:
        pausing.resume(tx, waiting, reason="Igen", by=actor, now=world.now)
    world.run_jobs()
    assert len(world.open("go_on", 2027)) == 1


def test_a_receiver_that_is_cancelled_before_it_hears_it_harms_nobody(world: World) -> None:
    deploy(world, sender(), receiver())
    begin(world, "sender")
    waiting = begin(world, "receiver")
    answered(world, "prepare")
    actor = world.person("hr")
    with world.database.verb() as tx:
        pausing.suspend(tx, waiting, reason="Paus", by=actor, now=world.now)
    answered(world, "ask")
    with world.database.verb() as tx:
        cancelling.cancel(tx, waiting, reason="Fel", by=actor, now=world.now)
    world.run_jobs()
    assert world.open("go_on", 2027) == []
    assert kept(world) == 0


def test_what_was_on_its_way_to_a_receiver_that_is_cancelled_reaches_another_that_waits(world: World) -> None:
    catch = CATCH.format(small.message("done"))
    other = small.package("other", small.start(), catch, small.task("take"), small.end(), "s -> ca -> take -> e",
                          messages=("done",))  # fmt: skip
    deploy(world, sender(), receiver(), other)
    first, waiting, second = begin(world, "sender"), begin(world, "receiver"), begin(world, "other")
    answered(world, "prepare")
    actor = world.person("hr")
    with world.database.verb() as tx:
        pausing.suspend(tx, waiting, reason="Paus", by=actor, now=world.now)
    answered(world, "ask")
    assert world.open("take", 2027) == []
    with world.database.verb() as tx:
        cancelling.cancel(tx, waiting, reason="Fel", by=actor, now=world.now)
    world.run_jobs()
    assert len(world.open("take", 2027)) == 1
    (heard,) = events(world, second, "message_received")
    assert heard.body["sender"] == first


def test_a_message_starts_a_process_once(world: World) -> None:
    deploy(world, sender(), started_by_it())
    first = begin(world, "sender")
    answered(world, "ask")
    assert len(world.open("go_on", 2027)) == 1
    with world.page() as tx:
        (started,) = tx.rows(sa.select(instance).where(instance.c.key == "receiver"))
        assert started.business_key == "2027"
    with world.database.verb() as tx:
        row = tx.one(sa.select(job).where(job.c.kind == "message"))
        tx.execute(job.update().where(job.c.id == row.id).values(state="due", attempts=0))
    job_executor.tick(world.database, world.now)
    with world.page() as tx:
        assert len(tx.rows(sa.select(instance.c.id).where(instance.c.key == "receiver"))) == 1
    assert len(events(world, first, "message_thrown")) == 1


def test_who_waits_for_it_hears_it_rather_than_a_new_instance(world: World) -> None:
    both = small.package(
        "both", small.start(small.message("done")), CATCH.format(small.message("done")), small.task("go_on"),
        small.end(), "s -> ca -> go_on -> e", messages=("done",),
    )  # fmt: skip
    deploy(world, sender(), both)
    begin(world, "sender")
    begin(world, "both")
    answered(world, "ask")
    assert len(world.open("go_on", 2027)) == 1
    with world.page() as tx:
        assert len(tx.rows(sa.select(instance.c.id).where(instance.c.key == "both"))) == 1
