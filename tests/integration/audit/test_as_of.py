"""An earlier day is shown as it stood, whatever has happened since."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from support.stages import WorldAt
from support.world import World

from engine import as_of, diagrams, history
from engine.actor import Actor
from engine.store.tables import personal_value


def stood(world: World, at: str) -> as_of.Then:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with world.page() as tx:
        return as_of.then(tx, world.instance(2027).id, moment)


def test_today_folded_is_what_the_diagram_shows_today(world_at: WorldAt) -> None:
    world = world_at("deciding")
    with world.page() as tx:
        drawn = diagrams.of_instance(tx, world.cycle(2027), world.now)
        folded = as_of.then(tx, world.instance(2027).id, world.now)
    assert {e.id: e.state for e in folded.elements} == {e.id: e.state for e in drawn.elements}


def test_an_earlier_day_is_the_same_whatever_has_happened_since(world_at: WorldAt) -> None:
    world = world_at("reviewing")
    moment = world.now
    instance_id = world.instance(2027).id
    with world.page() as tx:
        before = as_of.then(tx, instance_id, moment)
    world.go_to("2026-03-05")
    for task in world.open("review", 2027):
        world.answer(task, f"sek-{task.unit_id}")
    world.go_to("2026-03-25")
    with world.page() as tx:
        later = as_of.then(tx, instance_id, moment)
        after = as_of.then(tx, instance_id, world.now)
    answered = {record.type for record in after.records} - {record.type for record in before.records}
    assert "statement" in answered
    assert before.elements == later.elements
    assert before.counts == later.counts
    assert later.counts["answered"] < after.counts["answered"]


def test_before_its_start_everything_is_to_come(world_at: WorldAt) -> None:
    found = stood(world_at("deciding"), "2025-10-01")
    assert {element.state for element in found.elements} == {"coming"}
    assert (found.tasks, found.records) == ([], [])


def test_records_stand_with_the_state_and_values_of_the_day(world_at: WorldAt) -> None:
    world = world_at("decided")
    record_id = world.items(2027)["Hjärt-lungräddning"].id
    then, later = (
        next(record for record in stood(world, day).records if record.id == record_id)
        for day in ("2026-01-20", "2026-05-01")
    )
    assert then.state is not None
    assert later.state is not None
    assert (then.state.sv, later.state.sv) == ("sammanställd", "ingår")
    assert "Prioritering" in {name.sv for name, _value in later.values} - {name.sv for name, _value in then.values}


def test_what_has_been_erased_is_said_to_be_and_is_not_shown(world_at: WorldAt, reader: Any) -> None:
    world = world_at("compiling")
    with world.database.verb() as tx:
        found = tx.rows(sa.select(personal_value).where(personal_value.c.field == "record"))
        commitment = next(row.commitment for row in found if "Palliativ" in row.value)
        history.erase(tx, commitment, "Gallringsbeslut 1", by=Actor("hr", "Hr"), now=world.now)
    browser = reader(world, "revi")
    page = browser.get(f"/history/{world.instance(2027).id}/as-of?at=2025-12-24")
    assert browser.status == 200
    assert "Uppgifter som fanns här har gallrats" in page
    assert "Palliativ" not in page
    assert "Brandskydd" in page


def test_the_page_says_when_what_was_asked_is_no_day(world_at: WorldAt, reader: Any) -> None:
    world = world_at("collecting")
    browser = reader(world, "revi")
    path = f"/history/{world.instance(2027).id}/as-of"
    assert "Skriv en dag" in browser.get(f"{path}?at=igår")
    assert "Skriv en dag" not in browser.get(f"{path}?at=2025-11-03")
    other = reader(world, "tora")
    other.get(path)
    assert other.status == 403
