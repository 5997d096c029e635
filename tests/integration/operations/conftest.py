"""Plan year 2028 in November 2026: every manager is asked for needs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.stages import in_november
from support.world import World

from engine import history


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = in_november(database_url)
    yield world
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


@pytest.fixture
def hr(world: World) -> Callable[..., Any]:
    """HR does a verb now, in a transaction of its own; then what is due is done."""

    def do(verb: Callable[..., Any], *args: Any, by: str = "hr", **more: Any) -> Any:
        actor = world.person(by)
        with world.database.verb() as tx:
            given = verb(tx, *args, by=actor, now=world.now, **more)
        world.run_jobs()
        return given

    return do


@pytest.fixture
def before(world: World) -> Callable[..., list[str]]:
    """The Swedish sentences of a preview."""

    def look(preview: Callable[..., Any], *args: Any, by: str = "hr") -> list[str]:
        actor = world.person(by)
        with world.page() as tx:
            shown = preview(tx, *args, by=actor, now=world.now)
        assert all(text.en for text in shown.sentences)
        return [text.sv for text in shown.sentences]

    return look
