"""Worlds in which processes are played: what is saved of them is whole in the end, and their history verifies."""

from collections.abc import Iterator

import pytest
from support.stages import WorldAt
from support.world import World


@pytest.fixture
def world_at(world_at: WorldAt) -> Iterator[WorldAt]:
    """Each world that a test has used is whole in the end."""
    worlds: list[World] = []

    def at_stage(stage: str) -> World:
        worlds.append(world_at(stage))
        return worlds[-1]

    yield at_stage
    for world in worlds:
        _is_whole(world)


@pytest.fixture
def fresh(database_url: str) -> Iterator[World]:
    """A region in which nothing has begun, once on SQLite and once on PostgreSQL."""
    world = World(database_url)
    yield world
    try:
        _is_whole(world)
    finally:
        world.close()


def _is_whole(world: World) -> None:
    world.ensure_saved_whole()
    world.verify_history()
