"""Reminding, adding and excusing participants of an open step, and those who join while it is open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from support.world import World

from engine import campaigns, identity, user_tasks
from engine.errors import EngineError, Forbidden, InvalidInput, NotPossible
from engine.operations import participants, pausing, reminding

Verb = Callable[..., Any]
Look = Callable[..., list[str]]


def activity_id(world: World, element: str = "collection") -> int:
    return int(world.visits(element, 2028)[-1].id)


def new_unit(world: World, day: date | None = None) -> None:
    """A clinic is founded, with a manager from that day."""
    with world.database.verb() as tx:
        identity.add_unit(tx, "hs-9", "Nya kliniken", "unit", "hs", now=world.now)
        identity.add_person(tx, "nya", "Nya Påhitt", "nya@region.example", now=world.now)
        identity.add_position(tx, "chef-hs-9", "chef", "hs-9", "Chef, Nya kliniken", valid_from=day, now=world.now)
        identity.add_holding(tx, "chef-hs-9", "nya", valid_from=day, now=world.now)


def test_a_reminder_goes_to_those_who_have_not_answered(world: World, hr: Verb, before: Look) -> None:
    world.answer(world.open_of("collection", "chef-hs-4"), "hilda")
    said = " ".join(before(reminding.preview_remind, activity_id(world)))
    assert "Tora Påhitt" in said
    assert "Hilda" not in said
    hr(reminding.remind, activity_id(world))
    told = {message.person_id for message in world.told("reminder")}
    assert "tora" in told
    assert "hilda" not in told
    assert world.events("reminded", 2028)[0].body["tasks"] == 14


def test_reminding_can_be_done_once_a_day(world: World, hr: Verb, before: Look) -> None:
    hr(reminding.remind, activity_id(world))
    told = len(world.told("reminder"))
    with pytest.raises(NotPossible) as refused:
        hr(reminding.remind, activity_id(world))
    assert refused.value.params["reason"] == "reminded_today"
    with pytest.raises(NotPossible):
        before(reminding.preview_remind, activity_id(world))
    assert len(world.told("reminder")) == told
    world.go_to("2026-11-23")
    hr(reminding.remind, activity_id(world))
    assert len(world.told("reminder")) == 2 * told


def test_two_who_remind_at_once_send_one_reminder(world: World) -> None:
    actor, step = world.person("hr"), activity_id(world)

    def remind() -> Any:
        try:
            with world.database.verb() as tx:
                return reminding.remind(tx, step, by=actor, now=world.now)
        except EngineError as refused:
            return refused

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: remind(), range(2)))
    assert sorted(type(result) is int for result in results) == [False, True]
    messages = [(m.task_id, m.person_id) for m in world.told("reminder")]
    assert len(messages) == len(set(messages))


def test_a_new_position_is_asked_the_day_it_comes(world: World, hr: Verb) -> None:
    new_unit(world)
    world.run_jobs()
    task = world.open_of("collection", "chef-hs-9")
    assert task.due_at == world.open("collection")[0].due_at
    assert "nya" in world.sent("task_assigned", "collection", 2028)[date(2026, 11, 22)]
    world.answer(task, "nya")


def test_a_position_that_begins_later_is_asked_on_that_day(world: World) -> None:
    new_unit(world, date(2026, 12, 1))
    world.go_to("2026-11-30")
    assert not [task for task in world.open("collection") if task.position_id == "chef-hs-9"]
    world.go_to("2026-12-01")
    assert world.open_of("collection", "chef-hs-9").opened_at.date() >= date(2026, 11, 30)
    assert len(world.open("collection")) == 16


def test_who_takes_over_a_position_is_told_of_its_open_tasks_once(world: World) -> None:
    before = [m for m in world.told("task_assigned") if m.person_id == "ovid"]
    assert not before
    world.hold("chef-ru-2", "ovid")
    world.run_jobs()
    told = [m for m in world.told("task_assigned") if m.person_id == "ovid"]
    assert [m.content["unit_name"] for m in told] == ["Kulturenheten"]
    assert len([m for m in world.told("task_assigned") if m.person_id == "tora"]) == 3


def test_who_joined_during_a_pause_is_asked_on_resuming(world: World, hr: Verb) -> None:
    hr(pausing.suspend, 1, reason="Paus")
    new_unit(world)
    world.run_jobs()
    assert len(world.open("collection")) == 15
    hr(pausing.resume, 1, reason="Klart")
    assert len(world.open("collection")) == 16


def test_a_participant_can_be_excused_and_added_again(world: World, hr: Verb, before: Look) -> None:
    task = world.open_of("collection", "chef-hs-1")
    said = " ".join(before(participants.preview_excuse, task.id))
    assert "Medicinkliniken behöver inte svara" in said
    for _ in range(2):
        hr(participants.excuse, task.id, reason="Läggs ned")
    assert world.task("collection", "chef-hs-1").outcome == "cancelled"
    assert [m.person_id for m in world.told("notice")] == ["tora"]
    with world.page() as tx:
        found = campaigns.campaign(tx, activity_id(world), world.now)
    assert found.total == 14
    assert "Chef, Medicinkliniken" in before(participants.preview_add, activity_id(world), "chef-hs-1")[0]
    assert hr(participants.add, activity_id(world), "chef-hs-1", reason="Finns kvar") == task.id
    assert hr(participants.add, activity_id(world), "chef-hs-1", reason="Finns kvar") == task.id
    world.answer(world.open_of("collection", "chef-hs-1"), "tora")


def test_only_a_position_of_the_steps_role_can_be_added(world: World, hr: Verb) -> None:
    for position in ("revisor", "nobody"):
        with pytest.raises(InvalidInput):
            hr(participants.add, activity_id(world), position, reason="Ska med")
    with pytest.raises(InvalidInput):
        hr(participants.add, activity_id(world), "chef-hs-1", reason="")
    with pytest.raises(Forbidden):
        hr(participants.add, activity_id(world), "chef-hs-1", reason="Ska med", by="tora")


def test_excusing_the_last_one_moves_the_step_on(world: World, hr: Verb) -> None:
    """The management groups' review ends when all have answered."""
    world.go_to("2027-01-10")
    world.answer("compilation", "hr")
    world.go_to("2027-02-10")
    world.answer("preparation", "argus")
    world.go_to("2027-03-05")
    tasks = world.open("review")
    for task in tasks[1:]:
        world.answer(task, f"sek-{task.unit_id}", outcome="endorsed")
    hr(participants.excuse, tasks[0].id, reason="Området finns inte längre")
    world.run_jobs()
    assert len(world.open("review_summary")) == 1


def test_an_answer_and_an_excuse_at_once_have_one_winner(world: World) -> None:
    task, tora, hr = world.open_of("collection", "chef-hs-1"), world.person("tora"), world.person("hr")
    data = world.sample(task, "tora")

    def tried(call: Callable[[Any], Any]) -> bool:
        try:
            with world.database.verb() as tx:
                call(tx)
        except EngineError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        answered = pool.submit(tried, lambda tx: user_tasks.complete(tx, task.id, data, by=tora, now=world.now))
        excused = pool.submit(
            tried, lambda tx: participants.excuse(tx, task.id, reason="Läggs ned", by=hr, now=world.now)
        )
        assert answered.result() != excused.result()
    row = world.task("collection", "chef-hs-1")
    assert row.state == ("completed" if answered.result() else "cancelled")


def test_a_closed_step_takes_no_more_participants(world: World, hr: Verb) -> None:
    step = activity_id(world)
    world.go_to("2027-01-05")
    new_unit(world)
    world.run_jobs()
    with pytest.raises(NotPossible):
        hr(participants.add, step, "chef-hs-9", reason="Ska med")
    assert world.now - timedelta(days=1) > world.visits("collection", 2028)[-1].ended_at
