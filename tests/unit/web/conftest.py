"""The pages on an invented region: a browser's requests without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from support.browsing import PASSWORD, Browser, Client
from support.world import World

from engine import accounts
from web import WebConfig, create_app


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """22 November 2026: the collection for 2028 is open, every manager has a row."""
    folder: Path = tmp_path_factory.mktemp("web")
    world = World(f"sqlite:///{folder / 'web.db'}", today="2026-11-02")
    world.start(2028)
    world.go_to("2026-11-22")
    accounts_for(world, "tora", "rut", "hr", "hans", "revi")
    yield world
    world.close()


def accounts_for(world: World, *people: str) -> None:
    with world.database.verb() as tx:
        accounts.create_invented(tx, {person: person for person in people}, PASSWORD)


@pytest.fixture(scope="module")
def app(collecting: World) -> Flask:
    config = WebConfig("a secret of the tests", sign_in_limit="1000 per minute")
    made = create_app(collecting.database, collecting.clock, config)
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def browse(app: Flask) -> Client:
    """A browser, signed in as that person or, with None, as nobody."""

    def begin(person: str | None = None) -> Browser:
        browser = Browser(app.test_client())
        if person is not None:
            browser.get("/sign-in")
            browser.post("/sign-in", username=person, password=PASSWORD)
            assert browser.status == 302, browser.page
        return browser

    return begin
