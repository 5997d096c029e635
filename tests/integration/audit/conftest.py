"""The auditor's room on a plan that has been played: stages of the annual plan, served to test browsers."""

from collections.abc import Callable

import pytest
from support.browsing import Browser, accounts_for, pages
from support.world import World

Reader = Callable[[World, str], Browser]


@pytest.fixture
def reader() -> Reader:
    """A browser at that world's pages, signed in as the person."""

    def begin(world: World, person: str = "revi") -> Browser:
        accounts_for(world, person)
        app = pages(world, demo=True)
        app.testing = True
        browser = Browser(app.test_client())
        browser.get("/demo")
        browser.post("/demo/sign-in", person=person)
        assert browser.status == 302, browser.page
        return browser

    return begin
