"""When an instance starts by itself: planned once for each process, on the next day that has no instance yet."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from support import small_process as small
from support.world import World

from engine import deployments, process_instances
from engine.actor import SYSTEM
from engine.rules.calendar import civil_date
from engine.store.tables import job

BY_HAND = ""


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, today="2026-03-02", key="guideline_revision")
    yield world
    world.close()


def deploy(world: World, key: str, start: str) -> None:
    files = small.package(key, small.start(), small.task("a"), small.end(), "s -> a -> e")
    files["package.toml"] += start.encode()
    with world.database.verb() as tx:
        deployments.deploy(tx, key, files, by=SYSTEM, now=world.now)
        process_instances.schedule_starts(tx, key, now=world.now)


def on(day: str, more: str = "") -> str:
    return f'\n[start]\nat = "{day}"\n{more}'


def planned(world: World) -> set[tuple[str, str, int]]:
    """Process, day and plan year of the starts that wait."""
    with world.page() as tx:
        found = tx.rows(sa.select(job).where(job.c.kind == "start_instance", job.c.state == "due"))
    told = [(row.payload["key"], civil_date(row.due_at).isoformat(), row.payload["plan_year"]) for row in found]
    assert len(told) == len(set(told))
    return set(told)


def test_a_start_is_planned_anew_when_its_day_changes_and_those_of_others_stay(world: World) -> None:
    deploy(world, "one", on("Y-05-01"))
    deploy(world, "two", on("Y-1-05-01"))
    other = ("two", "2026-05-01", 2027)
    with world.database.verb() as tx:
        process_instances.schedule_starts(tx, "one", now=world.now)
    assert planned(world) == {("one", "2026-05-01", 2026), other}
    deploy(world, "one", on("Y-06-01"))
    assert planned(world) == {("one", "2026-06-01", 2026), other}
    deploy(world, "one", BY_HAND)
    assert planned(world) == {other}


def test_a_day_counts_until_it_is_over(world: World) -> None:
    world.go_to("2026-05-01", hour=23)
    deploy(world, "one", on("Y-05-01"))
    assert planned(world) == {("one", "2026-05-01", 2026)}
    world.run_jobs()
    assert planned(world) == {("one", "2027-05-01", 2027)}
    world.go_to("2026-05-02", hour=1)
    deploy(world, "two", on("Y-05-01"))
    assert planned(world) == {("one", "2027-05-01", 2027), ("two", "2027-05-01", 2027)}


def test_a_year_that_somebody_has_started_is_passed_over_in_that_process_alone(world: World) -> None:
    deploy(world, "one", BY_HAND)
    with world.database.verb() as tx:
        process_instances.start(tx, "one", 2026, by=SYSTEM, now=world.now)
    deploy(world, "one", on("Y-05-01"))
    deploy(world, "two", on("Y-05-01"))
    assert planned(world) == {("one", "2027-05-01", 2027), ("two", "2026-05-01", 2026)}


def test_the_first_year_and_the_years_between_are_the_packages(world: World) -> None:
    deploy(world, "one", on("Y-05-01", "first_plan_year = 2028\nevery_years = 3"))
    assert planned(world) == {("one", "2028-05-01", 2028)}
    world.go_to("2028-05-01")
    assert planned(world) == {("one", "2031-05-01", 2031)}
