"""No accessibility fault on any page that any role may open (WCAG 2.2 AA and best practice).

On a phone, on a desktop, with text at 200 %, in dark colours, in the reader's own, in English. Forms that are refused,
looks at what would happen, lists of a thousand rows and an empty installation are in test_axe_states.py; every form
of the annual plan, its errors and its receipt in test_whole_cycle.py.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright
from support import looking, wandering
from support.served import Served

pytestmark = pytest.mark.browser

ROLES = {
    "nobody": None,
    "manager of three units": ("chef-sv-1-1", 0),
    "head of an area": ("chef-sv", 0),
    "developer": ("vu-sv-1", 0),
    "HR strategist": ("hr_strateg", 0),
    "head of HR": ("hr_chef", 0),
    "secretary of the bodies": ("rd_ledningsgrupp", 1),
    "communicator": ("kommunikation", 0),
    "auditor": ("revisor", 0),
    "administrator": ("systemadministrator", 0),
}
"""Someone who has the role: position and place among its holders."""


IN_OTHER_WAYS = ("nobody", "manager of three units", "HR strategist", "auditor", "administrator")
"""Between them they come to every page."""

NO_LINK_YET = {
    "personal.calendar_file": "a file behind an address that each person makes",
    "cockpit.embedded_wheel": "behind an address that HR makes; looked at in test_embedded_wheel.py",
    "cockpit.embedded_picture": "the same",
    "audit.cancel_verification": "while a check is under way; looked at in test_axe_states.py",
}
"""Routes that nothing in the demo's state links to, and why."""


def test_every_route_that_answers_get_is_reached_by_links_by_some_role(full: Served, playwright: Playwright) -> None:
    visited = set()
    for who in ROLES.values():
        request = playwright.request.new_context()
        wandering.sign_in(request, full, who)
        visited |= {found.endpoint for found in wandering.wander(request, full)}
        request.dispose()
    assert wandering.routes(full.app) - visited == set(NO_LINK_YET)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_the_role_has_a_fault(role: str, full: Served, context: BrowserContext) -> None:
    found: list[str] = []
    for path, page in pages(role, full, context):
        found += looking.faults(page, f"{role} {path}")
        found += looking.faults_in_larger_text(page, f"{role} {path}")
        page.set_viewport_size({"width": looking.NARROW, "height": 900})
        found += looking.faults(page, f"{role} {path}", looking.OF_WIDTH)
        page.set_viewport_size({"width": looking.WIDE, "height": 900})
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("role", IN_OTHER_WAYS)
def test_no_page_has_a_fault_in_english_in_dark_or_in_the_readers_colours(
    role: str, full: Served, context: BrowserContext
) -> None:
    found: list[str] = []
    for path, page in pages(role, full, context, "English"):  # here every rule on a phone, above on a desktop
        page.set_viewport_size({"width": looking.NARROW, "height": 900})
        found += looking.faults(page, f"English {role} {path}")
        found += looking.faults_in_other_colours(page, f"{role} {path}")
    assert not found, "\n".join(found)


def pages(role: str, full: Served, context: BrowserContext, language: str = "Svenska") -> Iterator[tuple[str, Page]]:
    """Each page of the role, open in the browser; those that are alike for all are looked at as nobody."""
    page = context.new_page()
    page.set_viewport_size({"width": looking.WIDE, "height": 900})
    wandering.sign_in(context.request, full, ROLES[role])
    speak(page, full, language)
    for place in wandering.wander(context.request, full):
        alike = place.endpoint.startswith(("demo.", "pages.")) and role != "nobody"
        if place.is_page and not alike:
            page.goto(full.url + place.path)
            yield place.path, page
    speak(page, full, "Svenska")


def speak(page: Page, full: Served, language: str) -> None:
    """The language that is chosen is kept for the person, also for the next test."""
    page.goto(full.url + "/accessibility")
    if page.get_by_role("button", name=language).count():
        page.get_by_role("button", name=language).click()
