"""Who plays the rehearsals that people ask for: limits of time, what stops, and what another takes over."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.world import World

from arshjul.errand_worker import REHEARSAL, ErrandWorker
from engine import errands, rehearsing
from engine.actor import Actor
from engine.errands import LEASE, Claimed, Errand
from engine.errors import Forbidden, NotFound
from engine.rehearsing import KEPT, KIND, Wanted
from engine.store.tables import errand

WANTED = Wanted("annual_plan", 2030, managers=12)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path / 'rehearsing.db'}", today="2026-11-22")
    yield made
    made.close()


def ask(world: World, wanted: Wanted = WANTED) -> int:
    with world.database.verb() as tx:
        return rehearsing.ask(tx, wanted, by=world.person("hr"), now=world.now)


def claim(world: World) -> Claimed | None:
    with world.database.verb() as tx:
        return errands.claim(tx, KIND)


def found(world: World, number: int) -> Errand:
    with world.page() as tx:
        return rehearsing.find(tx, number, world.person("hr"))


def change(world: World, **values: object) -> None:
    with world.database.verb() as tx:
        tx.execute(errand.update().values(**values))


def test_only_those_of_the_cockpit_may_ask(world: World) -> None:
    with pytest.raises(Forbidden), world.database.verb() as tx:
        rehearsing.ask(tx, WANTED, by=world.person("tora"), now=world.now)


def test_with_nothing_asked_for_nothing_is_done(world: World) -> None:
    assert not ErrandWorker(world.database, REHEARSAL).work()


def test_what_takes_too_long_is_ended_and_said_so(world: World) -> None:
    number = ask(world)
    ErrandWorker(world.database, REHEARSAL, longest=timedelta(milliseconds=50)).work()
    ended = found(world, number)
    assert (ended.state, ended.problem, ended.result) == ("failed", "too_long", None)


def test_who_is_about_to_stop_gives_it_back_and_begins_nothing(world: World) -> None:
    number = ask(world)
    worker = ErrandWorker(world.database, REHEARSAL)
    working = threading.Thread(target=worker.work)
    working.start()
    while found(world, number).state != "running":
        time.sleep(0.02)
    worker.stop()
    working.join(30)
    assert not working.is_alive()
    assert found(world, number).state == "queued"
    assert not worker.work()


def test_thrown_away_while_it_is_played_it_stops(world: World) -> None:
    number = ask(world)
    claimed = claim(world)
    assert claimed is not None
    with world.database.verb() as tx:
        rehearsing.discard(tx, number, by=world.person("hr"))
        assert not errands.report(tx, claimed, 50)


def test_the_one_whose_lease_has_run_out_loses_it_and_changes_nothing_more(world: World) -> None:
    number = ask(world)
    first = claim(world)
    assert claim(world) is None
    change(world, lease_until=world.clock.wall() - LEASE)
    second = claim(world)
    assert first is not None
    assert second is not None
    with world.database.verb() as tx:
        errands.finish(tx, first, {"old": True})
        errands.finish(tx, second, {"new": True})
    assert found(world, number).result == {"new": True}


def test_what_has_stopped_twice_is_not_begun_a_third_time(world: World) -> None:
    number = ask(world)
    for _ in range(2):
        assert claim(world) is not None
        change(world, lease_until=world.clock.wall() - LEASE)
    assert claim(world) is None
    assert found(world, number).problem == "stopped"


def test_after_a_week_it_is_gone(world: World) -> None:
    number = ask(world)
    change(world, expires_at=world.clock.wall() - KEPT)
    with pytest.raises(NotFound):
        found(world, number)
    claim(world)
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(errand)) == 0


def test_at_most_five_are_kept(world: World) -> None:
    for year in range(2030, 2036):
        number = ask(world, Wanted("annual_plan", year))
        claimed = claim(world)
        assert claimed is not None
        with world.database.verb() as tx:
            errands.finish(tx, claimed, {})
    with world.page() as tx:
        kept = rehearsing.mine(tx, world.person("hr"))
    assert [each.wanted["plan_year"] for each in kept] == [2035, 2034, 2033, 2032, 2031]
    assert kept[0].id == number


def test_the_organisation_is_handed_over_without_names_or_addresses(world: World) -> None:
    with world.page() as tx:
        stage = rehearsing.stage(tx, Wanted("annual_plan", 2030), world.now.date())
    people = stage.organisation["people.csv"].decode()
    assert "tora,tora,p" in people
    assert "Påhitt" not in people
    assert "chef-hs-1,tora,holder" in stage.organisation["holdings.csv"].decode()


def test_an_actor_without_a_person_asks_for_nothing(world: World) -> None:
    with pytest.raises(Forbidden), world.database.verb() as tx:
        rehearsing.ask(tx, WANTED, by=Actor(None, "systemet"), now=world.now)
