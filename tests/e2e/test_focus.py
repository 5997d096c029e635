"""Where the keyboard's focus is can be seen on every page, on a phone's width: marked, not covered, in order."""

import pytest
from playwright.sync_api import BrowserContext
from support import looking, wandering
from support.keyboard import stops_unseen
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = {"manager": ("chef-sv-1-1", 0), "HR strategist": ("hr_strateg", 0), "auditor": ("revisor", 0)}


@pytest.mark.parametrize("role", ROLES)
def test_the_focus_is_seen_on_every_page_of_the_role(role: str, lively: Served, context: BrowserContext) -> None:
    wandering.sign_in(context.request, lively, ROLES[role])
    page = context.new_page()
    page.set_viewport_size({"width": looking.NARROW, "height": 700})
    found: list[str] = []
    for place in wandering.wander(context.request, lively):
        if place.is_page:
            page.goto(lively.url + place.path)
            found += stops_unseen(page)
    assert not found, "\n".join(found)
