"""Three plan years meet in November, and nobody mistakes one for another."""

from typing import Any

import sqlalchemy as sa
from support.stages import YEAR, WorldAt

from engine import cycles
from engine.store.database import Tx
from engine.store.queries.history import last_event_id, note_terms
from engine.store.tables import audit_term


def test_three_plans_are_under_way_in_november(world_at: WorldAt) -> None:
    """S-12: follow-up of 2027, communication of 2028, collection for 2029."""
    world = world_at("november")
    with world.page() as tx:
        plans = cycles.overview(tx, world.now)
    under_way = {cycle.plan_year: {s.id for s in cycle.steps if s.state == "open"} for cycle in plans}
    assert under_way[2027] == {"follow_up"}
    assert "communication" in under_way[2028]
    assert under_way[2029] == {"collection"}


def test_a_managers_three_kinds_of_work_each_name_their_plan_year(world_at: WorldAt) -> None:
    world = world_at("november")
    entries = world.inbox("hilda").open
    assert {(e.element_id, e.plan_year) for e in entries} == {
        ("collection", 2029), ("follow_up_question", 2029), ("unit_scheduling", 2028),
    }  # fmt: skip
    assert all(str(e.plan_year) in e.title.sv and str(e.plan_year) in e.title.en for e in entries)


def test_every_open_task_names_its_plan_year_in_both_languages(world_at: WorldAt) -> None:
    world = world_at("november")
    tasks = [t for e in ("collection", "follow_up", "follow_up_question", "unit_scheduling") for t in world.open(e)]
    assert {t.plan_year for t in tasks} == {2027, 2028, 2029}
    assert all(str(t.plan_year) in t.title_sv and str(t.plan_year) in t.title_en for t in tasks)


def test_needs_of_one_plan_year_never_enter_another(world_at: WorldAt) -> None:
    world = world_at("november")
    assert set(world.items(2028)) == {"Samverkan"}
    assert "Samverkan" not in world.items(YEAR)
    assert world.records("proposal", 2029) == []


def test_moving_one_years_date_leaves_the_other_years_alone(world_at: WorldAt) -> None:
    world = world_at("november")
    before = {year: world.windows(year) for year in (2027, 2028)}
    world.move("collection", 2029, "2028-01-10", "Valår")
    assert {year: world.windows(year) for year in (2027, 2028)} == before
    world.go_to("2028-01-05")
    assert (world.step("collection", 2029).state, world.step("compilation", 2029).state) == ("open", "coming")


def test_the_history_of_three_years_is_found_by_what_its_events_still_say(world_at: WorldAt) -> None:
    """What each event is found by was written as it was appended, and is what the event gives when asked again."""
    world = world_at("november")
    with world.database.verb() as tx:
        kept = terms(tx)
        tx.execute(sa.delete(audit_term))
        note_terms(tx, 0, last_event_id(tx))
        assert terms(tx) == kept
    assert {kind for kind, *_rest in kept} == {"person", "record", "role", "unit", "task", "type", "month"}


def terms(tx: Tx) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in tx.rows(sa.select(audit_term))}
