"""The decision: its five outcomes, who decided and who registered, money, and what was left out."""

from datetime import date
from typing import Any

import pytest
from support.region import MANAGERS
from support.stages import COSTLY, STATUTORY, TITLES, YEAR, WorldAt, ranked
from support.world import World

from engine import task_page
from engine.rules.calendar import civil_date


def decide(world: World, outcome: str, by: str = "rdsek", **more: Any) -> Any:
    """The management group's decision on the plan as it stands."""
    (task,) = world.open("decision", YEAR)
    reason = None if outcome == "approved" else "Därför"
    answer = {**world.sample(task, by), "outcome": outcome, "motivation": reason, **more}
    if outcome not in ("approved", "approved_with_changes"):
        for key in ("item_outcomes", "financing_need", "decisive_budget", "decisive_budget_reason"):
            answer.pop(key, None)
    return world.answer(task, by, answer)


def states(world: World) -> dict[str, str]:
    return {title: item.state for title, item in world.items(YEAR).items()}


def outcome_rows(world: World, **outcomes: str) -> list[dict[str, Any]]:
    """The decision's rows: as recommended, but for those given by title."""
    (task,) = world.open("decision", YEAR)
    titles = {item.id: title for title, item in world.items(YEAR).items()}
    rows: list[dict[str, Any]] = world.sample(task, "rdsek")["item_outcomes"]
    for row in rows:
        row["outcome"] = outcomes.get(titles[row["record"]], row["outcome"])
    return rows


def test_the_body_decides_and_its_secretary_registers_and_history_keeps_them_apart(world_at: WorldAt) -> None:
    """S-18"""
    world = world_at("deciding")
    decide(world, "approved", decider="regiondirektörens ledningsgrupp", minutes_paragraph="§ 41", dissent="Ingen")
    (event,) = [e for e in world.events("task_completed", YEAR) if e.element_id == "decision"]
    assert (event.body["decided_by"], event.actor) == ("regiondirektörens ledningsgrupp", "rdsek")
    (record,) = world.records("decision", YEAR)
    assert (record.values["decider"], record.values["minutes_paragraph"]) == ("regiondirektörens ledningsgrupp", "§ 41")
    assert record.created_by == "rdsek"


def test_hr_may_register_for_the_body_and_stands_in_the_history_as_the_registrar(world_at: WorldAt) -> None:
    world = world_at("deciding")
    decide(world, "approved", by="hr")
    (event,) = [e for e in world.events("task_completed", YEAR) if e.element_id == "decision"]
    assert (event.body["decided_by"], event.actor) == ("regiondirektörens ledningsgrupp", "hr")


def test_items_with_decisive_budget_aspects_become_one_matter_and_the_others_go_on(world_at: WorldAt) -> None:
    """S-10, G-07"""
    world = world_at("deciding")
    decide(world, "approved")
    assert {t for t, s in states(world).items() if s == "approved_subject_to_funding"} == set(COSTLY)
    assert {t for t, s in states(world).items() if s == "approved"} == set(TITLES) - set(COSTLY)
    world.go_to("2026-04-01")
    (matter,) = world.open("board_matter")
    assert [row["record"] for row in world.sample(matter, "rssek")["items"]] == [
        world.items(YEAR)[t].id for t in COSTLY
    ]


def test_without_decisive_budget_aspects_nothing_goes_to_the_board(world_at: WorldAt) -> None:
    world = world_at("deciding")
    rows = outcome_rows(world, **dict.fromkeys(COSTLY, "approved"))
    decide(world, "approved", item_outcomes=rows, decisive_budget="no", decisive_budget_reason=None)
    world.go_to("2026-04-02")
    assert world.tasks("board_matter") == []


def test_money_marked_on_the_plan_is_marked_on_its_items_and_the_other_way_round(world_at: WorldAt) -> None:
    world = world_at("deciding")
    (task,) = world.open("decision")
    none = outcome_rows(world, **dict.fromkeys(COSTLY, "approved"))
    assert world.refused(task, "rdsek", item_outcomes=none, decisive_budget="yes") == {"funding_marked"}
    assert world.refused(task, "rdsek", decisive_budget="no", decisive_budget_reason=None) == {"board_marked"}


def test_changes_are_written_into_a_new_version_and_it_goes_on(world_at: WorldAt) -> None:
    """G-06, approved with changes"""
    world = world_at("deciding")
    before = world.records("plan", YEAR)[0]
    decide(
        world, "approved_with_changes", item_outcomes=outcome_rows(world, Fallskador="rejected", Läkemedel="deferred")
    )
    assert (states(world)["Fallskador"], states(world)["Läkemedel"]) == ("rejected", "deferred")
    (plan,) = world.records("plan", YEAR)
    assert (plan.state, plan.version) == ("decided", before.version + 1)
    assert [v.state for v in world.versions(plan)] == ["proposed", "reviewed", "decided"]
    world.go_to("2026-06-01")
    assert len(world.open("decision_notice")) == 1


def test_a_postponed_decision_waits_for_its_new_date_and_year_planning_opens_as_ever(world_at: WorldAt) -> None:
    """S-09"""
    world = world_at("deciding")
    decide(world, "postponed", new_date="2026-04-20")
    assert world.open("decision") == []
    world.go_to("2026-04-19")
    assert world.open("decision") == []
    world.go_to("2026-04-20")
    assert [v.round for v in world.visits("decision", YEAR)] == [1, 2]
    decide(world, "approved")
    world.go_to("2026-06-02")
    world.answer("decision_notice", "hr")
    world.go_to("2026-08-31")
    assert world.open("year_planning") == []
    world.go_to("2026-09-01", hour=0)
    assert len(world.open("year_planning")) == 1
    assert [r.state for r in world.records("decision", YEAR)] == ["postponed", "approved"]


@pytest.mark.parametrize("new_date", [None, "2026-03-01"])
def test_a_postponed_decision_has_a_new_date_that_is_not_past(world_at: WorldAt, new_date: str | None) -> None:
    world = world_at("deciding")
    (task,) = world.open("decision")
    answer = {k: v for k, v in world.sample(task, "rdsek").items() if "budget" not in k and k != "item_outcomes"}
    answer |= {"outcome": "postponed", "motivation": "Underlag saknas", "new_date": new_date}
    answer.pop("financing_need")
    assert len(world.refused(task, "rdsek", answer)) == 1


def preparation_again(world: World, **more: Any) -> None:
    world.answer("preparation", "argus", {**ranked(world, statutory=STATUTORY, costly=COSTLY), **more})


def test_changes_requested_go_to_preparation_and_straight_back_to_decision(world_at: WorldAt) -> None:
    """G-06: nothing added or removed, so nobody reviews again."""
    world = world_at("deciding")
    decide(world, "changes_requested")
    preparation_again(world)
    assert (world.open("review"), len(world.open("decision"))) == ([], 1)
    decide(world, "approved")
    assert world.variables(YEAR)["decided"] is True


def test_the_receipt_tells_of_the_way_back_only_when_the_decision_took_it(world_at: WorldAt) -> None:
    world = world_at("deciding")
    (first,) = world.open("decision", YEAR)
    assert following(world, first.id) == ["Årsplanering"]
    decide(world, "changes_requested")
    assert "Beredning" in following(world, first.id)
    preparation_again(world)
    world.go_to("2026-03-25")
    (second,) = world.open("decision", YEAR)
    decide(world, "approved")
    assert following(world, second.id) == ["Årsplanering"]


def following(world: World, task_id: int) -> list[str]:
    """The steps that the secretary is told will come after the task."""
    with world.page() as tx:
        page = task_page.task_page(tx, task_id, world.person("rdsek"), world.now)
    return [step.name.sv for step in page.ahead.steps]


def test_changes_that_add_an_intervention_are_reviewed_by_all_groups_again(world_at: WorldAt) -> None:
    """G-06"""
    world = world_at("deciding")
    decide(world, "changes_requested")
    added = {
        "title": "Ny insats", "target_group": "all_employees", "motivation": "Ledningen vill", "is_statutory": "no",
        "priority": 11, "decisive_budget": "no",
    }  # fmt: skip
    preparation_again(world, new_items=[added])
    assert len(world.open("review")) == 4
    for task in world.open("review"):
        world.answer(task, f"sek-{task.unit_id}")
    world.answer("review_summary", "hr")
    decide(world, "approved")
    assert states(world)["Ny insats"] == "approved"


def test_changes_that_take_an_intervention_out_are_reviewed_again(world_at: WorldAt) -> None:
    world = world_at("deciding")
    decide(world, "changes_requested")
    answer = ranked(world, statutory=STATUTORY, costly=COSTLY)
    answer["items"][-1]["recommendation"] = "leave_out"
    world.answer("preparation", "argus", answer)
    assert len(world.open("review")) == 4


def test_a_rejected_plan_is_told_to_all_with_its_reason_and_ends_the_instance(world_at: WorldAt) -> None:
    """G-06, rejected"""
    world = world_at("deciding")
    decide(world, "rejected", motivation="Ekonomin tillåter inte")
    assert set(states(world).values()) == {"rejected"}
    world.go_to("2026-06-01")
    world.answer("decision_notice", "hr")
    letters = world.told("notice", "Ingen utbildningsplan antas för 2027")
    assert {m.person_id for m in letters} == {*MANAGERS.values(), "vera"}
    assert all("Ekonomin tillåter inte" in m.content["body"]["sv"] for m in letters)
    assert world.instance(YEAR).state == "completed"
    world.go_to("2026-10-01")
    assert world.tasks("year_planning", YEAR) == []


def test_the_notice_goes_out_in_june_with_the_reservation_and_names_what_the_board_left_open(
    world_at: WorldAt,
) -> None:
    """S-10, G-09: the board is still silent, and the notice does not wait for it."""
    world = world_at("decided")
    world.answer("decision_notice", "hr")
    letters = world.told("notice", "Besked om utbildningsplan 2027")
    assert {m.person_id for m in letters} == {*MANAGERS.values(), "vera"}
    body = letters[0].content["body"]["sv"]
    assert "med reservation för eventuella budgetaspekter eller oförutsedda händelser som inträffar därefter" in body
    (notice,) = world.records("notice", YEAR)
    assert notice.values["pending_items"].splitlines() == [f"– {title}" for title in COSTLY]
    assert len(notice.values["decided_items"].splitlines()) == 8
    assert all(title in body for title in TITLES)
    assert (len(world.open("board_matter")), world.instance(YEAR).state) == (1, "active")


def board(world: World, **outcomes: str) -> None:
    (task,) = world.open("board_matter")
    titles = {item.id: title for title, item in world.items(YEAR).items()}
    rows = [{**row, "outcome": outcomes[titles[row["record"]]]} for row in world.sample(task, "rssek")["items"]]
    world.answer(task, "rssek", items=rows)


def test_what_the_board_funds_is_approved(world_at: WorldAt) -> None:
    """G-08"""
    world = world_at("decided")
    board(world, **dict.fromkeys(COSTLY, "funded"))
    assert {states(world)[title] for title in COSTLY} == {"approved"}
    assert world.tasks("board_followup") == []


def test_what_the_board_funds_in_part_or_not_goes_back_to_the_management_group(world_at: WorldAt) -> None:
    """G-08: in part, the group adjusts it; not, the group defers or rejects it."""
    world = world_at("decided")
    part, none = COSTLY
    board(world, **{part: "partly_funded", none: "not_funded"})
    (task,) = world.open("board_followup")
    ids = {title: world.items(YEAR)[title].id for title in COSTLY}
    rows = [
        {"record": ids[part], "outcome": "approved", "changes": "Hälften så många platser"},
        {"record": ids[none], "outcome": "deferred"},
    ]
    world.answer(task, "rdsek", items=rows)
    assert (states(world)[part], states(world)[none]) == ("approved", "deferred")
    assert world.items(YEAR)[part].values["decided_changes"] == "Hälften så många platser"
    assert world.records("plan", YEAR)[0].state == "revised"
    assert world.departures(YEAR) == set()


def test_to_go_on_with_what_the_board_did_not_fund_is_noted(world_at: WorldAt) -> None:
    world = world_at("decided")
    board(world, **{COSTLY[0]: "funded", COSTLY[1]: "not_funded"})
    row = {"record": world.items(YEAR)[COSTLY[1]].id, "outcome": "approved", "changes": "Inom ram"}
    world.answer("board_followup", "rdsek", items=[row])
    assert world.departures(YEAR) == {"not_funded_leaves"}


def test_a_plan_undecided_on_31_august_is_told_and_year_planning_waits_for_the_decision(world_at: WorldAt) -> None:
    """G-12"""
    world = world_at("deciding")
    world.go_to("2026-09-10")
    letters = world.told("escalation", "Utbildningsplan 2027 är inte beslutad 31 augusti")
    assert {(m.person_id, civil_date(m.created_at)) for m in letters} == {
        ("hr", date(2026, 8, 31)), ("rdsek", date(2026, 8, 31)),
    }  # fmt: skip
    assert world.tasks("year_planning") == []
    decide(world, "approved")
    world.answer("decision_notice", "hr")
    assert len(world.open("year_planning")) == 1


def test_a_decision_put_off_beyond_august_is_told_at_once(world_at: WorldAt) -> None:
    """G-12"""
    world = world_at("deciding")
    decide(world, "postponed", new_date="2026-09-15")
    letters = world.told("notice", "Utbildningsplan 2027 är inte beslutad 31 augusti")
    assert {m.person_id for m in letters} == {"hr", "rdsek"}
    assert world.departures(YEAR) == {"late_new_date"}


def test_a_decided_plan_is_never_called_undecided(world_at: WorldAt) -> None:
    assert world_at("planning").told(about="är inte beslutad") == []
