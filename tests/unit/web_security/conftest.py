"""The pages as an attacker meets them: the invented region, with nobody's help from the tests' own conveniences."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from support.browsing import Browser, Client, accounts_for, pages, sign_in
from support.stages import in_november
from support.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """22 November 2026: the collection for 2028 is open."""
    made = in_november(f"sqlite:///{tmp_path_factory.mktemp('security') / 'web.db'}")
    accounts_for(made, "tora", "hr", "rut")
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    return pages(world)


@pytest.fixture
def browse(app: Flask) -> Client:
    """A browser signed in as that person, with a page of theirs open; with None as nobody."""

    def begin(person: str | None = None) -> Browser:
        browser = Browser(app.test_client()) if person is None else sign_in(app, person)
        browser.get("/sign-in" if person is None else "/accessibility")
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
