"""Compilation: the basic criteria, what becomes of a need that does not meet them, and who is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from support.stages import TITLES, YEAR, WorldAt
from support.world import World

from engine.rules.calendar import civil_date

CRITERIA = (
    "is_overall",
    "is_short_for_existing",
    "not_at_educational_institution",
    "has_one_target_group",
    "covers_whole_area",
)


def judged(world: World, **outcomes: Mapping[str, Any]) -> dict[str, Any]:
    """The compilation with every need compiled, except those given by title (spaces as underscores)."""
    (task,) = world.open("compilation")
    answer = world.sample(task, "hr")
    titles = {r.id: r.values["training_type"] for r in world.records("proposal", YEAR)}
    for row in answer["proposals"]:
        row.update(dict.fromkeys(CRITERIA, "yes"), outcome="compiled")
        row.update(outcomes.get(titles[row["record"]].replace(" ", "_"), {}))
    return answer


def proposal(world: World, title: str) -> Any:
    return next(r for r in world.records("proposal", YEAR) if r.values["training_type"] == title)


def letters_to(world: World, person_id: str, about: str) -> list[str]:
    return [m.content["body"]["sv"] for m in world.told("notice", about) if m.person_id == person_id]


def test_what_meets_the_criteria_becomes_an_intervention_with_a_link_to_its_need(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.answer("compilation", "hr", judged(world))
    assert set(world.items(YEAR)) == set(TITLES)
    assert {r.state for r in world.records("proposal", YEAR)} == {"compiled"}
    assert world.linked(world.items(YEAR)["Fallskador"], "proposals") == [proposal(world, "Fallskador").id]
    assert world.step("preparation", YEAR).state == "coming"


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_need_that_fails_any_of_the_five_criteria_is_not_compiled(world_at: WorldAt, criterion: str) -> None:
    world = world_at("compiling")
    (task,) = world.open("compilation")
    assert world.refused(task, "hr", judged(world, Fallskador={criterion: "no"})) == {"criteria_met"}
    assert world.items(YEAR) == {}


def test_whether_a_whole_area_is_concerned_is_not_asked_of_training_for_all_managers(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.change_record(proposal(world, "Ledarskap"), target_group="all_managers")
    world.answer("compilation", "hr", judged(world, Ledarskap={"covers_whole_area": "no"}))
    assert "Ledarskap" in world.items(YEAR)


def test_a_university_course_goes_to_another_process_and_its_sender_is_told(world_at: WorldAt) -> None:
    """S-03"""
    world = world_at("compiling")
    elsewhere = {
        "not_at_educational_institution": "no", "outcome": "passed_to_process",
        "outcome_reason": "Kurs på Komvux", "receiver": "Kompetensförsörjningsprocessen",
    }  # fmt: skip
    world.answer("compilation", "hr", judged(world, Fallskador=elsewhere))
    record = proposal(world, "Fallskador")
    assert (record.state, record.values["receiver"]) == ("passed_to_process", "Kompetensförsörjningsprocessen")
    assert "Fallskador" not in world.items(YEAR)
    (letter,) = letters_to(world, "hilda", "Fallskador")
    assert "Fallskador" in letter
    assert "Kurs på Komvux" in letter


def test_a_need_of_three_units_goes_to_the_areas_own_process(world_at: WorldAt) -> None:
    """S-04"""
    world = world_at("compiling")
    to_area = {
        "covers_whole_area": "no", "outcome": "passed_to_area",
        "outcome_reason": "Gäller tre enheter", "receiver": "Hälso- och sjukvård",
    }  # fmt: skip
    world.answer("compilation", "hr", judged(world, Fallskador=to_area))
    assert proposal(world, "Fallskador").state == "passed_to_area"
    assert "Fallskador" not in world.items(YEAR)
    (letter,) = letters_to(world, "hilda", "Fallskador")
    assert "Hälso- och sjukvård" in letter


@pytest.mark.parametrize("outcome", ["returned", "merged", "passed_to_area", "passed_to_process", "withdrawn"])
def test_every_outcome_but_compiled_is_given_with_a_reason(world_at: WorldAt, outcome: str) -> None:
    world = world_at("compiling")
    into = proposal(world, "Läkemedel").id
    bare = judged(world, Fallskador={"outcome": outcome, "receiver": "Området", "merged_into": into})
    assert world.refused(world.open("compilation")[0], "hr", bare) == {"required"}


def test_two_needs_for_the_same_thing_become_one_intervention_with_both_behind_it(world_at: WorldAt) -> None:
    world = world_at("compiling")
    into = proposal(world, "Läkemedel")
    merged = {"outcome": "merged", "outcome_reason": "Samma sak", "merged_into": into.id}
    world.answer("compilation", "hr", judged(world, Fallskador=merged))
    assert proposal(world, "Fallskador").state == "merged"
    behind = world.linked(world.items(YEAR)["Läkemedel"], "proposals")
    assert sorted(behind) == sorted([into.id, proposal(world, "Fallskador").id])


def test_a_need_is_merged_only_into_one_that_is_compiled(world_at: WorldAt) -> None:
    world = world_at("compiling")
    into = proposal(world, "Läkemedel")
    answer = judged(
        world,
        Fallskador={"outcome": "merged", "outcome_reason": "Samma sak", "merged_into": into.id},
        Läkemedel={"outcome": "withdrawn", "outcome_reason": "Behövs inte"},
    )
    assert world.refused(world.open("compilation")[0], "hr", answer) == {"merged_into_compiled"}


RETURNED = {"outcome": "returned", "outcome_reason": "Skriv hur många det gäller", "is_overall": "no"}


def test_an_unclear_need_goes_back_to_its_sender_who_has_ten_days(world_at: WorldAt) -> None:
    """G-01: the sender completes it, HR looks again, and it is in the plan."""
    world = world_at("compiling")
    world.answer("compilation", "hr", judged(world, Fallskador=RETURNED))
    (task,) = world.open("proposal_completion")
    assert (task.position_id, civil_date(task.due_at)) == ("chef-hs-4", date(2026, 1, 12))
    assert "Skriv hur många det gäller" in letters_to(world, "hilda", "Fallskador")[0]
    world.answer(task, "hilda", reason_of(world, task, "Det gäller alla 400"))
    (check,) = world.open("completion_check")
    assert check.record_id == proposal(world, "Fallskador").id
    world.answer(check, "hr")
    assert proposal(world, "Fallskador").state == "compiled"
    assert world.items(YEAR)["Fallskador"].values["reason"] == "Det gäller alla 400"
    reasons = [v.values["reason"] for v in world.versions(proposal(world, "Fallskador"))]
    assert reasons[0] == "Fallskador behövs"
    assert reasons[-1] == "Det gäller alla 400"


def reason_of(world: World, task: Any, reason: str) -> dict[str, Any]:
    answer = world.sample(task, "hilda")
    answer["proposals"][0].update(training_type="Fallskador", reason=reason)
    return answer


def test_an_unclear_need_returned_late_in_january_is_wanted_by_the_31st(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.go_to("2026-01-28")
    world.answer("compilation", "hr", judged(world, Fallskador=RETURNED))
    assert civil_date(world.open("proposal_completion")[0].due_at) == date(2026, 1, 31)


def test_a_need_not_completed_in_time_is_saved_for_the_next_collection(world_at: WorldAt) -> None:
    """Left out of this plan when preparation ends, and offered to the compilation a year later."""
    world = world_at("compiling")
    world.answer("compilation", "hr", judged(world, Fallskador=RETURNED))
    world.go_to("2026-02-02")
    world.answer("preparation", "argus")
    assert proposal(world, "Fallskador").state == "saved_for_next"
    world.go_to("2027-01-02")
    (compilation,) = world.open("compilation", 2028)
    taken_up = [{**row, "take_up": "yes"} for row in world.sample(compilation, "hr")["saved"]]
    assert [row["record"] for row in taken_up] == [proposal(world, "Fallskador").id]
    world.answer(compilation, "hr", saved=taken_up)
    assert set(world.items(2028)) == {"Fallskador"}


def test_a_completion_that_comes_when_preparation_is_over_cannot_enter_the_plan(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.answer("compilation", "hr", judged(world, Fallskador=RETURNED))
    (task,) = world.open("proposal_completion")
    world.go_to("2026-02-02")
    world.answer("preparation", "argus")
    world.answer(task, "hilda", reason_of(world, task, "Det gäller alla 400"))
    (check,) = world.open("completion_check")
    late = world.sample(check, "hr")
    late["proposals"][0]["outcome"] = "compiled"
    assert world.refused(check, "hr", late) == {"preparation_open"}
    world.answer(check, "hr")
    assert proposal(world, "Fallskador").state == "saved_for_next"
    assert "Fallskador" not in world.items(YEAR)


def test_the_providers_are_asked_in_time_for_preparation_what_they_can_hold(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.answer("compilation", "hr", judged(world))
    (letter,) = [m.content["body"]["sv"] for m in world.told("notice") if m.person_id == "ktc"]
    assert all(title in letter for title in TITLES)


def test_a_compilation_of_nothing_goes_on(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.go_to("2026-01-02")
    world.answer("compilation", "hr")
    assert (world.items(YEAR), world.step("preparation", YEAR).state) == ({}, "coming")
