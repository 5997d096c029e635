"""No accessibility fault that axe finds on any page that any role may open (WCAG 2.2 AA and best practice).

Every form of the annual plan, its errors and its receipt are looked at in test_whole_cycle.py.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Playwright
from support import development, looking, wandering
from support.newer import changed_everywhere
from support.served import TODAY, Served
from support.visitor import Visitor

from arshjul.composition import WORKFLOWS
from engine import attachments, bulk, deployments, history, identity, incidents, rehearsing
from engine.actor import SYSTEM, Actor
from engine.operations import deploying, pausing
from engine.rehearsing import Wanted
from engine.store.tables import instance, user_task

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


NO_LINK_YET = {
    "personal.calendar_file": "a file behind an address that each person makes",
    "cockpit.embedded_wheel": "behind an address that HR makes; looked at in test_embedded_wheel.py",
    "cockpit.embedded_picture": "the same",
}
"""Routes that nothing in the demo's state links to, and why."""


@pytest.fixture(scope="module")
def demo(lively: Served) -> Served:
    """With a file, tasks taken at once, a fault, a paused cycle, a newer version and rehearsals, so that pages show."""
    with ThreadPoolExecutor(1) as elsewhere:  # V8 does not run in the thread of the browser's own loop
        elsewhere.submit(_more_to_see, lively).result()
    return lively


def _more_to_see(lively: Served) -> None:
    with lively.database.verb() as tx:
        giver = identity.person(tx, lively.region.holders("chef-sv-1-1")[0])
        mine = sa.select(user_task.c.id).where(user_task.c.position_id == "chef-sv-1-1", user_task.c.state == "open")
        limits, by = attachments.Limits(), Actor(giver.id, giver.name)
        file = attachments.File("underlag.txt", b"Underlag")
        several = bulk.begin(tx, "claim", [tx.scalar(mine)], by=by, now=TODAY)
        bulk.start(tx, several, bulk.Order(), by=by, now=TODAY)
        for task_id in bulk.waiting(tx, several, by, 1):
            bulk.carry_out(tx, several, task_id, by=by, now=TODAY)
        attachments.add(tx, tx.scalar(mine), [file], limits=limits, by=by, now=TODAY)
    newer = deployments.read_folder(WORKFLOWS / "annual_plan") | {"README.md": b"# Newer\n"}
    hr = Actor(lively.region.holders("hr_strateg")[0], "HR")
    with lively.database.verb() as tx:
        first = tx.scalar(sa.select(instance.c.id).where(instance.c.state == "active"))
        words = {"kind": "diagram_no_way_out", "message": "BpmnError: no way out", "element_id": "gw_review_needed"}
        incidents.raise_incident(tx, **words, now=TODAY, instance_id=first)
        pausing.suspend(tx, first, reason="omorganisation", by=SYSTEM, now=TODAY)
        deployments.deploy(tx, "annual_plan", newer, by=SYSTEM, now=TODAY)
        development.many_at_once(tx, TODAY)
        deploying.stage(tx, "annual_plan", changed_everywhere(newer), file_name="new.zip", by=hr, now=TODAY)
        history.checkpoint(tx, TODAY)
    _rehearsed(lively)


def _rehearsed(lively: Served) -> None:
    """One rehearsal of HR's that could not be played, and one that was: the demo's own poller plays it."""
    strategist = lively.region.holders("hr_strateg")[0]
    asker = Actor(strategist, "HR")
    with lively.database.verb() as tx:
        rehearsing.ask(tx, Wanted("annual_plan", 2031, managers=12), by=asker, now=TODAY)
        claimed = rehearsing.claim(tx)
        assert claimed is not None
        rehearsing.fail(tx, claimed, "too_long")
        rehearsing.ask(tx, Wanted("annual_plan", 2030, assumed=("review_sent_back",)), by=asker, now=TODAY)
    while True:
        with lively.database.page() as tx:
            if not rehearsing.waiting(tx):
                return
        time.sleep(0.5)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="sv-SE", reduced_motion="reduce")
    yield made
    made.close()


def test_every_route_that_answers_get_is_reached_by_links_by_some_role(demo: Served, playwright: Playwright) -> None:
    visited = set()
    for who in ROLES.values():
        request = playwright.request.new_context()
        wandering.sign_in(request, demo, who)
        visited |= {found.endpoint for found in wandering.wander(request, demo)}
        request.dispose()
    assert wandering.routes(demo.app) - visited == set(NO_LINK_YET)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_the_role_has_a_fault(role: str, demo: Served, context: BrowserContext) -> None:
    page = context.new_page()
    wandering.sign_in(context.request, demo, ROLES[role])
    found: list[str] = []
    for place in wandering.wander(context.request, demo):
        alike = place.endpoint.startswith(("demo.", "pages.")) and role != "nobody"
        if place.is_page and not alike:
            page.goto(demo.url + place.path)
            found += looking.faults_at_both_widths(page, f"{role} {place.path}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("colours", ["dark", "forced"])
def test_the_main_pages_have_no_fault_in_other_colours(colours: str, demo: Served, browser: Browser) -> None:
    dark = {"color_scheme": "dark"} if colours == "dark" else {"forced_colors": "active"}
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce", **dark)  # type: ignore[arg-type]
    page = context.new_page()
    wandering.sign_in(context.request, demo, ROLES["HR strategist"])
    found: list[str] = []
    for path in ("/", "/cycles", "/cycles/1", "/history/1", "/organisation", "/demo", "/start"):
        page.goto(demo.url + path)
        found += looking.faults(page, f"{colours} {path}")
    wandering.sign_in(context.request, demo, ROLES["head of an area"])
    Visitor(page, demo).open_task("Lämna utbildningsbehov")
    found += looking.faults(page, f"{colours} form")
    context.close()
    assert not found, "\n".join(found)


def test_pages_have_no_fault_in_english(demo: Served, context: BrowserContext) -> None:
    page = context.new_page()
    wandering.sign_in(context.request, demo, ROLES["HR strategist"])
    page.goto(demo.url)
    page.get_by_role("button", name="English").click()
    found: list[str] = []
    for path in ("/", "/cycles", "/cycles/1", "/history/1", "/organisation", "/start", "/accessibility"):
        page.goto(demo.url + path)
        found += looking.faults_at_both_widths(page, f"English {path}")
    assert not found, "\n".join(found)
