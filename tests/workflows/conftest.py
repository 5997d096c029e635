"""Worlds at a stage of the annual plan; each test gets a file of its own, and its history must verify in the end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import stages
from support.stages import WorldAt
from support.world import World


@pytest.fixture(scope="session")
def stage_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "stages"


@pytest.fixture
def world_at(stage_folder: Path, tmp_path: Path) -> Iterator[WorldAt]:
    """The region on the day when a stage of plan year 2027 begins."""
    worlds: list[World] = []

    def at_stage(stage: str) -> World:
        played = stages.file_at(stage, stage_folder)
        own = tmp_path / "arshjul.db"
        shutil.copy(played, own)
        shutil.copy(played.with_suffix(".day"), own.with_suffix(".day"))
        worlds.append(stages.opened(own))
        return worlds[-1]

    yield at_stage
    for world in worlds:
        _end(world)


@pytest.fixture
def fresh(database_url: str) -> Iterator[World]:
    """A region in which nothing has begun, once on SQLite and once on PostgreSQL."""
    world = World(database_url)
    yield world
    _end(world)


def _end(world: World) -> None:
    try:
        world.ensure_saved_whole()
        world.verify_history()
    finally:
        world.close()
