"""A suspended instance stands still and loses nothing; a cancelled one is over, and those who had a task know why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.stages import needs
from support.world import World

from engine import jobs, user_tasks
from engine.errors import Forbidden, InvalidInput, NotFound, NotPossible
from engine.operations import cancelling, pausing
from engine.store.tables import instance, job

Verb = Callable[..., Any]
Look = Callable[..., list[str]]


def state(world: World) -> str:
    return str(world.instance(2028).state)


def planned(world: World, instance_id: int) -> int:
    with world.page() as tx:
        due = sa.select(sa.func.count()).where(job.c.instance_id == instance_id, job.c.state == "due")
        return int(tx.scalar(due))


def test_the_preview_of_a_pause_says_who_cannot_answer_and_changes_nothing(world: World, before: Look) -> None:
    said = before(pausing.preview_suspend, 1)
    assert said[0] == "Utbildningsplan 2028 pausas."
    assert "15 öppna uppgifter går inte att svara på" in said[1]
    assert "Tora Påhitt" in said[1]
    assert state(world) == "active"


def test_no_task_can_be_completed_and_no_job_is_done_while_suspended(world: World, hr: Verb) -> None:
    hr(pausing.suspend, 1, reason="Ny budget väntas")
    task = world.open_of("collection", "chef-hs-1")
    with pytest.raises(NotPossible) as refused:
        world.answer(task, "tora")
    assert refused.value.params["reason"] == "instance_suspended"
    told = len(world.told())
    world.go_to("2027-01-20")
    assert len(world.told()) == told
    assert world.step("collection", 2028).state in ("open", "late")
    assert len(world.open("collection")) == 15


def test_an_answer_cannot_be_taken_back_while_suspended(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    world.answer(task, "tora")
    hr(pausing.suspend, 1, reason="Ny budget väntas")
    with pytest.raises(NotPossible):
        world.take_back(task, "tora")


def test_drafts_can_be_written_while_suspended(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    sample = world.sample(task, "tora")
    hr(pausing.suspend, 1, reason="Ny budget väntas")
    world.draft(task, "tora", sample)
    hr(pausing.resume, 1, reason="Klart")
    world.answer(task, "tora", sample)


def test_what_was_due_meanwhile_happens_on_resuming_and_due_dates_stay(world: World, hr: Verb, before: Look) -> None:
    due = world.open("collection")[0].due_at
    hr(pausing.suspend, 1, reason="Ny budget väntas")
    world.go_to("2027-01-07")
    assert {task.due_at for task in world.open("collection")} == {due}
    assert any("Sista dagen har passerat" in said for said in before(pausing.preview_resume, 1))
    hr(pausing.resume, 1, reason="Budgeten är klar")
    assert not world.open("collection")
    assert world.step("collection", 2028).state == "done"


def test_several_reminders_missed_are_one_on_resuming(world: World, hr: Verb) -> None:
    days = world.due_jobs("reminder", "collection", 2028)
    assert len(days) > 1
    hr(pausing.suspend, 1, reason="Ny budget väntas")
    last_but_one = max(days)
    world.go_to(last_but_one.isoformat(), 10)
    hr(pausing.resume, 1, reason="Klart")
    sent = world.sent("reminder", "collection", 2028)
    assert last_but_one in sent
    with world.page() as tx:
        done = tx.scalar(
            sa.select(sa.func.count()).where(job.c.kind == "reminder", job.c.state == "done", job.c.instance_id == 1)
        )
    assert done == 1
    assert world.events("instance_resumed", 2028)[0].body["coalesced"] == len(days) - 1


def test_suspending_and_resuming_again_does_no_harm(world: World, hr: Verb) -> None:
    for _ in range(2):
        hr(pausing.suspend, 1, reason="Ny budget väntas")
    assert len(world.events("instance_suspended", 2028)) == 1
    for _ in range(2):
        hr(pausing.resume, 1, reason="Klart")
    assert len(world.events("instance_resumed", 2028)) == 1
    assert state(world) == "active"


@pytest.mark.parametrize("verb", [pausing.suspend, pausing.resume, cancelling.cancel])
def test_each_needs_a_reason_and_the_right_to_operate(world: World, hr: Verb, verb: Verb) -> None:
    with pytest.raises(InvalidInput):
        hr(verb, 1, reason="  ")
    with pytest.raises(Forbidden):
        hr(verb, 1, reason="Jag vill", by="tora")
    with pytest.raises(NotFound):
        hr(verb, 99, reason="Finns inte")
    assert state(world) == "active"


def test_the_preview_of_cancelling_names_those_concerned_and_counts_what_is_the_instances_own(
    world: World, before: Look
) -> None:
    other = world.start(2029)
    world.answer(world.open_of("collection", "chef-hs-4"), "hilda", needs("Fallskador", "Hygien"))
    with world.database.verb() as tx:
        jobs.add(tx, "receive_message", 1, due_at=world.now + timedelta(days=1))
        jobs.add_failed(tx, "reminder", 1, due_at=world.now, error="Prövas")
    said = before(cancelling.preview_cancel, 1)
    assert [said[0], said[1]] == [
        "Utbildningsplan 2028 avbryts för gott. Den går inte att återuppta.",
        "14 öppna uppgifter stängs och försvinner ur inkorgarna.",
    ]
    assert "Tora Påhitt" in said[2]
    assert said[3].startswith(f"{planned(world, 1) - 1} planerade händelser tas bort: ")
    assert said[4:] == ["Lämnade svar, utkast, 2 underlag och hela historiken finns kvar."]
    assert "0 underlag" in before(cancelling.preview_cancel, other)[-1]
    assert state(world) == "active"


def test_whoever_cancels_what_was_started_before_its_day_knows_that_it_does_not_start_by_itself(
    world: World, before: Look, hr: Verb
) -> None:
    world.start_by_calendar()
    said = "Den startar inte heller av sig själv 1 november 2027. Ska den ändå bli av, startar HR den för hand."
    assert said not in before(cancelling.preview_cancel, 1)
    early = world.start(2029)
    first, events, *rest = before(cancelling.preview_cancel, early)
    assert [first, *rest] == [
        "Utbildningsplan 2029 avbryts för gott. Den går inte att återuppta.",
        said,
        "Lämnade svar, utkast, 0 underlag och hela historiken finns kvar.",
    ]
    assert events.startswith(f"{planned(world, early)} planerade händelser tas bort: ")
    hr(cancelling.cancel, early, reason="Startades för tidigt")
    world.go_to("2027-11-02")
    assert world.instance(2029).state == "cancelled"


def test_cancelling_closes_everything_and_tells_each_person_once(world: World, hr: Verb) -> None:
    hr(cancelling.cancel, 1, reason="Planen görs av den nya regionen")
    row = world.instance(2028)
    assert row.state == "cancelled"
    assert row.ended_at == world.now
    assert not world.open("collection")
    assert {task.outcome for task in world.tasks("collection")} == {"cancelled"}
    told = world.told("notice")
    assert len(told) == len({message.person_id for message in told}) > 5
    assert "Planen görs av den nya regionen" in told[0].content["body"]["sv"]
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(job.c.state == "due", job.c.instance_id == 1)) == 0
    before = len(world.told())
    world.go_to("2027-06-01")
    assert len(world.told()) == before


def test_what_was_typed_is_kept_when_the_instance_is_cancelled(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    world.draft(task, "tora", {"has_needs": "yes"})
    hr(cancelling.cancel, 1, reason="Görs inte")
    assert world.page_of(task, "tora").typed.get("has_needs") == "yes"


def test_cancelling_twice_and_a_suspended_one(world: World, hr: Verb, before: Look) -> None:
    hr(pausing.suspend, 1, reason="Ny budget väntas")
    for _ in range(2):
        hr(cancelling.cancel, 1, reason="Görs inte")
    assert [event.body["old"] for event in world.events("instance_cancelled", 2028)] == ["suspended"]
    with pytest.raises(NotPossible):
        hr(pausing.resume, 1, reason="Ändå")
    with pytest.raises(NotPossible):
        before(cancelling.preview_cancel, 1)


def test_an_answer_and_a_cancelling_at_once_leave_one_of_both_orders(world: World) -> None:
    """Either the answer came first and is kept, or it is refused; nothing is open afterwards."""
    task, actor, hr = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.person("hr")
    data = world.sample(task, "tora")

    def answer() -> Any:
        with world.database.verb() as tx:
            return user_tasks.complete(tx, task.id, data, by=actor, now=world.now)

    def cancel() -> None:
        with world.database.verb() as tx:
            cancelling.cancel(tx, 1, reason="Görs inte", by=hr, now=world.now)

    with ThreadPoolExecutor(2) as pool:
        answered, cancelled = pool.submit(answer), pool.submit(cancel)
        cancelled.result()
        failed = answered.exception()
    row = world.task("collection", "chef-hs-1")
    assert row.state == ("completed" if failed is None else "cancelled")
    assert not world.open("collection")
    with world.page() as tx:
        assert tx.scalar(sa.select(instance.c.state)) == "cancelled"
