"""Year planning, the directive and communication: what is missing is noted, never refused."""

from typing import Any

import pytest
from support.region import MANAGERS
from support.stages import COSTLY, TITLES, YEAR, WorldAt
from support.world import World


def planned(world: World, title: str, **changes: Any) -> dict[str, Any]:
    """A valid year plan, with one intervention's row changed."""
    (task,) = world.open("year_planning")
    answer = world.sample(task, "hr")
    record_id = world.items(YEAR)[title].id
    for row in answer["items"]:
        if row["record"] == record_id:
            row.update(changes)
    return answer


def occasion(**more: Any) -> dict[str, Any]:
    return {"start": "2027-03-15", "end": "2027-03-15", "mode": "digital", **more}


def measures_behaviour(world: World, title: str) -> None:
    """The intervention's effect is to be measured as changed behaviour, which needs a baseline."""
    world.change_record(world.items(YEAR)[title], effect_levels=["behaviour"])


@pytest.mark.parametrize("baseline", [None, "2027-03-15", "2027-04-01"])
def test_a_missing_or_late_baseline_warns_is_noted_and_becomes_a_task(world_at: WorldAt, baseline: str | None) -> None:
    """S-11"""
    world = world_at("planning")
    measures_behaviour(world, "Fallskador")
    answer = planned(world, "Fallskador", baseline_due=baseline, occasions=[occasion()])
    receipt = world.answer("year_planning", "hr", answer)
    assert world.departures(YEAR) == {"baseline_before_first"}
    assert len(receipt.departures) == 1
    assert world.step("year_planning", YEAR).state == "done"
    (task,) = world.open("baseline")
    assert (task.record_id, task.position_id) == (world.items(YEAR)["Fallskador"].id, "hr_strateg")
    world.answer(task, "hr")
    (measured,) = world.items(YEAR)["Fallskador"].values["baseline"]
    assert measured["measured_on"] == "2026-09-02"


@pytest.mark.parametrize(
    "occasions", [[occasion()], [occasion(start=None, end=None, month="2"), occasion()]], ids=["a day", "a month"]
)
def test_a_baseline_before_the_first_occasion_departs_from_nothing(
    world_at: WorldAt, occasions: list[dict[str, Any]]
) -> None:
    world = world_at("planning")
    measures_behaviour(world, "Fallskador")
    world.answer("year_planning", "hr", planned(world, "Fallskador", baseline_due="2027-01-31", occasions=occasions))
    assert (world.departures(YEAR), world.open("baseline")) == (set(), [])


def test_no_baseline_is_asked_for_where_behaviour_is_not_measured(world_at: WorldAt) -> None:
    world = world_at("planning")
    world.answer("year_planning", "hr")
    assert (world.departures(YEAR), world.open("baseline")) == (set(), [])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([], "occasions_given"),
        ([occasion(start=None, end=None)], "required"),
        ([occasion(start="2026-12-31")], "out_of_range"),
        ([occasion(start="2028-01-01", end=None)], "out_of_range"),
        ([occasion(end="2027-03-14")], "end_after_start"),
        ([occasion(mode="on_site")], "required"),
        ([occasion(capacity=0)], "out_of_range"),
    ],
    ids=["none", "no time", "before the year", "after the year", "ends first", "no place", "no seats"],
)
def test_every_intervention_has_a_time_within_the_plan_year(
    world_at: WorldAt, wrong: list[dict[str, Any]], why: str
) -> None:
    world = world_at("planning")
    answer = planned(world, "Fallskador", occasions=wrong)
    assert world.refused(world.open("year_planning")[0], "hr", answer) == {why}


def test_an_unconfirmed_provider_is_noted(world_at: WorldAt) -> None:
    world = world_at("planning")
    answer = planned(world, "Fallskador", provider_confirmed="no", provider_confirmed_on=None)
    world.answer("year_planning", "hr", answer)
    assert world.departures(YEAR) == {"provider_unconfirmed"}


def test_the_year_plan_has_every_occasion_with_its_intervention(world_at: WorldAt) -> None:
    world = world_at("planning")
    twice = [occasion(), occasion(start=None, end=None, month="9", capacity=20)]
    world.answer("year_planning", "hr", planned(world, "Fallskador", occasions=twice))
    item = world.items(YEAR)["Fallskador"]
    own = [o for o in world.records("occasion", YEAR) if o.values["item_record"] == item.id]
    assert [(o.values["start"], o.values["month"]) for o in own] == [("2027-03-15", None), (None, "9")]
    assert {world.linked(o, "plan_item")[0] for o in own} == {item.id}
    assert {i.state for i in world.items(YEAR).values()} == {"scheduled"}
    assert len(world.records("plan", YEAR)[0].values["occasions"]) == len(TITLES) + 1


def test_what_cannot_be_scheduled_calls_for_a_change_case(world_at: WorldAt) -> None:
    """G-11"""
    world = world_at("planning")
    (task,) = world.open("year_planning")
    bare = planned(world, "Fallskador", scheduling="change_case", scheduling_note=None, occasions=[])
    assert world.refused(task, "hr", bare) == {"required"}
    told = planned(world, "Fallskador", scheduling="change_case", scheduling_note="Ingen anordnare", occasions=[])
    world.answer(task, "hr", told)
    assert world.items(YEAR)["Fallskador"].state == "approved"
    (letter,) = world.told("notice", "Ändringsärende behövs")
    assert (letter.person_id, "Fallskador" in letter.content["body"]["sv"]) == ("hr", True)


def test_what_the_board_funds_after_the_year_was_planned_is_scheduled_with_the_rest(world_at: WorldAt) -> None:
    """The occasions were set with the money still pending; the answer makes them real."""
    world = world_at("decided")
    world.answer("decision_notice", "hr")
    world.go_to("2026-09-02")
    world.answer("year_planning", "hr")
    assert {world.items(YEAR)[title].state for title in COSTLY} == {"approved_subject_to_funding"}
    world.answer("board_matter", "rssek")
    assert {world.items(YEAR)[title].state for title in COSTLY} == {"scheduled"}


def test_what_the_board_funds_in_part_after_the_year_was_planned_is_scheduled_as_adjusted(world_at: WorldAt) -> None:
    world = world_at("decided")
    world.answer("decision_notice", "hr")
    world.go_to("2026-09-02")
    world.answer("year_planning", "hr")
    (task,) = world.open("board_matter")
    rows = [{**row, "outcome": "partly_funded"} for row in world.sample(task, "rssek")["items"]]
    world.answer(task, "rssek", items=rows)
    world.answer("board_followup", "rdsek")
    assert {world.items(YEAR)[title].state for title in COSTLY} == {"scheduled"}


def test_the_directive_reaches_every_manager_and_provider(world_at: WorldAt) -> None:
    world = world_at("directed")
    letters = world.told("notice", "Planera in utbildningarna för 2027 på enheten")
    assert {m.person_id for m in letters} == {*MANAGERS.values(), "ktc"}
    (directive,) = world.records("directive", YEAR)
    assert directive.values["plan_version"] == str(world.records("plan", YEAR)[0].version - 1), "as it was when sent"
    assert len(directive.values["recipients"]) == 12


def test_a_head_of_three_units_schedules_them_on_one_page(world_at: WorldAt) -> None:
    """S-17: for this step too, the collection for 2028 beside it."""
    world = world_at("directed")
    world.go_to("2026-11-03")
    pages = {(e.element_id, e.plan_year): len(e.rows) for e in world.inbox("tora").open}
    assert pages == {("unit_scheduling", 2027): 3, ("collection", 2028): 3, ("follow_up_question", 2028): 3}


def test_an_obstacle_to_scheduling_is_told(world_at: WorldAt) -> None:
    world = world_at("directed")
    task = world.task("unit_scheduling", "chef-hs-4")
    rows = world.sample(task, "hilda")["items"]
    rows[0] = {**rows[0], "scheduled": "no", "obstacle": None}
    assert world.refused(task, "hilda", items=rows) == {"required"}
    rows[0]["obstacle"] = "Semester hela mars"
    world.answer(task, "hilda", items=rows)
    (scheduling,) = world.records("scheduling", YEAR)
    assert (scheduling.unit_id, scheduling.values["complete"]) == ("hs-4", False)


def test_a_manager_may_change_the_scheduling_until_the_year_ends(world_at: WorldAt) -> None:
    world = world_at("directed")
    task = world.task("unit_scheduling", "chef-hs-4")
    world.answer(task, "hilda")
    world.answer(task, "hilda")
    assert len(world.records("scheduling", YEAR)) == 1
    world.go_to("2027-01-02")
    assert {t.state for t in world.tasks("unit_scheduling")} == {"completed", "closed"}
    assert world.instance(YEAR).state == "active"


def test_communication_does_not_wait_for_the_last_manager(world_at: WorldAt) -> None:
    world = world_at("directed")
    assert len(world.open("unit_scheduling")) == 12
    world.go_to("2026-11-01", hour=0)
    world.answer("communication_material", "hr")
    assert [t.position_id for t in world.open("communication")] == ["kommunikation"]
    assert len(world.open("unit_scheduling")) == 12


def test_employees_are_told_what_is_planned_and_why(world_at: WorldAt) -> None:
    world = world_at("directed")
    world.go_to("2026-11-02")
    world.answer("communication_material", "hr")
    (material,) = world.records("communication", YEAR)
    assert {row["title"] for row in material.values["items"]} == set(TITLES)
    assert all(row["motivation"] for row in material.values["items"])
    world.answer("communication", "komm")
    (published,) = world.records("communication", YEAR)
    assert (published.state, published.values["published_on"]) == ("published", "2026-11-02")
    assert world.open("follow_up") == []


def test_every_manager_who_is_late_counts_as_a_late_task_of_the_cycle(world_at: WorldAt) -> None:
    world = world_at("directed")
    world.answer(world.task("unit_scheduling", "chef-hs-4"), "hilda")
    before = world.cycle(YEAR).late
    world.go_to("2026-11-02")
    late = [a for step in world.cycle(YEAR).steps for a in step.activities if a.late]
    assert {(a.element_id, a.total - a.answered) for a in late} >= {("unit_scheduling", 11)}
    assert world.cycle(YEAR).late - before >= 11
