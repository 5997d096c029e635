"""What is said to come is what its reader will be asked: nobody else's steps, and no names of others' staff."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from support import development
from support.small_process import end, package, start, task
from support.stages import in_november
from support.world import World

from engine import deployments, process_instances, receipts
from engine.actor import SYSTEM
from engine.batches import starting
from engine.rules.calendar import civil_date
from engine.running import lock
from engine.store.tables import activity

KEY = "windows"
YEAR = 2027
FAN_OUT = "<multiInstanceLoopCharacteristics/>"
LATER_STEP = """
[[steps]]
id = "later"
name = "Senare"
name_en = "Later"
guideline = "2"
text = "Senare."
text_en = "Later."
"""
WHERE = '<arshjul:participants where="{where}"/>'


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = in_november(database_url)
    yield made
    made.close()


def later(name: str, roles: str, *, where: str = "", multi: bool = False) -> str:
    drawn = task(name, more=WHERE.format(where=where) if where else "", inner=FAN_OUT if multi else "")
    drawn = drawn.replace('roles="hr_strateg" step="work"', f'roles={roles} step="later"')
    return drawn.replace("<arshjul:window ", '<arshjul:window opens="Y-01-01" ')


def titles(world: World, person: str) -> set[str]:
    return {step.title.sv for step in world.inbox(person).coming}


def steps_ahead(world: World) -> None:
    """A first task, then three that open in January: for a position by name, for some managers, for HR."""
    named = later("named", '"chef" position="who"')
    some = later("some", '"chef"', where="unit = 'hs-1'".replace("'", "&quot;"), multi=True)
    hr = later("hr_only", '"hr_strateg"')
    split, first = '<parallelGateway id="split"/>', task("first")
    flows = ("s -> first", "first -> split", *(f"split -> {n}" for n in ("named", "some", "hr_only")))
    ends = [part for n in ("named", "some", "hr_only") for part in (end(f"e_{n}"), f"{n} -> e_{n}")]
    files = package(KEY, start(), first, split, named, some, hr, *flows, *ends, variables='who = "chef-ru-1"')
    files["package.toml"] += LATER_STEP.encode()
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, files, by=SYSTEM, now=world.now)
        process_instances.start(tx, KEY, YEAR, by=SYSTEM, now=world.now)


def test_a_step_to_come_is_told_to_those_alone_who_would_be_asked(world: World) -> None:
    steps_ahead(world)
    world.answer("first", "hr", {"note": "Klart"})
    mine = {"named 2027", "some 2027", "hr_only 2027"}
    assert titles(world, "rune") & mine == {"named 2027"}
    assert titles(world, "tora") & mine == {"some 2027"}
    assert titles(world, "sten") & mine == set()
    assert titles(world, "hr") & mine == {"hr_only 2027"}


def test_the_receipt_says_of_a_step_that_follows_whether_its_reader_would_be_asked(world: World) -> None:
    """Its tasks are one line: everyone's roles, the first day, and the reader's part in any of them."""
    steps_ahead(world)
    first = world.open("first")[0]
    world.answer(first, "hr", {"note": "Klart"})
    (step,) = world.page_of(first, "hr").ahead.steps
    assert (step.name.sv, step.mine, civil_date(step.opens_at)) == ("Senare", True, date(YEAR, 1, 1))
    assert len(step.roles) == 2
    with world.database.verb() as tx:
        run = lock(tx, first.instance_id, by=SYSTEM, now=world.now)
        for person, mine in (("rune", True), ("tora", True), ("sten", False)):
            steps = receipts.ahead(tx, run, first, None, world.person(person)).steps
            assert [step.mine for step in steps] == [mine]


def test_an_employee_s_talk_is_not_told_to_other_managers(world: World) -> None:
    """The employee's name in its title is their own manager's business."""
    asked = {"plan_year": YEAR, "manager": "chef-ru-1", "kind": "new"}
    with world.database.verb() as tx:
        deployments.deploy(tx, development.KEY, development.package(gateway=True), by=SYSTEM, now=world.now)
        rows = [{**asked, "employee": f"E{n}"} for n in range(3)]
        starting.start_many(tx, development.KEY, rows, reason="Nytt år", by=SYSTEM, now=world.now)
    world.run_jobs()
    world.go_to("2027-09-15")
    with world.page() as tx:
        waiting = tx.rows(sa.select(activity.c.state).where(activity.c.element_id == "evaluate"))
    assert [row.state for row in waiting] == ["coming"] * 3
    assert not [title for title in titles(world, "sten") if "Utvärdera" in title]
    world.go_to("2027-10-01")
    assert len([e for e in world.inbox("rune").open if "Utvärdera" in e.title.sv]) == 3
    assert not [e for e in world.inbox("sten").open if "Utvärdera" in e.title.sv]
