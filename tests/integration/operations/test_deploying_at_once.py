"""Two people put a version into use at the same moment: one does, the other learns it and nothing of theirs is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.world import WORKFLOWS, World

from engine import deployments, history, identity
from engine.actor import Actor
from engine.errors import EngineError, Forbidden, InvalidInput, NotPossible
from engine.operations import deploying
from engine.rules.calendar import civil_date

PLAN, REVISION = "annual_plan", "guideline_revision"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Two strategists of HR, and the annual plan in its first version."""
    world = World(database_url, today="2026-11-02")
    with world.database.verb() as tx:
        identity.add_person(tx, "hr2", "Nya Påhitt", "hr2@region.example")
        position = identity.positions_with_role(tx, ["hr_strateg"], civil_date(world.now))[0]
        identity.add_holding(tx, position.id, "hr2", now=world.now)
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def sent_in(world: World, key: str, person: str) -> tuple[str, Actor]:
    """A package of this person's own, held."""
    by = world.person(person)
    roles = deployments.read_folder(WORKFLOWS / PLAN)["roles.toml"]
    files = deployments.read_folder(WORKFLOWS / key) | {"README.md": person.encode(), "roles.toml": roles}
    with world.database.verb() as tx:
        return deploying.stage(tx, key, files, file_name="x.zip", by=by, now=world.now), by


def at_once(world: World, *sent: tuple[str, Actor]) -> list[Any]:
    together = threading.Barrier(len(sent))

    def run(one: tuple[str, Actor]) -> Any:
        together.wait()
        try:
            with world.database.verb() as tx:
                return deploying.deploy_staged(tx, one[0], reason="Prov", by=one[1], now=world.now)
        except EngineError as refusal:
            return refusal

    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(run, sent))


@pytest.mark.parametrize(("key", "versions"), [(PLAN, 2), (REVISION, 1)])
def test_one_of_two_at_once_is_deployed_and_the_other_is_told(key: str, versions: int, world: World) -> None:
    gave = at_once(world, sent_in(world, key, "hr"), sent_in(world, key, "hr2"))
    (lost,) = [each for each in gave if isinstance(each, EngineError)]
    assert isinstance(lost, NotPossible)
    assert lost.params["reason"] == "deployed_meanwhile"
    with world.page() as tx:
        assert deployments.latest(tx, key).version == versions
        events = history.search(tx, types=["definition_deployed"]).events
    assert [event.body["version"] for event in events if event.body["key"] == key] == list(range(1, versions + 1))


def test_a_reason_is_asked_for_and_without_it_nothing_is_deployed(world: World) -> None:
    digest, by = sent_in(world, PLAN, "hr")
    with pytest.raises(InvalidInput), world.database.verb() as tx:
        deploying.deploy_staged(tx, digest, reason="  ", by=by, now=world.now)
    with world.page() as tx:
        assert deployments.latest(tx, PLAN).version == 1
        assert deploying.waiting(tx, by=by)


def test_who_has_lost_the_role_since_can_no_longer_deploy(world: World) -> None:
    digest, by = sent_in(world, PLAN, "hr2")
    position = "hr_strateg"
    with world.page() as tx:
        position = identity.positions_with_role(tx, [position], civil_date(world.now))[0].id
    world.go_to("2026-11-03")
    world.leave(position, "hr2")
    with pytest.raises(Forbidden), world.database.verb() as tx:
        deploying.deploy_staged(tx, digest, reason="Prov", by=by, now=world.now)
