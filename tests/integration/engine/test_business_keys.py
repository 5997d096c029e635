"""What tells one instance of a process from another, and that a cancelled plan year can be started again."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from support.development import KEY, package
from support.world import World

from engine import cycles, deployments, history, instances, process_instances
from engine.actor import SYSTEM
from engine.errors import AlreadyExists, InvalidInput, PackageRefused
from engine.operations import cancelling
from engine.store.tables import instance, user_task

GIVEN = {"employee": "E7", "manager": "chef-hs-1", "kind": "usual"}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, today="2026-11-02")
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, package(), by=SYSTEM, now=world.now)
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def start(world: World, year: int | None = 2027, **given: str) -> int:
    with world.database.verb() as tx:
        return process_instances.start(tx, KEY, year, given=GIVEN | given, by=SYSTEM, now=world.now)


def test_an_instance_is_known_by_the_columns_that_its_package_names(world: World) -> None:
    first, second, third = start(world), start(world, employee="E8"), start(world, 2028)
    with pytest.raises(AlreadyExists):
        start(world)
    with world.page() as tx:
        rows = tx.rows(sa.select(instance).where(instance.c.key == KEY).order_by(instance.c.id))
        assert [row.business_key for row in rows] == ["E7/2027", "E8/2027", "E7/2028"]
        assert [row.plan_year for row in rows] == [2027, 2027, 2028]
        assert instances.label(tx, second).name.sv == "Utvecklingssamtal E8 2027"
        assert cycles.cycle(tx, third, world.now).name.en == "Development talk E7 2028"
        assert cycles.cycle(tx, first, world.now).steps[0].activities[0].title.sv == "Samtal med E7 2027"


def test_a_task_goes_to_the_position_that_the_diagram_names(world: World) -> None:
    first, nobody = start(world), start(world, employee="E8", manager="hr_chef")
    with world.page() as tx:
        task = tx.one(sa.select(user_task).where(user_task.c.instance_id == first))
        assert (task.position_id, task.title_sv) == ("chef-hs-1", "Samtal med E7 2027")
        assert tx.one(sa.select(user_task).where(user_task.c.instance_id == nobody)) is None
        assert cycles.cycle(tx, nobody, world.now).incidents == 1


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"employee": ""}, "employee", "value_missing"),
        ({"employee": "E/7"}, "employee", "slash_in_key"),
        ({"employee": "E" * 61}, "employee", "value_too_long"),
        ({"employee": "E\x007"}, "employee", "control_character"),
        ({"manager": "nobody"}, "manager", "no_such_position"),
        ({"colour": "red"}, "colour", "unknown_column"),
    ],
)
def test_a_value_that_does_not_do_is_refused_by_name(
    world: World, given: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        start(world, **given)
    assert (refused.value.params["field"], refused.value.params["reason"]) == (field, reason)
    with pytest.raises(InvalidInput):
        start(world, 1999)
    with pytest.raises(InvalidInput):
        start(world, None)


def test_a_cancelled_plan_year_can_be_started_again_and_history_links_the_two(world: World) -> None:
    first = world.start(2028)
    with pytest.raises(AlreadyExists):
        world.start(2028)
    actor = world.person("hr")
    with world.database.verb() as tx:
        cancelling.cancel(tx, first, reason="Fel år", by=actor, now=world.now)
    second = world.start(2028)
    with pytest.raises(AlreadyExists):
        world.start(2028)
    with world.page() as tx:
        begun: Any = history.timeline(tx, second, types=["instance_started"])[0]
        assert begun.body["after_cancelled"] == first
        assert begun.body["business_key"] == "2028"


def test_a_cancelled_plan_year_does_not_start_again_by_itself(world: World) -> None:
    first = world.start(2028)
    actor = world.person("hr")
    with world.database.verb() as tx:
        cancelling.cancel(tx, first, reason="Fel år", by=actor, now=world.now)
        process_instances.start_by_itself(tx, world.key, 2028, now=world.now)
    with world.page() as tx:
        assert len(tx.rows(sa.select(instance.c.id))) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "kind"\nlabel', 'name = "sort"\nlabel', "sort"),
        ('kind = "position"', 'kind = "place"', "place"),
        ("key = true", "key = false", "key = true"),
        ("{employee} {plan_year}", "{kind} {plan_year}", "kind"),
        ('owner = "hr_strateg"', 'owner = "hr_strateg"\n[start]\nat = "Y-2-11-01"', "starta av sig själv"),
    ],
)
def test_columns_that_make_no_key_are_refused_at_deployment(world: World, old: str, new: str, said: str) -> None:
    files = package()
    text = files["package.toml"].decode()
    assert old in text
    changed = {**files, "package.toml": text.replace(old, new).encode()}
    with world.database.verb() as tx, pytest.raises(PackageRefused) as refused:
        deployments.deploy(tx, KEY, changed, by=SYSTEM, now=world.now)
    assert any(said in problem.sv for problem in refused.value.findings)
