"""The auditor's room on a plan that has been played: stages of the annual plan, served to test browsers."""

from collections.abc import Callable

import pytest
from support.browsing import PASSWORD, Browser
from support.world import World

from engine import accounts
from web import WebConfig, create_app

Reader = Callable[[World, str], Browser]


@pytest.fixture
def reader() -> Reader:
    """A browser at that world's pages, signed in as the person."""

    def begin(world: World, person: str = "revi") -> Browser:
        with world.database.verb() as tx:
            accounts.create_invented(tx, {person: person}, PASSWORD)
        config = WebConfig("a secret of the tests", sign_in_limit="1000 per minute", demo=True)
        app = create_app(world.database, world.clock, config)
        app.testing = True
        browser = Browser(app.test_client())
        browser.get("/demo")
        browser.post("/demo/sign-in", person=person)
        assert browser.status == 302, browser.page
        return browser

    return begin
