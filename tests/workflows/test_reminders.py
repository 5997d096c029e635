"""Whom reminders and escalations reach, and on which days. What is done is reminded of no more."""

from datetime import date

from support.region import MANAGERS
from support.stages import YEAR, WorldAt

from engine.rules.calendar import civil_date


def test_the_collection_is_reminded_of_on_1_and_15_december_and_only_those_who_have_not_answered(
    world_at: WorldAt,
) -> None:
    world = world_at("collecting")
    world.answer(world.task("collection", "chef-hs-4"), "hilda", {"no_needs": True})
    world.go_to("2025-12-10")
    world.answer(world.task("collection", "chef-ru-1"), "rune", {"no_needs": True})
    world.go_to("2026-01-10")
    everyone = set(MANAGERS.values()) | {"vera", "stig", "lo"}
    assert world.sent("reminder", "collection", YEAR) == {
        date(2025, 12, 1): everyone - {"hilda"},
        date(2025, 12, 15): everyone - {"hilda", "rune"},
    }
    noted = [(civil_date(event.occurred_at), event.body["people"]) for event in world.events("reminded", YEAR)]
    assert noted == [(date(2025, 12, 1), len(everyone) - 1), (date(2025, 12, 15), len(everyone) - 2)]


def test_nobody_is_chased_for_the_collection_once_it_has_closed(world_at: WorldAt) -> None:
    """It closes on 31 December; who has not answered is a number for HR, not a matter for anyone's superior."""
    world = world_at("collecting")
    world.go_to("2026-01-20")
    assert world.sent("overdue", "collection", YEAR) == {}
    assert world.sent("escalation", "collection", YEAR) == {}
    step = world.step("collection", YEAR)
    assert (step.answered, step.total) == (0, 15)


def test_an_answer_taken_back_is_reminded_of_again(world_at: WorldAt) -> None:
    world = world_at("collecting")
    task = world.task("collection", "chef-hs-4")
    world.answer(task, "hilda", {"no_needs": True})
    world.take_back(task, "hilda")
    world.go_to("2025-12-02")
    assert "hilda" in world.sent("reminder", "collection", YEAR)[date(2025, 12, 1)]


def test_a_task_that_someone_has_taken_is_reminded_of_to_that_person_alone(world_at: WorldAt) -> None:
    world = world_at("collecting")
    world.hold("chef-hs-4", "stig")
    task = world.task("collection", "chef-hs-4")
    world.claim(task, "stig")
    world.go_to("2025-12-02")
    told = [m for m in world.told("reminder") if m.task_id == task.id]
    assert {m.person_id for m in told} == {"stig"}


def test_compilation_is_reminded_of_ten_days_before_its_end_and_goes_to_the_head_of_hr_on_1_february(
    world_at: WorldAt,
) -> None:
    world = world_at("compiling")
    world.go_to("2026-02-15")
    assert world.sent("reminder", "compilation", YEAR) == {date(2026, 1, 21): {"hr"}}
    assert world.sent("escalation", "compilation", YEAR) == {date(2026, 2, 1): {"hrchef"}}


def test_preparation_is_invited_to_fourteen_days_before_and_goes_to_the_head_of_hr_on_1_march(
    world_at: WorldAt,
) -> None:
    world = world_at("preparing")
    world.go_to("2026-03-05")
    assert world.sent("reminder", "preparation", YEAR) == {date(2026, 2, 14): {"argus"}}
    assert world.sent("escalation", "preparation", YEAR) == {date(2026, 3, 1): {"hrchef"}}


def test_review_is_reminded_of_seven_and_two_days_before_20_march(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    world.answer(world.task("review", "lg-hs"), "sek-hs")
    world.go_to("2026-03-19")
    groups = {"sek-ru", "sek-st", "sek-fo"}
    assert world.sent("reminder", "review", YEAR) == {date(2026, 3, 13): groups, date(2026, 3, 18): groups}


def test_a_review_without_answer_is_told_to_the_head_of_that_administration_area(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    world.answer(world.task("review", "lg-hs"), "sek-hs")
    world.answer(world.task("review", "lg-ru"), "sek-ru")
    world.go_to("2026-03-21")
    letters = world.told("notice", "Inget svar på översynen")
    assert {(m.person_id, m.content["body"]["sv"].split(" har")[0]) for m in letters} == {
        ("foc-st", "Regionstöd"), ("foc-fo", "Folkhälsa"),
    }  # fmt: skip


def test_the_decision_is_reminded_of_for_the_agenda_and_goes_to_the_regional_directors_office_on_1_april(
    world_at: WorldAt,
) -> None:
    world = world_at("reviewing")
    for task in world.open("review"):
        world.answer(task, f"sek-{task.unit_id}")
    world.answer("review_summary", "hr")
    world.go_to("2026-04-10")
    assert world.sent("reminder", "decision", YEAR) == {date(2026, 3, 17): {"rdsek"}}
    assert world.sent("escalation", "decision", YEAR) == {date(2026, 4, 1): {"kansli"}}


def test_the_boards_matter_is_reminded_of_on_1_june_and_goes_to_the_management_group_on_1_september(
    world_at: WorldAt,
) -> None:
    world = world_at("decided")
    world.go_to("2026-09-02")
    assert world.sent("reminder", "board_matter", YEAR) == {date(2026, 6, 1): {"rssek"}}
    assert world.sent("escalation", "board_matter", YEAR) == {date(2026, 9, 1): {"rdsek"}}


def test_the_notice_is_reminded_of_on_15_june_and_goes_to_the_head_of_hr_on_1_july(world_at: WorldAt) -> None:
    world = world_at("decided")
    world.go_to("2026-07-02")
    assert world.sent("reminder", "decision_notice", YEAR) == {date(2026, 6, 15): {"hr"}}
    assert world.sent("escalation", "decision_notice", YEAR) == {date(2026, 7, 1): {"hrchef"}}


def test_providers_are_reminded_of_the_year_planning_14_and_3_days_before_and_told_when_it_is_late(
    world_at: WorldAt,
) -> None:
    world = world_at("planning")
    world.go_to("2026-10-02")
    assert world.sent("reminder", "year_planning", YEAR) == {date(2026, 9, 16): {"hr"}, date(2026, 9, 27): {"hr"}}
    invitations = [(m.person_id, civil_date(m.created_at)) for m in world.told("escalation", "Årsplanering av")]
    assert invitations == [("ktc", date(2026, 9, 16)), ("ktc", date(2026, 9, 27))]
    assert world.sent("escalation", "year_planning", YEAR) == {date(2026, 10, 1): {"hrchef", "ktc"}}


def test_managers_are_asked_again_after_14_days_and_their_own_managers_after_30(world_at: WorldAt) -> None:
    """Each superior learns only of those below who have not scheduled; whoever has is left alone."""
    world = world_at("directed")
    for position, by in (("chef-hs-1", "tora"), ("chef-hs-2", "tora"), ("chef-st-1", "sten")):
        world.answer(world.task("unit_scheduling", position), by)
    world.go_to("2026-12-15")
    assert world.sent("reminder", "unit_scheduling", YEAR) == {
        date(2026, 11, 14): {"tora", "hilda", "rune", "rut", "folke", "hans", "stina", "fred"}
    }
    letters = {m.person_id: set(m.content["missing"]) for m in world.told("escalation", "Planera in utbildningarna")}
    assert set(world.sent("escalation", "unit_scheduling", YEAR)) == {date(2026, 11, 30)}
    assert letters["hans"] == {"Akutmottagningen", "Vårdcentralen Ån"}
    assert letters["rut"] == {"Näringslivsenheten", "Kulturenheten"}
    assert letters["fred"] == {"Folktandvården"}
    assert "stina" not in letters
    noted = {tuple(event.body["to"]): set(event.body["units"]) for event in world.events("escalated", YEAR)}
    assert noted["hans",] == letters["hans"], "the history says of whom"


def test_communication_is_reminded_of_ten_days_before_its_end_and_goes_to_the_head_of_communications(
    world_at: WorldAt,
) -> None:
    world = world_at("directed")
    world.go_to("2026-11-12")
    assert world.sent("escalation", "communication_material", YEAR) == {date(2026, 11, 11): {"hrchef"}}
    world.answer("communication_material", "hr")
    world.go_to("2026-12-02")
    assert world.sent("reminder", "communication", YEAR) == {date(2026, 11, 20): {"komm"}}
    assert world.sent("escalation", "communication", YEAR) == {date(2026, 12, 1): {"kommchef"}}


def test_the_follow_up_question_is_reminded_of_on_1_and_15_december(world_at: WorldAt) -> None:
    world = world_at("november")
    world.answer(world.task("follow_up_question", "chef-hs-4", 2029), "hilda", {"follow_up_answer": "Bra"})
    world.go_to("2028-01-05")
    managers = set(MANAGERS.values()) - {"hilda"}
    assert world.sent("reminder", "follow_up_question", 2029) == {
        date(2027, 12, 1): managers,
        date(2027, 12, 15): managers,
    }
    assert world.sent("overdue", "follow_up_question", 2029) == {}


def test_what_is_answered_in_time_is_never_escalated(world_at: WorldAt) -> None:
    world = world_at("november")
    chased = {m.content["title"]["sv"] for m in world.told("escalation") if "title" in m.content}
    assert {title for title in chased if "2027" in title and "Planera in" not in title} == set()
