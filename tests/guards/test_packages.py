"""Promises that every process package keeps, whoever writes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.world import WORKFLOWS, World, at

from engine import deployments, history, identity, jobs
from engine.rules.calendar import civil_date
from engine.store.tables import user_task

PACKAGES = sorted(folder.name for folder in WORKFLOWS.iterdir() if (folder / "package.toml").is_file())
STEPS_AT_MOST = 500


@pytest.mark.parametrize("key", PACKAGES)
def test_every_package_can_be_deployed(key: str) -> None:
    """User tasks have a form, known roles, a step, a last day; messages both languages; expressions parse."""
    assert deployments.check(key, deployments.read_folder(WORKFLOWS / key)) == []


@pytest.mark.parametrize("key", PACKAGES)
def test_every_package_is_data_alone(key: str) -> None:
    endings = {path.suffix for path in (WORKFLOWS / key).rglob("*") if path.is_file()}
    assert endings <= {".toml", ".bpmn", ".json", ".md"}


@pytest.mark.parametrize("key", PACKAGES)
def test_every_package_says_what_it_is(key: str) -> None:
    assert (WORKFLOWS / key / "README.md").read_text(encoding="utf-8").startswith("# ")


@pytest.fixture
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, today="2025-10-31", key=request.param)
    yield world
    world.close()


@pytest.mark.parametrize("world", PACKAGES, indirect=True, ids=PACKAGES)
def test_every_package_walks_to_its_end_with_a_save_and_a_reload_between_all_steps(world: World) -> None:
    """Everybody answers at once and validly; the instance completes, nothing is stuck, the history verifies."""
    world.start(2027)
    for _ in range(STEPS_AT_MOST):
        if world.instance(2027).state == "completed":
            break
        _answer_everything(world)
        _to_next_job(world)
    assert world.instance(2027).state == "completed"
    with world.page() as tx:
        assert history.verify(tx).ok


def _answer_everything(world: World) -> None:
    with world.page() as tx:
        tasks = tx.rows(sa.select(user_task).where(user_task.c.state == "open").order_by(user_task.c.id))
    for task in tasks:
        with world.page() as tx:
            actor = identity.actors_for(tx, task.position_id, civil_date(world.now))[0]
        world.answer(task, actor.person_id)


def _to_next_job(world: World) -> None:
    with world.page() as tx:
        due = jobs.next_due(tx)
    if due is not None:
        world.clock.move_to(max(due, world.now))
        world.run_jobs()


def test_the_days_of_the_test_are_swedish() -> None:
    assert at("2026-01-01", 0).isoformat() == "2025-12-31T23:00:00+00:00"


def test_there_are_packages() -> None:
    assert "annual_plan" in PACKAGES
    assert Path(WORKFLOWS / "roles.toml").is_file()
