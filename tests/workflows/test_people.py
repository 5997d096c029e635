"""Who may act: holders, superiors, bodies' secretaries; when people come and go, and when two act at once."""

import threading
from typing import Any

import pytest
from support.region import OUTSIDER
from support.stages import YEAR, WorldAt, needs
from support.world import World

from engine import user_tasks
from engine.errors import EngineError, Forbidden, KeyReused, NotFound, StaleRevision, TakenBySomeoneElse, TaskNotOpen


def test_a_manager_who_leaves_hands_over_by_position_without_anyone_reassigning(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    world.hold("chef-hs-4", "stig", instead_of="hilda")
    assert world.inbox("hilda").open == []
    with pytest.raises(NotFound):
        world.answer(task, "hilda", {"no_needs": True})
    assert task.id in {row.task_id for e in world.inbox("stig").open for row in e.rows}
    world.answer(task, "stig", {"no_needs": True})
    assert world.task("collection", "chef-hs-4").answered_by == "stig"


def test_the_new_manager_may_change_what_the_one_before_answered(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    world.answer(task, "hilda", needs("Fallskador"))
    world.go_to("2025-12-01")
    world.hold("chef-hs-4", "stig", instead_of="hilda")
    world.answer(task, "stig", needs("Läkemedel"))
    (proposal,) = world.records("proposal", YEAR)
    assert [v.by for v in world.versions(proposal)] == ["hilda", "stig"]


def test_when_a_manager_leaves_and_nobody_comes_the_superior_has_the_task(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    world.leave("chef-hs-4", "hilda")
    assert (task.id, True) in {(row.task_id, row.superior) for e in world.inbox("hans").open for row in e.rows}
    world.go_to("2025-12-02")
    assert {m.person_id for m in world.told("reminder") if m.task_id == task.id} == {"hans"}
    world.answer(task, "hans", {"no_needs": True})


def test_a_member_of_a_body_reads_but_does_not_register(world_at: WorldAt) -> None:
    world = world_at("deciding")
    world.hold("rd_ledningsgrupp", "stina", function="member")
    (task,) = world.open("decision")
    assert world.page_of(task, "stina").why_not == "not_candidate"
    with pytest.raises(Forbidden):
        world.answer(task, "stina", world.sample(task, "rdsek"))
    assert task.id not in {row.task_id for e in world.inbox("stina").open for row in e.rows}


def test_another_areas_secretary_does_not_register_for_a_group(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    with pytest.raises(NotFound):
        world.answer(world.task("review", "lg-ru"), "sek-hs", world.sample(world.task("review", "lg-ru"), "sek-ru"))


def test_hr_may_register_for_every_group(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    for task in world.open("review"):
        world.answer(task, "hr")
    assert {r.created_by for r in world.records("statement", YEAR)} == {"hr"}
    assert len(world.open("review_summary")) == 1


def test_an_auditor_reads_a_task_but_does_not_act(world_at: WorldAt) -> None:
    world = world_at("deciding")
    (task,) = world.open("decision")
    assert world.page_of(task, "revi").can_act is False
    with pytest.raises(NotFound):
        world.answer(task, "revi", {})
    with pytest.raises(NotFound):
        world.page_of(task, OUTSIDER)


def test_a_task_claimed_by_one_holder_is_not_the_others_until_released(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.hold("chef-hs-4", "stig")
    task = world.task("collection", "chef-hs-4")
    world.claim(task, "hilda")
    with pytest.raises(TakenBySomeoneElse) as taken:
        world.answer(task, "stig", {"no_needs": True})
    assert taken.value.params == {"by": "Hilda Påhitt"}
    world.release(task, "hilda")
    world.answer(task, "stig", {"no_needs": True})


def test_of_two_holders_at_once_one_wins_and_the_other_sees_who(world_at: WorldAt) -> None:
    world = world_at("deciding")
    world.hold("rd_ledningsgrupp", "stina", function="chair")
    (task,) = world.open("decision")
    outcomes = at_once(world, task, ["rdsek", "stina"], world.sample(task, "rdsek"))
    lost = [e for e in outcomes.values() if isinstance(e, TaskNotOpen)]
    winner = next(by for by, outcome in outcomes.items() if isinstance(outcome, user_tasks.Receipt))
    assert [e.params["by"] for e in lost] == [world.person(winner).name]
    assert lost[0].params["state"] == "completed"
    assert len(world.records("decision", YEAR)) == 1
    assert len([e for e in world.events("task_completed", YEAR) if e.element_id == "decision"]) == 1


def at_once(world: World, task: Any, people: list[str], data: dict[str, Any]) -> dict[str, Any]:
    """Each of the people answers the task from a thread of their own."""
    ready, outcomes = threading.Barrier(len(people)), {}
    actors = {by: world.person(by) for by in people}

    def answer(by: str) -> None:
        ready.wait()
        try:
            with world.database.verb() as tx:
                outcomes[by] = user_tasks.complete(tx, task.id, data, by=actors[by], now=world.now)
        except EngineError as refused:
            outcomes[by] = refused

    threads = [threading.Thread(target=answer, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_who_answers_from_a_page_that_has_become_old_sees_who_was_first(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.hold("chef-hs-4", "stig")
    task = world.task("collection", "chef-hs-4")
    world.answer(task, "hilda", {"no_needs": True}, revision=task.revision)
    with pytest.raises(StaleRevision) as stale:
        world.answer(task, "stig", needs("Fallskador"), revision=task.revision)
    assert stale.value.params["by"] == "Hilda Påhitt"
    assert world.records("proposal", YEAR) == []


def test_a_form_sent_twice_has_one_effect(world_at: WorldAt) -> None:
    world = world_at("deciding")
    (task,) = world.open("decision")
    data = world.sample(task, "rdsek")
    first = world.answer(task, "rdsek", data, key="samma")
    again = world.answer(task, "rdsek", data, key="samma")
    assert (first.task_id, first.at, first.outcome) == (again.task_id, again.at, again.outcome)
    assert len(world.records("decision", YEAR)) == 1
    assert len(world.visits("decision_notice", YEAR)) == 1
    with pytest.raises(KeyReused):
        world.answer(task, "rdsek", {**data, "registration_number": "RS/2026:1"}, key="samma")
    with pytest.raises(TaskNotOpen):
        world.answer(task, "rdsek", data)


def test_a_refused_answer_changes_nothing_and_tells_nobody(world_at: WorldAt) -> None:
    world = world_at("deciding")
    (task,) = world.open("decision")
    told, saved = len(world.told()), world.instance(YEAR)
    world.refused(task, "rdsek", outcome=None)
    assert (len(world.told()), world.instance(YEAR).revision) == (told, saved.revision)
    assert world.records("decision", YEAR) == []


def test_someone_who_has_become_inactive_neither_acts_nor_is_told(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.deactivate("hilda")
    task = world.task("collection", "chef-hs-4")
    with pytest.raises(NotFound):
        world.answer(task, "hilda", {"no_needs": True})
    world.go_to("2025-12-02")
    assert {m.person_id for m in world.told("reminder") if m.task_id == task.id} == {"hans"}
