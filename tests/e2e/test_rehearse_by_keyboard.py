"""HR rehearses a plan year by keyboard alone, on a narrow screen; axe finds nothing on the pages on the way."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support import wandering
from support.keyboard import choose_next, come, ensure_whole, pick, press, tick, write
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_plan_year_is_rehearsed_by_keyboard(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, "Repetera ett planår", "Repetera")
    write(keys, "plan_year", "2032")
    choose_next(keys, "Den som finns i dag")
    write(keys, "managers", "1")
    keys.keyboard.press("Enter")
    expect(keys.get_by_role("alert")).to_contain_text("från 12 till 2000")
    ensure_whole(keys, "rehearsal refused")
    press(keys, "Skriv antalet chefer som ett tal från 12 till 2000.")
    keys.keyboard.press("ControlOrMeta+a")
    keys.keyboard.type("14")
    tick(keys, "En ledningsgrupp lämnar tillbaka förslaget")
    press(keys, "Repetera")
    expect(keys.get_by_role("heading", level=1)).to_have_text(re.compile("planår 2032"))
    ensure_whole(keys, "rehearsal waiting")
    expect(keys.get_by_role("heading", name="Toppar")).to_be_visible(timeout=120_000)
    ensure_whole(keys, "rehearsal done")
    pick(keys, "Räkna per", "Dag")
    press(keys, "Visa")
    expect(keys.get_by_role("columnheader", name="Dag", exact=True)).to_be_visible()
    ensure_whole(keys, "rehearsal by day")
    press(keys, "Ta bort repetitionen")
    expect(keys.get_by_role("main")).to_contain_text("Repetitionen är borttagen")


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
