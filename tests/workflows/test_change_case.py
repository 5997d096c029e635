"""A change case: whatever happens after the decision is described, decided and told to all who got the old plan."""

from typing import Any

import pytest
from support.region import MANAGERS
from support.stages import YEAR, WorldAt
from support.world import World

from engine.errors import Forbidden, NotPossible


def describe(world: World, title: str, change: str, text: str | None = None) -> None:
    (task,) = world.open("change_describe")
    rows = world.sample(task, "hr")["items"]
    record_id = world.items(YEAR)[title].id
    for row in rows:
        row.update(change=change if row["record"] == record_id else "unchanged", change_text=None)
        if row["record"] == record_id:
            row["change_text"] = text
    world.answer(task, "hr", cause="budget", description="Besparing i oktober", items=rows)


def decide(world: World, outcome: str, title: str, change: str) -> Any:
    (task,) = world.open("change_decision")
    if outcome == "rejected":
        return world.answer(task, "rdsek", {**without_items(world, task), "outcome": outcome})
    rows = world.sample(task, "rdsek")["items"]
    for row in rows:
        row["change"] = change if row["record"] == world.items(YEAR)[title].id else "unchanged"
    return world.answer(task, "rdsek", outcome=outcome, items=rows)


def without_items(world: World, task: Any) -> dict[str, Any]:
    return {key: value for key, value in world.sample(task, "rdsek").items() if key != "items"}


def test_a_cut_in_october_makes_a_new_version_that_all_receivers_get(world_at: WorldAt) -> None:
    """S-16, G-10"""
    world = world_at("directed")
    before = world.records("plan", YEAR)[0]
    world.send("change_case", YEAR)
    describe(world, "Fallskador", "deferred", "Flyttas ett år")
    assert world.records("plan", YEAR)[0].version == before.version
    decide(world, "approved", "Fallskador", "deferred")
    assert world.items(YEAR)["Fallskador"].state == "deferred"
    world.answer("change_notice", "hr", message="Fallskador flyttas ett år")
    (plan,) = world.records("plan", YEAR)
    assert (plan.state, plan.version) == ("revised", before.version + 1)
    old, new = world.versions(plan)[-2:]
    assert {i["title"]: i["outcome"] for i in new.values["items"]}["Fallskador"] == "deferred"
    assert {i["title"]: i["outcome"] for i in old.values["items"]}["Fallskador"] != "deferred"
    letters = world.told("notice", "Utbildningsplan 2027 är ändrad")
    assert {m.person_id for m in letters} >= {*MANAGERS.values(), "vera", "ktc"}
    assert all("Fallskador flyttas ett år" in m.content["body"]["sv"] for m in letters)
    assert [r.state for r in world.records("change_case", YEAR)] == ["told"]


def test_the_main_flow_goes_on_beside_a_change_case(world_at: WorldAt) -> None:
    world = world_at("directed")
    world.send("change_case", YEAR)
    world.go_to("2026-11-02")
    world.answer("communication_material", "hr")
    world.answer("communication", "komm")
    assert len(world.open("change_describe")) == 1
    describe(world, "Fallskador", "changed", "Färre platser")
    decide(world, "approved", "Fallskador", "changed")
    world.answer("change_notice", "hr")
    assert world.instance(YEAR).state == "active"


def test_a_change_that_the_management_group_turns_down_changes_nothing_and_is_told_to_nobody(world_at: WorldAt) -> None:
    world = world_at("directed")
    before = world.records("plan", YEAR)[0]
    world.send("change_case", YEAR)
    describe(world, "Fallskador", "deferred")
    decide(world, "rejected", "Fallskador", "deferred")
    assert world.open("change_notice") == []
    assert (world.records("plan", YEAR)[0].version, world.items(YEAR)["Fallskador"].state) == (
        before.version,
        "scheduled",
    )
    assert [r.state for r in world.records("change_case", YEAR)] == ["rejected"]
    assert world.told("notice", "är ändrad") == []


def test_two_change_cases_can_follow_each_other(world_at: WorldAt) -> None:
    world = world_at("directed")
    for title in ("Fallskador", "Läkemedel"):
        world.send("change_case", YEAR)
        describe(world, title, "deferred")
        decide(world, "approved", title, "deferred")
        world.answer("change_notice", "hr")
    assert [r.state for r in world.records("change_case", YEAR)] == ["told", "told"]
    assert {world.items(YEAR)[title].state for title in ("Fallskador", "Läkemedel")} == {"deferred"}


def test_two_change_cases_at_once_are_each_decided_by_themselves(world_at: WorldAt) -> None:
    """The second is opened before the first is decided: neither decides, nor tells, for the other."""
    world = world_at("directed")
    world.send("change_case", YEAR)
    describe(world, "Fallskador", "deferred")
    world.send("change_case", YEAR)
    decide(world, "approved", "Fallskador", "deferred")
    describe(world, "Läkemedel", "deferred")
    assert [r.state for r in world.records("change_case", YEAR)] == ["approved", "described"]
    decide(world, "approved", "Läkemedel", "deferred")
    assert len(world.open("change_notice")) == 2


def test_there_is_nothing_to_change_before_the_decision(world_at: WorldAt) -> None:
    world = world_at("deciding")
    assert world.cycle(YEAR).events == []
    with pytest.raises(NotPossible):
        world.send("change_case", YEAR)
    world.answer("decision", "rdsek")
    assert [e.name for e in world.cycle(YEAR).events] == ["change_case"]
    world.send("change_case", YEAR)
    assert len(world.open("change_describe")) == 1


def test_only_the_one_who_leads_opens_a_change_case(world_at: WorldAt) -> None:
    world = world_at("decided")
    for person in ("tora", "rdsek", "revi"):
        with pytest.raises(Forbidden):
            world.send("change_case", YEAR, by=person)
    assert world.tasks("change_describe") == []


def test_an_instance_with_an_open_change_case_does_not_end(world_at: WorldAt) -> None:
    world = world_at("november")
    world.send("change_case", YEAR)
    world.answer("follow_up", "hr")
    world.go_to("2028-01-02")
    world.answer("follow_up_compile", "argus")
    assert world.instance(YEAR).state == "active"
    describe(world, next(t for t, i in world.items(YEAR).items() if i.state == "followed_up"), "unchanged")
    decide(world, "rejected", "Fallskador", "unchanged")
    assert world.instance(YEAR).state == "completed"
