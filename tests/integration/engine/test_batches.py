"""Very many instances at once: begun after a look, worked off in chunks, paused, cancelled, killed and gone on with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.development import KEY, package
from support.world import World

from engine import deployments, history, job_executor, jobs, process_instances
from engine.actor import SYSTEM
from engine.batches import making, migrating, starting, steering, working
from engine.errors import Forbidden, InvalidInput, NotPossible
from engine.store.queries import batches as queries
from engine.store.queries import jobs as job_rows
from engine.store.tables import batch, batch_item, definition, instance, job, metadata

Verb = Callable[..., Any]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CHUNK", {"start": 4, "migrate": 2})


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, today="2026-11-02")
    deploy(world, package(gateway=True))
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


@pytest.fixture
def hr(world: World) -> Verb:
    def do(verb: Callable[..., Any], *args: Any, by: str = "hr", **more: Any) -> Any:
        actor = world.person(by)
        with world.database.verb() as tx:
            return verb(tx, *args, by=actor, now=world.now, **more)

    return do


def deploy(world: World, files: Mapping[str, bytes]) -> None:
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, files, by=SYSTEM, now=world.now)


def rows(count: int = 10, **more: str) -> list[dict[str, Any]]:
    """Employees of two managers, every third one new."""
    return [
        {"employee": f"E{n}", "plan_year": 2027, "manager": f"chef-hs-{1 + n % 2}",
         "kind": "usual" if n % 3 else "new", **more}
        for n in range(1, count + 1)
    ]  # fmt: skip


def state(world: World, batch_id: int) -> tuple[str, int, int]:
    with world.page() as tx:
        found = queries.get(tx, batch_id)
    assert found is not None
    return found.state, found.done, found.failed


def started(world: World) -> list[str]:
    with world.page() as tx:
        query = sa.select(instance.c.business_key).where(instance.c.key == KEY).order_by(instance.c.id)
        return list(tx.execute(query).scalars())


def one_chunk(world: World) -> None:
    with world.database.verb() as tx:
        row = tx.one(sa.select(job).where(job.c.kind == "batch", job.c.state == "due").order_by(job.c.id).limit(1))
        job_executor._do(tx, row, world.now)


def test_nothing_is_started_before_the_batch_is_begun(world: World, hr: Verb) -> None:
    made = hr(starting.prepare, KEY, rows(), reason="Nytt år")
    world.run_jobs()
    assert (state(world, made), started(world)) == (("prepared", 0, 0), [])
    for _ in range(2):
        hr(making.begin, made)
    world.run_jobs()
    assert state(world, made) == ("completed", 10, 0)
    assert sorted(started(world)) == sorted(f"E{n}/2027" for n in range(1, 11))
    with world.page() as tx:
        types = [event.type for event in history.search(tx).events if event.type.startswith("batch")]
    assert types == ["batch_made", "batch_begun", "batch_ended"]


def test_a_row_that_cannot_be_started_is_set_aside_and_stops_no_other(world: World, hr: Verb) -> None:
    with world.database.verb() as tx:
        process_instances.start(tx, KEY, 2027, given={"employee": "E3", "manager": "chef-hs-1", "kind": "usual"},
                                by=SYSTEM, now=world.now)  # fmt: skip
    asked = rows()
    asked[1]["manager"] = "nobody"
    asked[4]["employee"] = "E6"
    asked[7]["plan_year"] = "sjutton"
    made = hr(starting.start_many, KEY, asked, reason="Nytt år")
    assert state(world, made) == ("running", 0, 4)
    world.run_jobs()
    assert state(world, made) == ("completed", 6, 4)
    with world.page() as tx:
        aside = {row.number: row.error for row in queries.items(tx, made, ["failed"], 0, 20)}
    assert {n: error.get("reason", error["code"]) for n, error in aside.items()} == {
        2: "no_such_position", 3: "already_exists", 6: "already_exists", 8: "out_of_range",
    }  # fmt: skip


def test_one_that_fails_while_it_runs_is_set_aside_and_can_be_tried_again(world: World, hr: Verb) -> None:
    made = hr(starting.start_many, KEY, rows(), reason="Nytt år")
    with world.database.verb() as tx:
        other = process_instances.start(
            tx, KEY, 2027, given={"employee": "E2", "manager": "chef-hs-1", "kind": "usual"}, by=SYSTEM, now=world.now
        )
    world.run_jobs()
    assert state(world, made) == ("completed", 9, 1)
    with world.database.verb() as tx:
        tx.execute(instance.update().where(instance.c.id == other).values(state="cancelled"))
    hr(steering.retry, made, reason="Den är avbruten nu")
    world.run_jobs()
    assert state(world, made) == ("completed", 10, 0)
    with pytest.raises(NotPossible):
        hr(steering.retry, made, reason="Igen")


def test_a_row_set_aside_when_it_was_looked_at_is_tried_again_too_and_stops_no_other(world: World, hr: Verb) -> None:
    with world.database.verb() as tx:
        other = process_instances.start(
            tx, KEY, 2027, given={"employee": "E2", "manager": "chef-hs-1", "kind": "usual"}, by=SYSTEM, now=world.now
        )
    asked = rows()
    asked[7]["plan_year"] = "sjutton"
    made = hr(starting.start_many, KEY, asked, reason="Nytt år")
    world.run_jobs()
    assert state(world, made) == ("completed", 8, 2)
    with world.database.verb() as tx:
        tx.execute(instance.update().where(instance.c.id == other).values(state="cancelled"))
    hr(steering.retry, made, reason="Den är avbruten nu")
    world.run_jobs()
    assert state(world, made) == ("completed", 9, 1)
    with world.page() as tx:
        (aside,) = queries.items(tx, made, ["failed"], 0, 20)
    assert (aside.number, aside.error["reason"]) == (8, "out_of_range")


def test_it_is_paused_and_goes_on_where_it_stopped(world: World, hr: Verb) -> None:
    made = hr(starting.start_many, KEY, rows(), reason="Nytt år")
    one_chunk(world)
    assert state(world, made) == ("running", 4, 0)
    hr(steering.pause, made, reason="Lunch")
    world.run_jobs()
    assert (state(world, made), len(started(world))) == (("paused", 4, 0), 4)
    with pytest.raises(NotPossible):
        hr(steering.pause, made, reason="Igen")
    hr(steering.resume, made, reason="Mätt")
    world.run_jobs()
    assert (state(world, made), len(started(world))) == (("completed", 10, 0), 10)


def test_cancelled_in_the_middle_what_is_done_stays_and_the_rest_is_left(world: World, hr: Verb) -> None:
    made = hr(starting.start_many, KEY, rows(), reason="Nytt år")
    one_chunk(world)
    with pytest.raises(InvalidInput):
        hr(steering.cancel, made, reason=" ")
    with pytest.raises(Forbidden):
        hr(steering.cancel, made, reason="Jag vill", by="tora")
    hr(steering.cancel, made, reason="Fel fil")
    world.run_jobs()
    assert (state(world, made), len(started(world))) == (("cancelled", 4, 0), 4)
    with world.page() as tx:
        assert len(queries.items(tx, made, ["cancelled"], 0, 20)) == 6
    for verb in (steering.resume, steering.pause, steering.cancel):
        with pytest.raises(NotPossible):
            hr(verb, made, reason="Igen")


def test_a_chunk_that_dies_half_way_has_started_nothing_and_is_done_once_later(
    world: World, hr: Verb, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hr(starting.start_many, KEY, rows(), reason="Nytt år")
    real, calls = working._settled, []

    def dies_once(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the worker died")
        return real(*args)

    monkeypatch.setattr(working, "_settled", dies_once)
    job_executor.tick(world.database, world.now)
    assert state(world, made) == ("running", 6, 0)
    with world.database.verb() as tx:
        tx.execute(job.update().where(job.c.kind == "batch").values(not_before=None))
    job_executor.tick(world.database, world.now)
    assert state(world, made) == ("completed", 10, 0)
    assert len(started(world)) == len(set(started(world))) == 10


def test_a_chunk_claimed_twice_is_done_once(world: World, hr: Verb) -> None:
    made = hr(starting.start_many, KEY, rows(4), reason="Nytt år")
    with world.page() as tx:
        (due,) = jobs.due_ids(tx, world.now, tx.recorded_at)
    with world.database.verb() as tx:
        slow = job_rows.claim(tx, due, tx.recorded_at, job_executor.LEASE)
    with world.database.verb() as tx:  # its lease has run out, and another takes over
        tx.execute(job.update().values(lease_until=world.database.clock.wall() - timedelta(seconds=1)))
    job_executor.tick(world.database, world.now)
    with world.database.verb() as tx:
        row = tx.one(sa.select(job).where(job.c.id == due))
        assert row is not None
        assert row.fence != slow.fence
        assert not job_executor._do(tx, row, world.now)
    assert (state(world, made), len(started(world))) == (("completed", 4, 0), 4)


def test_only_those_who_may_start_one_may_start_many(world: World, hr: Verb) -> None:
    with pytest.raises(Forbidden):
        hr(starting.prepare, KEY, rows(), reason="Jag vill", by="tora")
    with pytest.raises(InvalidInput):
        hr(starting.prepare, KEY, [], reason="Inga")
    with pytest.raises(InvalidInput):
        hr(starting.prepare, KEY, rows(), reason="")
    made = hr(starting.prepare, KEY, rows(1, manager="nobody"), reason="Nytt år")
    with pytest.raises(NotPossible):
        hr(making.begin, made)


OWN = {"id", "instance_id", "activity_id", "task_id", "prev", "hash", "body", "recorded_at", "event_key", "content",
       "execution", "chain", "batch_id", "mail_id", "job_id"}  # fmt: skip


def written(world: World) -> dict[str, list[Any]]:
    """Every row that belongs to the instances, table by table, without keys, hashes and wall time."""
    found: dict[str, list[Any]] = {}
    with world.page() as tx:
        names = {row.id: row.business_key for row in tx.rows(sa.select(instance)) if row.key == KEY}
        for table in metadata.sorted_tables:
            if table.name == "instance":
                query = sa.select(table).where(table.c.key == KEY)
            elif "instance_id" in table.c and table.name != "batch_item":
                query = sa.select(table).where(table.c.instance_id.is_not(None))
            else:
                continue
            for row in tx.rows(query.order_by(*table.primary_key.columns)):
                values = dict(row._mapping)
                whose = values["business_key"] if table.name == "instance" else names[values["instance_id"]]
                kept = {k: v for k, v in values.items() if k not in OWN}
                if table.name == "instance":
                    deployed = deployments.load(tx, row.definition_id)
                    kept["execution"] = deployed.model.restore(row.execution, lambda *_a: None).rewritten()
                if table.name == "audit_event":
                    kept["body"] = {
                        k: v for k, v in history_body(values["body"]).items() if k not in ("activity", "incident")
                    }
                if table.name == "outbox_message":
                    kept["content"] = {k: v for k, v in row.content.items() if k not in ("task_id", "url_path")}
                found.setdefault(table.name, []).append((whose, kept))
    return {name: sorted(rows, key=lambda row: row[0]) for name, rows in found.items()}


def history_body(text: str) -> dict[str, Any]:
    """What the event tells; a commitment to a personal value has its own salt each time."""
    body: dict[str, Any] = json.loads(re.sub(r'"[0-9a-f]{64}"}', '"..."}', text))["body"]
    return body


@pytest.mark.parametrize("gateway", [False, True])
def test_started_in_bulk_they_are_row_for_row_what_they_are_one_by_one(
    sqlite_url: str, pg_database: str, gateway: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, begun, real = [], [], process_instances.begin
    monkeypatch.setattr(process_instances, "begin", lambda *a, **k: begun.append(a) or real(*a, **k))
    for url, in_bulk in ((sqlite_url, True), (pg_database, True), (sqlite_url.replace("arshjul", "other"), False)):
        world = World(url, today="2026-11-02")
        deploy(world, package(gateway=gateway))
        asked = rows(24)
        for n, manager in ((3, "chef-ru-2"), (6, "hr_chef")):  # vacant; and one that may not have the task
            asked[n]["manager"] = manager
        actor = world.person("hr")
        with world.database.verb() as tx:
            if in_bulk:
                made = starting.start_many(tx, KEY, asked, reason="Nytt år", by=actor, now=world.now)
            else:
                deployed = deployments.latest(tx, KEY)
                for row in asked:
                    given = {k: v for k, v in row.items() if k != "plan_year"}
                    process_instances.begin(tx, deployed, 2027, given, reason="Nytt år", by=actor, now=world.now)
        world.run_jobs()
        if in_bulk:
            assert state(world, made) == ("completed", 24, 0)
            assert len(begun) < 20  # most were copied
        begun.clear()
        found.append(written(world))
        with world.page() as tx:
            assert history.verify(tx).ok
            assert tx.scalar(sa.select(sa.func.count()).select_from(definition)) == 2
        world.close()
    one_by_one = found[2]
    assert {"instance", "activity", "user_task", "job", "audit_event", "outbox_message", "incident"} <= (
        one_by_one.keys()
    )
    for bulk in found[:2]:
        assert bulk.keys() == one_by_one.keys()
        for table, expected in one_by_one.items():
            assert bulk[table] == expected, table


def test_many_are_moved_to_a_newer_version_after_a_report_of_each(world: World, hr: Verb) -> None:
    made = hr(starting.start_many, KEY, rows(30), reason="Nytt år")
    world.run_jobs()
    assert state(world, made) == ("completed", 30, 0)
    deploy(world, package(gateway=True, name="Medarbetarsamtal"))
    moving = hr(migrating.prepare, KEY, reason="Nytt namn")
    assert state(world, moving) == ("checking", 0, 0)
    world.run_jobs()
    assert state(world, moving) == ("prepared", 0, 0)
    with world.page() as tx:
        report = queries.items(tx, moving, ["waiting"], 0, 1)[0].payload["report"]
        assert "från version 1 till version 2" in report[0]["sv"]
    hr(making.begin, moving)
    world.run_jobs()
    assert state(world, moving) == ("completed", 30, 0)
    with world.page() as tx:
        assert {row.definition_id for row in tx.rows(sa.select(instance.c.definition_id))} == {3}


def test_those_that_cannot_be_mapped_stay_and_say_why(world: World, hr: Verb) -> None:
    hr(starting.start_many, KEY, rows(6), reason="Nytt år")
    world.run_jobs()
    files = package(gateway=True)
    diagram = files[f"{KEY}.bpmn"].decode().replace('id="talk"', 'id="meet"').replace('"talk"', '"meet"')
    diagram = diagram.replace('form="meet"', 'form="talk"').replace('step="meet"', 'step="talk"')
    deploy(world, {**files, f"{KEY}.bpmn": diagram.encode()})
    moving = hr(migrating.prepare, KEY, reason="Nytt namn")
    assert state(world, moving) == ("prepared", 0, 4)
    with world.page() as tx:
        error = queries.items(tx, moving, ["failed"], 0, 1)[0].error
    assert "talk" in error["sentences"][0]["sv"]
    hr(making.begin, moving)
    world.run_jobs()
    assert state(world, moving) == ("completed", 2, 4)


def test_a_prepared_batch_can_be_dropped(world: World, hr: Verb) -> None:
    made = hr(starting.prepare, KEY, rows(), reason="Nytt år")
    hr(steering.cancel, made, reason="Fel fil")
    with pytest.raises(NotPossible):
        hr(making.begin, made)
    assert state(world, made) == ("cancelled", 0, 0)
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(batch_item)) == 10
        assert tx.scalar(sa.select(batch.c.ended_at)) is not None
