"""Review: who reviews, what a body may answer, one round back at most, and what silence counts as."""

from datetime import timedelta
from typing import Any

import pytest
from support.region import AREAS
from support.stages import COSTLY, STATUTORY, TITLES, YEAR, WorldAt, prepared, ranked
from support.world import World, at

from engine.errors import TaskNotOpen

GROUPS = {f"lg-{area}" for area in AREAS}


def review(world: World, area: str, outcome: str = "endorsed", **more: Any) -> None:
    """The newest review of an area's management group is registered by its secretary."""
    world.answer(world.open_of("review", f"lg-{area}"), f"sek-{area}", outcome=outcome, **more)


def statements(world: World) -> dict[tuple[str, int], str]:
    """What each body answered in each round."""
    return {(r.values["body"], r.values["round"]): r.values["outcome"] for r in world.records("statement", YEAR)}


def send_back(world: World, area: str = "ru") -> None:
    """One of the four groups sends the proposal back; the others endorse it."""
    for other in sorted(set(AREAS) - {area}):
        review(world, other)
    review(world, area, "sent_back", comments="Gör om")


def prepared_again(world: World) -> None:
    """The working group has changed the order among the optional ones."""
    order = [*TITLES[:-2], TITLES[-1], TITLES[-2]]
    world.answer("preparation", "argus", ranked(world, statutory=STATUTORY, costly=COSTLY, order=order))


def test_without_an_active_council_each_management_group_reviews_and_the_council_does_not(world_at: WorldAt) -> None:
    """S-06"""
    world = world_at("reviewing")
    assert {t.position_id for t in world.open("review")} == GROUPS
    assert world.tasks("review_council") == []


def test_an_active_and_chosen_council_reviews_alone(world_at: WorldAt) -> None:
    """S-07; the choice is kept with its reason."""
    world = world_at("preparing")
    world.activate("kompetensforsorjningsrad")
    prepared(world, council_active="yes", review_instance="council", review_reason="Rådet har alla områden")
    world.go_to("2026-03-02")
    (task,) = world.open("review_council")
    assert world.tasks("review") == []
    assert world.records("preparation", YEAR)[0].values["review_reason"] == "Rådet har alla områden"
    world.answer(task, "ksek", outcome="endorsed")
    assert statements(world) == {("kompetensforsorjningsrad", 1): "endorsed"}
    assert len(world.open("review_summary")) == 1


def test_an_active_council_that_was_not_chosen_does_not_review(world_at: WorldAt) -> None:
    world = world_at("preparing")
    prepared(world, council_active="yes", review_instance="groups")
    world.go_to("2026-03-02")
    assert ({t.position_id for t in world.open("review")}, world.tasks("review_council")) == (GROUPS, [])


def test_the_choice_of_the_council_needs_a_reason(world_at: WorldAt) -> None:
    world = world_at("preparing")
    answer = ranked(world, statutory=STATUTORY, costly=COSTLY)
    chosen = {**answer, "council_active": "yes", "review_instance": "council", "review_reason": ""}
    assert world.refused(world.open("preparation")[0], "argus", chosen) == {"required"}


def test_the_last_groups_answer_leads_on_to_the_summary(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    for area in ("hs", "ru", "st"):
        review(world, area)
        assert world.open("review_summary") == []
    review(world, "fo")
    assert len(world.open("review_summary")) == 1
    assert set(statements(world).values()) == {"endorsed"}


def test_a_first_review_that_begins_late_keeps_its_last_day_and_an_answer_to_it_is_final(world_at: WorldAt) -> None:
    """The days that a second round has of its own are not the first's."""
    world = world_at("preparing")
    world.go_to("2026-03-18")
    prepared(world)
    (visit,) = world.visits("review", YEAR)
    assert visit.due_at == world.windows(YEAR)["review"].due == at("2026-03-20", 23) + timedelta(minutes=59, seconds=59)
    receipt = world.answer(world.open_of("review", "lg-hs"), "sek-hs", outcome="endorsed")
    assert receipt.revisable_until is None


def test_only_the_group_that_sent_back_reviews_again_and_a_second_no_goes_on_as_dissent(world_at: WorldAt) -> None:
    """S-08, G-04"""
    world = world_at("reviewing")
    world.go_to("2026-03-09")
    send_back(world)
    world.answer("review_summary", "hr")
    assert (len(world.open("preparation")), world.open("decision")) == (1, [])
    assert "Gör om" in str(world.page_of(world.open("preparation")[0], "argus").view)
    prepared_again(world)
    (plan,) = world.records("plan", YEAR)
    assert plan.version == 2
    (again,) = world.open("review")
    assert (again.position_id, world.visits("review", YEAR)[-1].round) == ("lg-ru", 2)
    review(world, "ru", "sent_back", comments="Fortfarande fel", dissent="Vi står fast")
    world.answer("review_summary", "hr")
    assert (world.open("preparation"), len(world.open("decision"))) == ([], 1)
    assert statements(world)[("lg-ru", 2)] == "sent_back"
    assert "Fortfarande fel" in str(world.page_of(world.open("decision")[0], "rdsek").view)


def test_what_is_sent_back_after_10_march_goes_on_to_decision_with_its_comments(world_at: WorldAt) -> None:
    """G-04"""
    world = world_at("reviewing")
    world.go_to("2026-03-11")
    send_back(world)
    world.answer("review_summary", "hr")
    assert (world.open("preparation"), len(world.open("decision"))) == ([], 1)
    assert "Gör om" in str(world.page_of(world.open("decision")[0], "rdsek").view)


def test_what_is_sent_back_on_10_march_is_still_in_time(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    world.go_to("2026-03-10", hour=22)
    send_back(world)
    world.answer("review_summary", "hr")
    assert len(world.open("preparation")) == 1


def test_silence_on_20_march_is_recorded_as_no_answer_and_not_as_endorsement(world_at: WorldAt) -> None:
    """G-05"""
    world = world_at("reviewing")
    review(world, "hs")
    world.go_to("2026-03-20", hour=22)
    assert len(world.open("review")) == 3
    world.go_to("2026-03-21")
    assert statements(world) == {
        ("lg-hs", 1): "endorsed", ("lg-ru", 1): "no_answer", ("lg-st", 1): "no_answer", ("lg-fo", 1): "no_answer",
    }  # fmt: skip
    step = world.visits("review", YEAR)[0]
    assert (step.state, world.step("review", YEAR).was_late) == ("closed", False)
    with pytest.raises(TaskNotOpen):
        world.answer(world.task("review", "lg-ru"), "sek-ru")
    world.answer("review_summary", "hr")
    assert len(world.open("decision")) == 1


def test_a_silent_council_is_recorded_too(world_at: WorldAt) -> None:
    world = world_at("preparing")
    world.activate("kompetensforsorjningsrad")
    prepared(world, council_active="yes", review_instance="council", review_reason="Rådet har alla områden")
    world.go_to("2026-03-21")
    assert statements(world) == {("kompetensforsorjningsrad", 1): "no_answer"}
    assert len(world.open("review_summary")) == 1


def test_silence_in_the_second_round_is_recorded_for_the_one_asked_alone(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    send_back(world)
    world.answer("review_summary", "hr")
    prepared_again(world)
    world.go_to("2026-03-21")
    assert {body: outcome for (body, round_), outcome in statements(world).items() if round_ == 2} == {
        "lg-ru": "no_answer"
    }
    assert len(world.open("review_summary")) == 1


def test_a_group_that_is_not_concerned_has_answered_but_not_endorsed(world_at: WorldAt) -> None:
    """S-20"""
    world = world_at("reviewing")
    for area in ("hs", "st", "fo"):
        review(world, area)
    review(world, "ru", "not_concerned", comments="Inget gäller oss")
    assert statements(world)[("lg-ru", 1)] == "not_concerned"
    activity = world.step("review", YEAR).activities[0]
    assert (activity.answered, activity.total, activity.state) == (4, 4, "completed")
    world.answer("review_summary", "hr")
    assert len(world.open("decision")) == 1


@pytest.mark.parametrize("outcome", ["endorsed_with_comments", "sent_back", "not_concerned"])
def test_everything_but_a_plain_endorsement_is_explained(world_at: WorldAt, outcome: str) -> None:
    world = world_at("reviewing")
    assert world.refused(world.task("review", "lg-ru"), "sek-ru", outcome=outcome, comments="") == {"required"}


def test_a_groups_unsent_draft_is_not_its_statement(world_at: WorldAt) -> None:
    """A body has answered when its secretary registers what it decided, not when somebody has begun to write."""
    world = world_at("reviewing")
    task = world.task("review", "lg-ru")
    world.draft(task, "sek-ru", world.sample(task, "sek-ru"))
    world.go_to("2026-03-21")
    assert statements(world)[("lg-ru", 1)] == "no_answer"
    assert world.page_of(task, "sek-ru").typed["outcome"] == "endorsed"


def test_a_union_consultation_left_out_is_kept_with_the_summary(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    for area in AREAS:
        review(world, area)
    world.answer("review_summary", "hr", union_consultation="left_out", union_date=None, union_minutes=None)
    (summary,) = world.records("review_summary", YEAR)
    assert summary.values["union_consultation"] == "left_out"
