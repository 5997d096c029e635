"""The pages as an attacker meets them: the invented region, with nobody's help from the tests' own conveniences."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from support.browsing import PASSWORD, Browser, Client
from support.world import World

from engine import accounts
from web import WebConfig, create_app


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """22 November 2026: the collection for 2028 is open."""
    made = World(f"sqlite:///{tmp_path_factory.mktemp('security') / 'web.db'}", today="2026-11-02")
    made.start(2028)
    made.go_to("2026-11-22")
    with made.database.verb() as tx:
        accounts.create_invented(tx, {person: person for person in ("tora", "hr", "rut")}, PASSWORD)
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    made = create_app(world.database, world.clock, WebConfig("a secret of the tests", sign_in_limit="1000 per minute"))
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def browse(app: Flask) -> Client:
    """A browser signed in as that person, with a page of theirs open; with None as nobody."""

    def begin(person: str | None = None) -> Browser:
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        if person is not None:
            browser.post("/sign-in", username=person, password=PASSWORD)
            assert browser.status == 302, browser.page
            browser.get("/accessibility")
        return browser

    return begin


@pytest.fixture
def token() -> Callable[[Browser], str]:
    """The forgery token of the page that is open."""

    def found(browser: Browser) -> str:
        return browser.page.partition('name="csrf_token" value="')[2].partition('"')[0]

    return found


@pytest.fixture
def task_id(world: World) -> int:
    """Tora's open task, whose form has a list of rows."""
    return int(world.inbox("tora").open[0].rows[0].task_id)
