"""The follow-up: which question goes with which collection, what was held and had effect, and what remains of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.stages import TITLES, YEAR, WorldAt, needs
from support.world import World

from engine.rules.calendar import civil_date

CONTENT = {"carried_out_as_planned", "combined_with_other", "benefit_in_daily_work"}
PROCESS = {"follow_up_answer", "improvement_suggestions"}


def asked(world: World, year: int) -> set[str]:
    """The questions that a manager sees beside the collection for that plan year."""
    page = world.page_of(world.task("follow_up_question", "chef-hs-4", year), "hilda")
    return (CONTENT | PROCESS) & set(shown(page.view.components))


def shown(components: list[Any]) -> Iterator[str]:
    """The keys of a form's fields that are not hidden, nor in anything hidden."""
    for component in components:
        if not component.hidden:
            yield component.key
            yield from shown(component.components)


def test_the_second_collection_asks_about_the_planning_only(world_at: WorldAt) -> None:
    """S-13, second: nothing has been held yet."""
    world = world_at("directed")
    world.go_to("2026-11-03")
    assert asked(world, 2028) == PROCESS
    task = world.task("follow_up_question", "chef-hs-4", 2028)
    world.answer(task, "hilda", {"follow_up_answer": "Kallelsen kom sent"})
    (answer,) = world.records("follow_up_answer", 2028)
    assert (answer.plan_year, answer.values["part"]) == (2027, "process")


def test_the_third_collection_asks_about_content_and_planning_each_kept_under_its_own_year(world_at: WorldAt) -> None:
    """S-13, third"""
    world = world_at("november")
    assert asked(world, 2029) == CONTENT | PROCESS
    task = world.task("follow_up_question", "chef-hs-4", 2029)
    world.answer(task, "hilda", {"carried_out_as_planned": "Ja, allt", "follow_up_answer": "Bättre än förra året"})
    answers = {r.values["part"]: r for r in world.records("follow_up_answer", 2029)}
    assert {part: r.plan_year for part, r in answers.items()} == {"content": 2027, "process": 2028}
    assert answers["content"].values["carried_out_as_planned"] == "Ja, allt"
    assert answers["process"].values["follow_up_answer"] == "Bättre än förra året"


def test_a_manager_without_new_needs_can_still_answer_the_question(world_at: WorldAt) -> None:
    """S-14"""
    world = world_at("november")
    world.answer(world.task("collection", "chef-hs-4", 2029), "hilda", {"no_needs": True})
    open_to_hilda = {(e.element_id, e.plan_year) for e in world.inbox("hilda").open}
    assert ("follow_up_question", 2029) in open_to_hilda
    world.answer(world.task("follow_up_question", "chef-hs-4", 2029), "hilda", {"follow_up_answer": "Bra"})
    assert len(world.records("follow_up_answer", 2029)) == 2


def test_the_answers_are_before_the_one_who_follows_up_with_their_number(world_at: WorldAt) -> None:
    world = world_at("november")
    world.answer(
        world.task("follow_up_question", "chef-hs-4", 2029), "hilda", {"carried_out_as_planned": "Allt utom mars"}
    )
    page = world.page_of(world.task("follow_up", plan_year=YEAR), "hr")
    assert "Allt utom mars" in str(page.view)
    world.answer(world.open("follow_up", YEAR)[0], "hr")
    (process,) = [r for r in world.records("follow_up_result", YEAR) if r.values["scope"] == "process"]
    assert process.values["answers"] == 1


def followed_up(world: World, **held: Any) -> None:
    """The overall follow-up; items are held in full but for those given by title."""
    (task,) = world.open("follow_up", YEAR)
    answer = world.sample(task, "hr")
    titles = {item.id: title for title, item in world.items(YEAR).items()}
    for row in answer["items"]:
        row.update(held="yes", held_reason=None)
        row.update(held.get(titles[row["record"]], {}))
    world.answer(task, "hr", answer)


def test_what_was_held_partly_or_not_is_told_with_reasons(world_at: WorldAt) -> None:
    world = world_at("november")
    partly, never, whole = TITLES[:3]
    with pytest.raises(Exception, match="invalid_form"):
        followed_up(world, **{never: {"held": "no"}})
    followed_up(
        world, **{partly: {"held": "partly", "held_reason": "En kurs"}, never: {"held": "no", "held_reason": "Sjuk"}}
    )
    assert [world.items(YEAR)[t].state for t in (partly, never, whole)] == ["partly_held", "cancelled", "held"]


def test_the_chosen_levels_of_effect_are_answered_and_no_others_are_asked(world_at: WorldAt) -> None:
    world = world_at("november")
    world.change_record(world.items(YEAR)["Ledarskap"], effect_levels=["reaction", "behaviour"])
    (task,) = world.open("follow_up", YEAR)
    answer = world.sample(task, "hr")
    row = next(r for r in answer["items"] if r["record"] == world.items(YEAR)["Ledarskap"].id)
    assert {key for key in row if key.startswith("level_")} == {"level_1_reaction", "level_3_behaviour"}
    row["level_3_behaviour"] = None
    assert world.refused(task, "hr", answer) == {"required"}
    row["level_3_behaviour"] = "Fler gör rätt"
    world.answer(task, "hr", answer)
    (result,) = [r for r in world.records("follow_up_result", YEAR) if r.values.get("item_title") == "Ledarskap"]
    assert result.values["level_3_behaviour"] == "Fler gör rätt"


def compiled(world: World, **more: Any) -> None:
    followed_up(world)
    world.go_to("2028-01-03")
    world.answer(world.open("follow_up_compile", YEAR)[0], "argus", **more)


def test_the_working_group_compiles_in_january_and_the_instance_ends(world_at: WorldAt) -> None:
    world = world_at("november")
    followed_up(world)
    assert world.open("follow_up_compile") == []
    world.go_to("2028-01-01", hour=0)
    world.answer(world.open("follow_up_compile", YEAR)[0], "argus")
    assert world.instance(YEAR).state == "completed"
    assert {i.state for i in world.items(YEAR).values()} == {"followed_up"}
    assert {r.state for r in world.records("retention", YEAR)} == {"proposed"}
    assert len(world.records("retention", YEAR)) == len(TITLES)
    assert world.open("guideline_change") == []


def test_a_follow_up_that_calls_for_another_guideline_leaves_a_task_for_it(world_at: WorldAt) -> None:
    """G-14"""
    world = world_at("november")
    compiled(world, guideline_change="yes", guideline_change_text="Flytta beslutet till april")
    (task,) = world.open("guideline_change")
    assert (task.plan_year, task.position_id, world.instance(YEAR).state) == (YEAR, "hr_strateg", "completed")
    assert "Flytta beslutet till april" in str(world.page_of(task, "hr").view)
    world.answer(task, "hr", handed_to="Riktlinjens ägare")
    (result,) = [r for r in world.records("follow_up_result", YEAR) if r.values["scope"] == "compiled"]
    assert result.values["handed_to"] == "Riktlinjens ägare"


def at_decision_2029(world: World) -> Any:
    world.answer(world.task("collection", "chef-st-1", 2029), "sten", needs("Samtal"))
    compiled(world)
    world.answer(world.open("compilation", 2029)[0], "hr")
    world.go_to("2028-02-01")
    world.answer(world.open("preparation", 2029)[0], "argus")
    world.go_to("2028-03-02")
    for task in world.open("review", 2029):
        world.answer(task, f"sek-{task.unit_id}")
    world.answer(world.open("review_summary", 2029)[0], "hr")
    (task,) = world.open("decision", 2029)
    return task


def test_a_decision_without_retention_is_registered_and_leaves_a_task_for_each_item_and_a_note(
    world_at: WorldAt,
) -> None:
    """S-15"""
    world = world_at("november")
    task = at_decision_2029(world)
    answer = world.sample(task, "rdsek")
    for row in answer["retention"]:
        row.update(outcome=None, until=None)
    receipt = world.answer(task, "rdsek", answer)
    assert (receipt.outcome, world.departures(2029)) == ("answered", {"retention_missing"})
    tasks = world.open("retention_decision", 2029)
    assert {t.record_id for t in tasks} == {item.id for item in world.items(YEAR).values()}
    world.answer(tasks[0], "hr")
    decided = [r for r in world.records("retention", 2029) if r.state == "decided"]
    assert [r.values["item_record"] for r in decided] == [tasks[0].record_id]


def test_march_decides_what_remains_of_the_year_just_followed_up(world_at: WorldAt) -> None:
    """Kept until a date means that somebody decides again on that date."""
    world = world_at("november")
    task = at_decision_2029(world)
    answer = world.sample(task, "rdsek")
    ids = {title: item.id for title, item in world.items(YEAR).items()}
    assert {row["record"] for row in answer["retention"]} == set(ids.values())
    for row in answer["retention"]:
        row.update(outcome="keep", until=None)
    answer["retention"][0].update(outcome="keep_until", until="2029-06-30")
    answer["retention"][1].update(outcome="take_away")
    world.answer(task, "rdsek", answer)
    outcomes = {r.values["item_record"]: r.values["outcome"] for r in world.records("retention", 2029)}
    assert sorted(outcomes.values()) == ["keep"] * 8 + ["keep_until", "take_away"]
    (again,) = world.open("retention_until", 2029)
    assert (again.record_id, civil_date(again.due_at)) == (answer["retention"][0]["record"], date(2029, 6, 30))
    assert world.open("retention_decision", 2029) == []


def test_the_working_group_proposes_what_remains_from_what_the_follow_up_said(world_at: WorldAt) -> None:
    world = world_at("november")
    world.answer(world.task("collection", "chef-st-1", 2029), "sten", needs("Samtal"))
    compiled(world)
    world.answer(world.open("compilation", 2029)[0], "hr")
    world.go_to("2028-02-01")
    task = world.open("preparation", 2029)[0]
    rows = world.sample(task, "argus")["retention_proposal"]
    assert {row["record"] for row in rows} == {item.id for item in world.items(YEAR).values()}
    assert world.page_of(task, "argus").typed["retention_proposal"][0]["outcome"] == "keep"
    world.answer(task, "argus")
    assert {r.state for r in world.records("retention", 2029)} == {"proposed"}
    assert len(world.records("retention", 2029)) == len(TITLES)
