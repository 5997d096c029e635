"""Collection of needs: who is asked, how one answers or changes one's mind; what a deadline makes of drafts."""

from datetime import date, timedelta
from typing import Any

import pytest
from support.region import MANAGERS, OUTSIDER
from support.stages import YEAR, WorldAt, need, needs
from support.world import World

from engine import handovers, user_tasks
from engine.errors import NotFound, TaskNotOpen


def titles(world: World, state: str = "submitted") -> set[str]:
    return {r.values["training_type"] for r in world.records("proposal", YEAR) if r.state == state}


def test_every_manager_developer_strategist_and_salary_reviewer_is_asked(world_at: WorldAt) -> None:
    world = world_at("collecting")
    asked = {m.person_id for m in world.told("task_assigned")}
    assert asked == {*MANAGERS.values(), "vera", "stig", "lo"}


def test_a_head_of_three_units_has_one_page_for_the_step_with_three_rows(world_at: WorldAt) -> None:
    """S-17"""
    world = world_at("collecting")
    (entry,) = world.inbox("tora").open
    assert (entry.element_id, entry.plan_year) == ("collection", YEAR)
    assert sorted(row.unit_name for row in entry.rows) == ["Akutmottagningen", "Kirurgkliniken", "Medicinkliniken"]


def test_a_vacant_position_sends_its_task_to_the_superior_marked_vacant(world_at: WorldAt) -> None:
    """S-19"""
    world = world_at("collecting")
    task = world.task("collection", "chef-ru-2")
    assert task.vacant
    (entry,) = world.inbox("rut").open
    assert {(row.unit_name, row.vacant, row.superior) for row in entry.rows} == {
        ("Regional utveckling", False, False), ("Kulturenheten", True, True),
    }  # fmt: skip
    assert [m.person_id for m in world.told("task_assigned") if m.task_id == task.id] == ["rut"]
    world.answer(task, "rut", {"no_needs": True})
    (event,) = [e for e in world.events("task_completed", YEAR) if e.task_id == task.id]
    assert (event.actor, event.body["position"]) == ("rut", "chef-ru-2")


def test_no_overall_needs_is_an_answer_with_a_receipt(world_at: WorldAt) -> None:
    world = world_at("collecting")
    receipt = world.answer(world.task("collection", "chef-hs-4"), "hilda", {"no_needs": True})
    assert (receipt.outcome, receipt.departures) == ("answered", [])
    assert receipt.revisable_until == world.windows(YEAR)["collection"].closes
    assert world.records("proposal", YEAR) == []
    assert world.inbox("hilda").open == []


def test_an_empty_answer_says_neither_needs_nor_none_and_is_refused(world_at: WorldAt) -> None:
    world = world_at("collecting")
    assert world.refused(world.task("collection", "chef-hs-4"), "hilda", {"proposals": []}) == {"some_answer"}
    lacking = {"proposals": [need("Fallskador", target_group=None, reason="", trainer=[])]}
    assert world.refused(world.task("collection", "chef-hs-4"), "hilda", lacking) == {"required"}


@pytest.mark.parametrize("group", ["samtliga", "nurses", "all_employees health_care_employees"])
def test_a_need_is_for_exactly_one_of_the_three_groups(world_at: WorldAt, group: str) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    assert "required" not in world.refused(task, "hilda", needs("Fallskador", target_group=group))
    for known in ("all_employees", "health_care_employees", "all_managers"):
        world.answer(task, "hilda", needs("Fallskador", target_group=known))


def test_an_answer_can_be_changed_until_the_window_closes_and_the_proposals_follow(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    world.answer(task, "hilda", needs("Fallskador", "Läkemedel"))
    fall, medicine = world.records("proposal", YEAR)
    world.answer(task, "hilda", needs("Fallskador på natten"))
    assert titles(world) == {"Fallskador på natten"}
    assert [v.values["training_type"] for v in world.versions(fall)] == ["Fallskador", "Fallskador på natten"]
    assert world.versions(medicine)[-1].withdrawn
    world.go_to("2026-01-01", hour=0)
    with pytest.raises(TaskNotOpen):
        world.answer(task, "hilda", needs("För sent"))


def test_after_the_last_second_nothing_is_answered_or_changed_though_the_step_has_not_been_closed(
    world_at: WorldAt,
) -> None:
    """Whatever is to close it is late; nor can one take what is closed then."""
    world = world_at("collecting")
    answered, open_still = world.task("collection", "chef-hs-4"), world.task("collection", "chef-ru-1")
    world.answer(answered, "hilda", needs("Fallskador"))
    closes = world.step("collection", YEAR).closes_at

    def answer(task: Any, by: str, title: str) -> None:
        with world.database.verb() as tx:
            user_tasks.complete(tx, task.id, needs(title), by=world.person(by), now=world.now)

    world.clock.move_to(closes)
    answer(answered, "hilda", "I tid")
    world.clock.move_to(closes + timedelta(seconds=1))
    for task, by in ((answered, "hilda"), (open_still, "rune")):
        with pytest.raises(TaskNotOpen):
            answer(task, by, "För sent")
    with pytest.raises(TaskNotOpen):
        world.take_back(answered, "hilda")
    assert titles(world) == {"I tid"}
    world.run_jobs()
    with pytest.raises(TaskNotOpen) as late:
        world.claim(open_still, "rune")
    assert (late.value.params["state"], late.value.params["at"]) == ("closed", closes)


def test_an_answer_taken_back_takes_its_proposals_along_and_leaves_what_was_typed(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    world.answer(task, "hilda", needs("Fallskador"))
    world.answer(world.task("collection", "chef-ru-1"), "rune", {"no_needs": True})
    world.take_back(task, "hilda")
    assert world.records("proposal", YEAR) == []
    assert world.task("collection", "chef-ru-1").state == "completed"
    page = world.page_of(task, "hilda")
    assert (page.state, page.typed["proposals"][0]["training_type"]) == ("open", "Fallskador")
    assert [e.actor for e in world.events("task_taken_back", YEAR)] == ["hilda"]
    world.answer(task, "hilda", page.typed)
    assert titles(world) == {"Fallskador"}
    world.go_to("2026-01-01", hour=0)
    with pytest.raises(TaskNotOpen):
        world.take_back(task, "hilda")


def test_the_collection_closes_on_its_day_and_not_when_all_have_answered(world_at: WorldAt) -> None:
    world = world_at("collecting")
    for task in world.open("collection"):
        world.answer(task, world.actor_of(task), {"no_needs": True})
    assert (world.open("collection"), world.step("collection", YEAR).state) == ([], "open")
    world.go_to("2025-12-31", hour=23)
    assert world.step("compilation", YEAR).state == "coming"
    world.go_to("2026-01-01", hour=0)
    assert (world.step("collection", YEAR).state, world.step("compilation", YEAR).state) == ("done", "open")


def test_a_valid_draft_counts_as_the_answer_when_the_window_closes(world_at: WorldAt) -> None:
    """Marked as such; an invalid one stays with its author, to be seen but not sent."""
    world = world_at("collecting")
    valid, invalid = world.task("collection", "chef-hs-4"), world.task("collection", "chef-ru-1")
    world.draft(valid, "hilda", needs("Fallskador"))
    world.draft(invalid, "rune", needs("Halvfärdigt", target_group=None))
    world.go_to("2026-01-02")
    assert titles(world) == {"Fallskador"}
    harvested, kept = world.task("collection", "chef-hs-4"), world.task("collection", "chef-ru-1")
    assert (harvested.state, harvested.outcome, harvested.answered_by) == ("completed", "harvested", "hilda")
    (event,) = world.events("task_harvested", YEAR)
    assert (event.actor, event.body["late"]) == ("hilda", False)
    page = world.page_of(kept, "rune")
    assert (page.state, page.outcome, page.can_act) == ("closed", "no_answer", False)
    assert page.typed["proposals"][0]["training_type"] == "Halvfärdigt"


def test_of_two_holders_drafts_the_one_that_was_saved_last_counts(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.hold("chef-hs-4", OUTSIDER)
    task = world.task("collection", "chef-hs-4")
    world.draft(task, "hilda", needs("Fallskador"))
    world.go_to("2025-11-04")
    world.draft(task, OUTSIDER, needs("Hygien"))
    world.go_to("2026-01-02")
    assert titles(world) == {"Hygien"}


def test_what_is_typed_is_saved_and_thrown_away_for_oneself_and_the_task_alone(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.hold("chef-hs-1", OUTSIDER)
    mine, other = world.task("collection", "chef-hs-1"), world.task("collection", "chef-hs-2")
    world.draft(mine, OUTSIDER, needs("Hygien"))
    world.draft(other, "tora", needs("Brandskydd"))
    for title in ("Fallskador", "Läkemedel"):
        world.draft(mine, "tora", needs(title))

    def typed() -> list[str | None]:
        pages = (world.page_of(task, by).typed for task, by in ((mine, "tora"), (mine, OUTSIDER), (other, "tora")))
        return [page["proposals"][0]["training_type"] if page.get("proposals") else None for page in pages]

    assert typed() == ["Läkemedel", "Hygien", "Brandskydd"]
    with world.database.verb() as tx:
        user_tasks.discard_draft(tx, mine.id, by=world.person("tora"))
    assert typed() == [None, "Hygien", "Brandskydd"]


def test_a_draft_of_whoever_handed_the_task_over_does_not_count(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    with world.database.verb() as tx:
        handovers.hand_over(tx, task.id, "rune", reason="Jag är borta", by=world.person("hilda"), now=world.now)
    world.draft(task, "rune", needs("Hygien"))
    world.go_to("2025-12-31")
    world.draft(task, "hilda", needs("Fallskador"))
    world.go_to("2026-01-02")
    assert titles(world) == {"Hygien"}
    assert world.task("collection", "chef-hs-4").answered_by == "rune"


def test_who_did_not_answer_is_a_number_and_the_process_goes_on(world_at: WorldAt) -> None:
    world = world_at("compiling")
    step = world.step("collection", YEAR)
    assert (step.answered, step.total, step.state) == (7, 15, "done")
    assert {t.outcome for t in world.tasks("collection") if t.state == "closed"} == {"no_answer"}


def test_the_manager_is_told_of_a_need_that_a_developer_submits(world_at: WorldAt) -> None:
    """The developer sits with the whole region in the test world: give the region a manager first."""
    world = world_at("collecting")
    world.add_manager_of_the_region("rolf")
    world.answer(world.task("collection", "verksamhetsutvecklare"), "vera", needs("Informationssäkerhet"))
    (letter,) = [m for m in world.told("notice") if m.person_id == "rolf"]
    assert "Informationssäkerhet" in letter.content["body"]["sv"]
    assert letter.content["plan_year"] == YEAR


def test_a_need_from_someone_else_than_a_manager_names_the_manager_who_answers_for_it(world_at: WorldAt) -> None:
    world = world_at("collecting")
    nobody = needs("Informationssäkerhet", responsible_manager=None)
    assert world.refused(world.task("collection", "verksamhetsutvecklare"), "vera", nobody) == {"required"}
    world.answer(world.task("collection", "chef-hs-4"), "hilda", nobody)


def test_the_first_collection_carries_no_follow_up_question(world_at: WorldAt) -> None:
    """S-13, first: nothing has been planned yet. The heading "(from år 2)" is an instruction and shown to nobody."""
    world = world_at("collecting")
    assert world.tasks("follow_up_question") == []
    assert "från år 2" not in str(world.page_of(world.task("collection", "chef-hs-4"), "hilda").view).lower()


def test_a_late_need_is_taken_in_until_15_january_and_marked_late(world_at: WorldAt) -> None:
    world = world_at("compiling")
    late = {**need("Sent behov"), "received_on": "2026-01-10"}
    del late["origin"], late["responsible_manager"]
    task = world.open("compilation")[0]
    assert world.refused(task, "hr", late_items=[{**late, "received_on": "2026-01-16"}])
    world.answer(task, "hr", late_items=[late])
    (record,) = [r for r in world.records("proposal", YEAR) if r.values["training_type"] == "Sent behov"]
    assert (record.state, record.values["late"], record.values["received_on"]) == ("compiled", True, "2026-01-10")
    assert "Sent behov" in world.items(YEAR)


def test_an_outsider_does_not_learn_that_a_task_exists(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    for stranger in (OUTSIDER, "rune"):
        with pytest.raises(NotFound):
            world.page_of(task, stranger)
        with pytest.raises(NotFound):
            world.answer(task, stranger, {"no_needs": True})
        with pytest.raises(NotFound):
            world.draft(task, stranger, {"no_needs": True})
    assert (world.inbox(OUTSIDER).open, world.task("collection", "chef-hs-4").state) == ([], "open")


def test_the_window_is_counted_in_swedish_days(world_at: WorldAt) -> None:
    """At 23 o'clock on 31 December in Sweden it is still open, an hour later it is not."""
    world = world_at("collecting")
    world.go_to("2025-12-31", hour=23)
    world.answer(world.task("collection", "chef-hs-4"), "hilda", needs("I sista stund"))
    world.go_to("2026-01-01", hour=0)
    with pytest.raises(TaskNotOpen):
        world.answer(world.task("collection", "chef-ru-1"), "rune", needs("För sent"))
    assert titles(world) == {"I sista stund"}
    assert world.inbox("hr").open[0].due_at.date() == date(2026, 1, 31)
