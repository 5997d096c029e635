"""Preparation: the order of priority, what the working group must say, and what it may leave out with a note."""

from typing import Any

import pytest
from support.stages import COSTLY, STATUTORY, TITLES, YEAR, WorldAt, prepared, ranked
from support.world import World


def row(answer: dict[str, Any], world: World, title: str) -> dict[str, Any]:
    """The working group's row for an intervention."""
    record_id = world.items(YEAR)[title].id
    found: dict[str, Any] = next(r for r in answer["items"] if r["record"] == record_id)
    return found


def swapped() -> list[str]:
    """The order with an optional intervention before the two statutory ones."""
    return ["Palliativ vård", *[t for t in TITLES if t != "Palliativ vård"]]


def answer_with(world: World, order: list[str] | None = None) -> dict[str, Any]:
    return ranked(world, statutory=STATUTORY, costly=COSTLY, order=order)


def test_a_statutory_need_is_never_ranked_below_an_optional_one_without_a_reason(world_at: WorldAt) -> None:
    """S-05"""
    world = world_at("preparing")
    (task,) = world.open("preparation")
    assert world.refused(task, "argus", answer_with(world, swapped())) == {"statutory_first"}
    assert world.instance(YEAR).state == "active"
    assert world.step("preparation", YEAR).state == "open"


def test_with_a_reason_the_exception_is_allowed_noted_and_shown_to_the_reviewers(world_at: WorldAt) -> None:
    """S-05"""
    world = world_at("preparing")
    answer = answer_with(world, swapped())
    row(answer, world, "Palliativ vård")["priority_exception"] = "Avtal löper ut"
    receipt = world.answer("preparation", "argus", answer)
    assert [d.sv for d in receipt.departures] == [
        "En insats har ett motiverat undantag från ordningen med lagstyrda behov först"
    ]
    assert "priority_exception_used" in world.departures(YEAR)
    assert world.items(YEAR)["Palliativ vård"].values["priority_exception"] == "Avtal löper ut"
    world.go_to("2026-03-02")
    assert "Avtal löper ut" in str(world.page_of(world.task("review", "lg-hs"), "sek-hs").view)


def new_item(title: str, priority: int, *, statutory: bool = False) -> dict[str, Any]:
    return {
        "title": title, "target_group": "all_employees", "motivation": "Kom fram i beredningen",
        "is_statutory": "yes" if statutory else "no", "statute": "Lagen" if statutory else None,
        "priority": priority, "decisive_budget": "no",
    }  # fmt: skip


@pytest.mark.parametrize(("statutory", "priority"), [(False, 1), (True, 12)])
def test_an_intervention_added_in_preparation_keeps_the_order_too(
    world_at: WorldAt, statutory: bool, priority: int
) -> None:
    """An optional one put first, or a statutory one put last: both would pass over the law."""
    world = world_at("preparing")
    answer = answer_with(world)
    for item in answer["items"]:
        item["priority"] += 1
    answer["new_items"] = [new_item("Ny insats", priority, statutory=statutory)]
    assert world.refused(world.open("preparation")[0], "argus", answer) == {"statutory_first"}


def test_an_intervention_added_in_preparation_is_in_the_proposal_that_is_reviewed(world_at: WorldAt) -> None:
    world = world_at("preparing")
    answer = {**answer_with(world), "new_items": [new_item("Ny insats", 11)]}
    world.answer("preparation", "argus", answer)
    (plan,) = world.records("plan", YEAR)
    assert (plan.state, plan.version) == ("proposed", 1)
    assert [i["title"] for i in plan.values["items"]] == [*TITLES, "Ny insats"]
    assert world.items(YEAR)["Ny insats"].state == "prepared"


def test_no_two_interventions_share_a_place(world_at: WorldAt) -> None:
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, "Fallskador")["priority"] = row(answer, world, "Läkemedel")["priority"]
    assert world.refused(world.open("preparation")[0], "argus", answer) == {"unique_priority"}


def test_a_lighter_act_before_a_heavier_one_is_noted_but_not_refused(world_at: WorldAt) -> None:
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, STATUTORY[1])["statute_weight"] = "very_heavy"
    world.answer("preparation", "argus", answer)
    assert world.departures(YEAR) == {"weight_order"}


@pytest.mark.parametrize("field", ["statute", "statute_weight", "statute_weight_reason"])
def test_what_is_called_statutory_names_the_act_and_its_weight(world_at: WorldAt, field: str) -> None:
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, STATUTORY[0])[field] = None
    assert world.refused(world.open("preparation")[0], "argus", answer) == {"required"}


@pytest.mark.parametrize("field", ["motivation", "goal_links", "provider", "recommendation", "decisive_budget"])
def test_every_intervention_has_its_reasons(world_at: WorldAt, field: str) -> None:
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, "Fallskador")[field] = None
    assert world.refused(world.open("preparation")[0], "argus", answer) == {"required"}


def test_a_decisive_budget_aspect_is_given_with_a_reason(world_at: WorldAt) -> None:
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, COSTLY[0])["decisive_budget_reason"] = None
    assert world.refused(world.open("preparation")[0], "argus", answer) == {"required"}


def test_an_effect_plan_that_is_left_out_is_noted_and_becomes_a_task(world_at: WorldAt) -> None:
    """The guideline says that one can measure; so it warns, and somebody has it to do."""
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, "Fallskador").update(effect_levels=[], effect_measures=[])
    world.answer("preparation", "argus", answer)
    assert world.departures(YEAR) == {"effect_levels_missing"}
    (task,) = world.open("effect_plan")
    assert (task.record_id, task.position_id) == (world.items(YEAR)["Fallskador"].id, "hr_strateg")
    world.answer(task, "hr")
    assert world.items(YEAR)["Fallskador"].values["effect_levels"] == ["reaction", "learning"]


def test_a_complete_proposal_departs_from_nothing(world_at: WorldAt) -> None:
    world = world_at("preparing")
    prepared(world)
    assert world.departures(YEAR) == set()
    assert world.open("effect_plan") == []


def test_what_the_group_left_out_follows_the_proposal_as_such(world_at: WorldAt) -> None:
    world = world_at("preparing")
    answer = answer_with(world)
    row(answer, world, "Fallskador")["recommendation"] = "leave_out"
    world.answer("preparation", "argus", answer)
    (plan,) = world.records("plan", YEAR)
    assert {i["title"]: i["outcome"] for i in plan.values["items"]}["Fallskador"] == "leave_out"


def test_the_working_group_decides_and_its_secretary_or_hr_registers(world_at: WorldAt) -> None:
    world = world_at("preparing")
    world.answer("preparation", "hr", {**answer_with(world), "dissent": "Folkhälsa ville annat"})
    (event,) = [e for e in world.events("task_completed", YEAR) if e.element_id == "preparation"]
    assert (event.actor, event.body["decided_by"]) == ("hr", "arbetsgruppen")
    assert world.records("preparation", YEAR)[0].values["dissent"] == "Folkhälsa ville annat"
