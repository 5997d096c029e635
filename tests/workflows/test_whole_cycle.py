"""The plan for 2027 from the first of November 2025 to its end, on both databases."""

from __future__ import annotations

import threading
from typing import Any

from support import stages
from support.stages import TITLES, YEAR
from support.world import World

from engine import history, user_tasks
from engine.actor import Actor
from engine.errors import EngineError, TaskNotOpen


def play(world: World, until: str) -> None:
    for name, stage in stages.STAGES.items():
        stage(world)
        if name == until:
            return


def test_a_plan_runs_from_collection_to_follow_up_with_a_change_case_and_a_follow_on(fresh: World) -> None:
    play(fresh, "directed")
    fresh.send("change_case", YEAR)
    fresh.answer("change_describe", "hr")
    fresh.answer("change_decision", "rdsek")
    fresh.answer("change_notice", "hr")
    assert [v.state for v in fresh.versions(fresh.records("plan", YEAR)[0])] == [
        "proposed", "reviewed", "decided", "scheduled", "sent_out", "revised",
    ]  # fmt: skip
    stages.november(fresh)
    fresh.answer("follow_up", "hr")
    fresh.go_to("2028-01-03")
    fresh.answer("follow_up_compile", "argus", guideline_change="yes", guideline_change_text="Tidigare besked")
    assert fresh.instance(YEAR).state == "completed"
    fresh.answer("guideline_change", "hr", handed_to="Riktlinjens ägare")
    cycle = fresh.cycle(YEAR)
    assert {step.state for step in cycle.steps} == {"done"}
    assert [step.id for step in cycle.steps if step.was_late] == []
    assert (cycle.incidents, cycle.follow_ons) == (0, [])
    assert {item.state for item in fresh.items(YEAR).values()} == {"followed_up"}


def test_why_a_training_is_in_the_plan_can_be_followed_from_need_to_effect(fresh: World) -> None:
    """The auditor's first question, answered from the records and their links alone."""
    play(fresh, "directed")
    item = fresh.items(YEAR)[TITLES[0]]
    assert [v.state for v in fresh.versions(item)] == ["draft", "prepared", "reviewed", "approved", "scheduled"]
    (need_id,) = fresh.linked(item, "proposals")
    (need,) = [r for r in fresh.records("proposal", YEAR) if r.id == need_id]
    assert (need.unit_name, need.created_by) == ("Medicinkliniken", "tora")
    with fresh.page() as tx:
        events = history.timeline(tx, fresh.instance(YEAR).id, limit=10_000)
    assert [e.actor for e in events if e.body.get("record") == item.id] == ["hr", "argus", "hr", "rdsek", "hr"]


def test_only_what_several_do_at_once_is_chained_apart(fresh: World) -> None:
    """An answer to a fan-out waits for no other's; whatever one alone does stands in the instance's own chain."""
    play(fresh, "preparing")
    with fresh.page() as tx:
        events = history.timeline(tx, fresh.instance(YEAR).id, limit=10_000)
    own = {e.element_id for e in events if e.task_id is not None and e.chain == history.task_chain(e.task_id)}
    alone = {e.element_id for e in events if e.task_id is not None} - own
    assert (own, alone) == ({"collection"}, {"compilation", "preparation"})
    assert all(e.chain == f"i:{e.instance_id}" for e in events if e.element_id in alone)


def test_the_last_two_groups_answers_at_once_lead_on_exactly_once(fresh: World) -> None:
    play(fresh, "reviewing")
    first, second, *others = fresh.open("review")
    for task in others:
        fresh.answer(task, f"sek-{task.unit_id}")
    at_once(fresh, [(task, f"sek-{task.unit_id}") for task in (first, second)])
    fresh.run_jobs()
    assert len(fresh.records("statement", YEAR)) == 4
    assert [v.state for v in fresh.visits("review", YEAR)] == ["completed"]
    assert len(fresh.open("review_summary")) == 1


def test_two_who_register_for_the_same_group_at_once_make_one_statement(fresh: World) -> None:
    """No lock on the instance is held here: the database's own condition decides, and the other sees who won."""
    play(fresh, "reviewing")
    task = fresh.open("review")[0]
    both = [f"sek-{task.unit_id}", "hr"]
    refused = at_once(fresh, [(task, by) for by in both])
    assert [type(error) for error in refused] == [TaskNotOpen]
    winner = fresh.task("review", task.position_id).answered_by
    assert refused[0].params["by"] == fresh.person(winner).name
    assert [r.created_by for r in fresh.records("statement", YEAR)] == [winner]


def at_once(world: World, work: list[tuple[Any, str]]) -> list[EngineError]:
    """Each task is answered by its person from a thread of their own, together; gives the refusals."""
    ready, refused = threading.Barrier(len(work)), []
    prepared = [(task.id, world.person(by), world.sample(task, by)) for task, by in work]

    def answer(task_id: int, by: Actor, data: dict[str, Any]) -> None:
        ready.wait()
        try:
            with world.database.verb() as tx:
                user_tasks.complete(tx, task_id, data, by=by, now=world.now)
        except EngineError as error:
            refused.append(error)

    threads = [threading.Thread(target=answer, args=each) for each in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
