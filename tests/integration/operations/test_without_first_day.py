"""A step whose window says its last day alone is open once it is reached: no page names a first day for it."""

from collections.abc import Iterator
from datetime import date

import pytest
from support.small_process import end, package, start, task
from support.world import World

from engine import deployments, timings, workload
from engine.actor import SYSTEM
from engine.operations import windows
from engine.rules.calendar import civil_date

KEY = "straight"
YEAR = 2027


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url, today="2026-11-02", key="annual_plan")
    parts = (start(), task("first"), task("second"), end(), "s -> first", "first -> second", "second -> e")
    later = (
        '\n[[steps]]\nid = "later"\nname = "Senare"\nname_en = "Later"\nguideline = "1"\ntext = "S."\ntext_en = "L."\n'
    )
    files = package(KEY, *parts)
    files[f"{KEY}.bpmn"] = files[f"{KEY}.bpmn"].replace(
        b'id="second" name="second"><extensionElements><arshjul:task form="answer" roles="hr_strateg" step="work"',
        b'id="second" name="second"><extensionElements><arshjul:task form="answer" roles="hr_strateg" step="later"',
    )
    files["package.toml"] += later.encode()
    with made.database.verb() as tx:
        deployments.deploy(tx, KEY, files, by=SYSTEM, now=made.now)
    made.key = KEY
    made.start(YEAR)
    yield made
    made.close()


def test_its_last_day_can_be_moved_to_any_day_to_come(world: World) -> None:
    hr = world.person("hr")
    with world.page() as tx:
        windows.preview_window(tx, world.instance(YEAR).id, "first", date(YEAR, 2, 1), by=hr, now=world.now)
    world.move("first", YEAR, "2027-02-01", "Tidigare")
    (first,) = world.open("first")
    assert civil_date(first.due_at) == date(YEAR, 2, 1)


def test_no_page_says_that_it_opens_on_its_last_day(world: World) -> None:
    (first,) = world.open("first")
    (follows,) = world.page_of(first, "hr").ahead.steps
    assert (follows.name.sv, follows.opens_at) == ("Senare", None)
    assert [step.opens_at for step in world.cycle(YEAR).steps] == [None, None]
    with world.page() as tx:
        ahead = workload.ahead(tx, world.now, world.now.replace(year=2029))
        (time,) = timings.of_process(tx, KEY, world.now)
    assert {(work.element_id, work.opens_at and civil_date(work.opens_at)) for work in ahead} == {
        ("first", date(2026, 11, 2)), ("second", None),
    }  # fmt: skip
    assert time.allowed is None
    (told,) = world.events("instance_started", YEAR)
    assert told.body["windows"]["first"] == [None, "2027-12-31T23:59:59+01:00"]
