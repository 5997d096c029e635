"""The pages on an invented region: a browser's requests without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from support.browsing import Browser, Client, accounts_for, pages, sign_in
from support.stages import in_november
from support.world import World


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """22 November 2026: the collection for 2028 is open, every manager has a row."""
    folder: Path = tmp_path_factory.mktemp("web")
    world = in_november(f"sqlite:///{folder / 'web.db'}")
    accounts_for(world, "tora", "rut", "hr", "hans", "revi")
    yield world
    world.close()


@pytest.fixture(scope="module")
def app(collecting: World) -> Flask:
    return pages(collecting)


@pytest.fixture
def browse(app: Flask) -> Client:
    """A browser, signed in as that person or, with None, as nobody."""

    def begin(person: str | None = None) -> Browser:
        return Browser(app.test_client()) if person is None else sign_in(app, person)

    return begin
