"""An earlier day is shown as it stood, whatever has happened since."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.stages import WorldAt, needs
from support.world import World, at

from engine import as_of, deployments, deviations, diagrams, history
from engine.actor import Actor
from engine.clock import SimulatedClock
from engine.operations import cancelling, migrating, participants
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
    counted = {e.id: (e.answered, e.total) for e in folded.elements}
    assert counted == {e.id: (e.answered, e.total) for e in drawn.elements}
    assert (4, 4) in counted.values(), "the four groups' review"


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


def test_a_way_that_was_not_taken_is_not_to_come(world_at: WorldAt) -> None:
    """The council could still review while the decision could be sent back to be prepared again; then no more."""
    world = world_at("decided")
    states = [
        {element.id: element.state for element in stood(world, day).elements}
        for day in ("2026-02-20", "2026-03-15", "2026-06-02")
    ]
    assert [found["review_council"] for found in states] == ["coming", "coming", "skipped"]
    assert [found["year_planning"] for found in states] == ["coming"] * 3
    with world.page() as tx:
        drawn = diagrams.of_instance(tx, world.cycle(2027), world.now)
    now = {e.id: e.state for e in drawn.elements}
    assert (now["review_council"], now["change_describe"]) == ("skipped", "on_demand")
    assert [found["change_describe"] for found in states] == ["on_demand"] * 3


def test_an_element_that_only_an_older_version_had_is_passed_over(world_at: WorldAt) -> None:
    world = world_at("collecting")
    instance_id = world.instance(2027).id
    before = stood(world, "2025-11-03").elements
    with world.database.verb() as tx:
        entered = {"type": "element_entered", "element_id": "gone", "occurred_at": at("2025-11-02")}
        history.append(tx, chain=f"i:{instance_id}", by=Actor("hr", "Hr"), instance_id=instance_id, **entered)
    assert stood(world, "2025-11-03").elements == before


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


def test_who_was_excused_is_not_counted_and_what_was_broken_off_is_not_open(world_at: WorldAt) -> None:
    world = world_at("collecting")
    hr, instance_id = world.person("hr"), world.instance(2027).id
    with world.database.verb() as tx:
        excused = world.task("collection", "chef-hs-2")
        participants.excuse(tx, excused.id, reason="Läggs ned", by=hr, now=world.now)
    world.answer(world.task("collection", "chef-hs-1"), "tora", {"no_needs": True})
    before = world.now
    world.go_to("2025-11-10")
    with world.database.verb() as tx:
        cancelling.cancel(tx, instance_id, reason="Görs inte", by=hr, now=world.now)
    with world.page() as tx:
        earlier, since = (as_of.then(tx, instance_id, at) for at in (before, world.now))
    (counted,) = (each for each in earlier.elements if each.id == "collection")
    assert (counted.answered, counted.total) == (1, 14)
    assert earlier.counts == {"answered": 1, "excused": 1, "open": 13}
    assert since.counts == {"answered": 1, "excused": 1, "cancelled": 13}


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


def test_the_page_counts_the_tasks_and_says_when_what_was_asked_is_no_day(world_at: WorldAt, reader: Any) -> None:
    world = world_at("collecting")
    browser = reader(world, "revi")
    path = f"/history/{world.instance(2027).id}/as-of"
    assert re.search(r"\d+ öppna, 0 besvarade, 0 utan svar\.", browser.get(path))
    assert "Skriv en dag" in browser.get(f"{path}?at=igår")
    assert 'value="igår"' in browser.page
    assert "har inte varit än. Välj 3 november 2025" in browser.get(f"{path}?at=2025-11-04")
    assert 'value="2025-11-04"' in browser.page
    assert "Samma sak som lista" not in browser.page, "nothing is shown as of a day that has not been"
    assert "Skriv en dag" not in browser.get(f"{path}?at=2025-11-03")
    other = reader(world, "tora")
    other.get(path)
    assert other.status == 403


class Later(SimulatedClock):
    """Wall time goes with process time, until the service is down and process time goes on alone."""

    down: timedelta = timedelta(0)

    def wall(self) -> datetime:
        return self.now() + self.down


@pytest.fixture
def real(tmp_path: Path) -> Iterator[World]:
    """A plan whose events are written when they happen, from the collection on."""
    world = World(f"sqlite:///{tmp_path / 'real.db'}")
    world.clock = world.database.clock = Later(world.now)
    world.start_by_calendar()
    world.go_to("2025-11-03")
    yield world
    world.close()


def test_what_was_written_later_was_not_known_then(real: World) -> None:
    """The service is down over New Year: the collection closes at its own instant, and that is written on the 7th."""
    real.answer(real.task("collection", "chef-hs-1"), "tora", needs("Palliativ vård"))
    real.clock.down = timedelta(days=7)
    real.go_to("2026-01-01", 1)
    new_year = real.now
    with real.page() as tx:
        happened = as_of.then(tx, real.instance(2027).id, new_year)
        written = as_of.then(tx, real.instance(2027).id, new_year, as_of.WRITTEN)
        after = as_of.then(tx, real.instance(2027).id, new_year + timedelta(days=8), as_of.WRITTEN)
    states = [{e.id: e.state for e in stood.elements} for stood in (happened, written, after)]
    assert [state["collection"] for state in states] == ["done", "active", "done"]
    assert [state["compilation"] for state in states] == ["active", "coming", "active"]
    assert happened.counts["no_answer"] > 0
    assert written.counts == {"answered": 1, "open": sum(happened.counts.values()) - 2}
    assert after.counts == happened.counts
    assert [record.id for record in written.records] == [record.id for record in happened.records]


def test_a_record_put_right_later_stands_as_it_was_known(real: World) -> None:
    real.answer(real.task("collection", "chef-hs-1"), "tora", needs("Palliativ vård"))
    known = real.now
    (record,) = real.records("proposal", 2027)
    real.clock.down = timedelta(days=1)  # put right the day after, for the same moment
    with real.database.verb() as tx:
        new = history.personal(tx, "record", {"training_type": "Palliativ omvårdnad"})
        history.append(
            tx, type="record_changed", chain="i:1", occurred_at=known, by=real.person("hr"),
            instance_id=record.instance_id, body={"record": record.id, "type": "proposal", "new": new},
        )  # fmt: skip
    with real.page() as tx:
        both = [as_of.then(tx, real.instance(2027).id, known, by) for by in (as_of.HAPPENED, as_of.WRITTEN)]
    happened, written = (str(stood.records[0].values) for stood in both)
    assert "Palliativ omvårdnad" in happened
    assert "Palliativ vård" in written
    assert "omvårdnad" not in written


def test_the_diagram_is_the_one_in_force_then(real: World) -> None:
    before = real.now
    real.go_to("2025-11-10")
    files = deployments.newest_files
    with real.database.verb() as tx:
        renamed = {
            name: content.replace('name="Lämna utbildningsbehov"'.encode(), 'name="Berätta om behoven"'.encode())
            for name, content in files(tx, "annual_plan").items()
        }
        deployments.deploy(tx, "annual_plan", renamed, by=real.person("hr"), now=real.now)
    moved = real.now
    real.clock.down = timedelta(days=2)  # the move is written two days after the moment that it counts from
    with real.database.verb() as tx:
        migrating.migrate(tx, real.instance(2027).id, reason="Namnet", by=real.person("hr"), now=moved)
    with real.page() as tx:
        stood = {
            (name, by): as_of.then(tx, real.instance(2027).id, at, by)
            for name, at in (("before", before), ("moved", moved), ("later", moved + timedelta(days=3)))
            for by in (as_of.HAPPENED, as_of.WRITTEN)
        }
    versions = {key: then.version for key, then in stood.items()}
    assert versions == {
        ("before", "happened"): 1, ("before", "written"): 1, ("moved", "happened"): 2, ("moved", "written"): 1,
        ("later", "happened"): 2, ("later", "written"): 2,
    }  # fmt: skip
    names = {key: next(e.name for e in then.elements if e.id == "collection") for key, then in stood.items()}
    assert names["moved", "written"] == "Lämna utbildningsbehov"
    assert names["moved", "happened"] == "Berätta om behoven"


def test_a_task_opened_when_its_window_did_as_the_report_says(world_at: WorldAt) -> None:
    """The process may have come there long before; the report of departures and this page say the same day."""
    world = world_at("directed")
    with world.page() as tx:
        folded = as_of.then(tx, world.instance(2027).id, world.now)
        report = deviations.report(tx, world.instance(2027).id, world.now)
    opened = {v.element_id: v.opened_at for paragraph in report.paragraphs for v in paragraph.visits}
    shown = {e.id: e.since for e in folded.elements if e.is_task and e.since is not None and e.state != "coming"}
    assert shown["year_planning"] == opened["year_planning"]
    assert shown == {element: opened[element] for element in shown}


def test_when_all_is_written_at_once_both_show_the_same(real: World) -> None:
    real.go_to("2026-01-02")
    with real.page() as tx:
        both = [as_of.then(tx, real.instance(2027).id, real.now, by) for by in (as_of.HAPPENED, as_of.WRITTEN)]
    assert both[0] == both[1]


def test_the_page_offers_the_choice_in_words(world_at: WorldAt, reader: Any) -> None:
    browser = reader(world_at("compiling"), "revi")
    path = "/history/1/as-of?at=2025-12-24"
    assert "Här visas det som hade hänt när dagen var slut." in browser.get(path)
    page = browser.get(f"{path}&by=written")
    assert "Här visas det som hade skrivits i historiken" in page
    assert "Inget underlag fanns då." in page, "this plan was written today, whatever day its clock showed"
    assert "Då var inget skrivet om den. Det första skrevs " in page
    assert "Då var inget skrivet om den." not in browser.get("/history/1/as-of?at=2040-01-01&by=written")
