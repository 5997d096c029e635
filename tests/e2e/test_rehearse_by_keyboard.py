"""HR rehearses a plan year by keyboard alone, on a narrow screen; axe finds nothing on the pages on the way."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support import looking, wandering
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOCUSED = """() => {
    const at = document.activeElement;
    return [at.id, at.innerText || '', ...(at.labels ? [...at.labels].map((label) => label.innerText) : [])];
}"""


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element with that text, label or id has focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if any(wanted == text.strip() for text in page.evaluate(FOCUSED)):
            return
    raise AssertionError(wanted)


def ensure_whole(page: Page, name: str) -> None:
    assert looking.faults(page, name) == []


def test_a_plan_year_is_rehearsed_by_keyboard(lively: Served, context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": looking.NARROW, "height": 800})
    wandering.sign_in(context.request, lively, ("hr_strateg", 0))
    page.goto(lively.url + "/cycles")
    tab_to(page, "Repetera ett planår")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Repetera")
    tab_to(page, "plan_year")
    page.keyboard.press("Control+a")
    page.keyboard.type("2032")
    tab_to(page, "Den som finns i dag")
    page.keyboard.press("ArrowDown")
    tab_to(page, "managers")
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("från 12 till 2000")
    ensure_whole(page, "rehearsal refused")
    tab_to(page, "Skriv antalet chefer som ett tal från 12 till 2000.")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("14")
    tab_to(page, "En ledningsgrupp lämnar tillbaka förslaget")
    page.keyboard.press("Space")
    tab_to(page, "Repetera")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("planår 2032"))
    ensure_whole(page, "rehearsal waiting")
    expect(page.get_by_role("heading", name="Toppar")).to_be_visible(timeout=120_000)
    ensure_whole(page, "rehearsal done")
    tab_to(page, "Räkna per")
    page.keyboard.type("Dag")
    tab_to(page, "Visa")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Dag", exact=True)).to_be_visible()
    ensure_whole(page, "rehearsal by day")
    tab_to(page, "Ta bort repetitionen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Repetitionen är borttagen")


def test_without_javascript_the_page_loads_itself_until_it_is_done(lively: Served, context: BrowserContext) -> None:
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    wandering.sign_in(plain.request, lively, ("hr_chef", 0))
    page.goto(lively.url + "/rehearsals")
    page.get_by_label("En påhittad region").check()
    page.get_by_label("Antal chefer").fill("12")
    page.get_by_role("button", name="Repetera").click()
    expect(page.get_by_role("heading", name="Toppar")).to_be_visible(timeout=120_000)
    plain.close()
